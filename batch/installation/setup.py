"""`clientbase setup`: the add-in and its settings, put where Excel looks for them.

What stood there before is kept in a folder beside the settings, with a record of what was done,
so that `--remove` takes back exactly that: a file or a setting that was changed by somebody else
since then stays as it is.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from batch.installation import settings_file
from batch.installation.errors import (
    ExcelHoldsFile,
    ExcelNeverStarted,
    RecordUnreadable,
    UnfitForSettings,
)
from batch.installation.machine import WINDOWS, Machine
from batch.installation.typed import command
from batch.saving import disk
from words import _, marked

RECORD: Final = "record.json"
SCRIPT: Final = marked("Script that starts Python")
NO_EXCEL: Final = marked(
    "There is no Excel for this system, so there is nothing to set up. The commands work here: "
    "clientbase recalc fills your workbook while it is closed."
)


@dataclass(frozen=True)
class Settled:
    """One setting: what stood there before (None: nothing), and what the set-up wrote."""

    before: str | None
    ours: str


@dataclass(frozen=True)
class Record:
    """What set-ups have done here.

    settings by key; files by path, with the hash of what was written; existed tells whether there
    was a settings file; folders are those that were made.
    """

    settings: Mapping[str, Settled]
    files: Mapping[str, str]
    existed: bool
    folders: tuple[str, ...]


_RECORDS: Final = TypeAdapter(Record)


@dataclass(frozen=True)
class FileChange:
    """A file that gets a new content, or goes (None)."""

    path: Path
    content: bytes | None
    title: str = ""
    details: tuple[str, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether the file isn't so already."""
        return _content(self.path) != self.content


def set_up(machine: Machine, *, dry_run: bool = False) -> list[str]:
    """Copy the add-in and write its settings; what was done is told line by line.

    dry_run only tells. Doing it again changes nothing. Raises ExcelHoldsFile, ExcelNeverStarted,
    UnfitForSettings, RecordUnreadable and OSError; for the first four nothing was changed.
    """
    if not machine.has_excel:
        return [_(NO_EXCEL)]
    if machine.container is not None and not machine.container.is_dir():
        raise ExcelNeverStarted(machine.container)
    told, kept = _plan(machine, _read_record(machine))
    lines = [line for change in told for line in _sentences(change, dry_run=dry_run)]
    if not dry_run:
        _apply([*kept, *told], machine)
        if any(change.content for change in kept if change.path.name != RECORD):
            lines.append(_("What stood there before is kept: {folder}").format(folder=machine.kept))
        lines.append(_("Close Excel if it runs, start it again and open your workbook."))
    help_ = _("If something doesn't work there: {command}")
    return [*lines, help_.format(command=command("doctor", _("YourBase.xlsm")))]


def remove(machine: Machine, *, dry_run: bool = False) -> list[str]:
    """Take back what `set_up` did; what was done is told line by line.

    Raises ExcelHoldsFile, RecordUnreadable (nothing was changed then) and OSError.
    """
    if not machine.has_excel:
        return [_(NO_EXCEL)]
    if not (machine.kept / RECORD).exists():
        return [_("Nothing to take back: clientbase setup hasn't been run here.")]
    record = _read_record(machine)
    told: list[str] = []
    changes: list[FileChange] = []
    for name, ours in record.files.items():
        path = Path(name)
        if _hash(_content(path)) == ours:
            title = _("Add-in") if path == machine.addin else _(SCRIPT)
            changes.append(FileChange(path, _content(machine.kept / path.name), title))
        else:
            told.append(
                _("Left alone, because it was changed or removed since: {path}").format(path=path)
            )
    changes.append(FileChange(machine.settings, _settings_before(machine, record), _("Settings")))
    for change in changes:
        told += _sentences(change, dry_run=dry_run, undo=True)
    if not dry_run:
        _apply(changes, machine)
        shutil.rmtree(machine.kept)
        _remove_empty(record.folders)
    return told


def _settings_before(machine: Machine, record: Record) -> bytes | None:
    """The settings file without what set-ups wrote; to the byte as it was, if it holds the same."""
    if _content(machine.settings) is None:
        return None
    former = _content(machine.kept / machine.settings.name)
    content = _undone(machine, record).encode(machine.encoding, "surrogateescape")
    if former is not None and content.rstrip() == former.rstrip():
        return former
    return content if content or record.existed else None


def _plan(machine: Machine, record: Record) -> tuple[list[FileChange], list[FileChange]]:
    """What a set-up changes: the files it tells of, and what it keeps for taking them back."""
    kept: list[FileChange] = []
    told: list[FileChange] = []
    files: dict[str, str] = {}
    copies = machine.copies()
    for target, source in copies.items():
        wanted, now = source.read_bytes(), _content(target)
        is_ours = _hash(now) == record.files.get(str(target))
        if is_ours or now != wanted:
            files[str(target)] = _hash(wanted)
        if not is_ours and now != wanted:
            kept.append(FileChange(machine.kept / target.name, now))
        title = _("Add-in") if target == machine.addin else _(SCRIPT)
        told.append(FileChange(target, wanted, title))
    was_set_up = (machine.kept / RECORD).exists()
    before = _content(machine.settings)
    if not was_set_up:
        kept.append(FileChange(machine.kept / machine.settings.name, before))
    settled: dict[str, Settled] = {}
    told.append(_settings(machine, record, settled))
    existed = record.existed if was_set_up else before is not None
    folders = dict.fromkeys((*record.folders, *_missing_folders([*told, *kept], machine)))
    # such as the script of another version, which this set-up doesn't write
    gone = {path: ours for path, ours in record.files.items() if Path(path) not in copies}
    new = Record(settled, {**gone, **files}, existed, tuple(folders))
    kept.append(FileChange(machine.kept / RECORD, _RECORDS.dump_json(new, indent=2)))
    return told, kept


def _settings(machine: Machine, record: Record, settled: dict[str, Settled]) -> FileChange:
    """The settings file after the set-up; *settled* is filled with what that changes."""
    text = _undone(machine, record)
    standing = settings_file.values(text)
    wanted = wanted_settings(machine, standing)
    for key, value in wanted.items():
        if letters := unfit_letters(value, machine.encoding):
            raise UnfitForSettings(key, value, letters)
        if standing.get(key) != value:
            settled[key] = Settled(standing.get(key), value)
    new = settings_file.with_values(text, wanted, _newline(machine))
    details = tuple(f"  {key} = {value}" for key, value in wanted.items())
    content = new.encode(machine.encoding, "surrogateescape")
    return FileChange(machine.settings, content, _("Settings"), details)


def wanted_settings(machine: Machine, standing: Mapping[str, str]) -> dict[str, str]:
    """The settings that Excel needs, beside those that are *standing*: which Python, and where the
    program's modules lie. Everything else stands in the workbook itself.
    """
    wanted = {machine.interpreter_key: machine.interpreter}
    if machine.modules is not None:
        folders = standing.get("PYTHONPATH", "")
        wanted["PYTHONPATH"] = settings_file.with_folder(folders, str(machine.modules))
    return wanted


def unfit_letters(text: str, encoding: str) -> str:
    """The signs of *text* that can't stand in Excel's settings, '' when all can."""
    unfit = [one for one in text if one in '"\r\n' or not one.encode(encoding, "ignore")]
    return "".join(dict.fromkeys(unfit))


def _undone(machine: Machine, record: Record) -> str:
    """The text of the settings without what earlier set-ups wrote and nobody has changed since."""
    text = settings_text(machine.settings, machine.encoding)
    standing = settings_file.values(text)
    back = {
        key: settled.before
        for key, settled in record.settings.items()
        if standing.get(key) == settled.ours
    }
    return settings_file.with_values(text, back, _newline(machine))


def settings_text(path: Path, encoding: str) -> str:
    """The text of a settings file, '' when there is none."""
    return (_content(path) or b"").decode(encoding, "surrogateescape")


def _newline(machine: Machine) -> str:
    return "\r\n" if machine.platform == WINDOWS else "\n"


def _read_record(machine: Machine) -> Record:
    path = machine.kept / RECORD
    content = _content(path)
    if content is None:
        return Record({}, {}, existed=False, folders=())
    try:
        return _RECORDS.validate_json(content)
    except ValueError:
        raise RecordUnreadable(path) from None


def _missing_folders(changes: list[FileChange], machine: Machine) -> list[str]:
    """The folders that have to be made, the outer ones first; the record's own isn't counted."""
    missing = {
        folder
        for change in changes
        for folder in change.path.parents
        if folder != machine.kept and not folder.exists()
    }
    return sorted(map(str, missing), key=len)


def _remove_empty(folders: tuple[str, ...]) -> None:
    for folder in sorted(map(Path, folders), key=lambda one: len(one.parts), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _sentences(change: FileChange, *, dry_run: bool, undo: bool = False) -> list[str]:
    """What is told of a change: what happens to which file, and the settings in it."""
    if not change.is_needed:
        said = _("as it was") if undo else _("in place already")
    elif change.content is None:
        said = _("would be removed") if dry_run else _("removed")
    elif undo:
        said = _("would be put back") if dry_run else _("put back")
    else:
        said = _("would be written") if dry_run else _("written")
    details = change.details if change.is_needed else ()
    return [f"{change.title}: {said}: {change.path}", *details]


def _apply(changes: list[FileChange], machine: Machine) -> None:
    """Make the changes, each file in one step, after a look whether all of them can be made."""
    needed = [change for change in changes if change.is_needed]
    for change in needed:
        if change.path.exists():
            _check_free(change.path, machine)
    for change in needed:
        if change.content is None:
            change.path.unlink()
        else:
            _write(change.path, change.content)


def _check_free(path: Path, machine: Machine) -> None:
    try:
        with path.open("r+b"):
            pass
    except PermissionError:
        if machine.platform == WINDOWS and path == machine.addin:
            raise ExcelHoldsFile(path) from None
        raise


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.write_whole(path, content, path.with_name(f".{path.name}"), None, sources=())


def _content(path: Path) -> bytes | None:
    """The bytes of a file, None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _hash(content: bytes | None) -> str:
    """A file's hash, '' when there is none."""
    return "" if content is None else hashlib.sha256(content).hexdigest()
