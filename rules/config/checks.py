"""What must hold between the entries of a configuration, beyond the type of each.

Each check takes the whole `Config` and yields findings.
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rules.config.conditions import ExampleFacts, TextTest, conditions_in
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
    wrong. Where only one of them stands in her file, that is where she looks. names: those that
    nobody has.
    """

    path: Path
    message: str
    other: Path = ()
    cause: Path = ()
    names: tuple[str, ...] = ()


def check(config: Config) -> Iterator[Finding]:
    """Everything that contradicts itself in *config*."""
    yield from _names_in_conditions(config)
    yield from _rooms(config)
    yield from _headings_differ(config)
    yield from _sheets_differ(config)
    yield from _mail(config)
    yield from _greetings(config)
    yield from _examples(config)
    for room in config.rooms:
        if room.checks is not None:
            yield from room.checks(config)


def _rooms(config: Config) -> Iterator[Finding]:
    extra = config.rooms.extra
    named = [key for key, room in extra.items() if room.is_named]
    yield from known_words(("rooms",), config.rooms_on, named)
    yield from known_words(("rooms_off",), config.rooms_off, list(extra))


def _names_in_conditions(config: Config) -> Iterator[Finding]:
    decided = _decided(config)
    for path, when in conditions_in(config):
        for fact, known, cause in decided:
            test = getattr(when, fact, None)
            if isinstance(test, TextTest):
                if test.is_ is not None:
                    yield from known_words((*path, fact, "is"), [test.is_], known, cause)
                yield from known_words((*path, fact, "in"), test.in_ or (), known, cause)


def known_words(
    path: Path, words: Iterable[str], known: Sequence[str], cause: str = ""
) -> Iterator[Finding]:
    """Complains about those of *words* that aren't among the *known* names, set under *cause*."""
    folded = {fold(name) for name in known}
    unknown = [word for word in words if fold(word) not in folded]
    if unknown:
        found = _("no such name: {names}; known: {known}").format(
            names=listed(f"{quoted(word)}{near(word, known)}" for word in unknown),
            known=listed(map(quoted, known)),
        )
        yield Finding(path, found, cause=(cause,) if cause else (), names=tuple(unknown))


def same_words(path: Path, words: Iterable[str]) -> Iterator[Finding]:
    """Complains about those of *words* that are compared as one above them."""
    given: dict[str, str] = {}
    for word in words:
        other = given.setdefault(fold(word), word)
        if other != word:
            found = _("the same word as '{word}'; keep one of them").format(word=brief(other))
            yield Finding((*path, word), found)


def _decided(config: Config) -> list[tuple[str, list[str], str]]:
    """The decided columns, the words that each may hold, and where those are set."""
    columns = config.rooms.columns
    return [
        (key, words, str(columns[key].rule[0])) for key, words in config.decided_words().items()
    ]


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
    sentence = _(
        "the heading '{heading}' is given to both '{first}' and '{second}'; each needs its own"
    )
    clients = config.rooms.clients.key
    for table in dict(config.columns):
        given = [
            (heading, ("columns", where, key))
            for where in ((clients, FILLED) if table == FILLED else (table,))
            for key, headings in config.headings(where).items()
            for heading in headings
        ]
        for heading, path, other in _given_twice(given):
            first, second = other[-1], path[-1]
            is_own_key = {first, second} == {"id", "name"}  # the name may be the key
            if path[1] == table and not is_own_key:
                found = sentence.format(heading=brief(heading), first=first, second=second)
                yield Finding(path, found, other)


def _sheets_differ(config: Config) -> Iterator[Finding]:
    sentence = _(
        "the sheet '{sheet}' is given to both '{first}' and '{second}'; each needs its own"
    )
    given = [(name, ("sheets", key)) for key, name in dict(config.sheets).items()]
    for name, path, other in _given_twice(given):
        found = sentence.format(sheet=brief(name), first=other[-1], second=path[-1])
        yield Finding(path, found, other)


def _given_twice(given: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, Path, Path]]:
    """The words that were given to another entry before: each with both entries, its own first."""
    entries: dict[str, Path] = {}
    for word, path in given:
        other = entries.setdefault(fold(word), path)
        if other != path:
            yield word, path, other


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
    decided = _decided(config)
    for number, example in enumerate(config.examples):
        path: Path = ("examples", number)
        for key, block in (("expect", example.expect), ("facts", example.facts)):
            for fact, known, cause in decided:
                word = getattr(block, fact, None)
                if word is not None:
                    yield from known_words((*path, key, fact), [word], known, cause)
        if example.facts is not None and example.facts.contradicts_itself:
            found = _("it says bought: no, and yet tells of a purchase; drop one of them")
            yield Finding((*path, "facts", "bought"), found)


def undecided(
    config: Config, column: str, decide: Callable[[ExampleFacts], bool], sentence: str
) -> Iterator[Finding]:
    """Complains about examples of facts that don't *decide* the *column* which they expect."""
    for number, example in enumerate(config.examples):
        facts, is_expected = example.facts, column in example.expect.given()
        if facts is not None and is_expected and not decide(facts):
            yield Finding(("examples", number, "expect", column), sentence)


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
