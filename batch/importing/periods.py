"""Columns of months: what a heading such as янв 26, 01.2026, Q1 or Каталог 13/2026 stands for."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from batch.importing.dictionary import data, plain
from batch.importing.sheets import Cell, text_of
from rules.reading.typed_dates import month_of

_YEAR: Final = r"(?P<year>(?:19|20)\d\d|'?\d\d)"
_NUMBERED: Final = re.compile(r"(?P<month>0?[1-9]|1[0-2])\s*[./-]\s*(?P<year>20\d\d)")
_SHORT: Final = re.compile(r"(?P<month>0[1-9]|1[0-2])[./](?P<year>\d\d)")
_TURNED: Final = re.compile(r"(?P<year>20\d\d)\s*[./-]\s*(?P<month>0?[1-9]|1[0-2])")
_NAMED: Final = re.compile(
    rf"(?P<name>[^\W\d_]{{3,10}})\.?(?:[\s,./'-]*{_YEAR})?(?:\s*г\.?|\s*года)?"
)
_QUARTER: Final = re.compile(
    rf"(?:q\s*(?P<a>[1-4])|(?P<b>[1-4]|i{{1,3}}|iv)\s*-?й?\s*(?:кв|квартал)\.?)(?:[\s,./'-]*{_YEAR})?(?:\s*г\.?)?"
)
_CATALOGUE: Final = re.compile(
    r"(?:каталог|кат|кампания|к|catalogue|catalog|campaign|c)\.?\s*(?:№|#|n)?\s*(?P<number>\d{1,2})"
    rf"(?:\s*[/.-]?\s*{_YEAR})?"
)
_ANY_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_CATALOGUE_DAYS: Final = 21
"""A catalogue lasts three weeks."""


class Period(NamedTuple):
    """A stretch of time that a heading names: its last day; whether its year stood there."""

    last: dt.date
    has_year: bool


def period(heading: Cell, year: int) -> Period | None:
    """The period that a heading names, in *year* where it names none; None for other headings."""
    if isinstance(heading, dt.date):
        return Period(_month_end(heading.year, heading.month), has_year=True)
    text = text_of(heading).casefold().replace("ё", "е").strip()
    for pattern in (_NUMBERED, _TURNED, _SHORT):
        if found := pattern.fullmatch(text):
            return Period(
                _month_end(_year(found["year"], year), int(found["month"])), has_year=True
            )
    if found := _QUARTER.fullmatch(text):
        digits = found["a"] or found["b"]
        number = _ROMAN.get(digits) or int(digits)
        last = _month_end(_year(found["year"], year), number * 3)
        return Period(last, bool(found["year"]))
    if found := _CATALOGUE.fullmatch(text):
        in_year = _year(found["year"], year)
        last = dt.date(in_year, 1, 1) + dt.timedelta(int(found["number"]) * _CATALOGUE_DAYS - 1)
        return Period(min(last, dt.date(in_year, 12, 31)), bool(found["year"]))
    if found := _NAMED.fullmatch(text):
        month = month_of(plain(found["name"]))
        if month:
            return Period(_month_end(_year(found["year"], year), month), bool(found["year"]))
    return None


def _year(text: str | None, year: int) -> int:
    if not text:
        return year
    number = int(text.strip("'"))
    return number if number > 99 else 2000 + number


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def years_in(texts: Iterable[str]) -> list[int]:
    """The years that stand in some texts: titles, names of sheets and files."""
    return [int(one) for text in texts for one in _ANY_YEAR.findall(text)]


def season_end(text: str) -> int:
    """The last month of the season that a title names, 0 for none."""
    found = plain(text).split()
    return next(
        (int(end) for name, end in data("words.yaml")["seasons"].items() if name in found), 0
    )
