"""An independent, plain reading of dates and amounts that were typed as text, cell by cell.

It shares no code with `rules`: it tries every meaning that a text could have and asks whether
exactly one is left. Quotes are from the specification ("Reading what she typed").
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from datetime import date
from fractions import Fraction

MONTHS = {
    1: ("январь", "января", "january"),
    2: ("февраль", "февраля", "february"),
    3: ("март", "марта", "march"),
    4: ("апрель", "апреля", "april"),
    5: ("май", "мая", "may"),
    6: ("июнь", "июня", "june"),
    7: ("июль", "июля", "july"),
    8: ("август", "августа", "august"),
    9: ("сентябрь", "сентября", "september"),
    10: ("октябрь", "октября", "october"),
    11: ("ноябрь", "ноября", "november"),
    12: ("декабрь", "декабря", "december"),
}
APART = {" ", ".", "/", "-", "–", "—", "−", "‐", "‑", ". "}
ANY_YEAR = 2000
TIME = re.compile(
    r"(?:[t,]| ) *([0-9]{1,2}):([0-9]{2})(?::[0-5][0-9](?:[.,][0-9]+)?)? *(?:[ap]\.?m\.?)?"
    r" *(?:[a-zа-я]{1,5})? *(?:[+−-][0-9]{1,2}:?(?:[0-9]{2})?)?$"
)


def visible(text: str) -> str:
    """The text without signs that nobody sees, every blank a plain one, small letters."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub(r"\s", " ", seen).strip().lower()


# --- dates -----------------------------------------------------------------------------------


def typed_date(text: str, order: str, today: date, ages: tuple[int, int] | None) -> date | None:
    """The date of a text, in the leap year 2000 where a birthday lacks its year; None where it
    can't be read. Quote: it takes what can mean one thing only.
    """
    text = visible(text)
    time = TIME.search(text)
    if time and int(time[1]) <= 24 and int(time[2]) <= 59:
        text = text[: time.start()].rstrip()
    for ending in ("года.", "года", "г.", "г", "."):
        if text.endswith(ending):
            text = text.removesuffix(ending).rstrip()
            break
    text = re.sub(r"([^\W\d_]{3,})\.", r"\1 ", text).strip()  # a name may be shortened
    parts = re.findall(r"[0-9]+|[^\W\d_]+", text)
    between = re.split(r"[0-9]+|[^\W\d_]+", text)
    vcard = re.fullmatch("--([0-9]{2})-?([0-9]{2})", text)
    if vcard:
        return in_year(ANY_YEAR, int(vcard[1]), int(vcard[2])) if ages else None
    if between[0] or between[-1] or not 2 <= len(parts) <= 3:
        return None
    commas = [at for at, sign in enumerate(between) if sign.strip() == ","]
    named = [number_of_month(part) for part in parts]
    if commas and (commas != [2] or not any(named)):
        return None
    if any(
        squeezed(sign) not in APART for at, sign in enumerate(between[1:-1], 1) if at not in commas
    ):
        return None
    return meaning(parts, named, order, today, ages)


def squeezed(sign: str) -> str:
    """What parts two numbers: a sign with or without blanks around it, or blanks."""
    return sign.strip() or (" " if sign else "")


def number_of_month(part: str) -> int:
    """Quote: months by name or their first three letters or more."""
    if part.isdigit() or len(part) < 3:
        return 0
    fits = [n for n, names in MONTHS.items() if any(name.startswith(part) for name in names)]
    return fits[0] if len(fits) == 1 else 0


def meaning(
    parts: list[str], named: list[int], order: str, today: date, ages: tuple[int, int] | None
) -> date | None:
    """Which part is what: the year has four digits or two, day and month one or two."""
    is_year_first = len(parts) == 3 and len(parts[0]) == 4 and not named[0]
    year = parts[0 if is_year_first else 2] if len(parts) == 3 else ""
    rest = slice(1, 3) if is_year_first else slice(0, 2)
    two, names = parts[rest], named[rest]
    years = (2, 4) if ages is None else (0, 2, 4)
    if len(year) not in years or not (year or "0").isdigit() or all(names):
        return None
    if any(
        not name and not (one.isdigit() and len(one) <= 2)
        for one, name in zip(two, names, strict=True)
    ):
        return None
    is_month_first = bool(names[0]) or (not names[1] and (is_year_first or order == "mdy"))
    month, day = (name or int(one) for one, name in zip(two, names, strict=True))
    if not is_month_first:
        month, day = day, month
    if not year:
        return in_year(ANY_YEAR, month, day)
    if len(year) == 4:
        return in_year(int(year), month, day)
    every = [in_year(century + int(year), month, day) for century in (1900, 2000, 2100)]
    return chosen([one for one in every if one], today, ages)


def chosen(days: list[date], today: date, ages: tuple[int, int] | None) -> date | None:
    """Quote: in logs the one that lies nearest to today, of birthdays the latest that gives a
    possible age.
    """
    if not days:
        return None
    if ages is None:
        return min(days, key=lambda one: abs((one - today).days))
    past = [one for one in days if one <= today] or days[:1]
    fitting = [one for one in past if ages[0] <= age(one, today) <= ages[1]]
    return (fitting or past)[-1]


def age(born: date, today: date) -> int:
    """Full years."""
    years = today.year - born.year
    return years - 1 if (born.month, born.day) > (today.month, today.day) else years


def in_year(year: int, month: int, day: int) -> date | None:
    """Quote: nothing before 1900-01-01."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if year >= 1900 else None


# --- amounts ---------------------------------------------------------------------------------

SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1}


def typed_amount(text: str, decimal: str, currency: tuple[str, ...]) -> Fraction | None:
    """The amount of a text; None where it can't be read."""
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = re.sub("[\u00a0\u2007\u2009\u202f]", " ", text).replace("’", "'").strip().lower()
    if text[:1] == "=":
        text = text[1:].strip()
    elif text[-1:] == "=":
        text = text[:-1].strip()
    whole = one_amount(text, decimal, currency)
    if whole is not None:
        return whole
    at = [place for place, sign in enumerate(text) if sign == "+" and place]
    if not at:
        return None
    cut = [0, *at, len(text)]
    terms = [text[a:b] for a, b in itertools.pairwise(cut)]
    amounts = [
        one_amount(term.removeprefix("+").strip() if place else term, decimal, currency)
        for place, term in enumerate(terms)
    ]
    return (
        None if None in amounts else sum((one for one in amounts if one is not None), Fraction(0))
    )


def one_amount(text: str, decimal: str, currency: tuple[str, ...]) -> Fraction | None:
    """Every way to take off one sign (or brackets) and one word for money; the first that leaves a
    number.
    """
    words = sorted({word.lower() for word in currency}, key=len, reverse=True)
    waiting = [(text, 0, False)]
    while waiting:
        rest, sign, has_word = waiting.pop(0)
        rest = rest.strip()
        number = plain_number(rest, decimal)
        if number is not None:
            return number * (sign or 1)
        if not sign and rest:
            if rest[0] == "(" and rest[-1] == ")":
                waiting.append((rest[1:-1], -1, has_word))
            if rest[0] in SIGNS:
                waiting.append((rest[1:], SIGNS[rest[0]], has_word))
            if rest[-1] in SIGNS:
                waiting.append((rest[:-1], SIGNS[rest[-1]], has_word))
        if not has_word:
            waiting += [(rest[len(word) :], sign, True) for word in words if rest.startswith(word)]
            waiting += [(rest[: -len(word)], sign, True) for word in words if rest.endswith(word)]
    return None


def plain_number(text: str, decimal: str) -> Fraction | None:
    """Digits, whole or in groups of three, and decimals."""
    if not re.fullmatch("[0-9]([0-9 '.,]*[0-9])?", text):
        return None
    mark = decimal_mark(text, decimal)
    whole, _, part = text.rpartition(mark) if mark else (text, "", "")
    groups, signs = re.split("[ '.,]", whole), re.findall("[ '.,]", whole)
    if not (part or "0").isdigit() or len(set(signs)) > 1 or mark in signs:
        return None
    if signs and not (1 <= len(groups[0]) <= 3 and all(len(one) == 3 for one in groups[1:])):
        return None
    if {".", ","} & set(signs) and groups[0][0] == "0":
        return None
    return Fraction(f"{''.join(groups)}.{part or 0}")


def decimal_mark(text: str, decimal: str) -> str:
    """Quote: a decimal sign with 1, 2 or more than 3 decimals is one in either form, with exactly 3
    it is the country's sign alone; with both signs the later is the decimal one.
    """
    marks = [sign for sign in text if sign in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) != 1 or (len(text.partition(marks[0])[2]) == 3 and marks[0] != decimal):
        return ""
    return marks[0]
