# ruff: noqa: N818 - an error is named for what is wrong
"""Why a workbook can't be saved, each told in a sentence for its owner."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from batch.errors import FileInUse
from rules.errors import ClientBaseError

if TYPE_CHECKING:
    from rules.config.messages import Messages

_FULL: Final = ("the disk is full", "error_disk_full")
_PROTECTED: Final = (
    "the folder, or .clientbase in it, is write-protected",
    "error_folder_protected",
)
_IN_THE_WAY: Final = (
    "a file '.clientbase' lies where a folder of that name is needed; rename it",
    "error_in_the_way",
)
_REASONS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _PROTECTED,
    errno.EACCES: _PROTECTED,
    errno.EPERM: _PROTECTED,
    errno.EIO: ("the disk reports a fault", "error_disk_fault"),
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
}
"""What the computer says, in words, and the message that says it in her language."""


class NotSaved(ClientBaseError, OSError):
    """The computer refused one of the steps of saving; the workbook is as it was."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        self.reason = error
        super().__init__(self._sentence(_reason(error)[0]))
        self.errno = error.errno

    def __str__(self) -> str:
        return str(self.args[0])

    def _sentence(self, reason: str) -> str:
        return (
            f"'{self.path.name}' can't be saved: {reason}. It is as it was. "
            "Mend that, and try again."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        words, message = _reason(self.reason)
        reason = getattr(say, message) if message else words
        return say.error_not_saved.format(file=self.path.name, reason=reason)


def _reason(error: OSError) -> tuple[str, str]:
    """In words, and the message that says it; '' where there is none."""
    return _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))


class OwnerNotKept(ClientBaseError, PermissionError):
    """The workbook belongs to somebody else, and would be lost to them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"'{path.name}' belongs to another user of this computer, who might not be able to "
            "open it any more; nothing was written. Start the program as that user."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.error_owner_not_kept.format(file=self.path.name)


class AnotherRun(FileInUse):
    """Another run of this program is at work on the workbook.

    process: its number, None if unknown; computer: the other one where it runs, '' for this one;
    since: when it began, as hh:mm; file: the lock that says so.
    """

    def __init__(
        self, path: Path, process: int | None, computer: str, since: str, lock: Path
    ) -> None:
        super().__init__(path, "is being filled by another run of this program")
        self.process, self.computer, self.since, self.file = process, computer, since, lock
        sentence = (
            f"'{path.name}' is being filled by another run of this program since {since} "
            f"(process {self._process()}). Wait until that is done, or let --wait 60 do so; "
            "nothing was written."
        )
        if computer:
            sentence += f" If that computer is off by now, delete '{lock.name}' beside it."
        self.args = (sentence,)

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        sentence = say.error_another_run.format(
            file=self.path.name, since=self.since, process=self._process()
        )
        if self.computer:
            sentence += " " + say.error_another_run_lock.format(lock=self.file.name)
        return sentence

    def state(self, say: Messages) -> str:
        """In what way it is in use, in the words of *say*, to follow its name."""
        return say.waiting_run

    def _process(self) -> str:
        known = (str(self.process or ""), self.computer)
        return ", ".join(one for one in known if one) or "?"
