"""Brings the customs of the countries up to date: `python -m words.countries`.

They come from Unicode's CLDR, by way of Babel: the decimal sign, the order of a date, the weekend,
the signs of the currency; and beside these the short words for money that people write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol, get_territory_currencies

from rules.config import customs_table
from rules.config.country import PARTED, Customs

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
        " ".join(word for word in map(_visible, words) if word and " " not in word),
    )


def _form(pattern: str) -> str:
    """A short date, such as M/d/yy, with two digits for day and month and four for the year."""
    pattern = re.sub(r"[^dMy./-]", "", pattern).rstrip(".")
    for part, digits in (("d+", "dd"), ("M+", "mm"), ("y+", "yyyy")):
        pattern = re.sub(part, digits, pattern, count=1)
    return pattern if sorted(re.split("[./-]", pattern)) == ["dd", "mm", "yyyy"] else "dd.mm.yyyy"


def _visible(word: str) -> str:
    return "".join(sign for sign in word if category(sign) != "Cf")


def module() -> str:
    """The text of the module that holds the table of the customs, one country a line."""
    lines = "\n".join(PARTED.join(one) for one in customs())
    return f'"""{customs_table.__doc__}"""\n\nTABLE = """\\\n{lines}\n"""\n'


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(__doc__)
    Path(customs_table.__file__).write_text(module(), encoding="utf-8")
