"""Turnover, ABC by how much and XYZ by how evenly a client buys."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from rules.rooms.classes.room import abc_class, periods_of_clients, turnover_of_periods
from tests.bases import Row, bought, calculate, client, config, filled, on

TODAY = "2024-05-15"


def cells(lines: list[Row], rules: str = "", today: str = TODAY) -> dict[str, object]:
    """The filled cells of the only client."""
    return filled(calculate([client()], lines, [], on(today), config(rules)))[0]


# --- Turnover --------------------------------------------------------------------------------

TURNOVERS: list[tuple[str, list[Row], float | None]] = [
    ("no line ever", [], None),
    ("lines from tomorrow on", [bought("2024-05-16")], None),
    ("today", [bought("2024-05-15", 1450)], 1450),
    ("the day after today a year ago", [bought("2023-05-16", 1450)], 1450),
    ("the same day a year ago", [bought("2023-05-15", 1450)], 0),
    ("a present", [bought("2024-05-01", 0)], 0),
    ("a return", [*[bought("2024-05-01", 1450)] * 3, bought("2024-05-02", -290)], 3 * 1450 - 290),
    ("returns only", [bought("2024-05-02", -290)], -290),
    ("kopecks", [bought("2024-05-01", 0.1), bought("2024-05-01", 0.2)], 0.3),
]


@pytest.mark.parametrize(
    ("lines", "expected"), [case[1:] for case in TURNOVERS], ids=[case[0] for case in TURNOVERS]
)
def test_turnover_is_blank_without_any_line_ever_and_0_with_none_in_the_year(
    lines: list[Row], expected: float | None
) -> None:
    assert cells(lines)["turnover"] == expected


# --- ABC -------------------------------------------------------------------------------------


def abc(turnovers: list[float], rules: str = "") -> str:
    """The classes of clients with these turnovers, a letter each, - for a blank."""
    minor = np.array([round(100 * turnover) for turnover in turnovers], dtype=np.int64)
    return "".join(name or "-" for name in abc_class(minor, config(rules).abc))


CROSSING = [
    # turnovers, classes; in the comments the shares accumulated before the client
    ([], ""),
    ([1], "A"),
    ([50, 30, 20], "ABC"),  # 0 %, 50 %, 80 %
    ([49.99, 30.01, 20], "AAC"),  # 49.99 % is below 50 %
    ([50, 29.99, 20.01], "ABB"),  # 79.99 % is below 80 %
    ([60, 40], "AB"),  # one who makes 60 % alone is A
    ([90, 10], "AC"),
    ([4, 3], "AB"),  # 4 of 7 is above one half
    ([20, 50, 30], "CAB"),  # in any order
    # equal turnovers get the class of the first of them
    ([50, 50], "AA"),
    ([25, 25, 25, 25], "AAAA"),
    ([40, 20, 20, 20], "AAAA"),  # 0 %, then 40 %
    ([50, 25, 25], "ABB"),  # 50 %
    ([40, 40, 10, 10], "AACC"),  # 80 %
    ([10, 40, 10, 40], "CACA"),
    # others don't take part
    ([50, 30, 20, 0], "ABC-"),
    ([50, 30, 20, -50], "ABC-"),
    ([0, 0], "--"),
    ([-1], "-"),
]
INCLUSIVE = [
    # in the comments the shares including the client
    ([50, 30, 20], "ABC"),  # 50 %, 80 %, 100 %
    ([50.01, 29.99, 20], "BBC"),  # above 50 %: nobody is A
    ([50, 30.01, 19.99], "ACC"),
    ([60, 40], "BC"),
    ([90, 10], "CC"),
    ([1], "C"),
    ([50, 25, 25], "ABB"),  # equal turnovers as the first of them: 75 %
    ([40, 30, 30], "ABB"),
    ([0], "-"),
]


@pytest.mark.parametrize(("turnovers", "classes"), CROSSING)
def test_abc_is_decided_by_the_share_before_the_client(
    turnovers: list[float], classes: str
) -> None:
    assert abc(turnovers) == classes


@pytest.mark.parametrize(("turnovers", "classes"), INCLUSIVE)
def test_abc_may_be_decided_by_the_share_including_the_client(
    turnovers: list[float], classes: str
) -> None:
    assert abc(turnovers, "abc: {line: inclusive}") == classes


@pytest.mark.parametrize(
    ("bounds", "classes"), [("[50, 80]", "ABC"), ("[50.01, 80.01]", "AAB"), ("[80, 95]", "AAB")]
)
def test_the_bounds_of_abc_come_from_the_configuration(bounds: str, classes: str) -> None:
    assert abc([50, 30, 20], f"abc: {{bounds: {bounds}}}") == classes


def test_a_class_never_hangs_on_the_rounding_of_a_large_sum() -> None:
    half = 30_000_000_000_000_01
    exactly = np.array([half, half - 1, 1], dtype=np.int64)  # half of the whole before the second
    assert abc_class(exactly, config().abc).tolist() == ["A", "B", "C"]
    below = np.array([half, half - 1, 3], dtype=np.int64)  # one kopeck below one half
    assert abc_class(below, config().abc).tolist() == ["A", "A", "C"]


def test_abc_counts_the_turnover_in_the_year_only() -> None:
    rows = [client("A"), client("B"), client("C")]
    lines = [
        bought("2023-05-15", 9_000, "C"),
        bought("2024-05-01", 60, "A"),
        bought("2024-05-01", 40, "B"),
    ]
    found = filled(calculate(rows, lines, [], on(TODAY)))
    assert [client_["abc"] for client_ in found] == ["A", "B", None]


# --- XYZ -------------------------------------------------------------------------------------

# On 15 May 2024 the periods are Feb-Apr 2024, Nov 2023-Jan 2024, Aug-Oct 2023, May-Jul 2023.
PERIODS = ("2023-05-01", "2023-08-01", "2023-11-01", "2024-02-01")


def xyz(*amounts: float, rules: str = "") -> object:
    """The class of one who bought for these amounts on the first days of the last periods."""
    starts = PERIODS[len(PERIODS) - len(amounts) :]
    lines = [bought(start, amount) for start, amount in zip(starts, amounts, strict=True)]
    return cells(lines, rules)["xyz"]


VARIATIONS: list[tuple[tuple[float, ...], str]] = [
    ((100, 100, 100, 100), "X"),
    ((90, 110, 90, 110), "X"),  # deviation 10 of mean 100: exactly 10 %
    ((89.99, 110.01, 90, 110), "Y"),  # a little above
    ((75, 125, 75, 125), "Y"),  # exactly 25 %
    ((74.99, 125.01, 75, 125), "Z"),
    ((100, 0, 100, 100), "Z"),  # a period without a line counts as zero
    ((0.01, 0.01, 0.01, 0.01), "X"),
    ((9e10, 11e10, 9e10, 11e10), "X"),  # exact, however large
    ((9e10 + 0.01, 11e10 - 0.01, 9e10, 11e10), "X"),
    ((9e10 - 0.01, 11e10 + 0.01, 9e10, 11e10), "Y"),
]


@pytest.mark.parametrize(("amounts", "expected"), VARIATIONS)
def test_xyz_compares_the_deviation_with_the_mean_a_bound_belongs_to_the_better_class(
    amounts: tuple[float, ...], expected: str
) -> None:
    assert xyz(*amounts) == expected


SAMPLES: list[tuple[tuple[float, ...], str, str]] = [
    # of 90, 110, 100: population deviation √(200/3) = 8.2, sample deviation √(200/2) = 10
    ((90, 110, 100), "X", "X"),
    ((89.99, 110.01, 100), "X", "Y"),
    # of 75, 125, 100: √(1250/3) = 20.4 and √(1250/2) = 25
    ((75, 125, 100), "Y", "Y"),
    ((74.99, 125.01, 100), "Y", "Z"),
]


@pytest.mark.parametrize(("amounts", "population", "sample"), SAMPLES)
def test_the_deviation_may_be_that_of_a_sample(
    amounts: tuple[float, ...], population: str, sample: str
) -> None:
    assert xyz(*amounts) == population
    assert xyz(*amounts, rules="xyz: {deviation: sample}") == sample


def test_several_lines_of_a_period_are_one_amount_and_returns_count() -> None:
    lines = [bought(start, 100) for start in PERIODS[:3]]
    assert cells([*lines, bought("2024-02-10", 70), bought("2024-04-10", 30)])["xyz"] == "X"
    assert cells([*lines, bought("2024-02-10", 200), bought("2024-04-10", -100)])["xyz"] == "X"
    assert cells([*lines, bought("2024-02-10", 200)])["xyz"] == "Z"


EDGES: list[tuple[str, float, str]] = [
    # day, amount on top of 100 in each period, class
    ("2023-04-30", 9_000, "X"),  # before the 12 months
    ("2023-05-01", 9_000, "Z"),
    ("2024-04-30", 9_000, "Z"),
    ("2024-05-01", 9_000, "X"),  # the month of today is left out
    ("2024-05-15", 9_000, "X"),
]


@pytest.mark.parametrize(("day", "amount", "expected"), EDGES)
def test_the_periods_cover_the_12_months_before_the_month_of_today(
    day: str, amount: float, expected: str
) -> None:
    lines = [bought(start, 100) for start in PERIODS]
    assert cells([*lines, bought(day, amount)])["xyz"] == expected


FIRST_PURCHASES = [
    # first purchase, how many periods begin in or after its month
    ("2023-05-31", 4),
    ("2023-06-01", 3),
    ("2023-08-31", 3),
    ("2023-09-01", 2),
    ("2023-11-30", 2),
    ("2023-12-01", 1),
]


@pytest.mark.parametrize(("first", "periods"), FIRST_PURCHASES)
def test_only_periods_that_begin_in_or_after_the_month_of_the_first_purchase_count(
    first: str, periods: int
) -> None:
    lines = [bought(first, 100), *[bought(day, 100) for day in PERIODS if day > first]]
    result = calculate([client()], lines, [], on(TODAY))
    assert result.known.of(periods_of_clients).tolist() == [periods]
    assert filled(result)[0]["xyz"] == ("X" if periods >= 3 else None)


@pytest.mark.parametrize(("first", "expected"), [("2023-05-31", "Z"), ("2023-06-01", "X")])
def test_the_period_of_the_first_purchase_is_left_out_when_it_began_in_a_month_before(
    first: str, expected: str
) -> None:
    """The first purchase is a large one; May to July 2023 counts only when it began in May."""
    lines = [bought(start, 100) for start in PERIODS[1:]]
    assert cells([bought(first, 9_000), *lines])["xyz"] == expected


def test_fewer_than_min_periods_give_no_class() -> None:
    lines = [bought("2023-11-30", 100), bought("2024-02-01", 100)]
    assert cells(lines)["xyz"] is None
    assert cells(lines, "xyz: {min_periods: 2}")["xyz"] == "X"


@pytest.mark.parametrize(("returned", "expected"), [(299.99, "Z"), (300, None), (400, None)])
def test_a_mean_that_is_not_positive_gives_no_class(returned: float, expected: str | None) -> None:
    assert xyz(100, 100, 100, -returned) == expected


def test_a_potential_client_has_no_class() -> None:
    presents = [bought(start, 0) for start in PERIODS]
    assert cells(presents)["xyz"] is None
    assert cells(presents)["stage"] == "Potential"


@pytest.mark.parametrize(
    ("first", "stage", "expected"),
    [("2024-02-15", "New", None), ("2024-02-14", "Permanent", "X")],
)
def test_a_new_client_has_no_class_even_with_enough_periods(
    first: str, stage: str, expected: str | None
) -> None:
    """With periods of one month, February to April are three."""
    lines = [bought(first, 100), bought("2024-03-01", 100), bought("2024-04-01", 100)]
    found = cells(lines, "xyz: {period_months: 1}")
    assert (found["stage"], found["xyz"]) == (stage, expected)


BY_PERIOD: list[tuple[str, Mapping[str, float], list[int]]] = [
    # today, amounts by day, whole money of the periods, newest first
    ("2024-05-15", {"2024-04-30": 1, "2024-02-01": 2, "2024-01-31": 4}, [3, 4, 0, 0]),
    ("2024-05-15", {"2023-07-31": 1, "2023-05-01": 2, "2023-08-01": 4}, [0, 0, 4, 3]),
    ("2024-01-31", {"2023-12-31": 1, "2023-10-01": 2, "2023-09-30": 4}, [3, 4, 0, 0]),
    ("2024-02-29", {"2024-01-31": 1, "2023-11-01": 2, "2023-10-31": 4}, [3, 4, 0, 0]),
    ("2024-03-01", {"2024-02-29": 1, "2023-12-01": 2, "2024-03-01": 4}, [3, 0, 0, 0]),
]


@pytest.mark.parametrize(("today", "amounts", "expected"), BY_PERIOD)
def test_periods_are_blocks_of_calendar_months_counted_back_from_last_month(
    today: str, amounts: Mapping[str, float], expected: list[int]
) -> None:
    lines = [bought(day, amount) for day, amount in amounts.items()]
    result = calculate([client()], lines, [], on(today))
    assert result.known.of(turnover_of_periods).tolist() == [[100 * amount for amount in expected]]


def test_the_length_and_the_number_of_periods_come_from_the_configuration() -> None:
    lines = [
        bought("2024-04-01", 1),
        bought("2024-03-31", 2),
        bought("2023-11-01", 4),
        bought("2023-10-31", 8),
    ]
    rules = config("xyz: {period_months: 2, months: 6}")
    result = calculate([client()], lines, [], on(TODAY), rules)
    assert result.known.of(turnover_of_periods).tolist() == [[(1 + 2) * 100, 0, 4 * 100]]
    assert result.known.of(periods_of_clients).tolist() == [3]


@pytest.mark.parametrize(
    ("bounds", "expected"), [("[9.99, 25]", "Y"), ("[10, 25]", "X"), ("[5, 9.99]", "Z")]
)
def test_the_bounds_of_xyz_come_from_the_configuration(bounds: str, expected: str) -> None:
    assert xyz(90, 110, 90, 110, rules=f"xyz: {{bounds: {bounds}}}") == expected
