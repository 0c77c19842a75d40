"""An xlwings engine over the Excel in memory of pyOpenVBA, with a test in the add-in's place.

It shows a workbook to Python as xlwings shows Excel over COM, quirks included: a dollar format
gives Decimal, an error newer than #N/A and its six companions gives a bare number. What this
Excel can't do raises NotImplementedError.

    excel = Excel.open(path)
    with called_from(excel) as book, answering(excel, RunPython=run):
        excel.run("Recalculate")
    assert excel.dialogs == []
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, Self
from unittest import mock

import numpy as np
import pandas as pd
import xlwings as xw
from lxml import etree
from pyopenvba import exceptions
from pyopenvba._a1 import Area
from pyopenvba.apps.excel import ExcelApplication, _model
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.apps.excel._engine_book import ERROR_NUMBERS, scalar
from pyopenvba.formula._calc import registry
from pyopenvba.formula._calc.cells import CellError
from pyopenvba.formula._calc.evaluator import Context
from pyopenvba.formula._calc.values import EMPTY as OMITTED
from pyopenvba.formula._calc.values import VALUE, Array, Reference
from pyopenvba.interpreter import _values as vba
from pyopenvba.interpreter._ast import Procedure
from pyopenvba.interpreter._objects import VBAObject, member, method
from pyopenvba.interpreter._runtime import Interpreter
from xlwings import base_classes

MISSING_ARGUMENT = -2147352572
FIRST_ERROR = -2146828288
"""What COM adds to the number of a cell error: #N/A is 2042 in VBA and -2146826246 in Python."""
AUTOMATION_ERROR = -2147467259
"""The number of VBA's error where a COM server, such as xlwings', fails."""
NO_CALLER = 2023
"""Application.Caller is Error 2023 in a macro that nobody's click or cell started."""
# The errors that xlwings knows; it hands newer ones, such as #SPILL!, on as the bare number.
_NAMED_ERRORS = {
    FIRST_ERROR + ERROR_NUMBERS[name]: name
    for name in ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
}
_NO_COLOUR = -4142
_VISIBLE = {"visible": -1, "hidden": 0, "veryHidden": 2}
_LONGS = range(-(2**31), 2**31)
_CALCULATIONS = {"automatic": -4105, "manual": -4135, "semiautomatic": 2}
_BUTTONS = {None: 0, "ok": 0, "ok_cancel": 1, "yes_no": 4, "yes_no_cancel": 3}
_ICONS = {None: 0, "info": 64, "critical": 48}
_PRESSED = {1: "ok", 2: "cancel", 6: "yes", 7: "no"}


class ComError(Exception):
    """Excel refused, as Python hears it over COM.

    VBA's *number* and *description* of the error stay as attributes. It is no error of VBA's own,
    so no On Error handler of the macro that called Python sees it.
    """

    def __init__(self, number: int, description: str) -> None:
        super().__init__(f"Excel refused with error {number}: {description}")
        self.number = number
        self.description = description


# --- Excel, and the add-in's part --------------------------------------------------------------


class Excel(ExcelApplication):  # type: ignore[misc] # pyOpenVBA has no types
    """pyOpenVBA's Excel, whose Application knows add-ins, its caller and its window.

    Excel.open(path) loads a workbook with its macros. `dialogs` holds what VBA's MsgBox and
    xlwings' alert showed, `answer_dialogs` queues answers, `calls` lists the blocks of cells that
    Python read and wrote, such as ("read value", "Clients!$A$1:$C$9"). Workbook_Open isn't run.
    """

    def __init__(self) -> None:
        super().__init__()
        self.application = _Application()
        self.interpreter = Interpreter(ExcelBridge(self.application))
        self.application.interpreter = self.interpreter

    @classmethod
    def open(cls, path: str | Path, *, with_vba: bool = True) -> Self:
        """The workbook at *path* opened in an Excel of its own."""
        excel: Self = super().open(path, with_vba=with_vba)
        book = excel.workbook
        # pyOpenVBA leaves out which sheets are hidden.
        listed = etree.fromstring(book.package.read("xl/workbook.xml")).iterfind("{*}sheets/*")
        for sheet, entry in zip(book.sheets_, listed, strict=True):
            sheet.visible = _VISIBLE[entry.get("state", "visible")]
        return excel

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Each block that crossed between Python and the sheets: what was done, and where."""
        calls: list[tuple[str, str]] = self.application.calls
        return calls

    @property
    def help(self) -> dict[str, tuple[object, ...]]:
        """By macro what MacroOptions gave it: description, category, the arguments' texts."""
        texts: dict[str, tuple[object, ...]] = self.application.help
        return texts


class _Application(_model.Application):  # type: ignore[misc]
    vba_type_name = "Application"

    def __init__(self) -> None:
        super().__init__()
        self.addin: dict[str, Callable[..., object]] = {}
        self.caller: object = vba.VBAErrorValue(NO_CALLER)
        self.calls: list[tuple[str, str]] = []
        self.help: dict[str, tuple[object, ...]] = {}
        self.is_in_wizard = False

    @member(name="Caller")  # type: ignore[untyped-decorator]
    def called_by(self) -> object:
        return self.caller

    @member(name="Hwnd")  # type: ignore[untyped-decorator]
    def window(self) -> object:
        return vba.VBAInt(id(self) % 2**31, "Long")

    @method(name="Run")  # type: ignore[untyped-decorator]
    def run_macro(self, macro: object = vba.MISSING, *args: object) -> object:
        name = vba.to_text(macro)
        answer = self.addin.get(name.lower())
        if answer is not None:
            return answer(*args)
        found = self._own_macro(name)
        if found is None:
            raise vba.error(
                vba.ERR_APPLICATION_DEFINED,
                f"Cannot run the macro '{name}'. The macro may not be available in this workbook "
                "or all macros may be disabled.",
            )
        return self.interpreter.run(found, list(args))

    @method(name="CommandBars")  # type: ignore[untyped-decorator]
    def toolbar(self, _name: object) -> object:
        return _Toolbar(self)

    @method(name="CalculateFull")  # type: ignore[untyped-decorator]
    def calculate_everything(self) -> object:
        for book in self.workbooks_.books:
            book.calculator.rebuild()
        return self.Calculate()

    @method(name="MacroOptions")  # type: ignore[untyped-decorator]
    def describe_macro(
        self,
        Macro: object,  # noqa: N803 — VBA gives these by name
        Description: object = vba.MISSING,  # noqa: N803
        Category: object = vba.MISSING,  # noqa: N803
        ArgumentDescriptions: object = vba.MISSING,  # noqa: N803
    ) -> object:
        macro = self._own_macro(vba.to_text(Macro))
        if macro is None:
            raise vba.error(vba.ERR_APPLICATION_DEFINED)
        given = (Description, Category, ArgumentDescriptions)
        self.help[macro] = tuple(None if one is vba.MISSING else from_vba(one) for one in given)
        return vba.EMPTY

    def _own_macro(self, name: str) -> str | None:
        """The macro's name without its workbook's; None where no open workbook has it."""
        book, _, macro = name.rpartition("!")
        if book and book.strip("'").lower() not in self._open_books():
            return None
        try:
            procedure, _ = self.interpreter.find_procedure(macro)
        except exceptions.VBACompileError:
            return None
        return macro if procedure is not None else None

    def _open_books(self) -> set[str]:
        return {str(book.name).lower() for book in self.workbooks_.books}


class _Toolbar(VBAObject):  # type: ignore[misc]
    """A toolbar, and its first button: greyed out while the function wizard is open."""

    vba_type_name = "CommandBar"

    def __init__(self, application: _Application) -> None:
        self.application = application

    @method(name="Controls")  # type: ignore[untyped-decorator]
    def control(self, _number: object) -> object:
        return self

    @member(name="Enabled")  # type: ignore[untyped-decorator]
    def is_enabled(self) -> object:
        return not self.application.is_in_wizard


@contextmanager
def answering(excel: Excel, **macros: Callable[..., object]) -> Iterator[None]:
    """Answer Application.Run of these bare names in the place of the xlwings add-in.

    Each callable gets the macro's arguments as COM sends them and its result goes back to VBA.
    The one for XLPy is what its object's CallUDF calls: (module, function, arguments, workbook,
    caller), with the last two None where VBA leaves them out. An error in it becomes VBA's error
    -2147467259 with the traceback, as from xlwings' server; an error in any other callable ends
    the test. A callable may raise pyOpenVBA's VBARuntimeError to play an add-in that fails.
    Without an answer VBA gets error 1004, as from Excel.
    """
    application = excel.application
    before = application.addin
    application.addin = {**before, **{name.lower(): _answer(name, macros[name]) for name in macros}}
    try:
        yield
    finally:
        application.addin = before


def _answer(name: str, callback: Callable[..., object]) -> Callable[..., object]:
    if name == "XLPy":
        return lambda: _PythonServer(callback)
    return lambda *args: to_vba(callback(*map(_handed_over, args)))


class _PythonServer(VBAObject):  # type: ignore[misc]
    """What the add-in's XLPy gives to VBA."""

    vba_type_name = "Object"

    def __init__(self, callback: Callable[..., object]) -> None:
        self.callback = callback

    @method(name="CallUDF")  # type: ignore[untyped-decorator]
    def call_function(
        self,
        module: object,
        function: object,
        arguments: object,
        workbook: object = vba.MISSING,
        caller: object = vba.MISSING,
    ) -> object:
        context = (None if one is vba.MISSING else _handed_over(one) for one in (workbook, caller))
        values = tuple(_handed_over(one) for one in arguments.elements())  # type: ignore[attr-defined]
        try:
            answer = self.callback(vba.to_text(module), vba.to_text(function), values, *context)
            return to_vba(answer)
        except (AssertionError, NotImplementedError, exceptions.VBAError):
            raise
        except Exception:  # noqa: BLE001 — as the COM server does with whatever happens
            text = f"Unexpected Python Error: {traceback.format_exc()}"
            raise vba.error(AUTOMATION_ERROR, text) from None


def _handed_over(value: object) -> object:
    """An argument from VBA: values as COM sends them, workbooks and ranges as xlwings' own."""
    if isinstance(value, _model.Range):
        return xw.Range(impl=Range(value))
    if isinstance(value, _model.Workbook):
        return xw.Book(impl=Book(value))
    return from_vba(value)


def press(excel: Excel, sheet: str, button: str) -> None:
    """Click the form *button*: its macro runs and Application.Caller is the button's name."""
    macro = excel.sheet(sheet).shape(button).macro
    with _called_by(excel.application, button):
        excel.run(macro.rpartition("!")[2])


@contextmanager
def _called_by(application: _Application, caller: object) -> Iterator[None]:
    before = application.caller
    application.caller = caller
    try:
        yield
    finally:
        application.caller = before


# --- VBA functions in cells --------------------------------------------------------------------


@contextmanager
def functions_in_cells(excel: Excel) -> Iterator[None]:
    """Let formulas call the public functions of the workbook's standard modules, as Excel does.

    The formula engine of pyOpenVBA knows none of them and shows #NAME?, so each is added to its
    functions meanwhile. All formulas count as not yet calculated when it begins. Ranges arrive as
    Range, Application.Caller is the cell, an untrapped error gives #VALUE!, arrays spill from
    formulas written through formula2. Excel's date format for a General cell isn't given.
    """
    added = {
        procedure.name.upper(): _worksheet_function(excel.application, procedure)
        for module in excel.interpreter.modules.values()
        if not module.is_class
        for procedure in module.parsed.procedures
        if procedure.kind == "function" and procedure.scope != "private"
    }
    taken = sorted(added.keys() & registry.FUNCTIONS.keys())
    if taken:
        raise NotImplementedError(f"Excel has functions of these names itself: {', '.join(taken)}")
    registry.FUNCTIONS.update(added)
    try:
        for book in excel.workbooks():
            book.calculator.rebuild()
        yield
    finally:
        for name in added:
            del registry.FUNCTIONS[name]


def _worksheet_function(application: _Application, procedure: Procedure) -> registry.Function:
    def worked_out(context: Context, *args: object) -> object:
        book = context.book.book
        given = [_function_argument(book, one) for one in args]
        cell = Area(context.row, context.column, context.row, context.column, context.sheet)
        try:
            with _called_by(application, _model.Range(book.sheet_named(context.sheet), [cell])):
                return _function_result(application.interpreter.run(procedure.name, given))
        except exceptions.VBARuntimeError:
            return VALUE

    # Excel takes any number of arguments into the cell and shows #VALUE! where they don't fit.
    kinds = (registry.Kind.RANGE,)
    return registry.Function(procedure.name.upper(), worked_out, kinds, 0, registry.MAX_ARGUMENTS)


def _function_argument(book: _model.Workbook, value: object) -> object:
    if value is OMITTED:
        return vba.MISSING
    if isinstance(value, Reference):
        areas = [Area(one.top, one.left, one.bottom, one.right, one.sheet) for one in value.areas]
        return _model.Range(book.sheet_named(areas[0].sheet), areas)
    if isinstance(value, Array):
        rows = [[_function_argument(book, item) for item in row] for row in value.rows]
        return _array(rows, first=1)
    if isinstance(value, CellError):
        return vba.VBAErrorValue(ERROR_NUMBERS[value.code])
    return value


def _function_result(value: object) -> object:
    if isinstance(value, VBAObject):
        value = value.vba_value()
    if isinstance(value, vba.VBAArray):
        rows = _rows(value) if value.dimensions == 2 else [value.elements()]
        return Array([[_function_result(item) for item in row] for row in rows])
    return float(value) if isinstance(value, Decimal) else scalar(value)


# --- values across COM -------------------------------------------------------------------------


def from_vba(value: object) -> object:
    """A value of VBA's as it arrives in Python over COM.

    Empty, Null and Nothing give None, a missing argument -2147352572, Date a datetime in UTC (as
    pywin32 marks them; xlwings takes the mark off), Currency a Decimal, an error its scode, an
    array a tuple (of rows). Objects stay as they are. Arrays of three dimensions aren't known.
    """
    if value is vba.MISSING:
        return MISSING_ARGUMENT
    if value in (vba.EMPTY, vba.NULL, vba.NOTHING):
        return None
    convert = _FROM_VBA.get(type(value))
    return convert(value) if convert is not None else value


def _tuple(array: vba.VBAArray) -> tuple[object, ...]:
    if array.dimensions == 1:
        return tuple(from_vba(item) for item in array.elements())
    if array.dimensions == 2:
        return tuple(tuple(from_vba(item) for item in row) for row in _rows(array))
    raise NotImplementedError(f"An array of {array.dimensions} dimensions isn't known here.")


def _rows(array: vba.VBAArray) -> list[list[object]]:
    # VBA keeps the items column by column.
    (top, bottom), _ = array.bounds
    height = bottom - top + 1
    return [array.items[row::height] for row in range(height)]


_FROM_VBA: dict[type, Callable[[Any], object]] = {
    vba.VBAArray: _tuple,
    vba.VBACurrency: Decimal,
    vba.VBADate: lambda date: date.to_datetime().replace(tzinfo=dt.UTC),
    vba.VBADecimal: Decimal,
    vba.VBAErrorValue: lambda error: FIRST_ERROR + int(error.number),
    vba.VBAInt: int,
    vba.VBASingle: float,
}


def to_vba(value: object) -> object:
    """A value from Python as it arrives in VBA over COM; None gives Empty, sequences arrays.

    A type that COM doesn't know, such as one of numpy's, raises TypeError.
    """
    if value is None:
        return vba.EMPTY
    if isinstance(value, bool | float | str | VBAObject):
        return value
    if isinstance(value, int):
        return vba.VBAInt(value, "Long") if value in _LONGS else float(value)
    if isinstance(value, dt.datetime):
        return vba.VBADate.from_datetime(value.replace(tzinfo=None))
    if isinstance(value, Decimal):
        return vba.VBACurrency(value)
    if isinstance(value, tuple | list):
        return _vba_array(value)
    raise TypeError(f"Objects of type '{type(value).__name__}' can't cross to Excel over COM.")


def _vba_array(values: Sequence[object]) -> vba.VBAArray:
    if values and isinstance(values[0], tuple | list):
        return _array([[to_vba(item) for item in row] for row in values])  # type: ignore[attr-defined]
    return vba.VBAArray([(0, len(values) - 1)], items=[to_vba(item) for item in values])


def _array(rows: list[list[object]], first: int = 0) -> vba.VBAArray:
    items = [row[column] for column in range(len(rows[0])) for row in rows]
    bounds = [(first, first + len(rows) - 1), (first, first + len(rows[0]) - 1)]
    return vba.VBAArray(bounds, items=items)


@contextmanager
def _across_com() -> Iterator[None]:
    try:
        yield
    except exceptions.VBAUnsupportedError as gap:
        raise NotImplementedError(f"The Excel in memory can't do this: {gap.message}") from gap
    except exceptions.VBARuntimeError as failure:
        raise ComError(failure.number, failure.description) from failure


def _get(thing: VBAObject, name: str, *args: object) -> Any:  # noqa: ANN401 — whatever Excel gives
    """A property read, or a method called, over COM; objects stay VBA's own."""
    with _across_com():
        return from_vba(thing.vba_get(name, [to_vba(one) for one in args]))


def _put(thing: VBAObject, name: str, value: object) -> None:
    with _across_com():
        thing.vba_set(name, to_vba(value))


# --- the engine --------------------------------------------------------------------------------


class _Shown:
    """An object of Excel's, shown to Python."""

    def __init__(self, com: VBAObject) -> None:
        self.com = com

    @property
    def api(self) -> VBAObject:
        """Excel's own object."""
        return self.com


def _passed_on(name: str) -> property:
    """A property that xlwings hands through to Excel's own *name*, both ways."""

    def read(self: _Shown) -> object:
        return _get(self.com, name)

    def write(self: _Shown, value: object) -> None:
        _put(self.com, name, value)

    return property(read, write)


# What xlwings' base classes do by themselves.
_INHERITED = {"snapshot", "max_cells_per_read", "max_cells_per_write"}


def _refused(kind: type) -> type:
    """The class with every member of xlwings' that it lacks raising an error that names it."""
    own = {name for base in kind.__mro__ if base.__module__ == __name__ for name in vars(base)}
    for base in kind.__mro__:
        for name in vars(base) if base.__module__ == base_classes.__name__ else ():
            if not name.startswith("_") and name not in own | _INHERITED:
                setattr(kind, name, _refusal(f"{kind.__name__}.{name}"))
    return kind


def _refusal(name: str) -> property:
    def refuse(_self: object, _value: object = None) -> NoReturn:
        raise NotImplementedError(f"The engine over the Excel in memory has no {name}.")

    return property(refuse, refuse)


class Engine:
    """The engine, as xlwings' conversion of values asks for it."""

    name = "in memory"
    type = "desktop"

    @staticmethod
    def prepare_xl_data_element(value: object, _options: object) -> object:
        """A value on its way to Excel: missing ones as '', dates as datetime, numpy's as float."""
        if isinstance(value, np.datetime64):
            value = pd.Timestamp(value)
        if pd.isna(value):  # type: ignore[call-overload]
            return ""
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return dt.datetime.combine(value, dt.time())
        return float(value) if isinstance(value, np.number) else value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[object]],
        dates: Callable[..., object],
        empty: object,
        numbers: Callable[[float], object] | None,
        err_to_str: bool,
    ) -> list[list[object]]:
        """The values of a block, from COM's types to those the reader asked for."""

        def cleaned(value: object) -> object:
            if value is None or value == "":
                return empty
            if isinstance(value, dt.datetime):
                return _date(value, dates)
            if numbers is not None and isinstance(value, float):
                return numbers(value)
            if isinstance(value, int) and value in _NAMED_ERRORS:
                return _NAMED_ERRORS[value] if err_to_str else None
            return value

        return [[cleaned(value) for value in row] for row in data]


def _date(value: dt.datetime, dates: Callable[..., object]) -> object:
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return dates(**{part: getattr(value, part) for part in parts}, tzinfo=None)


ENGINE = Engine()


@_refused
class App(_Shown, base_classes.App):
    """Excel itself."""

    screen_updating = _passed_on("ScreenUpdating")
    display_alerts = _passed_on("DisplayAlerts")
    enable_events = _passed_on("EnableEvents")
    status_bar = _passed_on("StatusBar")
    version = _passed_on("Version")
    hwnd = _passed_on("Hwnd")

    @property
    def engine(self) -> Engine:
        """The engine of this module."""
        return ENGINE

    @property
    def pid(self) -> int:
        """Each Excel in memory counts as a process of its own: xlwings tells them apart by it."""
        return int(_get(self.com, "Hwnd"))

    @property
    def calculation(self) -> str:
        """When formulas are worked out: automatic, manual or semiautomatic."""
        number = _get(self.com, "Calculation")
        return next(word for word, known in _CALCULATIONS.items() if known == number)

    @calculation.setter
    def calculation(self, value: str) -> None:
        _put(self.com, "Calculation", _CALCULATIONS[value])

    def calculate(self) -> None:
        """Work out all formulas that aren't up to date."""
        _get(self.com, "Calculate")

    @property
    def books(self) -> Books:
        """The open workbooks."""
        return Books(_get(self.com, "Workbooks"))

    def run(self, macro: str, args: Sequence[object]) -> object:
        """Run a macro, by its bare name or as 'Book.xlsm'!Name."""
        return _get(self.com, "Run", macro, *args)

    def alert(
        self, prompt: str, title: str | None, buttons: str, mode: str | None, _callback: object
    ) -> str:
        """Show a message: it stands in `dialogs` with MsgBox's, and takes a queued answer."""
        style = _BUTTONS[buttons] + _ICONS[mode]
        return _PRESSED[int(self.com.interpreter.show_message(prompt or "", style, title or ""))]


class _Collection(_Shown):
    """What Excel keeps by number and name."""

    kind: type[_Shown]

    def __call__(self, key: int | str) -> _Shown:
        return self.kind(_get(self.com, "Item", key))

    def __len__(self) -> int:
        return int(_get(self.com, "Count"))

    def __iter__(self) -> Iterator[_Shown]:
        return (self(number) for number in range(1, len(self) + 1))


@_refused
class Book(_Shown, base_classes.Book):
    """One workbook."""

    name = _passed_on("Name")
    fullname = _passed_on("FullName")

    @property
    def app(self) -> App:
        """Excel itself."""
        return App(_get(self.com, "Application"))

    @property
    def sheets(self) -> Sheets:
        """Its worksheets."""
        return Sheets(_get(self.com, "Worksheets"))

    @property
    def names(self) -> Names:
        """Its defined names, those of single sheets included."""
        return Names(_get(self.com, "Names"))


@_refused
class Sheet(_Shown, base_classes.Sheet):
    """One worksheet."""

    name = _passed_on("Name")
    index = _passed_on("Index")
    visible = _passed_on("Visible")

    @property
    def book(self) -> Book:
        """Its workbook."""
        return Book(_get(self.com, "Parent"))

    @property
    def names(self) -> Names:
        """The names defined for this sheet alone."""
        return Names(_get(self.com, "Names"))

    @property
    def cells(self) -> Range:
        """The whole grid."""
        return Range(_get(self.com, "Cells"))

    @property
    def used_range(self) -> Range:
        """The block that holds every cell in use."""
        return Range(_get(self.com, "UsedRange"))

    @property
    def tables(self) -> Tables:
        """Its Excel tables."""
        return Tables(_get(self.com, "ListObjects"))

    def range(self, arg1: object, arg2: object = None) -> Range:
        """The cell or block at an address, a (row, column), or between two corners."""
        first = self._corner(arg1)
        block = first if arg2 is None else _get(self.com, "Range", first, self._corner(arg2))
        return Range(block)

    def _corner(self, where: object) -> VBAObject:
        if isinstance(where, Range):
            return where.com
        if isinstance(where, tuple):
            return self._placed(*where)
        return _get(self.com, "Range", where)

    def _placed(self, row: int, column: int, rows: int = 1, columns: int = 1) -> VBAObject:
        if 0 in {row, column}:
            raise IndexError("Excel counts rows and columns from 1, not 0.")
        if 0 in {rows, columns}:
            raise NotImplementedError("The engine over the Excel in memory has no empty ranges.")
        return _get(_get(self.com, "Cells", row, column), "Resize", rows, columns)


@_refused
class Font(_Shown, base_classes.Font):
    """The letters of a block of cells."""

    bold = _passed_on("Bold")


@_refused
class Range(_Shown, base_classes.Range):
    """A cell or a block of cells."""

    options: dict[str, object]
    row = _passed_on("Row")
    column = _passed_on("Column")
    address = _passed_on("Address")
    number_format = _passed_on("NumberFormat")
    column_width = _passed_on("ColumnWidth")

    @property
    def sheet(self) -> Sheet:
        """Its worksheet."""
        return Sheet(_get(self.com, "Worksheet"))

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns."""
        return _get(_get(self.com, "Rows"), "Count"), _get(_get(self.com, "Columns"), "Count")

    def __len__(self) -> int:
        return int(_get(self.com, "Count"))

    def __call__(self, *where: int) -> Range:
        """The cell at a row and column, or at a number, counted from the first cell."""
        return Range(_get(self.com, "Cells", *where))

    @property
    def raw_value(self) -> object:
        """The values as COM sends them: one, or a tuple of rows."""
        value = self._read("Value")
        rows, columns = self.shape
        if not isinstance(value, tuple) or (len(value), len(value[0])) == (rows, columns):
            return value
        # Excel gives the cells outside the used range as well.
        full = [(*row, *(None,) * (columns - len(row))) for row in value]
        return (*full, *((None,) * columns,) * (rows - len(full)))

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        self._write("Value", data)

    @property
    def formula(self) -> object:
        """The formulas in English, and the constants of the cells without one."""
        return self._read("Formula")

    @formula.setter
    def formula(self, data: object) -> None:
        self._write("Formula", data)

    @property
    def merge_cells(self) -> object:
        """Whether the cells are part of merged ones; None for some of them."""
        return self._read("MergeCells")

    @property
    def formula2(self) -> object:
        """As formula, in the spelling of Excel with dynamic arrays."""
        return self._read("Formula2")

    @formula2.setter
    def formula2(self, data: object) -> None:
        self._write("Formula2", data)

    def _read(self, what: str) -> object:
        self._noted("read", what)
        return _get(self.com, what)

    def _write(self, what: str, data: object) -> None:
        self._noted("write", what)
        _put(self.com, what, data)

    def _noted(self, how: str, what: str) -> None:
        where = f"{self.sheet.name}!{self.address}"
        self.sheet.book.app.com.calls.append((f"{how} {what.lower()}", where))

    @property
    def font(self) -> Font:
        """Its letters."""
        return Font(_get(self.com, "Font"))

    def clear_contents(self) -> None:
        """Empty the cells; their formats stay."""
        _get(self.com, "ClearContents")

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The fill as red, green, blue; None without one."""
        fill = _get(self.com, "Interior")
        if _get(fill, "ColorIndex") == _NO_COLOUR:
            return None
        blue_green_red = int(_get(fill, "Color"))
        return blue_green_red % 256, blue_green_red // 256 % 256, blue_green_red // 65536

    @color.setter
    def color(self, value: str | tuple[int, int, int] | None) -> None:
        fill = _get(self.com, "Interior")
        if value is None:
            _put(fill, "ColorIndex", _NO_COLOUR)
            return
        red, green, blue = bytes.fromhex(value.strip("#")) if isinstance(value, str) else value
        _put(fill, "Color", red + 256 * green + 65536 * blue)


@_refused
class Table(_Shown, base_classes.Table):
    """One Excel table."""

    name = _passed_on("Name")
    display_name = _passed_on("DisplayName")
    show_headers = _passed_on("ShowHeaders")
    show_totals = _passed_on("ShowTotals")

    @property
    def parent(self) -> Sheet:
        """Its worksheet."""
        return Sheet(_get(self.com, "Parent"))

    @property
    def range(self) -> Range | None:
        """All of it, with headings and totals."""
        return self._part("Range")

    @property
    def header_row_range(self) -> Range | None:
        """The headings; None where they are hidden."""
        return self._part("HeaderRowRange")

    @property
    def data_body_range(self) -> Range | None:
        """The rows of data; None where it has none."""
        return self._part("DataBodyRange")

    @property
    def totals_row_range(self) -> Range | None:
        """The totals; None where they are hidden."""
        return self._part("TotalsRowRange")

    def _part(self, name: str) -> Range | None:
        found = _get(self.com, name)
        return None if found is None else Range(found)

    def resize(self, block: xw.Range) -> None:
        """Lay the table over another block with the same row of headings."""
        _get(self.com, "Resize", block.api)


@_refused
class Name(_Shown, base_classes.Name):
    """One defined name."""

    name = _passed_on("Name")
    refers_to = _passed_on("RefersTo")

    @property
    def refers_to_range(self) -> Range:
        """The cells it stands for; ComError where it stands for none."""
        return Range(_get(self.com, "RefersToRange"))


@_refused
class Books(_Collection, base_classes.Books):
    """The open workbooks; one that isn't there is a ComError."""

    kind = Book


@_refused
class Sheets(_Collection, base_classes.Sheets):
    """A workbook's worksheets; one that isn't there is a ComError."""

    kind = Sheet


@_refused
class Names(_Collection, base_classes.Names):
    """Defined names; one that isn't there is a ComError."""

    kind = Name

    def contains(self, key: int | str) -> bool:
        """Whether there is such a name."""
        try:
            self(key)
        except ComError:
            return False
        return True


@_refused
class Tables(_Collection, base_classes.Tables):
    """A sheet's Excel tables; one that isn't there is a KeyError, as xlwings makes it."""

    kind = Table

    def __call__(self, key: int | str) -> _Shown:
        """The table; KeyError where there is none."""
        try:
            return super().__call__(key)
        except ComError as missing:
            raise KeyError(key) from missing

    def __contains__(self, key: int | str) -> bool:
        try:
            self(key)
        except KeyError:
            return False
        return True


def book_of(excel: Excel) -> xw.Book:
    """The active workbook of *excel* as an xlwings Book; LookupError where none is open."""
    return xw.Book(impl=Book(excel.workbook))


@contextmanager
def called_from(excel: Excel) -> Iterator[xw.Book]:
    """Make the active workbook of *excel* what xlwings.Book.caller() gives, meanwhile."""
    book = book_of(excel)
    with mock.patch.object(xw.Book, "_mock_caller", book, create=True):
        yield book
