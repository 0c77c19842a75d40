"""All that `clientbase check` says of a workbook and its rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from batch.configuration import Rules
from batch.lint.duplicates import alike_ids, likely_duplicates, same_phones
from batch.lint.people import People
from batch.lint.swapped import swapped_dates
from batch.recalculation import telling
from batch.recalculation.file import recalculate_file
from batch.recalculation.plan import Calculated
from batch.recalculation.steps import Step
from rules.config.settings import FILLED
from rules.config.yaml_text import brief, locate
from rules.examples import Failure, failures
from rules.mentions import first_of
from rules.model.declarations import Hint
from rules.outgoing import has_bad_address
from rules.reading.cells import LAST_YEAR_TYPED
from rules.reading.typed_dates import FIRST_YEAR
from rules.reading.words import fold_flag, without_rounded
from words import _


@dataclass(frozen=True)
class Checked:
    """What was found, as sentences; clients: how many there are. failed: examples that came out
    differently; passed: how many came out as expected; hints: what looks odd and needn't be wrong.
    """

    rules: Rules
    clients: int
    notices: list[str]
    problems: list[str]
    failed: list[str]
    passed: int
    hints: list[str]


def check_file(
    path: Path, rules: Rules, today: dt.date, step: Step = lambda _name: None
) -> Checked:
    """Look at the workbook *path* and its *rules* as of *today*; nothing is written.

    Raises a ClientBaseError where it can't be read, or couldn't be filled.
    """
    outcome = recalculate_file(path, rules, today, dry_run=True, detailed=True, step=step)
    result, rules = outcome.result, outcome.rules
    failed = failures(rules.config, result.known.today, result)
    wrong = {failure.number for failure in failed}
    return Checked(
        rules,
        result.clients,
        [*outcome.notices, *outcome.plan.taken.entries.hints],
        [telling.sentence(problem) for problem in outcome.problems],
        [_failed_example(failure, rules) for failure in failed],
        len(rules.config.examples) - len(wrong),
        hints(outcome.plan),
    )


def _failed_example(failure: Failure, rules: Rules) -> str:
    """One sentence about an example that came out differently."""
    name, number = rules.config.examples[failure.number].name, f"{failure.number + 1}"
    number += f" ({brief(name)})" if name else ""
    if failure.column == "client":
        text = _(
            "Example {number}: there is no client {client} in the workbook. Correct the "
            "ID, or delete the example."
        ).format(number=number, client=failure.expected)
    else:
        text = _("Example {number}: {column} should be {expected}, but is {found}: {why}.").format(
            number=number,
            column=rules.config.heading(FILLED, failure.column),
            expected=failure.expected,
            found=failure.found or _("nothing"),
            why=failure.why.rstrip("."),
        )
    return _sentence(Hint(text, ("examples", failure.number)), rules)


def hints(calculated: Calculated) -> list[str]:
    """The hints, in the words of the configuration; those about its entries with their line."""
    return [_sentence(hint, calculated.rules) for hint in _hints(calculated)]


def _sentence(hint: Hint, rules: Rules) -> str:
    cells = rules.cells_at(hint.path) if hint.path else ""
    if cells:
        return _("{cells}: {hint}").format(cells=cells[:1].upper() + cells[1:], hint=hint.text)
    mark, steps = locate(rules.tree, hint.path)
    if mark is None or not mark.is_own or steps < len(hint.path):
        return hint.text
    return _("Line {line} of the rules: {hint}").format(line=mark.line, hint=hint.text)


def _hints(calculated: Calculated) -> Iterator[Hint]:
    result, people = calculated.result, People(calculated)
    for room in result.config.rooms:
        if room.hints is not None and room.is_on(result.base, result.config):
            yield from room.hints(result)
    yield from blank_or_unreadable(people)
    yield from swapped_dates(calculated)
    yield from alike_ids(people)
    yield from same_phones(people)
    yield from likely_duplicates(people)


def blank_or_unreadable(people: People) -> Iterator[Hint]:
    """Clients without birthday or phone, who may be contacted; phones and spouses' birthdays that
    can't be read. Nothing of columns that the base doesn't have.
    """
    silent = people.calculated.result.known.clients.silent[people.at]
    for key, sentence in (
        ("birthday", _("Clients without birthday: {count} ({clients}).")),
        ("phone", _("Clients without phone: {count} ({clients}).")),
    ):
        blank = [at for at, text in enumerate(people.texts(key)) if not (text or silent[at])]
        if blank and people.has(key):
            clients = first_of([people.called[at] for at in blank])
            yield Hint(sentence.format(count=len(blank), clients=clients))
    phones = people.texts("phone")
    told = [without_rounded(text) != text for text in phones]
    bad = [at for at, text in enumerate(phones) if text and not (people.phones[at] or told[at])]
    yield from _cells(people, "phone", bad, _("Phones that nobody can dial: {count} ({cells})."))
    no = {fold_flag(word) for word in people.calculated.rules.config.no_words}
    mails = [text if fold_flag(text) not in no else "" for text in people.texts("email")]
    bad = [at for at, text in enumerate(mails) if has_bad_address(text)]
    sentence = _(
        "E-mail addresses that can't be, so they aren't exported: {count} ({cells}). Look whether "
        "the @ is missing, and for blanks and Russian letters that look like Latin ones."
    )
    yield from _cells(people, "email", bad, sentence)
    yield from _spouse_birthdays(people)
    yield from _numbers_as_birthdays(people)


def _spouse_birthdays(people: People) -> Iterator[Hint]:
    table, config = people.calculated.base.clients, people.calculated.rules.config
    key = "spouse_birthday"
    if people.has(key):
        today = people.calculated.result.known.today
        read = table.dates(key, config.dates, today, is_birthday=True)
        bad = np.flatnonzero(read.unreadable[people.at]).tolist()
        sentence = _("Spouses' birthdays that can't be read: {count} ({cells}).")
        yield from _cells(people, key, bad, sentence)


def _numbers_as_birthdays(people: People) -> Iterator[Hint]:
    """Birthdays that Excel shows as dates, though a year such as 1975 was typed, or a day such as
    12.05: as dates these lie in 1905, or have a time of day.
    """
    cells, shown = people.calculated.base.clients.column("birthday")[people.at].tolist(), []
    for at, cell in enumerate(cells):
        is_number = isinstance(cell, float) and FIRST_YEAR <= cell <= LAST_YEAR_TYPED
        is_day = isinstance(cell, float) and cell < FIRST_YEAR and cell % 1
        shown += [at] if (is_number or is_day) and people.birthdays[at] else []
    sentence = _(
        "Birthdays that Excel shows as dates, though a year or a day was typed as a number, it "
        "seems: {count} ({cells})."
    )
    yield from _cells(people, "birthday", shown, sentence)


def _cells(people: People, key: str, found: list[int], sentence: str) -> Iterator[Hint]:
    if found:
        typed, names, table = people.texts(key), people.called, people.calculated.base.clients
        places = [table.address(key, int(people.at[at])) for at in found]
        shown = [
            f"{place} {names[at]}: '{brief(typed[at])}'"
            for place, at in zip(places, found, strict=True)
        ]
        yield Hint(sentence.format(count=len(found), cells=first_of(shown)))
