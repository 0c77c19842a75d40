"""Which birthdays tell the year of birth."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from rules.model.raw import RawTable
from rules.reading.clean import birth_years
from tests.bases import cells, client, config, table

TODAY = dt.date(2026, 11, 21)


def born(birthday: object) -> RawTable:
    """A table of one client."""
    return table([client(Birthday=birthday)], config().columns.clients, "Clients")


@pytest.mark.parametrize(
    ("birthday", "year"),
    [
        (dt.date(1984, 5, 12), 1984),
        ("12.05.1984", 1984),
        (30814.0, 1984),  # 12 May 1984 as Excel counts
        (dt.date(2000, 5, 12), 2000),
        ("12.05.2000", 2000),
        # nothing tells a year
        (None, 0),
        ("12.05", 0),
        ("29.02", 0),
        ("in May", 0),
        # 14 years old today, and tomorrow
        (dt.date(2012, 11, 21), 2012),
        (dt.date(2012, 11, 22), 0),
        # Excel's year of a typed 12.05, and one after today
        (dt.date(2026, 5, 12), 0),
        (dt.date(2026, 12, 5), 0),
        # 110 years old, 111 tomorrow, 111 today
        (dt.date(1916, 11, 21), 1916),
        (dt.date(1915, 11, 22), 1915),
        (dt.date(1915, 11, 21), 0),
        # Excel's zero, which is shown as 00.01.1900
        (0.0, 0),
    ],
)
def test_the_year_of_birth_is_known_when_it_was_typed_and_can_be_one(
    birthday: object, year: int
) -> None:
    assert birth_years(born(birthday), config(), TODAY).tolist() == [year]


def test_a_birthday_on_29_february_makes_her_older_on_28_february_of_a_common_year() -> None:
    rules = config("dates: {youngest_age: 14}")
    on_29 = born(dt.date(2012, 2, 29))
    assert birth_years(on_29, rules, dt.date(2026, 2, 27)).tolist() == [0]
    assert birth_years(on_29, rules, dt.date(2026, 2, 28)).tolist() == [2012]


def test_the_ages_come_from_the_rules() -> None:
    rules = config("dates: {youngest_age: 0, oldest_age: 30}")
    assert birth_years(born(dt.date(2026, 5, 12)), rules, TODAY).tolist() == [2026]
    assert birth_years(born(dt.date(1984, 5, 12)), rules, TODAY).tolist() == [0]


def test_the_spouse_has_a_year_of_birth_too() -> None:
    base = born(dt.date(1984, 5, 12))
    base = replace(base, details={"spouse_birthday": cells([dt.date(1981, 3, 2)])})
    assert birth_years(base, config(), TODAY, "spouse_birthday").tolist() == [1981]


def test_a_base_without_birthdays_knows_no_year() -> None:
    base = table([client("A"), client("B")], config().columns.clients, "Clients")
    assert birth_years(base, config(), TODAY).tolist() == [0, 0]


def test_dates_are_counted_from_1904_where_the_workbook_does() -> None:
    base = replace(born(None), cells={"birthday": np.array([30814.0 - 1462])}, epoch_1904=True)
    assert birth_years(base, config(), TODAY).tolist() == [1984]
