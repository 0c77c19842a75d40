"""A task of the Windows Task Scheduler, of this user alone, without any special rights.

Definition: Task Scheduler Schema, version 1.2 (Microsoft).
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from batch.schedule.errors import OddNameError, TooLongError
from batch.schedule.job import ABOUT, NAME, Job, Piece, System
from words import _

_MOST_LETTERS = 260
"""Of the path of a program or a folder, by the schema."""
_REPLACED = re.compile(r"%[^%]+%|\$\(")
"""What the Task Scheduler takes for a variable; there is no sign that keeps it from that."""


class Windows(System):
    """The tasks of this user; Windows knows each task by a name of its own."""

    key = "windows"
    tool = ("schtasks",)

    @property
    def name(self) -> str:
        """The task's name; another user of the computer has his own."""
        return f"{NAME}-{self.computer.user}"

    def pieces(self, job: Job) -> list[Piece]:
        """The task."""
        domain, user = self.computer.environment.get("USERDOMAIN", ""), self.computer.user
        return [Piece(None, _task(job, f"{domain}\\{user}" if domain else user))]

    def install(self, job: Job) -> None:
        """Hand the task over, in the place of an earlier one."""
        (piece,) = self.pieces(job)
        self.check_tool()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "task.xml")
            file.write_bytes(piece.text.encode("utf-16"))
            self.call("/Create", "/TN", self.name, "/XML", str(file), "/F")

    def installed(self) -> list[Piece]:
        """The task that is there, as Windows shows it."""
        if not self.has_tool:
            return []
        done = self.ask("/Query", "/TN", self.name, "/XML")
        return [] if done.code else [Piece(None, done.out.strip() + "\n")]

    def remove(self) -> None:
        """Delete the task."""
        self.call("/Delete", "/TN", self.name, "/F")


def _task(job: Job, user: str) -> str:
    program, *arguments = job.command
    line = subprocess.list2cmdline(arguments)
    for text in (program, line, str(job.folder)):
        found = _REPLACED.search(text)
        if found:
            raise OddNameError(text, f"'{found[0]}'")
    if max(len(program), len(str(job.folder))) > _MOST_LETTERS:
        raise TooLongError(_MOST_LETTERS)
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{escape(_(ABOUT))}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>{job.first:%Y-%m-%dT%H:%M:%S}</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{escape(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(line)}</Arguments>
      <WorkingDirectory>{escape(str(job.folder))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
