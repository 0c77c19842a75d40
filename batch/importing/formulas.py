"""Formulas that no program calculated yet: of a file that a script wrote, for example.

Sums, products and differences of cells are calculated here; others stay blank and are told.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Final

from batch.cells import CellRange, parse_address
from batch.importing.sheets import Cell, SourceSheet

_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_ONE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_PLAIN: Final = re.compile(r"[A-Z0-9$:;,.+\-*/() ]+")
_OPERATORS: Final[dict[type, Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_DEEPEST: Final = 20


class _Unknown(ValueError):  # noqa: N818
    """A formula of another kind."""


def calculated(sheet: SourceSheet, formulas: Mapping[tuple[int, int], str]) -> SourceSheet:
    """The sheet with the results of these formulas, by row number and column from 0 on, as far as
    they are sums and products.
    """
    calculation = _Calculation(sheet, {at: text for at, text in formulas.items() if text})
    unknown = set(formulas) - calculation.formulas.keys()
    positions = {number: at for at, number in enumerate(sheet.numbers)}
    for row, column in sorted(calculation.formulas):
        try:
            result = calculation.value(row, column)
        except (_Unknown, ArithmeticError, SyntaxError, RecursionError):
            unknown.add((row, column))
            continue
        if row in positions:
            cells = sheet.rows[positions[row]]
            cells.extend([None] * (column + 1 - len(cells)))
            cells[column] = result
    sheet.uncalculated = frozenset(unknown)
    return sheet


class _Calculation:
    def __init__(self, sheet: SourceSheet, formulas: dict[tuple[int, int], str]) -> None:
        self.formulas = formulas
        self.cells: dict[tuple[int, int], Cell] = {
            (number, column): cell
            for number, row in zip(sheet.numbers, sheet.rows, strict=True)
            for column, cell in enumerate(row)
            if cell is not None
        }
        self.depth = 0

    def value(self, row: int, column: int) -> float:
        """The number in a cell, calculated where that is a formula; nothing is 0."""
        formula = self.formulas.get((row, column))
        if formula is None:
            cell = self.cells.get((row, column))
            if cell is None:
                return 0.0
            if isinstance(cell, float):
                return cell
            raise _Unknown
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unknown
        try:
            result = self._result(formula)
        finally:
            self.depth -= 1
        return float(result)

    def _result(self, formula: str) -> float:
        text = formula.upper().replace(" ", "")
        if not _PLAIN.fullmatch(text) or len(text) > 200:
            raise _Unknown
        text = _RANGE.sub(r'"\1\2:\3\4"', text)
        text = re.sub(rf'(?<!["A-Z:])({_ONE.pattern})(?!["\d:(])', r'"\1"', text).replace("$", "")
        return self._number(ast.parse(text.replace(";", ","), mode="eval").body)

    def _number(self, node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as value):
                return float(value)
            case ast.Constant(value=str() as place) if ":" not in place:
                row, column = parse_address(place)
                return self.value(row, column - 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._number(left), self._number(right))
            case ast.Call(func=ast.Name(id="SUM"), args=arguments):
                return sum(map(self._sum, arguments))
        raise _Unknown

    def _sum(self, node: ast.expr) -> float:
        match node:
            case ast.Constant(value=str() as area) if ":" in area:
                inside = CellRange.parse(area)
                cells = [at for at in self._places(inside) if self._is_number(at)]
                return sum(self.value(*at) for at in cells)
        return self._number(node)

    def _places(self, area: CellRange) -> list[tuple[int, int]]:
        known = {**dict.fromkeys(self.cells), **dict.fromkeys(self.formulas)}
        if area.size < len(known):
            return [
                (row, column - 1)
                for row in range(area.first_row, area.last_row + 1)
                for column in range(area.first_column, area.last_column + 1)
            ]
        return [at for at in known if (at[0], at[1] + 1) in area]

    def _is_number(self, at: tuple[int, int]) -> bool:
        return at in self.formulas or isinstance(self.cells.get(at), float)
