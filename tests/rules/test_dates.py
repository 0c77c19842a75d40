"""Calendar arithmetic: months, the year, birthdays, serial numbers and dates typed as text."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from rules.reading.dates import (
    Days,
    add_months,
    date_or_none,
    from_serials,
    from_texts,
    months_since,
    next_anniversary,
    older_than_months,
    within_months,
    year_start,
)
from tests.bases import config, on

FORMATS = ("dd.mm.yyyy", "yyyy-mm-dd", "dd.mm")


def days(*texts: str | None) -> Days:
    return np.array([text or "NaT" for text in texts], dtype="datetime64[D]")


def one(dates: Days) -> str | None:
    assert len(dates) == 1
    found = date_or_none(dates[0])
    return None if found is None else found.isoformat()


# --- N months later --------------------------------------------------------------------------

LATER = [
    ("2024-05-15", 0, "2024-05-15"),
    ("2024-05-15", 1, "2024-06-15"),
    ("2024-05-15", 8, "2025-01-15"),
    ("2024-05-15", -5, "2023-12-15"),
    # the last day of a shorter month
    ("2023-12-31", 2, "2024-02-29"),
    ("2024-12-31", 2, "2025-02-28"),
    ("2024-01-31", 3, "2024-04-30"),
    ("2024-01-30", 1, "2024-02-29"),
    ("2024-01-29", 1, "2024-02-29"),
    ("2024-01-28", 1, "2024-02-28"),
    ("2025-01-29", 1, "2025-02-28"),
    ("2024-03-31", -1, "2024-02-29"),
    # a month's end isn't sticky: 29 February + 1 month is the 29th
    ("2024-02-29", 1, "2024-03-29"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", 48, "2028-02-29"),
    ("1969-12-31", 2, "1970-02-28"),
]


@pytest.mark.parametrize(("date", "months", "expected"), LATER)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(
    date: str, months: int, expected: str
) -> None:
    assert one(add_months(days(date), months)) == expected


def test_each_date_may_have_its_own_number_of_months_and_an_unknown_date_stays_unknown() -> None:
    later = add_months(days("2024-01-31", "2024-01-31", None), np.array([1, 2, 3]))
    np.testing.assert_array_equal(later, days("2024-02-29", "2024-03-31", None))


# --- at most N months ago, more than N months ago ---------------------------------------------

AGO = [
    # date, months, the last day on which it lies at most so many months ago
    ("2024-05-15", 0, "2024-05-15"),
    ("2024-05-15", 5, "2024-10-15"),
    ("2023-12-31", 2, "2024-02-29"),
    ("2024-12-31", 2, "2025-02-28"),
    ("2024-08-28", 6, "2025-02-28"),
    ("2024-08-31", 6, "2025-02-28"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2023-02-28", 12, "2024-02-28"),
    ("2024-03-31", 1, "2024-04-30"),
]


@pytest.mark.parametrize(("date", "months", "last_day"), AGO)
def test_at_most_n_months_ago_ends_on_the_day_n_months_later(
    date: str, months: int, last_day: str
) -> None:
    last = np.datetime64(last_day)
    assert within_months(days(date), months, last).tolist() == [True]
    assert older_than_months(days(date), months, last).tolist() == [False]
    assert within_months(days(date), months, last + 1).tolist() == [False]
    assert older_than_months(days(date), months, last + 1).tolist() == [True]


def test_an_unknown_date_is_neither_within_nor_older_than_any_months() -> None:
    today = np.datetime64("2024-05-15")
    assert within_months(days(None), 600, today).tolist() == [False]
    assert older_than_months(days(None), 0, today).tolist() == [False]


SINCE = [
    ("2024-01-15", "2024-01-15", 0),
    ("2024-01-15", "2024-02-14", 0),
    ("2024-01-15", "2024-02-15", 1),
    ("2024-01-31", "2024-02-28", 0),
    ("2024-01-31", "2024-02-29", 1),
    ("2023-12-31", "2024-02-28", 1),
    ("2023-12-31", "2024-02-29", 2),
    ("2024-02-29", "2025-02-27", 11),
    ("2024-02-29", "2025-02-28", 12),
    ("2022-05-15", "2024-05-14", 23),
    ("2022-05-15", "2024-05-15", 24),
]


@pytest.mark.parametrize(("date", "today", "months"), SINCE)
def test_whole_months_since_is_the_largest_number_that_has_passed(
    date: str, today: str, months: int
) -> None:
    assert months_since(days(date), np.datetime64(today)).tolist() == [months]


def test_months_since_an_unknown_date_are_unknown() -> None:
    assert np.isnan(months_since(days(None), np.datetime64("2024-05-15"))).tolist() == [True]


# --- the year --------------------------------------------------------------------------------

YEARS = [
    ("trailing", "07-01", "2024-05-15", "2023-05-16"),
    ("trailing", "07-01", "2024-12-31", "2024-01-01"),
    ("trailing", "07-01", "2024-02-29", "2023-03-01"),  # 12 months before is 28 February
    ("trailing", "07-01", "2025-02-28", "2024-02-29"),
    ("calendar", "07-01", "2024-05-15", "2024-01-01"),
    ("calendar", "07-01", "2024-01-01", "2024-01-01"),
    ("calendar", "07-01", "2023-12-31", "2023-01-01"),
    ("seminar", "07-01", "2024-06-30", "2023-07-01"),
    ("seminar", "07-01", "2024-07-01", "2024-07-01"),
    ("seminar", "07-01", "2024-07-02", "2024-07-01"),
    ("seminar", "02-29", "2025-02-27", "2024-02-29"),
    ("seminar", "02-29", "2025-02-28", "2025-02-28"),
]


@pytest.mark.parametrize(("basis", "start", "today", "first_day"), YEARS)
def test_the_year_begins_as_the_configuration_says(
    basis: str, start: str, today: str, first_day: str
) -> None:
    year = config(f"year: {{basis: {basis}, seminar_start: {start}}}").year
    assert year_start(on(today), year) == np.datetime64(first_day)


# --- birthdays -------------------------------------------------------------------------------

RETURNS = [
    ("1990-05-15", "2024-05-14", "2024-05-15"),
    ("1990-05-15", "2024-05-15", "2024-05-15"),
    ("1990-05-15", "2024-05-16", "2025-05-15"),
    ("1990-12-31", "2025-01-01", "2025-12-31"),
    ("1990-01-01", "2024-12-31", "2025-01-01"),
    # 29 February is the 28th in common years
    ("2000-02-29", "2023-01-01", "2023-02-28"),
    ("2000-02-29", "2023-02-28", "2023-02-28"),
    ("2000-02-29", "2023-03-01", "2024-02-29"),
    ("2000-02-29", "2024-02-28", "2024-02-29"),
    ("2000-02-29", "2024-02-29", "2024-02-29"),
    ("2000-02-29", "2024-03-01", "2025-02-28"),
    ("1990-02-28", "2024-02-29", "2025-02-28"),
]


@pytest.mark.parametrize(("date", "since", "expected"), RETURNS)
def test_a_birthday_returns_every_year(date: str, since: str, expected: str) -> None:
    assert one(next_anniversary(days(date), np.datetime64(since))) == expected


def test_the_year_of_birth_does_not_matter_even_when_it_lies_ahead() -> None:
    assert one(next_anniversary(days("2090-05-15"), np.datetime64("2024-01-01"))) == "2024-05-15"


def test_each_birthday_may_be_sought_from_its_own_day() -> None:
    found = next_anniversary(
        days("1990-05-15", "1990-05-15", None, "1990-05-15"),
        days("2024-05-15", "2024-05-16", "2024-05-15", None),
    )
    np.testing.assert_array_equal(found, days("2024-05-15", "2025-05-15", None, None))


# --- serial numbers --------------------------------------------------------------------------

SERIALS = [
    (45292, "2024-01-01", "2028-01-02"),
    (45292.999, "2024-01-01", "2028-01-02"),  # the time of day is cut off
    (1, "1900-01-01", "1904-01-02"),
    (59, "1900-02-28", "1904-02-29"),
    (60, None, "1904-03-01"),  # the 29 February 1900 that never was
    (61, "1900-03-01", "1904-03-02"),
    (0, None, "1904-01-01"),
    (0.5, None, "1904-01-01"),
    (-1, None, None),
    (2957003, "9995-12-30", "9999-12-31"),
    (2957004, "9995-12-31", None),
    (2958465, "9999-12-31", None),
    (2958466, None, None),
    (1e300, None, None),
    (float("inf"), None, None),
    (float("nan"), None, None),
]


@pytest.mark.parametrize(("serial", "in_1900", "in_1904"), SERIALS)
def test_a_number_is_a_serial_date_of_the_workbooks_date_system(
    serial: float, in_1900: str | None, in_1904: str | None
) -> None:
    assert one(from_serials(np.array([serial]))) == in_1900
    assert one(from_serials(np.array([serial]), epoch_1904=True)) == in_1904


# --- dates typed as text ---------------------------------------------------------------------

TEXTS = [
    ("15.05.2024", "2024-05-15"),
    ("  15.05.2024 ", "2024-05-15"),
    ("5.3.2024", "2024-03-05"),
    ("2024-05-15", "2024-05-15"),
    ("29.02.2024", "2024-02-29"),
    ("29.02.2023", None),
    ("31.04.2024", None),
    ("00.05.2024", None),
    ("15.13.2024", None),
    ("15.05.24", None),
    ("15.05.1899", None),
    ("15.05.1900", "1900-05-15"),
    ("31.12.9999", "9999-12-31"),
    ("15/05/2024", None),
    ("15.05.2024 or later", None),
    ("45292", None),
    ("soon", None),
    ("", None),
    ("15.05", None),  # only a birthday may lack its year
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_is_a_date_when_it_fits_a_format_and_there_is_such_a_day(
    text: str, expected: str | None
) -> None:
    assert one(from_texts(pd.Series([text], dtype=object), FORMATS)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.05", "2000-05-15"),
        ("29.02", "2000-02-29"),
        ("30.02", None),
        ("15.05.1990", "1990-05-15"),
    ],
)
def test_a_birthday_may_be_typed_without_its_year(text: str, expected: str | None) -> None:
    found = from_texts(pd.Series([text], dtype=object), FORMATS, without_year=True)
    assert one(found) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("04.05.2024", "2024-05-04"), ("04.15.2024", "2024-04-15")]
)
def test_the_first_format_that_fits_reads_the_text(text: str, expected: str) -> None:
    formats = ("dd.mm.yyyy", "mm.dd.yyyy")
    assert one(from_texts(pd.Series([text], dtype=object), formats)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("05032024", "2024-03-05"), ("5032024", None), ("532024", None)]
)
def test_without_separators_day_and_month_have_two_digits(text: str, expected: str | None) -> None:
    assert one(from_texts(pd.Series([text], dtype=object), ("ddmmyyyy",))) == expected


def test_an_empty_column_gives_an_empty_column() -> None:
    nothing = days()
    assert len(add_months(nothing, 3)) == 0
    assert len(months_since(nothing, np.datetime64("2024-05-15"))) == 0
    assert len(next_anniversary(nothing, np.datetime64("2024-05-15"))) == 0
    assert len(from_serials(np.array([], dtype=float))) == 0
    assert len(from_texts(pd.Series([], dtype=object), FORMATS)) == 0


def test_an_unknown_date_is_none_outside_of_columns() -> None:
    assert date_or_none(np.datetime64("NaT", "D")) is None
    assert date_or_none(np.datetime64("2024-05-15")) == dt.date(2024, 5, 15)
