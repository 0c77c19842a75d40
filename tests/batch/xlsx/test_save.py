"""The workbook is replaced in one step, or left exactly as it was."""

import datetime as dt
import os
import sys
from pathlib import Path

import pytest

from batch.xlsx import errors, save
from batch.xlsx.package import Package
from batch.xlsx.refs import parse_address
from tests.batch.xlsx import parts as made

SHEET = "xl/worksheets/sheet1.xml"
OLD = made.sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
NEW = OLD.replace("<v>1</v>", "<v>2</v>").encode()
NOW = dt.datetime(2026, 3, 8, 9, 30)  # noqa: DTZ001


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made.written(tmp_path, made.parts(OLD), "База клиентов.xlsx")


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_the_workbook_is_replaced_and_the_former_version_kept(path: Path) -> None:
    before = path.read_bytes()
    path.chmod(0o640)
    backup = save.save(Package.open(path), {SHEET: NEW}, now=NOW)
    assert Package.open(path).read(SHEET) == NEW
    assert backup == path.parent / ".clientbase" / "База клиентов 2026-03-08 09.30.00.xlsx"
    assert backup.read_bytes() == before
    assert names(path.parent) == [".clientbase", path.name]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640


def test_nothing_to_write_touches_nothing(path: Path) -> None:
    before, content = path.stat(), path.read_bytes()
    assert save.save(Package.open(path), {}, now=NOW) is None
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert path.read_bytes() == content
    assert names(path.parent) == [path.name]


def test_another_target_leaves_the_workbook_alone(path: Path) -> None:
    before = path.read_bytes()
    target = path.with_name("copy.xlsx")
    assert save.save(Package.open(path), {SHEET: NEW}, target, now=NOW) is None
    assert path.read_bytes() == before
    assert Package.open(target).read(SHEET) == NEW
    assert save.save(Package.open(path), {}, target, now=NOW) is not None
    assert target.read_bytes() == before
    with pytest.raises(errors.WrongExtension, match=r"\.xlsx workbook"):
        save.save(Package.open(path), {}, path.with_name("copy.xlsm"), now=NOW)


def test_the_newest_backups_the_first_one_and_other_files_stay(path: Path) -> None:
    folder = path.parent / ".clientbase"
    folder.mkdir()
    (folder / "hers.xlsx").write_text("hers")
    (folder / f"{path.stem} notes.xlsx").write_text("hers")
    for day in range(1, 18):
        data = OLD.replace("<v>1</v>", f"<v>{day}</v>").encode()
        if day > 1:
            save.save(Package.open(path), {SHEET: data}, now=NOW.replace(day=day), backups=14)
    kept = [one for one in names(folder) if "2026-" in one]
    days = [2, *range(4, 18)]
    assert kept == [f"{path.stem} 2026-03-{day:02} 09.30.00.xlsx" for day in days]
    assert {"hers.xlsx", f"{path.stem} notes.xlsx"} <= set(names(folder))
    again = save.save(Package.open(path), {SHEET: NEW}, now=NOW.replace(day=17), backups=14)
    assert again is not None
    assert again.name == f"{path.stem} 2026-03-17 09.30.00 (2).xlsx"
    assert again.exists()


def test_what_a_killed_run_left_behind_is_cleared_away(path: Path) -> None:
    old, other, own = (path.with_name(f".clientbase-{n}.xlsx") for n in (1, 2, os.getpid()))
    for leftover in (old, other, own):
        leftover.write_bytes(b"half")
    os.utime(old, (0, 0))
    save.save(Package.open(path), {SHEET: NEW}, now=NOW)
    assert names(path.parent) == [".clientbase", ".clientbase-2.xlsx", path.name]
    assert Package.open(path).read(SHEET) == NEW


def failing(path: Path, kind: type[Exception], words: str, **options: object) -> None:
    """A save that fails, and leaves the workbook and its folder as they were."""
    before, files = path.read_bytes(), names(path.parent)
    package = Package.open(path)
    with pytest.raises(kind, match=words):
        save.save(package, {SHEET: NEW}, now=NOW, **options)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert names(path.parent) == files


def test_a_failed_check_leaves_everything_as_it_was(path: Path) -> None:
    def verify(written: Path) -> None:
        assert written.parent == path.parent
        save.read_back(written, "Clients", [(1, 1, 3.0)])

    failing(path, errors.NotVerified, r"cell A1 holds 2\.0 instead of 3\.0", verify=verify)


def test_parts_that_are_no_xml_are_not_saved(path: Path) -> None:
    with pytest.raises(errors.NotVerified, match="well-formed"):
        save.save(Package.open(path), {SHEET: b"<worksheet><a></worksheet>"}, now=NOW)
    undeclared = OLD.replace("<v>1</v>", "<v>1</v><x:y/>").encode()
    with pytest.raises(errors.NotVerified, match="prefix x on y is not defined, line 1"):
        save.save(Package.open(path), {SHEET: undeclared}, now=NOW)
    assert names(path.parent) == [path.name]


def test_a_full_disk_leaves_everything_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    failing(path, OSError, "No space left")


def test_a_workbook_changed_meanwhile_is_not_overwritten(path: Path) -> None:
    package = Package.open(path)
    hers = made.zipped(made.parts(OLD.replace("<v>1</v>", "<v>99</v>")))
    path.write_bytes(hers)
    with pytest.raises(errors.FileInUse, match="was changed by another program"):
        save.save(package, {SHEET: NEW}, now=NOW)
    assert path.read_bytes() == hers
    assert names(path.parent) == [path.name]

    def verify(_written: Path) -> None:
        path.unlink()

    fresh = Package.open(path)
    with pytest.raises(errors.FileInUse, match="moved or deleted"):
        save.save(fresh, {SHEET: NEW}, now=NOW, verify=verify)
    assert names(path.parent) == []


def excel_owner(name: str) -> bytes:
    narrow = name.encode("latin-1", "replace")
    wide = name.encode("utf-16-le")
    return bytes([len(narrow)]) + narrow.ljust(54) + bytes([len(name), 0]) + wide.ljust(108, b" ")


OWNERS = [
    ("~$База клиентов.xlsx", excel_owner("Анна"), "is open in Excel by Анна"),
    ("~$База клиентов.xlsx", excel_owner("Anna P"), r"is open in Excel by Anna P\. .*delete '~\$База"),
    ("~$База клиентов.xlsx", b"", r"is open in Excel\. Close it"),
    ("~$База клиентов.xlsx", b"\x04Anna", "is open in Excel by Anna"),
    (".~lock.База клиентов.xlsx#", "Анна Петрова,anna,pc,08.03.2026 09:00,file:///x;".encode(), "is open in LibreOffice by Анна Петрова"),
    (".~lock.База клиентов.xlsx#", b",anna,pc,08.03.2026 09:00,file:///x;", "is open in LibreOffice by anna"),
    (".~lock.База клиентов.xlsx#", b"", r"is open in LibreOffice\. Close"),
]  # fmt: skip


@pytest.mark.parametrize(("lock", "content", "words"), OWNERS)
def test_an_open_workbook_is_left_alone_and_its_holder_named(
    path: Path, lock: str, content: bytes, words: str
) -> None:
    (path.parent / lock).write_bytes(content)
    failing(path, errors.FileInUse, words)


def test_a_file_that_others_lock_is_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "locked")

    package = Package.open(path)
    with monkeypatch.context() as patched:
        patched.setattr(save, "_backup", lambda *_args: None)
        patched.setattr(Path, "replace", locked)
        with pytest.raises(errors.FileInUse, match="write-protected or open in another program"):
            save.save(package, {SHEET: NEW}, now=NOW)
        patched.setattr(Path, "read_bytes", locked)
        with pytest.raises(errors.FileInUse, match="can't be opened"):
            Package.open(path)
    assert Package.open(path).content == package.content


def cells(values: dict[str, object]) -> list[tuple[int, int, object]]:
    return [(*parse_address(cell), value) for cell, value in values.items()]


def test_read_back_compares_values_with_another_reader(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="C3" s="1"><v>45351</v></c><c r="D3" t="str"><v>a</v></c>'
        '<c r="E3"><v>0.30000000000000004</v></c><c r="F3" s="1"><v>45351.25</v></c></row>'
    )
    path = made.written(tmp_path, made.parts(made.sheet(rows)))
    good: dict[str, object] = {
        "C3": dt.date(2024, 2, 29), "D3": "a", "E3": 0.1 + 0.2, "F3": dt.datetime(2024, 2, 29, 6),  # noqa: DTZ001
        "A1": None, "Z99": None,
    }  # fmt: skip
    save.read_back(path, "Clients", cells(good))
    for cell, wrong in (
        ("C3", dt.date(2024, 3, 1)),
        ("D3", None),
        ("E3", 0.3),
        ("A1", "x"),
        ("E3", "0.3"),
    ):
        with pytest.raises(errors.NotVerified, match=f"cell {cell} holds"):
            save.read_back(path, "Clients", cells({**good, cell: wrong}))
    with pytest.raises(errors.NotVerified, match="another reader"):
        save.read_back(path, "Nowhere", cells(good))
