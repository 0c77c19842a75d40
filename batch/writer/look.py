"""Colours, page set-up and figures, the same on every sheet of a new workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.cells import column_letters
from batch.formulas.figures import Figure, ShownTable, day_number
from rules.config.settings import Config

ACCENT, TINT, QUIET = "#1F6F78", "#E8F2F2", "#6B6B6B"
SHADES = ("#5FA6AB", "#A3CDD0", "#DCECEC")
"""From the best class to the last."""
TITLE = MappingProxyType({"font_size": 22, "bold": True, "font_color": ACCENT})
_A4 = 9


@dataclass(frozen=True)
class Page:
    """A sheet of a new workbook that is being written.

    choices: where the entries of the drop-down lists stand, by the keys of the table or sheet and
    of its column.
    """

    workbook: Workbook
    sheet: Worksheet
    config: Config
    choices: Mapping[tuple[str, str], str]

    def look(self, **facts: object) -> Format:
        """A look for cells."""
        return self.workbook.add_format(facts)

    def write(self, row: int, column: int, text: str, **look: object) -> None:
        """Write a text with a look of its own."""
        self.sheet.write_string(row, column, text, self.look(**look))

    def write_figure(
        self, row: int, column: int, figure: Figure, look: Format, shown: ShownTable
    ) -> None:
        """Write the formula of a figure with what it gives for *shown*."""
        value = figure.value(shown)
        if isinstance(value, dt.date):
            value = day_number(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        self.sheet.write_formula(row, column, figure.formula, look, value)

    def mark(self, area: tuple[int, int, int, int], formula: str, look: Format) -> None:
        """Give the cells from the first row and column to the last ones a *look* where the
        *formula*, which is that of the first cell, holds.
        """
        rule = {"type": "formula", "criteria": formula, "format": look}
        self.sheet.conditional_format(*area, rule)

    def keep_texts(self, columns: Iterable[int], first: int, last: int) -> None:
        """Excel needn't warn of numbers that are text on purpose, in some rows of *columns*."""
        letters = [column_letters(column + 1) for column in columns]
        areas = " ".join(f"{letter}{first + 1}:{letter}{last + 1}" for letter in letters)
        self.sheet.ignore_errors({"number_stored_as_text": areas or "A1"})

    def offer(self, column: int, key: tuple[str, str], first: int, last: int) -> None:
        """The drop-down list of the column that has this *key*, if it has one, in some rows; it
        never refuses another entry.
        """
        if key in self.choices:
            choice = {"validate": "list", "source": self.choices[key], "show_error": False}
            self.sheet.data_validation(first, column, last, column, choice)


def set_up_page(sheet: Worksheet, pages_wide: int = 1) -> None:
    """Print on A4 across, so many pages wide and as long as it takes."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&9&A  &P / &N")


def set_up_leaf(sheet: Worksheet) -> None:
    """The look of a sheet that is read, not typed into: nothing but what stands on it."""
    set_up_page(sheet)
    sheet.hide_gridlines(2)
    sheet.hide_row_col_headers()
    sheet.set_tab_color(ACCENT)
