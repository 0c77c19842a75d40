"""The first sheet: the button, the day's counts, three lines of help, and the cells to look at."""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.cells import column_letters
from batch.formulas.figures import Figures, ShownTable
from batch.recalculation.firstsheet import CHANGES, CHANGES_ROWS, PROBLEMS, RESULT
from batch.writer.look import ACCENT, AMBER, GREY, QUIET, RED, TINT, set_up_leaf, write_figure
from rules.config.settings import Config
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


def write_start(
    workbook: Workbook,
    sheet: Worksheet,
    config: Config,
    shown: ShownTable,
    command_for: str | None,
) -> None:
    """Fill the first sheet.

    shown: the clients, from whom the stored results of its formulas come. command_for: the file's
    name in the command that stands in place of the button; None leaves the place free for the
    button.
    """
    set_up_leaf(sheet)
    sheet.set_column(0, 0, 2)
    sheet.set_column(_FIRST, _LAST, _WIDTH)
    for row, height in _HEIGHTS.items():
        sheet.set_row(row, height)
    title = workbook.add_format({"font_size": 22, "bold": True, "font_color": ACCENT})
    sheet.write_string(_TITLE, _FIRST, _("Your clients today"), title)
    quiet = {"font_color": QUIET, "valign": "vcenter"}
    date = workbook.add_format({**quiet, "num_format": _LONG_DATE, "align": "left"})
    write_figure(sheet, _DATE, _FIRST, Figures(config).today, date, shown)
    _write_action(workbook, sheet, command_for)
    _write_counts(workbook, sheet, config, shown)
    help_line = workbook.add_format(quiet)
    for number, text in enumerate(
        (
            _("Type clients, purchases and contacts on their sheets: the white columns are yours."),
            _("The grey columns are filled by the program; what you type there is replaced."),
            _("Your own rules: a file config.yaml beside this workbook (see README)."),
        )
    ):
        sheet.write_string(_HELP + number, _FIRST, text, help_line)
    sheet.write_string(_CHANGES, _FIRST, _("Who moved"), _section(workbook))
    sheet.write_string(
        _CHANGES + 1,
        _FIRST,
        _(
            "Here stands who changed group, stage or class with the last recalculation "
            "that moved anybody."
        ),
        workbook.add_format(quiet),
    )
    _name(workbook, CHANGES, sheet, _CHANGES + 1)
    _write_problem_list(workbook, sheet)
    sheet.set_selection(_TITLE, _FIRST, _TITLE, _FIRST)


def _write_action(workbook: Workbook, sheet: Worksheet, command_for: str | None) -> None:
    if command_for is not None:
        command = workbook.add_format({"bold": True, "valign": "vcenter", "font_color": ACCENT})
        file = f'"{command_for}"' if " " in command_for else command_for
        text = _("Close this file, then run: clientbase recalc {file}").format(file=file)
        sheet.write_string(_ACTION, _FIRST, text, command)
    result = workbook.add_format({"text_wrap": True, "valign": "vcenter", "italic": True})
    sheet.merge_range(_RESULT, _FIRST, _RESULT, _LAST, "", result)
    _name(workbook, RESULT, sheet, _RESULT)


def _write_counts(workbook: Workbook, sheet: Worksheet, config: Config, shown: ShownTable) -> None:
    labels = (
        _("clients"),
        _("overdue contacts"),
        _("due today"),
        _("due in the next 7 days"),
        _("gifts in the next 7 days"),
    )
    # white edges part the cards, which stand in neighbouring cells
    card = {"bg_color": TINT, "align": "center", "left": 5, "right": 5}
    edges = {"left_color": "#FFFFFF", "right_color": "#FFFFFF"}
    number_look = {"font_size": 26, "bold": True, "font_color": ACCENT, "valign": "bottom"}
    number = workbook.add_format({**card, **edges, **number_look, "num_format": "#,##0"})
    label = workbook.add_format({**card, **edges, "font_color": QUIET, "valign": "vcenter"})
    figures = zip(labels, Figures(config).counts, strict=True)
    for column, (text, figure) in enumerate(figures, _FIRST):
        write_figure(sheet, _NUMBERS, column, figure, number, shown)
        sheet.write_string(_LABELS, column, text, label)
    looks = ({"font_color": RED}, {"bg_color": AMBER})
    for column, look in enumerate(looks, _FIRST + 1):
        count = f"${column_letters(column + 1)}${_NUMBERS + 1}"
        rule = {"type": "formula", "criteria": f"={count}>0", "format": workbook.add_format(look)}
        sheet.conditional_format(_NUMBERS, column, _LABELS, column, rule)


def _write_problem_list(workbook: Workbook, sheet: Worksheet) -> None:
    heading = workbook.add_format(
        {"bold": True, "font_color": QUIET, "bottom": 1, "bottom_color": ACCENT}
    )
    sheet.write_string(_PROBLEMS, _FIRST, _("Cells to look at"), _section(workbook))
    for column in range(_FIRST, _LAST + 1):
        sheet.write_blank(_PROBLEMS + 1, column, None, heading)
    for column, text in enumerate((_("Where"), _("Found"), _("What to do")), _FIRST):
        sheet.write_string(_PROBLEMS + 1, column, text, heading)
    first, last = _PROBLEMS + 2, _PROBLEMS + 1 + _MOST_PROBLEMS
    edge = {"bottom": 1, "bottom_color": GREY}
    link = workbook.add_format({**edge, "font_color": ACCENT, "underline": 1})
    line = workbook.add_format(edge)
    for looked_at, until, look in ((_FIRST, _FIRST, link), (_ADVICE, _LAST, line)):
        cell = f"${column_letters(looked_at + 1)}{first + 1}"
        rule = {"type": "formula", "criteria": f'={cell}<>""', "format": look}
        sheet.conditional_format(first, _FIRST, last, until, rule)
    _name(workbook, PROBLEMS, sheet, first)


def _section(workbook: Workbook) -> Format:
    """The look of the heading of a section."""
    look = {"font_size": 13, "bold": True, "font_color": ACCENT, "valign": "vcenter"}
    return workbook.add_format(look)


def _name(workbook: Workbook, name: str, sheet: Worksheet, row: int) -> None:
    """Give the cell of the first column in *row* the defined *name*."""
    quoted = sheet.get_name().replace("'", "''")
    workbook.define_name(name, f"='{quoted}'!$B${row + 1}")
