"""One import, from looking at the files to the written base."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from batch import configuration
from batch.configuration import Rules
from batch.history import receipts
from batch.importing import importing, plan, telling, writing
from batch.importing.importing import Looked
from batch.importing.outcome import Brought
from batch.importing.plan import ImportPlan
from batch.importing.sheets import SourceSheet, text_of
from batch.importing.standing import StandingBase
from batch.installation.typed import command
from batch.making.new import check_target
from batch.recalculation.rulesheet import with_sheet
from batch.saving import inuse
from batch.xlsx.workbook import open_book
from rules.config.settings import FILLED
from words import _

_CYRILLIC = 0.2
"""From this part of Cyrillic letters on a list is Russian."""


@dataclass
class Import:
    """An import: what is read, by which rules, with which plan, and what came of it.

    to: the base; is_new: whether it isn't there yet.
    """

    old: Sequence[Path]
    to: Path | None
    rules: Rules
    sheets: list[SourceSheet]
    plan: ImportPlan
    plan_path: Path
    today: dt.date
    standing: StandingBase | None = None
    is_plan_named: bool = False
    looked: Looked = field(init=False)
    _before: str = ""

    @classmethod
    def begun(
        cls,
        old: Sequence[Path],
        to: Path | None,
        plan_path: Path | None,
        config: Path | None,
        today: dt.date,
    ) -> Import:
        """Read all that is needed. Raises a ClientBaseError."""
        standing_path = inuse.real(to) if to is not None and to.exists() else None
        if to is not None and standing_path is None:
            check_target(to)
        rules_path = configuration.find(to or old[0].absolute().parent / "-", config)
        is_choice = config is not None or not configuration.is_shipped(rules_path)
        rules = configuration.read(rules_path, configuration.language_of(to) if to else "en")
        sheets = importing.read(old, rules.config)
        if not is_choice and standing_path is None:
            rules = configuration.read(configuration.shipped_path(_language(sheets)))
        standing = None
        if standing_path is not None:
            book = open_book(standing_path, rules.config.limits)
            rules = with_sheet(book, rules)
            standing = StandingBase(book, rules.config, today)
        path = plan_path or _plan_beside(old[0], to)
        is_named = plan_path is not None
        known = plan.read(path)
        return cls(old, to, rules, sheets, known, path, today, standing, is_named)

    def look(self) -> None:
        """Find out what comes of the files with the answers so far. Raises PlanError."""
        self._before = self._before or self.plan.known.model_dump_json()
        self.plan = self.plan.again()
        config = self.rules.config
        if self.standing is not None:
            self.standing = StandingBase(self.standing.book, config, self.today)
        self.looked = importing.look_at(self.sheets, config, self.plan, self.today, self.standing)

    @property
    def found(self) -> Brought:
        """What comes in."""
        return self.looked.found

    def keep_plan(self, command: str) -> bool:
        """Write the plan where there is anything to ask that it doesn't hold; whether it was."""
        is_new = self.plan.known.model_dump_json() != self._before or not self.plan_path.exists()
        is_needed = self.is_plan_named or self.plan.asked or self._has_unknown_sheets()
        if not (is_new and is_needed):
            return False
        plan.write(self.plan_path, self.plan, command)
        return True

    def _has_unknown_sheets(self) -> bool:
        return any(one.kind == "other" and one.sheet.rows for one in self.looked.layouts)

    def understood(self) -> Iterator[str]:
        """What was understood, what isn't carried over, and what is asked."""
        config, records = self.rules.config, self.looked.records
        for layout in self.looked.layouts:
            yield from telling.understood(layout, records, config)
        yield from telling.first_rows(self.found, config)
        yield from telling.left(self.found.left)
        yield from telling.questions(self.plan)

    def rehearsed(self) -> Iterator[str]:
        """What the base would be with all this."""
        config = self.rules.config
        yield from telling.coming(self.found, config)
        yield from telling.totals(self.looked.records, config)
        if self.found.is_empty:
            return
        result = writing.rehearsed(self.found, self.standing, self.rules, self.today)
        group = result.of_role("sticker")[result.known.clients.usable].tolist()
        blank = _("blank")
        counts = ", ".join(f"{word or blank} {n}" for word, n in Counter(group).most_common())
        heading = config.heading(FILLED, config.rooms.roles["sticker"])
        yield "  " + f"{heading}: {counts}"
        overdue, due = result.due()
        yield "  " + _("Contacts: {overdue} overdue, {today} due today.").format(
            overdue=overdue, today=due
        )

    def write(self) -> Iterator[str]:
        """Write the base; what to tell of it. Raises a ClientBaseError."""
        assert self.to is not None  # noqa: S101 — the caller asked for a base
        if self.standing is None:
            now = dt.datetime.now().astimezone()
            writing.write_new(self.to, self.rules, self.found, self.old, self.today, now)
            sentence = _("Made {file}. To take it away again: {command}")
            return iter([sentence.format(file=self.to, command=command("undo", self.to))])
        return iter(self._added(self.standing))

    def _added(self, standing: StandingBase) -> list[str]:
        path, now = standing.book.path, dt.datetime.now().astimezone()
        inuse.check_free(path)
        inuse.check_writable(path)
        with inuse.held(path, partial(receipts.settle, path)):
            below = writing.staged(standing, self.found, self.rules.config)
            done = writing.add(standing, below, self.rules, self.today, now)
        sentence = _("Added to {file}. To take it back: {command}")
        lines = [sentence.format(file=path.name, command=command("undo", path))]
        lines += telling.left(done.left)
        if done.backup is not None:
            lines.append("  " + _("The version before: {file}").format(file=done.backup))
        return [*lines, *(f"  {one}" for one in done.told)]


def _plan_beside(old: Path, to: Path | None) -> Path:
    """Where the plan stands by default: beside the old file, or where one may write."""
    folder = old.absolute().parent
    if not os.access(folder, os.W_OK):
        folder = to.absolute().parent if to is not None else Path.cwd()
        return folder / f"{old.stem}.plan.yaml"
    return old.with_name(f"{old.stem}.plan.yaml")


def _language(sheets: Sequence[SourceSheet]) -> str:
    """The language of some lists, by their letters."""
    letters = cyrillic = 0
    for sheet in sheets:
        for row in sheet.rows[:500]:
            for sign in "".join(text_of(cell) for cell in row):
                letters += sign.isalpha()
                cyrillic += "\u0400" <= sign <= "\u04ff"
    return "ru" if cyrillic > letters * _CYRILLIC else "en"
