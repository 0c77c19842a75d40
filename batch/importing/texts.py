"""Lists in text files: their encoding, how the lines are parted into cells, stray quotation marks.

What had to be assumed is told; nothing is dropped.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple

from words import _, marked

_BROKEN: Final = marked(
    "Signs that are broken: {count}, the first in line {line}; they stand as \ufffd."
)
_NOT_NAMED: Final = marked("No encoding is named in it; it is read as {encoding}.")
_STRAY: Final = marked(
    "Lines with a quotation mark that is never closed: {count}, the first is line {line}. "
    "There it is taken for a sign like any other."
)
_DELIMITERS: Final = ";\t,|"
_SAMPLE: Final = 200
_MOST_LINES_OF_A_CELL: Final = 40
"""A cell with more lines than that is rather a quotation mark that is never closed."""
_FEW: Final = 0.01
"""Up to this part of the signs of a UTF-8 file may be broken."""
_CODE_PAGES: Final = (
    "cp1251",
    "koi8_r",
    "cp866",
    "mac_cyrillic",
    "cp1252",
    "cp1250",
    "cp1254",
    "mac_roman",
    "cp850",
)
_DECIMAL_COMMA: Final = re.compile(r"[^,]*\s[^,]*(\d,\d[^,]*)?")
"""A line of columns parted by blanks, whose only comma is that of an amount."""
_AS_TEXT: Final = re.compile(r'="([^"]*)"')
"""How shops write 007 so that Excel keeps the zeros."""


class NoText(ValueError):  # noqa: N818 - named for what is wrong
    """The bytes of something that is no text."""


class ToldOfFile(NamedTuple):
    """What is to be told of a file, in the language spoken then: a sentence marked for translation,
    and the facts in its braces.
    """

    sentence: str
    facts: Mapping[str, object] = MappingProxyType({})

    def __str__(self) -> str:
        return _(self.sentence).format(**self.facts)


@dataclass
class Text:
    """The text of a file; told: what was assumed about it, or is broken in it."""

    text: str
    encoding: str
    told: list[ToldOfFile] = field(default_factory=list)


@dataclass
class Lines:
    """Rows of cells, the number of the line in which each begins, and what is to be told."""

    rows: list[list[str]]
    numbers: list[int]
    told: list[ToldOfFile] = field(default_factory=list)


def decoded(raw: bytes) -> Text:
    """The text of a file in any usual encoding. Raises NoText."""
    marked = _by_mark(raw)
    if marked is not None:
        return marked
    try:
        return Text(raw.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        pass
    text = raw.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    letters = sum(sign > "\x7f" for sign in text) - broken
    if broken <= max(1, len(text) * _FEW) and letters > broken:
        line = text[: text.index("\ufffd")].count("\n") + 1
        return Text(text, "UTF-8", [ToldOfFile(_BROKEN, {"count": broken, "line": line})])
    return _guessed(raw)


def _by_mark(raw: bytes) -> Text | None:
    """The text of a file that tells its encoding by its first bytes, or by bytes of nothing."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return Text(raw.decode("utf-16", errors="replace"), "UTF-16")
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
        text = raw.decode("utf-8", errors="replace")
        return Text(text, "UTF-8")
    sample = raw[:1000]
    if b"\0" not in sample:
        return None
    for encoding, nothing in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if nothing.count(0) * 2 > len(nothing):
            return Text(raw.decode(encoding, errors="replace"), "UTF-16")
    raise NoText


def _guessed(raw: bytes) -> Text:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most files needn't wait for it

    best = from_bytes(raw, cp_isolation=list(_CODE_PAGES)).best()
    encoding = best.encoding if best is not None else "cp1251"
    told = ToldOfFile(_NOT_NAMED, {"encoding": encoding})
    return Text(raw.decode(encoding, errors="replace"), encoding, [told])


def split(text: str) -> Lines:
    """The text as rows of cells: parted by the mark that makes the lines alike, else by blanks."""
    mark = delimiter(text)
    if mark is None:
        lines = text.splitlines()
        return Lines([line.split() for line in lines], list(range(1, len(lines) + 1)))
    return _cells(text, mark)


def delimiter(text: str) -> str | None:
    """The mark between cells; None where blanks part them, or nothing does."""
    lines = [line for line in islice(text.splitlines(), _SAMPLE) if line.strip()]
    if all(_DECIMAL_COMMA.fullmatch(line) for line in lines):
        marks = _DELIMITERS.replace(",", "")
    else:
        marks = _DELIMITERS
    scores = {mark: _alike(lines, mark) for mark in marks}
    best = max(scores, key=lambda mark: scores[mark], default=None)
    return best if best is not None and scores[best][0] else None


def _alike(lines: Sequence[str], mark: str) -> tuple[float, int]:
    """How alike a mark makes the lines: what part of them has the usual number of cells, and how
    many these are; (0, 0) where most lines don't have it.
    """
    counts = Counter(len(row) for row in _read(lines, mark))
    whole = sum(counts.values())
    usual, often = max(counts.items(), key=lambda one: (one[0] > 1, one[1]), default=(0, 0))
    if usual < 2 or not whole or sum(n for size, n in counts.items() if size > 1) * 2 < whole:
        return 0.0, 0
    return round(often / whole, 1), usual


def _read(lines: Iterable[str], mark: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=mark)
    except csv.Error:
        return


def _cells(text: str, mark: str) -> Lines:
    lines = text.splitlines(keepends=True)
    if text.count('"') == 0:
        rows = [line.rstrip("\r\n").split(mark) for line in lines]
        return Lines(rows, list(range(1, len(rows) + 1)))
    rows, numbers, stray, at = [], [], [], 0
    opens = re.compile(rf'(?:^|{re.escape(mark)})"')
    while at < len(lines):
        if opens.search(lines[at]):
            row, used = _row(lines, at, mark)
        else:
            row, used = lines[at].rstrip("\r\n").split(mark), 1
        if row is None:
            stray.append(at + 1)
            row, used = lines[at].rstrip("\r\n").split(mark), 1
        rows.append([_as_meant(cell) for cell in row])
        numbers.append(at + 1)
        at += used
    told = []
    if stray:
        told = [ToldOfFile(_STRAY, {"count": len(stray), "line": stray[0]})]
    return Lines(rows, numbers, told)


def _row(lines: Sequence[str], at: int, mark: str) -> tuple[list[str] | None, int]:
    """The cells of the row that begins in a line, and how many lines it takes up; None where a
    quotation mark in it is never closed.
    """
    whole = ""
    for used, line in enumerate(lines[at : at + _MOST_LINES_OF_A_CELL], 1):
        whole += line
        if whole.count('"') % 2:
            continue
        try:
            found = list(csv.reader([whole], delimiter=mark, strict=True))
        except csv.Error:
            return None, 0
        return (found[0] if found else []), used
    return None, 0


def _as_meant(cell: str) -> str:
    found = _AS_TEXT.fullmatch(cell.strip())
    return found[1] if found else cell
