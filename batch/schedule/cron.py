"""A line in this user's crontab, where there is nothing better. Format: crontab(5)."""

from __future__ import annotations

import shlex
from typing import ClassVar

from batch.schedule.computer import Computer
from batch.schedule.errors import NoToolError, OddNameError, RefusedError, TooLongError
from batch.schedule.job import NAME, Job, Piece, check_plain
from words import _

_MARK = f"# {NAME}"
"""Ends our line; to the shell it is a comment."""
_NONE = "no crontab for "
"""So every cron says that this user has none."""
_MOST_BYTES = 990
"""Cron cuts off commands at 1000."""


class Cron:
    """The crontab of this user."""

    key: ClassVar[str] = "cron"

    def __init__(self, computer: Computer) -> None:
        self.computer = computer

    def pieces(self, job: Job) -> list[Piece]:
        """The line."""
        check_plain(job)
        return [Piece(None, _line(job) + "\n")]

    def install(self, job: Job) -> None:
        """Put the line at the end of the crontab, in the place of an earlier one."""
        line = _line(job)
        check_plain(job)
        if not self.computer.has("crontab"):
            raise NoToolError("crontab")
        others = [one for one in self._lines() if not _is_ours(one)]
        self._write([*others, line])

    def installed(self) -> list[Piece]:
        """The line that is there."""
        if not self.computer.has("crontab"):
            return []
        return [Piece(None, line + "\n") for line in self._lines() if _is_ours(line)]

    def remove(self) -> None:
        """Take the line out, and leave all others as they are."""
        others = [line for line in self._lines() if not _is_ours(line)]
        if others:
            self._write(others)
            return
        done = self.computer.run(["crontab", "-r"], "")
        if done.code:
            raise RefusedError(self.key, done.err or _("exit code {code}").format(code=done.code))

    def _lines(self) -> list[str]:
        """The crontab as it is; nothing where there is none.

        Raises RefusedError for whatever else keeps it from being read: what is written then would
        take the place of all lines that nobody has seen.
        """
        done = self.computer.run(["crontab", "-l"], "")
        if done.code:
            if _NONE in done.err.casefold():
                return []
            raise RefusedError(self.key, done.err or _("exit code {code}").format(code=done.code))
        return done.out.removesuffix("\n").split("\n") if done.out else []

    def _write(self, lines: list[str]) -> None:
        done = self.computer.run(["crontab", "-"], "\n".join(lines) + "\n")
        if done.code:
            raise RefusedError(self.key, done.err or _("exit code {code}").format(code=done.code))


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
