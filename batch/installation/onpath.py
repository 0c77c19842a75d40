"""Whether terminals know the command `clientbase`; where they don't, a link in the folder of her
own programs, or the line that makes them know it.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

from batch.installation.machine import MACOS, WINDOWS, Machine
from batch.installation.typed import NAME
from words import _


def put(machine: Machine, *, dry_run: bool = False) -> list[str]:
    """Link the command where terminals look for it, if she has such a folder; else say what to type
    once. Nothing that stands there is touched. Raises OSError.
    """
    script = _script(machine)
    if shutil.which(NAME, path=machine.environment.get("PATH", "")) or not script.is_file():
        return []
    link = _link(machine)
    if _takes_links(machine) and not os.path.lexists(link):
        if not dry_run:
            link.symlink_to(script)
        said = _("would be written") if dry_run else _("written")
        return [f"{_title()}: {said}: {link}"]
    return [
        _("To type clientbase in any terminal, type this once, and open a new one:"),
        f"  {_line(machine, script)}",
    ]


def take_back(machine: Machine, *, dry_run: bool = False) -> list[str]:
    """Remove the link that `put` made. Raises OSError."""
    link = _link(machine)
    if machine.platform == WINDOWS or not link.is_symlink() or link.readlink() != _script(machine):
        return []
    if not dry_run:
        link.unlink()
    said = _("would be removed") if dry_run else _("removed")
    return [f"{_title()}: {said}: {link}"]


def _title() -> str:
    return _("The command clientbase")


def _script(machine: Machine) -> Path:
    return Path(machine.interpreter).with_name(
        f"{NAME}.exe" if machine.platform == WINDOWS else NAME
    )


def _link(machine: Machine) -> Path:
    return machine.home / ".local" / "bin" / NAME


def _takes_links(machine: Machine) -> bool:
    folders = machine.environment.get("PATH", "").split(os.pathsep)
    folder = _link(machine).parent
    return machine.platform != WINDOWS and folder.is_dir() and str(folder) in folders


def _line(machine: Machine, script: Path) -> str:
    """What she types, once."""
    if machine.platform == WINDOWS:
        folder = str(script.parent).replace("'", "''")
        now = "[Environment]::GetEnvironmentVariable('Path', 'User')"
        then = f"[Environment]::SetEnvironmentVariable('Path', {now} + ';{folder}', 'User')"
        return f'powershell -Command "{then}"'
    folder = f"export PATH={shlex.quote(str(script.parent))}:$PATH"
    profile = ".zprofile" if machine.platform == MACOS else ".profile"
    return f"echo {shlex.quote(folder)} >> ~/{profile}"
