"""The clients of a base as far as they are people: name, birthday, phones, e-mail, city."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from batch.export.phones import Phone, numbers
from batch.recalculation.plan import Calculated
from rules.mentions import called
from rules.outgoing import addresses
from rules.reading.words import fold, fold_city

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class People:
    """The usable clients; at: their positions in the table; all else by the same order."""

    calculated: Calculated

    @cached_property
    def at(self) -> NDArray[np.intp]:
        """Their positions in the table of clients."""
        return np.flatnonzero(self.calculated.result.known.clients.usable)

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def called(self) -> list[str]:
        """Each as she is named in a hint."""
        return list(map(called, self.texts("id"), self.texts("name")))

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The words of each name, in the order of the alphabet, ё as е."""
        return [tuple(sorted(_WORD.findall(fold(name)))) for name in self.texts("name")]

    @cached_property
    def phones(self) -> list[list[Phone]]:
        """The phones of each. Raises UnknownCountryError."""
        country = self.calculated.rules.config.country
        return [numbers(text, country) if text else [] for text in self.texts("phone")]

    @cached_property
    def emails(self) -> list[list[str]]:
        """The e-mail addresses of each, as they are compared."""
        return [[fold(one) for one in addresses(text)] for text in self.texts("email")]

    @cached_property
    def cities(self) -> list[str]:
        """The city of each, as it is compared; '' for none."""
        return [fold_city(text) for text in self.texts("city")]

    @cached_property
    def birthdays(self) -> list[str]:
        """Day and month of each, such as 03-08; '' for none."""
        days = self.calculated.result.known.clients.birthday[self.at]
        return ["" if np.isnat(day) else str(day)[-5:] for day in days]

    def texts(self, key: str) -> list[str]:
        """A column of theirs as texts; '' where blank, or where the base lacks it."""
        return [text.strip() for text in self.calculated.base.clients.texts(key)[self.at].tolist()]

    def has(self, key: str) -> bool:
        """Whether the base has that column."""
        clients = self.calculated.base.clients
        return key in clients.cells or key in clients.details
