"""Her rules laid over the shipped ones.

A block changes the keys that it names, and so does a table of her own words. A list whose entries
are known by a name changes the entries of that name and adds the others at the end, or `before:
NAME`; `off: yes` takes one out, and without a name all of them. A list that names all the shipped
ones is in her order, and an empty one takes all out. Everything else is taken whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from rules.config.basics import BEFORE, NO, OFF, YES, Model, NamedEntry
from rules.config.checks import listed, near
from rules.config.conditions import When
from rules.config.yaml_text import (
    Block,
    Items,
    Mark,
    Mistake,
    Node,
    Path,
    ShippedMark,
    quoted,
    shown_path,
)
from rules.reading.words import fold
from words import _


class Merged(NamedTuple):
    """One tree, whose marks say in which of two files an entry stands; what can't be done; and the
    names, folded, of the entries that she took out.
    """

    tree: Block
    mistakes: list[Mistake]
    gone: set[str]


def merge(kind: type[Model], base: Block, own: Block) -> Merged:
    """*own*, laid over the shipped *base*; both are rules of this *kind*."""
    laying = _Laying([], set())
    tree = laying.block(kind, _shipped(base), own, ())
    return Merged(tree, laying.mistakes, laying.gone)


def _shipped(node: Any) -> Any:  # noqa: ANN401 — whatever stands in a tree
    """*node* with marks that say that it isn't in her file."""
    if isinstance(node, Block):
        block = Block(_not_own(node.mark))
        block.update({key: _shipped(value) for key, value in node.items()})
        block.keys_at = {key: _not_own(mark) for key, mark in node.keys_at.items()}
        return block
    if isinstance(node, Items):
        items = Items(_not_own(node.mark))
        items += map(_shipped, node)
        items.values_at = list(map(_not_own, node.values_at))
        return items
    return node


def _not_own(mark: Mark) -> Mark:
    return mark if mark.is_cell else ShippedMark(*mark)


# What may stand under a key -----------------------------------------------------------------


class _Shape(NamedTuple):
    """A block of fixed keys, a table of her words, or a list of entries that are known by a name;
    may_go: whether it may be left out.
    """

    block: type[Model] | None = None
    is_words: bool = False
    entries: tuple[type[NamedEntry], ...] = ()
    may_go: bool = False


def _shape(kind: type[Model], key: str) -> _Shape:
    found = (field for name, field in kind.model_fields.items() if (field.alias or name) == key)
    described = next(found, None)
    if described is None:
        return _Shape()
    arms = list(_arms(described.annotation))
    lists = (get_args(arm)[0] for arm in arms if get_origin(arm) is tuple)
    return _Shape(
        next((arm for arm in arms if _is_a(arm, Model) and not arm.goes_whole), None),
        any(get_origin(arm) is Mapping for arm in arms),
        tuple(arm for one in lists for arm in _arms(one) if _is_a(arm, NamedEntry)),
        may_go=not described.is_required(),
    )


def _arms(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 — whatever stands behind a colon
    """The types that an annotation allows, each alone."""
    if hasattr(annotation, "__metadata__"):
        yield from _arms(annotation.__origin__)
    elif get_origin(annotation) in {Union, UnionType}:
        for one in get_args(annotation):
            yield from _arms(one)
    else:
        yield annotation


def _is_a(arm: object, kind: type[Model]) -> bool:
    return isinstance(arm, type) and issubclass(arm, kind)


def _entry_type(types: Sequence[type[NamedEntry]], node: Node) -> type[NamedEntry] | None:
    """Which of the *types* the entry *node* is of; None where that can't be told."""
    known = node.get(types[0].known_by) if isinstance(node, Block) else None
    for one in types if len(types) > 1 else ():
        if known in get_args(one.model_fields[one.known_by].annotation):
            return one
    return types[0] if len(types) == 1 else None


# One over the other -------------------------------------------------------------------------


@dataclass(eq=False)
class _Slot:
    """An entry of a list in the making, with its name; is_free: hers of this name may change it."""

    node: Node
    mark: Mark
    name: str
    is_free: bool = True

    def is_called(self, name: str) -> bool:
        """Whether it has this name, which isn't blank."""
        return bool(name) and fold(self.name) == fold(name)


@dataclass
class _Laying:
    mistakes: list[Mistake]
    gone: set[str]

    def block(self, kind: type[Model], base: Block, own: Block, path: Path) -> Block:
        """*own* over *base*, key by key; `off` takes out what may be left out."""
        merged = Block(own.mark)
        for key, value in base.items():
            _put(merged, key, value, base.keys_at[key])
        for key, value in own.items():
            shape, below = _shape(kind, key), base.get(key)
            if value == OFF and shape.may_go and isinstance(below, (Block, Items)):
                del merged[key], merged.keys_at[key]
            else:
                laid = self._value(shape, below, value, (*path, key))
                _put(merged, key, laid, own.keys_at[key])
        return merged

    def _value(self, shape: _Shape, below: Node, value: Node, path: Path) -> Node:
        if isinstance(value, Block) and isinstance(below, Block):
            is_blank = not value and shape.block is When  # it would hold for everybody
            if shape.block is not None and not is_blank:
                return self.block(shape.block, below, value, path)
            if shape.is_words:
                return _words(below, value)
        if shape.entries and value and isinstance(value, Items) and isinstance(below, Items):
            return self._entries(shape.entries, below, value, path)
        return value

    def _entries(
        self, types: tuple[type[NamedEntry], ...], base: Items, own: Items, path: Path
    ) -> Items:
        """A list of entries that are known by a name."""
        key = types[0].known_by
        shipped = _slots(base, key)
        slots, hers = list(shipped), list[_Slot]()
        moves: list[tuple[_Slot, Block]] = []
        for mine in _slots(own, key):
            entry = mine.node
            if self._is_off(entry, path):
                self._take_out(slots, mine, path)
                continue
            slot = _free(slots, mine.name)
            if slot is None:
                slots.append(slot := mine)
            kind = _entry_type(types, slot.node)
            base_entry, slot.node, slot.mark, slot.is_free = (
                slot.node,
                _bare(entry),
                mine.mark,
                False,
            )
            if slot is not mine and kind and isinstance(base_entry, Block):
                slot.node = self.block(kind, base_entry, _bare(entry), path)
            hers.append(slot)
            if isinstance(entry, Block) and BEFORE in entry:
                moves.append((slot, entry))
        if _must_be_named(shipped, types) <= {fold(slot.name) for slot in _slots(own, key)}:
            slots = _in_her_order([slot for slot in shipped if slot in slots], hers)
        for slot, entry in moves:
            self._move(slots, slot, entry, path)
        merged = Items(own.mark)
        merged += [slot.node for slot in slots]
        merged.values_at = [slot.mark for slot in slots]
        return merged

    def _is_off(self, node: Node, path: Path) -> bool:
        if not isinstance(node, Block) or OFF not in node:
            return False
        said = node[OFF]
        word = said.casefold() if isinstance(said, str) else ""
        if word not in YES | NO:
            self._complain(node.keys_at[OFF], (*path, OFF), _("expected yes or no"))
        return word in YES

    def _take_out(self, slots: list[_Slot], entry: _Slot, path: Path) -> None:
        """Take out all entries of a name, or all without one."""
        free = [slot for slot in slots if slot.is_free]
        gone = [slot for slot in free if not entry.name or slot.is_called(entry.name)]
        if not gone:
            self._complain(entry.mark, path, _no_such(entry.name, free))
        self.gone |= {fold(entry.name)} - {""}
        slots[:] = [slot for slot in slots if slot not in gone]

    def _move(self, slots: list[_Slot], slot: _Slot, entry: Block, path: Path) -> None:
        """Put an entry before the first one of the name that it gives."""
        goal, others = entry[BEFORE], [one for one in slots if one is not slot]
        name = goal if isinstance(goal, str) else ""
        at = next((at for at, one in enumerate(others) if one.is_called(name)), None)
        if at is None:
            self._complain(entry.keys_at[BEFORE], (*path, BEFORE), _no_such(name, others))
        else:
            slots[:] = [*others[:at], slot, *others[at:]]

    def _complain(self, mark: Mark, path: Path, text: str) -> None:
        self.mistakes.append(Mistake(mark, f"{shown_path(path)}: {text}"))


def _put(block: Block, key: str, value: Node, mark: Mark) -> None:
    block[key], block.keys_at[key] = value, mark


def _words(base: Block, own: Block) -> Block:
    """A table of her own words; `off` takes one out."""
    merged, hers = Block(own.mark), {fold(word): word for word in reversed(own)}
    for word, value in base.items():
        given = hers.get(fold(word))
        if given is None:
            _put(merged, word, value, base.keys_at[word])
        else:
            _put(merged, given, own[given], own.keys_at[given])
    for word, value in own.items():
        _put(merged, word, value, own.keys_at[word])
    for word in [word for word, value in merged.items() if value == OFF]:
        del merged[word], merged.keys_at[word]
    return merged


def _slots(items: Items, key: str) -> list[_Slot]:
    return [
        _Slot(node, mark, _name(node, key))
        for node, mark in zip(items, items.values_at, strict=True)
    ]


def _must_be_named(slots: Sequence[_Slot], types: Sequence[type[NamedEntry]]) -> set[str]:
    """The names, folded, of the entries without which hers isn't the whole list."""
    kinds = ((slot, _entry_type(types, slot.node)) for slot in slots)
    return {fold(slot.name) for slot, kind in kinds if kind is None or not kind.is_beside}


def _name(node: Node, key: str) -> str:
    name = node.get(key) if isinstance(node, Block) else None
    return name if isinstance(name, str) else ""


def _free(slots: Sequence[_Slot], name: str) -> _Slot | None:
    return next((slot for slot in slots if slot.is_free and slot.is_called(name)), None)


def _bare(node: Node) -> Any:  # noqa: ANN401 — whatever stands in a tree
    """An entry without what says where it goes."""
    if not isinstance(node, Block):
        return node
    bare = Block(node.mark)
    for key, value in node.items():
        if key not in {BEFORE, OFF}:
            _put(bare, key, value, node.keys_at[key])
    return bare


def _in_her_order(shipped: Sequence[_Slot], hers: Sequence[_Slot]) -> list[_Slot]:
    """The entries as she has them. A shipped one that she leaves alone comes behind all that it
    stood behind, and the last of them stays the last.
    """
    ordered = list(hers)
    for number, slot in enumerate(shipped):
        if slot not in hers:
            ahead = max((ordered.index(one) + 1 for one in shipped[:number]), default=0)
            ordered.insert(len(ordered) if slot is shipped[-1] else ahead, slot)
    return ordered


def _no_such(name: str, slots: Sequence[_Slot]) -> str:
    known = [slot.name for slot in slots]
    return _("no such name: {names}; known: {known}").format(
        names=quoted(name) + near(name, known), known=listed(map(quoted, known))
    )


# What stays beside hers ---------------------------------------------------------------------


def kept(kind: type[Model], base: Block, own: Block) -> Iterator[tuple[int, str]]:
    """The shipped entries that stay beside hers, with the line of her list or table, where that may
    have been meant as the whole one: where it says nothing of off, and all is there that an entry
    needs.
    """
    for key, value in own.items():
        shape, below, names = _shape(kind, key), base.get(key), list[str]()
        if isinstance(value, Block) and isinstance(below, Block):
            if shape.block is not None:
                yield from kept(shape.block, below, value)
            elif shape.is_words and OFF not in value.values():
                names = _other_words(below, value)
        elif shape.entries and value and isinstance(value, Items) and isinstance(below, Items):
            names = _other_entries(shape.entries, below, value)
        if names:
            yield own.keys_at[key].line, listed(dict.fromkeys(names))


def _other_words(base: Block, own: Block) -> list[str]:
    hers = {fold(word) for word in own}
    return [word for word in base if fold(word) not in hers]


def _other_entries(types: tuple[type[NamedEntry], ...], base: Items, own: Items) -> list[str]:
    key, changed = types[0].known_by, list[str]()
    slots = _slots(base, key)
    for mine in _slots(own, key):
        if not _is_whole(mine.node, types):
            return []
        slot = _free(slots, mine.name)
        if slot is not None:
            slot.is_free = False
            changed += _other_parts(slot, mine, types)
    needed = _must_be_named(slots, types)
    return [_shown(one) for one in slots if one.is_free and fold(one.name) in needed] + changed


def _is_whole(node: Node, types: tuple[type[NamedEntry], ...]) -> bool:
    kind = _entry_type(types, node)
    if kind is None or not isinstance(node, Block) or BEFORE in node or _says_off(node):
        return False
    fields = kind.model_fields.items()
    return all((one.alias or name) in node for name, one in fields if one.is_required())


def _says_off(node: Node) -> bool:
    if isinstance(node, Block):
        return OFF in node or any(map(_says_off, node.values()))
    return node == OFF


def _other_parts(slot: _Slot, mine: _Slot, types: tuple[type[NamedEntry], ...]) -> Iterator[str]:
    """What stays of an entry that hers changes, and decides whom it is for, or which words."""
    kind, base, own = _entry_type(types, slot.node), slot.node, mine.node
    if kind is None or not isinstance(base, Block) or not isinstance(own, Block):
        return
    for key, value in base.items():
        shape, given = _shape(kind, key), own.get(key, Block(own.mark))
        if isinstance(value, Block) and isinstance(given, Block):
            if shape.block is When and value.keys() - given.keys():
                yield _("{name} (its other conditions)").format(name=_shown(slot))
            others = _other_words(value, given) if shape.is_words else []
            if others:
                yield f"{_shown(slot)} ({listed(others)})"


def _shown(slot: _Slot) -> str:
    """An entry by its name; a contact rule by its reason."""
    reason = slot.node.get("reason") if isinstance(slot.node, Block) else None
    return reason if isinstance(reason, str) else slot.name
