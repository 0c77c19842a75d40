"""What a country means: the decimal sign, the order of a date, the weekend, the words for money.

In a configuration the word `country` stands for these.
"""

from __future__ import annotations

from typing import NamedTuple

from rules.config.customs_table import TABLE
from rules.config.yaml_text import Block, Items, Node

PARTED = "|"
"""What stands between the customs of a country in the table."""
AS_THERE = "country"
"""The word that stands for what is usual in the country."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Customs(NamedTuple):
    """What is usual in a country: its two letters; the decimal sign; how a date is written; the
    days of its weekend, from 0 for Monday, and the words for its money, each parted by blanks.
    """

    country: str
    decimal: str
    date: str
    weekend: str
    currency: str

    @property
    def order(self) -> str:
        """Which comes first in a date, the day or the month."""
        return "dmy" if self.date.index("d") < self.date.index("m") else "mdy"


_NOWHERE = Customs("", ".", "dd.mm.yyyy", "5 6", "")


def customs(country: object) -> Customs:
    """What is usual in a country, given by two letters; what most do for one that isn't known."""
    letters = country.upper() if isinstance(country, str) else ""
    lines = (line for line in TABLE.splitlines() if line.startswith(f"{letters}{PARTED}"))
    line = next(lines, "") if letters else ""
    return Customs(*line.split(PARTED)) if line else _NOWHERE


def put_there(whole: Block) -> None:
    """Have what is usual in its country stand in a whole configuration, wherever the word does."""
    found = customs(whole.get("country"))
    dates, numbers, days = (whole.get(key) for key in ("dates", "numbers", "working_days"))
    if isinstance(dates, Block):
        _replace(dates, "written", _first_form(dates) or found.date)
        _replace(dates, "order", found.order)
    if isinstance(numbers, Block):
        _replace(numbers, "decimal", found.decimal)
        words = numbers.get("currency")
        if isinstance(words, Items) and AS_THERE in words:
            at = words.index(AS_THERE)
            there = found.currency.split()
            words[at : at + 1] = there
            words.values_at[at : at + 1] = [words.values_at[at]] * len(there)
    if isinstance(days, Block):
        weekend = Items(days.mark)
        weekend += [_WEEKDAYS[int(one)] for one in found.weekend.split()]
        weekend.values_at = [days.mark] * len(weekend)
        _replace(days, "weekend", weekend)


def is_day_first(whole: Block) -> bool:
    """Whether the day comes first in dates, in a configuration where what is usual there stands."""
    dates = whole.get("dates")
    return isinstance(dates, Block) and dates.get("order") == "dmy"


def _first_form(dates: Block) -> Node:
    """Of forms of her own the first that has a year, in which she then reads dates, too."""
    forms = dates.get("text_formats")
    texts = [one for one in forms if isinstance(one, str)] if isinstance(forms, Items) else []
    return next((one for one in texts if "yyyy" in one), None)


def _replace(block: Block, key: str, value: Node) -> None:
    if block.get(key) == AS_THERE:
        block[key] = value
