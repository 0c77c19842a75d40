"""The calls of a day are levelled by a limit: compared with a plan made day by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model.declarations import IsWorkingDay
from rules.rooms.today.plan import Due, planned_days

TODAY = dt.date(2026, 11, 20)  # a Friday
DAY = dt.timedelta(days=1)
MONDAY = TODAY + 3 * DAY


def weekdays(day: dt.date) -> bool:
    return day.weekday() < 5


def always(_day: dt.date) -> bool:
    return True


def call(
    days: int = 0,
    rule: int = 5,
    *,
    is_call: bool = True,
    is_fixed: bool = False,
    until: int | None = None,
) -> Due:
    """A contact so many days after today."""
    fixed = None if until is None else TODAY + until * DAY
    return Due(TODAY + days * DAY, rule, is_call, is_fixed, fixed)


def plan(
    contacts: Sequence[Due],
    capacity: int | None,
    works: IsWorkingDay = weekdays,
    *,
    days: int = 7,
    today: dt.date = TODAY,
) -> list[int | None]:
    """For how many days after today each contact is planned."""
    last = today + days * DAY
    planned = planned_days(contacts, today, last, capacity, works)
    return [None if day is None else (day - today).days for day in planned]


def test_without_a_limit_all_stand_on_their_day_and_the_overdue_ones_on_today() -> None:
    contacts = [call(-40), call(-1), call(0), call(1), call(2), *[call()] * 50]
    assert plan(contacts, None) == [0, 0, 0, 1, 2, *[0] * 50]


@pytest.mark.parametrize(
    ("calls", "planned"),
    [
        (0, []),
        (1, [0]),
        (2, [0, 0]),
        (3, [0, 0, 3]),
        (4, [0, 0, 3, 3]),
        (5, [0, 0, 3, 3, 4]),
    ],
)
def test_what_is_beyond_the_limit_moves_to_the_next_working_days(
    calls: int, planned: list[int]
) -> None:
    assert plan([call()] * calls, 2) == planned


def test_with_room_for_one_call_a_day_each_has_a_day_of_its_own() -> None:
    assert plan([call()] * 6, 1) == [0, 3, 4, 5, 6, 7]


def test_the_order_of_the_rules_decides_then_who_is_latest_then_the_order_of_the_sheet() -> None:
    contacts = [call(0, 3), call(-9, 3), call(0, 2), call(-9, 3), call(-30, 4)]
    assert plan(contacts, 1, always) == [3, 1, 0, 2, 4]


def test_a_lesser_call_of_tomorrow_gives_way_to_a_more_urgent_one_of_today() -> None:
    contacts = [call(1, 9), call(0, 1), call(0, 2)]
    assert plan(contacts, 1, always) == [2, 0, 1]


def test_no_call_moves_to_before_its_day_though_there_is_room() -> None:
    assert plan([call(4), call(5)], 3) == [4, 5]


def test_a_message_takes_no_place_and_never_moves() -> None:
    sms = call(is_call=False)
    assert plan([sms, sms, call(), sms, call()], 1) == [0, 0, 0, 0, 3]
    assert plan([call(1, is_call=False)], 1) == [1], "not even from a Saturday"


def test_fixed_calls_stay_on_their_day_above_the_limit_and_take_up_its_places() -> None:
    fixed = call(is_fixed=True, rule=9)
    assert plan([call(rule=0), fixed, fixed, fixed], 2) == [3, 0, 0, 0]
    assert plan([call(rule=0), fixed], 2) == [0, 0]
    assert plan([call(rule=0), call(rule=0), fixed], 2) == [0, 3, 0]


def test_a_fixed_call_of_another_day_takes_up_a_place_of_that_day() -> None:
    contacts = [call(), call(), call(), call(3, is_fixed=True)]
    assert plan(contacts, 1) == [0, 4, 5, 3]


def test_a_fixed_call_stays_on_a_free_day_and_an_overdue_one_on_today() -> None:
    assert plan([call(1, is_fixed=True), call(-3, is_fixed=True)], 1) == [1, 0]


def test_a_fixed_message_takes_no_place() -> None:
    assert plan([call(is_call=False, is_fixed=True), call()], 1) == [0, 0]


def test_on_a_free_day_all_calls_move_on_but_messages_and_fixed_ones() -> None:
    saturday = TODAY + DAY
    contacts = [
        Due(saturday, 5, is_call=True, is_fixed=False),
        Due(saturday - DAY, 5, is_call=True, is_fixed=False),
        Due(saturday, 5, is_call=False, is_fixed=False),
        Due(saturday, 5, is_call=True, is_fixed=True),
    ]
    assert plan(contacts, 10, today=saturday) == [2, 2, 0, 0]


def test_a_call_due_on_a_free_day_moves_though_there_would_be_room() -> None:
    assert plan([call(1), call(2)], 10) == [3, 3]


def test_what_finds_no_place_until_the_last_day_has_none() -> None:
    assert plan([call()] * 5, 1, days=4) == [0, 3, 4, None, None]
    assert plan([call()] * 2, 1, days=0) == [0, None]
    assert plan([call(), call(6)], 1, lambda _day: False) == [None, None]


@pytest.mark.parametrize(("until", "planned"), [(1, 1), (3, 3), (4, 4), (5, 5), (6, 5)])
def test_no_call_moves_past_a_fixed_day_of_its_client_though_that_is_full_or_free(
    until: int, planned: int
) -> None:
    contacts = [call(rule=0), call(3, rule=0), call(4, rule=0), call(rule=9, until=until)]
    assert plan(contacts, 1) == [0, 3, 4, planned]


def test_a_call_that_stays_before_a_fixed_day_takes_up_a_place_there() -> None:
    assert plan([call(rule=0), call(rule=1, until=3), call(rule=2)], 1) == [0, 3, 4]


def test_a_fixed_day_before_the_call_itself_holds_nothing_back() -> None:
    assert plan([call(4, until=3)], 1) == [4]
    assert plan([call(), call(until=-1)], 1) == [0, 3]


def test_days_that_are_full_or_free_are_not_looked_at_again_for_each_call() -> None:
    asked: Counter[dt.date] = Counter()

    def works(day: dt.date) -> bool:
        asked[day] += 1
        return weekdays(day)

    contacts = [call(-at % 40, at % 3) for at in range(3000)] * 2
    planned = plan(contacts, 5, works, days=3660)
    assert max(day for day in planned if day is not None) > 1600
    assert asked.total() < 4 * len(contacts)


CONTACTS = st.lists(
    st.builds(
        call,
        st.integers(-20, 7),
        st.integers(0, 3),
        is_call=st.booleans(),
        is_fixed=st.sampled_from([False, False, True]),
        until=st.none() | st.integers(8, 9),
    )
    | st.builds(call, st.integers(-20, 0), st.integers(0, 3), until=st.integers(1, 7)),
    max_size=30,
)
FREE = st.sets(st.integers(0, 9).map(lambda days: TODAY + days * DAY))


def day_by_day(
    contacts: Sequence[Due], today: dt.date, last: dt.date, capacity: int, works: IsWorkingDay
) -> list[dt.date | None]:
    """The same, told another way: each working day takes the most urgent calls that wait."""
    found: dict[int, dt.date] = {}
    waiting: list[tuple[int, dt.date, int]] = []
    for number, one in enumerate(contacts):
        if one.is_call and not one.is_fixed:
            waiting.append((one.rule, one.day, number))
        else:
            found[number] = max(one.day, today)
    day = today
    while day <= last:
        if works(day):
            room = capacity - sum(contacts[at].is_call for at, on in found.items() if on == day)
            ready = sorted(one for one in waiting if one[1] <= day)
            for chosen in ready[: max(room, 0)]:
                waiting.remove(chosen)
                found[chosen[2]] = day
        for stuck in [one for one in waiting if contacts[one[2]].until == day]:
            waiting.remove(stuck)
            found[stuck[2]] = day
        day += DAY
    return [found.get(number) for number in range(len(contacts))]


@settings(max_examples=300, deadline=None)
@given(CONTACTS, st.integers(1, 6), FREE, st.integers(0, 7))
def test_the_plan_is_the_one_that_is_made_day_by_day(
    contacts: list[Due], capacity: int, free: set[dt.date], days: int
) -> None:
    last = TODAY + days * DAY
    contacts = [one for one in contacts if one.day <= last]

    def works(day: dt.date) -> bool:
        return day not in free

    planned = planned_days(contacts, TODAY, last, capacity, works)
    assert planned == day_by_day(contacts, TODAY, last, capacity, works)


@settings(max_examples=200, deadline=None)
@given(CONTACTS, st.integers(1, 6), FREE)
def test_no_limit_is_broken_but_by_fixed_calls_and_nobody_comes_too_early(
    contacts: list[Due], capacity: int, free: set[dt.date]
) -> None:
    last = TODAY + 7 * DAY

    def works(day: dt.date) -> bool:
        return day not in free

    planned = planned_days(contacts, TODAY, last, capacity, works)
    assert len(planned) == len(contacts)
    calls = Counter(day for day, one in zip(planned, contacts, strict=True) if one.is_call and day)
    fixed = Counter(max(one.day, TODAY) for one in contacts if one.is_call and one.is_fixed)
    fixed += Counter(one.until for one in contacts if one.until)
    assert all(count <= capacity + fixed[day] for day, count in calls.items())
    for day, one in zip(planned, contacts, strict=True):
        moves = one.is_call and not one.is_fixed
        if day is None:
            assert moves
            continue
        assert day >= max(one.day, TODAY)
        assert works(day) or day == one.until if moves else day == max(one.day, TODAY)
