"""The folder on this computer that stands behind the web address of a workbook on OneDrive.

Excel tells such an address in place of a path. Where the folder lies is known to the OneDrive
program: on Windows from the registry and the environment, on macOS by the names of folders.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_REGISTRY: Final = r"SOFTWARE\SyncEngines\Providers\OneDrive"
_PERSONAL: Final = re.compile(r"https://d\.docs\.live\.net/[^/]+/(?P<rest>.+)", re.IGNORECASE)
_BUSINESS: Final = re.compile(
    r"https://[^/]+-my\.sharepoint\.[^/]+/personal/[^/]+/[^/]+/(?P<rest>.+)", re.IGNORECASE
)


def is_address(name: str) -> bool:
    """Whether Excel told a web address in place of a path."""
    return urlsplit(name).scheme in {"http", "https"}


def local_file(
    address: str,
    mounts: Mapping[str, str],
    environment: Mapping[str, str],
    home: Path,
) -> Path | None:
    """The file on this computer that stands behind a web *address*; None where there is none, or
    where it could be one of several.

    mounts: the folders that are kept alike, by their addresses.
    """
    found = {
        place.resolve()
        for plain in (address, unquote(address))
        for place in _places(plain, mounts, environment, home)
        if _is_file(place)
    }
    return found.pop() if len(found) == 1 else None


def _places(
    address: str, mounts: Mapping[str, str], environment: Mapping[str, str], home: Path
) -> Iterator[Path]:
    """Where the file may lie: below a folder whose address begins its own, or in OneDrive's."""
    for start, folder in mounts.items():
        beginning = unquote(start).rstrip("/") + "/"
        if address.casefold().startswith(beginning.casefold()):
            yield Path(folder, *_steps(address[len(beginning) :]))
    personal, business = _PERSONAL.fullmatch(address), _BUSINESS.fullmatch(address)
    if personal is not None:
        names = environment.get("OneDriveConsumer"), environment.get("OneDrive")
        folders = [home / "OneDrive", home / "Library/CloudStorage/OneDrive-Personal"]
        yield from _below([*map(Path, filter(None, names)), *folders], personal["rest"])
    if business is not None:
        names = environment.get("OneDriveCommercial"), environment.get("OneDrive")
        folders = [*_folders(home, "OneDrive - *"), *_folders(home / "Library/CloudStorage", "*")]
        yield from _below([*map(Path, filter(None, names)), *folders], business["rest"])


def _steps(rest: str) -> list[str]:
    """The folders and the file of the end of an address; nothing leads out of its folder."""
    return [step for step in rest.split("/") if step not in {"", ".", ".."}]


def _below(folders: Iterable[Path], rest: str) -> Iterator[Path]:
    return (folder.joinpath(*_steps(rest)) for folder in folders)


def _folders(parent: Path, pattern: str) -> list[Path]:
    with suppress(OSError):
        return sorted(parent.glob(pattern))
    return []


def _is_file(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def here(address: str) -> Path | None:
    """`local_file` on this computer."""
    return local_file(address, mounted(), os.environ, Path.home())


def mounted() -> dict[str, str]:
    """The folders that OneDrive keeps alike, by their addresses, as Windows has them registered."""
    found: dict[str, str] = {}
    try:
        import winreg as registry  # noqa: PLC0415 — there is none but on Windows
    except ImportError:
        return found
    of: Any = registry
    with suppress(OSError), of.OpenKey(of.HKEY_CURRENT_USER, _REGISTRY) as providers:
        for number in range(of.QueryInfoKey(providers)[0]):
            with suppress(OSError), of.OpenKey(providers, of.EnumKey(providers, number)) as one:
                folder = str(of.QueryValueEx(one, "MountPoint")[0])
                for name in ("UrlNamespace", "FullRemotePath"):
                    with suppress(OSError):
                        found[str(of.QueryValueEx(one, name)[0])] = folder
    return found
