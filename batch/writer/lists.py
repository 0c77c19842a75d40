"""The sheets with lists as they stand in a new workbook: headings and looks, still without rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.cells import column_letters
from batch.formulas.figures import text_literal
from batch.lists.places import HEAD_ROWS
from batch.writer.look import ACCENT, AMBER, GREY, QUIET, RED, group_colours, set_up_page
from rules.config.settings import Config
from rules.lists.columns import LISTS, ListColumn
from words import _

_FIRST = HEAD_ROWS + 1
"""The first row of a list, counted from 0."""
_LAST = 5000
"""How far down colours and lines reach."""
_SHORT_DATE, _WHOLE, _MONEY = 14, 3, 4
"""Excel's built-in short date, #,##0 and #,##0.00."""
_AS_TYPED = 49
_TWO_LINES = 31
_HERS = "#FFF8E1"
_LINE = MappingProxyType({"bottom": 1, "bottom_color": GREY})
"""Below each row. LibreOffice draws one look a cell, so each other look has it, too."""
_PAGES_WIDE: Mapping[str, int] = MappingProxyType({"today": 2, "birthdays": 1, "gifts": 1})
_REPEATED = 2
"""The last column that stands on the second page of the list of the day, too."""
_TEXT = frozenset({"client_id", "phone"})


def write_list_sheet(
    workbook: Workbook, sheet: Worksheet, key: str, config: Config, choices: Mapping[str, str]
) -> None:
    """Fill the sheet of the list *key* (today, birthdays, gifts) with its headings.

    choices: where the entries of the drop-down lists stand, by key: Done offers the kinds of
    contact. Colours follow from what the cells will hold.
    """
    columns = LISTS[key]
    if key == "birthdays":
        sheet.set_default_row(18)
    else:
        sheet.set_default_row(_TWO_LINES)
    _write_head(workbook, sheet, key)
    headings = dict(getattr(config.columns, key))
    number_format = _MONEY if key == "gifts" and _has_parts(config) else _WHOLE
    for number, column in enumerate(columns):
        heading = headings[column.key][0]
        shape = workbook.add_format(_shape(column, number_format))
        words = config.group_names() if column.key == "group" else []
        width = max(column.width, len(heading) + 2, *(len(word) + 3 for word in words))
        sheet.set_column(number, number, width, shape)
        sheet.write_string(HEAD_ROWS, number, heading, _heading(workbook, column))
        if column.key == "done" and "kind" in choices:
            choice = {"validate": "list", "source": choices["kind"], "show_error": False}
            sheet.data_validation(_FIRST, number, _LAST, number, choice)
        if column.key == "group":
            _mark_groups(workbook, sheet, number, config)
    places = {column.key: number for number, column in enumerate(columns)}
    _LOOKS[key](workbook, sheet, places)
    _mark_rows(workbook, sheet, len(columns))
    sheet.ignore_errors({"number_stored_as_text": _areas(columns)})
    sheet.freeze_panes(_FIRST, 3 if key == "today" else 0)
    sheet.repeat_rows(HEAD_ROWS)
    set_up_page(sheet, _PAGES_WIDE[key])
    if _PAGES_WIDE[key] > 1:
        sheet.repeat_columns(0, _REPEATED)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(ACCENT)
    sheet.set_selection(_FIRST, 0, _FIRST, 0)


def _has_parts(config: Config) -> bool:
    """Whether a price isn't whole."""
    rule = config.gifts
    prices = (rule.token_price, rule.card_price, *(item.price for item in rule.list))
    return any(price != round(price) for price in prices)


def _write_head(workbook: Workbook, sheet: Worksheet, key: str) -> None:
    """The title beside the day that the first run writes, and a line that says so."""
    titles = {
        "today": _("Whom to contact"),
        "birthdays": _("Birthdays"),
        "gifts": _("Gifts to order"),
    }
    sheet.set_row(0, 32)
    for row in range(1, HEAD_ROWS):
        sheet.set_row(row, 18)
    sheet.set_row(HEAD_ROWS, 24)
    big = {"bold": True, "font_color": ACCENT, "valign": "vcenter"}
    date = workbook.add_format({**big, "font_size": 14, "num_format": _SHORT_DATE, "align": "left"})
    sheet.write_blank(0, 0, None, date)
    sheet.write_string(0, 1, titles[key], workbook.add_format({**big, "font_size": 20}))
    line = workbook.add_format({"font_color": QUIET, "valign": "vcenter"})
    sheet.write_string(1, 0, _("The list fills with the first recalculation."), line)
    sheet.write_blank(2, 0, None, line)


def _shape(column: ListColumn, number_format: int) -> dict[str, object]:
    shape: dict[str, object] = {"valign": "vcenter"}
    if column.kind == "date":
        return {**shape, "num_format": _SHORT_DATE, "align": "center"}
    if column.kind == "number":
        return {**shape, "num_format": number_format, "align": "right", "indent": 1}
    if column.key in _TEXT:
        return {**shape, "num_format": _AS_TYPED, "indent": 1}
    return {**shape, "text_wrap": True, "indent": 1}


def _heading(workbook: Workbook, column: ListColumn) -> Format:
    look: dict[str, object] = {"bold": True, "bottom": 1, "valign": "vcenter"}
    if not column.is_hers:
        look["bg_color"] = GREY
    if column.kind == "date":
        look["align"] = "center"
    elif column.kind == "number":
        look |= {"align": "right", "indent": 1}
    else:
        look["indent"] = 1
    return workbook.add_format(look)


def _areas(columns: tuple[ListColumn, ...]) -> str:
    letters = [column_letters(at) for at, one in enumerate(columns, 1) if one.key in _TEXT]
    return " ".join(f"{letter}{_FIRST + 1}:{letter}{_LAST + 1}" for letter in letters) or "A1"


def _cell(column: int, row: int = _FIRST) -> str:
    """A cell whose column stays, for formulas of conditional formats."""
    return f"${column_letters(column + 1)}{row + 1}"


def _mark(
    workbook: Workbook,
    sheet: Worksheet,
    columns: tuple[int, int],
    formula: str,
    look: dict[str, object],
) -> None:
    """Give the cells of some columns a look where a formula holds for their row."""
    shape = workbook.add_format({**_LINE, **look})
    rule = {"type": "formula", "criteria": formula, "format": shape}
    sheet.conditional_format(_FIRST, columns[0], _LAST, columns[1], rule)


def _mark_rows(workbook: Workbook, sheet: Worksheet, count: int) -> None:
    """A line below each row that holds anything."""
    first, last = _cell(0), _cell(count - 1)
    formula = f'={first}&{last}<>""'
    _mark(workbook, sheet, (0, count - 1), formula, {})


def _mark_groups(workbook: Workbook, sheet: Worksheet, number: int, config: Config) -> None:
    for group, colour in group_colours(config).items():
        formula = f"={_cell(number)}={text_literal(group)}"
        _mark(workbook, sheet, (number, number), formula, {"bg_color": colour})


def _look_of_today(workbook: Workbook, sheet: Worksheet, places: Mapping[str, int]) -> None:
    """Overdue dates red, the days ahead pale, and what she writes on yellow."""
    day, due, last = _cell(places["day"]), _cell(places["due"]), places["client_id"]
    overdue = f"=AND(ISNUMBER({due}),{due}<$A$1)"
    _mark(workbook, sheet, (places["due"],) * 2, overdue, {"font_color": RED, "bold": True})
    hers = f'={_cell(last)}<>""'
    _mark(workbook, sheet, (places["done"], places["result"]), hers, {"bg_color": _HERS})
    begins = f"=AND(ISNUMBER({day}),{day}>$A$1,{_cell(places['day'], _FIRST - 1)}<=$A$1)"
    first = {"top": 2, "top_color": ACCENT, "font_color": QUIET}
    _mark(workbook, sheet, (0, last), begins, first)
    ahead = f"=AND(ISNUMBER({day}),{day}>$A$1)"
    _mark(workbook, sheet, (0, last), ahead, {"font_color": QUIET})


def _look_of_birthdays(workbook: Workbook, sheet: Worksheet, places: Mapping[str, int]) -> None:
    """A line above each month, days that are over pale, today's lit up."""
    month, day, last = places["month"], _cell(places["day"]), places["client_id"]
    new_month = f'=AND({_cell(month)}<>"",{_cell(month)}<>{_cell(month, _FIRST - 1)})'
    _mark(workbook, sheet, (0, last), new_month, {"top": 2, "top_color": ACCENT})
    over = f"=AND(ISNUMBER({day}),{day}<$A$1)"
    _mark(workbook, sheet, (0, last), over, {"font_color": QUIET})
    _mark(workbook, sheet, (places["day"],) * 2, f"=AND({day}=$A$1,$A$1>0)", {"bg_color": AMBER})


def _look_of_gifts(workbook: Workbook, sheet: Worksheet, places: Mapping[str, int]) -> None:
    """The rows with the sums bold."""
    item = _cell(places["item"])
    total = f"={item}=" + text_literal(_("Together"))
    look = {"bold": True, "bottom_color": ACCENT}
    _mark(workbook, sheet, (0, places["clients"]), total, look)


_LOOKS = MappingProxyType(
    {"today": _look_of_today, "birthdays": _look_of_birthdays, "gifts": _look_of_gifts}
)
