"""The summary's two files, each replaced in one step: its text, and a page of HTML for a phone, by
day and at night, which loads and runs nothing.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from batch.errors import plain
from batch.export.phones import UnknownCountryError, numbers
from batch.night import summary
from batch.night.files import is_folder
from batch.night.run import Section
from batch.night.summary import details
from batch.saving import disk, ours
from words import _, in_every_language, marked

NAME = marked("clientbase-nightly")
LOG = f"{NAME}.log"
"""The schedule names it, which may have been set up in another language."""
MARK: Final = "<!doctype html>\n<!-- clientbase nightly -->"
"""Begins such a page, so that no other file is taken for one."""


def folder_of(given: Path, asked: Path | None, configured: str) -> Path:
    """Where the summary goes: where it was *asked* for, else where the rules say (from the folder
    of the first workbook), else beside the first workbook or into the folder *given*.
    """
    beside = given if is_folder(given) else given.parent
    if asked is not None:
        return asked
    return beside / disk.at_home(Path(configured)) if configured else beside


def write(night: summary.Summary, folder: Path) -> list[Path]:
    """Write the page and the text into *folder*, which is made where it isn't there.

    Only the owner of the folder may read them, or who runs this, where the workbooks are somebody
    else's. A file of that name that isn't such a summary
    stays; a summary named in another language goes. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marks = {".html": MARK.encode(), ".txt": summary.MARK.encode("utf-8-sig")}
    files = {
        folder / f"{_(NAME)}.html": (as_html(night), "utf-8"),
        folder / f"{_(NAME)}.txt": (summary.as_text(night), "utf-8-sig"),
    }
    for path in files:
        if path.exists() and not ours.begins_with(path, marks[path.suffix]):
            sentence = _("'{file}' is there already, and isn't such a summary; move it")
            raise FileExistsError(errno.EEXIST, sentence.format(file=path.name))
    owner = _owner(folder, [section.path for section in night.sections])
    for path, (text, encoding) in files.items():
        content = text.encode(encoding, "backslashreplace")
        disk.write_whole(path, content, disk.beside(path, path.suffix), owner)
    for name, (suffix, mark) in product(in_every_language(NAME), marks.items()):
        other = folder / f"{name}{suffix}"
        if other not in files and ours.begins_with(other, mark):
            other.unlink()
    return list(files)


def _owner(folder: Path, workbooks: Iterable[Path]) -> os.stat_result | None:
    """The owner of the *folder*, if all the workbooks are theirs."""
    owner = folder.stat()
    theirs = {path.stat().st_uid for path in workbooks if path.exists()}
    return owner if theirs <= {owner.st_uid} else None


def as_html(night: summary.Summary) -> str:
    """The summary as a page; everything from sheets is escaped."""
    return _PAGES.get_template("page.html").render(night=night)


def _tidy(section: Section) -> list[str]:
    """What the run said, without its common indent and without what isn't printable."""
    lines = (line.removeprefix("  ") for line in details(section))
    return ["".join(sign if sign.isprintable() else "?" for sign in line) for line in lines]


def _dialled(phone: str, section: Section) -> str:
    """The first number of a phone cell, as it is dialled; '' where there is none."""
    with suppress(UnknownCountryError):
        found = numbers(phone, section.rules.config.country) if section.rules else []
        return found[0].e164 if found else ""
    return ""


_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)
_PAGES.globals |= {"_": _, "dialled": _dialled, "tidy": _tidy}
_PAGES.filters["plain"] = plain
