"""The former versions of a workbook, in the folder ``.clientbase`` beside it."""

import datetime as dt
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from batch.saving import disk
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
    folder = disk.history_folder(workbook)
    pattern = re.compile(
        re.escape(workbook.stem)
        + r" ([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}\.[0-9]{2}\.[0-9]{2})(?: \(([0-9]{1,9})\))?"
        + re.escape(workbook.suffix)
    )
    try:
        found = [(pattern.fullmatch(one.name), one) for one in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []
    mine = [KeptVersion(match[1], int(match[2] or 1), one) for match, one in found if match]
    return sorted(mine, reverse=True)


def keep(workbook: Path, content: bytes, now: dt.datetime, owner: os.stat_result) -> Path:
    """Write *content*, the workbook's as it is, to a version of this moment, and return its path.

    What a version holds already isn't written again: so it is after a run that was killed before
    the workbook was replaced, and while run after run is undone.
    """
    known = versions(workbook)
    for one in known:
        if _holds(one.path, content):
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


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def thin_out(workbook: Path, backups: Backups, made: Path | None = None) -> None:
    """Delete the versions that need not stay; the one just *made* does, whatever the clock says."""
    for old in outdated(versions(workbook), backups):
        if old.path != made:
            old.path.unlink(missing_ok=True)


def outdated(known: Sequence[KeptVersion], backups: Backups) -> list[KeptVersion]:
    """Which of the *known* versions (the newest first) need not stay: those that are neither
    among the newest, nor the last of their month, nor the very first.
    """
    lasting = {*known[: backups.newest], *known[-1:]}
    if backups.monthly:
        lasting.update({version.month: version for version in reversed(known)}.values())
    return [version for version in known if version not in lasting]
