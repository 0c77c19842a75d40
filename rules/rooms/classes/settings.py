"""ABC and XYZ."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from rules.config.basics import Label, Model, Months, Percent
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


class Settings(Model):
    """How clients are put into classes."""

    abc: Abc = Field(description="ABC classes by turnover in the year")
    xyz: Xyz = Field(description="XYZ classes by how evenly she buys")
