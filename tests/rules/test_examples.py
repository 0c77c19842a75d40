"""Examples in the configuration: what is expected, and what comes out."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from rules.config.loading import ConfigError
from rules.examples import failures, known_of
from rules.reading.dates import add_months, day
from rules.rooms.facts import facts
from tests.bases import alone, bought, calculate, client, config, on, shipped

TODAY = day(on("2026-11-21"))


def failed(example: str, rules: str = "", today: np.datetime64 = TODAY) -> list[str]:
    asked = alone(f"{rules}\nexamples:\n  - {example}\n")
    return [
        f"{one.column}: {one.expected} / {one.found}: {one.why}" for one in failures(asked, today)
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_examples_of_the_shipped_rules_come_out_on_every_day_of_a_year(language: str) -> None:
    rules = config(shipped()[language])
    assert 6 <= len(rules.examples) <= 12
    for days in range(366):
        today = day(on("2026-11-21") + dt.timedelta(days))
        assert failures(rules, today) == [], today


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        ("bought: no", "Potential"),
        ("last_purchase: {months_ago: 5}, attended_class: yes", "Client"),
        ("last_purchase: {months_ago: 6, days_ago: 1}, attended_class: yes", "Waiting"),
        ("last_purchase: {months_ago: 6, days_ago: 1}, attended_class: no", "Potential"),
        # attendance unknown: a condition on it holds for nobody
        ("last_purchase: {months_ago: 6, days_ago: 1}", "Waiting"),
        # whether she bought isn't given: she isn't one who never did
        ("abc: A", "Client"),
        ("purchase_days: 0", "Client"),
        # turnover alone makes no VIP: regularity is unknown
        ("turnover_in_year: 40000", "Client"),
        ("turnover_in_year: 36000.01, purchase_days_in_year: 2, longest_gap_days: 62", "VIP"),
        ("turnover_in_year: 36000, purchase_days_in_year: 2, longest_gap_days: 62", "Client"),
        ("turnover_in_year: 36001, purchase_days_in_year: 1, longest_gap_days: 62", "Client"),
        ("turnover_in_year: 36001, purchase_days_in_year: 2, longest_gap_days: 63", "Client"),
    ],
)
def test_facts_alone_run_through_the_group_rules(facts: str, group: str) -> None:
    assert failed(f"{{facts: {{{facts}}}, expect: {{group: {group}}}}}") == []


@pytest.mark.parametrize(
    ("facts", "expect"),
    [
        ("bought: no", "stage: Potential"),
        ("first_purchase: {days_ago: 5}, last_purchase: {days_ago: 5}", "stage: New"),
        ("first_purchase: {months_ago: 3}, last_purchase: {days_ago: 5}", "stage: New"),
        (
            "first_purchase: {months_ago: 30}, last_purchase: {months_ago: 3, days_ago: 1}",
            "stage: Lost",
        ),
        ("last_purchase: {days_ago: 0}", "folder: Green"),
        ("last_purchase: {months_ago: 30}", "folder: Black"),
    ],
)
def test_stage_and_folder_come_from_the_dates(facts: str, expect: str) -> None:
    assert failed(f"{{facts: {{{facts}}}, expect: {{{expect}}}}}") == []


def test_a_stage_that_the_dates_leave_open_fails_and_says_so() -> None:
    example = "{facts: {first_purchase: {months_ago: 30}, last_purchase: {days_ago: 5}}, expect: {stage: Permanent}}"
    assert failed(example) == ["stage: Permanent / : these facts alone don't decide it"]


RULE = "groups:\n  - {name: X, when: {stage: {is: New}}}\n  - {name: Y, when: {columns: {Skin: {is: dry}}}}\n  - {name: Z}\n"
ELSE = "contacts: {rules: []}\ngifts: {multipliers: []}\n"


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        ("stage: new", "X"),
        ("columns: {skin: DRY}", "Y"),
        ("columns: {skin: oily}", "Z"),
        ("bought: no", "Z"),
        ("first_purchase: {days_ago: 3}, last_purchase: {days_ago: 3}", "X"),
    ],
)
def test_classes_stages_and_her_own_columns_are_facts_too(facts: str, group: str) -> None:
    assert failed(f"{{facts: {{{facts}}}, expect: {{group: {group}}}}}", RULE + ELSE) == []


@pytest.mark.parametrize(
    ("facts", "expected", "sentence"),
    [
        (
            "turnover_in_year: 36000, purchase_days_in_year: 6, longest_gap_days: 90",
            "VIP",
            "group: VIP / Client: group rule 5 takes her; rule 1 fails on turnover_in_year, longest_gap_days",
        ),
        ("bought: no", "Waiting", "group: Waiting / Potential: group rule 2 takes her"),
    ],
)
def test_a_failure_says_which_rule_took_her_and_what_she_lacks(
    facts: str, expected: str, sentence: str
) -> None:
    assert failed(f"{{facts: {{{facts}}}, expect: {{group: {expected}}}}}") == [sentence]


def test_a_failure_without_any_fitting_rule_says_so() -> None:
    rules = "groups:\n  - {name: X, when: {bought: {is: no}}}\n" + ELSE
    assert failed("{facts: {bought: yes}, expect: {group: X}}", rules) == [
        "group: X / : no group rule takes her; rule 1 fails on bought"
    ]


@pytest.mark.parametrize(
    "today", ["2026-07-31", "2026-03-01", "2024-02-29", "2026-02-28", "2026-11-21"]
)
@pytest.mark.parametrize("months", [0, 1, 5, 6, 12])
def test_months_ago_is_the_earliest_day_that_is_at_most_so_long_ago(
    today: str, months: int
) -> None:
    now = day(on(today))
    rules = config(
        f"examples: [{{facts: {{last_purchase: {{months_ago: {months}}}}}, expect: {{group: VIP}}}}]"
    )
    assert rules.examples[0].facts is not None
    last = known_of(rules.examples[0].facts, rules, now).of(facts).last_purchase
    assert add_months(last, months)[0] >= now
    assert add_months(last - np.timedelta64(1, "D"), months)[0] < now


CLIENTS = [client("C014", Class_date=on("2024-01-10")), client(7)]
PURCHASES = [bought("2026-11-01", 5000, "C014")]


def failed_in_base(example: str) -> list[str]:
    rules = config(f"examples:\n  - {example}\n")
    result = calculate(CLIENTS, PURCHASES, [], on("2026-11-21"), rules)
    return [
        f"{one.column}: {one.expected} / {one.found}: {one.why}"
        for one in failures(rules, TODAY, result)
    ]


@pytest.mark.parametrize(
    "example",
    [
        "{client: C014, expect: {group: Client, abc: A, stage: New, folder: Green}}",
        "{client: ' c014 ', expect: {group: client}}",
        "{client: 7, expect: {group: Potential, stage: Potential}}",
    ],
)
def test_a_client_of_the_workbook_is_looked_up_by_her_id(example: str) -> None:
    assert failed_in_base(example) == []


def test_a_client_who_came_out_differently_is_explained() -> None:
    (told,) = failed_in_base("{client: C014, expect: {stage: Lost}}")
    assert told.startswith("stage: Lost / New: the period is 3 months; first purchase 01.11.2026")


def test_a_client_who_is_not_there_fails() -> None:
    assert failed_in_base("{client: C15, expect: {group: VIP}}") == ["client: C15 / : "]


def test_clients_are_skipped_without_a_workbook() -> None:
    assert failed("{client: C15, expect: {group: VIP}}") == []


def test_a_file_of_ones_own_does_not_take_over_the_shipped_examples() -> None:
    assert (
        alone("groups: [{name: X}]\ncontacts: {rules: []}\ngifts: {multipliers: []}\n").examples
        == ()
    )


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("{client: 7, facts: {bought: no}, expect: {group: VIP}}", "give either 'client' or 'facts', one of them"),
        ("{expect: {group: VIP}}", "give either 'client' or 'facts', one of them"),
        ("{client: 7, expect: {}}", "nothing is expected; write at least one of: group, abc, xyz, stage, folder"),
        ("{client: 7, expect: {group: VPI}}", "no such name: 'VPI' (did you mean 'VIP'?); known: 'VIP', 'Potential'"),
        ("{facts: {stage: Nw}, expect: {group: VIP}}", "no such name: 'Nw' (did you mean 'New'?)"),
        ("{facts: {last_purchase: {}}, expect: {group: VIP}}", "say how long ago: months_ago, days_ago, or both"),
        ("{facts: {turnover: 1}, expect: {group: VIP}}", "unknown key (did you mean 'turnover_in_year'?)"),
        ("{facts: {bought: no, purchase_days: 1}, expect: {group: VIP}}", "it says bought: no, and yet tells of a purchase"),
        ("{facts: {bought: yes}, expect: {abc: A}}", "facts alone don't decide a class: name a client of the workbook"),
        ("{facts: {bought: yes}, expect: {stage: New}}", "a stage takes first_purchase and last_purchase, or bought: no"),
        ("{facts: {bought: yes}, expect: {folder: Green}}", "a folder takes last_purchase under 'facts'"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused_with_its_place(example: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        config(f"examples:\n  - {example}\n")
    assert words in str(error.value)
    assert "line 2, column" in str(error.value)
