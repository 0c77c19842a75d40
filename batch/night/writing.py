"""The summary's two files, each replaced in one step: its text, and a page of HTML for a phone, by
day and at night, which loads and runs nothing.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain, count, product
from pathlib import Path
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from batch.errors import plain, reason_of
from batch.export.phones import UnknownCountryError, numbers
from batch.night import summary
from batch.night.files import is_folder
from batch.night.run import Section
from batch.night.summary import details
from batch.saving import disk, ours
from words import _, in_every_language, marked

NAME = marked("clientbase-nightly")
"""How the summary and the log of the nights are called, in the language of the rules."""
MOST_BYTES: Final = 300_000
"""A page that is longer nobody reads, and many servers don't take it as a mail."""
_MOST_WHOLE: Final = 250_000
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


class Pages:
    """The workbooks of a night as they are filled: all of them stand on the page of the summary,
    or, where that would be long, each on a page of its own in a folder beside it.
    """

    def __init__(self, night: summary.Summary, folder: Path, *, with_objects: bool = False) -> None:
        """*folder*: of the summary; *with_objects*: all of it is wanted as JSON, too."""
        self.night, self.folder, self.with_objects = night, folder / _(NAME), with_objects
        self._size = 0
        self._whole: list[Section] = []
        self._names: set[str] = set()

    def add(self, section: Section) -> None:
        """One more. Raises nothing: a page that can't be written is among the troubles."""
        if self.with_objects:
            section.object = summary.as_object(section)
        self.night.sections.append(section)
        self._whole.append(section)
        if self._size <= _MOST_WHOLE:
            self._size += len(self._page(section))
        if self._size > _MOST_WHOLE:
            for one in self._whole:
                self._put_apart(one)
            self._whole.clear()

    def clear(self) -> None:
        """Delete what pages of other nights there are, as far as that can be done."""
        for name in in_every_language(NAME):
            folder = self.folder.with_name(name)
            if folder.is_symlink() or not is_folder(folder):
                continue
            for path in folder.glob("*.html"):
                is_new = folder == self.folder and path.name.casefold() in self._names
                with suppress(OSError):
                    if not is_new and ours.begins_with(path, MARK.encode()):
                        path.unlink()
            with suppress(OSError):  # it holds pages, or something of hers
                folder.rmdir()

    def _page(self, section: Section) -> bytes:
        alone = summary.Summary(self.night.today, self.night.config, [section])
        return as_html(alone).encode("utf-8", "backslashreplace")

    def _put_apart(self, section: Section) -> None:
        page = self._page(section)
        section.shorten(summary.brief(section))
        try:
            path = self._free(section.path.stem)
            parent = _made(self.folder.parent)
            disk.private_folder(self.folder, parent.stat())
            owner = _owner(parent, [section.path])
            disk.write_whole(path, page, disk.beside(path, path.suffix), owner)
        except OSError as error:
            trouble = _("The pages of the workbooks can't be written: {reason}.")
            told = trouble.format(reason=reason_of(error))
            self.night.troubles += [told] if told not in self.night.troubles else []
        else:
            self._names.add(path.name.casefold())
            section.page = f"{self.folder.name}/{path.name}"

    def _free(self, stem: str) -> Path:
        """A name that no other page of this night has, nor a file of hers."""
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        free = (self.folder / f"{one}.html" for one in names)
        return next(path for path in free if not self._is_taken(path))

    def _is_taken(self, path: Path) -> bool:
        is_new = path.name.casefold() in self._names
        return is_new or (path.exists() and not ours.begins_with(path, MARK.encode()))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write(night: summary.Summary, folder: Path) -> list[Path]:
    """Write the page and the text into *folder*, which is made where it isn't there.

    Only the owner of the folder may read them, or who runs this, where the workbooks are somebody
    else's. A file of that name that isn't such a summary
    stays; a summary named in another language goes. Raises OSError.
    """
    _made(folder)
    night.most = len(night.sections)
    while len(as_html(night).encode("utf-8", "replace")) > MOST_BYTES and night.most:
        night.most //= 2
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
_PAGES.filters["address"] = lambda page: quote(os.fsencode(page))
