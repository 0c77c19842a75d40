"""Dates and amounts as people type them, against an independent reading; and what Excel shows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from rules.config import customs_table
from rules.config.country import customs
from rules.reading.typed_amounts import AmountReader
from rules.reading.typed_dates import DateReader, Doubt
from tests.typed import typed_amount, typed_date
from words.countries import module

TODAY = dt.date(2026, 11, 29)
AGES = (14, 110)
CURRENCY = ("₽", "руб.", "руб", "р.", "р", "$", "USD")
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))

TEXTS = [
    # text; day first; month first
    ("16.10.26", "2026-10-16", Doubt.OTHER_ORDER),
    ("5/12/2026", "2026-12-05", "2026-05-12"),
    ("5 12 2026", "2026-12-05", "2026-05-12"),
    ("2026-10-01T10:00:00Z", "2026-10-01", "2026-10-01"),
    ("2026-10-01 14:30:05", "2026-10-01", "2026-10-01"),
    ("05.12.2026 14:30 MSK", "2026-12-05", "2026-05-12"),
    ("5/12/2026 2:30 PM", "2026-12-05", "2026-05-12"),
    ("1 ноября 2026 г.", "2026-11-01", "2026-11-01"),
    ("1 ноября 2026 года", "2026-11-01", "2026-11-01"),
    ("16 Oct 2026", "2026-10-16", "2026-10-16"),
    ("Oct 16, 2026", "2026-10-16", "2026-10-16"),
    ("16-окт-26", "2026-10-16", "2026-10-16"),
    ("16 Sept. 2026", "2026-09-16", "2026-09-16"),
    ("10/16/2026", Doubt.OTHER_ORDER, "2026-10-16"),
    ("2026-16-10", Doubt.OTHER_ORDER, Doubt.OTHER_ORDER),
    ("1.1.77", "1977-01-01", "1977-01-01"),
    ("1.1.76", "2076-01-01", "2076-01-01"),
    ("29.02.2025", Doubt.UNREADABLE, Doubt.UNREADABLE),
    ("31.12.1899", Doubt.UNREADABLE, Doubt.UNREADABLE),
    ("5 марта", Doubt.NO_YEAR, Doubt.NO_YEAR),
    ("--05-12", Doubt.NO_YEAR, Doubt.NO_YEAR),
    ("в мае", Doubt.UNREADABLE, Doubt.UNREADABLE),
    ("Oct 2026", Doubt.UNREADABLE, Doubt.UNREADABLE),
    ("1.2.3", Doubt.UNREADABLE, Doubt.UNREADABLE),
    ("5 ма 2026", Doubt.UNREADABLE, Doubt.UNREADABLE),
    ("5.12.2026 25:00", Doubt.UNREADABLE, Doubt.UNREADABLE),
]


@pytest.mark.parametrize(("text", "day_first", "month_first"), TEXTS)
def test_a_date_in_a_log_is_read_in_the_order_of_the_country(
    text: str, day_first: str | Doubt, month_first: str | Doubt
) -> None:
    for reader, expected in (
        (DateReader("dmy", TODAY), day_first),
        (DateReader("mdy", TODAY), month_first),
    ):
        read = reader.read(text)
        assert (read.doubt or str(read.date)) == expected


BIRTHDAYS = [
    ("5 марта", "2000-03-05"),
    ("--05-12", "2000-05-12"),
    ("--0512", "2000-05-12"),
    ("12.05", "2000-05-12"),
    ("25 дек.", "2000-12-25"),
    ("14.12.93", "1993-12-14"),
    ("14.12.16", "1916-12-14"),  # born in 2016 she would be 9 years old
    ("28.11.12", "2012-11-28"),
    ("01.06.15", "2015-06-01"),  # neither is possible; only the day and the month count
    ("29.02.24", "1924-02-29"),
    ("09.12.1961 г.", "1961-12-09"),
]


@pytest.mark.parametrize(("text", "expected"), BIRTHDAYS)
def test_a_birthday_has_a_possible_age_and_may_lack_its_year(text: str, expected: str) -> None:
    assert str(DateReader("dmy", TODAY, AGES).read(text).date) == expected


@pytest.mark.parametrize(
    ("text", "proposed"),
    [("29 ноября", "2026-11-29"), ("30.11", "2025-11-30"), ("29.02", "2024-02-29")],
)
def test_a_day_without_a_year_is_proposed_with_the_latest_that_isn_t_ahead(
    text: str, proposed: str
) -> None:
    assert str(DateReader("dmy", TODAY).read(text).date) == proposed


@given(
    day=DAYS,
    form=st.sampled_from(
        ["d/M/y", "dd-MMM-yy", "d MMMM y", "MMM d, y", "y-MM-dd", "d-MMM", "full"]
    ),
)
@pytest.mark.parametrize("country", ["RU", "KZ", "BY", "UA", "DE", "US", "GB"])
def test_what_excel_shows_of_a_date_reads_back_or_is_in_doubt(
    country: str, form: str, day: dt.date
) -> None:
    there = customs(country)
    if form == "d/M/y" and there.order == "mdy":
        form = "M/d/y"
    read = DateReader("dmy" if there.order == "dmy" else "mdy", TODAY).read(
        format_date(day, form, "en_US" if country in {"US", "GB"} else "ru_RU")
    )
    assert bool(read.doubt) == (form in {"d-MMM", "full"})
    if not read.doubt:
        assert read.date is not None
        assert (read.date.month, read.date.day) == (day.month, day.day)
        assert read.date.year == day.year or (
            form == "dd-MMM-yy" and read.date.year % 100 == day.year % 100
        )


@given(
    amount=st.decimals(-(10**9), 10**9, places=2),
    form=st.sampled_from(["plain", "grouped", "brackets", "behind"]),
)
@pytest.mark.parametrize("country", ["RU", "DE", "US", "GB", "CH"])
def test_what_excel_shows_of_an_amount_reads_back(country: str, form: str, amount: Decimal) -> None:
    there = customs(country)
    group = "." if there.decimal == "," else ","
    digits = f"{abs(amount):,.2f}"
    text = digits if form == "grouped" else digits.replace(",", "")
    text = text.translate(str.maketrans(",.", group + there.decimal))
    if amount < 0:
        text = f"({text})" if form == "brackets" else f"{text}-" if form == "behind" else f"-{text}"
    assert AmountReader(there.decimal, there.currency.split()).read(text) == amount


PIECES = st.lists(
    st.sampled_from(
        [
            *[
                "1",
                "5",
                "12",
                "05",
                "13",
                "31",
                "29",
                "02",
                "2026",
                "26",
                "1975",
                "99",
                "Oct",
                "окт",
                "мая",
                "марта",
                "may",
                "г.",
                ".",
                ".",
                "/",
                "-",
                ",",
                "14:30",
            ],
            " ",
            " ",
        ]
    ),
    min_size=2,
    max_size=7,
)


@given(PIECES, st.sampled_from(["dmy", "mdy"]), st.sampled_from([None, AGES]))
def test_no_date_is_read_as_something_else(
    pieces: list[str], order: str, ages: tuple[int, int] | None
) -> None:
    text = "".join(pieces)
    read = DateReader("dmy" if order == "dmy" else "mdy", TODAY, ages).read(text)
    if read.doubt == Doubt.NONE:
        assert read.date == typed_date(text, order, TODAY, ages)


@given(
    st.lists(
        st.sampled_from(
            [
                *[
                    "1",
                    "5",
                    "12",
                    "200",
                    "500",
                    "000",
                    "050",
                    "0",
                    ".",
                    ",",
                    ".",
                    ",",
                    "'",
                    "+",
                    "-",
                    "−",
                    "(",
                    ")",
                    "=",
                    "р",
                    "р.",
                    "$",
                    "USD",
                    "руб.",
                ],
                " ",
                " ",
            ]
        ),
        min_size=1,
        max_size=8,
    ).map("".join),
    st.sampled_from(",."),
)
def test_amounts_are_read_as_by_an_independent_reader(text: str, decimal: str) -> None:
    read = AmountReader(decimal, CURRENCY).read(text)
    assert (None if read is None else Fraction(read)) == typed_amount(text, decimal, CURRENCY)


CUSTOMS = [
    ("RU", ",", "dd.mm.yyyy", "₽"),
    ("KZ", ",", "dd.mm.yyyy", "₸"),
    ("BY", ",", "dd.mm.yyyy", "BYN"),
    ("UA", ",", "dd.mm.yyyy", "₴"),
    ("DE", ",", "dd.mm.yyyy", "€"),
    ("US", ".", "mm/dd/yyyy", "$"),
    ("GB", ".", "dd/mm/yyyy", "£"),
    ("ZZ", ".", "dd.mm.yyyy", ""),
]


@pytest.mark.parametrize(("country", "decimal", "written", "sign"), CUSTOMS)
def test_a_country_gives_its_customs(country: str, decimal: str, written: str, sign: str) -> None:
    found = customs(country)
    assert (found.decimal, found.date) == (decimal, written)
    assert sign in found.currency


def test_the_table_of_customs_is_that_of_cldr() -> None:
    assert Path(customs_table.__file__).read_text(encoding="utf-8") == module()
