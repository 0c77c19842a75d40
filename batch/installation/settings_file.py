"""The text of xlwings' settings file: one `"KEY","value"` a line, as VBA writes it.

Lines that aren't touched stay as they are. Upper and lower case of a key are the same, and the
first line of a key counts: so the add-in reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_LINE: Final = re.compile(
    r"""^\s*("?)(?P<key>[^",]+)\1\s*,\s*("?)(?P<value>.*?)\3\s*$""", re.DOTALL
)


def values(text: str) -> dict[str, str]:
    """The settings by key in capitals; lines that are no setting are passed over."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        if setting := _LINE.match(line):
            found.setdefault(setting["key"].strip().upper(), setting["value"])
    return found


def with_values(text: str, changed: Mapping[str, str | None], newline: str) -> str:
    """*text* with some settings changed, by key in capitals: None takes a setting away, new ones
    go to the end.

    newline is that of a text which has none yet.
    """
    left = dict(changed)
    lines = [_changed_line(line, left) for line in text.split("\n")]
    kept = "\n".join(line for line in lines if line is not None)
    ending = "\r\n" if "\r\n" in text else "\n" if "\n" in text else newline
    added = [f'"{key}","{value}"{ending}' for key, value in left.items() if value is not None]
    if added and kept and not kept.endswith("\n"):
        kept += ending
    return kept + "".join(added)


def _changed_line(line: str, left: dict[str, str | None]) -> str | None:
    """The line after the change, None when it goes; what has been done is taken out of *left*."""
    setting = _LINE.match(line)
    key = setting["key"].strip().upper() if setting else ""
    if setting is None or key not in left:
        return line
    value = left.pop(key)
    if value is None:
        return None
    if value == setting["value"]:
        return line
    return f'"{setting["key"].strip()}","{value}"' + ("\r" if line.endswith("\r") else "")


def with_folder(folders: str, folder: str) -> str:
    """A list of folders (by semicolons) with *folder* in it: in front, unless it is in already."""
    known = [one for one in folders.split(";") if one.strip()]
    if folder.casefold() in {one.strip().casefold() for one in known}:
        return folders
    return ";".join([folder, *known])
