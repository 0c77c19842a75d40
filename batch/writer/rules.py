"""The sheet on which she may change the rules that are changed most: as shipped in grey, hers
beside it.
"""

from __future__ import annotations

from types import MappingProxyType

from batch.configuration import shipped_text
from batch.formulas.marks import GREY, LIGHT_GREY
from batch.recalculation.rulesheet import MINE, RULE, SETTING, SHIPPED, UNIT
from batch.writer.look import ACCENT, QUIET, TITLE, Page, set_up_page
from rules.config import yaml_text
from rules.rulesheet import PARTS, Asked, found_in, named, shown_value
from words import _

_RULE, _SHIPPED, _MINE, _UNIT, _SETTING = 1, 2, 3, 4, 5
"""The columns in use."""
_WIDTHS = {0: 2, _RULE: 54, _SHIPPED: 24, _MINE: 24, _UNIT: 18}
_TITLE, _NOTES, _HEADINGS = 1, 2, 5
_HERS = "#FFF8E1"
_AS_TYPED, _WHOLE = 49, 3
"""Excel's built-in @ and #,##0."""
_HEADING = MappingProxyType({"bold": True, "bottom": 1, "valign": "vcenter"})
_LINE = MappingProxyType({"bottom": 1, "bottom_color": GREY, "valign": "vcenter"})
"""Below each row."""


def write_rules(page: Page) -> None:
    """Fill the sheet: a row for each setting, with what is shipped and a cell for hers."""
    sheet = page.sheet
    set_up_page(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(ACCENT)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    sheet.set_column(_SETTING, _SETTING, None, None, {"hidden": True})
    sheet.set_row(_TITLE, 34)
    page.write(_TITLE, _RULE, _("Your rules"), **TITLE)
    notes = (
        _(
            "Write under '{mine}' what you want otherwise; where nothing stands, the grey value "
            "counts."
        ),
        _("It counts from the next recalculation. A config.yaml of yours goes before this sheet."),
    )
    for row, note in enumerate(notes, _NOTES):
        page.write(row, _RULE, note.format(mine=_(MINE)), font_color=QUIET, valign="vcenter")
    _write_headings(page)
    last = _write_parts(page)
    page.keep_texts((_SHIPPED, _MINE), _HEADINGS + 1, last)
    sheet.print_area(0, 0, last, _UNIT)
    sheet.set_selection(_HEADINGS + 2, _MINE, _HEADINGS + 2, _MINE)


def _write_headings(page: Page) -> None:
    page.sheet.set_row(_HEADINGS, 24)
    headings = {_RULE: RULE, _SHIPPED: SHIPPED, _MINE: MINE, _UNIT: UNIT, _SETTING: SETTING}
    for column, heading in headings.items():
        look: dict[str, object] = (
            {**_HEADING, "bg_color": GREY} if column == _SHIPPED else {**_HEADING}
        )
        look |= (
            {"align": "center"} if column in {_SHIPPED, _MINE} else {"indent": int(column == _UNIT)}
        )
        page.write(_HEADINGS, column, _(heading), **look)


def _write_parts(page: Page) -> int:
    """Write all settings below the title of their part; gives the last row."""
    english = yaml_text.read(shipped_text("en"))[0]
    shipped = yaml_text.read(shipped_text(page.config.based_on))[0]
    row = _HEADINGS
    for title, part in PARTS.items():
        row += 1
        page.sheet.set_row(row, 26)
        page.write(row, _RULE, _(title), bold=True, font_color=ACCENT, valign="bottom")
        for asked in part:
            row += 1
            *_before, (_path, _mark, value) = found_in(
                shipped, named(asked.setting, english, shipped)
            )
            _write_setting(
                page, row, asked, shown_value(asked, value if isinstance(value, str) else "")
            )
    return row


def _write_setting(page: Page, row: int, asked: Asked, value: str | int) -> None:
    sheet, kind = page.sheet, asked.kind
    sheet.set_row(row, 21)
    page.write(row, _RULE, _(asked.sentence), **_LINE, indent=1)
    number = {"num_format": _WHOLE} if kind.read in {"money", "number"} else {}
    shipped = page.look(**_LINE, align="center", bg_color=LIGHT_GREY, font_color=QUIET, **number)
    sheet.write(row, _SHIPPED, value, shipped)
    # as text, "10-12" stays what she typed; of a number typed with % Excel makes percents itself
    typed = {"num_format": _AS_TYPED} if kind.read == "text" else number
    hers = page.look(**_LINE, align="center", bg_color=_HERS, bold=True, **typed)
    sheet.write_blank(row, _MINE, None, hers)
    page.write(row, _UNIT, _(kind.unit) if kind.unit else "", **_LINE, font_color=QUIET, indent=1)
    page.write(row, _SETTING, asked.setting, font_color=QUIET)
    sheet.data_validation(row, _MINE, row, _MINE, _allowed(asked))


def _allowed(asked: Asked) -> dict[str, object]:
    """What Excel says when the cell is chosen, and of what can't be meant; it refuses nothing,
    since "50 000 р" can be read, too.
    """
    kind = asked.kind
    rule: dict[str, object] = {"validate": "any"}
    if kind.choices:
        rule = {"validate": "list", "source": [_(one) for one in kind.choices.values()]}
    elif kind.read != "text":
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    allowed = _("Here you may write: {allowed}.").format(allowed=_(kind.allowed))
    message = {"input_title": _(MINE), "input_message": allowed, "error_message": allowed}
    return {**rule, **message, "error_title": _(MINE), "error_type": "information"}
