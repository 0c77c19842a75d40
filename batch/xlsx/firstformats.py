"""The first cell formats of a workbook that has none, as some exporters write it: lists in the part
that is there, or a new part and what declares it.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Final

from batch.xlsx.trees import relationships_part
from batch.xlsx.xmlbytes import Element, Splice, edited, escaped, root_tag

if TYPE_CHECKING:
    from batch.xlsx.package import Package

TYPES: Final = "[Content_Types].xml"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_LISTS: Final = {
    "fonts": b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    b"</fonts>",
    "fills": b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>',
    "borders": b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
    b"</borders>",
    "cellStyleXfs": b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    b"</cellStyleXfs>",
    "cellXfs": b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    b"</cellXfs>",
    "cellStyles": b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    b"</cellStyles>",
}
"""What belongs to a cell format, as Excel itself begins, in the order of the lists."""
_BEFORE: Final = frozenset({"numFmts", *_LISTS})
_TAG: Final = re.compile(rb"<(/?)")
_FORMATTED: Final = re.compile(rb"""<[^<>]*\ss(?:tyle)?\s*=\s*["'](?!0["'])""")


def names_formats(sheet: bytes) -> bool:
    """Whether a cell, row or column of a sheet's part has another format than the first."""
    return _FORMATTED.search(sheet) is not None


def new_part(namespace: str) -> bytes:
    """A part without any list."""
    declaration = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return declaration + b'<styleSheet xmlns="%b"></styleSheet>' % escaped(namespace)


def with_lists(data: bytes) -> bytes:
    """A part without any cell format with one that looks like nothing."""
    root = root_tag(data)
    if root.is_empty:
        tag = data[: root.opened].removesuffix(b"/>").rstrip()
        data = b"%b></%b>%b" % (tag, root.name, data[root.opened :])
        root = root_tag(data)
    return edited(data, reversed(list(_insertions(root))))


def _insertions(root: Element) -> Iterator[Splice]:
    """The lists that are missing, or empty, each before what stands behind it; the last first."""
    prefix = root.name.removesuffix(b"styleSheet")
    elements = {one.local: one for one in root.children()}
    behind = [one.start for name, one in elements.items() if name not in _BEFORE]
    at = min([*behind, root.closing])
    for name, plain in reversed(_LISTS.items()):
        written, standing = _TAG.sub(rb"<\1" + prefix, plain), elements.get(name)
        if standing is None:
            yield Splice(at, at, written)
            continue
        at = standing.start
        if not any(standing.children()):
            yield Splice(at, standing.stop, written)


# A new part ---------------------------------------------------------------------------------


def free_name(package: "Package") -> str | None:
    """The usual name of a part with cell formats; None where there is, or is declared, one."""
    name = posixpath.join(posixpath.dirname(package.main_part), "styles.xml")
    is_taken = name in package or escaped(name.lower()) in package.read(TYPES).lower()
    return None if is_taken else name


def declared(package: "Package", name: str) -> dict[str, bytes]:
    """The parts that say what the part *name* is, and that the workbook has it."""
    pointers = relationships_part(package.main_part)
    types, targets = package.read(TYPES), package.read(pointers)
    of_type = {"PartName": f"/{name}", "ContentType": _TYPE}
    relationships = package.relationships(package.main_part)
    known = {one.id for one in relationships}
    identity = next(one for number in count(1) if (one := f"rId{number}") not in known)
    kind = next(one.type for one in relationships if one.kind == "worksheet")
    target = {
        "Id": identity,
        "Type": kind.removesuffix("worksheet") + "styles",
        "Target": posixpath.basename(name),
    }
    return {
        TYPES: _with(types, b"Types", b"Override", of_type),
        pointers: _with(targets, b"Relationships", b"Relationship", target),
    }


def _with(data: bytes, root_name: bytes, name: bytes, attributes: Mapping[str, str]) -> bytes:
    """A part with one more element at the end of its root."""
    root = root_tag(data)
    prefix = root.name.removesuffix(root_name)
    written = b" ".join(
        b'%b="%b"' % (key.encode(), escaped(one)) for key, one in attributes.items()
    )
    return edited(
        data, [Splice(root.closing, root.closing, b"<%b%b %b/>" % (prefix, name, written))]
    )
