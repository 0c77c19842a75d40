"""The sheets with lists as they stand in a new workbook: headings and looks, still without rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from batch.cells import LAST_ROW, column_letters
from batch.formulas.figures import text_literal
from batch.formulas.marks import AMBER, GREY, RED, colours
from batch.lists.places import HEAD_ROWS
from batch.writer.look import ACCENT, QUIET, Page, set_up_page
from rules.model.declarations import Look, Sheet, SheetColumn
from words import _

_FIRST = HEAD_ROWS + 1
"""The first row of a list, counted from 0."""
_LAST = 5000
"""How far down colours and lines reach."""
_SHORT_DATE, _WHOLE, _MONEY = 14, 3, 4
"""Excel's built-in short date, #,##0 and #,##0.00."""
_PERCENT = '0"%"'
"""A whole number of percent, with its sign."""
_AS_TYPED = 49
_ONE_LINE, _TWO_LINES = 18, 31
_HERS = "#FFF8E1"
_LINE = MappingProxyType({"bottom": 1, "bottom_color": GREY})
"""Below each row. LibreOffice draws one look a cell, so each other look has it, too."""


def write_list_sheet(page: Page, declared: Sheet) -> None:
    """Fill a sheet that the program writes with its headings.

    Colours follow from what the cells will hold.
    """
    sheet, config, columns = page.sheet, page.config, declared.columns
    headings, decided = config.headings(declared.key), config.decided_words()
    sheet.set_default_row(_TWO_LINES if declared.is_tall else _ONE_LINE)
    _write_head(page, _(declared.title))
    has_parts = declared.has_parts is not None and declared.has_parts(config)
    for number, column in enumerate(columns):
        heading = headings[column.key][0]
        shape = page.look(**_shape(column, _MONEY if has_parts else _WHOLE))
        words = decided.get(column.like, ())
        width = max(column.width, len(heading) + 2, *(len(word) + 3 for word in words))
        sheet.set_column(number, number, width, shape)
        page.write(HEAD_ROWS, number, heading, **_heading(column))
        page.offer(number, (declared.key, column.key), _FIRST, _LAST)
        # each word in the colour that it has in its grey column
        shades = colours(config.rooms.columns[column.like], config) if column.like else {}
        for word, colour in shades.items():
            formula = f"={_cell(number)}={text_literal(word)}"
            _mark(page, (number, number), formula, bg_color=colour)
    places = {column.key: number for number, column in enumerate(columns)}
    for look in declared.looks:
        _mark_look(page, places, look)
    end = len(columns) - 1
    _mark(page, (0, end), f'={_cell(0)}&{_cell(end)}<>""')  # a line below each row
    page.keep_texts((at for at, column in enumerate(columns) if column.as_typed), _FIRST, _LAST)
    sheet.freeze_panes(_FIRST, declared.frozen)
    sheet.repeat_rows(HEAD_ROWS)
    set_up_page(sheet)
    if declared.printed:
        _print_only(page, places[declared.printed])
    sheet.hide_gridlines(2)
    sheet.set_tab_color(ACCENT)
    sheet.set_selection(_FIRST, 0, _FIRST, 0)


def _print_only(page: Page, last: int) -> None:
    """Print the columns up to the *last* one alone, however many rows they come to have.

    Only a reference to whole columns ends with the rows in use; XlsxWriter would write it without
    its rows, which not every reader of workbooks takes.
    """
    name = "'" + page.sheet.get_name().replace("'", "''") + "'"
    cells = f"$A$1:${column_letters(last + 1)}${LAST_ROW}"
    page.workbook.define_name(f"{name}!_xlnm.Print_Area", f"={name}!{cells}")


def _write_head(page: Page, title: str) -> None:
    """The title beside the day that the first run writes, and a line that says so."""
    sheet = page.sheet
    sheet.set_row(0, 32)
    for row in range(1, HEAD_ROWS):
        sheet.set_row(row, 18)
    sheet.set_row(HEAD_ROWS, 24)
    big = {"bold": True, "font_color": ACCENT, "valign": "vcenter"}
    date = page.look(**big, font_size=14, num_format=_SHORT_DATE, align="left")
    sheet.write_blank(0, 0, None, date)
    page.write(0, 1, title, **big, font_size=20)
    line = page.look(font_color=QUIET, valign="vcenter")
    sheet.write_string(1, 0, _("The list fills with the first recalculation."), line)
    sheet.write_blank(2, 0, None, line)


def _placed(column: SheetColumn) -> dict[str, object]:
    """How the cells of a column stand, with their heading."""
    sides: dict[str, dict[str, object]] = {
        "date": {"align": "center"},
        "number": {"align": "right", "indent": 1},
    }
    return {"valign": "vcenter", **sides.get(column.kind, {"indent": 1})}


def _shape(column: SheetColumn, number_format: int | str) -> dict[str, object]:
    number_format = _PERCENT if column.is_percent else number_format
    formats = {"date": _SHORT_DATE, "number": number_format}
    if column.as_typed or column.kind in formats:
        return {**_placed(column), "num_format": formats.get(column.kind, _AS_TYPED)}
    return {**_placed(column), "text_wrap": True}


def _heading(column: SheetColumn) -> dict[str, object]:
    fill = {} if column.is_hers else {"bg_color": GREY}
    return {"bold": True, "bottom": 1, **_placed(column), **fill}


def _cell(column: int, row: int = _FIRST) -> str:
    """A cell whose column stays, for formulas of conditional formats."""
    return f"${column_letters(column + 1)}{row + 1}"


def _mark(page: Page, columns: tuple[int, int], formula: str, **look: object) -> None:
    """Give the cells of some columns a look where a formula holds for their row."""
    page.mark((_FIRST, columns[0], _LAST, columns[1]), formula, page.look(**{**_LINE, **look}))


def _mark_look(page: Page, places: Mapping[str, int], look: Look) -> None:
    """The look that cells have where its formula holds for their row."""
    cells = {key: _cell(number) for key, number in places.items()}
    above = {f"above_{key}": _cell(number, _FIRST - 1) for key, number in places.items()}
    text = text_literal(_(look.text)) if look.text else ""
    formula = "=" + look.formula.format(**cells, **above, text=text)
    _mark(page, (places[look.first], places[look.last]), formula, **_STYLES[look.style])


_STYLES: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "late": {"font_color": RED, "bold": True},
        "hers": {"bg_color": _HERS},
        "section": {"top": 2, "top_color": ACCENT, "font_color": QUIET},
        "new_section": {"top": 2, "top_color": ACCENT},
        "pale": {"font_color": QUIET},
        "lit": {"bg_color": AMBER},
        "total": {"bold": True, "bottom_color": ACCENT},
    }
)
"""How the looks that sheets declare are drawn."""
