"""Group, ABC, XYZ, stage, folder, turnover and last purchase: facts, rows, rule and distance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from rules.config.yaml_text import Path
from rules.model.result import Result
from tests.bases import Row, alone, bought, calculate, client
from tests.rules.why.told import of, told

TODAY = dt.date(2026, 11, 21)
ATTENDED = {"Class_date": dt.date(2025, 3, 1)}
QUARTERS = [
    bought("2026-02-10", 1000),  # 0
    bought("2026-05-10", 1200),  # 1
    bought("2026-08-10", 900.5),  # 2
]
VIP = [bought("2026-09-01", 20000), bought("2026-10-20", 21200), bought("2026-10-20", 0)]


def base(
    log: Sequence[Row], others: Sequence[Row] = (), rules: str = "", **typed: object
) -> Result:
    clients = [client("A", **{**ATTENDED, **typed}), client("B", **ATTENDED)]
    return calculate(clients, [*log, *others], [], TODAY, alone(rules))


@pytest.mark.parametrize(
    ("log", "typed", "rule", "lines"),
    [
        (
            VIP,
            {},
            ("groups", 0),
            [
                "fact: 41 200 in the year purchases 0,1,2",
                "fact: purchase days in the year 2 purchases 0,1,2",
                "fact: longest gap 49 days, from 01.09.2026 to 20.10.2026 purchases 0,1,2",
            ],
        ),
        (
            [],
            {"Class_date": None},
            ("groups", 1),
            ["fact: ever bought: no", "fact: attended a class: no clients 0"],
        ),
        (
            QUARTERS,
            {"Class_date": None},
            ("groups", 1),
            [
                "fact: attended a class: no clients 0",
                "distance: 32 899,50 short of VIP",
                "distance: not VIP: longest gap 103 days (at most 62)",
            ],
        ),
        (
            QUARTERS,
            {},
            ("groups", 2),
            [
                "fact: last purchase 10.08.2026 purchases 2",
                "distance: 32 899,50 short of VIP",
                "distance: not VIP: longest gap 103 days (at most 62)",
            ],
        ),
        (
            QUARTERS[:1],
            {},
            ("groups", 3),
            [
                "fact: last purchase 10.02.2026 purchases 0",
                "distance: 35 000 short of VIP",
                (
                    "distance: not VIP: purchase days in the year 1 (at least 2), "
                    "longest gap 284 days (at most 62)"
                ),
            ],
        ),
        (
            [bought("2026-06-01", 1000)],
            {},
            ("groups", 4),
            [
                "decided: no rule above fits, and this one takes everybody who is left",
                "fact: 1 000 in the year purchases 0",
                "fact: purchase days in the year 1 purchases 0",
                "fact: longest gap 173 days, from 01.06.2026 to 21.11.2026 purchases 0",
                "fact: ever bought: yes purchases 0",
                "fact: attended a class: yes clients 0",
                "fact: last purchase 01.06.2026 purchases 0",
                "distance: 35 000 short of VIP",
                (
                    "distance: not VIP: purchase days in the year 1 (at least 2), "
                    "longest gap 173 days (at most 62)"
                ),
            ],
        ),
    ],
    ids=["VIP", "never bought", "no class", "client", "waiting", "the rest"],
)
def test_a_group_names_its_rule_and_what_that_compared(
    log: list[Row], typed: dict[str, Any], rule: Path, lines: list[str]
) -> None:
    result = base(log, [bought("2026-10-01", 1, "B")], **typed)
    assert of(result, "group").rule == rule
    assert told(result, "group") == lines


GROUPS = """
groups:
  - name: Dry
    when: {columns: {Skin type: {is: dry}}, abc: {is: A}}
  - name: Rich
    when: {turnover_in_year: {above: 5000}}
contacts: {rules: []}
gifts: {multipliers: []}
"""


def test_her_own_columns_and_classes_are_facts_too() -> None:
    result = base([bought("2026-11-01", 9)], rules=GROUPS, Skin_type="Dry")
    assert told(result, "group") == ["fact: ABC: A", "fact: Skin type: Dry clients 0"]


def test_without_a_group_all_facts_that_were_asked_are_told() -> None:
    result = base([bought("2026-11-01", 9)], rules=GROUPS)
    assert of(result, "group").rule == ("groups",)
    assert told(result, "group") == [
        "blank: no group rule fits",
        "fact: 9 in the year purchases 0",
    ]


def test_of_the_alternatives_only_those_that_hold_are_told() -> None:
    groups = "groups: [{name: X, when: {any: [{purchase_days: {at_least: 9}}, {bought: {is: yes}}]}}, {name: Y}]"
    result = base(
        [bought("2026-11-01")],
        rules=f"{groups}\ncontacts: {{rules: []}}\ngifts: {{multipliers: []}}",
    )
    assert told(result, "group") == ["fact: ever bought: yes purchases 0"]


OTHER = [bought("2026-10-01", 6201, client="B")]


def test_abc_tells_the_share_and_the_turnover_to_the_next_class() -> None:
    result = base(QUARTERS, OTHER)
    assert of(result, "abc").rule == ("abc", "bounds")
    # 6 201 / (9 301,50 + more) is 50 % with 3 100,50 more, and below it with a kopeck on top
    assert told(result, "abc") == [
        "fact: 3 100,50 in the year purchases 0,1,2",
        "decided: clients who buy more make 66,7 % of the turnover, with her 100 %",
        "distance: 3 100,50 more turnover would make her A",
    ]


@pytest.mark.parametrize(("kopecks", "name"), [(0, "A"), (1, "B")])
def test_exactly_that_much_more_bought_is_the_better_class(kopecks: int, name: str) -> None:
    more = bought("2026-11-20", (310050 - kopecks) / 100)
    result = base([*QUARTERS, more], OTHER)
    assert result.filled["abc"][0] == name


def test_the_best_class_has_no_distance() -> None:
    assert told(base(QUARTERS), "abc")[-1].startswith("decided: clients who buy more make 0 %")


def test_where_her_own_share_counts_more_may_not_help() -> None:
    lines = told(base(QUARTERS, OTHER, rules="abc: {line: inclusive}"), "abc")
    assert lines[-1] == (
        "distance: 3 100,50 more turnover would make her A; still more might not, as her own "
        "share counts"
    )


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ([], "blank: no turnover in the year"),
        ([bought("2024-01-01")], "blank: no turnover in the year"),
        (
            [bought("2026-01-01", 5), bought("2026-01-02", -9)],
            "blank: no turnover in the year purchases 0,1",
        ),
    ],
)
def test_without_turnover_there_is_no_abc(log: list[Row], line: str) -> None:
    result = base(log)
    assert (told(result, "abc"), result.filled["abc"][0]) == ([line], "")


def test_xyz_tells_each_period_with_its_rows_the_oldest_first() -> None:
    result = base([*QUARTERS, bought("2026-11-02", 7)])
    assert of(result, "xyz").rule == ("xyz", "bounds")
    assert told(result, "xyz") == [
        "decided: her turnover per period varies by 12,1 % of its mean",
        "fact: 01.02.2026 – 30.04.2026: 1 000 purchases 0",
        "fact: 01.05.2026 – 31.07.2026: 1 200 purchases 1",
        "fact: 01.08.2026 – 31.10.2026: 900,50 purchases 2",
        "next: X goes up to 10 %",
        "next: Y goes up to 25 %",
    ]


def test_xyz_goes_by_the_deviation_that_is_asked_for() -> None:
    # √(3/2) times as much as over the population
    result = base(QUARTERS, rules="xyz: {deviation: sample}")
    assert told(result, "xyz")[0].endswith("varies by 14,8 % of its mean")


@pytest.mark.parametrize(
    ("log", "rule", "line"),
    [
        ([], ("xyz",), "blank: stage Potential: too early for a class"),
        ([bought("2026-11-01")], ("xyz",), "blank: stage New: too early for a class"),
        (
            [bought("2026-06-01")],
            ("xyz", "min_periods"),
            "blank: 1 whole periods since her first purchase, 3 are needed purchases 0",
        ),
        (
            [bought("2025-01-01")],
            ("xyz",),
            "blank: the turnover of the periods isn't above zero",
        ),
    ],
)
def test_a_blank_xyz_says_why(log: list[Row], rule: Path, line: str) -> None:
    result = base(log)
    assert (of(result, "xyz").rule, told(result, "xyz")[0]) == (rule, line)
    assert result.filled["xyz"][0] == ""


PERIOD = "decided: the period is 3 months"


@pytest.mark.parametrize(
    ("days", "name", "lines"),
    [
        (
            ["2026-10-01"],
            "New",
            [
                PERIOD,
                "fact: first purchase 01.10.2026 purchases 0",
                "fact: last purchase 01.10.2026 purchases 0",
            ],
        ),
        (
            ["2026-01-01", "2026-02-01"],
            "Lost",
            [
                PERIOD,
                "fact: first purchase 01.01.2026 purchases 0",
                "fact: last purchase 01.02.2026 purchases 1",
            ],
        ),
        (
            ["2026-01-01", "2026-10-01", "2026-10-05"],
            "Restored",
            [
                PERIOD,
                "fact: first purchase 01.01.2026 purchases 0",
                "fact: last purchase 05.10.2026 purchases 2",
                (
                    "fact: first purchase within the period 01.10.2026, the one before it "
                    "01.01.2026 purchases 0,1"
                ),
            ],
        ),
    ],
)
def test_a_stage_tells_its_period_and_the_purchases_around_it(
    days: list[str], name: str, lines: list[str]
) -> None:
    result = base([bought(day) for day in days])
    assert result.filled["stage"][0] == name
    assert of(result, "stage").rule == ("stage", "period_months")
    assert told(result, "stage") == lines


def test_who_never_bought_has_a_stage_but_no_folder_and_no_last_purchase() -> None:
    result = base([bought("2026-01-01", 5), bought("2026-01-01", -5)])
    assert of(result, "stage").rule == ("stage", "names", "potential")
    assert told(result, "stage") == ["decided: she never bought"]
    assert told(result, "folder") == ["blank: she never bought"]
    assert told(result, "last_purchase") == ["blank: she never bought"]


@pytest.mark.parametrize("year", [2025, 2023])
def test_a_folder_tells_the_year_that_decides(year: int) -> None:
    result = base([bought(f"{year}-05-01")])
    assert of(result, "folder").rule == ("folder", "years_back")
    assert told(result, "folder") == [
        f"fact: last purchase 01.05.{year} purchases 0",
        "decided: Green takes a purchase in 2025 or later",
    ]


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (
            [bought("2025-11-21"), bought("2025-11-22"), bought("2026-01-01", -5)],
            "fact: purchase lines since 22.11.2025, returns taken off purchases 1,2",
        ),
        ([bought("2025-11-21")], "fact: no purchase line since 22.11.2025"),
        ([], "blank: no purchase line ever"),
    ],
)
def test_turnover_names_the_lines_that_count(log: list[Row], line: str) -> None:
    result = base(log)
    assert of(result, "turnover").rule == ("year", "basis")
    assert told(result, "turnover") == [line]


def test_the_last_purchase_names_the_lines_of_its_day_and_no_rule() -> None:
    result = base([bought("2026-05-01", 7), bought("2026-05-01", -2), bought("2026-06-01", 0)])
    assert of(result, "last_purchase").rule == ()
    assert told(result, "last_purchase") == [
        (
            "fact: the last day on which her lines sum to more than zero, whatever the rules "
            "purchases 0,1"
        )
    ]
