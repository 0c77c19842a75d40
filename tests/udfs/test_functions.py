"""The worksheet functions, called by xlwings' own code with what Excel sends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import xlwings as xw

from batch.installation import log
from batch.writer.hidden import texts
from rules.answers import ANY_COLUMN, about_clients, about_figures
from rules.errors import ClientBaseError
from tests.bases import HOUSE
from tests.engines.com_stubs import (
    MISSING,
    NOT_AVAILABLE,
    XlwingsOnWindows,
    com_time,
    workbook,
    xlwings_on_windows,
)
from tests.rules.test_answers import TODAY, answers
from udfs import snapshots
from udfs.functions import REGISTERED, WorksheetFunction
from words import _, speak

BY_CLIENT, BY_FIGURES = about_clients(HOUSE), about_figures(HOUSE)

TEXTS = texts(HOUSE)

MOST_HELP = 255
"""Excel shows no more signs of a help text."""

BASE = "C:\\clients\\ClientBase.xlsm"
Ask = Callable[..., object]
each_function = pytest.mark.parametrize(
    "function", REGISTERED.values(), ids=lambda one: str(one.name)
)


class Excel:
    """The workbook as the functions read it; counts how often that happens."""

    def __init__(self) -> None:
        self.readings = 0
        self.failure: Exception | None = None
        self.today = TODAY

    def calculate(self, book: xw.Book, today: dt.date) -> SimpleNamespace:
        """The answers of the example, in place of reading."""
        assert book.name == "ClientBase.xlsm"
        assert today == self.today
        self.readings += 1
        if self.failure is not None:
            raise self.failure
        return SimpleNamespace(answers=answers)


@pytest.fixture
def excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Excel:
    found = Excel()
    monkeypatch.setattr(log, "FILE", tmp_path / "clientbase.log")
    monkeypatch.setattr(snapshots, "calculate_open", found.calculate)
    monkeypatch.setattr(snapshots, "_today", lambda: found.today)
    monkeypatch.setattr(snapshots, "_snapshots", {})
    return found


@pytest.fixture
def windows() -> Iterator[XlwingsOnWindows]:
    with xlwings_on_windows() as found:
        yield found


@pytest.fixture
def module(windows: XlwingsOnWindows) -> Iterator[ModuleType]:
    with windows.real_udf_module("udfs.functions") as found:
        yield found


@pytest.fixture
def ask(windows: XlwingsOnWindows, module: ModuleType, excel: Excel) -> Ask:
    """Call a function as the VBA wrapper does; the tables are read first."""
    del excel
    windows.call(module.__name__, "renew", (BASE,), workbook("ClientBase.xlsm"))

    def call(function: str, *arguments: object) -> object:
        return windows.call(module.__name__, function, (*arguments, BASE))

    return call


@pytest.mark.parametrize("blank", [None, "", NOT_AVAILABLE])
def test_a_blank_id_gives_a_blank_cell(ask: Ask, blank: object) -> None:
    assert ask("CLIENT_GROUP", blank, None) == ""


@pytest.mark.parametrize(("client", "found"), [("007", 3100.5), (12.0, 100.0), ("12", 100.0)])
def test_one_id_gives_one_answer(ask: Ask, client: object, found: object) -> None:
    assert ask("CLIENT_TURNOVER", client, None) == found


def test_an_unknown_id_gives_a_short_text(ask: Ask) -> None:
    assert ask("CLIENT_GROUP", 7.0, None) == "no client 7"


def test_a_date_comes_back_as_a_date(ask: Ask) -> None:
    assert ask("NEXT_CONTACT", "007", None) == com_time(dt.date(2026, 10, 10))


@pytest.mark.parametrize("left_out", [None, MISSING])
def test_without_an_argument_the_client_of_the_row_is_meant(ask: Ask, left_out: object) -> None:
    assert ask("CLIENT_CLASS", left_out, "Clients!2") == "AY"
    assert ask("CLIENT_CLASS", left_out, "Clients!99") == "no client in this row"


def test_a_column_spills_as_a_column(ask: Ask) -> None:
    column = (("007",), (None,), ("nobody",), (12.0,))
    assert ask("CLIENT_CLASS", column, None) == (("AY",), ("",), ("no client 'nobody'",), ("C",))


def test_a_row_spills_as_a_row(ask: Ask) -> None:
    assert ask("CLIENT_CLASS", (("007", 12.0),), None) == ("AY", "C")


def test_classes_of_figures(ask: Ask) -> None:
    assert ask("ABC", ((50.0,), (30.0,), (20.0,), (None,))) == (("A",), ("B",), ("C",), ("",))
    assert ask("XYZ", ((100.0,) * 12, (None,) * 12)) == (("X",), ("",))


def test_one_reading_serves_all_cells(ask: Ask, excel: Excel) -> None:
    for function in BY_CLIENT:
        for client in ("007", "Anna B", 12.0, None):
            ask(function, client, None)
    assert excel.readings == 1


def test_before_the_first_reading_vba_is_told(
    windows: XlwingsOnWindows, module: ModuleType, excel: Excel
) -> None:
    with pytest.raises(snapshots.NotReadError, match="have to be read first"):
        windows.call(module.__name__, "CLIENT_CLASS", ("007", None, BASE))
    assert excel.readings == 0


def test_another_workbook_has_its_own_reading(
    windows: XlwingsOnWindows, module: ModuleType, ask: Ask
) -> None:
    assert ask("CLIENT_CLASS", "007", None) == "AY"
    with pytest.raises(snapshots.NotReadError):
        windows.call(module.__name__, "CLIENT_CLASS", ("007", None, "D:\\other.xlsm"))


def test_on_a_new_day_the_tables_are_read_anew(ask: Ask, excel: Excel) -> None:
    excel.today += dt.timedelta(days=1)
    with pytest.raises(snapshots.NotReadError):
        ask("CLIENT_CLASS", "007", None)


def test_a_base_that_cannot_be_read_says_why_in_the_cell(
    windows: XlwingsOnWindows, module: ModuleType, excel: Excel
) -> None:
    excel.failure = ClientBaseError("Sheet 'Clients' has no column 'ID'.")
    windows.call(module.__name__, "renew", (BASE,), workbook("ClientBase.xlsm"))
    found = windows.call(module.__name__, "CLIENT_CLASS", ("007", None, BASE))
    assert found == "Sheet 'Clients' has no column 'ID'."


def test_a_mistake_of_the_program_is_no_traceback_in_a_cell(
    windows: XlwingsOnWindows, module: ModuleType, excel: Excel
) -> None:
    excel.failure = ZeroDivisionError("internal")
    windows.call(module.__name__, "renew", (BASE,), workbook("ClientBase.xlsm"))
    found = windows.call(module.__name__, "ABC", (((1.0,),), BASE))
    assert found == "clientbase failed; click Recalculate to read why"
    assert "ZeroDivisionError: internal" in log.FILE.read_text(encoding="utf-8")


def test_an_answer_that_fails_is_no_traceback_either(ask: Ask) -> None:
    assert (
        ask("CLIENT_CLASS", None, "Clients!x") == "clientbase failed; click Recalculate to read why"
    )
    assert "invalid literal" in log.FILE.read_text(encoding="utf-8")


def test_each_function_of_the_rules_is_a_worksheet_function() -> None:
    assert set(REGISTERED) == {*BY_CLIENT, *BY_FIGURES, ANY_COLUMN}


@each_function
def test_xlwings_sees_what_is_registered(module: ModuleType, function: WorksheetFunction) -> None:
    seen = getattr(module, function.name).__xlfunc__
    assert (seen["name"], seen["category"]) == (function.name, "Client base")
    assert not seen["volatile"]
    assert seen["ret"]["doc"] == function.help
    assert [
        (one["name"], one["vba"], one["doc"] if one["vba"] is None else "") for one in seen["args"]
    ] == [(one.name, one.vba, one.help) for one in function.arguments]
    for argument, shown in zip(function.arguments, seen["args"], strict=True):
        assert argument.vba is not None or argument.optional == ("optional" in shown)


@each_function
def test_the_help_fits_into_excel_and_stands_in_the_workbook(function: WorksheetFunction) -> None:
    assert 0 < len(function.help) <= MOST_HELP
    assert TEXTS[f"vba_{function.name.lower()}"] == function.help
    for argument in function.arguments:
        if argument.vba is None:
            assert 0 < len(argument.help) <= MOST_HELP
            assert TEXTS[f"vba_argument_{argument.name}"] == argument.help


def test_the_russian_help_fits_into_excel_too() -> None:
    speak("ru")
    assert len(TEXTS) > len(REGISTERED)
    assert max(len(_(text)) for text in TEXTS.values()) <= MOST_HELP


def test_amounts_in_a_currency_format_count(ask: Ask) -> None:
    amounts = ((Decimal("50.00"),), (Decimal("30.00"),), (Decimal("20.00"),))
    assert ask("ABC", amounts) == (("A",), ("B",), ("C",))
    assert ask("CLIENT_TURNOVER", Decimal(12), None) == 100.0
