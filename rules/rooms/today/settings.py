"""The rules of the list of the day."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.config.basics import Model, Word


class Today(Model):
    """The sheet Today."""

    days_ahead: Annotated[int, Field(ge=0, le=60)] = Field(
        description="the list goes on with the contacts of so many days after today"
    )
    most: Annotated[int, Field(ge=1, le=100_000)] = Field(
        description="the list holds at most so many contacts, the most urgent ones"
    )
    marks: tuple[Word, ...] = Field(
        description="what in the column Done is a mere mark; any other text goes before the result"
    )


class Settings(Model):
    """The list of the day."""

    today: Today = Field(description="the sheet Today")
