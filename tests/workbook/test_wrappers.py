"""The VBA wrappers are those of the functions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.engines.com_stubs import xlwings_on_windows
from udfs.functions import REGISTERED
from workbook.build import module_text

VBA = Path(__file__).parents[2] / "workbook" / "vba"
SIGNATURE = re.compile(r"Function (\w+)\(([^)]*)\)")


def signatures(vba: str) -> dict[str, list[tuple[str, bool]]]:
    """The functions of a module: arguments with whether they may be left out."""
    found = {}
    for name, arguments in SIGNATURE.findall(vba):
        words = [argument.replace("ByVal", "").split() for argument in arguments.split(",")]
        found[name] = [
            (next(word for word in one if word != "Optional"), "Optional" in one) for one in words
        ]
    return found


def test_the_module_in_the_folder_is_current() -> None:
    """If not: python -m workbook.build."""
    assert (VBA / "Functions.bas").read_text(encoding="ascii") == module_text()


def test_the_wrappers_have_the_signatures_that_xlwings_would_give_them() -> None:
    with xlwings_on_windows() as windows, windows.real_udf_module("udfs.functions") as module:
        theirs = signatures(windows.vba_wrapper(module))
    theirs = {name: arguments for name, arguments in theirs.items() if name != "renew"}
    ours = {name: found for name, found in signatures(module_text()).items() if name in REGISTERED}
    assert ours == theirs
    assert set(ours) == set(REGISTERED)


def test_a_wrapper_passes_values_and_where_it_stands() -> None:
    assert (
        'CLIENT_GROUP = Ask("CLIENT_GROUP", Array(Given(client), Here(client), ThisWorkbook.FullName))'
        in module_text()
    )
    assert 'ABC = Ask("ABC", Array(Given(amounts), ThisWorkbook.FullName))' in module_text()


@pytest.mark.parametrize("module", sorted(VBA.iterdir()), ids=lambda path: path.name)
def test_vba_is_plain_ascii_and_bound_late(module: Path) -> None:
    text = module.read_text(encoding="ascii")
    assert "Option Explicit" in text
    assert not re.search(r"\bAs (New )?xlwings|XLPy\.|\bRunPython \"|CreateObject", text)
