"""A workbook that somebody else is at work on is left alone, and told who that is."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from batch.configuration import Rules
from batch.errors import FileInUse
from batch.history import receipts
from batch.recalculation.file import recalculate_file
from batch.recalculation.steps import WRITING
from batch.saving import disk, inuse, replacement
from batch.saving.inuse import AnotherRun
from batch.xlsx.package import Package
from tests.bases import config
from tests.batch.simple_workbook import TODAY, column, write
from tests.command_line import Run
from tests.surroundings import ROOT

NAME = "base.xlsx"
DAY = ("--today", TODAY.isoformat())
RULES = Rules(config(), Path("config.yaml"))
LOCK = disk.beside(Path(NAME), ".lock").name
HOLDING = """
import sys, pathlib
from batch.saving import inuse
with inuse.held(pathlib.Path(sys.argv[1]), print):
    print("held", flush=True)
    sys.stdin.read()
"""
LOCKING = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.{call}(file, fcntl.{kind})
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / NAME)


@contextlib.contextmanager
def elsewhere(code: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has come as far as saying that it holds the workbook."""
    command = [sys.executable, "-c", code, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def refused(run: Run, path: Path, *options: str) -> str:
    """What is told by a run that ends with the exit code for a file in use and changes nothing."""
    before, files = path.read_bytes(), names(path.parent)
    done = run("recalc", path.name, *DAY, *options)
    assert done.code == 3
    assert done.out == ""
    assert path.read_bytes() == before
    assert names(path.parent) == files
    return done.err


def saved(run: Run, path: Path) -> None:
    """The run succeeds, and leaves nothing but the workbook and its history."""
    assert run("recalc", path.name, *DAY).code == 0
    assert names(path.parent) == [".clientbase", NAME]


# Owner files --------------------------------------------------------------------------------


def excel_owner(name: str) -> bytes:
    narrow = name.encode("latin-1", "replace")
    wide = name.encode("utf-16-le")
    return bytes([len(narrow)]) + narrow.ljust(54) + bytes([len(name), 0]) + wide.ljust(108, b" ")


OWNERS = [
    ("~$base.xlsx", excel_owner("Анна"), "is open in Excel by Анна"),
    ("~$base.xlsx", excel_owner("Anna P"), r"is open in Excel by Anna P\. .*delete '~\$base"),
    ("~$base.xlsx", b"", r"is open in Excel\. Close it"),
    ("~$base.xlsx", b"\x04Anna", "is open in Excel by Anna"),
    (".~lock.base.xlsx#", "Анна Петрова,anna,pc,08.03.2026 09:00,file:///x;".encode(), "is open in LibreOffice by Анна Петрова"),
    (".~lock.base.xlsx#", b",anna,pc,08.03.2026 09:00,file:///x;", "is open in LibreOffice by anna"),
    (".~lock.base.xlsx#", b"", r"is open in LibreOffice\. Close"),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "content", "words"), OWNERS)
def test_an_open_workbook_is_left_alone_and_its_holder_named(
    run: Run, path: Path, owner: str, content: bytes, words: str
) -> None:
    path.with_name(owner).write_bytes(content)
    assert re.search(words, refused(run, path))


def test_a_workbook_opened_during_the_calculation_is_left_alone(path: Path) -> None:
    before = path.read_bytes()

    def step(name: str) -> None:
        if name == WRITING:
            path.with_name(f"~${NAME}").write_bytes(b"\x04Anna")

    with pytest.raises(FileInUse, match="is open in Excel by Anna"):
        recalculate_file(path, RULES, TODAY, step=step)
    assert path.read_bytes() == before
    assert names(path.parent) == [NAME, f"~${NAME}"]


# Locks --------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
@pytest.mark.parametrize(
    ("call", "kind"), [("flock", "LOCK_EX"), ("flock", "LOCK_SH"), ("lockf", "LOCK_EX")]
)
def test_a_file_that_another_program_has_locked_is_left_alone(
    run: Run, path: Path, call: str, kind: str
) -> None:
    with elsewhere(LOCKING.format(call=call, kind=kind), path):
        assert "'base.xlsx' is open in another program. Close it" in refused(run, path)
    saved(run, path)


def held_by_excel(*_args: object) -> Path:
    error = PermissionError(13, "The process cannot access the file")
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    raise error


@pytest.mark.parametrize("name", ["replace", "open"])
def test_a_file_that_excel_holds_on_windows_is_left_alone(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real: Callable[..., object] = getattr(Path, name)

    def held(self: Path, *args: object, **options: object) -> object:
        if args[:1] == ("r+b",) or getattr(args[0] if args else None, "name", "") == NAME:
            held_by_excel()
        return real(self, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, name, held)
        assert "'base.xlsx' is open in another program. Close it" in refused(run, path)
    saved(run, path)


def test_windows_tries_to_replace_the_file_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Path] = []
    pauses: list[float] = []

    def busy(self: Path, target: Path) -> Path:
        tries.append(self)
        return target if len(tries) % 5 == 0 else held_by_excel()

    (tmp_path / "new").touch()
    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(PermissionError):
        disk.replace(tmp_path / "new", tmp_path / "old")
    assert (len(tries), pauses) == (1, [])
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "win32")
        disk.replace(tmp_path / "new", tmp_path / "old")
        assert (len(tries), len(pauses)) == (5, 3)
        patched.setattr(Path, "replace", held_by_excel)
        with pytest.raises(PermissionError):
            disk.replace(tmp_path / "new", tmp_path / "old")
    assert sum(pauses) < 3


# Another run of this program ----------------------------------------------------------------


def test_another_run_on_the_file_is_named_with_its_process_and_time(run: Run, path: Path) -> None:
    with elsewhere(HOLDING, path) as other:
        words = (
            rf"'base.xlsx' is being filled by another run of this program since \d\d:\d\d "
            rf"\(process {other.pid}\). Wait until that is done, or let --wait 60 do so; "
            rf"nothing was written.\n"
        )
        assert re.fullmatch(words, refused(run, path))
        with pytest.raises(AnotherRun, match=str(other.pid)):
            recalculate_file(path, RULES, TODAY)


def test_the_lock_of_a_run_that_was_killed_does_not_count(run: Run, path: Path) -> None:
    with elsewhere(HOLDING, path) as other:
        other.kill()
        other.wait()
        assert LOCK in names(path.parent)
        saved(run, path)


def test_a_dry_run_does_not_wait_for_another_run(run: Run, path: Path) -> None:
    with elsewhere(HOLDING, path):
        assert run("recalc", NAME, "--dry-run", *DAY).code == 0


@pytest.mark.parametrize(
    "torn", [b"", b"4711", b"4711\n", b"0\nhere\n", b"no\nlock\n", b"\xff" * 9]
)
def test_a_lock_file_without_a_process_does_not_count_if_it_stays_like_that(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, torn: bytes
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    path.with_name(LOCK).write_bytes(torn)
    saved(run, path)
    assert sum(pauses) >= 1


def test_a_lock_file_that_is_just_being_written_counts(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = path.with_name(LOCK)
    lock.touch()
    monkeypatch.setattr(time, "sleep", lambda _seconds: lock.write_bytes(b"4711\nPC-ANNA\n"))
    assert "(process 4711, PC-ANNA)" in refused(run, path)


def test_a_run_on_another_computer_is_named_and_how_to_get_rid_of_its_lock(
    run: Run, path: Path
) -> None:
    lock = path.with_name(LOCK)
    anna = "".join(f"?{byte:02x}" for byte in "Анна-ПК".encode())
    lock.write_text(f"4711\n{anna}\n123\n")
    told = refused(run, path)
    assert "(process 4711, Анна-ПК)" in told
    assert f"If that computer is off by now, delete '{LOCK}' beside it." in told
    russian = refused(run, path, "--config", str(ROOT / "config.ru.yaml"))
    assert "4711, Анна-ПК" in russian
    assert LOCK in russian
    lock.unlink()
    saved(run, path)


def test_two_runs_at_once_leave_one_whole_result(path: Path, tmp_path: Path) -> None:
    code = "from batch.cli import main; main()"
    command = [sys.executable, "-c", code, "recalc", str(path), *DAY]
    runs = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [run.communicate() for run in runs]
    codes = sorted(run.returncode for run in runs)
    assert codes in ([0, 0], [0, 3]), told
    assert column(path, "Group") == ["Client", "Waiting", "Waiting"]
    assert names(tmp_path) == [".clientbase", NAME]
    assert len(receipts.receipts(path)) == 1


def test_no_folder_is_made_for_a_workbook_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert run("recalc", "nowhere/base.xlsx", *DAY).code == 2
    assert run("undo", "nowhere/base.xlsx").code == 2
    assert names(tmp_path) == []


# Changed meanwhile --------------------------------------------------------------------------


def test_a_file_that_is_changed_moved_or_deleted_while_it_is_read_is_left_alone(
    path: Path, tmp_path: Path
) -> None:
    hers = write(tmp_path / "hers.xlsx", {"Other": [["hers"]]}).read_bytes()
    before = path.read_bytes()

    def attempt(act: Callable[[], object], words: str) -> None:
        def step(name: str) -> None:
            if name == WRITING:
                act()

        path.write_bytes(before)
        with pytest.raises(FileInUse, match=words):
            recalculate_file(path, RULES, TODAY, step=step)

    attempt(lambda: path.write_bytes(hers), "was changed by another program during the calculation")
    assert path.read_bytes() == hers
    attempt(lambda: path.rename(tmp_path / "moved.xlsx"), "was moved or deleted")
    assert names(tmp_path) == ["hers.xlsx", "moved.xlsx"]
    attempt(path.unlink, "was moved or deleted during the calculation")
    assert names(tmp_path) == ["hers.xlsx", "moved.xlsx"]


def test_a_run_that_finds_the_file_changed_at_last_leaves_no_receipt(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = write(tmp_path / "hers.xlsx", {"Other": [["hers"]]}).read_bytes()

    def check(package: Package) -> None:
        assert len(receipts.receipts(path)) == 1
        path.write_bytes(hers)
        inuse.check_unchanged(package)

    monkeypatch.setattr(replacement, "check_unchanged", check)
    with pytest.raises(FileInUse, match="was changed by another program"):
        recalculate_file(path, RULES, TODAY)
    assert path.read_bytes() == hers
    assert names(tmp_path) == [NAME, "hers.xlsx"]


# Waiting ------------------------------------------------------------------------------------


class Clock:
    """A time of its own, that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        """As in the module time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """As in the module time."""
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(inuse, "time", clock)
    return clock


def busy_until(clock: Clock, end: float) -> Callable[[], str]:
    def act() -> str:
        if clock.now < end:
            raise FileInUse(Path(NAME), "is open in Excel", str(clock.now))
        return "done"

    return act


def test_a_file_in_use_is_waited_for_which_is_told_once(clock: Clock) -> None:
    told: list[FileInUse] = []
    assert inuse.patiently(busy_until(clock, 103), 5, told.append) == "done"
    assert 103 <= clock.now < 104
    assert [one.owner for one in told] == ["100.0"]


def test_the_last_error_is_raised_when_the_time_is_over(clock: Clock) -> None:
    told: list[FileInUse] = []
    with pytest.raises(FileInUse, match=r"is open in Excel by 105\.0"):
        inuse.patiently(busy_until(clock, 110), 5, told.append)
    assert len(told) == 1
    with pytest.raises(FileInUse, match=r"is open in Excel by 105\.0"):
        inuse.patiently(busy_until(clock, 110), 0, told.append)
    assert len(told) == 1


def test_other_errors_are_not_waited_for(clock: Clock) -> None:
    def act() -> None:
        raise PermissionError(13, "no")

    with pytest.raises(PermissionError):
        inuse.patiently(act, 5)
    assert clock.now == 100


def test_a_run_that_is_killed_while_it_is_waited_for_is_waited_for_no_longer(path: Path) -> None:
    with elsewhere(HOLDING, path) as other:

        def end(_error: FileInUse) -> None:
            other.kill()
            other.wait()

        assert inuse.patiently(lambda: recalculate_file(path, RULES, TODAY), 60, end).written
