"""The figures on the first sheet and under the charts: each formula beside what it gives.

New bases get the formulas; in a closed file their stored results are renewed. Only a formula that
reads as it is worded here gets a result; one that she changed is left to Excel. So are all of them
in a workbook whose clients stand in no Excel table.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from batch.base import ClientBase
from batch.book import Book, Worksheet
from batch.cells import DAYS_TO_1904, column_number, is_nothing
from batch.edits import Kept
from batch.formulas.functions import Renewed
from rules.config.settings import FILLED, Config
from rules.model.declarations import Column, Role
from rules.model.result import Result
from rules.reading.cells import CellError
from words import _, speaking

TABLE = "Clients"
"""The table of the clients in new bases, in whatever language."""
_DAY_ZERO = dt.date(1899, 12, 30)
_SOON_DAYS = 7
_FUNCTIONS = ("TODAY", "COUNTA", "COUNTIF", "COUNTIFS", "SUMIF", "IF", "IFERROR")

Value: TypeAlias = float | str | dt.date


@dataclass(frozen=True)
class ShownTable:
    """What the table of the clients shows on the day *today*.

    ids: how many cells of the column ID hold something. cells: those of each filled column by
    key, as arrays; texts in small letters and '' for blank, numbers and `day_number` of dates with
    NaN for blank.
    """

    today: dt.date
    ids: int
    cells: Mapping[str, NDArray[Any]]

    @classmethod
    def unfilled(cls, config: Config, today: dt.date, ids: int) -> ShownTable:
        """A base with so many IDs before its first recalculation."""
        every = config.rooms.columns.values()
        kinds = {column.key: object if column.kind == "text" else float for column in every}
        return cls(today, ids, {key: np.array([], kind) for key, kind in kinds.items()})

    def days_ahead(self, key: str) -> NDArray[np.float64]:
        """How many days after today each date of a column lies; NaN for blank."""
        days: NDArray[np.float64] = self.cells[key] - day_number(self.today)
        return days

    def says(self, key: str, name: str) -> NDArray[np.bool_]:
        """Which cells of a column hold *name*, in whatever case."""
        found: NDArray[np.bool_] = self.cells[key] == name.lower()
        return found


@dataclass(frozen=True)
class Figure:
    """A formula as files hold it, without the equals sign, and what it gives in a spreadsheet."""

    formula: str
    value: Callable[[ShownTable], Value]


class Figures:
    """All figures in the words of *config*.

    table and headings (by the key of a column): as they are in the workbook, by default as in new
    bases.
    """

    def __init__(
        self, config: Config, table: str = TABLE, headings: Mapping[str, str] | None = None
    ) -> None:
        self.config = config
        typed = config.headings(config.rooms.clients.key)
        names = {**config.headings(FILLED), "id": typed["id"]}
        first: dict[str, str] = {key: accepted[0] for key, accepted in names.items()}
        self.headings = {**first, **(headings or {})}
        self._table = table
        self.roles = config.rooms.roles

    def __iter__(self) -> Iterator[Figure]:
        """Every figure; some may come twice."""
        yield from (self.today, *self.counts, self.nothing_yet)
        for name in self.words("size"):
            yield from (self.clients("size", name), self.turnover(name), self.cumulative(name))
            yield from (self.crossed(name, evenness) for evenness in self.words("evenness"))
        yield from (self.clients("sticker", name) for name in self.words("sticker"))

    def words(self, role: Role) -> Sequence[str]:
        """The words that the column of a role may hold."""
        return self.config.decided_words()[self.roles[role]]

    def heading(self, role: Role) -> str:
        """The heading of the column of a role."""
        return self.headings[self.roles[role]]

    @property
    def today(self) -> Figure:
        """The date of the day."""
        return Figure("TODAY()", lambda shown: shown.today)

    @property
    def typed(self) -> Figure:
        """How many IDs there are, with those that stand twice: what older bases show."""
        return Figure(f"COUNTA({self._column('id')})", lambda shown: float(shown.ids))

    @property
    def everybody(self) -> Figure:
        """How many clients the last recalculation has counted; before the first one, the IDs."""
        state, key = self._of("state"), self.roles["state"]
        return Figure(
            f"IF(COUNTA({state})=0,{self.typed.formula},COUNTA({state}))",
            lambda shown: float(np.count_nonzero(shown.cells[key] != "") or shown.ids),
        )

    @property
    def counts(self) -> tuple[Figure, ...]:
        """Clients, overdue contacts, those due today and in the next days, gifts in these days."""
        due, gift = self._of("due"), self._of("present")
        due_at, gift_at = self.roles["due"], self.roles["present"]
        soon = f'"<="&TODAY()+{_SOON_DAYS}'
        return (
            self.everybody,
            Figure(
                f'COUNTIFS({due},"<"&TODAY())',
                lambda shown: _count(shown.days_ahead(due_at) < 0),
            ),
            Figure(
                f"COUNTIFS({due},TODAY())",
                lambda shown: _count(shown.days_ahead(due_at) == 0),
            ),
            Figure(
                f'COUNTIFS({due},">"&TODAY(),{due},{soon})',
                lambda shown: _count(_within(shown.days_ahead(due_at), 1)),
            ),
            Figure(
                f'COUNTIFS({gift},">="&TODAY(),{gift},{soon})',
                lambda shown: _count(_within(shown.days_ahead(gift_at), 0)),
            ),
        )

    @property
    def nothing_yet(self) -> Figure:
        """A sentence as long as no client has a group, else an empty text."""
        with speaking(self.config.based_on):
            said = _("The charts fill with the first recalculation.")
        sticker = self.roles["sticker"]
        return Figure(
            f'IF(COUNTA({self._of("sticker")})=0,{text_literal(said)},"")',
            lambda shown: "" if (shown.cells[sticker] != "").any() else said[:_TEXT_MOST],
        )

    def clients(self, role: Role, name: str) -> Figure:
        """How many clients have *name* in the column of a role."""
        key = self.roles[role]
        return Figure(
            f"COUNTIF({self._of(role)},{_criterion(name)})",
            lambda shown: _count(shown.says(key, name)),
        )

    def turnover(self, name: str) -> Figure:
        """The turnover of the clients of an ABC class."""
        return Figure(self._turnover(name), lambda shown: self._bought(shown, [name]))

    def cumulative(self, name: str) -> Figure:
        """The share of an ABC class and those before it in the turnover of all of them."""
        names = list(self.words("size"))
        so_far = names[: names.index(name) + 1]
        part, whole = (",".join(map(self._turnover, some)) for some in (so_far, names))

        def value(shown: ShownTable) -> float:
            total = self._bought(shown, names)
            return self._bought(shown, so_far) / total if total else 0.0

        return Figure(f"IFERROR(SUM({part})/SUM({whole}),0)", value)

    def crossed(self, abc: str, xyz: str) -> Figure:
        """How many clients are in an ABC class and in an XYZ class."""
        by_size, by_evenness = self._of("size"), self._of("evenness")
        size, evenness = self.roles["size"], self.roles["evenness"]
        return Figure(
            f"COUNTIFS({by_size},{_criterion(abc)},{by_evenness},{_criterion(xyz)})",
            lambda shown: _count(shown.says(size, abc) & shown.says(evenness, xyz)),
        )

    def _of(self, role: Role) -> str:
        return self._column(self.roles[role])

    def _column(self, key: str) -> str:
        return column_reference(self._table, self.headings[key])

    def _turnover(self, name: str) -> str:
        classes, amounts = self._of("size"), self._of("money")
        return f"SUMIF({classes},{_criterion(name)},{amounts})"

    def _bought(self, shown: ShownTable, names: list[str]) -> float:
        wanted = np.logical_or.reduce([shown.says(self.roles["size"], name) for name in names])
        amounts = shown.cells[self.roles["money"]][wanted]
        return fsum(amounts[~np.isnan(amounts)])


def day_number(day: dt.date) -> int:
    """A date as the number that a workbook of the usual date system holds."""
    return (day - _DAY_ZERO).days


def _count(found: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(found))


def _within(days_ahead: NDArray[np.float64], first: int) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (days_ahead >= first) & (days_ahead <= _SOON_DAYS)
    return found


# Formulas -----------------------------------------------------------------------------------

_TEXT_MOST = 255
"""Excel takes no longer text in a formula."""


def column_reference(table: str, heading: str) -> str:
    """The column *heading* of a *table*, as a formula names it."""
    escaped = re.sub(r"(['\[\]#@])", r"'\1", heading)
    is_plain = all(sign.isalnum() or sign in " _" for sign in heading)
    return f"{table}[{escaped}]" if is_plain else f"{table}[[{escaped}]]"


def text_literal(text: str) -> str:
    """*text* within a formula, where Excel takes at most 255 characters."""
    return '"' + text[:_TEXT_MOST].replace('"', '""') + '"'


def _criterion(name: str) -> str:
    """What only a cell with *name* meets, also where it has signs that mean something here."""
    plain = re.sub(r"([~*?])", r"~\1", name)
    return text_literal(f"={plain}" if plain.startswith(("<", ">", "=")) else plain)


# Fresh results in a closed file ---------------------------------------------------------------


def renew_figures(book: Book, base: ClientBase, result: Result, kept: Iterable[Kept]) -> Renewed:
    """Renew the figures of *book*, in which *result* is staged, but for *kept* cells of the
    filled columns.

    The changes are headed by the formula. A workbook without the two sheets costs nothing. Raises
    a kind of WorkbookRefused where a part is damaged.
    """
    hers = {one.heading: one.column for one in kept if one.sheet == base.region.sheet}
    return _renewed(book, base, result.config, lambda: _shown(book, base, result, hers))


def renew_standing_figures(book: Book, base: ClientBase, config: Config, today: dt.date) -> Renewed:
    """Renew the figures of *book* from its columns as they stand, as `renew_figures`."""
    return _renewed(book, base, config, lambda: _shown_there(book, base, config, today))


def _renewed(
    book: Book, base: ClientBase, config: Config, look: Callable[[], ShownTable]
) -> Renewed:
    found = {sheet: book.formulas(sheet, _FUNCTIONS) for sheet in _sheets(book, config)}
    table = _table_name(book, base)
    if table is None or not any(one.cells for one in found.values()):
        return Renewed()
    every = Figures(config, table, _headings(base))
    known = {figure.formula: figure for figure in (every.typed, *every)}
    shown = look()
    changes = {}
    for sheet, formulas in found.items():
        figures = {one.place: known[one.formula] for one in formulas.cells if one.formula in known}
        results = {place: figure.value(shown) for place, figure in figures.items()}
        headings = {place: figure.formula for place, figure in figures.items()}
        changed = book.renew(sheet, results, headings)
        if changed:
            changes[sheet.name] = changed
    return Renewed(changes)


def _sheets(book: Book, config: Config) -> list[Worksheet]:
    names = {name.casefold() for name in (config.sheet("start"), config.sheet("charts"))}
    return [sheet for sheet in book.sheets if sheet.name.strip().casefold() in names]


def _table_name(book: Book, base: ClientBase) -> str | None:
    """What formulas call the table of the clients."""
    tables = book.tables(book.sheet(base.region.sheet))
    return next((table.name for table in tables if table.part == base.region.table), None)


def _headings(base: ClientBase) -> dict[str, str]:
    """The headings of the workbook, by the key of the column."""
    columns = dict(base.filled)
    if "id" in base.clients.letters:
        columns["id"] = column_number(base.clients.letters["id"])
    return {key: base.headings[column] for key, column in columns.items()}


# What the cells hold ------------------------------------------------------------------------


def _shown(book: Book, base: ClientBase, result: Result, hers: Mapping[str, int]) -> ShownTable:
    """The results, and in columns with cells of hers, by heading, what stands there."""
    headings = _headings(base)
    cells = {}
    for column in result.declared:
        number = hers.get(headings.get(column.key, ""))
        if number is None:
            cells[column.key] = _decided(result.filled[column.key], column)
        else:
            cells[column.key] = _there(book, base, number, column)
    return ShownTable(result.today, _clients(base), cells)


def _shown_there(book: Book, base: ClientBase, config: Config, today: dt.date) -> ShownTable:
    """What stands in the columns; one that isn't there is blank."""
    cells = {
        column.key: _there(book, base, base.filled.get(column.key), column)
        for column in config.rooms.columns.values()
    }
    return ShownTable(today, _clients(base), cells)


def _clients(base: ClientBase) -> int:
    """How many cells with IDs there are."""
    return sum(not is_nothing(cell) for cell in base.clients.column("id").tolist())


def _there(
    book: Book, base: ClientBase, number: int | None, column: Column
) -> NDArray[np.object_] | NDArray[np.float64]:
    """The cells of the column of that number as formulas see them: a text in place of a number is
    none.
    """
    by_row: dict[int, object] = {}
    if number is not None:
        read = book.columns(book.sheet(base.region.sheet), [number])
        by_row = read.by_row(number)
    cells = [by_row.get(row) for row in base.clients.rows.tolist()]
    if column.kind == "text":
        is_text = [isinstance(cell, str) and not isinstance(cell, CellError) for cell in cells]
        texts = [str(one).lower() if text else "" for one, text in zip(cells, is_text, strict=True)]
        return np.array(texts, object)
    numbers = [cell if isinstance(cell, float) else np.nan for cell in cells]
    later = DAYS_TO_1904 if book.date1904 and column.kind == "date" else 0
    return np.array(numbers, np.float64) + later


def _decided(cells: NDArray[Any], column: Column) -> NDArray[np.object_] | NDArray[np.float64]:
    """A column of the result as formulas see it."""
    if column.kind == "text":
        return np.array([text.lower() for text in cells.tolist()], object)
    if column.kind == "number":
        return cells.astype(np.float64)
    dates = cells.astype("datetime64[D]").tolist()
    return np.array([np.nan if date is None else day_number(date) for date in dates], np.float64)
