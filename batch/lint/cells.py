"""Cells of the clients that are blank or can't be read where somebody will want to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from batch.lint.people import People
from rules.config.yaml_text import brief
from rules.mentions import first_of
from rules.model.declarations import Hint
from rules.reading.cells import read_dates
from words import _


def blank_or_unreadable(people: People) -> Iterator[Hint]:
    """Clients without birthday or phone, who may be contacted; phones and spouses' birthdays that
    can't be read. Nothing of columns that the base doesn't have.
    """
    silent = people.calculated.result.known.clients.do_not_contact[people.at]
    if people.has("birthday"):
        given = people.texts("birthday")
        yield from _counted(
            people,
            _("Clients without birthday: {count} ({clients})."),
            lambda at: not (given[at] or silent[at]),
        )
    if people.has("phone"):
        typed = people.texts("phone")
        yield from _counted(
            people,
            _("Clients without phone: {count} ({clients})."),
            lambda at: not (typed[at] or silent[at]),
        )
        bad = people.those(lambda at: bool(typed[at]) and not people.phones[at])
        yield from _cells(
            people, "phone", bad, _("Phones that nobody can dial: {count} ({cells}).")
        )
    yield from _spouse_birthdays(people)


def _counted(people: People, sentence: str, fits: Callable[[int], bool]) -> Iterator[Hint]:
    found = people.those(fits)
    if found:
        clients = first_of([people.called[at] for at in found])
        yield Hint(sentence.format(count=len(found), clients=clients))


def _cells(people: People, key: str, found: list[int], sentence: str) -> Iterator[Hint]:
    if not found:
        return
    typed, names = people.texts(key), people.called
    shown = [f"{names[at]}: '{brief(typed[at])}'" for at in found]
    yield Hint(sentence.format(count=len(found), cells=first_of(shown)))


def _spouse_birthdays(people: People) -> Iterator[Hint]:
    table, config = people.calculated.base.clients, people.calculated.rules.config
    if not people.has("spouse_birthday"):
        return
    cells = table.details.get("spouse_birthday", table.column("spouse_birthday"))[people.at]
    formats = config.dates.text_formats
    read = read_dates(cells, formats, epoch_1904=table.epoch_1904, without_year=True)
    bad = np.flatnonzero(read.unreadable).tolist()
    yield from _cells(
        people,
        "spouse_birthday",
        bad,
        _("Spouses' birthdays that can't be read: {count} ({cells})."),
    )
