# ruff: noqa: N818 - an error is named for what is wrong
"""Why a workbook can't be saved, each told in a sentence for its owner."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from batch.errors import FileInUse, reason_of
from rules.errors import ClientBaseError
from words import _, marked

_FULL: Final = marked("the disk is full")
_PROTECTED: Final = marked("the folder, or .clientbase in it, is write-protected")
_IN_THE_WAY: Final = marked(
    "a file '.clientbase' lies where a folder of that name is needed; rename it"
)
_REASONS: Final[Mapping[int, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _PROTECTED,
    errno.EACCES: _PROTECTED,
    errno.EPERM: _PROTECTED,
    errno.EIO: marked("the disk reports a fault"),
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
}
"""What the computer says, in words."""


class NotSaved(ClientBaseError, OSError):
    """The computer refused one of the steps of saving; the workbook is as it was."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        self.reason = error
        known = _REASONS.get(error.errno or 0)
        reason = _(known) if known else reason_of(error)
        super().__init__(
            _(
                "'{file}' can't be saved: {reason}. It is as it was. Mend that, and try again."
            ).format(file=path.name, reason=reason)
        )
        self.errno = error.errno

    def __str__(self) -> str:
        return str(self.args[0])


class OwnerNotKept(ClientBaseError, PermissionError):
    """The workbook belongs to somebody else, and would be lost to them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            _(
                "'{file}' belongs to another user of this computer, who might not be able to "
                "open it any more; nothing was written. Start the program as that user."
            ).format(file=self.path.name)
        )


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
        sentence = _(
            "'{file}' is being filled by another run of this program since {since} "
            "(process {process}). Wait until that is done, or let --wait 60 do so; "
            "nothing was written."
        ).format(file=self.path.name, since=self.since, process=self._process())
        if self.computer:
            sentence += " " + _(
                "If that computer is off by now, delete '{lock}' beside it."
            ).format(lock=self.file.name)
        return sentence

    def _process(self) -> str:
        known = (str(self.process or ""), self.computer)
        return ", ".join(one for one in known if one) or "?"
