"""Columns of one region staged in a workbook that is read afresh, as most tests want it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from batch.cells import CellValue
from batch.edits import Change, Edit, FilledValue, Kept, Kind, Region
from batch.xlsx.package import Package
from batch.xlsx.workbook import Workbook


class OneColumn(NamedTuple):
    """A column of a region that is named later."""

    heading: str
    column: int | None
    kind: Kind
    values: Sequence[FilledValue]
    width: float | None = None


class Filling(NamedTuple):
    """What was staged. columns: the number of each column by heading."""

    changes: list[Change]
    kept: list[Kept]
    parts: dict[str, bytes]
    columns: dict[str, int]

    @property
    def expected(self) -> list[tuple[int, int, CellValue]]:
        """Row, column and new value of the changed cells."""
        return [(one.row, one.column, one.new) for one in self.changes]


def fill(workbook: Workbook, region: Region, columns: Sequence[OneColumn]) -> Filling:
    """Stage the columns in a workbook of the same file."""
    book = Workbook(workbook.package)
    effect = book.stage([Edit(region, *column) for column in columns])
    changes = [change for found in effect.changes.values() for change in found]
    numbers = {one.heading: one.column for one in columns if one.column}
    numbers |= {change.heading: change.column for change in changes}
    return Filling(changes, effect.kept, book.parts(), numbers)


def with_parts(workbook: Workbook, parts: Mapping[str, bytes]) -> Workbook:
    """The workbook with other parts, whatever they hold."""
    package, new = workbook.package, io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package.content)) as old, zipfile.ZipFile(new, "w") as zipped:
        for name in old.namelist():
            zipped.writestr(name, parts.get(name, old.read(name)))
    return Workbook(Package(package.path, new.getvalue(), package.limits))
