"""Why an export can't be written, told in a sentence for its owner."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from batch.errors import reason_of
from rules.errors import ClientBaseError
from words import _, marked

_FULL: Final = marked("the disk is full")
_REFUSED: Final = marked("it, or its folder, is write-protected or open in another program")
_NO_FOLDER: Final = marked("a file stands where its folder should be")
_REASONS: Final[Mapping[int, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _REFUSED,
    errno.EACCES: _REFUSED,
    errno.EPERM: _REFUSED,
    errno.EIO: marked("the disk reports a fault"),
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
}
"""What the computer says, in words."""


class NoFolderError(ClientBaseError, ValueError):
    """Nobody said where the files belong."""

    says = marked(
        "Say in which folder the files are to be written: add --to phone, for "
        "example, or set export.folder in config.yaml."
    )


class NotOursError(ClientBaseError, FileExistsError):
    """A file stands in the way that no export has written."""

    path: Path
    says = marked(
        "There is a file '{file}' in '{folder}' already that this program didn't "
        "write. Move or rename it, or choose another folder; nothing was written."
    )


class NotExportedError(ClientBaseError, OSError):
    """The computer refused to write a file; what stood under its name is as it was."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path, self.reason = path, error
        known = _REASONS.get(error.errno or 0)
        reason = _(known) if known else reason_of(error)
        sentence = _(
            "'{file}' can't be written: {reason}. Mend that, and export again; your "
            "workbook isn't touched."
        )
        super().__init__(sentence.format(file=path, reason=reason))
        self.errno = error.errno
