"""Lists that come from elsewhere: CSV, whitespace-separated text, exports from Excel.

Read as they are: text stays text (an ID keeps its zeros), nothing is guessed here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from statistics import median_low
from typing import Any

from batch.errors import reason_of
from batch.importing.sheets import SourceError
from batch.saving.readback import MOST_CELLS, Unreadable, opened
from batch.xlsx.package import sheet_areas
from rules.config.settings import Limits
from rules.reading.words import fold
from words import _

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_DELIMITERS = ";\t|,"
_DECIMAL_COMMA = re.compile(r"[^,]*\s[^,]*(\d,\d[^,]*)?")
"""A line of columns parted by blanks, whose only comma is that of an amount."""
_SAMPLE = 64 * 1024
HEADING_ROWS = 20


@dataclass(frozen=True)
class Source:
    """A list: its columns by key of the configuration, and more columns by heading.

    keyed: columns that `config.yaml` or --map names; others: all further columns with a heading,
    in their order; mapped: the keys whose column --map named. Cells are str, float, bool,
    datetime.date, datetime.datetime or None.
    """

    keyed: Mapping[str, list[object]]
    others: Sequence[tuple[str, list[object]]]
    mapped: frozenset[str] = frozenset()


def read_source(
    path: Path,
    accepted: Mapping[str, Sequence[str]],
    required: Collection[str],
    mapped: Mapping[str, str],
    limits: Limits | None = None,
) -> Source:
    """The list in the file *path*.

    accepted: headings by key; mapped: headings (or col1, col2 … by position) by key, which go
    before. A list without headings has the columns col1, col2 … only. Raises SourceError, or
    TooLarge for a workbook beyond the *limits*.
    """
    try:
        if path.suffix.lower() in _WORKBOOKS:
            _check_limits(path, limits)
            rows = _read_workbook(path)
        else:
            rows = _read_text(path)
    except OSError as error:
        found = _("can't be read: {reason}").format(reason=reason_of(error))
        raise SourceError(path, found, _("Check its name.")) from error
    heading_row = _find_headings(rows, chain(mapped.values(), *accepted.values()))
    headings = rows[heading_row] if heading_row is not None else []
    data = rows if heading_row is None else rows[heading_row + 1 :]
    width = max(map(len, rows), default=0)
    columns = _columns(data, width)
    names = [_text(headings[n]) if n < len(headings) else "" for n in range(width)]
    by_map = {key: [name] for key, name in mapped.items() if _positions(names).get(fold(name))}
    wanted = {**accepted, **by_map}
    at = _matched(path, names, wanted, accepted)
    missing = [key for key in required if key not in at]
    if missing:
        raise _missing(path, accepted[missing[0]][0], wanted[missing[0]], rows)
    taken = set(at.values())
    others = [(name, columns[n]) for n, name in enumerate(names) if name and n not in taken]
    return Source({key: columns[n] for key, n in at.items()}, others, frozenset(by_map))


def _check_limits(path: Path, limits: Limits | None) -> None:
    """Raise TooLarge or SourceError for a packed workbook that is a bomb, or has cells so far apart
    that the room between them could fill the memory. Of the other formats none is packed.
    """
    if any(area > MOST_CELLS for area in sheet_areas(path, limits)):
        raise SourceError(
            path,
            _("has cells very far from all others"),
            _("Delete what stands there in Excel, or save the list as CSV."),
        )


def _read_workbook(path: Path) -> list[list[Any]]:
    try:
        with opened(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=True)
    except Unreadable as error:
        raise SourceError(
            path,
            _("can't be read as a spreadsheet ({error})").format(error=error),
            _("Save it as .xlsx or CSV and try again."),
        ) from error
    return [[None if cell == "" else cell for cell in row] for row in rows]


def _read_text(path: Path) -> list[list[Any]]:
    text = _decoded(path, path.read_bytes())
    split = _splitter(text[:_SAMPLE])
    try:
        return [[cell or None for cell in row] for row in split(text) if any(row)]
    except csv.Error as error:
        advice = _("Look for a quotation mark that is never closed.")
        raise SourceError(
            path, _("can't be read as a list ({error})").format(error=error), advice
        ) from error


def _decoded(path: Path, raw: bytes) -> str:
    """Text in UTF-8 or UTF-16, else in the Windows encoding that Russian Excel exports use."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw[:_SAMPLE]:
        raise SourceError(path, _("is neither text nor a workbook"), _("Save it as CSV or .xlsx."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1251", errors="replace")


def _splitter(sample: str) -> Callable[[str], list[list[str]]]:
    """How the text is split into cells: by the delimiter of most lines, else by blanks."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    usual = {mark: median_low([line.count(mark) for line in lines] or [0]) for mark in _DELIMITERS}
    best = max(usual, key=lambda mark: usual[mark])
    only_decimals = all(_DECIMAL_COMMA.fullmatch(line) for line in lines)
    if usual[best] and not (best == "," and only_decimals):
        return lambda text: list(csv.reader(io.StringIO(text, newline=""), delimiter=best))
    return lambda text: [line.split() for line in text.splitlines()]


def _find_headings(rows: Sequence[Sequence[object]], wanted: Iterable[str]) -> int | None:
    """The first of the top rows that has a wanted heading; None for a list without headings."""
    names = set(map(fold, wanted))
    for number, row in enumerate(rows[:HEADING_ROWS]):
        if names & {fold(_text(cell)) for cell in row}:
            return number
    return None


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    columns = [list(column) for column in zip_longest(*rows)]
    return columns + [[None] * len(rows) for _ in range(width - len(columns))]


def _matched(
    path: Path,
    names: Sequence[str],
    wanted: Mapping[str, Sequence[str]],
    accepted: Mapping[str, Sequence[str]],
) -> dict[str, int]:
    """The column number of each key, by heading or by position (col1 is the first)."""
    positions = _positions(names)
    at = {}
    for key, headings in wanted.items():
        found = sorted({n for name in headings for n in positions.get(fold(name), ())})
        if len(found) > 1:
            both = _(" and ").join(f"'{names[n] or f'col{n + 1}'}'" for n in found)
            advice = _('Say which one counts: --map "{key}=…".').format(key=accepted[key][0])
            raise SourceError(
                path,
                _("has two columns for '{key}': {both}").format(key=accepted[key][0], both=both),
                advice,
            )
        if found:
            at[key] = found[0]
    return at


def _positions(names: Sequence[str]) -> dict[str, list[int]]:
    """Column numbers by folded heading, and by position as col1, col2 and so on."""
    positions: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        positions.setdefault(fold(name), []).append(number)
        positions.setdefault(f"col{number + 1}", []).append(number)
    return positions


def _missing(
    path: Path, heading: str, wanted: Sequence[str], rows: Sequence[Sequence[object]]
) -> SourceError:
    first = ", ".join(f"'{_text(cell)}'" for cell in rows[0]) if rows else _("nothing")
    example = _text(rows[0][0]) if rows and rows[0] else "…"
    names = _(" or ").join(f"'{name}'" for name in wanted)
    return SourceError(
        path,
        _("has no column {names} (its first line: {first})").format(names=names, first=first),
        _(
            'Say which column it is, by its heading (--map "{key}={example}"), or in a list '
            'without headings by its position (--map "{key}=col1").'
        ).format(key=heading, example=example),
    )
