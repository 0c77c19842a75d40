"""Cells as written in a worksheet part: taken apart, and the bytes of new ones."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from batch.book import NO_STYLE
from batch.cells import CellValue, StoredValue, address, column_letters
from batch.edits import plain_date
from batch.xlsx import xmlbytes
from batch.xlsx.xmlbytes import XmlError, coded, escaped
from rules.reading.cells import CellError
from words import _

_NUMBER: Final = re.compile(rb"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*")


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell's attributes and value as bytes; ``reference`` is empty where it is implied."""

    reference: bytes
    style: bytes
    kind: bytes
    value: bytes | None
    formula: bytes | None
    """The whole ``f`` element, None in a cell that holds no formula."""
    inline: bytes | None
    """The content of the ``is`` element."""


class CellReader:
    """Reads single cells of a part whose elements have a given prefix (``x:`` or nothing)."""

    def __init__(self, prefix: bytes) -> None:
        name = re.escape(prefix)
        attributes = rb"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
        self._usual = re.compile(
            rb"<" + name + rb'c r="([A-Z]+[0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
            rb"(?:/>|>(?:<" + name + rb"v>([^<]*)</" + name + rb"v>"
            rb"|<" + name + rb"is>(.*?)</" + name + rb"is>)?</" + name + rb"c>)",
            re.DOTALL,
        )
        self._tag = re.compile(rb"<" + name + rb"c(?=[\s/>])(" + attributes + rb")>")
        element = rb"<" + name + rb"%b(?:\s" + attributes + rb")?>([^<]*)</" + name + rb"%b\s*>"
        self._value = re.compile(element % (b"v", b"v"))
        self._text = re.compile(element % (b"t", b"t"))
        self._formula = re.compile(
            rb"<" + name + rb"f(?:\s" + attributes + rb")?"
            rb"(?:/>|(?<!/)>[^<]*</" + name + rb"f\s*>)"
        )
        # Up to the next tag of the same name: thousands that aren't closed are looked at once.
        until = rb"[^<]*(?:<(?!/?" + name + rb"%b\b)[^<]*)*"
        self._inline = re.compile(
            rb"<" + name + rb"is\s*>(" + until % b"is" + rb")</" + name + rb"is\s*>"
        )
        self._phonetic = re.compile(
            rb"<" + name + rb"rPh\b" + until % b"rPh" + rb"</" + name + rb"rPh\s*>"
        )

    def read(self, raw: bytes) -> RawCell:
        """Take one cell apart. Raises XmlError for what can't be a cell."""
        usual = self._usual.fullmatch(raw)
        if usual:
            reference, style, kind, value, inline = usual.groups()
            return RawCell(reference, style or b"", kind or b"n", value, None, inline)
        tag = self._tag.match(raw)
        if tag is None:
            raise XmlError(_("a cell is broken ({text})"), text=xmlbytes.shown(raw))
        found = xmlbytes.attributes(tag[1])
        if any(name.startswith(b"xmlns") for name in found):
            raise XmlError(_("a cell declares a namespace of its own"))
        content = b"" if tag[1].endswith(b"/") else raw[tag.end() :]
        value = self._value.search(content)
        formula = self._formula.search(content)
        inline = self._inline.search(content)
        for element, found_one in ((self._value, value), (self._formula, formula)):
            if found_one and element.search(content, found_one.end()):
                raise XmlError(_("a cell holds two values or formulas"))
        return RawCell(
            found.get(b"r", b""),
            found.get(b"s", b""),
            found.get(b"t", b"n"),
            value[1] if value else None,
            formula[0] if formula else None,
            inline[1] if inline else None,
        )

    def text(self, inline: bytes) -> str:
        """Plain text of an ``is`` or ``si`` element: rich runs joined, phonetic hints left out."""
        pieces = self._text.findall(self._phonetic.sub(b"", inline))
        return xmlbytes.cell_text(b"".join(pieces))

    def value(  # noqa: PLR0911 - one for each kind of cell
        self, cell: RawCell, strings: Sequence[str]
    ) -> CellValue:
        """What the cell holds, *strings* being the workbook's shared texts.

        Empty text counts as blank. Raises XmlError for a number that is none and for a shared
        text that the workbook doesn't have.
        """
        if cell.kind == b"inlineStr":
            return self.text(cell.inline) or None if cell.inline is not None else None
        if cell.value is None or not cell.value:
            return None
        if cell.kind == b"s":
            return shared_text(cell.value, strings)
        if cell.kind == b"n":
            return number(cell.value)
        text = xmlbytes.cell_text(cell.value)
        if cell.kind == b"b":
            return text.strip() in ("1", "true")
        if cell.kind == b"e":
            return CellError(text)
        return _iso(text) if cell.kind == b"d" else text


def number(raw: bytes) -> float:
    """A finite number, correctly rounded. Raises XmlError."""
    value = float(raw) if _NUMBER.fullmatch(raw) else float("inf")
    if value in (float("inf"), float("-inf")):
        raise XmlError(_("a cell's number can't be read ({text})"), text=xmlbytes.shown(raw))
    return value


def shared_text(raw: bytes, strings: Sequence[str]) -> str | None:
    """The shared text of that number, None if it is empty. Raises XmlError."""
    index = xmlbytes.whole_number(raw)
    if index is None or index >= len(strings):
        found = _("a cell refers to the shared text {shown}, which doesn't exist")
        raise XmlError(found.format(shown=xmlbytes.shown(raw)))
    return strings[index] or None


def _iso(text: str) -> CellValue:
    """A date, or a datetime where the time isn't midnight; text that is no date stays text."""
    try:
        return plain_date(dt.datetime.fromisoformat(text))
    except ValueError:
        return text


# New cells ----------------------------------------------------------------------------------


def cell_ends(prefix: bytes, styles: Iterable[int], values: Sequence[StoredValue]) -> list[bytes]:
    """What follows the row's number in cells of one column; nothing for one that is blank and has
    no style.

    It is made once for each value and style.
    """
    end_of = cache(partial(_end, prefix))
    return [
        b"" if value is None and style == NO_STYLE else end_of(style, value)
        for style, value in zip(styles, values, strict=True)
    ]


def whole_cells(
    prefix: bytes, rows: Iterable[int], columns: Sequence[int], written: Iterable[bytes]
) -> list[bytes]:
    """Cells as they stand in a part: those of `cell_ends` made whole, others as they are."""
    starts = {one: b'<%bc r="%b' % (prefix, column_letters(one).encode()) for one in set(columns)}
    return [
        b"%b%d%b" % (starts[column], row, one) if one[:1] == b'"' else one
        for row, column, one in zip(rows, columns, written, strict=True)
    ]


def blank_cell(prefix: bytes, row: int, column: int, style: int = NO_STYLE) -> bytes:
    """A cell that has no value."""
    where = address(row, column).encode()
    return b'<%bc r="%b%b' % (prefix, where, _end(prefix, style, None))


def formula_cell(prefix: bytes, row: int, column: int, style: int, formula: bytes) -> bytes:
    """A cell with a *formula*, as it is written in a part, and no result yet."""
    p, where = prefix, address(row, column).encode()
    return b'<%bc r="%b%b><%bf>%b</%bf></%bc>' % (p, where, _styled(style), p, formula, p, p)


def _styled(style: int) -> bytes:
    """What follows a cell's reference: the quote that ends it, and a style."""
    return b'"' if style == NO_STYLE else b'" s="%d"' % style


def _end(p: bytes, style: int, value: StoredValue) -> bytes:
    """A cell's bytes from the end of its reference on."""
    start = _styled(style)
    if value is None:
        return start + b"/>"
    if not isinstance(value, str):
        return b"%b>%b</%bc>" % (start, number_element(p, value), p)
    text = text_element(p + b"t", value)
    return b'%b t="inlineStr"><%bis>%b</%bis></%bc>' % (start, p, text, p, p)


def number_element(p: bytes, value: float) -> bytes:
    """The element with a cell's number."""
    return b"<%bv>%b</%bv>" % (p, decimals(value), p)


def text_element(name: bytes, text: str) -> bytes:
    """The element of that name with a cell's text; XML must be told to keep its blanks."""
    keeps = text != text.strip() or "\n" in text or "\t" in text or "  " in text
    space = b' xml:space="preserve"' if keeps else b""
    return b"<%b%b>%b</%b>" % (name, space, escaped(coded(text)), name)


def decimals(value: float) -> bytes:
    """The shortest decimal that is read as the same number: 3.0 gives 3."""
    if float(value).is_integer() and abs(value) < 1e15:
        return b"%d" % int(value)
    return repr(float(value)).encode()
