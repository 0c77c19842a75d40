"""Workbooks with the sheet Rules, and what she typed there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import openpyxl

from batch.configuration import Rules, read, shipped_path
from batch.making.example import make_example
from batch.recalculation.rulesheet import with_sheet
from batch.xlsx.workbook import open_book
from tests.batch.simple_workbook import TODAY

NAMES = {"en": "Rules", "ru": "Правила"}
MINE = "D"
"""The column for hers."""


class Shown(NamedTuple):
    """A number, and the format in which its cell shows it."""

    number: float
    code: str


@cache
def shipped_rules(language: str) -> Rules:
    """The rules that are shipped."""
    return read(shipped_path(language))


def example(path: Path, language: str = "en") -> Path:
    """The example base of a language."""
    make_example(path, shipped_rules(language).config, TODAY)
    return path


def rows_of(path: Path) -> dict[str, int]:
    """The row of each setting."""
    book = openpyxl.load_workbook(path)
    (name,) = set(book.sheetnames) & set(NAMES.values())
    return {str(row[5].value): row[0].row for row in book[name].iter_rows(min_row=7)}


def type_into(path: Path, mine: Mapping[str, object]) -> Path:
    """Type into the cells of some settings."""
    rows = rows_of(path)
    book = openpyxl.load_workbook(path)
    (name,) = set(book.sheetnames) & set(NAMES.values())
    for setting, value in mine.items():
        cell = book[name][f"{MINE}{rows[setting]}"]
        cell.value = value.number if isinstance(value, Shown) else value
        if isinstance(value, Shown):
            cell.number_format = value.code
    book.save(path)
    return path


def alone(path: Path, mine: Mapping[str, object], language: str = "en") -> Path:
    """A workbook with nothing but the sheet Rules, one row for each of these settings."""
    headings = {"en": ("Rule", "As shipped", "Mine", "Setting"),
                "ru": ("Правило", "Как было задано", "Моё", "Настройка")}[language]  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = NAMES[language]
    sheet.append(headings)
    for row, (setting, value) in enumerate(mine.items(), 2):
        sheet.cell(row, 4).value = setting
        cell = sheet.cell(row, 3)
        cell.value = value.number if isinstance(value, Shown) else value
        if isinstance(value, Shown):
            cell.number_format = value.code
    book.save(path)
    return path


def ruled(path: Path, rules: Rules) -> Rules:
    """The rules with what stands on the sheet of a workbook."""
    return with_sheet(open_book(path, rules.config.limits), rules)


def typed(
    folder: Path, mine: Mapping[str, object], language: str = "en", rules: Rules | None = None
) -> Rules:
    """The rules of her who typed this, in a workbook with nothing else."""
    path = alone(folder / "rules.xlsx", mine, language)
    return ruled(path, rules or shipped_rules(language))
