"""Why each filled cell of a client is what it is: rules with their lines, facts with their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

import numpy as np

from batch.asking.clientsearch import find_client, shown_client
from batch.cells import CellValue, address
from batch.configuration import shipped_path
from batch.recalculation.plan import Calculated, column_edits
from rules.config.blocks import written
from rules.config.settings import FILLED
from rules.config.yaml_text import START, Mark, brief, locate, shown_entry
from rules.config.yaml_text import Path as Entry
from rules.model.declarations import Cell
from rules.model.raw import RawTable
from rules.reading.cells import minor_units, read_keys, shown_decimal, shown_money
from rules.reading.dates import shown_date
from rules.why.client import explain
from rules.why.shape import Evidence, Explanation, SourceRows
from words import _

MOST_STRETCHES = 8
"""Longer lists of rows are shortened to so many stretches."""
_WIDEST = 44
"""Values up to this wide are followed by their rule in one column."""


@dataclass(frozen=True)
class Standing:
    """A filled cell as it is in the saved workbook.

    has_column: the workbook has its column; differs: a recalculation would change it from *found*;
    is_kept: a recalculation leaves it alone.
    """

    has_column: bool = False
    differs: bool = False
    found: CellValue = None
    is_kept: bool = False


class Why:
    """The explanations of one client, for a screen and as an object."""

    def __init__(self, calculated: Calculated, asked: str) -> None:
        """Of the client that *asked* names, by ID or name. Raises UnknownClientError and
        SeveralClientsError.
        """
        self.calculated = calculated
        self.base, self.result = calculated.base, calculated.result
        self.config = calculated.rules.config
        self.position = find_client(self.base, self.result, asked)
        self.explanations = explain(self.result, self.position)
        self.standing = _standing(calculated, self.position)

    # For a screen -----------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """A title, and a block of lines for each filled column."""
        yield _("{client} ({row}), on {date}").format(
            client=shown_client(self.base, self.position),
            row=self._rows((SourceRows("clients", (self.position,)),)),
            date=self._shown(self.result.today),
        )
        yield _("Rules: {file}").format(file=self.calculated.rules.named)
        missing = [self._heading(key) for key, cell in self.standing.items() if not cell.has_column]
        if missing:
            yield _("Not in the workbook until you recalculate: {columns}.").format(
                columns=", ".join(missing)
            )
        if self.not_counted:
            yield _(
                "Rows of hers that don't count, being dated ahead or unreadable ('clientbase "
                "check' tells): {rows}."
            ).format(rows=self._rows(self.not_counted))
        heads = [self._head(one) for one in self.explanations]
        width = min(max(map(len, heads)), _WIDEST)
        for head, explanation in zip(heads, self.explanations, strict=True):
            yield ""
            rule = explanation.rule
            place = (
                f"   ({self._line(rule)}: {shown_entry(self.calculated.rules.tree, rule)})"
                if rule
                else ""
            )
            yield f"{head:<{width}}{place}".rstrip()
            yield from self._block(explanation)

    def _head(self, explanation: Explanation) -> str:
        value = self._value(explanation.key)
        shown = self._cell(explanation.key, value) or _("blank")
        return f"{self._heading(explanation.key)}: {shown}"

    def _block(self, explanation: Explanation) -> Iterator[str]:
        standing = self.standing[explanation.key]
        if standing.differs:
            found = self._cell(explanation.key, standing.found) or _("blank")
            yield "  ! " + _(
                "the workbook shows {found}; recalculate to bring it up to date"
            ).format(found=found)
        if standing.is_kept:
            yield "  ! " + _("the workbook keeps what stands there: a formula or merged cells")
        for evidence in explanation.evidence:
            rows = self._rows(evidence.rows)
            line = f"{evidence.text}: {rows}" if rows else evidence.text
            quoted = self._quoted(evidence)
            if quoted:
                line += " " + _("(note: {found})").format(found=brief(quoted))
            if evidence.rule and evidence.rule != explanation.rule:
                line += f"   ({self._line(evidence.rule)})"
            yield f"    {line}"

    def _heading(self, key: str) -> str:
        at = self.base.filled.get(key)
        return self.base.headings[at] if at else self.config.heading(FILLED, key)

    def _value(self, key: str) -> Cell:
        return self.result.cells(key)[self.position]

    def _cell(self, key: str, value: CellValue | Cell) -> str:
        """What a cell of the column *key* holds, as she reads it; '' for blank."""
        if isinstance(value, dt.date):
            return self._shown(value)
        if isinstance(value, float) and self.config.rooms.columns[key].is_money:
            minor, _readable = minor_units(np.array([value]), self.config.numbers.minor_units)
            return shown_money(int(minor[0]), self.config)
        if isinstance(value, float):
            return shown_decimal(f"{value}", self.config)
        return "" if value is None else str(value)

    def _shown(self, date: dt.date) -> str:
        return shown_date(date, self.config.dates.written)

    def _line(self, entry: Entry) -> str:
        file, found = self._place(entry)
        cells = self.calculated.rules.cells_at(entry)
        if found.is_cell:
            return cells
        message = _("{file} line {line}") if found.is_own else _("shipped {file} line {line}")
        line = message.format(file=file.name, line=found.line)
        return f"{line}, {cells}" if cells else line

    def _place(self, entry: Entry) -> tuple[Path, Mark]:
        """The file in which an entry stands that these rules go by, and its place there, which may
        be a cell of the workbook. What is in none (a default) has the line of the entry around it.
        """
        rules = self.calculated.rules
        found = locate(rules.tree, entry)[0] or START
        if found.is_cell:
            return self.calculated.path, found
        return rules.path if found.is_own else shipped_path(self.config.based_on), found

    # Rows -------------------------------------------------------------------------------

    def _rows(self, found: Sequence[SourceRows]) -> str:
        """Rows as she finds them, such as "Purchases rows 12, 45–47"; '' for none."""
        return ", ".join(self._of_sheet(rows) for rows in found)

    def _of_sheet(self, rows: SourceRows) -> str:
        table, numbers = self._table(rows), self._numbers(rows)
        stretches = list(_stretches(numbers))
        shown = ", ".join(
            f"{first}" if first == last else f"{first}–{last}"
            for first, last in stretches[:MOST_STRETCHES]
        )
        more = sum(last - first + 1 for first, last in stretches[MOST_STRETCHES:])
        if more:
            shown = _("{rows} and {count} more").format(rows=shown, count=more)
        message = _("{sheet} row {rows}") if len(numbers) == 1 else _("{sheet} rows {rows}")
        return message.format(sheet=table.sheet, rows=shown)

    def _table(self, rows: SourceRows) -> RawTable:
        return self.base.tables[rows.table]

    def _numbers(self, rows: SourceRows) -> list[int]:
        """The numbers of rows on their sheet."""
        return sorted(self._table(rows).rows[list(rows.at)].tolist())

    def _quoted(self, evidence: Evidence) -> str:
        """What she noted in the contact that agreed a date."""
        if "agreed_on" not in evidence.facts:
            return ""
        (rows,) = evidence.rows
        return str(self._table(rows).texts("note")[rows.at[0]])

    @cached_property
    def not_counted(self) -> list[SourceRows]:
        """The rows of the logs with her ID that the calculation leaves out."""
        known = self.result.known
        if not known.clients.usable[self.position]:
            return []
        key, found = known.clients.keys[self.position], []
        for name, table in self.config.rooms.tables.items():
            if table.is_of_clients and name in self.base.tables:
                cells = self.base.tables[name].column(table.identity)
                hers = read_keys(cells, are_names=self.base.clients.is_keyed_by_name) == key
                hers[known.tables[name].at] = False
                if hers.any():
                    found.append(SourceRows(name, tuple(np.flatnonzero(hers).tolist())))
        return found

    # As an object -----------------------------------------------------------------------

    def as_json(self) -> dict[str, object]:
        """The same as one object; dates as yyyy-mm-dd, money in units, blanks as null."""
        texts = {key: str(self.base.clients.texts(key)[self.position]) for key in ("id", "name")}
        return {
            "file": str(self.calculated.path),
            "today": self.result.today.isoformat(),
            "config": str(self.calculated.rules.path),
            "client": {
                **texts,
                "sheet": self.base.clients.sheet,
                "row": int(self.base.clients.rows[self.position]),
            },
            "not_counted": self._rows_as_json(self.not_counted),
            "cells": [self._cell_as_json(explanation) for explanation in self.explanations],
        }

    def _cell_as_json(self, explanation: Explanation) -> dict[str, object]:
        key = explanation.key
        standing = self.standing[key]
        return {
            "column": key,
            "heading": self._heading(key),
            "value": _plain(self._value(key)),
            "has_column": standing.has_column,
            "differs": standing.differs,
            "is_kept": standing.is_kept,
            "found": _plain(standing.found if standing.differs else self._value(key))
            if standing.has_column and not standing.is_kept
            else None,
            "rule": self._rule_as_json(explanation.rule),
            "evidence": [
                {
                    "kind": evidence.kind,
                    "text": evidence.text,
                    "rule": self._rule_as_json(evidence.rule),
                    "rows": self._rows_as_json(evidence.rows),
                    "note": self._quoted(evidence) or None,
                    "facts": {name: _plain(value) for name, value in evidence.facts.items()},
                }
                for evidence in explanation.evidence
            ],
        }

    def _rule_as_json(self, entry: Entry) -> dict[str, object] | None:
        if not entry:
            return None
        file, found = self._place(entry)
        place: dict[str, object] = {"line": found.line}
        if found.is_cell:
            place = {"sheet": self.calculated.rules.sheet, "cell": address(*found)}
        rules = [one.rule for one in self.config.contacts.rules]
        found_at = written(entry, rules, self.config.rooms.extra)
        return {"entry": list(found_at), "file": str(file), **place}

    def _rows_as_json(self, found: Sequence[SourceRows]) -> list[dict[str, object]]:
        return [{"sheet": self._table(one).sheet, "rows": self._numbers(one)} for one in found]


def _stretches(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each unbroken run of ascending *numbers*."""
    for _offset, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        yield found[0], found[-1]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _standing(calculated: Calculated, position: int) -> Mapping[str, Standing]:
    """Each filled cell of one client as it is in the saved workbook, by key: what a recalculation
    would put there is compared as that would compare it.
    """
    base = calculated.base
    row, declared = int(base.clients.rows[position]), calculated.result.declared
    keys = {base.filled[column.key]: column.key for column in declared if column.key in base.filled}
    found = calculated.book.compare(column_edits(base, calculated.result, row))
    standing = {column.key: Standing(has_column=column.key in base.filled) for column in declared}
    for change in found.changes.get(base.region.sheet, []):
        key = keys[change.column]
        standing[key] = replace(standing[key], differs=True, found=change.old)
    for kept in found.kept:
        key = keys[kept.column]
        standing[key] = replace(standing[key], is_kept=True)
    return standing
