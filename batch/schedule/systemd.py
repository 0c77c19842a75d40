"""A systemd user timer, on Linux.

Units: systemd.service(5), systemd.timer(5), systemd.syntax(7).
"""

from __future__ import annotations

from pathlib import Path

from batch.schedule.job import ABOUT, NAME, Job, Piece, SystemOfFiles
from words import _

_SERVICE, _TIMER = f"{NAME}.service", f"{NAME}.timer"


class Systemd(SystemOfFiles):
    """The timers of this user."""

    key = "systemd"
    tool = ("systemctl", "--user")

    @property
    def answers(self) -> bool:
        """Whether the user's systemd runs here."""
        return self.has_tool and self.ask("show-environment").code == 0

    @property
    def folder(self) -> Path:
        """Where the user's units lie."""
        base = self.computer.environment.get("XDG_CONFIG_HOME", "")
        root = Path(base) if Path(base).is_absolute() else self.computer.home / ".config"
        return root / "systemd" / "user"

    @property
    def paths(self) -> tuple[Path, ...]:
        """The two units."""
        return self.folder / _SERVICE, self.folder / _TIMER

    def pieces(self, job: Job) -> list[Piece]:
        """The two units."""
        service, timer = self.paths
        return [Piece(service, _service(job)), Piece(timer, _timer(job))]

    def start(self) -> None:
        """Start the timer; one that runs already takes a new time only when it is restarted."""
        self.call("daemon-reload")
        self.call("enable", _TIMER)
        self.call("restart", _TIMER)

    def restart(self) -> None:
        """Have the units read as they are now."""
        self.ask("daemon-reload")

    def stop(self) -> None:
        """Stop the timer, where a systemd runs."""
        if self.answers:
            self.call("disable", "--now", _TIMER)

    def remove(self) -> None:
        """Stop the timer and delete the units."""
        super().remove()
        # Without a running systemd the link is all that enabling has left.
        (self.folder / "timers.target.wants" / _TIMER).unlink(missing_ok=True)
        if self.answers:
            self.call("daemon-reload")


def _service(job: Job) -> str:
    # The colon keeps '$' from being replaced; only '%' is left to be doubled.
    command = " ".join(map(_quoted, job.command))
    return f"""[Unit]
Description={_(ABOUT)}

[Service]
Type=oneshot
WorkingDirectory={_percent(str(job.folder))}
ExecStart=:{command}
TimeoutStartSec=2h
Nice=10
"""


def _timer(job: Job) -> str:
    about = _("Client base: every day at {time}").format(time=job.time)
    return f"""[Unit]
Description={about}

[Timer]
OnCalendar=*-*-* {job.time}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def _quoted(word: str) -> str:
    escaped = _percent(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")
