"""Who is in the calendar, who gets a letter, who a greeting by SMS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rules.config.settings import Config
from rules.model.entries import Greeting
from rules.model.result import Result
from rules.outgoing import (
    addresses,
    agreed_to_mailing,
    birthdays_this_year,
    first_name,
    greeting,
    greetings_due,
    has_bad_address,
    letter_due,
)
from tests.bases import Row, alone, bought, calculate, cells, client, config, on, only, touched

TODAY = on("2026-11-21")


def due(
    clients: Sequence[Row], contacts: Sequence[Row] = (), rules: Config | None = None
) -> list[bool]:
    """Who gets a letter."""
    return [bool(one) for one in letter_due(mailed(clients, contacts, rules))]


def mailed(
    clients: Sequence[Row], contacts: Sequence[Row] = (), rules: Config | None = None
) -> Result:
    """The result of a base whose Mailing is a detail, as it is read from a file."""
    result = calculate(clients, [], contacts, TODAY, rules)
    raw = result.base["clients"]
    mailing = cells([row.get("Mailing") for row in clients])
    detailed = replace(raw, details={"mailing": mailing})
    return replace(result, base={**result.base, "clients": detailed})


# --- the calendar ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birthday", "today", "this_year"),
    [
        (dt.date(1984, 1, 1), "2026-11-21", "2026-01-01"),
        (dt.date(1984, 12, 31), "2026-11-21", "2026-12-31"),
        ("12.05", "2026-11-21", "2026-05-12"),
        (dt.date(1984, 2, 29), "2026-11-21", "2026-02-28"),
        (dt.date(1984, 2, 29), "2028-01-01", "2028-02-29"),
        ("in May", "2026-11-21", "NaT"),
        (None, "2026-11-21", "NaT"),
    ],
)
def test_a_birthday_is_that_of_this_calendar_year(
    birthday: object, today: str, this_year: str
) -> None:
    result = calculate([client(Birthday=birthday)], [], [], on(today))
    assert birthdays_this_year(result).astype(str).tolist() == [this_year]


def test_who_wants_no_contact_and_a_double_id_have_no_birthday_in_the_calendar() -> None:
    day = dt.date(1984, 5, 12)
    rows = [client("A", Birthday=day), client("a ", Birthday=day), client("B", Birthday=day)]
    rows[2] = {**rows[2], "Do not contact": "yes"}
    result = calculate(rows, [], [], TODAY)
    assert np.isnat(birthdays_this_year(result)).tolist() == [False, True, True]


# --- letters ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        ("2026-11-21", False),
        ("2026-11-08", False),  # 13 days ago
        ("2026-11-07", True),  # 14 days ago
        ("2026-10-01", True),
        (None, True),
    ],
)
def test_a_letter_is_due_two_weeks_after_the_last_one_or_when_there_was_none(
    last: str | None, is_due: bool
) -> None:
    contacts = [touched(last, "Letter ")] if last else []
    assert due([client(Mailing="yes")], contacts) == [is_due]


def test_the_newest_letter_counts_and_no_other_kind_of_contact() -> None:
    contacts = [
        touched("2026-11-20", "letter"),
        touched("2026-10-01", "letter"),
        touched("2026-11-20", "catalogue", client="B"),
        touched("2026-11-20", "call", client="B"),
    ]
    assert due([client("A", Mailing="yes"), client("B", Mailing="yes")], contacts) == [False, True]


def test_the_kinds_and_the_days_come_from_the_rules() -> None:
    rules = config("export: {mailing: {kinds: [letter, catalogue], every_days: 3}}")
    contacts = [
        touched("2026-11-19", "catalogue"),  # 2 days ago
        touched("2026-11-18", "catalogue", client="B"),
    ]
    who = [client("A", Mailing="yes"), client("B", Mailing="yes")]
    assert due(who, contacts, rules) == [False, True]


@pytest.mark.parametrize(
    ("mailing", "agreed"),
    [
        ("yes", True), ("да", True), ("news only", True), (True, True), (1, True),
        ("no", False), (" НЕТ ", False), ("-", False), ("", False), (None, False), (False, False),
        (0, False),
    ],
)  # fmt: skip
def test_a_letter_goes_only_to_who_agreed(mailing: object, agreed: bool) -> None:
    assert due([client(Mailing=mailing), client("B", Mailing="yes")]) == [agreed, True]


def test_who_wants_no_contact_gets_no_letter() -> None:
    assert due([client(Mailing="yes", Do_not_contact="yes")]) == [False]


def test_a_base_without_the_column_has_nobody_who_agreed() -> None:
    rows = [client("A"), client("B")]
    assert not agreed_to_mailing(calculate(rows, [], [], TODAY)).any()


# --- greetings -------------------------------------------------------------------------------


def greeted(birthday: str, contacts: Sequence[Row] = (), **typed: object) -> list[Greeting]:
    """The greetings of one client, of no class, who got a present once."""
    row = client(Birthday=on(birthday), **typed)
    purchases = [bought("2025-12-01", amount=0)]
    return greetings_due(calculate([row], purchases, contacts, TODAY))


@pytest.mark.parametrize(
    ("birthday", "is_due"),
    [
        ("1984-11-22", False),
        ("1984-11-21", True),
        ("1984-11-14", True),  # 7 days late
        ("1984-11-13", False),
    ],
)
def test_a_birthday_is_greeted_on_the_day_and_while_it_isn_t_too_late(
    birthday: str, is_due: bool
) -> None:
    assert greeted(birthday) == ([Greeting(0, "birthday")] if is_due else [])


def test_a_greeting_that_was_sent_is_done() -> None:
    assert greeted("1984-11-21", [touched("2026-11-20", "SMS")]) == []


def test_who_is_called_gets_no_sms() -> None:
    rules = alone(
        "contacts: {rules: [{rule: birthday, reason: b, channel: call, early_days: 1, late_days: 7}]}"
    )
    row = client(Birthday=on("1984-11-21"))
    assert greetings_due(calculate([row], [], [], TODAY, rules)) == []


@pytest.mark.parametrize(
    ("channel", "is_sms"), [("message", True), ("letter", True), ("call", False), ("gift", False)]
)
def test_what_weighs_like_an_sms_is_one(channel: str, is_sms: bool) -> None:
    rules = alone(
        f"contacts: {{rules: [{{rule: birthday, reason: b, channel: {channel}, early_days: 1, late_days: 7}}]}}"
    )
    row = client(Birthday=on("1984-11-21"))
    assert bool(greetings_due(calculate([row], [], [], TODAY, rules))) is is_sms


def test_a_holiday_is_greeted_too_and_both_on_one_day_in_the_order_of_the_clients() -> None:
    rows = [client("A"), client("B", Birthday=on("1990-12-31"))]
    purchases = [bought("2026-01-10"), bought("2026-01-10", client="B", amount=1)]
    found = greetings_due(
        calculate(rows, purchases, [], on("2026-12-31"), only("holiday", "birthday"))
    )
    assert [who for who, _ in found] == sorted(who for who, _ in found)
    assert (1, "New Year") in found


def test_an_agreed_sms_is_no_greeting_and_who_wants_no_contact_gets_none() -> None:
    contacts = [touched("2026-10-01", next_date="2026-11-20", next_kind="SMS")]
    assert greetings_due(calculate([client()], [], contacts, TODAY)) == []
    assert greeted("1984-11-21", Do_not_contact="yes") == []


TEMPLATES = """
export:
  sms:
    first_name_word: 2
    templates: {Birthday: "{first_name}! ({name})", 8 March: off}
    other: "{first_name}: {occasion}"
"""


@pytest.mark.parametrize(
    ("name", "occasion", "text"),
    [
        ("Petrova Anna", "birthday", "Anna! (Petrova Anna)"),
        ("Petrova Anna", " BIRTHDAY ", "Anna! (Petrova Anna)"),
        ("Petrova Anna", "8 March", "Anna: 8 March"),
        ("Anna", "8 March", "Anna: 8 March"),
        ("{x} {occasion}", "8 March", "{occasion}: 8 March"),
    ],
)
def test_the_text_is_that_of_the_occasion_else_the_other_one(
    name: str, occasion: str, text: str
) -> None:
    assert greeting(name, occasion, config(TEMPLATES).export.sms) == text


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (0, "Petrova Anna Ivanovna"),
        (1, "Petrova"),
        (2, "Anna"),
        (3, "Ivanovna"),
        (4, "Petrova Anna Ivanovna"),
    ],
)
def test_the_first_name_is_the_word_that_the_rules_say_else_the_whole_name(
    word: int, found: str
) -> None:
    rule = config(f"export: {{sms: {{first_name_word: {word}}}}}").export.sms
    assert first_name("Petrova Anna Ivanovna", rule) == found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_shipped_occasion_has_a_text_of_its_own(language: str) -> None:
    rules = config(f"based_on: {language}")
    names = [holiday.name for holiday in rules.holidays]
    names += [rule.reason for rule in rules.contacts.rules if rule.rule == "birthday"]
    assert set(names) == set(rules.export.sms.templates)


# --- e-mail ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("a.b@x.ru", ["a.b@x.ru"]),
        ("a@x.ru, b@y.com;c@z.co.uk d@z.ru\ne@z.ru", ["a@x.ru", "b@y.com", "c@z.co.uk", "d@z.ru", "e@z.ru"]),
        ("Anna <anna@mail.ru>", ["anna@mail.ru"]),
        ("mailto:a@b.ru.", ["a@b.ru"]),
        ("A@x.ru a@X.RU", ["A@x.ru"]),
        ("иван@почта.рф", ["иван@почта.рф"]),
        ("o'neil+news@x-y.ru", ["o'neil+news@x-y.ru"]),
        ("none", []),
        ("anna@", []),
        ("a@b", []),
        # a letter of the other alphabet that looks the same
        ("\u0430nna@x.ru", []),
        ("anna@\u0435xample.com", []),
        ("anna@x.\u0441om", []),
        ("анна@x.ru", []),
        ("anna@почта.рф", ["anna@почта.рф"]),
        ("\u0430nna@x.ru, vera@x.ru", ["vera@x.ru"]),
        # what begins like a formula is no address, and no part of it is one
        ("=cmd@x.ru", []),
        ("+a@x.ru", []),
        ("-a@x.ru", []),
        ("a" * 100_000 + "@", []),
        ("a." * 100_000, []),
    ],
)  # fmt: skip
def test_all_addresses_in_a_cell_are_found(typed: str, found: list[str]) -> None:
    assert addresses(typed) == found


@pytest.mark.parametrize(
    ("typed", "is_bad"),
    [
        ("", False),
        (" ", False),
        ("a@x.ru", False),
        ("a@x.ru; A@x.ru", False),
        ("mailto:a@x.ru", False),
        ("a.x.ru", True),
        ("a @x.ru", True),
        ("a@x.ru, b@y", True),
        ("\u0430nna@x.ru, vera@x.ru", True),
        ("a@x.ru, vera@\u0435x.ru", True),
    ],
)
def test_what_is_no_address_is_seen(typed: str, is_bad: bool) -> None:
    assert has_bad_address(typed) is is_bad
