"""The log of the nights: what was printed, which names clients, and so is for its owner alone."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path
from typing import Final, TextIO

from batch.saving import disk, inuse

_MOST_BYTES: Final = 1_000_000
_BEGIN: Final = "--- "
_CUT: Final = f"{_BEGIN}…\n".encode()
"""Stands where older lines were."""
_OURS: Final = re.compile(rb"--- (?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\xe2\x80\xa6)\r?\n")
_OTHERS: Final = 0o077


def opened(path: Path) -> TextIO:
    """The log *path*, to be continued: made where it isn't there, and of a long one the newer half.

    Only its owner may read it. A file that isn't such a log keeps its rights, and all of its lines.
    Raises OSError where it can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # a log that is long, or open to others, is better than none
        if _is_ours(path):
            _make_private(path)
            _shorten(inuse.real(path))
    return open(  # noqa: PTH123 — a descriptor, for its mode
        disk.appending(path), "a", encoding="utf-8", errors="replace"
    )


def began(moment: str) -> str:
    """The line with which the part of a night begins."""
    return f"{_BEGIN}{moment}"


def _is_ours(path: Path) -> bool:
    """Whether a file is such a log; an empty one is nobody's, and can become one."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(40)
    return not head or _OURS.match(head) is not None


def _make_private(path: Path) -> None:
    if sys.platform != "win32" and path.stat().st_mode & _OTHERS:
        path.chmod(disk.PRIVATE)


def _shorten(path: Path) -> None:
    content = path.read_bytes() if path.stat().st_size > _MOST_BYTES else b""
    if content:
        newer = content[len(content) // 2 :].partition(b"\n")[2]
        disk.write_whole(path, _CUT + newer, disk.beside(path, ".log"), path.stat())
