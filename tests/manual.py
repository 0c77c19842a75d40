"""What the program itself writes of README.md and docs/: `python -m tests.manual` renews it.

A page is checked in an empty folder of its own. What it shows after a `console` fence is what its
commands print; `<!-- run: clientbase … -->` runs one without showing it, and `<!-- file: name -->`
before a fence puts that file into the folder. Between `<!-- name: … -->` and `<!-- /name -->`
stands what one of `TABLES` gives.
"""

from __future__ import annotations

import ast
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import typer.main

from batch import cli
from batch.configuration import read, shipped_path
from batch.installation import typed
from batch.writer.hidden import texts
from tests.bases import HOUSE
from udfs.functions import REGISTERED
from words import _, speaking

TEXTS = texts(HOUSE)

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
LANGUAGES = ("en", "ru")
PAGES = (README, *sorted(DOCS.glob("*/*.md")))
FILES = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(
    r"<!-- run: clientbase (?P<hidden>.*?) -->|```console\n(?P<shown>.*?)```", re.DOTALL
)
CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d(?P<mark>[.:])\d\d(?P<seconds>\.\d\d(?: \(\d\))?)?")
SHOWN_CLOCKS = {
    re.compile(r"\d\d\.\d\d\.\d{4} \d\d:\d\d"): "21.11.2026 09:00",
    re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d"): "11/21/2026 09:00",
    re.compile(r"(?<=\d{4}, )\d\d:\d\d(?=: )"): "09:00",
}
TOOK = re.compile(r"(?<= in )\d+\.\d(?= s,)|(?<=секунд: )\d+[.,]\d(?=,)")
SECTION = re.compile(r"^# --- (.*?) -+$", re.MULTILINE)


HEADS = MappingProxyType({"en": "function | what it gives", "ru": "функция | что даёт"})
"""Above the table of the functions."""


GREY = MappingProxyType(
    {
        "en": "column | what it says | from | source",
        "ru": "столбец | что говорит | из чего | источник",
    }
)
TYPED = MappingProxyType({"en": "column | what stands there", "ru": "столбец | что в нём"})
HERS = MappingProxyType({"en": "yours", "ru": "ваш"})
NEEDED = MappingProxyType({"en": "required", "ru": "обязательно"})
"""Words of the tables of columns."""


def language_of(page: Path) -> str:
    """The language in which *page* is written."""
    return "ru" if page.parent == DOCS / "ru" else "en"


def renewed(page: Path, shared: Path | None) -> str:
    """The text of *page* with its tables and all shown output as they are now.

    Commands that read from ../shared stay as they are when *shared* is None.
    """
    text, language = page.read_text(encoding="utf-8"), language_of(page)
    for name, table in TABLES.items():
        block = re.compile(rf"(<!-- {name}:[^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if found := block.search(text):
            text = f"{text[: found.end(1)]}{table(language)}{text[found.start(2) :]}"
    if CONSOLE.search(text) is None:
        return text
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "clientbase"
        checkout.mkdir()
        shutil.copytree(ROOT / "examples", checkout / "examples")
        shutil.copy(ROOT / "config.ru.yaml", checkout)
        for name, content in FILES.findall(text):
            (checkout / name).write_text(content, encoding="utf-8")
        if shared is not None:
            (Path(folder) / "shared").symlink_to(shared)
        with chdir(checkout):
            return CONSOLE.sub(lambda found: _session(found, language, shared), text)


def columns(language: str) -> str:
    """The filled columns as a Markdown table."""
    config, lines = (
        read(shipped_path(language)).config,
        [f"| {GREY[language]} |", "|---|---|---|---|"],
    )
    with speaking(language):
        for one in config.rooms.columns.values():
            told = " | ".join(
                _(text) if text else "" for text in (one.about, one.inputs, one.source)
            )
            lines.append(f"| **{config.heading('filled', one.key)}** | {told} |")
    return _text(lines)


def tables(language: str) -> str:
    """The columns that she types, of each table."""
    rooms = read(shipped_path(language)).config.rooms
    return _sections(
        language, {key: (*one.fields, *one.filled) for key, one in rooms.tables.items()}
    )


def reports(language: str) -> str:
    """The columns of the sheets that the program writes."""
    rooms = read(shipped_path(language)).config.rooms
    return _sections(language, {key: one.columns for key, one in rooms.sheets.items()})


def _sections(language: str, sheets: Mapping[str, Iterable[Any]]) -> str:
    config, hers, needed = read(shipped_path(language)).config, HERS[language], NEEDED[language]
    lines = []
    with speaking(language):
        for key, every in sheets.items():
            lines += [f"\n### {config.sheet(key)}\n", f"| {TYPED[language]} |", "|---|---|"]
            for one in every:
                told = f"**{hers}**: " if getattr(one, "is_hers", False) else ""
                told += _(one.about)
                if key in config.rooms.tables and getattr(one, "required", False):
                    told += f"; {needed}"
                lines.append(f"| **{config.heading(key, one.key)}** | {told} |")
    return _text([*lines, ""])


def functions(language: str) -> str:
    """The worksheet functions as a Markdown table."""
    lines = [f"| {HEADS[language]} |", "|---|---|"]
    for name, function in REGISTERED.items():
        typed = [one for one in function.arguments if one.vba is None]
        arguments = ", ".join(f"[{one.name}]" if one.optional else one.name for one in typed)
        with speaking(language):
            meaning = _(TEXTS[f"vba_{name.lower()}"])
        lines.append(f"| `={name}({arguments})` | {meaning} |")
    return _text(lines)


def commands(language: str) -> str:
    """The help of each command."""
    names = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    return _text(
        f"## {name}\n\n```text\n$ clientbase {name} --help\n{printed([name, '--help'], language)}```\n"
        for name in names
    )


def settings(language: str) -> str:
    """The shipped rules, section by section, with the comments that explain them."""
    _head, *parts = SECTION.split(shipped_path(language).read_text(encoding="utf-8"))
    return _text(
        f"## {title}\n\n```yaml\n{text.strip()}\n```\n"
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    )


def folders(_language: str) -> str:
    """The packages of the program, each with the first sentence about itself."""
    found = [*ROOT.glob("*/__init__.py"), *ROOT.glob("*/*/__init__.py")]
    lines = ["| folder | what is there |", "|---|---|"]
    for path in sorted(found, key=lambda path: path.parent):
        about = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        folder = path.parent.relative_to(ROOT)
        if folder.parts[0] != "tests":
            lines.append(f"| `{folder}/` | {' '.join(about.split(chr(10) * 2)[0].split())} |")
    return _text(lines)


TABLES = MappingProxyType(
    {
        "columns": columns,
        "tables": tables,
        "reports": reports,
        "functions": functions,
        "commands": commands,
        "settings": settings,
        "folders": folders,
    }
)
"""What the program knows itself, by the name of the block in which a page shows it."""


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _session(found: re.Match[str], language: str, shared: Path | None) -> str:
    """A console block, each of its commands followed by what it prints now."""
    if found["hidden"] is not None:
        printed(shlex.split(found["hidden"]), language)
        return found[0]
    shown = re.findall(r"^\$ clientbase (.*)$", found["shown"], re.MULTILINE)
    if shared is None and any("../shared" in command for command in shown):
        return found[0]
    blocks = [
        f"$ clientbase {command}\n{printed(shlex.split(command), language)}" for command in shown
    ]
    return "```console\n" + "\n".join(blocks) + "```"


def printed(arguments: list[str], language: str) -> str:
    """What the command line prints on a computer of that *language*, in a window 88 characters wide."""
    out = io.StringIO()
    with (
        patch.object(sys, "argv", ["clientbase", *arguments]),
        patch.object(typed, "program", lambda: typed.NAME),
        patch.dict(
            os.environ, {"COLUMNS": "88", "LANGUAGE": language, "TERM": "dumb", "NO_COLOR": "1"}
        ),
        redirect_stdout(out),
        redirect_stderr(out),
        suppress(SystemExit),
    ):
        cli.main()
    lines = [line.rstrip() for line in out.getvalue().strip("\n").splitlines()]
    text = TOOK.sub("0.1", "\n".join(lines))
    for clock, shown in SHOWN_CLOCKS.items():
        text = clock.sub(shown, text)
    return CLOCK.sub(_at_nine, text) + "\n"


def _at_nine(found: re.Match[str]) -> str:
    """The time of a run, always the same, in the form in which it was found."""
    return f"2026-11-21 09{found['mark']}00{'.00' if found['seconds'] else ''}"


if __name__ == "__main__":
    beside = ROOT.parent / "shared"
    for each in PAGES:
        each.write_text(renewed(each, beside if beside.is_dir() else None), encoding="utf-8")
