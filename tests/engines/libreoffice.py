# ruff: noqa: N802 — UNO prescribes the names of a component's methods
"""A LibreOffice of the tests' own, and an xlwings engine that works in it over UNO.

Live code sees the usual xlwings objects. Where LibreOffice can't be made to behave as Excel does,
they raise NotImplementedError, or the docstring names the difference.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime as dt
import functools
import importlib
import itertools
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, NoReturn, TypeAlias

import numpy as np
import pandas as pd
import xlwings
from xlwings import base_classes

from tests.surroundings import missing

Uno: TypeAlias = Any
"""An object of LibreOffice. It describes itself only at run time."""
Value: TypeAlias = Any
"""What a cell holds, or rows of it, as xlwings passes it on."""
Cells: TypeAlias = "tuple[tuple[Value, ...], ...]"

_DEBIAN = "/usr/lib/python3/dist-packages"
_SECONDS_TO_START = 90
_SECONDS_TO_STOP = 20
_SERVICE = "clientbase.tests.Server"

# As an Excel in English takes what is typed: macros run, "1-2" is a date, formulas are separated by
# commas and name cells as Sheet1!A1.
_SETTINGS = {
    "Office.Common/Security/Scripting": {"MacroSecurityLevel": "0"},
    "Setup/L10N": {
        "ooSetupSystemLocale": "en-US",
        "DateAcceptancePatterns": "M/D/Y;M/D;M-D-Y;M-D",
    },
    "Office.Calc/Formula/Syntax": {
        "Grammar": "1",
        "EnglishFunctionName": "true",
        "SeparatorArg": ",",
        "SeparatorArrayCol": ",",
        "SeparatorArrayRow": ";",
    },
}

# Kinds of number formats.
_DATE, _TIME, _NUMBER, _TEXT, _LOGICAL = 2, 4, 16, 256, 1024
# What a cell holds: number, date, text, formula; and a formula's failure.
_FORMULA = 16
_CONTENTS = 1 | 2 | 4 | _FORMULA
_FAILED = 4
_NO_COLOR = -1
_PLAIN, _BOLD = 100.0, 150.0
"""Weights of letters."""
_ERRORS = {
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 — sheets know no zones
_LAST_DAY = 2_958_465
"""31.12.9999."""
# LibreOffice reads a file's truth values as formulas.
_TRUTH = {"=TRUE()": "TRUE", "=FALSE()": "FALSE"}
_SHEET_BEFORE_CELL = re.compile(
    r"""(?P<text>"[^"]*")|\$?(?P<sheet>'(?:[^']|'')+'|[^\W\d]\w*)\.(?=\$?(?:[A-Z]{1,3}|\d+)[\d$:])"""
)
_DAY_FIRST = re.compile(r"(\d{1,2})[ -]([a-z]+)(?:[ -](\d{2,4}))?", re.IGNORECASE)
# Only such texts can turn into something else when they are typed; all others are written at once.
_MAYBE_MORE_THAN_TEXT = re.compile(
    r"=.*|\#.*|true|false"
    r"|(?:[\d\s.,:/%$€£()+-]|e|am|pm|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)+",
    re.IGNORECASE | re.DOTALL,
)


# Starting and stopping


@functools.cache
def _uno() -> Uno:
    """Debian's module uno, without the hook that it hangs into every import."""
    plain = builtins.__import__
    sys.path.append(_DEBIAN)
    try:
        return importlib.import_module("uno")
    except ImportError:
        missing("Debian's python3-uno for this Python")
        raise
    finally:
        sys.path.remove(_DEBIAN)
        builtins.__import__ = plain


def _exception(name: str) -> type[Exception]:
    found: type[Exception] = _uno().getClass(f"com.sun.star.{name}")
    return found


def _struct(name: str, **fields: Value) -> Uno:
    struct = _uno().createUnoStruct(f"com.sun.star.{name}")
    for key, value in fields.items():
        setattr(struct, key, value)
    return struct


@dataclass(frozen=True)
class Office:
    """A running LibreOffice: the way to its services, and its process."""

    context: Uno
    process: subprocess.Popen[bytes]

    def service(self, name: str) -> Uno:
        """The service com.sun.star.*name*."""
        return self.context.ServiceManager.createInstanceWithContext(
            f"com.sun.star.{name}", self.context
        )

    @contextlib.contextmanager
    def opened(self, path: Path) -> Iterator[xlwings.Book]:
        """The workbook at *path*, hidden and with its macros on; closed unsaved at the end."""
        arguments = tuple(
            _struct("beans.PropertyValue", Name=name, Value=value)
            for name, value in {"Hidden": True, "MacroExecutionMode": 4}.items()
        )
        document = self.service("frame.Desktop").loadComponentFromURL(
            path.resolve().as_uri(), "_blank", 0, arguments
        )
        app = App(self)
        book = Book(app, document)
        app.books.found.append(book)
        try:
            yield xlwings.Book(impl=book)
        finally:
            with contextlib.suppress(_exception("lang.DisposedException")):
                document.close(True)


@contextlib.contextmanager
def libreoffice(folder: Path, locale: str = "en-US") -> Iterator[Office]:
    """A LibreOffice with a profile of its own in the empty *folder*, surely ended at the end. Dates
    and numbers look as in *locale*.

    The test is skipped (in CI: fails) where LibreOffice or Debian's python3-uno is missing.
    RuntimeError says that it ended, or didn't answer in time.
    """
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice")
    _uno()
    _write_settings(folder, locale)
    name = f"clientbase{uuid.uuid4().hex}"
    process = subprocess.Popen(
        [
            str(program),
            "--headless",
            "--norestore",
            f"-env:UserInstallation={folder.resolve().as_uri()}",
            f"--accept=pipe,name={name};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    office = None
    try:
        office = Office(_connected(process, name), process)
        yield office
    finally:
        _end(process, office)


def _write_settings(folder: Path, locale: str) -> None:
    settings_here = _SETTINGS | {
        "Setup/L10N": _SETTINGS["Setup/L10N"] | {"ooSetupSystemLocale": locale},
    }
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in settings_here.items()
        for name, value in settings.items()
    )
    user = folder / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


def _connected(process: subprocess.Popen[bytes], name: str) -> Uno:
    """The context of the LibreOffice that listens at the pipe *name*."""
    here = _uno().getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", here
    )
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"LibreOffice ended at its start with code {process.returncode}.")
        with contextlib.suppress(_exception("connection.NoConnectException")):
            return resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
        time.sleep(0.1)
    raise RuntimeError(f"LibreOffice didn't answer within {_SECONDS_TO_START} seconds.")


def _end(process: subprocess.Popen[bytes], office: Office | None) -> None:
    try:
        if office is not None:
            with contextlib.suppress(_exception("uno.Exception")):
                office.service("frame.Desktop").terminate()
            process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        pass
    finally:
        # soffice is a script with children, which outlive it when only it is killed.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# The engine


class _Shown:
    """An object of LibreOffice's, shown to xlwings."""

    def __init__(self, uno: Uno) -> None:
        self._uno = uno

    @property
    def api(self) -> Uno:
        """LibreOffice's own object."""
        return self._uno


def _passed_on(name: str) -> property:
    """A property that is LibreOffice's own *name*, both ways."""

    def read(self: _Shown) -> Value:
        return getattr(self.api, name)

    def write(self: _Shown, value: Value) -> None:
        setattr(self.api, name, value)

    return property(read, write)


def _honest(kind: type) -> type:
    """The class with a refusal that names it in the place of each thing it doesn't offer."""
    offered = {name for base in kind.__mro__ if base.__module__ == __name__ for name in vars(base)}
    for base in kind.__mro__:
        for name in vars(base) if base.__module__ == base_classes.__name__ else ():
            if not name.startswith("_") and name not in offered | _INHERITED:
                setattr(kind, name, _refusal(f"{kind.__name__}.{name}"))
    return kind


_INHERITED = {"max_cells_per_read", "max_cells_per_write"}


def _refusal(name: str) -> property:
    def refuse(_self: object, _value: object = None) -> NoReturn:
        raise NotImplementedError(f"The engine over LibreOffice has no {name}.")

    return property(refuse, refuse)


class CellError(NamedTuple):
    """An error in a cell, such as #N/A."""

    text: str


class Alert(NamedTuple):
    """A message that live code showed."""

    prompt: str
    title: str | None
    buttons: str
    mode: str | None


class Engine:
    """What xlwings' conversion asks of an engine."""

    name = "libreoffice"
    type = "desktop"

    @staticmethod
    def prepare_xl_data_element(x: Value, _options: dict[str, Value]) -> Value:
        """A single value on its way into a cell; whatever counts as missing gives None."""
        if isinstance(x, np.datetime64):
            x = pd.Timestamp(x)
        elif isinstance(x, np.generic):
            x = x.item()
        if x is pd.NaT or x is pd.NA or (isinstance(x, float) and math.isnan(x)):
            return None
        return x

    @staticmethod
    def clean_value_data(
        data: Cells,
        datetime_builder: Callable[..., Value],
        empty_as: Value,
        number_builder: Callable[[float], Value] | None,
        err_to_str: bool,
    ) -> list[list[Value]]:
        """Rows of values as the options of the reader want them."""

        def clean(value: Value) -> Value:
            if value is None:
                return empty_as
            if isinstance(value, CellError):
                return value.text if err_to_str else None
            if isinstance(value, dt.datetime):
                return datetime_builder(
                    **{
                        part: getattr(value, part)
                        for part in ("year", "month", "day", "hour", "minute", "second")
                    },
                    microsecond=value.microsecond,
                    tzinfo=None,
                )
            if number_builder is not None and isinstance(value, float):
                return number_builder(value)
            return value

        return [[clean(value) for value in row] for row in data]


_ENGINE = Engine()


def _kept(name: str) -> property:
    """A switch that is only remembered; on at first."""

    def read(self: App) -> bool:
        return self.kept.get(name, True)

    def write(self: App, value: bool) -> None:
        self.kept[name] = value

    return property(read, write)


@_honest
class App(_Shown, base_classes.App):
    """The program around one opened book.

    Events and the status bar of a hidden LibreOffice have no effect, so they are only kept.
    """

    enable_events = _kept("enable_events")
    display_alerts = _kept("display_alerts")

    def __init__(self, office: Office) -> None:
        super().__init__(office.context.ServiceManager)
        self.office = office
        self.kept: dict[str, bool] = {}
        self.alerts: list[Alert] = []
        self._books = Books()
        self._status: str | bool = False

    @property
    def engine(self) -> Engine:
        """The engine of this module."""
        return _ENGINE

    @property
    def books(self) -> Books:
        """The opened books."""
        return self._books

    @property
    def pid(self) -> int:
        """The process that the tests started."""
        return self.office.process.pid

    @property
    def hwnd(self) -> int:
        """Zero: hidden, it has no window."""
        return 0

    @property
    def version(self) -> str:
        """LibreOffice's version."""
        path = _struct(
            "beans.PropertyValue", Name="nodepath", Value="/org.openoffice.Setup/Product"
        )
        reader = self.office.service(
            "configuration.ConfigurationProvider"
        ).createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (path,))
        return str(reader.ooSetupVersion)

    @property
    def screen_updating(self) -> bool:
        """Whether no document holds its pictures back."""
        return not any(book.api.hasControllersLocked() for book in self.books)

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        for book in self.books:
            if value:
                while book.api.hasControllersLocked():
                    book.api.unlockControllers()
            elif not book.api.hasControllersLocked():
                book.api.lockControllers()

    @property
    def calculation(self) -> str:
        """'automatic' or 'manual'."""
        automatic = all(book.api.isAutomaticCalculationEnabled() for book in self.books)
        return "automatic" if automatic else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in {"automatic", "manual"}:
            raise NotImplementedError(f"LibreOffice knows no calculation mode '{value}'.")
        for book in self.books:
            book.api.enableAutomaticCalculation(value == "automatic")

    @property
    def status_bar(self) -> str | bool:
        """The text in the status bar; False where it is the program's own."""
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool | None) -> None:
        self._status = value or False

    def calculate(self) -> None:
        """Compute all that waits for it."""
        for book in self.books:
            book.api.calculate()

    def alert(
        self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: str | None
    ) -> str:
        """Keep the message in `alerts`; her answer is the first button."""
        if callback is not None:
            raise NotImplementedError("Only xlwings Server calls back from a message.")
        self.alerts.append(Alert(prompt, title, buttons, mode))
        return buttons.split("_", maxsplit=1)[0]


class _Collection:
    """What xlwings asks of each of its collections; numbers start at 1."""

    def _members(self) -> Sequence[Value]:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._members())

    def __iter__(self) -> Iterator[Value]:
        return iter(self._members())

    def __contains__(self, name: str) -> bool:
        return any(member.name.casefold() == name.casefold() for member in self)

    contains = __contains__

    def __call__(self, key: str | int) -> Value:
        if isinstance(key, int):
            return self._members()[key - 1]
        for member in self:
            if member.name.casefold() == key.casefold():
                return member
        names = ", ".join(member.name for member in self)
        raise KeyError(f"There is no '{key}' among {names or 'none'}.")

    def snapshot(self) -> list[tuple[str, Value]]:
        """Names and members, as xlwings reads defined names."""
        return [(member.name, member) for member in self]


@_honest
class Books(_Collection, base_classes.Books):
    """The opened books."""

    def __init__(self) -> None:
        self.found: list[Book] = []

    def _members(self) -> list[Book]:
        return self.found


@_honest
class Book(_Shown, base_classes.Book):
    """An opened document."""

    def __init__(self, app: App, document: Uno) -> None:
        super().__init__(document)
        self._app = app
        start = document.NullDate
        self.null_date = dt.datetime(start.Year, start.Month, start.Day)  # noqa: DTZ001 — no zones
        self._kinds: dict[int, int] = {}

    @property
    def app(self) -> App:
        """The program around it."""
        return self._app

    @property
    def fullname(self) -> str:
        """The path of the file."""
        return str(_uno().fileUrlToSystemPath(self.api.URL))

    @property
    def name(self) -> str:
        """The name of the file."""
        return Path(self.fullname).name

    @property
    def sheets(self) -> Sheets:
        """All sheets."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """The defined names of the book; those of one sheet aren't among them."""
        return Names(self)

    def kind(self, key: int) -> int:
        """What the number format *key* shows: date, time, truth value and so on, as bits."""
        if key not in self._kinds:
            self._kinds[key] = int(self.api.NumberFormats.getByKey(key).Type)
        return self._kinds[key]

    def is_general(self, key: int) -> bool:
        """Whether cells of the number format *key* take the format of what is entered."""
        return bool(self.api.NumberFormats.getByKey(key).FormatString == "General")

    def standard_format(self, kind: int) -> int:
        """The usual number format of a *kind*."""
        return int(self.api.NumberFormats.getStandardFormat(kind, self.english))

    @functools.cached_property
    def english(self) -> Uno:
        """The locale of all formats."""
        return _struct("lang.Locale", Language="en", Country="US")

    def range_at(self, address: Uno) -> Range:
        """The range at a CellRangeAddress."""
        sheet = Sheet(self, self.api.Sheets.getByIndex(address.Sheet))
        return Range(
            sheet,
            address.StartRow + 1,
            address.StartColumn + 1,
            address.EndRow - address.StartRow + 1,
            address.EndColumn - address.StartColumn + 1,
        )


@_honest
class Sheets(_Collection, base_classes.Sheets):
    """The sheets of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def _members(self) -> list[Sheet]:
        return [Sheet(self.book, sheet) for sheet in self.book.api.Sheets]


@_honest
class Sheet(_Shown, base_classes.Sheet):
    """A sheet."""

    name = _passed_on("Name")
    visible = _passed_on("IsVisible")

    def __init__(self, book: Book, sheet: Uno) -> None:
        super().__init__(sheet)
        self._book = book

    @property
    def book(self) -> Book:
        """Its book."""
        return self._book

    @property
    def index(self) -> int:
        """Its place, from 1 on."""
        return int(self.api.RangeAddress.Sheet) + 1

    @property
    def tables(self) -> Tables:
        """Its Excel tables, which LibreOffice calls database ranges."""
        return Tables(self)

    @property
    def used_range(self) -> Range:
        """From the first cell in use to the last; one cell on an empty sheet."""
        cursor = self.api.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.book.range_at(cursor.RangeAddress)

    def range(
        self, arg1: str | tuple[int, ...] | Range, arg2: tuple[int, int] | Range | None = None
    ) -> Range:
        """The range from one corner to the other, or of an address or name.

        Four numbers are a corner, a number of rows and a number of columns.

        LookupError says that there is no such address.
        """
        if isinstance(arg1, str):
            try:
                return self.book.range_at(self.api.getCellRangeByName(arg1).RangeAddress)
            except _exception("uno.RuntimeException"):
                raise LookupError(
                    f"Sheet '{self.name}' has no range '{arg1}'. Give an address such as A1:B2."
                ) from None
        if isinstance(arg1, tuple) and len(arg1) == 4:
            return Range(self, *arg1)
        first, last = _corner(arg1), _corner(arg2 or arg1, last=True)
        (top, bottom), (left, right) = (sorted(pair) for pair in zip(first, last, strict=True))
        return Range(self, top, left, bottom - top + 1, right - left + 1)


def _corner(place: tuple[int, ...] | Range, *, last: bool = False) -> tuple[int, int]:
    if not isinstance(place, Range):
        return place[0], place[1]
    if last:
        return place.row + place.shape[0] - 1, place.column + place.shape[1] - 1
    return place.row, place.column


@_honest
class Font(_Shown, base_classes.Font):
    """The letters of a block of cells."""

    @property
    def bold(self) -> bool:
        """Whether they are bold, the first ones deciding."""
        return float(self.api.CharWeight) >= _BOLD

    @bold.setter
    def bold(self, value: bool) -> None:
        self.api.CharWeight = _BOLD if value else _PLAIN


@_honest
class Range(_Shown, base_classes.Range):
    """A block of cells; rows and columns count from 1."""

    def __init__(
        self, sheet: Sheet, row: int, column: int, rows: int = 1, columns: int = 1
    ) -> None:
        super().__init__(
            sheet.api.getCellRangeByPosition(
                column - 1, row - 1, column + columns - 2, row + rows - 2
            )
        )
        self._sheet = sheet
        self._place = row, column, rows, columns
        self.options: dict[str, Value] = {}

    @property
    def sheet(self) -> Sheet:
        """Its sheet."""
        return self._sheet

    @property
    def row(self) -> int:
        """Its first row."""
        return self._place[0]

    @property
    def column(self) -> int:
        """Its first column."""
        return self._place[1]

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns."""
        return self._place[2:]

    def _part(self, row: int, column: int, rows: int, columns: int) -> Uno:
        """The cells from *row* and *column* of this range on, counted from 0."""
        return self.api.getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        """The cell at a row and column, or at a number, counted from the first cell."""
        if column is None:
            row, column = (place + 1 for place in divmod(row - 1, self.shape[1]))
        return Range(self.sheet, self.row + row - 1, self.column + column - 1)

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        """Sheet, first row and column, number of rows and columns."""
        return self.sheet.name, self.row, self.column, *self.shape

    @property
    def address(self) -> str:
        """As $A$1:$B$2."""
        return self.get_address(row_absolute=True, col_absolute=True, external=False)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        """The address, absolute where asked for."""
        if external:
            raise NotImplementedError("Addresses with the book's name aren't needed in tests.")
        before_row, before_column = "$" * row_absolute, "$" * col_absolute
        first, last = (
            f"{before_column}{_letters(column)}{before_row}{row}"
            for row, column in (_corner(self), _corner(self, last=True))
        )
        return first if len(self) == 1 else f"{first}:{last}"

    @property
    def raw_value(self) -> Cells:
        """Rows of values: blanks None, errors CellError, dates datetime where the format says so."""
        found = [
            [None if value == "" else value for value in row] for row in self.api.getDataArray()
        ]
        for kind, row, column, rows, columns in self._formats():
            if kind & (_DATE | _TIME | _LOGICAL):
                for line in found[row : row + rows]:
                    line[column : column + columns] = (
                        self._meant(value, kind) for value in line[column : column + columns]
                    )
        for row, column in self._errors():
            found[row][column] = CellError(_error_text(self.api.getCellByPosition(column, row)))
        return tuple(map(tuple, found))

    @raw_value.setter
    def raw_value(self, value: Value) -> None:
        """A text with an apostrophe before it stays text; others are taken as typed."""
        rows = self._block(value)
        formats = self._new_formats(rows)
        self.api.setDataArray(tuple(tuple(map(self._plain, row)) for row in rows))
        for cells, kind in _runs(formats):
            self._part(*cells).NumberFormat = self.sheet.book.standard_format(kind)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if _is_typed(text):
                    self._type(self.api.getCellByPosition(column, number), text)

    def _type(self, cell: Uno, text: str) -> None:
        if self.sheet.book.kind(cell.NumberFormat) & _TEXT:
            cell.String = text
        else:
            cell.FormulaLocal = _as_typed(text)

    def _meant(self, value: Value, kind: int) -> Value:
        """A number as its format's *kind* means it."""
        if not isinstance(value, float):
            return value
        if kind & _LOGICAL:
            return bool(value)
        if not 0 <= value < _LAST_DAY:
            return value
        milliseconds = round(value * 24 * 60 * 60 * 1000)
        return self.sheet.book.null_date + dt.timedelta(milliseconds=milliseconds)

    def _formats(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Kind of number format, row, column, rows, columns of each evenly formatted block."""
        for group in self.api.getUniqueCellFormatRanges():
            kind = self.sheet.book.kind(group.NumberFormat)
            for address in group.getRangeAddresses():
                yield kind, *self._inside(address)

    def _inside(self, address: Uno) -> tuple[int, int, int, int]:
        """Row, column, rows, columns of an address inside this range, counted from 0."""
        return (
            address.StartRow - self.row + 1,
            address.StartColumn - self.column + 1,
            address.EndRow - address.StartRow + 1,
            address.EndColumn - address.StartColumn + 1,
        )

    def _cells_of(self, addresses: Iterable[Uno]) -> Iterator[tuple[int, int]]:
        for address in addresses:
            first_row, first_column, rows, columns = self._inside(address)
            for row in range(first_row, first_row + rows):
                for column in range(first_column, first_column + columns):
                    yield row, column

    def _errors(self) -> Iterator[tuple[int, int]]:
        return self._cells_of(self.api.queryFormulaCells(_FAILED).getRangeAddresses())

    def _block(self, value: Value) -> Sequence[Sequence[Value]]:
        """Rows of values for every cell of this range."""
        if isinstance(value, list | tuple):
            return value
        if len(self) > 1 and isinstance(value, str) and value.startswith("="):
            raise NotImplementedError("One formula for several cells: give each cell its own.")
        return [[value] * self.shape[1]] * self.shape[0]

    def _plain(self, value: Value) -> str | float:
        """A value as LibreOffice takes it in blocks: text or number, blank as ''."""
        if value is None or _is_typed(value):
            return ""
        if isinstance(value, str):
            return value.removeprefix("'")
        if isinstance(value, dt.date):
            return _serial(value, self.sheet.book.null_date)
        return float(value)

    def _new_formats(self, rows: Sequence[Sequence[Value]]) -> dict[tuple[int, int], int]:
        """The kinds of format that cells without one get from their new values."""
        wanted = {
            (number, column): kind
            for number, row in enumerate(rows)
            for column, value in enumerate(row)
            if (kind := _kind_of(value)) is not None
        }
        if not wanted:
            return {}
        general = {
            cell
            for group in self.api.getUniqueCellFormatRanges()
            if self.sheet.book.is_general(group.NumberFormat)
            for cell in self._cells_of(group.getRangeAddresses())
        }
        return {cell: kind for cell, kind in wanted.items() if cell in general}

    @property
    def formula(self) -> str | tuple[tuple[str, ...], ...]:
        """What the cells hold as typed into an English Excel: text of one cell, else rows."""
        null_date = self.sheet.book.null_date
        found = [[_entered(value, null_date) for value in row] for row in self.raw_value]
        formulas = self.api.queryContentCells(_FORMULA).getRangeAddresses()
        for row, column in self._cells_of(formulas):
            formula = str(self.api.getCellByPosition(column, row).FormulaLocal)
            found[row][column] = _as_in_excel(formula)
        return found[0][0] if len(self) == 1 else tuple(map(tuple, found))

    @formula.setter
    def formula(self, value: Value) -> None:
        self.raw_value = value

    @property
    def number_format(self) -> str | None:
        """Excel's code of the format; None where the cells differ."""
        keys = {group.NumberFormat for group in self.api.getUniqueCellFormatRanges()}
        if len(keys) > 1:
            return None
        (key,) = keys
        code = str(self.sheet.book.api.NumberFormats.getByKey(key).FormatString)
        if not self.sheet.book.kind(key) & (_DATE | _TIME):
            return code
        return re.sub(r'("[^"]*")|([^"]+)', lambda part: part[1] or part[2].lower(), code)

    @number_format.setter
    def number_format(self, value: str) -> None:
        formats, english = self.sheet.book.api.NumberFormats, self.sheet.book.english
        key = formats.queryKey(value, english, False)
        self.api.NumberFormat = formats.addNew(value, english) if key == -1 else key

    @property
    def column_width(self) -> float | None:
        """In characters of the usual font; None where the columns differ."""
        widths = {column.Width for column in self.api.Columns}
        return round((widths.pop() * 96 / 2540 - 5) / 7, 2) if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.api.Columns.Width = round((value * 7 + 5) * 2540 / 96)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """Red, green and blue of the background; None without one."""
        color = self.api.CellBackColor
        return None if color == _NO_COLOR else (color >> 16, color >> 8 & 255, color & 255)

    @color.setter
    def color(self, value: tuple[int, int, int] | str | None) -> None:
        if value is None:
            self.api.CellBackColor = _NO_COLOR
        elif isinstance(value, str):
            self.api.CellBackColor = int(value.removeprefix("#"), 16)
        else:
            self.api.CellBackColor = int.from_bytes(bytes(value), "big")

    @property
    def font(self) -> Font:
        """Its letters."""
        return Font(self.api)

    def clear_contents(self) -> None:
        """Empty the cells; formats stay."""
        self.api.clearContents(_CONTENTS)


def _letters(column: int) -> str:
    """The letters of a column counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _error_text(cell: Uno) -> str:
    return _ERRORS.get(cell.getError(), str(cell.String))


def _entered(value: Value, null_date: dt.datetime) -> str:
    """A constant as Excel shows it as a formula."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        value = _serial(value, null_date)
    return f"{value:.15g}" if isinstance(value, float) else str(value or "")


def _as_in_excel(formula: str) -> str:
    """LibreOffice's formula in Excel's spelling."""
    if formula in _TRUTH:
        return _TRUTH[formula]
    formula = formula[1:-1] if formula.startswith("{") else formula
    return _SHEET_BEFORE_CELL.sub(lambda part: part["text"] or f"{part['sheet']}!", formula)


def _is_typed(value: Value) -> bool:
    """Whether a text has to go the slow way, as if typed."""
    return isinstance(value, str) and _MAYBE_MORE_THAN_TEXT.fullmatch(value) is not None


def _as_typed(text: str) -> str:
    """The text so that LibreOffice takes it as Excel would: "8 March" and "#N/A" aren't text."""
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
        return f"{month} {day}, {year}" if year else f"{month} {day}"
    return f"={text}" if text.upper() in _ERRORS.values() else text


def _kind_of(value: Value) -> int | None:
    """The kind of number format that a new value brings along."""
    if isinstance(value, bool):
        return _LOGICAL
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return _DATE | _TIME
    if isinstance(value, dt.date):
        return _DATE
    # LibreOffice would make such cells text cells; in Excel the apostrophe is enough.
    return _NUMBER if isinstance(value, str) and value.startswith("'") else None


def _runs(
    formats: dict[tuple[int, int], int],
) -> Iterator[tuple[tuple[int, int, int, int], int]]:
    """Row, column, rows, columns of each run of cells down a column with one format, and that."""
    ordered = sorted((column, kind, row) for (row, column), kind in formats.items())
    for _, run in itertools.groupby(
        enumerate(ordered), lambda item: (item[1][:2], item[1][2] - item[0])
    ):
        cells = [cell for _, cell in run]
        column, kind, row = cells[0]
        yield (row, column, len(cells), 1), kind


def _serial(moment: dt.date, null_date: dt.datetime) -> float:
    """Days since the book's day 0."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    return (moment.replace(tzinfo=None) - null_date) / dt.timedelta(days=1)


@_honest
class Tables(_Collection, base_classes.Tables):
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def _members(self) -> list[Table]:
        tables = [Table(self.sheet, table) for table in self.sheet.book.api.DatabaseRanges]
        return [table for table in tables if table.api.DataArea.Sheet == self.sheet.index - 1]


@_honest
class Table(_Shown, base_classes.Table):
    """An Excel table."""

    name = display_name = _passed_on("Name")
    show_headers = _passed_on("ContainsHeader")
    show_totals = _passed_on("TotalsRow")

    def __init__(self, sheet: Sheet, table: Uno) -> None:
        super().__init__(table)
        self._sheet = sheet

    @property
    def parent(self) -> Sheet:
        """Its sheet."""
        return self._sheet

    @property
    def range(self) -> Range:
        """With the headings and the row of totals."""
        return self.parent.book.range_at(self.api.DataArea)

    @property
    def header_row_range(self) -> Range | None:
        """The headings."""
        return self._rows(0, 1) if self.show_headers else None

    @property
    def data_body_range(self) -> Range | None:
        """The rows between; None where there are none."""
        rows = self.range.shape[0] - self.show_headers - self.show_totals
        return self._rows(int(self.show_headers), rows) if rows else None

    @property
    def totals_row_range(self) -> Range | None:
        """The totals."""
        return self._rows(self.range.shape[0] - 1, 1) if self.show_totals else None

    def _rows(self, first: int, number: int) -> Range:
        whole = self.range
        return Range(self.parent, whole.row + first, whole.column, number, whole.shape[1])

    def resize(self, range: xlwings.Range) -> None:  # noqa: A002 — xlwings' name
        """Make it span *range*."""
        self.api.DataArea = range.impl.api.RangeAddress


@_honest
class Names(_Collection, base_classes.Names):
    """The defined names of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def _members(self) -> list[Name]:
        return [Name(self.book, name) for name in self.book.api.NamedRanges]


@_honest
class Name(_Shown, base_classes.Name):
    """A defined name."""

    name = _passed_on("Name")

    def __init__(self, book: Book, name: Uno) -> None:
        super().__init__(name)
        self._book = book

    @property  # type: ignore[misc] # only read here
    def refers_to(self) -> str:
        """Its formula; one that is no range is spelt as LibreOffice does."""
        cells = self.api.getReferredCells()
        if cells is None:
            return f"={self.api.Content}"
        found = self._book.range_at(cells.RangeAddress)
        sheet = str(found.sheet.name)
        if not sheet.isidentifier():
            sheet = "'" + sheet.replace("'", "''") + "'"
        return f"={sheet}!{found.address}"

    @property
    def refers_to_range(self) -> Range:
        """The range behind it; LookupError says that there is none."""
        cells = self.api.getReferredCells()
        if cells is None:
            raise LookupError(f"The name '{self.name}' stands for no range, but {self.refers_to}.")
        return self._book.range_at(cells.RangeAddress)


# Python behind the functions and macros of a workbook

_ADD_IN = f"""Rem Attribute VBA_ModuleType=VBAModule
Option VBASupport 1
Public Function XLPy() As Object
    Set XLPy = CreateUnoService("{_SERVICE}")
End Function
Public Sub RunPython(ByVal code As String)
    CreateUnoService("{_SERVICE}").RunPython code
End Sub
"""
"""What the xlwings add-in offers by bare names, in LibreOffice's words."""

Call: TypeAlias = "Callable[[str, str, tuple[Value, ...]], Value]"


def run_code(code: str) -> None:
    """Run the code of a RunPython, in a namespace of its own as the add-in does."""
    exec(code, {})  # noqa: S102 — that is what RunPython is for


@contextlib.contextmanager
def python_server(
    office: Office, call: Call, run_python: Callable[[str], None] = run_code
) -> Iterator[None]:
    """Answer `XLPy().CallUDF(module, name, arguments, …)` by *call* and RunPython by *run_python*.

    Both answer in this process while LibreOffice waits, and may use the open workbook, which needs
    `load_add_in`. A result may be text, number, truth value, date, None, a row or rows. An exception
    becomes VBA's error 1, with the traceback as its description.

    Arguments come as COM sends them, but a missing one is None as a blank is, a date is a number,
    a cell's error is 0, a range comes as its values, and workbook and caller aren't passed on. VBA
    itself differs, too: in a cell Application.Caller is Empty, and ThisWorkbook.FullName has no
    folder.
    """
    factory = _Factory(_Server(call, run_python))
    office.context.ServiceManager.insert(factory)
    try:
        yield
    finally:
        office.context.ServiceManager.remove(factory)


def load_add_in(book: xlwings.Book) -> None:
    """Give the open *book* what the xlwings add-in would: its own VBA stays as it is."""
    libraries = book.api.BasicLibraries
    libraries.getByName("VBAProject").insertByName("XlwingsAddIn", _ADD_IN)


def run_macro(book: xlwings.Book, macro: str, *arguments: Value) -> Value:
    """Run the VBA *macro* of the open *book*, named as Module.Macro, and give back its result."""
    url = f"vnd.sun.star.script:VBAProject.{macro}?language=Basic&location=document"
    result, _, _ = book.api.getScriptProvider().getScript(url).invoke(arguments, (), ())
    return result


class _Component:
    """A Python object that LibreOffice can call through the named interfaces."""

    interfaces: ClassVar[tuple[str, ...]]

    def getTypes(self) -> tuple[Uno, ...]:
        return tuple(_uno().getTypeByName(f"com.sun.star.{name}") for name in self.interfaces)

    def getImplementationId(self) -> Uno:
        return _uno().ByteSequence(b"")


@dataclass
class _Factory(_Component):
    """Hands the server out to `CreateUnoService`."""

    interfaces = ("lang.XSingleServiceFactory", "lang.XServiceInfo", "lang.XTypeProvider")
    server: _Server

    def createInstance(self) -> _Server:
        return self.server

    def createInstanceWithArguments(self, _arguments: tuple[Value, ...]) -> _Server:
        return self.server

    def getImplementationName(self) -> str:
        return f"{_SERVICE}.implementation"

    def supportsService(self, name: str) -> bool:
        return name == _SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (_SERVICE,)


@dataclass
class _Server(_Component):
    """Looks to VBA like the object of the xlwings add-in, and like RunPython."""

    interfaces = ("script.XInvocation", "lang.XTypeProvider")
    call: Call
    run_python: Callable[[str], None]

    def getIntrospection(self) -> None:
        return None

    def hasMethod(self, name: str) -> bool:
        return name in {"CallUDF", "RunPython"}

    def hasProperty(self, _name: str) -> bool:
        return False

    def invoke(
        self, name: str, arguments: tuple[Value, ...], _places: Value, _out: Value
    ) -> tuple[Value, tuple[int, ...], tuple[Value, ...]]:
        if name == "RunPython":
            self.run_python(arguments[0])
            return None, (), ()
        module, function, passed = arguments[:3]
        return _for_vba(self.call(module, function, _from_vba(passed))), (), ()


def _from_vba(value: Value) -> Value:
    """An argument as COM would send it; a range gives its values."""
    if isinstance(value, tuple):
        return tuple(map(_from_vba, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hasattr(value, "Array"):
        return _from_vba(value.Array)
    if hasattr(value, "Value"):
        return _from_vba(value.Value)
    return value


def _for_vba(value: Value) -> Value:
    """A result as VBA takes it: rows as an array of two dimensions, dates as numbers.

    LibreOffice turns each VBA result that is neither number nor array into text.
    """
    if isinstance(value, list | tuple):
        cells = tuple(map(_for_vba, value))
        if cells and isinstance(value[0], list | tuple):
            return _struct("script.ArrayWrapper", IsZeroIndex=True, Array=cells)
        return cells
    if isinstance(value, dt.date):
        return _serial(value, _FIRST_DAY)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
