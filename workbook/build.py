"""Builds the workbook that is shipped: `python -m workbook.build` writes `ClientBase.xlsm`.

The same text gives the same bytes, so that a test can tell whether the file is current.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path

from batch.configuration import read, shipped_path
from batch.writer import SheetContent, write_base

WORKBOOK = Path(__file__).parent / "ClientBase.xlsm"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TYPES = "[Content_Types].xml"
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 — any fixed moment


def build(path: Path) -> None:
    """Write the empty base of the shipped rules to *path* (.xlsm)."""
    config = read(shipped_path()).config
    empty = {table: SheetContent({}, {}, 0) for table in ("clients", "purchases", "contacts")}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "base.xlsx"
        write_base(plain, config, empty, created=_CREATED)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
            for member in source.infolist():
                data = source.read(member)
                if member.filename == _TYPES:
                    data = data.replace(_PLAIN, _WITH_MACROS)
                target.writestr(member, data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    build(WORKBOOK)
