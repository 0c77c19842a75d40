"""The single steps of saving, each of them durable when it returns."""

import contextlib
import datetime as dt
import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Final

from batch.saving import ours
from rules.errors import ClientBaseError
from words import _

_PRIVATE_FOLDER: Final = 0o700
_GROUP, _OTHERS = 0o070, 0o007
_PIECE: Final = 1 << 20
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
    """What a new content of the workbook *path* is named like while it is prepared."""
    return beside(path, path.suffix)


def history_folder(path: Path) -> Path:
    """Where the former versions of the workbook *path* and the receipts of its runs are kept."""
    return path.parent / ours.HISTORY


def in_history(path: Path, suffix: str) -> Path:
    """What a file of the history of the workbook *path* is named like while it is prepared."""
    return history_folder(path) / beside(path, suffix).name


def owner_of(path: Path) -> os.stat_result | None:
    """Whose the workbook *path* and its history are; None where it isn't there."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def left_copies(path: Path) -> list[Path]:
    """The new contents of the workbook *path* that killed runs left behind."""
    return ours.left_behind(temporary(path), owner_of(path))


def leftovers(path: Path) -> list[Path]:
    """All that killed runs on the workbook *path* left behind."""
    owner = owner_of(path)
    prepared = (
        temporary(path),
        beside(path, ".txt"),
        in_history(path, path.suffix),
        in_history(path, ".json"),
    )
    return [found for one in prepared for found in ours.left_behind(one, owner)]


def write_new(
    like: Path,
    content: bytes,
    mode: int = ours.PRIVATE,
    finish: Callable[[int, Path], None] = lambda _descriptor, _path: None,
    owner: os.stat_result | None = None,
) -> Path:
    """Write a new file, down to the disk, with a name *like* this that nobody knows before.

    finish: gives it its owner and rights while it is open, on Windows when it is closed. owner:
    whose the history is. Raises OSError; then there is no file.
    """
    path = ours.unguessable(like)
    try:
        with ours.created(path, mode, owner) as file:
            file.write(content)
            file.flush()
            if sys.platform != "win32":
                finish(file.fileno(), path)
            _flush(file.fileno())
        if sys.platform == "win32":
            finish(-1, path)
    except BaseException:
        with contextlib.suppress(OSError):  # the next run deletes it
            ours.remove(path, owner)
        raise
    return path


def cut(path: Path, length: int, owner: os.stat_result | None) -> None:
    """Shorten a file."""
    with ours.changed(path, owner) as file:
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


def replace(new: Path, path: Path) -> OSError | None:
    """Let *new* take the name *path* in one step.

    Gives the error of a computer that says it hasn't done so, and has: some network drives do.
    """
    facts = new.lstat()
    try:
        _replace(new, path)
    except OSError as error:
        if os.path.lexists(new) or not _is_file(path, facts):
            raise
        return error
    return None


def _is_file(path: Path, facts: os.stat_result) -> bool:
    """Whether *path* is the file of these *facts*."""
    try:
        return os.path.samestat(path.lstat(), facts)
    except OSError:
        return False


def _replace(new: Path, path: Path) -> None:
    with ours.place(new) as (name, at):
        if at is not None:
            os.replace(name, path.name, src_dir_fd=at, dst_dir_fd=at)
            return
    for _try in range(_TRIES if sys.platform == "win32" else 0):
        try:
            new.replace(path)
        except PermissionError:
            time.sleep(_PAUSE)
        else:
            return
    new.replace(path)


def write_whole(
    path: Path,
    content: bytes,
    like: Path,
    owner: os.stat_result | None,
    sources: Iterable[Path] | None = None,
) -> None:
    """Write a file in one step, prepared under a name *like* this, and read it back.

    Only the *owner* of the workbook, by default who runs this, may read it; where the *sources* of
    the content are given, those who may read them and new files. Raises OSError.
    """
    for left in ours.left_behind(like, owner):
        ours.remove(left, owner)

    def finish(descriptor: int, _path: Path) -> None:
        ours.give_to(descriptor, owner)
        narrow(descriptor, sources or ())

    mode = ours.PRIVATE if sources is None else 0o666
    new = write_new(like, content, mode, finish, owner)
    try:
        replace(new, path)
    finally:
        ours.remove(new, owner)
    flush_folder(path.parent)
    _check_read_back(path, content, owner)


def _check_read_back(path: Path, content: bytes, owner: os.stat_result | None) -> None:
    with contextlib.suppress(FileNotFoundError), ours.opened(path, owner) as file:
        if _holds(file, content):
            return
    with contextlib.suppress(OSError):
        ours.remove(path, owner)
    raise OSError(_("read back, it isn't what was written"))


def append(
    path: Path, content: bytes, is_ours: Callable[[bytes], bool], owner: os.stat_result
) -> None:
    """Append to a file of ours, down to the disk, and read it back. Raises OSError."""
    descriptor, is_new = ours.continued(path, is_ours, owner)
    with open(descriptor, "r+b") as file:  # noqa: PTH123
        start = file.seek(0, os.SEEK_END)
        file.write(content)
        file.flush()
        _flush(file.fileno())
        file.seek(start)
        if not _holds(file, content):
            raise OSError(_("read back, it isn't what was written"))
    if is_new:
        flush_folder(path.parent)


def _holds(file: BinaryIO, content: bytes) -> bool:
    """Whether the rest of a file is this content, looked at a megabyte at a time: there may be
    hundreds.
    """
    view = memoryview(content)
    pieces = (view[at : at + _PIECE] for at in range(0, len(view), _PIECE))
    return all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)


def private_folder(folder: Path, owner: os.stat_result) -> None:
    """Make a folder that only the *owner* of the workbook may look into.

    Raises NotOurs where it is a link, or, being the history, somebody else's; and OSError.
    """
    is_new = False
    with contextlib.suppress(FileExistsError):
        folder.mkdir(_PRIVATE_FOLDER)
        is_new = True
    if sys.platform == "win32":
        with ours.place(folder / "any"):
            pass
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        return
    descriptor = ours.folder(folder)
    try:
        if is_new:
            ours.give_to(descriptor, owner)
            flush_folder(folder.parent)
        facts = os.fstat(descriptor)
        if folder.name == ours.HISTORY and facts.st_uid != owner.st_uid:
            raise ours.NotOurs(folder, ours.STRANGE)
        if facts.st_mode & (_GROUP | _OTHERS):
            os.fchmod(descriptor, _PRIVATE_FOLDER)
    finally:
        os.close(descriptor)


def at_home(path: Path) -> Path:
    """*path* with the home folder in the place of ~; of somebody unknown it stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


# What a file's replacement takes over from it -----------------------------------------------


def make_alike(descriptor: int, copy: Path, path: Path, before: os.stat_result) -> None:
    """Give *copy*, open under this *descriptor*, the permissions, the owner and the creation time
    of *path*; *before*: what these are.

    Linux lets nobody set the time of creation. Raises OwnerNotKept where *path* belongs to somebody
    else, to whom the copy can't be given.
    """
    if sys.platform == "win32":
        shutil.copystat(path, copy)
        _keep_on_windows(copy, path, before.st_ctime)
        os.utime(copy)
        return
    _keep_owner(descriptor, path, before)
    if sys.platform == "linux":
        _keep_attributes(descriptor, path)
    mode = before.st_mode & 0o7777
    is_same_group = os.fstat(descriptor).st_gid == before.st_gid
    os.fchmod(descriptor, mode if is_same_group else _without_group(mode))
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):  # some drives keep none
            os.chflags(copy, before.st_flags, follow_symlinks=False)
        # A file is never younger than it was last changed: macOS moves its birth back.
        os.utime(descriptor, (before.st_birthtime, before.st_birthtime))
    os.utime(descriptor)


def _keep_owner(descriptor: int, path: Path, before: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    now = os.fstat(descriptor)
    if now.st_uid != before.st_uid:
        try:
            os.fchown(descriptor, before.st_uid, -1)
        except PermissionError:
            raise OwnerNotKept(path) from None
    if now.st_gid != before.st_gid:
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, -1, before.st_gid)


def _keep_attributes(descriptor: int, path: Path) -> None:
    """What Linux keeps beside a file, such as an access list, as far as the drive has it."""
    with contextlib.suppress(OSError):
        for name in os.listxattr(path):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(path, name))


def narrow(descriptor: int, sources: Iterable[Path]) -> None:
    """Let nobody else read or write a new file who may not do so with its *sources*, too.

    On Windows its folder says who may.
    """
    if sys.platform == "win32":
        return
    mine = os.fstat(descriptor)
    mode = mine.st_mode & 0o7777
    for source in sources:
        facts = source.stat()
        is_plain = facts.st_gid == mine.st_gid and not _has_access_list(source)
        theirs = facts.st_mode if is_plain else _without_group(facts.st_mode)
        mode &= theirs | ~(_GROUP | _OTHERS)
    if mode != mine.st_mode & 0o7777 and _has_access_list(descriptor):
        mode &= ~_GROUP  # which then stands for all that it names
    os.fchmod(descriptor, mode)


def _has_access_list(file: Path | int) -> bool:
    """Whether more is said of a file's rights than by its mode."""
    if sys.platform != "linux":
        return False
    with contextlib.suppress(OSError):
        return "system.posix_acl_access" in os.listxattr(file)
    return False


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
