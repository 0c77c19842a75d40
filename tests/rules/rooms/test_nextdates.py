"""Next date on the list of the day: a day that is still to come, however she notes it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.config.settings import Config
from rules.model.entries import Entries, NewContact, NewPurchase, written_cells
from rules.reading.coming_days import coming_day
from rules.rooms.today.entries import read_entries
from rules.rooms.today.room import COLUMNS
from tests.bases import Row, config, table

LISTED, TODAY = dt.date(2026, 11, 20), dt.date(2026, 11, 21)
FRIDAY = LISTED
RUSSIAN = config("based_on: ru")
AMERICAN = config("country: US")
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))


def after(days: int) -> dt.date:
    return LISTED + dt.timedelta(days=days)


COMING = [
    ("5.12", dt.date(2026, 12, 5)),
    ("05.12.", dt.date(2026, 12, 5)),
    ("5 декабря", dt.date(2026, 12, 5)),
    ("5 Dec", dt.date(2026, 12, 5)),
    ("15.1", dt.date(2027, 1, 15)),
    ("20.11", LISTED),
    ("19.11", dt.date(2027, 11, 19)),
    ("29.02", dt.date(2028, 2, 29)),
    ("05.12.2026", dt.date(2026, 12, 5)),
    ("5.12.26", dt.date(2026, 12, 5)),
    ("2026-12-05", dt.date(2026, 12, 5)),
    (dt.date(2026, 12, 5), dt.date(2026, 12, 5)),
    (dt.datetime(2026, 12, 5), dt.date(2026, 12, 5)),  # noqa: DTZ001 — as Excel has it
    ("+7", after(7)),
    ("+ 7 дней", after(7)),
    ("+2 нед.", after(14)),
    (7.0, after(7)),
    ("через неделю", after(7)),
    ("Через две недели!", after(14)),
    ("через 10 дней", after(10)),
    ("10 дней", after(10)),
    ("через месяц", dt.date(2026, 12, 20)),
    ("через год", dt.date(2027, 11, 20)),
    ("in a week", after(7)),
    ("in 2 weeks", after(14)),
    ("in three days", after(3)),
    ("in a month", dt.date(2026, 12, 20)),
    ("сегодня", LISTED),
    ("завтра", after(1)),
    ("tomorrow", after(1)),
    ("послезавтра", after(2)),
    ("the day after tomorrow", after(2)),
    ("в понедельник", after(3)),
    ("Во вторник", after(4)),
    ("on Monday", after(3)),
    ("чт", after(6)),
    ("Fri", after(7)),
]


@pytest.mark.parametrize(("typed", "day"), COMING)
def test_a_coming_day_is_read(typed: object, day: dt.date) -> None:
    assert LISTED.weekday() == 4
    assert coming_day(typed, LISTED, RUSSIAN.dates) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [("12/5", dt.date(2026, 12, 5)), ("Dec 5", dt.date(2026, 12, 5)), ("1/15", dt.date(2027, 1, 15))],
)  # fmt: skip
def test_in_america_the_month_comes_first(typed: str, day: dt.date) -> None:
    assert coming_day(typed, LISTED, AMERICAN.dates) == day


@pytest.mark.parametrize(
    "typed",
    ["7", 5.12, "next Monday", "в следующий понедельник", "через день", "week", "+", "in", "-7",
     "31.11", "позвонит сама", "через неделю в 5", "завтра в 15:00", "2026-12-05 15:00", True,
     dt.datetime(2026, 12, 5, 15), dt.time(15), 0.5, "через", "через пару дней", ""],  # noqa: DTZ001
)  # fmt: skip
def test_what_could_mean_two_things_or_has_a_time_is_not(typed: object) -> None:
    assert coming_day(typed, LISTED, RUSSIAN.dates) is None


@given(typed=DAYS, noted_on=DAYS)
def test_a_day_without_a_year_is_the_next_one_and_never_past(
    typed: dt.date, noted_on: dt.date
) -> None:
    found = coming_day(f"{typed.day}.{typed.month}", noted_on, RUSSIAN.dates)
    assert found is not None
    assert found >= noted_on
    assert (found.day, found.month) == (typed.day, typed.month)
    between = (
        noted_on.replace(day=1).replace(year=year) for year in range(noted_on.year, found.year)
    )
    assert all(
        (typed.month, typed.day) == (2, 29) or one.replace(month=typed.month, day=typed.day) < noted_on
        for one in between
    )  # fmt: skip


@given(noted_on=DAYS, days=st.integers(1, 366))
def test_so_many_days_on_is_so_many_days_on(noted_on: dt.date, days: int) -> None:
    forms = (f"+{days}", float(days), f"через {days} дней", f"in {days} days")
    found = {coming_day(one, noted_on, RUSSIAN.dates) for one in forms}
    assert found == {noted_on + dt.timedelta(days=days)}


@given(noted_on=DAYS, weekday=st.integers(0, 6))
def test_a_weekday_is_the_first_one_behind(noted_on: dt.date, weekday: int) -> None:
    for names in ("пн вт ср чт пт сб вс", "mon tue wed thu fri sat sun"):
        found = coming_day(names.split()[weekday], noted_on, RUSSIAN.dates)
        assert found is not None
        assert (found.weekday(), 1 <= (found - noted_on).days <= 7) == (weekday, True)


# On the list ------------------------------------------------------------------------------------


def row(**more: object) -> Row:
    return {"ID": "Anna", "Channel": "call", "Reason": "why", **more}


def read(*rows: Row, rules: Config | None = None, listed_on: dt.date = LISTED) -> Entries:
    rules = rules or config()
    listed = table(rows, rules.columns.today, "Today")
    return read_entries(listed, {"anna"}, rules, listed_on, TODAY)


def typed(next_date: object, done: object = "x", bought: object = None) -> Row:
    return row(**{"Done": done, "Next date": next_date, "Bought": bought})


def test_next_date_goes_into_the_contact_of_its_row() -> None:
    expected = NewContact(LISTED, "Anna", "call", "why", "", dt.date(2026, 12, 5))
    assert read(typed("5.12")) == Entries((expected,))
    assert read(typed("5.12", None)) == Entries((expected,)), "whoever agreed on a day was reached"


def test_it_counts_from_the_day_of_the_contact() -> None:
    (contact,) = read(typed("+7", "18.11")).contacts
    assert (contact.date, contact.next_date) == (dt.date(2026, 11, 18), dt.date(2026, 11, 25))


def test_who_was_not_reached_may_be_tried_on_a_day() -> None:
    (contact,) = read(typed("tomorrow", "busy")).contacts
    assert (contact.kind, contact.next_date) == ("missed call out", TODAY)


STAYS = "so what you wrote stays here."
WRONG = [
    ("some day", "'some day' can't be read as a coming day, " + STAYS + " Type a day such as 04.12, "
     "or +7, in a week, tomorrow, on Monday."),
    (dt.date(2026, 1, 15), "15.01.2026 lies before the day of the contact, " + STAYS + " Type "
     "15.01.2027 if you mean that."),
    ("19.11.2026", "19.11.2026 lies before the day of the contact, " + STAYS + " Type 19.11.2027 "
     "if you mean that."),
    ("5.12.2028", "05.12.2028 lies more than 400 days after the contact, " + STAYS + " Correct the "
     "day."),
]  # fmt: skip


@pytest.mark.parametrize(("next_date", "advice"), WRONG)
def test_a_wrong_next_date_keeps_its_row_and_is_told_at_its_cell(
    next_date: object, advice: str
) -> None:
    found = read({**typed(next_date, bought=500.0), "Result": "ordered"})
    assert (found.contacts, found.purchases) == ((), ())
    (left,) = found.left
    assert (left.told_at, left.advice) == ("next_date", advice)
    kept = next_date if isinstance(next_date, str) else "15.01.2026"
    if isinstance(next_date, str) and next_date[0].isdigit():
        kept = "05.12.2028" if "2028" in next_date else "19.11.2026"
    expected = {"done": "20.11.2026", "result": "ordered", "next_date": kept, "bought": "500"}
    assert left.texts == expected


def test_tomorrow_becomes_its_day_where_the_row_stays() -> None:
    (left,) = read({**typed("tomorrow"), "ID": "nobody"}).left
    assert (left.next_date, left.told_at) == ("21.11.2026", "")
    (left,) = read(typed("tomorrow", "-")).left
    assert left.next_date == "tomorrow", "not done yet, so it isn't known from when"


# What she bought --------------------------------------------------------------------------------


AMOUNTS = [
    (1200.5, 1200.5),
    ("1 200", 1200.0),
    ("850+490", 1340.0),
    ("1 200 р.", 1200.0),
    ("-300", -300.0),
    ("1200,50", 1200.5),
]


@pytest.mark.parametrize(("bought", "amount"), AMOUNTS)
def test_an_amount_becomes_a_purchase_of_the_contacts_day(bought: object, amount: float) -> None:
    rules = config("based_on: ru\nlists: {}")
    names = {key: accepted[0] for key, accepted in dict(rules.columns.today).items()}
    cells = {"client_id": "Anna", "done": "19.11", "bought": bought}
    found = read({names[key]: cell for key, cell in cells.items()}, rules=rules)
    day = dt.date(2026, 11, 19)
    assert found.purchases == (NewPurchase(day, "Anna", amount),)
    assert [one.date for one in found.contacts] == [day]


@pytest.mark.parametrize(
    ("bought", "advice"),
    [
        ("cream", "'cream' can't be read as an amount. Type a number."),
        (
            "cream 500",
            (
                "'cream 500' can't be read as an amount. Type the number alone: 500, or -500 for a "
                "return."
            ),
        ),
        (0.0, "0 is no purchase. Type what she paid, or nothing."),
        ("0", "'0' is no purchase. Type what she paid, or nothing."),
        (1e13, "10000000000000 is more than any amount can be. Correct it."),
        (
            dt.date(2026, 5, 12),
            (
                "Excel shows 2026-05-12 here: a date or a time, and no amount. Type the amount again, "
                "and choose a number as the format of the cell."
            ),
        ),
    ],
)
def test_a_wrong_amount_keeps_its_row_and_is_told_at_its_cell(bought: object, advice: str) -> None:
    found = read({**typed("+7", bought=bought), "Result": "came"})
    assert (found.contacts, found.purchases) == ((), ())
    (left,) = found.left
    assert (left.told_at, left.result, left.next_date) == ("bought", "came", "27.11.2026")
    assert left.bought
    assert left.advice == f"{advice} Until then what you wrote stays here."


@given(st.floats(0.01, 1e9).map(lambda one: round(one, 2)))
def test_an_amount_that_stays_is_the_same_amount_when_it_is_read_again(amount: float) -> None:
    for rules in (RUSSIAN, AMERICAN):
        names = {key: accepted[0] for key, accepted in dict(rules.columns.today).items()}
        (left,) = read({names["client_id"]: "nobody", names["bought"]: amount}, rules=rules).left
        again = read({names["client_id"]: "Anna", names["bought"]: left.bought}, rules=rules)
        assert [one.amount for one in again.purchases] == [amount]


def test_what_is_hers_is_read_kept_and_named() -> None:
    rows = [row(**{"Next date": "+7"}), row(Bought=5), row(), row(Result="x", Bought=5)]
    listed = table(rows, config().columns.today, "Today")
    assert written_cells(listed) == [
        listed.address("next_date", 0), listed.address("bought", 1), listed.address("result", 3),
    ]  # fmt: skip
    hers = [column.key for column in COLUMNS if column.is_hers]
    assert hers == ["done", "result", "next_date", "bought"]
