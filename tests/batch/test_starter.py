"""The starter beside a base: what stands in it, that it starts, and that nothing else is touched."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from batch.errors import WorkbookMissing
from batch.installation import onpath, started, starter
from batch.installation.machine import Machine
from batch.saving.ours import NotOurs
from tests.batch.simple_workbook import write
from tests.command_line import Run
from words import speaking

SYSTEMS = ["win32", "darwin", "linux"]
NAMES = [
    "MyBase",
    "My  Base",
    "Моя база №1",
    "50% & more",
    "100%PATH%",
    "it's",
    "a$HOME`x`",
    "(1) ^!",
]
RUNS = ["-I", "-m", "batch.installation.started"]
DAY = ("--today", "2026-11-21")


def made(base: Path, platform: str, interpreter: str = sys.executable) -> Path:
    starter.make(base, platform, interpreter)
    return base.with_name(starter.name_of(base, platform))


def base_in(folder: Path, name: str = "MyBase") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder / f"{name}.xlsx")


@pytest.mark.parametrize("platform", SYSTEMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_starter_knows_its_base_whatever_that_is_called(
    tmp_path: Path, name: str, platform: str
) -> None:
    base = base_in(tmp_path / name, name)
    path = made(base, platform)
    assert starter.base_of(path) == base
    moved = (tmp_path / "elsewhere").with_suffix(path.suffix)
    path.rename(moved)
    assert starter.base_of(moved) == moved.with_name(base.name)


@pytest.mark.parametrize(
    ("platform", "in_english", "in_russian"),
    [
        ("win32", "Recalculate MyBase.cmd", "Пересчитать MyBase.cmd"),
        ("darwin", "Recalculate MyBase.command", "Пересчитать MyBase.command"),
        ("linux", "Recalculate MyBase.desktop", "Пересчитать MyBase.desktop"),
    ],
)
def test_it_is_called_in_her_language_and_there_is_one(
    tmp_path: Path, platform: str, in_english: str, in_russian: str
) -> None:
    base = base_in(tmp_path)
    assert starter.make(base, platform, "/python") == [f"Starter: written: {tmp_path / in_english}"]
    assert os.access(tmp_path / in_english, os.X_OK)
    with speaking("ru"):
        starter.make(base, platform, "/python")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["MyBase.xlsx", in_russian])


# What each system makes of it ------------------------------------------------------------------


def answering(folder: Path) -> Path:
    """A Python that only tells how it was started."""
    python = folder / "Мой 'Python' & 50% $HOME"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return python


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@pytest.mark.parametrize("name", NAMES)
def test_a_mac_starts_it_with_what_is_given(tmp_path: Path, name: str) -> None:
    path = made(base_in(tmp_path / name, name), "darwin", str(answering(tmp_path)))
    for dropped in ([], ["a b.xlsx", "it's $x.xlsx"]):
        done = subprocess.run([path, *dropped], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == [*RUNS, str(path), *dropped]


def executed(line: str, dropped: list[str]) -> list[str]:
    """A line Exec, read as the Desktop Entry Specification says it."""
    value = line.removeprefix("Exec=").replace(r"\\", "\0").replace("\0", "\\")
    words = re.findall(r'"((?:[^"\\`$]|\\["`$\\])*)"(?: |$)|([^\s"]+)(?: |$)', value)
    found = []
    for quoted, bare in words:
        if bare == "%F":
            found += dropped
        else:
            found.append(re.sub(r'\\(["`$\\])', r"\1", quoted or bare).replace("%%", "%"))
    return found


@pytest.mark.parametrize("name", [*NAMES, 'a"b', "a\\b"])
def test_a_linux_desktop_starts_it_with_what_is_dropped(tmp_path: Path, name: str) -> None:
    path = made(base_in(tmp_path / name, name), "linux", "/opt/my python")
    text = path.read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith("Exec="))
    assert executed(line, ["x y.xlsx"]) == ["/opt/my python", *RUNS, str(path), "x y.xlsx"]
    assert "\nTerminal=true\n" in text
    assert text.index("[Desktop Entry]") < text.index("Exec=")


def test_windows_reads_only_what_it_can(tmp_path: Path) -> None:
    python = r"C:\Users\Анна & 50%\venv\Scripts\python.exe"
    path = made(base_in(tmp_path, "Моя 100% база"), "win32", python)
    lines = path.read_bytes().split(b"\r\n")
    chosen, left = lines.index(b"chcp 65001 >nul"), lines.index(b"exit /b")
    assert all(line.isascii() for line in lines[: chosen + 1])
    (start,) = lines[chosen + 1 : left]
    assert start.decode() == f'"{python.replace("%", "%%")}" {" ".join(RUNS)} "%~f0" %*'
    assert [line.decode() for line in lines[left + 1 :]] == ["rem base: Моя 100% база.xlsx", ""]
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize("sign", ["\n", "\r", "\x07"])
def test_a_name_that_no_starter_can_hold_is_refused(tmp_path: Path, sign: str) -> None:
    base = base_in(tmp_path, f"a{sign}b")
    with pytest.raises(starter.OddBaseNameError, match=r"it has the sign U\+00"):
        starter.make(base, "linux", "/python")
    assert list(tmp_path.iterdir()) == [base]


# Nothing else is touched -------------------------------------------------------------------------


def test_an_earlier_starter_is_replaced_and_an_equal_one_left(tmp_path: Path) -> None:
    base = base_in(tmp_path)
    path = made(base, "darwin", "/old")
    assert starter.make(base, "darwin", "/new", dry_run=True) == [
        f"Starter: would be written: {path}"
    ]
    assert "/old" in path.read_text()
    made(base, "darwin", "/new")
    assert "/old" not in path.read_text()
    assert starter.make(base, "darwin", "/new") == [f"Starter: in place already: {path}"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    base = base_in(tmp_path)
    path = base.with_name(starter.name_of(base, "linux"))
    path.write_text("hers")
    with pytest.raises(NotOurs, match="holds something else"):
        starter.make(base, "linux", "/python")
    with pytest.raises(NotOurs, match="holds something else"):
        starter.remove(base, "linux")
    assert path.read_text() == "hers"
    path.unlink()
    (tmp_path / "other").write_bytes(starter.MARK)
    path.symlink_to(tmp_path / "other")
    with pytest.raises(NotOurs, match="is a link"):
        starter.make(base, "linux", "/python")
    assert (tmp_path / "other").read_bytes() == starter.MARK


@pytest.mark.parametrize("platform", SYSTEMS)
def test_it_is_taken_away_again(tmp_path: Path, platform: str) -> None:
    base = base_in(tmp_path)
    path = made(base, platform)
    assert starter.remove(base, platform, dry_run=True) == [f"Starter: would be removed: {path}"]
    assert starter.remove(base, platform) == [f"Starter: removed: {path}"]
    assert starter.remove(base, platform) == ["There is no starter beside MyBase.xlsx."]
    assert list(tmp_path.iterdir()) == [base]


def test_without_a_base_there_is_no_starter(tmp_path: Path) -> None:
    with pytest.raises(WorkbookMissing):
        starter.make(tmp_path / "gone.xlsx", "linux", "/python")
    assert not list(tmp_path.iterdir())


def test_setup_makes_one_in_the_language_of_the_base_and_takes_it_away(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", "linux")
    run("--language", "ru", "example", "База.xlsx", *DAY)
    assert "Ярлык: записано: Пересчитать База.desktop\n" in run("setup", "База.xlsx").out
    assert (tmp_path / "Пересчитать База.desktop").is_file()
    assert run("setup", "--remove", "База.xlsx").out == "Ярлык: удалено: Пересчитать База.desktop\n"
    assert run("setup", "gone.xlsx").code == 2
    more = (
        "For a starter beside your workbook, to be double-clicked: clientbase setup YourBase.xlsm"
    )
    assert more in run("--language", "en", "setup").out


# What it runs ------------------------------------------------------------------------------------


def ran(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["started", *arguments])
    with pytest.raises(SystemExit) as ended:
        started.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("name", NAMES)
def test_it_recalculates_its_base_or_what_was_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = made(base_in(tmp_path, name), "linux")
    other = base_in(tmp_path, "Other")
    assert ran(monkeypatch, str(path)) == 0
    assert f"Saved: {tmp_path / name}.xlsx\n" in capsys.readouterr().out
    assert ran(monkeypatch, str(path), str(other)) == 0
    told = capsys.readouterr().out
    assert f"Saved: {other}\n" in told
    assert f"{name}.xlsx" not in told


def test_its_window_stays_until_she_has_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(base_in(tmp_path), "linux")
    path.with_name("MyBase.xlsx").unlink()
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", asked.append)
    assert ran(monkeypatch, str(path)) == 2
    assert "'MyBase.xlsx' was not found" in capsys.readouterr().err
    assert asked == ["Press Enter to close this window."]
    path.unlink()
    assert ran(monkeypatch, str(path)) == 2
    assert "No such file or directory" in capsys.readouterr().err


# The command in a terminal -----------------------------------------------------------------------


def machine(folder: Path, platform: str, *path: Path) -> Machine:
    scripts = folder / "it's mine" / "bin"
    scripts.mkdir(parents=True)
    script = scripts / ("clientbase.exe" if platform == "win32" else "clientbase")
    script.touch()
    script.chmod(0o755)
    environment = {"PATH": os.pathsep.join(map(str, path))}
    python = str(scripts / "python")
    return Machine(platform, folder, environment, "utf-8", python, None, folder, "0.99.0")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_the_command_is_linked_where_she_keeps_programs(tmp_path: Path) -> None:
    own = tmp_path / ".local" / "bin"
    own.mkdir(parents=True)
    here = machine(tmp_path, "linux", own)
    link = own / "clientbase"
    told = f"The command clientbase: {{}}: {link}"
    assert onpath.put(here, dry_run=True) == [told.format("would be written")]
    assert onpath.put(here) == [told.format("written")]
    assert link.resolve() == (tmp_path / "it's mine" / "bin" / "clientbase")
    assert onpath.put(here) == []
    assert onpath.take_back(here) == [told.format("removed")]
    link.write_text("hers")
    told_line = onpath.put(here)[-1]
    assert onpath.take_back(here) == []
    assert link.read_text() == "hers"
    assert told_line.startswith("  echo ")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@pytest.mark.parametrize(("platform", "file"), [("linux", ".profile"), ("darwin", ".zprofile")])
def test_the_line_that_is_told_works_as_printed(tmp_path: Path, platform: str, file: str) -> None:
    told, line = onpath.put(machine(tmp_path, platform))
    assert told == "To type clientbase in any terminal, type this once, and open a new one:"
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run(["/bin/sh", "-c", line], check=True, env=home)
    script = f". {shlex.quote(str(tmp_path / file))}; command -v clientbase"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True, env=home)  # fmt: skip
    assert done.stdout == f"{tmp_path}/it's mine/bin/clientbase\n"


def test_on_windows_one_line_adds_the_folder_to_the_end_of_her_path(tmp_path: Path) -> None:
    _told, line = onpath.put(machine(tmp_path, "win32"))
    folder = str(tmp_path / "it's mine" / "bin").replace("'", "''")
    assert line == (
        "  powershell -Command \"[Environment]::SetEnvironmentVariable('Path', "
        f"[Environment]::GetEnvironmentVariable('Path', 'User') + ';{folder}', 'User')\""
    )
