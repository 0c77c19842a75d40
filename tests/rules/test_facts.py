"""Facts per client: turnover, purchase days, gaps, intervals, attendance."""

from __future__ import annotations

import numpy as np
import pytest

from rules.rooms.facts import Facts
from rules.rooms.facts import facts as facts_rule
from tests.bases import Row, bought, calculate, client, config, on

TODAY = "2024-05-15"  # its year: 2023-05-16 to 2024-05-15


def facts_of(*lines: Row, today: str = TODAY, rules: str = "") -> Facts:
    """The facts of one client with these purchase lines."""
    return calculate([client()], lines, [], on(today), config(rules)).known.of(facts_rule)


def days_of(*days: str, today: str = TODAY) -> Facts:
    """The facts of one client who bought on these days."""
    return facts_of(*[bought(day) for day in days], today=today)


# --- purchase days ---------------------------------------------------------------------------

PURCHASE_DAYS: list[tuple[str, list[Row], int]] = [
    ("nothing", [], 0),
    ("one line", [bought("2024-05-01", 100)], 1),
    ("two lines of one day", [bought("2024-05-01", 100), bought("2024-05-01", 200)], 1),
    ("two days", [bought("2024-05-01", 100), bought("2024-05-02", 200)], 2),
    ("a present", [bought("2024-05-01", 0)], 0),
    ("a present with a purchase", [bought("2024-05-01", 0), bought("2024-05-01", 100)], 1),
    ("a return", [bought("2024-05-01", -100)], 0),
    ("taken back on the same day", [bought("2024-05-01", 100), bought("2024-05-01", -100)], 0),
    ("taken back but for a kopeck", [bought("2024-05-01", 100), bought("2024-05-01", -99.99)], 1),
    ("taken back later", [bought("2024-05-01", 100), bought("2024-05-02", -100)], 1),
    ("sums to nothing but for rounding", [bought("2024-05-01", x) for x in (0.1, 0.2, -0.3)], 0),
]


@pytest.mark.parametrize(
    ("lines", "count"),
    [case[1:] for case in PURCHASE_DAYS],
    ids=[case[0] for case in PURCHASE_DAYS],
)
def test_a_purchase_day_is_a_day_whose_lines_sum_to_more_than_zero(
    lines: list[Row], count: int
) -> None:
    facts = facts_of(*lines)
    assert facts.purchase_days.tolist() == [count]
    assert facts.bought.tolist() == [count > 0]


def test_first_and_last_purchase_are_purchase_days_while_the_last_line_is_any_line() -> None:
    facts = facts_of(
        bought("2024-01-01", 0),
        bought("2024-04-10"),
        bought("2024-02-10"),
        bought("2024-03-10"),
        bought("2024-05-01", -100),
    )
    assert facts.first_purchase.astype(str).tolist() == ["2024-02-10"]
    assert facts.last_purchase.astype(str).tolist() == ["2024-04-10"]
    assert facts.last_line.astype(str).tolist() == ["2024-05-01"]


def test_without_purchases_all_dates_and_intervals_are_unknown() -> None:
    facts = facts_of()
    assert not facts.has_lines[0]
    for dates in (facts.first_purchase, facts.last_purchase, facts.last_line):
        assert np.isnat(dates).tolist() == [True]
    for numbers in (
        facts.days_since_last_purchase,
        facts.months_since_last_purchase,
        facts.longest_gap_days,
        facts.usual_interval_days,
    ):
        assert np.isnan(numbers).tolist() == [True]


# --- the year --------------------------------------------------------------------------------

IN_YEAR = [
    # year.basis, today, the first day of the year
    ("trailing", "2024-05-15", "2023-05-16"),
    ("trailing", "2024-02-29", "2023-03-01"),
    ("calendar", "2024-05-15", "2024-01-01"),
    ("seminar", "2024-06-30", "2023-07-01"),
    ("seminar", "2024-07-01", "2024-07-01"),
]


@pytest.mark.parametrize(("basis", "today", "first_day"), IN_YEAR)
def test_only_lines_from_the_first_day_of_the_year_to_today_count_in_the_year(
    basis: str, today: str, first_day: str
) -> None:
    before = str(np.datetime64(first_day) - 1)
    after = str(np.datetime64(today) + 1)
    lines = [bought(before, 1), bought(first_day, 20), bought(today, 300), bought(after, 4000)]
    facts = facts_of(*lines, today=today, rules=f"year: {{basis: {basis}}}")
    days = {before, first_day, today}
    assert facts.turnover_in_year.tolist() == [(20 + 300) * 100]
    assert facts.purchase_days_in_year.tolist() == [len(days - {before})]
    assert facts.purchase_days.tolist() == [len(days)]


def test_returns_are_taken_off_the_turnover_and_presents_add_nothing() -> None:
    facts = facts_of(
        *[bought("2024-05-01", 1450)] * 3, bought("2024-05-02", -290), bought("2024-05-03", 0)
    )
    assert facts.turnover_in_year.tolist() == [(3 * 1450 - 290) * 100]


def test_the_turnover_is_exact_to_the_kopeck_over_many_lines() -> None:
    facts = facts_of(*[bought("2024-05-01", 0.1)] * 1001)
    assert facts.turnover_in_year.tolist() == [1001 * 10]


# --- gaps and intervals ----------------------------------------------------------------------

GAPS: list[tuple[list[str], int | None]] = [
    ([], None),
    (["2024-05-15"], 0),
    (["2024-05-01"], 14),  # the stretch from the last one to today
    (["2024-05-01", "2024-05-15"], 14),
    (["2024-01-01", "2024-03-01", "2024-05-01"], 31 + 30),  # March and April
    (["2024-01-01", "2024-03-01"], 31 + 30 + 14),
    (["2024-02-01", "2024-02-10", "2024-04-20", "2024-05-10"], 19 + 31 + 20),
    # the stretch before the first of the year doesn't count
    (["2023-05-15", "2024-05-10"], 5),
    (["2023-05-16", "2024-05-10"], 366 - 6),
    (["2023-05-15"], None),
    # days that are no purchase days and days after today don't part a gap
    (["2024-05-01", "2024-05-16"], 14),
]


@pytest.mark.parametrize(("days", "gap"), GAPS)
def test_the_longest_gap_lies_between_purchase_days_of_the_year_or_before_today(
    days: list[str], gap: int | None
) -> None:
    found = days_of(*days).longest_gap_days[0]
    assert (None if np.isnan(found) else found) == gap


def test_a_present_does_not_part_a_gap() -> None:
    lines = [bought("2024-04-01"), bought("2024-04-20", 0), bought("2024-05-15")]
    assert facts_of(*lines).longest_gap_days.tolist() == [30 + 14]


INTERVALS: list[tuple[list[str], int | None]] = [
    ([], None),
    (["2024-05-01"], None),
    (["2024-05-01", "2024-05-11"], 10),
    (["2024-05-01", "2024-05-11", "2024-05-15"], 7),  # the median of 10 and 4
    (["2024-04-01", "2024-04-11", "2024-04-26"], 13),  # of 10 and 15: 12.5, rounded up
    (["2024-03-01", "2024-03-11", "2024-03-31", "2024-05-15"], 20),  # of 10, 20 and 45
    (["2024-05-01", "2024-05-02", "2024-05-04", "2024-05-07", "2024-05-15"], 3),  # of 1 2 3 8: 2.5
    (["2021-05-01", "2022-05-01"], 365),  # ever, not only in the year
    (["2024-05-01", "2024-05-01"], None),  # one purchase day
]


@pytest.mark.parametrize(("days", "interval"), INTERVALS)
def test_the_usual_interval_is_the_median_gap_ever_rounded_up_to_whole_days(
    days: list[str], interval: int | None
) -> None:
    found = days_of(*days).usual_interval_days[0]
    assert (None if np.isnan(found) else found) == interval


SINCE = [
    # last purchase, today, days, whole months
    ("2024-05-15", "2024-05-15", 0, 0),
    ("2024-04-15", "2024-05-14", 29, 0),
    ("2024-04-15", "2024-05-15", 30, 1),
    ("2023-12-31", "2024-02-28", 31 + 28, 1),
    ("2023-12-31", "2024-02-29", 31 + 29, 2),
    ("2024-02-29", "2025-02-27", 364, 11),
    ("2024-02-29", "2025-02-28", 365, 12),
]


@pytest.mark.parametrize(("last", "today", "days", "months"), SINCE)
def test_days_and_whole_months_since_the_last_purchase(
    last: str, today: str, days: int, months: int
) -> None:
    facts = days_of("2020-01-01", last, today=today)
    assert facts.days_since_last_purchase.tolist() == [days]
    assert facts.months_since_last_purchase.tolist() == [months]


# --- attendance ------------------------------------------------------------------------------

CLASSES = [
    ("2024-05-14", True),
    ("2024-05-15", True),
    ("2024-05-16", False),  # a plan
    (None, False),
]


@pytest.mark.parametrize(("class_date", "attended"), CLASSES)
def test_a_class_is_attended_when_its_date_is_not_after_today(
    class_date: str | None, attended: bool
) -> None:
    date = None if class_date is None else on(class_date)
    facts = calculate([client(Class_date=date)], [], [], on(TODAY)).known.of(facts_rule)
    assert facts.attended_class.tolist() == [attended]


KEPT = [
    # class dates of the buyers, attendance_from, whether they are kept
    ([], 50, True),
    ([None], 50, False),
    (["2024-05-15"], 50, True),
    (["2024-05-16"], 50, False),  # a plan
    (["2024-05-15", None], 50, True),
    (["2024-05-15", None, None], 50, False),
    (["2024-05-15", None, None], 33, True),
    (["2024-05-15", None, None], 34, False),
    ([None], 0, True),
]


@pytest.mark.parametrize(("dates", "percent", "kept"), KEPT)
def test_class_dates_are_kept_where_enough_of_those_who_bought_have_one(
    dates: list[str | None], percent: int, kept: bool
) -> None:
    days = [None if date is None else on(date) for date in dates]
    rows = [client(f"B{at}", Class_date=day) for at, day in enumerate(days)]
    rows += [client("never bought"), client("never bought either", Class_date=on("2024-01-01"))]
    lines = [bought("2024-05-01", 1, f"B{at}") for at in range(len(dates))]
    rules = config(f"attendance_from: {percent}")
    known = calculate(rows, lines, [], on(TODAY), rules).known
    assert known.of(facts_rule).attendance_known is kept


def test_a_class_of_a_row_that_is_left_out_makes_nothing_known() -> None:
    rows = [client("A"), client("A", Class_date=on("2024-05-01"))]
    known = calculate(rows, [bought("2024-05-01")], [], on(TODAY)).known
    assert known.of(facts_rule).attendance_known is False


# --- several clients -------------------------------------------------------------------------


def test_each_client_has_her_own_facts_whatever_the_order_of_the_lines() -> None:
    rows = [client("A"), client("B"), client("C")]
    lines = [
        bought("2024-05-10", 1, "C"),
        bought("2024-05-01", 20, "A"),
        bought("2024-05-03", 300, "C"),
        bought("2024-05-05", 4000, "A"),
    ]
    facts = calculate(rows, lines, [], on(TODAY)).known.of(facts_rule)
    assert facts.turnover_in_year.tolist() == [(20 + 4000) * 100, 0, (1 + 300) * 100]
    assert facts.has_lines.tolist() == [True, False, True]
    assert facts.purchase_days.tolist() == [2, 0, 2]
    assert facts.last_purchase.astype(str).tolist() == ["2024-05-05", "NaT", "2024-05-10"]
    np.testing.assert_array_equal(facts.usual_interval_days, [4, np.nan, 7])
    np.testing.assert_array_equal(facts.longest_gap_days, [10, np.nan, 7])


def test_no_clients_and_no_lines_give_empty_facts() -> None:
    facts = calculate([], [], [], on(TODAY)).known.of(facts_rule)
    assert len(facts.bought) == 0
    assert len(facts.usual_interval_days) == 0
