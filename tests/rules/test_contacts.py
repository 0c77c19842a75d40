"""Next contact: each rule's dates on both sides of every threshold, then how they come together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rules.config.settings import Config
from rules.rooms.next_contact.rule import decided
from tests.bases import (
    Row,
    alone,
    bought,
    calculate,
    client,
    config,
    filled,
    on,
    only,
    shipped,
    touched,
)

Cells = tuple[str | None, str | None, str | None]
NOTHING: Cells = (None, None, None)
ANNA = client()
OTHER = client("Z", Class_date="2020-01-01")
"""Somebody who was at a class, so that attendance is known."""


def contact(
    today: str,
    rules: Config | None = None,
    who: Row = ANNA,
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] = (),
    others: Sequence[Row] = (OTHER,),
) -> Cells:
    """Next contact, Contact reason and Channel of the first client."""
    cells = filled(calculate([who, *others], purchases, contacts, on(today), rules))[0]
    due, reason, channel = (cells[key] for key in ("next_contact", "contact_reason", "channel"))
    return (
        None if due is None else str(due),
        None if reason is None else str(reason),
        None if channel is None else str(channel),
    )


# --- kinds of contact and their weights ---------------------------------------------------------

WEIGHTS: list[tuple[str | None, int]] = [
    ("meeting", 3),
    ("gift", 3),
    ("call", 2),
    ("call in", 2),
    ("call out", 2),
    ("SMS", 1),
    ("message", 1),
    ("letter", 1),
    ("catalogue", 1),
    # compared like IDs
    (" Meeting ", 3),
    ("CALL   out", 2),
    ("sms", 1),
    # a kind that isn't listed
    ("tea", 2),
]
BLANK: list[tuple[str | None, int]] = [(None, 2), ("  ", 2)]
BY_WEIGHT = {1: "letter", 2: "call", 3: "meeting"}


def is_done(channel: str | None, kind: str | None) -> bool:
    """Whether a contact of *kind* does a birthday that is to be greeted by *channel*."""
    rules = alone(
        "contacts: {rules: [{rule: birthday, reason: birthday, early_days: 1, late_days: 7, "
        f"channel: '{channel}'}}]}}"
    )
    born, greeting = client(Birthday="15.05"), touched("2024-05-15", kind)
    return contact("2024-05-15", rules, born, contacts=[greeting])[0] == "2025-05-15"


@pytest.mark.parametrize(("kind", "weight"), WEIGHTS + BLANK)
def test_a_contact_counts_for_channels_up_to_its_own_weight(kind: str | None, weight: int) -> None:
    counts = {level: is_done(channel, kind) for level, channel in BY_WEIGHT.items()}
    assert counts == {1: weight >= 1, 2: weight >= 2, 3: weight >= 3}


@pytest.mark.parametrize(("channel", "weight"), WEIGHTS)
def test_channels_weigh_the_same_way(channel: str | None, weight: int) -> None:
    done_by = {level: is_done(channel, kind) for level, kind in BY_WEIGHT.items()}
    assert done_by == {1: weight <= 1, 2: weight <= 2, 3: weight <= 3}


# --- agreed ----------------------------------------------------------------------------------

AGREED = only("agreed")


def agreed(today: str, *contacts: Row, purchases: Sequence[Row] = ()) -> Cells:
    return contact(today, AGREED, contacts=contacts, purchases=purchases)


AGREEMENTS = [
    # kind, cells
    ("meeting", ("2024-05-10", "agreed: meeting", "meeting")),
    (" SMS ", ("2024-05-10", "agreed: SMS", "SMS")),
    ("a walk", ("2024-05-10", "agreed: a walk", "a walk")),
    (None, ("2024-05-10", "agreed", "call")),
    ("  ", ("2024-05-10", "agreed", "call")),
]


@pytest.mark.parametrize(("kind", "expected"), AGREEMENTS)
def test_agreed_names_the_kind_that_was_agreed_else_it_is_a_call(
    kind: str | None, expected: Cells
) -> None:
    assert agreed("2024-05-02", touched("2024-05-01", "call", "2024-05-10", kind)) == expected


@pytest.mark.parametrize(
    "today", ["2024-05-01", "2024-05-09", "2024-05-10", "2024-05-11", "2034-05-10"]
)
def test_agreed_never_expires(today: str) -> None:
    call = touched("2024-05-01", "call", "2024-05-10")
    assert agreed(today, call) == ("2024-05-10", "agreed", "call")


NEWEST: list[tuple[str, list[Row], str | None]] = [
    # rows of Contacts, the agreed date
    (
        "the newest by date, wherever it stands",
        [touched("2024-05-02", "call", "2024-05-20"), touched("2024-05-01", "call", "2024-05-30")],
        "2024-05-20",
    ),
    (
        "of one day the one further down the sheet",
        [touched("2024-05-01", "call", "2024-05-30"), touched("2024-05-01", "call", "2024-05-20")],
        "2024-05-20",
    ),
    (
        "a newer contact without a next date hides none",
        [touched("2024-05-01", "call", "2024-05-20"), touched("2024-05-02", "call")],
        "2024-05-20",
    ),
    (
        "a slip of the pen counts as blank, so the one before stands",
        [touched("2024-05-01", "call", "2024-05-20"), touched("2024-05-02", "call", "2204-05-20")],
        "2024-05-20",
    ),
    (
        "one before its own contact counts as blank too",
        [touched("2024-05-01", "call", "2024-05-20"), touched("2024-05-02", "call", "2024-05-01")],
        "2024-05-20",
    ),
    (
        "an older agreement is forgotten even when the newer one is kept",
        [touched("2024-04-01", "call", "2024-06-20"), touched("2024-04-02", "call", "2024-04-05"),
         touched("2024-04-05", "call")],
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("contacts", "due"), [case[1:] for case in NEWEST], ids=[case[0] for case in NEWEST]
)
def test_agreed_is_the_next_date_of_the_newest_contact_that_has_one(
    contacts: list[Row], due: str | None
) -> None:
    assert agreed("2024-05-03", *contacts)[0] == due


@pytest.mark.parametrize(
    # 2024-01-01 + 366 days is 2025-01-01, + 34 days more 2025-02-04
    ("next_date", "due"),
    [("2025-02-04", "2025-02-04"), ("2025-02-05", None)],
)
def test_agreed_more_than_400_days_ahead_counts_as_blank(next_date: str, due: str | None) -> None:
    assert agreed("2024-01-02", touched("2024-01-01", "call", next_date))[0] == due


KEPT = [
    # the kind that was agreed, a contact of 10 May, is it done?
    ("call", "call", True),
    ("call", "Call  OUT", True),
    ("call", "meeting", True),
    ("call", "a walk", True),  # a kind that isn't listed weighs 2, as does a blank one
    ("call", None, True),
    ("call", "SMS", False),
    ("call", "catalogue", False),
    (None, "call", True),
    (None, "SMS", False),
    ("meeting", "meeting", True),
    ("meeting", "call", True),  # as much as the channel (3) or 2, whichever is less
    ("meeting", "letter", False),
    ("SMS", "letter", True),  # as much as the channel (1)
    ("SMS", "call", True),
    ("a walk", "call", True),
    ("a walk", "SMS", False),
]


@pytest.mark.parametrize(("agreed_kind", "kind", "done"), KEPT)
def test_agreed_is_done_by_a_contact_that_weighs_as_much_as_the_channel_or_2(
    agreed_kind: str | None, kind: str | None, done: bool
) -> None:
    agreement = touched("2024-05-01", "call", "2024-05-10", agreed_kind)
    due = agreed("2024-05-12", agreement, touched("2024-05-10", kind))[0]
    assert due == (None if done else "2024-05-10")


KEPT_WHEN = [
    # agreed on, for, kept on, is it done?
    ("2024-05-01", "2024-05-10", "2024-05-09", False),
    ("2024-05-01", "2024-05-10", "2024-05-10", True),
    ("2024-05-01", "2024-05-10", "2024-05-12", True),
    ("2024-05-10", "2024-05-10", "2024-05-10", False),  # not after the day of the agreement
    ("2024-05-10", "2024-05-10", "2024-05-11", True),
]


@pytest.mark.parametrize(("set_on", "due", "kept", "done"), KEPT_WHEN)
def test_agreed_is_done_on_or_after_its_date_and_after_the_day_of_the_agreement(
    set_on: str, due: str, kept: str, done: bool
) -> None:
    agreement = touched(set_on, "call", due)
    expected = None if done else due
    assert agreed("2024-05-12", agreement, touched(kept, "call"))[0] == expected
    assert agreed("2024-05-12", agreement, purchases=[bought(kept)])[0] == expected


@pytest.mark.parametrize(
    ("rules", "reason"),
    [(only("first_contact"), "first contact"), (only("agreed", "first_contact"), None)],
    ids=["without the agreed rule", "with it"],
)
def test_an_agreed_date_ahead_silences_only_where_a_rule_minds_agreed_dates(
    rules: Config, reason: str | None
) -> None:
    ahead = [touched("2024-05-10", "SMS", "2024-06-16")]
    row = filled(calculate([client()], [], ahead, on("2024-05-15"), rules))[0]
    assert row["contact_reason"] == (reason or "agreed")


# --- birthday --------------------------------------------------------------------------------

BIRTHDAY = only("birthday")
BORN = client(Birthday="15.05.1990")

BIRTHDAYS = [
    # birthday, today, due
    ("15.05.1990", "2024-05-14", "2024-05-15"),
    ("15.05.1990", "2024-05-15", "2024-05-15"),
    ("15.05.1990", "2024-05-22", "2024-05-15"),  # 7 days late
    ("15.05.1990", "2024-05-23", "2025-05-15"),  # 8 days: too late
    ("15.05", "2024-05-14", "2024-05-15"),  # without its year
    ("31.12.1990", "2024-01-07", "2023-12-31"),
    ("31.12.1990", "2024-01-08", "2024-12-31"),
    # 29 February is the 28th in common years
    ("29.02.2000", "2023-02-01", "2023-02-28"),
    ("29.02.2000", "2023-03-07", "2023-02-28"),
    ("29.02.2000", "2023-03-08", "2024-02-29"),
    ("29.02", "2024-03-07", "2024-02-29"),
    ("29.02", "2024-03-08", "2025-02-28"),
    ("", "2024-05-15", None),
    ("in May", "2024-05-15", None),
]


@pytest.mark.parametrize(("birthday", "today", "due"), BIRTHDAYS)
def test_a_birthday_stands_until_7_days_after_it(
    birthday: str, today: str, due: str | None
) -> None:
    expected = NOTHING if due is None else (due, "birthday", "SMS")
    assert contact(today, BIRTHDAY, client(Birthday=birthday)) == expected


GREETINGS = [
    # kind and day of a contact, is the birthday done?
    ("SMS", "2024-05-13", False),
    ("SMS", "2024-05-14", True),  # one day before
    ("SMS", "2024-05-15", True),
    ("SMS", "2024-05-16", True),
    ("letter", "2024-05-15", True),
    ("call", "2024-05-14", True),
    (None, "2024-05-14", True),
]


@pytest.mark.parametrize(("kind", "day", "done"), GREETINGS)
def test_a_birthday_is_done_from_one_day_before_it_on(
    kind: str | None, day: str, done: bool
) -> None:
    due = contact("2024-05-16", BIRTHDAY, BORN, contacts=[touched(day, kind)])[0]
    assert due == ("2025-05-15" if done else "2024-05-15")


def test_a_birthday_on_new_years_day_is_greeted_the_year_before() -> None:
    born, greeting = client(Birthday="01.01"), touched("2023-12-31", "SMS")
    assert contact("2023-12-31", BIRTHDAY, born, contacts=[greeting])[0] == "2025-01-01"
    assert contact("2023-12-30", BIRTHDAY, born)[0] == "2024-01-01"


A_LITTLE = [bought("2024-05-01", 100)]
A_LOT = [bought("2024-05-01", 18_000), bought("2024-05-02", 18_000.01)]
OTHERS_BUY = bought("2024-05-01", 100_000, "Z")

BIRTHDAY_CHANNELS: list[tuple[str, list[Row], str]] = [
    ("never bought", [], "SMS"),
    ("class A", A_LITTLE, "call"),  # the only buyer
    ("class C", [*A_LITTLE, OTHERS_BUY], "SMS"),
    ("VIP of class B", [*A_LOT, OTHERS_BUY], "call"),  # after 100 000 of 136 000.01: 73.5 %
    ("no VIP of class B", [bought("2024-05-01", 36_000.01), OTHERS_BUY], "SMS"),
]


@pytest.mark.parametrize(
    ("purchases", "channel"),
    [case[1:] for case in BIRTHDAY_CHANNELS],
    ids=[case[0] for case in BIRTHDAY_CHANNELS],
)
def test_a_birthday_is_a_call_for_vip_or_class_a_else_an_sms(
    purchases: list[Row], channel: str
) -> None:
    found = contact("2024-05-15", BIRTHDAY, BORN, purchases)
    assert found == ("2024-05-15", "birthday", channel)


@pytest.mark.parametrize(("kind", "done"), [("SMS", False), ("letter", False), ("call", True)])
def test_a_greeting_by_sms_replaces_no_birthday_call(kind: str, done: bool) -> None:
    greeting = [touched("2024-05-15", kind)]
    found = contact("2024-05-15", BIRTHDAY, BORN, A_LITTLE, greeting)
    assert found == ("2025-05-15" if done else "2024-05-15", "birthday", "call")


# --- after purchase --------------------------------------------------------------------------

AFTER_PURCHASE = only("after_purchase")
BOUGHT = bought("2024-03-31")
"""Sets 2 April, 14 April and, two months later, 31 May."""
TWO_DAYS: Cells = ("2024-04-02", "2 days after purchase", "call")
TWO_WEEKS: Cells = ("2024-04-14", "2 weeks after purchase", "call")
TWO_MONTHS: Cells = ("2024-05-31", "2 months after purchase", "call")

AFTER_PURCHASES = [
    # today, without any contact; of the missed dates only the latest stands
    ("2024-03-31", TWO_DAYS),
    ("2024-04-02", TWO_DAYS),
    ("2024-04-13", TWO_DAYS),
    ("2024-04-14", TWO_WEEKS),
    ("2024-05-30", TWO_WEEKS),
    ("2024-05-31", TWO_MONTHS),
    ("2024-07-30", TWO_MONTHS),  # 60 days late
    ("2024-07-31", NOTHING),  # 61 days: expired
]


@pytest.mark.parametrize(("today", "expected"), AFTER_PURCHASES)
def test_after_purchase_comes_2_days_2_weeks_and_2_months(today: str, expected: Cells) -> None:
    assert contact(today, AFTER_PURCHASE, purchases=[BOUGHT]) == expected


AFTER_PURCHASE_DONE = [
    # day of a call, today, expected
    ("2024-03-30", "2024-04-01", TWO_DAYS),
    ("2024-03-31", "2024-04-01", TWO_DAYS),  # on the day that set it: not later
    ("2024-04-01", "2024-04-01", TWO_WEEKS),
    ("2024-04-02", "2024-04-02", TWO_WEEKS),
    ("2024-04-10", "2024-04-14", TWO_WEEKS),  # 4 days before
    ("2024-04-11", "2024-04-14", TWO_MONTHS),  # 3 days of grace
    ("2024-04-14", "2024-04-14", TWO_MONTHS),
    ("2024-05-27", "2024-05-31", TWO_MONTHS),
    ("2024-05-28", "2024-05-28", NOTHING),
    ("2024-05-28", "2024-05-31", NOTHING),
    ("2024-06-10", "2024-06-10", NOTHING),
    # a call that did the second of three leaves no earlier one open
    ("2024-04-20", "2024-04-25", TWO_MONTHS),
]


@pytest.mark.parametrize(("day", "today", "expected"), AFTER_PURCHASE_DONE)
def test_after_purchase_is_done_by_a_later_call_at_most_3_days_early(
    day: str, today: str, expected: Cells
) -> None:
    found = contact(today, AFTER_PURCHASE, purchases=[BOUGHT], contacts=[touched(day)])
    assert found == expected


CALLS = [
    # kinds that count for a call, and kinds that don't
    ("call", True), ("Call in", True), ("call out", True), ("meeting", True), ("gift", True),
    ("coffee", True), (None, True), ("", True),
    ("SMS", False), ("message", False), ("letter", False), ("Catalogue", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "counts"), CALLS)
def test_after_purchase_is_done_only_by_a_contact_as_personal_as_a_call(
    kind: str | None, counts: bool
) -> None:
    calls = [touched("2024-04-02", kind)]
    found = contact("2024-04-02", AFTER_PURCHASE, purchases=[BOUGHT], contacts=calls)
    assert found == (TWO_WEEKS if counts else TWO_DAYS)


MONTH_ENDS = [
    # purchase, two months later
    ("2023-12-31", "2024-02-29"),
    ("2024-12-31", "2025-02-28"),
    ("2023-12-29", "2024-02-29"),
    ("2024-02-29", "2024-04-29"),
]


@pytest.mark.parametrize(("day", "due"), MONTH_ENDS)
def test_two_months_after_a_months_end_is_the_last_day_of_a_shorter_month(
    day: str, due: str
) -> None:
    found = contact(due, AFTER_PURCHASE, purchases=[bought(day)])
    assert found == (due, "2 months after purchase", "call")


def test_after_purchase_follows_the_last_purchase_day_not_a_later_return_or_present() -> None:
    lines = [bought("2024-03-01"), BOUGHT, bought("2024-04-05", 0), bought("2024-04-06", -10)]
    assert contact("2024-04-01", AFTER_PURCHASE, purchases=lines) == TWO_DAYS
    assert contact("2024-04-14", AFTER_PURCHASE, purchases=lines) == TWO_WEEKS
    assert contact("2024-04-14", AFTER_PURCHASE, purchases=[bought("2024-04-05", 0)]) == NOTHING


# --- class ahead -----------------------------------------------------------------------------

CLASS_AHEAD = only("class_ahead")
PLANNED = client(Class_date="20.05.2024")
CONFIRM: Cells = ("2024-05-19", "confirm the class", "call")

CLASSES_AHEAD: list[tuple[str, list[Row], Cells]] = [
    # today, contacts, expected
    ("2024-05-10", [], CONFIRM),
    ("2024-05-19", [], CONFIRM),
    ("2024-05-20", [], NOTHING),  # the class no longer lies ahead
    ("2024-05-19", [touched("2024-05-19", "call")], NOTHING),
    ("2024-05-19", [touched("2024-05-18", "call")], CONFIRM),
    ("2024-05-19", [touched("2024-05-19", "SMS")], CONFIRM),
]


@pytest.mark.parametrize(("today", "contacts", "expected"), CLASSES_AHEAD)
def test_a_class_ahead_is_confirmed_on_the_day_before_it(
    today: str, contacts: list[Row], expected: Cells
) -> None:
    assert contact(today, CLASS_AHEAD, PLANNED, contacts=contacts) == expected


# --- after class -----------------------------------------------------------------------------

AFTER_CLASS = only("after_class")
ATTENDED = client(Class_date="31.03.2024")
CLASS_TWO_DAYS: Cells = ("2024-04-02", "2 days after class", "call")
CLASS_TWO_WEEKS: Cells = ("2024-04-14", "2 weeks after class", "call")
CLASS_TWO_MONTHS: Cells = ("2024-05-31", "2 months after class", "call")

AFTER_CLASSES: list[tuple[str, list[Row], Cells]] = [
    # today, contacts, expected
    ("2024-03-30", [], NOTHING),  # a plan is no attendance
    ("2024-03-31", [], CLASS_TWO_DAYS),
    ("2024-04-13", [], CLASS_TWO_DAYS),
    ("2024-04-14", [], CLASS_TWO_WEEKS),
    ("2024-05-30", [], CLASS_TWO_WEEKS),
    ("2024-05-31", [], CLASS_TWO_MONTHS),
    ("2024-07-30", [], CLASS_TWO_MONTHS),  # 60 days late
    ("2024-07-31", [], NOTHING),
    ("2024-04-02", [touched("2024-03-31")], CLASS_TWO_DAYS),  # not later than the class
    ("2024-04-02", [touched("2024-04-01")], CLASS_TWO_WEEKS),
    ("2024-04-02", [touched("2024-04-01", "SMS")], CLASS_TWO_DAYS),
    ("2024-04-14", [touched("2024-04-10")], CLASS_TWO_WEEKS),  # 4 days before
    ("2024-04-14", [touched("2024-04-11")], CLASS_TWO_MONTHS),  # 3 days of grace
]


@pytest.mark.parametrize(("today", "contacts", "expected"), AFTER_CLASSES)
def test_after_class_comes_2_days_2_weeks_and_2_months(
    today: str, contacts: list[Row], expected: Cells
) -> None:
    assert contact(today, AFTER_CLASS, ATTENDED, contacts=contacts) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (bought("2024-03-30"), CLASS_TWO_DAYS),
        (bought("2024-03-31"), NOTHING),
        (bought("2024-04-01"), NOTHING),
        (bought("2024-04-01", 0), CLASS_TWO_DAYS),  # a present is no purchase
    ],
)
def test_after_class_is_for_those_with_no_purchase_on_or_after_it(
    line: Row, expected: Cells
) -> None:
    assert contact("2024-04-01", AFTER_CLASS, ATTENDED, purchases=[line]) == expected


# --- reorder ---------------------------------------------------------------------------------

REORDER = only("reorder")
EVERY_10_DAYS = [bought("2024-03-01"), bought("2024-03-11"), bought("2024-03-21")]
"""The next is due on 31 March."""

REORDERS = [
    # purchase days, due
    (["2024-03-01", "2024-03-11", "2024-03-21"], "2024-03-31"),
    (["2024-03-11", "2024-03-21"], None),  # 2 purchase days
    (["2024-03-01", "2024-03-11", "2024-03-11"], None),  # still 2
    (["2024-03-01", "2024-03-07", "2024-03-13"], "2024-03-20"),  # every 6 days: at least 7
    (["2024-03-01", "2024-03-08", "2024-03-15"], "2024-03-22"),  # 7
    (["2024-03-01", "2024-03-09", "2024-03-17"], "2024-03-25"),  # 8
    (["2024-03-01", "2024-03-11", "2024-03-26"], "2024-04-08"),  # of 10 and 15: 12.5, so 13
    (["2022-01-01", "2023-01-01", "2024-01-01"], "2024-12-31"),  # every 365 days
]


@pytest.mark.parametrize(("days", "due"), REORDERS)
def test_a_usual_order_is_due_an_interval_after_the_last_purchase(
    days: list[str], due: str | None
) -> None:
    found = contact("2024-03-26", REORDER, purchases=[bought(day) for day in days])
    assert found == (NOTHING if due is None else (due, "usual order is due", "call"))


REORDER_DONE: list[tuple[str, list[Row], bool]] = [
    # today, contacts, is it open?
    ("2024-03-21", [], True),
    ("2024-05-30", [], True),  # 60 days late
    ("2024-05-31", [], False),  # 61: expired
    ("2024-04-01", [touched("2024-03-27")], True),  # 4 days before
    ("2024-04-01", [touched("2024-03-28")], False),  # 3 days of grace
    ("2024-04-01", [touched("2024-04-01")], False),
    ("2024-04-01", [touched("2024-04-01", "SMS")], True),
]


@pytest.mark.parametrize(("today", "contacts", "is_open"), REORDER_DONE)
def test_a_usual_order_is_done_by_a_call_at_most_3_days_early_and_expires_after_60(
    today: str, contacts: list[Row], is_open: bool
) -> None:
    found = contact(today, REORDER, purchases=EVERY_10_DAYS, contacts=contacts)
    assert found[0] == ("2024-03-31" if is_open else None)


@pytest.mark.parametrize(
    ("rule", "early", "due"),
    [
        ("birthday, reason: birthday, late_days: 7, early_days", 365, "2025-05-15"),
        ("birthday, reason: birthday, late_days: 7, early_days", 366, "2026-05-15"),
        ("birthday, reason: birthday, late_days: 7, early_days", 1000, "2027-05-15"),
        ("before_birthday, reason: catalogue, days_before: 14, grace_days", 351, "2025-05-01"),
        ("before_birthday, reason: catalogue, days_before: 14, grace_days", 352, "2026-05-01"),
    ],
)
def test_a_contact_may_do_several_birthdays_and_the_first_that_is_not_done_stands(
    rule: str, early: int, due: str
) -> None:
    rules = alone(f"contacts: {{rules: [{{rule: {rule}: {early}, channel: SMS}}]}}")
    born, greeting = client(Birthday="15.05"), touched("2024-05-14", "SMS")
    assert contact("2024-05-14", rules, born, contacts=[greeting])[0] == due


def test_a_call_on_the_day_of_the_purchase_never_does_the_next_order() -> None:
    patient = only(
        "reorder", rules=config(shipped()["en"].replace("grace_days: 3", "grace_days: 20"))
    )
    for day, due in [("2024-03-21", "2024-03-31"), ("2024-03-22", None)]:
        found = contact("2024-03-25", patient, purchases=EVERY_10_DAYS, contacts=[touched(day)])
        assert found[0] == due


# --- holiday ---------------------------------------------------------------------------------

HOLIDAY = only("holiday")
EVER = [bought("2020-05-05")]
NEW_YEAR_2024: Cells = ("2024-12-31", "New Year", "SMS")
EIGHTH_OF_MARCH_2025: Cells = ("2025-03-08", "8 March", "SMS")

HOLIDAYS: list[tuple[str, list[Row], Cells]] = [
    # today, contacts, expected
    ("2024-12-01", [], NEW_YEAR_2024),
    ("2024-12-31", [], NEW_YEAR_2024),
    ("2025-01-02", [], NEW_YEAR_2024),  # 2 days late
    ("2025-01-03", [], EIGHTH_OF_MARCH_2025),  # 3 days: too late
    ("2025-03-10", [], EIGHTH_OF_MARCH_2025),
    ("2025-03-11", [], ("2025-12-31", "New Year", "SMS")),
    ("2024-12-31", [touched("2024-12-27", "SMS")], NEW_YEAR_2024),
    ("2024-12-31", [touched("2024-12-28", "SMS")], EIGHTH_OF_MARCH_2025),  # 3 days early
    ("2024-12-28", [touched("2024-12-28", "letter")], EIGHTH_OF_MARCH_2025),
    ("2025-01-01", [touched("2025-01-01", "call")], EIGHTH_OF_MARCH_2025),
]


@pytest.mark.parametrize(("today", "contacts", "expected"), HOLIDAYS)
def test_a_holiday_is_done_from_3_days_before_and_stands_until_2_days_after(
    today: str, contacts: list[Row], expected: Cells
) -> None:
    assert contact(today, HOLIDAY, purchases=EVER, contacts=contacts) == expected


IN_TOUCH: list[tuple[str, Row, list[Row], list[Row], bool]] = [
    ("nothing at all", ANNA, [], [], False),
    ("a purchase", ANNA, [bought("2015-01-01")], [], True),
    ("a present", ANNA, [bought("2015-01-01", 0)], [], True),
    ("an SMS", ANNA, [], [touched("2015-01-01", "SMS")], True),
    ("a class attended", client(Class_date="2024-12-01"), [], [], True),
    ("a class ahead", client(Class_date="2024-12-02"), [], [], False),
    ("a birthday", client(Birthday="15.05"), [], [], False),
    ("a purchase of tomorrow", ANNA, [bought("2024-12-02")], [], False),
]


@pytest.mark.parametrize(
    ("who", "purchases", "contacts", "greeted"),
    [case[1:] for case in IN_TOUCH],
    ids=[case[0] for case in IN_TOUCH],
)
def test_holidays_are_for_clients_ever_in_touch(
    who: Row, purchases: list[Row], contacts: list[Row], greeted: bool
) -> None:
    found = contact("2024-12-01", HOLIDAY, who, purchases, contacts)
    assert found == (NEW_YEAR_2024 if greeted else NOTHING)


def test_a_holiday_may_carry_a_condition_and_fall_on_29_february() -> None:
    rules = only(
        "holiday",
        rules=alone(
            """
            holidays:
              - {day: 02-29, name: Leap day}
              - {day: 03-01, name: Spring, when: {folder: {is: Black}}}
            """
        ),
    )
    assert contact("2024-02-01", rules, purchases=EVER)[:2] == ("2024-02-29", "Leap day")
    assert contact("2025-02-01", rules, purchases=EVER)[:2] == ("2025-02-28", "Leap day")
    assert contact("2024-03-03", rules, purchases=EVER)[:2] == ("2024-03-01", "Spring")
    green = [bought("2024-01-01")]
    assert contact("2024-03-03", rules, purchases=green)[:2] == ("2025-02-28", "Leap day")


# --- before birthday -------------------------------------------------------------------------

BEFORE_BIRTHDAY = only("before_birthday")
LONG_AGO = [bought("2020-05-05")]  # black folder
REASON = "catalogue before the birthday"

BEFORE_BIRTHDAYS: list[tuple[str, str, list[Row], str]] = [
    # birthday, today, contacts, due
    ("15.05.1990", "2024-04-20", [], "2024-05-01"),  # 14 days before
    ("15.05.1990", "2024-05-14", [], "2024-05-01"),  # until the day before it
    ("15.05.1990", "2024-05-15", [], "2025-05-01"),
    ("15.05.1990", "2024-05-02", [touched("2024-04-27")], "2024-05-01"),  # 4 days before
    ("15.05.1990", "2024-05-02", [touched("2024-04-28")], "2025-05-01"),  # 3 days of grace
    ("15.05.1990", "2024-05-14", [touched("2024-05-14")], "2025-05-01"),
    ("15.05.1990", "2024-05-14", [touched("2024-05-14", "catalogue")], "2024-05-01"),
    ("15.05.1990", "2024-05-14", [touched("2024-05-14", "SMS")], "2024-05-01"),
    ("05.01.1990", "2023-12-23", [], "2023-12-22"),
    ("05.01.1990", "2024-01-05", [], "2024-12-22"),
    ("29.02.2000", "2023-02-01", [], "2023-02-14"),
    ("29.02.2000", "2024-02-28", [], "2024-02-15"),
    ("29.02.2000", "2024-02-29", [], "2025-02-14"),
]


@pytest.mark.parametrize(("birthday", "today", "contacts", "due"), BEFORE_BIRTHDAYS)
def test_before_birthday_stands_from_14_days_before_it_until_the_day_before(
    birthday: str, today: str, contacts: list[Row], due: str
) -> None:
    found = contact(today, BEFORE_BIRTHDAY, client(Birthday=birthday), LONG_AGO, contacts)
    assert found == (due, REASON, "call")


@pytest.mark.parametrize(
    ("purchases", "due"),
    [
        ([], None),  # no folder
        ([bought("2022-12-31")], "2024-05-01"),  # black
        ([bought("2023-01-01")], None),  # green
    ],
)
def test_before_birthday_is_for_the_black_folder(purchases: list[Row], due: str | None) -> None:
    assert contact("2024-04-20", BEFORE_BIRTHDAY, BORN, purchases)[0] == due


# --- rhythm ----------------------------------------------------------------------------------

RHYTHM = only("rhythm")
SEEN = client(Class_date="2020-01-01")

GROUPS: list[tuple[str, list[Row], list[Row], str, str]] = [
    # purchases, contacts, today, due
    ("VIP 1 month", [bought("2024-05-01", 18_000), bought("2024-05-10", 18_001)], [], "2024-05-15", "2024-06-10"),
    ("Client 2", [bought("2024-05-01", 18_000), bought("2024-05-10", 18_000)], [], "2024-05-15", "2024-07-10"),
    ("Potential 3", [], [touched("2024-05-10")], "2024-05-15", "2024-08-10"),
    ("Waiting 4", [bought("2023-11-14")], [touched("2024-05-10")], "2024-05-15", "2024-09-10"),
    ("Client in the sixth month", [bought("2023-11-15")], [touched("2024-05-10")], "2024-05-15", "2024-07-10"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("purchases", "contacts", "today", "due"),
    [case[1:] for case in GROUPS],
    ids=[case[0] for case in GROUPS],
)
def test_the_rhythm_is_that_of_the_group(
    purchases: list[Row], contacts: list[Row], today: str, due: str
) -> None:
    found = contact(today, RHYTHM, SEEN, purchases, contacts)
    assert found == (due, "regular contact", "call")


INTERVALS = [
    # last touch, today, due; a Client, every 2 months
    ("2024-01-31", "2024-01-31", "2024-03-31"),
    ("2024-01-31", "2024-03-30", "2024-03-31"),
    ("2024-01-31", "2024-03-31", "2024-03-31"),
    ("2024-01-31", "2024-05-30", "2024-03-31"),  # the latest up to today
    ("2024-01-31", "2024-05-31", "2024-05-31"),
    # every date is counted from the touch: 29 February, then again 30 April
    ("2023-12-31", "2024-02-28", "2024-02-29"),
    ("2023-12-31", "2024-02-29", "2024-02-29"),
    ("2023-12-31", "2024-04-29", "2024-02-29"),
    ("2023-12-31", "2024-04-30", "2024-04-30"),
    ("2024-02-29", "2024-04-28", "2024-04-29"),
]


@pytest.mark.parametrize(("touch", "today", "due"), INTERVALS)
def test_of_the_rhythm_the_latest_date_up_to_today_stands_else_the_first_after_it(
    touch: str, today: str, due: str
) -> None:
    assert contact(today, RHYTHM, SEEN, [bought(touch)])[0] == due


def test_a_rhythm_never_expires() -> None:
    found = contact("2034-05-09", RHYTHM, SEEN, [bought("2023-05-10")])  # Waiting: every 4 months
    assert found[0] == "2034-01-10"


TOUCHES: list[tuple[str, Row, list[Row], list[Row], str | None]] = [
    # who, purchases, contacts, due on 2024-05-15 of a Potential client, 3 months after the touch
    ("nothing", ANNA, [], [], None),
    ("a present", ANNA, [bought("2024-04-01", 0)], [], "2024-07-01"),
    ("a return", ANNA, [bought("2024-04-01", -5)], [], "2024-07-01"),
    ("a class attended", client(Class_date="2024-05-15"), [], [], "2024-08-15"),
    ("a class ahead", client(Class_date="2024-05-16"), [], [], None),
    ("a call", ANNA, [], [touched("2024-04-01", "call")], "2024-07-01"),
    ("a kind that isn't listed", ANNA, [], [touched("2024-04-01", "tea")], "2024-07-01"),
    ("a blank kind", ANNA, [], [touched("2024-04-01", None)], "2024-07-01"),
    ("an SMS", ANNA, [], [touched("2024-04-01", "SMS")], None),
    ("a letter after a call", ANNA, [], [touched("2024-04-01"), touched("2024-05-01", "letter")], "2024-07-01"),
    ("the latest of all", client(Class_date="2024-03-01"), [bought("2024-04-02", 0)], [touched("2024-04-01")], "2024-07-02"),
    ("the contact of tomorrow", ANNA, [], [touched("2024-05-16")], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "purchases", "contacts", "due"),
    [case[1:] for case in TOUCHES],
    ids=[case[0] for case in TOUCHES],
)
def test_the_rhythm_follows_the_last_line_class_attended_or_personal_contact(
    who: Row, purchases: list[Row], contacts: list[Row], due: str | None
) -> None:
    assert contact("2024-05-15", RHYTHM, who, purchases, contacts)[0] == due


def test_a_group_that_the_rhythm_does_not_name_has_none() -> None:
    text = shipped()["en"].replace(
        "every: {VIP: 1 month, Client: 2 months,", "every: {vip: 1 month, Client: off,"
    )
    rules = only("rhythm", rules=config(text))
    assert contact("2024-05-15", rules, SEEN, [bought("2024-05-10", 18_000)]) == NOTHING
    vip = [bought("2024-05-09", 18_000), bought("2024-05-10", 18_001)]
    assert contact("2024-05-15", rules, SEEN, vip)[0] == "2024-06-10"


# --- first contact ---------------------------------------------------------------------------

FIRST_CONTACT = only("first_contact")

FIRST: list[tuple[str, Row, list[Row], list[Row], bool]] = [
    ("nothing", ANNA, [], [], True),
    ("an SMS", ANNA, [], [touched("2024-05-01", "SMS")], True),
    ("a catalogue", ANNA, [], [touched("2024-05-01", "catalogue")], True),
    ("a call", ANNA, [], [touched("2024-05-01", "call")], False),
    ("a kind that isn't listed", ANNA, [], [touched("2024-05-01", "tea")], False),
    ("a blank kind", ANNA, [], [touched("2024-05-01", None)], False),
    ("a call of tomorrow", ANNA, [], [touched("2024-05-16", "call")], True),
    ("a purchase", ANNA, [bought("2024-05-01")], [], False),
    ("a present", ANNA, [bought("2024-05-01", 0)], [], False),
    ("a return", ANNA, [bought("2024-05-01", -5)], [], False),
    ("a class attended", client(Class_date="2024-05-01"), [], [], False),
    ("a class ahead", client(Class_date="2024-06-01"), [], [], False),
    ("a class date that can't be read", client(Class_date="soon"), [], [], True),
]


@pytest.mark.parametrize(
    ("who", "purchases", "contacts", "proposed"),
    [case[1:] for case in FIRST],
    ids=[case[0] for case in FIRST],
)
def test_first_contact_is_today_for_those_without_line_class_or_personal_contact(
    who: Row, purchases: list[Row], contacts: list[Row], proposed: bool
) -> None:
    found = contact("2024-05-15", FIRST_CONTACT, who, purchases, contacts)
    assert found == (("2024-05-15", "first contact", "call") if proposed else NOTHING)


# --- "call me in May": silence while an agreed date lies ahead --------------------------------

TODAY = "2024-05-15"
AHEAD, NOW = "2024-05-16", "2024-05-15"
"""An agreed date silences while it lies after today."""

SILENT: list[tuple[str, Row, list[Row], bool]] = [
    # rule, who, purchases, is it silent?
    ("rhythm", SEEN, [bought("2024-01-10")], True),
    ("reorder", ANNA, [bought("2024-04-01"), bought("2024-04-11"), bought("2024-04-21")], True),
    ("before_birthday", client(Birthday="20.05"), LONG_AGO, True),
    ("first_contact", ANNA, [], True),
    ("after_purchase", ANNA, [bought("2024-05-10")], True),
    ("after_class", client(Class_date="2024-05-10"), [], True),
    ("birthday", BORN, [], False),
    ("holiday", ANNA, [bought("2023-01-01")], False),
    ("class_ahead", client(Class_date="2024-05-16"), [], False),
]


def open_dates(
    rule: str, who: Row, purchases: Sequence[Row], contacts: Sequence[Row] = ()
) -> list[str]:
    """The open dates that *rule* proposes for her beside the rule of agreed dates."""
    result = calculate([who, OTHER], purchases, contacts, on(TODAY), only(rule, "agreed"))
    numbers = [n for n, one in enumerate(result.config.contacts.rules) if one.rule == rule]
    dues = [str(one.due[0]) for one in result.known.of(decided)[1] if one.rule in numbers]
    return [due for due in dues if due != "NaT"]


@pytest.mark.parametrize(("rule", "who", "purchases", "silent"), SILENT)
def test_an_agreed_date_ahead_silences_all_but_birthdays_holidays_and_classes(
    rule: str, who: Row, purchases: list[Row], silent: bool
) -> None:
    before = open_dates(rule, who, purchases)
    assert before
    ahead = open_dates(rule, who, purchases, [touched("2024-05-10", "SMS", AHEAD)])
    assert ahead == ([] if silent else before)
    assert open_dates(rule, who, purchases, [touched("2024-05-10", "SMS", NOW)]) == before


NEWS = [
    # day of the purchase or class, day of the contact that agreed on a date ahead, silent?
    ("2024-05-11", "2024-05-10", False),
    ("2024-05-10", "2024-05-10", True),
    ("2024-05-09", "2024-05-10", True),
]


@pytest.mark.parametrize(("day", "set_on", "silent"), NEWS)
def test_a_purchase_or_class_later_than_the_agreement_speaks(
    day: str, set_on: str, silent: bool
) -> None:
    agreement = [touched(set_on, "SMS", AHEAD)]
    after_purchase = open_dates("after_purchase", ANNA, [bought(day)], agreement)
    after_class = open_dates("after_class", client(Class_date=day), [], agreement)
    assert (after_purchase == [], after_class == []) == (silent, silent)


def test_an_agreed_date_that_counts_as_blank_silences_nothing() -> None:
    slip = [touched("2024-05-10", "SMS", "2204-05-16")]
    rules = only("agreed", "first_contact")
    assert contact(TODAY, rules, ANNA, [], slip) == (TODAY, "first contact", "call")


# --- the three cells together ----------------------------------------------------------------


def test_an_overdue_date_stays_and_one_call_serves_everything_open_up_to_today() -> None:
    """Bought on 1 May: the 2 weeks are over on 15 May, which is her birthday too, and she agreed
    on 12 May.
    """
    contacts = [touched("2024-05-02", "SMS", "2024-05-12", "call in")]
    found = contact("2024-05-15", None, BORN, [bought("2024-05-01"), OTHERS_BUY], contacts)
    assert found == ("2024-05-12", "agreed: call in; birthday; 2 weeks after purchase", "call in")


def test_a_day_ahead_shows_the_reasons_of_that_day_only() -> None:
    """On 14 May nothing is open but the day ahead; what comes on 30 June isn't shown."""
    rules = only("birthday", "after_purchase")
    found = contact("2024-05-14", rules, BORN, [bought("2024-05-13"), OTHERS_BUY])
    assert found == ("2024-05-15", "birthday; 2 days after purchase", "call")
    found = contact("2024-05-13", rules, BORN, [bought("2024-05-12"), OTHERS_BUY])
    assert found == ("2024-05-14", "2 days after purchase", "call")


def test_what_is_open_today_is_shown_with_what_is_overdue_but_not_what_comes_tomorrow() -> None:
    rules = only("birthday", "first_contact")
    assert contact("2024-05-15", rules, BORN)[:2] == ("2024-05-15", "birthday; first contact")
    assert contact("2024-05-16", rules, BORN)[:2] == ("2024-05-15", "birthday; first contact")
    assert contact("2024-05-14", rules, BORN)[:2] == ("2024-05-14", "first contact")


def test_reasons_are_joined_in_the_order_of_the_rules_each_text_once() -> None:
    text = """
        reason_joiner: " + "
        contacts:
          rules:
            - {rule: first_contact, reason: say hello, channel: letter}
            - {rule: birthday, reason: birthday, channel: SMS, early_days: 0, late_days: 7}
            - {rule: birthday, reason: say hello, channel: call, early_days: 0, late_days: 7}
        """
    found = contact("2024-05-16", alone(text), BORN)
    assert found == ("2024-05-15", "say hello + birthday", "call")


CHANNELS = [
    # channels of two open reasons, which one is shown?
    ("SMS", "call", "call"),
    ("call", "SMS", "call"),
    ("SMS", "letter", "SMS"),  # equal: the first
    ("letter", "SMS", "letter"),
    ("call", "meeting", "meeting"),
    ("tea", "call", "tea"),  # a channel that isn't listed weighs 2
    ("SMS", "tea", "tea"),
]


@pytest.mark.parametrize(("first", "second", "expected"), CHANNELS)
def test_the_channel_is_the_weightiest_of_the_reasons_shown_among_equals_the_first(
    first: str, second: str, expected: str
) -> None:
    text = f"""
        contacts:
          rules:
            - {{rule: birthday, reason: one, channel: {first}, early_days: 0, late_days: 7}}
            - {{rule: first_contact, reason: two, channel: {second}}}
        """
    assert contact("2024-05-15", alone(text), BORN) == ("2024-05-15", "one; two", expected)


def test_a_weighty_channel_of_a_reason_that_is_not_shown_does_not_count() -> None:
    text = """
        contacts:
          rules:
            - {rule: birthday, reason: one, channel: meeting, early_days: 0, late_days: 7}
            - {rule: first_contact, reason: two, channel: SMS}
        """
    assert contact("2024-05-14", alone(text), BORN) == ("2024-05-14", "two", "SMS")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("yes", False), ("x", False), (1, False), ("no", True), ("нет", True), (None, True)],
)
def test_a_client_who_wants_no_contact_gets_none_of_the_three_cells(
    cell: object, wanted: bool
) -> None:
    who = client(Birthday="15.05", Do_not_contact=cell)
    contacts = [touched("2024-05-01", "call", "2024-05-10")]
    found = contact("2024-05-15", None, who, [bought("2024-05-01")], contacts)
    assert (found == NOTHING) is not wanted


def test_a_rule_may_be_limited_and_its_channel_chosen_by_conditions() -> None:
    text = """
        contacts:
          rules:
            - rule: first_contact
              reason: hello
              channel: letter
              when: {columns: {Level: {at_least: 1}}}
              channels:
                - {channel: meeting, when: {columns: {Level: {at_least: 3}}}}
                - {channel: call, when: {columns: {Level: {at_least: 2}}}}
        """
    rules = alone(text)
    for level, channel in [(0, None), (1, "letter"), (2, "call"), (3, "meeting")]:
        assert contact("2024-05-15", rules, client(Level=level))[2] == channel


def test_each_client_has_her_own_contacts() -> None:
    rows = [client("A"), client("B"), client("C", Birthday="16.05")]
    contacts = [touched("2024-05-01", "call", "2024-05-20", "meeting", client="B")]
    found = filled(calculate(rows, [bought("2024-05-14", 10, "A")], contacts, on("2024-05-15")))
    assert [cells["contact_reason"] for cells in found] == [
        "2 days after purchase",
        "agreed: meeting",
        "first contact",
    ]
