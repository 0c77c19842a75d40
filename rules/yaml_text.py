"""YAML text as a tree that knows where each word stands.

PyYAML's own construction turns `no` into False, keeps the last of two equal keys in silence and
forgets the lines. So only its parser is used here: every scalar stays the text that was typed
(the types of `rules.settings` decide what it means), and each mistake is collected with its line
and column instead of ending the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 20

_NULLS = {"", "~", "null", "Null", "NULL"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAB_IN_INDENT = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)

Step = str | int
Path = tuple[Step, ...]


class Mark(NamedTuple):
    """A place in the text, counted from 1."""

    line: int
    column: int


class Mistake(NamedTuple):
    """One thing wrong with the text, and where."""

    mark: Mark
    message: str


class Block(dict[str, "Node"]):
    """A mapping that remembers where it, its keys and its values stand."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}


class Items(list["Node"]):
    """A list that remembers where it and its items stand."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.values_at: list[Mark] = []


Node = str | Block | Items | None


def decode(raw: bytes) -> str:
    """The text of a YAML file as Notepad may have saved it: UTF-8 with or without a byte-order
    mark, or UTF-16. Raises UnicodeDecodeError for anything else.
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16")
    if raw[1:2] == b"\0":
        return raw.decode("utf-16-le")
    return raw.decode("utf-8-sig")


def read(text: str) -> tuple[Block, list[Mistake]]:
    """The tree of *text*, and everything in it that isn't the plain YAML used here.

    Anchors, aliases and tags are refused: a client base needs none, and they are how YAML files
    explode. A text that can't be read at all gives an empty tree and the reason.
    """
    start = Mark(1, 1)
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        found = f"the file has {len(text):,} characters, at most {MAX_CHARACTERS:,} are allowed"
        return Block(start), [Mistake(start, found)]
    mistakes = [
        Mistake(
            Mark(text.count("\n", 0, tab.start()) + 1, tab.group().index("\t") + 1),
            "a tab stands before the text; indent with blanks instead",
        )
        for tab in _TAB_IN_INDENT.finditer(text)
    ]
    text = _TAB_IN_INDENT.sub(lambda tab: tab.group().replace("\t", "  "), text)
    try:
        tree = _build(yaml.parse(text, Loader=_LOADER), mistakes)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = Mark(at.line + 1, at.column + 1) if at else start
        mistakes.append(Mistake(mark, _explain(error)))
        return Block(start), mistakes
    except yaml.YAMLError as error:
        mistakes.append(Mistake(start, f"not readable as YAML: {error}"))
        return Block(start), mistakes
    if tree is None:
        return Block(start), mistakes
    if not isinstance(tree, Block):
        mistakes.append(Mistake(start, "expected lines of the form 'key: value'"))
        return Block(start), mistakes
    return tree, mistakes


def locate(tree: Block, path: Path) -> Mark | None:
    """Where the value (or, for a missing or unknown key, the key or its block) at *path* stands;
    None when nothing of the path is in this text.
    """
    mark: Mark | None = None
    node: Node = tree
    for step in path:
        if isinstance(node, Block) and isinstance(step, str) and step in node:
            mark, node = node.keys_at[step], node[step]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node):
            mark, node = node.values_at[step], node[step]
        else:
            break
    return mark


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "unreadable"
    if "mapping values are not allowed" in problem:
        return "a colon stands where none can; put the text into quotes, or look one line above"
    if "undefined alias" in problem or "alias" in problem:
        return "a text that begins with '*' or '&' needs quotes"
    if "cannot start any token" in problem:
        return "a text that begins with this character needs quotes"
    if "expected <block end>" in problem or "expected key" in problem:
        return "this line is indented differently from its neighbours, or a '-' or ':' is missing"
    return f"not readable as YAML: {problem}"


def _build(events: Iterator[yaml.Event], mistakes: list[Mistake]) -> Node:
    """The tree made of parser events, without recursion, so that depth can't hurt."""
    root: Node = None
    open_nodes: list[Block | Items] = []
    keys: list[str | None] = []
    for event in events:
        mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1)  # type: ignore[union-attr]
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            mistakes.append(Mistake(mark, "a second document ('---') begins; one is allowed"))
            return root
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            open_nodes.pop()
            keys.pop()
        elif isinstance(event, yaml.NodeEvent):
            node = _new_node(event, mark, mistakes)
            if open_nodes:
                _attach(open_nodes[-1], keys, node, mark, mistakes)
            else:
                root = node
            if isinstance(node, (Block, Items)):
                open_nodes.append(node)
                keys.append(None)
            if len(open_nodes) > MAX_DEPTH:
                mistakes.append(Mistake(mark, f"nested deeper than {MAX_DEPTH} levels"))
                return None
    return root


def _new_node(event: yaml.NodeEvent, mark: Mark, mistakes: list[Mistake]) -> Node:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        advice = "anchors and aliases (& and *) are not allowed; put the text into quotes"
        mistakes.append(Mistake(mark, advice))
    tag = getattr(event, "tag", None)
    if tag not in {None, "!"}:
        mistakes.append(Mistake(mark, f"tags are not allowed (found {tag})"))
    if isinstance(event, yaml.MappingStartEvent):
        return Block(mark)
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(mark)
    if not isinstance(event, yaml.ScalarEvent):
        return None
    plain = event.style in {None, ""}
    return None if plain and event.value in _NULLS else str(event.value)


def _attach(
    parent: Block | Items, keys: list[str | None], node: Node, mark: Mark, mistakes: list[Mistake]
) -> None:
    """Put *node* into its parent; in a block, keys and values take turns."""
    if isinstance(parent, Items):
        parent.append(node)
        parent.values_at.append(mark)
        return
    key = keys[-1]
    if key is None:
        if not isinstance(node, str):
            mistakes.append(Mistake(mark, "a key must be a word"))
        key = node if isinstance(node, str) else f"?{mark.line}:{mark.column}"
        if key in parent.keys_at:
            first = parent.keys_at[key].line
            mistakes.append(
                Mistake(mark, f"the key '{key}' stands here again (first: line {first})")
            )
        else:
            parent.keys_at[key] = mark
        keys[-1] = key
    else:
        parent[key] = node
        parent.values_at[key] = mark
        keys[-1] = None
