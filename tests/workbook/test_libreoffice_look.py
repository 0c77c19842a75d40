"""LibreOffice finds the button, lists, colours, counts and charts in the shipped workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from batch.configuration import read, shipped_path
from tests.conftest import Convert
from workbook.build import WORKBOOKS

pytestmark = pytest.mark.libreoffice
FLAT = "fods"


class Opened:
    """A workbook as LibreOffice understands it."""

    def __init__(self, path: Path, convert: Convert) -> None:
        huge = etree.XMLParser(huge_tree=True)
        self.tree = etree.fromstring(convert(path, FLAT).read_bytes(), huge)

    def all(self, name: str, attribute: str) -> list[str]:
        """The *attribute* of every element *name*, whatever their namespaces."""
        found = self.tree.xpath(f"//*[local-name()='{name}']/@*[local-name()='{attribute}']")
        assert isinstance(found, list)
        return [str(value) for value in found]


SHEETS = (
    "start", "today", "clients", "purchases", "contacts", "birthdays", "gifts", "charts",
    "rules",
)  # fmt: skip
"""As she finds them from left to right."""


@pytest.mark.parametrize(("language", "label"), [("en", "Recalculate"), ("ru", "Пересчитать")])
def test_it_has_all_its_furniture(convert: Convert, language: str, label: str) -> None:
    config = read(shipped_path(language)).config
    opened = Opened(WORKBOOKS[language], convert)
    assert opened.all("button", "label") == [label]
    (macro,) = (link for link in opened.all("event-listener", "href") if "Recalculate" in link)
    assert macro.startswith("vnd.sun.star.script:VBAProject.ClientBase.Recalculate?")
    tables = [name for name in opened.all("table", "name") if name != "local-table"]  # of a chart
    assert tables == [*map(config.sheet, SHEETS), "clientbase", "xlwings.conf"]
    assert sorted(opened.all("database-range", "name")) == ["Clients", "Contacts", "Purchases"]
    lists = [text for text in opened.all("content-validation", "condition") if "in-list" in text]
    # of equal ones LibreOffice writes some once: kinds, mailing, do not contact, clients, years
    different = set(lists)
    assert len(different) == 5
    assert sum(f"${len(config.kinds)}])" in one for one in different) == 1
    assert sum("ClientNames" in one for one in different) == 1
    # the three meanings of the year, on the sheet Rules
    assert sum(one.count(";") == 2 for one in different) == 1
    conditions = opened.all("condition", "value")
    for group in config.decided_words()["group"]:
        assert f'="{group}"' in conditions
    assert len([kind for kind in opened.all("chart", "class") if kind == "chart:bar"]) == 3
    assert set(opened.all("series", "class")) == {"chart:bar", "chart:line"}


def test_no_formula_fails(convert: Convert) -> None:
    for path in WORKBOOKS.values():
        opened = Opened(path, convert)
        formulas = opened.all("table-cell", "formula")
        assert len(formulas) > 25
        shown = " ".join(map(str, opened.tree.itertext()))
        assert "Err:" not in shown
        assert "#NAME" not in shown
        assert "#REF" not in shown
        assert all("Clients[" not in formula for formula in formulas), "all columns were found"
