"""Cells written the usual way, taken apart by array arithmetic: many at once.

Usual are the ways in which Excel, openpyxl, XlsxWriter and this program write most cells:
``<c r="B7" s="1" t="s"><v>12</v></c>``, ``<c r="B7" s="1"/>`` and
``<c r="B7" t="inlineStr"><is><t>VIP</t></is></c>``. A cell with a formula isn't among them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from batch.book import NO_STYLE, Bools, Floats, Ints
from batch.xlsx.cellxml import RawCell, number
from batch.xlsx.xmlbytes import XmlError, cell_text, whole_number

Bytes: TypeAlias = npt.NDArray[np.uint8]

BLANK, NUMERIC, SHARED, OBJECT, ODD = range(5)
"""What a cell holds: nothing, a number, a shared text, another value; ODD was not read."""

_LONGEST_ROW: Final = 7
_STYLE_LENGTH: Final = 6
_EXACT_DIGITS: Final = 15
_NUMBER_LENGTH: Final = 17
_POWERS: Final[Floats] = np.array([10.0**places for places in range(_NUMBER_LENGTH + 1)])


@dataclass(frozen=True)
class UsualCells:
    """What n cells hold.

    ``kinds``: one of the constants above for each cell. ``numbers``: the number, or the number
    of the shared text. ``styles``: the style's number or ``NO_STYLE``; nothing that counts for
    an ODD cell. ``texts``: texts that stand in the cells themselves (kind OBJECT), by the
    cells' places.
    """

    kinds: npt.NDArray[np.uint8]
    numbers: Floats
    styles: Ints
    texts: dict[int, str]


def style_of(cell: RawCell) -> int:
    """A cell's style, ``NO_STYLE`` for none."""
    style = whole_number(cell.style)
    return NO_STYLE if style is None else style


class UsualReader:
    """Reads the usual cells of a part whose elements have a given prefix (``x:`` or nothing)."""

    def __init__(self, prefix: bytes) -> None:
        self._prefix = len(prefix)
        name = re.escape(prefix)
        self._inline = re.compile(
            rb'["c] t="inlineStr"><%bis><%bt(?: xml:space="preserve")?>([^<]*)</%bt></%bis></%bc>'
            % ((name,) * 5)
        )

    def read(
        self,
        data: Bytes,
        raw: bytes,
        at: Ints,
        stops: Ints,
        rows: Ints,
        usual: Bools,
        bare: Bools | None = None,
    ) -> UsualCells:
        """What the cells hold that end at *stops*.

        *at*: where the digits of their references begin. *rows*: the rows in which they stand.
        *usual*: false for cells whose references are written otherwise. *bare*: true for cells
        without any, *at* being the last byte of their names. *data* and *raw* are the same bytes,
        of which a few more than the cells' own can be looked at.
        """
        row, at = digits(data, at, usual, _LONGEST_ROW)
        usual = usual & (row == rows) & (data[at] == ord('"'))
        if bare is not None:
            usual |= bare
        styled = reads(data, at + 1, b' s="')
        style, after = digits(data, np.where(styled, at + 5, at), styled, _STYLE_LENGTH)
        usual &= ~styled | ((data[after] == ord('"')) & (after > at + 5))
        styles = np.where(styled, style, NO_STYLE)
        at = after

        typed = reads(data, at + 1, b' t="')
        inline = np.flatnonzero(usual & typed & (data[at + 5] == ord("i")))
        typed &= data[at + 6] == ord('"')
        shared = typed & (data[at + 5] == ord("s"))
        usual &= ~typed | shared | (data[at + 5] == ord("n"))
        end = np.where(typed, at + 7, at + 1)
        empty = reads(data, end, b"/>")
        start, stop = self._value(data, end, stops, usual)
        usual &= empty | (start > 0)
        values, read = numbers(data, raw, start, stop)
        kinds = np.where(stop > start, np.where(shared, SHARED, NUMERIC), BLANK)
        kinds = np.where(usual & read, kinds, ODD).astype(np.uint8)
        texts = self._texts(raw, inline, at[inline], stops[inline], kinds)
        return UsualCells(kinds, values, styles, texts)

    def _value(self, data: Bytes, at: Ints, stops: Ints, usual: Bools) -> tuple[Ints, Ints]:
        """Where numbers begin and end in cells whose start tags end at *at*; 0 for no number.

        The end tags ``</v></c>`` are all that may follow the number.
        """
        name = at + 2 + self._prefix
        start, stop = name + 2, stops - 8 - 2 * self._prefix
        valued = usual & reads(data, at, b"><") & reads(data, name, b"v>")
        valued &= (stop >= start) & reads(data, stop, b"</")
        return np.where(valued, start, 0), np.where(valued, stop, 0)

    def _texts(
        self, raw: bytes, places: Ints, starts: Ints, stops: Ints, kinds: npt.NDArray[np.uint8]
    ) -> dict[int, str]:
        """The texts of inline cells, each way of writing one read once; their *kinds* are set."""
        text_of = cache(self._text)
        texts: dict[int, str] = {}
        for place, start, stop in zip(
            places.tolist(), starts.tolist(), stops.tolist(), strict=True
        ):
            text = text_of(raw[start:stop])
            if text is not None:
                kinds[place] = OBJECT if text else BLANK
            if text:
                texts[place] = text
        return texts

    def _text(self, written: bytes) -> str | None:
        """The text of an inline cell from the end of its style on; None if it isn't usual."""
        found = self._inline.fullmatch(written)
        try:
            return None if found is None else cell_text(found[1])
        except XmlError:
            return None


def reads(data: Bytes, at: Ints, letters: Sequence[int]) -> Bools:
    """Where these letters stand."""
    found: Bools = data[at] == letters[0]
    for place, letter in enumerate(letters[1:], 1):
        found &= data[at + place] == letter
    return found


# Numbers in bytes, many at once -------------------------------------------------------------


def digits(data: Bytes, at: Ints, where: Bools, longest: int) -> tuple[Ints, Ints]:
    """Unsigned numbers that begin at the places *at*, and the places after their last digits."""
    value = np.zeros(len(at), np.int64)
    more = where
    for _ in range(longest):
        digit = data[at] - np.uint8(ord("0"))
        more = more & (digit <= 9)
        if not more.any():
            break
        value = np.where(more, value * 10 + digit, value)
        at = at + more
    return value, at


def letters(data: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """Column numbers of references at the places *at* (0: none), and where their digits begin."""
    first, second, third = (data[at + k].astype(np.int64) - ord("A") + 1 for k in range(3))
    one = (first >= 1) & (first <= 26)
    two = one & (second >= 1) & (second <= 26)
    three = two & (third >= 1) & (third <= 26)
    columns = np.where(one, first, 0)
    columns = np.where(two, first * 26 + second, columns)
    columns = np.where(three, (first * 26 + second) * 26 + third, columns)
    return columns, at + one + two + three


def numbers(data: Bytes, raw: bytes, start: Ints, stop: Ints) -> tuple[Floats, Bools]:
    """Decimal numbers between places, correctly rounded, and whether each could be read.

    Up to 15 digits are a whole number below 2**53 divided by a power of ten below 10**22:
    both are exact, so the quotient is the nearest float. Longer ones are read one by one.
    """
    length = stop - start
    mantissa = np.zeros(len(start), np.int64)
    count = np.zeros(len(start), np.int8)
    places = np.zeros(len(start), np.int8)
    dotted = np.zeros(len(start), np.bool_)
    strange = length > _NUMBER_LENGTH
    negative = (length > 1) & (data[start] == ord("-"))
    for k in range(min(int(length.max(initial=0)), _NUMBER_LENGTH)):
        letter = data[start + k]
        inside = k < length
        digit = letter - np.uint8(ord("0"))
        is_digit = inside & (digit <= 9)
        mantissa = np.where(is_digit, mantissa * 10 + digit, mantissa)
        count += is_digit
        places += is_digit & dotted
        is_dot = inside & (letter == ord("."))
        strange |= inside & ~is_digit & ~(is_dot & ~dotted)
        if k == 0:
            strange &= ~negative | (length > _NUMBER_LENGTH)
        dotted |= is_dot
    values = mantissa / _POWERS[places]
    values = np.where(negative, -values, values)
    strange |= (count > _EXACT_DIGITS) | ((count == 0) & (length > 0))
    read = np.ones(len(start), np.bool_)
    for index in np.flatnonzero(strange).tolist():
        try:
            values[index] = number(raw[int(start[index]) : int(stop[index])])
        except XmlError:
            read[index] = False
    return values, read
