"""The sheet with the charts, over small tables of formulas that count in Clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from batch.formulas.figures import Figure, Figures, ShownTable
from batch.writer.look import ACCENT, QUIET, SHADES, TINT, colours, set_up_leaf, write_figure
from rules.config.settings import Config
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


@dataclass(frozen=True)
class _Looks:
    """The formats of the small tables."""

    first_heading: Format
    heading: Format
    centred_heading: Format
    label: Format
    count: Format
    percent: Format


@dataclass(frozen=True)
class _Leaf:
    """The sheet, and what its parts are made from."""

    workbook: Workbook
    sheet: Worksheet
    config: Config
    figures: Figures
    shown: ShownTable
    looks: _Looks

    def write(self, row: int, column: int, figure: Figure, look: Format) -> None:
        """Write the formula of a figure with what it gives."""
        write_figure(self.sheet, row, column, figure, look, self.shown)

    def heading(self, key: str) -> str:
        """The heading of a filled column."""
        return self.figures.headings[key]


def write_charts(workbook: Workbook, sheet: Worksheet, config: Config, shown: ShownTable) -> None:
    """Fill the sheet: turnover by ABC class with the cumulative share, clients per group, and
    classes by how much and how evenly they buy.

    shown: the clients, from whom the stored results come. Before the first recalculation all
    counts are zero and a line says so.
    """
    set_up_leaf(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 2)
    for first in (_LEFT, _RIGHT):
        sheet.set_column(first, first, _LABEL_WIDTH)
        sheet.set_column(first + 1, first + _HALF - 1, _NUMBER_WIDTH)
    sheet.set_column(_RIGHT - 1, _RIGHT - 1, _GAP_WIDTH)
    sheet.set_row(_TITLE, 34)
    title = workbook.add_format({"font_size": 22, "bold": True, "font_color": ACCENT})
    sheet.write_string(_TITLE, _LEFT, _("Your clients in pictures"), title)
    quiet = workbook.add_format({"font_color": QUIET})
    leaf = _Leaf(workbook, sheet, config, Figures(config), shown, _looks(workbook))
    leaf.write(_NOTE, _LEFT, leaf.figures.nothing_yet, quiet)
    tables = _CHARTS + _CHART_ROWS + 1
    _write_abc(leaf, tables)
    _write_groups(leaf, tables)
    below = (
        tables + max(len(config.decided_words()["abc"]), len(config.decided_words()["group"])) + 2
    )
    _write_xyz(leaf, below)
    sheet.set_selection(_TITLE, _LEFT, _TITLE, _LEFT)


def _looks(workbook: Workbook) -> _Looks:
    heading = {"bold": True, "font_color": QUIET, "bottom": 1, "bottom_color": ACCENT}
    line = {"bottom": 1, "bottom_color": TINT}
    return _Looks(
        workbook.add_format({**heading, "align": "left"}),
        workbook.add_format({**heading, "align": "right"}),
        workbook.add_format({**heading, "align": "center"}),
        workbook.add_format({**line, "align": "left", "valign": "vcenter"}),
        workbook.add_format({**line, "num_format": _COUNT}),
        workbook.add_format({**line, "num_format": "0%"}),
    )


def _write_abc(leaf: _Leaf, row: int) -> None:
    workbook, sheet, looks, figures = leaf.workbook, leaf.sheet, leaf.looks, leaf.figures
    headings = [leaf.heading("abc"), _("Clients")]
    headings += [leaf.heading("turnover"), _("Cumulative")]
    _write_headings(sheet, row, _LEFT, headings, looks)
    first, last = row + 1, row + len(leaf.config.decided_words()["abc"])
    for at, name in enumerate(leaf.config.decided_words()["abc"], first):
        sheet.write_string(at, _LEFT, name, looks.label)
        leaf.write(at, _LEFT + 1, figures.clients("abc", name), looks.count)
        leaf.write(at, _LEFT + 2, figures.turnover(name), looks.count)
        leaf.write(at, _LEFT + 3, figures.cumulative(name), looks.percent)
    chart = _chart(workbook, {"type": "column"}, _("Turnover in the year by class"))
    chart.add_series(_series(sheet, row, first, last, _LEFT + 2, SHADES[1], _NO_ZERO))
    share = _series(sheet, row, first, last, _LEFT + 3, _LINE, _PERCENT_NO_ZERO)
    chart.combine(_line_on_second_axis(workbook, share))
    chart.set_legend({"position": "bottom"})
    _insert(sheet, chart, _CHARTS, _LEFT)


def _line_on_second_axis(workbook: Workbook, series: dict[str, Any]) -> Chart:
    """The *series* as a line, whose scale leaves room for a label above 100 %."""
    chart: Chart = workbook.add_chart({"type": "line"})
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
    workbook, sheet, looks = leaf.workbook, leaf.sheet, leaf.looks
    groups, stickers = leaf.config.decided_words()["group"], colours("group", leaf.config)
    _write_headings(sheet, row, _RIGHT, [leaf.heading("group"), _("Clients")], looks)
    first, last = row + 1, row + len(groups)
    for at, name in enumerate(groups, first):
        sheet.write_string(at, _RIGHT, name, looks.label)
        leaf.write(at, _RIGHT + 1, leaf.figures.clients("group", name), looks.count)
    chart = _chart(workbook, {"type": "column"}, _("Clients per group"))
    series = _series(sheet, row, first, last, _RIGHT + 1, SHADES[1], _NO_ZERO)
    points = [{"fill": {"color": stickers.get(name, SHADES[1])}} for name in groups]
    chart.add_series({**series, "points": points})
    chart.set_legend({"none": True})
    _insert(sheet, chart, _CHARTS, _RIGHT)


def _write_xyz(leaf: _Leaf, row: int) -> None:
    """Which class of turnover buys how evenly: as a table whose fuller cells are darker, and as
    stacked columns.
    """
    workbook, sheet, config, looks = leaf.workbook, leaf.sheet, leaf.config, leaf.looks
    axes = {key: leaf.heading(key) for key in ("abc", "xyz")}
    corner = f"{axes['abc']} × {axes['xyz']}"
    table = row + 2
    _write_headings(
        sheet, table, _RIGHT, [corner, *config.decided_words()["xyz"]], looks, centred=True
    )
    first, last = table + 1, table + len(config.decided_words()["abc"])
    right = _RIGHT + len(config.decided_words()["xyz"])
    count = workbook.add_format({"num_format": _COUNT, "align": "center", "valign": "vcenter"})
    for at, name in enumerate(config.decided_words()["abc"], first):
        sheet.set_row(at, 30)
        sheet.write_string(at, _RIGHT, name, looks.label)
        for column, evenness in enumerate(config.decided_words()["xyz"], _RIGHT + 1):
            leaf.write(at, column, leaf.figures.crossed(name, evenness), count)
    heat: dict[str, object] = {"type": "2_color_scale", "min_type": "num", "min_value": 0}
    heat |= {"min_color": "#FFFFFF", "max_color": SHADES[1]}
    sheet.conditional_format(first, _RIGHT + 1, last, right, heat)
    title = _("How much ({abc}) and how evenly ({xyz}) they buy").format(**axes)
    chart = _chart(workbook, {"type": "column", "subtype": "stacked"}, title)
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
    _insert(sheet, chart, row, _LEFT)


def _write_headings(
    sheet: Worksheet,
    row: int,
    column: int,
    headings: Sequence[str],
    looks: _Looks,
    *,
    centred: bool = False,
) -> None:
    """The first heading at the left; the others as the numbers below them."""
    later = looks.centred_heading if centred else looks.heading
    for number, heading in enumerate(headings):
        sheet.write_string(row, column + number, heading, later if number else looks.first_heading)


def _chart(workbook: Workbook, kind: dict[str, str], title: str) -> Chart:
    """A quiet chart: labels at the columns instead of an axis with gridlines."""
    chart: Chart = workbook.add_chart(kind)
    font = {"size": 12, "bold": True, "color": ACCENT}
    chart.set_title({"name": title, "name_font": font, "overlay": False})
    chart.set_y_axis(dict(_BARE_AXIS))
    chart.set_x_axis({"num_font": {"size": 10}, "line": {"color": QUIET}})
    chart.set_chartarea({"border": {"color": TINT}})
    chart.set_plotarea({"layout": _PLOT})
    return chart


def _series(
    sheet: Worksheet, heading: int, first: int, last: int, column: int, colour: str, labels: str
) -> dict[str, Any]:
    name = sheet.get_name()
    label = _LEFT if column < _RIGHT else _RIGHT
    return {
        "name": [name, heading, column],
        "categories": [name, first, label, last, label],
        "values": [name, first, column, last, column],
        "fill": {"color": colour},
        "gap": 60,
        "data_labels": {"value": True, "num_format": labels},
    }


def _insert(sheet: Worksheet, chart: Chart, row: int, column: int) -> None:
    chart.set_size({"width": _HALF_PIXELS, "height": _CHART_ROWS * _ROW_PIXELS})
    sheet.insert_chart(row, column, chart, {"object_position": 2})
