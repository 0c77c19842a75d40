"""The pictures of the manual: `python -m tests.pictures` draws them anew.

The button fills the example base of the day in LibreOffice, which then prints it. Needs
LibreOffice, Debian's python3-uno and poppler's `pdftoppm`.
"""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path
from types import MappingProxyType

import openpyxl
import xlwings as xw
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from batch.configuration import read, shipped_path
from batch.live import button
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from rules.config.settings import Config
from tests.engines.libreoffice import _struct, libreoffice
from words import _

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LOCALES = MappingProxyType({"en": "en-US", "ru": "ru-RU"})
PAGE_PIXELS, MARGIN_PIXELS = 1280, 40
ROWS_SHOWN = 24
RULES_OF_HERS = MappingProxyType(
    {
        language: {
            "home_city": city,
            "groups.VIP.when.turnover_in_year.above": 50000,
            "contacts.rules.rhythm.every.VIP": rhythm,
            "gifts.percent": "2 %",
        }
        for language, city, rhythm in (("en", "Chicago", "3 weeks"), ("ru", "Пермь", "3 недели"))
    }
)
HERS = MappingProxyType(
    {
        "clients": ("id", "name", "phone", "birthday", "city"),
        "purchases": ("date", "client_id", "amount"),
        "contacts": ("date", "client_id", "kind", "next_date", "next_kind"),
    }
)
"""The columns of a workbook of hers, by its tables."""


def draw(language: str, today: dt.date) -> None:
    """Write the pictures of the sheets of the *language*'s example base into docs/pictures/."""
    config = read(shipped_path(language)).config
    shown = {
        "start.png": (_("Your clients today"), 0.62),
        "today.png": (_("Whom to contact"), 0.62),
        "clients.png": (config.columns.filled.turnover[0], 0.37),
        "birthdays.png": (_("Birthdays"), 0.5),
        "gifts.png": (_("Gifts to order"), 0.6),
        "charts.png": (_("Your clients in pictures"), 0.84),
        "rules.png": (_("Your rules"), 0.92),
    }
    rooms = {
        "catalogues.png": (config.columns.catalogues.ordered_on[0], 0.6),
        "catalogue-results.png": (_("Catalogue results"), 0.3),
    }
    with tempfile.TemporaryDirectory() as folder:
        for pictures, extra in ((shown, ()), (rooms, tuple(config.rooms.extra))):
            pdf = _printed(Path(folder), config, today, extra)
            for name, (text, height) in pictures.items():
                _picture(pdf, _page_with(pdf, text), PICTURES / config.based_on / name, height)


def _printed(folder: Path, config: Config, today: dt.date, rooms: Collection[str]) -> Path:
    """The example base with these *rooms*, filled by the button, as LibreOffice prints it."""
    base, language = folder / f"base {len(rooms)}.xlsm", config.based_on
    make_example(base, config, today, rooms)
    with (
        libreoffice(folder / f"office {len(rooms)}", LOCALES[language]) as office,
        office.opened(base) as book,
    ):
        button.recalculate(book, today)
        book.api.calculateAll()
        _as_opened(book.sheets[config.sheets.clients], config)
        _type_rules(book.sheets[config.sheets.rules], language)
        _print(book, base.with_suffix(".pdf"))
    return base.with_suffix(".pdf")


def draw_hers(language: str, today: dt.date) -> None:
    """Write the picture of a workbook of hers that got the looks of a new one."""
    with tempfile.TemporaryDirectory() as folder:
        base, pdf = Path(folder) / "base.xlsx", Path(folder) / "base.pdf"
        hers = Path(folder) / "config.yaml"
        hers.write_text(f"based_on: {language}\nlooks: on\n", encoding="utf-8")
        rules = read(hers)
        config = rules.config
        _make_hers(base, config, today)
        recalculate_file(base, rules, today, verify=True)
        with (
            libreoffice(Path(folder) / "office", LOCALES[language]) as office,
            office.opened(base) as book,
        ):
            _as_opened(book.sheets[config.sheets.clients], config)
            _print(book, pdf)
        _picture(pdf, 1, PICTURES / language / "hers.png", 0.37)


def _make_hers(path: Path, config: Config, today: dt.date) -> None:
    """The tables of the example base in a workbook with looks of its own."""
    made = path.with_name("example.xlsx")
    make_example(made, config, today)
    example, hers = openpyxl.load_workbook(made), openpyxl.Workbook()
    hers.remove(hers.worksheets[0])
    for key, few in HERS.items():
        headings = config.headings(key)
        table, page = example[config.sheet(key)], hers.create_sheet(config.sheet(key))
        known = [cell.value for cell in table[1]]
        at = [known.index(headings[one][0]) for one in few]
        for row in table.iter_rows(values_only=True):
            page.append([row[number] for number in at])
        for number, (heading, *cells) in enumerate(page.iter_cols(), 1):
            heading.font = Font(name="Calibri", bold=True, color="FFFFFFFF")
            heading.fill = PatternFill("solid", fgColor="FF4F6FA5")
            for cell in cells:
                cell.number_format = "mm-dd-yy" if cell.is_date else "General"
            page.column_dimensions[get_column_letter(number)].width = 18 if number > 1 else 8
    clients = hers.worksheets[0]
    clients.page_setup.orientation, clients.page_setup.paperSize = "landscape", 9
    clients.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    hers.save(path)


def _as_opened(clients: xw.Sheet, config: Config) -> None:
    """On paper leave what shows when the workbook is opened, on one page."""
    headings = clients.range((1, 1), clients.used_range.last_cell)[0, :].value
    last = headings.index(config.columns.filled.channel[0]) + 1
    sheet, area = clients.api, clients.range((1, 1), (ROWS_SHOWN, last))
    sheet.setPrintAreas((area.api.RangeAddress,))
    sheet.setPrintTitleColumns(False)
    styles = clients.book.api.StyleFamilies.getByName("PageStyles")
    styles.getByName(sheet.PageStyle).ScaleToPagesX = 1


def _type_rules(sheet: xw.Sheet, language: str) -> None:
    """Some rules of hers, for the picture alone."""
    rows = {row[5]: at for at, row in enumerate(sheet.range("A1:F40").value, 1)}
    for setting, typed in RULES_OF_HERS[language].items():
        sheet.range((rows[setting], 4)).value = typed


def _print(book: xw.Book, target: Path) -> None:
    options = (_struct("beans.PropertyValue", Name="FilterName", Value="calc_pdf_Export"),)
    book.api.storeToURL(target.as_uri(), options)


def _page_with(pdf: Path, text: str) -> int:
    """The first page on which *text* stands on a line of its own."""
    shown = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True)
    pages = shown.stdout.split("\f")
    return next(number for number, page in enumerate(pages, 1) if text in page.splitlines())


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
    for each in LOCALES:
        day = dt.datetime.now().astimezone().date()
        draw(each, day)
        draw_hers(each, day)
