"""The pictures of the README: `python -m tests.pictures` draws them anew.

Needs LibreOffice and poppler's `pdftoppm`. The example base is that of the day.
"""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from pyopenvba.apps.excel import ExcelApplication

from batch.configuration import read, shipped_path
from batch.example import make_example
from batch.recalc import Outcome, recalculate_file

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGE_PIXELS, MARGIN_PIXELS = 1280, 40
SHOWN = (
    "Name", "Phone", "Group", "ABC", "XYZ", "Stage", "Turnover", "Next contact", "Contact reason",
    "Channel", "Gift",
)  # fmt: skip
"""The columns of Clients in its picture."""
ROWS_SHOWN = 24
ALWAYS_COMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def draw(today: dt.date) -> None:
    """Write start.png, clients.png and charts.png into examples/."""
    rules = read(shipped_path())
    names = rules.config.sheets
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.xlsm"
        make_example(base, rules.config, today)
        outcome = recalculate_file(base, rules, today)
        _keep_columns(base, Path(folder) / "clients.xlsx", names.clients)
        _show_result(base, outcome)
        pages = _print(base)
        clients = _print(Path(folder) / "clients.xlsx")
        _picture(pages, 1, EXAMPLES / "start.png", height=0.5)
        _picture(clients, 1, EXAMPLES / "clients.png", height=0.37)
        _picture(pages, _page_count(pages), EXAMPLES / "charts.png", height=0.84)


def _keep_columns(base: Path, target: Path, name: str) -> None:
    """A copy with the one sheet, and on it the columns that are shown, on one page."""
    book = openpyxl.load_workbook(base)
    page = book[name]
    assert isinstance(page, Worksheet)
    for cell in page[1]:
        page.column_dimensions[cell.column_letter].hidden = cell.value not in SHOWN
    page.print_area = f"A1:{page.cell(1, page.max_column).column_letter}{ROWS_SHOWN}"
    page.print_title_cols = None
    page.page_setup.fitToWidth = 1
    for other in book.worksheets:
        if other.title not in {name, "clientbase"}:
            del book[other.title]
    book.active = 0
    book.save(target)


def _show_result(base: Path, outcome: Outcome) -> None:
    """What the button writes on the first sheet."""
    excel = ExcelApplication.open(base, with_vba=False)
    start = excel.sheet(1)
    say = outcome.rules.config.messages
    counts = {"overdue": outcome.overdue, "today": outcome.due_today}
    done = say.button_done.format(
        time="09:00", changed=len(outcome.changes), problems=len(outcome.problems), **counts
    )
    start.set_value("B6", done)
    for row, problem in enumerate(outcome.problems, 17):
        start.set_value(f"B{row}", f"{problem.sheet}!{problem.cell}")
        start.set_value(f"C{row}", f"'{problem.found}")
        start.set_value(f"D{row}", f"'{problem.advice}")
    excel.save(base)


def _print(book: Path) -> Path:
    profile = book.parent / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_COMPUTE, encoding="utf-8")
    options = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command = ["soffice", *options, "--convert-to", "pdf", "--outdir", str(book.parent), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return book.with_suffix(".pdf")


def _page_count(pdf: Path) -> int:
    shown = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    return next(int(line.split()[1]) for line in shown.splitlines() if line.startswith("Pages:"))


def _picture(pdf: Path, page: int, target: Path, height: float) -> None:
    """The upper part of a *page*: the share *height* of it, without the margins."""
    numbers = {
        "-f": page,
        "-l": page,
        "-x": MARGIN_PIXELS,
        "-y": MARGIN_PIXELS,
        "-W": PAGE_PIXELS - 2 * MARGIN_PIXELS,
        "-H": int(PAGE_PIXELS / math.sqrt(2) * height),  # A4 across
        "-scale-to-x": PAGE_PIXELS,
        "-scale-to-y": -1,
    }
    options = [str(part) for pair in numbers.items() for part in pair]
    command = ["pdftoppm", "-png", "-singlefile", *options, str(pdf), str(target.with_suffix(""))]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    draw(dt.datetime.now().astimezone().date())
