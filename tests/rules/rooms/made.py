"""Results and tables for the lists, made of rows by heading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ParamSpec

from rules.config.basics import Model
from rules.config.settings import Config
from rules.model.declarations import IsWorkingDay, SheetRows
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.recalculation import recalculate
from rules.rooms.birthdays import birthday_journal
from rules.rooms.shopping import shopping_list
from rules.rooms.today.room import todays_list
from tests.bases import Row, config, table

P = ParamSpec("P")
TODAY = dt.date(2026, 11, 21)


def every_day(_day: dt.date) -> bool:
    """She works on every day."""
    return True


DETAILS = frozenset(("wishes", "spouse", "spouse_birthday", "product", "note", "result"))


def calculated(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
) -> Result:
    """The rows calculated, of a base that is read with all its columns."""
    rules = rules or config()
    columns = rules.columns
    base = {
        "clients": _detailed(clients, columns.clients, "Clients"),
        "purchases": _detailed(purchases, columns.purchases, "Purchases"),
    }
    if contacts is not None:
        base["contacts"] = _detailed(contacts, columns.contacts, "Contacts")
    return recalculate(base, rules, today)


def _detailed(rows: Sequence[Row], columns: Model, sheet: str) -> RawTable:
    """A table with the columns that no rule decides by as details."""
    read = table(rows, columns, sheet)
    details = {key: cells for key, cells in read.cells.items() if key in DETAILS}
    cells = {key: cells for key, cells in read.cells.items() if key not in DETAILS}
    return replace(read, cells=cells, details=details)


def rows_of(made: SheetRows) -> list[dict[str, Any]]:
    """A list's rows by key of their columns."""
    keys = list(made.columns)
    return [
        dict(zip(keys, cells, strict=True)) for cells in zip(*made.columns.values(), strict=True)
    ]


def rows_by(
    sheet: Callable[[Result, IsWorkingDay], SheetRows], made: Callable[P, Result]
) -> Callable[P, list[dict[str, Any]]]:
    """What gives the rows of a sheet, of a base as *made* takes it."""

    def rows(*args: P.args, **words: P.kwargs) -> list[dict[str, Any]]:
        return rows_of(sheet(made(*args, **words), every_day))

    return rows


journal_rows = rows_by(birthday_journal, calculated)
gift_rows = rows_by(shopping_list, calculated)
today_rows = rows_by(todays_list, calculated)
