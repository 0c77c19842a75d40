"""The same run on the same file is recognised, and says what it would find."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from batch.history import lastrun
from batch.installation import program
from batch.saving import inuse
from tests.batch.simple_workbook import PURCHASES, write
from tests.command_line import Run

DAY = ("--today", "2026-11-21")


@pytest.fixture
def calculations(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are calculated."""
    from batch.recalculation import telling  # noqa: PLC0415 — patched where it is used
    from batch.recalculation.file import recalculate_file  # noqa: PLC0415

    calculated = []
    really = recalculate_file

    def counted(path: Path, *arguments: object, **options: object) -> object:
        calculated.append(path)
        return really(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(telling, "recalculate_file", counted)
    return calculated


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path / "base.xlsx")


def test_an_unchanged_file_isnt_calculated_again_and_says_the_same(
    run: Run, base: Path, calculations: list[Path]
) -> None:
    assert "Saved: base.xlsx" in run("recalc", "base.xlsx", *DAY).out
    before = base.read_bytes()
    recognised = run("recalc", "base.xlsx", *DAY)
    as_json = run("recalc", "base.xlsx", "--json", *DAY)
    assert len(calculations) == 1
    shutil.rmtree(base.parent / ".clientbase")
    calculated = run("recalc", "base.xlsx", *DAY)
    assert len(calculations) == 2
    assert recognised.out == calculated.out
    assert "Nothing to change: every cell is up to date." in recognised.out
    shutil.rmtree(base.parent / ".clientbase")
    assert json.loads(as_json.out) == json.loads(run("recalc", "base.xlsx", "--json", *DAY).out)
    assert base.read_bytes() == before


def test_a_run_that_changed_nothing_is_recognised_too(
    run: Run, base: Path, calculations: list[Path]
) -> None:
    run("recalc", "base.xlsx", *DAY)
    shutil.rmtree(base.parent / ".clientbase")
    for _ in range(3):
        run("recalc", "base.xlsx", *DAY)
    assert len(calculations) == 2


@pytest.mark.parametrize("what", ["day", "rules", "file", "program", "memory"])
def test_anything_else_is_calculated(
    run: Run,
    base: Path,
    calculations: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    run("recalc", "base.xlsx", *DAY)
    day = DAY
    if what == "day":
        day = ("--today", "2026-11-22")
    elif what == "rules":
        base.with_name("config.yaml").write_text("home_city: Moscow\n")
    elif what == "file":
        write(base, {"Purchases": PURCHASES[:2]})
    elif what == "program":
        monkeypatch.setattr(lastrun, "fingerprint", lambda: "another")
    else:
        (base.parent / ".clientbase" / "base.xlsx.last.json").write_text("[{")
    run("recalc", "base.xlsx", *day)
    assert len(calculations) == 2


@pytest.mark.parametrize("option", [("--dry-run",), ("--verify",), ("--output", "copy.xlsx")])
def test_what_is_asked_for_more_than_the_usual_is_calculated(
    run: Run, base: Path, calculations: list[Path], option: tuple[str, ...]
) -> None:
    assert base.exists()
    run("recalc", "base.xlsx", *DAY)
    run("recalc", "base.xlsx", *DAY, *option)
    assert len(calculations) == 2


def test_a_list_of_problems_that_was_deleted_is_made_again(run: Run, tmp_path: Path) -> None:
    bad = [[f"2026-99-{number}", "001", 5] for number in range(12)]
    write(tmp_path / "base.xlsx", {"Purchases": [*PURCHASES, *bad]})
    run("recalc", "base.xlsx", *DAY)
    listed = tmp_path / "base-problems.txt"
    listed.unlink()
    assert "all are listed in base-problems.txt" in run("recalc", "base.xlsx", *DAY).out
    assert listed.exists()


def test_an_open_workbook_isnt_recognised_but_told(run: Run, base: Path) -> None:
    run("recalc", "base.xlsx", *DAY)
    base.with_name("~$base.xlsx").write_bytes(b"\x04Anna")
    done = run("recalc", "base.xlsx", *DAY)
    assert (done.code, "open in Excel by Anna" in done.err) == (3, True)


def test_the_program_is_known_by_its_code_and_the_shipped_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("batch/a.py", "rules/b.py", "config.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(
        program, "__file__", str(tmp_path / "batch" / "installation" / "program.py")
    )
    known = set()
    for name in ("batch/a.py", "rules/b.py", "config.yaml"):
        (tmp_path / name).write_text("2")
        known.add(program.fingerprint.__wrapped__())
    assert len(known) == 3


def test_another_name_for_the_same_file_is_calculated_and_named_as_given(
    run: Run, base: Path, calculations: list[Path]
) -> None:
    run("recalc", "base.xlsx", *DAY)
    told = json.loads(run("recalc", str(base), "--json", *DAY).out)
    assert told["file"] == str(base)
    assert len(calculations) == 2


def test_a_locked_file_is_waited_for_without_calculating_it_again_and_again(
    run: Run, base: Path, calculations: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from batch.recalculation import file  # noqa: PLC0415 — patched where it is used

    read: list[Path] = []
    monkeypatch.setattr(file, "plan", lambda *_a, **_o: read.append(base))
    monkeypatch.setattr(inuse, "_is_locked", lambda _descriptor: True)
    monkeypatch.setattr(inuse, "_PAUSE", 0.01)
    done = run("recalc", "base.xlsx", "--wait", "0.2", *DAY)
    assert (done.code, read) == (3, [])
    assert len(calculations) > 3


@pytest.mark.parametrize(
    "memory",
    [
        "[" * 100_000,
        "[]",
        '{"run": 5, "said": {}}',
        '{"run": {}, "said": {"lines": 5, "facts": 5}}',
    ],
)
def test_a_memory_that_was_tampered_with_is_forgotten(
    run: Run, base: Path, calculations: list[Path], memory: str
) -> None:
    run("recalc", "base.xlsx", *DAY)
    (base.parent / ".clientbase" / "base.xlsx.last.json").write_text(memory)
    assert run("recalc", "base.xlsx", *DAY).code == 0
    assert len(calculations) == 2
