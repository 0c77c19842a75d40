"""Formulas taken apart: which of certain functions is called, and with which cells.

References are A2, 'My sheet'!$A$2:$A$9, Clients[ID].

openpyxl takes formulas apart. It is imported only when a formula is met, because that takes
longer than reading a small workbook.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from batch.book import Book, ExcelTable, Worksheet
from batch.cells import LAST_COLUMN, LAST_ROW, CellRange, column_number

_LONGEST: Final = 8192
"""Characters of the longest formula that Excel knows."""

# Types of tokens, in the words of openpyxl.
_OPENING: Final = ("FUNC", "OPEN")
_CLOSING: Final = ("FUNC", "CLOSE")
_BLANK: Final = "WHITE-SPACE"
_BETWEEN: Final = "ARG"

_PREFIXES: Final = ("_xludf.", "[0]!")
"""Excel may put these before the name of a function of the same workbook."""


@dataclass(frozen=True, slots=True)
class CallArgument:
    """An argument of a call: text or a number written out, or the text of a reference."""

    value: str | float
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A formula that is nothing but a call of one function, its name in capitals."""

    function: str
    arguments: tuple[CallArgument, ...] = ()

    def shifted(self, rows: int, columns: int) -> "Call | None":
        """The call as a cell so many rows below and columns to the right shares it.

        None where a reference of it would lie outside of the sheet.
        """
        from openpyxl.formula.translate import Translator, TranslatorError  # noqa: PLC0415

        moved = []
        for one in self.arguments:
            value = one.value
            if one.is_reference and "[" not in str(value):
                try:
                    value = Translator.translate_range(str(value), rows, columns)
                except TranslatorError:
                    return None
            moved.append(CallArgument(value, one.is_reference))
        return Call(self.function, tuple(moved))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a formula has to do with the functions: whether it uses any, and whether it is
    nothing but a call of one.
    """

    uses: bool
    call: Call | None = None


def taken_apart(formula: str, functions: Collection[str]) -> Taken:
    """What *formula*, without its equals sign, has to do with the *functions*, in capitals.

    One that can't be taken apart is said to use them.
    """
    from openpyxl.formula.tokenizer import Tokenizer, TokenizerError  # noqa: PLC0415

    if len(formula) > _LONGEST:
        return Taken(uses=True)
    try:
        tokens = Tokenizer(f"={formula}").items
    except (TokenizerError, IndexError):  # IndexError: a bracket that closes none
        return Taken(uses=True)
    opening = [one for one in tokens if (one.type, one.subtype) == _OPENING]
    if not any(_bare(one.value.rpartition("!")[2]) in functions for one in opening):
        return Taken(uses=False)
    code = [one for one in tokens if one.type != _BLANK]
    is_whole = code[0] is opening[0] and (code[-1].type, code[-1].subtype) == _CLOSING
    function = _bare(code[0].value)
    if not is_whole or function not in functions:
        return Taken(uses=True)
    inner = [(one.value, one.subtype) for one in code[1:-1]]
    separators, given = inner[1::2], [_argument(*one) for one in inner[::2]]
    if any(kind != _BETWEEN for _, kind in separators) or (inner and len(inner) % 2 == 0):
        return Taken(uses=True)
    known = [one for one in given if one is not None]
    return Taken(uses=True, call=Call(function, tuple(known)) if known == given else None)


def _argument(value: str, kind: str) -> CallArgument | None:
    """An argument, as the text of a token and its kind; None for what isn't a plain one."""
    if kind == "RANGE":
        return CallArgument(value, is_reference=True)
    if kind == "TEXT":
        return CallArgument(value[1:-1].replace('""', '"'))
    return CallArgument(float(value)) if kind == "NUMBER" else None


def _bare(opening: str) -> str:
    """The name of the function that a token such as ``[0]!ABC(`` opens, in capitals."""
    name = opening.removesuffix("(")
    for prefix in _PREFIXES:
        if name.lower().startswith(prefix):
            name = name[len(prefix) :]
    return name.upper()


# References -----------------------------------------------------------------------------------

_NAME: Final = r"(?:[^\[\]#@']|'.)+"
_OF_TABLE: Final = re.compile(
    rf"(?P<table>[^\[\]!'\s]*)\[(?P<here>@|\[\#This\ Row\],\s*)?"
    rf"(?:(?P<only>{_NAME})|\[(?P<first>{_NAME})\](?::\[(?P<last>{_NAME})\])?)\]",
    re.DOTALL | re.IGNORECASE,
)
_WHOLE_COLUMNS: Final = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE)
_WHOLE_ROWS: Final = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells on a sheet."""

    sheet: Worksheet
    cells: CellRange


class References:
    """Finds the cells that references in the formulas of a workbook mean."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def area(self, text: str, sheet: Worksheet, cell: tuple[int, int]) -> Area | None:
        """What the reference *text* means in the cell (row, column) of a sheet.

        None for anything but cells of this workbook: names, other workbooks, deleted cells.
        Raises a kind of ``WorkbookRefused`` when a table is asked for and one can't be read.
        """
        of_table = _OF_TABLE.fullmatch(text)
        if of_table:
            return self._of_table(of_table, sheet, cell)
        name, _, cells = text.rpartition("!")
        found = self._sheet(name) if name else sheet
        parsed = _parsed(cells)
        return None if found is None or parsed is None else Area(found, parsed)

    def _sheet(self, name: str) -> Worksheet | None:
        if name.startswith("'"):
            name = name[1:-1].replace("''", "'")
        same = (one for one in self._book.sheets if one.name.casefold() == name.casefold())
        return next(same, None)

    def _of_table(
        self, match: re.Match[str], sheet: Worksheet, cell: tuple[int, int]
    ) -> Area | None:
        home, table = self._named(match["table"], sheet, cell)
        if table is None:
            return None
        first = _column(table, match["only"] or match["first"])
        last = _column(table, match["last"]) if match["last"] else first
        rows = (table.first_row, table.last_row)
        if match["here"]:
            if home.part != sheet.part or not rows[0] <= cell[0] <= rows[1]:
                return None
            rows = (cell[0], cell[0])
        if first is None or last is None or rows[0] > rows[1]:
            return None
        return Area(home, CellRange(rows[0], min(first, last), rows[1], max(first, last)))

    def _named(
        self, name: str, sheet: Worksheet, cell: tuple[int, int]
    ) -> tuple[Worksheet, ExcelTable | None]:
        """The table of that name and its sheet; without a name the table around the cell."""
        if name:
            return self._tables.get(name.casefold(), (sheet, None))
        around = (one for one in self._book.tables(sheet) if cell in one.ref)
        return sheet, next(around, None)

    @cached_property
    def _tables(self) -> dict[str, tuple[Worksheet, ExcelTable]]:
        return {
            table.name.casefold(): (sheet, table)
            for sheet in self._book.sheets
            for table in self._book.tables(sheet)
        }


def _column(table: ExcelTable, name: str) -> int | None:
    """The number of a table's column; ``'`` makes the next character of its name plain."""
    plain = re.sub(r"'(.)", r"\1", name, flags=re.DOTALL).casefold()
    headings = [heading.casefold() for heading in table.columns]
    return table.ref.first_column + headings.index(plain) if plain in headings else None


def _parsed(cells: str) -> CellRange | None:
    columns, rows = _WHOLE_COLUMNS.fullmatch(cells), _WHOLE_ROWS.fullmatch(cells)
    if columns:
        first, last = sorted(map(column_number, columns.groups()))
        return CellRange(1, first, LAST_ROW, last) if last <= LAST_COLUMN else None
    if rows:
        first, last = sorted(map(int, rows.groups()))
        valid = first >= 1 and last <= LAST_ROW
        return CellRange(first, 1, last, LAST_COLUMN) if valid else None
    try:
        return CellRange.parse(cells)
    except ValueError:
        return None
