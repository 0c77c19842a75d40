"""Cells as the user typed them, read as text, IDs, dates, amounts and yes/no; and how numbers are
shown to her.

A column of cells is either `float64` (all numbers, NaN for blank) or `object` with str, float,
int, bool, datetime.date, .datetime and .time, `CellError` and None. Nothing here raises because of
a cell: what can't be read is in doubt, as a second column says.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Dates, Numbers
from rules.reading.dates import (
    NAT,
    Days,
    add_months,
    as_date,
    day,
    from_serials,
    from_texts,
    no_days,
)
from rules.reading.typed_amounts import AmountReader
from rules.reading.typed_dates import DateReader, Doubt, TypedDate
from rules.reading.words import fold, fold_city, fold_flag, fold_id
from words import _

if TYPE_CHECKING:
    from rules.config.settings import Config

Cells = NDArray[Any]
"""A column of cells as described above."""
Mask = NDArray[np.bool_]
MAX_AMOUNT = 10**12
"""Amounts beyond this many units of money are taken for a slip of the keyboard."""
_SHOWN_DIGITS = 15
"""So many digits of a number Excel shows; what stands behind them is an error of calculation."""
_EXACT = 2**53
"""Up to here every whole number has a number cell of its own."""
LAST_YEAR_TYPED = 2100
"""A number up to here in a column of birthdays is a year such as 1975, or a day such as 12.05."""


class CellError(str):
    """The text of a cell that shows an error, such as #N/A."""

    __slots__ = ()


@dataclass(frozen=True)
class ReadDates:
    """A column of dates while it is read: each with its `Doubt`, and whether its year was typed.

    Of a cell in doubt the date is the one that it nearly is.
    """

    dates: Days
    doubts: NDArray[np.int8]
    yearless: Mask

    @property
    def known(self) -> Days:
        """The dates, NaT for blank and unreadable."""
        known: Days = np.where(self.unreadable, NAT, self.dates)
        return known

    @property
    def unreadable(self) -> Mask:
        """Which cells could not be read."""
        return np.asarray(self.doubts != Doubt.NONE)


class AmountDoubt(IntEnum):
    """Why an amount can't be read: WORDS stand beside a number, it is TOO_LARGE, or Excel shows a
    DATE or a time.
    """

    NONE = 0
    UNREADABLE = 1
    WORDS = 2
    TOO_LARGE = 3
    DATE = 4


class ReadAmounts(NamedTuple):
    """Money in whole minor units, which cells are blank, and each cell's `AmountDoubt`.

    Of a number among words the money is that number.
    """

    minor: NDArray[np.int64]
    blank: Mask
    doubts: NDArray[np.int8]

    @property
    def unreadable(self) -> Mask:
        """Which cells could not be read."""
        return np.asarray(self.doubts != AmountDoubt.NONE)


def no_cells(count: int) -> Cells:
    """A column of *count* blank cells."""
    return np.full(count, np.nan)


_TEXT, _NUMBER, _YES_NO, _DATE, _TIME, _ERROR, _NOTHING, _STRANGE = range(8)
_KINDS: dict[type, int] = {
    str: _TEXT,
    float: _NUMBER,
    int: _NUMBER,
    np.float64: _NUMBER,
    bool: _YES_NO,
    dt.date: _DATE,
    dt.datetime: _DATE,
    dt.time: _TIME,
    CellError: _ERROR,
    type(None): _NOTHING,
}


def _kinds(cells: Cells) -> NDArray[np.int8]:
    """What each cell of an object column holds; NaN is a number here."""
    found = map(_KINDS.get, map(type, cells.tolist()), repeat(_STRANGE))
    kinds = np.fromiter(found, np.int8, len(cells))
    for at in np.flatnonzero(kinds == _STRANGE).tolist():
        if isinstance(cells[at], dt.date) and cells[at] == cells[at]:  # a kind of date, and no NaT
            kinds[at] = _DATE
    return kinds


def is_blank(cells: Cells) -> Mask:
    """Which cells hold nothing, or only blanks."""
    if cells.dtype.kind == "f":
        return np.isnan(cells)
    kinds = _kinds(cells)
    nothing = np.isin(kinds, [_NOTHING, _NUMBER, _STRANGE])
    nothing[nothing] = [one is None or one != one for one in cells[nothing].tolist()]  # noqa: PLR0124
    text = np.flatnonzero(kinds == _TEXT)
    texts = cells[text].tolist()
    blanks = {different for different in set(texts) if not different.strip()}
    if blanks:
        nothing[text] = [one in blanks for one in texts]
    return nothing


def read_text(cells: Cells) -> NDArray[np.object_]:
    """Each cell as text, trimmed at its ends; '' for blank cells and errors.

    The number 7 is the text "7", TRUE and FALSE are "TRUE" and "FALSE", a date is yyyy-mm-dd, a
    time hh:mm.
    """
    texts = np.full(len(cells), "", dtype=object)
    if cells.dtype.kind == "f":
        _number_texts(cells, ~np.isnan(cells), texts)
        return texts
    kinds = _kinds(cells)
    text = np.flatnonzero(kinds == _TEXT)
    texts[text] = _each_changed(cells[text].tolist(), str.strip)
    numbers = kinds == _NUMBER
    if numbers.any():
        values = np.zeros(len(cells))
        values[numbers] = cells[numbers].astype(float)
        _number_texts(values, numbers & ~np.isnan(values), texts)
    yes_no, dates = kinds == _YES_NO, kinds == _DATE
    texts[yes_no] = np.where(cells[yes_no].astype(bool), "TRUE", "FALSE").astype(object)
    for at in np.flatnonzero(kinds == _TIME).tolist():
        texts[at] = f"{cells[at]:%H:%M}"
    texts[dates] = np.datetime_as_string(cells[dates].astype("datetime64[D]")).astype(object)
    return texts


def _number_texts(values: NDArray[np.float64], where: Mask, texts: NDArray[np.object_]) -> None:
    whole = where & (values == np.floor(values)) & (np.abs(values) <= _EXACT)
    texts[whole] = values[whole].astype(np.int64).astype(str).astype(object)
    rest = where & ~whole
    if rest.any():
        texts[rest] = np.frompyfunc(repr, 1, 1)(values[rest].astype(object))


def read_keys(cells: Cells, *, are_names: bool = False) -> NDArray[np.object_]:
    """Each cell as IDs are compared, '' for blank and errors; *are_names*: names are the IDs."""
    return _folded(cells, fold if are_names else fold_id)


def read_issues(cells: Cells) -> NDArray[np.object_]:
    """Each cell as text, as `read_text` has it, but a date as its month, such as 03/2026."""
    texts = read_text(cells)
    if cells.dtype.kind == "O":
        for at in np.flatnonzero([isinstance(cell, dt.date) for cell in cells]).tolist():
            texts[at] = f"{cells[at].month:02}/{cells[at].year}"
    return texts


def read_words(cells: Cells) -> NDArray[np.object_]:
    """Each cell as words are compared (kinds, marks, names), '' for blank and errors."""
    return _folded(cells, fold)


def read_cities(cells: Cells) -> NDArray[np.object_]:
    """Each cell as cities are compared, '' for blank and errors."""
    return _folded(cells, fold_city)


def _folded(cells: Cells, change: Callable[[str], str]) -> NDArray[np.object_]:
    keys = np.empty(len(cells), dtype=object)
    keys[:] = _each_changed(read_text(cells).tolist(), change)
    return keys


def _each_changed(texts: list[str], change: Callable[[str], str]) -> list[str]:
    """Each text as *change* makes it; most are as they should be, and many are the same."""
    different = {one: change(one) for one in set(texts)}
    changed = {one: new for one, new in different.items() if new != one}
    return [changed.get(one, one) for one in texts] if changed else texts


def read_key(cell: object, *, are_names: bool = False) -> str:
    """One cell as `read_keys` reads a column of them; for a few cells this is quicker."""
    if type(cell) is str:
        return fold(cell) if are_names else fold_id(cell)
    if type(cell) is float and cell.is_integer() and abs(cell) <= _EXACT:
        return str(int(cell))
    return str(read_keys(np.array([cell], dtype=object), are_names=are_names)[0])


def read_flags(cells: Cells, no_words: Iterable[str]) -> Mask:
    """Which yes/no cells say yes: anything but blank, an error, FALSE and the *no_words*."""
    saying_no = {fold_flag(word) for word in no_words} | {""}
    flags = ~np.isin(_folded(cells, fold_flag), list(saying_no))
    if cells.dtype.kind != "f":
        flags &= np.frompyfunc(lambda cell: cell is not False, 1, 1)(cells).astype(bool)
    return flags


def read_dates(
    cells: Cells,
    rule: Dates,
    today: np.datetime64,
    *,
    epoch_1904: bool = False,
    is_birthday: bool = False,
    lies_ahead: bool = False,
    shown_as_dates: Mask | None = None,
) -> ReadDates:
    """Dates from real dates, serial numbers and text, as they are meant on the day *today*.

    A birthday may lack its year (which is then `typed_dates.ANY_YEAR`); *lies_ahead*: the year that
    a day lacks is proposed so that it is coming. A number that isn't among
    those *shown_as_dates* is none where it can't be meant: a birthday that makes her too old, or
    any other day before `dates.earliest`.
    """
    kinds = None if cells.dtype.kind == "f" else _kinds(cells)
    read = ReadDates(
        no_days(len(cells)), np.zeros(len(cells), np.int8), np.zeros(len(cells), np.bool_)
    )
    numbers = ~np.isnan(cells) if kinds is None else kinds == _NUMBER
    if numbers.any():
        serials = cells[numbers].astype(float)
        days = from_serials(serials, epoch_1904=epoch_1904)
        read.dates[numbers] = days
        read.doubts[numbers] = np.where(np.isnat(days) & ~np.isnan(serials), Doubt.UNREADABLE, 0)
        if is_birthday:
            too_old = add_months(np.array([today]), -12 * (rule.oldest_age + 1))
            is_meant = (days > too_old) & (serials > LAST_YEAR_TYPED)
        else:
            is_meant = days >= day(rule.earliest)
        if shown_as_dates is not None:
            is_meant |= shown_as_dates[numbers]
        read.doubts[np.flatnonzero(numbers)[~is_meant & ~np.isnat(days)]] = Doubt.BARE_NUMBER
    if kinds is not None:
        _read_other_dates(cells, kinds, read)
        text = kinds == _TEXT
        if text.any():
            ages = (rule.youngest_age, rule.oldest_age) if is_birthday else None
            reader = DateReader(rule.order, as_date(today), ages, lies_ahead=lies_ahead)
            _read_typed_dates(cells, text, rule, reader, read, is_birthday=is_birthday)
    return read


def _read_other_dates(cells: Cells, kinds: NDArray[np.int8], read: ReadDates) -> None:
    """What is neither a number nor text: real dates, and what is none."""
    real = kinds == _DATE
    if real.any():
        read.dates[real] = cells[real].astype("datetime64[D]")
        read.doubts[real & (read.dates < np.datetime64("1900-01-01"))] = Doubt.UNREADABLE
    read.doubts[np.isin(kinds, [_YES_NO, _ERROR, _STRANGE]) & ~is_blank(cells)] = Doubt.UNREADABLE


def _read_typed_dates(
    cells: Cells,
    text: Mask,
    rule: Dates,
    reader: DateReader,
    read: ReadDates,
    *,
    is_birthday: bool,
) -> None:
    """Texts, her own forms first; blank ones aren't in doubt."""
    different, places = _different(cells[text])
    own = from_texts(different, rule.text_formats, without_year=is_birthday)
    typed = [
        TypedDate(None) if not one.strip() else reader.read(one) if np.isnat(found) else None
        for one, found in zip(different, own, strict=True)
    ]
    has_year = from_texts(different, rule.text_formats) if is_birthday else own
    dates = [one.date if one else found for one, found in zip(typed, own, strict=True)]
    read.dates[text] = np.array(dates, "datetime64[D]")[places]
    read.doubts[text] = np.array([one.doubt if one else 0 for one in typed], np.int8)[places]
    lacks = [one.yearless if one else np.isnat(at) for one, at in zip(typed, has_year, strict=True)]
    read.yearless[text] = np.array(lacks, np.bool_)[places]


def read_amounts(cells: Cells, numbers: Numbers) -> ReadAmounts:
    """Money in whole minor units (kopecks, cents), rounded half away from zero.

    Text is read as `typed_amounts` says. What Excel shows as a date or a time is no amount.
    """
    decimals = numbers.minor_units
    if cells.dtype.kind == "f":
        minor, readable = minor_units(cells, decimals)
        doubts = np.where(readable | np.isnan(cells), 0, AmountDoubt.TOO_LARGE).astype(np.int8)
        return ReadAmounts(minor, np.isnan(cells), doubts)
    kinds = _kinds(cells)
    minor = np.zeros(len(cells), dtype=np.int64)
    doubts = np.full(len(cells), AmountDoubt.UNREADABLE, np.int8)
    at = kinds == _NUMBER
    if at.any():
        minor[at], readable = minor_units(cells[at].astype(float), decimals)
        doubts[at] = np.where(readable, 0, AmountDoubt.TOO_LARGE)
    doubts[np.isin(kinds, [_DATE, _TIME])] = AmountDoubt.DATE
    text = kinds == _TEXT
    if text.any():
        different, places = _different(cells[text])
        read = _text_amounts(different, numbers)
        minor[text], doubts[text] = (column[places] for column in read)
    blank = is_blank(cells)
    doubts[blank] = 0
    minor[blank] = 0
    return ReadAmounts(minor, blank, doubts)


def read_numbers(cells: Cells, numbers: Numbers) -> NDArray[np.float64]:
    """Numbers as they are, and text that is one (as in `read_amounts`); else NaN."""
    if cells.dtype.kind == "f":
        return cells
    kinds = _kinds(cells)
    values = np.full(len(cells), np.nan)
    at = kinds == _NUMBER
    values[at] = cells[at].astype(float)
    text = np.flatnonzero(kinds == _TEXT)
    if len(text):
        different, places = _different(cells[text])
        reader = _amount_reader(numbers.decimal, numbers.currency)
        read = (reader.read(one) for one in different)
        found = [math.nan if one is None or abs(one) > MAX_AMOUNT else float(one) for one in read]
        values[text] = np.array(found)[places]
    return values


def minor_units(values: NDArray[np.float64], places: int) -> tuple[NDArray[np.int64], Mask]:
    """Numbers in minor units, with *places* decimals, and which are no more than `MAX_AMOUNT`.

    Rounded half away from zero by the decimals that they show: 1.005 is 101 cents although the
    nearest binary number lies a little below. Where the products of a number are too rough to tell
    on which side of a half it lies, its digits decide.
    """
    readable = np.asarray(np.abs(values) <= MAX_AMOUNT)
    usable = np.where(readable, values, 0.0)
    size = np.abs(usable) * 10**places
    minor = (np.sign(usable) * np.floor(size + 0.5)).astype(np.int64)
    is_rough = np.abs(size - np.floor(size) - 0.5) <= size * 1e-14
    for at in np.flatnonzero(is_rough).tolist():
        minor[at] = _by_digits(float(usable[at]), places)
    return minor, readable


def _by_digits(number: float, places: int) -> int:
    """*number* in minor units by the digits that Excel shows, or as many more as it takes to show
    its minor units.
    """
    digits = max(_SHOWN_DIGITS, len(str(abs(int(number)))) + places)
    shown_digits = Decimal(f"{number:.{digits}g}").scaleb(places)
    return int(shown_digits.quantize(Decimal(1), ROUND_HALF_UP))


def in_units(minor: NDArray[np.int64], places: int) -> NDArray[np.float64]:
    """Money in minor units as the numbers that are nearest to it in units."""
    units: NDArray[np.float64] = minor / 10**places
    large = np.abs(minor) > _EXACT
    units[large] = [one / 10**places for one in minor[large].tolist()]
    return units


def _different(texts: Cells) -> tuple[list[str], NDArray[np.intp]]:
    """The different texts of a column, and for each cell which of them it holds."""
    places: dict[str, int] = {}
    found = [places.setdefault(one, len(places)) for one in texts.tolist()]
    return list(places), np.array(found, np.intp)


def _text_amounts(texts: list[str], numbers: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Texts in minor units, or with a doubt the only number that stands among words."""
    reader = _amount_reader(numbers.decimal, numbers.currency)
    minor, doubts = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int8)
    for at, text in enumerate(texts):
        amount = reader.read(text)
        if amount is None:
            amount = reader.within(text)
            doubts[at] = AmountDoubt.UNREADABLE if amount is None else AmountDoubt.WORDS
        if amount is not None and abs(amount) > MAX_AMOUNT:
            amount, doubts[at] = None, AmountDoubt.TOO_LARGE
        if amount is not None:
            minor[at] = int(amount.scaleb(numbers.minor_units).to_integral_value(ROUND_HALF_UP))
    return minor, doubts


@cache
def _amount_reader(decimal: str, currency: tuple[str, ...]) -> AmountReader:
    return AmountReader(decimal, currency)


def shown(cell: object) -> str:
    """A cell's content for a message: text in quotes, numbers and errors as they are."""
    if isinstance(cell, CellError):
        return str(cell)
    if isinstance(cell, str):
        text = cell if len(cell) <= 40 else cell[:37] + "…"
        return f"'{text}'"
    if isinstance(cell, bool | np.bool_):
        return _("TRUE") if cell else _("FALSE")
    return str(read_text(np.array([cell], dtype=object))[0])


def shown_money(minor: int, config: Config) -> str:
    """Money in minor units, such as 41 200 or 1 200,50."""
    places = config.numbers.minor_units
    whole, part = divmod(abs(minor), 10**places)
    text = shown_whole(whole)
    if part:
        text += config.numbers.decimal + f"{part:0{places}}"
    return f"-{text}" if minor < 0 else text


def shown_whole(number: int) -> str:
    """Whole units of money, or a count, as Russians and most others read them: 200 000."""
    return f"{number:,}".replace(",", " ")


def shown_decimal(number: str, config: Config) -> str:
    """A *number* with a decimal point, without needless zeros, such as 1,5."""
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.replace(".", config.numbers.decimal)
