"""The block `catalogues` of the configuration, and its contact rule."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.config.basics import Days, Label, Model, Word
from rules.rooms.next_contact.settings import RuleSettings


class ResultWords(Model):
    """What she may write into Result; any other text there decides nothing."""

    ordered: tuple[Word, ...]
    """She ordered."""
    no_order: tuple[Word, ...]
    """She ordered nothing; all dashes are one."""
    missed: tuple[Word, ...]
    """She wasn't reached."""


class OutcomeNames(Model):
    """The words for what became of a catalogue."""

    ordered: Label
    """She ordered from it."""
    no_order: Label
    """She didn't."""
    missed: Label
    """She wasn't reached."""
    open: Label
    """It may still work."""


class Catalogues(Model):
    """Catalogues that she hands out."""

    from_days: Days
    """So many days after it was handed out its orders begin."""
    days: Days
    """So many days after that day they end, unless the next one comes before."""
    results: ResultWords
    """What you may write into Result."""
    names: OutcomeNames
    """The words for what became of a catalogue."""
    all: Label
    """The name of the row for all catalogues together."""


class Settings(Model):
    """The room's block."""

    catalogues: Catalogues
    """Catalogues that are handed out."""


class Catalogue(RuleSettings):
    """A catalogue was handed out: ask for the order; or somebody was missed."""

    is_beside = True

    rule: Literal["catalogue"]
    """A catalogue that may still work, or with which a client was missed."""
    reason: Annotated[Label, Field(pattern=r"\{name\}")]
    """The reason while it is open; {name} stands for the catalogue."""
    missed: Annotated[Label, Field(pattern=r"\{name\}")]
    """The reason where she was missed."""
    follow_up_days: Days
    """So many days after it was handed out an open one is followed up."""
    grace_days: Days
    """Of a missed one a contact up to so many days before counts."""
    expires_days: Days
    """So many days after the date a missed one is dropped."""
