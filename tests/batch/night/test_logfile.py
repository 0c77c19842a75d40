"""The log of the nights."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from batch.night import logfile
from batch.night.logfile import opened
from batch.saving.ours import NotOurs

NIGHT = "--- 2026-11-21 02:00:00\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such rights")


@pytest.fixture(autouse=True)
def usual_rights() -> Iterator[None]:
    """New files can be read by everybody, unless somebody takes care."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def add(path: Path, text: str) -> str:
    """What stands in the log once *text* was added."""
    with opened(path) as log:
        log.write(text)
    return path.read_text("utf-8")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_new_log_is_for_its_owner_alone_before_anything_stands_in_it(tmp_path: Path) -> None:
    with opened(tmp_path / "logs" / "night.log"):
        assert rights(tmp_path / "logs" / "night.log") == 0o600


@posix
@pytest.mark.parametrize("content", [NIGHT, "--- …\n", ""])
def test_one_that_others_can_read_becomes_private(tmp_path: Path, content: str) -> None:
    path = tmp_path / "night.log"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o644)
    assert add(path, "more") == f"{content}more"
    assert rights(path) == 0o600


@pytest.mark.parametrize("content", ["hers\n", "--- a/file.py\n", "mine\n" * 1000])
def test_a_file_that_is_no_such_log_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setattr(logfile, "_MOST_BYTES", 1000)
    path = tmp_path / "night.log"
    path.write_text(content)
    path.chmod(0o644)
    with pytest.raises(NotOurs, match=r"'night\.log' in the folder .* holds something else, where"):
        opened(path)
    assert path.read_text() == content
    assert rights(path) == 0o644 or sys.platform == "win32"


def test_of_a_long_log_the_newer_half_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logfile, "_MOST_BYTES", 1000)
    path = tmp_path / "night.log"
    lines = [f"{number:09}\n" for number in range(200)]
    path.write_text(NIGHT + "".join(lines), encoding="utf-8")
    # of 24 + 200 * 10 signs the newer 1012 are 101 whole lines and a part of one
    assert add(path, "more") == "--- …\n" + "".join(lines[-101:]) + "more"
    assert [one.name for one in tmp_path.iterdir()] == ["night.log"]
    assert rights(path) == 0o600 or sys.platform == "win32"
    # and then of 8 + 101 * 10 + 4, it being such a log still, the newer 511
    assert add(path, "") == "--- …\n" + "".join(lines[-50:]) + "more"


@pytest.mark.parametrize(("size", "is_cut"), [(1000, False), (1001, True)])
def test_it_is_cut_when_it_is_longer_than_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, is_cut: bool
) -> None:
    monkeypatch.setattr(logfile, "_MOST_BYTES", 1000)
    path = tmp_path / "night.log"
    path.write_bytes(NIGHT.encode().ljust(size - 1, b"x") + b"\n")
    assert add(path, "").startswith("--- …") is is_cut


@posix
@pytest.mark.parametrize("content", [NIGHT + "old\n" * 10, None], ids=["a log", "nothing"])
def test_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setattr(logfile, "_MOST_BYTES", 10)
    real = tmp_path / "real.log"
    if content is not None:
        real.write_text(content)
    (tmp_path / "night.log").symlink_to(real)
    with pytest.raises(NotOurs, match=r"'night\.log' in the folder .* is a link, where"):
        opened(tmp_path / "night.log")
    assert (tmp_path / "night.log").is_symlink()
    assert (real.read_text() if real.exists() else None) == content


@posix
def test_what_is_no_file_takes_the_lines_too() -> None:
    with opened(Path(os.devnull)) as log:
        log.write("more")
    assert rights(Path(os.devnull)) & 0o022


def test_half_a_sign_ends_no_night(tmp_path: Path) -> None:
    assert add(tmp_path / "night.log", "\ud800") == "?"
