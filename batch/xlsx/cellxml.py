"""One cell as written in a worksheet part: its attributes, its formula, its value."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from batch.cells import CellValue
from batch.xlsx import xmlbytes
from batch.xlsx.xmlbytes import XmlError
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
        self._value = re.compile(
            rb"<" + name + rb"v(?:\s" + attributes + rb")?>([^<]*)</" + name + rb"v\s*>"
        )
        self._formula = re.compile(
            rb"<" + name + rb"f(?:\s" + attributes + rb")?"
            rb"(?:/>|(?<!/)>[^<]*</" + name + rb"f\s*>)"
        )
        # Up to the next tag of the same name: thousands that aren't closed are looked at once.
        until = rb"[^<]*(?:<(?!/?" + name + rb"%b\b)[^<]*)*"
        self._inline = re.compile(
            rb"<" + name + rb"is\s*>(" + until % b"is" + rb")</" + name + rb"is\s*>"
        )
        self._text = re.compile(
            rb"<" + name + rb"t(?:\s" + attributes + rb")?>([^<]*)</" + name + rb"t\s*>"
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
            raise XmlError(
                _("a cell is broken ({text})").format(text=raw[:40].decode("utf-8", "replace"))
            )
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
        raise XmlError(
            _("a cell's number can't be read ({text})").format(
                text=raw[:40].decode("utf-8", "replace")
            )
        )
    return value


def shared_text(raw: bytes, strings: Sequence[str]) -> str | None:
    """The shared text of that number, None if it is empty. Raises XmlError."""
    index = xmlbytes.whole_number(raw)
    if index is None or index >= len(strings):
        shown = raw[:40].decode("utf-8", "replace")
        raise XmlError(
            _("a cell refers to the shared text {shown}, which doesn't exist").format(shown=shown)
        )
    return strings[index] or None


def _iso(text: str) -> CellValue:
    """A date, or a datetime where the time isn't midnight; text that is no date stays text."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment.replace(tzinfo=None)
    return moment.date() if moment.time() == dt.time() else moment
