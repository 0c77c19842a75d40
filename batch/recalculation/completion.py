"""Cells of hers that she left blank and that follow from the rest: IDs of new clients, and in the
logs the ID or the name of the client. No other cell of hers is ever filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from batch.book import Book
from batch.edits import Edit, Kind, Region
from rules.config.settings import Config
from rules.model.raw import RawTable
from rules.reading.cells import read_text
from rules.reading.newids import give_ids
from rules.reading.whose import Completed, Filled, complete

if TYPE_CHECKING:
    from batch.base import Place


def completed(
    workbook: Book, tables: Mapping[str, RawTable], places: Mapping[str, Place], config: Config
) -> Completed:
    """The tables with what follows in blank cells. An ID counts only where it can be written: a
    cell with a formula that gives nothing has none.
    """
    given = give_ids(tables, config)
    if given.filled:
        kept = workbook.compare(list(edits(given.filled, given.tables, places))).kept
        clients = tables[config.rooms.clients.key]
        fixed = np.flatnonzero(np.isin(clients.rows, [one.row for one in kept])).tolist()
        given = give_ids(tables, config, fixed) if fixed else given
    whole = complete(given.tables, config)
    return Completed(whole.tables, (*given.filled, *whole.filled))


def edits(
    filled: Iterable[Filled], tables: Mapping[str, RawTable], places: Mapping[str, Place]
) -> Iterator[Edit]:
    """These cells as they are to be written, as texts or numbers."""
    for one in filled:
        place, table = places[one.table], tables[one.table]
        number = place.columns.get(one.key)
        if number is None:
            continue
        cells = table.cells[one.key]
        numbers = [type(cell) is float for cell in cells[one.at].tolist()]
        is_number, texts = np.array(numbers, dtype=bool), read_text(cells[one.at])
        kinds: dict[Kind, NDArray[np.bool_]] = {"number": is_number, "text": ~is_number}
        for kind, here in kinds.items():
            if here.any():
                rows = table.rows[one.at[here]].tolist()
                region = Region(place.sheet.name, place.header_row, rows, place.part)
                values = cells[one.at[here]] if kind == "number" else texts[here]
                yield Edit(region, place.headings[number], number, kind, values.tolist())
