"""The workbook is replaced in one step, or left exactly as it was."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from batch import errors
from batch.saving.readback import read_back
from batch.saving.replacement import NotSaved, save
from batch.xlsx.package import Package
from tests.batch.xlsx import parts as made

SHEET = "xl/worksheets/sheet1.xml"
OLD = made.sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
NEW = OLD.replace("<v>1</v>", "<v>2</v>").encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made.written(tmp_path, made.parts(OLD), "База клиентов.xlsx")


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_the_workbook_is_replaced_and_keeps_its_permissions(path: Path) -> None:
    path.chmod(0o640)
    save(Package.open(path), {SHEET: NEW})
    assert Package.open(path).read(SHEET) == NEW
    assert names(path.parent) == [path.name]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640


def test_another_target_leaves_the_workbook_alone(path: Path) -> None:
    before = path.read_bytes()
    target = path.with_name("copy.xlsx")
    save(Package.open(path), {SHEET: NEW}, target)
    assert path.read_bytes() == before
    assert Package.open(target).read(SHEET) == NEW
    save(Package.open(path), {}, target)
    assert target.read_bytes() == before
    with pytest.raises(errors.WrongExtension, match=r"\.xlsx workbook"):
        save(Package.open(path), {}, path.with_name("copy.xlsm"))


def test_what_is_kept_is_kept_before_the_workbook_is_replaced_and_told_of_a_failure(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    told: list[object] = []

    @contextlib.contextmanager
    def keeping(content: bytes) -> Iterator[None]:
        told.append(path.read_bytes() == before != content)
        try:
            yield
        except errors.FileInUse as error:
            told.append(type(error))
            raise
        told.append(path.read_bytes() == content)

    save(Package.open(path), {SHEET: NEW}, keeping=keeping)
    assert told == [True, True]
    path.write_bytes(before)

    def locked(*_args: object) -> None:
        raise PermissionError(13, "locked")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(errors.FileInUse, match="write-protected or open in another program"):
        save(Package.open(path), {SHEET: NEW}, keeping=keeping)
    assert told[2:] == [True, errors.FileInUse]
    assert path.read_bytes() == before
    assert names(path.parent) == [path.name]


def failing(path: Path, kind: type[Exception], words: str, **options: object) -> None:
    """A save that fails, and leaves the workbook and its folder as they were."""
    before, files = path.read_bytes(), names(path.parent)
    package = Package.open(path)
    with pytest.raises(kind, match=words):
        save(package, {SHEET: NEW}, **options)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert names(path.parent) == files


def test_a_failed_check_leaves_everything_as_it_was(path: Path) -> None:
    def verify(written: Path) -> None:
        assert written.parent == path.parent
        read_back(written, "Clients", [(1, 1, 3.0)])

    failing(path, errors.NotVerified, r"cell A1 holds 2\.0 instead of 3\.0", verify=verify)


def test_parts_that_are_no_xml_are_not_saved(path: Path) -> None:
    with pytest.raises(errors.NotVerified, match="well-formed"):
        save(Package.open(path), {SHEET: b"<worksheet><a></worksheet>"})
    undeclared = OLD.replace("<v>1</v>", "<v>1</v><x:y/>").encode()
    with pytest.raises(errors.NotVerified, match="prefix x on y is not defined, line 1"):
        save(Package.open(path), {SHEET: undeclared})
    assert names(path.parent) == [path.name]


FAULTS = [
    (28, "can't be saved: the disk is full. It is as it was"),
    (30, "can't be saved: the folder, or .clientbase in it, is write-protected"),
    (5, "can't be saved: the disk reports a fault"),
    (75, "can't be saved: Value too large"),
]


@pytest.mark.parametrize(("number", "words"), FAULTS)
def test_a_fault_of_the_disk_leaves_everything_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fault(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fault)
    failing(path, NotSaved, words)


def test_a_workbook_changed_meanwhile_is_not_overwritten(path: Path) -> None:
    package = Package.open(path)
    hers = made.zipped(made.parts(OLD.replace("<v>1</v>", "<v>99</v>")))
    path.write_bytes(hers)
    with pytest.raises(errors.FileInUse, match="was changed by another program"):
        save(package, {SHEET: NEW})
    assert path.read_bytes() == hers
    assert names(path.parent) == [path.name]

    def verify(_written: Path) -> None:
        path.unlink()

    fresh = Package.open(path)
    with pytest.raises(errors.FileInUse, match="moved or deleted"):
        save(fresh, {SHEET: NEW}, verify=verify)
    assert names(path.parent) == []
