"""Why a run can't be taken back, told in a sentence for the workbook's owner."""

from __future__ import annotations

from pathlib import Path

from batch.saving import disk
from rules.errors import ClientBaseError
from words import _


class NothingToUndoError(ClientBaseError, LookupError):
    """No run on this workbook is known that wasn't taken back yet."""

    def __init__(self, path: Path, *, has_runs: bool) -> None:
        """has_runs: whether there are runs, all of them taken back already."""
        self.path, self.has_runs = path, has_runs
        if has_runs:
            sentence = _("'{file}': all its runs are undone already; 'clientbase log' lists them.")
        else:
            sentence = _(
                "'{file}': no run is known that could be undone. The receipts lie in the "
                "folder {folder} beside the workbook, under its name; if you moved or "
                "renamed the workbook, put it back there first."
            )
        folder = disk.history_folder(path).name
        super().__init__(sentence.format(file=path.name, folder=folder))
