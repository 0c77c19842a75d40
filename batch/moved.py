"""Who moved class, group or stage with a recalculation of a workbook."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from batch.base import ClientBase
from batch.edits import Change
from rules.moves import COLUMNS, Move, moves
from rules.recalculation import Result


def moved(base: ClientBase, result: Result, changes: Iterable[Change]) -> list[Move]:
    """The moves in these *changes* of the filled columns of *base*."""
    keys = {base.filled[key]: key for key in COLUMNS if key in base.filled}
    changed: dict[str, list[tuple[int, object]]] = {}
    for change in changes:
        key = keys.get(change.column)
        if key is not None:
            at = int(np.searchsorted(base.clients.rows, change.row))
            changed.setdefault(key, []).append((at, change.old))
    return moves(result, base.clients, changed)
