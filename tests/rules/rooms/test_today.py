"""The list of the day: who is on it, in which order, and what each of its columns says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from rules.config.settings import Config
from rules.rooms.today.room import todays_list
from tests.bases import LISTS, Row, bought, client, config, on, only, touched
from tests.rules.rooms.made import TODAY, calculated, rows_of, today_rows


def agreed(day: str, key: object = "A", kind: object = None) -> Row:
    """A contact that agreed a date."""
    return touched("2026-11-01", next_date=day, next_kind=kind, client=key)


AGREED = only("agreed")


def order(rows: Sequence[Row]) -> list[object]:
    return [row["client_id"] for row in rows]


# Who is on it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        ("2026-11-01", True),
        ("2026-11-20", True),
        ("2026-11-21", True),
        ("2026-11-22", True),
        ("2026-11-28", True),
        ("2026-11-29", False),
    ],
)
def test_overdue_contacts_todays_and_those_of_the_next_seven_days(
    day: str, *, listed: bool
) -> None:
    rows = today_rows([client()], contacts=[agreed(day)], rules=AGREED)
    assert [(row["due"], row["day"]) for row in rows] == [
        (on(day), max(on(day), TODAY)) for _ in range(listed)
    ]


@pytest.mark.parametrize(("days", "listed"), [(0, 1), (1, 2), (60, 3)])
def test_how_many_days_ahead_it_reaches_is_configured(days: int, listed: int) -> None:
    rules = config(f"today: {{days_ahead: {days}}}")
    contacts = [agreed(f"2026-11-{21 + at}", key) for at, key in enumerate("ABC")]
    contacts[2] = agreed("2027-01-20", "C")
    clients = [client(key) for key in "ABC"]
    assert len(today_rows(clients, contacts=contacts, rules=only("agreed", rules=rules))) == listed


def test_nobody_who_wants_no_contact_or_has_no_id_or_the_id_of_another() -> None:
    clients = [
        client("A", Do_not_contact="yes"),
        client("B", Do_not_contact="no"),
        client(None),
        client("b"),
        client("C"),
    ]
    assert order(today_rows(clients)) == ["B", "C"]


def test_a_base_without_contacts_or_clients_to_be_contacted_has_an_empty_list() -> None:
    clients = [client(Do_not_contact="yes")]
    assert today_rows(clients, contacts=None) == []
    made = todays_list(calculated(clients), lambda _day: True)
    assert len(made) == 0
    assert set(made.columns) == {one.key for one in LISTS["today"] if not one.is_hers}


# In which order ---------------------------------------------------------------------------------


def test_the_most_urgent_stand_first_by_the_order_of_the_rules_then_by_how_late() -> None:
    clients = [
        client("first"),
        client("birthday", Birthday=on("1980-11-20")),
        client("agreed today"),
        client("agreed"),
        client("tomorrow"),
        client("agreed long ago"),
    ]
    contacts = [
        agreed("2026-11-21", "agreed today"),
        agreed("2026-11-19", "agreed"),
        agreed("2026-11-22", "tomorrow"),
        agreed("2026-11-02", "agreed long ago"),
    ]
    rows = today_rows(clients, contacts=contacts, rules=only("agreed", "birthday", "first_contact"))
    assert order(rows) == [
        "agreed long ago", "agreed", "agreed today", "birthday", "first", "tomorrow",
    ]  # fmt: skip


def test_the_same_urgency_keeps_the_order_of_the_clients() -> None:
    clients = [client(key) for key in ("c", "a", "b")]
    assert order(today_rows(clients)) == ["c", "a", "b"]


def test_the_days_ahead_follow_by_day_and_within_a_day_by_the_rules() -> None:
    clients = [
        client("late", Birthday=on("1980-11-24")),
        client("birthday", Birthday=on("1980-11-23")),
        client("agreed"),
    ]
    rows = today_rows(
        clients, contacts=[agreed("2026-11-23", "agreed")], rules=only("agreed", "birthday")
    )
    assert order(rows) == ["agreed", "birthday", "late"]


def test_a_later_reason_that_counts_already_makes_a_client_more_urgent() -> None:
    """Both reasons are shown, and agreed comes before the rest."""
    clients = [client("rhythm"), client("both")]
    contacts = [
        touched("2026-05-01", client="rhythm"),
        touched("2026-05-01", next_date="2026-11-20", client="both"),
    ]
    rows = today_rows(clients, contacts=contacts, rules=only("agreed", "rhythm"))
    assert order(rows) == ["both", "rhythm"]
    assert [row["reason"] for row in rows] == ["agreed; regular contact", "regular contact"]


def test_at_most_so_many_contacts_stand_on_the_list_the_most_urgent_ones() -> None:
    clients = [client(str(number)) for number in range(5)]
    rules = only("agreed", "first_contact", rules=config("today: {most: 3}"))
    contacts = [agreed("2026-11-20", "4")]
    result = calculated(clients, contacts=contacts, rules=rules)
    made = todays_list(result, lambda _day: True)
    assert order(rows_of(made)) == ["4", "0", "1"]
    assert "More than fit on the list: 2." in made.lines[0]


# Levelled ---------------------------------------------------------------------------------------


def capacity(calls: int, *names: str) -> Config:
    return only(*names, rules=config(f"contacts: {{capacity_per_day: {calls}}}"))


def test_with_a_limit_the_calls_are_spread_and_next_contact_stays_the_same() -> None:
    clients = [client(str(number)) for number in range(5)]
    result = calculated(clients, rules=capacity(2, "first_contact"))
    made = todays_list(result, lambda day: day.weekday() < 5)
    rows = rows_of(made)
    monday, tuesday, wednesday = (TODAY + dt.timedelta(days=days) for days in (2, 3, 4))
    assert [row["day"] for row in rows] == [monday, monday, tuesday, tuesday, wednesday]
    assert {row["due"] for row in rows} == {TODAY}
    assert made.lines[0] == (
        "Overdue: 0. Due today: 5. In the next 7 days: 0. "
        "Calls a day: 2 at most; moved to later days: 5."
    )


def test_agreed_dates_birthdays_holidays_and_the_day_before_a_class_never_move() -> None:
    clients = [
        client("agreed"),
        client("birthday", Birthday=on("1980-12-30")),
        client("class", Class_date=on("2026-12-31")),
        client("holiday"),
        client("first"),
    ]
    today = on("2026-12-30")
    contacts = [
        touched("2026-12-01", next_date="2026-12-30", client="agreed"),
        touched("2026-11-30", "SMS", client="holiday"),
    ]
    text = (
        "contacts:\n  capacity_per_day: 1\n  rules:\n"
        "    - {rule: agreed, reason: agreed, reason_with_kind: 'agreed: {kind}', channel: call, max_days: 400}\n"
        "    - {rule: birthday, reason: birthday, channel: call, early_days: 1, late_days: 7}\n"
        "    - {rule: class_ahead, reason: class, channel: call, days_before: 1}\n"
        "    - {rule: holiday, channel: call, early_days: 3, late_days: 2}\n"
        "    - {rule: first_contact, reason: first, channel: call}\n"
    )
    found = {
        row["client_id"]: row["day"]
        for row in today_rows(clients, (), contacts, today, config(text))
    }
    assert found["agreed"] == found["birthday"] == found["class"] == today
    assert found["holiday"] == on("2026-12-31"), "its day, though it is taken"
    assert found["first"] == on("2027-01-01"), "both days before are full"


def test_a_client_with_a_fixed_reason_among_others_stays_on_her_day() -> None:
    clients = [client("A", Birthday=on("1980-11-21")), client("B")]
    contacts = [touched("2026-05-01", client="A"), touched("2026-04-01", client="B")]
    rows = today_rows(clients, contacts=contacts, rules=capacity(1, "birthday", "rhythm"))
    assert [(row["client_id"], row["day"]) for row in rows] == [
        ("A", TODAY),
        ("B", TODAY + dt.timedelta(days=1)),
    ]


def test_a_call_is_not_moved_past_a_birthday_or_an_agreed_date_of_the_client() -> None:
    """She would be called for nothing in particular after her birthday is over."""
    clients = [
        *(client(f"urgent {number}") for number in range(6)),
        client("A", Birthday=on("1980-11-23")),
    ]
    contacts = [touched("2026-03-01", client=row["ID"]) for row in clients]
    rows = today_rows(clients, contacts=contacts, rules=capacity(1, "rhythm", "birthday"))
    days = {row["client_id"]: row["day"] for row in rows}
    assert days["A"] <= on("2026-11-23")


def test_what_finds_no_place_within_the_days_is_counted_above_the_list() -> None:
    clients = [client(str(number)) for number in range(12)]
    made = todays_list(calculated(clients, rules=capacity(1, "first_contact")), lambda _day: True)
    assert len(made) == 8
    assert made.lines[0] == (
        "Overdue: 0. Due today: 12. In the next 7 days: 0. "
        "Calls a day: 1 at most; moved to later days: 11."
    )


OVERDUE, SOON = [touched("2026-04-01", client=key) for key in "ABC"], client("D", Birthday="23.11")


@pytest.mark.parametrize(
    ("limit", "moved"),
    [
        ("", ""),
        ("contacts: {capacity_per_day: 3}", ""),
        (
            "contacts: {capacity_per_day: 1}",
            " Calls a day: 1 at most; moved to later days: 2.",
        ),
    ],
)
def test_the_head_counts_what_is_due_as_the_first_sheet_does_wherever_it_moved(
    limit: str, moved: str
) -> None:
    rules = only("birthday", "rhythm", rules=config(limit))
    clients = [*(client(key) for key in "ABC"), SOON]
    result = calculated(clients, contacts=OVERDUE, rules=rules)
    made = todays_list(result, lambda _day: True)
    assert result.due() == (3, 0)
    assert made.lines[0] == f"Overdue: 3. Due today: 0. In the next 7 days: 1.{moved}"


# What its columns say ---------------------------------------------------------------------------


def test_the_lines_above_count_the_contacts_and_say_what_to_do() -> None:
    keys = {
        "A": "2026-11-02",
        "B": "2026-11-20",
        "C": "2026-11-21",
        "D": "2026-11-22",
        "E": "2026-11-28",
    }
    contacts = [agreed(day, key) for key, day in keys.items()]
    made = todays_list(
        calculated([client(key) for key in keys], contacts=contacts, rules=AGREED),
        lambda _day: True,
    )
    assert made.lines == (
        "Overdue: 2. Due today: 1. In the next 7 days: 2.",
        "Write into Done and Result; the next recalculation puts it on the sheet Contacts.",
    )


def test_every_column_of_a_client_who_has_everything() -> None:
    clients = [
        client(
            7,
            Phone=79160001122,
            Wishes="a lipstick\nin red",
            Birthday=on("1980-11-25"),
            Class_date=on("2025-05-05"),
            City="Tver",
        )
    ]
    purchases = [
        {**bought("2026-11-18", 50_000, 7), "Product": "Cream"},
        {**bought("2026-11-18", 100, 7), "Product": "Soap"},
        {**bought("2026-11-18", 100, 7), "Product": "Cream"},
        {**bought("2026-11-18", 100, 7), "Product": None},
        {**bought("2026-10-01", 100, 7), "Product": "Oil"},
    ]
    contacts = [
        {**touched("2026-11-19", "SMS", client=7), "Note": "how is it", "Result": "loves it"},
        {**touched("2026-11-10", client=7), "Note": "old", "Result": "old"},
    ]
    rules = config("home_city: Moscow")
    (row,) = today_rows(clients, purchases, contacts, rules=rules)
    assert row == {
        "day": TODAY,
        "due": on("2026-11-20"),
        "name": "Name of 7",
        "phone": "79160001122",
        "group": "VIP",
        "classes": "A",
        "reason": "2 days after purchase",
        "channel": "call",
        "last_bought": "18.11.2026: Cream, Soap",
        "last_contact": "19.11.2026 SMS: how is it; loves it",
        "wishes": "a lipstick\nin red",
        "gift": "Hand cream + card – Birthday, by 21.11.2026",
        "client_id": "7",
    }  # fmt: skip


def test_a_client_of_whom_nothing_is_known_has_blank_cells() -> None:
    assert not list(today_rows([{"ID": "A", "Name": None}]))
    (row,) = today_rows([{"ID": "A", "Name": "Anna"}])
    known = {"day": TODAY, "due": TODAY, "group": "Potential", "reason": "first contact"}
    assert row == {
        **dict.fromkeys(one.key for one in LISTS["today"] if not one.is_hers),
        **known,
        "name": "Anna",
        "channel": "call",
        "client_id": "A",
    }


@pytest.mark.parametrize(
    ("products", "shown"),
    [
        ([], "18.11.2026"),
        ([None, "  "], "18.11.2026"),
        (["Tea"], "18.11.2026: Tea"),
        (list("abcde"), "18.11.2026: a, b, c, d, e"),
        (list("abcdef"), "18.11.2026: a, b, c, d, e, …"),
        (["a", *"aabb"], "18.11.2026: a, b"),
        ([7], "18.11.2026: 7"),
        (["=1+1", "@x\ny", "🎁"], "18.11.2026: =1+1, @x\ny, 🎁"),
    ],
)
def test_the_last_purchase_names_up_to_five_products(products: list[object], shown: str) -> None:
    days = [{**bought("2026-11-18"), "Product": one} for one in products or [None]]
    later = {**bought("2026-11-19", -10), "Product": "returned"}
    (row,) = today_rows([client()], [*days, later])
    assert row["last_bought"] == shown


@pytest.mark.parametrize(
    ("kind", "note", "result", "shown"),
    [
        (None, None, None, "20.11.2026"),
        ("Call in", None, None, "20.11.2026 Call in"),
        (None, "asked", None, "20.11.2026: asked"),
        ("SMS", None, "answered", "20.11.2026 SMS: answered"),
        ("SMS", "asked", "answered", "20.11.2026 SMS: asked; answered"),
        ("SMS", 7, True, "20.11.2026 SMS: 7; TRUE"),
        ("SMS", "=1", "+2\n👩", "20.11.2026 SMS: =1; +2\n👩"),
    ],
)
def test_the_last_contact_is_told_with_its_note_and_result(
    kind: object, note: object, result: object, shown: str
) -> None:
    contacts = [
        {**touched("2026-11-19"), "Note": "older", "Result": "older"},
        {**touched("2026-11-20", kind), "Note": note, "Result": result},
        {**touched("2026-11-18"), "Note": "oldest", "Result": "oldest"},
        {**touched("2026-11-22"), "Note": "ahead", "Result": "ahead"},
    ]
    rules = config("today: {days_ahead: 60}")
    purchases = [bought("2026-09-22")]
    (row,) = today_rows([client()], purchases, contacts, rules=rules)
    assert row["last_contact"] == shown


def test_of_several_contacts_of_a_day_the_one_further_down_is_the_last() -> None:
    contacts = [
        {**touched("2026-11-20"), "Note": note, "Result": None} for note in ("first", "last")
    ]
    rules = config("today: {days_ahead: 60}")
    (row,) = today_rows([client()], [bought("2026-11-01")], contacts, rules=rules)
    assert row["last_contact"] == "20.11.2026 call: last"


def test_the_contact_and_purchase_of_another_client_stay_with_her() -> None:
    clients = [client("A"), client("B")]
    purchases = [{**bought("2026-11-01", client="B"), "Product": "Tea"}]
    contacts = [{**touched("2026-11-02", client="B"), "Note": "hers"}]
    rules = config("today: {days_ahead: 60}")
    by_client = {
        row["client_id"]: row for row in today_rows(clients, purchases, contacts, rules=rules)
    }
    assert by_client["A"]["last_bought"] is by_client["A"]["last_contact"] is None
    assert by_client["B"]["last_bought"] == "01.11.2026: Tea"
    assert by_client["B"]["last_contact"] == "02.11.2026 call: hers"


def test_the_last_contact_says_how_often_she_was_not_reached_since() -> None:
    calls = [
        touched("2026-11-10", "missed call out"),
        touched("2026-11-12", "call"),
        touched("2026-11-18", "missed call out"),
        touched("2026-11-19", "missed call out"),
    ]
    (tried,) = today_rows([client()], [bought("2026-11-05")], calls)
    assert str(tried["last_contact"]).startswith("2 attempts; 19.11.2026 missed call out")
