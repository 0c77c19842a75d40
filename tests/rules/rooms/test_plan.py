"""The contacts up to a day, each with the day for which it is planned."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.rooms.today.plan import plan
from tests.bases import calculate, client, config, on, only, touched

TODAY = on("2026-11-21")


def every_day(_day: dt.date) -> bool:
    return True


@pytest.mark.parametrize(
    ("agreed", "days", "stands"),
    [
        ("2026-11-01", 0, True),  # overdue
        ("2026-11-21", 0, True),
        ("2026-11-22", 0, False),
        ("2027-01-20", 60, True),  # 60 days ahead
        ("2027-01-21", 60, False),
    ],
)
def test_contacts_up_to_the_horizon_are_planned(agreed: str, days: int, stands: bool) -> None:
    contacts = [touched("2026-10-01", next_date=agreed)]
    result = calculate([client()], [], contacts, TODAY, only("agreed"))
    found, later = plan(result, TODAY + dt.timedelta(days), every_day)
    assert [one.position for one in found] == [0] * stands
    assert later == 0


def test_who_has_no_next_contact_is_not_planned() -> None:
    silent = client(Do_not_contact="yes")
    result = calculate([silent], [], [], TODAY)
    assert plan(result, TODAY + dt.timedelta(60), every_day) == ([], 0)


def test_an_overdue_contact_is_planned_for_today_and_an_agreed_one_never_moves() -> None:
    clients = [client("1"), client("2"), client("3")]
    contacts = [
        touched("2026-10-01", next_date="2026-11-01", client=who) for who in ("1", "2", "3")
    ]
    rules = config("contacts: {capacity_per_day: 1}")
    found, _ = plan(calculate(clients, [], contacts, TODAY, rules), TODAY, every_day)
    assert [(one.day, one.due) for one in found] == [(TODAY, on("2026-11-01"))] * 3


def test_calls_beyond_the_limit_of_a_day_move_to_the_next_ones() -> None:
    clients = [client("1"), client("2"), client("3")]
    rules = config("contacts: {capacity_per_day: 1}")
    result = calculate(clients, [], [], TODAY, rules)  # first contact: all are due today
    found, later = plan(result, TODAY + dt.timedelta(1), every_day)
    assert [one.day for one in found] == [TODAY, TODAY + dt.timedelta(1)]
    assert later == 1
