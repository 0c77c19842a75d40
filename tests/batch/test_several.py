"""`clientbase FILE …` without a command: one workbook, several, or the bases in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.batch.simple_workbook import write
from tests.command_line import Run

DAY = ("--today", "2026-11-21")


def test_a_file_alone_is_recalculated(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    done = run("base.xlsx", *DAY)
    assert done.code == 0
    assert done.out.startswith("base.xlsx on 11/21/2026. Clients: 3\n")
    assert "Saved: base.xlsx" in done.out
    assert run("recalc", "base.xlsx", *DAY).out.startswith("base.xlsx on 11/21/2026. Clients: 3\n")


def test_several_files_are_recalculated_and_one_that_fails_stops_none(
    run: Run, tmp_path: Path
) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write(tmp_path / name)
    done = run("one.xlsx", "gone.xlsx", "two.xlsx", *DAY)
    assert done.code == 2
    assert "Saved: one.xlsx" in done.out
    assert "Saved: two.xlsx" in done.out
    assert done.err.startswith("gone.xlsx: 'gone.xlsx' was not found")


def test_a_folder_gives_its_bases_by_the_rules_of_the_night(run: Run, tmp_path: Path) -> None:
    bases = tmp_path / "Bases"
    (bases / "older").mkdir(parents=True)
    for name in ("base.xlsx", "base (1).xlsx", "older/old.xlsx"):
        write(bases / name)
    openpyxl.Workbook().save(bases / "prices.xlsx")
    done = run("Bases", *DAY)
    assert done.code == 0
    assert done.out.count("Saved: ") == 1
    assert "Left alone as copies of the workbook beside them: base (1).xlsx." in done.err
    assert "Other workbooks in the folder, left alone: prices.xlsx" in done.err
    assert not list(bases.glob("*nightly*"))
    assert run("Bases", "--recursive", *DAY).out.count(". Clients: 3\n") == 2


def test_a_folder_without_a_base_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Empty").mkdir()
    done = run("Empty", *DAY)
    assert (done.code, done.out) == (2, "")
    assert "There is no client base in the folder 'Empty'." in done.err


def test_json_of_several_lists_them(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "one.xlsx")
    report = json.loads(run("one.xlsx", "gone.xlsx", "--json", *DAY).out)
    good, bad = report["workbooks"]
    assert (good["file"], good["error"], good["run"]["clients"]) == ("one.xlsx", None, 3)
    assert (bad["file"], bad["run"]) == ("gone.xlsx", None)
    assert "was not found" in bad["error"]


def test_one_copy_cant_be_written_of_several(run: Run, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write(tmp_path / name)
    done = run("one.xlsx", "two.xlsx", "--output", "out.xlsx", *DAY)
    assert (done.code, done.out) == (2, "")
    assert done.err == "--output is for one workbook; leave it out for several, or for a folder.\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("chek", "No such command 'chek'. Did you mean 'check'?"),
        ("MyBase", "There is no command 'MyBase', and no workbook or folder of that name in"),
        ("MyBase.xlsx", "'MyBase.xlsx' was not found"),
        ("Bases/MyBase", "'MyBase' was not found"),
    ],
)
def test_what_was_mistyped_is_told(run: Run, typed: str, told: str) -> None:
    done = run(typed)
    assert done.code == 2
    assert told in done.err


def test_a_command_is_a_command_though_a_folder_is_called_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "check").mkdir()
    assert "Missing argument" in run("check").err
