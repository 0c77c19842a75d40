"""Results and tables for the lists, made of rows by heading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

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


def today_rows(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
    works: IsWorkingDay = every_day,
) -> list[dict[str, Any]]:
    """The rows of the sheet Today."""
    return rows_of(todays_list(calculated(clients, purchases, contacts, today, rules), works))


def journal_rows(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
) -> list[dict[str, Any]]:
    """The rows of the sheet Birthdays."""
    return rows_of(
        birthday_journal(calculated(clients, purchases, contacts, today, rules), every_day)
    )


def gift_rows(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
) -> list[dict[str, Any]]:
    """The rows of the sheet Gifts."""
    return rows_of(shopping_list(calculated(clients, purchases, contacts, today, rules), every_day))
