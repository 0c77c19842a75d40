"""A launchd agent; its file is checked by Apple's format, read by two readers."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from batch.schedule.errors import NoToolError, RefusedError
from batch.schedule.launchd import Launchd
from tests.batch.schedule.computers import HOSTILE, Programs, computer, job
from tests.surroundings import missing

FILE = "Library/LaunchAgents/clientbase.nightly.plist"


def launchd(home: Path, programs: Programs | None = None) -> Launchd:
    return Launchd(computer(home, "darwin", programs or Programs()))


def test_the_agent_runs_the_program_every_day_with_its_very_words(tmp_path: Path) -> None:
    (piece,) = launchd(tmp_path).pieces(job(*HOSTILE))
    agent = plistlib.loads(piece.text.encode())
    assert piece.path == tmp_path / FILE
    assert agent == {
        "Label": "clientbase.nightly",
        "ProgramArguments": [*job().command, *HOSTILE],
        "WorkingDirectory": "/opt/Client base/lib",
        "StartCalendarInterval": {"Hour": 2, "Minute": 10},
        "ProcessType": "Background",
    }


def test_an_independent_reader_of_property_lists_takes_the_agent(tmp_path: Path) -> None:
    (piece,) = launchd(tmp_path).pieces(job(*HOSTILE))
    path, out = tmp_path / "agent.plist", tmp_path / "agent.out"
    path.write_text(piece.text, encoding="utf-8")
    if shutil.which("plutil"):
        subprocess.run(["plutil", "-lint", str(path)], check=True, capture_output=True)
        return
    if shutil.which("plistutil") is None:
        missing("plutil (macOS) or plistutil (libplist-utils)")
    command = ["plistutil", "-i", str(path), "-f", "bin", "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    assert plistlib.loads(out.read_bytes()) == plistlib.loads(path.read_bytes())


def test_setting_it_up_twice_replaces_it_and_removing_leaves_what_is_not_ours(
    tmp_path: Path,
) -> None:
    programs = Programs()
    system = launchd(tmp_path, programs)
    assert system.installed() == []
    system.install(job("one.xlsx"))
    other = tmp_path / "Library/LaunchAgents/other.plist"
    other.write_text("<plist/>")
    system.install(job("two.xlsx"))
    (piece,) = system.installed()
    assert "two.xlsx" in piece.text
    assert programs.asked[-2:] == [
        ("launchctl", "bootout", "gui/501/clientbase.nightly"),
        ("launchctl", "bootstrap", "gui/501", str(tmp_path / FILE)),
    ]
    system.remove()
    assert programs.asked[-1] == ("launchctl", "bootout", "gui/501/clientbase.nightly")
    assert list(other.parent.iterdir()) == [other]


@pytest.mark.parametrize("before", [False, True])
def test_where_launchd_refuses_everything_is_as_it_was(tmp_path: Path, before: bool) -> None:
    if before:
        launchd(tmp_path).install(job("old.xlsx"))
    system = launchd(tmp_path, Programs(failing=("bootstrap",)))
    with pytest.raises(RefusedError, match=r"a launchd agent refused \(Access is denied\.\)"):
        system.install(job("new.xlsx"))
    assert ["old.xlsx" in piece.text for piece in system.installed()] == [True] * before


def test_elsewhere_than_on_a_mac_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NoToolError, match="'launchctl' isn't on this computer"):
        launchd(tmp_path, Programs(missing=frozenset({"launchctl"}))).install(job())
    assert list(tmp_path.iterdir()) == []
