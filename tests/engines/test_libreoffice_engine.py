"""The engine over LibreOffice shows a workbook as xlwings over COM does, and its VBA calls Python."""

from __future__ import annotations

import builtins
import datetime as dt
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
import xlwings
from pyopenvba import ExcelFile

from tests.engines import libreoffice
from tests.engines.libreoffice import (
    Alert,
    Call,
    Office,
    load_add_in,
    python_server,
    run_macro,
)

pytestmark = pytest.mark.libreoffice
HEADINGS = ["ID", "Day", "Asked", "Sum"]

FORMULAS = [
    "=IF('My clients'!$D$4>1,\"$Other.A1\",0)",
    "=SUM({1,2;3,4})",
    "=SUM(Other!A:A,Other!B$2:$C3)",
    "=SUM(Clients[Sum],-2.5)",
]

FUNCTIONS = """Option Explicit
Private server As Object
Public Function TWICE(Optional x As Variant) As Variant
    If IsMissing(x) Then
        TWICE = "nothing"
    Else
        TWICE = x * 2
    End If
End Function
Public Function CLIENT_X(Optional ByVal x As Variant) As Variant
    CLIENT_X = Application.Run("XLPy").CallUDF("m", "CLIENT_X", Array(x))
End Function
Public Function CLIENT_TRY(Optional ByVal x As Variant) As Variant
    On Error GoTo Failed
    CLIENT_TRY = Application.Run("XLPy").CallUDF("m", "CLIENT_TRY", Array(x))
    Exit Function
Failed:
    CLIENT_TRY = "error " & Err.Number
End Function
Public Function CLIENT_V(ByVal x As Variant) As Variant
    If server Is Nothing Then
        Set server = Application.Run("XLPy")
    End If
    CLIENT_V = server.CallUDF("m", "CLIENT_V", Array(x.Value), ThisWorkbook, Application.Caller)
End Function
Public Function STANDS() As Variant
    STANDS = TypeName(Application.Caller)
End Function
Public Function FULL_NAME() As Variant
    FULL_NAME = ThisWorkbook.FullName
End Function
Public Sub Recalculate()
    On Error GoTo Failed
    Application.Run "RunPython", "import xlwings; xlwings.Book.caller().sheets[0]['A3'].value = 1"
    ThisWorkbook.Worksheets("Sheet").Range("A1").Value = "done"
    Exit Sub
Failed:
    ThisWorkbook.Worksheets("Sheet").Range("A1").Value = "error " & Err.Number
End Sub
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sheets with tables, dates, errors, blanks and names."""
    path = tmp_path_factory.mktemp("plain") / "plain.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        text = workbook.add_format({"num_format": "@"})
        blue = workbook.add_format({"bg_color": "#CCE5FF"})
        clients = workbook.add_worksheet("My clients")
        clients.write_string("A4", "007", text)
        clients.write_datetime("B4", dt.datetime(2026, 3, 8), date)  # noqa: DTZ001
        clients.write_boolean("C4", True)
        clients.write_number("D4", 2.5)
        clients.write_datetime("B5", dt.datetime(2026, 3, 9, 12, 30), date)  # noqa: DTZ001
        clients.write_formula("C5", "=NA()", None, "#N/A")
        clients.write_formula("D5", '=IF(D4>1,SUM(D4,1),"")', None, 3.5)
        clients.write_string("B6", "in May", date)
        clients.write_formula("C6", '=""', None, "")
        columns = [{"header": heading, "header_format": blue} for heading in HEADINGS]
        clients.add_table("A3:D7", {"name": "Clients", "total_row": True, "columns": columns})
        other = workbook.add_worksheet("Other")
        other.hide()
        other.add_table("B2:C2", {"name": "Purchases", "header_row": False})
        workbook.define_name("Rate", "='My clients'!$D$4")
        workbook.define_name("Share", "=0.5")
    return path


@pytest.fixture
def book(office: Office, plain: Path) -> Iterator[xlwings.Book]:
    with office.opened(plain) as opened:
        yield opened


@pytest.fixture
def clients(book: xlwings.Book) -> xlwings.Sheet:
    return book.sheets["My clients"]


@pytest.fixture
def free(clients: xlwings.Sheet) -> xlwings.Range:
    """Cells in which nothing stands."""
    return clients.range("J20")


def rows(formula: str | Sequence[object]) -> list[object]:
    """Formulas of several cells as lists."""
    return [list(row) if isinstance(row, tuple) else row for row in formula]


def address(cells: xlwings.Range | None) -> str | None:
    return None if cells is None else cells.address


# Reading


def test_a_block_is_read_as_excel_sends_it(clients: xlwings.Sheet) -> None:
    assert clients.range((3, 1), (6, 4)).options(ndim=2, err_to_str=True).value == [
        HEADINGS,
        ["007", dt.datetime(2026, 3, 8), True, 2.5],  # noqa: DTZ001
        [None, dt.datetime(2026, 3, 9, 12, 30), "#N/A", 3.5],  # noqa: DTZ001
        [None, "in May", None, None],
    ]


def test_a_cell_is_read_as_a_scalar_a_column_as_a_list(clients: xlwings.Sheet) -> None:
    assert clients.range("D4").value == 2.5
    assert clients.range("A3:A4").value == ["ID", "007"]
    assert clients.range("A4").options(ndim=2).value == [["007"]]


def test_an_error_is_none_unless_its_text_is_asked_for(clients: xlwings.Sheet) -> None:
    assert clients.range("C5").value is None
    assert clients.range("C5").options(err_to_str=True).value == "#N/A"


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!"])
def test_errors_have_excels_names(free: xlwings.Range, error: str) -> None:
    free.value = error
    assert free.options(err_to_str=True).value == error


def test_numbers_dates_and_blanks_are_read_as_the_reader_wants(clients: xlwings.Sheet) -> None:
    block = clients.range("A4:D5").options(numbers=int, dates=dt.date, empty="")
    assert block.value == [
        ["007", dt.date(2026, 3, 8), True, 2],
        ["", dt.date(2026, 3, 9), None, 4],
    ]


def test_the_1904_date_system_counts_from_its_own_day(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    day = dt.datetime(2026, 3, 8)  # noqa: DTZ001
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as workbook:
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        workbook.add_worksheet("Mac").write_datetime("A1", day, date)
    with office.opened(path) as mac:
        cell = mac.sheets["Mac"].range("A1")
        assert cell.value == day
        cell.value = dt.datetime(2026, 3, 9)  # noqa: DTZ001
        assert cell.formula == "44628"


# Writing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8 March 2026", dt.datetime(2026, 3, 8)),  # noqa: DTZ001
        ("8-Mar-26", dt.datetime(2026, 3, 8)),  # noqa: DTZ001
        ("1-2-2026", dt.datetime(2026, 1, 2)),  # noqa: DTZ001
        ("3/8/2026", dt.datetime(2026, 3, 8)),  # noqa: DTZ001
        ("2026-03-08", dt.datetime(2026, 3, 8)),  # noqa: DTZ001
        ("007", 7.0),
        ("1,500", 1500.0),
        ("5%", 0.05),
        ("1e3", 1000.0),
        ("TRUE", True),
        ("=2*3", 6.0),
        ("4 200 short of VIP", "4 200 short of VIP"),
        ("a\nb", "a\nb"),
        ("May", "May"),
        ("5.3.2026", "5.3.2026"),
        ("  x ", "  x "),
        ("", None),
    ],
)
def test_a_text_is_taken_as_typed(free: xlwings.Range, typed: str, kept: object) -> None:
    free.value = typed
    assert free.value == kept
    assert type(free.value) is type(kept)


@pytest.mark.parametrize(("typed", "month", "day"), [("8 March", 3, 8), ("1-2", 1, 2)])
def test_a_day_may_lack_its_year(free: xlwings.Range, typed: str, month: int, day: int) -> None:
    free.value = typed
    assert (free.value.month, free.value.day) == (month, day)


@pytest.mark.parametrize("text", ["8 March", "1-2", "007", "=A1", "TRUE", "#N/A", "plain"])
def test_a_text_cell_keeps_each_text(free: xlwings.Range, text: str) -> None:
    free.number_format = "@"
    free.value = text
    assert (free.value, free.formula, free.number_format) == (text, text, "@")


@pytest.mark.parametrize("text", ["8 March", "1-2", "007", "=A1", "TRUE", "'quoted", "plain"])
def test_an_apostrophe_keeps_a_text_and_is_no_part_of_it(free: xlwings.Range, text: str) -> None:
    free.value = [[f"'{text}"]]
    assert (free.value, free.formula, free.number_format) == (text, text, "General")


def test_a_block_is_written_with_all_kinds_of_values(free: xlwings.Range) -> None:
    free.value = [
        [1, 2.5, True, None, "text"],
        [dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, 3, 4), False, "", "=K20*2"],  # noqa: DTZ001
    ]
    assert free.resize(2, 5).value == [
        [1.0, 2.5, True, None, "text"],
        [dt.datetime(2026, 1, 2), dt.datetime(2026, 1, 2, 3, 4), False, None, 5.0],  # noqa: DTZ001
    ]


def test_the_values_of_numpy_and_pandas_are_written(free: xlwings.Range) -> None:
    day = dt.datetime(2026, 1, 2)  # noqa: DTZ001
    free.value = [
        [np.float64(3), np.int64(4), float("nan"), pd.NaT, pd.NA],
        [pd.Timestamp(day), np.datetime64("2026-01-02"), np.datetime64("NaT"), np.True_, None],
    ]
    assert free.resize(2, 5).value == [
        [3.0, 4.0, None, None, None],
        [day, day, None, True, None],
    ]


def test_one_value_fills_a_range(clients: xlwings.Sheet) -> None:
    clients.range("J1:K2").value = 5
    assert clients.range("J1:K3").value == [[5.0, 5.0], [5.0, 5.0], [None, None]]


def test_a_date_gets_a_date_format_only_where_the_cell_has_none(clients: xlwings.Sheet) -> None:
    cells = clients.range("J1:J2")
    clients.range("J2").number_format = "yyyy-mm-dd"
    cells.value = [[dt.date(2026, 1, 2)], [dt.date(2026, 1, 2)]]
    assert clients.range("J1").number_format == "mm/dd/yy"
    assert clients.range("J2").number_format == "yyyy-mm-dd"
    assert cells.number_format is None


def test_a_number_in_a_date_cell_is_read_as_a_date(clients: xlwings.Sheet) -> None:
    clients.range("B6").value = 46089
    assert clients.range("B6").value == dt.datetime(2026, 3, 8)  # noqa: DTZ001
    clients.range("B6").value = -1
    assert clients.range("B6").value == -1.0


def test_formulas_are_english_with_commas(clients: xlwings.Sheet) -> None:
    clients.range("J1").formula = [FORMULAS]
    assert clients.range("J1:M1").value == ["$Other.A1", 10.0, 0.0, 3.5]
    assert rows(clients.range("J1:M1").formula) == [FORMULAS]
    assert clients.range("J1").formula == FORMULAS[0]
    assert rows(clients.range("A4:D5").formula) == [
        ["007", "46089", "TRUE", "2.5"],
        ["", "46090.5208333333", "=NA()", '=IF(D4>1,SUM(D4,1),"")'],
    ]


def test_letters_are_made_bold(clients: xlwings.Sheet) -> None:
    clients.range("K8:L8").font.bold = True
    assert [clients.range(cell).font.bold for cell in ("K8", "L8", "K9")] == [True, True, False]
    clients.range("L8").font.bold = False
    assert not clients.range("L8").font.bold


def test_formats_colours_and_widths_are_set_and_read(clients: xlwings.Sheet) -> None:
    cells = clients.range("J1:K1")
    cells.number_format = '0.0 "Stk"'
    cells.color = (204, 229, 255)
    cells.column_width = 20
    clients.range("L1").column_width = 9
    assert (cells.number_format, cells.color, cells.column_width) == (
        '0.0 "Stk"',
        (204, 229, 255),
        20.0,
    )
    assert clients.range("J1:L1").column_width is None
    cells.color = "#FF0001"
    assert cells.color == (255, 0, 1)
    cells.color = None
    assert cells.color is None
    assert clients.range("A3").color == (204, 229, 255)
    assert clients.range("B4").number_format == "dd.mm.yyyy"


def test_clear_contents_leaves_the_format(clients: xlwings.Sheet) -> None:
    clients.range("A4:D5").clear_contents()
    assert clients.range("A4:D5").value == [[None] * 4] * 2
    assert clients.range("B4").number_format == "dd.mm.yyyy"


# Places


def test_ranges_are_found_by_corners_and_addresses(clients: xlwings.Sheet) -> None:
    block = clients.range((3, 1), (4, 28))
    assert (block.address, block.row, block.column, block.shape) == ("$A$3:$AB$4", 3, 1, (2, 28))
    assert block.last_cell.address == "$AB$4"
    assert block[1, 1].address == "$B$4"
    assert [cell.address for cell in clients.range("A1:B2")] == ["$A$1", "$B$1", "$A$2", "$B$2"]
    assert clients.range(block.last_cell, clients.range("AA9")).address == "$AA$4:$AB$9"
    assert clients.range("Rate").address == "$D$4"
    assert clients.used_range.address == "$A$3:$D$6"


def test_an_unknown_place_is_named(book: xlwings.Book, clients: xlwings.Sheet) -> None:
    with pytest.raises(LookupError, match=r"Sheet 'My clients' has no range 'Nowhere'"):
        clients.range("Nowhere")
    with pytest.raises(KeyError, match="There is no 'Contacts' among My clients, Other"):
        book.sheets["Contacts"]


def test_the_book_knows_its_file_and_sheets(book: xlwings.Book, plain: Path) -> None:
    assert (book.fullname, book.name) == (str(plain), "plain.xlsx")
    assert [(sheet.name, sheet.index, sheet.visible) for sheet in book.sheets] == [
        ("My clients", 1, True),
        ("Other", 2, False),
    ]
    assert [found.name for found in book.app.books] == ["plain.xlsx"]


def test_a_table_has_headings_rows_and_totals(clients: xlwings.Sheet) -> None:
    (table,) = clients.tables
    assert (table.name, table.range.address) == ("Clients", "$A$3:$D$7")
    assert address(table.header_row_range) == "$A$3:$D$3"
    assert address(table.data_body_range) == "$A$4:$D$6"
    assert table.show_totals is True
    assert address(table.totals_row_range) == "$A$7:$D$7"


def test_a_table_may_lack_headings_and_totals(book: xlwings.Book) -> None:
    table = book.sheets["Other"].tables["purchases"]
    assert table.header_row_range is None
    assert table.totals_row_range is None
    assert address(table.data_body_range) == "$B$2:$C$2"


def test_a_table_is_resized(clients: xlwings.Sheet) -> None:
    clients.tables["Clients"].resize(clients.range("A3:E9"))
    assert clients.tables["Clients"].range.address == "$A$3:$E$9"


def test_names_lead_to_ranges(book: xlwings.Book) -> None:
    assert {name.name: name.refers_to for name in book.names} == {
        "Rate": "='My clients'!$D$4",
        "Share": "=0.5",
    }
    assert book.names["Rate"].refers_to_range.value == 2.5
    with pytest.raises(LookupError, match=r"The name 'Share' stands for no range, but =0\.5"):
        _ = book.names["Share"].refers_to_range


# The program


def test_manual_calculation_waits_to_be_asked(book: xlwings.Book, clients: xlwings.Sheet) -> None:
    book.app.calculation = "manual"
    clients.range("D4").value = 10
    assert (book.app.calculation, clients.range("D5").value) == ("manual", 3.5)
    book.app.calculate()
    assert clients.range("D5").value == 11.0
    book.app.calculation = "automatic"
    clients.range("D4").value = 20
    assert (book.app.calculation, clients.range("D5").value) == ("automatic", 21.0)


def test_the_screen_stands_still_when_asked(book: xlwings.Book) -> None:
    assert book.app.screen_updating is True
    book.app.screen_updating = False
    assert book.app.screen_updating is False
    book.app.screen_updating = True
    assert book.app.screen_updating is True


def test_the_status_bar_keeps_a_text_until_it_is_given_back(book: xlwings.Book) -> None:
    assert book.app.status_bar is False
    book.app.status_bar = "Recalculating"
    assert book.app.status_bar == "Recalculating"
    book.app.status_bar = False
    assert book.app.status_bar is False


def test_messages_are_kept_and_answered_with_the_first_button(book: xlwings.Book) -> None:
    assert book.app.alert("No table.", "Client base", "yes_no", "critical") == "yes"
    assert book.app.impl.alerts == [Alert("No table.", "Client base", "yes_no", "critical")]


def test_the_program_is_identified(book: xlwings.Book, office: Office) -> None:
    assert book.app.pid == office.process.pid
    assert book.app.version.major >= 7
    assert book.app.hwnd == 0
    book.app.enable_events = False
    assert book.app.enable_events is False


@pytest.mark.parametrize(
    ("use", "what"),
    [
        (lambda sheet: sheet.range("A1").row_height, "Range.row_height"),
        (lambda sheet: setattr(sheet.range("A1"), "row_height", 3), "Range.row_height"),
        (lambda sheet: sheet.delete(), "Sheet.delete"),
        (lambda sheet: sheet.book.app.quit(), "App.quit"),
        (lambda sheet: sheet.book.save(), "Book.save"),
        (lambda sheet: sheet.tables["Clients"].table_style, "Table.table_style"),
        (lambda sheet: sheet.book.names.add("New", "=1"), "Names.add"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(
    clients: xlwings.Sheet, use: Callable[[xlwings.Sheet], object], what: str
) -> None:
    with pytest.raises(NotImplementedError, match=f"The engine over LibreOffice has no {what}"):
        use(clients)


def test_a_formula_that_excel_would_adjust_is_refused(clients: xlwings.Sheet) -> None:
    with pytest.raises(NotImplementedError, match="One formula for several cells"):
        clients.range("J1:J3").formula = "=A1"


# VBA


def with_macros(path: Path, formulas: dict[str, str]) -> Path:
    """A workbook with FUNCTIONS and *formulas*, which show 'old' until they are recalculated."""
    project = path.with_suffix(".bin")
    with ExcelFile.create_new(path.with_name("macro.xlsm")) as macro:
        macro.set_module("Module1", FUNCTIONS)
        macro.save()
    with zipfile.ZipFile(path.with_name("macro.xlsm")) as package:
        project.write_bytes(package.read("xl/vbaProject.bin"))
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_vba_project(str(project))
        workbook.set_vba_name()
        sheet = workbook.add_worksheet("Sheet")
        sheet.set_vba_name("Sheet1")
        sheet.write_number("A2", 21)
        sheet.write_string("A3", "Anna")
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime("A4", dt.datetime(2026, 3, 8), date)  # noqa: DTZ001
        sheet.write_boolean("A6", True)
        sheet.write_formula("A7", "=NA()", None, "#N/A")
        for place, formula in formulas.items():
            if ":" in place:
                sheet.write_array_formula(place, formula, None, "old")
            else:
                sheet.write_formula(place, formula, None, "old")
    return path


@pytest.fixture
def computed(office: Office, tmp_path: Path) -> Callable[..., dict[str, object]]:
    """The values of formulas whose VBA calls Python, by their place."""

    def compute(call: Call, formulas: dict[str, str]) -> dict[str, object]:
        path = with_macros(tmp_path / "base.xlsm", formulas)
        with python_server(office, call), office.opened(path) as book:
            load_add_in(book)
            book.api.calculateAll()
            return {place: book.sheets["Sheet"].range(place).value for place in formulas}

    return compute


def test_vba_functions_in_cells_are_evaluated_on_a_full_recalculation(
    office: Office, tmp_path: Path
) -> None:
    path = with_macros(tmp_path / "base.xlsm", {"C1": "=TWICE(A2)", "C2": "=TWICE()"})
    with office.opened(path) as book:
        cells = book.sheets["Sheet"].range("C1:C2")
        assert cells.value == ["old", "old"]
        book.api.calculateAll()
        assert cells.value == [42.0, "nothing"]
        book.sheets["Sheet"].range("A2").value = 5
        assert cells.value == [10.0, "nothing"]
        assert rows(cells.formula) == [["=TWICE(A2)"], ["=TWICE()"]]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("VIP", "VIP"),
        (42, 42.0),
        (0.5, 0.5),
        (True, 1.0),
        (None, None),
        (dt.date(2026, 3, 8), 46089.0),
        (dt.datetime(2026, 3, 8, 12), 46089.5),  # noqa: DTZ001
    ],
)
def test_a_cell_shows_what_python_answers(
    computed: Callable[..., dict[str, object]], answer: object, shown: object
) -> None:
    asked = []

    def call(module: str, name: str, arguments: tuple[object, ...]) -> object:
        asked.append((module, name, arguments))
        return answer

    assert computed(call, {"C1": "=CLIENT_X(A2)"}) == {"C1": shown}
    assert asked == [("m", "CLIENT_X", (21.0,))]


@pytest.mark.parametrize(
    ("formula", "argument"),
    [
        ("=CLIENT_X()", None),
        ("=CLIENT_X(A5)", None),
        ('=CLIENT_X("Anna")', "Anna"),
        ("=CLIENT_X(5)", 5.0),
        ("=CLIENT_V(A3)", "Anna"),
        ("=CLIENT_V(A4)", 46089.0),
        ("=CLIENT_V(A5)", None),
        ("=CLIENT_V(A6)", True),
        ("=CLIENT_V(A7)", 0.0),
        ("=CLIENT_V(A2:A6)", ((21.0,), ("Anna",), (46089.0,), (None,), (True,))),
        ("=CLIENT_X(A2:A3)", ((21.0,), ("Anna",))),
        ("=CLIENT_X({1,2;3,4})", ((1.0, 2.0), (3.0, 4.0))),
    ],
)
def test_arguments_arrive_as_values(
    computed: Callable[..., dict[str, object]], formula: str, argument: object
) -> None:
    asked: list[object] = []

    def call(_module: str, _name: str, arguments: tuple[object, ...]) -> str:
        asked.extend(arguments)
        return "asked"

    assert computed(call, {"C1": formula}) == {"C1": "asked"}
    assert asked == [argument]


def test_rows_fill_an_array_formula(computed: Callable[..., dict[str, object]]) -> None:
    rows = [["VIP", 1], [None, dt.date(2026, 3, 8)]]
    assert computed(lambda *_: rows, {"C1:D2": "{=CLIENT_X(A2)}"}) == {
        "C1:D2": [["VIP", 1.0], [None, 46089.0]]
    }


def test_a_single_list_is_a_row(computed: Callable[..., dict[str, object]]) -> None:
    assert computed(lambda *_: ["a", 2], {"C1:D1": "{=CLIENT_X(A2)}"}) == {"C1:D1": ["a", 2.0]}


def test_an_exception_is_an_error_in_vba(computed: Callable[..., dict[str, object]]) -> None:
    def call(*_: object) -> object:
        raise ValueError("no such client")

    assert computed(call, {"C1": "=CLIENT_TRY(A2)"}) == {"C1": "error 1"}


def test_python_reads_the_workbook_while_it_is_asked(office: Office, tmp_path: Path) -> None:
    path = with_macros(tmp_path / "base.xlsm", {"C1": "=CLIENT_X(A2)", "C2": "=CLIENT_X(A3)"})
    books: list[xlwings.Book] = []

    def call(_module: str, _name: str, arguments: tuple[object, ...]) -> object:
        keys = books[0].sheets["Sheet"].range("A2:A4").options(ndim=2).value
        return [row[0] for row in keys].index(arguments[0])

    with python_server(office, call), office.opened(path) as book:
        books.append(book)
        load_add_in(book)
        book.api.calculateAll()
        assert book.sheets["Sheet"].range("C1:C2").value == [0.0, 1.0]


def test_vba_knows_neither_the_calling_cell_nor_the_folder(
    computed: Callable[..., dict[str, object]],
) -> None:
    assert computed(lambda *_: None, {"C1": "=STANDS()", "C2": "=FULL_NAME()"}) == {
        "C1": "Empty",
        "C2": "base.xlsm",
    }


def test_a_macro_runs_python_on_the_open_workbook(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_macros(tmp_path / "base.xlsm", {})
    with python_server(office, lambda *_: None), office.opened(path) as book:
        monkeypatch.setattr(xlwings.Book, "_mock_caller", book, raising=False)
        load_add_in(book)
        run_macro(book, "Module1.Recalculate")
        assert book.sheets["Sheet"].range("A1:A3").value == ["done", 21.0, 1.0]


def test_a_test_may_take_the_code_of_a_macro(office: Office, tmp_path: Path) -> None:
    path = with_macros(tmp_path / "base.xlsm", {})
    ran: list[str] = []
    with python_server(office, lambda *_: None, ran.append), office.opened(path) as book:
        load_add_in(book)
        run_macro(book, "Module1.Recalculate")
    assert ran == ["import xlwings; xlwings.Book.caller().sheets[0]['A3'].value = 1"]


def test_without_the_add_in_a_macro_gets_an_error(office: Office, tmp_path: Path) -> None:
    path = with_macros(tmp_path / "base.xlsm", {"C1": "=CLIENT_TRY(A2)"})
    with office.opened(path) as book:
        run_macro(book, "Module1.Recalculate")
        book.api.calculateAll()
        assert book.sheets["Sheet"].range("A1").value == "error 1"
        assert book.sheets["Sheet"].range("C1").value == "error 1"


def test_the_result_of_a_macro_comes_back(office: Office, tmp_path: Path) -> None:
    with office.opened(with_macros(tmp_path / "base.xlsm", {})) as book:
        assert run_macro(book, "Module1.TWICE", 4) == 8


# Starting and stopping


def processes_in(folder: Path) -> list[str]:
    """The command lines that name *folder*."""
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if folder.as_uri() in line:
            lines.append(line)
    return lines


def test_it_ends_with_its_children_also_after_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with libreoffice.libreoffice(tmp_path):
            assert processes_in(tmp_path)
            raise ValueError("a test failed")

    with pytest.raises(ValueError, match="a test failed"):
        fail()
    assert processes_in(tmp_path) == []


def test_a_program_that_ends_at_once_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    false = shutil.which("false")
    monkeypatch.setattr(shutil, "which", lambda _name: false)
    with (
        pytest.raises(RuntimeError, match="LibreOffice ended at its start with code 1"),
        libreoffice.libreoffice(tmp_path),
    ):
        pytest.fail("it started")


def test_uno_leaves_the_import_statement_alone(office: Office) -> None:
    assert office.process.poll() is None
    assert builtins.__import__.__module__ == "builtins"
