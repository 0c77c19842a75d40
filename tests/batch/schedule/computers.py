"""Computers for tests: their files are real, their programs are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batch.schedule.computer import Computer, Done
from batch.schedule.job import Job

HOSTILE = (
    "Мои базы", "a b", "R&D <new>", "50% off", "100%", "it's", 'say "hi"', "$HOME ${X}", "a;b|c",
    "~tilde", "#hash", "*star?", "ends with blank ", "`tick`", "-dash", "emoji 🌸", "!bang", "(x)",
)  # fmt: skip
"""Names that some system would read as something else."""


@dataclass
class Programs:
    """Answers for the programs of a computer, and what they were asked.

    crontab is kept as the real one does; of the others, those in *failing* refuse with *refusal*.
    """

    missing: frozenset[str] = frozenset()
    failing: tuple[str, ...] = ()
    refusal: str = "Access  is\ndenied.\n"
    crontab: str | None = None
    task: str | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, command: Sequence[str], text: str) -> Done:
        """What the program answers."""
        self.asked.append(tuple(command))
        if any(word in " ".join(command) for word in self.failing):
            return Done(1, "", self.refusal)
        if command[0] == "crontab":
            return self._crontab(command, text)
        if command[0] == "schtasks":
            return self._schtasks(command)
        return Done(0, "", "")

    def _crontab(self, command: Sequence[str], text: str) -> Done:
        if command[1] == "-l":
            if self.crontab is None:
                return Done(1, "", "no crontab for vera\n")
            return Done(0, self.crontab, "")
        self.crontab = None if command[1] == "-r" else text
        return Done(0, "", "")

    def _schtasks(self, command: Sequence[str]) -> Done:
        if command[1] == "/Create":
            file = Path(command[command.index("/XML") + 1])
            self.task = file.read_bytes().decode("utf-16")
        elif command[1] == "/Delete":
            self.task = None
        elif self.task is None:
            return Done(1, "", "ERROR: The system cannot find the file specified.")
        return Done(0, self.task or "", "")


def computer(home: Path, platform: str, programs: Programs, **environment: str) -> Computer:
    """A computer of hers."""
    return Computer(
        platform,
        home,
        environment,
        "/opt/Client base/python",
        Path("/opt/Client base/lib"),
        "vera",
        501,
        programs.run,
        lambda program: program not in programs.missing,
    )


def job(*arguments: str, folder: str = "/opt/Client base/lib") -> Job:
    """A run every day at ten past two."""
    return Job(
        ("/opt/Client base/python", "-m", "batch", "nightly", *arguments),
        Path(folder),
        dt.datetime(2026, 11, 22, 2, 10),  # noqa: DTZ001 — as clocks show it
    )
