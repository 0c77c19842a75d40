"""A call of hers that was missed: call back on its own day, until somebody did."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.model.result import Result
from tests.bases import Row, calculate, client, config, filled, on, only, touched

TODAY = on("2026-11-21")


def due(
    *contacts: Row, today: dt.date = TODAY, text: str = "", **typed: object
) -> tuple[object, object]:
    """Next contact and its reason, of a client of whom no other rule wants anything."""
    return of(
        calculate(
            [client("A", **typed)], [], contacts, today, only("missed_call", rules=config(text))
        )
    )


def of(result: Result) -> tuple[object, object]:
    (cells,) = filled(result)
    return cells["next_contact"], cells["contact_reason"]


def test_it_is_due_on_its_own_day() -> None:
    assert due(touched("2026-11-18", "missed call")) == (on("2026-11-18"), "call back")


@pytest.mark.parametrize("kind", ["missed call out", "call", "coffee", None])
def test_another_kind_is_no_missed_call(kind: str | None) -> None:
    assert due(touched("2026-11-18", kind)) == (None, None)


@pytest.mark.parametrize(
    ("kind", "day", "is_done"),
    [
        ("call", "2026-11-18", True),
        ("call", "2026-11-17", False),
        ("call", "2026-11-20", True),
        ("SMS", "2026-11-20", False),
        ("meeting", "2026-11-20", True),
        ("missed call out", "2026-11-20", False),
    ],
)
def test_a_contact_that_counts_does_it_later_or_on_that_day_further_down(
    kind: str, day: str, *, is_done: bool
) -> None:
    found = due(touched("2026-11-18", "missed call"), touched(day, kind))
    assert (found == (None, None)) is is_done


def test_a_call_of_that_day_further_up_does_nothing() -> None:
    found = due(touched("2026-11-18", "call"), touched("2026-11-18", "missed call"))
    assert found[0] == on("2026-11-18")


def test_of_several_the_first_that_nobody_answered_stands() -> None:
    calls = [touched(f"2026-11-{day}", "missed call") for day in (10, 14, 12)]
    assert due(*calls)[0] == on("2026-11-10")
    assert due(*calls, touched("2026-11-11", "call"))[0] == on("2026-11-12")


@pytest.mark.parametrize(("today", "is_due"), [("2027-01-17", True), ("2027-01-18", False)])
def test_it_expires(today: str, *, is_due: bool) -> None:
    found = due(touched("2026-11-18", "missed call"), today=on(today))
    assert (found[0] is not None) is is_due


def test_those_who_dont_want_contact_are_called_back_too_and_nobody_without_a_name() -> None:
    missed = touched("2026-11-18", "missed call")
    assert due(missed, Do_not_contact="yes")[1] == "call back"
    assert due(missed, Name=None) == (None, None)


def test_it_is_no_touch() -> None:
    rules = only("first_contact", "holiday", "rhythm")
    for kind in ("missed call", "missed call out"):
        result = calculate([client("A")], [], [touched("2026-11-18", kind)], TODAY, rules)
        assert of(result) == (TODAY, "first contact")


def test_the_kinds_are_those_of_the_configuration() -> None:
    text = "kinds: {lost: 0}\nmissed_kinds: [lost]"
    assert due(touched("2026-11-18", "lost"), text=text)[1] == "call back"
    assert due(touched("2026-11-18", "missed call"), text=text) == (None, None)


def test_check_names_those_whom_nobody_called_back() -> None:
    people, missed = [client("A"), client("B")], touched("2026-11-18", "missed call")
    answered = [touched("2026-11-17", "missed call", client="B"), touched("2026-11-18", client="B")]
    result = calculate(people, [], [missed, *answered], TODAY)
    found = [hint.text for room in result.config.rooms if room.hints for hint in room.hints(result)]
    told = [text for text in found if "missed call" in text]
    assert told == ["Clients whose missed call nobody answered yet: 1 (Name of A)."]
