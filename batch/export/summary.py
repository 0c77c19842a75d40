"""What an export tells its user."""

from __future__ import annotations

from collections.abc import Iterator

from batch.export.files import CALENDAR, CARDS, CARDS_4, MAILING, SMS, Export
from batch.recalculation.plan import Calculated
from rules.dates import shown_date


def lines(found: Calculated, written: Export) -> Iterator[str]:
    """What was written, file by file, in the words of the configuration."""
    config = found.rules.config
    say, calendar = config.messages, written.calendar
    date = shown_date(found.result.today, config.dates.text_formats[0])
    yield say.export_title.format(file=found.path.name, date=date, folder=written.folder)
    yield "  " + say.export_cards.format(file=CARDS, file_4=CARDS_4, count=written.cards)
    if written.without_card:
        yield "    " + say.export_without_card.format(count=written.without_card)
    yield "  " + say.export_calendar.format(
        file=CALENDAR,
        contacts=calendar.contacts,
        overdue=calendar.overdue,
        birthdays=calendar.birthdays,
    )
    if calendar.cancelled:
        yield "    " + say.export_cancelled.format(count=calendar.cancelled)
    yield "  " + say.export_mailing.format(file=MAILING, count=written.mailing.rows)
    if not _knows_mailing(found):
        heading = config.columns.clients.mailing[0]
        yield "    " + say.export_no_consent.format(column=heading, sheet=config.sheets.clients)
    if written.mailing.left_out:
        yield "    " + say.export_without_email.format(count=written.mailing.left_out)
    yield "  " + say.export_sms.format(file=SMS, count=written.sms.rows)
    if written.sms.left_out:
        yield "    " + say.export_without_mobile.format(count=written.sms.left_out)
    yield "  " + say.export_nothing_sent


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
            CARDS: {"clients": written.cards, "without_phone_and_email": written.without_card},
            CARDS_4: {"clients": written.cards, "without_phone_and_email": written.without_card},
            CALENDAR: {
                "contacts": calendar.contacts,
                "overdue": calendar.overdue,
                "birthdays": calendar.birthdays,
                "cancelled": calendar.cancelled,
            },
            MAILING: {"clients": written.mailing.rows, "without_email": written.mailing.left_out},
            SMS: {"greetings": written.sms.rows, "without_mobile": written.sms.left_out},
        },
    }
