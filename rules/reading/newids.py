"""The IDs of clients whom she typed without one: the next, in the form of the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.settings import Config
from rules.model.raw import RawTable
from rules.reading.cells import Cells, is_blank, read_key, read_keys, read_text, read_words
from rules.reading.whose import Completed, Filled, are_totals, put
from rules.reading.words import fold_id

_COUNTED = re.compile(r"(.*?)(?<![0-9])([0-9]{1,9})", re.DOTALL)
"""An ID that ends in a number; more digits are a telephone's."""


class Form(NamedTuple):
    """The form of all IDs: what stands before their numbers, how many digits these have at least,
    the highest, and whether cells hold them as numbers.
    """

    before: str = ""
    digits: int = 1
    highest: int = 0
    is_number: bool = False

    def id(self, number: int) -> str:
        """The ID of a number."""
        return f"{self.before}{number:0{self.digits}}"


def give_ids(
    base: Mapping[str, RawTable], config: Config, fixed: Collection[int] = ()
) -> Completed:
    """The tables of *base* with the next IDs for the clients who have a name and none yet.

    The numbers go on from the highest in the form of the other IDs (C-0017 after C-0016, 18 after
    17), past those that stand in a log already; where there are no others, they begin with 1. Where
    the others follow no form, nothing is given. fixed: positions of cells that can't be written.
    """
    key = config.rooms.clients.key
    clients = base.get(key, RawTable.empty(""))
    without = _without_id(clients, config)
    at = without[~np.isin(without, list(fixed))]
    if not len(at):
        return Completed(base)
    form = form_of(clients, config)
    if isinstance(form, list):
        return Completed(base)
    numbers = _free(form, len(at), _in_logs(base, config))
    cells = [float(one) if form.is_number else form.id(one) for one in numbers]
    new: Cells = np.empty(len(cells), dtype=object)
    new[:] = cells
    ids = put(clients.column("id"), at, new)
    whole = clients.with_cells({**clients.cells, "id": ids}, clients.letters)
    return Completed({**base, key: whole}, (Filled(key, "id", at),))


def _without_id(clients: RawTable, config: Config) -> NDArray[np.intp]:
    """The positions of clients who have a name and no ID; a single letter is a heading's."""
    if clients.is_keyed_by_name or "id" not in clients.cells:
        return np.array([], np.intp)
    at = np.flatnonzero(is_blank(clients.column("id")))
    if not len(at):
        return at
    names = read_words(clients.column("name")[at])
    is_name = np.fromiter((len(name) > 1 for name in names.tolist()), bool, len(names))
    return at[is_name & ~are_totals(names, config)]


def form_of(clients: RawTable, config: Config) -> Form | list[int]:
    """The form of all IDs; the positions of two that have none in common, or of one without."""
    cells = clients.column("id")
    texts = read_text(cells).tolist()
    is_total = are_totals(read_keys(cells), config).tolist()
    form, first = Form(), -1
    shortest = 9
    for at, text in enumerate(texts):
        if not text or is_total[at]:
            continue
        found = _COUNTED.fullmatch(text)
        if found is None or (isinstance(cells[at], float) and not float(cells[at]).is_integer()):
            return [at]
        before, digits = found.groups()
        padded = len(digits) if digits[0] == "0" and len(digits) > 1 else 1
        shortest = min(shortest, len(digits))
        if first < 0:
            form, first = Form(before, padded, -1), at
        width = max(form.digits, padded)
        if fold_id(before) != fold_id(form.before) or shortest < width or 1 < form.digits < width:
            return [first, at]
        form = form._replace(digits=width)
        if int(digits) > form.highest:
            is_number = isinstance(cells[at], float)
            form = form._replace(before=before, highest=int(digits), is_number=is_number)
    return form


def _in_logs(base: Mapping[str, RawTable], config: Config) -> set[str]:
    """The IDs in the logs, as they are compared."""
    tables = config.rooms.tables.values()
    logs = (
        (one.identity, base[one.key]) for one in tables if one.is_of_clients and one.key in base
    )
    return {key for identity, raw in logs for key in set(read_keys(raw.column(identity)).tolist())}


def _free(form: Form, count: int, taken: Collection[str]) -> Iterable[int]:
    """The next numbers whose IDs aren't taken."""
    found: list[int] = []
    number = form.highest
    while len(found) < count:
        number += 1
        if read_key(form.id(number)) not in taken:
            found.append(number)
    return found
