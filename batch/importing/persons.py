"""Who a row is about: her name, phones and addresses, and all else that the row says of her."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers

from batch.export.phones import numbers
from batch.importing import reading
from batch.importing.dictionary import NAMES, plain, words
from batch.importing.layout import MONTH, SourceColumn, SourceLayout
from batch.importing.names import Name, displayed
from batch.importing.reading import Day, is_nothing
from batch.importing.records import Somebody
from batch.importing.sheets import Cell, is_blank, text_of
from rules.config.settings import Config
from rules.outgoing import addresses

_PARTS: Final = ("street", "city", "region", "postcode", "country")
_COMMA: Final = re.compile(r"^([^\W\d_][\w'-]+),\s*([^\W\d_][\w.'-]*(?:\s+[\w.]+)?)\s*(\(.*\))?$")
_BETWEEN: Final = " ::: "
_SURNAME_FIRST: Final = frozenset(("ru",))
"""Languages whose rules have the surname before the first name."""
_AS_TEXTS: Final = frozenset(
    [
        "city",
        "address",
        "class_date",
        "source",
        "hostess",
        "organisation",
        "segment",
        "referred_by",
        "consultant",
        "spouse",
        "spouse_birthday",
        "children",
        "preferences",
        "wishes",
        "mailing",
        "do_not_contact",
    ]
)
_KEPT: Final = frozenset(("", "nickname", "met", "status", "debt", "paid", "catalogue", "labels"))
"""Roles that Clients has no column for: kept under their own headings."""


class PersonReader:
    """Reads the people of a sheet; days: the birthdays in its rows."""

    def __init__(self, layout: SourceLayout, config: Config, *, is_list: bool) -> None:
        self.layout = layout
        self.config = config
        self.is_list = is_list
        self.by_role: dict[str, list[SourceColumn]] = {}
        for one in layout.columns:
            self.by_role.setdefault(one.role, []).append(one)
        self.unknown_phones = 0

    def person(self, at: int, birthday: Day | None) -> Somebody:
        """The person of a row; her name may be ''."""
        phones, phone = self._phones(at)
        email = ", ".join(self._texts(at, "email"))
        labels = tuple(self._labels(at))
        person = Somebody(
            self.layout.sheet.title,
            self.layout.sheet.numbers[at],
            Name(self.name(at)),
            phones,
            frozenset(one.casefold() for one in addresses(email)),
            id=self._one(at, "id"),
            labels=labels,
            is_listed=self.is_list,
        )
        fields = {"name": person.name.written, "phone": phone, "email": email}
        fields |= {key: self._one(at, key) for key in _AS_TEXTS if key in self.by_role}
        fields["address"] = self._address(at)
        person.fields = {key: cell for key, cell in fields.items() if not is_blank(cell)}
        notes = self._texts(at, "notes")
        self._birthday(at, birthday, person, notes)
        if self.is_list:
            person.own |= self._own(at)
            if labels:
                person.own[self.by_role["labels"][0].heading] = ", ".join(labels)
        if notes:
            person.fields["notes"] = "; ".join(notes)
        return person

    def name(self, at: int) -> str:
        """The name in a row, from one cell or several."""
        cells = {role: self._one(at, role) for role in NAMES}
        parts = [cells[role] for role in name_order(NAMES[1:], self.config)]
        whole = displayed(parts) if any(parts) else displayed([self._turned(cells["name"])])
        return whole or (displayed(self._texts(at, "organisation")) if self.is_list else "")

    def _turned(self, name: str) -> str:
        """A name such as "Smith, Anna" without its comma, in the order of the rules' language."""
        found = _COMMA.match(name)
        if found is None:
            return name
        parts = {"surname": found[1], "first_name": found[2]}
        return " ".join(
            [*(parts[one] for one in name_order(list(parts), self.config)), found[3] or ""]
        )

    def _one(self, at: int, role: str) -> str:
        cells = (self.layout.sheet.cell(at, one.at) for one in self.by_role.get(role, ()))
        found = next((cell for cell in cells if not is_blank(cell)), None)
        return self.shown(found)

    def shown(self, cell: Cell) -> str:
        """A cell as text; a day as the rules write it."""
        if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
            return reading.shown_day(cell, self.config)
        return text_of(cell)

    def _texts(self, at: int, role: str) -> list[str]:
        cells = [self.layout.sheet.cell(at, one.at) for one in self.by_role.get(role, ())]
        texts = [", ".join(self.shown(cell).split(_BETWEEN)) for cell in cells]
        return [text for text in dict.fromkeys(texts) if not is_nothing(text)]

    def _labels(self, at: int) -> Iterator[str]:
        for text in self._texts(at, "labels"):
            for one in text.split(", "):
                name = one.strip()
                if name and not name.startswith("*") and plain(name) not in words("system_labels"):
                    yield name

    def _address(self, at: int) -> str:
        whole = self._one(at, "address")
        parts = [text for role in _PARTS if role != "city" for text in self._texts(at, role)]
        new = (one.lstrip("'") for one in parts)
        return ", ".join(filter(None, [whole, *(one for one in new if one not in whole)]))

    def _phones(self, at: int) -> tuple[frozenset[str], str]:
        """Her numbers as machines compare them, and as she reads them, with the words between."""
        country, found, shown = self.config.country, set[str](), list[str]()
        for text in self._texts(at, "phone"):
            read = [one for one in numbers(text, country) if one.e164]
            found |= {one.e164 for one in read}
            self.unknown_phones += not read
            shown.append(_in_one_form(text, [one.shown for one in read], country))
        return frozenset(found), ", ".join(dict.fromkeys(shown))

    def _birthday(self, at: int, day: Day | None, person: Somebody, notes: list[str]) -> None:
        """Her birthday; one that can't be read goes into the notes."""
        for one in self.by_role.get("birthday", ())[:1]:
            cell = self.layout.sheet.cell(at, one.at)
            if day is not None:
                place = (self.layout.sheet.numbers[at], one.at)
                is_whole = day.has_year and place not in self.layout.sheet.no_years
                found = day.date if is_whole else reading.yearless(day.date, self.config)
                person.fields["birthday"] = found
            elif not is_nothing(cell):
                notes.append(f"{one.shown}: {self.shown(cell)}")

    def _own(self, at: int) -> dict[str, Cell]:
        """What stands in columns that nobody knows, under their headings."""
        own: dict[str, Cell] = {}
        for one in self.layout.columns:
            cell = self.layout.sheet.cell(at, one.at)
            if one.role in _KEPT - {"labels"} and not is_blank(cell):
                own[one.shown] = cell
        return own

    def set_aside(self) -> Sequence[SourceColumn]:
        """The columns of the sheet that aren't carried over."""
        aside = {"aside", "number", "total"} if self.is_list else {"aside", "number"}
        return [one for one in self.layout.columns if one.role in aside]

    @property
    def months(self) -> Sequence[SourceColumn]:
        """The columns of months."""
        return self.by_role.get(MONTH, ())


def name_order(roles: Sequence[str], config: Config) -> list[str]:
    """The parts of a name in the order of the rules' language."""
    order = ["first_name", "patronymic", "surname"]
    if config.based_on in _SURNAME_FIRST:
        order = ["surname", *order[:2]]
    return [one for one in ("name", *order) if one in roles]


def _in_one_form(text: str, shown: Sequence[str], country: str) -> str:
    """A text with its phone numbers in one form, and its words as they were."""
    matches = list(phonenumbers.PhoneNumberMatcher(text, country))
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if len(matches) == len(shown):
        for one in reversed(matches):
            number = phonenumbers.format_number(one.number, form)
            text = f"{text[: one.start]}{number}{text[one.end :]}"
        return text
    return ", ".join(shown) or text
