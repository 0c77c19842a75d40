"""python-calamine, which gives up in several ways: here they are one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import python_calamine

from words import _

_PANIC: Final = "PanicException"
"""What a panic of its Rust code becomes: no Exception, and of a class that can't be imported."""


MOST_CELLS: Final = 30_000_000
"""It makes a place in memory for each cell of the rectangle around all cells of a sheet."""


class Unreadable(ValueError):  # noqa: N818 — named for what is wrong
    """What python-calamine says of a file that it can't read."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[python_calamine.CalamineWorkbook]:
    """The workbook at *path*. Raises Unreadable, also for what is read of it."""
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            yield workbook
    except (python_calamine.CalamineError, ValueError, OverflowError) as error:
        raise Unreadable(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise Unreadable(_("it gave up")) from error
