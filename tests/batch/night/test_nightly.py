"""`clientbase nightly`: every workbook filled, one summary, and a code that tells."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from batch import configuration
from batch.commands import night as commands
from batch.installation import log
from batch.making.example import make_example
from batch.night import run as night
from batch.night import writing
from batch.recalculation import telling
from batch.saving.replacement import NotSaved
from tests.bases import config, on
from tests.batch.simple_workbook import write
from tests.command_line import Run

DAY = ("--today", "2026-11-21")
BEFORE = ("--today", "2026-07-21")


@pytest.fixture
def bases(tmp_path: Path) -> Path:
    for name in ("One.xlsx", "Two.xlsx"):
        make_example(tmp_path / name, config(), on("2026-11-21"))
    return tmp_path


def groups(path: Path) -> set[object]:
    sheet = openpyxl.load_workbook(path)["Clients"]
    headings = [cell.value for cell in sheet[1]]
    return {row[headings.index("Group")].value for row in sheet.iter_rows(min_row=2)}


def test_it_fills_all_workbooks_of_a_folder_and_writes_one_summary(run: Run, bases: Path) -> None:
    done = run("nightly", ".", *DAY)
    assert done.code == 0
    assert all("VIP" in groups(bases / name) for name in ("One.xlsx", "Two.xlsx"))
    lines = done.out.splitlines()
    assert lines[:3] == [
        "clientbase: Client base on 11/21/2026",
        "  24 overdue, 14 due today",
        "  Workbooks recalculated: 2",
    ]
    assert lines[-1] == "Summary: clientbase-nightly.html"
    text = (bases / "clientbase-nightly.txt").read_text(encoding="utf-8-sig")
    assert text == "\n".join(lines[:-1]) + "\n"


@pytest.mark.usefixtures("bases")
def test_the_contacts_stand_in_the_order_of_the_sheet_today(run: Run) -> None:
    out = run("nightly", "One.xlsx", *DAY).out
    told = [line.split("  ")[3].split(",")[0] for line in out.splitlines() if "  –  " in line]
    sheet = openpyxl.load_workbook("One.xlsx")["Today"]
    listed = [row[2] for row in sheet.iter_rows(5, 5 + 15, values_only=True)]
    assert len(told) == 15 + 1  # calls for a day, and an SMS
    assert told == listed
    assert "11/21/2026  Julia Rowland, +1 312-555-0117  –  SMS: birthday" in out


def test_a_client_without_a_name_is_not_listed(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx", {"Clients": [["ID", "Name"], ["K7", None], ["K8", "Anna"]]})
    out = run("nightly", "base.xlsx", *DAY).out
    assert "    11/21/2026  Anna  –  call: first contact\n" in out
    assert "K7" not in out


def test_only_so_many_contacts_are_listed_as_the_rules_say(run: Run, bases: Path) -> None:
    (bases / "config.yaml").write_text("nightly: {most_contacts: 5}", encoding="utf-8")
    out = run("nightly", "One.xlsx", *DAY).out
    assert out.count("  –  ") == 5
    assert "    … and 11 more in the workbook" in out


def test_nobody_is_due_on_a_quiet_day(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    (tmp_path / "config.yaml").write_text("contacts: {rules: []}", encoding="utf-8")
    out = run("nightly", "base.xlsx", *DAY).out
    assert "  0 overdue, 0 due today\n" in out
    assert "  Nobody is due today.\n" in out


@pytest.mark.usefixtures("bases")
def test_who_changed_stands_at_the_top_with_the_workbook_where_there_are_several(
    run: Run,
) -> None:
    run("nightly", ".", *BEFORE)
    head = run("nightly", ".", *DAY).out.partition("\n\n")[0]
    assert "  Who changed\n    One.xlsx: " in head
    assert "3 clients became Waiting" in head
    run("nightly", "One.xlsx", *BEFORE)
    alone = run("nightly", "One.xlsx", *DAY).out
    assert "One.xlsx: " not in alone.partition("\n\n")[0]
    assert alone.count("3 clients became Waiting") == 1


def test_a_workbook_that_fails_is_told_and_the_others_are_filled(run: Run, bases: Path) -> None:
    (bases / "Broken.xlsx").write_text("junk")
    done = run("nightly", "Broken.xlsx", "gone.xlsx", ".", *DAY)
    assert done.code == 1
    assert "VIP" in groups(bases / "Two.xlsx")
    head = done.out.partition("\n\n")[0]
    assert "  Workbooks that failed: 2" in head
    assert "    Broken.xlsx\n" in head
    assert "'gone.xlsx' was not found" in head


@pytest.mark.parametrize("arguments", [["gone.xlsx"], ["empty"]])
def test_where_nothing_could_be_filled_the_code_says_so(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "empty").mkdir()
    done = run("nightly", *arguments, *DAY)
    assert done.code == 2
    assert "  Workbooks that failed: 1" in done.out


def test_an_empty_folder_is_told_with_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("nightly", ".", *DAY)
    assert (
        "There is no client base in the folder '.'. Name the workbook itself, or add --recursive "
        "for the folders in it." in done.out
    )
    assert tmp_path.joinpath("clientbase-nightly.html").exists()


def test_files_in_use_have_a_code_of_their_own(run: Run, bases: Path) -> None:
    (bases / "~$One.xlsx").write_bytes(b"\x05Maria".ljust(165, b"\0"))
    done = run("nightly", "One.xlsx", "Two.xlsx", *DAY)
    assert done.code == 3
    assert "'One.xlsx' is open in Excel by Maria" in done.out
    assert "VIP" in groups(bases / "Two.xlsx")
    assert run("nightly", "One.xlsx", "gone.xlsx", *DAY).code == 2
    assert run("nightly", "One.xlsx", "gone.xlsx", "Two.xlsx", *DAY).code == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (lambda: NotSaved(Path("One.xlsx"), OSError(errno.ENOSPC, "full")), "can't be saved: the disk is full"),
        (lambda: OSError(errno.EIO, "Input/output error"), "The computer refused: Input/output error."),
        (MemoryError, "The computer has too little memory for this file"),
        (lambda: ZeroDivisionError("oops"), "The program made a mistake. The file is whole"),
        (RecursionError, "The program made a mistake."),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_with_one_the_next_has_its_turn(
    run: Run,
    bases: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[], Exception],
    words: str,
) -> None:
    fill = telling.recalculate_and_tell

    def failing(path: Path, *arguments: Any, **options: Any) -> object:  # noqa: ANN401 — passed on
        if path.name == "One.xlsx":
            raise error()  # made here, in the language of the test
        return fill(path, *arguments, **options)

    monkeypatch.setattr(telling, "recalculate_and_tell", failing)
    monkeypatch.setattr(log, "FILE", bases / "logs" / "clientbase.log")
    done = run("nightly", "One.xlsx", "Two.xlsx", *DAY)
    assert done.code == 1
    assert words in done.out
    assert "Traceback" not in done.out + done.err
    assert "VIP" in groups(bases / "Two.xlsx")
    if "made a mistake" in words:
        assert type(error()).__name__ in (bases / "logs" / "clientbase.log").read_text()


def test_each_workbook_has_the_rules_beside_it_and_broken_ones_fail_it_alone(
    run: Run, bases: Path
) -> None:
    (bases / "in").mkdir()
    make_example(bases / "in" / "База.xlsx", config("based_on: ru"), on("2026-11-21"))
    (bases / "config.yaml").write_text("abc: {bounds: 7}", encoding="utf-8")
    done = run("nightly", "in", "One.xlsx", *DAY)
    assert done.code == 1
    assert "config.yaml has 1 problem:" in done.out
    assert done.out.startswith("clientbase: База клиентов на 21.11.2026\n")
    assert "Потенциальный" in done.out


def test_rules_that_are_asked_for_count_for_all_and_must_be_right(run: Run, bases: Path) -> None:
    (bases / "bad.yaml").write_text("abc: 7", encoding="utf-8")
    done = run("nightly", ".", "--config", "bad.yaml", *DAY)
    assert done.code == 2
    assert "bad.yaml has 1 problem" in done.err
    assert not (bases / "clientbase-nightly.txt").exists()
    (bases / "fine.yaml").write_text("groups: [{off: yes}, {name: Everybody}]\ncontacts: {rules: []}\nexamples: []\ngifts: {list: []}", encoding="utf-8")  # fmt: skip
    configuration.read(bases / "fine.yaml")
    assert "Everybody 44" in run("nightly", ".", "--config", "fine.yaml", *DAY).out


@pytest.mark.usefixtures("bases")
def test_a_second_run_of_the_same_day_calculates_nothing_anew(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("nightly", "One.xlsx", *DAY)
    monkeypatch.setattr(telling, "recalculate_and_tell", None)
    done = run("nightly", "One.xlsx", *DAY)
    assert done.code == 0
    assert "12 overdue, 7 due today" in done.out
    assert "Susan Frost" in done.out


@pytest.mark.usefixtures("bases")
def test_verify_proves_every_workbook(run: Run) -> None:
    run("nightly", ".", *BEFORE)
    assert run("nightly", ".", "--verify", *DAY).out.count("Verified") == 2


def test_json_tells_all_of_it(run: Run, bases: Path) -> None:
    (bases / "budget.xlsx").write_text("junk")
    told = json.loads(run("nightly", ".", "gone.xlsx", "--json", *DAY).out)
    assert (told["filled"], told["failed"], told["overdue"], told["due_today"]) == (2, 1, 24, 14)
    one, _, gone = told["workbooks"]
    assert one["file"] == "One.xlsx"
    assert len(one["contacts"]) == 16
    assert one["contacts"][0]["due"] == "2026-11-15"
    assert one["run"]["clients"] == 44
    assert not gone["filled"]
    assert "was not found" in gone["error"]
    assert told["left"] == ["budget.xlsx"]


def test_the_summary_goes_where_it_is_wanted(run: Run, bases: Path) -> None:
    rules = "nightly: {summary_folder: morning}"
    (bases / "config.yaml").write_text(rules, encoding="utf-8")
    run("nightly", "One.xlsx", *DAY)
    assert (bases / "morning" / "clientbase-nightly.html").exists()
    run("nightly", "One.xlsx", "--summary", "elsewhere/deep", *DAY)
    assert (bases / "elsewhere" / "deep" / "clientbase-nightly.txt").exists()
    (bases / "config.yaml").write_text("nightly: {summary_folder: ~nobody-here}", encoding="utf-8")
    assert run("nightly", "One.xlsx", *DAY).code == 0
    assert (bases / "~nobody-here" / "clientbase-nightly.txt").exists()
    assert not (bases / "clientbase-nightly.txt").exists()


def test_a_file_of_that_name_that_is_no_summary_stays(run: Run, bases: Path) -> None:
    mine = bases / "clientbase-nightly.txt"
    mine.write_text("mine")
    done = run("nightly", "One.xlsx", *DAY)
    assert done.code == 1
    assert mine.read_text() == "mine"
    assert not (bases / "clientbase-nightly.html").exists()
    assert (
        "The summary can't be written: 'clientbase-nightly.txt' is there already, and isn't such a "
        "summary; move it." in done.out
    )
    assert "VIP" in groups(bases / "One.xlsx")


def test_it_exports_where_that_is_set_up_and_no_workbook_overwrites_anothers(
    run: Run, bases: Path
) -> None:
    (bases / "config.yaml").write_text("export: {folder: phone}", encoding="utf-8")
    done = run("nightly", ".", *DAY)
    assert done.code == 0
    assert "  Exported to phone\n" in done.out
    assert f"  Exported to {Path('phone', 'Two')}\n" in done.out
    assert (bases / "phone" / "calendar.ics").exists()
    assert (bases / "phone" / "Two" / "contacts.vcf").exists()
    assert "One.xlsx, Two.xlsx have clients under the same ID (44, such as 101)." in done.out


def test_an_export_that_fails_is_told_and_the_workbook_is_filled(run: Run, bases: Path) -> None:
    (bases / "config.yaml").write_text("export: {folder: phone}", encoding="utf-8")
    (bases / "phone").mkdir()
    (bases / "phone" / "contacts.vcf").write_text("hers")
    done = run("nightly", "One.xlsx", *DAY)
    assert done.code == 1
    assert "  Filled, but not exported: There is a file 'contacts.vcf'" in done.out
    assert "VIP" in groups(bases / "One.xlsx")


def test_what_is_printed_can_go_to_a_file_instead(run: Run, bases: Path) -> None:
    for _ in range(2):
        done = run("nightly", "One.xlsx", "gone.xlsx", "--log", "logs/night.log", *DAY)
        assert (done.code, done.out, done.err) == (1, "", "")
    text = (bases / "logs" / "night.log").read_text(encoding="utf-8")
    assert text.count("--- 2") == 2
    assert text.count("12 overdue, 7 due today") >= 2


def test_why_a_night_ends_early_stands_in_the_file_too(run: Run, bases: Path) -> None:
    done = run("nightly", "One.xlsx", "--config", "gone.yaml", "--log", "night.log", *DAY)
    assert (done.code, done.out, done.err) == (2, "", "")
    assert "The configuration 'gone.yaml' can't be read" in (bases / "night.log").read_text()


def test_a_log_that_cannot_be_written_keeps_nobody_from_filling(run: Run, bases: Path) -> None:
    (bases / "logs").write_text("a file")
    done = run("nightly", "One.xlsx", "--log", "logs/night.log", *DAY)
    assert done.code == 0
    assert "12 overdue, 7 due today" in done.out
    assert "logs/night.log: " in done.err


def test_a_log_that_has_grown_large_keeps_the_nights_before_this_one(run: Run, bases: Path) -> None:
    log_file = bases / "night.log"
    log_file.write_bytes(b"--- 2026-11-20 02:00:00\n".ljust(1_000_001, b"x") + b"\nfailed\n")
    run("nightly", "One.xlsx", "--log", "night.log", *DAY)
    text = log_file.read_text(encoding="utf-8")
    assert len(text) < 100_000
    assert text.startswith("--- …\nfailed\n--- 2")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such rights")
def test_the_log_is_as_private_as_the_summary(run: Run, bases: Path) -> None:
    before = os.umask(0o022)
    try:
        run("nightly", "One.xlsx", "--log", "night.log", *DAY)
    finally:
        os.umask(before)
    for name in ("night.log", "clientbase-nightly.txt", "clientbase-nightly.html"):
        assert stat.S_IMODE((bases / name).stat().st_mode) == 0o600


def test_a_path_that_leads_nowhere_is_told_and_the_others_are_filled(
    run: Run, bases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bases / "loop.xlsx").symlink_to("loop.xlsx")
    is_dir = Path.is_dir

    def refusing(path: Path) -> bool:
        if path.name == "locked.xlsx":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", refusing)
    done = run("nightly", "locked.xlsx", "loop.xlsx", "Two.xlsx", *DAY)
    assert done.code == 1
    assert "VIP" in groups(bases / "Two.xlsx")
    head = done.out.partition("\n\n")[0]
    assert "    loop.xlsx\n      The computer refused: Too many levels of symbolic links." in head
    assert "    locked.xlsx\n      The computer refused: Permission denied." in head


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("oops"), "The program made a mistake. The file is whole"),
        (
            OSError(errno.EIO, "Input/output error"),
            "Input/output error. Mend that, or set another",
        ),
    ],
)
def test_whatever_keeps_the_summary_from_being_written_it_is_printed(
    run: Run,
    bases: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    def failing(*_arguments: object) -> object:
        raise error

    monkeypatch.setattr(writing, "write", failing)
    monkeypatch.setattr(log, "FILE", bases / "logs" / "clientbase.log")
    done = run("nightly", "One.xlsx", *DAY)
    assert done.code == 1
    assert f"The summary can't be written: {words}" in done.out
    assert "Susan Frost" in done.out


def test_each_workbook_is_read_and_calculated_once(
    run: Run, bases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bases / "config.yaml").write_text("export: {folder: phone}", encoding="utf-8")
    monkeypatch.setattr(night, "calculate_file", None)
    done = run("nightly", "One.xlsx", *DAY)
    assert done.code == 0
    assert "12 overdue, 7 due today" in done.out
    card = (bases / "phone" / "contacts.vcf").read_text("utf-8")
    monkeypatch.undo()
    monkeypatch.chdir(bases)
    assert run("export", "One.xlsx", "--to", "again", *DAY).code == 0
    assert (bases / "again" / "contacts.vcf").read_text("utf-8") == card
    for name in ("contacts-4.vcf", "calendar.ics", "mailing.csv", "sms.csv"):
        again = (bases / "again" / name).read_bytes()
        assert again == (bases / "phone" / name).read_bytes()


def test_without_a_workbook_it_says_what_is_missing(run: Run) -> None:
    done = run("nightly")
    assert done.code == 2
    assert "FILE" in done.err


def test_copies_of_a_workbook_are_told_at_the_top(run: Run, bases: Path) -> None:
    (bases / "One.xlsx").rename(bases / "Two (1).xlsx")
    done = run("nightly", ".", *DAY)
    assert done.code == 0
    head = done.out.partition("\n\n")[0]
    assert "  Workbooks recalculated: 1\n" in head
    assert "  Left alone as copies of the workbook beside them: Two (1).xlsx. Look whether" in head
    assert json.loads(run("nightly", ".", "--json", *DAY).out)["copies"] == ["Two (1).xlsx"]


MAIL = "nightly:\n  mail: {{to: {to}, from: a@example.com, server: localhost, port: {port}}}\n"


def test_a_folder_below_doesnt_decide_where_the_mail_goes(run: Run, bases: Path) -> None:
    for name in "AB":
        (bases / name).mkdir()
    (bases / "One.xlsx").rename(bases / "A" / "One.xlsx")
    (bases / "Two.xlsx").rename(bases / "B" / "Two.xlsx")
    planted = MAIL.format(to="eve@example.com", port=1)
    (bases / "A" / "config.yaml").write_text(planted, encoding="utf-8")
    done = run("nightly", ".", "--recursive", *DAY)
    assert done.code == 0
    assert "mail" not in done.out.replace("by mail too", "")
    words = (
        "  The workbooks don't all have the same rules. Where this summary goes, by mail too, is "
        "decided by {}.\n"
    )
    assert words.format("the shipped rules") in done.out
    assert run("nightly", ".", "--recursive", "--test-mail").code == 2
    hers = MAIL.format(to="vera@example.com", port=2)
    (bases / "config.yaml").write_text(hers, encoding="utf-8")
    done = run("nightly", ".", "--recursive", *DAY)
    assert "Not sent by mail: localhost, port 2, can't be reached" in done.out
    assert words.format("config.yaml") in done.out
    same = run("nightly", ".", "--recursive", "--config", "config.yaml", *DAY)
    assert "Not sent by mail: localhost, port 2, can't be reached" in same.out
    assert "the same rules" not in same.out


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are long at once."""
    monkeypatch.setattr(writing, "_MOST_WHOLE", 6_000)


def pages(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "clientbase-nightly").iterdir())


@pytest.mark.usefixtures("short")
def test_where_there_is_much_to_tell_each_workbook_has_a_page_of_its_own(
    run: Run, bases: Path
) -> None:
    (bases / "in").mkdir()
    (bases / "Two.xlsx").rename(bases / "in" / "One.xlsx")
    (bases / "Broken.xlsx").write_bytes(b"PK junk")
    (bases / "clientbase-nightly").mkdir()
    (bases / "clientbase-nightly" / "One.html").write_text("hers")
    run("nightly", "One.xlsx", "--recursive", *BEFORE)
    done = run("nightly", ".", "--recursive", *DAY)
    assert done.code == 1
    assert pages(bases) == ["Broken.html", "One-2.html", "One-3.html", "One.html"]
    told = (bases / "clientbase-nightly.html").read_text("utf-8")
    for text in (told, done.out):
        assert "Susan Frost" not in text
        assert text.count("12 overdue, 7 due today") == 2
        assert text.count("who changed: ") == 1
        assert "clientbase-nightly/One-3.html" in text
        assert "clientbase-nightly/Broken.html" in text
    assert '<a href="clientbase-nightly/One-2.html">' in told
    one = (bases / "clientbase-nightly" / "One-2.html").read_text("utf-8")
    assert "Susan Frost" in one
    assert "3 clients became Waiting" in one
    assert "is damaged" in (bases / "clientbase-nightly" / "Broken.html").read_text("utf-8")
    assert (bases / "clientbase-nightly" / "One.html").read_text() == "hers"


@pytest.mark.usefixtures("short")
def test_pages_of_former_nights_go_and_json_tells_all_the_same(run: Run, bases: Path) -> None:
    told = json.loads(run("nightly", ".", "--json", *DAY).out)
    assert [len(one["contacts"]) for one in told["workbooks"]] == [16, 16]
    assert pages(bases) == ["One.html", "Two.html"]
    (bases / "One.xlsx").rename(bases / "Three.xlsx")
    run("nightly", ".", *DAY)
    assert pages(bases) == ["Three.html", "Two.html"]
    assert run("nightly", "Two.xlsx", *DAY).out.count("Susan Frost") == 1
    assert not (bases / "clientbase-nightly").exists()


@pytest.mark.usefixtures("short")
def test_pages_that_cannot_be_written_are_told_once(run: Run, bases: Path) -> None:
    (bases / "clientbase-nightly").write_text("hers")
    done = run("nightly", ".", *DAY)
    assert done.code == 1
    assert done.out.count("  The pages of the workbooks can't be written: ") == 1
    assert done.out.count("12 overdue, 7 due today") == 2
    assert "VIP" in groups(bases / "Two.xlsx")


@pytest.mark.usefixtures("short")
def test_a_summary_is_never_longer_than_it_may_be(
    run: Run, bases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_BYTES", 3_600)
    for number in range(12):
        (bases / f"Broken{number}.xlsx").write_bytes(b"PK junk")
    done = run("nightly", ".", *DAY)
    assert (bases / "clientbase-nightly.html").stat().st_size <= 3_600
    assert "    … and 9 more; each has a page of its own\n" in done.out
    assert len(pages(bases)) == 14


def test_the_first_workbook_is_filled_before_the_others_are_looked_at(
    run: Run, bases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    sheet_names = configuration.sheet_names

    def looking(path: Path) -> list[str]:
        looked.append(path.name)
        return sheet_names(path)

    def began(path: Path) -> None:
        assert set(looked) <= {"One.xlsx", path.name}

    monkeypatch.setattr(configuration, "sheet_names", looking)
    monkeypatch.setattr(commands, "_began", began)
    (bases / "config.yaml").write_text("export: {folder: phone}", encoding="utf-8")
    assert run("nightly", ".", *DAY).code == 0
    assert set(looked) == {"One.xlsx", "Two.xlsx"}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells it so")
def test_nothing_grows_with_the_number_of_workbooks(
    run: Run, bases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def began(_path: Path) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        taken.append(pages * os.sysconf("SC_PAGE_SIZE"))

    (bases / "many").mkdir()
    for number in range(60):
        shutil.copy(bases / "One.xlsx", bases / "many" / f"{number:02}.xlsx")
    (bases / "many" / "config.yaml").write_text("export: {folder: phone}", encoding="utf-8")
    monkeypatch.setattr(writing, "_MOST_WHOLE", 20_000)
    monkeypatch.setattr(commands, "_began", began)
    assert run("nightly", "many", *DAY).code == 0
    assert len(pages(bases / "many")) == 60
    assert taken[59] - taken[19] < 4_000_000  # a calculated base has 0.3 MB
