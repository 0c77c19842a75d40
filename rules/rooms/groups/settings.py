"""Group rules."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.config.basics import Label, Model
from rules.config.conditions import When

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


class Settings(Model):
    """The group rules."""

    groups: Annotated[tuple[GroupRule, ...], Field(min_length=1)] = Field(
        description="the group rules, tried from the top; the first that fits names the group"
    )

    def names(self) -> list[str]:
        """The groups in the order of their first rule, each once."""
        return list(dict.fromkeys(rule.name for rule in self.groups))
