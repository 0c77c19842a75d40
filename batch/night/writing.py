"""The summary's two files, each replaced in one step."""

from __future__ import annotations

import errno
from pathlib import Path

from batch.night import page, summary
from batch.night.files import is_folder
from batch.saving import disk
from words import _

NAME = "clientbase-nightly"
LOG = f"{NAME}.log"


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
    stays. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        folder / f"{NAME}.html": (page.as_html(night), "utf-8", page.MARK.encode()),
        folder / f"{NAME}.txt": (
            summary.as_text(night),
            "utf-8-sig",
            summary.MARK.encode("utf-8-sig"),
        ),
    }
    for path, (_text, _encoding, mark) in files.items():
        if path.exists() and not (path.is_file() and _begins_with(path, mark)):
            raise FileExistsError(
                errno.EEXIST,
                _("'{file}' is there already, and isn't such a summary; move it").format(
                    file=path.name
                ),
            )
    for path, (text, encoding, _mark) in files.items():
        content = text.encode(encoding, "backslashreplace")
        disk.write_whole(path, content, disk.beside(path, path.suffix), folder.stat())
    return list(files)


def _begins_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark
