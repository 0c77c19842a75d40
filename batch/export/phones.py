"""Phone numbers as she types them: one or several in a cell, in whatever form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from rules.errors import ClientBaseError
from rules.reading.words import without_rounded
from words import marked

_SEPARATORS = re.compile(r"[\n\r;|]+")
_ABROAD = re.compile(r"(?<![\d+])00 ?(?=[1-9])")
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_MOST_LETTERS = 1000
"""A longer cell holds notes; numbers behind that many letters aren't looked for."""


class UnknownCountryError(ClientBaseError, ValueError):
    """The configuration's `country` is none that has phone numbers."""

    country: str
    says = marked(
        "config.yaml: there is no country '{country}'. Set country to the two "
        "letters of yours, such as RU, KZ, DE or GB."
    )


class Phone(NamedTuple):
    """A number to dial.

    e164: as machines write it, such as +79031234567; '' where it can't be told. shown: as people
    read it, such as +7 903 123-45-67, with its extension, if any; or as she typed it.
    """

    e164: str
    shown: str
    extension: str = ""

    @property
    def is_mobile(self) -> bool:
        """Whether it can take an SMS."""
        return bool(self.e164) and _kind(self.e164) in _MOBILE


def numbers(text: str, country: str) -> list[Phone]:
    """The phone numbers in a cell, in their order, each once; none where it holds none.

    One without a country's code is of *country* (two letters). Numbers that nobody can have, too
    short or too long for example, are left out. Raises UnknownCountryError.
    """
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise UnknownCountryError(country)
    found: dict[Phone, None] = {}
    for piece in _SEPARATORS.split(without_rounded(text[:_MOST_LETTERS])):
        typed = _ABROAD.sub("+", " ".join(piece.split()))
        found |= dict.fromkeys(_in(typed, country))
    return list(found)


def forget() -> None:
    """Forget the numbers that were read; those of another base have little to do with them."""
    _in.cache_clear()
    _kind.cache_clear()


@lru_cache(maxsize=50_000)
def _kind(e164: str) -> int:
    return phonenumbers.number_type(phonenumbers.parse(e164))


@lru_cache(maxsize=50_000)
def _in(text: str, country: str) -> tuple[Phone, ...]:
    if not any(one.isdigit() for one in text):
        return ()
    whole = _valid(text, country)
    if whole is not None:
        return (whole,)
    matched = [_phone(match.number) for match in phonenumbers.PhoneNumberMatcher(text, country)]
    return tuple(matched or _in_a_row(text, country))


def _in_a_row(text: str, country: str) -> Iterator[Phone]:
    """Numbers with nothing but a blank between them: words are joined until they make one."""
    run = ""
    for word in text.split():
        run = f"{run} {word}".strip()
        phone = _valid(run, country)
        if phone is not None:
            yield phone
            run = ""


def _valid(text: str, country: str) -> Phone | None:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    return _phone(number) if phonenumbers.is_valid_number(number) else None


def _phone(number: PhoneNumber) -> Phone:
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        number.extension or "",
    )
