"""xlwings' own code takes and gives what Excel on Windows sends and expects."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import xlwings as xw

from tests.engines.com_stubs import (
    MISSING,
    NOT_AVAILABLE,
    ComTime,
    ExcelObject,
    XlwingsOnWindows,
    carried,
    com_time,
    workbook,
    xlwings_on_windows,
)

SAMPLE = "tests.engines.sample_udfs"
SPILL = -2146826243
DAY = dt.date(2026, 11, 21)
MOMENT = dt.datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - Excel knows no time zones


@pytest.fixture
def windows() -> Iterator[XlwingsOnWindows]:
    with xlwings_on_windows() as found:
        yield found


@pytest.fixture
def sample(windows: XlwingsOnWindows) -> Iterator[ModuleType]:
    with windows.real_udf_module(SAMPLE) as module:
        yield module


@pytest.mark.parametrize(
    ("sent", "arrived"),
    [
        (1450.5, 1450.5),
        ("Anna", "Anna"),
        (True, True),
        (7, 7),
        (None, None),
        ("", None),
        (com_time(DAY), MOMENT.replace(hour=0, minute=0)),
        (com_time(MOMENT), MOMENT),
        (Decimal("12.50"), Decimal("12.50")),
        (NOT_AVAILABLE, None),
        (SPILL, SPILL),
        (((1.0,), (None,), ("x",)), [1.0, None, "x"]),
        (((1.0, None, "x"),), [1.0, None, "x"]),
        (((1.0, 2.0), (com_time(DAY), NOT_AVAILABLE)), [[1.0, 2.0], [MOMENT.replace(hour=0, minute=0), None]]),
    ],
    ids=[
        "number", "text", "yes or no", "whole number from VBA", "blank", "empty text", "date", "moment",
        "currency", "error", "error that xlwings doesn't know", "column", "row", "table",
    ],
)  # fmt: skip
def test_an_argument_without_options_arrives_as_documented(
    windows: XlwingsOnWindows, sample: ModuleType, sent: object, arrived: object
) -> None:
    assert windows.call(SAMPLE, "note", (sent,)) == "noted"
    assert sample.arrived == [arrived]
    assert type(sample.arrived[0]) is type(arrived)


@pytest.mark.parametrize(
    ("sent", "arrived"),
    [
        (1.0, [[1.0]]),
        (None, [[None]]),
        (NOT_AVAILABLE, [["#N/A"]]),
        (com_time(MOMENT), [[DAY]]),
        (((1.0,), (None,)), [[1.0], [None]]),
        (((1.0, True),), [[1.0, True]]),
    ],
    ids=["one cell", "blank cell", "error", "date", "column", "row"],
)
def test_an_argument_with_two_dimensions_always_arrives_as_rows(
    windows: XlwingsOnWindows, sample: ModuleType, sent: object, arrived: object
) -> None:
    windows.call(SAMPLE, "note_cells", (sent, 3.0, "label", "Clients!B7"))
    assert sample.arrived == [(arrived, 3.0, "label", "Clients!B7")]


def test_a_missing_argument_becomes_its_default(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    windows.call(SAMPLE, "note_cells", (1.0, MISSING, MISSING, "Clients!B7"))
    assert sample.arrived == [([[1.0]], 2.0, "", "Clients!B7")]


def test_a_missing_argument_without_default_becomes_none(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    windows.call(SAMPLE, "note", (MISSING,))
    assert sample.arrived == [None]


def test_arguments_that_the_wrapper_leaves_out_become_their_defaults(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    windows.call(SAMPLE, "note_cells", (1.0,))
    assert sample.arrived == [([[1.0]], 2.0, "", "")]


@pytest.mark.parametrize(
    ("result", "given"),
    [
        ("VIP", "VIP"),
        (1450.5, 1450.5),
        (True, True),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (np.int64(3), 3.0),
        (np.float64(2.5), 2.5),
        (DAY, com_time(DAY)),
        (MOMENT, com_time(MOMENT)),
        (pd.Timestamp(MOMENT), com_time(MOMENT)),
        ([["VIP"]], "VIP"),
        (["VIP", None, 2.0], ("VIP", "", 2.0)),
        ([["VIP", None, 2.0]], ("VIP", "", 2.0)),
        ([["VIP"], [None], [DAY]], (("VIP",), ("",), (com_time(DAY),))),
        ([["VIP", 1.0], [None, DAY]], (("VIP", 1.0), ("", com_time(DAY)))),
    ],
)
def test_a_result_comes_back_as_excel_takes_it(
    windows: XlwingsOnWindows, sample: ModuleType, result: object, given: object
) -> None:
    sample.results["it"] = result
    back = windows.call(SAMPLE, "answer", ("it",))
    assert back == given
    assert type(back) is type(given)


@pytest.mark.usefixtures("sample")
def test_before_the_server_unpacks_it_a_result_is_rows(windows: XlwingsOnWindows) -> None:
    assert windows.udfs.call_udf(SAMPLE, "note", (1.0,)) == [["noted"]]


def test_rows_of_unequal_length_are_refused(windows: XlwingsOnWindows, sample: ModuleType) -> None:
    sample.results["it"] = [[1.0], [1.0, 2.0]]
    with pytest.raises(Exception, match="All elements of a 2d list or tuple must be of the same"):
        windows.call(SAMPLE, "answer", ("it",))


def test_a_result_that_com_has_no_type_for_is_refused(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    sample.results["it"] = dt.time(9, 30)
    with pytest.raises(TypeError, match="Objects of type 'time' can not be converted to a COM VAR"):
        windows.call(SAMPLE, "answer", ("it",))


def test_a_truth_value_of_numpy_reaches_excel_as_a_number(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    sample.results["it"] = np.True_
    back = windows.call(SAMPLE, "answer", ("it",))
    assert back == 1.0
    assert type(back) is float


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(TypeError, match="'datetime' can not be converted"):
        carried(MOMENT)


def test_an_error_in_a_function_reaches_the_caller(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    assert windows.call(SAMPLE, "days_to", (com_time(dt.date(2026, 1, 3)),)) == 2.0
    with pytest.raises(ValueError, match=r"^That day is past\.$"):
        windows.call(sample.__name__, "days_to", (com_time(dt.date(2025, 12, 31)),))


@pytest.mark.usefixtures("sample")
def test_a_hint_that_xlwings_has_no_conversion_for_fails_at_the_call(
    windows: XlwingsOnWindows,
) -> None:
    with pytest.raises(AttributeError, match="'object' has no attribute 'reader'"):
        windows.call(SAMPLE, "hinted", (1.0,))


@pytest.mark.usefixtures("sample")
def test_the_calling_workbook_is_the_one_that_the_wrapper_passes(
    windows: XlwingsOnWindows,
) -> None:
    cell = ExcelObject("Range")
    for name in ("ClientBase.xlsm", "Other.xlsm"):
        assert windows.call(SAMPLE, "caller_name", (), workbook(name), cell) == name


def test_the_real_decorators_keep_what_excel_shows(sample: ModuleType) -> None:
    known = sample.note_cells.__xlfunc__
    assert (known["category"], known["volatile"]) == ("Client base", False)
    assert known["ret"]["doc"] == "Notes what arrives, with the place of the formula."
    assert [argument["doc"] for argument in known["args"][:2]] == [
        "A column or a table.",
        "Positional argument 2",
    ]
    assert sample.days_to.__xlfunc__["volatile"] is True


def test_the_vba_of_xlwings_hides_arguments_and_marks_optional_ones(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    lines = [line.strip() for line in windows.vba_wrapper(sample).splitlines()]
    assert [line for line in lines if line.startswith("Function ")] == [
        "Function answer(what)",
        "Function caller_name()",
        "Function days_to(day)",
        "Function hinted(value)",
        "Function note(value)",
        "Function note_cells(cells, Optional factor, Optional label)",
    ]
    assert lines.count("Application.Volatile") == 1
    assert (
        f'note_cells = XLPy.CallUDF("{SAMPLE}", "note_cells", '
        "Array(cells, factor, label, Here(cells)), ThisWorkbook, Application.Caller)"
    ) in lines


def test_the_vba_of_xlwings_for_an_add_in_names_the_active_workbook(
    windows: XlwingsOnWindows, sample: ModuleType
) -> None:
    assert "ThisWorkbook" in windows.vba_wrapper(sample)
    assert "ThisWorkbook" not in windows.vba_wrapper(sample, "ClientBase.xlam")


def test_inside_a_copy_stands_in_for_the_usual_module() -> None:
    usual = importlib.import_module(SAMPLE)
    package = importlib.import_module("tests.engines")
    with xlwings_on_windows() as windows:
        with windows.real_udf_module(SAMPLE) as copy:
            assert copy is not usual
            assert sys.modules[SAMPLE] is copy
            assert package.__dict__["sample_udfs"] is copy
            windows.call(SAMPLE, "note", (1.0,))
            assert (copy.arrived, usual.arrived) == ([1.0], [])
        assert sys.modules[SAMPLE] is usual
        assert package.__dict__["sample_udfs"] is usual
        with pytest.raises(AttributeError, match="__xlfunc__"):
            windows.call(SAMPLE, "note", (1.0,))


def test_a_second_copy_is_a_fresh_one(windows: XlwingsOnWindows) -> None:
    with windows.real_udf_module(SAMPLE) as first:
        windows.call(SAMPLE, "note", (1.0,))
    with windows.real_udf_module(SAMPLE) as second:
        windows.call(SAMPLE, "note", (2.0,))
    assert (first.arrived, second.arrived) == ([1.0], [2.0])


def test_afterwards_xlwings_is_as_it_was_even_after_an_error() -> None:
    modules, contents = dict(sys.modules), dict(vars(xw))
    engines = dict(xw.engines.engines_by_name)

    def fail_inside() -> None:
        with xlwings_on_windows() as windows, windows.real_udf_module(SAMPLE):
            assert {"pythoncom", "win32com.client", "xlwings.udfs"} <= set(sys.modules)
            raise LookupError

    with pytest.raises(LookupError):
        fail_inside()
    assert vars(xw) == contents
    assert xw.engines.engines_by_name == engines
    assert {name: sys.modules.get(name) for name in modules} == modules
    assert not {name for name in sys.modules if "win32" in name or name.startswith("pyth")} - set(
        modules
    )


def test_the_time_type_of_com_is_a_datetime_in_utc() -> None:
    sent = com_time(MOMENT)
    assert type(sent) is ComTime
    assert sent == MOMENT.replace(tzinfo=dt.UTC)
