"""The workbook's file replaced by its filled copy, or left exactly as it was.

The copy is written beside the workbook, flushed to the disk, read back and compared before it
takes the workbook's name in a single step. The former version stays in the folder
``.clientbase`` beside it. Whatever fails on the way, the workbook itself is untouched.
"""

import contextlib
import datetime as dt
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import python_calamine

from batch.xlsx import refs, serials, zipraw
from batch.xlsx.errors import FileInUse, NotVerified, WorkbookRefused, WrongExtension
from batch.xlsx.package import Package, check_xml
from batch.xlsx.workbook import Workbook
from rules.cells import CellError

BACKUP_FOLDER: Final = ".clientbase"
_TEMPORARY: Final = ".clientbase-"
_EXCEL_OWNER_LENGTH: Final = 54
_UNREADABLE: Final = (python_calamine.CalamineError, ValueError, OverflowError)
_LEFT_BEHIND: Final = 3600
"""Seconds after which a temporary file can't be that of a run that goes on."""
_SHARING_VIOLATION: Final = 32
_SECOND: Final = 1.5 / 86_400


def save(
    package: Package,
    parts: Mapping[str, bytes],
    target: Path | None = None,
    *,
    verify: Callable[[Path], None] | None = None,
    backups: int = 14,
    now: dt.datetime | None = None,
) -> Path | None:
    """Write the workbook with these parts replaced; the former version's path is returned.

    ``target``: the file to write, None for the workbook itself. ``verify`` gets the new file's
    path before it takes its place and raises when something is wrong with it. ``backups``: how
    many former versions stay. ``now``: the time in the backup's name, by default the clock's.
    None is returned where no former version had to be kept: no parts and no other target.

    Raises ``FileInUse`` when somebody has the workbook open or changed it meanwhile,
    ``NotVerified`` when the new file isn't what it should be, OSError for a full or write-
    protected disk. The workbook is then as it was.
    """
    path = package.path
    goal = path if target is None else target
    if goal.is_symlink():
        goal = goal.resolve()
    if not parts and _is_same(goal, path):
        return None
    if goal.suffix.lower() != path.suffix.lower():
        raise WrongExtension(goal, path.suffix.lower())
    check_free(goal)
    if goal.exists():
        _check_writable(goal)
    content = package.copy_with(parts)
    moment = (now or dt.datetime.now().astimezone()).strftime("%Y-%m-%d %H.%M.%S")
    _clear_leftovers(goal.parent)
    temporary = goal.with_name(f"{_TEMPORARY}{os.getpid()}{goal.suffix}")
    try:
        _write_flushed(temporary, content)
        _check_copy(package, parts, temporary)
        if verify is not None:
            _verify(path, temporary, verify)
        backup = None
        if goal.exists():
            shutil.copymode(goal, temporary)
            if _is_same(goal, path):
                _check_unchanged(package)
            backup = _backup(goal, moment, backups)
        check_free(goal)
        if _is_same(goal, path):
            _check_unchanged(package)
        _replace(temporary, goal)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    _flush_folder(goal.parent)
    return backup


def _clear_leftovers(folder: Path) -> None:
    """Remove what runs that were killed have left behind: an hour old, or of our own number."""
    for leftover in folder.glob(f"{_TEMPORARY}*"):
        with contextlib.suppress(OSError):
            age = time.time() - leftover.stat().st_mtime
            if age > _LEFT_BEHIND or leftover.stem == f"{_TEMPORARY}{os.getpid()}":
                leftover.unlink()


def _verify(path: Path, copy: Path, verify: Callable[[Path], None]) -> None:
    try:
        verify(copy)
    except NotVerified as error:
        raise NotVerified(path, error.detail) from error


def check_free(path: Path) -> None:
    """Raise ``FileInUse``, with the holder's name if known, when somebody has the file open.

    Excel and LibreOffice each put a small owner file beside a workbook that they have open.
    """
    if not path.name:
        return  # "." and the like; whoever reads it says that it is a folder
    excel = path.with_name(f"~${path.name}")
    if excel.exists():
        raise FileInUse(path, "is open in Excel", _excel_owner(excel), excel)
    office = path.with_name(f".~lock.{path.name}#")
    if office.exists():
        raise FileInUse(path, "is open in LibreOffice", _libreoffice_owner(office), office)


def _excel_owner(lock: Path) -> str | None:
    """Name in an owner file of Excel: its length, then the name in one byte a letter."""
    try:
        content = lock.read_bytes()
    except OSError:
        return None
    wide = content[_EXCEL_OWNER_LENGTH + 1 :]
    if len(wide) >= 2 and 0 < wide[0] <= _EXCEL_OWNER_LENGTH:
        name = wide[2 : 2 + 2 * wide[0]].decode("utf-16-le", "ignore")
        if name.strip("\0 "):
            return name.strip("\0 ")
    length = content[0] if content else 0
    if not 0 < length <= _EXCEL_OWNER_LENGTH:
        return None
    return content[1 : 1 + length].decode("latin-1").strip("\0 ") or None


def _libreoffice_owner(lock: Path) -> str | None:
    """Name in a lock file of LibreOffice: name, login, computer, time and profile, by commas."""
    try:
        fields = lock.read_text("utf-8", "replace").strip().rstrip(";").split(",")
    except OSError:
        return None
    return next((one.strip() for one in fields[:2] if one.strip()), None)


def _check_writable(path: Path) -> None:
    """Raise when the file can't be opened for writing, as Windows has it for an open file."""
    try:
        with path.open("r+b"):
            pass
    except PermissionError as error:
        raise _in_use(path, error) from None


def _in_use(path: Path, error: OSError) -> FileInUse:
    if getattr(error, "winerror", None) == _SHARING_VIOLATION:
        return FileInUse(path, "is open in another program")
    return FileInUse(path, "can't be written: it is write-protected or open in another program")


def _check_unchanged(package: Package) -> None:
    """Raise when the file isn't any more the one that was read."""
    try:
        content = package.path.read_bytes()
    except FileNotFoundError:
        raise FileInUse(package.path, "was moved or deleted during the calculation") from None
    except PermissionError as error:
        raise _in_use(package.path, error) from None
    if hashlib.sha256(content).hexdigest() != package.sha256:
        raise FileInUse(package.path, "was changed by another program during the calculation")


def _is_same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute() or (
        one.exists() and other.exists() and one.samefile(other)
    )


# Writing ------------------------------------------------------------------------------------


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make a rename durable; Windows neither needs nor allows it."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replace(temporary: Path, goal: Path) -> None:
    try:
        temporary.replace(goal)
    except PermissionError as error:
        raise _in_use(goal, error) from None


def _backup(path: Path, moment: str, keep: int) -> Path:
    """Copy the file into the backup folder, which then holds the newest *keep* of its versions."""
    folder = path.parent / BACKUP_FOLDER
    folder.mkdir(exist_ok=True)
    backup = folder / f"{path.stem} {moment}{path.suffix}"
    number = 1
    while backup.exists():
        number += 1
        backup = folder / f"{path.stem} {moment} ({number}){path.suffix}"
    unfinished = folder / f"{_TEMPORARY}{os.getpid()}{path.suffix}"
    try:
        shutil.copy2(path, unfinished)
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.replace(backup)
    finally:
        unfinished.unlink(missing_ok=True)
    for old in _outdated(folder, path, keep):
        old.unlink(missing_ok=True)
    return backup


def has_backup(path: Path) -> bool:
    """Whether a former version of this workbook lies in the backup folder."""
    folder = path.parent / BACKUP_FOLDER
    return folder.is_dir() and bool(_versions(folder, path))


def _outdated(folder: Path, path: Path, keep: int) -> list[Path]:
    """Backups of this workbook beyond the newest *keep*; the very first one always stays."""
    return _versions(folder, path)[max(keep, 1) : -1]


def _versions(folder: Path, path: Path) -> list[Path]:
    """The former versions of this workbook, the newest first."""
    pattern = re.compile(
        re.escape(path.stem) + r" ([0-9-]{10} [0-9.]{8})(?: \(([0-9]+)\))?" + re.escape(path.suffix)
    )
    mine = [(match, one) for one in folder.iterdir() if (match := pattern.fullmatch(one.name))]
    mine.sort(key=lambda pair: (pair[0][1], int(pair[0][2] or 1)), reverse=True)
    return [one for _, one in mine]


# Checking -----------------------------------------------------------------------------------


def _check_copy(package: Package, parts: Mapping[str, bytes], copy: Path) -> None:
    """Raise ``NotVerified`` unless the copy holds these parts and all else byte for byte."""
    path = package.path
    try:
        new = Package(path, copy.read_bytes())
        changed = {package.member(name).name for name in parts}
        if list(new.names) != list(package.names):
            raise NotVerified(path, "its parts are not the same ones")
        for name, data in parts.items():
            if new.read(name) != data:
                raise NotVerified(path, f"its part '{name}' was not written as meant")
            check_xml(path, name, data)
        for name in package.names:
            if name not in changed and _segment(new, name) != _segment(package, name):
                raise NotVerified(path, f"its part '{name}' was touched")
    except WorkbookRefused as error:
        raise NotVerified(path, f"the file can't be read any more ({error})") from error


def _segment(package: Package, name: str) -> bytes:
    member: zipraw.Member = package.member(name)
    return package.content[member.start : member.stop]


def read_back(
    path: Path,
    sheet: str,
    cells: Sequence[tuple[int, int, object]],
    *,
    date1904: bool = False,
    before: Path | None = None,
) -> None:
    """Compare cells (row, column, value) with what python-calamine reads from the file.

    python-calamine shares no code with this program. Dates are compared as dates, numbers
    exactly (to the second where the cell shows them as a date), a blank is nothing or an empty
    text. ``date1904``: the workbook's date system. ``before``: the workbook as it was; where
    python-calamine can't read even that one (it doesn't know macro sheets, for example), our own
    reader compares. Raises ``NotVerified`` naming the first cell that differs.
    """
    try:
        start, rows = _read_by_calamine(path, sheet)
    except _UNREADABLE as error:
        if before is None or _is_readable(before, sheet):
            raise NotVerified(path, f"another reader can't open it ({error})") from error
        start, rows = _read_by_ourselves(path, sheet, cells)
    differing = list(_differing(rows, start, cells, date1904=date1904))
    if differing:
        row, column, wanted, found = differing[0]
        cell = refs.address(row, column)
        raise NotVerified(
            path,
            f"sheet '{sheet}', cell {cell} holds {found!r} instead of {wanted!r} "
            f"({len(differing)} cells differ)",
        )


_Rows: TypeAlias = tuple[tuple[int, int], Sequence[Sequence[object]]]
"""Where the cells begin, row and column counted from 0, and their values."""


def _read_by_calamine(path: Path, sheet: str) -> _Rows:
    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        values = book.get_sheet_by_name(sheet)
        return values.start or (0, 0), values.to_python(skip_empty_area=True)


def _is_readable(path: Path, sheet: str) -> bool:
    try:
        _read_by_calamine(path, sheet)
    except _UNREADABLE:
        return False
    return True


def _read_by_ourselves(path: Path, sheet: str, cells: Sequence[tuple[int, int, object]]) -> _Rows:
    """The rectangle around *cells*."""
    if not cells:
        return (0, 0), []
    wanted = sorted({column for _, column, _ in cells})
    top, bottom = min(row for row, _, _ in cells), max(row for row, _, _ in cells)
    read = Workbook.open(path).columns(sheet, wanted, top, bottom)
    rows: list[list[object]] = [
        [None] * (wanted[-1] + 1 - wanted[0]) for _ in range(top, bottom + 1)
    ]
    for column in wanted:
        for row, value in zip(read.rows.tolist(), read.values[column].tolist(), strict=True):
            is_blank = value is None or value != value  # noqa: PLR0124 — NaN
            rows[row - top][column - wanted[0]] = None if is_blank else value
    return (top - 1, wanted[0] - 1), rows


def _differing(
    rows: Sequence[Sequence[object]],
    start: tuple[int, int],
    cells: Iterable[tuple[int, int, object]],
    *,
    date1904: bool,
) -> Iterator[tuple[int, int, object, object]]:
    """Row, column, what was written and what was found."""
    first_row, first_column = start[0] + 1, start[1] + 1
    for row, column, wanted in cells:
        at_row, at_column = row - first_row, column - first_column
        found: object = None
        if 0 <= at_row < len(rows) and 0 <= at_column < len(rows[at_row]):
            found = rows[at_row][at_column]
        is_equal = type(found) is type(wanted) and found == wanted
        if not is_equal and not _agrees(found, wanted, date1904=date1904):
            yield row, column, wanted, found


def _agrees(found: object, wanted: object, *, date1904: bool) -> bool:
    """Whether calamine's value is the one that was written; it reads an error as blank."""
    if wanted is None or found in (None, ""):
        return (wanted is None or isinstance(wanted, CellError)) and found in (None, "")
    if isinstance(wanted, dt.date) and isinstance(found, float):
        return found == serials.to_serial(wanted, date1904=date1904)
    if isinstance(wanted, dt.datetime):
        return isinstance(found, dt.datetime) and abs(found - wanted) < dt.timedelta(seconds=1)
    if isinstance(wanted, dt.date):
        day = found.date() if isinstance(found, dt.datetime) else found
        return day == wanted
    if isinstance(wanted, (int, float)):
        serial = _serial(found, date1904=date1904)
        return found == wanted or (serial is not None and abs(serial - wanted) < _SECOND)
    return isinstance(found, str) and found == wanted


def _serial(found: object, *, date1904: bool) -> float | None:
    """The number behind a cell that calamine takes for a date, a time or a duration."""
    if isinstance(found, dt.date):
        return serials.to_serial(found, date1904=date1904)
    if isinstance(found, dt.time):
        found = dt.timedelta(hours=found.hour, minutes=found.minute, seconds=found.second)
    return found / dt.timedelta(days=1) if isinstance(found, dt.timedelta) else None
