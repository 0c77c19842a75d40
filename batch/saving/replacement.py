"""The workbook's file replaced by its filled copy, or left exactly as it was.

The copy is written beside the workbook, flushed to the disk, read back and compared before it
takes the workbook's name in a single step. Whatever fails on the way, the workbook itself is
untouched.
"""

import contextlib
import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final, TypeAlias

from batch.book import Original
from batch.errors import FileInUse, NotVerified, WrongExtension, reason_of, why_not_written
from batch.saving import disk, ours
from batch.saving.inuse import CHANGED, check_free, check_unchanged, check_writable, in_use, real
from rules.errors import ClientBaseError
from words import _, marked

_PROTECTED: Final = marked("the folder, or .clientbase in it, is write-protected")
_IN_THE_WAY: Final = marked(
    "a file '.clientbase' lies where a folder of that name is needed; rename it"
)
Keeping: TypeAlias = Callable[[bytes], AbstractContextManager[object]]
"""Gets the new content; what it opens is open while the file is replaced, and told of a failure."""


class NotSaved(ClientBaseError, OSError):  # noqa: N818 — named for what is wrong
    """The computer refused one of the steps of saving; the workbook is as it was."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        self.reason = error
        reason = why_not_written(error, _PROTECTED, _IN_THE_WAY)
        super().__init__(
            _(
                "'{file}' can't be saved: {reason}. It is as it was. Mend that, and try again."
            ).format(file=path.name, reason=reason)
        )
        self.errno = error.errno

    def __str__(self) -> str:
        return str(self.args[0])


def told(fault: OSError | None) -> tuple[str, ...]:
    """What is to be told of a computer that says it hasn't replaced the file, and has."""
    if fault is None:
        return ()
    sentence = _(
        "The computer reported a fault while the new file took its place ({reason}), but it has: "
        "the file is filled, and the version before is kept. Look after the disk."
    )
    return (sentence.format(reason=reason_of(fault)),)


def save(
    package: Original,
    parts: dict[str, bytes],
    target: Path | None = None,
    *,
    verify: Callable[[Path], None] = lambda _copy: None,
    keeping: Keeping = nullcontext,
) -> OSError | None:
    """Write the workbook with these parts replaced; *parts* is emptied when the copy holds them,
    since of a large base they take up hundreds of megabytes.

    ``target``: the file to write, None for the workbook itself; nobody may read it who may not read
    the workbook. ``verify`` gets the new file's path before it takes its place and raises when
    something is wrong with it; it runs in another thread while ``keeping`` does its work.

    Gives the error of a computer that says it hasn't replaced the file, and has.

    Raises ``FileInUse`` when somebody has the workbook open or changed it meanwhile,
    ``NotVerified`` when the new file isn't what it should be, ``NotSaved`` for a full or write-
    protected disk. The workbook is then as it was.
    """
    path = package.path
    goal = real(path if target is None else target)
    if goal.suffix.lower() != path.suffix.lower():
        raise WrongExtension(goal, path.suffix.lower())
    check_free(goal)
    if goal.exists():
        check_writable(goal)

    def verified(copy: Path) -> None:
        package.check_copy(copy, parts)
        parts.clear()
        try:
            verify(copy)
        except NotVerified as error:
            raise NotVerified(path, error.detail) from error

    return replace_file(
        goal,
        package.copy_with(parts),
        read=package if _is_same(goal, path) else None,
        sources=(path,),
        verify=verified,
        keeping=keeping,
    )


def replace_file(
    goal: Path,
    content: bytes,
    *,
    read: Original | None,
    sources: Collection[Path],
    verify: Callable[[Path], None],
    keeping: Keeping,
) -> OSError | None:
    """Let the file *goal* have this *content*, in one step.

    ``read``: what the file was when the content was made, None where that is another file.
    ``sources``: what the content was made from. The rest is as with ``save``.
    """
    is_new = not goal.exists()

    def finish(descriptor: int, copy: Path) -> None:
        if not is_new:
            with ours.opened(goal) as file:
                before = os.fstat(file.fileno())
                if read is not None and before.st_uid != ours.me() and file.read() != read.content:
                    raise FileInUse(goal, CHANGED)  # its owner isn't whose the content is
            disk.make_alike(descriptor, copy, goal, before)
        if read is None:
            disk.narrow(descriptor, sources)

    with _told(goal, was_there=read is not None):
        mode = 0o666 if is_new else ours.PRIVATE
        temporary = disk.write_new(disk.temporary(goal), content, mode, finish)
        try:
            with ThreadPoolExecutor(max_workers=1) as side:
                verified = side.submit(verify, temporary)
                with keeping(content):
                    verified.result()
                    fault = _put(temporary, goal, read)
        finally:
            with contextlib.suppress(OSError):  # the next run deletes it
                ours.remove(temporary)
        disk.flush_folder(goal.parent)
    return fault


@contextlib.contextmanager
def _told(goal: Path, *, was_there: bool) -> Iterator[None]:
    """What the computer says, in the words of our errors."""
    try:
        yield
    except ClientBaseError:
        raise
    except OSError as error:
        if was_there and not goal.exists():
            raise FileInUse(goal, marked("was moved or deleted during the calculation")) from None
        raise NotSaved(goal, error) from error


def _put(temporary: Path, goal: Path, read: Original | None) -> OSError | None:
    """Give the copy its name, where nobody has touched the workbook meanwhile."""
    check_free(goal)
    if read is not None:
        check_unchanged(read)
    try:
        return disk.replace(temporary, goal)
    except PermissionError as error:
        raise in_use(goal, error) from None


def _is_same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute() or (
        one.exists() and other.exists() and one.samefile(other)
    )
