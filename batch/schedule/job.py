"""What is to be started every night, and what every system that starts it can do."""

from __future__ import annotations

import contextlib
import datetime as dt
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

from batch.errors import reason_of
from batch.saving import disk
from batch.schedule.computer import Computer, Done
from batch.schedule.errors import NoToolError, OddNameError, RefusedError
from words import _, marked

NAME = "clientbase-nightly"
ABOUT = marked("Client base: the nightly run")
"""What the definition of a schedule says of itself."""


@dataclass(frozen=True)
class Job:
    """A program with its arguments, all paths absolute; folder: where it is started; first: when
    for the first time, then every day at this time.

    Raises OddNameError for names that no definition can hold: with line breaks and the like, or
    with bytes that are no letters.
    """

    command: tuple[str, ...]
    folder: Path
    first: dt.datetime

    def __post_init__(self) -> None:
        for name in (*self.command, str(self.folder)):
            for sign in name:
                if unicodedata.category(sign) in {"Cc", "Cs"}:
                    shown = name.encode("ascii", "replace").decode()
                    raise OddNameError(shown, f"U+{ord(sign):04X}")

    @property
    def time(self) -> str:
        """The time of day, such as 02:00."""
        return f"{self.first:%H:%M}"


class Piece(NamedTuple):
    """A part of a definition: the file that holds it (None where the system keeps it itself)."""

    path: Path | None
    text: str


class System(ABC):
    """Something that starts programs at a time. There is at most one schedule of ours in it."""

    key: ClassVar[str]
    """'windows', 'systemd', 'launchd' or 'cron'."""
    tool: ClassVar[tuple[str, ...]]
    """The program that sets schedules up, with the words that go before all others."""

    def __init__(self, computer: Computer) -> None:
        self.computer = computer

    @abstractmethod
    def pieces(self, job: Job) -> list[Piece]:
        """What would be set up. Raises OddNameError, TooLongError."""

    @abstractmethod
    def install(self, job: Job) -> None:
        """Set it up, in the place of an earlier one. Raises RefusedError, NoToolError, and what
        `pieces` raises; then nothing has changed.
        """

    @abstractmethod
    def installed(self) -> list[Piece]:
        """What is set up now; nothing where there is none of ours."""

    @abstractmethod
    def remove(self) -> None:
        """Take ours away, and nothing else. Raises RefusedError."""

    @property
    def has_tool(self) -> bool:
        """Whether this computer has the program that sets schedules up."""
        return self.computer.has(self.tool[0])

    def check_tool(self) -> None:
        """Raise NoToolError where this computer lacks it."""
        if not self.has_tool:
            raise NoToolError(self.tool[0])

    def ask(self, *arguments: str, text: str = "") -> Done:
        """What the program answers, whatever it is."""
        return self.computer.run([*self.tool, *arguments], text)

    def call(self, *arguments: str, text: str = "") -> None:
        """Let the program do something. Raises RefusedError."""
        self.check_done(self.ask(*arguments, text=text))

    def check_done(self, done: Done) -> None:
        """Raise RefusedError for what the program didn't do."""
        if done.code:
            code = _("exit code {code}").format(code=done.code)
            raise RefusedError(self.key, done.err or done.out or code)


class SystemOfFiles(System):
    """One that reads its schedules from files of the user's."""

    @property
    @abstractmethod
    def paths(self) -> tuple[Path, ...]:
        """The files of ours."""

    @abstractmethod
    def start(self) -> None:
        """Have it read the files, and start programs by them from now on. Raises RefusedError."""

    @abstractmethod
    def restart(self) -> None:
        """Have it read what stood in the files before, whatever it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Have it start nothing of ours any more. Raises RefusedError."""

    def install(self, job: Job) -> None:
        """Write the files and start; where that fails they are as they were."""
        pieces = self.pieces(job)
        self.check_tool()
        before = {path: path.read_bytes() if path.is_file() else None for path in self.paths}
        try:
            for path, piece in zip(self.paths, pieces, strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, piece.text.encode())
            self.start()
        except OSError as error:
            _restore(before)
            self.restart()
            raise self._refused(error) from error

    def installed(self) -> list[Piece]:
        """The files that are there."""
        files = [path for path in self.paths if path.is_file()]
        return [Piece(path, path.read_text(encoding="utf-8", errors="replace")) for path in files]

    def remove(self) -> None:
        """Stop, and delete the files."""
        self.stop()
        try:
            for path in self.paths:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> RefusedError:
        if isinstance(error, RefusedError):
            return error
        return RefusedError(self.key, reason_of(error))


def _restore(before: Mapping[Path, bytes | None]) -> None:
    for path, content in before.items():
        with contextlib.suppress(OSError):  # as it was: it couldn't be written before, either
            if content is None:
                path.unlink(missing_ok=True)
            else:
                _write(path, content)


def _write(path: Path, content: bytes) -> None:
    disk.write_whole(path, content, disk.beside(path, path.suffix), None)


def next_time(now: dt.datetime, hour: int, minute: int) -> dt.datetime:
    """The next time after *now* at which it is that late; no time zone, as clocks show it."""
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    return today if today > now.replace(tzinfo=None) else today + dt.timedelta(days=1)
