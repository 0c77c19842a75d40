"""From the click and from a cell to Python and back: the workbook's own VBA in an Excel in memory,
xlwings' own code for functions, and our Python, over one and the same open workbook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from batch.configuration import read, shipped_path
from batch.making.example import make_example
from batch.recalculation.file import recalculate_file
from rules.answers import about_clients, by_client
from tests.bases import HOUSE
from tests.engines.com_stubs import xlwings_on_windows
from tests.engines.in_memory import Excel, answering, called_from, functions_in_cells, press
from udfs import snapshots

COLUMNS, BY_CLIENT = by_client(HOUSE), about_clients(HOUSE)

SERIAL_ZERO = dt.date(1899, 12, 30)
BUTTON = "RecalculateButton"
NO_ADDIN = (
    "The xlwings add-in isn't loaded in Excel. Close Excel, open a terminal in the program's "
    "folder, type .venv\\Scripts\\clientbase setup (on a Mac .venv/bin/clientbase setup), and open "
    "this workbook again."
)
NO_ANSWER = (
    "Python was called but didn't answer. Open a terminal in the program's folder and type "
    ".venv\\Scripts\\clientbase doctor (on a Mac .venv/bin/clientbase doctor): it names the cause "
    "and what to do."
)
NO_PYTHON = "Python isn't reachable; click Recalculate to read what to do"


def today() -> dt.date:
    return dt.datetime.now().astimezone().date()


@pytest.fixture(scope="module", params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, language: str) -> Path:
    """The example base as macro workbook, not filled yet."""
    path = tmp_path_factory.mktemp("example") / "ClientBase.xlsm"
    make_example(path, read(shipped_path(language)).config, today())
    return path


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("english") / "ClientBase.xlsm"
    make_example(path, read(shipped_path()).config, today())
    return path


def cells(book: xw.Book) -> list[list[Any]]:
    found: list[list[Any]] = book.sheets[2].used_range.options(ndim=2).value
    return found


def column(book: xw.Book, key: str, language: str = "en") -> list[Any]:
    """The filled column *key* as it stands on the sheet of the clients."""
    heading = getattr(read(shipped_path(language)).config.columns.filled, key)[0]
    headings, *rows = cells(book)
    return [row[headings.index(heading)] for row in rows]


def blank(cell: object) -> object:
    """A cell's value; None where it is blank or shows nothing."""
    return None if cell == "" else cell


def run_python(code: str) -> None:
    """What the add-in does with the code that it is given."""
    exec(code, {})  # noqa: S102


class Server:
    """The server of the add-in; counts the calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.is_down = False


@contextmanager
def server_for(excel: Excel) -> Iterator[Server]:
    """Functions in cells reach Python as on Windows: through VBA, xlwings and its decorators."""
    server = Server()
    with ExitStack() as stack:
        windows = stack.enter_context(xlwings_on_windows())
        stack.enter_context(windows.real_udf_module("udfs.functions"))

        def call(module: str, name: str, values: tuple[object, ...], *_: object) -> object:
            server.calls.append(name)
            if server.is_down:
                raise ConnectionError
            return windows.call(module, name, values)

        stack.enter_context(called_from(excel))
        stack.enter_context(answering(excel, XLPy=call, RunPython=run_python))
        stack.enter_context(functions_in_cells(excel))
        yield server


@pytest.fixture(autouse=True)
def no_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_snapshots", {})


def test_a_click_fills_every_cell_as_the_batch_does(
    example: Path, language: str, tmp_path: Path
) -> None:
    excel = Excel.open(example)
    start = excel.sheets()[0].name
    with called_from(excel) as book, answering(excel, RunPython=run_python):
        press(excel, start, BUTTON)
        found = cells(book)
        status = str(book.app.status_bar)
    assert excel.dialogs == []
    rules = read(shipped_path(language))
    outcome = recalculate_file(example, rules, today(), output=tmp_path / "batch.xlsm")
    changed = len(outcome.changes)
    told = {"en": f"{changed} cells changed", "ru": f"изменено ячеек: {changed}"}
    assert told[language] in status
    with called_from(Excel.open(tmp_path / "batch.xlsm")) as book:
        assert cells(book) == found


def test_without_the_add_in_one_sentence_says_what_to_run(english: Path) -> None:
    excel = Excel.open(english)
    press(excel, "Start", BUTTON)
    ((_, sentence, title, _),) = excel.dialogs
    assert (sentence, title) == (NO_ADDIN, "Client base")
    assert excel.application.vba_get("StatusBar") is False


def test_a_python_that_lacks_the_program_is_told_in_a_sentence(english: Path) -> None:
    excel = Excel.open(english)
    with called_from(excel), answering(excel, RunPython=lambda _: None):
        press(excel, "Start", BUTTON)
    ((_, sentence, _, _),) = excel.dialogs
    assert sentence == NO_ANSWER


def test_the_code_that_runs_the_button_does_nothing_where_the_program_is_missing(
    english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    excel = Excel.open(english)
    with answering(excel, RunPython=given.append):
        press(excel, "Start", BUTTON)
    (code,) = given
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    run_python(code)
    assert '"' not in code  # the add-in puts it between quotation marks


def test_after_an_edit_the_result_leaves_the_status_bar(english: Path) -> None:
    excel = Excel.open(english)
    with called_from(excel) as book, answering(excel, RunPython=run_python):
        press(excel, "Start", BUTTON)
        assert "cells changed" in str(book.app.status_bar)
        excel.run("NoteChange")
        assert book.app.status_bar is False


def test_each_function_gives_the_filled_cell_of_every_client(example: Path, language: str) -> None:
    excel = Excel.open(example)
    with server_for(excel) as server, called_from(excel) as book:
        press(excel, excel.sheets()[0].name, BUTTON)
        clients = book.sheets[2]
        last, right = clients.used_range.last_cell.row, clients.used_range.last_cell.column + 2
        for at, function in enumerate(BY_CLIENT):
            block = clients.range((2, right + at), (last, right + at))
            block.formula = [[f"={function}(A{row})"] for row in range(2, last + 1)]
        found = clients.range((2, right), (last, right + len(BY_CLIENT) - 1)).value
        by_function = dict(zip(BY_CLIENT, zip(*found, strict=True), strict=True))
        for function, key in COLUMNS.items():
            filled = column(book, key, language)
            if key == "next_contact":  # a date in a cell without a date's format is its serial
                filled = [one and (one.date() - SERIAL_ZERO).days for one in filled]
            assert [blank(one) for one in by_function[function]] == filled
        classes = zip(column(book, "abc", language), column(book, "xyz", language), strict=True)
        assert [one or "" for one in by_function["CLIENT_CLASS"]] == [
            (abc or "") + (xyz or "") for abc, xyz in classes
        ]
        for why, group in zip(
            by_function["CLIENT_WHY"], column(book, "group", language), strict=True
        ):
            assert f"{group}: " in str(why)
        assert server.calls.count("renew") == 2  # by the click, and after the formulas were typed


def test_without_an_argument_a_cell_means_its_row(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel), called_from(excel) as book:
        press(excel, "Start", BUTTON)
        clients, purchases = book.sheets["Clients"], book.sheets["Purchases"]
        clients.range("AM2").formula = "=CLIENT_GROUP()"
        clients.range("AM60").formula = "=CLIENT_GROUP()"
        purchases.range("J2").formula = "=CLIENT_GROUP()"
        groups = dict(zip((row[0] for row in cells(book)[1:]), column(book, "group"), strict=True))
        assert clients.range("AM2").value == column(book, "group")[0]
        assert clients.range("AM60").value == "no client in this row"
        assert purchases.range("J2").value == groups[purchases.range("B2").value]


def test_a_column_of_ids_spills(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel) as server, called_from(excel) as book:
        press(excel, "Start", BUTTON)
        clients = book.sheets["Clients"]
        clients.range("AM2").formula2 = "=CLIENT_STAGE(A2:A45)"
        found = [blank(value) for value in clients.range("AM2:AM45").value]
        assert found == column(book, "stage")
        assert server.calls.count("CLIENT_STAGE") == 1


def test_classes_of_any_column_of_figures(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel), called_from(excel) as book:
        press(excel, "Start", BUTTON)
        clients = book.sheets["Clients"]
        turnover = cells(book)[0].index("Turnover") + 1
        letter = clients.range((1, turnover)).address.split("$")[1]
        clients.range("AM2").formula2 = f"=ABC({letter}2:{letter}45)"
        found = [blank(value) for value in clients.range("AM2:AM45").value]
        assert found == column(book, "abc")


def test_an_edit_of_a_table_reaches_the_functions(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel) as server, called_from(excel) as book:
        clients, purchases = book.sheets["Clients"], book.sheets["Purchases"]
        clients.range("AM2").formula = "=CLIENT_TURNOVER(A2)"
        before = clients.range("AM2").value
        last = purchases.used_range.last_cell.row
        typed = [[dt.datetime.combine(today(), dt.time()), "'101", None, None, None, 1000]]
        purchases.range((last, 1), (last, 6)).value = typed
        excel.run("NoteChange")
        excel.application.vba_get("CalculateFull")
        assert clients.range("AM2").value == before + 1000
        assert server.calls == ["renew", "CLIENT_TURNOVER"] * 2


def test_a_server_that_was_restarted_is_found_again(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel) as server, called_from(excel) as book:
        clients = book.sheets["Clients"]
        clients.range("AM2").formula = "=CLIENT_GROUP(A2)"
        assert clients.range("AM2").value == "VIP"
        snapshots._snapshots.clear()  # noqa: SLF001 — what a new process begins with
        clients.range("AM3").formula = "=CLIENT_GROUP(A2)"
        assert clients.range("AM3").value == "VIP"
        assert server.calls.count("renew") == 2


def test_thousands_of_cells_wait_only_once_for_a_missing_python(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel) as server, called_from(excel) as book:
        server.is_down = True
        block = book.sheets["Clients"].range("AM2:AM45")
        block.formula = [[f"=CLIENT_GROUP(A{row})"] for row in range(2, 46)]
        assert set(block.value) == {NO_PYTHON}
        assert len(server.calls) == 1
        server.is_down = False
        excel.run("ReadTablesAnew")
        excel.application.vba_get("CalculateFull")
        assert block.value[0] == "VIP"


def test_the_function_wizard_never_waits_for_a_reading(english: Path) -> None:
    excel = Excel.open(english)
    with server_for(excel) as server, called_from(excel) as book:
        excel.application.is_in_wizard = True
        book.sheets["Clients"].range("AM2").formula = "=CLIENT_GROUP(A2)"
        assert book.sheets["Clients"].range("AM2").value in {None, 0, ""}
        assert server.calls == []


def test_the_functions_are_described_when_the_workbook_opens(english: Path) -> None:
    excel = Excel.open(english)
    excel.run("ThisWorkbook.Workbook_Open")
    assert set(excel.help) == {*BY_CLIENT, "ABC", "XYZ", "CLIENT_VALUE"}
    assert excel.help["GIFT"] == (
        "What to give a client on the nearest occasion.",
        "Client base",
        ("ID of the client, or a column of IDs; left out: the client of this row",),
    )
