"""The command line: what it prints, its exit codes, and that wrong input harms nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import openpyxl
import pytest

from batch.history import receipts
from batch.saving.replacement import save
from batch.xlsx.workbook import Workbook
from tests.batch.simple_workbook import CLIENTS, PURCHASES, write
from tests.command_line import Run
from tests.surroundings import ROOT

DAY = ("--today", "2026-11-21")


def test_recalc_prints_a_short_summary(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 0
    assert done.out.splitlines()[:6] == [
        "base.xlsx on 11/21/2026. Clients: 3",
        "  Group  VIP 0, Potential 0, Client 1, Waiting 2",
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
    assert report["groups"] == {"VIP": 0, "Potential": 0, "Client": 1, "Waiting": 2}
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


def test_json_lists_all_problems_at_once_and_when_there_is_nothing_to_do(
    run: Run, tmp_path: Path
) -> None:
    bad = [[f"2026-99-{number:02}", "001", 5] for number in range(12)]
    write(tmp_path / "base.xlsx", {"Purchases": [*PURCHASES, *bad]})
    first = json.loads(run("recalc", "base.xlsx", "--json", *DAY).out)
    again = json.loads(run("recalc", "base.xlsx", "--json", *DAY).out)
    assert first["problems_found"] == 12
    assert [one["cell"] for one in first["problems"]] == [f"A{5 + at}" for at in range(12)]
    assert again["problems"] == first["problems"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_counts_of_clients_agree(run: Run, tmp_path: Path, language: str) -> None:
    listed = "ID;Name;Phone\n1;Anna;8 903 123-45-67\n2;Olga;\n 1 ;Anna again;\n;Nobody;\n3;;\n"
    (tmp_path / "clients.csv").write_text(listed, encoding="utf-8")
    started = ("--language", language)
    headings = {"en": (), "ru": ("--map", "ID=ID", "--map", "Имя=Name", "--map", "Телефон=Phone")}
    made = run(*started, "new", "base.xlsx", "--clients", "clients.csv", *headings[language])
    assert re.search(r"base.xlsx: (\d)", made.out)[1] == "4"  # type: ignore[index]
    assert "(4 Nobody)" in made.out
    report = json.loads(run(*started, "recalc", "base.xlsx", "--json", *DAY).out)
    assert report["clients"] == 4
    assert sum(report["stages"].values()) == 4
    start = openpyxl.load_workbook(tmp_path / "base.xlsx", data_only=True).worksheets[0]
    assert start["B8"].value == 4
    exported = run(*started, "export", "base.xlsx", "--to", "phone", "--json", *DAY)
    cards = next(iter(json.loads(exported.out)["files"].values()))
    assert cards["clients"] + cards["without_phone_and_email"] == 4
    rehearsed = run(*started, "rehearse", "base.xlsx", "--json", *DAY)
    assert json.loads(rehearsed.out)["clients"] == 4
    checked = run(*started, "check", "base.xlsx", *DAY)
    assert checked.out.splitlines()[0] == {"en": "Clients: 4", "ru": "Клиентов: 4"}[language]


CAPACITY = "contacts: {capacity_per_day: 1}\nyear: {basis: seminar}\n"


@pytest.mark.parametrize("day", ["1900-01-01", "1904-02-29", "9999-11-30", "9999-12-31"])
def test_today_is_any_day_of_the_calendar(run: Run, tmp_path: Path, day: str) -> None:
    assert run("example", "base.xlsx", "--today", "2026-11-21").code == 0
    (tmp_path / "config.yaml").write_text(CAPACITY, encoding="utf-8")
    at = ("base.xlsx", "--today", day)
    for command in ("recalc", "check", "export", "nightly"):
        options = ("--to", "phone") if command == "export" else ()
        done = run(command, *at, *options)
        assert done.code in ({0, 1} if command == "check" else {0}), done.err
    assert run("why", *at, "101").code == 0
    assert run("rehearse", *at, "--config", "config.yaml").code == 0


@pytest.mark.parametrize("day", ["1899-12-31", "0001-01-01", "10000-01-01", "2026-02-29"])
def test_today_is_no_day_that_excel_has_not(run: Run, tmp_path: Path, day: str) -> None:
    write(tmp_path / "base.xlsx")
    done = run("recalc", "base.xlsx", "--today", day)
    assert (done.code, done.out) == (2, "")
    assert f"--today '{day}' is no day" in done.err


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
    rules = "groups: [{off: yes}, {name: Everybody}]\ncontacts: {rules: []}\n"
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
    assert "1 client, 1 purchase line, 0 contacts" in made.out
    assert run("recalc", "base.xlsx", *DAY).code == 0
    assert openpyxl.load_workbook(tmp_path / "base.xlsx")["Clients"]["A2"].value == "007"


def test_a_mistake_of_the_program_ends_in_a_sentence_and_a_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(tmp_path / "base.xlsx")
    monkeypatch.setattr("batch.configuration.read", lambda *_: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 70
    assert "The program made a mistake. The file is whole" in done.err
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
    command = f'{sys.executable} -c "from batch import cli; from batch.commands import terminal; terminal.PROGRESS_AFTER_SECONDS={{}}; cli.main()" recalc {path}'
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


def test_a_cell_cant_give_orders_to_the_terminal(run: Run, tmp_path: Path) -> None:
    purchases = [*PURCHASES, ["2026-01-01", "\t\u202e\u009b31m", 5]]
    write(tmp_path / "base.xlsx", {"Purchases": purchases})
    done = run("recalc", "base.xlsx", *DAY)
    assert "31m" in done.out
    assert all(sign.isprintable() or sign == "\n" for sign in done.out)


# Proof, history and the way back -------------------------------------------------------------


def test_verify_says_what_it_proved(run: Run, tmp_path: Path) -> None:
    run("example", "base.xlsx", *DAY)
    with zipfile.ZipFile(tmp_path / "base.xlsx") as package:
        parts = len(package.namelist())
    done = run("recalc", "base.xlsx", "--verify", "--output", "copy.xlsx", *DAY)
    differing = json.loads(run("diff", "base.xlsx", "copy.xlsx", "--json").out)
    cells = [(one["sheet"], re.sub(r"\d", "", one["cell"])) for one in differing["cells"]]
    assert (
        f"  Verified: {len(set(cells))} columns, {len(cells)} cells changed on 8 sheets; "
        f"{parts - 8} other parts identical."
    ) in done.out.splitlines()
    told = json.loads(run("recalc", "base.xlsx", "--verify", "--json", *DAY).out)
    assert told["proven"]["cells"] == len(cells) > told["cells_changed"]
    typed = ["Clients", "Purchases", "Contacts"]
    sheets = [*typed, "Start", "Charts", "Today", "Birthdays", "Gifts"]
    assert told["proven"]["sheets"] == sheets


def test_verify_saves_nothing_where_the_proof_fails(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from batch.recalculation import file  # noqa: PLC0415 — patched where it is used
    from batch.saving.proof import prove  # noqa: PLC0415

    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    monkeypatch.setattr(file, "prove", lambda path, old, new, *_: prove(path, old, new, {}))
    done = run("recalc", "base.xlsx", "--verify", *DAY)
    assert done.code == 2
    assert "was not changed: reading the new file back showed that" in done.err
    assert path.read_bytes() == before
    assert not (tmp_path / ".clientbase").exists()


def test_undo_goes_back_run_by_run_and_log_lists_them(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    assert run("log", "base.xlsx").out.startswith("base.xlsx: no run is known that changed it. If")
    run("recalc", "base.xlsx", *DAY)
    first = path.read_bytes()
    run("recalc", "base.xlsx", "--today", "2027-11-21")
    done = run("undo", "base.xlsx")
    assert done.code == 0
    assert done.out.startswith("'base.xlsx' is again as it was before run 2 of ")
    assert "The version before: .clientbase" in done.out
    assert path.read_bytes() == first
    run("undo", "base.xlsx")
    assert path.read_bytes() == before
    again = run("undo", "base.xlsx")
    assert (again.code, again.out) == (2, "")
    assert "all its runs are undone already" in again.err
    title, *listed = run("log", "base.xlsx").out.splitlines()
    assert title == "base.xlsx: runs that changed it, the newest first: 4"
    runs = [line for line in listed if line.startswith("  ") and line[2] != " "]
    assert [line.split()[0] for line in runs] == ["4", "3", "2", "1"]
    assert runs[0].endswith("run 1 undone")
    assert " for 11/21/2026: " in runs[3]
    assert "rules: as shipped " in runs[3]
    assert listed[-2].strip().startswith("Group 4, ABC 4, XYZ")
    assert listed[-1].strip().startswith("The version before: base 20")


def test_the_receipts_of_a_base_stop_growing_and_log_tells_so(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    (tmp_path / "config.yaml").write_text("based_on: en\nbackups: {receipts_mb: 1}\n", "utf-8")
    run("recalc", "base.xlsx", *DAY)
    [first] = receipts.receipts(path)
    for number in range(2, 5):
        longer = first._replace(run=number, program="p" * (400 << 10))
        receipts.append(path, longer, path.stat())
    run("recalc", "base.xlsx", "--today", "2027-11-21")
    assert receipts.size(path) <= 1 << 20
    assert [one.run for one in receipts.receipts(path)] == [4, 5]
    assert "Older runs are forgotten: at most 1 MB of receipts" in run("log", "base.xlsx").out
    assert run("undo", "base.xlsx").code == 0


def test_undo_and_log_speak_the_language_of_the_rules(run: Run) -> None:
    run("example", "base.xlsx", "--config", str(ROOT / "config.ru.yaml"), *DAY)
    run("recalc", "base.xlsx", *DAY)
    assert "расчёты, которые его изменили" in run("log", "base.xlsx").out
    assert "снова такой, каким был до расчёта" in run("undo", "base.xlsx").out
    assert "все расчёты уже отменены" in run("undo", "base.xlsx").err


def test_wait_tries_again_until_the_file_is_free(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    lock = tmp_path / "~$base.xlsx"
    lock.write_bytes(b"\x04Anna")
    freeing = Timer(0.8, lock.unlink)
    freeing.start()
    done = run("recalc", "base.xlsx", "--wait", "60", *DAY)
    freeing.join()
    assert done.code == 0
    assert "Saved: base.xlsx" in done.out
    assert "open in Excel by Anna" in done.err
    assert "Waiting for up to 60 seconds …" in done.err


def test_wait_gives_up_when_the_time_is_over(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    (tmp_path / "~$base.xlsx").write_bytes(b"\x04Anna")
    for command in ("recalc", "undo"):
        done = run(command, "base.xlsx", "--wait", "0.1")
        assert done.code == 3
        assert done.err.count("open in Excel by Anna") == 2
        assert done.err.startswith("'base.xlsx' is open in Excel by Anna. Waiting for up to 0.1")
    assert path.read_bytes() == before


def test_diff_shows_which_cells_differ_from_what_to_what(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    run("recalc", "base.xlsx", "--output", "copy.xlsx", *DAY)
    done = run("diff", "base.xlsx", "copy.xlsx")
    assert done.code == 0
    assert "Clients!E2 (Group): blank → Client" in done.out.splitlines()
    assert done.out.splitlines()[-1].startswith("Cells changed: ")
    everything = json.loads(run("diff", "base.xlsx", "copy.xlsx", "--json").out)
    assert everything["cells_changed"] == len(everything["cells"]) > 20
    assert run("diff", "copy.xlsx", "copy.xlsx").out == "No cell differs.\n"


def test_diff_shows_the_first_cells_unless_all_are_asked_for(run: Run) -> None:
    run("example", "base.xlsx", *DAY)
    run("recalc", "base.xlsx", "--output", "copy.xlsx", *DAY)
    few = run("diff", "base.xlsx", "copy.xlsx").out.splitlines()
    everything = run("diff", "base.xlsx", "copy.xlsx", "--all").out.splitlines()
    assert sum(" → " in line for line in few) == 50
    more = sum(" → " in line for line in everything) - 50
    assert f"… and {more} more" in few


def test_diff_of_no_workbook_is_refused(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    (tmp_path / "text.xlsx").write_text("ID;Name")
    done = run("diff", "base.xlsx", "text.xlsx")
    assert (done.code, done.out) == (2, "")
    assert "'text.xlsx' is not an Excel workbook" in done.err


def test_a_run_that_renews_only_the_figures_says_so(run: Run, tmp_path: Path) -> None:
    run("example", "base.xlsx", *DAY)
    run("recalc", "base.xlsx", *DAY)
    workbook = Workbook.open(tmp_path / "base.xlsx")
    start = workbook.sheet("Start")
    stale = re.sub(rb"</f><v>\d+</v>", b"</f><v>99</v>", workbook.data(start))
    save(workbook.package, {start.part: stale})
    done = run("recalc", "base.xlsx", *DAY)
    assert "Nothing to change but the figures on the first sheet" in done.out
    assert "Saved: base.xlsx" in done.out


@pytest.mark.parametrize("command", ["recalc", "undo", "log", "check"])
@pytest.mark.parametrize("name", [".", "..", "/", "loop.xlsx", "nowhere.xlsx", "folder/none.xlsx"])
def test_what_is_no_file_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, command: str, name: str
) -> None:
    (tmp_path / "loop.xlsx").symlink_to(tmp_path / "loop.xlsx")
    done = run(command, name)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip().endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["loop.xlsx"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows such names")
def test_a_name_that_is_no_utf8_does_no_harm(run: Run, tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xff.xlsx")
    write(tmp_path / "base.xlsx").rename(tmp_path / name)
    done = run("recalc", name, *DAY)
    assert done.code in (0, 2)
    assert run("recalc", name, *DAY).code == done.code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_log_that_nobody_can_write_is_no_failed_run(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    command = [sys.executable, "-c", "from batch.cli import main; main()", "recalc", str(path)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=full, check=False)
    assert done.returncode == 0
    assert path.read_bytes() != before


def test_clientbase_being_a_file_is_told_with_what_to_do(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    (tmp_path / ".clientbase").write_text("hers")
    done = run("recalc", "base.xlsx", *DAY)
    assert done.code == 2
    assert "a file '.clientbase' lies where a folder of that name is needed; rename it" in done.err
    assert path.read_bytes() == before
    assert run("log", "base.xlsx").code == 0


def test_a_language_that_is_asked_for_is_spoken_and_changes_no_cell(run: Run) -> None:
    assert run("example", "base.xlsx", "--language", "ru", *DAY).code == 0
    done = run("recalc", "base.xlsx", "--language", "en", *DAY)
    assert "Cells changed: " in done.out
    assert str(openpyxl.load_workbook("base.xlsx")["Сегодня"]["A2"].value).startswith("Просрочено")
    assert (
        "Nothing to change" in run("recalc", "base.xlsx", "--dry-run", "--language", "en", *DAY).out
    )
