"""Which bases are measured, and the day on which they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

TODAY = dt.date(2026, 3, 9)
"""The day of the first calculation; no purchase or contact is later."""


@dataclass(frozen=True)
class Size:
    """How many rows the three tables have. has_lists: whether there are Today, Birthdays, Gifts."""

    clients: int
    purchases: int
    contacts: int
    has_lists: bool = True

    @property
    def file_name(self) -> str:
        """The name of the base of that size."""
        without = "" if self.has_lists else " no lists"
        rows = f"{self.clients} clients {self.purchases} purchases {self.contacts} contacts"
        return f"{rows}{without}.xlsx"


USUAL = Size(10_000, 200_000, 10_000)
LARGE = Size(50_000, 1_000_000, 50_000)
