"""The first sheet: the button, the day's counts, three lines of help, and the cells to look at."""

from __future__ import annotations

from types import MappingProxyType

from batch.cells import column_letters
from batch.formulas.figures import Figures, ShownTable
from batch.formulas.marks import AMBER, GREY, RED
from batch.recalculation.firstsheet import CHANGES, CHANGES_ROWS, PROBLEMS, RESULT
from batch.writer.look import ACCENT, QUIET, TINT, TITLE, Page, set_up_leaf
from words import _

BUTTON_CELL = (4, 1)
"""Row and column of the cell that the button covers, counted from 0."""
_FIRST, _LAST = 1, 5
"""The columns in use."""
_WIDTH = 27
_TITLE, _DATE, _ACTION, _RESULT, _NUMBERS, _LABELS, _HELP = 1, 2, 4, 5, 7, 8, 10
_CHANGES = 14
_PROBLEMS = _CHANGES + CHANGES_ROWS + 2
_ADVICE = 3
_HEIGHTS = {
    0: 12, _TITLE: 34, _DATE: 20, 3: 8, _ACTION: 36, _RESULT: 34, 6: 8, _NUMBERS: 46, _LABELS: 24,
    9: 14, 13: 14, _CHANGES: 24, _PROBLEMS - 1: 14, _PROBLEMS: 24, _PROBLEMS + 1: 20,
}  # fmt: skip
_MOST_PROBLEMS = 2000
_LONG_DATE = 14
_QUIET = MappingProxyType({"font_color": QUIET, "valign": "vcenter"})
_SECTION = MappingProxyType(
    {"font_size": 13, "bold": True, "font_color": ACCENT, "valign": "vcenter"}
)


def write_start(page: Page, shown: ShownTable, command_for: str | None) -> None:
    """Fill the first sheet.

    shown: the clients, from whom the stored results of its formulas come. command_for: the file's
    name in the command that stands in place of the button; None leaves the place free for the
    button.
    """
    sheet = page.sheet
    set_up_leaf(sheet)
    sheet.set_column(0, 0, 2)
    sheet.set_column(_FIRST, _LAST, _WIDTH)
    for row, height in _HEIGHTS.items():
        sheet.set_row(row, height)
    page.write(_TITLE, _FIRST, _("Your clients today"), **TITLE)
    date = page.look(**_QUIET, num_format=_LONG_DATE, align="left")
    page.write_figure(_DATE, _FIRST, Figures(page.config).today, date, shown)
    _write_action(page, command_for)
    _write_counts(page, shown)
    help_lines = (
        _(
            "Type clients, purchases and contacts on their sheets: the white columns are yours; "
            "on Clients, + above the headings shows the rest of them."
        ),
        _("The grey columns are filled by the program; what you type there is replaced."),
        _(
            "Your own rules: on the sheet {sheet}, or in a file config.yaml beside this workbook."
        ).format(sheet=page.config.sheet("rules")),
    )
    for row, text in enumerate(help_lines, _HELP):
        page.write(row, _FIRST, text, **_QUIET)
    page.write(_CHANGES, _FIRST, _("Who moved"), **_SECTION)
    moved = _(
        "Here stands who changed group, stage or class with the last recalculation "
        "that moved anybody."
    )
    page.write(_CHANGES + 1, _FIRST, moved, **_QUIET)
    _name(page, CHANGES, _CHANGES + 1)
    _write_problem_list(page)
    sheet.set_selection(_TITLE, _FIRST, _TITLE, _FIRST)


def _write_action(page: Page, command_for: str | None) -> None:
    if command_for is not None:
        file = f'"{command_for}"' if " " in command_for else command_for
        text = _("Close this file, then run: clientbase recalc {file}").format(file=file)
        page.write(_ACTION, _FIRST, text, bold=True, valign="vcenter", font_color=ACCENT)
    result = page.look(text_wrap=True, valign="vcenter", italic=True)
    page.sheet.merge_range(_RESULT, _FIRST, _RESULT, _LAST, "", result)
    _name(page, RESULT, _RESULT)


def _write_counts(page: Page, shown: ShownTable) -> None:
    labels = (
        _("clients"),
        _("overdue contacts"),
        _("due today"),
        _("due in the next 7 days"),
        _("gifts in the next 7 days"),
    )
    # white edges part the cards, which stand in neighbouring cells
    card = {"bg_color": TINT, "align": "center", "left": 5, "right": 5}
    card |= {"left_color": "#FFFFFF", "right_color": "#FFFFFF"}
    number_look = {"font_size": 26, "bold": True, "font_color": ACCENT, "valign": "bottom"}
    number = page.look(**card, **number_look, num_format="#,##0")
    label = page.look(**card, **_QUIET)
    figures = zip(labels, Figures(page.config).counts, strict=True)
    for column, (text, figure) in enumerate(figures, _FIRST):
        page.write_figure(_NUMBERS, column, figure, number, shown)
        page.sheet.write_string(_LABELS, column, text, label)
    looks = (page.look(font_color=RED), page.look(bg_color=AMBER))
    for column, look in enumerate(looks, _FIRST + 1):
        formula = f"=${column_letters(column + 1)}${_NUMBERS + 1}>0"
        page.mark((_NUMBERS, column, _LABELS, column), formula, look)


def _write_problem_list(page: Page) -> None:
    page.write(_PROBLEMS, _FIRST, _("Cells to look at"), **_SECTION)
    heading = page.look(bold=True, font_color=QUIET, bottom=1, bottom_color=ACCENT)
    for column in range(_FIRST, _LAST + 1):
        page.sheet.write_blank(_PROBLEMS + 1, column, None, heading)
    for column, text in enumerate((_("Where"), _("Found"), _("What to do")), _FIRST):
        page.sheet.write_string(_PROBLEMS + 1, column, text, heading)
    first, last = _PROBLEMS + 2, _PROBLEMS + 1 + _MOST_PROBLEMS
    line = {"bottom": 1, "bottom_color": GREY}
    link = page.look(**line, font_color=ACCENT, underline=1)
    for looked_at, until, look in ((_FIRST, _FIRST, link), (_ADVICE, _LAST, page.look(**line))):
        formula = f'=${column_letters(looked_at + 1)}{first + 1}<>""'
        page.mark((first, _FIRST, last, until), formula, look)
    _name(page, PROBLEMS, first)


def _name(page: Page, name: str, row: int) -> None:
    """Give the cell of the first column in *row* the defined *name*."""
    quoted = page.sheet.get_name().replace("'", "''")
    page.workbook.define_name(name, f"='{quoted}'!$B${row + 1}")
