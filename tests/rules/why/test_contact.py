"""Next contact, its reason and channel: what is open, in which order, and what keeps silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from rules.config.yaml_text import Path
from rules.model.result import Result
from tests.bases import Row, alone, bought, calculate, client, touched
from tests.rules.why.told import of, told

TODAY = dt.date(2026, 11, 21)
ANNA: dict[str, Any] = {"Class_date": dt.date(2025, 3, 1), "Birthday": dt.date(1985, 12, 1)}
LOG = [bought("2026-05-10"), bought("2026-08-10"), bought("2026-09-15")]


def base(
    log: Sequence[Row] = (), contacts: Sequence[Row] = (), rules: str = "", **typed: object
) -> Result:
    clients = [client("A", **typed), client("B", Class_date=dt.date(2025, 1, 1))]
    big = bought("2026-10-01", 9000, client="B")  # so that A isn't of class A
    return calculate(clients, [*log, big], contacts, TODAY, alone(rules))


def test_all_open_dates_are_told_in_order_with_the_rows_they_are_counted_from() -> None:
    result = base(LOG, [touched("2026-09-20", "SMS")], **ANNA)
    assert told(result, "next_contact") == [
        ("decided: 15.11.2026 2 months after purchase (call), counted from 15.09.2026 purchases 2"),
        "decided: 15.11.2026 regular contact (call), counted from 15.09.2026 purchases 2",
        "next: then 18.11.2026 usual order is due (call), counted from 15.09.2026 purchases 2",
        "next: then 01.12.2026 birthday (SMS) clients 0",
        "next: then 31.12.2026 New Year (SMS)",
        "next: then 08.03.2027 8 March (SMS)",
    ]
    assert [evidence.rule for evidence in of(result, "next_contact").evidence] == [
        ("contacts", "rules", 3, "dates", 2),
        ("contacts", "rules", 10, "every", "Client"),
        ("contacts", "rules", 7),
        ("contacts", "rules", 2),
        ("holidays", 0),
        ("holidays", 1),
    ]


@pytest.mark.parametrize(
    ("log", "contacts", "typed", "rule", "line"),
    [
        (
            [],
            [touched("2026-11-10", "call", "2026-11-20", "SMS"), touched("2026-11-12", "call")],
            {},
            ("contacts", "rules", 0),
            "decided: 20.11.2026 agreed: SMS (SMS), noted on 10.11.2026 contacts 0",
        ),
        (
            [],
            [touched("2026-11-10", "call", "2026-11-22"), touched("2026-11-10", "call", "2026-11-23")],
            {},
            ("contacts", "rules", 0),
            "decided: 23.11.2026 agreed (call), noted on 10.11.2026 contacts 1",
        ),
        (
            [],
            [],
            {"Class_date": dt.date(2026, 11, 25), "Birthday": dt.date(1985, 12, 1)},
            ("contacts", "rules", 4),
            "decided: 24.11.2026 confirm the class (call), counted from 25.11.2026 clients 0",
        ),
        (
            [],
            [],
            {"Class_date": dt.date(2026, 11, 20)},
            ("contacts", "rules", 5, "dates", 0),
            "decided: 22.11.2026 2 days after class (call), counted from 20.11.2026 clients 0",
        ),
        (
            [bought("2023-05-01")],
            [touched("2026-11-01")],
            {"Birthday": dt.date(1985, 12, 20), "Class_date": dt.date(2023, 1, 1)},
            ("contacts", "rules", 9),
            "decided: 06.12.2026 catalogue before the birthday (call) clients 0",
        ),
        (
            [],
            [touched("2026-10-01")],
            {},
            ("holidays", 0),
            "decided: 31.12.2026 New Year (SMS)",
        ),
        (
            [],
            [],
            {},
            ("contacts", "rules", 11),
            "decided: 21.11.2026 first contact (call)",
        ),
        (
            [],
            [touched("2026-08-01", "letter"), touched("2026-08-21", "meeting")],
            {},
            ("contacts", "rules", 10, "every", "Potential"),
            "decided: 21.11.2026 regular contact (call), counted from 21.08.2026 contacts 1",
        ),
        (
            [],
            [touched("2026-05-01", "call")],
            {"Class_date": dt.date(2026, 5, 1)},
            ("contacts", "rules", 10, "every", "Potential"),
            "decided: 01.11.2026 regular contact (call), counted from 01.05.2026 contacts 0 clients 0",
        ),
    ],
    ids=[
        "agreed", "agreed twice on a day", "class ahead", "after class", "before birthday",
        "holiday", "first contact", "rhythm after a contact", "rhythm after class and contact",
    ],
)  # fmt: skip
def test_every_rule_names_its_entry_and_where_its_date_comes_from(
    log: list[Row], contacts: list[Row], typed: dict[str, Any], rule: Path, line: str
) -> None:
    result = base(log, contacts, **typed)
    assert of(result, "next_contact").rule == rule
    assert told(result, "next_contact")[0] == line


def test_an_agreed_date_ahead_names_what_it_silences() -> None:
    contacts = [touched("2026-09-16", "call", "2027-01-10", "meeting")]
    lines = told(base(LOG, contacts, **ANNA), "next_contact")
    assert [line for line in lines if line.startswith("silent")] == [
        (
            "silent: silent because of the agreed date: 15.11.2026 2 months after purchase (call), "
            "counted from 15.09.2026 purchases 2"
        ),
        (
            "silent: silent because of the agreed date: 16.11.2026 regular contact (call), "
            "counted from 16.09.2026 contacts 0"
        ),
        (
            "silent: silent because of the agreed date: 18.11.2026 usual order is due (call), "
            "counted from 15.09.2026 purchases 2"
        ),
    ]
    assert lines[0] == "decided: 01.12.2026 birthday (SMS) clients 0"


@pytest.mark.parametrize(
    ("next_date", "rules"),
    [
        ("2026-11-21", ""),  # it isn't ahead any more
        ("2027-01-10", "contacts: {rules: [{rule: rhythm, reason: r, channel: call, months: {Client: 2}}]}"),
    ],
    ids=["due today", "no rule minds it"],
)  # fmt: skip
def test_an_agreed_date_that_nobody_waits_for_silences_nothing(next_date: str, rules: str) -> None:
    contacts = [touched("2026-09-16", "call", next_date)]
    lines = told(base(LOG, contacts, rules, **ANNA), "next_contact")
    assert not any(line.startswith("silent") for line in lines)


def test_the_reasons_in_the_cell_are_told_once_each_with_their_rules() -> None:
    result = base(LOG, [touched("2026-09-20", "SMS")], **ANNA)
    assert told(result, "contact_reason") == [
        "decided: everything open up to 21.11.2026, in the order of the rules",
        "fact: 2 months after purchase",
        "fact: usual order is due",
        "fact: regular contact",
    ]
    assert result.filled["contact_reason"][0] == (
        "2 months after purchase; usual order is due; regular contact"
    )
    assert of(result, "contact_reason").rule == ("contacts", "rules", 3, "dates", 2)


def test_ahead_only_the_reasons_of_that_day_are_told() -> None:
    result = base([], [touched("2026-10-01")])
    assert told(result, "contact_reason") == [
        "decided: everything open on 31.12.2026, in the order of the rules",
        "fact: New Year",
    ]


@pytest.mark.parametrize(
    ("contacts", "rules", "rule", "lines"),
    [
        (
            [touched("2026-11-10", "SMS", "2026-11-20", "meeting")],
            "",
            ("contacts", "rules", 0),
            [
                "decided: meeting weighs 3: agreed: meeting",
                "fact: call weighs 2: 2 months after purchase",
                "fact: call weighs 2: usual order is due",
                "fact: call weighs 2: regular contact",
            ],
        ),
        (
            [],
            (
                "contacts: {rules: [{rule: first_contact, reason: r, channel: call}, {rule: rhythm, reason: s, "
                "channel: SMS, months: {Client: 2}, channels: [{channel: letter, when: {abc: {is: A}}}, "
                "{channel: visit, when: {abc: {is: B}}}]}]}"
            ),
            ("contacts", "rules", 1, "channels", 1),
            ["decided: visit weighs 2: s"],
        ),
        (
            [touched("2026-11-10", "SMS", "2026-11-20")],
            "contacts: {rules: [{rule: agreed, reason: a, reason_with_kind: '{kind}', channel: SMS, max_days: 400}]}",
            ("contacts", "rules", 0, "channel"),
            ["decided: SMS weighs 1: a"],
        ),
    ],
    ids=["the weightiest", "a special channel", "its own channel"],
)
def test_the_channel_names_the_weights_and_where_it_stands(
    contacts: list[Row], rules: str, rule: Path, lines: list[str]
) -> None:
    result = base(LOG, contacts, rules, Class_date=dt.date(2025, 3, 1))
    assert told(result, "channel") == lines
    assert of(result, "channel").rule == rule


@pytest.mark.parametrize("key", ["next_contact", "contact_reason", "channel"])
@pytest.mark.parametrize(
    ("typed", "rules", "rule", "line"),
    [
        ({"Do_not_contact": "yes"}, "", (), "blank: she doesn't want to be contacted clients 0"),
        (
            {},
            "contacts: {rules: []}",
            ("contacts", "rules"),
            "blank: no contact rule proposes a date",
        ),
    ],
)
def test_a_blank_cell_says_why(
    key: str, typed: dict[str, Any], rules: str, rule: Path, line: str
) -> None:
    result = base(LOG, [], rules, **typed)
    assert (of(result, key).rule, told(result, key)) == (rule, [line])
