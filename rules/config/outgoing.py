"""What leaves the client base: for the phone, the calendar and the mailing; and at night, when
nobody is at the computer, the summary and its mail.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from rules.config.basics import NO, Days, Label, Model, Text, Word, Words
from words import _, marked


def _time_or_off(value: object) -> object:
    if isinstance(value, str) and value.strip().casefold() in NO:
        return None
    match = re.fullmatch(r"(\d{1,2}):(\d\d)", value.strip()) if isinstance(value, str) else None
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return dt.time(int(match[1]), int(match[2]))
    if value is None or isinstance(value, dt.time):
        return value
    raise ValueError(_("expected a time such as 09:00, or off"))


Alarm = Annotated[
    dt.time | None,
    BeforeValidator(_time_or_off),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["off", "no", False]},
                {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"},
            ],
            "examples": ["09:00"],
        }
    ),
]
TEMPLATE_WORDS = frozenset({"name", "first_name", "occasion"})
"""The words in braces that a greeting may use."""


class MailingRule(Model):
    """Who is in mailing.csv."""

    kinds: Annotated[tuple[Label, ...], Field(min_length=1)]
    """Kinds of contact that count as a letter of the mailing."""
    every_days: Days
    """The next letter is due when the last one is so many days old."""


class GreetingRule(Model):
    """Who is in sms.csv, and with which text."""

    channel: Label
    """Greetings whose channel weighs as much as this one are written as SMS."""
    first_name_word: Annotated[int, Field(ge=0, le=9)]
    """Which word of Name is the first name: 1 in 'Anna Peterson', 2 in 'Peterson Anna'; 0: the
    whole cell is."""
    templates: Words[Word]
    """The text for an occasion, under its name (the reason of the birthday rule, or the name of a
    holiday); may use {first_name}, {name}, {occasion}."""
    other: Word
    """The text for every other occasion; may use {first_name}, {name}, {occasion}."""


class Export(Model):
    """What `clientbase export` writes."""

    folder: Text
    """Where the files are written if --to doesn't say: a folder, seen from that of the workbook;
    empty: --to must say."""
    base: Text
    """The name of this client base, if you keep several, so that a phone tells their clients apart;
    another name brings every client to the phone a second time."""
    contacts_as: Literal["events", "todos"]
    """Next contacts in the calendar: events (every phone shows them) or todos."""
    days_ahead: Annotated[int, Field(ge=0, le=3660)]
    """Next contacts up to so many days ahead stand in the calendar."""
    alarm: Alarm
    """When the phone reminds her, on the day itself; or off."""
    cancelled_days: Days
    """A contact that is no longer due stays in the file as cancelled so long."""
    mailing: MailingRule
    """Who is in mailing.csv."""
    sms: GreetingRule
    """Who is in sms.csv, and with which text."""


_WHERE_INSTEAD = marked(
    "a password doesn't belong into this file; delete the line. 'clientbase nightly FILE "
    "--test-mail' asks for it and keeps it in this computer's keyring; else put it into the "
    "environment variable CLIENTBASE_SMTP_PASSWORD"
)


def _address(value: object) -> object:
    """An e-mail address without a name; nothing that could end a line of a mail's head."""
    if value is None or value == "":
        return ""
    if isinstance(value, str) and value.isprintable():
        name, at, place = value.strip().rpartition("@")
        is_plain = not any(sign in ' ,;:<>()[]"@' for sign in name + place)
        if at and name and place and is_plain:
            return value.strip()
    raise ValueError(_("expected an e-mail address, such as vera@example.com"))


def _addresses(value: object) -> object:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else value


_ADDRESS_SCHEMA: dict[str, object] = {"type": "string", "pattern": "^$|^[^@]+@[^@]+$"}

Address = Annotated[str, BeforeValidator(_address), WithJsonSchema(_ADDRESS_SCHEMA)]
Addresses = Annotated[
    tuple[Address, ...],
    BeforeValidator(_addresses),
    Field(max_length=20),
    WithJsonSchema({"anyOf": [_ADDRESS_SCHEMA, {"type": "array", "items": _ADDRESS_SCHEMA}]}),
]


class Mail(Model):
    """The server that takes the summary, and who gets it."""

    never: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("password", "passwd", "pass", "пароль"), _WHERE_INSTEAD
    )

    to: Addresses
    """Who gets the summary; empty: no mail is sent."""
    from_: Address = Field(alias="from")
    """The address that the mail comes from."""
    server: Text
    """Your provider's server for outgoing mail (SMTP)."""
    port: Annotated[int, Field(ge=1, le=65535)]
    """Its port: 587 with starttls, 465 with ssl, as a rule."""
    security: Literal["starttls", "ssl", "none"]
    """How the way to the server is encrypted: starttls, ssl or none."""
    user: Text
    """Your name at the server; empty: without a login."""
    timeout_seconds: Annotated[int, Field(ge=1, le=600)]
    """A server that is silent for so long is given up."""

    @property
    def is_on(self) -> bool:
        """Whether a mail is wanted at all."""
        return bool(self.to)


class Nightly(Model):
    """The run of 'clientbase nightly'."""

    summary_folder: Text
    """Where the summary is put; empty: beside the first workbook."""
    most_contacts: Annotated[int, Field(ge=0, le=1000)]
    """So many of the clients to contact are listed for each workbook."""
    mail: Mail
    """The summary by e-mail."""
