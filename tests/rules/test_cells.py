"""Cells as the user typed them: blank, text, IDs, yes/no, dates and amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.config.settings import Numbers
from rules.reading.cells import (
    AmountDoubt,
    CellError,
    Cells,
    in_units,
    is_blank,
    no_cells,
    read_amounts,
    read_dates,
    read_flags,
    read_key,
    read_keys,
    read_numbers,
    read_text,
    shown,
)
from rules.reading.typed_dates import Doubt
from tests.bases import config
from words import speaking

TODAY = np.datetime64("2026-11-29")
RUSSIAN = config("based_on: ru")
NOT_AVAILABLE = CellError("#N/A")
THIN, NARROW, NO_BREAK = "\u2009", "\u202f", "\u00a0"


def typed(*values: object) -> Cells:
    """A column of anything."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


# --- blank -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [None, "", "   ", NO_BREAK, "\t\n", float("nan")])
def test_a_cell_with_nothing_or_only_blanks_is_blank(cell: object) -> None:
    assert is_blank(typed(cell)).tolist() == [True]
    assert read_text(typed(cell)).tolist() == [""]
    assert read_keys(typed(cell)).tolist() == [""]


@pytest.mark.parametrize("cell", [0, 0.0, "0", "-", False, NOT_AVAILABLE, dt.date(2024, 5, 15)])
def test_a_cell_with_anything_else_is_not_blank(cell: object) -> None:
    assert is_blank(typed(cell)).tolist() == [False]


def test_in_a_column_of_numbers_the_missing_ones_are_blank() -> None:
    assert is_blank(np.array([0.0, np.nan, 7.0])).tolist() == [False, True, False]
    assert is_blank(no_cells(2)).tolist() == [True, True]


# --- text and IDs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Anna  Maria ", "Anna  Maria"),
        (7, "7"),
        (7.0, "7"),
        (7.25, "7.25"),
        (-3, "-3"),
        (1234567890123456, "1234567890123456"),
        (9007199254740991.0, "9007199254740991"),
        (-9007199254740992.0, "-9007199254740992"),
        (1e16, "1e+16"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2024, 5, 15), "2024-05-15"),
        (dt.datetime.fromisoformat("2024-05-15T18:30"), "2024-05-15"),
        (NOT_AVAILABLE, ""),
    ],
)
def test_every_cell_reads_as_text(cell: object, text: str) -> None:
    assert read_text(typed(cell)).tolist() == [text]


def test_a_column_of_numbers_reads_as_the_same_text_as_single_cells() -> None:
    assert read_text(np.array([7.0, 7.25, np.nan])).tolist() == ["7", "7.25", ""]


SAME_ID = [
    ("Anna", " anna "),
    ("Anna Maria", "ANNA   maria"),
    ("Anna Maria", f"Anna{NO_BREAK}Maria"),
    ("Мария", "МАРИЯ"),
    ("ёлка", "Ёлка"),
    (7, "7"),
    (7.0, " 7 "),
    (1234567890123456.0, "1234567890123456"),
    (2.0**53, "9007199254740992"),
]
OTHER_ID = [
    ("007", 7),
    ("007", "07"),
    ("Anna", "Ana"),
    ("Anna Maria", "AnnaMaria"),
    ("ёлка", "елка"),
    ("7.0", 7.0),
]


@pytest.mark.parametrize(("one", "other"), SAME_ID)
def test_ids_are_the_same_whatever_the_case_and_the_blanks(one: object, other: object) -> None:
    left, right = read_keys(typed(one, other))
    assert left == right


@pytest.mark.parametrize("number", [7.0, 1e15, 2.0**53 - 1, 2.0**53, -(2.0**53), 2.0**53 + 2, 0.5])
def test_one_number_as_an_id_is_read_as_in_a_column_of_them(number: float) -> None:
    assert [read_key(number)] == read_keys(np.array([number])).tolist()
    assert [read_key(number)] == read_keys(typed(number)).tolist()


@pytest.mark.parametrize(("one", "other"), OTHER_ID)
def test_ids_that_differ_in_more_than_case_and_blanks_are_different(
    one: object, other: object
) -> None:
    left, right = read_keys(typed(one, other))
    assert left != right


# --- yes and no ------------------------------------------------------------------------------

SAYS_NO = [
    "no", " No ", "NO", "нет", "Нет", "false", "FALSE", "0", "-", 0, 0.0, False,
    None, "", "  ", float("nan"), NOT_AVAILABLE,
]  # fmt: skip
SAYS_YES = ["yes", "да", "x", "+", "1", 1, True, "never", "no calls", dt.date(2024, 5, 15)]


@pytest.mark.parametrize("cell", SAYS_NO)
def test_a_yes_no_cell_that_says_no_counts_as_blank(cell: object) -> None:
    assert read_flags(typed(cell), config().no_words).tolist() == [False]


@pytest.mark.parametrize("cell", SAYS_YES)
def test_a_yes_no_cell_with_anything_else_says_yes(cell: object) -> None:
    assert read_flags(typed(cell), config().no_words).tolist() == [True]


def test_the_words_that_say_no_come_from_the_configuration() -> None:
    assert read_flags(typed("nein", "no"), ["nein"]).tolist() == [False, True]
    assert read_flags(np.array([0.0, 1.0, np.nan]), ["0"]).tolist() == [False, True, False]


# --- dates -----------------------------------------------------------------------------------

DATES = [
    # cell, date, unreadable
    (dt.date(2024, 5, 15), "2024-05-15", False),
    (dt.datetime.fromisoformat("2024-05-15T23:59"), "2024-05-15", False),
    (pd.Timestamp("2024-05-15 12:00"), "2024-05-15", False),
    ("15.05.2024", "2024-05-15", False),
    (45292, "2024-01-01", False),
    (45292.5, "2024-01-01", False),
    (None, "NaT", False),
    ("  ", "NaT", False),
    ("soon", "NaT", True),
    ("15.05", "NaT", True),
    (60, "NaT", True),
    (-5, "NaT", True),
    (True, "NaT", True),
    (NOT_AVAILABLE, "NaT", True),
    (dt.date(1899, 12, 31), "NaT", True),
    (dt.date(1900, 1, 1), "1900-01-01", False),
]


@pytest.mark.parametrize(("cell", "date", "unreadable"), DATES)
def test_a_date_is_read_from_a_date_a_serial_number_or_a_text(
    cell: object, date: str, unreadable: bool
) -> None:
    read = read_dates(typed(cell), RUSSIAN.dates, TODAY)
    np.testing.assert_array_equal(read.known, np.array([date], dtype="datetime64[D]"))
    assert read.unreadable.tolist() == [unreadable]


def test_a_column_of_serial_numbers_follows_the_workbooks_date_system() -> None:
    column = np.array([43830.0, np.nan, -1.0])
    read = read_dates(column, RUSSIAN.dates, TODAY, epoch_1904=True)
    assert read.known.astype(str).tolist() == ["2024-01-01", "NaT", "NaT"]
    assert read.unreadable.tolist() == [False, False, True]
    cells = typed(43830, "15.05.2024")
    mixed = read_dates(cells, RUSSIAN.dates, TODAY, epoch_1904=True)
    assert mixed.known.astype(str).tolist() == ["2024-01-01", "2024-05-15"]


def test_a_birthday_may_lack_its_year() -> None:
    read = read_dates(typed("15.05", "31.02", None), RUSSIAN.dates, TODAY, is_birthday=True)
    assert read.known.astype(str).tolist() == ["2000-05-15", "NaT", "NaT"]
    assert read.unreadable.tolist() == [False, True, False]
    assert read.yearless.tolist()[0]


BARE = [
    # number, is a birthday, why not
    (1975, True, Doubt.BARE_NUMBER),
    (12.05, True, Doubt.BARE_NUMBER),
    (2026, False, Doubt.BARE_NUMBER),
    (32873, False, Doubt.BARE_NUMBER),  # 31 December 1989
    (32874, False, Doubt.NONE),
    (32874, True, Doubt.NONE),
    (5811, True, Doubt.BARE_NUMBER),  # 28 November 1915: 111 years old
    (5813, True, Doubt.NONE),  # 30 November 1915: 110 years old until tomorrow
    (-5, True, Doubt.UNREADABLE),
]


@pytest.mark.parametrize("column", [typed, lambda number: np.array([number])])
@pytest.mark.parametrize(("number", "is_birthday", "doubt"), BARE)
def test_a_number_that_is_not_shown_as_a_date_and_can_t_be_meant_is_none(
    number: float, is_birthday: bool, doubt: Doubt, column: Callable[[float], Cells]
) -> None:
    cells = column(float(number))
    read = read_dates(cells, RUSSIAN.dates, TODAY, is_birthday=is_birthday)
    assert read.doubts.tolist() == [doubt]
    shown_as_dates = np.array([True])
    other = read_dates(
        cells, RUSSIAN.dates, TODAY, is_birthday=is_birthday, shown_as_dates=shown_as_dates
    )
    assert other.doubts.tolist() == [Doubt.UNREADABLE if number < 0 else Doubt.NONE]


def test_an_age_beyond_all_limits_makes_no_date_of_a_year() -> None:
    dates = config("dates: {oldest_age: 150}").dates
    read = read_dates(np.array([1975.0, 2101.0]), dates, TODAY, is_birthday=True)
    assert read.doubts.tolist() == [Doubt.BARE_NUMBER, Doubt.NONE]


def test_her_own_forms_of_dates_go_first() -> None:
    dates = config("country: US\ndates: {text_formats: [yyyymmdd, dd/mm/yyyy]}").dates
    read = read_dates(typed("20261005", "04/03/2026", "4-3-2026"), dates, TODAY)
    assert read.known.astype(str).tolist() == ["2026-10-05", "2026-03-04", "2026-04-03"]
    assert dates.written == "yyyymmdd"


# --- amounts ---------------------------------------------------------------------------------

AMOUNTS: list[tuple[object, int]] = [
    # cell, kopecks
    (1200, 1200_00),
    (1200.5, 1200_50),
    (36000.01, 36000_01),
    (0, 0),
    (-290, -290_00),
    (0.1 + 0.2, 30),
    (1.005, 1_01),  # half a kopeck is rounded away from zero, by the decimals that it shows
    (-1.005, -1_01),
    (1.0049, 1_00),
    ("1200", 1200_00),
    (" 1200 ", 1200_00),
    ("1 200,50", 1200_50),
    (f"1{NO_BREAK}200,50", 1200_50),
    (f"1{THIN}200,50", 1200_50),
    (f"1{NARROW}200,50", 1200_50),
    ("1 234 567,89", 1234567_89),
    (9.99e11, 999_000_000_000_00),
    (1e12, 1_000_000_000_000_00),
    (999_999_999_999.99, 999_999_999_999_99),
    (0.285, 29),  # a little below in binary, and the product a little above
    (1.0049999999999999, 1_01),  # shown as 1.005
    (1.00499999999999, 1_00),
    (12345678901.005, 12345678901_01),
    ("1000000000000", 1_000_000_000_000_00),
    ("0000000000000000000012", 12_00),
    ("1234567,89", 1234567_89),
    ("0,5", 50),
    ("0,05", 5),
    ("1 200 ₽", 1200_00),
    ("1200₽", 1200_00),
    ("1200 руб.", 1200_00),
    ("1200 РУБ", 1200_00),
    ("12 р.", 12_00),
    ("$5", 5_00),
    ("5 €", 5_00),
    ("-300", -300_00),
    ("\u2212300", -300_00),
    ("+300", 300_00),
    ("1 200р", 1200_00),
    ("1200.50", 1200_50),
    ("1,200.50", 1200_50),
    ("1.200,50", 1200_50),
    ("1.234.567", 1234567_00),
    ("1.200", 1200_00),  # a group, since a point before three digits is no decimal sign here
    ("1,200", 1_20),
    ("0,005", 1),
    ("1,2345", 1_23),
    ("1'200", 1200_00),
    ("(300)", -300_00),
    ("(300 ₽)", -300_00),
    ("300-", -300_00),
    ("=500+300", 800_00),
    ("850 + 490", 1340_00),
    ("500+300=", 800_00),
]
DOUBTFUL = [
    "twelve", "₽", "12 00", "1 2000", "0.005", "1  200", "1 200.500", ",5", "5,", "1,2,3", "1,00,000",
    "٣٠٠", "３００", "1\n200", "1\t200", "1000000000001", "1000000000000,01", 1e12 + 0.001, "9" * 5000,
    "--5", "-(5)", "10%", "1e3", "1 200 or 1 300", "1 200 шт", "12345678901234", "500++300", "5 ₽ ₽", dt.time(12, 30),
    True, NOT_AVAILABLE, dt.date(2024, 5, 15), 1.1e13, float("inf"), float("-inf"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "kopecks"), AMOUNTS)
def test_an_amount_is_read_when_it_is_a_number_without_doubt(cell: object, kopecks: int) -> None:
    read = read_amounts(typed(cell), RUSSIAN.numbers)
    assert (read.minor.tolist(), read.blank.tolist(), read.unreadable.tolist()) == (
        [kopecks],
        [False],
        [False],
    )


@pytest.mark.parametrize("cell", DOUBTFUL)
def test_an_amount_in_doubt_is_not_guessed(cell: object) -> None:
    read = read_amounts(typed(cell), RUSSIAN.numbers)
    assert (read.blank.tolist(), read.unreadable.tolist()) == ([False], [True])


def test_no_amount_is_blank_and_not_unreadable() -> None:
    for column in (typed(None, " "), no_cells(2)):
        read = read_amounts(column, RUSSIAN.numbers)
        assert (read.blank.tolist(), read.unreadable.tolist()) == ([True, True], [False, False])


def test_a_column_of_numbers_is_read_like_single_cells() -> None:
    read = read_amounts(np.array([1.005, np.nan, 1.1e13, -290.0]), RUSSIAN.numbers)
    assert read.minor.tolist() == [1_01, 0, 0, -290_00]
    assert read.blank.tolist() == [False, True, False, False]
    assert read.unreadable.tolist() == [False, False, True, False]


@pytest.mark.parametrize("places", range(5))
@given(data=st.data())
def test_money_of_up_to_15_digits_is_read_exactly(places: int, data: st.DataObject) -> None:
    numbers = RUSSIAN.numbers.model_copy(update={"minor_units": places})
    most = min(10 ** (12 + places), 10**15)
    minor = data.draw(st.lists(st.integers(-most, most), min_size=1))
    cells = np.array([one / 10**places for one in minor])
    assert read_amounts(cells, numbers).minor.tolist() == minor
    assert in_units(np.array(minor), places).tolist() == cells.tolist()


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_an_amount_is_rounded_half_away_from_zero_by_the_digits_that_it_shows(
    amount: float, places: int
) -> None:
    numbers = RUSSIAN.numbers.model_copy(update={"minor_units": places})
    digits = max(15, len(str(int(abs(amount)))) + places)
    exact = Decimal(f"{amount:.{digits}g}") * 10**places
    expected = exact.to_integral_value(ROUND_HALF_UP)
    assert read_amounts(np.array([amount]), numbers).minor.tolist() == [int(expected)]


@pytest.mark.parametrize("cell", [999_999_999_999.9999, "999999999999,9999"])
def test_four_decimals_of_a_very_large_amount_count(cell: object) -> None:
    numbers = RUSSIAN.numbers.model_copy(update={"minor_units": 4})
    assert read_amounts(typed(cell), numbers).minor.tolist() == [9_999_999_999_999_999]
    assert read_numbers(typed(cell), numbers).tolist() == [999_999_999_999.9999]


def test_numbers_stay_exact_and_text_counts_only_without_doubt() -> None:
    cells = typed(1.23456, "1 200,5", "0.005", "twelve", True, None, 7)
    read = read_numbers(cells, RUSSIAN.numbers)
    assert read[[0, 1, 6]].tolist() == [1.23456, 1200.5, 7]
    assert np.isnan(read[2:6]).all()
    assert read_numbers(np.array([1.5, np.nan]), RUSSIAN.numbers)[0] == 1.5


def test_the_decimal_sign_comes_from_the_configuration() -> None:
    pointed = Numbers(decimal=".", currency=("£",), minor_units=2)
    read = read_amounts(typed("1 200.500", "£5", "1,200", "0,005", "5 ₽"), pointed)
    assert read.minor[:3].tolist() == [1200_50, 5_00, 1200_00]
    assert read.unreadable.tolist() == [False, False, False, True, True]


WRONG = [
    ("возврат 600", AmountDoubt.WORDS, 600_00),
    ("ok", AmountDoubt.UNREADABLE, 0),
    ("2 000 000 000 000", AmountDoubt.TOO_LARGE, 0),
    (2e12, AmountDoubt.TOO_LARGE, 0),
    (dt.date(2026, 5, 12), AmountDoubt.DATE, 0),
    (dt.time(12, 5), AmountDoubt.DATE, 0),
]


@pytest.mark.parametrize(("cell", "doubt", "meant"), WRONG)
def test_what_is_no_amount_says_why(cell: object, doubt: AmountDoubt, meant: int) -> None:
    read = read_amounts(typed(cell), RUSSIAN.numbers)
    assert read.doubts.tolist() == [doubt]
    if doubt == AmountDoubt.WORDS:
        assert read.minor.tolist() == [meant]


@pytest.mark.parametrize(("minor_units", "minor"), [(0, [1201, 1201]), (3, [1200500, 1200500])])
def test_money_is_counted_in_the_decimals_of_the_currency(
    minor_units: int, minor: list[int]
) -> None:
    numbers = Numbers(decimal=",", currency=(), minor_units=minor_units)
    assert read_amounts(typed(1200.5, "1200,5"), numbers).minor.tolist() == minor


# --- messages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("soon", "'soon'"),
        ("x" * 40, "'" + "x" * 40 + "'"),
        ("x" * 41, "'" + "x" * 37 + "…'"),
        (7.0, "7"),
        (NOT_AVAILABLE, "#N/A"),
        (True, "TRUE"),
        (dt.date(2024, 5, 15), "2024-05-15"),
        (None, ""),
    ],
)
def test_a_message_shows_text_in_quotes_and_other_cells_as_they_are(
    cell: object, text: str
) -> None:
    assert shown(cell) == text


def test_a_message_shows_yes_and_no_as_excel_does_in_her_language() -> None:
    with speaking("ru"):
        assert [shown(True), shown(np.False_)] == ["ИСТИНА", "ЛОЖЬ"]
