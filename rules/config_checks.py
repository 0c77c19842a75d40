"""What must hold between the entries of a configuration, beyond the type of each.

Each check takes the whole `Config` and yields the path of the entry and a sentence.
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Iterable, Iterator, Sequence

from rules.reach import unreachable
from rules.settings import (
    MESSAGE_WORDS,
    Config,
    Model,
    Rhythm,
    TextTest,
    When,
)
from rules.words import fold
from rules.yaml_text import Path

Finding = tuple[Path, str]


def check(config: Config) -> Iterator[Finding]:
    """Everything that contradicts itself in *config*."""
    yield from _names_in_conditions(config)
    yield from _named_in_lists(config)
    yield from _group_rules(config)
    yield from _headings_differ(config)
    yield from _sheets_differ(config)
    yield from _kinds(config)
    yield from _messages(config)


def _names_in_conditions(config: Config) -> Iterator[Finding]:
    groups = config.group_names()
    names: dict[str, Sequence[str]] = {
        "group": groups,
        "abc": config.abc.names,
        "xyz": config.xyz.names,
        "stage": list(dict(config.stage.names).values()),
        "folder": list(dict(config.folder.names).values()),
    }
    for path, when in _conditions(config, ()):
        for fact, known in names.items():
            test = getattr(when, fact)
            if isinstance(test, TextTest):
                words = [("is", test.is_)] if test.is_ is not None else []
                words += [("in", word) for word in test.in_ or ()]
                for key, word in words:
                    yield from _known((*path, fact, key), word, known)


def _named_in_lists(config: Config) -> Iterator[Finding]:
    groups = config.group_names()
    for number, rule in enumerate(config.contacts.rules):
        if isinstance(rule, Rhythm):
            for name in rule.months:
                yield from _known(("contacts", "rules", number, "months", name), name, groups)
    occasions = [occasion.name for occasion in config.gifts.occasions]
    for number, item in enumerate(config.gifts.list):
        for word in item.groups or ():
            yield from _known(("gifts", "list", number, "groups"), word, groups)
        for word in item.occasions or ():
            yield from _known(("gifts", "list", number, "occasions"), word, occasions)


def _known(path: Path, word: str, known: Iterable[str]) -> Iterator[Finding]:
    by_fold = {fold(name): name for name in known}
    if fold(word) in by_fold:
        return
    close = difflib.get_close_matches(fold(word), by_fold, n=1, cutoff=0.5)
    hint = f" (did you mean '{by_fold[close[0]]}'?)" if close else ""
    yield path, f"no such name: '{word}'{hint}; known: {', '.join(by_fold.values())}"


def _conditions(node: object, path: Path) -> Iterator[tuple[Path, When]]:
    """Every condition anywhere in the configuration, with its path in the file."""
    if isinstance(node, When):
        yield path, node
    if isinstance(node, Model):
        for name, field in type(node).model_fields.items():
            yield from _conditions(getattr(node, name), (*path, field.alias or name))
    elif isinstance(node, tuple):
        for number, item in enumerate(node):
            yield from _conditions(item, (*path, number))


def _group_rules(config: Config) -> Iterator[Finding]:
    for path, when in _conditions(config.groups, ("groups",)):
        if when.group is not None:
            yield (*path, "group"), "a group rule can't ask for the group that it decides"
    rules = [rule.when for rule in config.groups]
    for number, reason in unreachable(rules, [rule.name for rule in config.groups]):
        yield ("groups", number), reason


def _headings_differ(config: Config) -> Iterator[Finding]:
    for table in ("clients", "purchases", "contacts", "filled"):
        seen: dict[str, str] = {}
        if table == "filled":
            typed = dict(config.columns.clients)
            seen = {fold(h): f"clients.{key}" for key, hs in typed.items() for h in hs}
        for key, headings in dict(getattr(config.columns, table)).items():
            for heading in {fold(h): h for h in headings}.values():
                other = seen.setdefault(fold(heading), key)
                if other != key and (table, {other, key}) != ("clients", {"id", "name"}):
                    yield (
                        ("columns", table, key),
                        f"the heading '{heading}' is already given to '{other}'",
                    )


def _sheets_differ(config: Config) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key, name in dict(config.sheets).items():
        other = seen.setdefault(fold(name), key)
        if other != key:
            yield ("sheets", key), f"the sheet '{name}' is already given to '{other}'"


def _kinds(config: Config) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for kind in config.kinds:
        other = seen.setdefault(fold(kind), kind)
        if other != kind:
            yield ("kinds", kind), f"the same word as '{other}'"
    yield from _known(("gifts", "kind"), config.gifts.kind, config.kinds)


def _messages(config: Config) -> Iterator[Finding]:
    for name, text in config.messages.items():
        allowed = MESSAGE_WORDS.get(name, frozenset())
        try:
            used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        except ValueError:
            yield ("messages", name), "a brace { or } stands alone"
            continue
        for field in sorted(used - allowed):
            known = ", ".join(f"{{{word}}}" for word in sorted(allowed)) or "none"
            yield ("messages", name), f"unknown word in braces {{{field}}}; allowed: {known}"
