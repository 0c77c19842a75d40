"""A cell or row that can't be used."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A cell or row that can't be used: where, what was found, what to do."""

    sheet: str
    cell: str
    found: str
    advice: str
