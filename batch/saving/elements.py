"""Where the elements of an XML part stand in its bytes, as expat tells it.

This is for proofs: it shares no code with `batch.xlsx`, which reads and writes these parts.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from xml.parsers import expat

from batch.errors import Flaw
from words import _

_TAG: Final = re.compile(rb"""<[^\s<>/"']+(?:[^<>"']|"[^"]*"|'[^']*')*>""")
Cut = tuple[int, int]
"""Bytes that may differ: the first one, and the one after the last."""


class NoXmlError(Flaw):
    """What is wrong with a part, as the end of the sentence 'the part can't be read: …'."""


@dataclass(frozen=True, slots=True)
class FoundElement:
    """An element's start tag [start, opened) and content [opened, closing), and where it stops.

    name: without its prefix. depth: 0 for the root. In ``<a/>`` there is no content.
    """

    data: bytes
    name: str
    attributes: Mapping[str, str]
    depth: int
    start: int
    opened: int
    closing: int
    stop: int

    @property
    def whole(self) -> Cut:
        """All its bytes."""
        return self.start, self.stop

    def value(self, attribute: str) -> list[Cut]:
        """Where an attribute's value stands, without its quotes; nothing where it has none."""
        pattern = rb"""\s%b\s*=\s*(?:"([^"]*)"|'([^']*)')""" % re.escape(attribute.encode())
        found = re.compile(pattern).search(self.data, self.start, self.opened)
        return [found.span(1 if found[1] is not None else 2)] if found else []

    def is_bare(self, cuts: Sequence[Cut]) -> bool:
        """Whether nothing is left inside without these pieces of it."""
        inside = sum(stop - start for start, stop in cuts if self.opened <= start < self.closing)
        return inside == self.closing - self.opened


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def tag_stop(data: bytes, start: int) -> int:
    """The byte after the start tag that begins at *start*. Raises NoXmlError."""
    found = _TAG.match(data, start)
    if found is None:
        raise NoXmlError(_("a tag is broken"))
    return found.end()


def element_at(
    data: bytes, name: str, attributes: Mapping[str, str], depth: int, start: int
) -> FoundElement:
    """The element that begins at *start* and holds none of its own name.

    Its end is the next end tag of that name: should that stand in a comment or in CDATA, the
    element seems shorter than it is, and more bytes are compared, never fewer.
    """
    opened = tag_stop(data, start)
    closing, stop = end_of(data, name.encode(), opened)
    return FoundElement(data, local(name), attributes, depth, start, opened, closing, stop)


def end_of(data: bytes, name: bytes, opened: int) -> Cut:
    """Where the content of an element ends, and the element, *opened* being where its tag does.

    Raises NoXmlError.
    """
    if data[opened - 2 : opened] == b"/>":
        return opened, opened
    closing = data.find(b"</" + name, opened)
    stop = data.find(b">", closing) + 1
    if closing < 0 or not stop:
        raise NoXmlError(_("the element '{name}' isn't closed"), name=name.decode())
    return closing, stop


def elements(data: bytes) -> list[FoundElement]:
    """All elements of a part that is small, in the order of their start tags. Raises NoXmlError."""
    parser = expat.ParserCreate()
    begun: list[tuple[dict[str, str], int]] = []
    found: list[FoundElement] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        begun.append((attributes, parser.CurrentByteIndex))

    def end(name: str) -> None:
        attributes, at = begun.pop()
        opened, closing = tag_stop(data, at), parser.CurrentByteIndex
        is_empty = data[opened - 2 : opened] == b"/>"
        stop = opened if is_empty else data.index(b">", closing) + 1
        closing = opened if is_empty else closing
        places = at, opened, closing, stop
        found.append(FoundElement(data, local(name), attributes, len(begun), *places))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parse(parser, data)
    return sorted(found, key=attrgetter("start"))


def parse(parser: expat.XMLParserType, data: bytes, *, is_final: bool = True) -> None:
    """Have expat read these bytes. Raises NoXmlError."""
    try:
        parser.Parse(data, is_final)
    except expat.ExpatError as error:
        raise NoXmlError(str(error)) from None


def children(found: Sequence[FoundElement], parent: FoundElement) -> Iterator[FoundElement]:
    """The elements directly inside *parent*."""
    for one in found:
        if one.depth == parent.depth + 1 and parent.opened <= one.start < parent.closing:
            yield one


def without(data: bytes, cuts: Sequence[Cut]) -> bytes:
    """The bytes that are left without the pieces, which don't overlap."""
    view, pieces, at = memoryview(data), [], 0
    for start, stop in sorted(cuts):
        pieces.append(view[at:start])
        at = stop
    pieces.append(view[at:])
    return b"".join(pieces)


def first_difference(
    old: bytes, new: bytes, old_cuts: Sequence[Cut], new_cuts: Sequence[Cut]
) -> int:
    """The first byte of *new* that differs from *old*, both without their pieces; -1 for none."""
    was, now = without(old, old_cuts), without(new, new_cuts)
    if was == now:
        return -1
    both = range(1, min(len(was), len(now)) + 1)
    at = bisect_left(both, x=True, key=lambda stop: was[:stop] != now[:stop])
    for start, stop in sorted(new_cuts):
        if start > at:
            break
        at += stop - start
    return at
