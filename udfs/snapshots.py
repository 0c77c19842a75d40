"""What the functions know of each open workbook: read once, then shared by all of its cells.

VBA has the tables read anew after an edit and after Recalculate; a new day or a restarted Python
is noticed here, and told to VBA by an error, upon which it does the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import xlwings as xw

from batch.installation import log
from batch.live.opened import calculate_open
from batch.live.workbook import cell_of
from rules.answers import Answers, Block
from rules.errors import ClientBaseError
from words import _, marked


class NotReadError(ClientBaseError, LookupError):
    """The tables of a workbook weren't read yet today."""

    base: str
    says = marked("The tables of '{base}' have to be read first.")


@dataclass(frozen=True)
class Snapshot:
    """The answers for a workbook on one day; or why there are none."""

    today: dt.date
    answers: Answers | None
    failure: str = ""


_snapshots: dict[str, Snapshot] = {}


def read_anew(base: str) -> None:
    """Read and calculate the calling workbook, which its VBA calls *base*."""
    today = _today()
    try:
        book = xw.Book.caller()
        _snapshots[base] = Snapshot(today, calculate_open(book, today).answers())
    except ClientBaseError as error:
        _snapshots[base] = Snapshot(today, None, str(error))
    except Exception as error:  # noqa: BLE001 — whatever it is, the cells get a sentence
        log.write(f"Reading {base} failed.", error)
        _snapshots[base] = Snapshot(today, None, _failed())


def answered(
    function: str,
    arguments: Sequence[Sequence[Sequence[object]] | None],
    base: object,
    here: object = None,
) -> Block:
    """What *function* answers for its *arguments*, each a block of cells; with the first one left
    out, for the client of the row *here* (sheet!row). Raises NotReadError.
    """
    snapshot = _snapshots.get(str(base))
    if snapshot is None or snapshot.today != _today():
        raise NotReadError(str(base))
    if snapshot.answers is None:
        return [[snapshot.failure]]
    try:
        if here:
            sheet, _at, row = str(here).rpartition("!")
            return [[snapshot.answers.in_row(function, sheet, int(row))]]
        return snapshot.answers.block(function, list(map(_cells, arguments)))
    except Exception as error:  # noqa: BLE001 — whatever it is, the cell gets a sentence
        log.write(f"A function in {base} failed.", error)
        return [[_failed()]]


def _failed() -> str:
    return _("clientbase failed; click Recalculate to read why")


def _cells(block: Sequence[Sequence[object]] | None) -> list[list[object]]:
    """A block of cells as the rules read them; one blank cell for nothing."""
    return [[cell_of(value) for value in row] for row in block or [[None]]]


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
