"""The engine over the Excel in memory shows xlwings what Excel over COM would show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
import xlwings as xw
from pyopenvba import ExcelFile
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._values import VBAErrorValue, error

from tests.engines.in_memory import (
    AUTOMATION_ERROR,
    MISSING_ARGUMENT,
    ComError,
    Excel,
    answering,
    book_of,
    called_from,
    functions_in_cells,
    press,
)

MODULE = """
Public Sub Recalculate()
    On Error GoTo Failed
    Application.Run "RunPython", "import udfs; udfs.run()"
    Exit Sub
Failed:
    MsgBox Err.Number & ": " & Err.Description
End Sub

Public Function Ask(ByVal name As String, Optional ByVal a As Variant, Optional ByVal b As Variant) As Variant
    On Error GoTo Failed
    Ask = Application.Run("XLPy").CallUDF("udfs", name, Array(a, b), ThisWorkbook, Application.Caller)
    Exit Function
Failed:
    Ask = Err.Number & ": " & Err.Description
End Function

Public Function Greet(name As Variant) As Variant
    Greet = "Hello " & name
End Function

Public Sub WhoPressed()
    MsgBox TypeName(Application.Caller) & " " & CStr(Application.Caller)
End Sub

Public Sub Fail()
    Err.Raise 513, , "as planned"
End Sub

Public Function TWICE(Optional x As Variant) As Variant
    If IsMissing(x) Then
        TWICE = Application.Caller.Worksheet.Cells(Application.Caller.Row, 3).Value * 2
    ElseIf x < 0 Then
        Err.Raise 5
    Else
        TWICE = x * 2
    End If
End Function

Public Function SQUARES(cells As Variant) As Variant
    Dim values As Variant, row As Long
    values = cells.Value
    For row = 1 To UBound(values, 1)
        values(row, 1) = values(row, 1) ^ 2
    Next row
    SQUARES = values
End Function

Public Sub Describe(name As String)
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & name, _
        Description:="The value twice", ArgumentDescriptions:=Array("a number")
End Sub

Private Function HIDDEN() As Variant
    HIDDEN = 1
End Function
"""
DAY = "dd.mm.yyyy"
LAST_ROW = 5


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("in memory") / "Base of Anna.xlsm"
    with xlsxwriter.Workbook(target) as workbook:
        clients, purchases = workbook.add_worksheet("Clients"), workbook.add_worksheet("Purchases")
        workbook.add_worksheet("Texts").very_hidden()
        day = workbook.add_format({"num_format": DAY})
        rouble = workbook.add_format({"num_format": "#,##0 [$₽-419]"})
        dollar = workbook.add_format({"num_format": "$#,##0.00"})
        red = workbook.add_format({"bg_color": "#FF0102"})
        columns = ["ID", "Born", "Turnover", "Group"]
        options = {"name": "Clients", "columns": [{"header": one} for one in columns]}
        clients.add_table(0, 0, LAST_ROW - 1, 3, options)
        clients.write_row("A2", ["007"])
        clients.write_datetime("B2", dt.datetime(1990, 5, 1, 12, 30), day)  # noqa: DTZ001 — cells have no zone
        clients.write_number("C2", 1450, rouble)
        clients.write_string("D2", "VIP", red)
        clients.write_number("A3", 8)
        clients.write_formula("B3", "=NA()", None, "#N/A")
        clients.write_number("C3", 2.5, dollar)
        clients.write_boolean("D3", True)
        clients.write_formula("C4", "=C2*2", None, 2900)
        purchases.write_row("B3", ["Date", "Amount"])
        totals = {"total_function": "sum"}
        headed = [{"header": "Date", "total_string": "All"}, {"header": "Amount", **totals}]
        purchases.add_table("B3:C5", {"name": "Purchases", "total_row": True, "columns": headed})
        purchases.write_number("C4", 390)
        workbook.define_name("Today", "=Clients!$F$1")
        workbook.define_name("Rate", "=0.2")
    with ExcelFile(target) as project:
        project.add_vba_project().add_module("Module1", MODULE)
        project.save()
    return target


@pytest.fixture
def excel(path: Path) -> Excel:
    return Excel.open(path)


@pytest.fixture
def book(excel: Excel) -> xw.Book:
    return book_of(excel)


@pytest.fixture
def sheet(book: xw.Book) -> xw.Sheet:
    return book.sheets["Clients"]


# --- workbook, sheets, names, tables -----------------------------------------------------------


def test_a_workbook_has_its_name_path_and_sheets(book: xw.Book, path: Path) -> None:
    assert (book.name, book.fullname) == ("Base of Anna.xlsm", str(path))
    assert [sheet.name for sheet in book.sheets] == ["Clients", "Purchases", "Texts"]
    assert [sheet.visible for sheet in book.sheets] == [-1, -1, 2]
    assert book.sheets["purchases"].book == book
    assert [one.name for one in book.app.books] == [book.name]


def test_a_sheet_that_is_not_there_is_an_error_of_excels(book: xw.Book) -> None:
    with pytest.raises(
        ComError, match="Excel refused with error 9: there is no sheet called Gifts"
    ):
        book.sheets["Gifts"]


def test_the_caller_is_the_workbook_only_meanwhile(excel: Excel) -> None:
    with called_from(excel) as book:
        assert xw.Book.caller() == book
    assert "_mock_caller" not in vars(xw.Book)


def test_two_excels_are_told_apart(excel: Excel, path: Path) -> None:
    other = Excel.open(path)
    assert book_of(excel).app == book_of(excel).app
    assert book_of(excel).app != book_of(other).app


def test_names_give_their_cells_or_their_formula(book: xw.Book) -> None:
    assert {name.name: name.refers_to for name in book.names} == {
        "Rate": "=0.2",
        "Today": "=Clients!$F$1",
    }
    assert "Today" in book.names
    assert "Yesterday" not in book.names
    found = book.names["Today"].refers_to_range
    assert (found.sheet.name, found.address) == ("Clients", "$F$1")
    with pytest.raises(ComError, match="Rate does not refer to a range"):
        _ = book.names["Rate"].refers_to_range


def addresses(table: xw.main.Table) -> list[str | None]:
    parts = (table.range, table.header_row_range, table.data_body_range, table.totals_row_range)
    return [part.address if part is not None else None for part in parts]


def test_tables_give_their_parts(book: xw.Book) -> None:
    (clients,) = book.sheets["Clients"].tables
    purchases = book.sheets["Purchases"].tables["Purchases"]
    assert (clients.name, clients.parent) == ("Clients", book.sheets["Clients"])
    assert addresses(clients) == ["$A$1:$D$5", "$A$1:$D$1", "$A$2:$D$5", None]
    assert addresses(purchases) == ["$B$3:$C$5", "$B$3:$C$3", "$B$4:$C$4", "$B$5:$C$5"]
    assert (clients.show_totals, purchases.show_totals) == (False, True)


def test_a_table_that_is_not_there_is_a_key_error(sheet: xw.Sheet) -> None:
    assert "Clients" in sheet.tables
    assert "Gifts" not in sheet.tables
    with pytest.raises(KeyError, match="Gifts"):
        sheet.tables["Gifts"]


def test_a_table_can_be_made_wider(sheet: xw.Sheet) -> None:
    sheet.range("E1").value = "Gift"
    table = sheet.tables["Clients"]
    table.resize(sheet.range((1, 1), (LAST_ROW, 5)))
    assert addresses(table) == ["$A$1:$E$5", "$A$1:$E$1", "$A$2:$E$5", None]


def test_a_table_with_totals_cannot_be_resized_here(book: xw.Book) -> None:
    sheet = book.sheets["Purchases"]
    with pytest.raises(NotImplementedError, match="in memory can't do this: resizing a table"):
        sheet.tables["Purchases"].resize(sheet.range("B3:D5"))


# --- ranges and values -------------------------------------------------------------------------


def test_ranges_are_found_by_address_corners_and_other_ranges(sheet: xw.Sheet) -> None:
    block = sheet.range((2, 1), (4, 3))
    assert block == sheet.range("A2:C4") == sheet.range(block(1), block(3, 3))
    assert (block.row, block.column, block.shape, block.address) == (2, 1, (3, 3), "$A$2:$C$4")
    assert (block.last_cell.address, block.size, len(block.rows)) == ("$C$4", 9, 3)
    assert sheet.used_range.address == "$A$1:$D$4"
    assert sheet["B2"] == sheet[1, 1] == sheet.cells(2, 2)
    assert sheet["A2:C4"][1:, :2] == sheet.range("A3:B4")
    with pytest.raises(IndexError, match="counts rows and columns from 1"):
        sheet.range((0, 1))
    with pytest.raises(NotImplementedError, match="has no empty ranges"):
        _ = sheet["A2:C4"][1:1, :]


def test_values_arrive_as_xlwings_gives_them_over_com(sheet: xw.Sheet) -> None:
    read = sheet.range("A1:D5").options(ndim=2, err_to_str=True).value
    born = dt.datetime(1990, 5, 1, 12, 30)  # noqa: DTZ001
    assert read == [
        ["ID", "Born", "Turnover", "Group"],
        ["007", born, 1450.0, "VIP"],
        [8.0, "#N/A", Decimal("2.5"), True],
        [None, None, 2900.0, None],
        [None, None, None, None],
    ]
    assert [type(value) for value in read[2]] == [float, str, Decimal, bool]
    assert read[1][1].tzinfo is None


def test_without_err_to_str_an_error_is_none(sheet: xw.Sheet) -> None:
    assert sheet.range("A3:B3").value == [8.0, None]


def test_an_error_that_xlwings_does_not_know_is_a_bare_number(
    excel: Excel, sheet: xw.Sheet
) -> None:
    sheet.range("G2").value = "in the way"
    sheet.range("G1").formula2 = "=SEQUENCE(3)"
    assert sheet.range("G1").options(err_to_str=True).value == -2146826243
    assert excel.sheet("Clients").value("G1") == VBAErrorValue(2045)


def test_cells_outside_the_used_range_are_read_as_blank(sheet: xw.Sheet) -> None:
    assert sheet.range("C4:E7").options(ndim=2).value == [[2900.0, None, None], *[[None] * 3] * 3]
    assert sheet.range("X98:X99").value == [None, None]


def test_readers_options_reach_the_values(sheet: xw.Sheet) -> None:
    options = {"numbers": int, "dates": dt.date, "empty": "-"}
    assert sheet.range("A3:C4").options(**options).value == [
        [8, None, Decimal("2.5")],
        ["-", "-", 2900],
    ]
    assert sheet.range("B2").options(dates=dt.date).value == dt.date(1990, 5, 1)


@pytest.mark.parametrize(
    ("written", "value", "number_format"),
    [
        ("8 March", (3, 8), "d-mmm"),
        ("1-2", (1, 2), "d-mmm"),
        ("007", 7.0, "General"),
        ("'007", "007", "General"),
        ("'=A1", "=A1", "General"),
        ("TRUE", True, "General"),
        ("#N/A", "#N/A", "General"),
        ("50%", 0.5, "0%"),
        ("plain", "plain", "General"),
        ("", None, "General"),
        (None, None, "General"),
        (float("nan"), None, "General"),
        (np.float64(1.5), 1.5, "General"),
        (np.int64(3), 3.0, "General"),
        (3_000_000_000, 3e9, "General"),
        (dt.date(2026, 11, 21), dt.datetime(2026, 11, 21), "m/d/yyyy"),  # noqa: DTZ001
        (np.datetime64("2026-11-21"), dt.datetime(2026, 11, 21), "m/d/yyyy"),  # noqa: DTZ001
        (np.datetime64("NaT"), None, "General"),
    ],
)
def test_what_is_written_is_taken_as_if_typed(
    sheet: xw.Sheet, written: object, value: object, number_format: str
) -> None:
    cell = sheet.range("F3")
    cell.value = written
    found = cell.options(err_to_str=True).value
    if isinstance(value, tuple):
        found = (found.month, found.day)
    assert (found, type(found)) == (value, type(value))
    assert cell.number_format == number_format


def test_an_apostrophe_is_no_part_of_the_value_but_of_the_cell(
    excel: Excel, sheet: xw.Sheet
) -> None:
    sheet.range("F3").value = "'007"
    assert sheet.range("F3").formula == "007"
    assert excel.evaluate('Sheets("Clients").Range("F3").PrefixCharacter') == "'"


def test_a_text_cell_keeps_what_is_written(sheet: xw.Sheet) -> None:
    sheet.range("F3").number_format = "@"
    sheet.range("F3").value = "1-2"
    assert sheet.range("F3").value == "1-2"


def test_a_date_cell_keeps_its_format(sheet: xw.Sheet) -> None:
    sheet.range("B4").number_format = DAY
    sheet.range("B4").value = dt.datetime(2000, 2, 29)  # noqa: DTZ001
    assert sheet.range("B4").number_format == DAY
    assert sheet.range("B4").value == dt.datetime(2000, 2, 29)  # noqa: DTZ001


def test_a_written_formula_is_worked_out(sheet: xw.Sheet) -> None:
    sheet.range("F3").value = "=A3+1"
    assert (sheet.range("F3").value, sheet.range("F3").formula) == (9.0, "=A3+1")


def test_a_block_is_written_in_one_call(excel: Excel, sheet: xw.Sheet) -> None:
    sheet.range("F2").value = [["a", 1], [None, True]]
    assert sheet.range("F2:G3").value == [["a", 1.0], [None, True]]
    assert excel.calls == [
        ("write value", "Clients!$F$2:$G$3"),
        ("read value", "Clients!$F$2:$G$3"),
    ]


def test_a_value_that_com_does_not_know_is_refused(sheet: xw.Sheet) -> None:
    with pytest.raises(TypeError, match="Objects of type 'bool' can't cross to Excel over COM"):
        sheet.range("F2").value = np.bool_(True)


def test_formulas_are_read_and_written_in_english(sheet: xw.Sheet) -> None:
    formulas: object = sheet.range("A3:C4").formula
    assert formulas == (("8", "=NA()", "2.5"), ("", "", "=C2*2"))
    sheet.range("F2:F3").formula = [["=SUM(C2:C3)"], ["text"]]
    assert sheet.range("F2:F3").value == [1452.5, "text"]
    sheet.range("G2:G4").formula = "=A2"
    assert sheet.range("G4").formula == "=A4"


def test_a_dynamic_formula_spills(sheet: xw.Sheet) -> None:
    sheet.range("G1").formula2 = "=SEQUENCE(3)"
    assert sheet.range("G1:G3").value == [1.0, 2.0, 3.0]
    assert sheet.range("G1").formula2 == "=SEQUENCE(3)"


def test_formats_widths_and_fills_are_read_and_set(sheet: xw.Sheet) -> None:
    assert sheet.range("A1:B2").number_format is None
    assert (sheet.range("D2").color, sheet.range("D3").color) == ((255, 1, 2), None)
    sheet.range("D3").color = "#0A141E"
    sheet.range("D4").color = (1, 2, 3)
    sheet.range("D2").color = None
    assert [sheet.range(f"D{row}").color for row in (2, 3, 4)] == [None, (10, 20, 30), (1, 2, 3)]
    sheet.range("D:D").column_width = 20
    assert sheet.range("D1").column_width == 20


def test_letters_are_made_bold(sheet: xw.Sheet) -> None:
    sheet.range("D2:D3").font.bold = True
    assert [sheet.range(f"D{row}").font.bold for row in (2, 3, 4)] == [True, True, False]


def test_cleared_cells_keep_their_format(sheet: xw.Sheet) -> None:
    sheet.range("A2:B2").clear_contents()
    assert sheet.range("A2:B2").value == [None, None]
    assert sheet.range("B2").number_format == DAY


def test_what_the_engine_lacks_says_so(book: xw.Book, sheet: xw.Sheet) -> None:
    with pytest.raises(NotImplementedError, match=r"the Excel in memory has no Range\.wrap_text"):
        _ = sheet.range("A1").wrap_text
    with pytest.raises(NotImplementedError, match=r"the Excel in memory has no Sheet\.delete"):
        sheet.delete()
    with pytest.raises(NotImplementedError, match=r"the Excel in memory has no Book\.save"):
        book.save()
    with pytest.raises(NotImplementedError, match=r"the Excel in memory has no Tables\.add"):
        sheet.tables.add(sheet.range("H1:H2"))


# --- Excel itself ------------------------------------------------------------------------------


def test_excels_switches_are_seen_by_python_and_by_vba(excel: Excel, book: xw.Book) -> None:
    app = book.app
    with app.properties(
        screen_updating=False, enable_events=False, display_alerts=False, calculation="manual"
    ):
        switches = ("ScreenUpdating", "EnableEvents", "DisplayAlerts")
        assert [excel.evaluate(f"Application.{one}") for one in switches] == [False] * 3
        assert excel.evaluate("Application.Calculation = xlCalculationManual") is True
    assert (app.screen_updating, app.enable_events, app.display_alerts) == (True, True, True)
    assert app.calculation == "automatic"
    assert (app.version.major, app.hwnd, app.pid) == (16, app.pid, app.hwnd)


def test_the_status_bar_is_excels_again_after_false(book: xw.Book) -> None:
    book.app.status_bar = "Calculating ..."
    assert book.app.status_bar == "Calculating ..."
    book.app.status_bar = False
    assert book.app.status_bar is False


def test_in_manual_calculation_formulas_wait_for_calculate(book: xw.Book, sheet: xw.Sheet) -> None:
    book.app.calculation = "manual"
    sheet.range("C2").value = 1000
    assert sheet.range("C4").value == 2900.0
    book.app.calculate()
    assert sheet.range("C4").value == 2000.0


def test_an_alert_is_recorded_and_answered(excel: Excel, book: xw.Book) -> None:
    assert book.app.alert("Done.") == "ok"
    excel.answer_dialogs(7)
    assert book.app.alert("Go on?", "Client base", "yes_no", "critical") == "no"
    assert excel.dialogs == [("MsgBox", "Done.", "", 0), ("MsgBox", "Go on?", "Client base", 52)]


@pytest.mark.parametrize("name", ["Greet", "Module1.Greet", "'Base of Anna.xlsm'!Greet"])
def test_python_runs_a_macro(book: xw.Book, name: str) -> None:
    assert book.app.macro(name)("Anna") == "Hello Anna"


def test_python_runs_a_macro_of_the_book(book: xw.Book) -> None:
    assert book.macro("Greet")("Anna") == "Hello Anna"


@pytest.mark.parametrize("name", ["Missing", "Missing.Greet", "'Other.xlsm'!Greet"])
def test_a_macro_that_is_not_there_is_excels_error_1004(book: xw.Book, name: str) -> None:
    with pytest.raises(ComError, match="error 1004: Cannot run the macro") as raised:
        book.app.macro(name)()
    assert raised.value.number == 1004


def test_a_macro_that_fails_is_an_error_of_excels(book: xw.Book) -> None:
    with pytest.raises(ComError, match="Excel refused with error 513: as planned"):
        book.macro("Fail")()


def test_the_help_that_vba_gives_its_functions_is_kept(excel: Excel) -> None:
    excel.run("Describe", "TWICE")
    assert excel.help == {"TWICE": ("The value twice", None, ("a number",))}
    with pytest.raises(VBARuntimeError, match="run-time error 1004"):
        excel.run("Describe", "Missing")


# --- the add-in's part -------------------------------------------------------------------------


def messages(excel: Excel) -> list[str]:
    return [prompt for _, prompt, _, _ in excel.dialogs]


def test_without_an_addin_vba_traps_error_1004(excel: Excel) -> None:
    excel.run("Recalculate")
    (message,) = messages(excel)
    assert message == (
        "1004: Cannot run the macro 'RunPython'. "
        "The macro may not be available in this workbook or all macros may be disabled."
    )


def test_run_python_lands_in_a_callable_that_sees_the_workbook(excel: Excel) -> None:
    codes: list[str] = []

    def run(code: str) -> None:
        codes.append(code)
        xw.Book.caller().sheets["Clients"].range("F1").value = "done"

    with called_from(excel), answering(excel, RunPython=run):
        excel.run("Recalculate")
    assert (codes, excel.dialogs) == (["import udfs; udfs.run()"], [])
    assert excel.sheet("Clients").value("F1") == "done"


def test_answers_end_with_the_context(excel: Excel) -> None:
    with answering(excel, RunPython=lambda _code: None):
        excel.run("Recalculate")
    excel.run("Recalculate")
    assert len(excel.dialogs) == 1


def test_an_addin_that_fails_is_trapped_by_vba(excel: Excel) -> None:
    def fail(_code: str) -> None:
        raise error(429, "no Python here")

    with answering(excel, RunPython=fail):
        excel.run("Recalculate")
    assert messages(excel) == ["429: no Python here"]


@pytest.mark.parametrize("failure", [ValueError("Python"), ComError(9, "Excel")])
def test_an_error_of_the_python_side_ends_the_test(excel: Excel, failure: Exception) -> None:
    def fail(_code: str) -> None:
        raise failure

    with answering(excel, RunPython=fail), pytest.raises(type(failure), match=r"Python|Excel"):
        excel.run("Recalculate")


def asked(excel: Excel, expression: str, answer: object = None) -> tuple[object, ...]:
    """What the Python side of CallUDF gets when VBA evaluates *expression*."""
    calls: list[tuple[object, ...]] = []

    def call(*args: object) -> object:
        calls.append(args)
        return answer

    with answering(excel, XLPy=call):
        excel.evaluate(expression)
    ((module, function, values, workbook, caller),) = calls
    assert (module, function) == ("udfs", "gift")
    assert (workbook, caller) == (book_of(excel), -2146826265)
    assert isinstance(values, tuple)
    return values


@pytest.mark.parametrize(
    ("argument", "arrives"),
    [
        ('"7"', "7"),
        ("7", 7),
        ("7.5", 7.5),
        ("True", True),
        ("Empty", None),
        ("Null", None),
        ("CVErr(xlErrNA)", -2146826246),
        ("CCur(2.5)", Decimal("2.5")),
        ("#5/1/1990#", dt.datetime(1990, 5, 1, tzinfo=dt.UTC)),
        ("Array(1, Empty)", (1, None)),
        ('Sheets("Clients").Range("A2").Value', "007"),
        ('Sheets("Clients").Range("A2:A4").Value', (("007",), (8.0,), (None,))),
        ('Sheets("Clients").Range("B3:D3").Value', ((-2146826246, Decimal("2.5"), True),)),
    ],
)
def test_arguments_arrive_as_over_com(excel: Excel, argument: str, arrives: object) -> None:
    first, second = asked(excel, f'Ask("gift", {argument})')
    assert (first, type(first)) == (arrives, type(arrives))
    assert second == MISSING_ARGUMENT


def test_a_range_arrives_as_a_range_of_xlwings(excel: Excel) -> None:
    first, _ = asked(excel, 'Ask("gift", Sheets("Clients").Range("A2:A4"))')
    assert first == book_of(excel).sheets["Clients"].range("A2:A4")


@pytest.mark.parametrize(
    ("answer", "expression", "arrives"),
    [
        ("VIP", 'Ask("gift")', "VIP"),
        (None, 'IsEmpty(Ask("gift"))', True),
        (2, 'TypeName(Ask("gift"))', "Long"),
        (dt.datetime(2026, 3, 8), 'TypeName(Ask("gift"))', "Date"),  # noqa: DTZ001
        (dt.datetime(2026, 3, 8, tzinfo=dt.UTC), 'Format(Ask("gift"), "yyyy-mm-dd")', "2026-03-08"),
        ([1, 2, 3], 'UBound(Ask("gift"))', 2),
        ([["a"], ["b"]], 'Ask("gift")(1, 0)', "b"),
        ([["a", 1.5], ["b", None]], 'UBound(Ask("gift"), 2)', 1),
    ],
)
def test_results_go_back_to_vba(
    excel: Excel, answer: object, expression: str, arrives: object
) -> None:
    with answering(excel, XLPy=lambda *_: answer):
        assert excel.evaluate(expression) == arrives


def test_an_error_in_a_function_is_an_automation_error_of_vba(excel: Excel) -> None:
    def fail(*_: object) -> None:
        raise LookupError("no such client")

    with answering(excel, XLPy=fail):
        told = str(excel.evaluate('Ask("gift")'))
    assert told.startswith(f"{AUTOMATION_ERROR}: Unexpected Python Error: Traceback")
    assert told.endswith("LookupError: no such client\n")


def test_a_failed_assertion_in_a_function_ends_the_test(excel: Excel) -> None:
    def wrong(*_: object) -> None:
        raise AssertionError("found 2")

    with answering(excel, XLPy=wrong), pytest.raises(AssertionError, match="found 2"):
        excel.evaluate('Ask("gift")')


def test_a_pressed_button_runs_its_macro_and_is_the_caller(excel: Excel) -> None:
    excel.sheet("Clients").add_button(name="Go", text="Go", macro="[0]!WhoPressed")
    press(excel, "Clients", "Go")
    excel.run("WhoPressed")
    assert messages(excel) == ["String Go", "Error Error 2023"]


# --- VBA functions in cells --------------------------------------------------------------------


@pytest.fixture
def typed(sheet: xw.Sheet) -> Callable[[str], object]:
    def value(formula: str) -> object:
        sheet.range("H2").formula2 = formula
        return sheet.range("H2").options(err_to_str=True).value

    return value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=TWICE(A3)", 16.0),
        ("=TWICE()", 2900.0),
        ("=twice(2+3)+1", 11.0),
        ("=TWICE(-1)", "#VALUE!"),
        ("=TWICE(1,2)", "#VALUE!"),
        ("=SQUARES()", "#VALUE!"),
        ("=HIDDEN()", "#NAME?"),
        ('=Greet("Anna")', "Hello Anna"),
    ],
)
def test_a_cell_calls_a_function_of_the_workbook(
    excel: Excel, typed: Callable[[str], object], formula: str, value: object
) -> None:
    with functions_in_cells(excel):
        assert typed(formula) == value


def test_a_functions_array_spills(excel: Excel, sheet: xw.Sheet) -> None:
    sheet.range("A2:A3").value = [[2], [8]]
    with functions_in_cells(excel):
        sheet.range("H2").formula2 = "=SQUARES(A2:A3)"
        assert sheet.range("H2:H4").value == [4.0, 64.0, None]


def test_a_function_follows_its_cells(excel: Excel, typed: Callable[[str], object]) -> None:
    with functions_in_cells(excel):
        assert typed("=TWICE(A3)") == 16.0
        excel.sheet("Clients").set_value("A3", 9)
        assert excel.sheet("Clients").value("H2") == 18.0


def test_a_cell_is_the_caller_of_its_function_in_python(excel: Excel, sheet: xw.Sheet) -> None:
    callers: list[object] = []

    def call(*args: object) -> str:
        callers.append(args[4])
        return "VIP"

    with functions_in_cells(excel), answering(excel, XLPy=call):
        sheet.range("H2:H3").formula = '=Ask("gift",A2)'
        assert sheet.range("H2:H3").value == ["VIP", "VIP"]
    assert callers == [sheet.range("H2"), sheet.range("H3")]


def test_a_function_without_changed_cells_waits_for_a_full_calculation(
    excel: Excel, sheet: xw.Sheet
) -> None:
    answers = iter(["VIP", "Client"])
    with functions_in_cells(excel), answering(excel, XLPy=lambda *_: next(answers)):
        sheet.range("H2").formula = '=Ask("gift")'
        assert sheet.range("H2").value == "VIP"
        sheet.book.app.calculate()
        assert sheet.range("H2").value == "VIP"
        excel.evaluate("Application.CalculateFull")
        assert sheet.range("H2").value == "Client"


def test_outside_of_the_context_a_cell_knows_no_functions_of_vba(
    excel: Excel, typed: Callable[[str], object]
) -> None:
    with functions_in_cells(excel):
        assert typed("=TWICE(A3)") == 16.0
    assert typed("=TWICE(A3)+0") == "#NAME?"
