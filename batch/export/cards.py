"""The address book: a card for each client, as vCard 3.0 (RFC 2426) and 4.0 (RFC 6350).

Every phone reads 3.0; 4.0 also has birthdays whose year nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal

from icalendar import Component
from icalendar.prop import vAdr, vCategory, vN, vText, vUri

from batch.export.people import Person
from batch.export.phones import Phone
from batch.recalculation.plan import Calculated
from rules.reading.clean import birth_years
from rules.reading.dates import date_or_none

CardVersion = Literal["3.0", "4.0"]
PRODUCT: Final = "-//clientbase//clientbase//EN"
"""Who wrote a file, by which the next export knows it for one of ours."""


def with_card(people: Iterable[Person]) -> list[Person]:
    """Those of *people* who have a phone or an e-mail. Who doesn't want contact stays: her name is
    to be seen when she calls.
    """
    return [person for person in people if person.phones or person.emails]


def cards(found: Calculated, people: Iterable[Person], version: CardVersion) -> bytes:
    """The cards of *people*, in their order."""
    birthday = found.result.known.clients.birthday
    years = birth_years(found.base.clients, found.rules.config, found.result.today)
    made = []
    for person in people:
        day = _birthday(date_or_none(birthday[person.at]), bool(years[person.at]), version)
        made.append(_card(person, day, version))
    return b"".join(made)


def _card(person: Person, birthday: str, version: CardVersion) -> bytes:
    """One card. The whole name stands as the family name: which word of it is which can't be told,
    and so every phone shows it as she wrote it.
    """
    card = _Card()
    card.add("VERSION", vText(version))
    card.add("PRODID", vText(PRODUCT))
    uid = person.uid("card")
    card.add("UID", vText(uid) if version == "3.0" else vUri(f"urn:uuid:{uid}"))
    card.add("FN", vText(person.name))
    card.add("N", vN((person.name, "", "", "", "")))
    for phone in person.phones:
        _add_phone(card, phone, version)
    for email in person.emails:
        card.add("EMAIL", vText(email), {"TYPE": "INTERNET"} if version == "3.0" else {})
    if birthday:
        card.add("BDAY", vText(birthday))
    if person.city or person.address:
        address = vAdr(("", "", person.address, person.city, "", "", ""))
        card.add("ADR", address, {"TYPE": "HOME" if version == "3.0" else "home"})
    if person.group:
        card.add("CATEGORIES", vCategory([person.group]))
    return bytes(card.to_ical(sorted=False))


class _Card(Component):
    name = "VCARD"


def _add_phone(card: Component, phone: Phone, version: CardVersion) -> None:
    """4.0 has addresses of telephones (RFC 3966); an extension is dialled after a pause in 3.0."""
    kind = "cell" if phone.is_mobile else "voice"
    if version == "3.0":
        number = ",".join(filter(None, (phone.e164 or phone.shown, phone.extension)))
        card.add("TEL", vText(number), {"TYPE": kind.upper()})
    elif phone.e164:
        extension = f";ext={phone.extension}" if phone.extension else ""
        card.add("TEL", vUri(f"tel:{phone.e164}{extension}"), {"TYPE": kind, "VALUE": "uri"})
    else:
        card.add("TEL", vText(phone.shown), {"TYPE": kind})


def _birthday(birthday: dt.date | None, is_year_known: bool, version: CardVersion) -> str:  # noqa: FBT001
    """'' where it is unknown. 3.0 has no birthday without a year, and a made-up one would show a
    wrong age.
    """
    if birthday is None or (version == "3.0" and not is_year_known):
        return ""
    if version == "3.0":
        return birthday.isoformat()
    return f"{birthday:%Y%m%d}" if is_year_known else f"--{birthday:%m%d}"
