"""YAML text as a tree that knows where each word stands.

PyYAML's own construction turns `no` into False, keeps the last of two equal keys in silence and
forgets the lines. So only its parser is used here: every scalar stays the text that was typed
(the types of `rules.config.settings` decide what it means), and each mistake is collected with
its line and column instead of ending the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import NamedTuple, cast

import yaml

from words import _, marked, parted

MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 20
MOST_OF_A_KIND = 100
"""More tabs, or characters that aren't text, are not worth listing."""

_NULLS = {"", "~", "null", "Null", "NULL"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAB_IN_INDENT = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_NOT_TEXT = re.compile(
    "[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BRACKET = re.compile(r"[][{}]")
_TOO_DEEP = "nesting depth"
"""What libyaml says, from PyYAML 6.0.4 on, before it gives anything of such a text."""
_LINE_ENDS = re.compile("\r\n?")
_ODD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")

Step = str | int
Path = tuple[Step, ...]


class Mark(NamedTuple):
    """A place in the text, counted from 1."""

    line: int
    column: int

    @property
    def is_own(self) -> bool:
        """Whether that is her own file, not the shipped one that fills it in."""
        return True

    @property
    def is_cell(self) -> bool:
        """Whether that is a cell of the sheet Rules: line and column are its row and column."""
        return False


class ShippedMark(Mark):
    """A place in the shipped text."""

    @property
    def is_own(self) -> bool:
        """It isn't."""
        return False


class TypedMark(ShippedMark):
    """A cell of the sheet Rules, which goes before the shipped text: its row and column."""

    @property
    def is_cell(self) -> bool:
        """It is."""
        return True


START = Mark(1, 1)


class Mistake(NamedTuple):
    """One thing wrong with the text, and where."""

    mark: Mark
    message: str


class Block(dict[str, "Node"]):
    """A mapping that remembers where it and its keys stand."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.keys_at: dict[str, Mark] = {}


class Items(list["Node"]):
    """A list that remembers where it and its items stand."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.values_at: list[Mark] = []


Node = str | Block | Items | None


def decode(raw: bytes) -> str:
    """The text of a YAML file as Notepad may have saved it: UTF-8 or UTF-16, with or without a
    byte-order mark. Raises UnicodeDecodeError for anything else.
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16")
    if b"\0" in raw:  # never in UTF-8 text; in UTF-16 every Latin letter and blank has one
        little_endian = raw[1::2].count(0) > raw[::2].count(0)
        return raw.decode("utf-16-le" if little_endian else "utf-16-be")
    return raw.decode("utf-8-sig")


def read(text: str) -> tuple[Block, list[Mistake]]:
    """The tree of *text*, and everything in it that isn't the plain YAML used here.

    Anchors, aliases and tags are refused: a client base needs none, and they are how YAML files
    explode. A text that can't be read at all gives an empty tree and the reason.
    """
    text = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff"))
    text = _ODD_LINE_ENDS.sub(" ", text)  # no editor counts them as lines, PyYAML does
    mistakes = list(_unusable(text))
    if mistakes:
        return Block(START), mistakes
    mistakes += islice(_tabs(text), MOST_OF_A_KIND)
    text = _TAB_IN_INDENT.sub(lambda tab: tab.group().replace("\t", "  "), text)
    tree: Node = None
    try:
        tree = _build(yaml.parse(text, Loader=_LOADER), mistakes)
    except yaml.MarkedYAMLError as error:
        if _TOO_DEEP in str(error.problem):
            mistakes.append(_too_deep(_mark(text, _deep_bracket(text))))
        elif not mistakes:  # else the mistakes before are likely the reason
            mistakes.append(_explain(error, text))
    except yaml.YAMLError as error:
        mistakes.append(Mistake(START, _not_yaml(error)))
    except _TooDeepError as error:
        mistakes += error.args
    if isinstance(tree, (str, Items)):
        at = tree.mark if isinstance(tree, Items) else START
        mistakes.append(Mistake(at, _("expected lines of the form 'key: value'")))
    return tree if isinstance(tree, Block) else Block(START), mistakes


def _unusable(text: str) -> Iterator[Mistake]:
    if len(text) > MAX_CHARACTERS:
        found = _("the file has {count} characters, at most {most} are allowed").format(
            count=parted(len(text)), most=parted(MAX_CHARACTERS)
        )
        yield Mistake(START, found)
        return
    for bad in islice(_NOT_TEXT.finditer(text), MOST_OF_A_KIND):
        code = f"U+{ord(bad.group()):04X}"
        found = _("a character that isn't text ({code}); delete it").format(code=code)
        yield Mistake(_mark(text, bad.start()), found)


def _tabs(text: str) -> Iterator[Mistake]:
    """Tabs that stand before something; on an empty line they are harmless."""
    for tab in _TAB_IN_INDENT.finditer(text):
        if text[tab.end() : tab.end() + 1] not in {"", "\n", "#"}:
            mark = _mark(text, text.index("\t", tab.start()))
            yield Mistake(mark, _("a tab stands before the text; indent with blanks instead"))


def locate(tree: Block, path: Path) -> tuple[Mark | None, int]:
    """Where the last key or list item of *path* that is in this text stands, and how many steps
    of the path led there; None and 0 when nothing of the path is in this text.
    """
    mark: Mark | None = None
    node: Node = tree
    for found, step in enumerate(path):
        below = _below(node, step)
        if below is None:
            return mark, found
        mark, node = below
    return mark, len(path)


def _below(node: Node, step: Step) -> tuple[Mark, Node] | None:
    """What stands under a *step*, and where; None for nothing."""
    if isinstance(node, Block) and isinstance(step, str) and step in node:
        return node.keys_at[step], node[step]
    if isinstance(node, Items) and isinstance(step, int) and step < len(node):
        return node.values_at[step], node[step]
    return None


def cells_at(tree: Block, path: Path) -> list[Mark]:
    """The cells of the sheet Rules that stand in the entry at *path*, or in those below it."""
    node: Node = tree
    for step in path:
        below = _below(node, step)
        if below is None:
            return []
        mark, node = below
        if mark.is_cell:
            return [mark]
    return list(_cells_below(node))


def _cells_below(node: Node) -> Iterator[Mark]:
    below: list[tuple[Mark, Node]] = []
    if isinstance(node, Block):
        below = [(node.keys_at[key], value) for key, value in node.items()]
    elif isinstance(node, Items):
        below = list(zip(node.values_at, node, strict=True))
    for mark, value in below:
        if mark.is_cell:
            yield mark
        yield from _cells_below(value)


class Typed(NamedTuple):
    """What she typed into a cell of the sheet Rules, as it would stand in the shipped text, and
    the entry there that it takes the place of.
    """

    path: Path
    text: str
    mark: TypedMark

    def put_into(self, tree: Block) -> None:
        """Have it stand in the shipped *tree*."""
        *way, last = self.path
        node: Node = tree
        for step in way:
            below = _below(node, step)
            node = below[1] if below else None
        if isinstance(node, Block) and isinstance(last, str):
            node[last], node.keys_at[last] = self.text, self.mark
        elif isinstance(node, Items) and isinstance(last, int):
            node[last], node.values_at[last] = self.text, self.mark


def shown_entry(tree: Block, path: Path) -> str:
    """An entry as it can be looked up in the file, those of a list by their name, else by their
    number: groups.VIP, contacts.rules.rhythm, dates 2.
    """
    text, node = "", cast(Node, tree)
    for step in path:
        below = _below(node, step)
        node = below[1] if below else None
        name = node.get("name") or node.get("rule") if isinstance(node, Block) else None
        if isinstance(step, str):
            text += f"{_after(text)}{step}"
        elif isinstance(name, str):
            text += f".{brief(name)}"
        else:
            text += f" {step + 1}"
    return text


def _after(text: str) -> str:
    """What parts the next key from *text*."""
    if not text:
        return ""
    return ", " if text[-1].isdecimal() else "."


def shown_path(path: Iterable[Step]) -> str:
    """The keys on a path, as a mistake in the file names its place: groups.when.abc."""
    return ".".join(brief(step) for step in path if isinstance(step, str))


def _mark(text: str, position: int) -> Mark:
    before = text[:position]
    return Mark(before.count("\n") + 1, position - before.rfind("\n"))


_EXPLANATIONS = {
    "mapping values": marked(
        "a colon stands where none can: put a text with a colon into quotes, leave a blank after "
        "'-', or look whether the line above misses its colon"
    ),
    "sequence entries": marked("a '-' may only begin a line of its own"),
    "simple key": marked(
        "this line has no colon; write 'key: value', with a blank after the colon"
    ),
    "quoted scalar found unexpected end": marked("a quote opens here and is never closed"),
    "quoted scalar found unexpected document": marked("a quote opens here and is never closed"),
    "quoted": marked(
        "in double quotes a backslash needs another one before it; or use single quotes"
    ),
    "an alias": marked("a text that begins with '*' or '&' needs quotes"),
    "an anchor": marked("a text that begins with '*' or '&' needs quotes"),
    "cannot start any token": marked("a text that begins with this character needs quotes"),
    "tag": marked("a text that begins with '!' needs quotes"),
    "block scalar": marked("a text that begins with '|' or '>' needs quotes"),
    "node content": marked(
        "a text that begins with this needs quotes, or a bracket above isn't closed"
    ),
    "flow": marked("a comma, ']' or '}' is missing before this; the bracket opens in line {line}"),
    "directive": marked("a line can't begin with '%'"),
    "incompatible": marked("a line can't begin with '%'"),
    "document start": marked(
        "the file ends before this; look for a stray bracket, brace or '...' above"
    ),
    "block": marked(
        "this doesn't fit its neighbours: look at the blanks before it, and whether a quote, "
        "a '-' or a ':' is missing here or in the line above"
    ),
}
"""What PyYAML's complaints mean to someone who never programmed; the first that fits counts."""

_OTHERS = (
    marked("found a tab character that violates indentation"),
    marked("found unexpected ':'"),
    marked("mapping keys are not allowed in this context"),
)
"""Its complaints that are rare, and shown as they are."""


def _explain(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    problem = f"{error.context} {error.problem}"
    opened = error.context_mark or error.problem_mark
    is_open = "simple key" in problem or "quoted scalar found unexpected" in problem
    at = opened if is_open else error.problem_mark or opened
    end = _mark(text, len(text))
    mark = min(Mark(at.line + 1, at.column + 1), end) if at else START
    for complaint, advice in _EXPLANATIONS.items():
        if complaint in problem:
            return Mistake(mark, _(advice).replace("{line}", str(opened.line + 1 if opened else 1)))
    return Mistake(mark, _not_yaml(error.problem))


def _not_yaml(problem: object) -> str:
    return _("not readable as YAML: {problem}").format(problem=_(str(problem)))


class _TooDeepError(Exception):
    """A tree so deep that it could hurt, with the mistake."""


def _too_deep(mark: Mark) -> Mistake:
    return Mistake(mark, _("nested deeper than {most} levels").format(most=MAX_DEPTH))


def _deep_bracket(text: str) -> int:
    """Where the first bracket stands that opens within too many others."""
    depth = 0
    for one in _BRACKET.finditer(text):
        depth += 1 if one.group() in "[{" else -1
        if depth == MAX_DEPTH:
            return one.start()
    return 0


def _build(events: Iterator[yaml.Event], mistakes: list[Mistake]) -> Node:
    """The tree made of parser events."""
    starts = (event for event in events if isinstance(event, yaml.DocumentStartEvent))
    if next(starts, None) is None:
        return None
    tree = _node(next(events), events, mistakes)
    second = next(starts, None)
    if second is not None:
        found = _("a second document ('---') begins; one is allowed")
        mistakes.append(Mistake(_place(second), found))
    return tree


def _place(event: yaml.Event) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)  # type: ignore[union-attr]


def _node(
    event: yaml.Event, events: Iterator[yaml.Event], mistakes: list[Mistake], depth: int = 0
) -> Node:
    """The node that begins with *event*, for which all of its *events* are taken."""
    mark = _place(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        advice = _("anchors and aliases (& and *) are not allowed; put the text into quotes")
        mistakes.append(Mistake(mark, advice))
    if getattr(event, "tag", None) not in {None, "!"}:
        advice = _("tags are not allowed; a text that begins with '!' needs quotes")
        mistakes.append(Mistake(mark, advice))
    if isinstance(event, yaml.AliasEvent):
        return f"*{event.anchor}"
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.style in {None, ""}
        return None if is_plain and event.value in _NULLS else str(event.value)
    if depth == MAX_DEPTH:
        raise _TooDeepError(_too_deep(mark))
    inner = takewhile(lambda one: not isinstance(one, yaml.CollectionEndEvent), events)
    if isinstance(event, yaml.SequenceStartEvent):
        items = Items(mark)
        for one in inner:
            items.values_at.append(_place(one))
            items.append(_node(one, events, mistakes, depth + 1))
        return items
    return _block(mark, inner, events, mistakes, depth + 1)


def _block(
    mark: Mark,
    inner: Iterator[yaml.Event],
    events: Iterator[yaml.Event],
    mistakes: list[Mistake],
    depth: int,
) -> Block:
    """The mapping that begins at *mark*, of the *events* that are *inner* to it."""
    block, key, last = Block(mark), None, None
    for one in inner:
        if key is not None and last is not None and _is_decimals(last, one):
            next(events)  # what stands under the decimals: nothing
            block[key] = f"{block[key]},{getattr(one, 'value', '')}"
            continue
        key = _key(block, _node(one, events, mistakes, depth), _place(one), mistakes)
        last = next(events)
        value = _node(last, events, mistakes, depth)
        if key is not None:
            block[key] = value
    return block


def _is_decimals(number: yaml.Event, one: yaml.Event) -> bool:
    """Whether *one*, a key to YAML, are the decimals of the *number* before it: {percent: 1,5}."""
    if not isinstance(number, yaml.ScalarEvent) or not isinstance(one, yaml.ScalarEvent):
        return False
    is_plain = not number.style and not one.style
    is_close = _end(number) == one.start_mark.index - 1  # type: ignore[union-attr]
    return is_plain and is_close and number.value.isdecimal() and one.value.isdecimal()


def _end(event: yaml.Event) -> int:
    return int(event.end_mark.index)  # type: ignore[union-attr]


def _key(block: Block, node: Node, mark: Mark, mistakes: list[Mistake]) -> str | None:
    """*node* as the next key of *block*; None where it can't be used."""
    if not isinstance(node, str) or not node.strip():
        mistakes.append(Mistake(mark, _("the word before the colon is missing, or isn't a word")))
        return None
    if node in block.keys_at:
        found = _("the key '{key}' stands here again (first: line {line}); keep one of them")
        first = block.keys_at[node].line
        mistakes.append(Mistake(mark, found.format(key=brief(node), line=first)))
    block.keys_at[node] = mark
    return node


def quoted(text: str) -> str:
    """*text*, cut where it is long, in the quotation marks of the language spoken."""
    return _("'{word}'").format(word=brief(text))


def brief(text: str) -> str:
    """*text* on one line, cut where it is long, as messages show it."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
