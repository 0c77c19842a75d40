"""Proof that a filled copy differs from its workbook by the cells that were to change alone.

It shares no code with what writes files (`batch.xlsx`) but for the letters of columns: the standard
library's zipfile finds the parts, its expat the elements in them. Unchanged means the same bytes:
of every other part from its local header to the next one, its record in the zip's directory (time,
attributes, extra fields, comment) but for its place, the order of all parts, and what stands before
and after them.

Besides the cells there may differ, in the parts that the patched sheets use: the range, count and
further columns of a table; of one that was to be lengthened also how far it reaches down, but
exactly to the row that was said; further cell formats, at the end of their list; conditional
formats for the areas that were said, behind those that stood there, and their looks. Where there
were no cell formats there may be the plain one and a short date: in the lists that were missing,
or in a new part behind all others, with what declares it.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from batch.cells import CellRange
from batch.errors import NotVerified
from batch.saving import partproof
from batch.saving.elements import elements
from batch.saving.sheetproof import DiffersError, Place, changed_cells, looks_used
from words import _, marked

T = TypeVar("T")

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_END: Final = struct.Struct("<4s4H2LH")
_TYPES: Final = "[Content_Types].xml"
_RECORD_SIZE: Final = 46
_LENGTHS: Final = struct.Struct("<3H")
_LENGTHS_AT: Final = 28
"""Where a directory record tells how long its name, extra fields and comment are."""
_FULL: Final = 0xFFFF_FFFF
_FULL_COUNT: Final = 0xFFFF
_DESCRIPTOR: Final = 1 << 3
_ZIP64: Final = 1
_RECORD: Final = {
    "date_time": marked("another time stamp"),
    "compress_type": marked("another packing method"),
    "comment": marked("another comment"),
    "extra": marked("other extra fields"),
    "create_system": marked("another directory record"),
    "create_version": marked("another directory record"),
    "extract_version": marked("another directory record"),
    "reserved": marked("another directory record"),
    "flag_bits": marked("other flags"),
    "volume": marked("another directory record"),
    "internal_attr": marked("other attributes"),
    "external_attr": marked("other attributes"),
}
"""What zipfile knows of a part besides place and content, and how it is told that it differs."""
_CONTENT: Final = {
    "CRC": marked("another checksum"),
    "compress_size": marked("another packed size"),
    "file_size": marked("another size"),
}
"""What must also be the same for a part that holds the same."""


_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What zipfile raises for a file that it can't read."""


@dataclass(frozen=True)
class Proof:
    """What a filled copy changed, as it was found in its bytes.

    cells: how many of the named cells differ. columns: in how many columns they stand, those of
    each sheet counted. sheets: the names of the sheets in which they do.
    tables: the parts of tables that got columns or rows. formats: how many cell formats were
    added. identical: how many parts are the same, to the byte.
    """

    cells: int
    columns: int
    sheets: tuple[str, ...]
    tables: tuple[str, ...]
    formats: int
    identical: int


def prove(
    path: Path,
    old: bytes,
    new: bytes,
    cells: Mapping[str, Collection[Place]],
    lengthened: Mapping[str, int] | None = None,
    looked: Mapping[str, Collection[CellRange]] | None = None,
) -> Proof:
    """Compare the workbook's bytes with those of the copy in which these *cells* were to change.

    path: the workbook, as messages name it. cells: row and column (A is 1) by the sheet's name;
    a cell that was to change but is the same does no harm. lengthened: the last row of each table
    that got rows, by its part; it must reach down to there, and no other may reach further down.
    looked: the areas of each sheet that got looks, by conditional formats.
    Raises NotVerified for the first thing that differs and should not.
    """
    last_rows = {part.casefold(): row for part, row in (lengthened or {}).items()}
    try:
        return _Proving(old, new, looked or {}).proof(cells, last_rows)
    except DiffersError as error:
        raise NotVerified(path, str(error)) from None
    except (*_UNREADABLE, ValueError, KeyError) as error:
        found = _("it can't be compared with the former one ({error})")
        raise NotVerified(path, found.format(error=error)) from error


def _part(member: zipfile.ZipInfo) -> str:
    """A part's name as it is looked for: in small letters, and with slashes."""
    return member.orig_filename.casefold().replace("\\", "/")


class _Zip:
    """A zip file's members and their bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.file = zipfile.ZipFile(io.BytesIO(content))
        self.members = self.file.infolist()
        self.by_name = {_part(one): one for one in self.members}
        starts = sorted(one.header_offset for one in self.members)
        self.start = min([*starts, self.file.start_dir])
        self._stops = dict(pairwise([*starts, self.file.start_dir]))

    def segment(self, member: zipfile.ZipInfo) -> bytes:
        """All bytes of a member, to the beginning of the next one."""
        return self.content[member.header_offset : self._stops[member.header_offset]]

    def header(self, member: zipfile.ZipInfo) -> tuple[object, ...]:
        """What the local header tells besides sizes; and whether anything follows the data."""
        segment = self.segment(member)
        fields = _LOCAL.unpack_from(segment)
        name_stop = _LOCAL.size + fields[9]
        extra = segment[name_stop : name_stop + fields[10]]
        version, flags, method, time, date = fields[1:6]
        name = segment[_LOCAL.size : name_stop]
        return version, flags & ~_DESCRIPTOR, method, time, date, name, _without_zip64(extra)

    def is_described(self, member: zipfile.ZipInfo) -> bool:
        """Whether checksum and sizes stand in its local header too, and nothing follows it."""
        fields = _LOCAL.unpack_from(self.content, member.header_offset)
        sizes = member.compress_size, member.file_size
        stop = _LOCAL.size + int(fields[9]) + int(fields[10]) + member.compress_size
        return fields[6:9] == (member.CRC, *sizes) and len(self.segment(member)) == stop

    def end(self) -> tuple[bytes, bool]:
        """What follows the directory, its place, size and count left out, and whether these are
        right.
        """
        at = len(self.content) - _END.size - len(self.file.comment)
        fields = list(_END.unpack_from(self.content, at))
        counts, size, offset = set(fields[3:5]), *fields[5:7]
        fields[3:7] = 0, 0, 0, 0
        stop = start = self.file.start_dir
        for _member in self.members:
            stop += _RECORD_SIZE + sum(_LENGTHS.unpack_from(self.content, stop + _LENGTHS_AT))
        is_right = size == _FULL or (stop, size, offset) == (at, at - start, start - self.start)
        is_right &= counts <= {len(self.members), _FULL_COUNT}
        return _END.pack(*fields), is_right

    def read(self, name: str) -> bytes:
        """A part's content, '' where there is no such part. Raises BadZipFile."""
        member = self.by_name.get(name.casefold())
        return b"" if member is None else self.file.read(member)

    def targets(self, source: str) -> dict[str, tuple[str, str]]:
        """Where a part points ('' is the package): kind and part's name by id."""
        folder, name = posixpath.split(source)
        data = self.read(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for one in elements(data) if data else ():
            given = one.attributes
            if one.name == "Relationship" and given.get("TargetMode", "Internal") == "Internal":
                target = posixpath.join("/", folder, given["Target"])
                kind = given["Type"].rpartition("/")[2]
                found[given["Id"]] = kind, posixpath.normpath(target).lstrip("/")
        return found

    def pointed(self, source: str, kind: str) -> list[str]:
        """The parts to which a part points as *kind*."""
        return [target for one, target in self.targets(source).values() if one == kind]

    @cached_property
    def main(self) -> str:
        """Name of the workbook part."""
        return next(iter(self.pointed("", "officeDocument")), "")

    def sheets(self) -> dict[str, str]:
        """The parts of the sheets by their names."""
        targets = self.targets(self.main)
        found = {}
        for one in elements(self.read(self.main)):
            if one.name == "sheet":
                number = next((v for k, v in one.attributes.items() if k.endswith(":id")), "")
                found[one.attributes.get("name", "")] = targets.get(number, ("", ""))[1]
        return found


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the wide sizes, which go when a part's content changes, and the wide
    place, which changes with the parts before it.
    """
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


class _Proving:
    """The work of one call of `prove`."""

    def __init__(self, old: bytes, new: bytes, looked: Mapping[str, Collection[CellRange]]) -> None:
        self.old, self.new, self.looked = _Zip(old), _Zip(new), looked
        self.further = self.new.members[len(self.old.members) :]

    def proof(self, cells: Mapping[str, Collection[Place]], last_rows: Mapping[str, int]) -> Proof:
        """What differs. last_rows: those of the tables that got rows, by the part's folded name."""
        self._check_names()
        pairs = list(zip(self.old.members, self.new.members, strict=False))
        changed = {
            _part(was) for was, now in pairs if self.old.segment(was) != self.new.segment(now)
        }
        for was, now in pairs:
            self._check_record(was, now, is_changed=_part(was) in changed)
        self._check_surroundings()
        if self.further:
            changed -= self._check_further(self.further[0])
        return self._contents(cells, last_rows, changed)

    # The zip file -----------------------------------------------------------------------

    def _check_names(self) -> None:
        """Raise DiffersError unless both hold the same parts, in the same order, but for the first
        cell formats behind all others.
        """
        was, now = ([one.orig_filename for one in zip_.members] for zip_ in (self.old, self.new))
        for name in was:
            if name not in now:
                raise DiffersError(_("its part '{name}' is missing"), name=name)
        had_formats = self.old.pointed(self.old.main, "styles")
        may_be_new = [] if had_formats else self.new.pointed(self.new.main, "styles")
        further = [one.orig_filename for one in self.further]
        for name in now:
            if name not in was and (name not in may_be_new or further != may_be_new):
                raise DiffersError(
                    _("it holds the part '{name}', which wasn't there before"), name=name
                )
        if [*was, *further] != now or [*self._in_file(self.old), *further] != self._in_file(
            self.new
        ):
            raise DiffersError(_("its parts stand in another order"))

    @staticmethod
    def _in_file(zip_: _Zip) -> list[str]:
        return [m.orig_filename for m in sorted(zip_.members, key=lambda m: m.header_offset)]

    def _check_record(
        self, was: zipfile.ZipInfo, now: zipfile.ZipInfo, *, is_changed: bool
    ) -> None:
        """Raise DiffersError where a part's records differ otherwise than by place and size."""
        name = was.orig_filename
        for field, words in (_RECORD if is_changed else _RECORD | _CONTENT).items():
            old, new = getattr(was, field), getattr(now, field)
            if field == "extra":
                old, new = _without_zip64(old), _without_zip64(new)
            if is_changed and field == "flag_bits":
                old, new = old & ~_DESCRIPTOR, new & ~_DESCRIPTOR
            if old != new:
                raise DiffersError(
                    _("its part '{name}' has {words} than before"), name=name, words=_(words)
                )
        if is_changed and self.old.header(was) != self.new.header(now):
            raise DiffersError(_("the header of its part '{name}' was changed"), name=name)
        if is_changed and not self.new.is_described(now):
            raise DiffersError(
                _("the header of its part '{name}' doesn't fit its content"), name=name
            )

    def _check_further(self, member: zipfile.ZipInfo) -> set[str]:
        """The parts that declare the new part with cell formats. Raises DiffersError where it, or
        what they declare, is anything else.
        """
        name, main = member.orig_filename, self.old.main
        if member.extra or member.comment or not self.new.is_described(member):
            raise DiffersError(
                _("the header of its part '{name}' doesn't fit its content"), name=name
            )
        compare = partial(partproof.check_new_formats, self.old.read(main))
        self._in_part(name, lambda _old, new: compare(new))
        folder, workbook = posixpath.split(main)
        pointers = posixpath.join(folder, "_rels", f"{workbook}.rels")
        self._in_part(pointers, partial(partproof.check_pointer, target=posixpath.basename(name)))
        self._in_part(_TYPES, partial(partproof.check_type, name=f"/{name}"))
        return {pointers.casefold(), _TYPES.casefold()}

    def _check_surroundings(self) -> None:
        old, new = self.old, self.new
        if old.content[: old.start] != new.content[: new.start]:
            raise DiffersError(_("what stands before its parts was changed"))
        if old.file.comment != new.file.comment:
            raise DiffersError(_("the file's comment was changed"))
        (was, _old), (now, is_right) = old.end(), new.end()
        if was != now or not is_right:
            raise DiffersError(_("the end of the file was changed"))

    # The parts --------------------------------------------------------------------------

    def _contents(
        self,
        cells: Mapping[str, Collection[Place]],
        last_rows: Mapping[str, int],
        changed: set[str],
    ) -> Proof:
        """Check the parts that differ, each by what may differ in it."""
        known = self.old.sheets()
        parts = {sheet: known.get(sheet, "") for sheet in cells}
        patched = [sheet for sheet, part in parts.items() if part.casefold() in changed]
        pointed = [one for sheet in patched for one in self.old.pointed(parts[sheet], "table")]
        tables = [one for one in pointed if one.casefold() in changed]
        formats = self.old.pointed(self.old.main, "styles")
        may_differ = {part.casefold() for part in (*parts.values(), *tables, *formats)}
        for member in self.old.members:
            if _part(member) in changed - may_differ:
                raise DiffersError(_("its part '{part}' was changed"), part=member.orig_filename)
        for table in pointed:
            last_row = last_rows.get(table.casefold(), 0)
            if table in tables or last_row:
                self._in_part(table, partial(partproof.added_columns, last_row=last_row))
        found = [
            self._in_part(
                parts[sheet],
                partial(changed_cells, named=cells[sheet], areas=self.looked.get(sheet, ())),
            )
            for sheet in patched
        ]
        self._check_looks(parts, formats)
        return Proof(
            sum(map(len, found)),
            sum(len({column for _, column in places}) for places in found),
            tuple(patched),
            tuple(tables),
            sum(
                self._in_part(one, partial(partproof.added_formats, with_looks=bool(self.looked)))
                for one in formats
                if one.casefold() in changed
            ),
            len(self.old.members) - len(changed),
        )

    def _check_looks(self, parts: Mapping[str, str], formats: Sequence[str]) -> None:
        """Raise DiffersError for a conditional format whose look isn't there."""
        count = sum(partproof.count_looks(self.new.read(one)) for one in formats)
        for sheet, areas in self.looked.items():
            if max(looks_used(self.new.read(parts[sheet]), areas), default=0) >= max(count, 1):
                raise DiffersError(_("a conditional format has a look that isn't there"))

    def _in_part(self, part: str, compare: Callable[[bytes, bytes], T]) -> T:
        """What *compare* finds in the two contents of a part. Raises DiffersError."""
        try:
            return compare(self.old.read(part), self.new.read(part))
        except DiffersError as error:
            raise DiffersError(_("in its part '{part}' {error}"), part=part, error=error) from None
