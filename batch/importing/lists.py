"""Lists of clients, with columns of months or without."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from batch.importing import colours, reading
from batch.importing.dictionary import plain, words
from batch.importing.periods import Period
from batch.importing.persons import PersonReader
from batch.importing.plan import says
from batch.importing.records import Entry, Somebody, Total
from batch.importing.rows import RowReader
from batch.importing.sheets import Cell, is_blank, text_of
from words import _, n_

_CLASS_DATE: Final = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d")


class ListReader(RowReader):
    """A list of clients, with columns of months or without."""

    def read(self) -> None:
        """Add its people, and the purchases of its months, to the records."""
        self._sections_as_clients()
        self.tell_rows()
        reader = PersonReader(self.layout, self.config, is_list=True)
        self.tell_columns(reader.set_aside())
        birthdays = reading.days(
            self.cells(self.one("birthday")), self.config, self.today, birthdays=True
        )
        people = dict[int, Somebody]()
        for at, birthday in zip(self.rows, birthdays, strict=True):
            person = reader.person(at, birthday)
            row = self.sheet.numbers[at]
            if not person.name.written:
                texts = ", ".join(text_of(cell) for cell in self.sheet.rows[at] if cell is not None)
                self.leave(f"A{row}", texts, _("a row without a name"))
                continue
            if note := self.note(at):
                person.fields["notes"] = "; ".join(
                    filter(None, [str(person.fields.get("notes", "")), note])
                )
            people[at] = person
        self._labels(list(people.values()))
        self._sections(people)
        self._colours(people)
        self._classes(people)
        self.records.people += people.values()
        if reader.unknown_phones:
            count = reader.unknown_phones
            self.tell(
                _("Phones kept as they stand, in no known form: {count}.").format(count=count)
            )
        if self.layout.kind == "months":
            self._months(people)

    def _labels(self, people: Sequence[Somebody]) -> None:
        """Who of an address book is a client: by her label, or all where there are none."""
        is_book = self.sheet.is_address_book or self.layout.has("labels")
        if not is_book:
            return
        counts = Counter(label for one in people for label in one.labels)
        named = {label for label in counts if plain(label) in words("client_labels")}
        clients = set[str]()
        for label, count in counts.items():
            proposal = _("client") if label in named or not named else _("leave out")
            seen = n_("{count} contact", "{count} contacts", count).format(count=count)
            answer = self.plan.answer("labels", label, proposal, seen)
            if self._says_client(label, answer):
                clients.add(label)
        if not counts:
            seen = n_("{count} contact", "{count} contacts", len(people))
            key = _("without labels")
            answer = self.plan.answer("labels", key, _("client"), seen.format(count=len(people)))
            clients = {""} if self._says_client(key, answer) else set()
        for one in people:
            is_person = one.name.written != one.fields.get("organisation")
            one.is_client = bool(clients & {*(one.labels or [""])}) and is_person

    def _says_client(self, label: str, answer: str) -> bool:
        """Whether the answer about a label is that it tells clients."""
        is_client = says(answer, "same") or plain(answer) in words("client")
        if not is_client and not says(answer, "leave_out"):
            raise self.plan.refuse("labels", label, answer)
        return is_client

    def _sections_as_clients(self) -> None:
        """Take rows of one cell for clients, where she says that they are."""
        if plain(self.plan.said("sections", self.title)) in words("client"):
            self.kinds = {
                at: "data" if kind == "section" else kind for at, kind in self.kinds.items()
            }
            self.rows = [at for at, kind in self.kinds.items() if kind == "data"]

    def _sections(self, people: dict[int, Somebody]) -> None:
        """The headings of sections as words of a column, where she names one."""
        named = {
            at: text_of(self._first(at)) for at, kind in self.kinds.items() if kind == "section"
        }
        if not named:
            return
        seen = ", ".join(dict.fromkeys(named.values()))
        heading = self.plan.answer("sections", self.title, "", seen)
        if plain(heading) in words("client"):
            return
        if not heading or says(heading, "leave_out"):
            return
        section = ""
        for at in self.kinds:
            section = named.get(at, section)
            if section and at in people:
                colours.put(people[at], heading, section, self.config)
        places = {f"{self.title}, A{self.sheet.numbers[at]}" for at in named}
        self.records.left = [one for one in self.records.left if one.where not in places]

    def _first(self, at: int) -> Cell:
        return next(cell for cell in self.sheet.rows[at] if not is_blank(cell))

    def _colours(self, people: dict[int, Somebody]) -> None:
        """Colours of rows as words of a column."""
        named: dict[str, list[Somebody]] = {}
        for at, person in people.items():
            name = colours.name_of(self.sheet.colours.get(self.sheet.numbers[at], ""))
            if name:
                named.setdefault(name, []).append(person)
        for name, rows in named.items():
            if len(rows) * 2 > len(people):
                continue
            proposal = colours.meaning(name, self.layout.titles, self.config)
            seen = n_("{count} row", "{count} rows", len(rows)).format(count=len(rows))
            first = ", ".join(one.name.written for one in rows[:3])
            answer = self.plan.answer("colours", _(name), proposal, f"{seen}: {first}")
            if not answer or says(answer, "leave_out"):
                self.leave(
                    f"A{rows[0].row}", _(name), _("a colour of rows whose meaning isn't told")
                )
                continue
            heading, mark, word = answer.partition(":")
            if not mark or not heading.strip() or not word.strip():
                raise self.plan.refuse("colours", _(name), answer)
            for person in rows:
                colours.put(person, heading.strip(), word.strip(), self.config)

    def _classes(self, people: dict[int, Somebody]) -> None:
        """Dates beside the word for a class, in the column that says how they met."""
        column = self.one("met") or self.one("source")
        if column is None or self.layout.has("class_date"):
            return
        for at, person in people.items():
            text = text_of(self.sheet.cell(at, column.at))
            found = _CLASS_DATE.search(text)
            if not found or not set(plain(text).split()) & words("classes"):
                continue
            day = reading.days([found[0]], self.config, self.today)[0]
            if day is None or not day.has_year:
                continue
            place = self.sheet.address(at, column.at)
            seen = f"{self.title}, {place}: {person.name.written}"
            answer = self.plan.answer("classes", text, found[0], seen)
            if not says(answer, "leave_out"):
                day = reading.days([answer], self.config, self.today)[0]
                if day is None:
                    raise self.plan.refuse("classes", text, answer)
                person.fields["class_date"] = day.date

    def _months(self, people: dict[int, Somebody]) -> None:
        """The purchases in columns of months, and their sums against the total of the row."""
        day = self.plan.answer("days", _("months"), _("last"))
        self._take_last_year()
        came: dict[int, int] = {}
        for column in self.layout.months:
            if column.period is None:
                continue
            date = self._day(column.period.last, day)
            read = reading.amounts(self.cells(column), self.config)
            for at, found in zip(self.rows, read, strict=True):
                if at not in people:
                    continue
                minor = self.amount(at, column, found)
                if not minor:
                    continue
                came[at] = came.get(at, 0) + minor
                place = self.sheet.address(at, column.at)
                entry = Entry(
                    "purchases", self.title, self.sheet.numbers[at], place, people[at], date
                )
                entry.minor, entry.is_of_period = minor, True
                self.records.entries.append(entry)
        self._totals(came)

    def _take_last_year(self) -> None:
        """Where months have no year anywhere and some of them lie ahead, they are last year's."""
        known = [one.period for one in self.layout.months if one.period]
        first_ahead = self.today.replace(day=1) + dt.timedelta(31)
        if any(one.has_year for one in known) or self.layout.year:
            return
        if all(one.last < first_ahead for one in known):
            return
        for one in self.layout.months:
            if one.period is not None:
                last = one.period.last
                day = min(last.day, 28) if last.month == 2 else last.day
                one.period = Period(last.replace(year=last.year - 1, day=day), has_year=False)
        sentence = _("The months have no year, and some lie ahead: they are taken for {year}.")
        self.tell(sentence.format(year=known[0].last.year - 1))

    def _day(self, last: dt.date, answer: str) -> dt.date:
        if plain(answer) in words("last"):
            return min(last, max(self.today, last.replace(day=1)))
        if plain(answer) in words("first"):
            return last.replace(day=1)
        if answer.isdigit() and 0 < int(answer) <= last.day:
            return last.replace(day=int(answer))
        raise self.plan.refuse("days", _("months"), answer)

    def _totals(self, came: dict[int, int]) -> None:
        for column in self.layout.of("total"):
            stood = reading.amounts(self.cells(column), self.config)
            for at, total in zip(self.rows, stood, strict=True):
                if (total is not None and at in came) or total:
                    place = self.sheet.address(at, column.at)
                    one = Total(self.title, place, total or 0, came.get(at, 0))
                    self.records.totals.append(one)
