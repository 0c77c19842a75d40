"""What the first sheet tells of a recalculation, in a workbook that has places for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from batch.book import Book
from batch.edits import Edit, Region
from rules.config.settings import Config
from rules.moves import Move, sentences
from rules.reading.dates import shown_date
from words import _, speaking

RESULT = "cb_result"
"""The name of the cell with the sentence of the last recalculation."""
CHANGES = "cb_changes"
"""The name of the first of the cells that tell who moved class, group or stage."""
CHANGES_ROWS = 6
"""So many cells, one below the other."""
PROBLEMS = "cb_problems"
"""The name of the first cell below the headings of the problem list: where, found, what to do."""


def change_lines(moves: Sequence[Move], config: Config, today: dt.date) -> list[str]:
    """The lines that tell the *moves* of a run for *today*, as many as there is room for."""
    day = shown_date(today, config.dates.written)
    with speaking(config.based_on):
        told = sentences(moves, config, CHANGES_ROWS - 1)
        lines = [_("On {date}:").format(date=day), *told]
    return [*lines, *[""] * (CHANGES_ROWS - len(lines))]


def moves_edits(book: Book, moves: Sequence[Move], config: Config, today: dt.date) -> list[Edit]:
    """The cells of the first sheet that tell who moved; none where nobody did, or the workbook has
    no place of that name. What an earlier run told stays until somebody moves again.
    """
    place = book.named(CHANGES) if moves else None
    if place is None:
        return []
    sheet, row, column = place
    region = Region(sheet.name, row, range(row, row + CHANGES_ROWS))
    return [Edit(region, "", column, "text", change_lines(moves, config, today))]
