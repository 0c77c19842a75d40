"""What this computer is, and where Excel and xlwings look for their files on it."""

from __future__ import annotations

import locale
import os
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

WINDOWS: Final = "win32"
MACOS: Final = "darwin"
ADDIN: Final = "xlwings.xlam"
SETTINGS: Final = "xlwings.conf"
KEPT: Final = "clientbase-setup"
"""Folder beside the settings with the record of the set-up and the files that stood before it."""

_MAC_CONTAINER: Final = "Library/Containers/com.microsoft.Excel"
_MAC_START: Final = (
    "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)
_MAC_SCRIPTS: Final = "Library/Application Scripts/com.microsoft.Excel"


@dataclass(frozen=True)
class Machine:
    """The facts that a set-up depends on.

    platform as in `sys.platform`; encoding is that in which Excel reads its settings; interpreter
    is the running Python; modules is the folder that holds this program, None when it is installed
    in that Python; xlwings is the folder of the installed package.
    """

    platform: str
    home: Path
    environment: Mapping[str, str]
    encoding: str
    interpreter: str
    modules: Path | None
    xlwings: Path
    xlwings_version: str

    @classmethod
    def here(cls) -> Machine:
        """This computer."""
        package = find_spec("xlwings")
        assert package is not None  # noqa: S101 — a dependency of this program
        assert package.origin is not None  # noqa: S101
        # VBA reads text files in the code page of Windows, whatever Python prefers.
        encoding = locale.getencoding() if sys.platform == WINDOWS else "utf-8"
        return cls(
            sys.platform,
            Path.home(),
            dict(os.environ),
            encoding,
            sys.executable,
            _folder_of_modules(),
            Path(package.origin).parent,
            version("xlwings"),
        )

    @property
    def has_excel(self) -> bool:
        """Whether Excel exists for this system."""
        return self.platform in {WINDOWS, MACOS}

    @property
    def interpreter_key(self) -> str:
        """Name of the setting that holds the interpreter."""
        return "INTERPRETER_MAC" if self.platform == MACOS else "INTERPRETER_WIN"

    @property
    def settings(self) -> Path:
        """The user's settings of xlwings."""
        if self.platform == MACOS:
            return self.home / _MAC_CONTAINER / "Data" / SETTINGS
        return Path(self.environment.get("USERPROFILE", self.home)) / ".xlwings" / SETTINGS

    @property
    def addin(self) -> Path:
        """Where the add-in stands, so that Excel loads it at each start."""
        if self.platform == MACOS:
            return self.home / _MAC_START / ADDIN
        roaming = Path(self.environment.get("APPDATA", self.home / "AppData" / "Roaming"))
        return roaming / "Microsoft" / "Excel" / "XLSTART" / ADDIN

    @property
    def applescript(self) -> Path | None:
        """Where macOS lets Excel find the script that starts Python; None on other systems."""
        if self.platform != MACOS:
            return None
        return self.home / _MAC_SCRIPTS / f"xlwings-{self.xlwings_version}.applescript"

    @property
    def kept(self) -> Path:
        """Folder of the set-up's record."""
        return self.settings.parent / KEPT

    @property
    def container(self) -> Path | None:
        """The folder that macOS makes for Excel at its first start; None on other systems."""
        return self.home / _MAC_CONTAINER if self.platform == MACOS else None

    def copies(self) -> dict[Path, Path]:
        """The files to copy: from the xlwings package, by where they go."""
        files = {self.addin: self.xlwings / "addin" / ADDIN}
        if self.applescript is not None:
            files[self.applescript] = self.xlwings / self.applescript.name
        return files


def _folder_of_modules() -> Path | None:
    folder = Path(__file__).resolve().parents[2]
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    return None if folder in installed else folder
