"""The command line: what it prints, its exit codes, and that wrong input harms nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from batch import cli
from tests.batch.simple_workbook import CLIENTS, PURCHASES, write
from tests.surroundings import ROOT

Run = Callable[..., "Finished"]


class Finished:
    """What a run printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line as its user would, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["clientbase", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Finished(int(ended.value.code or 0), printed.out, printed.err)

    return call


DAY = ("--today", "2026-11-21")


def test_recalc_prints_a_short_summary(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 0
    assert done.out.splitlines()[:6] == [
        "base.xlsx on 21.11.2026. Clients: 3",
        "  Group  VIP 0, Potential 2, Client 1, Waiting 0",
        "  ABC    A 2, B 0, C 1",
        "  XYZ    X 0, Y 0, Z 1, blank 2",
        "  Stage  Potential 0, New 1, Lost 2, Restored 0, Permanent 0",
        "  Contacts: 2 overdue, 1 due today.",
    ]
    assert "Cells changed: " in done.out
    assert "No problems found." in done.out


def test_json_holds_the_same(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    report = json.loads(run("recalc", "base.xlsx", "--json", *DAY).out)
    assert report["groups"] == {"VIP": 0, "Potential": 2, "Client": 1, "Waiting": 0}
    assert (report["overdue"], report["due_today"], report["problems_found"]) == (2, 1, 0)
    assert report["cells_changed"] == sum(report["cells_changed_by_column"].values())
    assert report["written"] is True


def test_more_than_ten_problems_are_listed_in_a_file_beside_the_workbook(
    run: Run, tmp_path: Path
) -> None:
    bad = [[f"2026-99-{number}", "001", 5] for number in range(12)]
    write(tmp_path / "base.xlsx", {"Purchases": [*PURCHASES, *bad]})
    done = run("recalc", "base.xlsx", *DAY)
    assert done.out.count("can't be read as a date") == 10
    assert "… and 2 more; all are listed in base-problems.txt" in done.out
    lines = (tmp_path / "base-problems.txt").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 12
    assert lines[0] == "clientbase: base.xlsx"
    assert lines[1].startswith("Purchases!A5: '2026-99-0' can't be read as a date.")
    write(tmp_path / "base.xlsx")
    run("recalc", "base.xlsx", *DAY)
    assert not (tmp_path / "base-problems.txt").exists()


def test_a_file_of_hers_that_is_named_like_a_list_of_problems_stays(
    run: Run, tmp_path: Path
) -> None:
    write(tmp_path / "base.xlsx")
    (tmp_path / "base-problems.txt").write_text("mine", encoding="utf-8")
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 0
    assert "The list of problems can't be written" in done.err
    assert (tmp_path / "base-problems.txt").read_text(encoding="utf-8") == "mine"


def test_check_ends_with_1_where_there_are_problems_and_writes_nothing(
    run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path / "base.xlsx", {"Clients": [*CLIENTS, ["001", "Anna again"]]})
    before = path.read_bytes()
    done = run("check", "base.xlsx", *DAY)
    assert done.code == 1
    assert "Clients!A5: The ID '001' stands already in row 2." in done.out
    assert path.read_bytes() == before
    assert run("check", str(write(tmp_path / "good.xlsx")), *DAY).code == 0


def test_check_ends_with_1_where_the_rules_have_problems(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    (tmp_path / "config.yaml").write_text("abc: {lin: inclusive}\n", encoding="utf-8")
    done = run("check", "base.xlsx", *DAY)
    assert done.code == 1
    assert "config.yaml has 1 problem:" in done.out
    assert "did you mean 'line'?" in done.out


def test_a_config_beside_the_workbook_is_found_by_itself(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "hers"
    folder.mkdir()
    write(folder / "base.xlsx")
    rules = "groups: [{name: Everybody}]\ncontacts: {rules: []}\n"
    (folder / "config.yaml").write_text(rules, encoding="utf-8")
    assert "Everybody 3" in run("recalc", "hers/base.xlsx", *DAY).out
    (tmp_path / "other.yaml").write_text(rules.replace("Everybody", "All"), encoding="utf-8")
    assert "All 3" in run("recalc", "hers/base.xlsx", "--config", "other.yaml", *DAY).out


def test_a_wrong_config_is_told_with_lines_before_anything_is_touched(
    run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    (tmp_path / "config.yaml").write_text("abc:\n  lin: inclusive\nyear: 3\n", encoding="utf-8")
    done = run("recalc", "base.xlsx", *DAY)
    assert (done.code, done.out) == (2, "")
    assert "line 2, column 3" in done.err
    assert "did you mean 'line'?" in done.err
    assert "line 3" in done.err
    assert path.read_bytes() == before


def xls(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))


def not_a_zip(path: Path) -> None:
    path.write_text("<html>no workbook</html>", encoding="utf-8")


def other_sheets(path: Path) -> None:
    write(path, {"Clients": [], "Purchases": [], "Contacts": []})


def no_heading(path: Path) -> None:
    write(path, {"Clients": [["Code", "Name"], ["1", "Anna"]]})


def double_heading(path: Path) -> None:
    write(path, {"Clients": [["ID", "Name", "NAME"], ["1", "Anna", "Olga"]]})


def empty_tables(path: Path) -> None:
    write(path, {"Clients": CLIENTS[:1], "Purchases": PURCHASES[:1]})


def no_purchases(path: Path) -> None:
    write(path, {"Purchases": []})


def a_word_document(path: Path) -> None:
    write(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    types = parts["[Content_Types].xml"].replace(
        b"spreadsheetml.sheet", b"wordprocessingml.document"
    )
    parts["[Content_Types].xml"] = types
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


def too_many_clients(path: Path) -> None:
    write(path, {"Clients": [*CLIENTS[:1], *([str(number), "x"] for number in range(11))]})
    path.with_name("config.yaml").write_text("limits: {clients: 10}", encoding="utf-8")


BAD: list[tuple[Callable[[Path], None], list[str]]] = [
    (lambda _path: None, ["was not found"]),
    (not_a_zip, ["is not an Excel workbook", "save it as"]),
    (xls, [".xls"]),
    (a_word_document, ["is not an Excel workbook"]),
    (other_sheets, ["has no sheet 'Clients'", "found: Other"]),
    (no_purchases, ["has no sheet 'Purchases'", "found: Clients, Contacts"]),
    (no_heading, ["has no column 'ID'", "headings found: Code, Name"]),
    (double_heading, ["two headings for one column: 'Name' and 'NAME'"]),
    (empty_tables, ["has no clients yet"]),
    (too_many_clients, ["11 rows with clients", "at most 10"]),
]


@pytest.mark.parametrize(("make", "words"), BAD, ids=[words[0] for _, words in BAD])
def test_bad_input_gets_a_clear_sentence_exit_2_and_an_untouched_file(
    run: Run, tmp_path: Path, make: Callable[[Path], None], words: list[str]
) -> None:
    path = tmp_path / "base.xlsx"
    make(path)
    before = path.read_bytes() if path.exists() else None
    files = sorted(tmp_path.iterdir())
    done = run("recalc", "base.xlsx", *DAY)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err
    assert (path.read_bytes() if path.exists() else None) == before
    assert sorted(tmp_path.iterdir()) == files


def test_a_workbook_that_is_open_elsewhere_ends_with_3_and_says_who_has_it(
    run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    owner = b"Maria"
    (tmp_path / "~$base.xlsx").write_bytes(bytes([len(owner)]) + owner.ljust(54) + bytes(110))
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 3
    assert "Maria" in done.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("day", ["2026-02-30", "21.11.2026", "tomorrow", "0001-01-01"])
def test_a_wrong_day_is_refused(run: Run, tmp_path: Path, day: str) -> None:
    write(tmp_path / "base.xlsx")
    done = run("recalc", "base.xlsx", "--today", day)
    assert done.code == 2
    assert "year-month-day" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("recalc",), ("recalc", "a", "b"), ("fill", "a"), ("new", "a.xlsx", "--cleints", "b")],
)
def test_wrong_arguments_end_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2


def test_new_makes_a_base_that_recalc_fills(run: Run, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "Date;Client ID;Amount\n05.11.2026;007;90\n", encoding="utf-8"
    )
    made = run("new", "base.xlsx", "--purchases", "log.csv")
    assert made.code == 0
    assert "1 clients, 1 purchase lines, 0 contacts" in made.out
    assert run("recalc", "base.xlsx", *DAY).code == 0
    assert openpyxl.load_workbook(tmp_path / "base.xlsx")["Clients"]["A2"].value == "007"


def test_a_mistake_of_the_program_ends_in_a_sentence_and_a_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(tmp_path / "base.xlsx")
    monkeypatch.setattr("batch.configuration.read", lambda _path: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 70
    assert "The program made a mistake; your file is as it was." in done.err
    (log,) = tmp_path.glob("clientbase-*.log")
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_python_m_batch_is_the_same_command(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "batch", "recalc", str(tmp_path / "none.xlsx")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert finished.returncode == 2
    assert "was not found" in finished.stderr


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, batch.cli; print({'pandas', 'lxml', 'pydantic', 'xlsxwriter'} & set(sys.modules))"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert finished.stdout.strip() == "set()"


@pytest.mark.skipif(shutil.which("script") is None, reason="needs the program 'script'")
def test_progress_is_shown_on_a_terminal_only_after_a_second(tmp_path: Path) -> None:
    """A quick run in a terminal prints no bar; one that is made to wait does."""
    path = write(tmp_path / "base.xlsx")
    command = f'{sys.executable} -c "from batch import cli; cli.PROGRESS_AFTER_SECONDS={{}}; cli.main()" recalc {path}'
    shown = {}
    for seconds in (0.0, 60.0):
        finished = subprocess.run(
            ["script", "-qec", command.format(seconds), "/dev/null"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        )
        shown[seconds] = "━" in finished.stdout
    assert shown == {0.0: True, 60.0: False}
