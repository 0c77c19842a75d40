"""Which system starts the nightly run on which computer."""

from __future__ import annotations

from batch.schedule.computer import MACOS, WINDOWS, Computer
from batch.schedule.cron import Cron
from batch.schedule.job import System
from batch.schedule.launchd import Launchd
from batch.schedule.systemd import Systemd
from batch.schedule.windows import Windows


def choose(computer: Computer, asked: str | None) -> System:
    """The system *asked* for by its key, else that of the computer: on Linux a systemd user timer
    where the user's systemd answers, else cron.
    """
    if asked is not None:
        kinds: tuple[type[System], ...] = (Windows, Systemd, Launchd, Cron)
        return next(kind(computer) for kind in kinds if kind.key == asked)
    if computer.platform == WINDOWS:
        return Windows(computer)
    if computer.platform == MACOS:
        return Launchd(computer)
    systemd = Systemd(computer)
    return systemd if systemd.answers else Cron(computer)


def all_of(computer: Computer, asked: str | None) -> list[System]:
    """The systems in which a schedule of ours may stand: that *asked* for, else all of this
    computer's.
    """
    if asked is not None or computer.platform in {WINDOWS, MACOS}:
        return [choose(computer, asked)]
    return [Systemd(computer), Cron(computer)]
