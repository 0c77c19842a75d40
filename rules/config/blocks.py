"""What the block of a room holds of its own: sheets, headings and contact rules.

A room that she may add has all of its words in one block. Before anything else is made of a file,
what others have under `sheets`, `columns` and `contacts.rules` is brought there, with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rules.config.basics import BEFORE, OFF
from rules.config.yaml_text import Block, Items, Mark, Node, Path

if TYPE_CHECKING:  # rooms are built of what stands here
    from rules.model.declarations import Room

SHARED = ("sheets", "columns")
RULES = "rules"


def unfold(tree: Block, rooms: Iterable[str]) -> None:
    """Bring what the blocks of these *rooms* hold of sheets, headings and contact rules to those of
    the others, behind them; what can't be brought there stays, and is then an unknown key.
    """
    for key in rooms:
        block = tree.get(key)
        if isinstance(block, Block):
            for name in SHARED:
                _bring(block, name, tree)
            _bring_rules(block, tree)
            if not block:
                del tree[key], tree.keys_at[key]


def put_in_place(tree: Block) -> None:
    """Put each contact rule that says before which one it goes there."""
    contacts = tree.get("contacts")
    rules = contacts.get(RULES) if isinstance(contacts, Block) else None
    if not isinstance(rules, Items):
        return
    for rule in [one for one in rules if isinstance(one, Block) and BEFORE in one]:
        at = next(at for at, one in enumerate(rules) if one is rule)
        mark, goal = rules.values_at.pop(at), rule.pop(BEFORE)
        del rules[at]
        at = next(
            at for at, one in enumerate(rules) if isinstance(one, Block) and one["rule"] == goal
        )
        rules.insert(at, rule)
        rules.values_at.insert(at, mark)


def written(path: Path, rules: Sequence[str], rooms: Mapping[str, Room]) -> Path:
    """An entry at *path* as it stands in a file that holds all of them: of a rule of a room in the
    room's block. rules: the keys of all contact rules in their order; rooms: those with a block.
    """
    *start, number = path[:3] if path[:2] == ("contacts", RULES) else ("",)
    if len(start) < 2 or not isinstance(number, int):
        return path
    home = {rule.key: key for key, room in rooms.items() for rule in room.contact_rules}
    own = home.get(rules[number])
    before = sum(home.get(one) == own for one in rules[:number])
    return (*((own, RULES) if own else path[:2]), before, *path[3:])


def _bring(block: Block, name: str, tree: Block) -> None:
    """Bring the entries of one key of *block* to the key of that name in *tree*."""
    given, there = block.get(name), tree.get(name, Block(block.mark))
    if isinstance(given, Block) and isinstance(there, Block):
        _put(tree, name, there, block.keys_at[name])
        for key, value in given.items():
            other = there.get(key)
            if isinstance(value, Block) and isinstance(other, Block):
                other.update(value)
                other.keys_at |= value.keys_at
            else:
                _put(there, key, value, given.keys_at[key])
        del block[name]


def _bring_rules(block: Block, tree: Block) -> None:
    given, contacts = block.get(RULES), tree.get("contacts", Block(block.mark))
    if not isinstance(given, Items) or not isinstance(contacts, Block):
        return
    mark = block.keys_at[RULES]
    there = contacts.get(RULES, Items(mark))
    if isinstance(there, Items):
        _put(tree, "contacts", contacts, mark)
        if RULES in contacts and not there:  # an empty list takes all others out
            there.append(_all_off(mark))
            there.values_at.append(mark)
        _put(contacts, RULES, there, mark)
        there += given
        there.values_at += given.values_at
        del block[RULES]


def _all_off(mark: Mark) -> Block:
    entry = Block(mark)
    _put(entry, OFF, "yes", mark)
    return entry


def _put(block: Block, key: str, value: Node, mark: Mark) -> None:
    block[key] = value
    block.keys_at.setdefault(key, mark)
