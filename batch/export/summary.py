"""What an export tells its user."""

from __future__ import annotations

from collections.abc import Iterator

from batch.export.files import CALENDAR, CARDS, CARDS_4, MAILING, SMS, Export
from batch.recalculation.plan import Calculated
from rules.reading.dates import shown_date
from words import _


def lines(found: Calculated, written: Export) -> Iterator[str]:
    """What was written, file by file, in the words of the configuration."""
    config = found.rules.config
    calendar = written.calendar
    date = shown_date(found.result.today, config.dates.text_formats[0])
    yield _("{file} on {date}. Written to {folder}:").format(
        file=found.path.name, date=date, folder=written.folder
    )
    yield "  " + _("{file} (for every phone) and {file_4} (vCard 4): clients: {count}").format(
        file=_(CARDS), file_4=_(CARDS_4), count=written.cards
    )
    if written.without_card:
        yield "    " + _("left out, since they have neither phone nor e-mail: {count}").format(
            count=written.without_card
        )
    yield "  " + _(
        "{file}: next contacts: {contacts} (overdue: {overdue}), birthdays: {birthdays}"
    ).format(
        file=_(CALENDAR),
        contacts=calendar.contacts,
        overdue=calendar.overdue,
        birthdays=calendar.birthdays,
    )
    if calendar.cancelled:
        yield "    " + _("no longer due since the last export, and cancelled: {count}").format(
            count=calendar.cancelled
        )
    yield "  " + _("{file}: clients who get a letter now: {count}").format(
        file=_(MAILING), count=written.mailing.rows
    )
    if not _knows_mailing(found):
        heading = config.columns.clients.mailing[0]
        yield "    " + _(
            "The sheet {sheet} has no column {column}, so nobody has agreed to letters."
        ).format(column=heading, sheet=config.sheets.clients)
    if written.mailing.left_out:
        yield "    " + _("agreed to letters, but have no e-mail: {count}").format(
            count=written.mailing.left_out
        )
    yield "  " + _("{file}: greetings by SMS due: {count}").format(
        file=_(SMS), count=written.sms.rows
    )
    if written.sms.left_out:
        yield "    " + _("left out, since there is no mobile number: {count}").format(
            count=written.sms.left_out
        )
    yield "  " + _("Nothing was sent.")


def _knows_mailing(found: Calculated) -> bool:
    """Whether the base has the column in which clients agree to letters."""
    clients = found.base.clients
    return "mailing" in clients.details or "mailing" in clients.cells


def as_json(found: Calculated, written: Export) -> dict[str, object]:
    """The same as one object."""
    calendar = written.calendar
    return {
        "file": str(found.path),
        "today": found.result.today.isoformat(),
        "config": str(found.rules.path),
        "folder": str(written.folder),
        "files": {
            _(CARDS): {"clients": written.cards, "without_phone_and_email": written.without_card},
            _(CARDS_4): {"clients": written.cards, "without_phone_and_email": written.without_card},
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
