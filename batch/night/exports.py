"""Into which folders the workbooks of a night are exported, and whom a phone would mix up then."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Final

from batch import configuration
from batch.export import files
from batch.night.files import FoundBases
from rules.config.settings import Config
from rules.mentions import first_of
from words import _, speaking, spoken

_SHARED: Final = """
    SELECT base, shared, (SELECT id FROM held WHERE rowid = first) FROM (
        SELECT base, COUNT(*) AS shared, MIN(first) AS first FROM (
            SELECT base, MIN(rowid) AS first FROM held GROUP BY base, client HAVING COUNT(*) > 1
        ) GROUP BY base
    ) ORDER BY first LIMIT 10
"""
_HOLDERS: Final = """
    SELECT file FROM held WHERE base = ? AND client IN (
        SELECT client FROM held WHERE base = ? GROUP BY client HAVING COUNT(*) > 1
    ) GROUP BY file ORDER BY MIN(rowid)
"""


class Exports:
    """The exports of a night."""

    def __init__(self, found: FoundBases) -> None:
        self.found = found

    def folder(self, workbook: Path) -> Path:
        """Into which a workbook is exported whose rules name a folder."""
        return self._folders[workbook]

    @cached_property
    def _folders(self) -> dict[Path, Path]:
        """Found out when the first is exported: until then nothing depends on the others."""
        with speaking(spoken()):
            return export_folders((one, self._rules_of(one)) for one in self.found.complete())

    def _rules_of(self, workbook: Path) -> Config | None:
        try:
            return configuration.read_for(workbook, self.found.config).config
        except Exception:  # noqa: BLE001 — its own run tells
            return None

    @cached_property
    def _held(self) -> sqlite3.Connection:
        """Who was exported: on the disk, since of many workbooks these are many."""
        held = sqlite3.connect("")  # a file without a name, gone with this object
        held.execute("CREATE TABLE held (base BLOB, client BLOB, id BLOB, file BLOB)")
        return held

    def note(self, base: str, workbook: Path, ids: Mapping[str, str]) -> None:
        """That a *workbook* was exported under a name for its *base*, with the *ids* of clients as
        typed, by how they are compared.
        """
        rows = ((base, client, typed, str(workbook)) for client, typed in ids.items())
        blobs = (tuple(text.encode("utf-8", "surrogatepass") for text in row) for row in rows)
        self._held.executemany("INSERT INTO held VALUES (?, ?, ?, ?)", blobs)

    def mixed_up(self) -> Iterator[str]:
        """A sentence for exported workbooks that share an `export.base` and have clients under the
        same ID: to a phone these are one client.
        """
        if "_held" not in vars(self):
            return
        for base, shared, example in self._held.execute(_SHARED).fetchall():
            holders = self._held.execute(_HOLDERS, [base, base]).fetchall()
            yield _(
                "{files} have clients under the same ID ({count}, such as {id}). A phone "
                "that gets more than one of these exports takes them for one client. If they "
                "are different people, give each workbook a name of its own under "
                "export.base in the config.yaml beside it; workbooks in one folder share "
                "that file, so move one."
            ).format(
                files=first_of([_text(file) for (file,) in holders]),
                count=shared,
                id=_text(example),
            )


def _text(blob: bytes) -> str:
    return blob.decode("utf-8", "surrogatepass")


def export_folders(workbooks: Iterable[tuple[Path, Config | None]]) -> dict[Path, Path]:
    """The folder of each workbook whose rules name one, no two the same; None: rules that can't be
    read.

    The first of several with one folder keeps it, the later ones get folders of their own in it.
    That follows from the workbooks alone, whatever else becomes of them: else one would take the
    place of another that failed. Whose rules can't be read keeps the folder of the last export.
    """
    wanted: dict[Path, Path] = {}
    unread: list[Path] = []
    for path, config in workbooks:
        if config is None:
            unread.append(path)
        elif config.export.folder.strip():
            wanted[path] = files.folder_for(path, None, config)
    found: dict[Path, Path] = {}
    taken: set[str] = set()

    def take(path: Path, folders: Iterable[Path]) -> None:
        for folder in folders:
            key = _key(folder)
            if key not in taken and not any(files.is_of(folder, one) for one in unread):
                taken.add(key)
                found[path] = folder
                return

    for path, folder in wanted.items():
        take(path, [folder])
    for path, folder in wanted.items():
        if path not in found:
            take(path, _inside(folder, path.stem))
    return found


def _key(folder: Path) -> str:
    """The same for two names of one folder, also where case doesn't count."""
    return os.path.realpath(folder).casefold()


def _inside(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    yield from (folder / f"{name}-{number}" for number in count(2))
