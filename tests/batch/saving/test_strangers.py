"""What another user of the computer, who may write into the folder of the workbook, can't do."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import NamedTuple

import pytest

from batch.configuration import Rules
from batch.errors import FileInUse
from batch.history import lastrun, receipts, versions
from batch.history.undo import lines, undo
from batch.making.new import make_base
from batch.night import files as nightfiles
from batch.night import logfile
from batch.recalculation import telling
from batch.recalculation.file import OutputError, recalculate_file
from batch.recalculation.steps import WRITING
from batch.saving import disk
from batch.saving.ours import NotOurs
from batch.saving.replacement import NotSaved
from tests.bases import config
from tests.batch.saving import faults
from tests.batch.simple_workbook import TODAY, write
from tests.command_line import Run

RULES = Rules(config(), Path("config.yaml"))
NAME = "base.xlsx"
ANNA, BORIS, GROUP = 12_001, 12_002, 23_456
SECRET = "alias ls='ls --color'\n"

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither such links nor users"
)
needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be two users"
)


@pytest.fixture(autouse=True, scope="module")
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the acts import: another user may not be able to read Python's own files."""
    folder = tmp_path_factory.mktemp("loaded")
    make_base(folder / "new.xlsx", config(), {})
    fill(write(folder / NAME))
    "".encode("utf-8-sig")
    undo(folder / NAME, RULES)


class Shared(NamedTuple):
    """folder: where both may write; base: her workbook in it; hers: a file that only she has to do
    with; his: a folder of his own.
    """

    folder: Path
    base: Path
    hers: Path
    his: Path


@pytest.fixture(params=[0o2770, 0o3770], ids=["", "sticky"])
def shared(request: pytest.FixtureRequest) -> Iterator[Shared]:
    """A folder of a group of two: pytest's own can be entered by root alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        folder, home, his = (Path(name) / one for one in ("shared", "anna", "boris"))
        for one, owner, mode in (
            (folder, 0, request.param),
            (home, ANNA, 0o700),
            (his, BORIS, 0o777),
        ):
            one.mkdir()
            os.chown(one, owner, GROUP)
            one.chmod(mode)
        hers = home / "start.sh"
        hers.write_text(SECRET)
        base = write(folder / NAME)
        for one in (hers, base):
            os.chown(one, ANNA, GROUP)
            one.chmod(0o600)
        yield Shared(folder, base, hers, his)


def as_user(user: int, act: Callable[[], object]) -> faults.Ended:
    """How *act* ends for the *user*, who is in the group."""

    def acting() -> None:
        os.setgroups([])
        os.setgid(GROUP)
        os.setuid(user)
        act()

    return faults.run(acting)


def plant(act: Callable[[], object]) -> None:
    """Let Boris do something."""
    assert as_user(BORIS, act).sentence == ""


def fill(path: Path) -> None:
    telling.remember(recalculate_file(path, RULES, TODAY), None)


def content(folder: Path) -> dict[str, bytes]:
    """What the files in a folder hold."""
    return {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }


# Links and folders of his -------------------------------------------------------------------


@needs_root
def test_a_history_that_leads_into_his_folder_and_from_there_to_her_file_is_refused(
    shared: Shared,
) -> None:
    before = shared.base.read_bytes()

    def planting() -> None:
        (shared.folder / ".clientbase").symlink_to(shared.his)
        (shared.his / f"{NAME}.runs.jsonl").symlink_to(shared.hers)

    plant(planting)
    ended = as_user(ANNA, lambda: fill(shared.base))
    assert ended.kind == "NotOurs", ended
    assert "'.clientbase' in the folder" in ended.sentence
    assert "is a link, where this program keeps something of its own" in ended.sentence
    assert shared.hers.read_text() == SECRET
    assert shared.base.read_bytes() == before
    assert [one.name for one in shared.his.iterdir()] == [f"{NAME}.runs.jsonl"]


@needs_root
def test_a_history_that_is_his_is_neither_written_into_nor_read(shared: Shared) -> None:
    before = shared.base.read_bytes()

    def planting() -> None:
        (shared.folder / ".clientbase").mkdir(0o777)
        (shared.folder / ".clientbase").chmod(0o777)
        (shared.folder / ".clientbase" / f"{NAME}.runs.jsonl").symlink_to(shared.hers)

    plant(planting)
    for act in (fill, lambda path: undo(path, RULES), receipts.receipts, versions.versions):
        ended = as_user(ANNA, lambda act=act: act(shared.base))  # type: ignore[misc]
        assert ended.kind == "NotOurs", ended
        assert "belongs to another user of this computer" in ended.sentence
    assert shared.hers.read_text() == SECRET
    assert shared.base.read_bytes() == before


@needs_root
@pytest.mark.parametrize("is_link", [True, False], ids=["a link", "a log of his"])
def test_a_log_that_he_laid_out_gets_nothing_of_hers(shared: Shared, is_link: bool) -> None:
    log, night = shared.folder / "night.log", "--- 2026-11-21 02:00:00\n"

    def planting() -> None:
        if is_link:
            log.symlink_to(shared.hers)
        else:
            log.write_text(night)
            log.chmod(0o666)

    plant(planting)

    def act() -> None:
        with logfile.opened(log) as stream:
            stream.write("Anna\n")

    assert as_user(ANNA, act).kind == "NotOurs"
    assert shared.hers.read_text() == SECRET
    assert log.is_symlink() or log.read_text() == night


@needs_root
def test_a_new_base_is_prepared_under_no_name_that_he_can_guess(shared: Shared) -> None:
    def act() -> None:
        (shared.folder / f".new.xlsx.{os.getpid()}.tmp").symlink_to(shared.hers)
        os.setgroups([])
        os.setgid(GROUP)
        os.setuid(ANNA)
        make_base(shared.folder / "new.xlsx", config(), {})

    assert faults.run(act).sentence == ""
    assert shared.hers.read_text() == SECRET
    assert (shared.folder / "new.xlsx").stat().st_uid == ANNA


@needs_root
def test_a_list_of_problems_is_written_through_no_link(shared: Shared) -> None:
    report_path = telling.problems_path(shared.base)
    plant(lambda: report_path.symlink_to(shared.hers))
    ended = as_user(
        ANNA, lambda: telling.write_problems(recalculate_file(shared.base, RULES, TODAY))
    )
    assert ended.kind == "FileExistsError"
    assert shared.hers.read_text() == SECRET


@posix
def test_what_is_prepared_has_a_name_that_differs_each_time(tmp_path: Path) -> None:
    like = disk.temporary(tmp_path / NAME)
    made = {disk.write_new(like, b"new") for _ in range(3)}
    assert len(made) == 3
    assert {one.name.removeprefix(like.stem).removesuffix(".xlsx")[0] for one in made} == {"-"}
    assert all(len(one.name) == len(like.name) + 33 for one in made)
    (tmp_path / f"{like.stem}-{'0' * 32}.xlsx").symlink_to(tmp_path / "hers")
    (tmp_path / f"{like.stem}-notes.xlsx").write_bytes(b"hers")
    write(tmp_path / NAME)
    assert set(disk.left_copies(tmp_path / NAME)) == made
    fill(tmp_path / NAME)
    assert not any(one.exists() for one in made)
    assert (tmp_path / f"{like.stem}-notes.xlsx").exists()


def test_on_windows_links_and_junctions_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, lstat = write(tmp_path / NAME), Path.lstat
    history = tmp_path / ".clientbase"
    history.mkdir()

    def with_tag(tag: int) -> Callable[[Path], object]:
        def facts(path: Path) -> object:
            if path == history:
                return SimpleNamespace(st_mode=stat.S_IFDIR, st_reparse_tag=tag)
            return lstat(path)

        return facts

    monkeypatch.setattr(sys, "platform", "win32")
    for tag in (0xA0000003, 0xA000000C):
        monkeypatch.setattr(Path, "lstat", with_tag(tag))
        with pytest.raises(NotOurs, match=r"'\.clientbase' in the folder .* is a link"):
            receipts.receipts(base)
    monkeypatch.setattr(Path, "lstat", with_tag(0x9000001A))  # a folder that a cloud keeps
    assert receipts.receipts(base) == []


# Root over a folder of hers -----------------------------------------------------------------


@needs_root
def test_root_gives_away_what_it_wrote_and_not_what_was_put_in_its_place(shared: Shared) -> None:
    target = shared.hers.with_name("root.txt")
    target.write_text("root's")

    def swap() -> None:
        for folder in (shared.folder, shared.folder / ".clientbase"):
            for one in folder.glob(".clientbase-*") if folder.exists() else ():
                if one.suffix != ".lock":
                    one.rename(one.with_name(f"aside-{one.name}"))
                    one.symlink_to(target)

    for at in range(1, 30):
        faults.run(lambda: fill(shared.base), at=at, fault=swap, steps={"chown", "fchown", "chmod", "fchmod"})  # fmt: skip
        assert (target.stat().st_uid, target.read_text()) == (0, "root's"), at
        assert stat.S_IMODE(target.stat().st_mode) == 0o644


@needs_root
def test_root_gives_nobody_a_content_that_was_read_from_somebody_else_s_file(
    shared: Shared,
) -> None:
    def swap(name: str) -> None:
        if name == WRITING:
            shared.base.rename(shared.base.with_name("hers.xlsx"))
            write(shared.base, {"Clients": [["ID", "Name"], [1, "Boris"]]})
            os.chown(shared.base, BORIS, GROUP)

    given: list[int] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fchown", lambda *given_to: given.append(given_to[1]))
        with pytest.raises(FileInUse, match="was changed by another program"):
            recalculate_file(shared.base, RULES, TODAY, step=swap)
    assert given == []


@needs_root
@pytest.mark.parametrize("what", ["runs.jsonl", "last.json"])
def test_root_makes_nothing_through_a_link_of_hers(shared: Shared, what: str) -> None:
    history, target = shared.folder / ".clientbase", shared.his / "made"
    history.mkdir(0o700)
    (history / f"{NAME}.{what}").symlink_to(target)
    os.chown(history, ANNA, GROUP)
    ended = faults.run(lambda: fill(shared.base))
    assert ended.kind == ("NotOurs" if what == "runs.jsonl" else "")
    assert not target.exists()


@needs_root
def test_a_link_among_the_workbooks_to_somebody_else_s_is_left_alone_and_told(
    run: Run, shared: Shared
) -> None:
    private = write(shared.hers.with_name("private.xlsx"))
    os.chown(private, ANNA, GROUP)
    private.chmod(0o600)
    before = private.read_bytes()
    plant(lambda: (shared.folder / "a.xlsx").symlink_to(private))
    shared.base.unlink()
    told = run("nightly", str(shared.folder), "--today", f"{TODAY}", "--as-root")
    assert told.code == 2
    assert "a.xlsx" in told.out
    assert "It is a link that leads out of the folder that was named, or to a file of" in told.out
    assert private.read_bytes() == before
    summary = (shared.folder / "clientbase-nightly.txt").read_text("utf-8-sig")
    assert "It is a link" in summary
    assert "Olga" not in summary


@posix
def test_a_link_of_hers_to_a_workbook_of_hers_in_the_folder_counts_once(tmp_path: Path) -> None:
    write(tmp_path / NAME)
    (tmp_path / "a.xlsx").symlink_to(tmp_path / NAME)
    found = nightfiles.FoundBases([tmp_path], None, recursive=False).complete()
    assert (found.workbooks, found.away) == ([tmp_path / "a.xlsx"], [])


@needs_root
def test_what_a_link_in_the_place_of_the_rules_leads_to_is_told_nobody(
    run: Run, shared: Shared
) -> None:
    secret = shared.hers.with_name("root.txt")
    secret.write_text("swordfish: {")
    secret.chmod(0o600)
    plant(lambda: (shared.folder / "config.yaml").symlink_to(secret))
    told = run("nightly", str(shared.folder), "--today", f"{TODAY}", "--as-root")
    assert "can't be read: it is a link to a file of somebody else's" in told.out
    assert "swordfish" not in told.out + told.err


@needs_root
@pytest.mark.parametrize("owner", [ANNA, BORIS])
def test_root_s_summary_is_given_only_to_whom_all_workbooks_belong(
    run: Run, shared: Shared, owner: int
) -> None:
    os.chown(shared.folder, owner, GROUP)
    shared.folder.chmod(0o2770)
    assert run("nightly", str(shared.folder), "--today", f"{TODAY}", "--as-root").code == 0
    summary = (shared.folder / "clientbase-nightly.html").stat()
    assert summary.st_uid == (ANNA if owner == ANNA else 0)
    assert stat.S_IMODE(summary.st_mode) == 0o600


COMMANDS = [
    "recalc base.xlsx", "recalc base.xlsx --output copy.xlsx", "undo base.xlsx", "new new.xlsx",
    "example new.xlsx", "export base.xlsx --to phone", "nightly .", "nightly base.xlsx",
    "schedule base.xlsx --dry-run",
]  # fmt: skip


@needs_root
@pytest.mark.parametrize("whose", ["folder", "workbook"])
@pytest.mark.parametrize("line", COMMANDS)
def test_root_works_on_somebody_s_files_only_if_told_to(
    run: Run, tmp_path: Path, line: str, whose: str
) -> None:
    base = write(tmp_path / NAME)
    os.chown(tmp_path if whose == "folder" else base, ANNA, GROUP)
    if "new.xlsx" in line and whose == "workbook":
        pytest.skip("it isn't there yet")
    told = run(*line.split())
    assert told.code == 2
    assert "belongs to another user, and you are root" in told.err
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
    told = run(*line.split(), "--as-root")
    assert "you are root" not in told.err
    assert line.startswith("undo") or told.code == 0, told
    assert not line.startswith("schedule") or "--as-root" in told.out


# Rights -------------------------------------------------------------------------------------


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
@pytest.mark.parametrize(
    ("source", "former", "made"),
    [(0o600, None, 0o600), (0o640, None, 0o640), (0o644, 0o666, 0o644), (0o600, 0o666, 0o600),
     (0o666, 0o640, 0o640), (0o400, None, 0o600)],
)  # fmt: skip
def test_a_copy_may_be_read_by_nobody_who_may_not_read_the_workbook(
    tmp_path: Path, source: int, former: int | None, made: int
) -> None:
    base, copy = write(tmp_path / NAME), tmp_path / "copy.xlsx"
    base.chmod(source)
    if former is not None:
        copy.write_bytes(base.read_bytes())
        copy.chmod(former)
    mask = os.umask(0)
    try:
        recalculate_file(base, RULES, TODAY, output=copy)
    finally:
        os.umask(mask)
    assert rights(copy) == (0o666 & made if former is None else made)


@needs_root
def test_a_copy_of_another_group_is_for_those_whom_everybody_is(tmp_path: Path) -> None:
    base = write(tmp_path / NAME)
    os.chown(base, 0, GROUP)
    base.chmod(0o664)
    mask = os.umask(0)
    try:
        recalculate_file(base, RULES, TODAY, output=tmp_path / "copy.xlsx")
    finally:
        os.umask(mask)
    assert rights(tmp_path / "copy.xlsx") == 0o644


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps access lists like this")
@pytest.mark.parametrize("listed", [NAME, "copy.xlsx"])
def test_whom_an_access_list_names_may_not_read_a_copy_by_the_rights_of_the_group(
    tmp_path: Path, listed: str
) -> None:
    base, copy = write(tmp_path / NAME), write(tmp_path / "copy.xlsx")
    base.chmod(0o640)
    copy.chmod(0o660)
    entries = ((1, 6, -1), (2, 6, BORIS), (4, 0, -1), (16, 6, -1), (32, 0, -1))
    packed = b"".join(struct.pack("<HHi", *one) for one in entries)
    try:
        os.setxattr(tmp_path / listed, "system.posix_acl_access", struct.pack("<I", 2) + packed)
    except OSError:
        pytest.skip("this disk keeps no access lists")
    recalculate_file(base, RULES, TODAY, output=copy)
    assert rights(copy) == 0o600


@posix
@pytest.mark.parametrize("name", ["new.xlsx", "new.xlsm"])
def test_a_new_base_from_private_lists_is_private(tmp_path: Path, name: str) -> None:
    clients, purchases = tmp_path / "clients.csv", tmp_path / "purchases.csv"
    clients.write_text("ID,Name\n1,Anna\n")
    purchases.write_text("Client ID,Date,Amount\n1,2026-01-01,10\n")
    clients.chmod(0o644)
    purchases.chmod(0o600)
    mask = os.umask(0o022)
    try:
        make_base(tmp_path / name, config(), {"clients": clients})
        assert rights(tmp_path / name) == 0o644
        (tmp_path / name).unlink()
        make_base(tmp_path / name, config(), {"clients": clients, "purchases": purchases})
    finally:
        os.umask(mask)
    assert rights(tmp_path / name) == 0o600


# Named pipes --------------------------------------------------------------------------------


class WaitsForEverError(BaseException):
    """Not to be taken for what the computer says."""


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """What takes longer than some seconds waits for ever."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise WaitsForEverError

    former = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def piped(path: Path) -> Path:
    path.parent.mkdir(0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    return path


@posix
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (f"~${NAME}", "is open in Excel"),
        (f".~lock.{NAME}#", "is open in LibreOffice"),
        (disk.beside(Path(NAME), ".lock").name, "another run of this program"),
        (f".clientbase/{NAME}.runs.jsonl", "is no ordinary file, where this program keeps"),
        (f".clientbase/{NAME}.last.json", ""),
        (".clientbase/base 2026-11-21 09.30.00.xlsx", ""),
        (disk.temporary(Path(NAME)).name, ""),
        (NAME, "it holds no ordinary file"),
    ],
)  # fmt: skip
def test_a_run_waits_for_no_pipe_of_one_of_our_names(tmp_path: Path, name: str, words: str) -> None:
    base = write(tmp_path / NAME)
    piped(tmp_path / name)

    def act() -> None:
        lastrun.as_last_run(base, RULES, TODAY)
        fill(base)

    with at_once():
        ended = faults.run(act)
    assert words in ended.sentence
    assert bool(words) == bool(ended.sentence), ended


@posix
def test_neither_log_nor_copy_is_written_into_a_pipe(tmp_path: Path) -> None:
    with at_once():
        with pytest.raises(NotOurs, match="is no ordinary file"):
            logfile.opened(piped(tmp_path / "night.log"))
        base, copy = write(tmp_path / NAME), piped(tmp_path / "copy.xlsx")
        with pytest.raises(OutputError, match="is no ordinary file"):
            recalculate_file(base, RULES, TODAY, output=copy)


@posix
def test_a_night_passes_by_a_pipe_among_the_workbooks(tmp_path: Path) -> None:
    piped(tmp_path / "a.xlsx")
    write(tmp_path / NAME)
    with at_once():
        found = nightfiles.FoundBases([tmp_path], None, recursive=False).complete()
    assert found.workbooks == [tmp_path / NAME]


# Disks that lie -----------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("is_lost", [True, False], ids=["lost", "torn"])
def test_a_version_that_did_not_reach_the_disk_is_noticed_before_the_workbook_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_lost: bool
) -> None:
    base = write(tmp_path / NAME)
    before, rename = base.read_bytes(), disk.replace

    def lying(new: Path, path: Path) -> OSError | None:
        fault = rename(new, path)
        if path.parent.name == ".clientbase" and path.suffix == ".xlsx":
            if is_lost:
                path.unlink()
            else:
                path.write_bytes(path.read_bytes()[:-1])
        return fault

    with monkeypatch.context() as patched:
        patched.setattr(disk, "replace", lying)
        with pytest.raises(
            NotSaved, match=r"read back, it isn't what was written\. It is as it was"
        ):
            fill(base)
    assert base.read_bytes() == before
    fill(base)
    assert [one.path.read_bytes() for one in versions.versions(base)] == [before]


@posix
@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), PermissionError(13, "Denied")])
def test_a_rename_that_is_reported_as_failed_and_happened_is_told_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    base = write(tmp_path / NAME)
    before, rename = base.read_bytes(), Path.replace

    def failing(self: Path, target: Path) -> Path:
        rename(self, target)
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing)
        outcome = recalculate_file(base, RULES, TODAY)
        assert outcome.written
        told = "The computer reported a fault while the new file took its place ("
        assert outcome.notices[0].startswith(told)
        assert any(told in line for line in telling.summary(outcome, None))
        assert base.read_bytes() != before
        assert len(receipts.receipts(base)) == 1
        assert any(told in line for line in lines(undo(base, RULES), config()))
    assert base.read_bytes() == before
