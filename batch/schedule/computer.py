"""The facts of a computer that a schedule depends on, and the way to run its programs."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

WINDOWS: Final = "win32"
MACOS: Final = "darwin"
_SECONDS: Final = 60


class Done(NamedTuple):
    """What a program answered; bytes that are no letters stand as half signs, and go back into a
    program as the bytes they were.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Computer:
    """platform as in `sys.platform`; interpreter is the running Python, folder the one that holds
    this program's packages; user as the system names him; uid is -1 where there is none.

    run: run a program, with its name, arguments and input; has: whether there is one.
    """

    platform: str
    home: Path
    environment: Mapping[str, str]
    interpreter: str
    folder: Path
    user: str
    uid: int
    run: Callable[[Sequence[str], str], Done]
    has: Callable[[str], bool]

    @classmethod
    def here(cls) -> Computer:
        """This computer."""
        return cls(
            sys.platform,
            Path.home(),
            dict(os.environ),
            _interpreter(),
            Path(__file__).resolve().parents[2],
            getpass.getuser(),
            os.getuid() if sys.platform != "win32" else -1,
            _run,
            lambda program: shutil.which(program) is not None,
        )


def _interpreter() -> str:
    """This Python; on Windows the one that opens no window in the middle of the night."""
    silent = Path(sys.executable).with_name("pythonw.exe")
    return str(silent) if sys.platform == "win32" and silent.exists() else sys.executable


def _run(command: Sequence[str], text: str) -> Done:
    # The programs of Windows still write as in its terminal of old.
    encoding = "oem" if sys.platform == "win32" else "utf-8"
    try:
        done = subprocess.run(  # noqa: S603 — our own words, no shell
            command,
            input=text.encode(encoding, "surrogateescape"),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Done(-1, "", str(error))
    out, err = (one.decode(encoding, "surrogateescape") for one in (done.stdout, done.stderr))
    return Done(done.returncode, out, err)
