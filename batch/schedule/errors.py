"""Why a schedule can't be set up, told in a sentence for its owner."""

from __future__ import annotations

from typing import Final

from rules.errors import ClientBaseError
from words import _, marked

NAMES: Final = {
    "windows": marked("the Windows Task Scheduler"),
    "systemd": marked("a systemd user timer"),
    "launchd": marked("a launchd agent"),
    "cron": "cron",
}
"""Each system by its key, as a sentence names it."""


class RefusedError(ClientBaseError, OSError):
    """The system doesn't take the schedule. key: 'windows', 'systemd', 'launchd' or 'cron'."""

    def __init__(self, key: str, reason: str) -> None:
        self.key, self.reason = key, " ".join(reason.split())
        sentence = _("Nothing was done: {system} refused ({reason}).")
        super().__init__(sentence.format(system=_(NAMES[key]), reason=self.reason))


class NoToolError(ClientBaseError, FileNotFoundError):
    """The program that sets up schedules of this kind isn't there."""

    tool: str
    says = marked(
        "'{tool}' isn't on this computer, so the schedule can't be set up this way. "
        "Choose another --system."
    )


class OddNameError(ClientBaseError, ValueError):
    """A name that this system would read as something else. found: the sign that is to blame."""

    name: str
    found: str
    says = marked(
        "'{name}' can't stand in a schedule of this system because of {found} in it. "
        "Rename it, or name the folder that holds it."
    )


class TooLongError(ClientBaseError, ValueError):
    """More names than this system takes. most: the number of signs it does."""

    most: int
    says = marked(
        "Together the names are longer than this system allows ({most} signs). Name "
        "the folder instead of its workbooks."
    )


class NotThereError(ClientBaseError, FileNotFoundError):
    """What is to be filled every night isn't there."""

    name: str
    says = marked("'{name}' isn't there. Check its name and folder; nothing was set up.")
