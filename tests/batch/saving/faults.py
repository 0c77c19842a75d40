"""A run in a process of its own, in which something happens at one step of its saving.

A step is a call of a C function that touches the disk, made by the saving, the history or the
lock file, or by the standard library on their behalf. Between two steps nothing changes on the
disk, so a process killed before each of them has been killed everywhere.
"""

from __future__ import annotations

import _io
import io
import json
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Final

import filelock

from batch import history, saving
from rules.errors import ClientBaseError

WRITING: Final = frozenset(("__exit__", "close", "flush", "fsync", "mkdir", "open", "write"))
"""The functions that need room on the disk; a file is written out when it is closed."""
NAMING: Final = frozenset(
    ("chmod", "chown", "mkdir", "open", "rename", "replace", "rmdir", "truncate", "unlink", "utime")
)
"""The functions that need a permission."""
CHANGING: Final = WRITING | NAMING | {"ftruncate"}
ALL: Final = CHANGING | frozenset(
    ("fstat", "listdir", "listxattr", "lstat", "read", "readall", "readinto", "scandir", "stat")
)
NOBODY: Final = 65534
_SAVING: Final = tuple(
    str(Path(module.__file__ or "").parent) for module in (saving, history, filelock)
)


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    is_reached: whether it came to the step. is_killed: whether it was killed there. kind and
    sentence: of the error that it raised, '' for none. is_ours: whether that was a ClientBaseError.
    """

    is_reached: bool = True
    is_killed: bool = False
    kind: str = ""
    sentence: str = ""
    is_ours: bool = False


def run(
    act: Callable[[], object],
    *,
    at: int = 0,
    fault: Callable[[], None] = lambda: None,
    steps: Iterable[str] = ALL,
    user: int | None = None,
) -> Ended:
    """Run *act* in a child, *fault* happening before step number *at*, counted from 1.

    steps: the names of the functions that count. user: who the child runs as.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: this one is all it needs
        process = os.fork()
    if not process:
        try:
            os.write(writer, _ended(act, at, fault, frozenset(steps), user))
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123 — a descriptor
        told = pipe.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Ended(is_killed=True)
    return Ended(**json.loads(told))


def kill() -> None:
    """A power cut, as far as a process can feel it."""
    os.kill(os.getpid(), signal.SIGKILL)


def lock_up(*folders: Path) -> None:
    """Let nothing be made, renamed or deleted in the *folders* any more."""
    for folder in folders:
        if folder.exists():
            folder.chmod(0o500)


def refusal(number: int) -> Callable[[], None]:
    """The fault that the computer refuses a call with this error."""

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def _ended(
    act: Callable[[], object],
    at: int,
    fault: Callable[[], None],
    steps: frozenset[str],
    user: int | None,
) -> bytes:
    """How *act* ended in this process, as JSON."""
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    count = 0

    def hook(frame: FrameType, event: str, called: object) -> None:
        nonlocal count
        if event == "c_call" and _is_step(frame, called, steps):
            count += 1
            if count == at:
                fault()

    kind, sentence, is_ours = "", "", False
    sys.setprofile(hook)
    try:
        act()
    except BaseException as error:  # noqa: BLE001 — the parent judges it
        kind, sentence = type(error).__name__, str(error)
        is_ours = isinstance(error, ClientBaseError)
    finally:
        sys.setprofile(None)
    return json.dumps(asdict(Ended(count >= at, False, kind, sentence, is_ours))).encode()


def _is_step(frame: FrameType | None, called: object, steps: frozenset[str]) -> bool:
    if getattr(called, "__name__", "") not in steps:
        return False
    owner = getattr(called, "__self__", None)
    if not (isinstance(owner, io.IOBase) or owner is _io or owner is sys.modules[os.name]):
        return False
    while frame is not None:
        if frame.f_code.co_filename.startswith(_SAVING):
            return True
        frame = frame.f_back
    return False
