"""A launchd agent, on macOS. Keys: launchd.plist(5)."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import ClassVar

from batch.errors import reason_of
from batch.schedule.computer import Computer
from batch.schedule.errors import NoToolError, RefusedError
from batch.schedule.job import Job, Piece, check_plain
from words import _

_LABEL = "clientbase.nightly"


class Launchd:
    """The agents of this user."""

    key: ClassVar[str] = "launchd"

    def __init__(self, computer: Computer) -> None:
        self.computer = computer

    @property
    def path(self) -> Path:
        """The agent's file."""
        return self.computer.home / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def pieces(self, job: Job) -> list[Piece]:
        """The agent."""
        check_plain(job)
        return [Piece(self.path, _agent(job))]

    def install(self, job: Job) -> None:
        """Write the agent and load it, in the place of one that is loaded."""
        (piece,) = self.pieces(job)
        if not self.computer.has("launchctl"):
            raise NoToolError("launchctl")
        before = self.path.read_bytes() if self.path.is_file() else None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(piece.text, encoding="utf-8")
        except OSError as error:
            raise RefusedError(self.key, reason_of(error)) from error
        self._unload()
        done = self._load()
        if done:
            if before is None:
                self.path.unlink(missing_ok=True)
            else:
                self.path.write_bytes(before)
                self._load()
            raise RefusedError(self.key, done)

    def installed(self) -> list[Piece]:
        """The agent that is there."""
        if not self.path.is_file():
            return []
        return [Piece(self.path, self.path.read_text(encoding="utf-8", errors="replace"))]

    def remove(self) -> None:
        """Unload the agent and delete it."""
        self._unload()
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise RefusedError(self.key, reason_of(error)) from error

    def _unload(self) -> None:
        if self.computer.has("launchctl"):  # fails where it isn't loaded, which is as well
            self.computer.run(["launchctl", "bootout", f"gui/{self.computer.uid}/{_LABEL}"], "")

    def _load(self) -> str:
        """Load the agent; what is wrong, '' if nothing."""
        domain = f"gui/{self.computer.uid}"
        done = self.computer.run(["launchctl", "bootstrap", domain, str(self.path)], "")
        return (
            (done.err or done.out or _("exit code {code}").format(code=done.code))
            if done.code
            else ""
        )


def _agent(job: Job) -> str:
    agent = {
        "Label": _LABEL,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.folder),
        "StartCalendarInterval": {"Hour": job.first.hour, "Minute": job.first.minute},
        "ProcessType": "Background",
    }
    return plistlib.dumps(agent, sort_keys=False).decode("utf-8")
