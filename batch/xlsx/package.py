"""A workbook's zip package: read once, checked, never changed in place.

``Package.open`` reads the whole file into memory and refuses what is not a sound workbook;
``copy_with`` makes another one in which only the given parts differ. *Unchanged* means that
every other member is the same bytes: local header, extra fields, packed data, data descriptor,
padding, order and comment; only offsets in the central directory move.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from lxml import etree

from batch import errors
from batch.xlsx import opc, xmlbytes, zipraw
from words import ENGLISH, _, marked, spoken

if TYPE_CHECKING:
    from rules.config import settings

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSAFE_NAME: Final = re.compile(r"[\x00-\x1f\\]|^/|^[A-Za-z]:|(?:^|/)\.\.?(?:/|$)|//")
_KIND_OFFICE_DOCUMENT: Final = "officeDocument"


_RATIO_FROM_MB: Final = 16
"""Smaller parts may be packed as tightly as they like."""
_TREE_MB: Final = 32
"""What is read as a tree takes thirty times its size in memory; no part but the texts is larger."""


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
    """Unpacked ÷ packed size of one part; sheets reach 10 to 40, bombs 1,000."""
    cells: int = 20_000_000
    """The cells of a sheet that is filled."""

    @classmethod
    def of(cls, given: "settings.Limits") -> Self:
        """The limits that a configuration gives."""
        return cls(**{one.name: getattr(given, one.name) for one in fields(cls)})


class Package:
    """An opened and checked workbook file, held in memory.

    ``path``, ``content`` (the file's bytes), ``limits`` and ``main_part`` (the workbook part's
    name) are facts; parts are read by name, upper and lower case being the same.
    """

    def __init__(self, path: Path, content: bytes, limits: FileLimits | None = None) -> None:
        """Check *content* as the file at *path*. Raises a kind of ``WorkbookRefused``."""
        self.path = path
        self.content = content
        self.limits = limits or FileLimits()
        _check_kind(path, content)
        self._directory = directory(path, content, self.limits)
        self._by_name = _checked_names(path, self._directory.members)
        self._sound: set[str] = set()
        self.main_part = self._main_part()

    @classmethod
    def open(cls, path: Path, limits: FileLimits | None = None) -> Self:
        """Read the file at *path* once.

        Raises a kind of ``WorkbookRefused`` for a file that is no sound workbook, and
        ``FileInUse`` for one that another program keeps locked.
        """
        allowed = limits or FileLimits()
        try:
            size = path.stat().st_size
            if path.is_dir():
                raise errors.IsAFolder(path)
            if not path.is_file():
                raise errors.NotAZip(path, _("no ordinary file"))
            _check_size(path, _("the size of the file in MB"), size, allowed, "file_mb")
            content = path.read_bytes()
        except FileNotFoundError:
            raise errors.WorkbookMissing(path) from None
        except PermissionError:
            found = marked(
                "can't be opened: another program keeps it locked, or you may not read it"
            )
            raise errors.FileInUse(path, found) from None
        return cls(path, content, allowed)

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

    def relationships(self, source: str) -> list[opc.Relationship]:
        """Where part *source* ('' is the package itself) points; nothing if it points nowhere."""
        name = opc.relationships_part(source)
        return opc.relationships(self.xml(name), source) if name in self else []

    def check_all(self) -> None:
        """Unpack every member that wasn't read yet. Raises ``Damaged`` for a CRC error."""
        for name in self.names:
            if name not in self._sound:
                self.read(name)

    def copy_with(self, replacements: Mapping[str, bytes]) -> bytes:
        """The bytes of a package in which only these parts differ, all of them checked before.

        Part names are the package's own; a name that it doesn't hold raises ``Damaged``, as does
        a part that was no well-formed XML before. ``NotVerified`` is raised for one that isn't
        any more.
        """
        self.check_all()
        parts = {self.member(name).name: data for name, data in replacements.items()}
        with ThreadPoolExecutor() as pool:
            checks = [pool.submit(self._check_new, name, data) for name, data in parts.items()]
            content = zipraw.rebuilt(self.content, self._directory, parts)
            for check in checks:
                check.result()
        return content

    def check_copy(self, copy: Path, replacements: Mapping[str, bytes]) -> None:
        """Raise ``NotVerified`` unless the *copy* holds these parts and all else byte for byte."""
        try:
            new = Package(self.path, copy.read_bytes(), self.limits)
            changed = {self.member(name).name for name in replacements}
            if list(new.names) != list(self.names):
                raise errors.NotVerified(self.path, _("its parts are not the same ones"))
            for name, data in replacements.items():
                if new.read(name) != data:
                    raise errors.NotVerified(
                        self.path, _("its part '{name}' was not written as meant").format(name=name)
                    )
            for name in self.names:
                if name not in changed and new.segment(name) != self.segment(name):
                    raise errors.NotVerified(
                        self.path, _("its part '{name}' was touched").format(name=name)
                    )
        except errors.WorkbookRefused as error:
            detail = _("the file can't be read any more ({error})").format(error=error)
            raise errors.NotVerified(self.path, detail) from error

    def segment(self, name: str) -> bytes:
        """A part with all that belongs to it, as it stands in the zip."""
        member = self.member(name)
        return self.content[member.start : member.stop]

    def _check_new(self, name: str, data: bytes) -> None:
        try:
            check_xml(self.path, name, data)
        except errors.WorkbookRefused as error:
            check_xml(self.path, name, self.read(name))
            raise errors.NotVerified(
                self.path, _("it {found}").format(found=error.found)
            ) from error

    def _main_part(self) -> str:
        """Name of the workbook part; raises when this isn't a workbook that we can read."""
        if "mimetype" in self and b"opendocument" in self.read("mimetype"):
            raise errors.OpenDocument(self.path)
        for needed in ("[Content_Types].xml", "_rels/.rels"):
            if needed not in self:
                raise errors.NotAWorkbook(
                    self.path, _("its part '{name}' is missing").format(name=needed)
                )
        targets = [
            pointer.target
            for pointer in self.relationships("")
            if pointer.kind == _KIND_OFFICE_DOCUMENT and not pointer.external
        ]
        if not targets:
            raise errors.NotAWorkbook(self.path, _("nothing in it is declared as the workbook"))
        main = targets[0]
        kind = opc.content_type(self.xml("[Content_Types].xml"), main)
        _check_main_type(self.path, kind)
        return self.member(main).name


def parse_xml(path: Path, part: str, data: bytes) -> etree._Element:
    """Root element of an XML part, read without entities, DTD and network.

    Raises ``ForbiddenXml`` for a document type declaration, ``Damaged`` for XML that isn't
    well-formed, ``StrangeXml`` for another encoding than UTF-8, in which a declaration could
    hide.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        huge_tree=True,
    )
    return _parsed(path, part, data, parser)


def check_xml(path: Path, part: str, data: bytes) -> None:
    """Raise like ``parse_xml``, without a tree of the part in memory."""
    target: Any = _Nothing()  # lxml needs no other method, though its stubs say so
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, target=target
    )
    _parsed(path, part, data, parser)


class _Nothing:
    """What a parser makes of a part that is only checked."""

    def close(self) -> None:
        """Nothing was made."""


def _parsed(path: Path, part: str, data: bytes, parser: etree.XMLParser) -> etree._Element:
    try:
        xmlbytes.check_encoding(data)
    except xmlbytes.UnusualXml as error:
        raise errors.StrangeXml(path, part, str(error)) from None
    if xmlbytes.declares_dtd(data):
        raise errors.ForbiddenXml(path, part)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise errors.Damaged(
            path,
            _("it is no well-formed XML ({detail})").format(
                detail=_found(error.msg, error.position)
            ),
            part,
        ) from None
    # Without a tree, the parser only takes down names whose prefixes aren't declared.
    for found in parser.error_log.filter_from_errors():
        place = found.line, found.column
        message = f"{found.message}, line {found.line}, column {found.column}"
        detail = _found(message, place)
        raise errors.Damaged(
            path, _("it is no well-formed XML ({detail})").format(detail=detail), part
        )
    return root


def _found(message: str, place: tuple[int, int]) -> str:
    """What lxml says, or, as it does so in English only, just the place: a line and a column."""
    if spoken() == ENGLISH:
        return message
    return _("line {line}, column {column}").format(line=place[0], column=place[1])


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


def check_tree_size(path: Path, part: str, size: int) -> None:
    """Raise ``TooLarge`` where so many bytes are too many to be read as a tree."""
    if size > _TREE_MB << 20:
        raise errors.TooLarge(
            path, _("the part '{part}' without cells").format(part=part), _mb(size), _TREE_MB
        )


def _check_limits(path: Path, members: Sequence[zipraw.Member], limits: FileLimits) -> None:
    if len(members) > limits.parts:
        raise errors.TooLarge(
            path, _("the number of its parts"), len(members), limits.parts, "parts"
        )
    total = sum(member.size for member in members)
    _check_size(path, _("the size of the unpacked file in MB"), total, limits, "total_mb")
    for member in members:
        if member.size > limits.part_mb << 20:
            what = _("the size of the unpacked part '{part}' in MB").format(part=member.name)
            raise errors.TooLarge(path, what, _mb(member.size), limits.part_mb, "part_mb")
        ratio = member.size // max(member.packed, 1)
        if member.size > _RATIO_FROM_MB << 20 and ratio > limits.ratio:
            what = _("the ratio of unpacked to packed size of '{part}'").format(part=member.name)
            raise errors.TooLarge(path, what, ratio, limits.ratio, "ratio")


def _check_size(path: Path, what: str, size: int, limits: FileLimits, key: str) -> None:
    most: int = getattr(limits, key)
    if size > most << 20:
        raise errors.TooLarge(path, what, _mb(size), most, key)


def _mb(size: int) -> int:
    """A size in MB, a beginning one counted in full."""
    return -(-size >> 20)


def _check_main_type(path: Path, kind: str) -> None:
    """Raise when the main part isn't a workbook's, or not that of the file name's ending."""
    fitting = {known.lower(): ending for known, ending in opc.MAIN_TYPES.items()}.get(kind.lower())
    if fitting is None:
        if "wordprocessingml" in kind or "ms-word" in kind:
            raise errors.NotAWorkbook(path, _("it is a Word document"))
        if "presentationml" in kind or "powerpoint" in kind:
            raise errors.NotAWorkbook(path, _("it is a presentation"))
        raise errors.NotAWorkbook(
            path, _("its main part is of the type '{kind}'").format(kind=kind[:80])
        )
    if fitting == ".xlsb":
        raise errors.BinaryWorkbook(path)
    if path.suffix.lower() != fitting:
        raise errors.WrongExtension(path, fitting)
