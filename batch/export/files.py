"""The exported files: made from a calculated base, written each in one step, recognised again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from batch.export import tables
from batch.export.calendar import CalendarFile, calendar, is_from
from batch.export.cards import PRODUCT, cards, with_card
from batch.export.errors import NoFolderError, NotExportedError, NotOursError
from batch.export.people import people
from batch.recalculation.plan import Calculated
from batch.saving import disk, ours
from rules.config.settings import Config
from words import _, in_every_language, marked

CARDS: Final = marked("contacts.vcf")
CARDS_4: Final = marked("contacts-4.vcf")
CALENDAR: Final = marked("calendar.ics")
MAILING: Final = marked("mailing.csv")
SMS: Final = marked("sms.csv")
_HEAD: Final = 8192
"""Who wrote a file is told by so many of its first bytes."""
_MOST_BYTES: Final = 200_000_000
"""A larger calendar isn't looked into for what has to be cancelled."""


@dataclass(frozen=True)
class Exported:
    """What was written: the folder, and what stands in its files.

    without_card: clients who have neither phone nor e-mail.
    """

    folder: Path
    cards: int
    without_card: int
    calendar: CalendarFile
    mailing: tables.TableFile
    sms: tables.TableFile


def folder_for(workbook: Path, asked: Path | None, config: Config) -> Path:
    """The folder that was *asked* for, else that of the rules, seen from the workbook's.

    Raises NoFolderError.
    """
    if asked is not None:
        return disk.at_home(asked)
    if not config.export.folder.strip():
        raise NoFolderError
    return workbook.parent / disk.at_home(Path(config.export.folder.strip()))


def is_of(folder: Path, workbook: Path) -> bool:
    """Whether the export in *folder* was made from this *workbook*."""
    for name in in_every_language(CALENDAR):
        with contextlib.suppress(OSError, ValueError), ours.opened(folder / name) as file:
            if is_from(file.read(_HEAD), workbook):
                return True
    return False


def write(found: Calculated, folder: Path) -> Exported:
    """Write all files of an export into *folder*, which is made if need be; those of an earlier
    one that are named in another language go.

    Only the owner of the workbook may read them. Raises NotOursError, before anything is written,
    UnknownCountryError and NotExportedError.
    """
    ours = _ours(found.rules.config)
    _check_ours(folder, ours)
    everyone = people(found)
    reachable = with_card(everyone)
    dates = calendar(found, everyone, _earlier(folder))
    letters, texts = tables.mailing(found, everyone), tables.greetings(found, everyone)
    contents = {
        CARDS: cards(found, reachable, "3.0"),
        CARDS_4: cards(found, reachable, "4.0"),
        CALENDAR: dates.content,
        MAILING: letters.content,
        SMS: texts.content,
    }
    _save(folder, contents, found.path)
    _remove_others(folder, ours)
    without = len(everyone) - len(reachable)
    return Exported(folder, len(reachable), without, dates, letters, texts)


def _ours(config: Config) -> Mapping[str, Callable[[str], bool]]:
    """By the name of a file: whether one that begins like this is such an export."""
    return {
        CARDS: _of_product,
        CARDS_4: _of_product,
        CALENDAR: _of_product,
        MAILING: lambda text: tables.is_table(text, tables.mailing_headings, config),
        SMS: lambda text: tables.is_table(text, tables.greeting_headings, config),
    }


def _check_ours(folder: Path, ours: Mapping[str, Callable[[str], bool]]) -> None:
    """Raises NotOursError where a file, or a folder, of one of our names is somebody else's."""
    for name, is_ours in ours.items():
        path = folder / _(name)
        with contextlib.suppress(NotADirectoryError):
            if path.is_symlink() or path.exists():
                head = _head(path)
                if head and not is_ours(head):
                    raise NotOursError(path)


def _of_product(head: str) -> bool:
    return PRODUCT in head


def _head(path: Path) -> str:
    """How a file begins; '' for an empty one. Raises NotOursError, NotExportedError."""
    try:
        with ours.opened(path) as file:
            return file.read(_HEAD).decode("utf-8-sig", "replace")
    except ours.NotOurs:
        raise NotOursError(path) from None
    except OSError as error:
        raise NotExportedError(path, error) from error


def _earlier(folder: Path) -> bytes:
    """The calendar of the last export; b'' without one."""
    for name in (_(CALENDAR), *in_every_language(CALENDAR)):
        path = folder / name
        with contextlib.suppress(OSError):
            if path.stat().st_size <= _MOST_BYTES and _of_product(_head(path)):
                return ours.read(path)
    return b""


def _remove_others(folder: Path, ours: Mapping[str, Callable[[str], bool]]) -> None:
    """Remove the files of an earlier export that are named in another language."""
    for name, is_ours in ours.items():
        for other in set(in_every_language(name)) - {_(name)}:
            with contextlib.suppress(OSError):
                if is_ours(_head(folder / other)):
                    (folder / other).unlink()


def _save(folder: Path, contents: Mapping[str, bytes], workbook: Path) -> None:
    owner = workbook.stat()
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            disk.private_folder(folder, owner)
    except OSError as error:
        raise NotExportedError(folder, error) from error
    for name, content in contents.items():
        path = folder / _(name)
        try:
            disk.write_whole(path, content, disk.beside(path, path.suffix), owner)
        except OSError as error:
            raise NotExportedError(path, error) from error
