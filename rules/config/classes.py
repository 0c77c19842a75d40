"""Group rules, ABC, XYZ, stage and folder."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from rules.config.basics import Label, Model, Months, Percent
from rules.config.conditions import When
from words import _

Bounds = Annotated[
    tuple[Percent, Percent],
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "number", "exclusiveMinimum": 0},
            "minItems": 2,
            "maxItems": 2,
        }
    ),
]


def _ascending(bounds: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    if bounds[0] >= bounds[1]:
        raise PydanticCustomError(
            "bounds",
            _("the first bound must be below the second; found {first} and {second}"),
            {"first": str(bounds[0]), "second": str(bounds[1])},
        )
    return bounds


AscendingBounds = Annotated[Bounds, AfterValidator(_ascending)]


ThreeNames = tuple[Label, Label, Label]


Sticker = Literal[
    "yellow", "orange", "red", "pink", "violet", "blue", "green", "brown", "grey",
    "жёлтый", "оранжевый", "красный", "розовый", "фиолетовый", "голубой", "зелёный",
    "коричневый", "серый",
]  # fmt: skip
"""The colours of stickers, in both languages."""


class GroupRule(Model):
    """One group rule; without `when` it fits everybody."""

    name: Label = Field(description="the group's name, as it will stand in the cells")
    colour: Sticker | None = Field(
        None, description="the group's colour in a new workbook; of two rules for it the first says"
    )
    when: When | None = Field(
        None, description="who belongs to the group; without it everybody who is left"
    )


class Abc(Model):
    """ABC classes by turnover in the year."""

    line: Literal["crossing", "inclusive"] = Field(
        description="crossing: the client on the line gets the higher class; "
        "inclusive: the share with the client decides"
    )
    bounds: AscendingBounds = Field(
        description="percent of the whole turnover that end the first and the second class"
    )
    names: ThreeNames = Field(description="the names of the three classes, the best first")


class Xyz(Model):
    """XYZ classes by how evenly she buys."""

    period_months: Annotated[int, Field(ge=1, le=12)] = Field(description="months in a period")
    months: Months = Field(description="months looked back over, without the month of today")
    bounds: AscendingBounds = Field(
        description="percent of deviation that end the first and the second class"
    )
    min_periods: Annotated[int, Field(ge=2, le=600)] = Field(
        description="with fewer periods since the first purchase the class stays blank"
    )
    deviation: Literal["population", "sample"] = Field(
        description="population or sample standard deviation"
    )
    names: ThreeNames = Field(description="the names of the three classes, the steadiest first")

    @model_validator(mode="after")
    def _periods_fit(self) -> Self:
        if self.months % self.period_months:
            raise PydanticCustomError(
                "xyz_periods",
                _(
                    "'months' ({months}) can't be divided into periods of 'period_months' "
                    "({period})"
                ),
                {"months": self.months, "period": self.period_months},
            )
        if self.months // self.period_months < self.min_periods:
            raise PydanticCustomError(
                "xyz_periods",
                _(
                    "{months} months hold only {count} periods of {period} months, but "
                    "'min_periods' asks for {least}"
                ),
                {
                    "months": self.months,
                    "count": self.months // self.period_months,
                    "period": self.period_months,
                    "least": self.min_periods,
                },
            )
        return self


class StageNames(Model):
    """The words for the five stages."""

    potential: Label = Field(description="never bought")
    new: Label = Field(description="bought for the first time within the period")
    lost: Label = Field(description="bought, but not within the period")
    restored: Label = Field(description="came back within the period after a longer pause")
    permanent: Label = Field(description="all others who bought")


class Stage(Model):
    """Client stages."""

    period_months: Months = Field(
        description="the period in months; it should fit how often clients buy"
    )
    names: StageNames = Field(description="the words for the five stages")


class FolderNames(Model):
    """The words for the two folders."""

    green: Label = Field(
        description="a purchase this calendar year or in the years_back years before"
    )
    black: Label = Field(description="bought, but longer ago")


class Folder(Model):
    """The two folders of the card file."""

    years_back: Annotated[int, Field(ge=0, le=50)] = Field(
        description="1: a purchase this calendar year or last keeps her in the green folder"
    )
    names: FolderNames = Field(description="the words for the two folders")
