"""The clients by ID and name; and what looks the same and isn't: a message says which row was
meant, and what differs.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from unicodedata import name

import numpy as np
from numpy.typing import NDArray

from rules.mentions import called, first_of
from rules.model.raw import RawTable
from rules.reading.cells import read_words, shown
from words import _

_LATIN = str.maketrans("авекмнорстухіѕј", "abekmhopctyxisj")
"""Small Cyrillic letters, and the Latin ones that look like them, small or as capitals."""
_NUMBER_AT_END = re.compile(r"0*(\d+)$")
_LIKE = 0.75
"""From here on `difflib` takes two names for near."""
_BEGINNING = 3
"""Near names have a word that begins with the same letters, so many of them."""
_MOST_NEAR = 3
_MOST_HINTED = 50
"""Names that nobody has for which near ones are looked for: nobody reads more."""


class KnownIds:
    """The IDs of the clients, as they are compared, with their positions in the table."""

    def __init__(self, clients: RawTable, positions: dict[str, int]) -> None:
        self.clients = clients
        self.positions = positions
        self._listed: dict[tuple[int, ...], str] = {}

    @property
    def are_names(self) -> bool:
        """Whether her names are the IDs."""
        return self.clients.is_keyed_by_name

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """The name in each row of the table, as it is compared."""
        return read_words(self.clients.column("name"))

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[int]]:
        """The positions of the clients of each name."""
        found: dict[str, list[int]] = {}
        names = self.names
        for at in sorted(self.positions.values()):
            found.setdefault(names[at], []).append(at)
        found.pop("", None)
        return found

    def named(self, name: str) -> int:
        """The position of the only client of that name; -1 where none has it, or several."""
        found = self.by_name.get(name, ())
        return found[0] if len(found) == 1 else -1

    def listed(self, *at: int) -> str:
        """Clients of one name, by their IDs and rows."""
        if at not in self._listed:
            rows, sentence = self.clients.rows, _("{id} (row {row})")
            told = [sentence.format(id=self.id(one), row=rows[one]) for one in at]
            self._listed[at] = first_of(told)
        return self._listed[at]

    def id(self, at: int) -> str:
        """The ID at a position, as it is shown."""
        return str(self.clients.texts("id", np.array([at]))[0])

    def near(self, names: Iterable[str]) -> dict[str, str]:
        """What to add about each of *names*, which nobody has: who has a name like it, '' for
        nobody.
        """
        beginnings: dict[str, list[str]] = {}
        for known in self.by_name:
            for beginning in _beginnings(known):
                beginnings.setdefault(beginning, []).append(known)
        found = {}
        for asked in list(dict.fromkeys(names))[:_MOST_HINTED]:
            some = {one for key in _beginnings(asked) for one in beginnings.get(key, ())}
            ordered = {" ".join(sorted(one.split())): one for one in sorted(some)}
            near = difflib.get_close_matches(
                " ".join(sorted(asked.split())), ordered, _MOST_NEAR, _LIKE
            )
            found[asked] = self._near([ordered[one] for one in near])
        return found

    def _near(self, names: Sequence[str]) -> str:
        if not names:
            return ""
        at = [one for name in names for one in self.by_name[name]][:_MOST_NEAR]
        written = self.clients.texts("name", np.array(at)).tolist()
        clients = [called(self.id(one), name) for one, name in zip(at, written, strict=True)]
        return " " + _("Nearly so: {clients}.").format(clients=", ".join(clients))

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


def _beginnings(name: str) -> set[str]:
    return {word[:_BEGINNING] for word in name.split()}


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
