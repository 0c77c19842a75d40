"""The room of the catalogues and an independent reading of what it promises agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from numpy.typing import NDArray

from rules.model.result import as_cells
from tests import reference
from tests.bases import FILLED, Row, calculate, config, filled
from tests.random_bases import HOME_CITY, TODAYS, Base, random_base
from tests.reference_catalogues import decided, reading, usable

NAMES = (
    "Spring",
    " spring",
    "SPRING ",
    "No. 1",
    "no. 1",
    dt.date(2024, 3, 1),
    "03/2024",
    None,
    "?",
)
SAID = (
    None,
    None,
    None,
    None,
    "",
    "+",
    "yes",
    " YES",
    "-",
    "–",
    "no",
    "missed",
    0,
    "0",
    "she smiled",
)


def handed(random: Random, base: Base, today: dt.date) -> list[Row]:
    """Rows of Catalogues, most of clients of the base, with days around those that decide."""
    keys = [row.get("ID") for row in base[0]] or ["nobody"]
    return [
        {
            "Date": today
            - dt.timedelta(random.choice((-1, 0, 4, 5, 6, 20, 21, 22, 23, 80, 84, 85, 400))),
            "Client ID": random.choice([*keys, "nobody"]),
            "Catalogue": random.choice(NAMES),
            "Result": random.choice(SAID),
        }
        for _ in range(random.randrange(14))
    ]


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_cell_is_as_it_promises(today: dt.date) -> None:
    rules = config(f"home_city: {HOME_CITY}")
    settings = replace(reference.DEFAULT, home_city=HOME_CITY)
    for seed in range(4):
        base = random_base(3000 * seed + today.toordinal(), today)
        rows = handed(Random(seed + today.toordinal()), base, today)
        clients, purchases, contacts = ([dict(row) for row in table] for table in base)
        expected = reference.calculate(
            clients, purchases, contacts, today, settings, [reading(rows, today)]
        )
        result = calculate(*base, today, rules, catalogues=rows)
        for wanted, got in zip(expected, filled(result), strict=True):
            for column in FILLED:
                cell = wanted[getattr(rules.columns.filled, column.key)[0]]
                assert got[column.key] == (float(cell) if isinstance(cell, Decimal) else cell)
        read = reference.read_base(clients, purchases, contacts, today, settings)
        check_rows(result.beside["catalogues"], rows, read, today)


def check_rows(
    columns: Mapping[str, NDArray[Any]], rows: Sequence[Row], base: reference.Base, today: dt.date
) -> None:
    """The three grey columns of Catalogues."""
    wanted = {one.row: one for one in decided(usable(rows, base, today), base, today)}
    outcome, ordered_on, amount = (as_cells(column) for column in columns.values())
    for row in range(len(rows)):
        one = wanted.get(row)
        assert outcome[row] == (one.outcome if one else None)
        assert ordered_on[row] == (one.ordered_on if one else None)
        bought = None if one is None or one.kopecks is None else one.kopecks / 100
        assert amount[row] == bought


@pytest.mark.parametrize("today", TODAYS[::3], ids=str)
def test_its_sheet_empty_or_with_one_row_of_today_moves_no_contact_back_before_today(
    today: dt.date,
) -> None:
    rules = config(f"home_city: {HOME_CITY}")
    for seed in range(3):
        base = random_base(5000 * seed + today.toordinal(), today)
        without = filled(calculate(*base, today, rules))
        some = handed(Random(seed), base, today)[:4]
        for rows in ([], *([{**row, "Date": today}] for row in some)):
            found = filled(calculate(*base, today, rules, catalogues=rows))
            for before, after in zip(without, found, strict=True):
                assert before | _contact_cells(after) == after | _contact_cells(after)
                assert not _is_moved_back(before["next_contact"], after["next_contact"], today)


def _is_moved_back(before: object, after: object, today: dt.date) -> bool:
    """Whether a contact stands before today that didn't before, or stood later."""
    later = before if isinstance(before, dt.date) else dt.date.max
    return isinstance(after, dt.date) and after < min(today, later)


def _contact_cells(row: dict[str, object]) -> dict[str, object]:
    return {key: row[key] for key in ("next_contact", "contact_reason", "channel")}
