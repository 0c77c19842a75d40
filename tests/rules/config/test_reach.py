from __future__ import annotations

import pytest

from rules.config.conditions import When
from rules.config.reach import MAX_ALTERNATIVES, unreachable

Condition = dict[str, object]


def found(*conditions: Condition | None) -> list[tuple[int, str]]:
    """The numbers and reasons of the rules out of reach; rule 1 is called A, rule 2 is B, and so on."""
    whens = [
        None if condition is None else When.model_validate(condition) for condition in conditions
    ]
    return list(unreachable(whens, [chr(ord("A") + n) for n in range(len(whens))]))


def any_of(*alternatives: Condition) -> Condition:
    return {"any": list(alternatives)}


def turnover(**test: str) -> Condition:
    return {"turnover_in_year": test}


def last(**test: str) -> Condition:
    return {"last_purchase": test}


def stage(*words: str) -> Condition:
    return {"stage": {"in": list(words)}}


def skin(**test: object) -> Condition:
    return {"columns": {"Skin type": {name.rstrip("_"): value for name, value in test.items()}}}


BOUGHT: Condition = {"bought": {"is": "yes"}}
NEVER: Condition = {"bought": {"is": "no"}}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (None, None),
        (None, turnover(above="5")),
        (turnover(above="5"), turnover(above="5")),
        (turnover(above="5"), turnover(above="5.00")),
        (turnover(above="5"), turnover(above="7")),
        (turnover(at_least="5"), turnover(above="5")),
        (turnover(at_least="5"), turnover(at_least="5", below="9")),
        (turnover(below="5"), turnover(at_most="4")),
        (turnover(at_least="5"), turnover(**{"is": "5"})),
        (turnover(at_least="5", at_most="9"), {"turnover_in_year": {"in": ["5", "9"]}}),
        ({"purchase_days": {"in": ["1", "2"]}}, {"purchase_days": {"in": ["2.0"]}}),
        ({"purchase_days": {"in": ["1", "2"]}}, {"purchase_days": {"is": "1"}}),
        (turnover(above="5"), turnover(above="5") | BOUGHT),
        (last(within_months="6"), last(within_months="5")),
        (last(older_than_months="5"), last(older_than_months="6")),
        (last(within_months="6"), last(within_months="6", older_than_months="2")),
        (BOUGHT, BOUGHT | stage("New")),
        (stage("New", "Lost"), stage(" lost")),
        (stage("New", "Lost"), {"stage": {"is": "NEW"}}),
        (any_of(BOUGHT, NEVER), NEVER),
        (BOUGHT, any_of(BOUGHT | turnover(above="5"), BOUGHT | stage("Lost"))),
        (any_of(turnover(above="5"), stage("New")), any_of(turnover(above="7"), stage("New"))),
        (skin(**{"is": "dry"}), {"columns": {"SKIN  type": {"is": "Dry"}}}),
        (skin(filled="yes"), skin(filled="yes", at_least="3")),
        (skin(within_months="6"), skin(within_months="3")),
    ],
)
def test_a_rule_is_out_of_reach_below_one_that_takes_all_its_clients(
    above: Condition | None, below: Condition | None
) -> None:
    [(number, reason)] = found(above, below)
    assert number == 1
    assert reason == (
        "the rule for 'B' can never be reached: all its clients go to rule 1 ('A') above it; "
        "move it up ('before: NAME'), or delete it"
    )


def test_the_rules_that_take_the_clients_are_named() -> None:
    [(number, reason)] = found(BOUGHT, stage("Lost"), any_of(BOUGHT, stage("Lost")))
    assert number == 2
    assert "all its clients go to rule 1 ('A') and rule 2 ('B') above it;" in reason


@pytest.mark.parametrize(
    "condition",
    [
        turnover(above="5", below="3"),
        turnover(above="5", at_most="5"),
        turnover(at_least="5.01", at_most="5"),
        turnover(above="5", **{"is": "5"}),
        {"purchase_days": {"in": ["1", "2"], "above": "2"}},
        last(within_months="5", older_than_months="5"),
        last(within_months="5", older_than_months="6"),
        {"stage": {"is": "New", "in": ["Lost"]}},
        BOUGHT | any_of(NEVER),
        turnover(above="5") | any_of(turnover(below="3"), turnover(**{"is": "4"})),
        skin(at_least="5", below="5"),
    ],
)
def test_a_rule_that_contradicts_itself_fits_nobody(condition: Condition) -> None:
    assert found(condition, None) == [
        (0, "no client can fit the rule for 'A': its conditions contradict each other")
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (turnover(above="5"), None),
        (turnover(above="5"), turnover(at_least="5")),
        (turnover(above="7"), turnover(above="5")),
        (turnover(above="5"), turnover(below="5")),
        (turnover(at_least="5", at_most="9"), turnover(at_least="5")),
        (turnover(above="5"), BOUGHT),
        (turnover(above="5") | BOUGHT, turnover(above="5")),
        (last(within_months="5"), last(older_than_months="6")),
        (last(within_months="5"), last(older_than_months="5")),
        (last(within_months="5"), last(within_months="6")),
        (BOUGHT, NEVER),
        ({"attended_class": {"is": "yes"}}, {"attended_class": {"is": "no"}}),
        (stage("New"), stage("New", "Lost")),
        (BOUGHT, any_of(BOUGHT, NEVER)),
        (any_of(BOUGHT, stage("New")), stage("Lost")),
        # together they leave nobody, but neither alone: this is not looked for
        (any_of(turnover(above="5"), turnover(at_most="5")), turnover(above="3")),
        # a cell may be a number, a date and a word at once
        (skin(at_least="3"), skin(within_months="5")),
        (skin(within_months="5"), skin(at_most="3")),
        (skin(at_most="3"), skin(within_months="2")),
        (skin(filled="yes"), skin(filled="no")),
        (skin(at_least="3"), skin(**{"is": "7"})),
        (skin(**{"is": "dry"}), {"columns": {"Hair": {"is": "dry"}}}),
    ],
)
def test_a_rule_that_only_looks_unreachable_is_left_alone(
    above: Condition, below: Condition | None
) -> None:
    assert found(above, below) == []


@pytest.mark.parametrize(
    "condition",
    [
        turnover(at_least="5", at_most="5"),
        last(within_months="6", older_than_months="5"),
        {"purchase_days": {"in": ["1", "2"]}} | any_of({"purchase_days": {"in": ["1.0", "3"]}}),
        skin(at_least="10", within_months="5"),
        skin(at_least="10", **{"is": "12"}),
        BOUGHT | any_of(NEVER, stage("Lost")),
    ],
)
def test_a_rule_that_only_looks_contradictory_is_left_alone(condition: Condition) -> None:
    assert found(condition, None) == []


def test_a_contradictory_rule_takes_nobody_from_those_below() -> None:
    assert [number for number, _ in found(turnover(above="5", below="3"), turnover(above="6"))] == [
        0
    ]


def test_more_alternatives_than_can_be_compared_are_left_alone() -> None:
    alternatives = [turnover(**{"is": str(n)}) for n in range(MAX_ALTERNATIVES)]
    assert found(any_of(*alternatives), None, BOUGHT) == []
    assert [number for number, _ in found(any_of(*alternatives[3:]), None, BOUGHT)] == [2]
