"""What the last recalculation found, on the first sheet of the open workbook.

A workbook without the names of `batch.placenames` has no such place, and needs none.
"""

from __future__ import annotations

from collections.abc import Sequence

import xlwings as xw

from batch.live.write import typed
from batch.placenames import CHANGES, PROBLEMS, RESULT
from rules.config.messages import Messages
from rules.tables import Problem

MOST_SHOWN = 200
_WIDTH = 3


def show(
    book: xw.Book,
    sentence: str,
    problems: Sequence[Problem],
    notices: Sequence[str],
    say: Messages,
) -> None:
    """Write the *sentence*, and list the *problems*, each with a link, and the *notices*."""
    show_result(book, sentence)
    first = _named(book, PROBLEMS)
    if first is None:
        return
    sheet, top, left = first.sheet, first.row, first.column
    bottom = max(sheet.used_range.last_cell.row, top)
    sheet.range((top, left), (bottom, left + _WIDTH - 1)).clear_contents()
    shown = problems[:MOST_SHOWN]
    lines = [(problem.found, problem.advice) for problem in shown]
    if len(problems) > len(shown):
        lines.append(("", say.button_more_problems.format(count=len(problems) - len(shown))))
    lines += [("", notice) for notice in notices]
    if shown:
        links = sheet.range((top, left), (top + len(shown) - 1, left))
        links.formula = [[_link(problem)] for problem in shown]
    if lines:
        texts = sheet.range((top, left + 1), (top + len(lines) - 1, left + 2))
        texts.value = [[typed(found), typed(advice)] for found, advice in lines]


def show_result(book: xw.Book, sentence: str) -> None:
    """Write the *sentence* into the result's cell."""
    cell = _named(book, RESULT)
    if cell is not None:
        cell.value = typed(sentence)


def show_changes(book: xw.Book, lines: Sequence[str]) -> None:
    """Write the *lines* that tell who moved, one below the other."""
    first = _named(book, CHANGES)
    if first is not None:
        last = (first.row + len(lines) - 1, first.column)
        cells = first.sheet.range((first.row, first.column), last)
        cells.value = [[typed(line) if line else None] for line in lines]


def _link(problem: Problem) -> str:
    """A formula that shows the cell's address and leads to it."""
    sheet = problem.sheet.replace("'", "''")
    place = f"#'{sheet}'!{problem.cell}".replace('"', '""')
    text = f"{problem.sheet}!{problem.cell}".replace('"', '""')
    return f'=HYPERLINK("{place}","{text}")'


def _named(book: xw.Book, name: str) -> xw.Range | None:
    """The cell that the workbook calls *name*; None where it has no such name, or it broke."""
    for defined in book.names:
        if defined.name == name:
            try:
                return defined.refers_to_range
            except Exception:  # noqa: BLE001 — each engine has its own error for #REF!
                return None
    return None
