"""Numbers in bytes, read by array arithmetic: many at once, without a Python object each."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from batch.book import Bools, Floats, Ints
from batch.xlsx.cellxml import number
from batch.xlsx.xmlbytes import XmlError

Bytes: TypeAlias = npt.NDArray[np.uint8]

_EXACT_DIGITS: Final = 15
_NUMBER_LENGTH: Final = 17
_POWERS: Final[Floats] = np.array([10.0**places for places in range(_NUMBER_LENGTH + 1)])


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
