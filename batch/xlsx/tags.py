"""Rows and cells of a worksheet part, found by their tags.

In XML without comments, CDATA and processing instructions, which are refused here, every ``<``
begins a tag. So numpy finds all tags of a block of rows at once, and the bytes after each
``<`` say which of them begin or end a row or a cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from batch.book import Bools, Ints
from batch.cells import LAST_COLUMN, LAST_ROW, parse_address
from batch.xlsx import xmlbytes
from batch.xlsx.cellxml import CellReader
from batch.xlsx.usualcells import Bytes, digits, letters, reads
from batch.xlsx.xmlbytes import Element, UnusualXml, XmlError
from words import _

_BLOCK: Final = 1 << 21
_LONGEST_ROW_BYTES: Final = 64 << 20
_LOOK_AHEAD: Final = 64
_ALTERNATIVE: Final = re.compile(rb"<[^\s<>]*:AlternateContent[\s/>]")
_LONGEST_ROW: Final = 7
_OTHER, _ROW, _CELL, _CELL_END, _ROW_END = range(5)

_KINDS: Final = 5
_FOLLOWS: Final[Bools] = np.zeros((_KINDS, _KINDS), dtype=np.bool_)
"""Which tag may follow which, among rows and cells; a cell or row may be self-closing."""
for _before, _after in {
    _ROW: (_CELL, _ROW_END, _ROW),
    _CELL: (_CELL_END, _CELL, _ROW_END),
    _CELL_END: (_CELL, _ROW_END),
    _ROW_END: (_ROW,),
}.items():
    _FOLLOWS[_before, _after] = True

_ENDS_NAME: Final[Bools] = np.isin(np.arange(256), np.frombuffer(b" />\t\r\n", np.uint8))


def _pairs(slash: str) -> npt.NDArray[np.uint8]:
    """What a tag may be, by the two bytes that follow ``<`` and the prefix."""
    kinds = np.zeros(1 << 16, np.uint8)
    for end in b" />\t\r\n":
        kinds[ord("c") << 8 | end] = _CELL
    kinds[ord("r") << 8 | ord("o")] = _ROW
    kinds[ord(slash) << 8 | ord("c")] = _CELL_END
    kinds[ord(slash) << 8 | ord("r")] = _ROW_END
    return kinds


_PAIRS: Final = _pairs("/")
_PREFIXED_PAIRS: Final = _pairs(":")


@dataclass
class TagBlock:
    """The tags of some whole rows; places count from the block's first byte."""

    data: Bytes
    raw: bytes
    size: int
    """Bytes of the block, without those appended to *raw* for looking ahead."""
    offset: int
    tags: Ints
    row_tags: Ints
    """Places of the rows' start tags."""
    rows: Ints
    """Their numbers."""
    cells: Ints
    """Indexes into *tags* of the cells' start tags, all of them, in order."""
    cell_stops: Ints
    """The byte after each cell."""
    cell_rows: Ints
    """Row number of each cell."""

    def cell(self, index: int) -> bytes:
        """The bytes of one cell."""
        return self.raw[int(self.tags[self.cells[index]]) : int(self.cell_stops[index])]


class CellPlaces(NamedTuple):
    """Where the cells of a block stand.

    ``columns``: the column of each. ``after``: where the digits of its reference begin, and of a
    bare one, which has none, the byte before what follows its name. ``usual``: whether its
    reference is written as usual. ``bare``: whether none of the block's cells has one.
    """

    columns: Ints
    after: Ints
    usual: Bools
    bare: Bools


class TagReader:
    """Finds rows and cells in the content of one ``sheetData`` element.

    All methods raise XmlError for what can't be a worksheet, UnusualXml for what Excel itself
    never writes.
    """

    def __init__(self, sheet_data: Element, reader: CellReader) -> None:
        self.sheet_data = sheet_data
        self.data = sheet_data.data
        self.prefix = sheet_data.name.removesuffix(b"sheetData")
        self.reader = reader

    def blocks(self) -> Iterator[TagBlock]:
        """The rows in blocks of about two megabytes."""
        at, end = self.sheet_data.opened, self.sheet_data.closing
        row = b"<" + self.prefix + b"row"
        if self._has_alternatives:
            raise UnusualXml(_("alternative contents for cells"))
        at = self.data.find(b"<", at, end)
        previous = 0
        while 0 <= at < end:
            stop = end
            if at + _BLOCK < end:
                stop = self.data.rfind(row, at + 1, at + _BLOCK)
                if stop < 0:
                    stop = self.data.find(row, at + _BLOCK, end)
                stop = end if stop < 0 else stop
            if stop - at > _LONGEST_ROW_BYTES:
                raise UnusualXml(_("a row of more than 64 MB"))
            block = self._block(at, stop, previous)
            previous = int(block.rows[-1])
            yield block
            at = stop

    @cached_property
    def _has_alternatives(self) -> bool:
        at, end = self.sheet_data.opened, self.sheet_data.closing
        found = self.data.find(b":AlternateContent", at, end)
        start = self.data.rfind(b"<", at, max(found, at))
        return found >= 0 and _ALTERNATIVE.search(self.data, start, end) is not None

    def _block(self, start: int, stop: int, previous: int) -> TagBlock:
        raw = self.data[start:stop] + bytes(_LOOK_AHEAD + 4 * len(self.prefix))
        data = np.frombuffer(raw, np.uint8)
        tags = self._tags(data)
        self._refuse_comments(data, tags)
        kinds = self._kinds(data, tags)
        marks = np.flatnonzero(kinds)
        order = kinds[marks]
        if (
            not order.size
            or order[0] != _ROW
            or order[-1] not in (_ROW, _ROW_END)
            or not _FOLLOWS[order[:-1], order[1:]].all()
        ):
            raise XmlError(_("its rows and cells are nested wrongly"))
        row_tags = tags[marks[order == _ROW]]
        rows = self._row_numbers(data, raw, row_tags, previous)
        places = np.flatnonzero(order == _CELL)
        cells = marks[places]
        ends = marks[places + 1]
        closed = order[places + 1] == _CELL_END
        self._check_self_closing(raw, tags, cells[~closed], ends[~closed])
        of_row = np.cumsum(order == _ROW)[places] - 1
        stops = self._cell_stops(data, raw, tags[ends], closed)
        return TagBlock(
            data, raw, stop - start, start, tags, row_tags, rows, cells, stops, rows[of_row]
        )

    def _cell_stops(self, data: Bytes, raw: bytes, tags: Ints, closed: Bools) -> Ints:
        """The byte after each cell, *tags* being its end tag or, if not *closed*, the next tag."""
        stops = np.where(closed, tags + len(self.prefix) + 4, tags)
        for index in np.flatnonzero(data[stops - 1] != ord(">")).tolist():
            start = int(tags[index])
            stops[index] = (
                raw.find(b">", start) if closed[index] else raw.rfind(b">", 0, start)
            ) + 1
        return stops

    def _tags(self, data: Bytes) -> Ints:
        """Where tags begin; those of values, half of all, are left out if it is easy."""
        first, second, third = data[:-2], data[1:-1], data[2:]
        wanted = first == ord("<")
        if not self.prefix:
            wanted &= second != ord("v")
            wanted &= (second != ord("/")) | (third != ord("v"))
        return np.flatnonzero(wanted)

    def _refuse_comments(self, data: Bytes, tags: Ints) -> None:
        second = data[tags + 1]
        if (second == ord("!")).any():
            raise UnusualXml(_("comments or CDATA between cells"))
        if (second == ord("?")).any():
            raise UnusualXml(_("processing instructions between cells"))

    def _kinds(self, data: Bytes, tags: Ints) -> npt.NDArray[np.uint8]:
        """For each tag whether it begins or ends a row or a cell.

        The two bytes after ``<`` decide for nearly all; behind a prefix, the colon stands for
        the slash of an end tag, whose name begins one byte later.
        """
        at = tags + (1 + len(self.prefix))
        pair = data[at].astype(np.uint16) << 8 | data[at + 1]
        kinds: Bytes = (_PREFIXED_PAIRS if self.prefix else _PAIRS)[pair]
        if self.prefix:
            self._drop_other_prefixes(data, tags, kinds)
        rows = np.flatnonzero((kinds == _ROW) | (kinds == _ROW_END))
        name = at[rows] + (kinds[rows] == _ROW_END)
        other = (data[name + 1] != ord("o")) | (data[name + 2] != ord("w"))
        kinds[rows[other | ~_ENDS_NAME[data[name + 3]]]] = _OTHER
        ends = np.flatnonzero(kinds == _CELL_END)
        kinds[ends[~_ENDS_NAME[data[at[ends] + 2]]]] = _OTHER
        return kinds

    def _drop_other_prefixes(self, data: Bytes, tags: Ints, kinds: npt.NDArray[np.uint8]) -> None:
        """Make tags other whose prefix isn't that of the worksheet."""
        ending = (kinds == _CELL_END) | (kinds == _ROW_END)
        other = ending & (data[tags + 1] != ord("/"))
        for place, letter in enumerate(self.prefix):
            other |= data[tags + 1 + ending + place] != letter
        kinds[other] = _OTHER

    def _check_self_closing(self, raw: bytes, tags: Ints, cells: Ints, ends: Ints) -> None:
        """Raise for a cell that has no end tag although it isn't written ``<c …/>``."""
        for cell, end in zip(tags[cells].tolist(), tags[ends].tolist(), strict=True):
            if not raw.endswith(b"/>", cell, end) and not raw[cell:end].rstrip().endswith(b"/>"):
                raise XmlError(_("a cell isn't closed"))

    def _row_numbers(self, data: Bytes, raw: bytes, tags: Ints, previous: int) -> Ints:
        """Row numbers, written or implied; ascending."""
        name = tags + len(self.prefix) + 4
        usual = reads(data, name, b' r="')
        if not usual.any() and not self._row_reference.search(raw):
            numbers = previous + 1 + np.arange(len(tags))
        else:
            numbers = self._read_row_numbers(data, raw, tags, usual, previous)
        if numbers[0] <= previous or (np.diff(numbers) <= 0).any():
            raise XmlError(_("its rows don't follow one another in order"))
        if numbers[-1] > LAST_ROW:
            raise XmlError(_("it has a row {row}, beyond Excel's last"), row=int(numbers[-1]))
        return numbers

    def _read_row_numbers(
        self, data: Bytes, raw: bytes, tags: Ints, usual: Bools, previous: int
    ) -> Ints:
        name = tags + len(self.prefix) + 4
        numbers, stops = digits(data, name + 4, usual, _LONGEST_ROW)
        usual &= (data[stops] == ord('"')) & (stops > name + 4)
        for index in np.flatnonzero(~usual).tolist():
            before = int(numbers[index - 1]) if index else previous
            tag = raw[int(tags[index]) : raw.find(b">", int(tags[index]))]
            written = xmlbytes.attributes(tag).get(b"r", b"%d" % (before + 1))
            numbers[index] = xmlbytes.whole_number(written) or 0
        return numbers

    def cell_columns(self, block: TagBlock) -> CellPlaces:
        """Where the cells of a block stand."""
        data = block.data
        names = block.tags[block.cells] + len(self.prefix) + 2
        usual = reads(data, names, b' r="')
        bare = np.zeros(len(usual), np.bool_)
        if not usual.any() and not self._cell_reference.search(block.raw):
            first = np.diff(block.cell_rows, prepend=0) > 0
            numbers = np.arange(len(usual))
            columns = numbers - np.maximum.accumulate(np.where(first, numbers, 0)) + 1
            bare, after = ~bare, names - 1
        else:
            columns, after = letters(data, names + 4)
            usual &= columns > 0
            self._name_columns(block, columns, np.flatnonzero(~usual))
        same_row = block.cell_rows[1:] == block.cell_rows[:-1]
        if (same_row & (columns[1:] <= columns[:-1])).any():
            raise XmlError(_("the cells of a row don't follow one another in order"))
        if columns.size and columns.max() > LAST_COLUMN:
            raise XmlError(_("it has a cell beyond Excel's last column"))
        return CellPlaces(columns, after, usual, bare)

    @cached_property
    def _row_reference(self) -> re.Pattern[bytes]:
        return self._reference(b"row")

    @cached_property
    def _cell_reference(self) -> re.Pattern[bytes]:
        return self._reference(b"c")

    def _reference(self, name: bytes) -> re.Pattern[bytes]:
        """The beginning of a tag that says where its row or cell stands."""
        attributes = rb"""(?:[^<>"']|"[^"]*"|'[^']*')*?"""
        return re.compile(rb"<%b(?=\s)%b\sr\s*=" % (re.escape(self.prefix + name), attributes))

    def _name_columns(self, block: TagBlock, columns: Ints, unusual: Ints) -> None:
        """Fill in the column of each cell whose reference is unusual or implied."""
        for index in unusual.tolist():
            reference = self.reader.read(block.cell(index)).reference
            if reference:
                columns[index] = parsed(reference)[1]
            elif index and block.cell_rows[index] == block.cell_rows[index - 1]:
                columns[index] = columns[index - 1] + 1
            else:
                columns[index] = 1


def parsed(reference: bytes) -> tuple[int, int]:
    """Row and column of a cell's reference. Raises XmlError."""
    try:
        return parse_address(reference.decode("latin-1"))
    except ValueError as error:
        raise XmlError(_("a cell's address is wrong: {error}"), error=error) from None


def check_reference(reference: bytes, where: tuple[int, int]) -> None:
    """Raise XmlError when a cell says that it stands elsewhere than it does."""
    if reference and parsed(reference) != where:
        shown = reference.decode("latin-1")
        raise XmlError(_("the cell {shown} stands in row {row}"), shown=shown, row=where[0])
