"""From the text of `config.yaml` to a frozen `Config`, or to one report of all that is wrong.

Whoever calls reads the file; here is only text. A file needs to hold just what differs: the rest is
taken from one of the shipped files (`based_on: en` or `ru`), as `rules.config.merging` says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.config import yaml_text
from rules.config.assembly import config_type
from rules.config.basics import FileFacts, Model
from rules.config.blocks import put_in_place, unfold
from rules.config.checks import Finding, check, listed, near
from rules.config.country import is_day_first, put_there
from rules.config.merging import Merged, kept, merge
from rules.config.settings import Config
from rules.config.yaml_text import (
    START,
    Block,
    Items,
    Mark,
    Node,
    Path,
    Step,
    Typed,
    brief,
    locate,
    quoted,
    shown_path,
)
from rules.errors import ClientBaseError
from rules.model.declarations import Room
from rules.reading.words import fold
from words import _, marked, n_

__all__ = ["Config", "ConfigError", "ConfigProblem", "load_config"]

MOST_PROBLEMS = 100
"""More are not worth reading at once."""

MAY_BE_BLANK: Path = ("home_city",)
"""Where nothing at all may stand; it then means an empty text."""

RETIRED = "messages"
"""A block of earlier versions. What stands in it doesn't matter; that it is there is told."""

NEVER_TAKEN = ("examples",)
"""Lists of which only the entries that she names are taken over: the shipped examples fit the
shipped rules.
"""


class ConfigProblem(NamedTuple):
    """One thing wrong with a configuration file, and where (counted from 1)."""

    line: int
    column: int
    message: str


class ConfigError(ClientBaseError, ValueError):
    """The configuration can't be used; `problems` lists everything that is wrong with it,
    *findings* what is wrong with its entries.
    """

    def __init__(
        self, source: str, problems: Iterable[ConfigProblem], findings: Sequence[Finding] = ()
    ) -> None:
        self.source = source
        self.findings = findings
        found = sorted(set(problems))
        self.problems = tuple(found[:MOST_PROBLEMS])
        headline = n_("{source} has {count} problem:", "{source} has {count} problems:", len(found))
        if len(found) > MOST_PROBLEMS:
            headline = _("{source} has more than {count} problems:")
        line = _("  line {line}, column {column}: {message}")
        lines = [headline.format(source=source, count=len(self.problems))]
        lines += [line.format(**problem._asdict()) for problem in self.problems]
        super().__init__("\n".join(lines))


def load_config(
    text: str | bytes,
    shipped: Mapping[str, str],
    source: str = "config.yaml",
    rooms: tuple[Room, ...] | None = None,
    language: str = "en",
    typed: Iterable[Typed] = (),
) -> Config:
    """The configuration in *text*, completed from the *shipped* texts ("en" and "ru").

    *text* may be the raw bytes of the file, in UTF-8 or UTF-16, with or without a byte-order
    mark. *source* is the file's name for messages. Raises ConfigError with every problem found;
    whether the entries fit together is asked once each of them can be read. *rooms*: by default all
    of the house. *language*: which of the shipped texts completes one that doesn't say it. *typed*:
    cells of the sheet Rules, which go before the shipped text.
    """
    kind = config_type(_house() if rooms is None else rooms)
    if isinstance(text, bytes):
        try:
            text = yaml_text.decode(text)
        except UnicodeDecodeError as error:
            raise ConfigError(source, [_undecodable(error)]) from error
    own, mistakes = yaml_text.read(text)
    if mistakes and not own:
        raise ConfigError(
            source, [ConfigProblem(*mistake.mark, mistake.message) for mistake in mistakes]
        )
    if RETIRED in own:
        own[RETIRED] = "yes"
    base = with_typed(shipped.get(base_of(own, language), shipped[language]), typed)
    whole, more, gone = whole_tree(kind, base, own)
    problems = [ConfigProblem(*one.mark, one.message) for one in (*mistakes, *more)]
    findings = {finding.path: finding for finding in _blanks(whole, ())}
    put_there(whole)
    blocks: dict[int, type[Model]] = {}
    try:
        config = kind.model_validate(whole, context=FileFacts(blocks, is_day_first(whole)))
    except ValidationError as error:
        wrong = [detail for detail in error.errors() if not _follows(detail)]
        found = [_finding(detail, whole, blocks) for detail in wrong[: MOST_PROBLEMS + 1]]
        findings |= {finding.path: finding for finding in found}
        problems += [_placed(whole, finding) for finding in findings.values()]
        raise ConfigError(source, problems, list(findings.values())) from error
    more_findings = (one for one in check(config) if not _is_moot(whole, one, gone))
    every = list(findings.values() or more_findings)
    problems += [_placed(whole, finding) for finding in every]
    if problems:
        raise ConfigError(source, problems, every)
    for key in NEVER_TAKEN:
        del base[key]
    return config.beside(kept(kind, base, own))


def with_typed(shipped: str, typed: Iterable[Typed]) -> Block:
    """The entries of a *shipped* text, with the cells of the sheet Rules in their place."""
    tree = yaml_text.read(shipped)[0]
    for cell in typed:
        cell.put_into(tree)
    return tree


def base_of(own: Block, language: str) -> str:
    """Which shipped text completes a file of these entries, where it should be in *language*."""
    said = own.get("based_on", language)
    return said if isinstance(said, str) else language


def whole_tree(kind: type[Config], base: Block, own: Block) -> Merged:
    """*own*, completed from *base*; what rooms have in their own blocks is brought to its place."""
    for tree in (own, base):
        unfold(tree, kind.rooms.extra)
    put_in_place(base)
    merged = merge(kind, base, own)
    for key in NEVER_TAKEN:
        entries = merged.tree.get(key)
        if isinstance(entries, Items):
            hers = [at for at, mark in enumerate(entries.values_at) if mark.is_own]
            entries[:], entries.values_at = (
                [entries[at] for at in hers],
                [entries.values_at[at] for at in hers],
            )
    return merged


def _house() -> tuple[Room, ...]:
    # the rooms are made of what stands in this package
    from rules import house  # noqa: PLC0415

    return house.ROOMS


def _undecodable(error: UnicodeDecodeError) -> ConfigProblem:
    before: bytes = error.object[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode(error.encoding, "replace")) + 1
    advice = _("this isn't UTF-8 text; in Notepad choose File > Save as > Encoding: UTF-8")
    return ConfigProblem(line, column, advice)


def _blanks(node: Node, path: Path) -> Iterator[Finding]:
    """The keys and list items under which nothing stands. A condition without a comparison would
    hold for everybody in silence.
    """
    if node is None and path != MAY_BE_BLANK:
        advice = _("nothing stands here; fill it in, or put '#' before it to leave it out")
        yield Finding(path, advice)
    elif isinstance(node, Block):
        for key, value in node.items():
            yield from _blanks(value, (*path, key))
    elif isinstance(node, Items):
        for number, value in enumerate(node):
            yield from _blanks(value, (*path, number))


def _follows(detail: ErrorDetails) -> bool:
    """Whether the error only follows from another one: from an entry that is blank, or from a
    list that is too short for pydantic since its entries are wrong.
    """
    found, kind = detail["input"], detail["type"]
    if kind == "too_short":
        return isinstance(found, list) and len(found) >= detail["ctx"]["min_length"]
    if kind == "no_comparison":
        return None in found.values()
    if kind == "union_tag_invalid":
        return found["rule"] is None
    return found is None and kind not in {"missing", "extra_forbidden"}


def _is_moot(whole: Block, finding: Finding, gone: Collection[str]) -> bool:
    """Whether a shipped entry asks for what she took out: it then means nobody, and is no mistake
    of hers.
    """
    is_own = (locate(whole, finding.path)[0] or START).is_own
    return not is_own and bool(finding.names) and {*map(fold, finding.names)} <= set(gone)


def _placed(whole: Block, finding: Finding) -> ConfigProblem:
    """The finding at its line, or, where her file leaves that entry out, at the line of the other
    entry concerned.
    """
    path, message = finding.path, finding.message
    mark = locate(whole, path)[0] or START
    if not mark.is_own:
        other, steps = locate(whole, finding.other)
        if finding.other and other and other.is_own and steps == len(finding.other):
            mark, path = other, finding.other
        else:
            mark = _own_mark(whole, finding.cause) or _own_mark(whole, path) or START
            message = _(
                "{message} (this comes from the shipped rules: name '{entry}' in your file, and "
                "change it there)"
            ).format(message=message, entry=_entry(whole, path))
    where = shown_path(path)
    return ConfigProblem(*mark, f"{where}: {message}" if where else message)


def _own_mark(whole: Block, path: Path) -> Mark | None:
    """Where the last entry on the way along *path* that stands in her file stands there."""
    marks = (locate(whole, path[:steps])[0] for steps in range(len(path), 0, -1))
    return next((mark for mark in marks if mark is not None and mark.is_own), None)


def _entry(whole: Node, path: Path) -> str:
    """An entry with the names of those that it stands in: contacts.rules.rhythm.every."""
    steps: list[str] = []
    node = whole
    for step in path:
        below = _child(node, step)
        node = below[0] if below else None
        named = isinstance(node, Block) and (node.get("name") or node.get("rule"))
        shown = named if isinstance(step, int) else step
        steps += [brief(shown)] if isinstance(shown, str) else []
    return ".".join(steps)


_KEY_AND_VALUE = marked(
    "expected lines of the form 'key: value' here, with a blank after the colon"
)
_WHOLE_NUMBER = marked("expected a whole number")
_PLAIN = {
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": marked("this number is too large"),
    "int_type": _WHOLE_NUMBER,
    "decimal_type": marked("expected a number"),
    "string_type": marked("expected a text"),
    "string_too_short": marked("this can't be empty"),
    "string_too_long": marked("expected at most {max_length} characters"),
    "string_pattern_mismatch": marked("must contain {{kind}}"),
    "greater_than_equal": marked("must be at least {ge}"),
    "greater_than": marked("must be above {gt}"),
    "less_than_equal": marked("must be at most {le}"),
    "less_than": marked("must be below {lt}"),
    "dict_type": _KEY_AND_VALUE,
    "model_type": _KEY_AND_VALUE,
    "model_attributes_type": _KEY_AND_VALUE,
    "tuple_type": marked("expected a list here ([a, b], or lines that begin with '-')"),
    "too_short": marked("expected at least {min_length} entry"),
    "too_long": marked("expected at most {max_length} entries"),
}
"""Pydantic's kinds of error in plain words."""


def _finding(detail: ErrorDetails, whole: Block, blocks: Mapping[int, type[Model]]) -> Finding:
    """Where pydantic's error *detail* lies in the file, and the same in plain words."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    is_key = kind in {"missing", "extra_forbidden"}
    path, block = _real_path(whole, detail["loc"], keep_last=is_key)
    match kind:
        case "extra_forbidden":
            found = _not_here(str(path[-1]), value, blocks.get(id(block), Model))
        case "missing" if isinstance(path[-1], int):
            found = _("entry {number} of this list is missing").format(number=path[-1] + 1)
        case "missing":
            found = _("this key is missing")
        case "literal_error" if detail["loc"][-1] == "[key]":
            found = _unknown_key(str(value), value, _quoted(context["expected"]))
        case "literal_error":
            found = _none_of(value, _quoted(context["expected"]))
        case "union_tag_invalid":
            path = (*path, "rule")
            found = _none_of(str(context["tag"]), _quoted(context["expected_tags"]))
        case "union_tag_not_found":
            found = _("the key 'rule' is missing")
        case _:
            found = _expected(detail)
    return Finding(path, found)


def _expected(detail: ErrorDetails) -> str:
    """What should have stood there, and, unless that goes without saying, what did."""
    context, value = detail.get("ctx", {}), detail["input"]
    plain = _PLAIN.get(detail["type"])
    expected = _(plain).format(**context) if plain else str(context.get("error", detail["msg"]))
    if plain is None and not isinstance(value, str):
        return expected
    return _("{expected}; found {value}").format(expected=expected, value=_shown(value))


def _not_here(key: str, value: object, model: type[Model]) -> str:
    never = model.never.get(key.casefold())
    return _(never) if never else _unknown_key(key, value, model.allowed_keys())


def _none_of(value: object, words: Sequence[str]) -> str:
    return _("found {value}{hint}; allowed: {words}").format(
        value=_shown(value), hint=near(str(value), words), words=listed(map(quoted, words))
    )


def _unknown_key(key: str, value: object, allowed: Iterable[str]) -> str:
    if value is None and key.isdecimal():
        return _("unknown key; if this is the end of a number, write it with a point, such as 1.5")
    return _("unknown key{hint}; allowed here: {keys}").format(
        hint=near(key, allowed), keys=listed(allowed)
    )


def _quoted(words: object) -> list[str]:
    """The words that pydantic lists as 'a', 'b' or 'c'."""
    return re.findall(r"'([^']*)'", str(words))


def _real_path(whole: Node, loc: Sequence[Step], *, keep_last: bool) -> tuple[Path, Node]:
    """The steps of pydantic's *loc* that are keys of the file, and the innermost block on the way
    (pydantic adds steps of its own, such as the name of a rule's type).
    """
    path: list[Step] = []
    parent = node = whole
    for number, step in enumerate(loc, 1):
        below = _child(node, step)
        if below is not None:
            parent, node = node, below[0]
        elif keep_last and number == len(loc):
            parent = node
        else:
            continue
        path.append(step)
    return tuple(path), parent


def _child(node: Node, step: Step) -> tuple[Node] | None:
    """What stands under *step*, in a tuple; None when nothing does."""
    match node, step:
        case dict(), str() if step in node:
            return (node[step],)
        case Items(), int() if step < len(node):
            return (node[step],)
    return None


def _shown(value: object) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, dict):
        return _("a block of keys") if value else _("an empty block")
    if isinstance(value, (list, tuple)):
        return _("a list of {count}").format(count=len(value)) if value else _("an empty list")
    return quoted(str(value))
