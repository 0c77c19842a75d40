"""Who moved, on the first sheet of a workbook that has a place for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from batch.cells import parse_address
from batch.edits import Block, Edit, Region
from batch.errors import SheetNotFound
from batch.placenames import CHANGES, CHANGES_ROWS
from batch.xlsx.workbook import Workbook
from rules.config.settings import Config
from rules.dates import shown_date
from rules.moves import Move, sentences

_PLACE = re.compile(r"('(?:[^']|'')+'|[^'!]+)!(\$?[A-Z]{1,3}\$?[0-9]{1,7})")


def change_lines(moves: Sequence[Move], config: Config, today: dt.date) -> list[str]:
    """The lines that tell the *moves* of a run for *today*, as many as there is room for."""
    day = shown_date(today, config.dates.text_formats[0])
    told = sentences(moves, config, CHANGES_ROWS - 1)
    lines = [config.messages.start_moved_on.format(date=day), *told]
    return [*lines, *[""] * (CHANGES_ROWS - len(lines))]


def changes_block(
    workbook: Workbook, moves: Sequence[Move], config: Config, today: dt.date
) -> Block | None:
    """The cells of the first sheet that tell who moved; None where nobody did, or the workbook has
    no place of that name. What an earlier run told stays until somebody moves again.
    """
    place = _PLACE.fullmatch(workbook.names.get(CHANGES, ""))
    if not moves or place is None:
        return None
    name = place[1].strip("'").replace("''", "'")
    try:
        sheet = workbook.sheet(name)
    except SheetNotFound:
        return None
    row, column = parse_address(place[2].replace("$", ""))
    region = Region(sheet.name, row, range(row, row + CHANGES_ROWS))
    return Block(region, [Edit("", column, "text", change_lines(moves, config, today))])
