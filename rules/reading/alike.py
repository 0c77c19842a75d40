"""IDs that look the same and aren't: a message says which row was meant, and what differs."""

from __future__ import annotations

import re
from functools import cached_property
from unicodedata import name

from rules.model.raw import RawTable
from rules.reading.cells import shown
from words import _

_LATIN = str.maketrans("авекмнорстухіѕј", "abekmhopctyxisj")
"""Small Cyrillic letters, and the Latin ones that look like them, small or as capitals."""
_NUMBER_AT_END = re.compile(r"0*(\d+)$")


class KnownIds:
    """The IDs of the clients, as they are compared, with their positions in the table."""

    def __init__(self, clients: RawTable, positions: dict[str, int]) -> None:
        self.clients = clients
        self.positions = positions

    @property
    def are_names(self) -> bool:
        """Whether her names are the IDs."""
        return self.clients.is_keyed_by_name

    def hint(self, key: str) -> str:
        """What to add about an ID that no client has: the row that looks the same; '' for none."""
        digits, other = _NUMBER_AT_END.search(key), self._by_look.get(look(key))
        at = self.positions.get(digits[1], -1) if digits else -1
        if at >= 0 and isinstance(self.clients.column("id")[at], float):
            sentence = _(
                "Row {row} there holds the number {other} and may only show it so; type that "
                "number."
            )
        elif other is not None:
            sentence, at = _difference(key, other), self.positions[other]
        else:
            return ""
        return " " + sentence.format(**self._facts(at))

    def _facts(self, at: int) -> dict[str, object]:
        return {"row": self.clients.rows[at], "other": shown(self.clients.column("id")[at])}

    @cached_property
    def _by_look(self) -> dict[str, str]:
        return {look(key): key for key in reversed(self.positions)}


def look(key: str) -> str:
    """What an ID looks like: Cyrillic letters as Latin ones, without zeros in front."""
    look = key.translate(_LATIN)
    return look.lstrip("0") if look.isdecimal() else look


def _difference(key: str, other: str) -> str:
    """How *other* differs from the ID *key* that looks like it."""
    if key.isdecimal():
        return _("Row {row} there has {other}: zeros in front make another ID.")
    here, there = next(pair for pair in zip(key, other, strict=True) if pair[0] != pair[1])
    if name(here).startswith("LATIN"):
        sentence = _(
            "Row {row} there looks the same: it has a Cyrillic letter '{letter}', here stands the "
            "Latin one."
        )
    else:
        sentence = _(
            "Row {row} there looks the same: it has a Latin letter '{letter}', here stands the "
            "Cyrillic one."
        )
    return sentence.replace("{letter}", there.upper())
