"""The words that `clientbase import` knows: headings, totals, statuses, labels, colours, months."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

import yaml
from rapidfuzz import fuzz, process

from rules.config.settings import Config
from rules.reading.words import fold

_SIGNS: Final = re.compile(r"[^\w№#&+]+")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_HARMLESS: Final = frozenset(
    [
        "руб",
        "рублей",
        "р",
        "rub",
        "usd",
        "eur",
        "kzt",
        "byn",
        "uah",
        "gbp",
        "dollars",
        "розн",
        "опт",
        "шт",
        "с",
        "учетом",
        "скидки",
        "₽",
        "yyyy",
        "mm",
        "dd",
        "дд",
        "мм",
        "гггг",
        "mm/dd/yyyy",
        "обязательно",
        "required",
        "the",
        "of",
    ]
)
_LIKE: Final = 91
_SHORTEST_LIKE: Final = 5
ROLES_OF_CLIENTS: Final = frozenset(
    [
        "birthday",
        "phone",
        "email",
        "city",
        "address",
        "street",
        "region",
        "postcode",
        "country",
        "class_date",
        "source",
        "met",
        "hostess",
        "organisation",
        "segment",
        "referred_by",
        "spouse",
        "spouse_birthday",
        "children",
        "preferences",
        "wishes",
        "mailing",
        "do_not_contact",
        "notes",
        "labels",
        "nickname",
    ]
)
"""What only a sheet of clients says of them, or a report that says whose an order is."""
ROLES: Final = {
    "clients": frozenset((*["id", "consultant", "number", "aside", "month"], *ROLES_OF_CLIENTS)),
    "purchases": frozenset(
        [
            "id",
            "date",
            "amount",
            "product",
            "quantity",
            "price",
            "order",
            "status",
            "consultant",
            "article",
            "paid",
            "debt",
            "catalogue",
            "subtotal",
            "total",
            "number",
            "aside",
        ]
    ),
    "contacts": frozenset(
        [
            "id",
            "date",
            "kind",
            "note",
            "result",
            "consultant",
            "next_date",
            "next_kind",
            "number",
            "aside",
        ]
    ),
}
"""What the columns of each kind of sheet may be, besides the names; others are kept as they are."""
ONLY_IN_LISTS: Final = frozenset(("met", "nickname", "labels", "spouse_birthday"))
NAMES: Final = ("name", "surname", "first_name", "patronymic")
SEVERAL: Final = frozenset(("phone", "email", "notes", "street", "labels", "aside", "number"))
"""What may stand in several columns."""


@cache
def data(name: str) -> dict[str, Any]:
    """A file of words that comes with this package."""
    text = resources.files("batch.importing").joinpath(name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def words(key: str) -> frozenset[str]:
    """A list of words, as they are compared."""
    return frozenset(plain(str(one)) for one in data("words.yaml")[key]) - {""}


def plain(text: str) -> str:
    """A heading or word without its signs, as it is compared."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


class KnownHeadings:
    """What columns are called: the program's own headings, hers, and those of old bases."""

    def __init__(self, config: Config) -> None:
        self._roles: dict[str, str] = {}
        for role, names in data("synonyms.yaml").items():
            for name in names:
                self._roles.setdefault(plain(str(name)), role)
        for table in ("clients", "purchases", "contacts"):
            for key, names in config.headings(table).items():
                for name in names:
                    self._roles.setdefault(plain(name), _role(key))
        self._ranks = {name: rank for rank, name in enumerate(self._roles)}
        self._long = [one for one in self._roles if len(one) >= _SHORTEST_LIKE]
        self.role = lru_cache(maxsize=4096)(self._role_of)

    def rank(self, heading: str) -> int:
        """How usual a heading is for its role: the less, the more so."""
        return self._ranks.get(plain(heading), len(self._ranks))

    def said(self, word: str) -> str:
        """The role that a *word* of hers in a plan names, be it a heading of the base; a word that
        names none as it is.
        """
        word = word.strip()
        return word if word in data("synonyms.yaml") else self.role(word) or word

    def _role_of(self, heading: str) -> str:
        """What a column of this heading holds; '' where nobody knows."""
        for text in (heading, _BRACKETS.sub(" ", heading)):
            key = plain(text)
            kept = " ".join(word for word in key.split() if word not in _HARMLESS)
            for one in (key, kept):
                if one in self._roles:
                    return self._roles[one]
        if len(kept) < _SHORTEST_LIKE:
            return ""
        near = process.extractOne(kept, self._long, scorer=fuzz.ratio, score_cutoff=_LIKE)
        return self._roles[near[0]] if near else ""


def _role(key: str) -> str:
    return "id" if key == "client_id" else key
