"""The cards of a phone or an address book (vCard 2.1, 3.0 and 4.0) as a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import vobject
from vobject.base import ParseError, VObjectError

from batch.importing.sheets import Cell, SourceSheet
from batch.importing.texts import Text, ToldOfFile
from words import marked

COLUMNS: Final = (
    "Last Name",
    "First Name",
    "Middle Name",
    "Name",
    "Nickname",
    "Organization Name",
    "Birthday",
    "Phone",
    "Email",
    "Street",
    "City",
    "Region",
    "Postal Code",
    "Country",
    "Labels",
    "Notes",
    "Website",
)
_PICTURED: Final = marked("Cards whose picture or sound is left out: {count}.")
_UNREAD: Final = marked("Cards that can't be read: {count}.")
_CARD: Final = re.compile(r"BEGIN:VCARD.*?END:VCARD[^\n]*", re.IGNORECASE | re.DOTALL)
_KNOWN: Final = frozenset(
    [
        "n",
        "fn",
        "nickname",
        "org",
        "bday",
        "tel",
        "email",
        "adr",
        "categories",
        "note",
        "url",
        "version",
        "prodid",
        "rev",
        "uid",
        "photo",
        "logo",
        "sound",
        "key",
        "x-ablabel",
        "kind",
        "source",
        "label",
        "geo",
        "tz",
    ]
)
_PICTURES: Final = re.compile(
    r"^(?:[\w.-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:].*$(?:\n(?:[ \t].*|[A-Za-z0-9+/=]{20,})$)*",
    re.IGNORECASE | re.MULTILINE,
)


def sheet(path: Path, text: Text) -> SourceSheet:
    """A row for each card; what a card says besides goes into its notes, pictures are left out."""
    rows: list[list[Cell]] = [list(COLUMNS)]
    pictures = unread = 0
    for found in _CARD.finditer(text.text):
        whole = found[0].replace("\r\n", "\n")
        pictures += bool(_PICTURES.search(whole))
        card = _parsed(_PICTURES.sub("", whole))
        if card is None:
            unread += 1
        else:
            rows.append(_row(card))
    told = list(text.told)
    if pictures:
        told.append(ToldOfFile(_PICTURED, {"count": pictures}))
    if unread:
        told.append(ToldOfFile(_UNREAD, {"count": unread}))
    numbers = list(range(1, len(rows) + 1))
    return SourceSheet(path, "", rows, numbers, told=told, is_address_book=True)


def _parsed(text: str) -> Any:  # noqa: ANN401 - vobject tells no types
    lines = "\n".join(line for line in text.split("\n") if line.strip())
    try:
        return next(vobject.readComponents(lines, allowQP=True, ignoreUnreadable=True))
    except (ParseError, VObjectError, StopIteration, ValueError, KeyError, AttributeError):
        return None


def _row(card: Any) -> list[Cell]:  # noqa: ANN401
    contents = card.contents
    name = contents.get("n")
    parts = name[0].value if name else None
    address = next((one.value for one in contents.get("adr", ())), None)
    cells = {
        "Last Name": _joined(getattr(parts, "family", "")),
        "First Name": _joined(getattr(parts, "given", "")),
        "Middle Name": _joined(getattr(parts, "additional", "")),
        "Name": _values(contents, "fn", " "),
        "Nickname": _values(contents, "nickname"),
        "Organization Name": _values(contents, "org"),
        "Birthday": _day(_values(contents, "bday")),
        "Phone": _values(contents, "tel").replace("tel:", ""),
        "Email": _values(contents, "email").replace("mailto:", ""),
        "Labels": _values(contents, "categories", " ::: "),
        "Notes": "; ".join(filter(None, [_values(contents, "note", "; "), *_others(contents)])),
        "Website": _values(contents, "url"),
    }
    if address is not None:
        named = (("Street", "street"), ("City", "city"), ("Region", "region"))
        cells |= {key: _joined(getattr(address, part, "")) for key, part in named}
        cells["Postal Code"] = _joined(getattr(address, "code", ""))
        cells["Country"] = _joined(getattr(address, "country", ""))
    if cells["Last Name"] or cells["First Name"]:
        cells["Name"] = ""
    return [cells.get(one) or None for one in COLUMNS]


def _values(contents: dict[str, Any], key: str, between: str = ", ") -> str:
    found = [_joined(one.value, between) for one in contents.get(key, ())]
    return between.join(dict.fromkeys(filter(None, found)))


def _joined(value: object, between: str = " ") -> str:
    if isinstance(value, (list, tuple)):
        return between.join(filter(None, map(_joined, value)))
    return " ".join(str(value or "").split())


def _day(text: str) -> str:
    """A day as the reader knows it: 19800512 and --0512 get their dashes, a time is cut off."""
    text = text.split("T", maxsplit=1)[0]
    if re.fullmatch(r"\d{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return f"{text[:4]}-{text[4:]}" if re.fullmatch(r"--\d{4}", text) else text


def _others(contents: dict[str, Any]) -> Iterator[str]:
    """What a card says that has no column."""
    for key, ones in contents.items():
        if key not in _KNOWN and not key.startswith("x-"):
            for one in ones:
                yield f"{key}: {_joined(one.value)}"
        elif key in {"x-phonetic-first-name", "x-anniversary"}:
            yield f"{key[2:]}: {_joined(ones[0].value)}"
