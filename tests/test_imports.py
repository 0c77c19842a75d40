"""Imports run inward: udfs → rules ← batch; rules sees no files, no clock, no Excel."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PURE = {
    "__future__", "collections", "dataclasses", "datetime", "decimal", "difflib", "fractions",
    "enum", "functools", "itertools", "json", "math", "re", "string", "types", "typing", "unicodedata",
    "numpy", "pandas", "rules", "words",
}  # fmt: skip
CONFIGURATION = "config"
ROOMS = ROOT / "rules" / "rooms"
OF_THE_SCHEMA = {"ast", "contextlib", "inspect", "textwrap"}
"""What the schema is made with: it reads the code itself, and no run loads it."""
CLOCKS = {"now", "today", "utcnow"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module).split(".")[0]


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("**/*.py")), ids=lambda p: p.name)
def test_rules_import_only_pandas_numpy_and_harmless_modules(path: Path) -> None:
    allowed = PURE | (
        {"yaml", "pydantic", "pydantic_core"} if path.parent.name == CONFIGURATION else set()
    )
    if ROOMS in path.parents:  # a room's settings are part of the configuration
        allowed |= {"pydantic", "pydantic_core"}
    if path.stem == "schema":
        allowed |= OF_THE_SCHEMA
    assert set(imported(path)) <= allowed


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("**/*.py")), ids=lambda p: p.name)
def test_rules_never_open_a_file_or_look_at_the_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "input", "print", "eval", "exec"} or (
                path.stem == "schema" and node.func.id == "print"
            )
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [("batch", {"udfs", "workbook", "tests"}), ("udfs", {"workbook", "tests"})],
)
def test_doors_import_inwards(package: str, forbidden: set[str]) -> None:
    for path in (ROOT / package).glob("**/*.py"):
        assert not set(imported(path)) & forbidden, path


def test_the_functions_share_only_the_adapter_and_the_log_with_the_batch() -> None:
    shared = {"batch.live.opened", "batch.live.workbook", "batch.installation.log"}
    for path in (ROOT / "udfs").glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("batch"):
                names = {f"{node.module}.{alias.name}" for alias in node.names}
                assert node.module in shared or names <= shared, path
            elif isinstance(node, ast.Import):
                assert not any(alias.name.startswith("batch") for alias in node.names), path


def test_a_worksheet_function_does_without_what_reads_and_writes_files() -> None:
    program = "import sys, udfs.functions; print(*(one for one in sys.modules if one.startswith('batch.xlsx')))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


def test_nothing_outside_knows_the_types_of_the_room_that_reads_and_writes_files() -> None:
    for path in (ROOT / "batch").glob("**/*.py"):
        if path.is_relative_to(ROOT / "batch" / "xlsx"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("batch.xlsx"):
                assert all(alias.name.islower() for alias in node.names), path
            elif isinstance(node, ast.Import):
                assert not any(alias.name.startswith("batch.xlsx") for alias in node.names), path


def test_few_modules_stand_outside_of_all_rooms() -> None:
    loose = {path.name for path in (ROOT / "batch").glob("*.py")} - {"__init__.py"}
    assert len(loose) <= 8, sorted(loose)


@pytest.mark.parametrize(
    "module", ["rules.mentions", "rules.model.declarations", "rules.config.loading", "rules.house"]
)
def test_each_can_be_imported_before_the_others(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT, check=True)
