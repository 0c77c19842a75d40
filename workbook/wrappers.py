"""The VBA wrappers of the worksheet functions, written from the functions themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from udfs.functions import REGISTERED, Argument, WorksheetFunction

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
