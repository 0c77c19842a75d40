"""Builds what is shipped: `python -m workbook.build` writes the wrappers of the functions in cells,
`ClientBase.xlsm` and, from the Russian rules, `ClientBase.ru.xlsm`.

The same text gives the same bytes, so that a test can tell whether the files are current.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

from batch.configuration import read, shipped_path
from batch.writer.base import write_base
from udfs.functions import REGISTERED, Argument, WorksheetFunction

_HERE = Path(__file__).parent
WORKBOOKS = MappingProxyType(
    {"en": _HERE / "ClientBase.xlsm", "ru": _HERE / "ClientBase.ru.xlsm"},
)
"""The shipped workbooks by the language of their rules."""
FUNCTIONS = _HERE / "vba" / "Functions.bas"
"""The wrappers of the worksheet functions."""
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 — any fixed moment


def build(path: Path, language: str = "en") -> None:
    """Write the empty base of the shipped rules in *language* (en or ru) to *path* (.xlsm)."""
    config = read(shipped_path(language)).config
    write_base(path, config, {}, created=_CREATED)


_HEAD = """Attribute VB_Name = "Functions"
Option Explicit

' Written by python -m workbook.build from udfs/functions.py; changes here are lost.
"""


def module_text() -> str:
    """The module Functions: a wrapper for each function, and what gives Excel their help."""
    return "\n".join([_HEAD, *map(_wrapper, REGISTERED.values()), _help(REGISTERED.values())])


def _wrapper(function: WorksheetFunction) -> str:
    typed = [one for one in function.arguments if one.vba is None]
    signature = ", ".join(map(_parameter, typed))
    values = ", ".join(map(_value, function.arguments))
    return f"""Public Function {function.name}({signature}) As Variant
    {function.name} = Ask("{function.name}", Array({values}))
End Function
"""


def _parameter(argument: Argument) -> str:
    optional = "Optional " if argument.optional else ""
    return f"{optional}ByVal {argument.name} As Variant"


def _value(argument: Argument) -> str:
    return argument.vba or f"Given({argument.name})"


def _help(functions: Iterable[WorksheetFunction]) -> str:
    return "\n".join(
        [
            "' The help of the functions, in the language of the workbook.",
            "Public Sub DescribeFunctions()",
            "    Dim wasSaved As Boolean",
            "    wasSaved = ThisWorkbook.Saved",
            "    On Error Resume Next",
            *(line for function in functions for line in _described(function)),
            "    ThisWorkbook.Saved = wasSaved",
            "End Sub",
            "",
        ]
    )


def _described(function: WorksheetFunction) -> Iterator[str]:
    helps = [f'Said("vba_argument_{one.name}")' for one in function.arguments if one.vba is None]
    yield f"""    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!{function.name}", _
        Description:=Said("vba_{function.name.lower()}"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array({", ".join(helps)})"""


if __name__ == "__main__":
    FUNCTIONS.write_text(module_text(), encoding="ascii", newline="\n")
    for language, path in WORKBOOKS.items():
        build(path, language)
