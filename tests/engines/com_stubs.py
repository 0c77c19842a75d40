"""xlwings' own code for worksheet functions, run on any system over stubs of pywin32.

In place of Excel and COM stand their two ends: arguments as pywin32 unpacks them (tuples of rows,
`com_time`, `MISSING`, error numbers), and `carried`, which packs a result as pywin32 does. The
stubs hold no more than xlwings needs for a synchronous call, so that anything else fails loudly.
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import importlib
import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any, SupportsFloat

import xlwings

MISSING = -2147352572
NOT_AVAILABLE = -2146826246  # #N/A
DISPATCH = "{00020400-0000-0000-C000-000000000046}"
ENUMERATION = "{00020404-0000-0000-C000-000000000046}"
ABSENT = object()


class ComTime(dt.datetime):
    """The time type of pywintypes: a datetime, always in UTC when it comes from Excel."""


def com_time(value: dt.date) -> ComTime:
    """A date or date and time as Excel sends it; its own time zone, if any, is dropped."""
    time = value.time() if isinstance(value, dt.datetime) else dt.time()
    return ComTime.combine(value, time, dt.UTC)


class ExcelObject:
    """A workbook, sheet or cell of Excel as it reaches a COM server (a PyIDispatch)."""

    def __init__(self, kind: str, **members: object) -> None:
        self.kind = kind
        self.members = SimpleNamespace(**members)

    def GetTypeInfo(self) -> SimpleNamespace:  # noqa: N802 - COM's own name
        """As far as xlwings asks: the kind of object that it is."""
        return SimpleNamespace(GetDocumentation=lambda _: (self.kind, None, 0, None))


class Dispatch:
    """An Excel object with its members as attributes (win32com's CDispatch)."""

    def __init__(self, found: ExcelObject | Dispatch, **_: object) -> None:
        self._oleobj_: ExcelObject = found._oleobj_ if isinstance(found, Dispatch) else found

    def __getattr__(self, name: str) -> object:
        return getattr(self._oleobj_.members, name)


def workbook(name: str) -> ExcelObject:
    """The workbook that a wrapper passes as ThisWorkbook, with one sheet."""
    return ExcelObject("_Workbook", Name=name, Worksheets=[SimpleNamespace(Name="Clients")])


def carried(result: object) -> object:
    """What VBA holds after pywin32 has carried *result* over: a scalar, or tuples for an array.

    Dates are COM times; a number of another library's type (numpy.bool_, say) is a float. Raises
    TypeError, in pywin32's words, for what has no place in a VARIANT, and for a time without zone,
    which would move by the user's zone.
    """
    match result:
        case list() | tuple():
            return tuple(carried(item) for item in result)
        case None | bool() | Decimal():
            return result
        case str():
            return str(result)
        case int():
            return int(result)
        case dt.datetime(tzinfo=dt.tzinfo()):
            return com_time(result.astimezone(dt.UTC))
        case SupportsFloat():
            return float(result)
    kind = type(result).__name__
    raise TypeError(f"Objects of type '{kind}' can not be converted to a COM VARIANT")


@dataclass(frozen=True)
class XlwingsOnWindows:
    """The modules `xlwings.udfs` and `xlwings.com_server` as they run beside Excel."""

    udfs: ModuleType
    com_server: ModuleType

    def call(
        self,
        module_name: str,
        function: str,
        arguments: tuple[object, ...],
        this_workbook: ExcelObject | None = None,
        caller: ExcelObject | None = None,
    ) -> object:
        """What `XLPy.CallUDF(…)` gives to the VBA of a function: one cell as scalar, one row flat.

        *arguments* are as COM sends them, one for each argument of the Python function, hidden
        ones too. Whatever the function raises is raised.
        """
        server = self.com_server.XLPython()
        return carried(server.CallUDF(module_name, function, arguments, this_workbook, caller))

    def vba_wrapper(self, module: ModuleType, workbook_name: str = "ClientBase.xlsm") -> str:
        """The VBA that xlwings' Import Functions would put into the workbook for *module*."""
        text = io.StringIO()
        book = SimpleNamespace(Name=workbook_name)
        self.udfs.generate_vba_wrapper(module.__name__, module, text, book)
        return text.getvalue()

    @contextmanager
    def real_udf_module(self, name: str) -> Iterator[ModuleType]:
        """A fresh copy of the module *name*, made with the decorators that work on Windows.

        Calls by its name reach the copy; afterwards the usual module is back, if there was one.
        Modules that it imports are the usual ones.
        """
        parent, _, child = name.rpartition(".")
        decorators = {
            "func": self.udfs.xlfunc,
            "sub": self.udfs.xlsub,
            "script": self.udfs.xlsub,
            "arg": self.udfs.xlarg,
            "ret": self.udfs.xlret,
        }
        with ExitStack() as stack:
            if parent:
                package = vars(importlib.import_module(parent))
                stack.enter_context(_with_entries(package, {child: ABSENT}))
            stack.enter_context(_with_entries(sys.modules, {name: ABSENT}))
            stack.enter_context(_with_entries(self.udfs.udf_modules, {name: ABSENT}))
            with _with_entries(vars(xlwings), decorators):
                module = importlib.import_module(name)
            yield module


@contextmanager
def xlwings_on_windows() -> Iterator[XlwingsOnWindows]:
    """The Windows modules of xlwings over stubs of pywin32; all are taken out again afterwards.

    Inside, `xlwings.engines["excel"]` is the Windows engine and `xlwings.Book.caller()` is the
    workbook of the last call.
    """
    parts = ("_win32patch", "_xlwindows", "udfs", "com_server")
    with ExitStack() as stack:
        stack.enter_context(_with_entries(sys.modules, _com_modules()))
        in_use = {f"xlwings.{part}": ABSENT for part in parts}
        stack.enter_context(_with_entries(sys.modules, in_use))
        stack.enter_context(_with_entries(vars(xlwings), dict.fromkeys(parts, ABSENT)))
        with _with_entries(vars(ctypes), _windows_ctypes()):
            windows = importlib.import_module("xlwings._xlwindows")
        stack.callback(atexit.unregister, windows.cleanup)
        excel = {"excel": xlwings.Engine(impl=windows.engine)}
        stack.enter_context(_with_entries(xlwings.engines.engines_by_name, excel))
        server = importlib.import_module("xlwings.com_server")
        stack.callback(server.loop.close)
        yield XlwingsOnWindows(importlib.import_module("xlwings.udfs"), server)


@contextmanager
def _with_entries(mapping: dict[str, Any], entries: Mapping[str, object]) -> Iterator[None]:
    """*mapping* with these *entries* (`ABSENT`: without); afterwards each is as it was before."""
    before = {key: mapping.get(key, ABSENT) for key in entries}
    _put(mapping, entries)
    try:
        yield
    finally:
        _put(mapping, before)


def _put(mapping: dict[str, Any], entries: Mapping[str, object]) -> None:
    for key, value in entries.items():
        if value is ABSENT:
            mapping.pop(key, None)
        else:
            mapping[key] = value


def _com_modules() -> dict[str, ModuleType]:
    """Every module that xlwings takes from pywin32, by its dotted name."""
    error = type("com_error", (Exception,), {})
    contents: dict[str, dict[str, object]] = {
        "pywintypes": {"TimeType": ComTime, "IID": str, "com_error": error},
        "pythoncom": {
            "__file__": "",
            "CoInitialize": lambda: None,
            "IID_IDispatch": DISPATCH,
            "IID_IEnumVARIANT": ENUMERATION,
            "TypeIIDs": {DISPATCH: ExcelObject},
        },
        "win32api": {},
        "win32con": {},
        "win32event": {},
        "win32gui": {},
        "win32process": {},
        "win32timezone": {"TimeZoneInfo": SimpleNamespace(utc=lambda: dt.UTC)},
        "win32com": {},
        "win32com.client": {
            "CDispatch": Dispatch,
            "Dispatch": Dispatch,
            "DispatchBaseClass": type("DispatchBaseClass", (), {}),
            "DispatchEx": Dispatch,
        },
        "win32com.server": {},
        "win32com.server.dispatcher": {},
        "win32com.server.policy": {},
        "win32com.server.util": {"unwrap": _unwrap},
    }
    modules = {name: ModuleType(name) for name in contents}
    for name, module in modules.items():
        vars(module).update(contents[name])
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(modules[parent], child, module)
    return modules


def _unwrap(found: object) -> object:
    """Python objects never travel wrapped in our calls; pywin32 refuses all others like this."""
    raise ValueError(f"{found!r} isn't a wrapped Python object")


def _windows_ctypes() -> dict[str, object]:
    """What xlwings takes from ctypes while it is imported; it finds Excel's windows with it."""
    ole32 = SimpleNamespace(CLSIDFromString=lambda *_: None)
    return {
        "windll": SimpleNamespace(),
        "oledll": SimpleNamespace(ole32=ole32),
        "PyDLL": lambda _: SimpleNamespace(PyCom_PyObjectFromIUnknown=SimpleNamespace()),
    }
