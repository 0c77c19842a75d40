"""The log of the nights: what was printed, which names clients, and so is for its owner alone."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from pathlib import Path
from typing import Final, TextIO

from batch.saving import disk, ours

_MOST_BYTES: Final = 1_000_000
_BEGIN: Final = "--- "
_CUT: Final = f"{_BEGIN}…\n".encode()
"""Stands where older lines were."""
_OURS: Final = re.compile(rb"--- (?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\xe2\x80\xa6)\r?\n")
_OTHERS: Final = 0o077


def opened(path: Path) -> TextIO:
    """The log *path*, to be continued: made where it isn't there, and of a long one the newer half.

    Only its owner may read it. Raises NotOurs for a link, for what isn't such a log and for one of
    somebody else, and OSError where it can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # a log that is long is better than none
        _shorten(path)
    descriptor, _is_new = ours.continued(path, _is_ours)
    with contextlib.suppress(OSError):  # as is one that is open to others
        _make_private(descriptor)
    return open(descriptor, "a", encoding="utf-8", errors="replace")  # noqa: PTH123


def began(moment: str) -> str:
    """The line with which the part of a night begins."""
    return f"{_BEGIN}{moment}"


def _is_ours(head: bytes) -> bool:
    """Whether a file that begins like this is such a log."""
    return _OURS.match(head) is not None


def _make_private(descriptor: int) -> None:
    mode = os.fstat(descriptor).st_mode
    if sys.platform != "win32" and stat.S_ISREG(mode) and mode & _OTHERS:
        os.fchmod(descriptor, ours.PRIVATE)


def _shorten(path: Path) -> None:
    with ours.opened(path) as file:
        is_long = os.fstat(file.fileno()).st_size > _MOST_BYTES
        content = file.read() if is_long else b""
    if _is_ours(content):
        newer = content[len(content) // 2 :].partition(b"\n")[2]
        disk.write_whole(path, _CUT + newer, disk.beside(path, ".log"), None)
