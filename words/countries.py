"""Brings the customs of the countries up to date: `python -m words.countries`.

They come from Unicode's CLDR, by way of Babel: the decimal sign, the order of a date, the weekend,
the signs of the currency; and beside these the short words for money that people write.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from typing import TextIO

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol, get_territory_currencies

from rules.config.country import CUSTOMS, Customs

_SAID = {
    "AMD": "драм",
    "AZN": "манат манатов",
    "BYN": "руб руб. р р. рубль рубля рублей",
    "EUR": "euro euros евро",
    "GBP": "pound pounds",
    "GEL": "лари",
    "KGS": "сом с с.",
    "KZT": "тенге тнг тнг. тг тг.",
    "MDL": "лей лея леев",
    "RUB": "руб руб. р р. рубль рубля рублей",
    "TJS": "сомони сом",
    "UAH": "грн грн. гривна гривны гривен",
    "USD": "US$ dollar dollars долл долл. доллар доллара долларов",
    "UZS": "сум сумов",
}
"""What people write at an amount, which CLDR doesn't have."""


def customs() -> Iterator[Customs]:
    """The customs of each country that CLDR knows, by its letters."""
    english = Locale("en")
    for country in sorted(english.territories):
        if not re.fullmatch("[A-Z]{2}", country):
            continue
        try:
            locale = Locale.parse(f"und_{country}")
        except (UnknownLocaleError, ValueError):
            continue
        if locale.territory == country:
            yield _customs(country, locale)


def _customs(country: str, locale: Locale) -> Customs:
    symbols = locale.number_symbols
    decimal = symbols.get("latn", symbols).get("decimal", ".")
    words: dict[str, None] = {}
    for currency in get_territory_currencies(country):
        signs = (get_currency_symbol(currency, one) for one in (locale, Locale("en"), Locale("ru")))
        words |= dict.fromkeys([*signs, currency, *_SAID.get(currency, "").split()])
    weekend = range(locale.weekend_start, locale.weekend_end + 1)
    return Customs(
        country,
        decimal if decimal in {",", "."} else ".",
        _form(locale.date_formats["short"].pattern),
        " ".join(map(str, weekend)),
        " ".join(word for word in words if word and " " not in word),
    )


def _form(pattern: str) -> str:
    """A short date, such as M/d/yy, with two digits for day and month and four for the year."""
    pattern = re.sub(r"[^dMy./-]", "", pattern).rstrip(".")
    for part, digits in (("d+", "dd"), ("M+", "mm"), ("y+", "yyyy")):
        pattern = re.sub(part, digits, pattern, count=1)
    return pattern if sorted(re.split("[./-]", pattern)) == ["dd", "mm", "yyyy"] else "dd.mm.yyyy"


def write(file: TextIO) -> None:
    """The table of the customs, one country a line."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(Customs._fields)
    lines.writerows(customs())


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(__doc__)
    with CUSTOMS.open("w", encoding="utf-8", newline="") as customs_file:
        write(customs_file)
