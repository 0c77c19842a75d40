"""What happens at night, when nobody is at the computer: the summary, and its mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.config.basics import Model, Text
from words import _, marked

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
    raise PydanticCustomError("address", _("expected an e-mail address, such as vera@example.com"))


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

    to: Addresses = Field(description="who gets the summary; empty: no mail is sent")
    from_: Address = Field(alias="from", description="the address that the mail comes from")
    server: Text = Field(description="your provider's server for outgoing mail (SMTP)")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        description="its port: 587 with starttls, 465 with ssl, as a rule"
    )
    security: Literal["starttls", "ssl", "none"] = Field(
        description="how the way to the server is encrypted: starttls, ssl or none"
    )
    user: Text = Field(description="your name at the server; empty: without a login")
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        description="a server that is silent for so long is given up"
    )

    @property
    def is_on(self) -> bool:
        """Whether a mail is wanted at all."""
        return bool(self.to)


class Nightly(Model):
    """The run of 'clientbase nightly'."""

    summary_folder: Text = Field(
        description="where the summary is put; empty: beside the first workbook"
    )
    most_contacts: Annotated[int, Field(ge=0, le=1000)] = Field(
        description="so many of the clients to contact are listed for each workbook"
    )
    mail: Mail = Field(description="the summary by e-mail")
