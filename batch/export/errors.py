"""Why an export can't be written, told in a sentence for its owner."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from batch.errors import why_not_written
from rules.errors import ClientBaseError
from words import _, marked

_REFUSED: Final = marked("it, or its folder, is write-protected or open in another program")
_NO_FOLDER: Final = marked("a file stands where its folder should be")


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
        reason = why_not_written(error, _REFUSED, _NO_FOLDER)
        sentence = _(
            "'{file}' can't be written: {reason}. Mend that, and export again; your "
            "workbook isn't touched."
        )
        super().__init__(sentence.format(file=path, reason=reason))
        self.errno = error.errno
