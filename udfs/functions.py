"""The worksheet functions: each shapes its input, asks once, and shapes the answer.

Those of the rooms are made of what the rooms declare. Excel shows the first line of a docstring as
help. xlwings reads its decorators only on Windows; the build, which writes the VBA wrappers, runs
anywhere and reads REGISTERED.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import xlwings as xw

from rules.answers import ANY_COLUMN, about_clients, about_figures, helps
from rules.house import ROOMS
from rules.model.declarations import Rooms
from udfs import snapshots

CATEGORY = "Client base"

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Argument:
    """An argument of a worksheet function.

    vba: for a hidden argument the VBA expression that gives it; None for one that she types.
    optional: whether she may leave it out.
    """

    name: str
    help: str = ""
    vba: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class WorksheetFunction:
    """A worksheet function: name and help as Excel shows them, arguments in their order."""

    name: str
    help: str
    arguments: tuple[Argument, ...]


REGISTERED: dict[str, WorksheetFunction] = {}
"""All worksheet functions by name, in the order in which they are defined."""


def worksheet_function(*arguments: Argument) -> Callable[[_Function], _Function]:
    """Make a function one that cells can call; its docstring is the help text.

    Arguments that she types arrive as blocks of values, hidden ones as they are.
    """

    def decorate(function: _Function) -> _Function:
        name, described = function.__name__, function.__doc__ or ""
        REGISTERED[name] = WorksheetFunction(name, described, arguments)
        for argument in arguments:
            shape = {"doc": argument.help, "ndim": 2} if argument.vba is None else {}
            function = xw.arg(argument.name, vba=argument.vba, **shape)(function)
        return xw.func(category=CATEGORY)(function)

    return decorate


_CLIENT = Argument(
    "client",
    "ID of the client, or a column of IDs; left out: the client of this row",
    optional=True,
)
_HERE = Argument("here", vba="Here(client)")
_BASE = Argument("base", vba="ThisWorkbook.FullName")
_WHOM = Argument("whom", "ID of the client, or a column of IDs")
_COLUMN = Argument("column", "heading of a grey column, such as Group")


def _of_client(name: str) -> Callable[..., Any]:
    def answer(client: Any = None, here: Any = None, base: Any = None) -> Any:
        return snapshots.answered(name, [client], base, here)

    return answer


def _of_figures(name: str, argument: str) -> Callable[..., Any]:
    def answer(figures: Any, base: Any = None) -> Any:
        return snapshots.answered(name, [figures], base)

    # xlwings takes the names of the arguments from here
    answer.__code__ = answer.__code__.replace(co_varnames=(argument, "base"))
    return answer


def define(rooms: Rooms) -> dict[str, Callable[..., Any]]:
    """The functions that *rooms* declare, by name."""
    said, found = helps(rooms), {}
    for name in about_clients(rooms):
        function = _named(_of_client(name), name, said[name])
        found[name] = worksheet_function(_CLIENT, _HERE, _BASE)(function)
    for name in about_figures(rooms):
        ((argument, text),) = rooms.functions[name].arguments.items()
        function = _named(_of_figures(name, argument), name, said[name])
        found[name] = worksheet_function(Argument(argument, text), _BASE)(function)
    return found


def _named(function: Callable[..., Any], name: str, text: str) -> Callable[..., Any]:
    function.__name__, function.__doc__ = name, text
    return function


globals().update(define(Rooms(ROOMS)))


@worksheet_function(_WHOM, _COLUMN, _BASE)
def CLIENT_VALUE(whom: Any, column: Any, base: Any = None) -> Any:
    """What stands in a grey column for a client: its heading is the second argument."""
    return snapshots.answered(ANY_COLUMN, [whom, column], base)


assert CLIENT_VALUE.__name__ == ANY_COLUMN  # noqa: S101 — the workbook calls it by this name


@xw.func
def renew(base: Any) -> Any:
    """Read the tables of the calling workbook anew; VBA calls this before it asks for cells."""
    return snapshots.read_anew(str(base))
