"""Excel's serial dates in both date systems.

A serial counts days; its fraction is the time of day. System 1900 says that 1 is 1 January
1900 and believes in 29 February 1900 (serial 60); system 1904 says that 0 is 1 January 1904.
"""

import datetime as dt
import math
from typing import Final

_EPOCH_1900: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
_EPOCH_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_FALSE_LEAP_DAY: Final = 60
_DAY_SECONDS: Final = 86_400


def to_serial(value: dt.date, *, date1904: bool) -> float:
    """Serial number of a date or a date with a time; whole for a plain date.

    Days before the system's first day give a negative number, which Excel shows as ####.
    """
    moment = (
        value.replace(tzinfo=None)
        if isinstance(value, dt.datetime)
        else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    )
    distance = moment - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    days = distance.days if date1904 or distance.days > _FALSE_LEAP_DAY else distance.days - 1
    seconds = distance.seconds + distance.microseconds / 1_000_000
    return days + seconds / _DAY_SECONDS


def from_serial(serial: float, *, date1904: bool) -> dt.datetime | None:
    """Date with time that a serial number stands for, to the second.

    None where Excel itself shows no date: negative, not finite, after 31.12.9999, and the
    29 February 1900 that never was.
    """
    if not math.isfinite(serial) or serial < 0:
        return None
    days, rest = divmod(round(serial * _DAY_SECONDS), _DAY_SECONDS)
    if not date1904:
        if days == _FALSE_LEAP_DAY:
            return None
        days += days < _FALSE_LEAP_DAY
    try:
        return (_EPOCH_1904 if date1904 else _EPOCH_1900) + dt.timedelta(days=days, seconds=rest)
    except OverflowError:
        return None
