"""Commands as they can be typed: how this program is called in a terminal here, and what follows in
quotes where a terminal needs them.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Final

NAME: Final = "clientbase"
_PLAIN: Final = re.compile(r"[\w.:\\/\-]+")
"""What neither cmd nor PowerShell takes for anything but itself."""


def command(*words: str | Path) -> str:
    """A call of this program with these words, as it can be typed here."""
    return " ".join([program(), *map(quoted, words)])


@cache
def program() -> str:
    """How this program is called: by its name where the terminal finds it, else by its path."""
    if shutil.which(NAME):
        return NAME
    script = Path(sysconfig.get_path("scripts"), f"{NAME}.exe" if _on_windows() else NAME)
    if script.is_file():
        return called(script)
    return f"{called(Path(sys.executable))} -m batch"


def quoted(word: str | Path) -> str:
    """A word as it can be typed as an argument, in quotes where it needs them."""
    text = str(word)
    if not _on_windows():
        return text if _PLAIN.fullmatch(text) and "\\" not in text else shlex.quote(text)
    return text if _PLAIN.fullmatch(text) else f'"{text}"'


def called(path: Path) -> str:
    """The path of a program as it can be typed first; on Windows only the parts that need it are
    in quotes, since PowerShell takes a word that begins with a quote for a text.
    """
    if not _on_windows():
        return quoted(path)
    first, *others = str(path).split("\\")
    return "\\".join([first, *map(quoted, others)])


def _on_windows() -> bool:
    return sys.platform == "win32"
