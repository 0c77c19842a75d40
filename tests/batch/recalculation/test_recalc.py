"""A recalculation of a file: found, filled, written, and once more."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table as ExcelTable

from batch.configuration import Rules
from batch.edits import Region
from batch.errors import CellsTaken
from batch.making.example import make_example
from batch.recalculation.file import Outcome, OutputError, recalculate_file
from batch.saving.readback import read_back
from batch.saving.replacement import save
from batch.xlsx.workbook import Workbook
from rules.reading.words import DoubleHeadingError, MissingHeadingError
from tests.bases import config
from tests.batch.simple_workbook import CLIENTS, PURCHASES, TODAY, Table, column, write
from tests.batch.xlsx.filling import OneColumn, fill


def recalc(path: Path, text: str = "", **options: object) -> Outcome:
    rules = Rules(config(text), Path("config.yaml"))
    return recalculate_file(path, rules, TODAY, **options)  # type: ignore[arg-type]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path / "base.xlsx")


def test_the_columns_are_filled(base: Path) -> None:
    recalc(base)
    assert column(base, "Group") == ["Client", "Waiting", "Waiting"]
    assert column(base, "Turnover") == [1200.5, 1000.5, 500]
    assert column(base, "Last purchase") == [
        dt.datetime(2026, 11, 19),  # noqa: DTZ001
        dt.datetime(2026, 1, 10),  # noqa: DTZ001
        dt.datetime(2026, 2, 10),  # noqa: DTZ001
    ]
    assert column(base, "Contact reason")[0] == "2 days after purchase"
    assert column(base, "Gift for") == ["Birthday", "New Year", "Birthday + New Year"]


def test_a_second_run_on_the_same_day_leaves_the_files_bytes_as_they_are(base: Path) -> None:
    assert recalc(base).written
    before = base.read_bytes()
    second = recalc(base)
    assert (second.written, second.changes, second.backup) == (False, [], None)
    assert base.read_bytes() == before


def test_the_version_before_is_kept(base: Path) -> None:
    before = base.read_bytes()
    backup = recalc(base).backup
    assert backup is not None
    assert backup.parent == base.parent / ".clientbase"
    assert backup.read_bytes() == before


def test_a_dry_run_tells_the_changes_and_writes_nothing(base: Path) -> None:
    before = base.read_bytes()
    outcome = recalc(base, dry_run=True)
    assert len(outcome.changes) > 20
    assert not outcome.written
    assert base.read_bytes() == before
    assert [path.name for path in base.parent.iterdir()] == ["base.xlsx"]


def test_output_leaves_the_workbook_alone(base: Path, tmp_path: Path) -> None:
    before = base.read_bytes()
    recalc(base, output=tmp_path / "copy.xlsx")
    assert base.read_bytes() == before
    assert column(tmp_path / "copy.xlsx", "ABC") == ["A", "A", "C"]


def test_an_output_that_needs_no_change_is_written_all_the_same(base: Path, tmp_path: Path) -> None:
    recalc(base)
    assert recalc(base, output=tmp_path / "copy.xlsx").written
    assert (tmp_path / "copy.xlsx").read_bytes() == base.read_bytes()


def test_headings_may_stand_lower_in_a_sheet_without_a_table(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx", top=20)
    recalc(path)
    assert column(path, "Group", top=20) == ["Client", "Waiting", "Waiting"]


def test_headings_below_the_twentieth_row_are_not_looked_for(tmp_path: Path) -> None:
    with pytest.raises(MissingHeadingError):
        recalc(write(tmp_path / "base.xlsx", top=21))


def test_without_a_table_the_data_end_with_the_last_row_that_has_an_id(tmp_path: Path) -> None:
    clients = [*CLIENTS, [], ["", "a note of hers"]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients})
    outcome = recalc(path)
    assert outcome.problems == ()
    assert column(path, "Group") == ["Client", "Waiting", "Waiting", None, None]


def test_her_own_words_are_matched_in_any_order(tmp_path: Path) -> None:
    clients = [["имя", "  КОД "], ["Anna", "001"], ["Olga", "002"]]
    path = write(tmp_path / "base.xlsx", {"Clients": [], "Clienti": clients})
    text = "sheets: {clients: clienti}\ncolumns: {clients: {id: [Номер, Код], name: Имя}}"
    recalc(path, text)
    sheet = openpyxl.load_workbook(path)["Clienti"]
    assert [cell.value for cell in sheet[1]][:3] == ["имя", "  КОД ", "Group"]
    assert sheet["C2"].value == "Client"


def test_the_name_may_be_the_key(tmp_path: Path) -> None:
    clients = [["Name"], ["Anna"], ["Olga"]]
    purchases: Table = [["Date", "Name", "Amount"], [dt.date(2026, 11, 1), " anna ", 100]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients, "Purchases": purchases})
    text = "columns: {clients: {id: Name}, purchases: {client_id: Name}, contacts: {client_id: Client ID}}"
    recalc(path, text)
    assert column(path, "Turnover") == [100, None]


def test_columns_of_her_own_can_decide_a_group(tmp_path: Path) -> None:
    clients = [["ID", "Name", "Skin"], ["1", "Anna", "Dry "], ["2", "Olga", "oily"]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients})
    text = "groups: [{off: yes}, {name: Care, when: {columns: {skin: {is: dry}}}}, {name: Other}]\ncontacts: {rules: []}"
    recalc(path, text)
    assert column(path, "Group") == ["Care", "Other"]


def table_base(path: Path, **options: object) -> Path:
    """The base with its clients as an Excel table that has a totals row below."""
    write(path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Clients"]
    sheet["A5"] = "Total"
    table = ExcelTable(displayName="Clients", ref="A1:D5", totalsRowCount=1, **options)
    sheet.add_table(table)
    workbook.save(path)
    return path


def test_an_excel_table_grows_by_the_new_columns_and_keeps_its_totals_row(tmp_path: Path) -> None:
    path = table_base(tmp_path / "base.xlsx")
    recalc(path)
    sheet = openpyxl.load_workbook(path)["Clients"]
    table = sheet.tables["Clients"]
    assert table.ref == "A1:R5"
    assert [one.name for one in table.tableColumns][4:6] == ["Group", "ABC"]
    assert sheet["E4"].value == "Waiting"
    assert sheet["E5"].value is None


def test_rows_typed_below_a_table_that_did_not_grow_are_reported(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx", {"Clients": [*CLIENTS, ["005", "Below"]]})
    workbook = openpyxl.load_workbook(path)
    workbook["Clients"].add_table(ExcelTable(displayName="Clients", ref="A1:D4"))
    workbook["Clients"]["A9"] = "far below, and hers"
    workbook.save(path)
    outcome = recalc(path)
    problem, far_below = outcome.problems
    assert (problem.sheet, problem.cell) == ("Clients", "A5")
    assert "stands below the table and isn't read" in problem.advice
    assert (far_below.sheet, far_below.cell) == ("Clients", "A9")
    assert column(path, "Group")[3] is None


def test_every_row_below_a_table_that_holds_anything_is_told(tmp_path: Path) -> None:
    path = table_base(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Clients"]
    sheet["D7"] = "oily"  # a column of hers that no rule asks for
    sheet["B8"] = "Anna"
    sheet["H9"] = "beside the table"
    sheet["A3000"] = "x"
    sheet["A3002"], sheet["A3003"] = "another", "table"
    sheet.add_table(ExcelTable(displayName="Other", ref="A3002:A3003"))
    workbook.save(path)
    problems = recalc(path).problems
    assert [one.cell for one in problems] == ["A7", "A3000"]
    assert "This row and those down to row 8 stand below the table" in problems[0].advice


def test_the_first_run_tells_what_stood_in_the_filled_columns(tmp_path: Path) -> None:
    clients = [["ID", "Name", "Gift", "Group"], ["001", "Anna", "a shawl", "Gold"], ["002", "Olga"]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients})
    told = recalc(path).replaced
    assert len(told) == 1
    assert told[0].startswith("First run")
    assert "replaced: 2 (Group 1, Gift 1)" in told[0]
    workbook = openpyxl.load_workbook(path)
    workbook["Clients"]["D2"] = "Silver"
    workbook.save(path)
    assert recalc(path).replaced == ()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("base.xlsx", "is the workbook itself"),
        ("none/copy.xlsx", "folder that doesn't exist"),
        (".", "is a folder"),
    ],
)
def test_an_output_that_can_be_no_copy_is_refused(base: Path, output: str, words: str) -> None:
    before = base.read_bytes()
    with pytest.raises(OutputError, match=words):
        recalc(base, output=base.parent / output)
    assert base.read_bytes() == before


def test_a_row_that_lost_its_client_loses_what_was_filled(tmp_path: Path) -> None:
    path = table_base(tmp_path / "base.xlsx")
    recalc(path)
    workbook = openpyxl.load_workbook(path)
    for cell in workbook["Clients"][3][:4]:
        cell.value = None
    workbook.save(path)
    outcome = recalc(path)
    assert column(path, "Group") == ["Client", None, "Potential", None]
    assert [problem.cell for problem in outcome.problems] == ["B3"]


def test_nothing_is_written_where_the_new_columns_have_no_room(tmp_path: Path) -> None:
    path = table_base(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook["Clients"]["G3"] = "hers"
    workbook.save(path)
    before = path.read_bytes()
    with pytest.raises(CellsTaken, match="G3"):
        recalc(path)
    assert path.read_bytes() == before


def test_two_headings_for_one_column_are_refused(tmp_path: Path) -> None:
    clients = [["ID", "Name", "id"], ["1", "Anna", "2"]]
    with pytest.raises(DoubleHeadingError, match="two headings for one column: 'ID' and 'id'"):
        recalc(write(tmp_path / "base.xlsx", {"Clients": clients}))


def test_a_missing_heading_is_named_with_those_that_were_found(tmp_path: Path) -> None:
    purchases = [["Date", "Who", "Amount"], *PURCHASES[1:]]
    with pytest.raises(MissingHeadingError, match=r"no column 'Client ID' .*Who, Amount"):
        recalc(write(tmp_path / "base.xlsx", {"Purchases": purchases}))


def test_a_base_without_contacts_is_calculated_and_says_so(tmp_path: Path) -> None:
    outcome = recalc(write(tmp_path / "base.xlsx", {"Contacts": []}))
    assert "There is no sheet Contacts; the rules see no contacts." in outcome.notices


def test_a_base_without_any_purchase_is_calculated(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx", {"Purchases": PURCHASES[:1]})
    recalc(path)
    assert column(path, "Stage") == ["Potential"] * 3
    assert column(path, "Turnover") == [None] * 3


def test_formulas_without_a_result_are_reported(tmp_path: Path) -> None:
    purchases = [*PURCHASES, [dt.date(2026, 11, 1), "001", "=1+1"]]
    outcome = recalc(write(tmp_path / "base.xlsx", {"Purchases": purchases}))
    found = {(problem.cell, problem.found) for problem in outcome.problems}
    assert ("C5", "=…") in found


def test_an_amount_that_excel_turned_into_a_date_is_no_money(tmp_path: Path) -> None:
    purchases = [*PURCHASES, [dt.date(2026, 11, 1), "001", dt.date(2026, 5, 12)]]
    path = write(tmp_path / "base.xlsx", {"Purchases": purchases})
    (problem,) = recalc(path).problems
    assert (problem.cell, problem.found) == ("C5", "2026-05-12")
    assert "a date or a time, and no amount" in problem.advice
    assert column(path, "Turnover") == [1200.5, 1000.5, 500]


def test_a_workbook_with_macro_sheets_of_excel_4_is_filled(tmp_path: Path, shared: Path) -> None:
    """python-calamine can't read such a workbook, so our own reader checks what was written."""
    path = tmp_path / "base.xlsm"
    shutil.copy(shared / "corpus" / "BlankSheetTypes.xlsm", path)
    workbook = Workbook.open(path)
    name = workbook.sheets[0].name
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    sheet = workbook.package.read(workbook.sheets[0].part)
    data = re.sub(
        rb"<sheetData ?/>|<sheetData>.*</sheetData>",
        f"<sheetData>{rows}</sheetData>".encode(),
        sheet,
    )
    path.write_bytes(workbook.package.copy_with({workbook.sheets[0].part: data}))
    region = Region(name, 1, [2])
    filling = fill(Workbook.open(path), region, [OneColumn("Group", None, "text", ["VIP"])])
    before = Workbook.open(path).package
    target = tmp_path / "filled.xlsm"
    save(
        before,
        filling.parts,
        target,
        verify=lambda new: read_back(new, name, filling.expected, before=path),
    )
    book = Workbook.open(target)
    assert book.columns(book.sheet(name), [2]).values[2].tolist() == ["Group", "VIP"]


def test_dates_of_the_1904_system_are_read_and_written_in_it(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.epoch = openpyxl.utils.datetime.MAC_EPOCH
    workbook.save(path)
    recalc(path)
    assert column(path, "Last purchase")[0] == dt.datetime(2026, 11, 19)  # noqa: DTZ001


def test_an_id_that_excel_made_a_date_is_compared_as_that_date(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    clients = workbook.active
    assert clients is not None
    clients.title = "Clients"
    clients.append(["ID", "Name"])
    clients.append([dt.date(2026, 5, 12), "Anna"])
    purchases = workbook.create_sheet("Purchases")
    purchases.append(["Date", "Client ID", "Amount"])
    purchases.append([TODAY, "2026-05-12", 900])
    workbook.save(tmp_path / "base.xlsx")
    outcome = recalc(tmp_path / "base.xlsx")
    assert outcome.result.columns["turnover"].tolist() == [900]


def test_grey_columns_that_the_button_has_filled_are_no_surprise_on_a_first_run(
    tmp_path: Path,
) -> None:
    rules = Rules(config(), Path("config.yaml"))
    make_example(tmp_path / "made.xlsx", rules.config, TODAY)
    recalculate_file(tmp_path / "made.xlsx", rules, TODAY, output=tmp_path / "mine.xlsx")
    outcome = recalculate_file(tmp_path / "mine.xlsx", rules, TODAY + dt.timedelta(days=9))
    assert outcome.changes
    assert not any("First run" in notice for notice in outcome.notices)
