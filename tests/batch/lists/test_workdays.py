"""On which days she works: public holidays, moved working days, her weekend and her free days."""

from __future__ import annotations

import datetime as dt

import holidays
import pytest

from batch.lists.workdays import working_days
from rules.config.loading import ConfigError
from rules.rooms.today.plan import plan
from tests.bases import calculate, client, config, filled, on, touched


def works(day: str, text: str = "") -> bool:
    return working_days(config(f"contacts: {{capacity_per_day: 10}}\n{text}"))(on(day))


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-11-20", True),  # Friday
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),
        ("2026-11-23", True),
        ("2026-11-04", False),  # Unity Day, a Wednesday
        ("2026-12-31", False),  # moved
        *((f"2027-01-0{day}", False) for day in range(1, 9)),
        ("2027-01-09", False),  # Saturday
        ("2027-01-11", True),
        ("2027-02-20", True),  # a Saturday on which Russia works
        ("2027-02-22", False),  # the Monday for it
        ("2027-02-23", False),
        ("2027-02-27", False),
        ("2027-03-08", False),
    ],
)
def test_russian_holidays_and_the_saturday_worked_for_one_of_them(
    day: str, *, is_working: bool
) -> None:
    assert works(day, "country: RU") is is_working


def test_other_countries_have_their_own() -> None:
    assert works("2027-01-05", "country: DE")
    assert not works("2026-12-25", "country: DE")
    assert works("2026-12-25", "country: RU")
    assert not works("2027-03-22", "country: KZ"), "Nauryz"


def test_a_country_without_known_holidays_has_only_its_weekend() -> None:
    assert works("2027-01-01", "country: AQ") in {True, False}
    assert not works("2027-01-02", "country: XX"), "a Saturday"
    assert works("2027-01-01", "country: XX")


def test_she_may_work_on_public_holidays() -> None:
    assert works("2027-01-05", "working_days: {public_holidays: no}")
    assert not works("2027-01-09", "working_days: {public_holidays: no}"), "still a Saturday"
    assert not works("2027-02-20", "working_days: {public_holidays: no}"), "no day to work for"


def test_her_weekend_may_be_another_or_none() -> None:
    text = "working_days: {weekend: [Sunday, Monday]}"
    assert works("2026-11-21", text)
    assert not works("2026-11-23", text)
    assert works("2026-11-22", "working_days: {weekend: []}")


def test_her_own_free_days_are_free_even_where_all_work() -> None:
    text = "working_days: {free_days: [2026-11-24, 05-12]}"
    assert not works("2026-11-24", text)
    assert works("2027-11-24", text)
    assert not works("2026-05-12", text)
    assert not works("2027-05-12", text)
    assert not works("2027-02-20", "working_days: {free_days: [02-20]}"), "a working Saturday"


@pytest.mark.parametrize(
    ("span", "free", "working"),
    [
        ("08-01..08-31", ["2027-08-02", "2027-08-31", "2028-08-01"], ["2027-07-30", "2027-09-01"]),
        ("08-02 .. 08-03", ["2027-08-02", "2027-08-03"], ["2027-08-04"]),
        ("12-28..01-15", ["2026-12-28", "2027-01-15", "2027-01-14"], ["2026-12-23", "2027-01-18"]),
        ("2027-08-02…2027-08-04", ["2027-08-02", "2027-08-04"], ["2027-08-05", "2028-08-02"]),
        ("05-12", ["2027-05-12"], ["2027-05-13"]),
    ],
)
def test_her_pauses_are_spans(span: str, free: list[str], working: list[str]) -> None:
    text = f"working_days: {{free_days: [{span}]}}\ncountry: DE"
    assert not any(works(day, text) for day in free)
    assert all(works(day, text) for day in working)


@pytest.mark.parametrize(
    "span", ["08-01..2027-08-31", "2027-08-31..2027-08-01", "08-01..08-32", "08-01..", "a..b..c"]
)
def test_what_is_no_span_is_refused(span: str) -> None:
    with pytest.raises(ConfigError, match=r"from a day to a day: 08-01\.\.08-31; found"):
        config(f"working_days: {{free_days: ['{span}']}}")


def test_the_day_on_which_she_looks_is_no_weekend() -> None:
    rules = config("working_days: {free_days: [2026-11-28]}\ncountry: RU")
    for today, is_working in (("2026-11-21", True), ("2026-11-28", False), ("2026-11-04", False)):
        assert working_days(rules, on(today))(on(today)) is is_working
    assert not working_days(rules, on("2026-11-21"))(on("2026-11-22"))


def test_no_calls_in_august() -> None:
    """A naive file: it moves calls, and changes nothing else."""
    rules = config("working_days:\n  free_days: [08-01..08-31]\n")
    assert rules.model_copy(update={"working_days": config().working_days}) == config()
    people = [client(str(number), Birthday="10.08") for number in range(2)]
    called = [touched("2027-01-05", client=str(number)) for number in range(2)]
    for today, days in (("2027-07-31", 2), ("2027-08-01", 0), ("2027-08-31", 0), ("2027-09-01", 2)):
        result = calculate(people, [], called, on(today), rules)
        planned, _later = plan(result, on(today), working_days(rules, on(today)))
        assert len(planned) == days, today
        assert filled(result) == filled(calculate(people, [], called, on(today)))
    greeted, _later = plan(
        calculate(people, [], called, on("2027-08-10"), rules),
        on("2027-08-10"),
        working_days(rules),
    )
    assert len(greeted) == 2, "a birthday never moves"


def test_the_public_holidays_are_asked_once_for_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dt.date] = []

    class Counted(holidays.HolidayBase):
        def __contains__(self, day: object) -> bool:
            assert isinstance(day, dt.date)
            asked.append(day)
            return super().__contains__(day)

    monkeypatch.setattr(holidays, "country_holidays", lambda _country: Counted())
    is_working_day = working_days(config("contacts: {capacity_per_day: 10}"))
    days = [on("2026-11-20"), on("2026-11-21"), on("2026-11-23")]
    assert [is_working_day(day) for day in days * 3] == [True, False, True] * 3
    assert asked == days


def test_without_a_limit_nobody_asks_for_the_days() -> None:
    is_working_day = working_days(config("contacts: {capacity_per_day: off}"))
    assert all(is_working_day(dt.date(2027, 1, day)) for day in range(1, 32))
