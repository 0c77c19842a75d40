"""A zip file as ranges of raw bytes, so that members can be copied without being touched.

The standard library can't do this: it rewrites headers, extra fields and timestamps. Here a
file is a row of segments, one a member (local header, data, data descriptor and whatever
padding follows), then the central directory, then the end records. Layouts: PKWARE
APPNOTE.TXT, sections 4.3 to 4.5.
"""

import itertools
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from zlib_ng import zlib_ng

from batch.errors import Flaw
from words import _

STORED: Final = 0
DEFLATED: Final = 8

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64: Final = struct.Struct("<4sIQI")
_BLOCK: Final = struct.Struct("<2H")
_FULL32: Final = 0xFFFF_FFFF
_FULL16: Final = 0xFFFF
_ZIP64_EXTRA: Final = 1
_FLAG_ENCRYPTED: Final = 1
_FLAG_DESCRIPTOR: Final = 1 << 3
_FLAG_UTF8: Final = 1 << 11
_COMMENT_AT_MOST: Final = 65_535
_LEVEL: Final = 3
"""Of compression: 6, the usual one, takes three times as long for sheets that are 13 % smaller."""


_PIECE: Final = 32 << 20


class ZipError(Flaw):
    """What is wrong with the zip file, as the end of the sentence 'the file is damaged: …'."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member. Offsets count from the file's first byte; *stop* is where the next begins.

    name: with slashes, also where older .NET programs have written backslashes.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    data: int
    stop: int
    entry: bytes
    """The member's own record in the central directory."""


@dataclass(frozen=True, slots=True)
class Directory:
    """All members in the order of the central directory, and the file's last bytes."""

    members: tuple[Member, ...]
    shift: int
    """Bytes before the zip itself, which the recorded offsets don't count (mostly 0)."""
    start: int
    end: bytes
    """Everything after the directory's last record: zip64 records, end record, comment."""
    end_at: int
    """Where in these the end record begins."""


def read_directory(content: bytes) -> Directory:
    """Find and check all members. Raises ZipError when they don't fit the bytes."""
    end = _find_end(content)
    count, size, offset = _END.unpack_from(content, end)[4:7]
    end64 = _find_end64(content, end)
    if end64 is not None:
        count, size, offset = _END64.unpack_from(content, end64)[7:10]
    start = (end if end64 is None else end64) - size
    shift = start - offset
    if start < 0 or shift < 0:
        raise ZipError(_("its list of parts is cut off"))
    found = []
    at = start
    for _number in range(count):
        entry, at = _entry(content, at)
        found.append(_located(content, entry, shift, start))
    if at != start + size:
        raise ZipError(_("its list of parts has the wrong length"))
    return Directory(_with_stops(found, start), shift, start, content[at:], end - at)


def _find_end(content: bytes) -> int:
    lowest = max(0, len(content) - _END.size - _COMMENT_AT_MOST)
    at = len(content)
    while (at := content.rfind(b"PK\5\6", lowest, at)) >= 0:
        if at + _END.size <= len(content):
            comment = _END.unpack_from(content, at)[7]
            if at + _END.size + comment == len(content):
                return at
            if at + _END.size + comment < len(content):
                raise ZipError(_("its end is missing, or something was appended after it"))
    raise ZipError(_("its end is missing (an incomplete download or copy?)"))


def _find_end64(content: bytes, end: int) -> int | None:
    at = end - _LOCATOR64.size
    if at < 0 or content[at : at + 4] != b"PK\6\7":
        return None
    found = content.rfind(b"PK\6\6", 0, at)
    if found < 0 or found + _END64.size > at:
        raise ZipError(_("its end is incomplete"))
    return found


def _entry(content: bytes, at: int) -> tuple[bytes, int]:
    if at + _CENTRAL.size > len(content) or content[at : at + 4] != b"PK\1\2":
        raise ZipError(_("its list of parts is cut off"))
    name, extra, comment = _CENTRAL.unpack_from(content, at)[10:13]
    stop = at + _CENTRAL.size + name + extra + comment
    if stop > len(content):
        raise ZipError(_("its list of parts is cut off"))
    return content[at:stop], stop


def _located(content: bytes, entry: bytes, shift: int, limit: int) -> Member:
    """A member from its directory record, checked against its local header; stop is open."""
    fields = _CENTRAL.unpack_from(entry)
    flags, method, crc, packed, size = fields[3], fields[4], *fields[7:10]
    raw = entry[_CENTRAL.size : _CENTRAL.size + fields[10]]
    name = _decoded(raw, flags)
    size, packed, offset = _wide(entry, (size, packed, fields[16]))
    start = offset + shift
    if start + _LOCAL.size > limit or content[start : start + 4] != b"PK\3\4":
        raise ZipError(_("its part '{name}' isn't where the list of parts says"), name=name)
    local = _LOCAL.unpack_from(content, start)
    data = start + _LOCAL.size + local[9] + local[10]
    if content[start + _LOCAL.size : start + _LOCAL.size + local[9]] != raw:
        raise ZipError(_("its part '{name}' has two different names"), name=name)
    if data + packed > limit:
        raise ZipError(_("its part '{name}' is cut off"), name=name)
    if flags & _FLAG_ENCRYPTED:
        raise ZipError(_("its part '{name}' is encrypted"), name=name)
    if method not in (STORED, DEFLATED):
        raise ZipError(
            _("its part '{name}' is packed by an unknown method ({method})"),
            name=name,
            method=method,
        )
    return Member(name, flags, method, crc, packed, size, start, data, 0, entry)


def _decoded(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _FLAG_UTF8 else "cp437").replace("\\", "/")
    except UnicodeDecodeError:
        raise ZipError(_("a part's name can't be read")) from None


def _wide(entry: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, the full ones taken from the zip64 extra field."""
    full = values.count(_FULL32)
    at = _zip64_block(entry) if full else 0
    if at is None or at + 8 * full > len(entry):
        raise ZipError(_("a part's size is missing"))
    numbers = iter(struct.unpack_from(f"<{full}Q", entry, at))
    size, packed, offset = (next(numbers) if value == _FULL32 else value for value in values)
    return size, packed, offset


def _zip64_block(entry: bytes) -> int | None:
    """Where the zip64 extra field's numbers begin in a directory record."""
    fields = _CENTRAL.unpack_from(entry)
    at = _CENTRAL.size + fields[10]
    stop = at + fields[11]
    while at + 4 <= stop:
        kind, length = _BLOCK.unpack_from(entry, at)
        if kind == _ZIP64_EXTRA:
            return int(at) + 4
        at += 4 + length
    return None


def _with_stops(found: list[Member], limit: int) -> tuple[Member, ...]:
    """The same members, each knowing where the next one in the file begins."""
    starts = [*sorted(member.start for member in found), limit]
    following = dict(itertools.pairwise(starts))
    has_twins = len(following) < len(found)
    members = []
    for member in found:
        stop = following[member.start]
        if has_twins or member.data + member.packed > stop:
            raise ZipError(_("its part '{name}' overlaps another part"), name=member.name)
        members.append(replace(member, stop=stop))
    return tuple(members)


def unpack(content: bytes, member: Member) -> bytes:
    """A member's content, checked by size and CRC; never more than its declared size."""
    packed = content[member.data : member.data + member.packed]
    if member.method == STORED:
        data = packed
    else:
        machine = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
        try:
            data = machine.decompress(packed, member.size + 1)
        except zlib_ng.error:  # type: ignore[misc] # its stubs take the class for an error
            raise ZipError(_("its compressed data can't be unpacked")) from None
    if len(data) != member.size:
        raise ZipError(_("its size is not the one recorded"))
    if zlib_ng.crc32(data) != member.crc:
        raise ZipError(_("its content was changed on the way (CRC error)"))
    return data


def holds(content: bytes, member: Member, data: bytes) -> bool:
    """Whether a member's content is *data*, of which no second one is made in memory."""
    packed = content[member.data : member.data + member.packed]
    if (member.size, member.crc) != (len(data), zlib_ng.crc32(data)):
        return False
    if member.method == STORED:
        return packed == data
    machine, at = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS), 0
    try:
        while piece := machine.decompress(packed, _PIECE):
            if not data.startswith(piece, at):
                return False
            at, packed = at + len(piece), machine.unconsumed_tail
    except zlib_ng.error:  # type: ignore[misc] # as above
        return False
    return at == len(data)


def rebuilt(content: bytes, directory: Directory, replacements: Mapping[str, bytes]) -> bytes:
    """The whole zip file with some members' contents replaced, and further members at its end.

    Unchanged means: every other member's segment (local header, extra fields, packed data,
    descriptor, padding) is the same bytes; its directory record differs by the offset alone;
    members, records and comment keep their order. A replaced member keeps its name, times,
    attributes, place and packing method, and loses its data descriptor. A further member has the
    time, the attributes and the packing method of the first replaced one.
    """
    in_file = sorted(directory.members, key=lambda member: member.start)
    first = in_file[0].start if in_file else directory.start
    pieces = [content[:first]]
    at = first
    entries: dict[int, bytes] = {}
    for member in in_file:
        offset = at - directory.shift
        if member.name in replacements:
            segment, entries[member.start] = _replaced(
                content, member, replacements[member.name], offset
            )
        else:
            segment = content[member.start : member.stop]
            entries[member.start] = _moved(member.entry, offset)
        pieces.append(segment)
        at += len(segment)
    records = [entries[member.start] for member in directory.members]
    known = {member.name for member in directory.members}
    further = {name: data for name, data in replacements.items() if name not in known}
    for name, data in further.items():
        like = next(member for member in directory.members if member.name in replacements)
        segment, entry = _further(content, like, name, data, at - directory.shift)
        pieces.append(segment)
        records.append(entry)
        at += len(segment)
    pieces += [*records, _end(directory, at, sum(map(len, records)), len(further))]
    return b"".join(pieces)


def _replaced(content: bytes, member: Member, data: bytes, offset: int) -> tuple[bytes, bytes]:
    """New segment and new directory record of a member whose content changes."""
    packed = data
    if member.method == DEFLATED:
        machine = zlib_ng.compressobj(_LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
        packed = machine.compress(data) + machine.flush()
    flags = member.flags & ~_FLAG_DESCRIPTOR
    numbers = (zlib_ng.crc32(data), len(packed), len(data))
    local = list(_LOCAL.unpack_from(content, member.start))
    name_stop = member.start + _LOCAL.size + local[9]
    name = content[member.start + _LOCAL.size : name_stop]
    extra = _without_zip64(content[name_stop : member.data])
    local[2], local[6:9], local[10] = flags, numbers, len(extra)
    segment = _LOCAL.pack(*local) + name + extra + packed

    central = list(_CENTRAL.unpack_from(member.entry))
    name_stop = _CENTRAL.size + central[10]
    extra_stop = name_stop + central[11]
    extra = _without_zip64(member.entry[name_stop:extra_stop])
    central[3], central[7:10], central[11], central[16] = flags, numbers, len(extra), offset
    entry = _CENTRAL.pack(*central) + name + extra + member.entry[extra_stop:]
    return segment, entry


def _further(
    content: bytes, like: Member, name: str, data: bytes, offset: int
) -> tuple[bytes, bytes]:
    """Segment and directory record of a new member, made as the member *like* was."""
    raw = name.encode()
    local = list(_LOCAL.unpack_from(content, like.start))
    local[9:11] = len(raw), 0
    central = list(_CENTRAL.unpack_from(like.entry))
    central[10:13] = len(raw), 0, 0
    header, entry = _LOCAL.pack(*local) + raw, _CENTRAL.pack(*central) + raw
    flags = 0 if name.isascii() else _FLAG_UTF8
    member = replace(like, flags=flags, start=0, data=len(header), entry=entry)
    return _replaced(header, member, data, offset)


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the block of wide sizes: the new sizes fit the narrow fields."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _BLOCK.unpack_from(extra, at)
        if kind != _ZIP64_EXTRA:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _moved(entry: bytes, offset: int) -> bytes:
    """A directory record with another offset, written where the old one was written."""
    fields = _CENTRAL.unpack_from(entry)
    if fields[16] != _FULL32:
        return entry[: _CENTRAL.size - 4] + struct.pack("<I", offset) + entry[_CENTRAL.size :]
    at = _zip64_block(entry)
    if at is None:
        raise ZipError(_("a part's place is missing"))
    at += 8 * sum(value == _FULL32 for value in (fields[9], fields[8]))
    return entry[:at] + struct.pack("<Q", offset) + entry[at + 8 :]


def _end(directory: Directory, start: int, size: int, further: int) -> bytes:
    """The end records with the directory's new place and size, and so many further members."""
    offset, count = start - directory.shift, len(directory.members) + further
    tail = bytearray(directory.end)
    at = directory.end_at
    for place in (8, 10):
        if struct.unpack_from("<H", tail, at + place)[0] != _FULL16:
            struct.pack_into("<H", tail, at + place, count)
    for place, value in ((12, size), (16, offset)):
        if struct.unpack_from("<I", tail, at + place)[0] != _FULL32:
            struct.pack_into("<I", tail, at + place, value)
    if tail[:4] == b"PK\6\6":
        struct.pack_into("<2Q", tail, 24, count, count)
        struct.pack_into("<2Q", tail, 40, size, offset)
        struct.pack_into("<Q", tail, at - _LOCATOR64.size + 8, offset + size)
    return bytes(tail)
