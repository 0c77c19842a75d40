"""The former versions of a workbook, in the folder ``.clientbase`` beside it; one of them, and the
receipt of a run, are kept while the workbook is replaced.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from batch.history import receipts
from batch.history.receipts import Receipt
from batch.saving import disk, ours
from rules.config.settings import Backups


class KeptVersion(NamedTuple):
    """A former version: when it was replaced (local time, as text that sorts), and its file."""

    moment: str
    number: int
    path: Path

    @property
    def month(self) -> str:
        """Year and month, as 2026-03."""
        return self.moment[:7]


def versions(workbook: Path) -> list[KeptVersion]:
    """The former versions of *workbook*, the newest first."""
    folder, owner = disk.history_folder(workbook), disk.owner_of(workbook)
    pattern = re.compile(
        re.escape(workbook.stem)
        + r" ([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}\.[0-9]{2}\.[0-9]{2})(?: \(([0-9]{1,9})\))?"
        + re.escape(workbook.suffix)
    )
    try:
        names = ours.names(folder, owner)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []
    mine = [
        KeptVersion(match[1], int(match[2] or 1), folder / match[0])
        for match in map(pattern.fullmatch, names)
        if match
    ]
    return sorted(mine, reverse=True)


def keep(workbook: Path, content: bytes, now: dt.datetime, owner: os.stat_result) -> Path:
    """Write *content*, the workbook's as it is, to a version of this moment, and return its path.

    What a version holds already isn't written again: so it is after a run that was killed before
    the workbook was replaced, and while run after run is undone.
    """
    known = versions(workbook)
    for one in known:
        if _holds(one.path, content, owner):
            return one.path
    folder = disk.history_folder(workbook)
    disk.private_folder(folder, owner)
    moment = now.strftime("%Y-%m-%d %H.%M.%S")
    path = folder / f"{workbook.stem} {moment}{workbook.suffix}"
    if known and moment <= known[0].moment:  # within a second, or the clock was put back
        moment, number = known[0].moment, known[0].number + 1
        path = folder / f"{workbook.stem} {moment} ({number}){workbook.suffix}"
    disk.write_whole(path, content, disk.in_history(workbook, workbook.suffix), owner)
    return path


def _holds(path: Path, content: bytes, owner: os.stat_result) -> bool:
    try:
        with ours.opened(path, owner) as file:
            is_as_long = os.fstat(file.fileno()).st_size == len(content)
            return is_as_long and file.read() == content
    except OSError:
        return False


def thin_out(workbook: Path, backups: Backups, made: Path | None = None) -> None:
    """Delete the versions that need not stay; the one just *made* does, whatever the clock says."""
    for old in outdated(versions(workbook), backups):
        if old.path != made:
            ours.remove(old.path, disk.owner_of(workbook))


def outdated(known: Sequence[KeptVersion], backups: Backups) -> list[KeptVersion]:
    """Which of the *known* versions (the newest first) need not stay: those that are neither
    among the newest, nor the last of their month, nor the very first.
    """
    lasting = {*known[: backups.newest], *known[-1:]}
    if backups.monthly:
        lasting.update({version.month: version for version in reversed(known)}.values())
    return [version for version in known if version not in lasting]


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
        with ours.opened(self.workbook) as file:
            former, owner = file.read(), os.fstat(file.fileno())
        known = [version.path for version in versions(self.workbook)]
        size = receipts.size(self.workbook)
        try:
            self.backup = keep(self.workbook, former, self.now, owner)
            self.write_receipt(former, content)
            del former  # of a large base it is large, too
            yield
        except BaseException:
            with contextlib.suppress(OSError):
                if not self._is(content):
                    self._take_back(known, size)
            raise
        with contextlib.suppress(OSError):
            thin_out(self.workbook, self.backups, self.backup)
            receipts.thin_out(self.workbook, self.backups.receipts_mb << 20, owner)

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
        return self.workbook.exists() and ours.read(self.workbook) == content

    def _take_back(self, known: list[Path], size: int) -> None:
        """Leave the folder as it was: the versions *known*, and receipts of this *size*."""
        if receipts.size(self.workbook) > size:
            receipts.withdraw(self.workbook, size)
        if self.backup is not None and self.backup not in known and self.workbook.exists():
            ours.remove(self.backup, disk.owner_of(self.workbook))
        disk.history_folder(self.workbook).rmdir()
