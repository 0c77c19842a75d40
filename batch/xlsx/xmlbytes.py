"""XML as bytes with known places, so that a part can be changed without being rewritten.

lxml tells what an XML part means, but not where in the bytes an element stands; a serializer
would also write namespaces, quotes and blanks its own way. These few functions find elements
and attributes in place. They expect well-formed XML in UTF-8 without a DTD.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple

from batch.errors import Flaw
from words import _

_TOKEN: Final = re.compile(
    rb"""<(?:
        !--.*?--> | !\[CDATA\[.*?\]\]> | \?.*?\?> |
        (?P<close>/?) (?P<name>[^\s<>/!?"'=]+)
        (?P<attributes>(?:\s+[^\s<>/"'=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)
        \s* (?P<empty>/?)>
    )""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE: Final = re.compile(rb"""([^\s<>/"'=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DECLARED: Final = re.compile(rb"""<\?xml[^<>]*?\sencoding\s*=\s*["']([^"']+)["']""")
_PROLOG: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"
_EBCDIC: Final = "<?xm".encode("cp037")
_READABLE: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

_WHOLE: Final = re.compile(rb"\s*[0-9]{1,10}\s*")
_ENTITY: Final = re.compile(r"&(?:#([0-9]{1,8})|#[xX]([0-9A-Fa-f]{1,8})|([^\s&;]*));")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlError(Flaw):
    """What is wrong with the XML, as the end of the sentence 'the part is damaged: …'."""


class UnusualXml(XmlError):  # noqa: N818 - named for what is wrong
    """Legal XML of a kind that can't be changed safely: what was found, such as "comments"."""


@dataclass(frozen=True)
class Element:
    """An element's places: start tag [start, opened), content [opened, closing), end tag to stop.

    For ``<a/>`` the content is empty and opened = closing = stop.
    """

    data: bytes
    name: bytes
    start: int
    opened: int
    closing: int
    stop: int

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(b":")[2].decode("utf-8", "replace")

    @property
    def is_empty(self) -> bool:
        """Whether it is written as ``<a/>``."""
        return self.opened == self.stop

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Where the value of each attribute stands, by its name as written."""
        return attribute_places(self.data, self.start, self.opened)

    def get(self, name: str) -> str | None:
        """An attribute's value, None when it isn't there."""
        place = self.places.get(name)
        return None if place is None else unescaped(self.data[slice(*place)])

    def number(self, name: str) -> int | None:
        """An attribute's value as a whole number, None for anything else."""
        return whole_number(self.get(name) or "")

    def children(self) -> Iterator["Element"]:
        """The elements directly inside, in order."""
        return siblings(self.data, self.opened, self.closing)


def attribute_places(data: bytes, start: int, stop: int) -> dict[str, tuple[int, int]]:
    """Where attribute values stand in the start tag at *start*, by name as written."""
    places = {}
    for match in _ATTRIBUTE.finditer(data, start, stop):
        group = 2 if match[2] is not None else 3
        places[match[1].decode("utf-8", "replace")] = match.span(group)
    return places


def attributes(tag: bytes) -> dict[bytes, bytes]:
    """Raw attribute values of one start tag, by name as written."""
    return {match[1]: match[2] or match[3] or b"" for match in _ATTRIBUTE.finditer(tag)}


def siblings(data: bytes, at: int, stop: int) -> Iterator[Element]:
    """The elements between *at* and *stop*, not those inside them.

    Raises XmlError where a tag is broken or not closed.
    """
    open_names: list[bytes] = []
    start = opened = at
    for token in _tags(data, at, stop):
        name = token["name"]
        if token["close"]:
            if not open_names or open_names.pop() != name:
                text = shown(data, token.start())
                raise XmlError(_("an end tag has no start tag ({text})"), text=text)
            if not open_names:
                yield Element(data, name, start, opened, token.start(), token.end())
            continue
        if not open_names:
            start, opened = token.span()
        if not token["empty"]:
            open_names.append(name)
        elif not open_names:
            yield Element(data, name, start, opened, opened, opened)
    if open_names:
        text = open_names[-1].decode("utf-8", "replace")
        raise XmlError(_("an element is not closed ({text})"), text=text)


def _tags(data: bytes, at: int, stop: int) -> Iterator[re.Match[bytes]]:
    """All start and end tags; comments, CDATA and processing instructions are passed over."""
    while (at := data.find(b"<", at, stop)) >= 0:
        token = _TOKEN.match(data, at, stop)
        if token is None:
            raise XmlError(_("a tag is broken ({text})"), text=shown(data, at))
        if token["name"] is not None:
            yield token
        at = token.end()


def root_tag(data: bytes) -> Element:
    """The root element with its start tag known; its content goes to the end of *data*.

    Raises XmlError when there is none, UnusualXml when the text isn't in UTF-8.
    """
    check_encoding(data)
    first = next(_tags(data, 0, len(data)), None)
    if first is None or first["close"]:
        raise XmlError(_("it doesn't begin like XML ({text})"), text=shown(data))
    start, opened = first.span()
    if first["empty"]:
        return Element(data, first["name"], start, opened, opened, opened)
    return Element(data, first["name"], start, opened, data.rfind(b"</"), len(data))


def declares_dtd(data: bytes) -> bool:
    """Whether a document type declaration stands before the root element."""
    prolog = _PROLOG.match(data)
    return prolog is not None and data.startswith(b"<!", prolog.end())


def check_encoding(data: bytes) -> None:
    """Raise UnusualXml when the text isn't UTF-8."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    declared = _DECLARED.match(data, start)
    encoding = declared[1].decode("latin-1").lower() if declared else "utf-8"
    if encoding not in _READABLE or b"\0" in data[:4] or data.startswith(_EBCDIC):
        raise UnusualXml(_("text in another encoding than UTF-8"))


def shown(data: bytes, at: int = 0) -> str:
    """The beginning of some bytes, for a message."""
    return data[at : at + 40].decode("utf-8", "replace")


class Splice(NamedTuple):
    """Put *new* in the place of the bytes from *start* to *stop*; an insertion if equal."""

    start: int
    stop: int
    new: bytes


def edited(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """*data* with all edits made; every byte outside of them stays.

    Edits must not overlap; insertions at one place are made in the order given.
    """
    pieces: list[bytes | memoryview] = []
    at, standing = 0, memoryview(data)
    for start, stop, new in sorted(edits, key=itemgetter(0)):
        if start < at:
            message = f"two edits overlap at byte {start}"
            raise ValueError(message)
        pieces += (standing[at:start], new)
        at = stop
    pieces.append(standing[at:])
    return b"".join(pieces)


def unescaped(raw: bytes) -> str:
    """Text of raw XML bytes: entities and line ends decoded. Raises XmlError."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise XmlError(_("its text is not UTF-8")) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_entity, text) if "&" in text else text


def _entity(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        if name not in _ENTITIES:
            raise XmlError(_("it uses the unknown entity {entity}"), entity=match[0][:40])
        return _ENTITIES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < code < 0x11_0000 or _NOT_IN_XML.match(chr(code)):
        raise XmlError(_("it uses the impossible character {character}"), character=match[0])
    return chr(code)


def cell_text(raw: bytes) -> str:
    """Text of a cell from raw XML bytes: like *unescaped*, and ``_x0041_`` decoded to A."""
    return decoded(unescaped(raw))


def decoded(text: str) -> str:
    """Text with Excel's ``_x0041_`` codes replaced by the characters that they stand for."""
    if "_x" not in text:
        return text
    text = _CODED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def whole_number(text: str | bytes) -> int | None:
    """A whole number of at most ten digits, blanks around it allowed; None for all else."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return int(raw) if _WHOLE.fullmatch(raw) else None


def escaped(text: str) -> bytes:
    """Text as XML content or attribute value, in UTF-8."""
    for character, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(character, f"&{entity};")
    return text.encode("utf-8")


def coded(text: str) -> str:
    """Text in which literal ``_x0041_`` can't be mistaken for a code."""
    return _CODED.sub(lambda match: f"_x005F_x{match[1]}_", text)
