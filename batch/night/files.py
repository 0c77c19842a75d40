"""Which workbooks a run at night fills: those that were named, and the client bases in folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from batch import configuration
from batch.history import versions
from batch.saving import inuse
from rules.errors import ClientBaseError
from rules.reading.words import fold
from words import marked

_ENDINGS = {".xlsx", ".xlsm"}


class NoClientBaseError(ClientBaseError, FileNotFoundError):
    """A folder holds no client base."""

    folder: Path
    says = marked(
        "There is no client base in the folder '{folder}'. Name the workbook itself, "
        "or add --recursive for the folders in it."
    )


@dataclass
class FoundBases:
    """workbooks: to be filled, in the order they were named, each once; left: other workbooks in
    the folders; empty: folders without a client base; shut: folders that can't be looked into, and
    why.
    """

    workbooks: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    empty: list[Path] = field(default_factory=list)
    shut: dict[Path, OSError] = field(default_factory=dict)


def find(given: Iterable[Path], config: Path | None, *, recursive: bool) -> FoundBases:
    """The workbooks among *given* files and folders; *config*: the rules asked for, for all.

    In a folder those count that have a sheet of clients by their rules, and damaged ones, of which
    nobody knows what they held. A file that isn't there counts, too: whoever opens it tells.
    Raises nothing.
    """
    found = FoundBases()
    seen: set[str] = set()

    def add(path: Path) -> None:
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            found.workbooks.append(path)

    for one in given:
        if not is_folder(one):
            add(one)
            continue
        try:
            inside = list(_workbooks(one, recursive=recursive))
        except OSError as error:
            found.shut[one] = error
            continue
        bases = [path for path in inside if _is_base(path, config)]
        for path in bases:
            add(path)
        found.left += [path for path in inside if path not in bases]
        if not bases:
            found.empty.append(one)
    found.left = [path for path in found.left if os.path.realpath(path) not in seen]
    return found


def is_folder(path: Path) -> bool:
    """Whether it is a folder; what can't be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _workbooks(folder: Path, *, recursive: bool) -> Iterator[Path]:
    """The workbooks in a folder by name; what is hidden and Excel's own lock files aren't any.

    Raises OSError where it can't be looked into; folders in it that can't are passed by.
    """

    def refused(error: OSError) -> None:
        if error.filename == str(folder):
            raise error

    for name, folders, files in os.walk(folder, onerror=refused):
        folders[:] = sorted(one for one in folders if recursive and _is_shown(Path(name, one)))
        for file in sorted(files):
            path = Path(name, file)
            is_lock = file.startswith("~$")
            if path.suffix.lower() in _ENDINGS and not is_lock and _is_shown(path):
                yield path


def _is_shown(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    try:
        attributes = getattr(path.stat(), "st_file_attributes", 0)  # Windows only
    except OSError:
        return True
    return not attributes & stat.FILE_ATTRIBUTE_HIDDEN


def _is_base(path: Path, config: Path | None) -> bool:
    try:
        names = {fold(name) for name in configuration.sheet_names(path)}
        if not names:
            return bool(versions.versions(inuse.real(path))) or _is_damaged(path)
        rules = configuration.read(configuration.find(path, config))
    except ClientBaseError:
        # Its run tells what is wrong with the rules.
        return not names.isdisjoint(map(fold, configuration.CLIENTS_SHEETS.values()))
    except OSError:  # it can't even be looked at
        return False
    return fold(rules.config.sheet(rules.config.rooms.clients.key)) in names


def _is_damaged(path: Path) -> bool:
    """Whether it begins as a workbook does, though its sheets can't be read."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"
