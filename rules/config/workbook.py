"""What stands in her workbook: sheets, headings, and how dates and amounts are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.config.basics import DayOfYear, Label, Model
from words import _


def _sheet_name(name: str) -> str:
    if len(name) > 31 or set(name) & set("[]:*?/\\") or name[0] == "'" or name[-1] == "'":
        raise PydanticCustomError(
            "sheet_name",
            _(
                "Excel takes at most 31 characters here, none of [ ] : * ? / \\, and no "
                "apostrophe at either end"
            ),
        )
    if name.casefold() in {"history", TEXTS_SHEET}:
        raise PydanticCustomError("sheet_name", _("this name is taken; choose another"))
    return name


TEXTS_SHEET = "clientbase"
"""The hidden sheet with the texts of the macros and the entries of the drop-down lists."""
SheetName = Annotated[Label, AfterValidator(_sheet_name)]


class Sheets(Model):
    """The names of the sheets: those of the rooms, between the first and the charts."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> str: ...


class Columns(Model):
    """Which heading holds what: one heading, or a list of accepted ones; by table or report."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any: ...  # noqa: ANN401 — a block of headings


class Lists(Model):
    """What the drop-down lists of a new workbook offer; anything else may be typed too."""

    consultants: tuple[Label, ...] = Field(
        description="the names that the columns Consultant offer; empty: no drop-down list"
    )
    mailing: tuple[Label, ...] = Field(
        description="what the column Mailing offers; empty: no drop-down list"
    )
    do_not_contact: tuple[Label, ...] = Field(
        description="what the column Do not contact offers; empty: no drop-down list"
    )


def _known_format(text_format: str) -> str:
    parts = re.findall(r"yyyy|mm|dd|\w", text_format)
    if sorted(parts) not in (["dd", "mm"], ["dd", "mm", "yyyy"]):
        raise PydanticCustomError(
            "date_format", _("expected a form of dates made of dd, mm and yyyy, such as dd.mm.yyyy")
        )
    return text_format


DateFormat = Annotated[str, AfterValidator(_known_format)]
Age = Annotated[int, Field(ge=0, le=150)]


def _country(letters: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", letters):
        raise PydanticCustomError("country", _("expected two letters, such as RU, KZ or DE"))
    return letters.upper()


_COUNTRY_SCHEMA = {"type": ["string", "boolean"], "pattern": "^[A-Za-z]{2}$"}  # NO is Norway
Country = Annotated[str, AfterValidator(_country), WithJsonSchema(_COUNTRY_SCHEMA)]


class Dates(Model):
    """How dates that were typed as text are read."""

    text_formats: tuple[DateFormat, ...] = Field(
        min_length=1,
        description="forms of dates, tried in this order; dd is the day, mm the month, yyyy the "
        "year; one without yyyy is for birthdays whose year isn't known",
    )
    youngest_age: Age = Field(
        description="a birthday that makes her younger than so many years tells no year of birth"
    )
    oldest_age: Age = Field(
        description="a birthday that makes her older than so many years tells no year of birth"
    )


class Numbers(Model):
    """How amounts that were typed as text are read, and money is counted."""

    decimal: Literal[",", "."] = Field(description="the decimal sign in amounts typed as text")
    currency: tuple[Label, ...] = Field(description="currency words that may stand at an amount")
    minor_units: Annotated[int, Field(ge=0, le=4)] = Field(
        description="decimals of the currency: 2 for kopecks and cents"
    )


class Year(Model):
    """What 'in the year' means."""

    basis: Literal["trailing", "calendar", "seminar"] = Field(
        description="trailing: the 12 months that end today; calendar: since 1 January; "
        "seminar: since seminar_start"
    )
    seminar_start: DayOfYear = Field(
        description="the first day of the direct-sales year (month-day), for basis: seminar"
    )
