"""Why a run can't be taken back, told in a sentence for the workbook's owner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batch.saving import disk
from rules.errors import ClientBaseError

if TYPE_CHECKING:
    from rules.config.messages import Messages


class NothingToUndoError(ClientBaseError, LookupError):
    """No run on this workbook is known that wasn't taken back yet."""

    def __init__(self, path: Path, *, has_runs: bool) -> None:
        """has_runs: whether there are runs, all of them taken back already."""
        self.path, self.has_runs = path, has_runs
        folder = disk.history_folder(path).name
        super().__init__(
            f"'{path.name}': all its runs are undone already; 'clientbase log' lists them."
            if has_runs
            else f"'{path.name}': no run is known that could be undone. The receipts lie in the "
            f"folder {folder} beside the workbook, under its name; if you moved or renamed the "
            "workbook, put it back there first."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        if self.has_runs:
            return say.error_all_undone.format(file=self.path.name)
        return say.error_nothing_to_undo.format(
            file=self.path.name, folder=disk.history_folder(self.path).name
        )
