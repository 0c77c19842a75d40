"""The texts that cells share: a part of the workbook of its own."""

import re
from pathlib import Path
from typing import Final

from lxml import etree

from batch.xlsx import opc, xmlbytes
from batch.xlsx.package import parse_xml
from batch.xlsx.xmlbytes import decoded

_START: Final = re.compile(
    r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"[^<>]*\?>\s*)?<sst(?:\s[^<>]*)?(?<!/)>'
)
_TEXT: Final = r"[^<&\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*"
_PLAIN: Final = re.compile(
    rf'<si><t(?: xml:space="preserve")?>({_TEXT}(?:&(?:amp|lt|gt|quot|apos);{_TEXT})*)</t></si>'
)
_END: Final = "</sst>"


def shared_texts(path: Path, part: str, data: bytes) -> list[str]:
    """All texts in the order of their numbers, rich runs joined, phonetic hints left out.

    The counts that the part declares are hints and not believed. Raises like ``parse_xml``.
    """
    plain = _plain_texts(data)
    if plain is not None:
        return plain
    root = parse_xml(path, part, data)
    return [_text(item) for item in root if opc.local_name(item) == "si"]


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
    if any(sign in items for sign in ("&", "_x", "\r")):
        return [xmlbytes.cell_text(one.encode()) for one in texts]
    return texts


def _text(item: etree._Element) -> str:
    """Text of a shared string: its own or that of its runs."""
    pieces = []
    for child in item:
        name = opc.local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [run.text or "" for run in child if opc.local_name(run) == "t"]
    return decoded("".join(pieces))
