# ruff: noqa: N818 - an error is named for what is wrong
"""Why Excel's side of the installation can't be set up, each in a sentence for its owner."""

from __future__ import annotations

from pathlib import Path

from batch.errors import FileInUse
from batch.installation.typed import command
from rules.errors import ClientBaseError
from words import _, marked


class ExcelHoldsFile(FileInUse):
    """Excel runs and keeps a file locked that has to be replaced or removed."""

    def __init__(self, path: Path) -> None:
        self.path, self.found, self.owner, self.lock = path, _("is loaded in Excel"), None, None
        # FileInUse speaks of "the other program"; here it is known to be Excel.
        sentence = _(
            "'{file}' is loaded in Excel. Close Excel, all its windows, and try again; "
            "nothing was changed."
        )
        super(FileInUse, self).__init__(sentence.format(file=path.name))


class ExcelNeverStarted(ClientBaseError, FileNotFoundError):
    """macOS has made no folder for Excel yet, and only Excel itself may have it made."""

    container: Path
    says = marked(
        "Excel has no folder of its own on this Mac yet ({container}). Start Excel once, "
        "quit it, and try again; nothing was changed."
    )


class UnfitForSettings(ClientBaseError, ValueError):
    """A path that can't stand in the settings as Excel reads them."""

    key: str
    value: str
    letters: str
    says = marked(
        "Excel on this computer can't read the characters '{letters}' in the path {value} "
        "(its setting {key}). Install this program in a folder with Latin letters only, "
        "such as C:\\clientbase, and try again; nothing was changed."
    )


class RecordUnreadable(ClientBaseError, ValueError):
    """The record of an earlier set-up is damaged, so that it can't be undone."""

    path: Path
    says = marked(
        "The record of the earlier set-up can't be read: {path}. The files that stood "
        "before lie beside it; save them if you need them, delete that folder and run once more: "
        "{command}"
    )

    def facts(self) -> dict[str, object]:
        """The command, too."""
        return {**super().facts(), "command": command("setup")}
