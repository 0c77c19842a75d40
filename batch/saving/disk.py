"""The single steps of saving, each of them durable when it returns."""

import contextlib
import datetime as dt
import errno
import hashlib
import os
import shutil
import stat
import sys
import time
from pathlib import Path
from typing import Final

from rules.errors import ClientBaseError
from words import _

PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_GROUP, _OTHERS = 0o070, 0o007
_BINARY: Final = getattr(os, "O_BINARY", 0)
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_APPEND: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY
_TRIES: Final = 20
_PAUSE: Final = 0.1
"""On Windows a virus scanner or OneDrive may hold a file for a moment."""


class OwnerNotKept(ClientBaseError, PermissionError):  # noqa: N818 — named for what is wrong
    """The workbook belongs to somebody else, and would be lost to them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            _(
                "'{file}' belongs to another user of this computer, who might not be able to "
                "open it any more; nothing was written. Start the program as that user."
            ).format(file=self.path.name)
        )


def beside(path: Path, suffix: str) -> Path:
    """Where this program keeps something of its own beside *path* while it works on it.

    The name is always the same one, so that the next run finds what a killed one left behind.
    """
    mark = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]
    return path.with_name(f".clientbase-{mark}{suffix}")


def temporary(path: Path) -> Path:
    """Where a new content of the workbook *path* is prepared."""
    return beside(path, path.suffix)


def history_folder(path: Path) -> Path:
    """Where the former versions of the workbook *path* and the receipts of its runs are kept."""
    return path.parent / ".clientbase"


def in_history(path: Path, suffix: str) -> Path:
    """Where a file of the history of the workbook *path* is prepared."""
    return history_folder(path) / beside(path, suffix).name


def leftovers(path: Path) -> list[Path]:
    """All that a run on the workbook *path* prepares, and leaves behind when it is killed."""
    return [
        temporary(path),
        beside(path, ".txt"),
        in_history(path, path.suffix),
        in_history(path, ".json"),
    ]


def write_flushed(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a new file, down to the disk. Raises OSError, and then there may be half a file."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, _NEW, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 — a descriptor, for its mode
        file.write(content)
        file.flush()
        _flush(file.fileno())


def cut(path: Path, length: int) -> None:
    """Shorten a file."""
    with path.open("r+b") as file:
        file.truncate(length)
        _flush(file.fileno())


def flush_folder(folder: Path) -> None:
    """Make a rename durable; some network drives don't allow it."""
    with contextlib.suppress(OSError):
        _flush_path(folder)


def _flush_path(path: Path) -> None:
    """Bring down to the disk what is known of *path*; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)


def _flush(descriptor: int) -> None:
    """Bring a file down to the disk; macOS leaves it in the disk's own memory if not told so."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 — Windows has none

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def replace(new: Path, path: Path) -> None:
    """Let *new* take the name *path* in one step."""
    for _try in range(_TRIES if sys.platform == "win32" else 0):
        try:
            new.replace(path)
        except PermissionError:
            time.sleep(_PAUSE)
        else:
            return
    new.replace(path)


def write_whole(path: Path, content: bytes, new: Path, owner: os.stat_result) -> None:
    """Write a file in one step, prepared as *new*: only the *owner* of the workbook may read it."""
    try:
        write_flushed(new, content)
        _give_to(new, owner)
        replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    flush_folder(path.parent)


def append(path: Path, content: bytes, owner: os.stat_result) -> None:
    """Append to a file of ours, down to the disk."""
    is_new = not path.exists()
    with open(appending(path), "ab") as file:
        file.write(content)
        file.flush()
        _flush(file.fileno())
    if is_new:
        _give_to(path, owner)
        flush_folder(path.parent)


def appending(path: Path) -> int:
    """A descriptor that writes at the end of *path*: a new file is its owner's alone at once."""
    return os.open(path, _APPEND, PRIVATE)


def private_folder(folder: Path, owner: os.stat_result) -> None:
    """Make a folder that only the *owner* of the workbook may look into."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(_PRIVATE_FOLDER)
        _give_to(folder, owner)
        flush_folder(folder.parent)
    facts = folder.lstat()
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    is_open = facts.st_mode & (_GROUP | _OTHERS)
    if sys.platform != "win32" and is_open and stat.S_ISDIR(facts.st_mode):
        folder.chmod(_PRIVATE_FOLDER)


def at_home(path: Path) -> Path:
    """*path* with the home folder in the place of ~; of somebody unknown it stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _give_to(path: Path, owner: os.stat_result) -> None:
    """Make *path* belong to the *owner*, where the program runs for somebody else."""
    if sys.platform == "win32":
        return
    if (path.stat().st_uid, path.stat().st_gid) != (owner.st_uid, owner.st_gid):
        with contextlib.suppress(PermissionError):
            os.chown(path, owner.st_uid, owner.st_gid)


# What a file's replacement takes over from it -----------------------------------------------


def make_alike(copy: Path, path: Path) -> None:
    """Give *copy* the permissions, the owner and the creation time of *path*.

    Linux lets nobody set the time of creation. Raises OwnerNotKept where *path* belongs to somebody
    else, to whom the copy can't be given.
    """
    before = path.stat()
    _keep_owner(copy, path, before)
    shutil.copystat(path, copy)
    if sys.platform == "win32":
        _keep_on_windows(copy, path, before.st_ctime)
    elif sys.platform == "darwin":
        # A file is never younger than it was last changed: macOS moves its birth back.
        os.utime(copy, (before.st_birthtime, before.st_birthtime))
    if sys.platform != "win32" and copy.stat().st_gid != before.st_gid:
        copy.chmod(_without_group(before.st_mode))
    os.utime(copy)
    _flush_path(copy)


def _keep_owner(copy: Path, path: Path, before: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    if copy.stat().st_uid != before.st_uid:
        try:
            os.chown(copy, before.st_uid, -1)
        except PermissionError:
            raise OwnerNotKept(path) from None
    if copy.stat().st_gid != before.st_gid:
        with contextlib.suppress(PermissionError):
            os.chown(copy, -1, before.st_gid)


def _without_group(mode: int) -> int:
    """The permissions for a group that isn't the one they were given to: those of everybody."""
    return mode & 0o7777 & ~_GROUP | (mode & _OTHERS) << 3


def _keep_on_windows(copy: Path, path: Path, born: float) -> None:
    """Access list, attributes and creation time, as far as the drive has them.

    pywin32 comes with xlwings.
    """
    import pywintypes  # noqa: PLC0415 — exists on Windows only
    import win32con  # noqa: PLC0415
    import win32file  # noqa: PLC0415
    import win32security  # noqa: PLC0415

    access = win32security.DACL_SECURITY_INFORMATION
    with contextlib.suppress(pywintypes.error):
        security = win32security.GetFileSecurity(str(path), access)
        win32security.SetFileSecurity(str(copy), access, security)
    with contextlib.suppress(pywintypes.error):
        win32file.SetFileAttributes(str(copy), win32file.GetFileAttributes(str(path)))
    with contextlib.suppress(pywintypes.error):
        handle = win32file.CreateFile(
            str(copy), win32con.GENERIC_WRITE, 0, None, win32con.OPEN_EXISTING, 0, None
        )
        try:
            win32file.SetFileTime(handle, dt.datetime.fromtimestamp(born, dt.UTC), None, None)
        finally:
            handle.Close()
