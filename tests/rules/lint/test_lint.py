"""Hints about the rules: rules for nobody, holes between two rules, gifts that nobody can get."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from rules.model.result import Result
from rules.rooms.gifts.presents import days_without_greeting, unreachable_gifts
from rules.rooms.groups.hints import holes, rules_for_nobody
from tests.bases import Row, alone, bought, calculate, client, config, on
from words import speaking

TODAY = on("2026-11-21")
AT_CLASS = on("2024-01-10")
REST = "contacts: {rules: []}\ngifts: {multipliers: []}\n"


def result(
    groups: str = "", purchases: Sequence[Row] = (), rest: str = REST, **typed: object
) -> Result:
    text = f"groups:\n{groups}{rest}" if groups else rest
    names = list(dict.fromkeys(str(row["Client ID"]) for row in purchases)) or ["A"]
    clients = [client(name, Class_date=AT_CLASS, **typed) for name in names]
    return calculate(clients, purchases, [], TODAY, alone(text))


def rule(name: str, when: str = "") -> str:
    return f"  - {{name: {name}{f', when: {when}' if when else ''}}}\n"


def texts(hints: object) -> list[str]:
    return [hint.text for hint in hints]  # type: ignore[attr-defined]


def test_a_group_rule_that_nobody_meets_is_named_with_its_place() -> None:
    groups = rule("X", "{turnover_in_year: {above: 99}}") + rule("Y")
    found = list(rules_for_nobody(result(groups, [bought("2026-11-01", 99)])))
    assert texts(found) == ["Group rule 1 (X) takes nobody: no client meets its conditions."]
    assert found[0].path == ("groups", 0)
    assert texts(rules_for_nobody(result(groups, [bought("2026-11-01", 99.01)]))) == [
        "Group rule 2 (Y) takes nobody: all who meet its conditions (1) go to rules above it."
    ]


def test_rules_that_take_somebody_give_no_hint() -> None:
    groups = rule("X", "{bought: {is: yes}}") + rule("Y")
    purchases = [bought("2026-11-01", 99), bought("2026-11-01", -1, "B")]
    assert texts(rules_for_nobody(result(groups, purchases))) == []


def test_other_conditions_that_nobody_meets_are_named_together() -> None:
    rest = "gifts: {multipliers: [{when: {abc: {is: C}}, times: 2}, {when: {abc: {is: A}}, times: 2}]}\n"
    rest += (
        "holidays: [{day: 03-08, name: 8 March, when: {bought: {is: no}}}]\ncontacts: {rules: []}\n"
    )
    found = list(rules_for_nobody(result(rule("X"), [bought("2026-11-01")], rest)))
    assert texts(found) == [
        "Nobody meets the conditions of: greeting '8 March', gift budget times 2."
    ]


def test_a_condition_inside_an_entry_of_a_list_is_named_with_both() -> None:
    rest = (
        "contacts: {rules: [{rule: birthday, reason: birthday, channel: SMS, early_days: 1,\n"
        "  late_days: 7, channels: [{when: {abc: {is: C}}, channel: call}]}]}\n"
        "gifts: {multipliers: []}\nholidays: []\n"
    )
    (found,) = rules_for_nobody(result(rule("X"), [bought("2026-11-01")], rest))
    assert found.text == "Nobody meets the conditions of: contact 'birthday', call."


def hole(groups: str, *purchases: Row, **typed: int) -> list[str]:
    return texts(holes(result(groups, purchases, REST, **typed)))


def test_the_sixth_month_of_the_shipped_rules_is_closed_on_purpose() -> None:
    assert texts(holes(result("", [bought("2026-06-01")]))) == []


MONTHS = rule("Client", "{last_purchase: {within_months: 5}}") + rule(
    "Waiting", "{last_purchase: {older_than_months: 6}}"
)
SENTENCE = "Between group rules 1 (Client) and 2 (Waiting) there is a hole that no rule asks for: last purchase more than 5 months ago, at most 6 months ago."


@pytest.mark.parametrize(
    ("last", "more"),
    [
        ("2026-06-20", " Clients in it: 1. 1 of them have no group."),  # 5 months and a day
        ("2026-06-21", " Clients in it: 0."),
        ("2026-05-21", " Clients in it: 1. 1 of them have no group."),  # 6 months
        ("2026-05-20", " Clients in it: 0."),
    ],
)  # fmt: skip
def test_a_month_between_two_rules_is_a_hole_with_those_in_it(last: str, more: str) -> None:
    assert hole(MONTHS, bought(last)) == [SENTENCE + more]


@pytest.mark.parametrize(
    ("last_rule", "more"),
    [
        (rule("Client"), None),
        (rule("Waiting"), None),
        (rule("Other"), " Clients in it: 1. Rule 3 (Other) takes 1 of them."),
        (
            rule("Client", "{bought: {is: yes}}"),
            " Clients in it: 1. Rule 3 (Client) takes 1 of them.",
        ),
    ],
)
def test_a_hole_is_closed_by_a_last_rule_without_condition_for_a_group_beside_it(
    last_rule: str, more: str | None
) -> None:
    assert hole(MONTHS + last_rule, bought("2026-06-01")) == (
        [] if more is None else [SENTENCE + more]
    )


def test_whom_a_rule_above_takes_is_not_counted() -> None:
    groups = rule("First", "{bought: {is: yes}}") + MONTHS.replace("Client", "C")
    assert hole(groups, bought("2026-06-01")) == [
        SENTENCE.replace("1 (Client) and 2", "2 (C) and 3") + " Clients in it: 0."
    ]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("turnover_in_year: {below: 10}", "turnover_in_year: {at_least: 10}", None),
        ("turnover_in_year: {below: 10}", "turnover_in_year: {above: 10}", "turnover in the year 10."),
        ("turnover_in_year: {at_most: 10}", "turnover_in_year: {above: 10}", None),
        ("turnover_in_year: {at_most: 10}", "turnover_in_year: {at_least: 20}", "turnover in the year more than 10, less than 20"),
        ("purchase_days: {at_most: 1}", "purchase_days: {at_least: 2}", None),
        ("purchase_days: {at_most: 1}", "purchase_days: {at_least: 3}", "purchase days ever more than 1, less than 3"),
        ("purchase_days: {is: 1}", "purchase_days: {in: [2, 3]}", None),
        ("turnover_in_year: {at_most: 10}", "last_purchase: {within_months: 3}", None),
        ("first_purchase: {within_months: 3}", "last_purchase: {older_than_months: 6}", None),
        ("last_purchase: {within_months: 6}", "last_purchase: {older_than_months: 6}", None),
        ("columns: {Age: {below: 30}}", "columns: {Age: {at_least: 40}}", "Age: 30 or more, less than 40"),
        ("columns: {Met: {within_months: 1}}", "columns: {Met: {older_than_months: 2}}", "Met: more than 1 month ago, at most 2 months ago"),
    ],
)  # fmt: skip
def test_only_values_that_no_rule_asks_for_are_a_hole(
    first: str, second: str, found: str | None
) -> None:
    told = hole(rule("X", f"{{{first}}}") + rule("Y", f"{{{second}}}"), bought("2026-11-01", 15))
    assert len(told) == (found is not None)
    assert found is None or found in told[0]


def test_her_own_column_is_looked_into_for_those_in_the_hole() -> None:
    groups = rule("X", "{columns: {Age: {below: 30}}}") + rule(
        "Y", "{columns: {Age: {at_least: 40}}}"
    )
    assert "Clients in it: 1." in hole(groups, bought("2026-11-01"), Age=30)[0]
    assert "Clients in it: 0." in hole(groups, bought("2026-11-01"), Age=40)[0]


GIFTS = "contacts: {rules: []}\ngifts:\n  percent: 10\n  multipliers: []\n  list:\n    - {name: Pen, price: 5}\n"


@pytest.mark.parametrize(
    ("more", "amount", "told"),
    [
        ("    - {name: Car, price: 10}\n", 100, ["Gifts that nobody gets, because another one always fits better: Pen."]),
        ("    - {name: Car, price: 10.01}\n", 100, ["Gifts dearer than the largest budget (10): Car."]),
        ("    - {name: Car, price: 10}\n", 99, ["Gifts dearer than the largest budget (9): Car."]),
        ("    - {name: Cup, price: 5}\n", 99, ["Gifts that nobody gets, because another one always fits better: Cup."]),
        ("    - {name: Cup, price: 6, occasions: [8 March]}\n", 99, []),
        ("", 20, ["Gifts dearer than the largest budget (2): Pen."]),
    ],
)  # fmt: skip
def test_gifts_that_nobody_can_get_are_named(more: str, amount: float, told: list[str]) -> None:
    assert (
        texts(unreachable_gifts(result(rule("X"), [bought("2026-11-01", amount)], GIFTS + more)))
        == told
    )


def test_without_buyers_nothing_is_said_of_gifts() -> None:
    assert texts(unreachable_gifts(result())) == []


def ungreeted(text: str) -> list[str]:
    found = calculate([client("A")], [bought("2026-11-01", 9)], [], TODAY, config(text))
    return texts(days_without_greeting(found))


def test_a_day_of_gifts_on_which_nobody_is_greeted_any_more_is_told() -> None:
    one_day = "holidays: [{name: 8 March, off: yes}]\n"
    assert ungreeted("") == []
    (told,) = ungreeted(one_day)
    assert told.startswith("Gifts are chosen for 8 March, though nobody is greeted then. Where you")
    assert ungreeted(f"{one_day}gifts: {{occasions: [{{name: 8 March, off: yes}}]}}\n") == []


ODD = """
groups:
  - off: yes
  - {name: Few, when: {purchase_days: {at_most: 1}}}
  - {name: Nobody, when: {turnover_in_year: {above: 900000}, last_purchase: {within_months: 5}}}
  - {name: Many, when: {purchase_days: {at_least: 3}, last_purchase: {older_than_months: 6}}}
contacts:
  rules:
    - {rule: rhythm, when: {abc: {is: C}}, every: 2 months}
    - {rule: birthday, channels: [{when: {bought: {is: no}}, channel: call}]}
holidays:
  - {name: 8 March, off: yes}
  - {name: New Year, when: {stage: {is: Lost}}}
gifts:
  list:
    - {name: Car, price: 900000}
"""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_hint_names_a_key_of_the_file(language: str) -> None:
    rules = config(ODD)
    found = calculate([client("A")], [bought("2026-11-01", 500)], [], TODAY, rules)
    with speaking(language):
        hints = [
            hint.text
            for room in rules.rooms
            if room.hints is not None and room.is_on(found.base, found.config)
            for hint in room.hints(found)
        ]
    assert len(hints) >= 6, hints
    for hint in hints:
        assert not re.search(r"\w_\w|[^\W\d]\.\w", hint), hint
