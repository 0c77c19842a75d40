"""The kinds of value that stand in `config.yaml`, and the block of fixed keys.

The descriptions of fields go into the JSON Schema, where an editor shows them.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from words import _

T = TypeVar("T")

YES = frozenset({"yes", "true", "on", "да"})


NO = frozenset({"no", "false", "off", "нет"})


class MonthDay(NamedTuple):
    """A day of every year, such as 12-31."""

    month: int
    day: int


def _text(value: object) -> object:
    """A text that may be the name of a folder, a server or a user."""
    for sign in value.strip() if isinstance(value, str) else "":
        if unicodedata.category(sign) in {"Cc", "Cs"}:
            sentence = _("holds the sign {sign}, which no name can have; write it without")
            raise ValueError(sentence.format(sign=f"U+{ord(sign):04X}"))
    return "" if value is None else value


def _yes_no(value: object) -> object:
    if isinstance(value, str) and value.casefold() in YES | NO:
        return value.casefold() in YES
    if isinstance(value, bool):
        return value
    raise ValueError(_("expected yes or no"))


def _decimal(value: object) -> object:
    if isinstance(value, str):
        try:
            number = Decimal(plain_digits(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError(_("expected a number such as 36000 or 1.5"))
        if abs(number) > Decimal(10) ** 12 or number != round(number, 12):
            raise ValueError(_("this number is too large, or has too many decimals"))
        return number
    return value


_BLANK = r"[ \xa0\u2009\u202f'\u2019]"
"""What may part groups of three digits."""
_GROUPED = re.compile(
    rf"[+-]?\d{{1,3}}(?:(?:{_BLANK}\d{{3}})+(?=[.,]|$)|(?:,\d{{3}}){{2,}}(?=\.|$)|,\d{{3}}(?=\.))"
)
_WHOLE = re.compile(rf"\d{{1,3}}(?:{_BLANK}\d{{3}})+")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def plain_digits(value: str) -> str:
    """A number as she writes it, 50 000 or 1,5, in digits with a point. Raises ValueError where it
    could be two: 1,500.
    """
    text = value.strip()
    if _EITHER.fullmatch(text):
        found = _("can be {first} or {second}; write the one that you mean")
        raise ValueError(found.format(first=text.replace(",", ""), second=text.replace(",", ".")))
    grouped = _GROUPED.match(text)
    if grouped:
        text = re.sub(r"[^\d+-]", "", grouped[0]) + text[grouped.end() :]
    return text.replace(",", ".") if text.count(",") == 1 else text


def _percent(value: object) -> object:
    return _decimal(value.strip().removesuffix("%") if isinstance(value, str) else value)


class FileFacts(NamedTuple):
    """What a type is told of the file that it reads: the types that read its blocks, by the number
    of the block's object; is_day_first: whether the day comes first in its dates.
    """

    blocks: dict[int, type[Model]]
    is_day_first: bool


def month_day(value: object, info: ValidationInfo) -> MonthDay:
    """A day of every year, as 12-31; as 31.12 where the day comes first. Raises ValueError."""
    if isinstance(value, str):
        dotted = re.fullmatch(r"(\d\d?)\.(\d\d?)\.?", value)
        is_day_first = isinstance(info.context, FileFacts) and info.context.is_day_first
        text = f"{dotted[2]:0>2}-{dotted[1]:0>2}" if dotted and is_day_first else value
        if re.fullmatch(_DAYS_OF_MONTHS, text):
            return MonthDay(int(text[:2]), int(text[3:]))
    raise ValueError(_("expected month-day, such as 12-31 for 31 December"))


def _day(value: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(_("expected a day such as 1990-01-01")) from error


def _occasion_day(value: object, info: ValidationInfo) -> object:
    try:
        return value if value == "birthday" else month_day(value, info)
    except ValueError as error:
        found = _("expected birthday, or month-day, such as 12-31 for 31 December")
        raise ValueError(found) from error


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return value
    raise ValueError(_("expected a heading, or a list of headings: [a, b]"))


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError(_("this can't be empty"))
    return value


_DAYS_OF_MONTHS = (
    r"(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|[12]\d)"
)


_MONTH_DAY_SCHEMA = {
    "type": "string",
    "pattern": f"^({_DAYS_OF_MONTHS})$",
    "examples": ["12-31", "03-08"],
}


_OCCASION_SCHEMA = {"anyOf": [{"const": "birthday"}, _MONTH_DAY_SCHEMA]}


# An editor reads a bare 2024 as a number and true as a yes/no; here they are words.
_SCALAR_SCHEMA: dict[str, object] = {"type": ["string", "number", "boolean"]}


_WORD_SCHEMA = _SCALAR_SCHEMA | {"pattern": r"\S"}


_LABEL_SCHEMA = _WORD_SCHEMA | {"maxLength": 255}


_ANY_CASE = "|".join(
    "".join(f"[{letter}{letter.upper()}]" for letter in word) for word in sorted(YES | NO)
)


_YES_NO_SCHEMA = {
    "anyOf": [
        {"enum": ["yes", "no"]},
        {"type": "boolean"},
        {"type": "string", "pattern": f"^({_ANY_CASE})$"},
    ]
}


_WRITTEN = rf"[+-]?(\d+|\d{{1,3}}({_BLANK}\d{{3}})+)"


INTEGER_SCHEMA = {"type": ["integer", "string"], "pattern": f"^{_WRITTEN}$"}
"""A whole number, or one as she writes it: 200 000."""


_NUMBER_SCHEMA = {"type": ["number", "string"], "pattern": rf"^{_WRITTEN}([.,]\d+)?$"}


_PERCENT_SCHEMA = _NUMBER_SCHEMA | {"pattern": rf"^{_WRITTEN}([.,]\d+)? ?%?$"}


Text = Annotated[
    str,
    BeforeValidator(_text),
    WithJsonSchema(
        {
            "type": ["string", "number", "boolean", "null"],
            "pattern": r"^\s*([^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s])?\s*$",
        }
    ),
]


Phrase = Annotated[str, WithJsonSchema(_SCALAR_SCHEMA)]


Word = Annotated[str, Field(min_length=1), AfterValidator(_not_blank), WithJsonSchema(_WORD_SCHEMA)]


Label = Annotated[
    str,
    Field(min_length=1, max_length=255),
    AfterValidator(_not_blank),
    WithJsonSchema(_LABEL_SCHEMA),
]


YesNo = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema(_YES_NO_SCHEMA)]


Number = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(str),
    WithJsonSchema(_NUMBER_SCHEMA),
]


NotNegative = Annotated[Number, Field(ge=0), WithJsonSchema(_NUMBER_SCHEMA | {"minimum": 0})]


_Percent = Annotated[Decimal, BeforeValidator(_percent), PlainSerializer(str)]


Percent = Annotated[
    _Percent, Field(gt=0, lt=1000), WithJsonSchema(_PERCENT_SCHEMA | {"exclusiveMinimum": 0})
]


Rate = Annotated[_Percent, Field(ge=0), WithJsonSchema(_PERCENT_SCHEMA | {"minimum": 0})]
"""Percent of an amount."""


Days = Annotated[int, Field(ge=0, le=3660)]


Months = Annotated[int, Field(ge=1, le=600)]


Weight = Annotated[int, Field(ge=0, le=100)]


DayOfYear = Annotated[MonthDay, BeforeValidator(month_day), WithJsonSchema(_MONTH_DAY_SCHEMA)]


Day = Annotated[
    dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]


OccasionDay = Annotated[
    MonthDay | Literal["birthday"],
    BeforeValidator(_occasion_day),
    WithJsonSchema(_OCCASION_SCHEMA),
]


Headings = Annotated[
    tuple[Label, ...],
    BeforeValidator(_as_list),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [_LABEL_SCHEMA, {"type": "array", "items": _LABEL_SCHEMA, "minItems": 1}]}
    ),
]


Whom = Literal["men", "all_but_men"]
"""For whom a day is, where it isn't for everybody."""


def _frozen(value: Mapping[str, T]) -> Mapping[str, T]:
    return MappingProxyType(dict(value))


Words = Annotated[Mapping[Label, T], AfterValidator(_frozen)]
"""Her own words with a value each, which nobody can change once read."""


def _joined(value: object) -> object:
    """200 000 as 200000."""
    is_grouped = isinstance(value, str) and _WHOLE.fullmatch(value.strip())
    return re.sub(r"\D", "", str(value)) if is_grouped else value


class Model(BaseModel):
    """A block of the file: fixed keys, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    never: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Keys that some would expect here, and why they can't stand here."""
    goes_whole: ClassVar[bool] = False
    """Whether her block takes the place of the shipped one, rather than changing keys of it."""

    @model_validator(mode="before")
    @classmethod
    def _note_place(cls, data: object, info: ValidationInfo) -> object:
        """Remember which block of the file this type reads, so that a report can name its keys;
        and take whole numbers as she writes them.
        """
        if not isinstance(data, dict):
            return data
        if isinstance(info.context, FileFacts):
            info.context.blocks[id(data)] = cls
        plain = {key: _joined(data[key]) for key in cls._whole_numbers() if key in data}
        return {**data, **plain} if plain else data

    @classmethod
    @cache
    def _whole_numbers(cls) -> list[str]:
        """The keys under which a whole number stands."""
        return [
            field.alias or name
            for name, field in cls.model_fields.items()
            if int in (field.annotation, *get_args(field.annotation))
        ]

    def called(self) -> str:
        """What it is to the reader of a sentence about it; '' for a block without a name."""
        return ""

    @classmethod
    def allowed_keys(cls) -> list[str]:
        """The keys that may stand in this block."""
        return [
            field.alias or name for name, field in cls.model_fields.items() if not field.exclude
        ]


BEFORE, OFF = "before", "off"


class NamedEntry(Model):
    """An entry of a list that is known by its name: hers changes the shipped one of that name.

    Beside its own keys there may stand `off: yes`, which takes it out, and `before: NAME`, which
    puts it before that one.
    """

    known_by: ClassVar[str] = "name"
    is_beside: ClassVar[bool] = False
    """Whether a list is whole without it: it belongs to a room that she may not have."""

    @classmethod
    def allowed_keys(cls) -> list[str]:
        """The keys that may stand in this block."""
        return [*super().allowed_keys(), BEFORE, OFF]
