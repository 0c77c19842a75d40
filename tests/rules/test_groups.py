"""The four telephone groups: the first rule that holds names the group."""

from __future__ import annotations

import pytest

from rules.rooms.groups.room import Settings
from rules.rooms.groups.room import group as group_rule
from tests.bases import Row, alone, bought, calculate, client, config, filled, on

TODAY = "2024-05-15"
OTHER = client("Z", Class_date=on("2020-01-01"))
"""Somebody who was at a class, so that attendance is known."""
VIP_RULE, POTENTIAL_RULE, CLIENT_RULE, WAITING_RULE, LAST_RULE = range(5)


def group_and_rule(
    lines: list[Row],
    class_date: str | None = "2020-01-01",
    today: str = TODAY,
    others: tuple[Row, ...] = (OTHER,),
) -> tuple[object, int]:
    """The group of a client who was at a class, and the number of the rule that names it."""
    date = None if class_date is None else on(class_date)
    result = calculate([client(Class_date=date), *others], lines, [], on(today))
    return filled(result)[0]["group"], int(result.known.of(group_rule).rule[0])


def group(lines: list[Row], class_date: str | None = "2020-01-01") -> object:
    return group_and_rule(lines, class_date)[0]


# --- VIP -------------------------------------------------------------------------------------

TURNOVERS: list[tuple[list[float], str]] = [
    ([18_000, 18_000], "Client"),  # 36 000: not above
    ([18_000, 18_000.01], "VIP"),  # 36 000.01
    ([12_000.10, 12_000.20, 11_999.70], "Client"),  # 36 000, whatever floats make of it
    ([0.1] * 10 + [35_999], "Client"),
    ([0.1] * 10 + [35_999.01], "VIP"),
    ([40_000, 1_000, -5_000], "Client"),  # 40 000 + 1 000 - 5 000 = 36 000
    ([40_000, 1_000, -4_999.99], "VIP"),
]


@pytest.mark.parametrize(("amounts", "expected"), TURNOVERS)
def test_vip_takes_a_turnover_above_36_000(amounts: list[float], expected: str) -> None:
    days = ["2024-05-01", "2024-05-10"] + ["2024-05-11"] * len(amounts[2:])
    lines = [bought(day, amount) for day, amount in zip(days, amounts, strict=True)]
    assert group(lines) == expected


GAPS = [
    # purchase days of 20 000 each, expected
    (["2024-03-14", "2024-05-15"], "VIP"),  # 17 + 30 + 15 = 62 days between them
    (["2024-03-13", "2024-05-15"], "Client"),  # 63
    (["2024-03-01", "2024-03-14"], "VIP"),  # 62 up to today
    (["2024-03-01", "2024-03-13"], "Client"),  # 63 up to today
    (["2024-05-10"], "Client"),  # a single purchase day
    (["2024-05-10", "2024-05-10"], "Client"),  # still a single one
    (["2024-05-09", "2024-05-10"], "VIP"),
    # a gap before the first purchase day of the year doesn't count …
    (["2023-05-15", "2024-05-01", "2024-05-10"], "VIP"),
    # … and a purchase day a year ago is outside the year
    (["2023-05-15", "2024-05-10", "2024-05-10"], "Client"),
]


@pytest.mark.parametrize(("days", "expected"), GAPS)
def test_vip_takes_two_purchase_days_in_the_year_and_no_gap_above_62_days(
    days: list[str], expected: str
) -> None:
    assert group([bought(day, 20_000) for day in days]) == expected


def test_a_turnover_made_a_year_ago_makes_no_vip() -> None:
    recent = [bought("2024-05-09", 15_000), bought("2024-05-10", 15_000)]
    assert group([*recent, bought("2023-05-15", 10_000)]) == "Client"


def test_vip_comes_before_potential() -> None:
    lines = [bought("2024-05-09", 20_000), bought("2024-05-10", 20_000)]
    assert group(lines, class_date=None) == "VIP"


# --- Potential -------------------------------------------------------------------------------

ATTENDED: list[tuple[list[Row], str | None, str]] = [
    # lines, class date, group
    ([], None, "Potential"),
    ([], "2024-01-01", "Potential"),
    ([bought("2024-05-01")], None, "Potential"),
    ([bought("2024-05-01")], "2024-05-15", "Client"),
    ([bought("2024-05-01")], "2024-05-16", "Potential"),  # a plan is no attendance
    ([bought("2024-05-01", 0)], "2024-01-01", "Potential"),  # a present only
    ([bought("2024-05-01"), bought("2024-05-01", -1000)], "2024-01-01", "Potential"),
    ([bought("2024-05-16")], "2024-01-01", "Potential"),  # from tomorrow on
]


@pytest.mark.parametrize(("lines", "class_date", "expected"), ATTENDED)
def test_potential_never_bought_or_never_was_at_a_class(
    lines: list[Row], class_date: str | None, expected: str
) -> None:
    kept = bought("2024-05-01", 1, "Z")
    assert group([*lines, kept], class_date=class_date) == expected


def test_where_nobody_was_at_a_class_no_buyer_is_potential() -> None:
    planned = client("Z", Class_date=on("2024-05-16"))
    for others in ((), (planned,)):
        assert group_and_rule([bought("2024-05-01")], None, TODAY, others)[0] == "Client"
        assert group_and_rule([bought("2023-05-01")], None, TODAY, others)[0] == "Waiting"
        assert group_and_rule([], None, TODAY, others)[0] == "Potential"


# --- Client and Waiting ----------------------------------------------------------------------

LAST_PURCHASES = [
    # last purchase, today, group, rule
    ("2024-05-15", "2024-05-15", "Client", CLIENT_RULE),
    ("2023-12-15", "2024-05-15", "Client", CLIENT_RULE),  # 5 months ago
    ("2023-12-14", "2024-05-15", "Client", LAST_RULE),  # the sixth month
    ("2023-11-15", "2024-05-15", "Client", LAST_RULE),  # 6 months ago
    ("2023-11-14", "2024-05-15", "Waiting", WAITING_RULE),
    # month ends: 30 September + 5 months is 29 February
    ("2023-09-30", "2024-02-29", "Client", CLIENT_RULE),
    ("2023-09-30", "2024-03-01", "Client", LAST_RULE),
    # 31 August + 6 months is 29 February, a year later the 28th
    ("2023-08-31", "2024-02-29", "Client", LAST_RULE),
    ("2023-08-31", "2024-03-01", "Waiting", WAITING_RULE),
    ("2024-08-31", "2025-02-28", "Client", LAST_RULE),
    ("2024-08-28", "2025-02-28", "Client", LAST_RULE),
    ("2024-08-27", "2025-02-28", "Waiting", WAITING_RULE),
    ("2024-08-31", "2025-03-01", "Waiting", WAITING_RULE),
    ("2024-02-29", "2024-07-29", "Client", CLIENT_RULE),
    ("2024-02-29", "2024-07-30", "Client", LAST_RULE),
    ("2024-02-29", "2024-08-30", "Waiting", WAITING_RULE),
]


@pytest.mark.parametrize(("last", "today", "expected", "rule"), LAST_PURCHASES)
def test_the_last_purchase_tells_client_from_waiting_by_calendar_months(
    last: str, today: str, expected: str, rule: int
) -> None:
    assert group_and_rule([bought(last)], today=today) == (expected, rule)


# --- any rules -------------------------------------------------------------------------------


def test_a_client_without_an_id_has_no_group_and_is_reported() -> None:
    result = calculate([{"ID": None, "Name": "Bella"}], [], [], on(TODAY))
    assert filled(result)[0]["group"] is None
    assert result.known.of(group_rule).rule.tolist() == [-1]
    assert [problem.cell for problem in result.problems] == ["A2"]


def test_the_first_rule_that_holds_names_the_group_and_none_gives_a_blank() -> None:
    rules = alone(
        """
        groups:
          - name: Big
            when: {turnover_in_year: {at_least: 500}}
          - name: Small
            when: {turnover_in_year: {at_least: 100}}
        contacts: {rules: []}
        """
    )
    rows = [client("A"), client("B"), client("C")]
    lines = [
        bought("2024-05-01", 500, "A"),
        bought("2024-05-01", 499.99, "B"),
        bought("2024-05-01", 99.99, "C"),
    ]
    result = calculate(rows, lines, [], on(TODAY), rules)
    assert [cells["group"] for cells in filled(result)] == ["Big", "Small", None]
    assert result.known.of(group_rule).rule.tolist() == [0, 1, -1]


def test_one_name_may_be_given_by_several_rules() -> None:
    assert config().rule(Settings).names() == ["VIP", "Potential", "Client", "Waiting"]
