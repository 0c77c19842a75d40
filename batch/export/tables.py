"""Lists for mailing programs: who gets the next letter, and whom to greet by SMS."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from batch.export.people import Person
from batch.recalculation.plan import Calculated
from rules.config.settings import Config
from rules.outgoing import agreed_to_mailing, greeting, greetings_due, last_letter, letter_due
from rules.reading.dates import date_or_none, shown_date
from words import LANGUAGES, _, speaking

_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


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
            shown = shown_date(letter, config.dates.text_formats[0]) if letter else ""
            cells = [person.id, person.name, person.emails[0], person.group, shown, person.city]
            rows.append(list(map(_harmless, cells)))
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
        # a number stays as it is: + and digits calculate nothing, an apostrophe can't be dialled
        start = [_harmless(person.id), _harmless(person.name), person.mobile]
        rows.append([*start, _harmless(occasion), _harmless(text)])
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
            if begins_as(content, headings(config)):
                return True
    return False


def _harmless(cell: str) -> str:
    """*cell*, with an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def delimiter(config: Config) -> str:
    """What parts the cells of a line: Excel takes a semicolon where its decimal sign is a comma."""
    return ";" if config.numbers.decimal == "," else ","


def _csv(rows: Iterable[Iterable[str]], config: Config) -> bytes:
    """The rows as Excel reads them by a double click, in UTF-8 with a byte-order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter(config), lineterminator="\r\n").writerows(rows)
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
