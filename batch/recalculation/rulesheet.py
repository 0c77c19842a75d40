"""The sheet Rules of a workbook: what she typed there goes before the shipped rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from batch.base import TOP_ROWS, with_dates
from batch.book import Book, ReadColumns, Worksheet
from batch.cells import address
from batch.configuration import Rules, shipped_text
from batch.errors import SheetNotFound
from rules.config import yaml_text
from rules.config.loading import ConfigError
from rules.config.yaml_text import Block, Typed, TypedMark
from rules.model.problem import Problem
from rules.reading.cells import is_blank, read_text, shown
from rules.reading.words import fold, fold_flag
from rules.rulesheet import ASKED, Asked, found_in, is_same, named, written
from words import _, in_every_language, marked

RULE, SHIPPED, MINE, UNIT, SETTING = (
    marked("Rule"),
    marked("As shipped"),
    marked("Mine"),
    marked("Unit"),
    marked("Setting"),
)
"""The headings of the sheet; Setting is that of a hidden column, by which each row is known."""
_MOST_ROWS = 1000
"""Nobody's sheet of rules is longer."""


class _Place(NamedTuple):
    """Where the sheet stands: the row of its headings, and the columns of two of them."""

    sheet: Worksheet
    row: int
    setting: int | None
    mine: int


class _Cell(NamedTuple):
    """A cell that she filled: its setting, the same as steps in her language, what it says."""

    asked: Asked
    steps: Sequence[str]
    typed: Typed
    found: str


def with_sheet(book: Book, rules: Rules) -> Rules:
    """*rules*, and what she typed on the sheet Rules of *book*, where it has one of ours."""
    place = _place(book, rules)
    if place is None:
        return rules
    sheet = place.sheet.name
    if place.setting is None:
        advice = _(
            "This sheet lacks its hidden column '{heading}', so what you typed here counts for "
            "nothing. Take the sheet from a new workbook."
        )
        lost = Problem(sheet, "A1", "", advice.format(heading=_(SETTING)))
        return replace(rules, problems=(*rules.problems, lost))
    reader = _CellReader(book, rules, place.sheet)
    cells = list(reader.cells(place.row, place.setting, place.mine))
    book.forget(place.sheet)
    whole = reader.laid(cells)
    return replace(whole, problems=(*rules.problems, *reader.problems))


def _place(book: Book, rules: Rules) -> _Place | None:
    """Where the sheet stands; None for a sheet of that name that is hers."""
    try:
        sheet = book.sheet(rules.config.sheet("rules"))
    except SheetNotFound:
        return None
    names = {one: set(map(fold, in_every_language(one))) for one in (RULE, SHIPPED, MINE, SETTING)}
    for row, texts in sorted(book.top_rows(sheet, TOP_ROWS).items()):
        at = {
            name: column
            for column, text in texts.items()
            for name, accepted in names.items()
            if fold(text) in accepted
        }
        if MINE in at and (SETTING in at or (RULE in at and SHIPPED in at)):
            return _Place(sheet, row, at.get(SETTING), at[MINE])
    book.forget(sheet)
    return None


@dataclass
class _CellReader:
    """Reads the cells of the sheet, and notes those that can't count."""

    book: Book
    rules: Rules
    sheet: Worksheet

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    @cached_property
    def english(self) -> Block:
        """The shipped rules in English, by which settings are called."""
        return yaml_text.read(shipped_text("en"))[0]

    @cached_property
    def shipped(self) -> Block:
        """The shipped rules in her language."""
        return yaml_text.read(shipped_text(self.rules.config.based_on))[0]

    def cells(self, heading: int, setting: int, mine: int) -> Iterator[_Cell]:
        """The cells that she filled and that can be read."""
        wanted = sorted({setting, mine})
        read = self.book.columns(self.sheet, wanted, heading + 1, heading + _MOST_ROWS)
        keys = read_text(read.values[setting]).tolist()
        known: dict[str, int] = {}
        for row, key, cell in zip(read.rows.tolist(), keys, self._shown(read, mine), strict=True):
            asked = ASKED.get(key.strip())
            if (row, mine) in read.uncalculated:
                self._complain(row, mine, "=…", _("a formula without a result; type the value"))
            elif cell is None:
                continue
            elif asked is None:
                if key.strip():
                    found = _("this program has no such rule; delete what stands here")
                    self._complain(row, mine, shown(cell), found)
            elif known.setdefault(key, row) != row:
                found = _("this rule stands in row {row} already; that one counts")
                self._complain(row, mine, shown(cell), found.format(row=known[key]))
            else:
                yield from self._cell(asked, cell, row, mine)

    def _shown(self, read: ReadColumns, column: int) -> list[object]:
        """The cells of a column with dates as dates; None for blank ones, and for a lone dash."""
        cells = with_dates(self.book, read.values[column], read.styles[column])
        blank = is_blank(cells).tolist()
        return [
            None if is_none or fold_flag(str(one)) in {"", "-"} else one
            for one, is_none in zip(cells.tolist(), blank, strict=True)
        ]

    def _cell(self, asked: Asked, cell: object, row: int, column: int) -> Iterator[_Cell]:
        is_number = isinstance(cell, float)
        is_percent = is_number and self.book.shows_percent(self.sheet, row, column)
        try:
            text = written(cell, asked, self.rules.config.numbers, is_percent=is_percent)
        except ValueError as error:
            self._complain(row, column, shown(cell), str(error))
            return
        steps = named(asked.setting, self.english, self.shipped)
        *_before, (path, _mark, _value) = found_in(self.shipped, steps)
        yield _Cell(asked, steps, Typed(path, text, TypedMark(row, column)), shown(cell))

    def _complain(self, row: int, column: int, found: str, why: str) -> None:
        sentence = _("{why}. As long as that stands here, the cell counts as empty.")
        advice = sentence.format(why=why[:1].upper() + why[1:])
        self.problems.append(Problem(self.sheet.name, address(row, column), found, advice))

    # What counts ----------------------------------------------------------------------------

    def laid(self, cells: Sequence[_Cell]) -> Rules:
        """The rules with all cells that can count; the others are noted."""
        if not cells:
            return self.rules
        try:
            whole = self._with(cells)
        except ConfigError:
            whole, cells = self._one_by_one(cells)
        return replace(whole, told=tuple(self._overruled(whole, cells)))

    def _with(self, cells: Sequence[_Cell]) -> Rules:
        return self.rules.with_cells(self.sheet.name, [one.typed for one in cells])

    def _one_by_one(self, cells: Sequence[_Cell]) -> tuple[Rules, list[_Cell]]:
        """The rules with each cell that goes together with those above it."""
        whole, good = self.rules, list[_Cell]()
        for one in cells:
            try:
                whole = self._with([*good, one])
                good.append(one)
            except ConfigError as error:
                self._complain(*one.typed.mark, one.found, error.findings[0].message)
        return whole, good

    def _overruled(self, whole: Rules, cells: Sequence[_Cell]) -> Iterator[str]:
        """Which cells say another thing than her file, which counts."""
        for one in cells:
            ways = list(found_in(whole.tree, one.steps))
            _path, mark, value = ways[-1] if len(ways) == len(one.steps) else ((), None, None)
            if mark is not None and mark.is_cell:
                continue
            if isinstance(value, str) and is_same(value, one.typed.text):
                continue
            *_before, (_path, own, _value) = found_in(whole.own, one.steps)
            sentence = _(
                "On the sheet {sheet}, cell {cell} says {found}; {file}, line {line}, says "
                "otherwise, and counts."
            )
            yield sentence.format(
                sheet=self.sheet.name,
                cell=address(*one.typed.mark),
                found=one.found,
                file=whole.path.name,
                line=own.line,
            )
