"""The clients as address books know them: name, numbers, addresses."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from batch.export.phones import Phone, numbers
from batch.recalculation.plan import Calculated
from rules.outgoing import addresses
from rules.reading.words import fold, without_rounded

_NAMESPACE = uuid.UUID("6f0d5b9a-3c1e-5a0f-9a77-0c5d1b6f2e41")
"""What all identifiers are made under. It must never change, or phones would hold all twice."""
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FEWEST_DIGITS = 3


@dataclass(frozen=True)
class Person:
    """A client. key: the folded ID; at: her position in the result; base: the name of the client
    base, as it is compared; blanks are ''.
    """

    at: int
    key: str
    id: str
    name: str
    phones: tuple[Phone, ...]
    emails: tuple[str, ...]
    group: str
    city: str
    address: str
    wishes: str
    base: str = ""

    def uid(self, kind: str) -> str:
        """What tells her entry of this *kind* from all others: the same on every day, from every
        file of the same base that holds her under the same ID.
        """
        base = f"{self.base}\n" if self.base else ""  # no folded text holds a line break
        return str(uuid.uuid5(_NAMESPACE, f"{base}{kind}:{self.key}"))

    @property
    def mobile(self) -> str:
        """The first number that can take an SMS, such as +79031234567; '' without one."""
        return next((phone.e164 for phone in self.phones if phone.is_mobile), "")


def people(found: Calculated) -> list[Person]:
    """All clients with an ID, each once, in the order of the sheet.

    Raises UnknownCountryError.
    """
    table, clients = found.base.clients, found.result.known.clients
    keys = ("id", "name", "phone", "email", "city", "address", "wishes")
    texts = {key: table.texts(key).tolist() for key in keys}
    groups = found.result.of_role("sticker")
    name = fold(found.rules.config.export.base)
    everyone = []
    for at in clients.usable.nonzero()[0].tolist():
        typed = {key: texts[key][at] for key in keys}
        plain = {key: clean(text) for key, text in typed.items()}
        person = Person(
            at,
            str(clients.keys[at]),
            plain["id"],
            plain["name"] or plain["id"],
            phones(typed["phone"], found.rules.config.country),
            tuple(addresses(typed["email"])),
            groups[at],
            plain["city"],
            plain["address"],
            plain["wishes"],
            name,
        )
        everyone.append(person)
    return everyone


def clean(text: str) -> str:
    """*text* on one line, without what isn't text, and with / for a backslash: it begins an escape
    in these files, which some phones read wrongly.
    """
    return _NO_TEXT.sub("", " ".join(text.split())).replace("\\", "/")


def phones(text: str, country: str) -> tuple[Phone, ...]:
    """The numbers in a cell; one that can't be told, such as 12-34-56 of her own town, as she
    typed it. Raises UnknownCountryError.
    """
    if known := numbers(text, country):
        return tuple(known)
    typed = clean(without_rounded(text))
    digits = sum(sign.isdecimal() for sign in typed)
    return (Phone("", typed),) if digits >= _FEWEST_DIGITS else ()
