"""Fresh results of the worksheet functions in the formulas of a closed file.

A formula keeps standing; only its stored result becomes that of today. Formulas that are more
than one call of one function are left to Excel.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from batch.base import with_dates
from batch.book import Book, FormulaCell, Formulas, Place, Worksheet
from batch.cells import LAST_ROW, CellRange, CellValue
from batch.edits import Change
from batch.errors import WorkbookRefused
from batch.formulas.calls import Area, Call, CallArgument, References, taken_apart
from rules.answers import Answers
from rules.reading.cells import CellError

_MOST_CELLS = 500_000
"""More cells than these, filled or looked at, are left to Excel: no file may keep a run busy."""
_MOST_COLUMNS = 256
"""No list of clients or months is wider; whole rows would be."""
_ROUNDS = 8
"""A formula may look at cells with formulas of ours; deeper chains than this are nobody's."""

_OUTSIDE = CellError("#N/A")
"""What Excel stores in cells of an array formula for which it has no result."""

Results = Sequence[Sequence[CellValue]]
Cell = tuple[str, int, int]
"""A sheet's name, row and column."""


@dataclass(frozen=True)
class Renewed:
    """What changes in cells with certain formulas, and was staged.

    changes: by the sheet's name, headed by the function or the formula. answered: all cells that
    hold today's result then. left: how many formulas use the functions in a way that only Excel can
    calculate.
    """

    changes: dict[str, list[Change]] = field(default_factory=dict)
    answered: frozenset[Cell] = frozenset()
    left: int = 0


def renew_functions(book: Book, answers: Answers) -> Renewed:
    """Renew the results of all formulas of *book* that are a call of one of our functions.

    book: with its columns staged, since formulas may look at them. Sheets that can't be read for
    certain stay as they are. Raises a kind of WorkbookRefused where a part is damaged.
    """
    found = {sheet: book.formulas(sheet, answers.functions) for sheet in book.sheets}
    using = {sheet: one for sheet, one in found.items() if one.cells or one.unread}
    return _Renewal(book, answers).renewed(using) if using else Renewed()


@dataclass(frozen=True)
class _Asked:
    """A formula that can be answered: its cell, the call, and the cells that it looks at, by
    argument.
    """

    sheet: Worksheet
    cell: FormulaCell
    call: Call
    areas: Sequence[Area | None]

    @property
    def fills(self) -> CellRange:
        """The cells that show its results."""
        return self.cell.area or CellRange(*self.cell.place, *self.cell.place)

    @property
    def columns(self) -> set[tuple[str, int]]:
        """The columns that it looks at, each with its sheet."""
        return {
            (area.sheet.name, column)
            for area in self.areas
            if area is not None
            for column in range(area.cells.first_column, area.cells.last_column + 1)
        }


class _NowhereError(LookupError):
    """A reference names no cells for certain."""


class _Renewal:
    """The work of one call of `renew_functions`."""

    def __init__(self, book: Book, answers: Answers) -> None:
        self.book = book
        self.answers = answers
        self.references = References(book)
        self.values = _Values(book)
        self.asked: list[_Asked] = []
        self.functions: dict[Cell, str] = {}
        self.cells = 0
        self.left = 0
        self.cut: set[Cell] = set()

    def renewed(self, found: Mapping[Worksheet, Formulas]) -> Renewed:
        for sheet, formulas in found.items():
            self.left += formulas.unread
            self._find(sheet, formulas.cells)
        results = self._results(self.asked, {})
        answered = {(sheet, column) for sheet, _, column in results}
        chained = [asked for asked in self.asked if asked.columns & answered]
        for _ in range(_ROUNDS if chained else 0):
            before = results
            results = before | self._results(chained, before)
            if results == before:
                break
        return self._staged(results)

    # Formulas ---------------------------------------------------------------------------

    def _find(self, sheet: Worksheet, formulas: Sequence[FormulaCell]) -> None:
        """Note the formulas of a sheet that can be answered, and count the others."""
        look = cache(partial(taken_apart, functions=self.answers.functions))
        for cell in formulas:
            taken = look(cell.formula)
            asked = None if taken.call is None else self._ask(sheet, cell, taken.call)
            if asked is not None:
                self.asked.append(asked)
            else:
                self.left += taken.uses

    def _ask(self, sheet: Worksheet, cell: FormulaCell, shared: Call) -> _Asked | None:
        """The formula of a cell, None when it can't be answered for certain."""
        (row, column), (origin_row, origin_column) = cell.place, cell.origin
        call = shared.shifted(row - origin_row, column - origin_column)
        if call is None or not self.answers.takes(call.function, len(call.arguments)):
            return None
        try:
            areas = [self._area(one, sheet, cell) for one in call.arguments]
            asked = _Asked(sheet, cell, call, areas)
            size = asked.fills.size + sum(area.cells.size for area in areas if area)
            if self.cells + size > _MOST_CELLS:
                return None
            for area in filter(None, areas):
                self.values.load(area)
            self.cells += size
        except (WorkbookRefused, _NowhereError):
            return None
        return asked

    def _area(self, argument: CallArgument, sheet: Worksheet, cell: FormulaCell) -> Area | None:
        """The cells that an argument names; None for one that is written out.

        Raises _NowhereError where it names no cells for certain.
        """
        if not argument.is_reference:
            return None
        named = self.references.area(str(argument.value), sheet, cell.place)
        area = named and self.values.in_use(named)
        if area is None:
            raise _NowhereError
        return area

    # Results ----------------------------------------------------------------------------

    def _results(
        self, formulas: Sequence[_Asked], before: Mapping[Cell, CellValue]
    ) -> dict[Cell, CellValue]:
        """The results of some formulas, *before* being those in cells that they may look at."""
        known: dict[tuple[object, ...], Results] = {}
        results: dict[Cell, CellValue] = {}
        for asked in formulas:
            given = [
                area or one.value
                for one, area in zip(asked.call.arguments, asked.areas, strict=True)
            ]
            key = (asked.call.function, *(given or (asked.sheet.name, asked.cell.place)))
            if key not in known:
                known[key] = self._block(asked, before)
            block, fills = known[key], asked.fills
            if asked.cell.spills and (len(block) > fills.rows or len(block[0]) > fills.columns):
                self.cut.add((asked.sheet.name, *asked.cell.place))
            for place, value in _spread(asked, block):
                results[asked.sheet.name, *place] = value
                self.functions[asked.sheet.name, *place] = asked.call.function
        return results

    def _block(self, asked: _Asked, before: Mapping[Cell, CellValue]) -> Results:
        """The results of one formula, whatever cells there are for them."""
        call, answers = asked.call, self.answers
        if not call.arguments:
            return [[answers.in_row(call.function, asked.sheet.name, asked.cell.place[0])]]
        given: list[Sequence[Sequence[object]]] = [
            [[one.value]] if area is None else self.values.block(area, before)
            for one, area in zip(call.arguments, asked.areas, strict=True)
        ]
        return answers.block(call.function, given)

    # Staging ----------------------------------------------------------------------------

    def _staged(self, results: Mapping[Cell, CellValue]) -> Renewed:
        """What differs from the results that are stored so far."""
        by_sheet: dict[str, dict[Place, CellValue]] = {}
        for (sheet, row, column), value in results.items():
            by_sheet.setdefault(sheet, {})[row, column] = value
        changes: dict[str, list[Change]] = {}
        for sheet, values in by_sheet.items():
            headings = {place: self.functions[sheet, *place] for place in values}
            changed = self.book.renew(self.book.sheet(sheet), values, headings)
            if changed:
                changes[sheet] = changed
        return Renewed(changes, frozenset(results), self.left + len(self.cut))


def _spread(asked: _Asked, block: Results) -> Iterator[tuple[tuple[int, int], CellValue]]:
    """Each cell that shows a result, and the result: as Excel spreads them.

    A cell alone shows the first result. A single row or column is repeated in an array formula
    of a fixed size; cells beyond the results stay blank where Excel finds out the size.
    """
    fills, cell = asked.fills, asked.cell
    repeats_rows = len(block) == 1 and not cell.spills
    repeats_columns = len(block[0]) == 1 and not cell.spills
    for row in range(fills.rows):
        results = block[0 if repeats_rows else row] if repeats_rows or row < len(block) else ()
        for column in range(fills.columns):
            at = 0 if repeats_columns else column
            outside = None if cell.spills else _OUTSIDE
            value = results[at] if at < len(results) else outside
            yield (fills.first_row + row, fills.first_column + column), value


class _Values:
    """What stands in the cells that formulas look at, read a column at a time."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._columns: dict[tuple[str, int], dict[int, object]] = {}

    def in_use(self, area: Area) -> Area | None:
        """The cells that are looked at: of whole columns the rows down to the last one in use, as
        the workbook's own functions do it. None for too many columns, or no row in use.
        """
        cells = area.cells
        if cells.columns > _MOST_COLUMNS:
            return None
        if cells.rows < LAST_ROW:
            return area
        down_to = self.book.last_row(area.sheet)
        if not down_to:
            return None
        return Area(area.sheet, CellRange(1, cells.first_column, down_to, cells.last_column))

    def load(self, area: Area) -> None:
        """Read the columns of an area. Raises a kind of WorkbookRefused."""
        wanted = range(area.cells.first_column, area.cells.last_column + 1)
        missing = [column for column in wanted if (area.sheet.name, column) not in self._columns]
        if not missing:
            return
        read = self.book.columns(area.sheet, missing)
        for column in missing:
            read.values[column] = with_dates(self.book, read.values[column], read.styles[column])
            self._columns[area.sheet.name, column] = read.by_row(column)

    def block(self, area: Area, before: Mapping[Cell, CellValue]) -> list[list[object]]:
        """The cells of an area, *before* being the results of our own formulas in any."""
        sheet, cells = area.sheet.name, area.cells
        columns = [
            (column, self._columns[sheet, column])
            for column in range(cells.first_column, cells.last_column + 1)
        ]
        return [
            [
                before[at] if (at := (sheet, row, column)) in before else values.get(row)
                for column, values in columns
            ]
            for row in range(cells.first_row, cells.last_row + 1)
        ]
