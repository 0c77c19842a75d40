"""Whether somebody else is at work on a workbook, and keeping others out meanwhile."""

import contextlib
import datetime as dt
import errno
import hashlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import unquote

from filelock import SoftFileLock, Timeout

from batch.book import Original
from batch.errors import FileInUse
from batch.saving import disk, ours
from words import _, marked

T = TypeVar("T")

_EXCEL_OWNER_LENGTH: Final = 54
_SHARING_VIOLATION: Final = 32
CHANGED: Final = marked("was changed by another program during the calculation")
_PAUSE: Final = 0.5
"""Seconds between two tries."""
_LOOKS: Final = 3


class AnotherRun(FileInUse):
    """Another run of this program is at work on the workbook.

    process: its number, None if unknown; computer: the other one where it runs, '' for this one;
    since: when it began, as hh:mm; file: the lock that says so.
    """

    def __init__(
        self, path: Path, process: int | None, computer: str, since: str, lock: Path
    ) -> None:
        self.process, self.computer, self.since, self.file = process, computer, since, lock
        super().__init__(path, marked("is being filled by another run of this program"))

    def sentence(self) -> str:
        """Since when, by which process, and what to do."""
        process = ", ".join(one for one in (str(self.process or ""), self.computer) if one) or "?"
        sentence = _(
            "'{file}' is being filled by another run of this program since {since} "
            "(process {process}). Wait until that is done, or let --wait 60 do so; "
            "nothing was written."
        ).format(file=self.path.name, since=self.since, process=process)
        if self.computer:
            advice = _("If that computer is off by now, delete '{lock}' beside it.")
            sentence += " " + advice.format(lock=self.file.name)
        return sentence


def patiently(
    act: Callable[[], T], seconds: float, waiting: Callable[[FileInUse], None] = lambda _error: None
) -> T:
    """What *act* gives, tried again while the file is in use, for *seconds* at most.

    waiting: told once why it has to wait. Raises the last FileInUse when the time is over.
    """
    end = time.monotonic() + seconds
    is_told = False
    while True:
        try:
            return act()
        except FileInUse as error:
            left = end - time.monotonic()
            if left <= 0:
                raise
            if not is_told:
                waiting(error)
            is_told = True
        time.sleep(min(_PAUSE, left))


@contextlib.contextmanager
def held(path: Path, settle: Callable[[str], None]) -> Iterator[None]:
    """Keep other runs of this program away from *path*; what a killed run left there is cleared.

    settle: told before that the hash of what such a run didn't come to put in the place of *path*.
    A small lock file beside the workbook names the process; that of a process that no longer runs
    doesn't count. Raises AnotherRun when the file is taken.
    Where no lock file can be written, nothing can be saved either, which whoever saves will tell.
    """
    file = disk.beside(path, ".lock")
    if not file.parent.is_dir():
        yield  # the lock would make the folder
        return
    lock = SoftFileLock(file)
    _clear_torn(lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _another_run(path, lock) from None
    except OSError:
        yield
        return
    try:
        with contextlib.suppress(OSError):
            for copy in disk.left_copies(path):
                settle(_hash(copy))
            _clear_leftovers(path, file)
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.release()


def _clear_torn(lock: SoftFileLock) -> None:
    """Delete a lock file that names no process: whoever made it was killed in that moment.

    A run that makes it right now has written its name there long before the last look.
    """
    first = _torn(lock)
    for _look in range(_LOOKS):
        if first is None or _torn(lock) != first:
            return
        time.sleep(_PAUSE)
    if _torn(lock) == first:
        lock.break_lock()


def _torn(lock: SoftFileLock) -> tuple[int, int] | None:
    """Which file it is, and when it was written, if it is torn."""
    try:
        with ours.opened(Path(lock.lock_file)) as file:
            facts = os.fstat(file.fileno())
    except OSError:
        return None  # not there, or somebody else's
    return (facts.st_ino, facts.st_mtime_ns) if lock.pid is None else None


def is_left_unfinished(path: Path) -> bool:
    """Whether a run on *path* goes on, or was killed and left something behind."""
    return os.path.lexists(disk.beside(path, ".lock")) or bool(disk.leftovers(path))


def _hash(copy: Path) -> str:
    return hashlib.sha256(ours.read(copy)).hexdigest()


def _clear_leftovers(path: Path, lock: Path) -> None:
    """Delete what killed runs left behind; the lock sets files aside as it takes over another."""
    aside = lock.parent.glob(f"{lock.name}.*")
    for leftover in (*disk.leftovers(path), *aside):
        ours.remove(leftover)


def _another_run(path: Path, lock: SoftFileLock) -> AnotherRun:
    """Who holds the lock: the file's lines are the process and, as ASCII, the computer's name."""
    file, since, computer = Path(lock.lock_file), "?", ""
    with contextlib.suppress(OSError):
        began = file.stat().st_mtime
        since = dt.datetime.fromtimestamp(began).astimezone().strftime("%H:%M")
        lines = ours.read(file).decode("utf-8", "replace").splitlines()
        computer = "".join(lines[1:2])
    computer = unquote(computer.replace("?", "%"))
    elsewhere = "" if computer == platform.node() else computer
    return AnotherRun(path, lock.pid, elsewhere, since, file)


def real(path: Path) -> Path:
    """The file itself, where *path* is a link to it: its folder has the locks and the history."""
    with contextlib.suppress(OSError, RuntimeError):  # whoever opens it will tell
        if path.is_symlink() or not path.name:
            return path.resolve()
    return path


def check_free(path: Path) -> None:
    """Raise ``FileInUse``, with the holder's name if known, when somebody has the file open.

    Excel and LibreOffice each put a small owner file beside a workbook that they have open; other
    programs may keep the file itself locked.
    """
    if not path.name:
        return  # "." and the like; whoever reads it says that it is a folder
    excel = path.with_name(f"~${path.name}")
    if excel.exists():
        raise FileInUse(path, marked("is open in Excel"), _excel_owner(excel), excel)
    office = path.with_name(f".~lock.{path.name}#")
    if office.exists():
        raise FileInUse(path, marked("is open in LibreOffice"), _libreoffice_owner(office), office)


def _excel_owner(lock: Path) -> str | None:
    """Name in an owner file of Excel: its length, then the name in one byte a letter."""
    try:
        content = ours.read(lock)
    except OSError:
        return None
    wide = content[_EXCEL_OWNER_LENGTH + 1 :]
    if len(wide) >= 2 and 0 < wide[0] <= _EXCEL_OWNER_LENGTH:
        name = wide[2 : 2 + 2 * wide[0]].decode("utf-16-le", "ignore")
        if name.strip("\0 "):
            return name.strip("\0 ")
    length = content[0] if content else 0
    if not 0 < length <= _EXCEL_OWNER_LENGTH:
        return None
    return content[1 : 1 + length].decode("latin-1").strip("\0 ") or None


def _libreoffice_owner(lock: Path) -> str | None:
    """Name in a lock file of LibreOffice: name, login, computer, time and profile, by commas."""
    try:
        text = ours.read(lock).decode("utf-8", "replace")
        fields = text.strip().rstrip(";").split(",")
    except OSError:
        return None
    return next((one.strip() for one in fields[:2] if one.strip()), None)


def check_writable(path: Path) -> None:
    """Raise ``FileInUse`` when the file can't be written: on Windows a program that has it open
    keeps others from doing so, elsewhere it locks the file.
    """
    try:
        with path.open("r+b") as file:
            is_locked = _is_locked(file.fileno())
    except PermissionError as error:
        raise in_use(path, error) from None
    if is_locked:
        raise FileInUse(path, marked("is open in another program"))


def _is_locked(descriptor: int) -> bool:
    """Whether another process holds a lock on the file, of whichever kind."""
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415 — Windows has none

    for lock in (fcntl.flock, fcntl.lockf):
        try:
            lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return True
        else:
            lock(descriptor, fcntl.LOCK_UN)
    return False


def in_use(path: Path, error: OSError) -> FileInUse:
    """What a refused access to *path* means."""
    if getattr(error, "winerror", None) == _SHARING_VIOLATION:
        return FileInUse(path, marked("is open in another program"))
    return FileInUse(
        path, marked("can't be written: it is write-protected or open in another program")
    )


def check_unchanged(package: Original) -> None:
    """Raise ``FileInUse`` when the file isn't any more the one that was read."""
    path = package.path
    try:
        content = ours.read(path, follows=True)
    except FileNotFoundError:
        raise FileInUse(path, marked("was moved or deleted during the calculation")) from None
    except PermissionError as error:
        raise in_use(path, error) from None
    if hashlib.sha256(content).hexdigest() != package.sha256:
        raise FileInUse(path, CHANGED)
