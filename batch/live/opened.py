"""The open workbook as the worksheet functions ask for it: its rules, and what these make of it."""

from __future__ import annotations

import datetime as dt

import xlwings as xw

from batch.configuration import (
    Rules,
    find_beside,
    read,
    shipped_language,
    shipped_path,
    with_unread,
)
from batch.live.errors import CloudFolderError
from batch.live.workbook import OpenBook
from batch.recalculation.plan import Calculated, calculate
from words import speak


def calculate_open(book: xw.Book, today: dt.date) -> Calculated:
    """Read and calculate the client base in the open *book*, as of *today*; write nothing.

    Raises a ClientBaseError for what the consultant can put right: rules, sheets, headings.
    """
    workbook = OpenBook(book)
    return calculate(workbook, rules_of(workbook), today)


def rules_of(workbook: OpenBook) -> Rules:
    """The rules that count for an open workbook, whose language is spoken from then on; without a
    folder the shipped ones.

    Raises CloudFolderError where it has a folder that can't be told: there may be rules of hers.
    """
    language = shipped_language(workbook.sheet_names)
    speak(language)
    if workbook.address and workbook.folder is None:
        raise CloudFolderError(workbook.address)
    if workbook.folder is None:
        return read(shipped_path(language))
    return with_unread(read(find_beside(workbook.path, language), language), workbook.path)
