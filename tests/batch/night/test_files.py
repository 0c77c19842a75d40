"""Which workbooks a run at night fills."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from batch import configuration
from batch.night.files import FoundBases
from batch.recalculation.file import recalculate_file
from tests.bases import on
from tests.batch.simple_workbook import write


def find(given: list[Path], config: Path | None, *, recursive: bool) -> FoundBases:
    return FoundBases(given, config, recursive=recursive).complete()


def names(found: FoundBases) -> list[str]:
    return [path.name for path in found.workbooks]


def other_workbook(path: Path) -> None:
    write(path, {"Clients": [], "Budget": [["a"]]})


def test_in_a_folder_the_client_bases_count_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "b.xlsx")
    write(tmp_path / "A.XLSM")
    for name in ("~$b.xlsx", ".hidden.xlsx"):
        write(tmp_path / name)
    other_workbook(tmp_path / "budget.xlsx")
    (tmp_path / "broken.xlsx").write_text("junk")
    (tmp_path / "notes.txt").write_text("notes")
    found = find([tmp_path], None, recursive=False)
    assert names(found) == ["A.XLSM", "b.xlsx"]
    assert [path.name for path in found.left] == ["broken.xlsx", "budget.xlsx"]
    assert found.empty == []


def test_folders_in_a_folder_count_only_if_that_is_asked_for_and_hidden_ones_never(
    tmp_path: Path,
) -> None:
    for folder in ("in", ".clientbase", "in/.hidden"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "base.xlsx")
    assert find([tmp_path], None, recursive=False).empty == [tmp_path]
    found = find([tmp_path], None, recursive=True)
    assert found.workbooks == [tmp_path / "in" / "base.xlsx"]


def test_a_workbook_counts_once_however_often_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "base.xlsx")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "base.xlsx")
    given = [Path("base.xlsx"), tmp_path, tmp_path / "link.xlsx", Path("../") / tmp_path.name]
    found = find(given, None, recursive=False)
    assert found.workbooks == [Path("base.xlsx")]
    assert found.left == []


def test_a_named_file_counts_whatever_it_is(tmp_path: Path) -> None:
    other_workbook(tmp_path / "budget.xlsx")
    found = find([tmp_path / "budget.xlsx", tmp_path / "gone.xlsx"], None, recursive=False)
    assert names(found) == ["budget.xlsx", "gone.xlsx"]


def test_sheets_count_by_the_rules_beside_the_workbook_or_those_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx", {"Clients": [], "Persons": [["ID", "Name"], ["1", "Anna"]]})
    assert names(find([tmp_path], None, recursive=False)) == []
    rules = tmp_path / "mine.yaml"
    rules.write_text("sheets: {clients: Persons}", encoding="utf-8")
    assert names(find([tmp_path], rules, recursive=False)) == ["base.xlsx"]
    rules.rename(tmp_path / "config.yaml")
    assert names(find([tmp_path], None, recursive=False)) == ["base.xlsx"]


def test_broken_rules_hide_no_client_base_so_that_its_run_can_tell(tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    other_workbook(tmp_path / "budget.xlsx")
    (tmp_path / "config.yaml").write_text("abc: 7", encoding="utf-8")
    assert names(find([tmp_path], None, recursive=False)) == ["base.xlsx"]


def test_a_damaged_workbook_is_no_stranger(tmp_path: Path) -> None:
    """What it held can't be told any more, so its run tells that it is damaged."""
    base = tmp_path / "base.xlsx"
    write(base)
    recalculate_file(base, configuration.read(configuration.shipped_path()), on("2026-11-21"))
    base.write_bytes(base.read_bytes()[:500])
    shutil.copy(base, tmp_path / "copy.xlsx")
    (tmp_path / "text.xlsx").write_text("no workbook at all")
    assert names(find([tmp_path], None, recursive=False)) == ["base.xlsx", "copy.xlsx"]


def test_links_that_lead_nowhere_hinder_nothing(tmp_path: Path) -> None:
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)
    write(tmp_path / "base.xlsx")
    found = find([loop, tmp_path], None, recursive=False)
    assert names(found) == ["loop.xlsx", "base.xlsx"]
    assert find([tmp_path], None, recursive=False).left == [loop]


def test_a_folder_that_cannot_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open", "open/shut"):
        (tmp_path / name).mkdir()
    write(tmp_path / "open" / "base.xlsx")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = find([tmp_path / "open", tmp_path / "open" / "shut"], None, recursive=True)
    assert names(found) == ["base.xlsx"]
    assert {path.name: error.errno for path, error in found.shut.items()} == {"shut": errno.EACCES}
    assert found.empty == []


def test_a_file_that_cannot_be_looked_at_is_passed_by_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "base.xlsx")
    write(tmp_path / "shut.xlsx")
    is_file = Path.is_file

    def refusing(path: Path) -> bool:
        if path.name == "shut.xlsx":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refusing)
    found = find([tmp_path], None, recursive=False)
    assert names(found) == ["base.xlsx"]
    assert found.left == [tmp_path / "shut.xlsx"]


@pytest.mark.parametrize(
    "copy",
    [
        "Base (1)", "Base(2)", "base (Anna's conflicted copy 2026-11-20)", "Base (case conflict)",
        "Base (конфликтующая копия, Анна 2026-11-20)", "Base [conflicted]", "Base - Copy",
        "Base - Copy (2)", "Base — копия", "Base - копия (3)", "Base copy 2", "Base копия",
        "Copy of Base", "Копия Base", "Base.sync-conflict-20261120-101010-ABCDEFG",
        "Base-DESKTOP-7A2K9", "Base (1) (1)",
    ],
)  # fmt: skip
def test_copies_beside_their_workbook_are_told_and_left_out(tmp_path: Path, copy: str) -> None:
    for name in ("Base.xlsx", f"{copy}.xlsx"):
        write(tmp_path / name)
    found = find([tmp_path], None, recursive=False)
    assert names(found) == ["Base.xlsx"]
    assert [path.stem for path in found.copies] == [copy]
    named = find([tmp_path / f"{copy}.xlsx", tmp_path], None, recursive=False)
    assert names(named) == [f"{copy}.xlsx", "Base.xlsx"]
    assert named.copies == []


@pytest.mark.parametrize("name", ["Base (2026)", "Base 2", "Base-Anna", "Base (Anna)", "Other (1)"])
def test_what_is_called_otherwise_is_no_copy(tmp_path: Path, name: str) -> None:
    for one in ("Base.xlsx", f"{name}.xlsx"):
        write(tmp_path / one)
    found = find([tmp_path], None, recursive=False)
    assert {path.stem for path in found.workbooks} == {"Base", name}
    assert found.copies == []


def test_the_first_workbook_is_there_before_the_others_are_looked_at(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write(tmp_path / name)
    found = FoundBases([tmp_path], None, recursive=False)
    for path in found:
        assert names(found) == [path.name]
        (tmp_path / "b.xlsx").unlink(missing_ok=True)
        break
    assert names(found.complete()) == ["a.xlsx"]
