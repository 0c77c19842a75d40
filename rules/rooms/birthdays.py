"""The journal of birthdays from today on, of clients and their spouses.

Sources: Pustylnik (birthday journal), Zelenkina (gifts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.config.basics import Label, Model
from rules.model.declarations import Cell, IsWorkingDay, Look, Room, Sheet, SheetColumn, SheetRows
from rules.model.result import Result
from rules.reading.clean import birth_years
from rules.reading.dates import NAT, Days, day, next_anniversary, no_days
from rules.rooms.gifts.room import Present, coming_occasions, is_posted, presents
from rules.rooms.gifts.settings import Settings as GiftSettings
from rules.rooms.shown import Shown
from words import _, marked

_SOON = np.timedelta64(30, "D")


class Birthdays(Model):
    """The sheet Birthdays."""

    months: Annotated[tuple[Label, ...], Field(min_length=12, max_length=12)]
    """The names of the twelve months."""


class Settings(Model):
    """The journal of birthdays."""

    birthdays: Birthdays
    """The sheet Birthdays."""


class _Birthdays(NamedTuple):
    """Birthdays of the journal: day, whose (positions of clients), whether it is the spouse's, and
    the year of birth or 0.
    """

    day: Days
    position: NDArray[np.intp]
    is_spouse: NDArray[np.bool_]
    born: NDArray[np.int64]


def birthday_journal(result: Result, _works: IsWorkingDay) -> SheetRows:
    """The birthdays of twelve months from today on, by date, over the end of the year.

    One row a birthday, of clients and, by `Spouse birthday`, of their spouses. The age is the one
    of that day, blank where the year isn't known. The gift is what the rules choose for the
    birthday as of today, blank for those who get none and for spouses.
    """
    today, shown = day(result.today), Shown(result)
    rows = _birthdays(result)
    position = rows.position
    gifts = _gifts(result)
    columns = {
        "month": _months(rows.day, result.config.rule(Settings).birthdays.months),
        "day": rows.day.tolist(),
        "name": _names(rows, shown),
        "age": _or_none(_ages(rows)),
        "phone": _or_none(shown.texts("phone")[position]),
        "group": _or_none(result.filled["group"][position]),
        "gift": _or_none(np.where(rows.is_spouse, "", gifts.gift[position])),
        "budget": _or_none(np.where(rows.is_spouse, np.nan, gifts.budget[position])),
        "post_by": np.where(rows.is_spouse, NAT, gifts.date[position]).tolist(),
        "client_id": shown.texts("id")[position].tolist(),
    }
    soon = int(np.sum(rows.day <= today + _SOON))
    return SheetRows(columns, (_("Birthdays of the next 30 days: {count}.").format(count=soon),))


def _birthdays(result: Result) -> _Birthdays:
    """All birthdays, by day, then in the order of the clients, the client before the spouse."""
    found = []
    for key, is_spouse in (("birthday", False), ("spouse_birthday", True)):
        origins = np.where(result.known.clients.usable, _origins(key, result), NAT)
        days = next_anniversary(origins, day(result.today))
        at = np.flatnonzero(~np.isnat(days))
        born = birth_years(result.base["clients"], result.config, result.today, key)
        found.append(_Birthdays(days[at], at, np.full(len(at), is_spouse), born[at]))
    days, position, spouse, born = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((spouse, position, days))
    return _Birthdays(days[order], position[order], spouse[order], born[order])


def _origins(key: str, result: Result) -> Days:
    if key == "birthday":
        return result.known.clients.birthday
    table, today = result.base["clients"], day(result.today)
    return table.dates(key, result.config.dates, today, is_birthday=True).known


def _months(days: Days, names: Sequence[str]) -> list[Cell]:
    """The name of each day's month, with its year."""
    months = days.astype("datetime64[M]")
    named = {month: f"{names[month.month - 1]} {month.year}" for month in set(months.tolist())}
    return [named[month] for month in months.tolist()]


def _names(rows: _Birthdays, shown: Shown) -> list[Cell]:
    """Whose birthday it is; of a spouse with the client's name."""
    names: list[Cell] = shown.texts("name")[rows.position].tolist()
    for at in np.flatnonzero(rows.is_spouse).tolist():
        spouse = shown.text("spouse", int(rows.position[at]))
        words = {"spouse": spouse, "name": names[at]}
        template = _("{spouse} (spouse of {name})") if spouse else _("spouse of {name}")
        names[at] = template.format(**words)
    return names


def _ages(rows: _Birthdays) -> NDArray[np.float64]:
    year = rows.day.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(rows.born > 0, year - rows.born, np.nan)


def _or_none(cells: NDArray[np.object_] | NDArray[np.float64]) -> list[Cell]:
    """A column with None in place of '' and NaN."""
    return [None if cell == "" or cell != cell else cell for cell in cells.tolist()]  # noqa: PLR0124


def _gifts(result: Result) -> Present:
    """The gift for each client's coming birthday, chosen as the filled columns choose it, together
    with the occasions that share it.
    """
    known = result.known
    occasions = known.rule(GiftSettings).gifts.occasions
    number = next((at for at, one in enumerate(occasions) if one.day == "birthday"), None)
    if number is None:
        count = len(known)
        return Present(np.full(count, "", object), np.full(count, np.nan), no_days(count))
    coming = known.of(coming_occasions)
    birthday = next_anniversary(known.clients.birthday, known.today)
    is_shared = coming.shared[:, number]
    shared = np.where(is_shared[:, None], coming.shared, np.arange(len(occasions)) == number)
    found = presents(known, shared, np.where(is_shared, coming.nearest, birthday))
    is_given = (coming.dates[:, number] != birthday) & (found.gift != "")
    return Present(
        np.where(is_given, _("given"), found.gift).astype(object),
        np.where(is_given, np.nan, found.budget),
        np.where(is_given | ~is_posted(known), NAT, found.date),
    )


ROOM = Room(
    "birthdays",
    Settings,
    sheets=(
        Sheet(
            "birthdays",
            "the sheet with the birthdays; filled where the workbook has it",
            "Pustylnik, Zelenkina",
            (
                SheetColumn("month", "text", "the month", 17, required=True),
                SheetColumn("day", "date", "the day", 12, required=True),
                SheetColumn("name", "text", "whose birthday it is", 38, required=True),
                SheetColumn(
                    "age", "number", "how old she or he becomes, where the year is known", 10
                ),
                SheetColumn("phone", "text", "the client's phone", 18, as_typed=True),
                SheetColumn("group", "text", "the client's group", 12, like="group"),
                SheetColumn("gift", "text", "the gift for the birthday", 26),
                SheetColumn("budget", "number", "what it may cost", 10),
                SheetColumn("post_by", "date", "when it must be posted", 13),
                SheetColumn("client_id", "text", "the client's ID", 10, as_typed=True),
            ),
            birthday_journal,
            title=marked("Birthdays"),
            is_tall=False,
            looks=(
                Look(
                    "month", "client_id", 'AND({month}<>"",{month}<>{above_month})', "new_section"
                ),
                Look("month", "client_id", "AND(ISNUMBER({day}),{day}<$A$1)", "pale"),
                Look("day", "day", "AND({day}=$A$1,$A$1>0)", "lit"),
            ),
        ),
    ),
)
