"""The charts, and the small tables of formulas under them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batch.formulas import figures
from tests.bases import config
from tests.batch.writer.made import computed, made, part, sheet, strings


def rows(path: Path, name: str, first: str, last: str, top: int, count: int) -> list[list[object]]:
    """A block of the sheet, formulas computed."""
    cells, values = computed(path, name), sheet(path, name)
    letters = [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [
        [cells.get(f"{letter}{row}", values[f"{letter}{row}"].value) for letter in letters]
        for row in range(top, top + count)
    ]


def test_turnover_by_class_adds_up_to_the_whole(example: Path) -> None:
    """403 770, 632 540 and 782 930 of 782 930."""
    head, *classes = rows(example, "Charts", "B", "E", 21, 4)
    assert head == ["ABC", "Clients", "Turnover", "Cumulative"]
    assert [row[:3] for row in classes] == [["A", 5, 403770], ["B", 7, 228770], ["C", 21, 150390]]
    shares = [row[3] for row in classes]
    assert shares == [pytest.approx(part) for part in (403770 / 782930, 632540 / 782930, 1)]


def test_every_group_is_counted(example: Path) -> None:
    assert rows(example, "Charts", "H", "I", 21, 5) == [
        ["Group", "Clients"],
        ["VIP", 6],
        ["Potential", 13],
        ["Client", 19],
        ["Waiting", 6],
    ]


def test_classes_are_crossed(example: Path) -> None:
    assert rows(example, "Charts", "H", "K", 29, 4) == [
        ["ABC × XYZ", "X", "Y", "Z"],
        ["A", 1, 2, 2],
        ["B", 2, 4, 1],
        ["C", 2, 3, 12],
    ]


def test_an_empty_base_shows_zeros_and_says_why(tmp_path: Path, example: Path) -> None:
    cells = computed(made(tmp_path), "Charts")
    assert cells.pop("B3") == "The charts fill with the first recalculation."
    assert set(cells.values()) == {0}
    assert computed(example, "Charts")["B3"] == ""


def test_there_are_three_charts_in_the_words_of_the_rules(tmp_path: Path) -> None:
    path = made(tmp_path, config("based_on: ru"))
    charts = [part(path, f"xl/charts/chart{number}.xml") for number in (1, 2, 3)]
    titles = [re.findall(r"<a:t>(.*?)</a:t>", chart) for chart in charts]
    assert titles == [
        ["Оборот за год по классам"],
        ["Клиенты по группам"],
        ["Сколько (ABC) и как ровно (XYZ) покупают"],
    ]
    assert all("Графики!" in chart for chart in charts)


def test_the_cumulated_share_has_an_axis_of_its_own(tmp_path: Path) -> None:
    chart = part(made(tmp_path), "xl/charts/chart1.xml")
    assert "<c:barChart>" in chart
    assert "<c:lineChart>" in chart
    assert chart.count("<c:valAx>") == 2


def test_groups_have_the_colours_of_their_stickers(tmp_path: Path) -> None:
    rules = config(
        "groups: [{off: yes}, {name: VIP, colour: red, when: {bought: {is: yes}}}, {name: All}]\n"
        "contacts: {rules: []}\ngifts: {multipliers: [], list: []}"
    )
    chart = part(made(tmp_path, rules), "xl/charts/chart2.xml")
    points = re.findall(r"<c:dPt>.*?</c:dPt>", chart)
    colours = [re.findall(r'srgbClr val="(\w+)"', point) for point in points]
    assert colours == [["F4A6A6"], ["A3CDD0"]]


def test_more_groups_than_classes_leave_room_for_the_chart_below(tmp_path: Path) -> None:
    names = [f"Group {number}" for number in range(9)]
    groups = ", ".join(f"{{name: {name}, when: {{turnover_in_year: {{above: {9 - n}}}}}}}" for n, name in enumerate(names))  # fmt: skip
    rules = config(
        f"groups: [{{off: yes}}, {groups}]\ncontacts: {{rules: []}}\ngifts: {{multipliers: [], list: []}}"
    )
    charts = sheet(made(tmp_path, rules), "Charts")
    assert [charts[f"H{row}"].value for row in range(22, 31)] == names
    drawing = part(tmp_path / "base.xlsx", "xl/drawings/drawing1.xml")
    tops = [int(row) for row in re.findall(r"<xdr:from>.*?<xdr:row>(\d+)</xdr:row>", drawing)]
    assert tops == [4, 4, 31], "the third below the last group, which stands in row 30"


def test_a_long_text_fits_into_its_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel takes at most 255 characters of text in a formula."""
    said = 'Nothing "yet". ' * 30
    monkeypatch.setattr(figures, "_", lambda _sentence: said)
    path = made(tmp_path, config())
    formula = str(sheet(path, "Charts")["B3"].value)
    assert strings(formula)[0] == said[:255]
