"""No receipt stays of a run that didn't happen, and no version is lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from batch.configuration import Rules
from batch.errors import FileInUse, TooLarge
from batch.history import receipts, versions
from batch.recalculation.file import recalculate_file
from batch.saving import disk, inuse, replacement
from batch.xlsx.package import Package
from tests.bases import config
from tests.batch.simple_workbook import TODAY, write

RULES = Rules(config(), Path("config.yaml"))
NARROW = Rules(config("limits: {parts: 5}"), Path("config.yaml"))


def killed_before_the_replace(path: Path) -> None:
    """A run that ends in the moment in which the workbook should be replaced."""
    child = os.fork()
    if not child:
        monkeypatched = pytest.MonkeyPatch()
        monkeypatched.setattr(disk, "replace", lambda new, goal: _kill(new, goal, path))
        recalculate_file(path, RULES, TODAY)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(receipts.receipts(path)) == 1


def _kill(new: Path, goal: Path, path: Path) -> None:
    if goal == path:
        os._exit(9)
    new.replace(goal)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't fork")
def test_the_receipt_of_a_killed_run_goes_even_when_the_next_run_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "base.xlsx")
    killed_before_the_replace(path)
    with pytest.raises(TooLarge):
        recalculate_file(path, NARROW, TODAY)
    assert receipts.receipts(path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't fork")
def test_the_receipt_of_a_killed_run_goes_when_a_copy_is_written_over_the_workbook(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "base.xlsx")
    killed_before_the_replace(path)
    recalculate_file(write(tmp_path / "other.xlsx"), RULES, TODAY, output=path)
    assert receipts.receipts(path) == []


def test_a_workbook_that_is_moved_away_leaves_its_version_and_no_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "base.xlsx")
    before = path.read_bytes()
    check = inuse.check_unchanged

    def moved(package: Package) -> None:
        path.rename(path.with_name("elsewhere.xlsx"))
        check(package)

    monkeypatch.setattr(replacement, "check_unchanged", moved)
    with pytest.raises(FileInUse, match="was moved or deleted"):
        recalculate_file(path, RULES, TODAY)
    assert receipts.receipts(path) == []
    assert [one.path.read_bytes() for one in versions.versions(path)] == [before]
