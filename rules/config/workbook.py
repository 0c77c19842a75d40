"""What stands in her workbook: sheets, headings, and how dates and amounts are read."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.config.basics import DayOfYear, Headings, Label, Model
from rules.config.lists import BirthdayColumns, GiftColumns, TodayColumns
from words import _


def _sheet_name(name: str) -> str:
    if len(name) > 31 or set(name) & set("[]:*?/\\") or name[0] == "'" or name[-1] == "'":
        raise PydanticCustomError(
            "sheet_name",
            _(
                "Excel takes at most 31 characters here, none of [ ] : * ? / \\, and no "
                "apostrophe at either end"
            ),
        )
    if name.casefold() in {"history", TEXTS_SHEET}:
        raise PydanticCustomError("sheet_name", _("this name is taken; choose another"))
    return name


TEXTS_SHEET = "clientbase"
"""The hidden sheet with the texts of the macros and the entries of the drop-down lists."""
SheetName = Annotated[Label, AfterValidator(_sheet_name)]


class Sheets(Model):
    """The names of the sheets."""

    start: SheetName = Field(
        description="the first sheet of a new workbook: the button, the day's counts, the problems"
    )
    today: SheetName = Field(
        description="the sheet with the list of the day; filled where the workbook has it"
    )
    clients: SheetName = Field(description="the sheet with one row a client")
    purchases: SheetName = Field(description="the sheet with one row a purchase line")
    contacts: SheetName = Field(
        description="the sheet with one row a contact; may be missing in the workbook"
    )
    birthdays: SheetName = Field(
        description="the sheet with the birthdays; filled where the workbook has it"
    )
    gifts: SheetName = Field(
        description="the sheet with the gifts to order; filled where the workbook has it"
    )
    charts: SheetName = Field(description="the sheet with the charts of a new workbook")


class ClientColumns(Model):
    """Headings of the Clients table that she types."""

    id: Headings = Field(description="what tells a client from all others; required")
    name: Headings = Field(description="the client's name; required")
    birthday: Headings = Field(description="the birthday; only day and month count")
    phone: Headings = Field(description="the phone number; kept, not used by the rules")
    email: Headings = Field(description="the e-mail address; kept, not used by the rules")
    city: Headings = Field(description="the city; gifts to another city than home_city are posted")
    address: Headings = Field(description="the address; kept, not used by the rules")
    class_date: Headings = Field(description="when she was, or will be, at a class")
    source: Headings = Field(description="where the client came from; kept, not used by the rules")
    hostess: Headings = Field(description="at whose class she was; kept, not used by the rules")
    organisation: Headings = Field(description="where she works; kept, not used by the rules")
    segment: Headings = Field(description="your own segment; kept, not used by the rules")
    referred_by: Headings = Field(description="who recommended her; kept, not used by the rules")
    consultant: Headings = Field(description="who serves her; kept, not used by the rules")
    spouse: Headings = Field(description="the spouse's name; kept, not used by the rules")
    spouse_birthday: Headings = Field(
        description="the spouse's birthday; kept, not used by the rules"
    )
    children: Headings = Field(description="the children; kept, not used by the rules")
    preferences: Headings = Field(description="what she likes; kept, not used by the rules")
    wishes: Headings = Field(description="what she would like to have; kept, not used by the rules")
    mailing: Headings = Field(description="which mailings she gets; kept, not used by the rules")
    do_not_contact: Headings = Field(
        description="anything but a word of no_words: she gets no reminders and no gift"
    )
    notes: Headings = Field(description="notes; kept, not used by the rules")


class PurchaseColumns(Model):
    """Headings of the Purchases table."""

    date: Headings = Field(description="the day of the purchase; required")
    client_id: Headings = Field(
        description="who bought: the same as in the clients' id column; required"
    )
    product: Headings = Field(description="what was bought; kept, not used by the rules")
    quantity: Headings = Field(description="how many; kept, not used by the rules")
    amount: Headings = Field(description="the money of the line, below zero for a return; required")
    order: Headings = Field(description="the number of the order; kept, not used by the rules")
    consultant: Headings = Field(description="who sold it; kept, not used by the rules")


class ContactColumns(Model):
    """Headings of the Contacts table."""

    date: Headings = Field(description="the day of the contact; required")
    client_id: Headings = Field(
        description="with whom: the same as in the clients' id column; required"
    )
    kind: Headings = Field(description="how: a word of 'kinds', such as call")
    consultant: Headings = Field(description="who contacted her; kept, not used by the rules")
    note: Headings = Field(description="what was said; kept, not used by the rules")
    result: Headings = Field(description="what came of it; kept, not used by the rules")
    next_date: Headings = Field(description="the day agreed on for the next contact")
    next_kind: Headings = Field(description="how the next contact is agreed, such as meeting")


class FilledColumns(Model):
    """Headings of the columns that the program fills on Clients."""

    group: Headings = Field(description="the group by the rules under 'groups'")
    abc: Headings = Field(description="the class by turnover in the year")
    xyz: Headings = Field(description="the class by how evenly she buys")
    stage: Headings = Field(description="new, permanent, lost, restored or potential")
    folder: Headings = Field(description="the folder of the card file")
    turnover: Headings = Field(description="what she bought for in the year")
    last_purchase: Headings = Field(description="the last day she bought")
    next_contact: Headings = Field(description="when to contact her next")
    contact_reason: Headings = Field(description="why then")
    channel: Headings = Field(description="how: call, SMS, or what was agreed")
    gift: Headings = Field(description="what to give her")
    gift_budget: Headings = Field(description="what the gift may cost")
    gift_for: Headings = Field(description="the occasion of the gift")
    gift_date: Headings = Field(description="when the gift is due, or must be posted")


class Columns(Model):
    """Which heading holds what: one heading, or a list of accepted ones."""

    clients: ClientColumns = Field(description="the columns of the clients' sheet that you type")
    purchases: PurchaseColumns = Field(description="the columns of the purchases' sheet")
    contacts: ContactColumns = Field(description="the columns of the contacts' sheet")
    filled: FilledColumns = Field(
        description="the columns that the program fills on the clients' sheet"
    )
    today: TodayColumns = Field(description="the columns of the sheet Today")
    birthdays: BirthdayColumns = Field(description="the columns of the sheet Birthdays")
    gifts: GiftColumns = Field(description="the columns of the sheet Gifts")


class Lists(Model):
    """What the drop-down lists of a new workbook offer; anything else may be typed too."""

    consultants: tuple[Label, ...] = Field(
        description="the names that the columns Consultant offer; empty: no drop-down list"
    )
    mailing: tuple[Label, ...] = Field(
        description="what the column Mailing offers; empty: no drop-down list"
    )
    do_not_contact: tuple[Label, ...] = Field(
        description="what the column Do not contact offers; empty: no drop-down list"
    )


def _known_format(text_format: str) -> str:
    parts = re.findall(r"yyyy|mm|dd|\w", text_format)
    if sorted(parts) not in (["dd", "mm"], ["dd", "mm", "yyyy"]):
        raise PydanticCustomError(
            "date_format", _("expected a form of dates made of dd, mm and yyyy, such as dd.mm.yyyy")
        )
    return text_format


DateFormat = Annotated[str, AfterValidator(_known_format)]
Age = Annotated[int, Field(ge=0, le=150)]


def _country(letters: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", letters):
        raise PydanticCustomError("country", _("expected two letters, such as RU, KZ or DE"))
    return letters.upper()


_COUNTRY_SCHEMA = {"type": ["string", "boolean"], "pattern": "^[A-Za-z]{2}$"}  # NO is Norway
Country = Annotated[str, AfterValidator(_country), WithJsonSchema(_COUNTRY_SCHEMA)]


class Dates(Model):
    """How dates that were typed as text are read."""

    text_formats: tuple[DateFormat, ...] = Field(
        min_length=1,
        description="forms of dates, tried in this order; dd is the day, mm the month, yyyy the "
        "year; one without yyyy is for birthdays whose year isn't known",
    )
    youngest_age: Age = Field(
        description="a birthday that makes her younger than so many years tells no year of birth"
    )
    oldest_age: Age = Field(
        description="a birthday that makes her older than so many years tells no year of birth"
    )


class Numbers(Model):
    """How amounts that were typed as text are read, and money is counted."""

    decimal: Literal[",", "."] = Field(description="the decimal sign in amounts typed as text")
    currency: tuple[Label, ...] = Field(description="currency words that may stand at an amount")
    minor_units: Annotated[int, Field(ge=0, le=4)] = Field(
        description="decimals of the currency: 2 for kopecks and cents"
    )


class Year(Model):
    """What 'in the year' means."""

    basis: Literal["trailing", "calendar", "seminar"] = Field(
        description="trailing: the 12 months that end today; calendar: since 1 January; "
        "seminar: since seminar_start"
    )
    seminar_start: DayOfYear = Field(
        description="the first day of the direct-sales year (month-day), for basis: seminar"
    )
