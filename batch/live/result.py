"""What the last recalculation found, on the first sheet of the open workbook.

A workbook without the names of `batch.recalculation.firstsheet` has no such place, and needs none.
"""

from __future__ import annotations

from collections.abc import Sequence

from batch.live.workbook import OpenBook
from batch.live.write import typed
from batch.recalculation.firstsheet import PROBLEMS, RESULT, problem_lines
from rules.model.problem import Problem

_WIDTH = 3


def show(
    book: OpenBook, sentence: str, problems: Sequence[Problem], notices: Sequence[str]
) -> None:
    """Write the *sentence*, and list the *problems*, each with a link, and the *notices*."""
    show_result(book, sentence)
    first = book.named(PROBLEMS)
    if first is None:
        return
    sheet, (top, left) = book.live(first[0]), first[1:]
    bottom = max(sheet.used_range.last_cell.row, top)
    sheet.range((top, left), (bottom, left + _WIDTH - 1)).clear_contents()
    lines = problem_lines(problems, notices)
    linked = [one.link for one in lines if one.link]
    if linked:
        links = sheet.range((top, left), (top + len(linked) - 1, left))
        links.formula = [[f"={link}"] for link in linked]
    if lines:
        texts = sheet.range((top, left + 1), (top + len(lines) - 1, left + 2))
        texts.value = [[typed(one.found), typed(one.advice)] for one in lines]


def show_result(book: OpenBook, sentence: str) -> None:
    """Write the *sentence* into the result's cell."""
    cell = book.named(RESULT)
    if cell is not None:
        book.live(cell[0]).range(cell[1:]).value = typed(sentence)
