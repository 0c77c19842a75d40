"""How often: 3 weeks, 10 days, 2 months, as a consultant writes it in either language."""

from __future__ import annotations

import re
from typing import NamedTuple

from rules.reading.words import fold

_UNITS = (
    (r"d|days?|д|дн|день|дня|дней", 0, 1),
    (r"w|wks?|weeks?|н|нед|недел[яиюь]", 0, 7),
    (r"mo|mos|mon|months?|м|мес|месяц(?:а|ев)?", 1, 0),
    (r"y|yrs?|years?|г|год|года|лет", 12, 0),
)
_BEFORE = r"(?:(?:every|once (?:a|in|every)|раз в|кажд\w+) ?)?"
_WRITTEN = [
    (re.compile(rf"{_BEFORE}(\d{{0,4}}) ?-?(?:{words})\.?"), months, days)
    for words, months, days in _UNITS
]


class Interval(NamedTuple):
    """So many months, or so many days; never both."""

    months: int
    days: int


def read_interval(text: str) -> Interval | None:
    """What *text* says, such as "3 weeks", "10 дней" or "раз в месяц"; None where it says no
    interval. Longer than ten years is none.
    """
    for written, months, days in _WRITTEN:
        found = written.fullmatch(fold(text))
        if found:
            times = int(found[1] or 1)
            interval = Interval(times * months, times * days)
            return interval if 0 < interval.months * 31 + interval.days <= 3720 else None
    return None
