"""Commands that she is told to type work as they are printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from batch.installation import typed
from tests.surroundings import ROOT

NAMES = [
    "Base.xlsx",
    "My Base.xlsx",
    "Моя база.xlsx",
    "it's.xlsx",
    "50% & more.xlsx",
    "a$HOME`x`.xlsx",
]
MENTIONED = {
    "'clientbase import' reads lists of all kinds.": "a command is named, none is to be typed",
    "A plan of clientbase import.": "so the file begins; what to type stands at its end",
    "Close this file, then run: clientbase recalc {file}": "on a sheet, which another computer may open",
    "Excel starts {interpreter}; clientbase runs here": "the program is named",
    "Fill the grey columns of every workbook FILE.": "the help of the command",
    "Install Python from www.python.org": "of a program that isn't installed yet",
    "Install this program in a folder such as {folder}": "of a program that isn't installed yet",
    "Nothing to take back: clientbase setup hasn't been run here.": "a command is named",
    "Python was called but didn't answer.": "in a workbook, with the path of the program",
    "Rows of hers that don't count": "a command is named",
    "The command clientbase": "the program is named",
    "The program made a mistake.": "a command is named",
    "The xlwings add-in isn't loaded in Excel.": "in a workbook, with the path of the program",
    "There is no Excel for this system, so there is nothing to set up.": "a command is named",
    "To type clientbase in any terminal": "the program is named",
    "clientbase failed; click Recalculate": "the program is named",
    "a password doesn't belong into this file": "rules don't know how they are read",
    "the folder, or .clientbase in it": "a folder",
    "… and {count} more; clientbase check lists all of them": "on a sheet",
}
"""Sentences that name the program without the words that call it here, and why they may."""


def sentences() -> list[str]:
    with (ROOT / "words" / "ru.po").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    return [text for one in ids for text in ((one,) if isinstance(one, str) else one)]


def test_every_sentence_that_calls_the_program_takes_the_call_from_one_place() -> None:
    calls = re.compile(r"clientbase(?= |$)")
    found = [one for one in sentences() if calls.search(one)]
    left = [one for one in found if not one.startswith(tuple(MENTIONED))]
    assert left == []
    assert [start for start in MENTIONED if not any(one.startswith(start) for one in found)] == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@pytest.mark.parametrize("name", NAMES)
def test_a_shell_reads_the_words_that_were_meant(name: str) -> None:
    line = typed.command("check", Path(name), "--config", "my rules.yaml")
    assert shlex.split(line) == ["clientbase", "check", name, "--config", "my rules.yaml"]
    done = subprocess.run(["/bin/sh", "-c", f"printf '%s\\n' {line}"], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.splitlines() == ["clientbase", "check", name, "--config", "my rules.yaml"]


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("Base.xlsx", "Base.xlsx"),
        (r"C:\Bases\Base.xlsx", r"C:\Bases\Base.xlsx"),
        (r"C:\My Bases\База.xlsx", r'"C:\My Bases\База.xlsx"'),
        ("a&b.xlsx", '"a&b.xlsx"'),
        ("(1),b.xlsx", '"(1),b.xlsx"'),
    ],
)
def test_windows_is_given_quotes_where_they_are_needed(
    monkeypatch: pytest.MonkeyPatch, word: str, shown: str
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert typed.quoted(word) == shown


def test_a_program_that_terminals_do_not_know_is_called_by_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    scripts = tmp_path / "it's mine"
    scripts.mkdir()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(scripts))
    monkeypatch.setattr(sys, "executable", str(scripts / "python"))
    typed.program.cache_clear()
    assert shlex.split(typed.program()) == [str(scripts / "python"), "-m", "batch"]
    (scripts / "clientbase").touch()
    typed.program.cache_clear()
    assert shlex.split(typed.program()) == [str(scripts / "clientbase")]
    typed.program.cache_clear()


def test_powershell_takes_the_path_of_a_program_with_blanks_for_a_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    class Windows:
        def __str__(self) -> str:
            return r"C:\Program Files\venv\Scripts\clientbase.exe"

    assert typed.called(Windows()) == r'C:\"Program Files"\venv\Scripts\clientbase.exe'  # type: ignore[arg-type]
