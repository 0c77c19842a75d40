"""The one entry point: a base, its configuration and a date in; decided columns and what was found
out.

Nothing here knows of files, of Excel or of the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.config.conditions import conditions_in
from rules.config.settings import Config
from rules.model.known import Known
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.clean import clean
from rules.reading.whose import complete
from rules.reading.words import fold
from words import _


def recalculate(base: Mapping[str, RawTable], config: Config, today: dt.date) -> Result:
    """Everything that the rooms decide about the clients of a raw *base* on the day *today*.

    Tables that the workbook lacks are missing from *base*; a room whose table it lacks decides
    nothing. Broken cells never raise: they become blanks and problems. Sources: as named at each
    rule.
    """
    base = complete(base, config).tables
    cleaned = clean(base, config, np.datetime64(today, "D"))
    known = Known(today, config, cleaned.tables, on=base)
    filled = {key: known.columns[key] for key in known.columns}
    beside = dict(_beside(known, base))
    notices = (*cleaned.notices, *_notices(known, base))
    return Result(base, known, filled, beside, cleaned.problems, notices)


def _beside(
    known: Known, base: Mapping[str, RawTable]
) -> Iterator[tuple[str, dict[str, NDArray[Any]]]]:
    """The grey columns of tables other than Clients; blank in rows that can't be used."""
    for room in known.config.rooms:
        for table in room.tables if room.is_on(base, known.config) else ():
            if table.filled and table.key in base:
                rows, count = known.tables[table.key], len(base[table.key].rows)
                columns = {one.key: one.decide(known) for one in table.filled}
                yield table.key, {key: rows.spread(cells, count) for key, cells in columns.items()}


def _notices(known: Known, base: Mapping[str, RawTable]) -> Iterator[str]:
    """What the consultant should know about the run as a whole."""
    if known.config.messages:
        yield _(
            "The block 'messages' in your config.yaml says nothing any more: the sentences belong "
            "to the program now. You can delete it."
        )
    for line, names in known.config.kept:
        yield _(
            "Line {line} of the rules: beside what your list names, of the shipped rules stay: "
            "{names}. That is right where you meant to change only what you name; where your list "
            "is the whole one, take these out with 'off: yes'."
        ).format(line=line, names=names)
    for heading in _missing_columns(known):
        yield _(
            "There is no column {column} on the sheet {sheet}; rules that ask for it fit nobody."
        ).format(column=heading, sheet=known.config.sheet(known.clients.key))
    for room in known.config.rooms:
        if room.notices is not None and room.is_on(base, known.config):
            yield from room.notices(known)


def _missing_columns(known: Known) -> Iterator[str]:
    """The headings of columns that rules look at and the base doesn't have."""
    config, clients = known.config, known.clients
    asked = {key for room in config.rooms if room.asks for key in room.asks(config)}
    for key in config.headings(clients.key):
        if key in asked and key not in clients.has:
            yield config.heading(clients.key, key)
    headings = {name for _path, when in conditions_in(config) for name in when.columns or {}}
    yield from (name for name in sorted(headings) if fold(name) not in clients.own)
