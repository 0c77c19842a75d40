"""Bases for tests: rows as dictionaries by heading, turned into the tables that `rules` reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from rules.config.basics import Model
from rules.config.loading import load_config
from rules.config.settings import Config
from rules.house import ROOMS
from rules.model.declarations import Rooms
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.words import fold
from rules.recalculation import recalculate
from words import speak

ROOT = Path(__file__).parents[1]
HOUSE = Rooms(ROOMS)
FILLED = tuple(HOUSE.columns.values())
LISTS = {key: sheet.columns for key, sheet in HOUSE.furnished(()).sheets.items()}
Row = Mapping[str, object]


@cache
def shipped() -> dict[str, str]:
    """The two shipped configurations as text."""
    return {
        "en": (ROOT / "config.yaml").read_text(encoding="utf-8"),
        "ru": (ROOT / "config.ru.yaml").read_text(encoding="utf-8"),
    }


def config(text: str = "") -> Config:
    """The default rules, with the entries of *text* in their place; their language is spoken from
    then on, as after reading a file.

    Dates and amounts in the tests are typed as in Russia, so that is the country unless *text*
    names another.
    """
    rules = _loaded(text)
    speak(rules.based_on)
    return rules


_LIST_BEGINS = re.compile(
    r"(?m)\b(groups|holidays|occasions|list|rules):(?: \[(?=\{)|\n(?P<indent> *)(?=- ))"
)


def alone(text: str) -> Config:
    """`config`, with the lists of *text* for the shipped ones, whose entries it takes out."""

    def begun(found: re.Match[str]) -> str:
        indent = found["indent"]
        first = "{off: yes}, " if indent is None else f"- off: yes\n{indent}"
        return f"{found[0]}{first}"

    return config(_LIST_BEGINS.sub(begun, text))


@cache
def _loaded(text: str) -> Config:
    texts = dict(shipped())
    texts["en"] = texts["en"].replace("country: US", "country: RU")
    return load_config(text, texts)


def only(*names: str, rules: Config | None = None) -> Config:
    """*rules* (the default ones) with no contact rules but those called *names*."""
    rules = rules or config()
    kept = tuple(rule for rule in rules.contacts.rules if rule.rule in names)
    return rules.model_copy(update={"contacts": rules.contacts.model_copy(update={"rules": kept})})


def on(text: str) -> dt.date:
    """The date in *text*, yyyy-mm-dd."""
    return dt.date.fromisoformat(text)


def bought(day: str, amount: object = 1000, client: object = "A") -> Row:
    """A row of Purchases."""
    return {"Date": on(day), "Client ID": client, "Amount": amount}


def touched(
    day: str,
    kind: object = "call",
    next_date: str | None = None,
    next_kind: object = None,
    client: object = "A",
) -> Row:
    """A row of Contacts."""
    agreed = None if next_date is None else on(next_date)
    return {
        "Date": on(day),
        "Client ID": client,
        "Kind": kind,
        "Next date": agreed,
        "Next kind": next_kind,
    }


def client(key: object = "A", **typed: object) -> Row:
    """A row of Clients: ID, a name, and the cells *typed*, by heading with _ for a blank."""
    cells_ = {heading.replace("_", " "): cell for heading, cell in typed.items()}
    return {"ID": key, "Name": f"Name of {key}", **cells_}


def cells(values: Sequence[object]) -> np.ndarray:
    """A column of cells, as numbers where all of them are."""
    if all(value is None or type(value) in {int, float} for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def table(rows: Sequence[Row], columns: Model, sheet: str) -> RawTable:
    """*rows* as a table whose first data row is row 2; headings as in *columns*."""
    keys = {fold(heading): key for key, names in dict(columns).items() for heading in names}
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    by_key: dict[str, np.ndarray] = {}
    own: dict[str, np.ndarray] = {}
    for heading in headings:
        column = cells([row.get(heading) for row in rows])
        key = keys.get(fold(heading))
        (own if key is None else by_key)[key or fold(heading)] = column
    letters = {key: chr(ord("A") + number) for number, key in enumerate(by_key)}
    return RawTable(sheet, np.arange(len(rows), dtype=np.int64) + 2, by_key, letters, own)


def calculate(
    clients: Sequence[Row],
    purchases: Sequence[Row],
    contacts: Sequence[Row],
    today: dt.date,
    rules: Config | None = None,
    **rooms: Sequence[Row],
) -> Result:
    """`recalculate` over rows; *rooms*: those of the sheets of rooms, by their keys."""
    rules = rules or config()
    columns = rules.columns
    beside = {
        key: table(rows, getattr(columns, key), rules.sheet(key)) for key, rows in rooms.items()
    }
    base = {
        "clients": table(clients, columns.clients, "Clients"),
        "purchases": table(purchases, columns.purchases, "Purchases"),
        "contacts": table(contacts, columns.contacts, "Contacts"),
        **beside,
    }
    return recalculate(base, rules, today)


def filled(result: Result) -> list[dict[str, object]]:
    """The filled cells of each client by key; None for blank, dates as dates."""
    rows = []
    for record in result.columns.to_dict("records"):
        row: dict[str, object] = {}
        for key, value in record.items():
            if isinstance(value, str):
                row[str(key)] = value or None
            elif pd.isna(value):
                row[str(key)] = None
            elif isinstance(value, float):
                row[str(key)] = value
            else:
                row[str(key)] = value.date()
        rows.append(row)
    return rows
