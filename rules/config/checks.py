"""What must hold between the entries of a configuration, beyond the type of each.

Each check takes the whole `Config` and yields findings.
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rules.config.conditions import ExampleFacts, Expected, TextTest, conditions_in
from rules.config.outgoing import TEMPLATE_WORDS
from rules.config.settings import FILLED, Config
from rules.config.yaml_text import Path, brief, quoted
from rules.reading.words import fold
from words import _

MOST_WORDS = 40
"""More are not worth listing in a message."""


class Finding(NamedTuple):
    """One thing wrong with the entry at *path*.

    other: a second entry of which the same is true; cause: the entry that made the first one
    wrong. Where only one of them stands in her file, that is where she looks.
    """

    path: Path
    message: str
    other: Path = ()
    cause: Path = ()


def check(config: Config) -> Iterator[Finding]:
    """Everything that contradicts itself in *config*."""
    yield from _names_in_conditions(config)
    yield from _headings_differ(config)
    yield from _sheets_differ(config)
    yield from _mail(config)
    yield from _greetings(config)
    yield from _examples(config)
    for room in config.rooms:
        if room.checks is not None:
            yield from room.checks(config)


def _names_in_conditions(config: Config) -> Iterator[Finding]:
    words, causes = config.decided_words(), _causes(config)
    for path, when in conditions_in(config):
        for fact, known in words.items():
            cause = causes[fact]
            test = getattr(when, fact, None)
            if isinstance(test, TextTest):
                if test.is_ is not None:
                    yield from known_words((*path, fact, "is"), [test.is_], known, cause)
                yield from known_words((*path, fact, "in"), test.in_ or (), known, cause)


def known_words(
    path: Path, words: Iterable[str], known: Sequence[str], cause: str
) -> Iterator[Finding]:
    """Complains about those of *words* that aren't among the *known* names, set under *cause*."""
    folded = {fold(name) for name in known}
    unknown = [word for word in words if fold(word) not in folded]
    if unknown:
        found = _("no such name: {names}; known: {known}").format(
            names=listed(f"{quoted(word)}{near(word, known)}" for word in unknown),
            known=listed(map(quoted, known)),
        )
        yield Finding(path, found, cause=(cause,))


def same_words(path: Path, words: Iterable[str]) -> Iterator[Finding]:
    """Complains about those of *words* that are compared as one above them."""
    given: dict[str, str] = {}
    for word in words:
        other = given.setdefault(fold(word), word)
        if other != word:
            found = _("the same word as '{word}'; keep one of them").format(word=brief(other))
            yield Finding((*path, word), found)


def _causes(config: Config) -> dict[str, str]:
    """Where the words of each decided column are set."""
    return {key: str(one.rule[0]) for key, one in config.rooms.columns.items() if one.rule}


def listed(words: Iterable[str]) -> str:
    """*words* with commas between them; of very many only the first."""
    shown = list(islice(words, MOST_WORDS + 1))
    return ", ".join([*shown[:MOST_WORDS], "…"] if len(shown) > MOST_WORDS else shown)


def near(word: str, allowed: Iterable[str]) -> str:
    """' (did you mean …?)' when one of *allowed* is spelt nearly like *word*, else ''."""
    names = {fold(name): name for name in allowed}
    close = difflib.get_close_matches(fold(word), names, n=1, cutoff=0.6)
    return " " + _("(did you mean '{word}'?)").format(word=names[close[0]]) if close else ""


def _headings_differ(config: Config) -> Iterator[Finding]:
    clients = config.rooms.clients.key
    for table in dict(config.columns):
        tables = (clients, FILLED) if table == FILLED else (table,)
        given: dict[str, Path] = {}
        for where in tables:
            for key, headings in config.headings(where).items():
                for heading in headings:
                    path = ("columns", where, key)
                    other = given.setdefault(fold(heading), path)
                    is_own_key = {key, other[-1]} == {"id", "name"}  # the name may be the key
                    if other != path and where == table and not is_own_key:
                        found = _(
                            "the heading '{heading}' is given to both '{first}' and '{second}'; "
                            "each needs its own"
                        ).format(heading=brief(heading), first=other[-1], second=key)
                        yield Finding(path, found, other)


def _sheets_differ(config: Config) -> Iterator[Finding]:
    given: dict[str, str] = {}
    for key, name in dict(config.sheets).items():
        other = given.setdefault(fold(name), key)
        if other != key:
            found = _(
                "the sheet '{sheet}' is given to both '{first}' and '{second}'; each needs its own"
            ).format(sheet=brief(name), first=other, second=key)
            yield Finding(("sheets", key), found, ("sheets", other))


def _mail(config: Config) -> Iterator[Finding]:
    mail = config.nightly.mail
    where: Path = ("nightly", "mail")
    if mail.to:
        for key, value in (("from", mail.from_), ("server", mail.server)):
            if not value:
                found = _("'{key}' is needed for mail, and mail is wanted ('to' is filled)")
                yield Finding((*where, key), found.format(key=key), (*where, "to"))
    is_here = mail.server in {"localhost", "127.0.0.1", "::1"}
    if mail.user and mail.security == "none" and not is_here:
        found = _("the password would be readable for everyone on its way; use starttls or ssl")
        yield Finding((*where, "security"), found, (*where, "user"))


def _examples(config: Config) -> Iterator[Finding]:
    words, causes = config.decided_words(), _causes(config)
    for number, example in enumerate(config.examples):
        path: Path = ("examples", number)
        for key, block in (("expect", example.expect), ("facts", example.facts)):
            for fact, known in words.items():
                word = getattr(block, fact, None)
                if word is not None:
                    cause = causes[fact]
                    yield from known_words((*path, key, fact), [word], known, cause)
        if example.facts is not None:
            if example.facts.contradicts_itself:
                found = _("it says bought: no, and yet tells of a purchase; drop one of them")
                yield Finding((*path, "facts", "bought"), found)
            yield from _decidable(example.facts, example.expect, (*path, "expect"))


def _decidable(facts: ExampleFacts, expect: Expected, path: Path) -> Iterator[Finding]:
    """Complains about what facts alone don't decide."""
    for column in ("abc", "xyz"):
        if getattr(expect, column) is not None:
            found = _(
                "facts alone don't decide a class: name a client of the workbook under 'client'"
            )
            yield Finding((*path, column), found)
    both = facts.first_purchase is not None and facts.last_purchase is not None
    if expect.stage is not None and not both and facts.has_bought is not False:
        found = _("a stage takes first_purchase and last_purchase, or bought: no, under 'facts'")
        yield Finding((*path, "stage"), found)
    if expect.folder is not None and facts.last_purchase is None:
        yield Finding((*path, "folder"), _("a folder takes last_purchase under 'facts'"))


def _greetings(config: Config) -> Iterator[Finding]:
    rule, path = config.export.sms, ("export", "sms")
    for occasion, text in rule.templates.items():
        yield from _words_in_braces((*path, "templates", occasion), text, TEMPLATE_WORDS)
    yield from _words_in_braces((*path, "other"), rule.other, TEMPLATE_WORDS)


def _words_in_braces(path: Path, text: str, allowed: frozenset[str]) -> Iterator[Finding]:
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        yield Finding(path, _("a brace { or } stands alone; they come in pairs"))
        return
    # {found:d} and {found!r} are Python's own, and could fail in the middle of a run
    used = {
        f"{word}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
        for _text, word, form, conversion in fields
        if word is not None
    }
    for word in sorted(used - allowed):
        known = ", ".join(f"{{{word}}}" for word in sorted(allowed)) or _("none")
        found = _("unknown word in braces {word}; allowed here: {known}")
        yield Finding(path, found.format(word=f"{{{brief(word)}}}", known=known))
