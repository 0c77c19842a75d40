"""The first sheet and the charts show the figures of the last headless run."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import Rules
from batch.formulas.figures import Figures
from batch.making.example import make_example
from batch.making.new import make_base
from batch.recalculation.file import Outcome, recalculate_file
from batch.saving.replacement import save
from batch.writer.base import write_base
from batch.writer.tables import SheetContent
from batch.xlsx.workbook import open_book
from rules.config.settings import Config
from tests.bases import config
from tests.batch.simple_workbook import write
from tests.batch.writer.made import TODAY, computed, empty, made, sheet
from tests.conftest import Convert
from tests.engines.libreoffice import Office
from tests.test_libreoffice import SHEET_AS_SHOWN

FIRST_SHEETS = {"en": ("Start", "Charts"), "ru": ("Начало", "Графики")}


def recalc(
    path: Path, rules: Config | None = None, today: dt.date = TODAY, *, dry_run: bool = False
) -> Outcome:
    return recalculate_file(path, Rules(rules or config(), path), today, dry_run=dry_run)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example base, not filled yet."""
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    return path


def stored(path: Path, name: str) -> dict[str, object]:
    """The stored results of a sheet's formulas; a blank one as the text that a spreadsheet sees."""
    values = openpyxl.load_workbook(path, data_only=True)[name]
    found = {cell: values[cell].value for cell in formulas(path, name)}
    return {cell: "" if value is None else value for cell, value in found.items()}


def formulas(path: Path, name: str) -> dict[str, str]:
    return {
        cell.coordinate: str(cell.value)
        for row in sheet(path, name).iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    """Change a base and keep the stored results of its formulas away."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def page(book: openpyxl.Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def heading_cell(page: Worksheet, heading: str) -> str:
    (letter,) = (cell.column_letter for cell in page[1] if cell.value == heading)
    return str(letter)


def assert_as_computed(path: Path, name: str) -> None:
    """The stored results are those of a spreadsheet program."""
    found, expected = stored(path, name), computed(path, name)
    assert found.keys() == expected.keys()
    for cell, value in expected.items():
        wanted = pytest.approx(value) if isinstance(value, float) else value
        assert found[cell] == wanted, f"{name}!{cell} {formulas(path, name)[cell]}"


@pytest.mark.parametrize("language", FIRST_SHEETS)
def test_every_figure_is_stored_as_a_spreadsheet_program_computes_it(
    tmp_path: Path, language: str
) -> None:
    rules, path = config(f"based_on: {language}"), tmp_path / "base.xlsx"
    make_example(path, rules, TODAY)
    start, charts = FIRST_SHEETS[language]
    before = stored(path, charts)
    recalc(path, rules)
    for name in (start, charts):
        assert_as_computed(path, name)
    assert [stored(path, start)[cell] for cell in ("B8", "C8", "D8", "E8", "F8")] == [
        44, 12, 7, 6, 3,
    ]  # fmt: skip
    assert stored(path, charts) != before


def test_every_formula_of_the_two_sheets_is_known(tmp_path: Path) -> None:
    for language, names in FIRST_SHEETS.items():
        rules = config(f"based_on: {language}")
        path = made(tmp_path, rules, f"{language}.xlsx")
        written = {text for name in names for text in formulas(path, name).values()}
        assert written == {f"={figure.formula}" for figure in Figures(rules)}


@pytest.mark.libreoffice
def test_libreoffice_computes_the_stored_figures(example: Path, office: Office) -> None:
    """On the day on which it runs, since its clock can't be set."""
    today = dt.datetime.now().astimezone().date()
    recalc(example, today=today)
    expected = {name: stored(example, name) for name in FIRST_SHEETS["en"]}
    with office.opened(example) as book:
        book.api.calculateAll()
        for name, cells in expected.items():
            for cell, value in cells.items():
                shown = book.sheets[name].range(cell).value
                wanted = pytest.approx(value) if isinstance(value, float) else value
                assert ("" if shown is None else shown) == wanted, f"{name}!{cell}"


def test_a_second_run_on_the_day_changes_nothing_and_one_on_the_next_day_only_figures(
    example: Path,
) -> None:
    recalc(example)
    first = example.read_bytes()
    assert not recalc(example).written
    assert example.read_bytes() == first
    later = recalc(example, today=TODAY + dt.timedelta(1))
    assert later.written
    assert stored(example, "Start")["B3"] == dt.datetime(2026, 11, 22)  # noqa: DTZ001


def test_figures_alone_are_written_without_counting_as_changed_cells(example: Path) -> None:
    recalc(example)
    edit(example, lambda _book: None)
    assert stored(example, "Start")["C8"] == ""
    assert recalc(example, dry_run=True).changes == []
    outcome = recalc(example)
    assert outcome.written
    assert outcome.changes == []
    assert stored(example, "Start")["C8"] == 12


def test_only_the_results_of_the_figures_differ_on_the_two_sheets(example: Path) -> None:
    """In a workbook that has no places for what else a run tells."""
    book = open_book(example)
    names = book.package.read(book.package.main_part)
    save(book.package, {book.package.main_part: names.replace(b'"cb_', b'"my_')})

    def parts() -> dict[str, bytes]:
        with zipfile.ZipFile(example) as package:
            return {name: package.read(name) for name in package.namelist()}

    before = parts()
    recalc(example)
    after = parts()
    parts_ = [f"xl/worksheets/sheet{number}.xml" for number in range(1, 9)]
    start, today, clients, purchases, contacts, birthdays, gifts, charts = parts_
    for name in (start, charts):
        assert after[name] != before[name]
        assert without_results(after[name]) == without_results(before[name])
    lists = {today, birthdays, gifts}
    differing = {name for name in before if before[name] != after[name]}
    typed = {clients, purchases, contacts}  # in a few rows the IDs follow from the names
    assert differing == {start, charts} | typed | lists


def without_results(part: bytes) -> bytes:
    return re.sub(rb"( t=\"str\")?><f>(.*?)</f><v>.*?</v>", rb"><f>\2</f>", part)


def test_a_formula_that_she_changed_is_left_alone(example: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        page(book, "Start")["C8"] = '=COUNTIFS(Clients[Next contact],"<"&TODAY()-1)'

    edit(example, change)
    recalc(example)
    assert stored(example, "Start")["C8"] == ""
    assert stored(example, "Start")["D8"] == 7


def test_cells_of_hers_that_were_kept_count_as_they_stand(example: Path) -> None:
    """A formula in the filled columns keeps its own value, and Excel counts that."""

    def change(book: openpyxl.Workbook) -> None:
        clients = page(book, "Clients")
        clients[f"{heading_cell(clients, 'Group')}2"] = '="Waiting"'
        clients[f"{heading_cell(clients, 'ABC')}2"] = '="c"'
        clients[f"{heading_cell(clients, 'Turnover')}2"] = "=1000"
        clients[f"{heading_cell(clients, 'Next contact')}2"] = "=DATE(2026,11,20)"

    edit(example, change)
    _store_results(example, {"Group": "Waiting", "ABC": "c", "Turnover": 1000, "Next contact": 46346})  # fmt: skip
    recalc(example)
    for name in FIRST_SHEETS["en"]:
        assert_as_computed(example, name)
    assert stored(example, "Charts")["I25"] == 7


def _store_results(path: Path, results: dict[str, object]) -> None:
    """Give the formulas in row 2 of Clients results, which openpyxl can't."""
    clients = sheet(path, "Clients")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet3.xml"
    text = parts[name].decode()
    for heading, value in results.items():
        cell = f"{heading_cell(clients, heading)}2"
        at = text.index(f'<c r="{cell}"')
        stop = text.index("</c>", at)
        kind = ' t="str"' if isinstance(value, str) else ""
        old = text[at:stop]
        new = old.replace(f'<c r="{cell}"', f'<c r="{cell}"{kind}')
        new = new[: new.index("</f>") + 4] + f"<v>{value}</v>"
        text = text[:at] + new + text[stop:]
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)


def test_headings_that_were_renamed_are_followed(tmp_path: Path) -> None:
    """Excel renames them in the formulas, too."""
    written = config("columns: {filled: {group: Kind}, clients: {id: Number}}")
    path = tmp_path / "base.xlsx"
    make_example(path, written, TODAY)
    both = config("columns: {filled: {group: [Group, Kind]}, clients: {id: [ID, Number]}}")
    recalc(path, both)
    assert stored(path, "Start")["B8"] == 44
    assert stored(path, "Charts")["I22"] == 6


@pytest.mark.parametrize("name", ['V*?~ "x"', ">5", "=A", "<>", "Я и ты"])
def test_a_group_is_counted_whatever_its_name(tmp_path: Path, name: str) -> None:
    rules = config(
        f"groups: [{{off: yes}}, {{name: '{name}', when: {{bought: {{is: yes}}}}}}, {{name: V and the rest}}]\n"
        "contacts: {rules: []}\ngifts: {multipliers: [], list: []}"
    )
    path = tmp_path / "base.xlsx"
    make_example(path, rules, TODAY)
    recalc(path, rules)
    assert stored(path, "Charts")["I22"] == 36
    assert computed(path, "Charts")["I22"] == 36


def test_a_base_without_purchases_has_no_shares_and_no_division_by_zero(tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    clients = SheetContent({"id": ["1"], "name": ["Anna"]}, {}, 1)
    write_base(path, config(), {**empty(), "clients": clients})
    recalc(path)
    assert_as_computed(path, "Charts")
    assert stored(path, "Charts")["E24"] == 0
    assert stored(path, "Charts")["B3"] == ""


def test_a_workbook_of_hers_without_these_sheets_stays_without_figures(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    edit(path, lambda book: page(book, "Clients").__setitem__("H1", "=TODAY()"))
    recalc(path)
    assert stored(path, "Clients")["H1"] == ""


def test_a_sheet_of_hers_named_start_is_left_alone_where_the_clients_are_no_table(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "base.xlsx")
    edit(path, lambda book: book.create_sheet("Start").__setitem__("A1", "=TODAY()"))
    recalc(path)
    assert stored(path, "Start")["A1"] == ""


def test_days_of_the_1904_system_are_counted_and_stored_in_it(example: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001

    edit(example, change)
    outcome = recalc(example)
    with zipfile.ZipFile(example) as package:
        start = package.read("xl/worksheets/sheet1.xml").decode()
    assert f"<f>TODAY()</f><v>{(TODAY - dt.date(1904, 1, 1)).days}</v>" in start
    assert stored(example, "Start")["C8"] == outcome.result.due()[0]


def test_bases_from_lists_have_their_figures_too(tmp_path: Path) -> None:
    listed = tmp_path / "clients.csv"
    listed.write_text("ID,Name\n1,Anna\n2,Olga\n", encoding="utf-8")
    path = tmp_path / "base.xlsm"
    make_base(path, config(), {"clients": listed})
    recalc(path)
    assert stored(path, "Start")["B8"] == 2
    assert stored(path, "Charts")["I23"] == 2, "both are Potential"


@pytest.mark.libreoffice
def test_libreoffice_shows_the_figures_of_the_charts_as_they_are_stored(
    example: Path, convert: Convert
) -> None:
    """By default it doesn't compute a file of others anew."""

    def shown() -> str:
        return convert(example, SHEET_AS_SHOWN.format(8)).read_text(encoding="utf-8")

    assert ",A,0,0,0" in shown()
    recalc(example)
    assert ",A,5,403770,51.57" in shown()
