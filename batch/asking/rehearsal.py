"""A rehearsal of changed rules over a workbook: calculated twice, told, and never written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from batch.configuration import Rules
from batch.recalculation.file import calculate_file
from rules.config.messages import Messages
from rules.dates import shown_date
from rules.errors import ClientBaseError
from rules.mentions import FIRST, called, first_of
from rules.rehearsal import DECIDED, Changed, NamedClient, Rehearsal, Shift, rehearse


class NothingToRehearseError(ClientBaseError, ValueError):
    """Neither other rules nor another day were given."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing to rehearse: give the changed rules with --config NEW.yaml, or another day "
            "with --today YYYY-MM-DD."
        )

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*."""
        return say.error_nothing_to_rehearse


@dataclass(frozen=True)
class Variant:
    """Rules, and the day that they are applied to."""

    rules: Rules
    today: dt.date


@dataclass(frozen=True)
class Rehearsed:
    """What would change in the workbook *path* from one version to another."""

    path: Path
    now: Variant
    would: Variant
    found: Rehearsal


def rehearse_file(path: Path, now: Variant, would: Variant) -> Rehearsed:
    """Compare what two versions make of the workbook *path*, which is only read.

    Raises a ClientBaseError where it can't be read with the rules of either.
    """
    is_now = calculate_file(path, now.rules, now.today)
    would_be = calculate_file(path, would.rules, would.today)
    found = rehearse(is_now.result, would_be.result, is_now.base.clients)
    return Rehearsed(path, now, would, found)


def lines(rehearsed: Rehearsed, *, most: int | None = FIRST) -> Iterator[str]:
    """The rehearsal in the words of today's rules; *most* clients are named of each kind."""
    say, found = rehearsed.now.rules.config.messages, rehearsed.found
    yield say.rehearse_title.format(file=rehearsed.path.name, count=found.clients)
    yield "  " + _version(say.rehearse_now, rehearsed.now, say)
    yield "  " + _version(say.rehearse_would, rehearsed.would, say)
    if found.is_same:
        yield say.rehearse_same
    else:
        yield from _columns(rehearsed, most)
        yield from _changes(say.rehearse_contacts, found.contacts, say, most)
        yield from _changes(say.rehearse_gifts, found.gifts, say, most)
    yield from found.notices
    yield say.rehearse_not_written


def _version(sentence: str, version: Variant, say: Messages) -> str:
    rules = version.rules
    return sentence.format(
        file=say.summary_shipped if rules.is_shipped else rules.path,
        date=shown_date(version.today, rules.config.dates.text_formats[0]),
    )


def _columns(rehearsed: Rehearsed, most: int | None) -> Iterator[str]:
    config = rehearsed.now.rules.config
    say, unmoved = config.messages, []
    for column in DECIDED:
        heading = getattr(config.columns.filled, column)[0]
        shifts = [shift for shift in rehearsed.found.shifts if shift.column == column]
        if not shifts:
            unmoved.append(heading)
            continue
        count = sum(len(shift.people) for shift in shifts)
        yield say.rehearse_column.format(column=heading, count=count)
        for shift in shifts:
            yield "  " + _shift(shift, say, most)
    if unmoved:
        yield say.rehearse_nobody.format(columns=", ".join(unmoved))


def _shift(shift: Shift, say: Messages, most: int | None) -> str:
    return say.rehearse_shift.format(
        old=shift.old or say.summary_blank,
        new=shift.new or say.summary_blank,
        count=len(shift.people),
        clients=first_of([called(*one) for one in shift.people], say, most),
    )


def _changes(
    title: str, changes: Sequence[Changed], say: Messages, most: int | None
) -> Iterator[str]:
    if not changes:
        return
    yield title.format(count=len(changes))
    shown = changes[:most]
    for change in shown:
        old, new = (text or say.summary_blank for text in (change.old, change.new))
        client = called(*change.person)
        yield "  " + say.rehearse_change.format(client=client, old=old, new=new)
    if len(shown) < len(changes):
        yield "  " + say.rehearse_more.format(count=len(changes) - len(shown))


def as_json(rehearsed: Rehearsed) -> dict[str, object]:
    """The whole rehearsal as one JSON object; blanks are ''."""
    found = rehearsed.found
    return {
        "file": str(rehearsed.path),
        "now": _version_json(rehearsed.now),
        "rehearsed": _version_json(rehearsed.would),
        "clients": found.clients,
        "moves": [
            shift._asdict() | {"count": len(shift.people), "people": _people(shift.people)}
            for shift in found.shifts
        ],
        "contacts": [_change(change) for change in found.contacts],
        "gifts": [_change(change) for change in found.gifts],
        "notices": found.notices,
        "written": False,
    }


def _version_json(version: Variant) -> dict[str, object]:
    return {"config": str(version.rules.path), "today": version.today.isoformat()}


def _people(people: Sequence[NamedClient]) -> list[dict[str, str]]:
    return [person._asdict() for person in people]


def _change(change: Changed) -> dict[str, object]:
    return {**change.person._asdict(), "old": change.old, "new": change.new}
