"""The calendar, read back with vobject and with the strict reader of these tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
import vobject

from batch.export.calendar import CalendarFile, calendar, is_from
from batch.export.people import people
from batch.recalculation.plan import Calculated
from tests.bases import config, on
from tests.batch.export.lines import Block, blocks
from tests.batch.export.made import HOSTILE, READ_AS, TODAY, base

AGREED = "contacts: {rules: [{off: yes}, {rule: agreed, reason: agreed, reason_with_kind: 'agreed: {kind}', channel: call, max_days: 400}]}"
"""No next contacts but those that were agreed on."""
Contact = tuple[object, ...]


def agreed(day: str, client: str = "C1", kind: str | None = None) -> Contact:
    """A contact of October in which the next one was agreed on."""
    return (dt.date(2026, 10, 1), client, "call", on(day), kind)


def write(found: Calculated, earlier: bytes = b"") -> CalendarFile:
    """The calendar of a base."""
    return calendar(found, people(found), earlier)


def entries(content: bytes) -> list[Block]:
    """The entries of a calendar, by the strict reader; their marks are checked."""
    (whole,) = blocks(content)
    assert whole.name == "VCALENDAR"
    assert whole.values("VERSION") == ["2.0"]
    assert whole.values("PRODID") == ["-//clientbase//clientbase//EN"]
    uids = [entry.text("UID") for entry in whole.blocks]
    assert len(uids) == len(set(uids))
    for entry in whole.blocks:
        assert len(entry.values("DTSTAMP")) == 1
        assert b"TZID" not in content
    return whole.blocks


def one_contact(folder: Path, day: str, rules: str = "", **typed: object) -> Block:
    """The entry of a client with whom a contact on *day* was agreed."""
    row = {key.replace("_", " "): cell for key, cell in typed.items()}
    found = base(folder, [row], contacts=[agreed(day)], rules=config(f"{AGREED}\n{rules}"))
    (entry,) = entries(write(found).content)
    return entry


def test_a_next_contact_is_a_whole_day_with_its_reason_and_an_alarm(tmp_path: Path) -> None:
    found = base(
        tmp_path,
        [{"ID": "A1", "Name": "Anna Petrova", "Phone": "8 903 123-45-67", "Wishes": "less scent"}],
        contacts=[agreed("2026-11-27", "A1", "meeting")],
        rules=config(AGREED),
    )
    folder = os.path.normcase(tmp_path.resolve())
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    assert write(found).content.decode() == (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//clientbase//clientbase//EN\r\n"
        "METHOD:PUBLISH\r\n"
        f"X-CLIENTBASE-WORKBOOK:base.xlsx {mark}\r\n"
        "BEGIN:VEVENT\r\n"
        "UID:487234eb-39bb-5f99-a40e-f1f9afd1673a\r\n"
        "DTSTAMP:20261121T000000Z\r\n"
        "SEQUENCE:73994100\r\n"
        "SUMMARY:meeting: Anna Petrova – agreed: meeting\r\n"
        "DESCRIPTION:agreed: meeting\\nPhone: +7 903 123-45-67\\nGroup: Potential\\nWi\r\n"
        " shes: less scent\r\n"
        "DTSTART;VALUE=DATE:20261127\r\n"
        "DTEND;VALUE=DATE:20261128\r\n"
        "TRANSP:TRANSPARENT\r\n"
        "BEGIN:VALARM\r\n"
        "ACTION:DISPLAY\r\n"
        "TRIGGER:PT9H\r\n"
        "DESCRIPTION:meeting: Anna Petrova – agreed: meeting\r\n"
        "END:VALARM\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


def test_vobject_reads_back_what_was_written(tmp_path: Path) -> None:
    found = base(
        tmp_path,
        [
            {
                "Name": "Anna; Petrova, \nthe first",
                "Wishes": "a; b, c",
                "Birthday": dt.date(1984, 5, 12),
            }
        ],
        contacts=[agreed("2026-11-27")],
        rules=config(AGREED),
    )
    event, birthday = vobject.readOne(write(found).content.decode()).vevent_list
    assert event.summary.value == "call: Anna; Petrova, the first – agreed"
    assert event.description.value == "agreed\nGroup: Potential\nWishes: a; b, c"
    assert event.dtstart.value == dt.date(2026, 11, 27)
    assert event.dtend.value == dt.date(2026, 11, 28)
    assert event.valarm.trigger.value == dt.timedelta(hours=9)
    assert birthday.summary.value == "Birthday: Anna; Petrova, the first"
    assert birthday.dtstart.value == dt.date(2026, 5, 12)


@pytest.mark.parametrize(
    ("day", "stands_on", "overdue"),
    [
        ("2026-10-05", "20261121", True),
        ("2026-11-20", "20261121", True),
        ("2026-11-21", "20261121", False),
        ("2026-11-22", "20261122", False),
    ],
)
def test_an_overdue_contact_stands_on_the_day_of_the_export_and_says_since_when(
    tmp_path: Path, day: str, stands_on: str, overdue: bool
) -> None:
    entry = one_contact(tmp_path, day)
    assert entry.values("DTSTART") == [stands_on]
    since = f"overdue since {on(day):%d.%m.%Y}"
    assert (since in entry.text("DESCRIPTION").split("\n")) is overdue


@pytest.mark.parametrize(
    ("alarm", "trigger"),
    [("09:00", ["PT9H"]), ("'8:30'", ["PT8H30M"]), ("00:00", ["P0D"]), ("off", [])],
)
def test_the_phone_reminds_her_at_the_hour_of_the_rules(
    tmp_path: Path, alarm: str, trigger: list[str]
) -> None:
    entry = one_contact(tmp_path, "2026-11-27", f"export: {{alarm: {alarm}}}")
    assert [one.values("TRIGGER")[0] for one in entry.blocks] == trigger


def test_calls_stand_on_the_days_to_which_the_limit_of_a_day_moves_them(tmp_path: Path) -> None:
    """First contacts of three clients are due on Saturday, the day of the export; one call fits into
    a day.
    """
    rules = "contacts: {capacity_per_day: 1, rules: [{off: yes}, {rule: first_contact, reason: first, channel: call}]}"
    clients = [{"ID": "C1"}, {"ID": "C2"}, {"ID": "C3"}]
    found = base(tmp_path, clients, today=on("2026-11-21"), rules=config(rules))
    days = [entry.text("DTSTART") for entry in entries(write(found).content)]
    assert days == ["20261121", "20261123", "20261124"]


def test_next_contacts_may_be_to_dos(tmp_path: Path) -> None:
    entry = one_contact(tmp_path, "2026-11-27", "export: {contacts_as: todos}")
    assert entry.name == "VTODO"
    (due,) = [line for line in entry.lines if line.name == "DUE"]
    assert (due.parameters, due.value) == ({"VALUE": "DATE"}, "20261127")
    assert entry.values("STATUS") == ["NEEDS-ACTION"]
    assert entry.values("DTSTART") == []
    (trigger,) = [line for line in entry.blocks[0].lines if line.name == "TRIGGER"]
    assert (trigger.parameters, trigger.value) == ({"RELATED": "END"}, "PT9H")


def test_an_event_and_a_to_do_of_one_client_are_two_things(tmp_path: Path) -> None:
    event = one_contact(tmp_path, "2026-11-27")
    todo = one_contact(tmp_path, "2026-11-27", "export: {contacts_as: todos}")
    assert event.text("UID") != todo.text("UID")


def test_contacts_beyond_the_horizon_and_those_of_silent_clients_are_left_out(
    tmp_path: Path,
) -> None:
    silent = {"Do not contact": "yes", "Birthday": dt.date(1984, 5, 12)}
    contacts = [agreed("2027-01-20"), agreed("2027-01-21", "C2"), agreed("2026-11-27", "C3")]
    found = base(tmp_path, [{}, {}, silent], contacts=contacts, rules=config(AGREED))
    summaries = [entry.text("SUMMARY") for entry in entries(write(found).content)]
    assert summaries == ["call: Client 1 – agreed"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_the_name_and_the_wishes_hold_the_entry_is_whole(
    tmp_path: Path, kind: str
) -> None:
    name = HOSTILE[kind]
    expected = READ_AS.get(kind, name)
    entry = one_contact(tmp_path, "2026-11-27", Name=name, Wishes=name, Group=name)
    assert entry.text("SUMMARY") == f"call: {expected} – agreed"
    assert entry.text("DESCRIPTION").split("\n")[-1] == f"Wishes: {expected}"


def test_notes_stay_at_home(tmp_path: Path) -> None:
    content = one_contact(tmp_path, "2026-11-27", Notes="owes me 500", Preferences="secret")
    assert "owes" not in str(content)
    assert "secret" not in str(content)


# --- birthdays -------------------------------------------------------------------------------


def birthday_of(folder: Path, day: object, today: dt.date = TODAY) -> tuple[Block, bytes]:
    """The yearly entry of a client who was born on *day*, and its calendar."""
    content = write(base(folder, [{"Birthday": day}], today=today, rules=config(AGREED))).content
    (entry,) = entries(content)
    return entry, content


@pytest.mark.parametrize(
    ("day", "start", "rule", "text"),
    [
        (dt.date(1984, 5, 12), "20260512", "FREQ=YEARLY", "born in 1984\nGroup: Potential"),
        ("12.05", "20260512", "FREQ=YEARLY", "Group: Potential"),
        (dt.date(2026, 5, 12), "20260512", "FREQ=YEARLY", "Group: Potential"),
        (dt.date(1984, 2, 28), "20260228", "FREQ=YEARLY", "born in 1984\nGroup: Potential"),
        (dt.date(1984, 2, 29), "20260228", "FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2", "born in 1984\nGroup: Potential"),
        ("29.02", "20260228", "FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2", "Group: Potential"),
    ],
)  # fmt: skip
def test_a_birthday_returns_every_year_and_tells_the_year_of_birth_where_it_is_known(
    tmp_path: Path, day: object, start: str, rule: str, text: str
) -> None:
    entry, _ = birthday_of(tmp_path, day)
    assert entry.text("SUMMARY") == "Birthday: Client 1"
    assert entry.values("DTSTART") == [start]
    assert sorted(entry.values("RRULE")[0].split(";")) == sorted(rule.split(";"))
    assert entry.text("DESCRIPTION") == text


@pytest.mark.parametrize(
    ("born", "returns"),
    [
        (dt.date(1984, 2, 29), ["2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]),
        (dt.date(1984, 2, 28), ["2026-02-28", "2027-02-28", "2028-02-28", "2029-02-28"]),
        (dt.date(1984, 12, 31), ["2026-12-31", "2027-12-31", "2028-12-31", "2029-12-31"]),
    ],
)
def test_another_program_counts_the_same_days(
    tmp_path: Path, born: dt.date, returns: list[str]
) -> None:
    _, content = birthday_of(tmp_path, born)
    event = vobject.readOne(content.decode()).vevent
    days = itertools.islice(event.getrruleset(addRDate=True), 4)
    assert [f"{day:%Y-%m-%d}" for day in days] == returns


# --- a second import -------------------------------------------------------------------------


def imported(*contents: bytes) -> dict[str, Block]:
    """What a calendar program holds after these imports: by UID, the newest of each."""
    held: dict[str, Block] = {}
    for content in contents:
        for entry in entries(content):
            uid = entry.text("UID")
            if uid not in held or _mark(entry) >= _mark(held[uid]):
                held[uid] = entry
    return {uid: entry for uid, entry in held.items() if entry.text("STATUS") != "CANCELLED"}


def _mark(entry: Block) -> tuple[int, str]:
    return int(entry.text("SEQUENCE")), entry.text("DTSTAMP")


CLIENTS: list[dict[str, object]] = [
    {"Name": name, "Birthday": dt.date(1984, 5, 12)} for name in ("Anna", "Olga")
]


def day_of_export(
    folder: Path,
    today: str,
    contacts: Sequence[Contact],
    clients: Sequence[dict[str, object]] = CLIENTS,
    rules: str = "",
) -> Calculated:
    """The base on a day, under the same name every time."""
    return base(
        folder, clients, contacts=contacts, today=on(today), rules=config(f"{AGREED}\n{rules}")
    )


def test_an_equal_run_gives_equal_bytes(tmp_path: Path) -> None:
    contacts = [agreed("2026-11-27"), agreed("2026-10-05", "C2")]
    found = day_of_export(tmp_path, "2026-11-21", contacts)
    first = write(found)
    assert write(found, first.content) == first
    assert write(day_of_export(tmp_path, "2026-11-21", contacts)) == first


@pytest.mark.parametrize("with_earlier", [False, True])
def test_a_later_import_moves_the_entries_and_doubles_nothing(
    tmp_path: Path, with_earlier: bool
) -> None:
    first = write(
        day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27"), agreed("2026-10-05", "C2")])
    )
    later = day_of_export(
        tmp_path, "2026-11-24", [agreed("2026-12-05"), agreed("2026-10-05", "C2")]
    )
    second = write(later, first.content if with_earlier else b"")
    held = imported(first.content, second.content)
    days = sorted((entry.text("SUMMARY"), entry.text("DTSTART")) for entry in held.values())
    assert days == [
        ("Birthday: Anna", "20260512"),
        ("Birthday: Olga", "20260512"),
        ("call: Anna – agreed", "20261205"),
        ("call: Olga – agreed", "20261124"),
    ]


def test_a_second_export_of_the_same_day_supersedes_what_changed_and_nothing_else(
    tmp_path: Path,
) -> None:
    def marks(content: bytes) -> list[str]:
        return [entry.text("SEQUENCE") for entry in entries(content)]

    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")]))
    changed = day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-28")])
    second = write(changed, first.content)
    assert marks(second.content) == ["73994101", "73994100", "73994100"]
    assert write(changed, second.content) == second
    cancelled = write(day_of_export(tmp_path, "2026-11-21", []), second.content)
    assert marks(cancelled.content) == ["73994100", "73994100", "73994102"]
    held = imported(first.content, second.content, cancelled.content)
    assert [entry.text("SUMMARY") for entry in held.values()] == [
        "Birthday: Anna",
        "Birthday: Olga",
    ]
    next_day = write(day_of_export(tmp_path, "2026-11-22", [agreed("2026-11-29")]))
    assert marks(next_day.content) == ["73994200"] * 3


@pytest.mark.parametrize("mark", ["99999999999999999999", "999999999", "soon", "-1", "5"])
def test_a_mark_that_somebody_changed_does_no_harm(tmp_path: Path, mark: str) -> None:
    found = day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")])
    first = write(found).content.replace(b"SEQUENCE:73994100", f"SEQUENCE:{mark}".encode())
    for entry in entries(write(found, first).content):
        assert 73994100 <= int(entry.text("SEQUENCE")) < 73994200


def test_the_import_of_an_older_file_changes_nothing(tmp_path: Path) -> None:
    old = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")])).content
    new = write(day_of_export(tmp_path, "2026-11-22", [agreed("2026-12-05")])).content
    assert imported(new, old) == imported(old, new)


def test_a_contact_that_is_no_longer_due_is_cancelled(tmp_path: Path) -> None:
    first = write(
        day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27"), agreed("2026-11-28", "C2")])
    )
    second = write(
        day_of_export(tmp_path, "2026-11-24", [agreed("2026-11-28", "C2")]), first.content
    )
    assert (second.contacts, second.cancelled) == (1, 1)
    (gone,) = [one for one in entries(second.content) if one.text("STATUS") == "CANCELLED"]
    assert gone.text("SUMMARY") == "call: Anna – agreed"
    assert gone.text("DTSTART") == "20261127"
    assert gone.blocks == []  # no alarm
    held = imported(first.content, second.content)
    assert sum("agreed" in entry.text("SUMMARY") for entry in held.values()) == 1


def test_once_cancelled_it_stays_cancelled_and_comes_back_when_it_is_due_again(
    tmp_path: Path,
) -> None:
    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")]))
    without = day_of_export(tmp_path, "2026-11-24", [])
    second = write(without, first.content)
    assert write(without, second.content) == second
    third = write(day_of_export(tmp_path, "2026-11-25", [agreed("2026-12-01")]), second.content)
    assert (third.contacts, third.cancelled) == (1, 0)


def test_the_birthday_of_a_client_who_wants_no_contact_any_more_is_cancelled(
    tmp_path: Path,
) -> None:
    first = write(day_of_export(tmp_path, "2026-11-21", []))
    silent = [{**CLIENTS[0], "Do not contact": "yes"}, CLIENTS[1]]
    second = write(day_of_export(tmp_path, "2026-11-22", [], silent), first.content)
    (gone,) = [one for one in entries(second.content) if one.text("STATUS") == "CANCELLED"]
    assert (gone.text("SUMMARY"), gone.text("RRULE")) == ("Birthday: Anna", "FREQ=YEARLY")


def test_a_contact_that_the_phone_has_moves_beyond_the_horizon_too(tmp_path: Path) -> None:
    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")]))
    later = day_of_export(tmp_path, "2026-11-22", [agreed("2027-06-01")])
    assert write(later).contacts == 0
    second = write(later, first.content)
    assert (second.contacts, second.cancelled) == (1, 0)


@pytest.mark.parametrize(("today", "cancelled"), [("2026-12-07", 1), ("2026-12-08", 0)])
def test_what_was_cancelled_is_forgotten_when_it_lies_far_back(
    tmp_path: Path, today: str, cancelled: int
) -> None:
    rules = "export: {cancelled_days: 10}"
    anna: list[dict[str, object]] = [{"Name": "Anna"}]
    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")], anna, rules))
    second = write(day_of_export(tmp_path, today, [], anna, rules), first.content)
    assert second.cancelled == cancelled


def test_to_dos_instead_of_events_take_the_events_off(tmp_path: Path) -> None:
    contacts = [agreed("2026-11-27")]
    events = write(day_of_export(tmp_path, "2026-11-21", contacts))
    todos = write(
        day_of_export(tmp_path, "2026-11-22", contacts, rules="export: {contacts_as: todos}"),
        events.content,
    )
    assert todos.cancelled == 1
    back = write(day_of_export(tmp_path, "2026-11-23", contacts), todos.content)
    cancelled = [one for one in entries(back.content) if one.text("STATUS") == "CANCELLED"]
    assert [(one.name, one.text("DUE")) for one in cancelled] == [("VTODO", "20261127")]


def test_another_workbook_in_the_same_folder_cancels_nothing(tmp_path: Path) -> None:
    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")]))
    other = base(tmp_path, [{"ID": "X"}], name="other; base.xlsx", rules=config(AGREED))
    second = write(other, first.content)
    assert second.cancelled == 0
    gone = base(tmp_path, [{"ID": "Y"}], name="other; base.xlsx", rules=config(AGREED))
    assert write(gone, second.content).cancelled == 0  # X had no entry


def test_a_workbook_of_the_same_name_in_another_folder_cancels_nothing(tmp_path: Path) -> None:
    first = day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")])
    (tmp_path / "other").mkdir()
    other = base(tmp_path / "other", [{"ID": "X"}], rules=config(AGREED))
    assert other.path.name == first.path.name
    assert write(other, write(first).content).cancelled == 0


def test_a_calendar_is_known_by_its_head_for_that_of_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = base(tmp_path, [{"ID": "X"}], name="a, very; long" + "ж" * 60 + ".xlsx")
    head = write(found).content[:400]
    assert is_from(head, found.path)
    monkeypatch.chdir(tmp_path)
    assert is_from(head, Path(found.path.name))
    assert not is_from(head, tmp_path / "base.xlsx")
    assert not is_from(head, tmp_path / "other" / found.path.name)
    assert not is_from(b"", found.path)


def test_bases_of_different_names_have_different_entries_for_the_same_id(tmp_path: Path) -> None:
    client: dict[str, object] = {"ID": "1", "Birthday": dt.date(1984, 5, 12)}

    def uids(name: str) -> set[str]:
        rules = config(f"{AGREED}\nexport: {{base: {name}}}")
        found = base(tmp_path, [client], contacts=[agreed("2026-11-27", "1")], rules=rules)
        return {entry.text("UID") for entry in entries(write(found).content)}

    plain, one, other = uids("''"), uids("Avon"), uids("Mary")
    assert len(plain | one | other) == 3 * 2
    assert uids("' aVON '") == one


def test_a_new_name_of_the_base_takes_the_entries_of_the_former_one_off(tmp_path: Path) -> None:
    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")]))
    named = day_of_export(
        tmp_path, "2026-11-22", [agreed("2026-11-27")], rules="export: {base: Avon}"
    )
    second = write(named, first.content)
    assert (second.contacts, second.birthdays, second.cancelled) == (1, 2, 1 + 2)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"DTSTART;VALUE=DATE:20261127", b"DTSTART;VALUE=DATE:20269999"),
        lambda content: content.replace(b"VALUE=DATE:20261127", b"VALUE=DATE:99991231"),
        lambda content: content.replace(b"DTSTART;VALUE=DATE:20261127", b"DTSTART:soon"),
        lambda content: content.replace(b"SUMMARY", b"SUM MARY:;=\xff"),
        lambda content: content.replace(b"\r\n", b"\n"),
        lambda content: content.replace(b"UID:", b"ID:"),
        lambda _content: b"\xff\xfe\0",
    ],
)  # fmt: skip
def test_a_damaged_calendar_of_before_hinders_nothing(tmp_path: Path, damage: object) -> None:
    first = write(day_of_export(tmp_path, "2026-11-21", [agreed("2026-11-27")]))
    assert callable(damage)
    second = write(day_of_export(tmp_path, "2026-11-22", []), damage(first.content))
    entries(second.content)
    assert second.birthdays == 2


def test_the_counts_are_those_of_the_file(tmp_path: Path) -> None:
    contacts = [agreed("2026-11-27"), agreed("2026-10-05", "C2")]
    found = write(day_of_export(tmp_path, "2026-11-21", contacts))
    assert (found.contacts, found.overdue, found.birthdays, found.cancelled) == (2, 1, 2, 0)


def test_it_speaks_the_language_of_the_rules(tmp_path: Path) -> None:
    rules = config(
        "based_on: ru\nsheets: {clients: Clients, purchases: Purchases, contacts: Contacts}\n"
        "columns: {clients: {id: ID, name: Name, birthday: Birthday}, purchases: {date: Date, client_id: Client ID, amount: Amount}, "
        "contacts: {date: Date, client_id: Client ID, kind: Kind, next_date: Next date, next_kind: Next kind}}"
    )
    found = base(
        tmp_path,
        [{"Name": "Анна", "Birthday": dt.date(1984, 5, 12)}],
        contacts=[agreed("2026-11-20")],
        rules=rules,
    )
    contact, birthday = entries(write(found).content)
    assert contact.text("SUMMARY") == "звонок: Анна – как договорились"
    assert "просрочено с 20.11.2026" in contact.text("DESCRIPTION")
    assert birthday.text("SUMMARY") == "День рождения: Анна"
    assert "год рождения: 1984" in birthday.text("DESCRIPTION")
