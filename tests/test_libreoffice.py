"""LibreOffice, a spreadsheet program of its own, reads the filled workbooks as meant."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from batch.configuration import read, shipped_path
from batch.making.example import make_example
from batch.making.new import make_base
from batch.recalculation.file import recalculate_file
from rules.model.entries import HERS
from tests.batch import rich_workbook
from tests.batch.recalculation import test_firstformats as firstformats
from tests.batch.xlsx.parts import zipped
from tests.conftest import Convert
from tests.surroundings import ROOT

pytestmark = pytest.mark.libreoffice
TODAY = dt.date(2026, 11, 21)
SHEET_AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{}"
DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}")
DATES = ("Last purchase", "Next contact", "Gift date")
NUMBERS = ("Turnover", "Gift budget")


def shown(path: Path, convert: Convert, sheet: int = 3) -> list[dict[str, str]]:
    """The Clients sheet (by its number) as LibreOffice shows it, by heading."""
    with convert(path, SHEET_AS_SHOWN.format(sheet)).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    (start,) = (number for number, row in enumerate(rows) if row and row[0] == "ID")
    return [dict(zip(rows[start], row, strict=False)) for row in rows[start + 1 :]]


def assert_types(rows: list[dict[str, str]]) -> None:
    """Dates are dates, numbers numbers, and texts texts."""
    for row in rows:
        for heading in DATES:
            assert not row[heading] or DATE.fullmatch(row[heading]), (heading, row)
        for heading in NUMBERS:
            assert re.fullmatch(r"-?[\d,.]*", row[heading]), (heading, row)
        assert "Err:" not in "".join(row.values())


def test_the_example_base_is_shown_as_meant(tmp_path: Path, convert: Convert) -> None:
    rules = read(shipped_path())
    path = tmp_path / "base.xlsx"
    make_example(path, rules.config, TODAY)
    outcome = recalculate_file(path, rules, TODAY)
    rows = shown(path, convert)
    assert_types(rows)
    found = outcome.result.columns
    for key, heading in (
        ("group", "Group"),
        ("contact_reason", "Contact reason"),
        ("gift", "Gift"),
    ):
        assert [row[heading] for row in rows] == found[key].tolist()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler isn't installed")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_today_prints_what_is_needed_while_phoning_on_pages_of_its_own(
    language: str, tmp_path: Path, convert: Convert
) -> None:
    """Each page of the list has all headings of the moment, and no other one."""
    rules = read(shipped_path(language))
    config, path = rules.config, tmp_path / "base.xlsx"
    make_example(path, config, TODAY)
    recalculate_file(path, rules, TODAY)
    command = ["pdftotext", "-layout", str(convert(path, "pdf")), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    names = dict(config.columns.today)
    pages = [
        page
        for page in printed.split("\f")
        if names["phone"][0] in page and names["done"][0] in page.split()
    ]
    assert len(pages) == 1
    for page in pages:
        lines = (line for line in page.splitlines() if names["done"][0] in line.split())
        (heading,) = (line for line in lines if names["phone"][0] in line)
        shown = ("day", "due", "name", "phone", "reason", "channel", "last_bought", *HERS)
        assert " ".join(heading.split()) == " ".join(names[key][0] for key in shown)


def test_cdnow_is_shown_as_meant(tmp_path: Path, convert: Convert, shared: Path) -> None:
    rules = read(ROOT / "examples" / "cdnow.yaml")
    path = tmp_path / "cdnow.xlsx"
    make_base(path, rules.config, {"purchases": shared / "data" / "cdnow.txt"})
    outcome = recalculate_file(path, rules, dt.date(1998, 7, 1))
    rows = shown(path, convert)
    assert len(rows) == 23570
    assert_types(rows)
    assert rows[0]["ID"] == "00001"
    assert [row["Group"] for row in rows] == outcome.result.columns["group"].tolist()
    total = sum(float(row["Turnover"].replace(",", "")) for row in rows)
    assert total == pytest.approx(outcome.result.columns["turnover"].sum(), rel=1e-3)


def test_a_rich_workbook_opens_after_its_columns_were_added(
    tmp_path: Path, convert: Convert
) -> None:
    path = rich_workbook.make(tmp_path / "base.xlsm")
    recalculate_file(path, read(shipped_path()), TODAY)
    rows = shown(path, convert, sheet=1)
    assert [row["Group"] for row in rows] == ["Client", "Waiting", "by hand"]
    assert DATE.fullmatch(rows[0]["Gift date"])


@pytest.mark.parametrize("kind", firstformats.KINDS)
def test_a_workbook_that_had_no_cell_formats_shows_dates(
    kind: str, tmp_path: Path, convert: Convert
) -> None:
    path = tmp_path / "base.xlsx"
    path.write_bytes(zipped(firstformats.KINDS[kind]))
    recalculate_file(path, read(shipped_path()), TODAY)
    rows = shown(path, convert, sheet=1)
    assert all(DATE.fullmatch(row["Last purchase"]) for row in rows)
    assert [row["Turnover"] for row in rows] == ["1200.5", "300"]
