"""Cell formats, as far as dates and percents need them: which are date formats, and a date twin of
any.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final, TypeAlias

from batch.xlsx.firstformats import with_lists
from batch.xlsx.xmlbytes import (
    Element,
    Splice,
    UnusualXml,
    attributes,
    edited,
    escaped,
    root_tag,
    siblings,
)
from words import _

Meaning: TypeAlias = tuple[frozenset[tuple[bytes, bytes]], bytes]

_DATE_IDS: Final = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
"""Built-in number formats that show a day, East Asian ones included."""
_TIME_IDS: Final = frozenset([*range(18, 22), *range(45, 48)])
"""Built-in number formats that show a time or a span of time."""
_PERCENT_IDS: Final = frozenset([9, 10])
"""Built-in number formats that show percents."""
_GENERAL: Final = 0
_SHORT_DATE: Final = 14
_BEHIND: Final = frozenset({"tableStyles", "colors", "extLst"})
"""What stands behind the looks of conditional formats."""
_MOST_BYTES: Final = 32 << 20
_LONGEST_CODE: Final = 255
_NO_CODE: Final = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
_SPAN: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_SHOWS_MOMENT: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_SHOWS_PERCENT: Final = re.compile("%")
_SHOWS_DAY: Final = re.compile(r"[dy]|mmm", re.IGNORECASE)


class Styles:
    """The styles part. Twins asked for are appended; ``data`` is then another."""

    def __init__(self, data: bytes) -> None:
        """Find the cell formats in the part's bytes; where there are none, ``are_first`` is true
        and they begin with one that looks like nothing. Raises UnusualXml for too many.
        """
        if len(data) > _MOST_BYTES:
            raise UnusualXml(_("far too many cell formats"))
        elements = _lists(data)
        self.are_first = "cellXfs" not in elements or not any(elements["cellXfs"].children())
        if self.are_first:
            data = with_lists(data)
            elements = _lists(data)
        self._original = data
        self._formats_element = elements["cellXfs"]
        formats = list(self._formats_element.children())
        self._formats = [data[one.start : one.stop] for one in formats]
        self._number_formats = [_number_format(one) for one in formats]
        self._codes = _codes(elements.get("numFmts"))
        self._added: list[bytes] = []
        self._root = root_tag(data)
        self.prefix = self._root.name.removesuffix(b"styleSheet")
        self._elements = elements
        self._differences = [
            data[one.start : one.stop]
            for one in (elements["dxfs"].children() if "dxfs" in elements else ())
        ]
        self._stood = len(self._differences)

    @property
    def has_additions(self) -> bool:
        """Whether ``data`` differs from the part that was read."""
        return bool(self._added) or len(self._differences) > self._stood

    def difference(self, tag: bytes) -> int:
        """The number of the look of a conditional format: of one that the workbook has, else of a
        new one.
        """
        if tag not in self._differences:
            self._differences.append(tag)
        return self._differences.index(tag)

    @property
    def data(self) -> bytes:
        """The part with the appended formats: an insertion and the list's count for each list."""
        edits: list[Splice] = []
        if self._added:
            edits += _appended(self._formats_element, self._added, len(self._formats))
        new = self._differences[self._stood :]
        if new:
            edits += self._with_differences(new)
        return edited(self._original, edits) if edits else self._original

    def _with_differences(self, new: Sequence[bytes]) -> list[Splice]:
        """The looks of conditional formats, in a new list where there is none, or an empty one."""
        standing = self._elements.get("dxfs")
        if standing is not None and not standing.is_empty:
            return _appended(standing, new, len(self._differences))
        name = self.prefix + b"dxfs"
        whole = b'<%b count="%d">%b</%b>' % (name, len(new), b"".join(new), name)
        if standing is not None:
            return [Splice(standing.start, standing.stop, whole)]
        behind = [one.start for local, one in self._elements.items() if local in _BEHIND]
        at = min([*behind, self._root.closing])
        return [Splice(at, at, whole)]

    def is_date(self, style: int) -> bool:
        """Whether cells of this style show a number as a day."""
        return self._shows(style, _DATE_IDS, _SHOWS_DAY)

    def is_moment(self, style: int) -> bool:
        """Whether cells of this style show a number as a day, a time or a span of time."""
        return self._shows(style, _DATE_IDS | _TIME_IDS, _SHOWS_MOMENT)

    def is_percent(self, style: int) -> bool:
        """Whether cells of this style show a number as percents."""
        return self._shows(style, _PERCENT_IDS, _SHOWS_PERCENT)

    def _shows(self, style: int, built_in: frozenset[int], sign: re.Pattern[str]) -> bool:
        """Whether a style has one of these formats, or one of the workbook's own with a sign."""
        if not 0 <= style < len(self._formats):
            return False
        code = self._codes.get(self._number_formats[style])
        if code is None:
            return self._number_formats[style] in built_in
        return bool(sign.search(_NO_CODE.sub("", _SPAN.sub("h", code))))

    def as_number(self, style: int) -> int:
        """A style that differs only by showing a plain number; itself unless it shows a date, a
        time or a span of time.
        """
        if not self.is_moment(style):
            return style
        return self._appended(_formatted(self._formats[style], _GENERAL))

    def _appended(self, tag: bytes) -> int:
        """The number of a format like *tag*: of one that the workbook has, else of a new one."""
        number = self._by_meaning.setdefault(_meaning(tag), len(self._formats))
        if number == len(self._formats):
            self._formats.append(tag)
            element = next(siblings(tag, 0, len(tag)))
            self._number_formats.append(_number_format(element))
            self._added.append(tag)
        return number

    @cached_property
    def _by_meaning(self) -> dict[Meaning, int]:
        """The first of the formats that mean the same."""
        formats = reversed(list(enumerate(self._formats)))
        return {_meaning(tag): number for number, tag in formats}

    @cached_property
    def _days(self) -> dict[Meaning, int]:
        """The workbook's formats that show the day, by what they mean with a short date; those
        that have one come first.
        """
        days = [number for number in range(len(self._formats)) if self._is_day(number)]
        days.sort(key=lambda one: self._number_formats[one] != _SHORT_DATE)
        found: dict[Meaning, int] = {}
        for number in days:
            found.setdefault(_meaning(_formatted(self._formats[number], _SHORT_DATE)), number)
        return found

    def _is_day(self, style: int) -> bool:
        """Whether cells of this style show day, month and year, and no time."""
        code = self._codes.get(self._number_formats[style])
        if code is None:
            return self._number_formats[style] == _SHORT_DATE
        shown = _NO_CODE.sub("", code).lower()
        return all(part in shown for part in "dmy") and not any(part in shown for part in "hs")

    def as_date(self, style: int) -> int:
        """A style that differs only by showing the day; itself where it shows dates already.

        One that the workbook has is taken, in whatever date format, else a short date is appended.
        """
        if self.is_date(style):
            return style
        base = self._formats[style if 0 <= style < len(self._formats) else 0]
        twin = _formatted(base, _SHORT_DATE)
        number = self._days.get(_meaning(twin))
        return self._appended(twin) if number is None else number


def _appended(element: Element, new: Sequence[bytes], count: int) -> list[Splice]:
    """The edits that put entries at the end of a list, which has so many then."""
    edits = [Splice(element.closing, element.closing, b"".join(new))]
    if "count" in element.places:
        edits.append(Splice(*element.places["count"], b"%d" % count))
    return edits


def _lists(data: bytes) -> dict[str, Element]:
    """The lists of a styles part by their names."""
    root = root_tag(data)
    if root.local != "styleSheet":
        raise UnusualXml(_("no cell formats for dates"))
    return {one.local: one for one in root.children()}


def _number_format(element: Element) -> int:
    return element.number("numFmtId") or 0


def _codes(element: Element | None) -> dict[int, str]:
    """Codes of the workbook's own number formats."""
    if element is None:
        return {}
    return {
        _number_format(one): (one.get("formatCode") or "")[:_LONGEST_CODE]
        for one in element.children()
    }


def _formatted(tag: bytes, number_format: int) -> bytes:
    """A cell format as it is with another number format."""
    return _with(_with(tag, "numFmtId", str(number_format)), "applyNumberFormat", "1")


def _with(tag: bytes, name: str, value: str) -> bytes:
    """An element's bytes with one attribute set."""
    element = next(siblings(tag, 0, len(tag)))
    if name in element.places:
        return edited(tag, [Splice(*element.places[name], escaped(value))])
    at = max((stop + 1 for _, stop in element.places.values()), default=1 + len(element.name))
    return tag[:at] + f' {name}="{value}"'.encode() + tag[at:]


def _meaning(tag: bytes) -> Meaning:
    """Attributes and content of an element, whatever their order and quotes."""
    element = next(siblings(tag, 0, len(tag)))
    found = attributes(tag[: element.opened])
    return frozenset(found.items()), tag[element.opened : element.closing]
