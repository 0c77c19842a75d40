"""How far apart the cells of a workbook stand, whatever else is in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from batch.cells import column_number
from batch.xlsx.package import FileLimits, directory
from batch.xlsx.zipraw import unpack

if TYPE_CHECKING:
    from rules.config import settings

_CELL: Final = re.compile(rb'<(?:[\w.-]+:)?c r="([A-Z]{1,3})([0-9]{1,7})"')


def sheet_areas(path: Path, limits: "settings.Limits | None" = None) -> Iterator[int]:
    """How many cells the rectangle around all cells of each sheet spans; none for a file that isn't
    packed. Raises ``TooLarge``, or ``Damaged``.
    """
    with path.open("rb") as file:
        is_packed = file.read(2) == b"PK"
    if not is_packed:
        return
    content = path.read_bytes()
    allowed = FileLimits() if limits is None else FileLimits.of(limits)
    for member in directory(path, content, allowed).members:
        if not member.name.startswith("xl/worksheets/") or not member.name.endswith(".xml"):
            continue
        rows, columns = set(), set()
        for letters, row in _CELL.findall(unpack(content, member)):
            rows.add(int(row))
            columns.add(column_number(letters.decode()))
        if rows:
            yield (max(rows) - min(rows)) * (max(columns) - min(columns))
