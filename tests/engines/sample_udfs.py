"""Worksheet functions on which the tests try xlwings' own code."""

from __future__ import annotations

import datetime as dt
from typing import Any

import xlwings as xw

arrived: list[object] = []


@xw.func(category="Client base")
@xw.arg("value", doc="Anything.")
def note(value: Any) -> str:  # noqa: ANN401 - the hint for which xlwings converts nothing
    """Notes what arrives."""
    arrived.append(value)
    return "noted"


@xw.func(category="Client base")
@xw.arg("cells", ndim=2, err_to_str=True, dates=dt.date, doc="A column or a table.")
@xw.arg("where", vba="Here(cells)")
def note_cells(
    cells: list[list[Any]], factor: float = 2.0, label: str = "", where: str = ""
) -> str:
    """Notes what arrives, with the place of the formula."""
    arrived.append((cells, factor, label, where))
    return "noted"


@xw.func(category="Client base")
@xw.arg("what", doc="The name of a result.")
def answer(what: str) -> Any:  # noqa: ANN401 - as above
    """The result of this name."""
    return results[what]


@xw.func(category="Client base", volatile=True)
def days_to(day: dt.datetime) -> float:
    """Days from the first of January 2026; refuses earlier ones."""
    days = (day - dt.datetime(2026, 1, 1)).days  # noqa: DTZ001 - Excel knows no time zones
    if days < 0:
        raise ValueError("That day is past.")
    return float(days)


@xw.func
def caller_name() -> str:
    """The name of the workbook from which the function is called."""
    return str(xw.Book.caller().name)


@xw.func
def hinted(value: object) -> str:
    """Has a hint for which xlwings knows no conversion."""
    return str(value)


results: dict[str, object] = {}
