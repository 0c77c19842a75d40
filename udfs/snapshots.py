"""What the functions know of each open workbook: read once, then shared by all of its cells.

VBA has the tables read anew after an edit and after Recalculate; a new day or a restarted Python
is noticed here, and told to VBA by an error, upon which it does the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xlwings as xw

from batch.installation import log
from batch.live.opened import calculate_open
from batch.live.workbook import cell_of
from rules.answers import Answer, Answers, Block, of_figures
from rules.errors import ClientBaseError
from words import _


class NotReadError(ClientBaseError, LookupError):
    """The tables of a workbook weren't read yet today."""

    def __init__(self, base: str) -> None:
        self.base = base
        super().__init__(_("The tables of '{base}' have to be read first.").format(base=base))


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
        _snapshots[base] = Snapshot(
            today, None, _("clientbase failed; click Recalculate to read why")
        )


def about_clients(
    function: str, clients: Sequence[Sequence[object]] | None, here: object, base: object
) -> list[list[Answer]]:
    """What *function* answers for a block of IDs; without one, for the client of the row *here*
    (sheet!row). Raises NotReadError.
    """

    def ask(answers: Answers) -> Block:
        if here:
            sheet, _, row = str(here).rpartition("!")
            return [[answers.in_row(function, sheet, int(row))]]
        return [[answers.of(function, client) for client in row] for row in _cells(clients)]

    return _answered(base, ask)


def about_value(
    clients: Sequence[Sequence[object]], column: Sequence[Sequence[object]], base: object
) -> list[list[Answer]]:
    """What stands in a grey column for each of a block of IDs. Raises NotReadError."""
    heading = _cells(column)[0][0]
    return _answered(
        base,
        lambda answers: [[answers.value(one, heading) for one in row] for row in _cells(clients)],
    )


def about_figures(function: str, block: Sequence[Sequence[object]], base: object) -> Block:
    """The classes of a block of amounts, by the rules of the workbook. Raises NotReadError."""
    return _answered(
        base, lambda answers: of_figures(function, _cells(block), answers.result.config)
    )


def _cells(block: Sequence[Sequence[object]] | None) -> list[list[object]]:
    """A block of cells as the rules read them; one blank cell for nothing."""
    return [[cell_of(value) for value in row] for row in block or [[None]]]


def _answered(base: object, ask: Callable[[Answers], Block]) -> Block:
    snapshot = _snapshots.get(str(base))
    if snapshot is None or snapshot.today != _today():
        raise NotReadError(str(base))
    if snapshot.answers is None:
        return [[snapshot.failure]]
    try:
        return ask(snapshot.answers)
    except Exception as error:  # noqa: BLE001 — whatever it is, the cell gets a sentence
        log.write(f"A function in {base} failed.", error)
        return [[_("clientbase failed; click Recalculate to read why")]]


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
