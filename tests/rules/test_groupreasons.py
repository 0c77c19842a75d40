"""The sentence of CLIENT_WHY: group, facts, and the distance to the group above."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.rooms.groups.room import GroupRule
from rules.rooms.groups.why import GroupReasons
from tests.bases import Row, bought, calculate, client, config

TODAY = dt.date(2026, 11, 21)
ATTENDED = {"Class_date": dt.date(2025, 1, 1)}


def sentence(purchases: list[Row], groups: list[Row] | None = None, **typed: object) -> str:
    rules = config()
    if groups is not None:
        validated = tuple(GroupRule.model_validate(group, context={}) for group in groups)
        rules = rules.model_copy(update={"groups": validated})
    clients = [client("A", **{**ATTENDED, **typed}), client("B", **ATTENDED)]
    return GroupReasons(calculate(clients, purchases, [], TODAY, rules).known).sentence(0)


def test_the_best_group_has_no_distance() -> None:
    log = [bought("2026-10-01", 20000), bought("2026-11-10", 21200)]
    assert sentence(log) == (
        "VIP: 41 200 in the year, purchase days in the year 2, longest gap 40 days"
    )


@pytest.mark.parametrize(
    ("amount", "short"),
    [
        (31800, "4 200"),
        (35999.99, "0,01"),
        (36000, "0,01"),  # VIP asks for more than 36 000
        (-100, "36 100"),
    ],
)
def test_what_is_short_of_the_group_above_is_told_in_money(amount: float, short: str) -> None:
    log = [bought("2026-10-21", 1000), bought("2026-11-19", amount - 1000), bought("2026-11-20", 0)]
    if amount < 0:
        log = [bought("2026-10-21", 1000), bought("2026-11-19", 1), bought("2026-11-20", -1101)]
    assert sentence(log).endswith(f"; {short} short of VIP")


def test_other_figures_that_keep_her_from_it_are_named() -> None:
    log = [bought("2026-06-01", 40000), bought("2026-11-01", 1000)]
    assert (
        sentence(log)
        == "Client: last purchase 01.11.2026; not VIP: longest gap 153 days (at most 62)"
    )


def test_both_are_told_together() -> None:
    assert sentence([bought("2026-11-01", 1000)]) == (
        "Client: last purchase 01.11.2026; 35 000 short of VIP; "
        "not VIP: purchase days in the year 1 (at least 2)"
    )


def test_who_never_bought_gets_no_distance() -> None:
    assert sentence([], Class_date=None) == "Potential: ever bought: no, attended a class: no"


def test_a_group_that_asks_for_more_than_figures_is_no_goal() -> None:
    when = {"turnover_in_year": {"above": 50000}, "columns": {"Town": {"is": "Moscow"}}}
    groups: list[Row] = [{"name": "Moscow", "when": when}, {"name": "Rest"}]
    assert "Moscow" not in sentence([bought("2026-11-01", 1000)], groups, Town="Tver")
    assert sentence([bought("2026-11-01", 1000)], groups, Town="Moscow").endswith(
        "49 000 short of Moscow"
    )


def test_too_much_turnover_is_no_shortage() -> None:
    small = {"name": "Small", "when": {"turnover_in_year": {"below": 500}}}
    groups: list[Row] = [small, {"name": "Rest"}]
    assert sentence([bought("2026-11-01", 1000)], groups).endswith(
        "not Small: 1 000 in the year (below 500)"
    )


def test_without_a_group_the_facts_of_all_rules_are_named() -> None:
    groups: list[Row] = [{"name": "VIP", "when": {"turnover_in_year": {"above": 36000}}}]
    assert sentence([bought("2026-11-01", 1000)], groups) == (
        "Blank: no group rule fits: 1 000 in the year."
    )


def test_a_row_that_is_left_out_says_so() -> None:
    result = calculate([client("A"), client("A")], [], [], TODAY)
    assert GroupReasons(result.known).sentence(1).startswith("Left out:")


def test_a_figure_that_is_unknown_is_no_reason() -> None:
    log = [bought("2025-10-01", 40000), bought("2025-10-20", 0)]
    assert sentence(log) == (
        "Waiting: last purchase 01.10.2025; 36 000 short of VIP; "
        "not VIP: purchase days in the year 0 (at least 2)"
    )
