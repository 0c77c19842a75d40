"""Which workbooks a run at night fills: those that were named, and the client bases in folders."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from batch import configuration
from batch.history import versions
from batch.saving import inuse, ours
from rules.errors import ClientBaseError
from rules.mentions import first_of
from rules.reading.words import fold
from words import _, marked

ENDINGS = frozenset({".xlsx", ".xlsm"})
"""How the names of workbooks end."""
_MOST_LEFT: Final = 10
_COPY: Final = re.compile(
    r"""
    (?:copy\ of|копия)\ (?P<of>.+)                         # Google, macOS
    | (?P<stem>.+?)(?:
        \ ?\([0-9]{1,2}\)                                  # OneDrive, Google, browsers: (1)
        | \ ?[(\[][^()\[\]]*(?:conflict|copy|конфликт|копи)[^()\[\]]*[)\]]     # Dropbox, Nextcloud
        | \ (?:[-–—]\ )?(?:copy|копия)(?:\ [0-9]{1,2})?     # Windows, macOS
        | \.sync-conflict-[0-9]{8}-[0-9]{6}(?:-[0-9a-z]+)?  # Syncthing
        | -(?:desktop|laptop|win)-[0-9a-z]{5,}              # OneDrive: the other computer
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""How clouds and people call a copy."""


class NoClientBaseError(ClientBaseError, FileNotFoundError):
    """A folder holds no client base."""

    folder: Path
    says = marked(
        "There is no client base in the folder '{folder}'. Name the workbook itself, "
        "or add --recursive for the folders in it."
    )


class LeadsAwayError(ClientBaseError, PermissionError):
    """A link among the workbooks of a folder leads out of it, or to somebody else's file."""

    path: Path
    says = marked(
        "It is a link that leads out of the folder that was named, or to a file of somebody "
        "else's, and was left alone. Name the workbook itself, if you trust whoever put it there."
    )


class FoundBases:
    """The workbooks among files and folders, each once, in the order they were named; looked for
    while those found before are filled.

    workbooks: those found so far. What else was come across: left: other workbooks in the folders;
    copies: those that a cloud or a person made of the workbook beside them; empty: folders without
    a client base; shut: folders that can't be looked into, and why; away: links that lead out of
    the folder, or to somebody else's file.
    """

    def __init__(self, given: Iterable[Path], config: Path | None, *, recursive: bool) -> None:
        """*config*: the rules asked for, for all.

        In a folder those count that have a sheet of clients by their rules, and damaged ones, of
        which nobody knows what they held. A file that isn't there counts, too: whoever opens it
        tells. Raises nothing.
        """
        self.config, self.is_recursive = config, recursive
        self.workbooks: list[Path] = []
        self.left: list[Path] = []
        self.copies: list[Path] = []
        self.empty: list[Path] = []
        self.shut: dict[Path, OSError] = {}
        self.away: list[Path] = []
        self._seen: set[str] = set()
        self._given = list(given)
        self._search = self._find()

    def __iter__(self) -> Iterator[Path]:
        """Each workbook as soon as it is found."""
        at = 0
        while at < len(self.workbooks) or next(self._search, None):
            yield self.workbooks[at]
            at += 1

    def complete(self) -> FoundBases:
        """All of them."""
        for _path in self._search:
            pass
        return self

    def unopened(self) -> Iterator[Path]:
        """What may be a workbook to be filled, by its name alone."""
        for one in filter(is_folder, self._given):
            with suppress(OSError):
                for path, _is_one in _workbooks(one, recursive=self.is_recursive):
                    if not _leads_away(path, one):
                        yield path

    def _find(self) -> Iterator[Path]:
        for one in self._given:
            if not is_folder(one):
                yield from self._new(one)
                continue
            is_empty = True
            try:
                for path, is_copy in _workbooks(one, recursive=self.is_recursive):
                    if _leads_away(path, one):
                        is_empty = False
                        self.away.append(path)
                    elif is_copy:
                        self.copies.append(path)
                    elif _is_base(path, self.config):
                        is_empty = False
                        yield from self._new(path)
                    else:
                        self.left.append(path)
            except OSError as error:
                self.shut[one] = error
                continue
            if is_empty:
                self.empty.append(one)
        for others in (self.left, self.copies):
            others[:] = [path for path in others if os.path.realpath(path) not in self._seen]

    def _new(self, path: Path) -> Iterator[Path]:
        real = os.path.realpath(path)
        if real not in self._seen:
            self._seen.add(real)
            self.workbooks.append(path)
            yield path


def copies_left_alone(copies: Sequence[Path]) -> Iterator[str]:
    """What to do about the *copies* beside their workbooks; nothing where there are none."""
    if copies:
        yield _(
            "Left alone as copies of the workbook beside them: {files}. Look whether one holds "
            "what the workbook lacks, bring that over, and delete the copy; one that is no "
            "copy needs another name, or to be named itself."
        ).format(files=first_of([path.name for path in copies], _MOST_LEFT))


def others_left_alone(left: Sequence[Path]) -> str:
    """Which workbooks in the folders are no client base; '' if none."""
    names = ", ".join(path.name for path in left[:_MOST_LEFT])
    more = len(left) - _MOST_LEFT
    if more > 0:
        names = _("{shown} and {count} more").format(shown=names, count=more)
    sentence = _("Other workbooks in the folder, left alone: {files}")
    return sentence.format(files=names) if names else ""


def is_folder(path: Path) -> bool:
    """Whether it is a folder; what can't be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _workbooks(folder: Path, *, recursive: bool) -> Iterator[tuple[Path, bool]]:
    """The workbooks in a folder by name, and whether they are copies of another beside them; what
    is hidden and Excel's own lock files aren't any.

    Raises OSError where it can't be looked into; folders in it that can't are passed by.
    """

    def refused(error: OSError) -> None:
        if error.filename == str(folder):
            raise error

    for name, folders, files in os.walk(folder, onerror=refused):
        inside = (Path(name, one) for one in folders if recursive)
        folders[:] = sorted(one.name for one in inside if _is_shown(one) and not ours.is_link(one))
        names = {file.casefold() for file in files}
        for file in sorted(files):
            path = Path(name, file)
            is_lock = file.startswith("~$")
            if path.suffix.lower() in ENDINGS and not is_lock and _is_shown(path):
                yield path, _is_copy(path, names)


def _leads_away(path: Path, folder: Path) -> bool:
    """Whether it is a link out of the *folder*, or to a file of another user than the link is."""
    try:
        is_strange = ours.is_link(path) and path.stat().st_uid != path.lstat().st_uid
    except OSError:
        return False  # it leads nowhere
    real = Path(os.path.realpath(path))
    return is_strange or not real.is_relative_to(os.path.realpath(folder))


def _is_copy(path: Path, names: Container[str]) -> bool:
    """Whether it is called as a copy of one of the *names* beside it."""
    stem = path.stem
    while match := _COPY.fullmatch(stem):
        stem = match["of"] or match["stem"]
        if f"{stem}{path.suffix}".casefold() in names:
            return True
    return False


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
        rules = configuration.read_for(path, config)
    except ClientBaseError:
        # Its run tells what is wrong with the rules.
        return not names.isdisjoint(map(fold, configuration.CLIENTS_SHEETS.values()))
    except OSError:  # it can't even be looked at
        return False
    return fold(rules.config.sheet(rules.config.rooms.clients.key)) in names


def _is_damaged(path: Path) -> bool:
    """Whether it begins as a workbook does, though its sheets can't be read."""
    with ours.opened(path, follows=True) as file:
        return file.read(2) == b"PK"
