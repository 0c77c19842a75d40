"""Small parts of a workbook's package, read as trees: pointers, types, the texts that cells share.

A tree takes many times its part's size in memory: cells are never read so (`sheetxml`).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from batch import errors
from batch.xlsx import xmlbytes
from batch.xlsx.xmlbytes import UnusualXml, XmlError, decoded
from words import ENGLISH, _, spoken

_TREE_MB: Final = 32
"""What is read as a tree takes thirty times its size in memory; no part but the texts is larger."""
_parser: Final = partial(
    etree.XMLParser, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
)


def parse_xml(path: Path, part: str, data: bytes) -> etree._Element:
    """Root element of an XML part, read without entities, DTD and network.

    Raises ``ForbiddenXml`` for a document type declaration, ``Damaged`` for XML that isn't
    well-formed, ``StrangeXml`` for another encoding than UTF-8, in which a declaration could
    hide.
    """
    return _parsed(path, part, data, _parser(remove_comments=True))


def check_xml(path: Path, part: str, data: bytes) -> None:
    """Raise like ``parse_xml``, without a tree of the part in memory."""
    target: Any = SimpleNamespace(close=lambda: None)  # lxml needs no more, though its stubs say so
    _parsed(path, part, data, _parser(target=target))


def check_tree_size(path: Path, part: str, size: int) -> None:
    """Raise ``TooLarge`` where so many bytes are too many to be read as a tree."""
    if size > _TREE_MB << 20:
        what = _("the part '{part}' without cells").format(part=part)
        raise errors.TooLarge(path, what, megabytes(size), _TREE_MB)


def megabytes(size: int) -> int:
    """A size in MB, a beginning one counted in full."""
    return -(-size >> 20)


@contextmanager
def refused(path: Path, part: str) -> Iterator[None]:
    """What is wrong with a part's XML, told of the workbook."""
    try:
        yield
    except UnusualXml as error:
        raise errors.StrangeXml(path, part, str(error)) from None
    except XmlError as error:
        raise errors.Damaged(path, str(error), part) from None


def _parsed(path: Path, part: str, data: bytes, parser: etree.XMLParser) -> etree._Element:
    with refused(path, part):
        xmlbytes.check_encoding(data)
    if xmlbytes.declares_dtd(data):
        raise errors.ForbiddenXml(path, part)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _ill_formed(path, part, error.msg, *error.position) from None
    # Without a tree, the parser only takes down names whose prefixes aren't declared.
    for one in parser.error_log.filter_from_errors():
        message = f"{one.message}, line {one.line}, column {one.column}"
        raise _ill_formed(path, part, message, one.line, one.column)
    return root


def _ill_formed(path: Path, part: str, message: str, line: int, column: int) -> errors.Damaged:
    """What lxml says, or, as it does so in English only, just the place."""
    if spoken() != ENGLISH:
        message = _("line {line}, column {column}").format(line=line, column=column)
    detail = _("it is no well-formed XML ({detail})").format(detail=message)
    return errors.Damaged(path, detail, part)


# Who points where, and of what type a part is -----------------------------------------------

MAIN_TYPES: Final[Mapping[str, str]] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": ".xlam",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": ".xlsb",
}
"""Content type of the main part of each kind of workbook, and the file name's ending for it."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A pointer from one part to another."""

    id: str
    type: str
    target: str
    """Name of the part inside the package, or an address when *external*."""
    external: bool

    @property
    def kind(self) -> str:
        """The last word of its type."""
        return self.type.rpartition("/")[2]


def relationships_part(source: str) -> str:
    """Name of the part that holds the relationships of *source* ('' is the package)."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relationships(root: etree._Element, source: str) -> list[Relationship]:
    """The relationships of part *source*, targets made absolute, without a leading slash."""
    found = []
    for element in root.iterchildren("{*}Relationship"):
        external = element.get("TargetMode", "").lower() == "external"
        target = element.get("Target", "")
        found.append(
            Relationship(
                element.get("Id", ""),
                element.get("Type", ""),
                target if external else resolved(source, target),
                external,
            )
        )
    return found


def resolved(source: str, target: str) -> str:
    """Name of the part that *target* means when it is written in part *source*."""
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    joined = path if path.startswith("/") else posixpath.join("/", posixpath.dirname(source), path)
    return posixpath.normpath(joined).lstrip("/")


def content_type(root: etree._Element, part: str) -> str:
    """The type that [Content_Types].xml gives a part: its own, else its extension's, else ''."""
    for element in root.iterchildren("{*}Override"):
        if element.get("PartName", "").lstrip("/").lower() == part.lower():
            return element.get("ContentType", "")
    extension = part.rpartition(".")[2].lower()
    types = {
        element.get("Extension", "").lower(): element.get("ContentType", "")
        for element in root.iterchildren("{*}Default")
    }
    return types.get(extension, "")


# The texts that cells share -----------------------------------------------------------------

_START: Final = re.compile(
    r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"[^<>]*\?>\s*)?<sst(?:\s[^<>]*)?(?<!/)>'
)
_TEXT: Final = r"[^<&\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*"
_PLAIN: Final = re.compile(
    rf'<si><t(?: xml:space="preserve")?>({_TEXT}(?:&(?:amp|lt|gt|quot|apos);{_TEXT})*)</t></si>'
)
_END: Final = "</sst>"
_CODED: Final = ("&", "_x", "\r")


def shared_texts(path: Path, part: str, data: bytes) -> list[str]:
    """All texts in the order of their numbers, rich runs joined, phonetic hints left out.

    The counts that the part declares are hints and not believed. Raises like ``parse_xml``.
    """
    plain = _plain_texts(data)
    if plain is not None:
        return plain
    root = parse_xml(path, part, data)
    return [_text(item) for item in root.iterchildren("{*}si")]


def _plain_texts(data: bytes) -> list[str] | None:
    """The texts of a part in which all are plain, as most are; None for any other.

    Reading these is ten times quicker than making a tree of them.
    """
    try:
        text = data.decode("utf-8").rstrip()
    except UnicodeDecodeError:
        return None
    start = _START.match(text)
    if start is None or not text.endswith(_END) or "]]>" in text:
        return None
    items = text[start.end() : -len(_END)]
    if _PLAIN.sub("", items).strip():
        return None
    texts: list[str] = _PLAIN.findall(items)
    if any(sign in items for sign in _CODED):
        return [_decoded(one) if any(map(one.__contains__, _CODED)) else one for one in texts]
    return texts


def _decoded(text: str) -> str:
    return xmlbytes.cell_text(text.encode())


def _text(item: etree._Element) -> str:
    """Text of a shared string: its own or that of its runs."""
    pieces: list[str] = []
    for child in item.iterchildren("{*}t", "{*}r"):
        is_run = etree.QName(child).localname == "r"
        pieces += [one.text or "" for one in (child.iterchildren("{*}t") if is_run else [child])]
    return decoded("".join(pieces))
