"""Looking at what she has, and everything that follows from it and her plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batch.importing import sources
from batch.importing.dictionary import KnownHeadings
from batch.importing.extraction import extract
from batch.importing.filled import FilledBases
from batch.importing.layout import MONTH, SourceColumn, SourceLayout, look
from batch.importing.outcome import Brought, outcome
from batch.importing.periods import period
from batch.importing.plan import ImportPlan, SheetPlan
from batch.importing.records import LeftOut, Records
from batch.importing.sheets import SourceSheet, text_of
from batch.importing.standing import StandingBase
from rules.config.settings import Config
from words import _


@dataclass
class Looked:
    """What was understood, and what comes of it with the answers of a plan."""

    layouts: list[SourceLayout]
    records: Records
    found: Brought


def look_at(
    sheets: Sequence[SourceSheet],
    config: Config,
    plan: ImportPlan,
    today: dt.date,
    standing: StandingBase | None,
) -> Looked:
    """What some sheets bring, with the answers of the plan. Raises PlanError."""
    headings, filled = KnownHeadings(config), FilledBases(sheets, config)
    layouts = [_planned(one, headings, filled, plan, today) for one in sheets]
    _number_clients(layouts)
    records = extract(layouts, config, plan, today)
    for layout in layouts:
        _leave_whole(layout, records)
    return Looked(layouts, records, outcome(records, config, plan, standing))


def _number_clients(layouts: Sequence[SourceLayout]) -> None:
    """Where logs name clients by ID and no list has one, the numbers of its rows are their IDs."""
    lists = [one for one in layouts if one.kind in {"clients", "months"}]
    logs = [one for one in layouts if one.kind in {"purchases", "contacts"}]
    if any(one.has("id") for one in logs) and not any(one.has("id") for one in lists):
        for layout in lists:
            for one in layout.of("number"):
                one.role = "id"


def read(paths: Sequence[Path], config: Config) -> list[SourceSheet]:
    """The sheets of all files. Raises SourceError."""
    whole = list(dict.fromkeys(one.resolve() for one in paths))
    names = Counter(one.name for one in whole)
    found = []
    for path in whole:
        for sheet in sources.read(path, config.limits):
            if names[path.name] > 1:
                sheet.folder = path.parent.name
            found.append(sheet)
    return found


def _planned(
    sheet: SourceSheet,
    headings: KnownHeadings,
    filled: FilledBases,
    plan: ImportPlan,
    today: dt.date,
) -> SourceLayout:
    """What a sheet is, with what she says of it; what nobody said is written into the plan."""
    layout = look(sheet, headings, today)
    filled.leave_out(layout)
    names = [one.shown for one in layout.columns]
    said = plan.sheet(sheet.title, names)
    if said is not None:
        rows = said.headings or ([] if said.kind == "notebook" else None)
        layout = look(sheet, headings, today, rows) if rows else layout
        layout.kind = said.kind
        layout.year = said.year or layout.year
        for one in layout.columns:
            word = said.columns.get(one.shown, one.role)
            _say(one, headings.said(word), layout.year or today.year)
    if sheet.rows:
        plan.known.sheets[sheet.title] = SheetPlan(
            kind=layout.kind,  # type: ignore[arg-type]
            headings=[sheet.numbers[at] for at in layout.headings],
            year=layout.year or None,
            columns={one.shown: _role_in_plan(one) for one in layout.columns},
        )
    return layout


def _role_in_plan(column: SourceColumn) -> str:
    if column.period is not None and column.role == MONTH:
        return column.period.last.isoformat()
    return "-" if column.role == "aside" else column.role


def _say(column: SourceColumn, role: str, year: int) -> None:
    """Take a column for what the plan says."""
    role = role.strip()
    found = None
    if role[:4].isdigit() and len(role) >= 7:
        try:
            found = period(dt.date.fromisoformat(role), year)
        except ValueError:
            found = period(role, year)
    column.period = found
    column.role = MONTH if found else "aside" if role == "-" else role


def _leave_whole(layout: SourceLayout, records: Records) -> None:
    """Name a sheet of which nothing is taken."""
    if layout.kind in {"other", "skip"} and layout.sheet.rows:
        first = ", ".join(text_of(cell) for cell in layout.sheet.rows[0] if cell is not None)
        why = _("a whole sheet")
        records.left.append(LeftOut(layout.sheet.title, first, why))
