"""A systemd user timer, on Linux.

Units: systemd.service(5), systemd.timer(5), systemd.syntax(7).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from batch.errors import reason_of
from batch.schedule.computer import Computer
from batch.schedule.errors import NoToolError, RefusedError
from batch.schedule.job import ABOUT, NAME, Job, Piece, check_plain
from words import _

_SERVICE, _TIMER = f"{NAME}.service", f"{NAME}.timer"


class Systemd:
    """The timers of this user."""

    key: ClassVar[str] = "systemd"

    def __init__(self, computer: Computer) -> None:
        self.computer = computer

    @property
    def answers(self) -> bool:
        """Whether the user's systemd runs here."""
        has = self.computer.has("systemctl")
        return has and self.computer.run(["systemctl", "--user", "show-environment"], "").code == 0

    @property
    def folder(self) -> Path:
        """Where the user's units lie."""
        base = self.computer.environment.get("XDG_CONFIG_HOME", "")
        root = Path(base) if Path(base).is_absolute() else self.computer.home / ".config"
        return root / "systemd" / "user"

    def pieces(self, job: Job) -> list[Piece]:
        """The two units."""
        check_plain(job)
        return [
            Piece(self.folder / _SERVICE, _service(job)),
            Piece(self.folder / _TIMER, _timer(job)),
        ]

    def install(self, job: Job) -> None:
        """Write the units and start the timer."""
        pieces = self.pieces(job)
        self._check_tool()
        before = {piece.path: _content(piece.path) for piece in pieces if piece.path}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for piece in pieces:
                if piece.path:
                    piece.path.write_text(piece.text, encoding="utf-8")
            self._call("daemon-reload")
            self._call("enable", _TIMER)
            self._call("restart", _TIMER)  # one that runs already takes a new time only so
        except OSError as error:
            self._restore(before)
            if isinstance(error, RefusedError):
                raise
            raise RefusedError(self.key, reason_of(error)) from error

    def installed(self) -> list[Piece]:
        """The units that are there."""
        paths = (self.folder / _SERVICE, self.folder / _TIMER)
        return [
            Piece(path, path.read_text(encoding="utf-8", errors="replace"))
            for path in paths
            if path.is_file()
        ]

    def remove(self) -> None:
        """Stop the timer and delete the units."""
        if self.answers:
            self._call("disable", "--now", _TIMER)
        for path in (self.folder / _SERVICE, self.folder / _TIMER):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise RefusedError(self.key, reason_of(error)) from error
        # Without a running systemd the link is all that enabling has left.
        (self.folder / "timers.target.wants" / _TIMER).unlink(missing_ok=True)
        if self.answers:
            self._call("daemon-reload")

    def _restore(self, before: Mapping[Path, bytes | None]) -> None:
        for path, content in before.items():
            with contextlib.suppress(OSError):  # as it was: it couldn't be written before, either
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(content)
        self.computer.run(["systemctl", "--user", "daemon-reload"], "")

    def _check_tool(self) -> None:
        if not self.computer.has("systemctl"):
            raise NoToolError("systemctl")

    def _call(self, *arguments: str) -> None:
        done = self.computer.run(["systemctl", "--user", *arguments], "")
        if done.code:
            raise RefusedError(
                self.key, done.err or done.out or _("exit code {code}").format(code=done.code)
            )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


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
