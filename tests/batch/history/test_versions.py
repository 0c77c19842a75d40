"""Which former versions of a workbook are kept, and which go."""

import datetime as dt
import sys
from pathlib import Path

import pytest

from batch.history import versions
from batch.saving import disk
from batch.saving.ours import NotOurs
from rules.config.settings import Backups

NOW = dt.datetime(2026, 3, 8, 9, 30)  # noqa: DTZ001
DAILY = [f"2026-{month:02}-{day:02} 03.00.00" for month in (1, 2, 3) for day in range(1, 29)]


def known(moments: list[str]) -> list[versions.KeptVersion]:
    return [
        versions.KeptVersion(moment, 1, Path(moment)) for moment in sorted(moments, reverse=True)
    ]


def gone(moments: list[str], newest: int, *, monthly: bool) -> list[str]:
    backups = Backups(newest=newest, monthly=monthly, receipts_mb=1)
    return [one.moment for one in reversed(versions.outdated(known(moments), backups))]


def test_the_newest_stay_and_one_a_month_and_the_very_first() -> None:
    left = [one for one in DAILY if one not in gone(DAILY, 14, monthly=True)]
    first, january, february = DAILY[0], DAILY[27], DAILY[55]
    assert left == [first, january, february, *DAILY[-14:]]


def test_without_one_a_month_the_newest_stay_and_the_very_first() -> None:
    left = [one for one in DAILY if one not in gone(DAILY, 3, monthly=False)]
    assert left == [DAILY[0], *DAILY[-3:]]


@pytest.mark.parametrize("count", [1, 13, 14])
def test_nothing_goes_while_there_are_no_more_than_may_stay(count: int) -> None:
    assert gone(DAILY[:count], 14, monthly=False) == []


def test_the_one_beyond_goes_but_never_the_first() -> None:
    assert gone(DAILY[:15], 14, monthly=False) == []
    assert gone(DAILY[:16], 14, monthly=False) == [DAILY[1]]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "База (1).xlsx"
    path.write_bytes(b"now")
    return path


def keep(workbook: Path, content: bytes, now: dt.datetime = NOW) -> Path:
    return versions.keep(workbook, content, now, workbook.stat())


def test_a_version_bears_the_moment_in_its_name_and_holds_the_bytes(workbook: Path) -> None:
    path = keep(workbook, b"before")
    assert path == workbook.parent / ".clientbase" / "База (1) 2026-03-08 09.30.00.xlsx"
    assert path.read_bytes() == b"before"
    assert keep(workbook, b"later").name == "База (1) 2026-03-08 09.30.00 (2).xlsx"
    assert [one.path.read_bytes() for one in versions.versions(workbook)] == [b"later", b"before"]


def test_the_same_content_isnt_kept_twice(workbook: Path) -> None:
    first = keep(workbook, b"same")
    assert keep(workbook, b"same", NOW.replace(day=9)) == first
    keep(workbook, b"other", NOW.replace(day=10))
    assert keep(workbook, b"same", NOW.replace(day=11)) == first
    assert len(versions.versions(workbook)) == 2


def test_the_version_just_made_stays_though_the_clock_was_put_back(workbook: Path) -> None:
    keep(workbook, b"first", NOW.replace(day=1))
    keep(workbook, b"later", NOW.replace(day=9))
    made = keep(workbook, b"now", NOW.replace(day=5))
    versions.thin_out(workbook, Backups(newest=1, monthly=False, receipts_mb=1), made)
    assert made.exists()


def test_other_files_in_the_folder_are_nobodys_versions(workbook: Path) -> None:
    mine = keep(workbook, b"mine")
    folder = disk.history_folder(workbook)
    for name in (
        "База (1) notes.xlsx",
        "База (1) 2026-03-08 09.30.00.xlsm",
        "База 2026-03-08 09.30.00.xlsx",
        "База (1) 2026-03-08 09.30.00 (x).xlsx",
        "База (1) 2026-03-08 09.30.00 (2) .xlsx",
    ):
        (folder / name).write_bytes(b"hers")
    assert [one.path for one in versions.versions(workbook)] == [mine]
    versions.thin_out(workbook, Backups(newest=1, monthly=False, receipts_mb=1))
    assert len(list(folder.iterdir())) == 6


def test_versions_beyond_those_that_stay_are_deleted(workbook: Path) -> None:
    kept = [keep(workbook, bytes([day]), NOW.replace(day=day)) for day in range(1, 20)]
    versions.thin_out(workbook, Backups(newest=2, monthly=True, receipts_mb=1))
    assert [one.path for one in versions.versions(workbook)] == [kept[18], kept[17], kept[0]]


def test_the_very_first_stays_though_the_clock_was_put_back(workbook: Path) -> None:
    first = keep(workbook, b"first", NOW)
    for hour in range(8):
        made = keep(workbook, bytes([hour]), NOW.replace(hour=hour))
        versions.thin_out(workbook, Backups(newest=2, monthly=False, receipts_mb=1), made)
    assert [one.path.read_bytes() for one in versions.versions(workbook)] == [
        b"\7",
        b"\6",
        b"first",
    ]
    assert first.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders on Windows have no such modes")
def test_a_link_in_the_place_of_the_folder_is_refused_and_its_target_stays(workbook: Path) -> None:
    documents = workbook.parent / "documents"
    documents.mkdir(0o755)
    documents.chmod(0o755)
    disk.history_folder(workbook).symlink_to(documents)
    with pytest.raises(NotOurs, match=r"'\.clientbase' in the folder '.*' is a link, where this"):
        keep(workbook, b"before")
    assert documents.stat().st_mode & 0o777 == 0o755
    assert list(documents.iterdir()) == []
