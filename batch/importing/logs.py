"""Lists of purchases and of contacts: order blocks filled down, years found, statuses looked at."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from batch.importing import reading
from batch.importing.dictionary import NAMES, plain, words
from batch.importing.layout import SourceColumn
from batch.importing.names import Name, displayed, looks_like_name
from batch.importing.periods import period
from batch.importing.persons import PersonReader
from batch.importing.plan import says
from batch.importing.reading import Day
from batch.importing.records import Entry, Total
from batch.importing.rowkinds import RowKind
from batch.importing.rows import RowReader
from batch.importing.sheets import Cell, is_blank, text_of
from batch.importing.years import with_years
from rules.mentions import first_of
from rules.reading.typed_dates import month_of
from words import _, marked, n_

_FIELDS: Final = {
    "purchases": ("product", "quantity", "order", "consultant"),
    "contacts": ("kind", "note", "result", "consultant", "next_date", "next_kind"),
}
_OWN: Final = frozenset(
    ("article", "price", "paid", "debt", "catalogue", "status", "subtotal", "total", "notes", "")
)
_MOST_STATUSES: Final = 30
_YEAR: Final = "year"
_TOLD: Final = {
    "client": marked("Rows that got the client of the row above: {count}."),
    "date": marked("Rows that got the day of the row above: {count}."),
    "year": marked("Days without a year that got one from the rows around or a title: {count}."),
    "product": marked("Lines of an order without an amount of their own, joined to it: {count}."),
    "price": marked("Amounts made of price and quantity: {count}."),
}


class LogReader(RowReader):
    """Reads a list of purchases or of contacts."""

    def read(self) -> None:
        """Add its lines to the records."""
        self.table = self.layout.kind
        self.tell_rows()
        self.reader = PersonReader(self.layout, self.config, is_list=False)
        self.tell_columns(self.reader.set_aside())
        self.amounts_at = self.one("amount") if self.table == "purchases" else None
        self.counts: Counter[str] = Counter()
        self.unsure: list[str] = []
        self.block: list[int] = []
        self.before = 0
        self.last: Entry | None = None
        self.date: dt.date | None = None
        self.beside = self.sheet.name if looks_like_name(self.sheet.name) else ""
        self.birthdays = self._birthdays()
        money = dict(zip(self.rows, self._money(self.amounts_at), strict=True))
        dates = dict(zip(self.rows, self._dates(), strict=True))
        statuses = self._statuses()
        is_open, previous = False, -1
        for at, kind in self.kinds.items():
            if kind != "data":
                self._total(at, kind)
                self._section(at, kind)
                is_open, self.date = False, None
                continue
            is_open = is_open and self.sheet.numbers[at] == self.sheet.numbers[previous] + 1
            is_open = self._row(at, dates[at], money[at], statuses, is_open=is_open)
            previous = at
        for key, count in self.counts.items():
            self.tell(_(_TOLD[key]).format(count=count))
        if self.unsure:
            sentence = _(
                "Rows with a day of their own that got the client of the row above; look whose "
                "they are: {cells}."
            )
            self.tell(sentence.format(cells=first_of(self.unsure)))

    def _birthdays(self) -> dict[int, Day | None]:
        column = self.one("birthday")
        if column is None:
            return {}
        days = reading.days(self.cells(column), self.config, self.today, birthdays=True)
        return dict(zip(self.rows, days, strict=True))

    def _section(self, at: int, kind: RowKind) -> None:
        """Take the heading of a section for the client of the lines below, where it names one."""
        text = " ".join(text_of(cell) for cell in self.sheet.rows[at]).strip()
        if kind == "section" and looks_like_name(text):
            self.beside = text

    def _money(self, column: SourceColumn | None) -> list[int | None]:
        return reading.amounts(self.cells(column), self.config)

    def _dates(self) -> list[dt.date | None]:
        days = self._in_months(reading.days(self.cells(self.one("date")), self.config, self.today))
        self.counts[_YEAR] += sum(day is not None and not day.has_year for day in days)
        self.counts = +self.counts
        return with_years(days, self.layout.year, self.today)

    def _in_months(self, days: list[Day | None]) -> list[Day | None]:
        """The days, also those that are the number in a month alone: the month is that of the
        section above, of the sheet, or of a title.
        """
        column = self.one("date")
        titles = [self.sheet.name, *self.layout.titles, self.sheet.path.stem]
        month = next(filter(None, map(self._month, titles)), None)
        found, at_row = list(days), {at: number for number, at in enumerate(self.rows)}
        for at, kind in self.kinds.items():
            if kind == "section":
                texts = " ".join(text_of(cell) for cell in self.sheet.rows[at])
                month = self._month(texts) or month
            elif kind == "data" and column is not None and month is not None:
                number = text_of(self.sheet.cell(at, column.at))
                if number.isdecimal() and 0 < int(number) <= month.day:
                    found[at_row[at]] = Day(month.replace(day=int(number)))
        return found

    def _month(self, text: str) -> dt.date | None:
        """The last day of the month that a title names."""
        found = period(text, self.layout.year or self.today.year)
        return found.last if found and any(month_of(plain(word)) for word in text.split()) else None

    def _row(
        self,
        at: int,
        date: dt.date | None,
        minor: int | None,
        statuses: dict[str, bool],
        *,
        is_open: bool,
    ) -> bool:
        """Add a row; whether the next one may go on with it."""
        row = self.sheet.numbers[at]
        person = self.reader.person(at, self.birthdays.get(at))
        if not self.layout.has(*NAMES, "id", "phone", "email") and self.beside:
            person.name = Name(displayed([self.beside]))
            person.fields["name"] = person.name.written
        is_named = bool(person.name.written or person.phones or person.emails or person.id)
        if self.amounts_at is not None:
            minor = self._amount(at, minor)
            if minor is None:
                self._without_amount(at)
                return is_open
        place = self.sheet.address(at, self.amounts_at.at if self.amounts_at else 0)
        if not is_named:
            if self.last is None or not is_open:
                self.leave(place, self._said(at), _("a row that names no client"))
                return False
            person = self.last.who
            self.counts["client"] += 1
            if date is not None and date != self.last.date:
                self.unsure.append(place)
        date = self._day(at, date, place)
        if date is None:
            return False
        entry = Entry(self.table, self.title, row, place, person, date, minor=minor)
        self._fill(entry, at)
        self.block.append(minor or 0)
        self.last = entry
        if not statuses.get(entry.status, True):
            self.leave(place, self._said(at), _("status {status}").format(status=entry.status))
            self.records.people.append(person)
            return True
        self.records.entries.append(entry)
        return True

    def _day(self, at: int, date: dt.date | None, place: str) -> dt.date | None:
        """The day of a row: its own, that of the row above, or what she says."""
        column = self.one("date")
        cell = self.sheet.cell(at, column.at) if column else None
        if date is None and reading.is_nothing(cell) and self.date is not None:
            date = self.date
            self.counts["date"] += 1
        elif date is None and not reading.is_nothing(cell):
            key = text_of(cell)
            answer = self.plan.answer("cells", key, self._meant(cell), f"{self.title}, {place}")
            day = reading.days([answer], self.config, self.today)[0] if answer else None
            if answer and day is None and not says(answer, "leave_out"):
                raise self.plan.refuse("cells", key, answer)
            date = day.date if day else None
        if date is None:
            self.leave(place, self._said(at), _("a row without a day"))
        self.date = date
        return date

    def _meant(self, cell: Cell) -> str:
        """The day that a cell may mean, as she would write it; '' where that can't be told."""
        day = reading.meant_day(cell, self.config, self.today)
        return "" if day is None else reading.shown_day(day, self.config)

    def _amount(self, at: int, minor: int | None) -> int | None:
        """The money of a row; of price and quantity where its amount is blank."""
        column = self.amounts_at
        if column is None:
            return None
        found = self.amount(at, column, minor)
        if found is not None or not is_blank(self.sheet.cell(at, column.at)):
            return found
        price, quantity = self.one("price"), self.one("quantity")
        if price is None or self._goes_on(at):
            return None
        each = reading.amounts([self.sheet.cell(at, price.at)], self.config)[0]
        count = reading.number(self.sheet.cell(at, quantity.at), self.config) if quantity else 1.0
        if each is None or count is None:
            return None
        self.counts["price"] += 1
        return round(each * count)

    def _goes_on(self, at: int) -> bool:
        """Whether a row is of the same order as the one above."""
        order = self.one("order")
        number = text_of(self.sheet.cell(at, order.at)) if order else ""
        return bool(number and self.last and self.last.fields.get("order") == number)

    def _without_amount(self, at: int) -> None:
        """Join a row without an amount to the order above, or leave it out."""
        product = self.one("product")
        what = text_of(self.sheet.cell(at, product.at)) if product else ""
        if self.last is not None and self._goes_on(at):
            before = str(self.last.fields.get("product") or "")
            self.last.fields["product"] = ", ".join(filter(None, [before, what]))
            self.counts["product"] += 1
            return
        place = self.sheet.address(at, self.amounts_at.at if self.amounts_at else 0)
        cell = self.sheet.cell(at, self.amounts_at.at) if self.amounts_at else None
        if is_blank(cell) or reading.is_nothing(cell):
            self.leave(place, self._said(at), _("a row without an amount"))

    def _said(self, at: int) -> str:
        """What stands in a row, in short."""
        cells = (self.reader.shown(cell) for cell in self.sheet.rows[at] if not is_blank(cell))
        return ", ".join(cells)

    def _fill(self, entry: Entry, at: int) -> None:
        for role in _FIELDS[self.table]:
            column = self.one(role)
            cell = self.sheet.cell(at, column.at) if column else None
            if not is_blank(cell):
                entry.fields[role] = self._typed(role, cell)
        status = self.one("status")
        entry.status = text_of(self.sheet.cell(at, status.at)) if status else ""
        for column in self.layout.columns:
            cell = self.sheet.cell(at, column.at)
            if column.role in _OWN and not is_blank(cell):
                entry.own[column.shown] = cell
        if note := self.note(at):
            entry.own[_("Comment")] = note

    def _typed(self, role: str, cell: Cell) -> Cell:
        if role == "quantity":
            found = reading.number(cell, self.config)
            return cell if found is None else found
        if role == "next_date":
            day = reading.days([cell], self.config, self.today)[0]
            return day.date if day is not None and day.has_year else cell
        return self.reader.shown(cell)

    def _statuses(self) -> dict[str, bool]:
        """Whether the rows of each status count."""
        column = self.one("status")
        if column is None:
            return {}
        seen = Counter(text_of(cell) for cell in self.cells(column) if not is_blank(cell))
        if len(seen) > _MOST_STATUSES:
            return {}
        counts = {}
        for status, count in seen.items():
            key = plain(status)
            if key in words("counted"):
                counts[status] = True
                continue
            proposal = _("leave out") if key in words("not_counted") else ""
            found = n_("{count} row", "{count} rows", count).format(count=count)
            answer = self.plan.answer("statuses", status, proposal, found)
            is_counted = says(answer, "same") or plain(answer) in words("counts")
            if answer and not is_counted and not says(answer, "leave_out"):
                raise self.plan.refuse("statuses", status, answer)
            counts[status] = is_counted
        return counts

    def _total(self, at: int, kind: RowKind) -> None:
        """Compare a total with the rows above it since the last one, or with all."""
        if kind != "total" or self.amounts_at is None:
            return
        stood = reading.amounts([self.sheet.cell(at, self.amounts_at.at)], self.config)[0]
        if stood is not None:
            whole = self.before + sum(self.block)
            is_grand = stood == whole or not self.block
            came = whole if is_grand else sum(self.block)
            place = self.sheet.address(at, self.amounts_at.at)
            self.records.totals.append(Total(self.title, place, stood, came))
        self.before += sum(self.block)
        self.block = []
