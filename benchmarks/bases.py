"""Client bases of any size to measure with: the same lists for the same sizes, on every machine.

`python -m benchmarks.bases FOLDER CLIENTS PURCHASES CONTACTS [bare]` makes one, *bare* one without
the sheets with lists. They are made as
`clientbase new` makes them, with XlsxWriter: tables and shared texts, as Excel itself saves them.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from batch import configuration
from batch.writer.base import write_base
from batch.writer.tables import SheetContent
from benchmarks.sizes import TODAY, Size
from rules.config.assembly import furnished
from rules.config.settings import Config

_MADE_ON = dt.datetime(2026, 3, 9)  # noqa: DTZ001 — Excel's times have no zone
_YEARS = 4
_PRODUCTS = 320

Cells = list[object]


def base(folder: Path, size: Size, config: Config) -> Path:
    """The base of that *size* in *folder*, made unless it is there. Raises OSError."""
    path = folder / size.file_name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{os.getpid()}-{path.name}")
        with patch.dict(furnished(config, ()).rooms.sheets, clear=not size.has_lists):
            write_base(unfinished, config, contents(size), _MADE_ON)
        unfinished.replace(path)
    return path


def contents(size: Size) -> dict[str, SheetContent]:
    """The lists: 30 columns of clients, and logs in which few buy often and many seldom."""
    random = np.random.default_rng(1)
    ids = np.array([f"{100_001 + number}" for number in range(size.clients)], object)
    likely = random.pareto(1.6, size.clients) + 0.05
    likely /= likely.sum()
    lists = {
        "clients": _clients(ids, random),
        "purchases": _purchases(ids, likely, size.purchases, random),
        "contacts": _contacts(ids, likely, size.contacts, random),
    }
    names = dict(zip(ids.tolist(), lists["clients"].columns["name"], strict=True))
    for log in ("purchases", "contacts"):
        columns = lists[log].columns
        columns["name"] = [names[one] for one in columns["client_id"]]
    return lists


def _clients(ids: np.ndarray, random: np.random.Generator) -> SheetContent:
    count = len(ids)

    def some(words: Sequence[object]) -> Cells:
        return _some(words, count, random)

    first, last = some(_FIRST_NAMES), some(_LAST_NAMES)
    names: Cells = [f"{one} {other}" for one, other in zip(first, last, strict=True)]
    phones: Cells = [f"+7 9{number:09}" for number in random.integers(0, 10**9, count).tolist()]
    emails: Cells = [f"client.{one}@example.com" for one in ids.tolist()]
    streets: Cells = [
        f"{street} {house}"
        for street, house in zip(some(_STREETS), random.integers(1, 200, count), strict=True)
    ]
    columns: dict[str, Cells] = {
        "id": ids.tolist(),
        "name": names,
        "birthday": _days(random, count, dt.date(1950, 1, 1), 20_000, known=0.7),
        "phone": phones,
        "email": emails,
        "city": some(_CITIES),
        "address": streets,
        "class_date": _days(random, count, TODAY - dt.timedelta(1500), 1480, known=0.3),
        "source": some(("exhibition", "hostess", "friend", "site", None)),
        "hostess": some((*_FIRST_NAMES, None, None, None)),
        "organisation": some((*(f"Salon {number}" for number in range(200)), None, None)),
        "segment": some(("salon", "office", "home", None)),
        "referred_by": some((*_FIRST_NAMES, None, None, None)),
        "consultant": some(("Olga", "Vera", "Nina")),
        "spouse": some((*_FIRST_NAMES, None)),
        "spouse_birthday": _days(random, count, dt.date(1950, 1, 1), 20_000, known=0.2),
        "children": some((*_FIRST_NAMES, None)),
        "preferences": some(("anti-age care", "perfume", "make-up", "day and night care", None)),
        "wishes": some(("masks for the salon in bulk", "a lighter foundation", None, None)),
        "mailing": some(("yes", "yes", "no", None)),
        "do_not_contact": some((*(None,) * 49, "yes")),
        "notes": some((*(f"met at stand {number}" for number in range(500)), None)),
    }
    others = {f"My column {number}": some(_ANSWERS) for number in range(1, 9)}
    return SheetContent(columns, others, count)


def _purchases(
    ids: np.ndarray, likely: np.ndarray, count: int, random: np.random.Generator
) -> SheetContent:
    products = [f"Product {number} of the catalogue" for number in range(_PRODUCTS)]
    product = random.integers(0, _PRODUCTS, count)
    price = random.integers(19, 600, _PRODUCTS) * 10
    quantity = random.choice([1, 1, 1, 2, 3], count)
    discount = random.choice([0.0, 0.0, 0.0, 0.05], count)
    amounts = np.round(price[product] * quantity * (1 - discount), 2)
    columns: dict[str, Cells] = {
        "date": _log_days(random, count),
        "client_id": random.choice(ids, count, p=likely).tolist(),
        "product": [products[number] for number in product.tolist()],
        "quantity": list(quantity.tolist()),
        "amount": list(amounts.tolist()),
        "order": [number // 3 + 1 for number in range(count)],
        "consultant": _some(("Olga", "Vera", "Nina"), count, random),
    }
    return SheetContent(columns, {}, count)


def _contacts(
    ids: np.ndarray, likely: np.ndarray, count: int, random: np.random.Generator
) -> SheetContent:
    days = _log_days(random, count)
    later = random.integers(7, 90, count).tolist()
    agreed = random.random(count) < 0.2
    next_dates: Cells = [
        day + dt.timedelta(wait) if is_agreed and isinstance(day, dt.date) else None
        for day, wait, is_agreed in zip(days, later, agreed.tolist(), strict=True)
    ]
    columns: dict[str, Cells] = {
        "date": days,
        "client_id": random.choice(ids, count, p=likely).tolist(),
        "kind": _some(("call out", "call in", "SMS", "meeting", "e-mail"), count, random),
        "note": _some(("regular call", "asked for samples", "birthday", None), count, random),
        "result": _some(("wants to order", "no answer", "thinks about it", None), count, random),
        "next_date": next_dates,
        "next_kind": [None if day is None else "call" for day in next_dates],
    }
    return SheetContent(columns, {}, count)


def _some(words: Sequence[object], count: int, random: np.random.Generator) -> Cells:
    return [words[number] for number in random.integers(0, len(words), count).tolist()]


def _days(
    random: np.random.Generator, count: int, first: dt.date, span: int, known: float
) -> Cells:
    """Days from *first* on, blank but for the share *known*."""
    is_known = (random.random(count) < known).tolist()
    later = random.integers(0, span, count).tolist()
    return [
        first + dt.timedelta(n) if one else None for n, one in zip(later, is_known, strict=True)
    ]


def _log_days(random: np.random.Generator, count: int) -> Cells:
    """The days of a log, from the oldest to the newest."""
    ago = np.sort(random.integers(0, _YEARS * 365, count))[::-1]
    return [TODAY - dt.timedelta(days) for days in ago.tolist()]


_FIRST_NAMES = (
    "Anna", "Maria", "Elena", "Olga", "Irina", "Natalia", "Tatiana", "Svetlana", "Yulia", "Vera",
    "Galina", "Ksenia", "Daria", "Polina", "Larisa", "Marina", "Alla", "Nina", "Zoya", "Rita",
)  # fmt: skip
_LAST_NAMES = tuple(
    stem + ending
    for stem in ("Sokol", "Petr", "Ivan", "Smirn", "Popov", "Volk", "Orl", "Zaits", "Moroz", "Leb")
    for ending in ("ova", "ina", "skaya", "enko", "evich")
)
_CITIES = ("Moscow", "Saint Petersburg", "Kazan", "Perm", "Omsk", "Tula", "Samara", "Ufa")
_STREETS = ("Lesnaya", "Sadovaya", "Mira", "Lenina", "Polevaya", "Novaya", "Zelyonaya", "Pervaya")
_ANSWERS = ("dry", "oily", "mixed", "normal", "sensitive", "spring", "autumn", "none yet")


if __name__ == "__main__":
    shipped = configuration.read(configuration.shipped_path()).config
    clients, purchases, contacts = map(int, sys.argv[2:5])
    asked = Size(clients, purchases, contacts, has_lists="bare" not in sys.argv[5:])
    base(Path(sys.argv[1]), asked, shipped)
