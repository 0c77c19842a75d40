"""A package is read once, checked, and copied without touching what isn't replaced."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from batch import errors
from batch.xlsx.package import USUAL_LIMITS, FileLimits, Package
from tests.batch.xlsx import parts as made

SHEET = "xl/worksheets/sheet1.xml"
PARTS = made.parts(made.sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))


def package(content: bytes, name: str = "base.xlsx", limits: FileLimits = USUAL_LIMITS) -> Package:
    return Package(Path(name), content, limits)


def streamed(parts: dict[str, bytes]) -> bytes:
    """A zip written to a pipe: sizes stand in data descriptors behind the data."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_args: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return pipe.getvalue()


def wide(parts: dict[str, bytes]) -> bytes:
    """A zip whose local headers carry zip64 sizes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            with file.open(name, "w", force_zip64=True) as member:
                member.write(data)
    return buffer.getvalue()


def commented(parts: dict[str, bytes]) -> bytes:
    """A zip with a comment, a folder, a stored member, a Cyrillic name and extra fields."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = "комментарий".encode()
        file.writestr("xl/", b"")
        for name, data in parts.items():
            file.writestr(name, data)
        info = zipfile.ZipInfo("docProps/заметки.bin", (2021, 12, 31, 23, 59, 58))
        info.extra = struct.pack("<2H4s", 0xCAFE, 4, b"abcd")
        info.comment = b"hers"
        info.external_attr = 0o640 << 16
        file.writestr(info, bytes(range(256)))
    return buffer.getvalue()


def huge(parts: dict[str, bytes]) -> bytes:
    """A zip whose directory gives sizes and places in zip64 fields, as beyond 4 GB."""
    content = made.zipped(parts)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        infos, start = file.infolist(), file.start_dir
    full = b"\xff" * 4
    entries, at = b"", start
    for info in infos:
        length = 46 + len(info.filename.encode())
        entry = bytearray(content[at : at + length])
        at += length
        extra = struct.pack("<2H3Q", 1, 24, info.file_size, info.compress_size, info.header_offset)
        entry[20:24], entry[24:28], entry[42:46] = full, full, full
        entry[30:32] = struct.pack("<H", len(extra))
        entries += bytes(entry) + extra
    end64 = start + len(entries)
    count = len(infos)
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(entries), start
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end64, 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:start] + entries + record + locator + end


def preceded(parts: dict[str, bytes]) -> bytes:
    """A zip behind other bytes that its offsets don't count."""
    return b"PK-not-yet" + made.zipped(parts)


KINDS: list[Callable[[dict[str, bytes]], bytes]] = [
    made.zipped, streamed, wide, huge, commented, preceded,
]  # fmt: skip


@pytest.mark.parametrize("build", KINDS)
def test_a_copy_without_replacements_is_the_same_file(
    build: Callable[[dict[str, bytes]], bytes],
) -> None:
    content = build(PARTS)
    assert package(content).copy_with({}) == content


@pytest.mark.parametrize("build", KINDS)
def test_replacing_a_part_leaves_all_other_members_byte_for_byte(
    build: Callable[[dict[str, bytes]], bytes],
) -> None:
    old = package(build(PARTS))
    data = b"<a>" + b"<other/>" * 5000 + b"</a>"
    new = package(old.copy_with({SHEET: data, "xl/workbook.xml": PARTS["xl/workbook.xml"]}))
    assert new.names == old.names
    assert new.read(SHEET) == data
    for name in old.names:
        if name not in {SHEET, "xl/workbook.xml"}:
            a, b = old.member(name), new.member(name)
            assert new.content[b.start : b.stop] == old.content[a.start : a.stop]
            if build is not huge:
                assert b.entry[:42] == a.entry[:42]  # all but the offset
                assert b.entry[46:] == a.entry[46:]
            assert (b.method, b.flags, b.crc, b.size) == (a.method, a.flags, a.crc, a.size)
    with (
        zipfile.ZipFile(io.BytesIO(new.content)) as again,
        zipfile.ZipFile(io.BytesIO(old.content)) as before,
    ):
        assert again.testzip() is None
        assert again.comment == before.comment
        assert [one.date_time for one in again.infolist()] == [
            one.date_time for one in before.infolist()
        ]
        assert [one.external_attr for one in again.infolist()] == [
            one.external_attr for one in before.infolist()
        ]


@pytest.mark.parametrize("build", KINDS)
def test_a_further_part_stands_behind_all_others(
    build: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    old = package(build(PARTS))
    further = {"xl/новое.xml": b"<a>" + b"<b/>" * 5000 + b"</a>"}
    new = package(old.copy_with({SHEET: PARTS[SHEET], **further}))
    assert new.names == [*old.names, *further]
    for name in old.names:
        assert new.read(name) == old.read(name)
        assert name == SHEET or new.segment(name) == old.segment(name)
    with zipfile.ZipFile(io.BytesIO(new.content)) as again:
        assert again.testzip() is None
        *_, last = again.infolist()
        assert again.read(last) == further[last.filename]
        assert last.external_attr == again.getinfo(SHEET).external_attr
    copy = tmp_path / "base.xlsx"
    copy.write_bytes(new.content)
    old.check_copy(copy, {SHEET: PARTS[SHEET], **further})
    with pytest.raises(errors.NotVerified, match="not the same ones"):
        old.check_copy(copy, {SHEET: PARTS[SHEET]})


def test_replacing_keeps_the_packing_method() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for name, data in PARTS.items():
            file.writestr(name, data)
    old = package(content.getvalue())
    new = package(old.copy_with({SHEET: b"<x>" + b"<y/>" * 99 + b"</x>"}))
    assert new.member(SHEET).method == zipfile.ZIP_STORED


def test_parts_are_found_whatever_their_case() -> None:
    assert package(made.zipped(PARTS)).read(SHEET.upper()) == PARTS[SHEET]


def changed(name: str, data: bytes) -> dict[str, bytes]:
    return {**PARTS, name: data}


TYPES = PARTS["[Content_Types].xml"]
CRC = made.zipped(PARTS)
REFUSED: list[tuple[str, bytes, type[errors.WorkbookRefused], str]] = [
    ("base.xlsx", b"", errors.NotAZip, "nothing at all"),
    ("base.xlsx", b"<html><table>", errors.NotAZip, "web page"),
    ("base.xlsx", b"%PDF-1.7", errors.NotAZip, "PDF"),
    ("base.xlsx", b"a;b;c", errors.NotAZip, "something else"),
    ("base.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), errors.OldExcelFormat, r"\(\.xls\)"),
    ("base.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), errors.Encrypted, "password"),
    ("base.xlsx", made.zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), errors.OpenDocument, r"\.ods"),
    ("base.xlsx", made.zipped({"a.txt": b"x"}), errors.NotAWorkbook, "missing"),
    ("base.xlsx", made.zipped(changed("[Content_Types].xml", TYPES.replace(b"spreadsheetml.sheet.main", b"wordprocessingml.document.main"))), errors.NotAWorkbook, "Word"),
    ("base.xlsx", made.zipped(changed("[Content_Types].xml", TYPES.replace(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"))), errors.BinaryWorkbook, r"\.xlsb"),
    ("base.xlsm", made.zipped(PARTS), errors.WrongExtension, r"Rename it to 'base\.xlsx'"),
    ("base.xlsx", made.zipped(PARTS)[:-30], errors.Damaged, "its end is missing"),
    ("base.xlsx", made.zipped(PARTS) + b"more", errors.Damaged, "appended"),
    ("base.xlsx", made.zipped({**PARTS, "XL/Styles.xml": b""}), errors.DuplicateMembers, "XL/Styles.xml"),
    ("base.xlsx", made.zipped({**PARTS, "../evil.txt": b""}), errors.UnsafeMember, r"\.\./evil"),
    ("base.xlsx", made.zipped({**PARTS, "/etc/x": b""}), errors.UnsafeMember, "/etc/x"),
    ("base.xlsx", made.zipped({**PARTS, "xl\\..\\..\\x": b""}), errors.UnsafeMember, "unsafe"),
    ("base.xlsx", made.zipped({**PARTS, "bomb.bin": bytes(280_000_000)}), errors.TooLarge, "packed more than 200 times"),
    ("base.xlsx", made.zipped(changed("_rels/.rels", b"<a><b></a>")), errors.Damaged, "well-formed"),
    ("base.xlsx", made.zipped(changed("_rels/.rels", b"<?x?><!-- -->\n<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")), errors.ForbiddenXml, "DTD"),
    ("base.xlsx", made.zipped(changed("_rels/.rels", b'<?xml version="1.0" encoding="UTF-7"?><a/>')), errors.StrangeXml, "another encoding"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "kind", "words"), REFUSED)
def test_what_is_no_sound_workbook_is_refused_with_a_sentence(
    name: str, content: bytes, kind: type[errors.WorkbookRefused], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        package(content, name)
    assert str(caught.value).startswith(f"'{name}' ")
    assert str(caught.value).endswith(".")


def test_a_part_with_a_wrong_crc_is_refused_before_anything_is_written() -> None:
    content = bytearray(made.zipped(PARTS))
    at = package(bytes(content)).member("xl/styles.xml").data
    content[at + 20] ^= 1
    with pytest.raises(errors.Damaged, match=r"xl/styles\.xml"):
        package(bytes(content)).copy_with({SHEET: b"<x/>"})


def test_a_part_that_is_no_xml_any_more_is_not_written() -> None:
    with pytest.raises(errors.NotVerified, match=r"it is damaged in its part .*sheet1"):
        package(made.zipped(PARTS)).copy_with({SHEET: b"<x>"})


def test_a_part_that_was_no_xml_before_is_damaged_and_no_mistake_of_the_program() -> None:
    damaged = made.zipped(changed(SHEET, PARTS[SHEET].replace(b"<v>1", b"<v><1")))
    with pytest.raises(errors.Damaged, match=r"sheet1\.xml': it is no well-formed XML"):
        package(damaged).copy_with({SHEET: b"<x>"})


def test_limits_can_be_narrowed() -> None:
    with pytest.raises(errors.TooLarge, match="number of its parts"):
        package(made.zipped(PARTS), limits=FileLimits(parts=3))
    large = made.zipped(changed(SHEET, b" " * (1 << 21)))
    with pytest.raises(
        errors.TooLarge, match=r"sheet1.* is 2, at most 1 is read.* limits\.part_mb"
    ):
        package(large, limits=FileLimits(part_mb=1))
    with pytest.raises(errors.TooLarge, match=r"the unpacked file in MB is 3.* limits\.total_mb"):
        package(large, limits=FileLimits(total_mb=2))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.WorkbookMissing, match=r"none\.xlsx.*was not found"):
        Package.open(tmp_path / "none.xlsx")
    with pytest.raises(errors.IsAFolder, match="is a folder"):
        Package.open(tmp_path)
