"""Cells as the user typed them, read as text, IDs, dates, amounts and yes/no; and how numbers are
shown to her.

A column of cells is either `float64` (all numbers, NaN for blank) or `object` with str, float,
int, bool, datetime.date, datetime.datetime, `CellError` and None. Nothing here raises because of
a cell: what can't be read is blank in the result and marked in a second column.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Numbers
from rules.reading.dates import NAT, Days, from_serials, from_texts, no_days
from rules.reading.words import fold, fold_city, fold_flag, fold_id

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
_BLANK = "[ \u00a0\u2007\u2009\u202f]"
"""What may part groups of digits: plain, no-break, figure, thin, narrow no-break blank."""


class CellError(str):
    """The text of a cell that shows an error, such as #N/A."""

    __slots__ = ()


class ReadDates(NamedTuple):
    """Dates (NaT for blank and unreadable), and which cells could not be read."""

    dates: Days
    unreadable: Mask


class ReadAmounts(NamedTuple):
    """Money in whole minor units, which cells are blank, and which could not be read."""

    minor: NDArray[np.int64]
    blank: Mask
    unreadable: Mask


def no_cells(count: int) -> Cells:
    """A column of *count* blank cells."""
    return np.full(count, np.nan)


_TEXT, _NUMBER, _YES_NO, _DATE, _ERROR, _NOTHING, _STRANGE = range(7)
_KINDS: dict[type, int] = {
    str: _TEXT,
    float: _NUMBER,
    int: _NUMBER,
    np.float64: _NUMBER,
    bool: _YES_NO,
    dt.date: _DATE,
    dt.datetime: _DATE,
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

    The number 7 is the text "7", TRUE and FALSE are "TRUE" and "FALSE", a date is yyyy-mm-dd.
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
    formats: tuple[str, ...],
    *,
    epoch_1904: bool = False,
    without_year: bool = False,
) -> ReadDates:
    """Dates from serial numbers, real dates, and text in one of *formats*.

    *without_year*: formats without a year are tried too (a birthday; the year is then 2000).
    """
    if cells.dtype.kind == "f":
        dates = from_serials(cells, epoch_1904=epoch_1904)
        return ReadDates(dates, np.isnat(dates) & ~np.isnan(cells))
    kinds = _kinds(cells)
    dates = no_days(len(cells))
    numbers = kinds == _NUMBER
    if numbers.any():
        serials = cells[numbers].astype(float)
        dates[numbers] = from_serials(serials, epoch_1904=epoch_1904)
    real = kinds == _DATE
    if real.any():
        dates[real] = cells[real].astype("datetime64[D]")
        dates[real & (dates < np.datetime64("1900-01-01"))] = NAT
    text = kinds == _TEXT
    if text.any():
        different, places = _different(cells[text])
        dates[text] = from_texts(different, formats, without_year=without_year)[places]
    return ReadDates(dates, np.isnat(dates) & ~is_blank(cells))


def read_amounts(cells: Cells, numbers: Numbers) -> ReadAmounts:
    """Money in whole minor units (kopecks, cents), rounded half away from zero.

    Text is read only when it is a number without doubt: digits, in groups of three parted by one
    blank or not parted, the configured decimal sign with no more decimals than the currency has
    (so "1,200" is not guessed to be 1.2), a currency word at either end.
    """
    decimals = numbers.minor_units
    if cells.dtype.kind == "f":
        minor, readable = minor_units(cells, decimals)
        return ReadAmounts(minor, np.isnan(cells), ~readable & ~np.isnan(cells))
    kinds = _kinds(cells)
    minor = np.zeros(len(cells), dtype=np.int64)
    readable = np.zeros(len(cells), dtype=bool)
    at = kinds == _NUMBER
    if at.any():
        minor[at], readable[at] = minor_units(cells[at].astype(float), decimals)
    text = kinds == _TEXT
    if text.any():
        different, places = _different(cells[text])
        values, usable = _text_amounts(different, numbers)
        minor[text], readable[text] = values[places], usable[places]
    blank = is_blank(cells)
    return ReadAmounts(minor, blank, ~readable & ~blank)


def read_numbers(cells: Cells, numbers: Numbers) -> NDArray[np.float64]:
    """Numbers as they are, and text that is one without doubt (as in `read_amounts`); else NaN."""
    if cells.dtype.kind == "f":
        return cells
    kinds = _kinds(cells)
    values = np.full(len(cells), np.nan)
    at = kinds == _NUMBER
    values[at] = cells[at].astype(float)
    text = np.flatnonzero(kinds == _TEXT)
    if len(text):
        different, places = _different(cells[text])
        minor, usable = _text_amounts(different, numbers)
        values[text] = np.where(usable, in_units(minor, numbers.minor_units), np.nan)[places]
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


def _text_amounts(texts: list[str], numbers: Numbers) -> tuple[NDArray[np.int64], Mask]:
    places = numbers.minor_units
    decimals = f"(?:{re.escape(numbers.decimal)}(?P<part>[0-9]{{1,{places}}}))?"
    words = sorted(map(re.escape, numbers.currency), key=len, reverse=True)
    currency = f"(?:{'|'.join(words)})?" if words else ""
    pattern = re.compile(
        rf"^\s*{currency}\s*(?P<sign>[-+\u2212]?)\s*"
        rf"(?P<whole>[0-9]{{1,3}}(?:{_BLANK}[0-9]{{3}})+|[0-9]+)"
        rf"{decimals if places else '(?P<part>)'}\s*{currency}\s*$",
        re.IGNORECASE,
    )
    minor, usable = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    for at, text in enumerate(texts):
        found = pattern.search(text)
        whole = re.sub(_BLANK, "", found["whole"]).lstrip("0") if found else ""
        if found is None or len(whole) > len(str(MAX_AMOUNT)):
            continue
        amount = int(whole + (found["part"] or "").ljust(places, "0") or "0")
        if amount <= MAX_AMOUNT * 10**places:
            minor[at] = -amount if found["sign"] in {"-", "\u2212"} else amount
            usable[at] = True
    return minor, usable


def shown(cell: object) -> str:
    """A cell's content for a message: text in quotes, numbers and errors as they are."""
    if isinstance(cell, CellError):
        return str(cell)
    if isinstance(cell, str):
        text = cell if len(cell) <= 40 else cell[:37] + "…"
        return f"'{text}'"
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
