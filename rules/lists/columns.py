"""The columns of the sheets with lists: one row a column, in the order of a new sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from rules.recalculation import Cell


class ListColumn(NamedTuple):
    """A column of a list.

    key: as in `columns` of the configuration; kind: what its cells hold; width: of a new column,
    in characters; is_hers: what stands there is hers, and the program only moves it.
    """

    key: str
    kind: Literal["text", "number", "date"]
    width: int
    is_hers: bool = False


LISTS: Mapping[str, tuple[ListColumn, ...]] = MappingProxyType(
    {
        "today": (
            ListColumn("day", "date", 15),
            ListColumn("due", "date", 12),
            ListColumn("name", "text", 22),
            ListColumn("phone", "text", 18),
            ListColumn("group", "text", 11),
            ListColumn("classes", "text", 7),
            ListColumn("reason", "text", 36),
            ListColumn("channel", "text", 10),
            ListColumn("done", "text", 9, is_hers=True),
            ListColumn("result", "text", 26, is_hers=True),
            ListColumn("last_bought", "text", 34),
            ListColumn("last_contact", "text", 50),
            ListColumn("wishes", "text", 26),
            ListColumn("gift", "text", 30),
            ListColumn("client_id", "text", 10),
        ),
        "birthdays": (
            ListColumn("month", "text", 17),
            ListColumn("day", "date", 12),
            ListColumn("name", "text", 38),
            ListColumn("age", "number", 10),
            ListColumn("phone", "text", 18),
            ListColumn("group", "text", 12),
            ListColumn("gift", "text", 26),
            ListColumn("budget", "number", 10),
            ListColumn("post_by", "date", 13),
            ListColumn("client_id", "text", 10),
        ),
        "gifts": (
            ListColumn("occasion", "text", 24),
            ListColumn("needed", "date", 12),
            ListColumn("item", "text", 24),
            ListColumn("count", "number", 9),
            ListColumn("price", "number", 10),
            ListColumn("cost", "number", 11),
            ListColumn("clients", "text", 90),
        ),
    }
)
"""The lists by the key of their sheet."""

REQUIRED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "today": frozenset({"client_id", "done", "result"}),
        "birthdays": frozenset({"month", "day", "name"}),
        "gifts": frozenset({"occasion", "item", "count"}),
    }
)
"""The columns by which a sheet is known to hold a list."""


@dataclass(frozen=True)
class SheetList:
    """A list as it stands on its sheet: columns of equal length by key, and lines above them."""

    columns: Mapping[str, Sequence[Cell]]
    lines: tuple[str, ...]

    def __len__(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)
