"""The kinds of value that stand in `config.yaml`, and the block of fixed keys.

The descriptions of fields go into the JSON Schema, where an editor shows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar

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
            number = Decimal(value.strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError(
                _("expected a number such as 36000 or 1.5 (digits without blanks, and a point)"),
            )
        if abs(number) > Decimal(10) ** 12 or number != round(number, 12):
            raise ValueError(_("this number is too large, or has too many decimals"))
        return number
    return value


def month_day(value: object) -> MonthDay:
    """A day of every year, as 12-31. Raises ValueError."""
    if isinstance(value, str) and re.fullmatch(_DAYS_OF_MONTHS, value):
        return MonthDay(int(value[:2]), int(value[3:]))
    raise ValueError(_("expected month-day, such as 12-31 for 31 December"))


def _occasion_day(value: object) -> object:
    try:
        return value if value == "birthday" else month_day(value)
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
    WithJsonSchema({"type": "number"}),
]


NotNegative = Annotated[Number, Field(ge=0), WithJsonSchema({"type": "number", "minimum": 0})]


Percent = Annotated[
    Number, Field(gt=0, lt=1000), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})
]


Days = Annotated[int, Field(ge=0, le=3660)]


Months = Annotated[int, Field(ge=1, le=600)]


Weight = Annotated[int, Field(ge=0, le=100)]


DayOfYear = Annotated[MonthDay, BeforeValidator(month_day), WithJsonSchema(_MONTH_DAY_SCHEMA)]


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


def _frozen(value: Mapping[str, T]) -> Mapping[str, T]:
    return MappingProxyType(dict(value))


Words = Annotated[Mapping[Label, T], AfterValidator(_frozen)]
"""Her own words with a value each, which nobody can change once read."""


class Model(BaseModel):
    """A block of the file: fixed keys, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    never: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Keys that some would expect here, and why they can't stand here."""

    @model_validator(mode="before")
    @classmethod
    def _note_place(cls, data: object, info: ValidationInfo) -> object:
        """Remember which block of the file this type reads, so that a report can name its keys."""
        if isinstance(info.context, dict) and isinstance(data, dict):
            info.context[id(data)] = cls
        return data

    @classmethod
    def allowed_keys(cls) -> list[str]:
        """The keys that may stand in this block."""
        return [
            field.alias or name for name, field in cls.model_fields.items() if not field.exclude
        ]
