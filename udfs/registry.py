"""Which Python functions are worksheet functions, with their help: for xlwings and for the build.

xlwings reads its decorators only on Windows. The build, which writes the VBA wrappers, runs
anywhere and reads this list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import xlwings as xw

CATEGORY = "Client base"
MOST_HELP = 255
"""Excel shows no more signs of a help text."""

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
