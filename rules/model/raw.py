"""A table as it stands on its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Dates
from rules.reading.cells import Cells, Mask, ReadDates, no_cells, read_dates, read_text


@dataclass(frozen=True)
class RawTable:
    """A table as it stands on its sheet.

    cells: columns of equal length (`rules.reading.cells.Cells`) by key of `config.columns`;
    letters: the sheet's column letters by the same keys and those of details; rows: the row number
    of each row; own: more of her columns, by folded heading, for rules that ask for them; details:
    columns that no rule decides by, by key, where they were asked for; shown_as_dates: by key of a
    column of dates which of its cells Excel shows as dates, where none of them holds a `date`
    itself.
    """

    sheet: str
    rows: NDArray[np.int64]
    cells: Mapping[str, Cells]
    letters: Mapping[str, str]
    own: Mapping[str, Cells] = field(default_factory=dict)
    epoch_1904: bool = False
    details: Mapping[str, Cells] = field(default_factory=dict)
    shown_as_dates: Mapping[str, Mask] = field(default_factory=dict)

    @classmethod
    def empty(cls, sheet: str) -> RawTable:
        """A table without rows or columns."""
        return cls(sheet, np.array([], dtype=np.int64), {}, {})

    @property
    def is_keyed_by_name(self) -> bool:
        """Whether the names of its rows are their IDs: she keeps no others."""
        return "id" in self.letters and self.letters["id"] == self.letters.get("name")

    def with_cells(self, cells: Mapping[str, Cells], letters: Mapping[str, str]) -> RawTable:
        """The same rows with other columns."""
        return replace(self, cells=cells, letters=letters)

    def texts(self, key: str, at: NDArray[np.intp] | None = None) -> NDArray[np.object_]:
        """The column *key*, of whichever kind, as texts, all or those *at* some positions; '' where
        blank.
        """
        cells = self.shown(key)
        return read_text(cells if at is None else cells[at])

    def shown(self, key: str) -> Cells:
        """The column *key*, also one that no rule decides by."""
        return self.details[key] if key in self.details else self.column(key)

    def column(self, key: str) -> Cells:
        """The column *key*; blank cells when the sheet doesn't have it."""
        return self.cells[key] if key in self.cells else no_cells(len(self.rows))

    def dates(
        self,
        key: str,
        rule: Dates,
        today: np.datetime64,
        *,
        is_birthday: bool = False,
        lies_ahead: bool = False,
    ) -> ReadDates:
        """The column *key*, also one that no rule decides by, read as dates."""
        return read_dates(
            self.shown(key),
            rule,
            today,
            epoch_1904=self.epoch_1904,
            is_birthday=is_birthday,
            lies_ahead=lies_ahead,
            shown_as_dates=self.shown_as_dates.get(key),
        )

    def address(self, key: str, position: int) -> str:
        """The address of a cell, such as B7."""
        return f"{self.letters.get(key, 'A')}{self.rows[position]}"
