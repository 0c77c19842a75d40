"""What she writes into Done and Result becomes a contact, or stays with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.config.settings import Config
from rules.model.entries import Entries, NewContact, written_cells
from rules.rooms.today.entries import read_entries
from tests.bases import Row, config, table

LISTED, TODAY = dt.date(2026, 11, 20), dt.date(2026, 11, 21)
CLIENTS = {"7", "anna", "007"}


def row(done: object = None, result: object = None, key: object = "Anna", **more: object) -> Row:
    return {"ID": key, "Done": done, "Result": result, "Channel": "call", "Reason": "why", **more}


def read(
    *rows: Row,
    rules: Config | None = None,
    listed_on: dt.date = LISTED,
    today: dt.date = TODAY,
) -> Entries:
    rules = rules or config()
    return read_entries(table(rows, rules.columns.today, "Today"), CLIENTS, rules, listed_on, today)


def contact(
    day: dt.date = LISTED, kind: str = "call", result: str = "", key: object = "Anna"
) -> NewContact:
    return NewContact(day, key, kind, "why", result)


@pytest.mark.parametrize(
    "mark",
    ["x", "X", " x ", "v", "+", "✓", "✔", "ok", "OK", "yes", "Done", 1, 1.0, "1", True, "TRUE"],
)
def test_a_mark_says_no_more_than_that_it_was_done(mark: object) -> None:
    assert read(row(mark)) == Entries((contact(),))
    assert read(row(mark, "ordered")) == Entries((contact(result="ordered"),))


@pytest.mark.parametrize(
    "mark", ["х", "x", "да", "Да", "готово", "+", "✓", "✔", "ok", "ок", 1, True, "истина"]
)
def test_a_russian_mark_too(mark: object) -> None:
    """The first is a Cyrillic letter that looks like an x."""
    rules = config("based_on: ru")
    columns = rules.columns.today
    listed = {"ID": "Anna", "Сделано": mark, "Результат": "заказала"}
    found = read_entries(table([listed], columns, "Сегодня"), CLIENTS, rules, LISTED, TODAY)
    assert [(one.kind, one.result) for one in found.contacts] == [("", "заказала")]


@pytest.mark.parametrize(
    "done", ["no", "No!", "n", "busy", "no answer", "нет", "недозвон", "занято."]
)
def test_who_was_not_reached_is_noted_as_a_missed_call(done: str) -> None:
    (missed,) = read(row(done)).contacts
    assert (missed.kind, missed.note, missed.result) == ("missed call out", "why", done)
    assert read(row(done, "try at six")).contacts[0].result == f"{done}; try at six"


def test_a_dash_says_nothing_and_stays() -> None:
    assert not read(row("—")).contacts


def test_a_missed_call_stays_where_contacts_keeps_no_kinds() -> None:
    listed = table([row("busy")], config().columns.today, "Today")
    found = read_entries(listed, CLIENTS, config(), LISTED, TODAY, has_kinds=False)
    assert not found.contacts
    assert "Contacts has no column Kind" in found.left[0].advice


@pytest.mark.parametrize(
    ("done", "result", "said"),
    [
        (None, "ordered", "ordered"),
        ("said yes", None, "said yes"),
        ("said yes", "ordered", "said yes; ordered"),
        (500, None, "500"),
        (500, "paid", "500; paid"),
        (2.5, None, "2.5"),
        (None, 500, "500"),
        (" on  Monday ", "  ", "on  Monday"),
        ("=SUM(A1)", "@home\n👩 ok", "=SUM(A1); @home\n👩 ok"),
    ],
)
def test_any_other_word_goes_before_the_result(done: object, result: object, said: str) -> None:
    assert read(row(done, result)) == Entries((contact(result=said),))


@pytest.mark.parametrize("word", ["meeting", "MEETING", " Meeting ", "sms", "SMS"])
def test_a_word_of_the_kinds_is_the_kind_of_the_contact(word: str) -> None:
    assert read(row(word, "came")) == Entries((contact(kind=word.strip(), result="came"),))


def test_without_a_channel_and_reason_these_stay_blank() -> None:
    bare = {"ID": "Anna", "Done": "x"}
    assert read(bare) == Entries((NewContact(LISTED, "Anna", "", "", ""),))


@pytest.mark.parametrize(
    ("done", "day"),
    [
        (dt.date(2026, 11, 18), dt.date(2026, 11, 18)),
        ("18.11.2026", dt.date(2026, 11, 18)),
        ("2026-11-18", dt.date(2026, 11, 18)),
        (" 8.11.2026 ", dt.date(2026, 11, 8)),
        (LISTED, LISTED),
        (TODAY, TODAY),
    ],
)
def test_a_day_in_done_is_the_day_of_the_contact(done: object, day: dt.date) -> None:
    assert read(row(done, "ordered")) == Entries((contact(day, result="ordered"),))


def test_the_contact_has_the_day_of_the_list_and_not_that_of_the_run() -> None:
    assert read(row("x"), today=LISTED + dt.timedelta(days=3)) == Entries((contact(),))


@pytest.mark.parametrize(
    ("ahead", "day"),
    [(-1, TODAY - dt.timedelta(days=1)), (0, TODAY), (1, TODAY), (40, TODAY)],
)
def test_a_list_dated_ahead_gives_its_contacts_the_day_of_the_run(ahead: int, day: dt.date) -> None:
    found = read(row("x", "ordered"), listed_on=TODAY + dt.timedelta(days=ahead))
    assert found == Entries((contact(day, result="ordered"),))


THIS_YEAR = dt.date(2026, 11, 20)
WITHOUT_YEAR = [
    # typed, today, the day that is meant
    ("20.11", TODAY, THIS_YEAR),
    ("20.11.", TODAY, THIS_YEAR),
    (" 20.11. ", TODAY, THIS_YEAR),
    ("21.11", TODAY, TODAY),
    ("1.2", TODAY, dt.date(2026, 2, 1)),
    ("20.11.2026.", TODAY, THIS_YEAR),
    ("31.12", dt.date(2027, 3, 1), dt.date(2026, 12, 31)),  # 31 + 28 + 1 = 60 days ago
    ("30.12", dt.date(2027, 2, 28), dt.date(2026, 12, 30)),  # 60
    ("25.12.", dt.date(2027, 1, 10), dt.date(2026, 12, 25)),
    ("10.01", dt.date(2027, 1, 10), dt.date(2027, 1, 10)),
    ("29.02", dt.date(2028, 3, 1), dt.date(2028, 2, 29)),
    ("29.02", dt.date(2027, 3, 1), dt.date(2027, 2, 28)),
]


@pytest.mark.parametrize(("typed", "today", "day"), WITHOUT_YEAR)
def test_a_day_without_a_year_is_the_last_one_of_that_name(
    typed: str, today: dt.date, day: dt.date
) -> None:
    found = read(row(typed, "ordered"), listed_on=today, today=today)
    assert found == Entries((contact(day, result="ordered"),))


@pytest.mark.parametrize(
    ("typed", "today", "shown"),
    [
        ("22.11", TODAY, "22.11.2026"),
        ("25.12.", TODAY, "25.12.2026"),
        ("30.12", dt.date(2027, 3, 1), "30.12.2027"),  # 61 days ago
        ("11.01", dt.date(2027, 1, 10), "11.01.2027"),
    ],
)
def test_else_it_is_one_of_this_year_that_has_not_come(
    typed: str, today: dt.date, shown: str
) -> None:
    (left,) = read(row(typed, "ordered"), listed_on=today, today=today).left
    assert left.done == typed
    assert left.advice.startswith(f"{shown} is a day that hasn't come yet, ")


@pytest.mark.parametrize("typed", ["32.11", "20.13", "10.30", "20", "20.", "11.2026", "20.11?"])
def test_what_is_no_day_without_a_year_is_said(typed: str) -> None:
    assert read(row(typed)) == Entries((contact(result=typed),))


moment = dt.datetime.fromisoformat


@pytest.mark.parametrize(
    ("done", "result", "said"),
    [
        (0.4375, None, "10:30"),
        (0.4375, "ordered", "10:30; ordered"),
        (9 / 24 + 5 / 1440, None, "9:05"),
        (1 / 1440, None, "0:01"),
        (1439 / 1440, None, "23:59"),
        (moment("1899-12-30 09:05"), "ordered", "9:05; ordered"),
        (moment("1904-01-01 10:30"), "ordered", "10:30; ordered"),
        ("x", 0.4375, "10:30"),
        (None, moment("1899-12-30 18:00"), "18:00"),
        ("said", 0.75, "said; 18:00"),
        ("10:30", None, "10:30"),
        (1.5, None, "1.5"),
        (-0.5, None, "-0.5"),
        (None, dt.date(2026, 11, 25), "25.11.2026"),
        (None, moment("2026-11-25 10:30"), "25.11.2026"),
    ],
)
def test_a_time_and_a_day_stand_in_the_result_as_she_writes_them(
    done: object, result: object, said: str
) -> None:
    """A time is a part of a day in a file; Excel puts it on the first day of its calendar."""
    assert read(row(done, result)) == Entries((contact(result=said),))


@pytest.mark.parametrize(
    ("done", "kept"),
    [
        (0.4375, "10:30"),
        (moment("1899-12-30 10:30"), "10:30"),
        (dt.date(2026, 11, 18), "18.11.2026"),
        (moment("2026-11-18 10:30"), "18.11.2026"),
        ("18.11", "18.11"),
    ],
)
def test_a_time_and_a_day_that_stay_stand_there_as_she_writes_them(done: object, kept: str) -> None:
    (left,) = read(row(done, moment("2026-11-25"), "nobody")).left
    assert (left.done, left.result) == (kept, "25.11.2026")


@pytest.mark.parametrize(
    ("done", "shown"),
    [(dt.date(2026, 11, 22), "22.11.2026"), ("22.11.2026", "22.11.2026"), ("2027-01-01", "01.01.2027")],
)  # fmt: skip
def test_a_day_that_has_not_come_stays(done: object, shown: str) -> None:
    advice = (
        f"{shown} is a day that hasn't come yet, so what you wrote stays here. Correct the day."
    )
    found = read(row(done, "ordered"))
    assert not found.contacts
    (left,) = found.left
    assert (left.client_id, left.result, left.advice) == ("Anna", "ordered", advice)
    assert left.done in {shown, done}


YEAR_AGO = LISTED - dt.timedelta(days=366)


@pytest.mark.parametrize(("late", "stays"), [(0, False), (1, True), (400, True)])
def test_a_day_of_more_than_a_year_before_the_list_stays(late: int, stays: bool) -> None:
    day = YEAR_AGO - dt.timedelta(days=late)
    found = read(row(day, "ordered"), today=LISTED + dt.timedelta(days=200))
    if not stays:
        assert found == Entries((contact(day, result="ordered"),))
        return
    assert not found.contacts
    (left,) = found.left
    shown = f"{day:%d.%m.%Y}"
    assert (left.done, left.result) == (shown, "ordered")
    assert left.advice == (
        f"{shown} is more than a year before this list, so what you wrote stays here. Correct the "
        "day."
    )


MOST = 32_767


TOO_LONG = (
    "Done and Result together are longer than a cell can be, so what you wrote stays here."
    " Shorten them."
)


@pytest.mark.parametrize(
    ("signs", "contacts", "left"), [(MOST - 6, [MOST], []), (MOST - 5, [], [TOO_LONG])]
)
def test_what_is_longer_than_a_cell_holds_stays(
    signs: int, contacts: list[int], left: list[str]
) -> None:
    """Of Done four signs and two between them and the result."""
    found = read(row("said", "n" * signs))
    assert [len(one.result) for one in found.contacts] == contacts
    assert [one.advice for one in found.left] == left
    assert all((one.done, len(one.result)) == ("said", signs) for one in found.left)


def test_a_mark_beside_a_result_takes_no_room() -> None:
    assert [len(one.result) for one in read(row("x", "n" * MOST)).contacts] == [MOST]


@pytest.mark.parametrize("no", ["-", "—", "- ", "0", 0, False, "FALSE", "n/a"])
def test_done_that_says_no_is_no_contact_and_stays_with_its_result_in_silence(no: object) -> None:
    for result in (None, "ordered"):
        found = read(row(no, result))
        assert not found.contacts
        (left,) = found.left
        assert (left.client_id, left.result, left.advice) == ("Anna", result or "", "")
        assert left.done == ("FALSE" if no is False else str(no).strip())


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_without_a_client_an_entry_stays(blank: object) -> None:
    found = read(row("x", "ordered", blank))
    assert not found.contacts
    (left,) = found.left
    assert (left.client_id, left.done, left.result) == ("", "20.11.2026", "ordered")
    assert left.advice == (
        "This row has no client, so what you wrote stays here. Type her ID into the column ID."
    )


def test_the_entry_of_an_unknown_client_stays() -> None:
    found = read(row("x", None, "Olga"), row(None, "ordered", 8))
    assert not found.contacts
    advice = "No client {}, so what you wrote stays here. Correct the ID."
    assert [one.advice for one in found.left] == [advice.format("'Olga'"), advice.format("8")]


@pytest.mark.parametrize("key", [None, "Olga"])
@pytest.mark.parametrize(
    ("done", "kept"),
    [("x", "20.11.2026"), (True, "20.11.2026"), (1, "20.11.2026"), ("✓", "20.11.2026"),
     (None, "20.11.2026"), ("meeting", "meeting"), ("said so", "said so"), ("19.11", "19.11"),
     ("-", "-")],
)  # fmt: skip
def test_a_mere_mark_of_an_entry_that_stays_becomes_the_day_of_the_list(
    key: object, done: object, kept: str
) -> None:
    """The list moves on to other days, and that of the contact would be lost."""
    (left,) = read(row(done, "ordered", key)).left
    assert (left.done, left.result) == (kept, "ordered")
    later = read(row(left.done, left.result), listed_on=TODAY, today=dt.date(2026, 12, 1))
    days = {"20.11.2026": LISTED, "19.11": dt.date(2026, 11, 19)}
    assert [one.date for one in later.contacts] == ([] if kept == "-" else [days.get(kept, TODAY)])


def test_the_day_is_written_as_she_writes_days() -> None:
    rules = config("dates: {text_formats: [yyyy-mm-dd]}")
    (left,) = read(row("x", None, "Olga"), rules=rules).left
    assert left.done == "2026-11-20"
    assert read(row(left.done), rules=rules, listed_on=TODAY) == Entries((contact(),))


def test_of_a_list_dated_ahead_it_becomes_the_day_of_the_run() -> None:
    (left,) = read(row("x", None, "Olga"), listed_on=dt.date(2026, 12, 1)).left
    assert left.done == "21.11.2026"


def test_what_stays_tells_where_it_stood_and_who_that_is() -> None:
    rows = [row(), row("x", None, "Olga", Client="Olga B", Phone="+7")]
    (left,) = read(*rows).left
    assert left.row == 3
    assert left.beside == {"name": "Olga B", "reason": "why", "channel": "call"}


@pytest.mark.parametrize("key", [7, 7.0, "7", " 7 ", "ANNA", " anna\u00a0", "007"])
def test_a_client_is_known_however_her_id_is_typed(key: object) -> None:
    found = read(row("x", key=key))
    assert [one.client_id for one in found.contacts] == [key]


def test_two_rows_of_one_client_are_two_contacts() -> None:
    found = read(row("x"), row("meeting", "ordered"), row(dt.date(2026, 11, 18)))
    assert found.contacts == (
        contact(),
        contact(kind="meeting", result="ordered"),
        contact(dt.date(2026, 11, 18)),
    )


def test_rows_in_which_she_wrote_nothing_are_none() -> None:
    assert read(row(), row("  ", ""), row(None, "\u00a0")) == Entries()
    assert read() == Entries()


def test_each_entry_is_a_contact_or_stays_and_never_both() -> None:
    rows = [row(done, result, key) for done in (None, "x", "no", "text", TODAY, dt.date(2027, 1, 1))
            for result in (None, "ordered") for key in ("Anna", 7, None, "nobody")]  # fmt: skip
    found = read(*rows)
    written = [one for one in rows if one["Done"] is not None or one["Result"] is not None]
    assert len(found.contacts) + len(found.left) == len(written)


def test_the_cells_that_she_wrote_in_are_named_once_a_row() -> None:
    rows = [row("x", "ordered"), row(), row(None, "came"), row("  ", 5), row("no")]
    listed = table(rows, config().columns.today, "Today")
    assert written_cells(listed) == ["B2", "C4", "C5", "B6"]
    assert written_cells(table([row()], config().columns.today, "Today")) == []


def test_yo_and_ye_are_one_only_where_names_are_the_ids() -> None:
    rules = config()
    listed = table([row("x", key="Алёна")], rules.columns.today, "Today")
    named = read_entries(listed, {"алена"}, rules, LISTED, TODAY, are_names=True)
    assert (len(named.contacts), len(named.left)) == (1, 0)
    by_id = read_entries(listed, {"алена"}, rules, LISTED, TODAY)
    assert (len(by_id.contacts), len(by_id.left)) == (0, 1)


def test_words_in_done_that_are_not_known_are_hinted_at() -> None:
    known = ", ".join(config().today.not_reached)
    done = ["перезвон", "call back", "Перезвон", "said that she would come", "x", "SMS", "busy",
            "19.11", 500, "-", None]  # fmt: skip
    found = read(*(row(one, "so") for one in done), row("перезвонить", key="nobody"))
    assert found.hints == (
        f"'перезвон', 'call back' in Done is taken as done. Words for not reached are: {known}.",
    )
    assert read(row("x")).hints == ()
