"""The contacts: one row each, so that none gets lost. Source: Shumilin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.config.basics import Model, Weight, Word, Words
from rules.config.checks import Finding, known_words, same_words
from rules.config.settings import Config
from rules.model.declarations import Field, Hint, Room, Table, kept
from rules.model.known import Known
from rules.model.result import Result
from rules.oddwords import odd_words
from rules.reading.cells import Mask
from rules.reading.clean import Rows
from rules.reading.words import fold
from rules.rooms.next_contact.settings import Agreed
from rules.rooms.next_contact.settings import Settings as NextContact
from words import _, marked


class Weights(Model):
    """How personal a contact must be."""

    unknown: Weight
    """Weight of a kind that isn't listed, or is blank."""
    personal: Weight
    """From this weight on a contact is a personal touch."""


class Settings(Model):
    """What counts as how personal."""

    kinds: Words[Weight]
    """How personal each kind of contact is: a word and a weight from 0 to 100."""
    weights: Weights
    """Weights of contacts that 'kinds' doesn't settle."""
    missed_kinds: tuple[Word, ...]
    """Kinds that say that she called and wasn't answered."""


class Weighing:
    """How personal kinds of contact and channels are, by the words of `kinds`."""

    def __init__(self, known: Known) -> None:
        settings = known.rule(Settings)
        self.personal = settings.weights.personal
        self._unknown = settings.weights.unknown
        self._missed = {fold(word) for word in settings.missed_kinds}
        self._weights = {fold(word): weight for word, weight in settings.kinds.items()}

    def one(self, word: str) -> int:
        """The weight of one word."""
        return self._weights.get(fold(word), self._unknown)

    def is_missed(self, words: NDArray[np.object_]) -> Mask:
        """Which of a column of kinds say that she called and wasn't answered."""
        return np.isin(words.astype(str), list(self._missed))

    def of(self, words: NDArray[np.object_]) -> NDArray[np.int64]:
        """The weight of each of a column of words."""
        every = words.tolist()
        weights = {word: self.one(word) for word in set(every)}
        return np.array([weights[word] for word in every], dtype=np.int64)


def kinds(config: Config) -> Sequence[str]:
    """The words for kinds of contact."""
    return list(config.rule(Settings).kinds)


def _agreed_days(rows: Rows) -> None:
    """No agreed date lies before its own contact, or implausibly far after it."""
    early = _(
        "The next date {found} lies before its own contact and counts as blank. "
        "Correct one of them."
    )
    rows.take_out("next_date", rows["next_date"] < rows["date"], early)
    late = _(
        "The next date {found} lies more than {days} days after its contact and "
        "counts as blank. Correct it."
    )
    for one in rows.config.rule(NextContact).contacts.rules:
        if isinstance(one, Agreed):
            far = rows["next_date"] - rows["date"] > np.timedelta64(one.max_days, "D")
            rows.take_out("next_date", far, late, days=one.max_days)


CONTACTS = Table(
    "contacts",
    "the sheet with one row a contact; may be missing in the workbook",
    (
        Field("date", "date", "the day of the contact", required=True),
        Field(
            "client_id",
            "client",
            "with whom",
            required=True,
            as_typed=True,
        ),
        Field(
            "name",
            "client_name",
            "the client's name, in place of her ID or beside it",
            width=24,
        ),
        Field(
            "kind",
            "word",
            "how: call, SMS, meeting …; it decides what the contact counts for",
            width=18,
            offers=kinds,
        ),
        kept("consultant", "who contacted her", offers=lambda config: config.lists.consultants),
        kept("note", "what was said, for Today", "shown", width=40),
        kept("result", "what came of it, for Today", "shown", width=28),
        Field("next_date", "date", "the day agreed on for the next contact", lies_ahead=True),
        Field(
            "next_kind",
            "text",
            "how the next contact is agreed",
            width=18,
            offers=kinds,
        ),
    ),
    refine=_agreed_days,
    looked_at=("date", "client_id", "kind", "next_date"),
    missing=marked("There is no sheet {sheet}; the rules see no contacts."),
)


def _checks(config: Config) -> Iterator[Finding]:
    settings = config.rule(Settings)
    yield from same_words(("kinds",), settings.kinds)
    yield from known_words(("missed_kinds",), settings.missed_kinds, kinds(config), "kinds")


def _hints(result: Result) -> Iterator[Hint]:
    """Kinds of contact that stand in no list."""
    settings = result.config.rule(Settings)
    sentence = _("Kinds of contact that stand in no list and weigh {weight}: {words}.")
    sentence = sentence.replace("{weight}", str(settings.weights.unknown))
    yield from odd_words(result, "contacts", "kind", settings.kinds, sentence)


ROOM = Room("contacts", Settings, tables=(CONTACTS,), checks=_checks, hints=_hints)
