"""Receipts of the runs that changed a workbook: a file of JSON lines beside its former versions.

One line a run, the newest last. A line is written before the workbook is replaced, so that no
change is without one; that of a run that was killed in between is taken out by the next run.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated, BinaryIO, Final, NamedTuple, TypeAlias, cast

import orjson
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    PlainValidator,
    TypeAdapter,
)

from batch.cells import column_letters
from batch.edits import Change
from batch.saving import disk, ours
from rules.moves import Move

RECALCULATED: Final = "recalc"
UNDONE: Final = "undo"
IMPORTED: Final = "import"

_BEGIN: Final = b'{"run":'
_TAIL: Final = 1 << 16
_NUMBER: Final = re.compile(rb'\{"run":([0-9]{1,9}),')


def _day(plain: object) -> dt.date:
    match plain:
        case {"date": str(text)}:
            return (dt.datetime if "T" in text else dt.date).fromisoformat(text)
    raise ValueError("no date")


def _moment(text: str) -> str:
    dt.datetime.fromisoformat(text)
    return text


def _name(text: str) -> str:
    if Path(text).name != text or "\0" in text:
        raise ValueError("no name of a file")
    return text


_Day = Annotated[dt.date, PlainValidator(_day)]
_Kept = Annotated[str | bool | FiniteFloat | _Day | None, Field(union_mode="left_to_right")]
"""A cell's value as JSON keeps it; an error in a cell is kept as its text."""


class Written(NamedTuple):
    """What a run did to one cell: whose row it is ('' where it isn't a client's), from, to."""

    client: str
    old: _Kept
    new: _Kept


Cells: TypeAlias = dict[str, dict[str, dict[str, Written]]]
"""The cells that a run changed, by sheet, heading (or function) and address."""


_NONE: Final[Cells] = {}
_NO_LOOKS: Final[Mapping[str, list[str]]] = {}


class Receipt(NamedTuple):
    """What a run did.

    run: its number, from 1. what: RECALCULATED, UNDONE or IMPORTED. today: the day it calculated
    for, as yyyy-mm-dd. config: the configuration's file; config_sha256, before and after: hashes of
    the bytes of that file and of the workbook. backup: name of the version before. undoes: the run
    that an undo took back. added: headings of new columns. seconds: how long it took. cells:
    those of filled columns that changed; functions: those with our functions; figures: those on
    the first sheet and under the charts, headed by their formulas; lists: those on the sheets with
    lists, and the new rows of logs. An undo to the byte has none.
    taken, bought: how many contacts and purchases it took over from the list of the day. moves: who
    moved class, group or stage, and by which group rule. looks: the headings of the columns that
    got the looks of a new workbook, by sheet.
    """

    run: int
    when: Annotated[str, AfterValidator(_moment)]
    what: str
    today: str | None
    config: str
    config_sha256: str
    program: str
    seconds: float
    cells: Cells
    before: str = ""
    after: str = ""
    backup: Annotated[str, AfterValidator(_name)] = ""
    undoes: int | None = None
    added: Sequence[str] = ()
    functions: Cells = _NONE
    figures: Cells = _NONE
    lists: Cells = _NONE
    taken: int = 0
    bought: int = 0
    moves: Annotated[tuple[Move, ...], Field(strict=False)] = ()
    looks: Mapping[str, list[str]] = _NO_LOOKS

    @property
    def has_made_it(self) -> bool:
        """Whether it made the workbook: there was none before."""
        return self.what == IMPORTED and not self.before

    @property
    def changed(self) -> int:
        """How many cells it changed."""
        return sum(self.counts().values())

    def counts(self) -> dict[str, int]:
        """How many cells it changed by heading."""
        counts: dict[str, int] = {}
        for columns in (*self.cells.values(), *self.functions.values()):
            for heading, cells in columns.items():
                counts[heading] = counts.get(heading, 0) + len(cells)
        return counts


_ADAPTER: Final = TypeAdapter(Receipt, config=ConfigDict(strict=True))


def cells_of(
    changes: Mapping[str, Iterable[Change]], clients: Mapping[str, Mapping[int, str]] | None = None
) -> Cells:
    """The cells of these *changes*, by sheet; clients: the IDs in the rows of a sheet, if any.

    They are only to be written, and there may be millions of them: each column is JSON at once.
    """
    found: dict[str, dict[str, orjson.Fragment]] = {}
    for sheet, ones in changes.items():
        whose, columns = (clients or {}).get(sheet, {}), dict[str, list[Change]]()
        for heading, cells in groupby(ones, attrgetter("heading")):  # mostly column by column
            columns.setdefault(heading, []).extend(cells)
        found[sheet] = {heading: _column(cells, whose) for heading, cells in columns.items()}
    return cast("Cells", found)


def _column(cells: Sequence[Change], whose: Mapping[int, str]) -> orjson.Fragment:
    letters = {number: column_letters(number) for number in {one.column for one in cells}}
    written = {
        f"{letters[column]}{row}": (whose.get(row, ""), old, new)
        for row, column, _, old, new in cells
    }
    return orjson.Fragment(orjson.dumps(written, _plain, orjson.OPT_PASSTHROUGH_DATETIME))


def path_of(workbook: Path) -> Path:
    """The file with the receipts of *workbook*."""
    return disk.history_folder(workbook) / f"{workbook.name}.runs.jsonl"


def receipts(workbook: Path) -> list[Receipt]:
    """The receipts of *workbook*, the oldest first; a line that can't be read is skipped."""
    try:
        lines = ours.read(path_of(workbook), disk.owner_of(workbook)).splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [receipt for line in lines if (receipt := _read(line)) is not None]


def headings(workbook: Path, sheet: str) -> set[str]:
    """Below which headings of a sheet the runs on *workbook* wrote something."""
    return {heading for one in receipts(workbook) for heading in one.cells.get(sheet, ())}


def looks(workbook: Path) -> set[tuple[str, str]]:
    """Sheet and heading of the columns that runs on *workbook* gave looks, those of runs that were
    taken back left out.
    """
    given: dict[int, set[tuple[str, str]]] = {}
    for one in receipts(workbook):
        given[one.run] = {(sheet, each) for sheet, ones in one.looks.items() for each in ones}
        if one.undoes is not None:
            given.pop(one.undoes, None)
    return set().union(*given.values())


def size(workbook: Path) -> int:
    """How many bytes the receipts of *workbook* have."""
    try:
        with ours.opened(path_of(workbook), disk.owner_of(workbook)) as file:
            return os.fstat(file.fileno()).st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def append(workbook: Path, receipt: Receipt, owner: os.stat_result) -> None:
    """Write a receipt, on a line of its own even behind one that was left unfinished."""
    path = path_of(workbook)
    with _opened(path, owner) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        is_torn = file.read(1) not in {b"", b"\n"}
    if is_torn:
        disk.append(path, b"\n", _is_ours, owner)
    disk.append(path, _line(receipt), _is_ours, owner)


def withdraw(workbook: Path, length: int) -> None:
    """Take back what was appended since the file was *length* bytes long."""
    owner = disk.owner_of(workbook)
    if length:
        disk.cut(path_of(workbook), length, owner)
    else:
        ours.remove(path_of(workbook), owner)


def thin_out(workbook: Path, most: int, owner: os.stat_result) -> None:
    """Forget the oldest runs where the receipts take up more than *most* bytes; then half of these
    are left, so that not every run must do so. The newest receipt stays.
    """
    if size(workbook) <= most:
        return
    lines = ours.read(path_of(workbook), owner).splitlines(keepends=True)
    lasting: list[bytes] = []
    room = most // 2
    for line in reversed(lines):
        room -= len(line)
        if room < 0 and lasting:
            break
        lasting.insert(0, line)
    new = disk.in_history(workbook, ".json")
    disk.write_whole(path_of(workbook), b"".join(lasting), new, owner)


def settle(workbook: Path, unfinished: str) -> None:
    """After a run that was killed before it replaced the workbook: take out its receipt, or what
    of that was written.

    unfinished: the hash of what the run left unfinished.
    """
    with _opened(path_of(workbook), disk.owner_of(workbook)) as file:
        start = _last_line(file)
        file.seek(start)
        line = file.read()
    if not line:
        return
    receipt = _read(line)
    if not line.endswith(b"\n") or (receipt is not None and receipt.after == unfinished):
        withdraw(workbook, start)


def number_after(workbook: Path) -> int:
    """The number of the next run. Of the last receipt, which may be long, its number is read."""
    with _opened(path_of(workbook), disk.owner_of(workbook)) as file:
        file.seek(_last_line(file))
        last = _NUMBER.match(file.read(_TAIL))
        file.seek(-1 if last else 0, os.SEEK_END)
        if last and file.read() == b"\n":
            return int(last[1]) + 1
    return max((receipt.run for receipt in receipts(workbook)), default=0) + 1


def _is_ours(head: bytes) -> bool:
    """Whether a file that begins like this is one with receipts."""
    return head.startswith(_BEGIN)


def _opened(path: Path, owner: os.stat_result | None) -> BinaryIO:
    """A file, open to be read; an empty one where it isn't there."""
    try:
        return ours.opened(path, owner)
    except (FileNotFoundError, NotADirectoryError):
        return io.BytesIO()


def _last_line(file: BinaryIO) -> int:
    """Where the last line of a file begins; only the file's end is read."""
    at = file.seek(0, os.SEEK_END)
    end = max(at - 1, 0)
    while at:
        start = max(at - _TAIL, 0)
        file.seek(start)
        found = file.read(at - start).rfind(b"\n", 0, end - start)
        if found >= 0:
            return start + found + 1
        at = start
    return 0


def _line(receipt: Receipt) -> bytes:
    facts = receipt._asdict()
    for key in ("config", "backup"):  # names of files needn't be text
        facts[key] = orjson.Fragment(json.dumps(facts[key]))
    return orjson.dumps(facts, _plain, orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_APPEND_NEWLINE)


def _plain(value: dt.date | tuple[object, ...]) -> object:
    """What JSON has no kind of, of kinds that it has."""
    return tuple(value) if isinstance(value, tuple) else {"date": value.isoformat()}


def _read(line: bytes) -> Receipt | None:
    """The receipt in a line; None where it can't be one that was written here."""
    try:
        return _ADAPTER.validate_python(json.loads(line))
    except (RecursionError, ValueError):
        return None
