"""A workbook's zip package: read once, checked, never changed in place.

``Package.open`` reads the whole file into memory and refuses what is not a sound workbook;
``copy_with`` makes another one in which only the given parts differ. *Unchanged* means that
every other member is the same bytes: local header, extra fields, packed data, data descriptor,
padding, order and comment; only offsets in the central directory move.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from lxml import etree

from batch import errors
from batch.cells import column_number
from batch.saving import ours
from batch.xlsx import trees, zipraw
from batch.xlsx.trees import check_tree_size, check_xml, megabytes, parse_xml
from words import _, marked

if TYPE_CHECKING:
    from rules.config import settings

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSAFE_NAME: Final = re.compile(r"[\x00-\x1f]|^/|^[A-Za-z]:|(?:^|/)\.\.?(?:/|$)|//")
_KIND_OFFICE_DOCUMENT: Final = "officeDocument"
_CELL: Final = re.compile(rb'<(?:[\w.-]+:)?c r="([A-Z]{1,3})([0-9]{1,7})"')


_TIGHT_MB: Final = 256
"""So much may unpack from parts that are packed as only repetition can be: it takes a second or
two. Rows of formats without a value, or one text in every cell, are as tight as a bomb, but small.
"""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much a workbook may hold, MB being 1,048,576 bytes.

    By default a full sheet of 1,048,576 rows and 500 MB passes.
    """

    file_mb: int = 500
    part_mb: int = 700
    """One part, unpacked."""
    total_mb: int = 3000
    """All parts, unpacked."""
    texts_mb: int = 100
    """The shared texts, unpacked."""
    parts: int = 20_000
    ratio: int = 200
    """Unpacked ÷ packed size from which a part is packed tightly; sheets reach 10 to 40."""
    cells: int = 20_000_000
    """The cells of a sheet that is filled."""

    @classmethod
    def of(cls, given: "settings.Limits | None") -> Self:
        """The limits that a configuration gives, by default the usual ones."""
        return (
            cls(**{one.name: getattr(given, one.name) for one in fields(cls)}) if given else cls()
        )


USUAL_LIMITS: Final = FileLimits()


class Package:
    """An opened and checked workbook file, held in memory.

    ``path``, ``content`` (the file's bytes), ``limits`` and ``main_part`` (the workbook part's
    name) are facts; parts are read by name, upper and lower case being the same.
    """

    def __init__(self, path: Path, content: bytes, limits: FileLimits = USUAL_LIMITS) -> None:
        """Check *content* as the file at *path*. Raises a kind of ``WorkbookRefused``."""
        self.path = path
        self.content = content
        self.limits = limits
        _check_kind(path, content)
        self._directory = directory(path, content, self.limits)
        self._by_name = _checked_names(path, self._directory.members)
        self._sound: set[str] = set()
        self.main_part = self._main_part()

    @classmethod
    def open(cls, path: Path, limits: FileLimits = USUAL_LIMITS) -> Self:
        """Read the file at *path* once.

        Raises a kind of ``WorkbookRefused`` for a file that is no sound workbook, and
        ``FileInUse`` for one that another program keeps locked.
        """
        try:
            size = path.stat().st_size
            if path.is_dir():
                raise errors.IsAFolder(path)
            if not path.is_file():
                raise errors.NotAZip(path, _("no ordinary file"))
            _check_size(path, _("the size of the file in MB"), size, limits, "file_mb")
            content = ours.read(path, follows=True)
        except FileNotFoundError:
            raise errors.WorkbookMissing(path) from None
        except PermissionError:
            found = marked(
                "can't be opened: another program keeps it locked, or you may not read it"
            )
            raise errors.FileInUse(path, found) from None
        return cls(path, content, limits)

    @property
    def names(self) -> Sequence[str]:
        """Names of all members, as written, in the order of the zip's directory."""
        return [member.name for member in self._directory.members]

    @cached_property
    def sha256(self) -> str:
        """Hash of the file's bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name, in whatever case."""
        return name.casefold() in self._by_name

    def member(self, name: str) -> zipraw.Member:
        """Where and how a part stands in the zip. Raises ``Damaged`` when there is none."""
        found = self._by_name.get(name.casefold())
        if found is None:
            raise errors.Damaged(self.path, _("this part is missing"), name)
        return found

    def read(self, name: str) -> bytes:
        """A part's unpacked bytes, size and CRC checked. Raises ``Damaged``."""
        member = self.member(name)
        try:
            data = zipraw.unpack(self.content, member)
        except zipraw.ZipError as error:
            raise errors.Damaged(self.path, str(error), member.name) from None
        self._sound.add(member.name)
        return data

    def xml(self, name: str) -> etree._Element:
        """A part's root element, read without entities, DTD and network.

        Raises ``ForbiddenXml`` for a DTD, ``Damaged`` for XML that isn't well-formed,
        ``TooLarge`` for a part that would take up too much memory.
        """
        data = self.read(name)
        check_tree_size(self.path, name, len(data))
        return parse_xml(self.path, name, data)

    def texts(self, name: str) -> bytes:
        """The part with the shared texts. Raises ``TooLarge`` for more than may be."""
        data = self.read(name)
        what = _("the size of the part with the texts in MB")
        _check_size(self.path, what, len(data), self.limits, "texts_mb")
        return data

    def relationships(self, source: str) -> list[trees.Relationship]:
        """Where part *source* ('' is the package itself) points; nothing if it points nowhere."""
        name = trees.relationships_part(source)
        return trees.relationships(self.xml(name), source) if name in self else []

    def check_all(self) -> None:
        """Unpack every member that wasn't read yet. Raises ``Damaged`` for a CRC error."""
        for name in self.names:
            if name not in self._sound:
                self.read(name)

    def copy_with(self, replacements: Mapping[str, bytes]) -> bytes:
        """The bytes of a package in which only these parts differ, all of them checked before.

        A part that it doesn't hold stands behind all others. Raises ``Damaged`` for a part that
        was no well-formed XML before, ``NotVerified`` for one that isn't any more.
        """
        self.check_all()
        parts = {self._named(name): data for name, data in replacements.items()}
        with ThreadPoolExecutor() as pool:
            checks = [pool.submit(self._check_new, name, data) for name, data in parts.items()]
            content = zipraw.rebuilt(self.content, self._directory, parts)
            for check in checks:
                check.result()
        return content

    def check_copy(self, copy: Path, replacements: Mapping[str, bytes]) -> None:
        """Raise ``NotVerified`` unless the *copy* holds these parts and all else byte for byte."""
        wrong = partial(errors.NotVerified, self.path)
        try:
            new = Package(self.path, ours.read(copy), self.limits)
            changed = set(map(self._named, replacements))
            added = [name for name in replacements if name not in self]
            if list(new.names) != [*self.names, *added]:
                raise wrong(_("its parts are not the same ones"))
            for name, data in replacements.items():
                if not zipraw.holds(new.content, new.member(name), data):
                    raise wrong(_("its part '{name}' was not written as meant").format(name=name))
            for name in self.names:
                if name not in changed and new.segment(name) != self.segment(name):
                    raise wrong(_("its part '{name}' was touched").format(name=name))
        except errors.WorkbookRefused as error:
            detail = _("the file can't be read any more ({error})").format(error=error)
            raise wrong(detail) from error

    def segment(self, name: str) -> bytes:
        """A part with all that belongs to it, as it stands in the zip."""
        member = self.member(name)
        return self.content[member.start : member.stop]

    def _named(self, part: str) -> str:
        """A part's name as the package writes it, or would write it."""
        return self.member(part).name if part in self else part

    def _check_new(self, name: str, data: bytes) -> None:
        try:
            check_xml(self.path, name, data)
        except errors.WorkbookRefused as error:
            if name in self:
                check_xml(self.path, name, self.read(name))
            detail = _("it {found}").format(found=error.found)
            raise errors.NotVerified(self.path, detail) from error

    def _main_part(self) -> str:
        """Name of the workbook part; raises when this isn't a workbook that we can read."""
        if "mimetype" in self and b"opendocument" in self.read("mimetype"):
            raise errors.OpenDocument(self.path)
        for needed in ("[Content_Types].xml", "_rels/.rels"):
            if needed not in self:
                missing = _("its part '{name}' is missing").format(name=needed)
                raise errors.NotAWorkbook(self.path, missing)
        targets = [
            pointer.target
            for pointer in self.relationships("")
            if pointer.kind == _KIND_OFFICE_DOCUMENT and not pointer.external
        ]
        if not targets:
            raise errors.NotAWorkbook(self.path, _("nothing in it is declared as the workbook"))
        main = targets[0]
        kind = trees.content_type(self.xml("[Content_Types].xml"), main)
        _check_main_type(self.path, kind)
        return self.member(main).name


def _check_kind(path: Path, content: bytes) -> None:
    """Raise the fitting refusal when the content isn't a zip file."""
    if content.startswith(b"PK"):
        return
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise errors.Encrypted(path)
        raise errors.OldExcelFormat(path)
    raise errors.NotAZip(path, _looks_like(content))


def _looks_like(content: bytes) -> str:
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        return _("nothing at all (0 bytes)")
    if start.startswith((b"<html", b"<table", b"<!doctype html")):
        return _("a web page (HTML)")
    if start.startswith(b"<?xml"):
        return _("plain XML")
    if start.startswith(b"%pdf"):
        return _("a PDF document")
    return _("something else (perhaps a text file, or the file is damaged)")


def _checked_names(path: Path, members: Sequence[zipraw.Member]) -> dict[str, zipraw.Member]:
    """Members by their names without regard to case; unsafe and double names are refused."""
    by_name: dict[str, zipraw.Member] = {}
    for member in members:
        if _UNSAFE_NAME.search(member.name):
            raise errors.UnsafeMember(path, member.name)
        first = by_name.setdefault(member.name.casefold(), member)
        if first is not member:
            raise errors.DuplicateMembers(path, first.name, member.name)
    return by_name


def directory(path: Path, content: bytes, limits: FileLimits) -> zipraw.Directory:
    """The members of a zip file. Raises ``Damaged``, or ``TooLarge`` for more than may be."""
    try:
        found = zipraw.read_directory(content)
    except zipraw.ZipError as error:
        raise errors.Damaged(path, str(error)) from None
    _check_limits(path, found.members, limits)
    return found


def _check_limits(path: Path, members: Sequence[zipraw.Member], limits: FileLimits) -> None:
    if len(members) > limits.parts:
        what = _("the number of its parts")
        raise errors.TooLarge(path, what, len(members), limits.parts, "parts")
    total = sum(member.size for member in members)
    _check_size(path, _("the size of the unpacked file in MB"), total, limits, "total_mb")
    for member in members:
        what = _("the size of the unpacked part '{part}' in MB").format(part=member.name)
        _check_size(path, what, member.size, limits, "part_mb")
    tight = sum(one.size for one in members if one.size > limits.ratio * max(one.packed, 1))
    if tight > _TIGHT_MB << 20:
        what = _("the unpacked size in MB of what is packed more than {ratio} times")
        what = what.format(ratio=limits.ratio)
        raise errors.TooLarge(path, what, megabytes(tight), _TIGHT_MB, "ratio")


def _check_size(path: Path, what: str, size: int, limits: FileLimits, key: str) -> None:
    most: int = getattr(limits, key)
    if size > most << 20:
        raise errors.TooLarge(path, what, megabytes(size), most, key)


def _check_main_type(path: Path, kind: str) -> None:
    """Raise when the main part isn't a workbook's, or not that of the file name's ending."""
    fitting = {known.lower(): ending for known, ending in trees.MAIN_TYPES.items()}.get(
        kind.lower()
    )
    if fitting is None:
        if "wordprocessingml" in kind or "ms-word" in kind:
            raise errors.NotAWorkbook(path, _("it is a Word document"))
        if "presentationml" in kind or "powerpoint" in kind:
            raise errors.NotAWorkbook(path, _("it is a presentation"))
        found = _("its main part is of the type '{kind}'").format(kind=kind[:80])
        raise errors.NotAWorkbook(path, found)
    if fitting == ".xlsb":
        raise errors.BinaryWorkbook(path)
    if path.suffix.lower() != fitting:
        raise errors.WrongExtension(path, fitting)


def sheet_areas(path: Path, limits: "settings.Limits | None" = None) -> Iterator[int]:
    """How many cells the rectangle around all cells of each sheet spans; none for a file that isn't
    packed. Raises ``TooLarge``, or ``Damaged``.
    """
    with path.open("rb") as file:
        is_packed = file.read(2) == b"PK"
    if not is_packed:
        return
    content = path.read_bytes()
    for member in directory(path, content, FileLimits.of(limits)).members:
        if not member.name.startswith("xl/worksheets/") or not member.name.endswith(".xml"):
            continue
        rows, columns = set(), set()
        for letters, row in _CELL.findall(zipraw.unpack(content, member)):
            rows.add(int(row))
            columns.add(column_number(letters.decode()))
        if rows:
            yield (max(rows) - min(rows)) * (max(columns) - min(columns))
