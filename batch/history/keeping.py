"""The version before and the receipt of a run, kept while the workbook is replaced."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from batch.history import receipts, versions
from batch.history.receipts import Receipt
from batch.saving import disk
from rules.config.settings import Backups


class Keeper:
    """Keeps what the workbook was, and what a run did to it, where the run does replace it.

    backup: the file with the version before; after: the hash of what the workbook became. Both
    are None until then.
    """

    def __init__(
        self,
        workbook: Path,
        backups: Backups,
        now: dt.datetime,
        receipt: Callable[[int], Receipt] | None = None,
    ) -> None:
        """receipt: makes the run's receipt of its number, hashes and backup still open; without
        it none is written.
        """
        self.workbook = workbook
        self.backups = backups
        self.now = now
        self.receipt = receipt
        self.backup: Path | None = None
        self.after: str | None = None

    @contextlib.contextmanager
    def __call__(self, content: bytes) -> Iterator[None]:
        """Write both, and take them back where the workbook doesn't become *content*.

        Of a workbook that isn't there yet nothing is kept.
        """
        if not self.workbook.exists():
            yield
            return
        former = self.workbook.read_bytes()
        known = [version.path for version in versions.versions(self.workbook)]
        size = receipts.size(self.workbook)
        try:
            owner = self.workbook.stat()
            self.backup = versions.keep(self.workbook, former, self.now, owner)
            self.write_receipt(former, content)
            yield
        except BaseException:
            with contextlib.suppress(OSError):
                if not self._is(content):
                    self._take_back(known, size)
            raise
        with contextlib.suppress(OSError):
            versions.thin_out(self.workbook, self.backups, self.backup)
            receipts.thin_out(self.workbook, owner)

    def write_receipt(self, former: bytes, content: bytes) -> None:
        """Write the receipt of a run that makes *content* of the *former* one."""
        before, self.after = (hashlib.sha256(one).hexdigest() for one in (former, content))
        if self.receipt is None:
            return
        receipt = self.receipt(receipts.number_after(self.workbook))
        name = self.backup.name if self.backup else ""
        whole = receipt._replace(before=before, after=self.after, backup=name)
        receipts.append(self.workbook, whole, self.workbook.stat())

    def _is(self, content: bytes) -> bool:
        """Whether the workbook is *content* now; one that was moved away meanwhile isn't."""
        return self.workbook.exists() and self.workbook.read_bytes() == content

    def _take_back(self, known: list[Path], size: int) -> None:
        """Leave the folder as it was: the versions *known*, and receipts of this *size*."""
        if receipts.size(self.workbook) > size:
            receipts.withdraw(self.workbook, size)
        if self.backup is not None and self.backup not in known and self.workbook.exists():
            self.backup.unlink()
        disk.history_folder(self.workbook).rmdir()
