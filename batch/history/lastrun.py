"""What the last run said, so that the same run on the same file needs no calculation."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from batch.configuration import Rules
from batch.installation.program import fingerprint
from batch.saving import disk, inuse, ours


@dataclass(frozen=True)
class Run:
    """What a run says depends on: hashes of the workbook, the rules and the program, the day as
    yyyy-mm-dd, and how the workbook and the rules were named.
    """

    workbook: str
    rules: str
    program: str
    today: str
    named: str
    config: str


@dataclass(frozen=True)
class Said:
    """What a run says that finds nothing to change: its lines, and the same as an object."""

    lines: list[str]
    facts: dict[str, object]


@dataclass(frozen=True)
class _Memory:
    run: Run
    said: Said


_ADAPTER: Final = TypeAdapter(_Memory)


def run_of(sha256: str, named: Path, rules: Rules, today: dt.date) -> Run:
    """A run on a workbook of this hash."""
    config = "\n".join([str(rules.path), *rules.unread])
    return Run(sha256, rules.sha256, fingerprint(), today.isoformat(), str(named), config)


def as_last_run(file: Path, rules: Rules, today: dt.date) -> Said | None:
    """What the last run said, where this one would be the same; None where one has to run.

    Raises FileInUse.
    """
    path = inuse.real(file)
    if not path.is_file() or inuse.is_left_unfinished(path):
        return None
    inuse.check_free(path)
    try:
        known = _ADAPTER.validate_python(json.loads(ours.read(_path(path), path.stat())))
        now = hashlib.sha256(ours.read(path)).hexdigest()
    except (OSError, RecursionError, ValueError):
        return None
    listed = known.said.facts.get("problems_file")
    is_listed = not listed or Path(str(listed)).exists()
    return known.said if is_listed and known.run == run_of(now, file, rules, today) else None


def remember(named: Path, run: Run, said: Said) -> None:
    """Keep what *run* says; where that can't be written, the next run calculates again."""
    workbook = inuse.real(named)
    text = json.dumps(asdict(_Memory(run, said)), ensure_ascii=False)
    content = text.encode("utf-8", "backslashreplace")  # names of files needn't be text
    with contextlib.suppress(OSError):
        owner = workbook.stat()
        disk.private_folder(disk.history_folder(workbook), owner)
        disk.write_whole(_path(workbook), content, disk.in_history(workbook, ".json"), owner)


def _path(workbook: Path) -> Path:
    return disk.history_folder(workbook) / f"{workbook.name}.last.json"
