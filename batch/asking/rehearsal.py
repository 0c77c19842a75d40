"""A rehearsal of changed rules over a workbook: calculated twice, told, and never written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from batch.configuration import Rules
from batch.recalculation.file import calculate_file
from rules.config.settings import FILLED
from rules.errors import ClientBaseError
from rules.mentions import FIRST, called, first_of
from rules.reading.dates import shown_date
from rules.rehearsal import Changed, Rehearsal, Shift, rehearse
from words import _, marked


class NothingToRehearseError(ClientBaseError, ValueError):
    """Neither other rules nor another day were given."""

    says = marked(
        "Nothing to rehearse: give the changed rules with --config NEW.yaml, or another day "
        "with --today YYYY-MM-DD."
    )


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
    found = rehearse(is_now.result, would_be.result)
    now, would = Variant(is_now.rules, now.today), Variant(would_be.rules, would.today)
    return Rehearsed(path, now, would, found)


def lines(rehearsed: Rehearsed, *, most: int | None = FIRST) -> Iterator[str]:
    """The rehearsal in the words of today's rules; *most* clients are named of each kind."""
    found = rehearsed.found
    yield _("{file}: a rehearsal. Clients: {count}").format(
        file=rehearsed.path.name, count=found.clients
    )
    yield "  " + _version(_("Now:       {file}, as of {date}"), rehearsed.now)
    yield "  " + _version(_("Rehearsed: {file}, as of {date}"), rehearsed.would)
    if found.is_same:
        yield _("Nothing would change: every client keeps group, classes, next contact and gift.")
    else:
        yield from _columns(rehearsed, most)
        for room in rehearsed.now.rules.config.rooms:
            title, changed = room.rehearsed[0], found.changed.get(room.key, [])
            yield from _changes(_(title), changed, most)
    yield from found.notices
    yield _("This was a rehearsal: nothing was written.")


def _version(sentence: str, version: Variant) -> str:
    rules = version.rules
    return sentence.format(
        file=rules.named, date=shown_date(version.today, rules.config.dates.written)
    )


def _columns(rehearsed: Rehearsed, most: int | None) -> Iterator[str]:
    config = rehearsed.now.rules.config
    unmoved = []
    for column in config.decided_words():
        heading = config.heading(FILLED, column)
        shifts = [shift for shift in rehearsed.found.shifts if shift.column == column]
        if not shifts:
            unmoved.append(heading)
            continue
        count = sum(len(shift.people) for shift in shifts)
        yield _("{column}: clients who would move: {count}").format(column=heading, count=count)
        for shift in shifts:
            yield "  " + _shift(shift, most)
    if unmoved:
        yield _("Nobody would move: {columns}").format(columns=", ".join(unmoved))


def _shift(shift: Shift, most: int | None) -> str:
    return _("{old} → {new} {count}: {clients}").format(
        old=shift.old or _("blank"),
        new=shift.new or _("blank"),
        count=len(shift.people),
        clients=first_of([called(*one) for one in shift.people], most),
    )


def _changes(title: str, changes: Sequence[Changed], most: int | None) -> Iterator[str]:
    if not changes:
        return
    yield title.format(count=len(changes))
    shown = changes[:most]
    for change in shown:
        old, new = (text or _("blank") for text in (change.old, change.new))
        client = called(*change.person)
        yield "  " + _("{client}: {old} → {new}").format(client=client, old=old, new=new)
    if len(shown) < len(changes):
        yield "  " + _("… and {count} more (--all lists them)").format(
            count=len(changes) - len(shown)
        )


def as_json(rehearsed: Rehearsed) -> dict[str, object]:
    """The whole rehearsal as one JSON object; blanks are ''."""
    found = rehearsed.found
    return {
        "file": str(rehearsed.path),
        "now": _version_json(rehearsed.now),
        "rehearsed": _version_json(rehearsed.would),
        "clients": found.clients,
        "moves": [
            shift._asdict()
            | {"count": len(shift.people), "people": [one._asdict() for one in shift.people]}
            for shift in found.shifts
        ],
        **{
            room.rehearsed[1]: [
                {**change.person._asdict(), "old": change.old, "new": change.new}
                for change in found.changed[room.key]
            ]
            for room in rehearsed.now.rules.config.rooms
            if room.key in found.changed
        },
        "notices": found.notices,
        "written": False,
    }


def _version_json(version: Variant) -> dict[str, object]:
    return {"config": str(version.rules.path), "today": version.today.isoformat()}
