"""Into which folders the workbooks of a night are exported, and whom a phone would mix up then."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from batch.export import files
from rules.config.settings import Config
from rules.mentions import first_of
from rules.reading.words import fold
from words import _

if TYPE_CHECKING:
    from batch.night.run import Section


def export_folders(workbooks: Mapping[Path, Config | None]) -> dict[Path, Path]:
    """The folder of each workbook whose rules name one, no two the same; None: rules that can't be
    read.

    The first of several with one folder keeps it, the later ones get folders of their own in it.
    That follows from the workbooks alone, whatever else becomes of them: else one would take the
    place of another that failed. Whose rules can't be read keeps the folder of the last export.
    """
    wanted = {
        path: files.folder_for(path, None, config)
        for path, config in workbooks.items()
        if config is not None and config.export.folder.strip()
    }
    unread = [path for path, config in workbooks.items() if config is None]
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


def mixed_up(sections: Iterable[Section]) -> Iterator[str]:
    """A sentence for exported workbooks that share an `export.base` and have clients under the
    same ID: to a phone these are one client.
    """
    by_base: dict[str, list[Section]] = {}
    for section in sections:
        if section.exported is not None and section.rules is not None:
            base = fold(section.rules.config.export.base)
            by_base.setdefault(base, []).append(section)
    for together in by_base.values():
        number = Counter(chain.from_iterable(section.ids for section in together))
        shared = [key for key, holders in number.items() if holders > 1]
        if shared:
            those = [one for one in together if not one.ids.keys().isdisjoint(shared)]
            yield _(
                "{files} have clients under the same ID ({count}, such as {id}). A phone "
                "that gets more than one of these exports takes them for one client. If they "
                "are different people, give each workbook a name of its own under "
                "export.base in the config.yaml beside it; workbooks in one folder share "
                "that file, so move one."
            ).format(
                files=first_of([str(one.path) for one in those]),
                count=len(shared),
                id=those[0].ids[shared[0]],
            )
