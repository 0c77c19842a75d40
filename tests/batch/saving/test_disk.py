"""The new file has the permissions, the owner and the creation time of the one it replaces."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from batch.configuration import Rules
from batch.history.undo import undo
from batch.recalculation import telling
from batch.recalculation.file import recalculate_file
from batch.saving import disk
from tests.bases import config
from tests.batch.saving import faults
from tests.batch.saving.faults import NOBODY
from tests.batch.simple_workbook import TODAY, write

RULES = Rules(config(), Path("config.yaml"))
NAME = "base.xlsx"
ANNA, HER_GROUP = 12_345, 23_456
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


needs_root = pytest.mark.skipif(not is_root(), reason="only root can give files away")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / NAME)


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A workbook in a folder that everybody may write to: those of pytest are its user's only."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield write(Path(name) / NAME)


def fill(path: Path) -> None:
    assert recalculate_file(path, RULES, TODAY).written


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


# Permissions --------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
@pytest.mark.parametrize("mode", [0o600, 0o604, 0o620, 0o640, 0o644, 0o666, 0o755, 0o777, 0o1640])
def test_the_permissions_stay_whatever_new_files_get(path: Path, mode: int, mask: int) -> None:
    path.chmod(mode)
    former = os.umask(mask)
    try:
        fill(path)
    finally:
        os.umask(former)
    assert path.stat().st_mode & 0o7777 == mode
    history = path.parent / ".clientbase"
    assert history.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in history.iterdir()} == {0o600}


@posix
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_copy_gets_what_new_files_get(path: Path, mask: int, mode: int) -> None:
    path.chmod(0o666)
    former = os.umask(mask)
    try:
        recalculate_file(path, RULES, TODAY, output=path.with_name("copy.xlsx"))
    finally:
        os.umask(former)
    assert path.with_name("copy.xlsx").stat().st_mode & 0o777 == mode


@posix
def test_a_history_that_others_may_look_into_is_closed(path: Path) -> None:
    history = path.parent / ".clientbase"
    history.mkdir(0o755)
    fill(path)
    assert history.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="Python sets such attributes on Linux only")
def test_notes_that_the_system_keeps_on_the_file_stay(path: Path) -> None:
    try:
        os.setxattr(path, "user.clientbase.note", b"hers")
    except OSError:
        pytest.skip("this disk keeps no attributes")
    fill(path)
    assert os.getxattr(path, "user.clientbase.note") == b"hers"


def test_the_file_counts_as_changed_now(path: Path) -> None:
    os.utime(path, (1e9, 1e9))
    fill(path)
    assert path.stat().st_mtime > 1.5e9


# Owner --------------------------------------------------------------------------------------


@needs_root
def test_root_leaves_the_workbook_and_its_history_to_her(path: Path) -> None:
    os.chown(path, ANNA, HER_GROUP)
    path.chmod(0o640)
    telling.remember(recalculate_file(path, RULES, TODAY), None)
    undo(path, RULES)
    assert path.stat().st_mode & 0o7777 == 0o640
    history = path.parent / ".clientbase"
    kept = [path, history, *history.iterdir()]
    assert len(kept) == 6
    assert {(one.stat().st_uid, one.stat().st_gid) for one in kept} == {(ANNA, HER_GROUP)}


@needs_root
def test_a_file_of_somebody_else_is_not_taken_from_them(open_path: Path) -> None:
    os.chown(open_path, ANNA, HER_GROUP)
    open_path.chmod(0o666)
    before = open_path.read_bytes()
    ended = faults.run(lambda: fill(open_path), user=NOBODY)
    assert ended.kind == "OwnerNotKept"
    assert ended.sentence == (
        "'base.xlsx' belongs to another user of this computer, who might not be able to open it "
        "any more; nothing was written. Start the program as that user."
    )
    assert open_path.read_bytes() == before
    assert (open_path.stat().st_uid, names(open_path.parent)) == (ANNA, [NAME])


@needs_root
@pytest.mark.parametrize(
    ("mode", "left"), [(0o664, 0o644), (0o660, 0o600), (0o606, 0o666), (0o640, 0o600)]
)
def test_another_group_may_do_no_more_than_everybody(open_path: Path, mode: int, left: int) -> None:
    os.chown(open_path, NOBODY, HER_GROUP)
    open_path.chmod(mode)
    assert faults.run(lambda: fill(open_path), user=NOBODY).kind == ""
    now = open_path.stat()
    assert (now.st_uid, now.st_gid, now.st_mode & 0o7777) == (NOBODY, NOBODY, left)


# Links --------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("is_relative", [True, False])
def test_a_link_to_the_workbook_stays_a_link(tmp_path: Path, is_relative: bool) -> None:
    (tmp_path / "hers").mkdir()
    (tmp_path / "desktop").mkdir()
    path = write(tmp_path / "hers" / NAME)
    before = path.read_bytes()
    link = tmp_path / "desktop" / "link.xlsx"
    link.symlink_to(Path("../hers") / NAME if is_relative else path)
    target = link.readlink()
    fill(link)
    assert path.read_bytes() != before
    assert link.readlink() == target
    assert names(link.parent) == ["link.xlsx"]
    assert names(path.parent) == [".clientbase", NAME]
    undo(link, RULES)
    assert link.readlink() == target
    assert path.read_bytes() == before
    assert names(link.parent) == ["link.xlsx"]


# Creation time ------------------------------------------------------------------------------


def test_on_macos_the_birth_is_moved_back_and_the_change_stays_now(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = path.with_name("copy.xlsx")
    born, times = 1_000_000_000.5, []
    flushed: list[int] = []
    marked: list[tuple[Path, int]] = []
    stat, utime = Path.stat, os.utime

    def with_birth(self: Path, **options: bool) -> object:
        real = stat(self, **options)
        facts = {name: getattr(real, name) for name in dir(real) if name.startswith("st_")}
        return SimpleNamespace(**facts, st_birthtime=born, st_flags=1)

    def noted(file: Path, *args: object, **options: object) -> None:
        times.append((file, *args, *options))
        utime(file, *args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "darwin")
        patched.setattr(Path, "stat", with_birth)
        patched.setattr(os, "utime", noted)
        patched.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
        patched.setattr(fcntl, "fcntl", lambda _file, what: flushed.append(what))
        patched.setattr(os, "chflags", lambda *args, **_: marked.append(args), raising=False)
        copied = disk.write_new(
            copy, b"new", finish=lambda at, new: disk.make_alike(at, new, path, path.stat())
        )
    assert marked == [(copied, 1)]
    assert flushed == [51]
    (at, birth), (last,) = times[-2:]
    assert (at, birth) == (last, (born, born))
    assert isinstance(last, int), "a descriptor"
    assert copied.stat().st_mtime > 1.5e9


class Win32:
    """What pywin32 is asked for, in its order; *refused* of it isn't there on the drive."""

    def __init__(self, refused: str = "") -> None:
        self.asked: list[tuple[object, ...]] = []
        self.refused = refused
        self.error = type("error", (Exception,), {})

    def call(self, name: str, gives: object = None) -> Callable[..., object]:
        """The function *name* of pywin32."""

        def function(*args: object) -> object:
            if name == self.refused:
                raise self.error
            self.asked.append((name, *args))
            return gives

        return function

    def modules(self) -> dict[str, ModuleType]:
        """The modules of pywin32 that are used."""
        handle = SimpleNamespace(Close=self.call("Close"))
        names: dict[str, dict[str, object]] = {
            "pywintypes": {"error": self.error},
            "win32con": {"GENERIC_WRITE": 1 << 30, "OPEN_EXISTING": 3},
            "win32file": {
                "GetFileAttributes": self.call("GetFileAttributes", 34),
                "SetFileAttributes": self.call("SetFileAttributes"),
                "CreateFile": self.call("CreateFile", handle),
                "SetFileTime": self.call("SetFileTime"),
            },
            "win32security": {
                "DACL_SECURITY_INFORMATION": 4,
                "GetFileSecurity": self.call("GetFileSecurity", "access list"),
                "SetFileSecurity": self.call("SetFileSecurity"),
            },
        }
        made = {name: ModuleType(name) for name in names}
        for name, functions in names.items():
            made[name].__dict__.update(functions)
        return made


@pytest.mark.parametrize("refused", ["", "SetFileSecurity", "SetFileAttributes", "SetFileTime"])
def test_on_windows_access_list_attributes_and_creation_time_are_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    copy = path.with_name("copy.xlsx")
    copy.write_bytes(b"new")
    born = dt.datetime.fromtimestamp(path.stat().st_ctime, dt.UTC)
    windows = Win32(refused)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "win32")
        for name, module in windows.modules().items():
            patched.setitem(sys.modules, name, module)
        disk.make_alike(-1, copy, path, path.stat())
    expected = [
        ("GetFileSecurity", str(path), 4),
        ("SetFileSecurity", str(copy), 4, "access list"),
        ("GetFileAttributes", str(path)),
        ("SetFileAttributes", str(copy), 34),
        ("CreateFile", str(copy), 1 << 30, 0, None, 3, 0, None),
        ("SetFileTime", SimpleNamespace, born, None, None),
        ("Close",),
    ]
    asked = [
        tuple(type(one) if isinstance(one, SimpleNamespace) else one for one in call)
        for call in windows.asked
    ]
    assert asked == [call for call in expected if call[0] != refused]
