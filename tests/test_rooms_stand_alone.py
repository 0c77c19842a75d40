"""No module outside of its own room names a room: readers, writers and doors walk the declarations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bases import HOUSE

ROOT = Path(__file__).parents[1]
PACKAGES = ("rules", "batch", "udfs", "workbook")
MAY_IMPORT = {
    "rules/house.py": "it lists the rooms",
    "rules/conditions.py": "conditions compare the facts",
    "rules/why/client.py": "evidence is made of the facts",
    "rules/examples.py": "examples give the facts of a client",
}
"""Modules that ask a room by its name, and why."""
BASE = {"clients", "purchases", "contacts"}
"""What every base is made of, whatever rooms there are: `clientbase new` takes lists of them."""
OTHERS = {"folder", "gift", "today", "facts", "birthdays", "classes"}
"""Keys that are words of other things as well: a folder of files, a kind of contact, the day, the
facts of an example, how many birthdays went into a calendar, the classes at which clients were.
"""


def modules() -> Iterator[Path]:
    """The modules outside of the rooms."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).glob("**/*.py")):
            if (ROOT / "rules" / "rooms") not in path.parents:
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_no_module_imports_a_room_that_is_not_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("rules.rooms")
    ]
    assert not found or name(path) in MAY_IMPORT, found


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_no_module_names_a_room_or_what_it_declares(path: Path) -> None:
    """A room, a grey column, a table or a sheet."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    keys = {*HOUSE.columns, *HOUSE.tables, *HOUSE.sheets, *(room.key for room in HOUSE)}
    keys -= BASE | OTHERS
    found = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in keys
    }
    assert not found


@pytest.mark.parametrize("one", MAY_IMPORT)
def test_the_exceptions_are_still_needed(one: str) -> None:
    assert "from rules.rooms" in (ROOT / one).read_text(encoding="utf-8")
