"""The sheet with the charts, over small tables of formulas that count in Clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from batch.formulas.figures import Figure, Figures, ShownTable
from batch.formulas.marks import colours
from batch.writer.look import ACCENT, QUIET, SHADES, TINT, TITLE, Page, set_up_leaf
from words import _

_LEFT, _RIGHT = 1, 7
"""The first columns of the two halves of the sheet."""
_HALF = 5
"""Columns of a half."""
_TITLE, _NOTE, _CHARTS = 1, 2, 4
_CHART_ROWS = 15
_ROW_PIXELS = 20
_LABEL_WIDTH, _NUMBER_WIDTH, _GAP_WIDTH = 17, 13, 3
_HALF_PIXELS = (_LABEL_WIDTH * 7 + 5) + (_HALF - 1) * (_NUMBER_WIDTH * 7 + 5) - 8
_LINE = "#9A5B00"
_BARE_AXIS = MappingProxyType(
    {
        "min": 0,
        "label_position": "none",
        "major_tick_mark": "none",
        "line": {"none": True},
        "major_gridlines": {"visible": False},
    }
)
"""An axis that isn't seen. One that is switched off altogether takes the scale of its line along,
in LibreOffice."""
_PLOT = MappingProxyType({"x": 0.04, "y": 0.2, "width": 0.92, "height": 0.56})
"""Where the columns stand in a chart, in shares of it: below the title, above the legend."""
_COUNT = "#,##0"
_NO_ZERO = "#,##0;-#,##0;;"
_PERCENT_NO_ZERO = "0%;-0%;;"
_HEADING = MappingProxyType(
    {"bold": True, "font_color": QUIET, "bottom": 1, "bottom_color": ACCENT}
)
_ROW = MappingProxyType({"bottom": 1, "bottom_color": TINT})
"""The looks of the small tables."""


@dataclass(frozen=True)
class _Leaf:
    """The sheet, and what its parts are made from."""

    page: Page
    figures: Figures
    shown: ShownTable

    def write_table(
        self,
        row: int,
        column: int,
        headings: Sequence[str],
        names: Sequence[str],
        figures: Sequence[tuple[Callable[[str], Figure], Format]],
        *,
        centred: bool = False,
    ) -> tuple[int, int]:
        """Write a table with a row for each of *names*: its figures, each with its look. Gives its
        first and last row below the headings.

        The first heading stands at the left; the others as the numbers below them.
        """
        page = self.page
        page.write(row, column, headings[0], **_HEADING, align="left")
        later = page.look(**_HEADING, align="center" if centred else "right")
        for place, heading in enumerate(headings[1:], column + 1):
            page.sheet.write_string(row, place, heading, later)
        label = page.look(**_ROW, align="left", valign="vcenter")
        for at, name in enumerate(names, row + 1):
            page.sheet.write_string(at, column, name, label)
            for place, (figure, look) in enumerate(figures, column + 1):
                page.write_figure(at, place, figure(name), look, self.shown)
        return row + 1, row + len(names)


def write_charts(page: Page, shown: ShownTable) -> None:
    """Fill the sheet: turnover by ABC class with the cumulative share, clients per group, and
    classes by how much and how evenly they buy.

    shown: the clients, from whom the stored results come. Before the first recalculation all
    counts are zero and a line says so.
    """
    sheet = page.sheet
    set_up_leaf(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 2)
    for first in (_LEFT, _RIGHT):
        sheet.set_column(first, first, _LABEL_WIDTH)
        sheet.set_column(first + 1, first + _HALF - 1, _NUMBER_WIDTH)
    sheet.set_column(_RIGHT - 1, _RIGHT - 1, _GAP_WIDTH)
    sheet.set_row(_TITLE, 34)
    page.write(_TITLE, _LEFT, _("Your clients in pictures"), **TITLE)
    quiet = page.look(font_color=QUIET)
    leaf = _Leaf(page, Figures(page.config), shown)
    page.write_figure(_NOTE, _LEFT, leaf.figures.nothing_yet, quiet, shown)
    tables = _CHARTS + _CHART_ROWS + 1
    _write_abc(leaf, tables)
    _write_groups(leaf, tables)
    _write_xyz(
        leaf, tables + max(len(leaf.figures.words("size")), len(leaf.figures.words("sticker"))) + 2
    )
    sheet.set_selection(_TITLE, _LEFT, _TITLE, _LEFT)


def _write_abc(leaf: _Leaf, row: int) -> None:
    page, figures = leaf.page, leaf.figures
    count, share = page.look(**_ROW, num_format=_COUNT), page.look(**_ROW, num_format="0%")
    headings = [figures.heading("size"), _("Clients")]
    headings += [figures.heading("money"), _("Cumulative")]
    columns = (
        (partial(figures.clients, "size"), count),
        (figures.turnover, count),
        (figures.cumulative, share),
    )
    rows = leaf.write_table(row, _LEFT, headings, leaf.figures.words("size"), columns)
    chart = _chart(page, {"type": "column"}, _("Turnover in the year by class"))
    chart.add_series(_series(page, rows, _LEFT + 2, SHADES[1], _NO_ZERO))
    cumulative = _series(page, rows, _LEFT + 3, _LINE, _PERCENT_NO_ZERO)
    chart.combine(_line_on_second_axis(page, cumulative))
    chart.set_legend({"position": "bottom"})
    _insert(page, chart, _CHARTS, _LEFT)


def _line_on_second_axis(page: Page, series: dict[str, Any]) -> Chart:
    """The *series* as a line, whose scale leaves room for a label above 100 %."""
    chart: Chart = page.workbook.add_chart({"type": "line"})
    label = {"position": "above", "font": {"bold": True, "color": _LINE}}
    chart.add_series(
        series
        | {
            "y2_axis": True,
            "line": {"color": _LINE, "width": 2.25},
            "marker": {"type": "circle", "size": 7, "fill": {"color": _LINE}},
            "data_labels": series["data_labels"] | label,
        }
    )
    chart.set_y2_axis({**_BARE_AXIS, "max": 1.15})
    return chart


def _write_groups(leaf: _Leaf, row: int) -> None:
    page, groups = leaf.page, leaf.figures.words("sticker")
    headings = [leaf.figures.heading("sticker"), _("Clients")]
    count = page.look(**_ROW, num_format=_COUNT)
    columns = [(partial(leaf.figures.clients, "sticker"), count)]
    rows = leaf.write_table(row, _RIGHT, headings, groups, columns)
    chart = _chart(page, {"type": "column"}, _("Clients per group"))
    stickers = colours(page.config.rooms.columns[leaf.figures.roles["sticker"]], page.config)
    points = [{"fill": {"color": stickers.get(name, SHADES[1])}} for name in groups]
    chart.add_series({**_series(page, rows, _RIGHT + 1, SHADES[1], _NO_ZERO), "points": points})
    chart.set_legend({"none": True})
    _insert(page, chart, _CHARTS, _RIGHT)


def _write_xyz(leaf: _Leaf, row: int) -> None:
    """Which class of turnover buys how evenly: as a table whose fuller cells are darker, and as
    stacked columns.
    """
    page, sheet, figures = leaf.page, leaf.page.sheet, leaf.figures
    size, evenly = figures.heading("size"), figures.heading("evenness")
    abc, xyz = leaf.figures.words("size"), leaf.figures.words("evenness")
    headings = [f"{size} × {evenly}", *xyz]
    table, right = row + 2, _RIGHT + len(xyz)
    count = page.look(num_format=_COUNT, align="center", valign="vcenter")
    columns = [(partial(figures.crossed, xyz=evenness), count) for evenness in xyz]
    first, last = leaf.write_table(table, _RIGHT, headings, abc, columns, centred=True)
    for at in range(first, last + 1):
        sheet.set_row(at, 30)
    heat: dict[str, object] = {"type": "2_color_scale", "min_type": "num", "min_value": 0}
    heat |= {"min_color": "#FFFFFF", "max_color": SHADES[1]}
    sheet.conditional_format(first, _RIGHT + 1, last, right, heat)
    title = _("How much ({abc}) and how evenly ({xyz}) they buy").format(abc=size, xyz=evenly)
    chart = _chart(page, {"type": "column", "subtype": "stacked"}, title)
    name_of = sheet.get_name()
    for at, shade in zip(range(first, last + 1), SHADES, strict=True):
        chart.add_series(
            {
                "name": [name_of, at, _RIGHT],
                "categories": [name_of, table, _RIGHT + 1, table, right],
                "values": [name_of, at, _RIGHT + 1, at, right],
                "fill": {"color": shade},
                "gap": 60,
                "data_labels": {"value": True, "num_format": _NO_ZERO},
            }
        )
    chart.set_legend({"position": "bottom"})
    _insert(page, chart, row, _LEFT)


def _chart(page: Page, kind: dict[str, str], title: str) -> Chart:
    """A quiet chart: labels at the columns instead of an axis with gridlines."""
    chart: Chart = page.workbook.add_chart(kind)
    font = {"size": 12, "bold": True, "color": ACCENT}
    chart.set_title({"name": title, "name_font": font, "overlay": False})
    chart.set_y_axis(dict(_BARE_AXIS))
    chart.set_x_axis({"num_font": {"size": 10}, "line": {"color": QUIET}})
    chart.set_chartarea({"border": {"color": TINT}})
    chart.set_plotarea({"layout": _PLOT})
    return chart


def _series(
    page: Page, rows: tuple[int, int], column: int, colour: str, labels: str
) -> dict[str, Any]:
    """A column of a table, from the first to the last of its *rows*, as a series of a chart."""
    name, (first, last) = page.sheet.get_name(), rows
    label = _LEFT if column < _RIGHT else _RIGHT
    return {
        "name": [name, first - 1, column],
        "categories": [name, first, label, last, label],
        "values": [name, first, column, last, column],
        "fill": {"color": colour},
        "gap": 60,
        "data_labels": {"value": True, "num_format": labels},
    }


def _insert(page: Page, chart: Chart, row: int, column: int) -> None:
    chart.set_size({"width": _HALF_PIXELS, "height": _CHART_ROWS * _ROW_PIXELS})
    page.sheet.insert_chart(row, column, chart, {"object_position": 2})
