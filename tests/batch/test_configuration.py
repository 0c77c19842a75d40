"""Which rules count for a workbook, and what they are based on."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.making.example import make_example
from tests.bases import config
from tests.batch.simple_workbook import TODAY
from tests.command_line import Run

MORE = "holidays: [{name: %s, day: 02-23}]\n"


@pytest.mark.parametrize(("language", "kept"), [("en", "New Year, 8 March"), ("ru", "Новый год, 8 Марта")])  # fmt: skip
@pytest.mark.parametrize("asked", [False, True])
def test_a_file_that_forgets_based_on_is_in_the_language_of_the_sheets(
    run: Run, tmp_path: Path, language: str, kept: str, *, asked: bool
) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(f"based_on: {language}"), TODAY)
    rules = tmp_path / ("mine.yaml" if asked else "config.yaml")
    rules.write_text(MORE % "X", encoding="utf-8")
    for command in ("recalc", "check"):
        done = run(command, str(path), *(["--config", str(rules)] if asked else []))
        assert f": {kept}. " in done.out
    assert run("rehearse", str(path), "--config", str(rules)).code == 0


def test_what_the_file_says_counts_more_than_the_sheets(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config("based_on: ru"), TODAY)
    (tmp_path / "config.yaml").write_text("based_on: en\n", encoding="utf-8")
    done = run("recalc", str(path))
    assert done.code == 2
    assert "Clients" in done.err


def test_a_failed_example_is_shown_with_its_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    text = "examples: [{name: Never bought, expect: {group: VIP}}]\n"
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert "Example 1 (Never bought): Group should be VIP, but is Potential" in done.out
