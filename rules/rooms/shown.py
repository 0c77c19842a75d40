"""What sheets show besides the rules' decisions: texts of the base, by client."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rules.model.result import Result
from rules.reading.dates import date_or_none, newest_rows, shown_date

_MOST_PRODUCTS = 5
_MOST_SIGNS = 150
"""Of names in a cell; two lines show so many."""


class Shown:
    """Texts about the clients of a *result*, by their position in Clients."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.clients = result.base[result.known.clients.key]
        self.purchases = result.known.tables["purchases"]
        self.contacts = result.known.tables["contacts"]
        self._columns: dict[str, NDArray[np.object_]] = {}
        self._date_format = result.config.dates.written

    def text(self, key: str, position: int) -> str:
        """A column of Clients as text, '' where blank."""
        return str(self.texts(key)[position])

    def texts(self, key: str) -> NDArray[np.object_]:
        """A column of Clients as texts, '' where blank."""
        if key not in self._columns:
            self._columns[key] = self.clients.texts(key)
        return self._columns[key]

    def name(self, position: int) -> str:
        """The client's name, her ID where she has none."""
        return self.text("name", position) or self.text("id", position)

    def date(self, value: np.datetime64) -> str:
        """A date as she writes it."""
        return shown_date(date_or_none(value), self._date_format)

    def last_bought(self, position: int) -> str:
        """The last purchase day with the products of that day; '' for one who never bought."""
        last = self.result.filled["last_purchase"][position]
        if np.isnat(last):
            return ""
        different = self._last_products.get(position, [])
        named = ", ".join(islice(different, _MOST_PRODUCTS))
        more = ", …" if len(different) > _MOST_PRODUCTS else ""
        return f"{self.date(last)}: {named}{more}" if named else self.date(last)

    def last_contact(self, position: int) -> str:
        """Day, kind, note and result of the newest contact; '' where there is none."""
        contacts = self.contacts
        at = self._newest_contact[position]
        if at < 0:
            return ""
        row = contacts.at[at]
        kind, note, result = (str(texts[row]) for texts in self._contact_texts)
        when = " ".join(one for one in (self.date(contacts.date[at]), kind) if one)
        said = "; ".join(one for one in (note, result) if one)
        return f"{when}: {said}" if said else when

    @cached_property
    def _contact_texts(self) -> list[NDArray[np.object_]]:
        table = self.result.base["contacts"]
        return [table.texts(key) for key in ("kind", "note", "result")]

    @cached_property
    def _last_products(self) -> dict[int, list[str]]:
        """The different products of each client's last purchase day, in the order of the rows."""
        purchases, last = self.purchases, self.result.filled["last_purchase"]
        on_day = np.flatnonzero(purchases.date == last[purchases.client])
        texts = self.result.base["purchases"].texts("product", purchases.at[on_day])
        found: dict[int, dict[str, None]] = {}
        for client, text in zip(purchases.client[on_day].tolist(), texts.tolist(), strict=True):
            if text:
                found.setdefault(client, {})[text] = None
        return {client: list(products) for client, products in found.items()}

    @cached_property
    def _newest_contact(self) -> NDArray[np.intp]:
        """The newest contact of each client, of one day the one further down; -1 for none."""
        contacts = self.contacts
        return newest_rows(contacts.client, contacts.date, len(self.result.known))


def listed(names: Sequence[str]) -> str:
    """The names one after the other, and how many more there are than a cell shows."""
    shown: list[str] = []
    for name in names:
        if shown and len(", ".join(shown)) + len(name) > _MOST_SIGNS:
            return f"{', '.join(shown)} … +{len(names) - len(shown)}"
        shown.append(name)
    return ", ".join(shown)
