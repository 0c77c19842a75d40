"""What is told of a cell that can't be read: why, what it nearly is, and what to type."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.reading.cells import AmountDoubt, ReadDates
from rules.reading.dates import date_or_none, shown_date
from rules.reading.typed_dates import Doubt
from words import _, marked

DATE_ADVICE: Mapping[int, str] = {
    Doubt.UNREADABLE: marked(
        "{found} can't be read as a date. Type a date, or text like {formats}."
    ),
    Doubt.NO_YEAR: marked("{found} has no year. Type it with one, such as {meant}."),
    Doubt.OTHER_ORDER: marked(
        "In your order of day and month {found} is no date; in the other order it is {meant}. Type "
        "that if you mean it."
    ),
    Doubt.BARE_NUMBER: marked(
        "{found} isn't shown as a date; as one it would be {meant}. Type the date that you mean."
    ),
}
AMOUNT_ADVICE: Mapping[int, str] = {
    AmountDoubt.UNREADABLE: marked("{found} can't be read as an amount. Type a number."),
    AmountDoubt.WORDS: marked(
        "{found} can't be read as an amount. Type the number alone: {meant}, or -{meant} for a "
        "return."
    ),
    AmountDoubt.TOO_LARGE: marked("{found} is more than any amount can be. Correct it."),
    AmountDoubt.DATE: marked(
        "Excel shows {found} here: a date or a time, and no amount. Type the amount again, and "
        "choose a number as the format of the cell."
    ),
}
NUMBER_ADVICE: Mapping[int, str] = {
    1: marked("{found} can't be read as a number. Type a number."),
}
"""Sentences by doubt, with places for what was found, what it nearly is, and forms of dates."""


def forms(config: Config) -> str:
    """The forms of dates that a text may have, in her letters, as examples for a message."""
    letters = _("dmy")
    written = str.maketrans("dmy", letters) if len(letters) == 3 else {}
    every = [config.dates.written, *config.dates.text_formats, "yyyy-mm-dd"]
    return ", ".join(dict.fromkeys(every)).translate(written)


def shown_meant(read: ReadDates, config: Config) -> NDArray[np.object_]:
    """What each date in doubt nearly is, as she writes it; of a birthday whose year isn't known
    without one.
    """
    written = config.dates.written
    shown = np.full(len(read.dates), "", object)
    for at in np.flatnonzero(read.unreadable).tolist():
        is_known = not read.yearless[at] or read.doubts[at] == Doubt.NO_YEAR
        form = written if is_known else without_year(written)
        shown[at] = shown_date(date_or_none(read.dates[at]), form)
    return shown


def without_year(form: str) -> str:
    """A form of dates without its year: dd.mm of dd.mm.yyyy."""
    return re.sub(r"^yyyy\W*|\W*yyyy$", "", form)
