"""A launchd agent, on macOS. Keys: launchd.plist(5)."""

from __future__ import annotations

import plistlib
from pathlib import Path

from batch.schedule.computer import Done
from batch.schedule.job import Job, Piece, SystemOfFiles

_LABEL = "clientbase.nightly"


class Launchd(SystemOfFiles):
    """The agents of this user."""

    key = "launchd"
    tool = ("launchctl",)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The agent's file."""
        return (self.computer.home / "Library" / "LaunchAgents" / f"{_LABEL}.plist",)

    def pieces(self, job: Job) -> list[Piece]:
        """The agent."""
        return [Piece(self.paths[0], _agent(job))]

    def start(self) -> None:
        """Load the agent, in the place of one that is loaded."""
        self.stop()
        self.check_done(self._load())

    def restart(self) -> None:
        """Load the agent that was there before."""
        if self.installed():
            self._load()

    def stop(self) -> None:
        """Unload the agent; that fails where it isn't loaded, which is as well."""
        if self.has_tool:
            self.ask("bootout", f"{self._domain}/{_LABEL}")

    def _load(self) -> Done:
        return self.ask("bootstrap", self._domain, str(self.paths[0]))

    @property
    def _domain(self) -> str:
        return f"gui/{self.computer.uid}"


def _agent(job: Job) -> str:
    agent = {
        "Label": _LABEL,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.folder),
        "StartCalendarInterval": {"Hour": job.first.hour, "Minute": job.first.minute},
        "ProcessType": "Background",
    }
    return plistlib.dumps(agent, sort_keys=False).decode("utf-8")
