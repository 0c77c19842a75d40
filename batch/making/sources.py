"""Lists that come from elsewhere: CSV, whitespace-separated text, exports from Excel.

Read as they are: text stays text (an ID keeps its zeros), nothing is guessed here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from batch.cells import column_letters
from batch.importing import sources
from batch.importing.sheets import SourceError, SourceSheet
from rules.config.settings import Limits
from rules.reading.words import fold
from words import _

HEADING_ROWS = 20


class LacksColumnError(SourceError):
    """A list without a column that is needed."""


@dataclass(frozen=True)
class Source:
    """A list: its columns by key of the configuration, and more columns by heading.

    keyed: columns that `config.yaml` or --map names; others: all further columns with a heading,
    in their order; mapped: the keys whose column --map named; told: what had to be assumed, and
    what isn't taken. Cells are str, float, bool, datetime.date, datetime.datetime or None.
    """

    keyed: Mapping[str, list[object]]
    others: Sequence[tuple[str, list[object]]]
    mapped: frozenset[str] = frozenset()
    told: Sequence[str] = ()


def read_source(
    path: Path,
    accepted: Mapping[str, Sequence[str]],
    required: Collection[str],
    mapped: Mapping[str, str],
    limits: Limits,
) -> Source:
    """The list in the file *path*.

    accepted: headings by key; mapped: headings (or col1, col2 … by position) by key, which go
    before. A list without headings has the columns col1, col2 … only. Raises SourceError, or
    TooLarge for a workbook beyond the *limits*.
    """
    found = _list_of(sources.read(path, limits), chain(mapped.values(), *accepted.values()))
    rows, heading_row, told = found.rows, found.heading_row, [*found.told]
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
        raise missing_column(path, accepted[missing[0]][0], wanted[missing[0]], rows)
    taken = set(at.values())
    bare = [n for n in range(width) if n not in taken and not names[n] and any(columns[n])]
    if heading_row is None:
        if bare:
            places = ", ".join(f"col{n + 1}" for n in bare)
            sentence = _("Columns that --map doesn't name are left out: {places}.")
            told.append(sentence.format(places=places))
    else:
        for n in bare:
            names[n] = _("Column {letters}").format(letters=column_letters(n + 1))
            told.append(_("A column without a heading is kept as '{name}'.").format(name=names[n]))
    others = [(name, columns[n]) for n, name in enumerate(names) if name and n not in taken]
    keyed = {key: columns[n] for key, n in at.items()}
    return Source(keyed, others, frozenset(by_map), told)


@dataclass(frozen=True)
class _Found:
    """The rows of the sheet that holds the list, where its headings are, and what is to be told."""

    rows: Sequence[Sequence[Any]]
    heading_row: int | None
    told: Sequence[str]


def _list_of(sheets: Sequence[SourceSheet], wanted: Iterable[str]) -> _Found:
    """The list among the sheets of a file: the first one with a wanted heading, else the first
    that isn't empty.
    """
    names = list(wanted)
    full = [one for one in sheets if one.rows]
    if not full:
        return _Found([], None, ())
    found = [(one, _find_headings(one.rows, names)) for one in full]
    sheet, at = next((one for one in found if one[1] is not None), found[0])
    told = list(map(str, sheet.told))
    if sheet.is_text:
        sheet = replace(sheet, rows=[list(_text(row[0]).split()) for row in sheet.rows])
    others = [one.name for one in full if one.name != sheet.name]
    if others:
        sentence = _("Read is the sheet '{name}'; not read: {others}.")
        told.append(sentence.format(name=sheet.name, others=", ".join(others)))
    if at:
        above = "; ".join(" ".join(filter(None, map(_text, row))) for row in sheet.rows[:at])
        told.append(_("Lines above the headings that are left out: {lines}").format(lines=above))
    if sheet.notes:
        told.append(_("Comments that are left out: {count}.").format(count=len(sheet.notes)))
    first = min(next(n for n, one in enumerate(row) if one is not None) for row in sheet.rows)
    return _Found([row[first:] for row in sheet.rows], at, told)


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


def missing_column(
    path: Path, heading: str, wanted: Sequence[str], rows: Sequence[Sequence[object]]
) -> LacksColumnError:
    """What to say of a list without a column that is needed."""
    first = ", ".join(f"'{_text(cell)}'" for cell in rows[0]) if rows else _("nothing")
    names = _(" or ").join(f"'{name}'" for name in wanted)
    return LacksColumnError(
        path,
        _("has no column {names} (its first line: {first})").format(names=names, first=first),
        _(
            "'clientbase import' reads lists of all kinds. Or say which column it is, by its "
            'heading (--map "{key}=…"), or in a list without headings by its position '
            '(--map "{key}=col1").'
        ).format(key=heading),
    )
