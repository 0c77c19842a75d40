"""Workbooks gone wrong: real packages mutated by a seeded chance, for the fuzz test."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from random import Random

Members = list[tuple[str, bytes]]
"""The parts of a package in their order; a name may come twice."""

ODD = [
    b"", b" ", b"0", b"-1", b"1", b"7", b"60", b"0.5", b"-0", b"1e5", b"1e999", b"-1e308", b"NaN", b"INF",
    b"1,5", b"0x10", b"2958466", b"1048576", b"1048577", b"4294967296", b"9" * 400, b"1" * 20, b"A",
    b"A0", b"A1", b"B2", b"XFD1048576", b"XFE1", b"A1048577", b"$A$1", b"a1", b"A1:XFD1048576",
    b"A1:A1:A1", b"A:A", b"1:1", b"ZZZZ1", b"true", b"TRUE", b"s", b"n", b"b", b"e", b"d", b"str",
    b"inlineStr", b"veryHidden", b"rId1", b"rId99", b"External", b"../x.xml", b"/", b"//", b"%2e%2e/x",
    b"Clients", b"clients ", b"Purchases", b"ID", b"Name", b"&#0;", b"&#x110000;", b"&#55296;", b"&x;",
    b"&lt;", b"_x0000_", b"_xD83D_", b"_x000a_", b"\xff\xfe", "é".encode(), "١٢".encode(), "￿".encode(),
    b"2026-11-21", b"2026-11-21T10:00:00Z", b"0001-01-01", b"9999-12-31T23:59:59.9999999",
    b"12.05.2026", b"31.02.2026", b"array", b"shared", b"dataTable", b"2:1", b"#REF!", b"+1", b"1e-400",
    b"x" * 40_000,
]  # fmt: skip
"""Values that are at home somewhere, and wrong in most places."""

JUNK = [
    b"<!-- x -->", b"<![CDATA[x]]>", b"<?x y?>", b'<!DOCTYPE a [<!ENTITY x "y">]>', b"&x;", b"\0",
    b"<c/>", b"<row/>", b'<row r="2"/>', b'<c r="A1"/>', b"</row>", b"</c>", b"<", b">", b"]]>", b"<v>1</v>",
    b"<f>CLIENT_GROUP()</f>", b'<f t="array" ref="A1:C9">CLIENT_GROUP(A2:A4)</f>', b'<f t="shared" si="0"/>',
    b"<is><t>x</t></is>", b'<is><r><t>x</t></r><rPh sb="0" eb="1"><t>y</t></rPh></is>', b"<x:c/>",
    b'<mergeCells count="1"><mergeCell ref="A1:D3"/></mergeCells>', b"<sheetData/>", b"<sheetData></sheetData>",
    b'<mc:AlternateContent><mc:Choice Requires="x"/></mc:AlternateContent>', b"<a xmlns='x'><b/></a>",
    b"<extLst/>", b"\xef\xbb\xbf", b"\n\t ", b"\xc3", b'<dimension ref="A1"/>', b'<cols><col min="1" max="9"/></cols>',
    b'<tableColumn id="1" name="ID"/>', b'<sheet name="Clients" sheetId="1" r:id="rId1"/>',
]  # fmt: skip
"""Pieces that may turn up between two tags."""

_TOKEN = re.compile(rb"<[^>]*>|[^<]+|<")
_ATTRIBUTE = re.compile(rb"""\s+[^\s=<>"'/]+\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ELEMENT = re.compile(
    rb"<([\w:.-]+)(?:\s[^<>]*)?(?:/>|>[^<>]*(?:<(?!\1\b)[^<>]*>[^<>]*){0,40}?</\1>)"
)
_READ = re.compile(
    r"^(?:\[Content_Types\]\.xml|.*\.rels|xl/(?:workbook|styles|sharedStrings)\.xml"
    r"|xl/(?:worksheets|tables)/.*\.xml)$",
    re.IGNORECASE,
)


def members_of(content: bytes) -> Members:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def zipped(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a package, doubled names and all."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's, about doubled names
        with zipfile.ZipFile(buffer, "w", method) as package:
            for name, data in members:
                package.writestr(zipfile.ZipInfo(name, (2020, 2, 3, 4, 5, 6)), data, method, 1)
    return buffer.getvalue()


def mutated(chance: Random, members: Members) -> bytes:
    """A package with one to four things wrong."""
    changed = list(members)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if changed:
            how = chance.choices((_in_part, _among_members), (9, 1))[0]
            how(chance, changed)
    method = chance.choices((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED), (3, 1))[0]
    content = zipped(changed, method)
    return _in_bytes(chance, content) if chance.random() < 0.1 else content


# The file's bytes ---------------------------------------------------------------------------


def _in_bytes(chance: Random, content: bytes) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 2, 4, 30, 500))
    piece = content[at : at + length]
    new = chance.choice(
        (b"", piece * 2, chance.randbytes(len(piece)), b"\0" * len(piece), b"\xff" * len(piece))
    )
    if chance.random() < 0.3:
        return content[:at]
    if chance.random() < 0.5:  # the records at the end are short, and all depends on them
        at = chance.randrange(content.rfind(b"PK\1\2"), len(content))
    return content[:at] + new + content[at + length :]


# Members ------------------------------------------------------------------------------------


def _among_members(chance: Random, members: Members) -> None:
    at, other = chance.randrange(len(members)), chance.randrange(len(members))
    name, data = members[at]
    match chance.randrange(7):
        case 0:
            del members[at]
        case 1:
            members.insert(other, (chance.choice((name, name.upper(), "x/" + name)), data))
        case 2:
            names = [name.upper(), "../" + name, "/" + name, name.replace("/", "\\"), "C:" + name]
            members[at] = (chance.choice([*names, name[:-1], name + "\u0130", "."]), data)
        case 3:
            chance.shuffle(members)
        case 4:
            members[at] = (name, members[other][1])
        case 5:
            members[at] = (name, chance.choice((b"", b"<a/>", data[: len(data) // 2], data * 2)))
        case _:
            members[at], members[other] = (name, members[other][1]), (members[other][0], data)


# XML ----------------------------------------------------------------------------------------


def _in_part(chance: Random, members: Members) -> None:
    """Change one part, mostly one that is read: a sheet more often than others."""
    read = [at for at, (name, _) in enumerate(members) if _READ.match(name)]
    sheets = [at for at in read if "worksheets/sheet" in members[at][0]]
    places = [one for one in (sheets, read, range(len(members))) if one]
    at = chance.choice(chance.choices(places, (6, 4, 1)[: len(places)])[0])
    name, data = members[at]
    how: Callable[[Random, bytes], bytes] = chance.choices(
        (_tokens, _attribute, _text, _element, _cell, _junk), (2, 6, 4, 2, 5, 2)
    )[0]
    members[at] = (name, how(chance, data))


def _tokens(chance: Random, data: bytes) -> bytes:
    tokens = _TOKEN.findall(data)
    if not tokens:
        return data
    at, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    match chance.randrange(4):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(other, tokens[at])
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case _:
            tokens[at] = tokens[other]
    return b"".join(tokens)


def _one(chance: Random, matches: Sequence[re.Match[bytes]]) -> re.Match[bytes] | None:
    return chance.choice(matches) if matches else None


def _attribute(chance: Random, data: bytes) -> bytes:
    found = _one(chance, list(_ATTRIBUTE.finditer(data)))
    if found is None:
        return data
    group = 1 if found[1] is not None else 2
    start, stop = found.span(group)
    other = _one(chance, list(_ATTRIBUTE.finditer(data, 0, min(len(data), 20_000))))
    match chance.randrange(8):
        case 0:
            return data[: found.start()] + data[found.end() :]
        case 1:
            return data[: found.end()] + found[0] + data[found.end() :]
        case 2 if other is not None:
            return data[:start] + (other[1] or other[2] or b"") + data[stop:]
        case _:
            return data[:start] + chance.choice(ODD) + data[stop:]


def _text(chance: Random, data: bytes) -> bytes:
    found = _one(chance, list(re.finditer(rb">([^<]+)<", data)))
    if found is None:
        return data
    start, stop = found.span(1)
    return data[:start] + chance.choice(ODD) + data[stop:]


def _element(chance: Random, data: bytes) -> bytes:
    found = _one(chance, list(_ELEMENT.finditer(data)))
    if found is None:
        return data
    start, stop = found.span()
    rest = data[:start] + data[stop:]
    match chance.randrange(3):
        case 0:
            return rest
        case 1:
            return data[:stop] + found[0] + data[stop:]
        case _:
            to = chance.choice([one.start() for one in re.finditer(rb"<", rest)] or [0])
            return rest[:to] + found[0] + rest[to:]


def _junk(chance: Random, data: bytes) -> bytes:
    at = chance.choice([one.start() for one in re.finditer(rb"<", data)] or [0])
    if chance.random() < 0.2:
        at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(JUNK) + data[at:]


# Cells --------------------------------------------------------------------------------------

_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^<>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULAS = [
    b"<f>1+1</f>", b"<f/>", b"<f>CLIENT_GROUP()</f>", b"<f>[0]!GIFT(A2)</f>", b'<f t="shared" si="0"/>',
    b'<f t="shared" ref="A1:Z9" si="0">CLIENT_STAGE(A2)</f>', b'<f t="array" ref="A2:C3">CLIENT_CLASS(A2:A4)</f>',
    b'<f t="array" ref="B2:B3">1</f>', b'<f t="dataTable" ref="A1:B2"/>', b"<f>CLIENT_WHY(Clients[ID])</f>",
    b"<f>ABC(A1:XFD1048576)</f>", b"<f>ABC(A:A)</f>", b"<f>XYZ(1:1)</f>", b"<f>GIFT(&quot;001&quot;)</f>",
    b"<f>CLIENT_GROUP(CLIENT_GROUP(</f>", b"<f>ABC(F2:F4)</f>", b"<f>NEXT_CONTACT('Clients'!A2)</f>",
]  # fmt: skip


def _cell(chance: Random, data: bytes) -> bytes:
    """Another kind, value, style, formula or place for one cell."""
    found = _one(chance, list(_CELL.finditer(data)))
    if found is None:
        return data
    place, rest, content = found[1], found[2], found[3] or b""
    match chance.randrange(6):
        case 0:
            kind = chance.choice((b"s", b"n", b"b", b"e", b"d", b"str", b"inlineStr", b"x", b""))
            rest = re.sub(rb'\s*\bt="[^"]*"', b"", rest) + b' t="' + kind + b'"'
        case 1:
            content = b"<v>" + chance.choice(ODD) + b"</v>"
        case 2:
            rest = re.sub(rb'\s*\bs="[^"]*"', b"", rest) + b' s="' + chance.choice(ODD) + b'"'
        case 3:
            content = chance.choice(_FORMULAS) + chance.choice((b"", content, b"<v>1</v>"))
        case 4:
            place = chance.choice(ODD)
        case _:
            content = chance.choice(JUNK) + content
    new = b'<c r="' + place + b'"' + rest + b">" + content + b"</c>"
    return data[: found.start()] + new + data[found.end() :]
