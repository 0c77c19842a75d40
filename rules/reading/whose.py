"""Whose the rows of the logs are: she types a client's ID or her name, and the other one follows.

Names are compared as `rules.reading.words` compares them: their words in another order are another
name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.model.declarations import Table
from rules.model.raw import RawTable
from rules.reading.alike import KnownIds
from rules.reading.cells import Cells, is_blank, read_keys, read_text, read_words
from rules.reading.words import fold_total


class Filled(NamedTuple):
    """Cells of the column *key* of a table that she left blank, by their positions."""

    table: str
    key: str
    at: NDArray[np.intp]


class Completed(NamedTuple):
    """The tables of a base, with what follows from the rest of a row, and which cells that are."""

    tables: Mapping[str, RawTable]
    filled: tuple[Filled, ...] = ()


def complete(base: Mapping[str, RawTable], config: Config) -> Completed:
    """The tables of *base* with the ID of each client whom a log only names, and the name of each
    of whom it has the ID alone, as they stand on Clients.

    A cell in which anything stands is left as it is, and so is one of a name that nobody has, or
    several. A log without a column for IDs has them all the same.
    """
    rooms, tables, filled = config.rooms, dict(base), list[Filled]()
    named = [key for key, one in rooms.tables.items() if key in base and has_names(one, base[key])]
    if not named:
        return Completed(base)
    clients = base.get(rooms.clients.key, RawTable.empty(""))
    known = KnownIds(clients, _by_id(clients, config))
    for key in named:
        table = rooms.tables[key]
        tables[key], ids, names = _with_clients(base[key], table, known)
        for column, at in ((table.identity, ids), (table.named_by, names)):
            if len(at):
                filled.append(Filled(key, column, at))
    return Completed(tables, tuple(filled))


def has_names(table: Table, raw: RawTable) -> bool:
    """Whether a log has a column with the names of the clients."""
    return bool(table.named_by) and table.named_by in raw.cells


def typed_names(cells: Cells) -> NDArray[np.object_]:
    """Each name as it is compared, '' for blank; what is no text is no name."""
    if cells.dtype.kind == "f":
        return np.full(len(cells), "", dtype=object)
    is_text = np.fromiter((type(cell) is str for cell in cells.tolist()), bool, len(cells))
    if is_text.all():
        return read_words(cells)
    names = np.full(len(cells), "", dtype=object)
    names[is_text] = read_words(cells[is_text])
    return names


def are_totals(words: NDArray[np.object_], config: Config) -> NDArray[np.bool_]:
    """Which of these IDs or names tell the row of a total."""
    totals = {fold_total(word) for word in config.total_words}
    begin = {total[:1] for total in totals}
    begin |= {"ё"} if "е" in begin else set()  # folding a word makes them one, and takes longer
    likely = {word for word in set(words.tolist()) if word[:1] in begin}
    found = {word for word in likely if fold_total(word) in totals}
    if not found:
        return np.zeros(len(words), dtype=bool)
    return np.fromiter((word in found for word in words.tolist()), bool, len(words))


def _by_id(clients: RawTable, config: Config) -> dict[str, int]:
    """Where each client stands who has an ID, by it; the first one counts."""
    keys = read_keys(clients.column("id"), are_names=clients.is_keyed_by_name)
    is_total = are_totals(keys, config) | are_totals(read_words(clients.column("name")), config)
    found: dict[str, int] = {}
    for at in np.flatnonzero((keys != "") & ~is_total).tolist():
        found.setdefault(keys[at], at)
    return found


def _with_clients(
    raw: RawTable, table: Table, known: KnownIds
) -> tuple[RawTable, NDArray[np.intp], NDArray[np.intp]]:
    """A log with what follows, and where an ID was blank, and where a name."""
    ids, names = raw.column(table.identity), raw.column(table.named_by)
    no_id, no_name = is_blank(ids), is_blank(names)
    nobodys = np.flatnonzero(no_id)
    typed = typed_names(names[nobodys])
    nobodys, typed = nobodys[typed != ""], typed[typed != ""]
    by_name = np.fromiter(map(known.named, typed.tolist()), np.intp, len(nobodys))
    nobodys, by_name = nobodys[by_name >= 0], by_name[by_name >= 0]
    nameless = np.flatnonzero(no_name & ~no_id)
    keys = read_keys(ids[nameless], are_names=known.are_names).tolist()
    by_id = np.fromiter((known.positions.get(key, -1) for key in keys), np.intp, len(keys))
    has_name = (by_id >= 0) & (known.names[by_id] != "") if len(known.names) else by_id >= 0
    nameless, by_id = nameless[has_name], by_id[has_name]
    written = read_text(known.clients.column("name"))[by_id]
    cells = {
        **raw.cells,
        table.identity: put(ids, nobodys, known.clients.column("id")[by_name]),
        table.named_by: put(names, nameless, written),
    }
    letters = {table.identity: raw.letters[table.named_by], **raw.letters}
    return raw.with_cells(cells, letters), nobodys, nameless


def put(cells: Cells, at: NDArray[np.intp], new: Cells) -> Cells:
    """A column with other cells at some positions."""
    if not len(at):
        return cells
    column = cells.astype(object)
    if cells.dtype.kind == "f":
        column[np.isnan(cells)] = None
    column[at] = new
    return column
