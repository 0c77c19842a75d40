"""A new base from lists that come from elsewhere."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from batch.configuration import read, shipped_path
from batch.errors import TooLarge
from batch.importing.sheets import SourceError
from batch.making.new import MapError, TargetError, UnusedMapError, make_base
from batch.recalculation.file import recalculate_file
from tests.bases import config
from tests.command_line import Run

LOG = """Date,Client ID,Product,Amount,Colour
2026-01-05,007,Lipstick,"1 200,50",red
2026-01-06,7,=1+1,300,
2026-01-06,Anna,@cmd,-50,blue
"""


NAMES = "columns: {purchases: {client_id: [Client ID, Client_ID]}}"


def base(
    tmp_path: Path, text: str = LOG, *mapped: str, name: str = "log.csv", rules: str = ""
) -> Path:
    """A base made from one purchase log."""
    source = tmp_path / name
    source.write_text(text, encoding="utf-8")
    target = tmp_path / "base.xlsx"
    make_base(target, config(rules), {"purchases": source}, mapped)
    return target


def rows(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet by heading, as an independent reader sees them; blanks left out."""
    cells = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    return [
        {str(h): cell for h, cell in zip(cells[0], row, strict=True) if cell is not None}
        for row in cells[1:]
    ]


def test_dates_become_dates_amounts_numbers_and_ids_stay_text(tmp_path: Path) -> None:
    first = rows(base(tmp_path), "Purchases")[0]
    assert first["Date"] == dt.datetime(2026, 1, 5)  # noqa: DTZ001
    assert first["Amount"] == 1200.5
    assert first["Client ID"] == "007"


def test_clients_that_appear_only_in_purchases_get_a_row(tmp_path: Path) -> None:
    assert [row["ID"] for row in rows(base(tmp_path), "Clients")] == ["007", "7", "Anna"]


@pytest.mark.parametrize(("row", "text"), [(1, "=1+1"), (2, "@cmd")])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, row: int, text: str) -> None:
    path = base(tmp_path)
    cell = openpyxl.load_workbook(path)["Purchases"].cell(row + 2, 4)
    assert (cell.value, cell.data_type) == (text, "s")


def test_columns_that_nobody_named_come_along_after_the_others(tmp_path: Path) -> None:
    assert [row.get("Colour") for row in rows(base(tmp_path), "Purchases")] == ["red", None, "blue"]


def test_headings_that_a_table_can_not_have_are_made_fit(tmp_path: Path) -> None:
    """Names unique without regard to case, one line, no control characters, at most 255 long."""
    odd = ["Phone", "phone", "Note\x01 of\thers", "_x0041_", "L" * 300, "Group", "Amount "]
    text = "\n".join(
        [";".join(["Date", "Client ID", "Amount", *odd[:6]]), "2026-01-05;7;5;1;2;3;4;5;6"]
    )
    path = base(tmp_path, text)
    sheet = openpyxl.load_workbook(path)["Purchases"]
    headings = [cell.value for cell in sheet[1]][8:]
    assert headings == ["Phone", "phone 2", "Note of hers", "x0041_", "L" * 255, "Group"]
    assert [column.name for column in sheet.tables["Purchases"].tableColumns][8:] == headings
    assert [cell.value for cell in sheet[2]][8:] == ["1", "2", "3", "4", "5", "6"]


def test_dates_in_columns_of_her_own_stay_dates(tmp_path: Path) -> None:
    source = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(str(source)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["ID", "Name", "Met on"])
        sheet.write_row(1, 0, ["1", "Anna"])
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime(1, 2, dt.datetime(2020, 1, 1), date)  # noqa: DTZ001
    make_base(tmp_path / "base.xlsx", config(), {"clients": source})
    assert rows(tmp_path / "base.xlsx", "Clients")[0]["Met on"] == dt.datetime(2020, 1, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Date;Client ID;Amount\n2026-01-05;7;5\n", "semicolons.csv"),
        ("Date\tClient ID\tAmount\n2026-01-05\t7\t5\n", "tabs.txt"),
        ("Date,Client ID,Amount\n2026-01-05,7,5\n", "commas.csv"),
        ("\ufeffDate;Client ID;Amount\n2026-01-05;7;5\n", "bom.csv"),
        ("My log\nDate;Client ID;Amount\n2026-01-05;7;5\n", "title.csv"),
        ("Date  Client_ID Amount\n2026-01-05 7 5,00\n", "blanks.txt"),
    ],
)
def test_text_is_split_by_its_own_delimiter(tmp_path: Path, text: str, name: str) -> None:
    (row,) = rows(base(tmp_path, text, name=name, rules=NAMES), "Purchases")
    assert (row["Client ID"], row["Amount"]) == ("7", 5)


def test_a_list_without_headings_is_named_by_position(tmp_path: Path) -> None:
    text = " 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n"
    rules = 'dates: {text_formats: [yyyymmdd]}\nnumbers: {decimal: "."}'
    mapped = ("Client ID=col1", "date=col2", "Quantity=col3", "Amount=col4")
    first, second = rows(base(tmp_path, text, *mapped, name="log.txt", rules=rules), "Purchases")
    assert first == {
        "Client ID": "00001",
        "Date": dt.datetime(1997, 1, 1),  # noqa: DTZ001
        "Quantity": 1,
        "Amount": 11.77,
    }
    assert second["Amount"] == 77


def test_a_list_in_the_old_windows_encoding_is_read(tmp_path: Path) -> None:
    source = tmp_path / "old.csv"
    source.write_bytes("Date;Client ID;Amount\n05.01.2026;Анна;5\n".encode("cp1251"))
    make_base(tmp_path / "base.xlsx", config(), {"purchases": source})
    assert rows(tmp_path / "base.xlsx", "Clients")[0]["ID"] == "Анна"


def test_a_list_with_russian_headings_is_read_by_the_russian_rules(tmp_path: Path) -> None:
    text = "Дата;Код клиента;Сумма\n05.01.2026;007;1 200,50\n"
    path = base(tmp_path, text, rules="based_on: ru")
    (row,) = rows(path, "Покупки")
    assert (row["Код клиента"], row["Сумма"]) == ("007", 1200.5)
    assert [client["Код"] for client in rows(path, "Клиенты")] == ["007"]


def test_headings_that_only_a_map_names_are_headings(tmp_path: Path) -> None:
    source = tmp_path / "cards.csv"
    source.write_text("Card;Who\nK1;Anna\n", encoding="utf-8")
    make_base(tmp_path / "base.xlsx", config(), {"clients": source}, ["ID=Card", "Name=Who"])
    assert rows(tmp_path / "base.xlsx", "Clients") == [{"ID": "K1", "Name": "Anna"}]


@pytest.mark.parametrize("amount", ["0.005", "12,00,000", "2 × 390"])
def test_an_amount_in_doubt_is_not_made_a_number(tmp_path: Path, amount: str) -> None:
    (row,) = rows(base(tmp_path, f"Date;Client ID;Amount\n2026-01-05;7;{amount}\n"), "Purchases")
    assert row["Amount"] == amount


def test_an_excel_export_is_read_with_its_types(tmp_path: Path) -> None:
    source = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(str(source)) as workbook:
        sheet = workbook.add_worksheet()
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for number, heading in enumerate(["Amount", "Client ID", "Date"]):
            sheet.write_string(2, number, heading)
        sheet.write_number(3, 0, 99.9)
        sheet.write_number(3, 1, 7)
        sheet.write_datetime(3, 2, dt.datetime(2026, 1, 5), date)  # noqa: DTZ001
    make_base(tmp_path / "base.xlsx", config(), {"purchases": source})
    assert rows(tmp_path / "base.xlsx", "Purchases") == [
        {"Date": dt.datetime(2026, 1, 5), "Client ID": "7", "Amount": 99.9}  # noqa: DTZ001
    ]


def test_what_cannot_be_read_stays_as_it_was_typed(tmp_path: Path) -> None:
    text = "Date,Client ID,Amount\n31.02.2026,7,many\n"
    (row,) = rows(base(tmp_path, text), "Purchases")
    assert (row["Date"], row["Amount"]) == ("31.02.2026", "many")


def test_a_birthday_without_its_year_stays_text(tmp_path: Path) -> None:
    source = tmp_path / "clients.csv"
    source.write_text("ID,Name,Birthday\n1,Anna,29.02\n2,Olga,01.03.1980\n", encoding="utf-8")
    make_base(tmp_path / "base.xlsx", config(), {"clients": source})
    first, second = rows(tmp_path / "base.xlsx", "Clients")
    assert first["Birthday"] == "29.02"
    assert second["Birthday"] == dt.datetime(1980, 3, 1)  # noqa: DTZ001


def test_an_empty_base_has_three_tables_with_all_headings(tmp_path: Path) -> None:
    make_base(tmp_path / "base.xlsx", config(), {})
    workbook = openpyxl.load_workbook(tmp_path / "base.xlsx")
    assert {name: list(workbook[name].tables) for name in workbook.sheetnames} == {
        "Start": [],
        "Today": [],
        "Clients": ["Clients"],
        "Purchases": ["Purchases"],
        "Contacts": ["Contacts"],
        "Birthdays": [],
        "Gifts": [],
        "Charts": [],
        "Rules": [],
        "clientbase": [],
    }
    headings = [cell.value for cell in workbook["Clients"][1]]
    assert headings[:2] == ["ID", "Name"]
    assert headings[-14:-12] == ["Group", "ABC"]


@pytest.mark.parametrize("ending", [".xlsx", ".xlsm"])
def test_lists_of_headings_alone_make_empty_tables(tmp_path: Path, ending: str) -> None:
    headings = {
        "clients": "ID;Name;Birthday;Class date;Colour",
        "purchases": "Date;Client ID;Amount;Quantity",
        "contacts": "Date;Client ID;Kind;Next date",
    }
    sources: dict[str, Path | None] = {}
    for table, line in headings.items():
        sources[table] = tmp_path / f"{table}.csv"
        (tmp_path / f"{table}.csv").write_text(line + "\n", encoding="utf-8")
    target = tmp_path / f"base{ending}"
    made = make_base(target, config(), sources)
    assert (made.clients, made.purchases, made.contacts, made.clients_from_logs) == (0, 0, 0, 0)
    for sheet in ("Clients", "Purchases", "Contacts"):
        assert not any(rows(target, sheet))
    assert "Colour" in [cell.value for cell in openpyxl.load_workbook(target)["Clients"][1]]


@pytest.mark.parametrize(
    ("mapped", "words"),
    [
        ("Client IDD=col1", "isn't understood"),
        ("Client ID", "isn't understood"),
        ("=col1", "isn't understood"),
    ],
)
def test_a_map_that_names_no_column_is_refused(tmp_path: Path, mapped: str, words: str) -> None:
    with pytest.raises(MapError, match=words):
        base(tmp_path, LOG, mapped)
    assert not (tmp_path / "base.xlsx").exists()


@pytest.mark.parametrize("mapped", ["Client ID=Telephon", "Amount=col9", "Kind=Colour"])
def test_a_map_whose_column_is_in_no_list_is_refused(tmp_path: Path, mapped: str) -> None:
    with pytest.raises(UnusedMapError, match="none of the lists has a column"):
        base(tmp_path, LOG, mapped)
    assert not (tmp_path / "base.xlsx").exists()


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "base.xlsx"
    target.write_bytes(b"hers")
    with pytest.raises(TargetError, match="exists already"):
        make_base(target, config(), {})
    assert target.read_bytes() == b"hers"


@pytest.mark.parametrize("name", ["base.xls", "base", "base.xlsb", "base.xltm"])
def test_another_ending_than_that_of_a_workbook_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TargetError) as caught:
        make_base(tmp_path / name, config(), {})
    assert str(caught.value) == (
        f"'{name}' has another ending than .xlsx or .xlsm. "
        "Name the new base … .xlsm to have the button, … .xlsx without."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_macro_workbook_holds_the_same_rows(tmp_path: Path) -> None:
    source = tmp_path / "log.csv"
    source.write_text(LOG, encoding="utf-8")
    for name in ("base.xlsx", "base.XLSM"):
        make_base(tmp_path / name, config(), {"purchases": source})
    for sheet in ("Clients", "Purchases", "Contacts"):
        assert rows(tmp_path / "base.XLSM", sheet) == rows(tmp_path / "base.xlsx", sheet)
    with zipfile.ZipFile(tmp_path / "base.XLSM") as package:
        assert "xl/vbaProject.bin" in package.namelist()


def test_a_new_macro_workbook_can_be_recalculated(tmp_path: Path) -> None:
    source = tmp_path / "log.csv"
    source.write_text(LOG, encoding="utf-8")
    path = tmp_path / "base.xlsm"
    make_base(path, config(), {"purchases": source})
    with zipfile.ZipFile(path) as package:
        macros = package.read("xl/vbaProject.bin")
    recalculate_file(path, read(shipped_path()), dt.date(2026, 1, 10))
    assert [row["Stage"] for row in rows(path, "Clients")] == ["New", "New", "Potential"]
    with zipfile.ZipFile(path) as package:
        assert package.read("xl/vbaProject.bin") == macros


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.csv", None, "can't be read"),
        ("broken.xlsx", b"no zip", "can't be read as a spreadsheet"),
        ("binary.csv", b"\0\1\2", "neither text nor a workbook"),
        ("empty.csv", b"", "has no column 'Date'"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(SourceError, match=words) as caught:
        make_base(tmp_path / "base.xlsx", config(), {"purchases": source})
    assert name in str(caught.value)
    assert not (tmp_path / "base.xlsx").exists()


def test_two_columns_for_one_are_refused(tmp_path: Path) -> None:
    rules = "columns: {purchases: {amount: [Amount, Sum]}}"
    with pytest.raises(SourceError, match="two columns for 'Amount': 'Amount' and 'Sum'"):
        base(tmp_path, "Date,Client ID,Amount,Sum\n2026-01-05,7,5,5\n", rules=rules)


def test_a_list_that_is_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "clients.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(260 << 20))
    with pytest.raises(TooLarge, match=r"packed more than 200 .* limits\.ratio in config\.yaml"):
        make_base(tmp_path / "base.xlsx", config(), {"clients": bomb}, [])
    assert not (tmp_path / "base.xlsx").exists()


def test_a_date_beyond_all_dates_is_kept_as_it_is_and_told(tmp_path: Path) -> None:
    listed = tmp_path / "clients.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["ID", "Birthday"])
    sheet.append(["1", -1e300])
    sheet["B2"].number_format = "dd.mm.yyyy"
    book.save(listed)
    made = make_base(tmp_path / "base.xlsx", config(), {"clients": listed}, [])
    assert made.clients == 1
    assert any("Birthday: cells that can't be read: 1" in line for line in made.told)


@pytest.mark.parametrize("command", ["new", "example"])
def test_a_new_base_is_in_the_language_of_the_computer_or_the_one_asked_for(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copy(shipped_path(), tmp_path / "config.yaml")  # a checkout's own rules are no choice
    monkeypatch.setenv("LANGUAGE", "ru_RU")
    assert run(command, "one.xlsx").code == 0
    assert run("--language", "en", command, "other.xlsx").code == 0
    assert "Клиенты" in openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames
    assert "Clients" in openpyxl.load_workbook(tmp_path / "other.xlsx").sheetnames


def test_a_client_whom_only_a_log_names_is_called_so(tmp_path: Path) -> None:
    target = tmp_path / "base.xlsx"
    source = tmp_path / "p.csv"
    source.write_text(
        "Date;Client ID;Amount\n2026-01-05;Anna Petrova;5\n2026-01-06;17;5\n", "utf-8"
    )
    make_base(target, config(), {"purchases": source})
    assert rows(target, "Clients") == [
        {"ID": "Anna Petrova", "Name": "Anna Petrova"},
        {"ID": "17"},
    ]
