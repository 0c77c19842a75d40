"""A line in this user's crontab, where there is nothing better. Format: crontab(5)."""

from __future__ import annotations

import shlex

from batch.schedule.errors import OddNameError, TooLongError
from batch.schedule.job import NAME, Job, Piece, System

_MARK = f"# {NAME}"
"""Ends our line; to the shell it is a comment."""
_NONE = "no crontab for "
"""So every cron says that this user has none."""
_MOST_BYTES = 990
"""Cron cuts off commands at 1000."""


class Cron(System):
    """The crontab of this user."""

    key = "cron"
    tool = ("crontab",)

    def pieces(self, job: Job) -> list[Piece]:
        """The line."""
        return [Piece(None, _line(job) + "\n")]

    def install(self, job: Job) -> None:
        """Put the line at the end of the crontab, in the place of an earlier one."""
        line = _line(job)
        self.check_tool()
        self._write([*self._others(), line])

    def installed(self) -> list[Piece]:
        """The line that is there."""
        lines = self._lines() if self.has_tool else []
        return [Piece(None, line + "\n") for line in lines if _is_ours(line)]

    def remove(self) -> None:
        """Take the line out, and leave all others as they are."""
        if others := self._others():
            self._write(others)
        else:
            self.call("-r")

    def _lines(self) -> list[str]:
        """The crontab as it is; nothing where there is none.

        Raises RefusedError for whatever else keeps it from being read: what is written then would
        take the place of all lines that nobody has seen.
        """
        done = self.ask("-l")
        if done.code and _NONE in done.err.casefold():
            return []
        self.check_done(done)
        return done.out.removesuffix("\n").split("\n") if done.out else []

    def _others(self) -> list[str]:
        return [line for line in self._lines() if not _is_ours(line)]

    def _write(self, lines: list[str]) -> None:
        self.call("-", text="\n".join(lines) + "\n")


def _is_ours(line: str) -> bool:
    return line.rstrip().endswith(_MARK) and not line.lstrip().startswith("#")


def _line(job: Job) -> str:
    for word in (*job.command, str(job.folder)):
        if "\\" in word:  # crons disagree on what it means before another sign
            raise OddNameError(word, "'\\'")
    command = f"cd {shlex.quote(str(job.folder))} && {shlex.join(job.command)} {_MARK}"
    escaped = command.replace("%", r"\%")
    if len(escaped.encode()) > _MOST_BYTES:
        raise TooLongError(_MOST_BYTES)
    return f"{job.first.minute} {job.first.hour} * * * {escaped}"
