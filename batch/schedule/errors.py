"""Why a schedule can't be set up, told in a sentence for its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.errors import ClientBaseError

if TYPE_CHECKING:
    from rules.config.messages import Messages


_NAMES: Final = {
    "windows": "the Windows Task Scheduler",
    "systemd": "a systemd user timer",
    "launchd": "a launchd agent",
    "cron": "cron",
}


class RefusedError(ClientBaseError, OSError):
    """The system doesn't take the schedule. key: 'windows', 'systemd', 'launchd' or 'cron'."""

    def __init__(self, key: str, reason: str) -> None:
        self.key, self.reason = key, " ".join(reason.split())
        super().__init__(f"Nothing was done: {_NAMES[key]} refused ({self.reason}).")

    def __str__(self) -> str:
        return str(self.args[0])

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        system = getattr(say, f"schedule_{self.key}")
        return say.schedule_refused.format(system=system, reason=self.reason)


class NoToolError(ClientBaseError, FileNotFoundError):
    """The program that sets up schedules of this kind isn't there."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        super().__init__(
            f"'{tool}' isn't on this computer, so the schedule can't be set up this way. Choose "
            "another --system."
        )

    def __str__(self) -> str:
        return str(self.args[0])

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.schedule_no_tool.format(tool=self.tool)


class OddNameError(ClientBaseError, ValueError):
    """A name that this system would read as something else. found: the sign that is to blame."""

    def __init__(self, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            f"'{name}' can't stand in a schedule of this system because of {found} in it. Rename "
            "it, or name the folder that holds it."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.schedule_odd_name.format(file=self.name, found=self.found)


class TooLongError(ClientBaseError, ValueError):
    """More names than this system takes. most: the number of signs it does."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(
            f"Together the names are longer than this system allows ({most} signs). Name the "
            "folder instead of its workbooks."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.schedule_too_long.format(most=self.most)


class NotThereError(ClientBaseError, FileNotFoundError):
    """What is to be filled every night isn't there."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"'{name}' isn't there. Check its name and folder; nothing was set up.")

    def __str__(self) -> str:
        return str(self.args[0])

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.schedule_not_there.format(file=self.name)
