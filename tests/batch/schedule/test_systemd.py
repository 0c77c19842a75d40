"""A systemd user timer; its units are checked by systemd itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from batch.schedule.errors import NoToolError, OddNameError, RefusedError
from batch.schedule.job import Job
from batch.schedule.systemd import Systemd
from tests.batch.schedule.computers import HOSTILE, Programs, computer, job
from tests.surroundings import missing


def systemd(home: Path, programs: Programs | None = None, **environment: str) -> Systemd:
    return Systemd(computer(home, "linux", programs or Programs(), **environment))


def runnable(folder: Path, *arguments: str) -> Job:
    """A job whose program is there: systemd looks for it."""
    program = folder / "my 100% python"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return Job((str(program), *arguments), folder, job().first)


def verified(folder: Path) -> str:
    """What `systemd-analyze verify` complains about in the units of a folder."""
    program = shutil.which("systemd-analyze")
    if program is None:
        missing("systemd-analyze")
    units = sorted(str(path) for path in folder.glob("*.timer"))
    done = subprocess.run(
        [str(program), "verify", "--user", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
        env={
            "SYSTEMD_UNIT_PATH": f"{folder}:",
            "XDG_RUNTIME_DIR": str(folder),
            "PATH": "/usr/bin:/bin",
        },
    )
    # It looks at the machine's own units, too.
    lines = done.stderr.splitlines()
    return "\n".join(line for line in lines if "clientbase-nightly" in line)


def test_systemd_itself_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    system = systemd(tmp_path)
    system.install(runnable(tmp_path, "nightly", *HOSTILE))
    assert verified(system.folder) == ""


def test_systemd_would_find_a_mistake(tmp_path: Path) -> None:
    system = systemd(tmp_path)
    system.install(runnable(tmp_path, "nightly"))
    service = system.folder / "clientbase-nightly.service"
    service.write_text(service.read_text().replace("ExecStart=:", "ExecStart=:relative/"))
    assert "clientbase-nightly.service" in verified(system.folder)


def test_the_units_run_the_program_every_day_and_make_up_for_a_missed_night(
    tmp_path: Path,
) -> None:
    service, timer = systemd(tmp_path).pieces(job("a b", '100% "x" \\ $HOME'))
    assert service.path == tmp_path / ".config/systemd/user/clientbase-nightly.service"
    assert (
        'ExecStart=:"/opt/Client base/python" "-m" "batch" "nightly" "a b" '
        '"100%% \\"x\\" \\\\ $HOME"\n' in service.text
    )
    assert "WorkingDirectory=/opt/Client base/lib\n" in service.text
    assert "OnCalendar=*-*-* 02:10:00\nPersistent=true\n" in timer.text
    assert "WantedBy=timers.target\n" in timer.text


def test_the_units_lie_where_the_user_keeps_her_settings(tmp_path: Path) -> None:
    assert systemd(tmp_path, XDG_CONFIG_HOME="/cfg").folder == Path("/cfg/systemd/user")
    assert systemd(tmp_path, XDG_CONFIG_HOME="cfg").folder == tmp_path / ".config/systemd/user"


def test_setting_it_up_twice_replaces_it_and_removing_leaves_what_is_not_ours(
    tmp_path: Path,
) -> None:
    programs = Programs()
    system = systemd(tmp_path, programs)
    assert system.installed() == []
    system.install(job("one.xlsx"))
    (system.folder / "other.timer").write_text("[Timer]")
    system.install(job("two.xlsx"))
    assert [piece.text for piece in system.installed()] == [
        piece.text for piece in system.pieces(job("two.xlsx"))
    ]
    assert programs.asked[-3:] == [
        ("systemctl", "--user", "daemon-reload"),
        ("systemctl", "--user", "enable", "clientbase-nightly.timer"),
        ("systemctl", "--user", "restart", "clientbase-nightly.timer"),
    ]
    system.remove()
    assert ("systemctl", "--user", "disable", "--now", "clientbase-nightly.timer") in programs.asked
    assert [path.name for path in system.folder.iterdir()] == ["other.timer"]


@pytest.mark.parametrize("before", [False, True])
def test_where_systemd_refuses_everything_is_as_it_was(tmp_path: Path, before: bool) -> None:
    if before:
        systemd(tmp_path).install(job("old.xlsx"))
    system = systemd(tmp_path, Programs(failing=("enable",)))
    with pytest.raises(RefusedError, match=r"a systemd user timer refused \(Access is denied\.\)"):
        system.install(job("new.xlsx"))
    assert ["old.xlsx" in piece.text for piece in system.installed()] == [True, False] * before


def test_without_systemd_nothing_is_written(tmp_path: Path) -> None:
    system = systemd(tmp_path, Programs(missing=frozenset({"systemctl"})))
    with pytest.raises(NoToolError, match="'systemctl' isn't on this computer"):
        system.install(job())
    assert list(tmp_path.iterdir()) == []


def test_where_the_folder_cannot_be_made_it_is_told(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file")
    with pytest.raises(RefusedError):
        systemd(tmp_path).install(job())


@pytest.mark.parametrize(("name", "found"), [("a\nb", "U\\+000A"), ("\udcff", "U\\+DCFF")])
def test_names_that_no_definition_can_hold_are_refused(
    tmp_path: Path, name: str, found: str
) -> None:
    with pytest.raises(OddNameError, match=f"because of {found} in it"):
        systemd(tmp_path).pieces(job(name))
