"""What the program itself writes of README.md and COMMANDS.md: `python -m tests.readme` renews it."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from unittest.mock import patch

import typer.main

from batch import cli
from batch.configuration import read, shipped_path
from rules.columns import FILLED
from udfs import functions as _registering  # noqa: F401 — defining the functions registers them
from udfs.registry import REGISTERED

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
COMMANDS = ROOT / "COMMANDS.md"
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
FILES = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
COLUMNS = re.compile(r"(<!-- columns:[^>]*-->\n).*?(<!-- /columns -->)", re.DOTALL)
FUNCTIONS = re.compile(r"(<!-- functions:[^>]*-->\n).*?(<!-- /functions -->)", re.DOTALL)
CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d(?P<mark>[.:])\d\d(?P<seconds>\.\d\d(?: \(\d\))?)?")
SHOWN_CLOCK = re.compile(r"\d\d\.\d\d\.\d{4} \d\d:\d\d")
TOOK = re.compile(r" \d+\.\d s,")


def renewed(text: str, shared: Path | None) -> str:
    """The README's *text* with its tables and all shown output as they are now.

    Commands that read from ../shared stay as they are when *shared* is None.
    """
    text = COLUMNS.sub(lambda found: found[1] + column_table() + found[2], text)
    text = FUNCTIONS.sub(lambda found: found[1] + function_table() + found[2], text)
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "clientbase"
        checkout.mkdir()
        shutil.copytree(ROOT / "examples", checkout / "examples")
        for name in ("config.yaml", "config.ru.yaml"):
            shutil.copy(ROOT / name, checkout)
        for name, content in FILES.findall(text):
            (checkout / name).write_text(content, encoding="utf-8")
        if shared is not None:
            (Path(folder) / "shared").symlink_to(shared)
        with chdir(checkout):
            return CONSOLE.sub(lambda found: _session(found, shared), text)


def command_page() -> str:
    """The whole of COMMANDS.md: the help of each command."""
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    shown = [
        f"## {name}\n\n```console\n$ clientbase {name} --help\n{printed([name, '--help'])}```"
        for name in commands
    ]
    return (
        "\n\n".join(
            ["# Commands", "What `clientbase COMMAND --help` says, command by command.", *shown]
        )
        + "\n"
    )


def column_table() -> str:
    """The filled columns as a Markdown table."""
    headings = read(shipped_path()).config.columns.filled
    lines = ["| column | what it says | from | source |", "|---|---|---|---|"]
    lines += [
        f"| **{getattr(headings, column.key)[0]}** | {column.meaning} | {column.inputs} | {column.source} |"
        for column in FILLED
    ]
    return "\n".join(lines) + "\n"


def function_table() -> str:
    """The worksheet functions as a Markdown table."""
    lines = ["| function | what it gives |", "|---|---|"]
    for name, function in REGISTERED.items():
        typed = [one for one in function.arguments if one.vba is None]
        arguments = ", ".join(f"[{one.name}]" if one.optional else one.name for one in typed)
        lines.append(f"| `={name}({arguments})` | {function.help} |")
    return "\n".join(lines) + "\n"


def _session(found: re.Match[str], shared: Path | None) -> str:
    """A console block, each of its commands followed by what it prints now."""
    commands = re.findall(r"^\$ clientbase (.*)$", found[1], re.MULTILINE)
    if shared is None and any("../shared" in command for command in commands):
        return found[0]
    shown = [f"$ clientbase {command}\n{printed(shlex.split(command))}" for command in commands]
    return "```console\n" + "\n".join(shown) + "```"


def printed(arguments: list[str]) -> str:
    """What the command line prints in a window 88 characters wide."""
    out = io.StringIO()
    with (
        patch.object(sys, "argv", ["clientbase", *arguments]),
        patch.dict(os.environ, {"COLUMNS": "88", "TERM": "dumb", "NO_COLOR": "1"}),
        redirect_stdout(out),
        redirect_stderr(out),
        suppress(SystemExit),
    ):
        cli.main()
    lines = [line.rstrip() for line in out.getvalue().strip("\n").splitlines()]
    text = TOOK.sub(" 0.1 s,", "\n".join(lines))
    text = SHOWN_CLOCK.sub("21.11.2026 09:00", text)
    return CLOCK.sub(_at_nine, text) + "\n"


def _at_nine(found: re.Match[str]) -> str:
    """The time of a run, always the same, in the form in which it was found."""
    return f"2026-11-21 09{found['mark']}00{'.00' if found['seconds'] else ''}"


if __name__ == "__main__":
    beside = ROOT.parent / "shared"
    README.write_text(
        renewed(README.read_text(encoding="utf-8"), beside if beside.is_dir() else None),
        encoding="utf-8",
    )
    COMMANDS.write_text(command_page(), encoding="utf-8")
