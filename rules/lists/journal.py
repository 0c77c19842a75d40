"""The journal of birthdays by month, of clients and their spouses.

Sources: Pustylnik (birthday journal), Zelenkina (gifts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.birthdays import birth_years
from rules.cells import read_dates
from rules.dates import NAT, Days, day, next_anniversary, older_than_months
from rules.gifts import choose_gift, gift_budget, is_posted, next_occasions
from rules.lists.columns import SheetList
from rules.lists.tables import Shown, Tables
from rules.recalculation import Cell, Result
from words import _

_SOON = np.timedelta64(30, "D")


class _Birthdays(NamedTuple):
    """Birthdays of the journal: day, whose (positions of clients), whether it is the spouse's, and
    the year of birth or 0.
    """

    day: Days
    position: NDArray[np.intp]
    is_spouse: NDArray[np.bool_]
    born: NDArray[np.int64]


class _BirthdayGifts(NamedTuple):
    """What each client gets for her birthday: gift (''), budget (NaN), post-by date (NaT)."""

    gift: NDArray[np.object_]
    budget: NDArray[np.float64]
    post_by: Days


def birthday_journal(result: Result, tables: Tables) -> SheetList:
    """The birthdays of twelve months from the first day of this month on, by date.

    One row a birthday, of clients and, by `Spouse birthday`, of their spouses. The age is the one
    of that day, blank where the year isn't known. The gift is what the rules choose for the
    birthday as of today, blank for those who get none and for birthdays that are over.
    """
    today, shown = day(result.today), Shown(result, tables)
    rows = _birthdays(result, tables)
    position = rows.position
    gifts = _gifts(result)
    is_over = rows.is_spouse | (rows.day < today)
    columns = {
        "month": _months(rows.day, result.config.birthdays.months),
        "day": rows.day.tolist(),
        "name": _names(rows, shown),
        "age": _or_none(_ages(rows)),
        "phone": _or_none(shown.texts("phone")[position]),
        "group": _or_none(result.filled["group"][position]),
        "gift": _or_none(np.where(is_over, "", gifts.gift[position])),
        "budget": _or_none(np.where(is_over, np.nan, gifts.budget[position])),
        "post_by": np.where(is_over, NAT, gifts.post_by[position]).tolist(),
        "client_id": shown.texts("id")[position].tolist(),
    }
    soon = int(np.sum((rows.day >= today) & (rows.day <= today + _SOON)))
    return SheetList(columns, (_("Birthdays of the next 30 days: {count}.").format(count=soon),))


def _birthdays(result: Result, tables: Tables) -> _Birthdays:
    """All birthdays, by day, then in the order of the clients, the client before the spouse."""
    first = day(result.today).astype("datetime64[M]").astype("datetime64[D]")
    found = []
    for key, is_spouse in (("birthday", False), ("spouse_birthday", True)):
        origins = np.where(result.base.clients.usable, _origins(key, result, tables), NAT)
        days = next_anniversary(origins, first)
        at = np.flatnonzero(~np.isnat(days))
        born = birth_years(tables.clients, result.config, result.today, key)
        found.append(_Birthdays(days[at], at, np.full(len(at), is_spouse), born[at]))
    days, position, spouse, born = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((spouse, position, days))
    return _Birthdays(days[order], position[order], spouse[order], born[order])


def _origins(key: str, result: Result, tables: Tables) -> Days:
    if key == "birthday":
        return result.base.clients.birthday
    table = tables.clients
    cells = table.details.get(key, table.column(key))
    formats = result.config.dates.text_formats
    return read_dates(cells, formats, epoch_1904=table.epoch_1904, without_year=True).dates


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


def _gifts(result: Result) -> _BirthdayGifts:
    """The gift for each client's coming birthday, chosen as the filled columns choose it, and
    these columns themselves where they are about that birthday.
    """
    rule, subjects, clients = result.config.gifts, result.subjects, result.base.clients
    count, today = len(clients), day(result.today)
    number = next((at for at, one in enumerate(rule.occasions) if one.day == "birthday"), None)
    if number is None:
        none = np.full(count, NAT)
        return _BirthdayGifts(np.full(count, "", object), np.full(count, np.nan), none)
    occasions = next_occasions(clients, result.base.contacts, today, rule)
    posted = is_posted(clients, result.config.home_city)
    budget = gift_budget(subjects)
    alone = np.zeros(occasions.dates.shape, dtype=bool)
    alone[:, number] = True
    chosen = choose_gift(budget, alone, posted, subjects) + (rule.joiner + rule.card)
    last = subjects.facts.last_purchase
    card_only = older_than_months(last, rule.card_only_after_months, today)
    gift = np.where(card_only, rule.card, chosen)
    gift = np.where(occasions.shared[:, number], result.filled["gift"], gift)
    birthday = next_anniversary(clients.birthday, today)
    is_given = occasions.dates[:, number] != birthday
    gift = np.where(is_given, _("given"), gift)
    gets_one = clients.usable & subjects.facts.bought & ~clients.do_not_contact
    is_open = gets_one & ~is_given
    post_by = np.maximum(birthday - np.timedelta64(rule.post_days, "D"), today)
    post_by = np.where(occasions.shared[:, number], result.filled["gift_date"], post_by)
    return _BirthdayGifts(
        np.where(gets_one, gift, "").astype(object),
        np.where(is_open & ~card_only, budget.astype(np.float64), np.nan),
        np.where(is_open & posted, post_by, NAT),
    )
