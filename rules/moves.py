"""Which clients moved into another class, group or stage, and which rule moved them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rules.config.settings import FILLED, Config
from rules.mentions import first_of
from rules.model.declarations import Column
from rules.model.result import Result
from rules.reading.cells import is_blank, read_text
from rules.reading.words import fold
from words import _, n_

FIRST_SENTENCES = 12


class Move(NamedTuple):
    """A client whose word in a column is another one than before.

    client and name as she typed them; column: its key in `columns.filled`; new is '' where she
    left without going anywhere; rule: the number of the group rule that decided, from 1, None
    where no rule fits, and for classes and stages, which the block of that name decides.
    """

    client: str
    name: str
    column: str
    old: str
    new: str
    rule: int | None


def moves(result: Result, changed: Mapping[str, Iterable[tuple[int, object]]]) -> list[Move]:
    """Who moved, by column the weightiest first, and then in the order of the rows.

    *changed* gives, by key of a filled column, the cells that differ: their positions in Clients
    and what they held before. A cell that was blank is filled for the first time, and that is no
    move; neither is another spelling of the same word.
    """
    told = [one for one in result.config.rooms.columns.values() if one.moves]
    return [
        move
        for column in sorted(told, key=lambda one: -one.moves)
        for move in _of_column(column, result, changed)
    ]


def _of_column(
    column: Column, result: Result, changed: Mapping[str, Iterable[tuple[int, object]]]
) -> Iterator[Move]:
    key, clients, usable = column.key, result.base["clients"], result.known.clients.usable
    cells = [(at, old) for at, old in changed.get(key, ()) if usable[at]]
    if not cells:
        return
    at = np.array([place for place, _ in cells])
    before = np.empty(len(cells), dtype=object)
    before[:] = [old for _, old in cells]
    former = np.where(is_blank(before), "", read_text(before))
    ids, names = (read_text(clients.column(one)[at]) for one in ("id", "name"))
    rules = None if column.decider is None else result.known.of(column.decider)
    for place, client, name, old in zip(
        at.tolist(), ids.tolist(), names.tolist(), former.tolist(), strict=True
    ):
        new = result.filled[key][place]
        if old and fold(old) != fold(new):
            rule = 0 if rules is None else int(rules[place]) + 1
            yield Move(client, name, key, old, new, rule or None)


def sentences(found: Sequence[Move], config: Config, most: int = FIRST_SENTENCES + 1) -> list[str]:
    """One sentence for each word that clients moved to, or left, such as "3 clients became Waiting
    (Group, rule 4): Anna Petrova, …"; the weightiest column first, in the order of its words. Of
    more than *most* the last tells how many are left out.
    """
    together: dict[tuple[str, str, str], list[Move]] = {}
    for move in found:
        left = "" if move.new else move.old
        together.setdefault((move.column, move.new, left), []).append(move)
    ordered = sorted(together.items(), key=lambda item: _weight(item[0], config))
    lines = [_sentence(ones, config) for _, ones in ordered]
    if len(lines) <= most:
        return lines
    more = _("… and {count} more kinds of move").format(count=len(lines) - (most - 1))
    return [*lines[: most - 1], more]


def _weight(target: tuple[str, str, str], config: Config) -> tuple[int, bool, int, str]:
    column, new, left = target
    words = list(map(fold, config.decided_words()[column]))
    word = fold(new or left)
    place = words.index(word) if word in words else len(words)
    return -config.rooms.columns[column].moves, not new, place, word


def _sentence(found: Sequence[Move], config: Config) -> str:
    first, count = found[0], len(found)
    where = config.heading(FILLED, first.column)
    rules = sorted({move.rule for move in found if move.rule is not None})
    if rules:
        where = _("{column}, rule {rules}").format(column=where, rules=", ".join(map(str, rules)))
    names = first_of([move.name or move.client for move in found])
    if first.new:
        sentence = n_(
            "{count} client became {word} ({column}): {names}",
            "{count} clients became {word} ({column}): {names}",
            count,
        )
    else:
        sentence = n_(
            "{count} client left {word} ({column}): {names}",
            "{count} clients left {word} ({column}): {names}",
            count,
        )
    return sentence.format(count=count, word=first.new or first.old, column=where, names=names)
