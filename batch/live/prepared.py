"""The open client base as the button needs it: with the lists, and what she wrote on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import xlwings as xw

from batch.base import read_base
from batch.cells import CellRange, address
from batch.edits import Block
from batch.lists.blocks import emptied_entries
from batch.lists.contactlog import NewRows
from batch.lists.places import FoundLists, ListPlace, find_lists
from batch.lists.takeover import TakenOver, take_over
from batch.live.filling import filling_of
from batch.live.workbook import Opened, OpenWorkbook, rules_of
from rules.config.settings import Config
from rules.recalculation import recalculate


@dataclass(frozen=True)
class Prepared(Opened):
    """An open client base, recalculated with the contacts that she noted on the list of the day.

    lists: where the lists stand; taken: what is to be taken over from the list of the day.
    """

    lists: FoundLists
    taken: TakenOver


def prepare(book: xw.Book, today: dt.date) -> Prepared:
    """Read and calculate the open *book* as of *today*, her entries included; write nothing.

    Raises a ClientBaseError for what the consultant can put right: rules, sheets, headings.
    """
    workbook = OpenWorkbook(book)
    rules = rules_of(workbook)
    config = rules.config
    lists = find_lists(workbook, config)
    read = read_base(workbook, config, detailed=bool(lists.places))
    taken = take_over(workbook, read, lists, config, today)
    if taken.listed is not None:
        taken = _that_can_move(workbook, taken, lists.places["today"], config)
    base = taken.base
    result = recalculate(base.clients, base.purchases, base.contacts, config, today)
    return Prepared(workbook, rules, base, result, lists, taken)


def _that_can_move(
    workbook: OpenWorkbook, taken: TakenOver, place: ListPlace, config: Config
) -> TakenOver:
    """What is taken over; nothing of it where a cell can't be written or emptied, for then a
    contact would be lost, or come back with every click.
    """
    formulas = [] if place.last_row == place.header_row else _formulas(workbook, place)
    if formulas:
        return taken.kept_back(config.messages.entry_formula, formulas)
    if taken.rows is not None and not _is_free(workbook, taken.rows):
        advice = config.messages.entry_no_room.format(sheet=taken.rows.place.sheet.name)
        return taken.kept_back(advice)
    return taken


def _formulas(workbook: OpenWorkbook, place: ListPlace) -> list[str]:
    """The cells of Done and Result that calculate."""
    return [
        address(filling.rows[at], column.number)
        for filling in (filling_of(workbook, block) for block in emptied_entries(place))
        for column in filling.columns
        for at in np.flatnonzero(column.formulas).tolist()
    ]


def _is_free(workbook: OpenWorkbook, rows: NewRows) -> bool:
    """Whether the new rows' cells are neither merged nor formulas that show nothing."""
    blocks = rows.blocks()
    columns = [one.column for block in blocks for one in block.columns if one.column]
    area = CellRange(rows.first, min(columns), rows.last, max(columns))
    with suppress(NotImplementedError):
        if workbook.block(rows.place.sheet, area).merge_cells is not False:
            return False
    return not _holds_formula(workbook, blocks)


def _holds_formula(workbook: OpenWorkbook, blocks: Sequence[Block]) -> bool:
    return any(
        any(column.formulas) for block in blocks for column in filling_of(workbook, block).columns
    )
