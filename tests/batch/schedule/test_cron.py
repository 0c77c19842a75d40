"""A line in the crontab; checked by cron's own reader, and run by a real shell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from batch.schedule.computer import Computer
from batch.schedule.cron import Cron
from batch.schedule.errors import NoToolError, OddNameError, RefusedError, TooLongError
from batch.schedule.job import Job
from tests.batch.schedule.computers import HOSTILE, Programs, computer, job
from tests.surroundings import missing

HERS = "MAILTO=vera\n# my own\n5 4 * * * backup # clientbase-nightly-not\n\n"


def cron(programs: Programs | None = None) -> Cron:
    return Cron(computer(Path("/home/vera"), "linux", programs or Programs()))


def test_the_line_runs_the_program_every_day() -> None:
    (piece,) = cron().pieces(job("it's 100%.xlsx"))
    assert piece.path is None
    assert piece.text == (
        "10 2 * * * cd '/opt/Client base/lib' && '/opt/Client base/python' -m batch nightly "
        "'it'\"'\"'s 100\\%.xlsx' # clientbase-nightly\n"
    )


def test_cron_itself_takes_the_line(tmp_path: Path) -> None:
    program = shutil.which("crontab")
    if program is None:
        missing("crontab")
    path = tmp_path / "crontab"
    for names in (HOSTILE[:9], HOSTILE[9:]):
        path.write_text(HERS + cron().pieces(job(*names))[0].text, encoding="utf-8")
        done = subprocess.run([str(program), "-n", str(path)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    path.write_text("10 25 * * * true\n")
    done = subprocess.run([str(program), "-n", str(path)], capture_output=True, check=False)
    assert done.returncode != 0


def test_the_shell_hands_every_word_over_as_it_is(tmp_path: Path) -> None:
    shows = "import json, os, sys; print(json.dumps([os.getcwd(), sys.argv[1:]]))"
    folder = tmp_path / 'it\'s 50% "here"'
    folder.mkdir()
    command = (sys.executable, "-c", shows, *HOSTILE)
    line = cron().pieces(Job(command, folder, job().first))[0].text
    as_cron_does = line.split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", as_cron_does], capture_output=True, check=True)
    assert json.loads(done.stdout) == [str(folder), list(HOSTILE)]


def test_setting_it_up_twice_replaces_the_line_and_removing_leaves_hers() -> None:
    programs = Programs(crontab=HERS)
    system = cron(programs)
    assert system.installed() == []
    system.install(job("one.xlsx"))
    system.install(job("two.xlsx"))
    assert programs.crontab == HERS + system.pieces(job("two.xlsx"))[0].text
    assert system.installed() == system.pieces(job("two.xlsx"))
    system.remove()
    assert programs.crontab == HERS


def test_a_crontab_of_nothing_else_goes_with_the_line() -> None:
    programs = Programs()
    cron(programs).install(job())
    cron(programs).remove()
    assert programs.crontab is None
    assert programs.asked[-1] == ("crontab", "-r")


@pytest.mark.parametrize("failing", ["-l", "crontab -"])
def test_where_cron_refuses_it_is_told_and_nothing_is_written(failing: str) -> None:
    programs = Programs(crontab=HERS, failing=(failing,))
    with pytest.raises(RefusedError, match=r"cron refused \(Access is denied\.\)"):
        cron(programs).install(job())
    assert programs.crontab == HERS


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("", "exit code 1"),
        ("can't open your crontab: no space", "can't open your crontab: no space"),
        ("no crontabs are allowed here", "no crontabs are allowed here"),
    ],
)
def test_a_crontab_that_cannot_be_read_is_never_taken_for_an_empty_one(
    refusal: str, words: str
) -> None:
    programs = Programs(crontab=HERS, failing=("-l",), refusal=refusal)
    with pytest.raises(RefusedError, match=re.escape(f"cron refused ({words})")):
        cron(programs).install(job())
    with pytest.raises(RefusedError, match=re.escape(f"cron refused ({words})")):
        cron(programs).remove()
    assert programs.crontab == HERS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no cron")
def test_other_lines_stay_to_the_byte_whatever_they_are_written_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = "# мои копии\n5 4 * * * cp -r /data/клиенты /mnt\n".encode("cp1251") + b"# \x00\xff\r\n"
    table, program = tmp_path / "table", tmp_path / "crontab"
    table.write_bytes(hers)
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then cat "{table}"; else cat > "{table}"; fi\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    system = Cron(Computer.here())
    system.install(job("one.xlsx"))
    assert table.read_bytes() == hers + system.pieces(job("one.xlsx"))[0].text.encode()
    system.remove()
    assert table.read_bytes() == hers


def test_without_cron_it_is_told() -> None:
    programs = Programs(missing=frozenset({"crontab"}))
    with pytest.raises(NoToolError, match="'crontab' isn't on this computer"):
        cron(programs).install(job())
    assert cron(programs).installed() == []


def test_a_backslash_is_refused_since_crons_disagree_on_it() -> None:
    with pytest.raises(OddNameError, match=r"because of '\\' in it"):
        cron().pieces(job("a\\b.xlsx"))


@pytest.mark.parametrize(("length", "fits"), [(390, True), (480, False)])
def test_a_line_that_cron_would_cut_off_is_refused(length: int, fits: bool) -> None:
    name = "я" * length
    if fits:
        assert name in cron().pieces(job(name))[0].text
    else:
        with pytest.raises(TooLongError, match="Name the folder instead of its workbooks"):
            cron().pieces(job(name))
