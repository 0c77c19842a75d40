"""Why an export can't be written, told in a sentence for its owner."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rules.errors import ClientBaseError

if TYPE_CHECKING:
    from rules.config.messages import Messages

_FULL: Final = ("the disk is full", "error_disk_full")
_REFUSED: Final = (
    "it, or its folder, is write-protected or open in another program",
    "error_export_protected",
)
_NO_FOLDER: Final = ("a file stands where its folder should be", "error_export_in_the_way")
_REASONS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _REFUSED,
    errno.EACCES: _REFUSED,
    errno.EPERM: _REFUSED,
    errno.EIO: ("the disk reports a fault", "error_disk_fault"),
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
}
"""What the computer says, in words, and the message that says it in her language."""


class NoFolderError(ClientBaseError, ValueError):
    """Nobody said where the files belong."""

    def __init__(self) -> None:
        super().__init__(
            "Say in which folder the files are to be written: add --to phone, for example, or set "
            "export.folder in config.yaml."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.error_export_no_folder


class NotOursError(ClientBaseError, FileExistsError):
    """A file stands in the way that no export has written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is a file '{path.name}' in '{path.parent}' already that this program didn't "
            "write. Move or rename it, or choose another folder; nothing was written."
        )

    def __str__(self) -> str:
        return str(self.args[0])

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.error_export_not_ours.format(file=self.path.name, folder=self.path.parent)


class NotExportedError(ClientBaseError, OSError):
    """The computer refused to write a file; what stood under its name is as it was."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path, self.reason = path, error
        super().__init__(
            f"'{path}' can't be written: {self._words()[0]}. Mend that, and export again; your "
            "workbook isn't touched."
        )
        self.errno = error.errno

    def __str__(self) -> str:
        return str(self.args[0])

    def _words(self) -> tuple[str, str]:
        error = self.reason
        return _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        words, message = self._words()
        reason = getattr(say, message) if message else words
        return say.error_export_refused.format(file=self.path, reason=reason)
