"""What is to be started every night, and what every system that starts it can do."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from batch.schedule.errors import OddNameError
from words import marked

NAME = "clientbase-nightly"
ABOUT = marked("Client base: the nightly run")
"""What the definition of a schedule says of itself."""


@dataclass(frozen=True)
class Job:
    """A program with its arguments, all paths absolute; folder: where it is started; first: when
    for the first time, then every day at this time.
    """

    command: tuple[str, ...]
    folder: Path
    first: dt.datetime

    @property
    def time(self) -> str:
        """The time of day, such as 02:00."""
        return f"{self.first:%H:%M}"


class Piece(NamedTuple):
    """A part of a definition: the file that holds it (None where the system keeps it itself)."""

    path: Path | None
    text: str


class System(Protocol):
    """Something that starts programs at a time. There is at most one schedule of ours in it."""

    key: ClassVar[str]
    """'windows', 'systemd', 'launchd' or 'cron'."""

    def pieces(self, job: Job) -> list[Piece]:
        """What would be set up. Raises OddNameError, TooLongError."""

    def install(self, job: Job) -> None:
        """Set it up, in the place of an earlier one. Raises RefusedError, NoToolError, and what
        `pieces` raises; then nothing has changed.
        """

    def installed(self) -> list[Piece]:
        """What is set up now; nothing where there is none of ours."""

    def remove(self) -> None:
        """Take ours away, and nothing else. Raises RefusedError."""


def next_time(now: dt.datetime, hour: int, minute: int) -> dt.datetime:
    """The next time after *now* at which it is that late; no time zone, as clocks show it."""
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    return today if today > now.replace(tzinfo=None) else today + dt.timedelta(days=1)


def check_plain(job: Job) -> None:
    """Raise OddNameError for names that no definition can hold: with line breaks and the like, or
    with bytes that are no letters.
    """
    for name in (*job.command, str(job.folder)):
        for sign in name:
            if unicodedata.category(sign) in {"Cc", "Cs"}:
                raise OddNameError(name.encode("ascii", "replace").decode(), f"U+{ord(sign):04X}")
