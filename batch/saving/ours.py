"""The one door to the files that this program keeps for itself, in folders where others may write.

None of them is opened through a link, waited for as a pipe would be, or taken for ours because of
its name. The folder of the history is opened first, and its files from there, so that nobody can
put another one in its place in between. Windows can't do that: there both are looked at before.
"""

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from rules.errors import ClientBaseError
from words import _, marked

HISTORY: Final = ".clientbase"
PRIVATE: Final = 0o600
_PLAIN: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
_MORE: Final = os.O_RDWR | os.O_APPEND
_HEAD: Final = 64
"""Whether a file is ours is told by so many of its first bytes."""
_WINDOWS_LINKS: Final = frozenset((0xA0000003, 0xA000000C))
"""The tags of junctions and symbolic links; files that a cloud keeps have others."""
_LINK: Final = marked("is a link")
_ODD: Final = marked("is no ordinary file")
STRANGE: Final = marked("belongs to another user of this computer")
OTHER: Final = marked("holds something else")


class NotOurs(ClientBaseError, OSError):  # noqa: N818 — named for what is wrong
    """Something else stands where this program keeps a file, or a folder, of its own."""

    def __init__(self, path: Path, found: str) -> None:
        self.path, self.found = path, found
        sentence = _(
            "'{file}' in the folder '{folder}' {found}, where this program keeps something of its "
            "own; it was left alone. Find out who put it there, and move it away."
        )
        facts = {"file": path.name, "folder": path.absolute().parent, "found": _(found)}
        super().__init__(sentence.format(**facts))


def me() -> int:
    """The number of the user who runs this; Windows has none."""
    return os.geteuid() if sys.platform != "win32" else 0


def folder(path: Path, owner: os.stat_result | None = None) -> int:
    """A descriptor of a folder of ours, which belongs to the *owner*. Raises NotOurs, OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        _check_no_link(path)
        raise
    if owner is not None and os.fstat(descriptor).st_uid != owner.st_uid:
        os.close(descriptor)
        raise NotOurs(path, STRANGE)
    return descriptor


@contextlib.contextmanager
def place(
    path: Path, owner: os.stat_result | None = None
) -> Iterator[tuple[Path | str, int | None]]:
    """How *path* is to be named, and from which folder; *owner*: whose the history has to be."""
    if path.parent.name != HISTORY:
        yield path, None
    elif sys.platform == "win32":
        _check_no_link(path.parent)
        yield path, None
    else:
        descriptor = folder(path.parent, owner)
        try:
            yield path.name, descriptor
        finally:
            os.close(descriptor)


def is_link(path: Path) -> bool:
    """Whether it is a link, on Windows also one from folder to folder. Raises OSError."""
    facts = path.lstat()
    return stat.S_ISLNK(facts.st_mode) or getattr(facts, "st_reparse_tag", 0) in _WINDOWS_LINKS


def _check_no_link(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if is_link(path):
            raise NotOurs(path, _LINK)


def _descriptor(
    path: Path, flags: int, owner: os.stat_result | None = None, *, follows: bool = False
) -> int:
    """A descriptor of the file *path*. Raises NotOurs for what isn't a file, and OSError."""
    with place(path, owner) as (name, at):
        if sys.platform == "win32" and not follows:
            _check_no_link(path)
        try:
            flags |= _PLAIN if follows else _PLAIN | _NO_LINK
            found = os.open(name, flags, PRIVATE, dir_fd=at)
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO}:
                raise NotOurs(path, _LINK if error.errno == errno.ELOOP else _ODD) from None
            raise
    mode = os.fstat(found).st_mode
    if not stat.S_ISREG(mode) and not (flags & os.O_APPEND and stat.S_ISCHR(mode)):
        os.close(found)
        raise NotOurs(path, _ODD)
    return found


def opened(path: Path, owner: os.stat_result | None = None, *, follows: bool = False) -> BinaryIO:
    """A file of ours, to be read; *follows*: one of hers, which may be a link to it.

    Raises NotOurs, OSError.
    """
    return open(_descriptor(path, os.O_RDONLY, owner, follows=follows), "rb")


def read(path: Path, owner: os.stat_result | None = None, *, follows: bool = False) -> bytes:
    """What a file holds, opened like that. Raises NotOurs, OSError."""
    with opened(path, owner, follows=follows) as file:
        return file.read()


def names(folder: Path, owner: os.stat_result | None = None) -> list[str]:
    """The files in a folder of ours. Raises NotOurs, OSError."""
    with place(folder / "any", owner) as (_name, at):
        return os.listdir(folder if at is None else at)  # noqa: PTH208 — a descriptor


def begins_with(path: Path, mark: bytes) -> bool:
    """Whether *path* is a file that begins like this. Raises OSError where it can't be read."""
    try:
        with opened(path) as file:
            return file.read(len(mark)) == mark
    except (FileNotFoundError, NotADirectoryError, NotOurs):
        return False


def created(path: Path, mode: int = PRIVATE, owner: os.stat_result | None = None) -> BinaryIO:
    """A new file, which nobody had before. Raises FileExistsError and other OSErrors."""
    with place(path, owner) as (name, at):
        descriptor = os.open(name, _NEW | _PLAIN, mode, dir_fd=at)
    return open(descriptor, "wb")  # noqa: PTH123


def changed(path: Path, owner: os.stat_result | None = None) -> BinaryIO:
    """A file of ours, to be changed. Raises NotOurs, OSError."""
    return open(_descriptor(path, os.O_RDWR, owner), "r+b")


def continued(
    path: Path, is_ours: Callable[[bytes], bool], owner: os.stat_result | None = None
) -> tuple[int, bool]:
    """A descriptor that writes at the end of a file, and whether that is new: then it is its
    *owner*'s alone, by default ours.

    is_ours: told how the file begins, if there is anything in it. A device, which only root can
    make, is taken as it is. Raises NotOurs, OSError.
    """
    try:
        found = _descriptor(path, _MORE | os.O_CREAT | os.O_EXCL, owner)
    except FileExistsError:
        found = _descriptor(path, _MORE, owner)
    else:
        give_to(found, owner)
        return found, True
    why = _why_not(found, is_ours, me() if owner is None else owner.st_uid)
    if why:
        os.close(found)
        raise NotOurs(path, why)
    return found, False


def _why_not(descriptor: int, is_ours: Callable[[bytes], bool], uid: int) -> str:
    """Why a file isn't one of ours of this user; '' where it is."""
    facts = os.fstat(descriptor)
    if stat.S_ISCHR(facts.st_mode):
        return ""
    if sys.platform != "win32" and facts.st_uid != uid:
        return STRANGE
    head = os.read(descriptor, _HEAD)
    return OTHER if head and not is_ours(head) else ""


def give_to(descriptor: int, owner: os.stat_result | None) -> None:
    """Make a file belong to the *owner*, where the program runs for somebody else."""
    if sys.platform == "win32" or owner is None:
        return
    facts = os.fstat(descriptor)
    if (facts.st_uid, facts.st_gid) != (owner.st_uid, owner.st_gid):
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, owner.st_uid, owner.st_gid)


def remove(path: Path, owner: os.stat_result | None = None) -> None:
    """Delete a file; one that isn't there is none."""
    with contextlib.suppress(FileNotFoundError), place(path, owner) as (name, at):
        os.unlink(name, dir_fd=at)


# Names of files that are being prepared ------------------------------------------------------


def unguessable(path: Path) -> Path:
    """A name like that of *path* that nobody can have taken before."""
    return path.with_name(f"{path.stem}-{secrets.token_hex(16)}{path.suffix}")


def left_behind(path: Path, owner: os.stat_result | None = None) -> list[Path]:
    """The files that were named like that by runs that were killed, as far as they are ours."""
    name = re.compile(rf"{re.escape(path.stem)}(?:-[0-9a-f]{{32}})?{re.escape(path.suffix)}")
    owners = {me(), *([owner.st_uid] if owner else ())}
    try:
        found = filter(name.fullmatch, names(path.parent, owner))
        return [path.with_name(one) for one in found if _is_of(path.with_name(one), owners)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_of(path: Path, owners: set[int]) -> bool:
    """Whether *path* is an ordinary file of one of the *owners*."""
    try:
        with place(path) as (name, at):
            facts = os.stat(name, dir_fd=at, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_uid in owners
