"""An independent reading of the room of the catalogues, one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.reference import (
    DEFAULT,
    Base,
    Due,
    Line,
    Row,
    View,
    days_that_count,
    folded,
    is_blank,
    purchase_days,
    read_date,
    text_of,
)

FROM_DAYS, DAYS, FOLLOW_UP, GRACE, EXPIRES = 1, 21, 5, 3, 60
WORDS = {"+": "ordered", "yes": "ordered", "no": "no order", "missed": "missed", "0": "missed"}
DASHES = "-‐‑‒–—―−"


@dataclass(frozen=True)
class Handed:
    """A usable row: whose, when, which catalogue, what she wrote, and what became of it."""

    row: int
    key: str
    day: date
    name: str
    said: str
    outcome: str = ""
    end: date = date.max
    ordered_on: date | None = None
    kopecks: int | None = None


@dataclass
class Catalogues:
    """The catalogues of a base, as `tests.reference.Room` has it."""

    rows: list[Handed] = field(default_factory=list)

    def touches(self, key: str) -> Sequence[date]:
        """Quote: A row of Catalogues is a touch."""
        return [one.day for one in self.rows if one.key == key]

    def dues(self, view: View) -> Mapping[str, Sequence[Due]]:
        """Quote: Rule catalogue, for the newest row of a client."""
        hers = [one for one in self.rows if one.key == view.facts.person.key]
        if not hers or view.waits_for_agreed:
            return {}
        newest = max(hers, key=lambda one: (one.day, one.row))
        due = follow_up(newest, view) or missed(newest, view)
        return {"reorder": [due]} if due else {}


def reading(rows: Sequence[Row], today: date) -> Callable[[Base], Catalogues]:
    """The room of these rows of the sheet."""

    def room(base: Base) -> Catalogues:
        return Catalogues(decided(usable(rows, base, today), base, today))

    return room


def usable(rows: Sequence[Row], base: Base, today: date) -> list[Handed]:
    """The rows with a date up to today, a client of the base, and a catalogue."""
    keys, found = {person.key for person in base.people}, list[Handed]()
    for number, row in enumerate(rows):
        key, day = folded(row.get("Client ID")), day_of(row.get("Date"), today)
        if day is not None and day <= today and key in keys and name_of(row.get("Catalogue")):
            name, said = name_of(row.get("Catalogue")), text_of(row.get("Result"))
            found.append(Handed(number, key, day, name, said))
    return found


def day_of(cell: object, today: date) -> date | None:
    """The day in a cell; None where it is blank or can't be read."""
    if is_blank(cell):
        return None
    try:
        return read_date(cell, DEFAULT, today)
    except ValueError:
        return None


def name_of(cell: object) -> str:
    """Quote: A Catalogue cell that is a date is shown as mm/yyyy."""
    if isinstance(cell, (date, datetime)):
        return f"{cell.month:02}/{cell.year}"
    return text_of(cell).strip()


def shown_names(rows: Sequence[Handed]) -> list[str]:
    """Quote: a name that comes back in another year is another one, shown with its year."""
    names = []
    for one in rows:
        same = [other for other in rows if folded(other.name) == folded(one.name)]
        years = {other.day.year for other in same}
        names.append(f"{same[0].name} {one.day.year}" if len(years) > 1 else same[0].name)
    return names


def decided(rows: Sequence[Handed], base: Base, today: date) -> list[Handed]:
    """Quote: Outcome, Ordered on, Amount."""
    found = []
    for one, name in zip(rows, shown_names(rows), strict=True):
        begin, end = one.day + timedelta(days=FROM_DAYS), one.day + timedelta(days=DAYS)
        end = min([end, *(o.day for o in rows if o.key == one.key and o.day > one.day)])
        lines = [
            line
            for line in base.lines
            if line.key == one.key and begin <= line.day <= min(end, today)
        ]
        days = sorted(bought_days(base, one.key, begin, min(end, today)))
        word = "-" if one.said and one.said in DASHES else folded(one.said).replace("ё", "е")
        outcome = "no order" if word == "-" else WORDS.get(word, "")
        if not outcome:
            outcome = "ordered" if days else "open" if today <= end else "no order"
        found.append(
            Handed(
                one.row,
                one.key,
                one.day,
                name,
                one.said,
                outcome,
                end,
                days[0] if days else None,
                sum(line.kopecks for line in lines) if lines else None,
            )
        )
    return found


def bought_days(base: Base, key: str, begin: date, end: date) -> list[date]:
    """The purchase days of a client in the time."""
    hers: list[Line] = [line for line in base.lines if line.key == key]
    return [day for day in purchase_days(hers) if begin <= day <= end]


def follow_up(one: Handed, view: View) -> Due | None:
    """Quote: open: due Date + `follow_up_days` (5); done by a contact that counts later than
    Date.
    """
    call = view.settings.call
    if one.outcome != "open" or any(
        day > one.day for day in days_that_count(view.facts, call, view.settings)
    ):
        return None
    return Due(one.day + timedelta(days=FOLLOW_UP), f"catalogue {one.name}", call)


def missed(one: Handed, view: View) -> Due | None:
    """Quote: Missed: due the day after its window; done by a contact that counts on or after that
    day less `grace_days` (3), or a purchase day later than Date; expires.
    """
    call, due = view.settings.call, one.end + timedelta(days=1)
    last = view.facts.last_purchase
    is_done = any(
        day >= due - timedelta(days=GRACE)
        for day in days_that_count(view.facts, call, view.settings)
    ) or (last is not None and last > one.day)
    if one.outcome != "missed" or is_done or (view.today - due).days > EXPIRES:
        return None
    return Due(due, f"missed: catalogue {one.name}", call)
