"""What an explanation says, line by line, for comparison."""

from __future__ import annotations

from rules.model.result import Result
from rules.why.client import explain
from rules.why.shape import Explanation


def of(result: Result, key: str, position: int = 0) -> Explanation:
    """The explanation of one column."""
    return next(found for found in explain(result, position) if found.key == key)


def told(result: Result, key: str, position: int = 0) -> list[str]:
    """Its lines: kind, text, and the positions in the tables that it names."""
    lines = []
    for evidence in of(result, key, position).evidence:
        rows = [f" {rows.table} {','.join(map(str, rows.at))}" for rows in evidence.rows]
        lines.append(f"{evidence.kind}: {evidence.text}{''.join(rows)}")
    return lines
