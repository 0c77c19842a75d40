"""The open workbook as the worksheet functions ask for it: its rules, and what these make of it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import xlwings as xw

from batch.configuration import Rules, find_beside, read, shipped_language, shipped_path
from batch.live.workbook import OpenBook
from batch.recalculation.plan import Calculated, calculate
from rules.config.messages import Messages


def calculate_open(book: xw.Book, today: dt.date) -> Calculated:
    """Read and calculate the client base in the open *book*, as of *today*; write nothing.

    Raises a ClientBaseError for what the consultant can put right: rules, sheets, headings.
    """
    workbook = OpenBook(book)
    return calculate(workbook, rules_of(workbook), today)


def rules_of(workbook: OpenBook) -> Rules:
    """The rules that count for an open workbook; without a folder the shipped ones."""
    if workbook.folder is None:
        return read(shipped_path(shipped_language(workbook.sheet_names)))
    return read(find_beside(workbook.path, workbook.sheet_names))


def spoken(book: xw.Book | None) -> Messages:
    """The sentences of the rules that count for *book*; where these can't be read, the shipped ones
    in the language of its sheets.
    """
    names: list[str] = []
    if book is not None:
        with suppress(Exception):  # the workbook or its rules may be what fails
            workbook = OpenBook(book)
            names = workbook.sheet_names
            return rules_of(workbook).config.messages
    return read(shipped_path(shipped_language(names))).config.messages
