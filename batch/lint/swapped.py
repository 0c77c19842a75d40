"""Dates in which day and month may have changed places, as in others of their column they did."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from batch.recalculation.plan import Calculated
from rules.mentions import first_of
from rules.model.declarations import Hint
from rules.reading.cells import Mask, ReadDates
from rules.reading.typed_dates import Doubt
from words import _


def swapped_dates(calculated: Calculated) -> Iterator[Hint]:
    """For each column that holds dates which only the other order of day and month could mean: how
    many others of it could be read in either order.
    """
    config, today = calculated.rules.config, calculated.result.known.today
    for key, table in config.rooms.tables.items():
        raw = calculated.result.base.get(key)
        if raw is None:
            continue
        for field in (field for field in table.fields if field.is_date):
            read = raw.dates(field.key, config.dates, today, is_birthday=field.kind == "birthday")
            either = _either(read)
            if either.any() and (read.doubts == Doubt.OTHER_ORDER).any():
                cells = [raw.address(field.key, at) for at in np.flatnonzero(either).tolist()]
                text = _(
                    "In some cells of the column {column} on the sheet {sheet} day and month have "
                    "changed places. Look at those, too, that could be either: {count} ({cells})."
                )
                yield Hint(
                    text.format(
                        column=config.heading(key, field.key),
                        sheet=raw.sheet,
                        count=len(cells),
                        cells=first_of(cells),
                    )
                )


def _either(read: ReadDates) -> Mask:
    """Which dates would be others with day and month in each other's place."""
    months = read.known.astype("datetime64[M]")
    month = months.astype(int) % 12 + 1
    number = (read.known - months).astype(int) + 1
    return np.asarray(~np.isnat(read.known) & (number <= 12) & (number != month))
