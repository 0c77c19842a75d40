"""The contacts up to a day, each with the day for which it is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from rules.model.result import Result
from rules.rooms.today.plan import plan
from tests.bases import Row, bought, calculate, client, config, on, only, touched

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


# A grown base without contacts ------------------------------------------------------------------


def grown(count: int, contacts: Sequence[Row] = ()) -> Result:
    """*count* clients who bought long ago, the later ones for more."""
    people = [client(str(number)) for number in range(count)]
    lines = [bought("2025-12-01", 1000 * (number + 1), str(number)) for number in range(count)]
    return calculate(people, lines, contacts, on("2026-11-21"), only("rhythm"))


def first_day(result: Result) -> list[int]:
    planned, _later = plan(result, result.today, lambda _day: True)
    return sorted(one.position for one in planned)


def backlog_told(result: Result) -> list[str]:
    return [notice for notice in result.notices if "never contacted" in notice]


def test_a_backlog_is_spread_by_the_capacity_with_the_best_clients_first_and_told() -> None:
    result = grown(300)
    assert first_day(result) == list(range(285, 300))
    (told,) = backlog_told(result)
    assert told == (
        "Clients who are due and were never contacted: 300. Today spreads the calls over your "
        "working days, 15 a day, the best clients first."
    )
    planned, later = plan(result, on("2026-11-28"), lambda _day: True)
    assert len(planned) == 8 * 15
    assert later == 300 - len(planned)


def test_what_a_day_holds_is_no_backlog() -> None:
    result = grown(15)
    assert first_day(result) == list(range(15))
    assert backlog_told(result) == []


def test_whoever_was_contacted_keeps_her_place() -> None:
    called = [touched("2025-12-01", client=str(number)) for number in range(3)]
    result = grown(40, called)
    assert first_day(result) == [0, 1, 2, *range(28, 40)]


def test_without_a_capacity_nothing_is_spread_and_nothing_told() -> None:
    off = config("contacts: {capacity_per_day: off}")
    people = [client(str(number)) for number in range(40)]
    result = calculate(people, [], [], on("2026-11-21"), off)
    assert len(first_day(result)) == 40
    assert backlog_told(result) == []
