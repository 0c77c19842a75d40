"""Results and tables for the lists, made of rows by heading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rules.config.basics import Model
from rules.config.settings import Config
from rules.lists.columns import SheetList
from rules.lists.journal import birthday_journal
from rules.lists.levelling import IsWorkingDay
from rules.lists.shopping import shopping_list
from rules.lists.tables import Tables
from rules.lists.today import todays_list
from rules.recalculation import Result, recalculate
from rules.tables import RawTable
from tests.bases import Row, config, table

TODAY = dt.date(2026, 11, 21)
DETAILS = frozenset(("wishes", "spouse", "spouse_birthday", "product", "note", "result"))


def calculated(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
) -> tuple[Result, Tables]:
    """The rows calculated, and the tables as a base is read with all its columns."""
    rules = rules or config()
    columns = rules.columns
    tables = Tables(
        _detailed(clients, columns.clients, "Clients"),
        _detailed(purchases, columns.purchases, "Purchases"),
        None if contacts is None else _detailed(contacts, columns.contacts, "Contacts"),
    )
    result = recalculate(tables.clients, tables.purchases, tables.contacts, rules, today)
    return result, tables


def _detailed(rows: Sequence[Row], columns: Model, sheet: str) -> RawTable:
    """A table with the columns that no rule decides by as details."""
    read = table(rows, columns, sheet)
    details = {key: cells for key, cells in read.cells.items() if key in DETAILS}
    cells = {key: cells for key, cells in read.cells.items() if key not in DETAILS}
    return replace(read, cells=cells, details=details)


def rows_of(made: SheetList) -> list[dict[str, Any]]:
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
    works: IsWorkingDay = lambda _day: True,
) -> list[dict[str, Any]]:
    """The rows of the sheet Today."""
    result, tables = calculated(clients, purchases, contacts, today, rules)
    return rows_of(todays_list(result, tables, works))


def journal_rows(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
) -> list[dict[str, Any]]:
    """The rows of the sheet Birthdays."""
    return rows_of(birthday_journal(*calculated(clients, purchases, contacts, today, rules)))


def gift_rows(
    clients: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] | None = (),
    today: dt.date = TODAY,
    rules: Config | None = None,
) -> list[dict[str, Any]]:
    """The rows of the sheet Gifts."""
    return rows_of(shopping_list(*calculated(clients, purchases, contacts, today, rules)))
