"""Lists for mailing programs: who gets the next letter, and whom to greet by SMS."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from batch.export.people import Person
from batch.recalculation.plan import Calculated
from rules.config.settings import Config
from rules.outgoing import agreed_to_mailing, greeting, greetings_due, last_letter, letter_due
from rules.reading.dates import date_or_none, shown_date
from words import LANGUAGES, _, speaking

_FORMULA: Final = frozenset("=+-@")
"""What a spreadsheet takes for the beginning of a formula; full-width and small ones, too."""
_PARTING: Final = frozenset(";,|\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
"""What may part cells or lines, whatever this file's own sign is."""
_SEEN_THROUGH: Final = frozenset('"\u115f\u1160\u2800\u3164\uffa0')
"""Quotes, and letters that nobody sees: a formula may still begin behind them."""


@dataclass(frozen=True)
class TableFile:
    """A list: its content, how many rows it has, and how many can't be reached and are left out."""

    content: bytes
    rows: int
    left_out: int


def mailing(found: Calculated, people: Iterable[Person]) -> TableFile:
    """The clients who get the next letter, each with her first e-mail address.

    left_out: how many agreed to letters and have no address.
    """
    config, result = found.rules.config, found.result
    agreed = agreed_to_mailing(result)
    due = letter_due(result)
    last = last_letter(result)
    rows, left_out = [], 0
    for person in people:
        left_out += bool(agreed[person.at] and not person.emails)
        if due[person.at] and person.emails:
            letter = date_or_none(last[person.at])
            shown = shown_date(letter, config.dates.written) if letter else ""
            email = person.emails[0]
            rows.append([person.id, person.name, email, person.group, shown, person.city])
    return TableFile(_csv([mailing_headings(config), *rows], config), len(rows), left_out)


def mailing_headings(config: Config) -> list[str]:
    """The first line of mailing.csv: the headings of her sheet, and that of the last letter."""
    typed, filled = config.columns.clients, config.columns.filled
    columns = (typed.id, typed.name, typed.email, filled.group, (_("Last letter"),), typed.city)
    return [headings[0] for headings in columns]


def greetings(found: Calculated, people: Iterable[Person]) -> TableFile:
    """The greetings that are due by SMS, with their texts; left_out: for how many there is no
    number that takes an SMS.
    """
    config = found.rules.config
    by_place = {person.at: person for person in people}
    rows, left_out = [], 0
    for client, occasion in greetings_due(found.result):
        person = by_place[client]
        if not person.mobile:
            left_out += 1
            continue
        text = greeting(person.name, occasion, config.export.sms)
        rows.append([person.id, person.name, person.mobile, occasion, text])
    return TableFile(_csv([greeting_headings(config), *rows], config), len(rows), left_out)


def greeting_headings(config: Config) -> list[str]:
    """The first line of sms.csv."""
    typed = config.columns.clients
    return [typed.id[0], typed.name[0], typed.phone[0], _("Occasion"), _("Text")]


def is_table(content: str, headings: Callable[[Config], list[str]], config: Config) -> bool:
    """Whether a file that begins like this is a list with these *headings*, in whatever language
    they were spoken.
    """
    for language in LANGUAGES:
        with speaking(language):
            if begins_as(content, list(map(harmless, headings(config)))):
                return True
    return False


def harmless(cell: str) -> str:
    """*cell*, with an apostrophe before whatever a spreadsheet would calculate.

    A program that splits lines at another sign than this file's finds cells within cells, so a
    formula may begin behind any such sign. A phone number stays as it is: + and digits calculate
    nothing, and an apostrophe can't be dialled.
    """
    if re.fullmatch(r"\+?[0-9]*", cell):
        return cell
    harmless, may_begin = [], True
    for sign in cell:
        if may_begin and unicodedata.normalize("NFKC", sign) in _FORMULA:
            harmless.append("'")
        harmless.append(sign)
        may_begin = sign in _PARTING or (may_begin and not _is_seen(sign))
    return "".join(harmless)


def _is_seen(sign: str) -> bool:
    """Whether a sign leaves something on the page: no blank, control, format or joining sign."""
    return unicodedata.category(sign)[0] not in "CZM" and sign not in _SEEN_THROUGH


def delimiter(config: Config) -> str:
    """What parts the cells of a line: Excel takes a semicolon where its decimal sign is a comma."""
    return ";" if config.numbers.decimal == "," else ","


def _csv(rows: Iterable[Iterable[str]], config: Config) -> bytes:
    """The rows as Excel reads them by a double click, in UTF-8 with a byte-order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter(config), lineterminator="\r\n").writerows(
        map(harmless, row) for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def begins_as(content: str, headings: list[str]) -> bool:
    """Whether a list with these *headings* begins so, however Excel has saved it since."""
    return any(_first_line(content, sign) == headings for sign in ";,\t")


def _first_line(content: str, sign: str) -> list[str]:
    lines: Iterator[list[str]] = csv.reader(io.StringIO(content, newline=""), delimiter=sign)
    try:
        return next(lines, [])
    except csv.Error:
        return []
