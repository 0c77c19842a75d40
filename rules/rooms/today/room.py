"""The list of the day: whom to contact, most urgent first, and what to talk about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.config.checks import Finding, known_words
from rules.config.settings import Config
from rules.model.declarations import Cell, IsWorkingDay, Look, Room, Sheet, SheetColumn, SheetRows
from rules.model.entries import HERS, Planned
from rules.model.result import Result
from rules.reading.dates import days_on
from rules.reading.words import fold
from rules.rooms.contacts import kinds
from rules.rooms.next_contact.settings import Settings as NextContact
from rules.rooms.shown import Shown
from rules.rooms.today.entries import read_entries
from rules.rooms.today.plan import Settings, backlog, plan
from words import _, marked, n_

COLUMNS = (
    SheetColumn("day", "date", "the day for which the contact is planned", 14),
    SheetColumn("due", "date", "since when it is due", 11),
    SheetColumn("name", "text", "the client's name", 18),
    SheetColumn("phone", "text", "her phone", 17, as_typed=True),
    SheetColumn("reason", "text", "why", 24),
    SheetColumn("channel", "text", "how", 9),
    SheetColumn("last_bought", "text", "what she bought last", 31),
    SheetColumn(
        "done",
        "text",
        "a mark, a day or a kind of contact, once it is done",
        9,
        required=True,
        is_hers=True,
        offers=kinds,
    ),
    SheetColumn("result", "text", "what came of it", 21, required=True, is_hers=True),
    SheetColumn(
        "next_date",
        "text",
        "the day agreed on for the next contact, such as +7, in a week, on Monday",
        12,
        is_hers=True,
        as_typed=True,
    ),
    SheetColumn("bought", "text", "the amount of what she bought then", 10, is_hers=True),
    SheetColumn("group", "text", "her group", 11, like="group"),
    SheetColumn("classes", "text", "her ABC and XYZ class, such as AX", 7),
    SheetColumn("last_contact", "text", "note and result of the last contact", 50),
    SheetColumn("wishes", "text", "what she would like to have", 26),
    SheetColumn("gift", "text", "the gift to prepare", 30),
    SheetColumn(
        "client_id",
        "text",
        "her ID, by which the contact is written down",
        10,
        required=True,
        as_typed=True,
    ),
)


def todays_list(result: Result, is_working_day: IsWorkingDay) -> SheetRows:
    """The overdue contacts and those due today, the most urgent first: by the order of the
    contact rules, then by how late they are; then those of the next `today.days_ahead` days. At
    most `today.most` of them.

    One row a client, all columns of the sheet but those in which she writes. Sources:
    Shumilin (daily contact sheets), Danilov (so many calls a day).
    """
    rule, shown = result.config.rule(Settings).today, Shown(result)
    last = days_on(result.today, rule.days_ahead)
    contacts, later = plan(result, last, is_working_day)
    keys = [column.key for column in COLUMNS if not column.is_hers]
    tried = attempts(result)
    cells = [_cells(one, shown, int(tried[one.position])) for one in contacts[: rule.most]]
    columns = {key: [one[key] for one in cells] for key in keys}
    return SheetRows(columns, _lines(result, contacts, later))


def _cells(contact: Planned, shown: Shown, tried: int) -> dict[str, Cell]:
    """A row of the list; *tried*: how often she wasn't reached."""
    position, filled = contact.position, shown.result.filled
    return {
        "day": contact.day,
        "due": contact.due,
        **{key: shown.text(key, position) or None for key in ("name", "phone", "wishes")},
        "group": filled["group"][position] or None,
        "classes": filled["abc"][position] + filled["xyz"][position] or None,
        "reason": filled["contact_reason"][position],
        "channel": filled["channel"][position],
        "last_bought": shown.last_bought(position) or None,
        "last_contact": _last_contact(position, shown, tried),
        "gift": _gift(position, shown),
        "client_id": shown.text("id", position),
    }


def attempts(result: Result) -> NDArray[np.intp]:
    """How often each client wasn't reached since the last contact with her."""
    contacts, count = result.known.tables["contacts"], len(result.known)
    order = np.lexsort((contacts.date, contacts.client))  # of one day by the order of the sheet
    client = contacts.client[order]
    missed = contacts.kind[order] == fold(result.config.rule(Settings).today.missed_call)
    last = np.full(count, -1, np.intp)
    np.maximum.at(last, client[~missed], np.flatnonzero(~missed))
    since = missed & (np.arange(len(order)) > last[client])
    return np.bincount(client[since], minlength=count)


def _last_contact(position: int, shown: Shown, tried: int) -> str | None:
    """The last contact, and how often she wasn't reached since."""
    told = shown.last_contact(position)
    if tried:
        times = n_("{count} attempt", "{count} attempts", tried).format(count=tried)
        told = f"{times}; {told}"
    return told or None


def _gift(position: int, shown: Shown) -> str | None:
    """The gift to prepare, with its occasion and day."""
    filled = shown.result.filled
    if not filled["gift"][position]:
        return None
    return _("{gift} – {occasion}, by {date}").format(
        gift=filled["gift"][position],
        occasion=filled["gift_for"][position],
        date=shown.date(filled["gift_date"][position]),
    )


def _lines(result: Result, contacts: Sequence[Planned], later: int) -> tuple[str, ...]:
    """What stands above the list."""
    config, today = result.config, result.today
    rule = config.rule(Settings).today
    overdue, due_today = result.due()
    coming = len(contacts) + later - overdue - due_today
    head = _("Overdue: {overdue}. Due today: {today}. In the next {days} days: {coming}.").format(
        overdue=overdue, today=due_today, days=rule.days_ahead, coming=coming
    )
    moved = later + sum(one.day > max(one.due, today) for one in contacts)
    if moved:
        calls = config.rule(NextContact).contacts.capacity_per_day
        told = _("Calls a day: {calls} at most; moved to later days: {count}.")
        head += " " + told.format(calls=calls, count=moved)
    if len(contacts) > rule.most:
        told = _("More than fit on the list: {count}.")
        head += " " + told.format(count=len(contacts) - rule.most)
    advice = _("Write into Done and Result; the next recalculation puts it on the sheet {sheet}.")
    return head, advice.format(sheet=config.sheet("contacts"))


def _checks(config: Config) -> Iterator[Finding]:
    missed_call = config.rule(Settings).today.missed_call
    yield from known_words(("today", "missed_call"), [missed_call], kinds(config), "kinds")


ROOM = Room(
    "today",
    Settings,
    sheets=(
        Sheet(
            "today",
            "the sheet with the list of the day; filled where the workbook has it",
            "Shumilin, Danilov",
            COLUMNS,
            todays_list,
            title=marked("Whom to contact"),
            is_first=True,
            into=("contacts", "purchases"),
            entries=read_entries,
            reads=("client_id", *HERS, "channel", "reason", "name"),
            plan=plan,
            printed="bought",
            frozen=3,
            looks=(
                Look("due", "due", "AND(ISNUMBER({due}),{due}<$A$1)", "late"),
                Look("done", "bought", '{client_id}<>""', "hers"),
                Look(
                    "day",
                    "client_id",
                    "AND(ISNUMBER({day}),{day}>$A$1,{above_day}<=$A$1)",
                    "section",
                ),
                Look("day", "client_id", "AND(ISNUMBER({day}),{day}>$A$1)", "pale"),
            ),
        ),
    ),
    notices=backlog,
    checks=_checks,
)
