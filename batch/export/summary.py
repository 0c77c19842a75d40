"""What an export tells its user."""

from __future__ import annotations

from collections.abc import Iterator

from batch.export.files import CALENDAR, CARDS, CARDS_4, MAILING, SMS, Exported
from batch.recalculation.plan import Calculated
from rules.reading.dates import shown_date
from words import _


def lines(found: Calculated, written: Exported) -> Iterator[str]:
    """What was written, file by file, in the words of the configuration."""
    config, calendar = found.rules.config, written.calendar
    date = shown_date(found.result.today, config.dates.written)
    sentence = _("{file} on {date}. Clients: {count}. Written to {folder}:")
    names = {"file": found.path.name, "folder": written.folder}
    yield sentence.format(**names, date=date, count=found.result.clients)
    sentence = _("{file} (for every phone) and {file_4} (vCard 4): clients: {count}")
    yield "  " + sentence.format(file=_(CARDS), file_4=_(CARDS_4), count=written.cards)
    yield from _left_out(
        _("left out, since they have neither phone nor e-mail: {count}"), written.without_card
    )
    yield "  " + _(
        "{file}: next contacts: {contacts} (overdue: {overdue}), birthdays: {birthdays}"
    ).format(
        file=_(CALENDAR),
        contacts=calendar.contacts,
        overdue=calendar.overdue,
        birthdays=calendar.birthdays,
    )
    yield from _left_out(
        _("no longer due since the last export, and cancelled: {count}"), calendar.cancelled
    )
    sentence = _("{file}: clients who get a letter now: {count}")
    yield "  " + sentence.format(file=_(MAILING), count=written.mailing.rows)
    if not _knows_mailing(found):
        sentence = _("The sheet {sheet} has no column {column}, so nobody has agreed to letters.")
        heading = config.columns.clients.mailing[0]
        yield "    " + sentence.format(column=heading, sheet=config.sheets.clients)
    yield from _left_out(
        _("agreed to letters, but have no e-mail: {count}"), written.mailing.left_out
    )
    sentence = _("{file}: greetings by SMS due: {count}")
    yield "  " + sentence.format(file=_(SMS), count=written.sms.rows)
    yield from _left_out(
        _("left out, since there is no mobile number: {count}"), written.sms.left_out
    )
    yield "  " + _("Nothing was sent.")


def _left_out(sentence: str, count: int) -> Iterator[str]:
    if count:
        yield "    " + sentence.format(count=count)


def _knows_mailing(found: Calculated) -> bool:
    """Whether the base has the column in which clients agree to letters."""
    clients = found.base.clients
    return "mailing" in clients.details or "mailing" in clients.cells


def as_json(found: Calculated, written: Exported) -> dict[str, object]:
    """The same as one object."""
    calendar = written.calendar
    cards = {"clients": written.cards, "without_phone_and_email": written.without_card}
    return {
        "file": str(found.path),
        "today": found.result.today.isoformat(),
        "config": str(found.rules.path),
        "folder": str(written.folder),
        "files": {
            _(CARDS): cards,
            _(CARDS_4): cards,
            _(CALENDAR): {
                "contacts": calendar.contacts,
                "overdue": calendar.overdue,
                "birthdays": calendar.birthdays,
                "cancelled": calendar.cancelled,
            },
            _(MAILING): {
                "clients": written.mailing.rows,
                "without_email": written.mailing.left_out,
            },
            _(SMS): {"greetings": written.sms.rows, "without_mobile": written.sms.left_out},
        },
    }
