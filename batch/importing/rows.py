"""What reading the rows of any sheet has in common: which of them are none, cells that can't be
read, what isn't carried over.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Final

from batch.cells import parse_address
from batch.importing import reading
from batch.importing.layout import SourceColumn, SourceLayout
from batch.importing.plan import ImportPlan, says
from batch.importing.records import LeftOut, Records
from batch.importing.rowkinds import row_kinds
from batch.importing.sheets import Cell, text_of
from rules.config.settings import Config
from rules.reading.cells import shown_money
from words import _, marked

_COUNTED: Final = {
    "letter": marked("letters of the alphabet"),
    "section": marked("headings of sections"),
    "heading": marked("headings once more"),
    "total": marked("totals"),
    "footer": marked("lines below the list"),
}


class RowReader:
    """Reads the rows of a sheet into the records."""

    def __init__(
        self,
        layout: SourceLayout,
        config: Config,
        plan: ImportPlan,
        records: Records,
        today: dt.date,
    ) -> None:
        self.layout = layout
        self.sheet = layout.sheet
        self.config = config
        self.plan = plan
        self.records = records
        self.today = today
        self.kinds = row_kinds(layout)
        self.rows = [at for at, kind in self.kinds.items() if kind == "data"]
        self.title = layout.sheet.title
        self.notes: dict[int, dict[str, str]] = {}
        for place, text in layout.sheet.notes.items():
            self.notes.setdefault(parse_address(place)[0], {})[place] = text

    def read(self) -> None:
        """Add what the sheet says to the records."""
        raise NotImplementedError

    def tell(self, sentence: str) -> None:
        """Add what is to be told of the sheet."""
        self.records.tell(self.title, sentence)

    def leave(self, cell: str, what: str, why: str) -> None:
        """Name something that isn't carried over."""
        self.records.left.append(LeftOut(f"{self.title}, {cell}", what, why))

    def one(self, role: str) -> SourceColumn | None:
        """The column of a role."""
        return next(iter(self.layout.of(role)), None)

    def cells(self, column: SourceColumn | None) -> list[Cell]:
        """The cells of a column in the rows of data."""
        return [None if column is None else self.sheet.cell(at, column.at) for at in self.rows]

    def tell_rows(self) -> None:
        """Tell which rows are none, and which columns are left out."""
        counts = Counter(kind for kind in self.kinds.values() if kind != "data")
        if counts:
            kinds = ", ".join(f"{_(_COUNTED[kind])} {count}" for kind, count in counts.items())
            self.tell(_("Rows that are none: {kinds}.").format(kinds=kinds))
        for at, kind in self.kinds.items():
            if kind in {"section", "footer"}:
                texts = " ".join(text_of(cell) for cell in self.sheet.rows[at]).strip()
                self.leave(f"A{self.sheet.numbers[at]}", texts, _(_COUNTED[kind]))
        for at in range(min(self.layout.headings, default=0)):
            texts = " ".join(text_of(cell) for cell in self.sheet.rows[at]).strip()
            self.leave(f"A{self.sheet.numbers[at]}", texts, _("a line above the headings"))

        data = {self.sheet.numbers[at] for at in self.rows}
        for number in self.notes.keys() - data:
            for place, text in self.notes[number].items():
                self.leave(place, text, _("a comment"))

    def tell_columns(self, aside: Sequence[SourceColumn]) -> None:
        """Tell which columns aren't carried over."""
        names = [one.shown for one in aside]
        if names:
            self.tell(
                _("Columns that aren't carried over: {names}.").format(names=", ".join(names))
            )
        if self.layout.empty:
            names = self.layout.empty
            self.tell(_("Columns in which nothing stands: {names}.").format(names=", ".join(names)))

    def amount(self, at: int, column: SourceColumn, minor: int | None) -> int | None:
        """The money in a cell; of one that can't be read what she says; None for nothing."""
        cell = self.sheet.cell(at, column.at)
        if minor is not None or reading.is_nothing(cell):
            return minor
        key, place = text_of(cell), self.sheet.address(at, column.at)
        may_be = reading.meant(cell, self.config)
        proposal = "" if may_be is None else shown_money(may_be, self.config)
        answer = self.plan.answer("cells", key, proposal, f"{self.title}, {place}")
        if not answer or says(answer, "leave_out"):
            self.leave(place, key, _("an amount that can't be read"))
            return None
        read = reading.amounts([answer], self.config)[0]
        if read is None:
            raise self.plan.refuse("cells", key, answer)
        return read

    def note(self, at: int) -> str:
        """The comments at the cells of a row."""
        return "; ".join(self.notes.get(self.sheet.numbers[at], {}).values())
