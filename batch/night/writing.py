"""The summary's two files, each replaced in one step."""

from __future__ import annotations

import errno
from itertools import product
from pathlib import Path

from batch.night import page, summary
from batch.night.files import is_folder
from batch.saving import disk
from words import _, in_every_language, marked

NAME = marked("clientbase-nightly")
LOG = f"{NAME}.log"
"""The schedule names it, which may have been set up in another language."""


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

    Only the owner of the folder may read them. A file of that name that isn't such a summary
    stays; a summary named in another language goes. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marks = {".html": page.MARK.encode(), ".txt": summary.MARK.encode("utf-8-sig")}
    files = {
        folder / f"{_(NAME)}.html": (page.as_html(night), "utf-8"),
        folder / f"{_(NAME)}.txt": (summary.as_text(night), "utf-8-sig"),
    }
    for path in files:
        if path.exists() and not _begins_with(path, marks[path.suffix]):
            raise FileExistsError(
                errno.EEXIST,
                _("'{file}' is there already, and isn't such a summary; move it").format(
                    file=path.name
                ),
            )
    for path, (text, encoding) in files.items():
        content = text.encode(encoding, "backslashreplace")
        disk.write_whole(path, content, disk.beside(path, path.suffix), folder.stat())
    for name, (suffix, mark) in product(in_every_language(NAME), marks.items()):
        other = folder / f"{name}{suffix}"
        if other not in files and _begins_with(other, mark):
            other.unlink()
    return list(files)


def _begins_with(path: Path, mark: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(mark)) == mark
