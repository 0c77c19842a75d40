"""The calendar (RFC 5545): next contacts as events or to-dos, birthdays as yearly events.

All are days without a time, so no time zone counts. An entry has the same UID in every export, and
a SEQUENCE that grows from day to day, and where it changed since an export of the same day: a
second import moves it, and doubles nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icalendar import Alarm, Calendar, Component, Event, Todo
from icalendar.prop import vInt, vText

from batch.export.cards import PRODUCT
from batch.export.people import Person, clean
from batch.lists.workdays import working_days
from batch.recalculation.plan import Calculated
from rules.config.settings import FILLED, Config
from rules.model.result import Result
from rules.outgoing import birthdays_this_year
from rules.reading.clean import birth_years
from rules.reading.dates import date_or_none, days_on, shown_date
from words import _

_WORKBOOK: Final = "X-CLIENTBASE-WORKBOOK"
_MARK: Final = 12
"""So many signs of a hash tell folders apart."""
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_ENTRY: Final = re.compile(r"^BEGIN:(VEVENT|VTODO)\r?$.*?^END:\1\r?$", re.DOTALL | re.MULTILINE)
_UID: Final = re.compile(r"^UID:(.*?)\r?$", re.MULTILINE)
_DAY: Final = re.compile(r"^(?:DTSTART|DUE);VALUE=DATE:(\d{8})\r?$", re.MULTILINE)
_SEQUENCE: Final = re.compile(r"^SEQUENCE:(\d{1,9})\r?$", re.MULTILINE)
_A_DAY: Final = 100
"""So many exports of one day, each with something new, are told apart."""
_KEPT: Final = ("UID", "DTSTART", "DTEND", "DUE", "RRULE", "SUMMARY")
"""What a cancelled entry keeps."""


@dataclass(frozen=True)
class CalendarFile:
    """A calendar, and how many entries of which kind stand in it; overdue: of the contacts."""

    content: bytes
    contacts: int
    overdue: int
    birthdays: int
    cancelled: int


def calendar(found: Calculated, people: list[Person], earlier: bytes = b"") -> CalendarFile:
    """The calendar of *people*.

    *earlier* is the calendar of the export before, b'' without one. Where it was made from the same
    workbook, a contact that stands in it is moved however far ahead she is due now, and what is no
    longer due is cancelled.
    """
    maker = _Maker(found.rules.config, found.result)
    former = _former(earlier, found.path)
    contacts = list(maker.contacts(people, former))
    years = birth_years(found.base.clients, found.rules.config, found.result.today).tolist()
    birthdays = list(maker.birthdays(people, years))
    current = {str(entry["UID"]) for entry in (*contacts, *birthdays)}
    gone = [text for uid, text in former.items() if uid not in current]
    cancelled = [entry for text in gone for entry in maker.cancelled(text)]
    for entry in (*contacts, *birthdays, *cancelled):
        maker.supersede(entry, former.get(str(entry["UID"]), ""))
    whole = Calendar()
    whole.add("VERSION", "2.0")
    whole.add("PRODID", PRODUCT)
    whole.add("METHOD", "PUBLISH")
    whole.add(_WORKBOOK, _workbook(found.path))
    whole.subcomponents = [*contacts, *birthdays, *cancelled]
    content = whole.to_ical(sorted=False)
    return CalendarFile(content, len(contacts), maker.overdue, len(birthdays), len(cancelled))


def _workbook(path: Path) -> vText:
    """What tells a workbook from others: its name, and a mark of its folder, which the calendar
    tells nobody.
    """
    folder = os.path.normcase(os.path.realpath(path.parent))
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:_MARK]
    return vText(f"{clean(path.name)} {mark}")


def is_from(content: bytes, workbook: Path) -> bool:
    """Whether a calendar, of which *content* is at least the head, was made from *workbook*."""
    text = _FOLD.sub("", content.decode("utf-8", "replace"))
    made_from = f"{_WORKBOOK}:{_workbook(workbook).to_ical().decode()}"
    return made_from in text.partition("BEGIN:V")[2].partition("BEGIN:V")[0].splitlines()


def _former(content: bytes, workbook: Path) -> dict[str, str]:
    """The entries of a calendar of ours that was made from the same *workbook*: UID and text."""
    if not is_from(content, workbook):
        return {}
    text = _FOLD.sub("", content.decode("utf-8", "replace"))
    entries = [match.group() for match in _ENTRY.finditer(text)]
    return {uid[1]: entry for entry in entries if (uid := _UID.search(entry))}


class _Maker:
    """Makes the entries of one day. overdue: how many contacts are, of those made so far."""

    def __init__(self, config: Config, result: Result) -> None:
        self.config, self.result, self.today = config, result, result.today
        self.date_format = config.dates.written
        self.overdue = 0

    def contacts(self, people: list[Person], former: Mapping[str, str]) -> Iterator[Component]:
        """The next contacts up to the horizon, and those that a phone has already."""
        rule = self.config.export
        last = days_on(self.today, rule.days_ahead)
        plan = self.config.rooms.noted.plan
        assert plan is not None  # noqa: S101 — the list of the day is planned
        planned, _later = plan(self.result, last, working_days(self.config, self.today))
        days = {one.position: one.day for one in planned}
        due = self.result.of_role("due")
        for person in people:
            day = date_or_none(due[person.at])
            uid = person.uid(f"contact/{rule.contacts_as}")
            if day is not None and (day <= last or uid in former):
                moved_to = days.get(person.at, max(day, last))
                yield self._contact(person, uid, day, moved_to)

    def _contact(self, person: Person, uid: str, due: dt.date, planned: dt.date) -> Component:
        channel = clean(self.result.of_role("how")[person.at])
        reason = clean(self.result.of_role("why")[person.at])
        summary = _("{channel}: {name} – {reason}")
        summary = summary.format(channel=channel, name=person.name, reason=reason)
        lines = [reason]
        if due < self.today:
            self.overdue += 1
            lines.append(_("overdue since {date}").format(date=shown_date(due, self.date_format)))
        lines += self._facts(person)
        is_todo = self.config.export.contacts_as == "todos"
        entry = self._entry(Todo() if is_todo else Event(), uid, summary, lines)
        _set_day(entry, planned)
        self._remind(entry, summary)
        return entry

    def _facts(self, person: Person) -> Iterator[str]:
        """What helps her with the call, by the headings of her sheet; notes stay at home."""
        typed, roles = self.config.columns.clients, self.config.rooms.roles
        sticker = self.config.headings(FILLED)[roles["sticker"]]
        numbers = ", ".join(phone.shown for phone in person.phones)
        headings = (typed.phone, sticker, typed.wishes)
        facts = zip(headings, (numbers, person.group, person.wishes), strict=True)
        yield from (f"{names[0]}: {fact}" for names, fact in facts if fact)

    def birthdays(self, people: list[Person], years: list[int]) -> Iterator[Component]:
        """The birthdays of all who want contact; years: of birth, by row of the result, 0 for
        unknown.
        """
        days = birthdays_this_year(self.result)
        origin = self.result.known.clients.birthday
        for person in people:
            day, birthday = date_or_none(days[person.at]), date_or_none(origin[person.at])
            if day is None or birthday is None:
                continue
            born = _("born in {year}").format(year=years[person.at]) if years[person.at] else ""
            lines = [*filter(None, [born]), *self._facts(person)]
            summary = _("Birthday: {name}").format(name=person.name)
            entry = self._entry(Event(), person.uid("birthday"), summary, lines)
            _set_day(entry, day)
            entry.add("RRULE", _every_year(birthday))
            self._remind(entry, summary)
            yield entry

    def cancelled(self, former: str) -> Iterator[Component]:
        """The entry that takes a *former* one, given as text, off the phone; none for one that
        lies long ago, or can't be read.
        """
        found = _DAY.search(former)
        if found is None:
            return
        try:
            day = dt.date.fromisoformat(found[1])
            old = Component.from_ical(former)
        except ValueError:  # somebody wrote into the file
            return
        if day < self.today - dt.timedelta(self.config.export.cancelled_days):
            return
        entry = self._stamped(type(old)())
        for name in _KEPT:
            if name in old:
                entry[name] = old[name]
        entry.add("STATUS", "CANCELLED")
        yield entry

    def _entry(self, entry: Component, uid: str, summary: str, lines: list[str]) -> Component:
        entry.add("UID", uid)
        self._stamped(entry)
        entry.add("SUMMARY", vText(summary))
        if lines:
            entry.add("DESCRIPTION", vText("\n".join(lines)))
        return entry

    def _stamped(self, entry: Component) -> Component:
        """*entry* with the marks of this day: equal exports are equal, later ones supersede."""
        entry.add("DTSTAMP", dt.datetime.combine(self.today, dt.time(), dt.UTC))
        entry.add("SEQUENCE", self.today.toordinal() * _A_DAY)
        return entry

    def supersede(self, entry: Component, former: str) -> None:
        """Raise the SEQUENCE of an entry that differs from the *former* one of the same day."""
        sequence = _SEQUENCE.search(former)
        if sequence is None or f"DTSTAMP:{self.today:%Y%m%d}T000000Z" not in former:
            return
        first = self.today.toordinal() * _A_DAY
        before = min(max(first, int(sequence[1])), first + _A_DAY - 2)
        entry["SEQUENCE"] = vInt(before)
        text = _FOLD.sub("", entry.to_ical(sorted=False).decode())
        if text.splitlines() != former.splitlines():
            entry["SEQUENCE"] = vInt(before + 1)

    def _remind(self, entry: Component, summary: str) -> None:
        """Let the phone ring on the day itself, at the time of the rules, wherever she is."""
        time = self.config.export.alarm
        if time is None:
            return
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        after_midnight = dt.timedelta(hours=time.hour, minutes=time.minute)
        is_todo = isinstance(entry, Todo)  # it has an end, its day, and no beginning
        alarm.add("TRIGGER", after_midnight, {"RELATED": "END"} if is_todo else {})
        alarm.add("DESCRIPTION", vText(summary))
        entry.add_component(alarm)


def _set_day(entry: Component, day: dt.date) -> None:
    """Put an entry on a whole day, which a to-do is due on and an event doesn't make busy."""
    if isinstance(entry, Todo):
        entry.add("DUE", day)
        entry.add("STATUS", "NEEDS-ACTION")
        return
    entry.add("DTSTART", day)
    entry.add("DTEND", days_on(day, 1))
    entry.add("TRANSP", "TRANSPARENT")


def _every_year(birthday: dt.date) -> dict[str, object]:
    """The rule by which a birthday returns; 29 February as the last day of February, which is the
    28th in common years.
    """
    if (birthday.month, birthday.day) == (2, 29):
        return {"FREQ": "YEARLY", "BYMONTH": 2, "BYMONTHDAY": -1}
    return {"FREQ": "YEARLY"}
