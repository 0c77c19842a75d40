"""The starter of a base: a file beside it, whose double-click recalculates it.

It says which Python to start and, for that, where it stands itself; the name of the base stands in
it, so that no terminal has to read that name. What is dropped on it is recalculated instead. A file
of that name that isn't one of ours is left alone.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from batch.errors import WorkbookMissing
from batch.installation.machine import MACOS, WINDOWS
from batch.saving import disk, ours
from rules.errors import ClientBaseError
from words import _, in_every_language, marked

MARK: Final = b"clientbase: starter"
_HEAD: Final = 64
"""The mark stands in so many of the first bytes."""
_BASE: Final = re.compile(r"^(?:#|rem) base: (.+?)\r?$", re.MULTILINE)
_NAME: Final = marked("Recalculate {base}")
_RUNS: Final = "-I -m batch.installation.started"
"""Isolated, so that nothing in the folder of the base is taken for a part of this program."""


class OddBaseNameError(ClientBaseError, ValueError):
    """The name of a workbook, or the path of a program, that no starter can hold."""

    text: str
    sign: str
    says = marked(
        "No starter can be made for {text}: it has the sign {sign} in it. Rename it, or "
        "move it, and try again."
    )


def name_of(base: Path, platform: str) -> str:
    """How the starter of a base is called, in the language spoken."""
    return _(_NAME).format(base=base.stem) + _ENDINGS.get(platform, _OTHER)


def make(base: Path, platform: str, interpreter: str, *, dry_run: bool = False) -> list[str]:
    """Put a starter beside a base, in the place of an earlier one; what was done, line by line.

    Raises WorkbookMissing, NotOurs, OddBaseNameError and OSError; then nothing was written.
    """
    if not base.is_file():
        raise WorkbookMissing(base)
    path = base.with_name(name_of(base, platform))
    content = _content(base, path, platform, interpreter)
    is_there = _is_there(path)
    if is_there and ours.read(path) == content:
        return [_told(path, _("in place already"))]
    if dry_run:
        return [_told(path, _("would be written"))]
    if is_there:
        ours.remove(path)
    with ours.created(path, 0o755) as file:
        file.write(content)
    disk.flush_folder(path.parent)
    gone = [one for one in _of_other_languages(base, platform) if one != path]
    lines = [line for one in gone for line in _removed(one, dry_run=False)]
    return [*lines, _told(path, _("written"))]


def remove(base: Path, platform: str, *, dry_run: bool = False) -> list[str]:
    """Take the starter of a base away; what was done, line by line. Raises NotOurs, OSError."""
    lines = [
        line
        for path in _of_other_languages(base, platform)
        for line in _removed(path, dry_run=dry_run)
    ]
    return lines or [_("There is no starter beside {file}.").format(file=base.name)]


def base_of(starter: Path) -> Path:
    """The base for which a starter was made. Raises NotOurs for a file that is no starter."""
    text = ours.read(starter).decode("utf-8", "replace")
    found = _BASE.search(text)
    if MARK not in text.encode()[:_HEAD] or found is None:
        raise ours.NotOurs(starter, ours.OTHER)
    return starter.with_name(found[1])


def _removed(path: Path, *, dry_run: bool) -> list[str]:
    if not _is_there(path):
        return []
    if not dry_run:
        ours.remove(path)
    return [_told(path, _("would be removed") if dry_run else _("removed"))]


def _told(path: Path, what: str) -> str:
    title = _("Starter")
    return f"{title}: {what}: {path}"


def _of_other_languages(base: Path, platform: str) -> list[Path]:
    ending = _ENDINGS.get(platform, _OTHER)
    names = (sentence.format(base=base.stem) for sentence in in_every_language(_NAME))
    return [base.with_name(f"{name}{ending}") for name in names]


def _is_there(path: Path) -> bool:
    """Whether a starter of ours stands there. Raises NotOurs for anything else, and OSError."""
    try:
        with ours.opened(path) as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        return False
    if MARK not in head:
        raise ours.NotOurs(path, ours.OTHER)
    return True


def _content(base: Path, path: Path, platform: str, interpreter: str) -> bytes:
    for text in (base.name, str(path.absolute()), interpreter):
        for sign in text:
            if unicodedata.category(sign) in {"Cc", "Cs"}:
                shown = text.encode("ascii", "backslashreplace").decode()
                raise OddBaseNameError(shown, f"U+{ord(sign):04X}")
    return _TEXTS.get(platform, _desktop)(base.name, path, interpreter).encode()


def _cmd(base: str, _path: Path, interpreter: str) -> str:
    """For Windows. Its terminal reads the file line by line: what stands below 'exit' it doesn't,
    and what stands below 'chcp' as UTF-8.
    """
    python = interpreter.replace("%", "%%")
    return "\r\n".join(
        [
            f"@rem {MARK.decode()}",
            "@echo off",
            "chcp 65001 >nul",
            f'"{python}" {_RUNS} "%~f0" %*',
            "exit /b",
            f"rem base: {base}",
            "",
        ]
    )


def _shell(base: str, _path: Path, interpreter: str) -> str:
    return "\n".join(
        [
            "#!/bin/sh",
            f"# {MARK.decode()}",
            f'exec {shlex.quote(interpreter)} {_RUNS} "$0" "$@"',
            f"# base: {base}",
            "",
        ]
    )


def _desktop(base: str, path: Path, interpreter: str) -> str:
    """For Linux. Desktop Entry Specification 1.5, "The Exec key"."""
    return "\n".join(
        [
            f"# {MARK.decode()}",
            f"# base: {base}",
            "[Desktop Entry]",
            "Type=Application",
            f"Name={_escaped(path.stem)}",
            f"Exec={_argument(interpreter)} {_RUNS} {_argument(str(path.absolute()))} %F",
            "Terminal=true",
            "",
        ]
    )


def _argument(text: str) -> str:
    quoted = re.sub(r'(["`$\\])', r"\\\1", text)
    return _escaped(f'"{quoted}"').replace("%", "%%")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


_ENDINGS: Final[Mapping[str, str]] = {WINDOWS: ".cmd", MACOS: ".command"}
_OTHER: Final = ".desktop"
_TEXTS: Final[Mapping[str, Callable[[str, Path, str], str]]] = {WINDOWS: _cmd, MACOS: _shell}
