"""Whatever happens at whichever step of saving: the file is the whole old or the whole new one.

Kept are also its permissions; what lies beside it is cleared by the next run.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from batch.configuration import Rules
from batch.history.undo import NothingToUndoError, undo
from batch.recalculation import file, plan, telling
from batch.recalculation.plan import Plan
from batch.recalculation.steps import Step
from batch.saving import disk
from batch.xlsx.workbook import Workbook
from tests.bases import config
from tests.batch.saving import faults
from tests.batch.saving.faults import Ended
from tests.batch.simple_workbook import TODAY, write

resource = pytest.importorskip("resource", reason="Windows can't fork")

NAME = "База клиентов.xlsx"
HISTORY = ".clientbase"
LOCK = disk.beside(Path(NAME), ".lock").name
MODE = 0o640
Act = Callable[[Path], None]
MEMORY = Path("/dev/shm")  # noqa: S108 — a disk in memory, not a name in a shared folder
RULES = Rules(config(), Path("config.yaml"), "1" * 64)
BEFORE, NOW, LATER = (dt.datetime(2026, 11, day, 9, 30, tzinfo=dt.UTC) for day in (19, 21, 22))
LONG_AGO = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Iterator[None]:
    """What a content is filled with is calculated once: the saving is what is tested here."""
    known: dict[tuple[str, dt.date], Plan] = {}

    def planned(book: Workbook, rules: Rules, today: dt.date, step: Step, **options: bool) -> Plan:
        key = (book.package.sha256, today)
        if key not in known:
            known[key] = plan.plan(Workbook(book.package), rules, today, step, **options)
        staged = {**vars(known[key].book), "package": book.package}
        vars(book).update(staged, _changed={})
        for part, one in staged["_changed"].items():  # what is put is forgotten when it is written
            edits, patch = copy(one), copy(one.patch)
            patch.puts = list(patch.puts)
            vars(edits)["patch"] = patch
            vars(book)["_changed"][part] = edits
        return known[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(file, "plan", planned)
        patched.setattr(time, "sleep", lambda _seconds: None)
        yield


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user can be given: those of pytest can be entered by its user only.

    In memory, where there is such a disk: flushing is quick there.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        Path(name).chmod(0o755)
        base = Path(name) / "base"
        base.mkdir()
        yield base
        for one in (base, base / HISTORY):
            if one.exists():
                one.chmod(0o700)


def fill(path: Path, today: dt.date = TODAY, now: dt.datetime = NOW) -> None:
    """A run as the command line makes it."""
    telling.remember(file.recalculate_file(path, RULES, today, now=now), None)


def take_back(path: Path, now: dt.datetime = NOW) -> None:
    undo(path, RULES, now=now)


def first_run(_path: Path) -> None:
    """Nothing was kept yet."""


def second_run(path: Path) -> None:
    """A version, its receipt and what was said are there."""
    fill(path, LONG_AGO, BEFORE)


def a_run_to_undo(path: Path) -> None:
    fill(path, TODAY, BEFORE)


@dataclass(frozen=True)
class Case:
    """A run to be disturbed, from a folder with these files.

    old and new: the workbook before and after it. filled and unfilled: what the next run makes of
    either, and what undoing that brings back. undone: what undoing at once makes of either, None
    where there is nothing to undo.
    """

    act: Act
    files: dict[str, bytes]
    old: bytes
    new: bytes
    filled: bytes
    unfilled: bytes
    undone: dict[bytes, bytes | None]
    seen: set[frozenset[object]] = field(default_factory=set)

    def laid_out(self, folder: Path, user: int | None = None) -> Path:
        """The workbook, in the *folder* as it was before the run."""
        shutil.rmtree(folder)
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)
        (folder / NAME).chmod(MODE)
        if user is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user, user)
        return folder / NAME


def files(folder: Path) -> dict[str, bytes]:
    """What lies in the *folder*, by name."""
    return {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }


PREPARED: dict[str, tuple[Act, Act]] = {
    "first run": (first_run, fill),
    "second run": (second_run, fill),
    "undo": (a_run_to_undo, take_back),
}


@pytest.fixture(scope="module", params=PREPARED)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    prepare, act = PREPARED[request.param]
    path = write(tmp_path_factory.mktemp("base") / NAME)
    original = path.read_bytes()
    prepare(path)
    found = files(path.parent)
    old = path.read_bytes()
    act(path)
    new = path.read_bytes()
    assert new != old
    if act is fill:
        undone = {old: None if old == original else original, new: old}
        return Case(act, found, old, new, filled=new, unfilled=old, undone=undone)
    assert new == original
    undone = {old: original, new: None}
    return Case(act, found, old, new, filled=old, unfilled=new, undone=undone)


def endings(
    case: Case, folder: Path, fault: Callable[[], None], **options: object
) -> Iterator[tuple[Ended, Path]]:
    """The run of *case* with the fault at each step in turn, until it ends by itself."""
    for at in count(1):
        path = case.laid_out(folder, options.get("user"))  # type: ignore[arg-type]
        ended = faults.run(partial(case.act, path), at=at, fault=fault, **options)  # type: ignore[arg-type]
        yield ended, path
        if not ended.is_reached:
            assert at > 25
            return


def check(case: Case, ended: Ended, path: Path) -> None:
    """Either all is old or all is new, the user knows which, and the next run clears up."""
    content = path.read_bytes()
    assert content in (case.old, case.new)
    assert path.stat().st_mode & 0o777 == MODE
    if ended.sentence:
        assert ended.is_ours or re.match(r"\[Errno \d+\] ", ended.sentence), ended
        assert content == case.old, ended
    elif not ended.is_killed:
        assert content == case.new
    state = frozenset(map(told_apart, files(path.parent).items()))
    if state not in case.seen:
        case.seen.add(state)
        check_undo(case, path)
        check_next_run(case, path)


def told_apart(file: tuple[str, bytes]) -> tuple[str, bytes | int]:
    """What the next run sees of a file: of a dead process' lock, whether that is named in it."""
    name, content = file
    return name, content.count(b"\n") if name == LOCK else re.sub(
        rb'"seconds":[0-9.]+', b"", content
    )


def check_undo(case: Case, path: Path) -> None:
    """The next run may be an undo, too; a copy of the folder shows it."""
    copied = path.parent.with_name("undone")
    shutil.copytree(path.parent, copied)
    before = path.read_bytes()
    expected = case.undone[before]
    if expected is None:
        with pytest.raises(NothingToUndoError):
            take_back(copied / NAME, LATER)
    else:
        take_back(copied / NAME, LATER)
    assert (copied / NAME).read_bytes() == (expected or before)
    assert {one.name for one in copied.iterdir()} <= {HISTORY, NAME}
    shutil.rmtree(copied)


def check_next_run(case: Case, path: Path) -> None:
    """The next run clears up, and can be undone."""
    fill(path, now=LATER)
    assert path.read_bytes() == case.filled
    check_folder(case, path)
    take_back(path, LATER)
    assert path.read_bytes() == case.unfilled
    check_folder(case, path)
    assert path.stat().st_mode & 0o777 == MODE


def check_folder(case: Case, path: Path) -> None:
    """Nothing but the workbook, whole former versions, and receipts that lead up to it."""
    assert sorted(one.name for one in path.parent.iterdir()) == [HISTORY, NAME]
    history = path.parent / HISTORY
    assert history.stat().st_mode & 0o777 == 0o700
    whole = {case.old, case.new, *case.files.values()}
    for one in history.iterdir():
        assert one.stat().st_mode & 0o777 == 0o600
        if re.fullmatch(r"База клиентов 2026-11-\d\d 09\.30\.00( \(2\))?\.xlsx", one.name):
            assert one.read_bytes() in whole
        else:
            assert one.name in {f"{NAME}.runs.jsonl", f"{NAME}.last.json"}
    lines = (history / f"{NAME}.runs.jsonl").read_bytes().splitlines()
    receipts = [json.loads(line) for line in lines]
    assert [one["run"] for one in receipts] == list(range(1, len(receipts) + 1))
    assert receipts[-1]["after"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_run_killed_at_any_step_leaves_a_whole_file(case: Case, folder: Path) -> None:
    for ended, path in endings(case, folder, faults.kill, steps=faults.CHANGING):
        assert ended.is_killed == ended.is_reached
        check(case, ended, path)


REFUSALS = [
    ("first run", errno.EIO, faults.ALL),
    ("second run", errno.EIO, faults.ALL),
    ("undo", errno.EIO, faults.ALL),
    ("first run", errno.EACCES, faults.NAMING),
    ("second run", errno.EACCES, faults.NAMING),
    ("undo", errno.EACCES, faults.NAMING),
    ("second run", errno.ENOSPC, faults.WRITING),
]


@pytest.mark.parametrize(("case", "number", "steps"), REFUSALS, indirect=["case"])
def test_a_call_refused_at_any_step_leaves_a_whole_file(
    case: Case, folder: Path, number: int, steps: frozenset[str]
) -> None:
    told = set()
    for ended, path in endings(case, folder, faults.refusal(number), steps=steps):
        check(case, ended, path)
        told.add(ended.kind)
    assert {"", "NotSaved"} <= told


@pytest.mark.parametrize("names", [["."], [".", HISTORY]], ids=["it alone", "its history, too"])
def test_a_folder_that_turns_read_only_at_any_step_leaves_a_whole_file(
    case: Case, folder: Path, names: list[str]
) -> None:
    user = faults.NOBODY if os.geteuid() == 0 else None
    fault = partial(faults.lock_up, *(folder / name for name in names))
    told = set()
    for ended, path in endings(case, folder, fault, steps=faults.NAMING, user=user):
        for name in names:
            if (folder / name).exists():
                (folder / name).chmod(0o700)
        check(case, ended, path)
        told.add(ended.sentence)
    protected = "the folder, or .clientbase in it, is write-protected. It is as it was. Mend that, and try again."
    assert {"", f"'{NAME}' can't be saved: {protected}"} <= told


def test_a_disk_that_is_full_after_any_number_of_bytes_leaves_a_whole_file(
    case: Case, folder: Path
) -> None:
    sizes = {len(case.old), len(case.new), *map(len, case.files.values())}
    told = set()
    for limit in sorted({0, 1, 100, *sizes, *(size - 1 for size in sizes), 2 * max(sizes)}):
        path = case.laid_out(folder)

        def act(path: Path = path, limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            case.act(path)

        ended = faults.run(act)
        told.add(ended.sentence)
        check(case, ended, path)
    full = f"'{NAME}' can't be saved: the disk is full. It is as it was. Mend that, and try again."
    assert told == {"", full}


@pytest.mark.parametrize("case", ["second run"], indirect=True)
def test_a_run_killed_while_it_clears_up_after_a_killed_one_leaves_a_whole_file(
    case: Case, folder: Path
) -> None:
    case.laid_out(folder)
    faults.run(partial(case.act, folder / NAME), at=20, fault=faults.kill, steps=faults.CHANGING)
    killed = replace(case, files=files(folder))
    for ended, path in endings(killed, folder, faults.kill, steps=faults.NAMING):
        check(case, ended, path)
