"""All rules of a client base, as one frozen `Config`.

Every number and word comes from the file; nothing here has a default of its own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import SkipJsonSchema

from rules.config.basics import (
    Day,
    DayOfYear,
    Label,
    Model,
    Text,
    Word,
    YesNo,
    month_day,
)
from rules.config.conditions import Example
from rules.config.country import AS_THERE
from rules.config.outgoing import Export, Nightly
from rules.reading.words import fold
from words import _, marked

if TYPE_CHECKING:
    from rules.model.declarations import Rooms


def _sheet_name(name: str) -> str:
    if len(name) > 31 or set(name) & set("[]:*?/\\") or name[0] == "'" or name[-1] == "'":
        raise ValueError(
            _(
                "Excel takes at most 31 characters here, none of [ ] : * ? / \\, and no "
                "apostrophe at either end"
            ),
        )
    if name.casefold() in {"history", TEXTS_SHEET}:
        raise ValueError(_("this name is taken; choose another"))
    return name


TEXTS_SHEET = "clientbase"
"""The hidden sheet with the texts of the macros and the entries of the drop-down lists."""
SheetName = Annotated[Label, AfterValidator(_sheet_name)]


class Sheets(Model):
    """The names of the sheets: those of the rooms, between the first and the charts."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> str: ...


class Columns(Model):
    """Which heading holds what: one heading, or a list of accepted ones; by table or report."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any: ...  # noqa: ANN401 — a block of headings


class Lists(Model):
    """What the drop-down lists of a new workbook offer; anything else may be typed too."""

    consultants: tuple[Label, ...]
    """The names that the columns Consultant offer; empty: no drop-down list."""
    mailing: tuple[Label, ...]
    """What the column Mailing offers; empty: no drop-down list."""
    do_not_contact: tuple[Label, ...]
    """What the column Do not contact offers; empty: no drop-down list."""


def _known_format(text_format: str) -> str:
    parts = re.findall(r"yyyy|mm|dd|\w", text_format)
    if sorted(parts) not in (["dd", "mm"], ["dd", "mm", "yyyy"]):
        raise ValueError(_("expected a form of dates made of dd, mm and yyyy, such as dd.mm.yyyy"))
    return text_format


DateFormat = Annotated[str, AfterValidator(_known_format)]
Age = Annotated[int, Field(ge=0, le=150)]


def _country(letters: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", letters):
        raise ValueError(_("expected two letters, such as RU, KZ or DE"))
    return letters.upper()


_COUNTRY_SCHEMA = {"type": ["string", "boolean"], "pattern": "^[A-Za-z]{2}$"}  # NO is Norway
_AS_THERE = {"const": AS_THERE}
Country = Annotated[str, AfterValidator(_country), WithJsonSchema(_COUNTRY_SCHEMA)]


class Dates(Model):
    """How dates are read and written."""

    order: Annotated[
        Literal["dmy", "mdy"], WithJsonSchema({"anyOf": [_AS_THERE, {"enum": ["dmy", "mdy"]}]})
    ]
    """Which comes first in 05.12.2026: dmy the day, mdy the month; country: as is usual there."""
    written: Annotated[DateFormat, WithJsonSchema({"type": "string"})]
    """How the program writes dates: country, or a form such as dd.mm.yyyy."""
    text_formats: tuple[DateFormat, ...]
    """Further forms of dates that are read, tried first; dd is the day, mm the month, yyyy the
    year; one without yyyy is for birthdays whose year isn't known."""
    earliest: Day
    """A number that isn't shown as a date, and would be an earlier one, is none."""
    youngest_age: Age
    """A birthday that makes her younger than so many years tells no year of birth."""
    oldest_age: Age
    """A birthday that makes her older than so many years tells no year of birth."""


class Numbers(Model):
    """How amounts that were typed as text are read, and money is counted."""

    decimal: Annotated[
        Literal[",", "."], WithJsonSchema({"anyOf": [_AS_THERE, {"enum": [",", "."]}]})
    ]
    """The decimal sign in amounts typed as text; country: as is usual there."""
    currency: tuple[Label, ...]
    """Currency words that may stand at an amount; the word country stands for those of yours."""
    minor_units: Annotated[int, Field(ge=0, le=4)]
    """Decimals of the currency: 2 for kopecks and cents."""


class Year(Model):
    """What 'in the year' means."""

    basis: Literal["trailing", "calendar", "seminar"]
    """Trailing: the 12 months that end today; calendar: since 1 January; seminar: since
    seminar_start."""
    seminar_start: DayOfYear
    """The first day of the direct-sales year (month-day), for basis: seminar."""


class FreeDays(NamedTuple):
    """All days from one to another: of every year as (month, day), else as (year, month, day)."""

    first: tuple[int, ...]
    last: tuple[int, ...]

    def holds(self, day: dt.date) -> bool:
        """Whether *day* is one of them; those of every year may go over New Year."""
        here = (day.year, day.month, day.day)[-len(self.first) :]
        if self.first > self.last:
            return here >= self.first or here <= self.last
        return self.first <= here <= self.last


_EXPECTED_FREE = marked(
    "expected a day such as 2026-12-30, or 12-30 for every year, or from a day to a day: "
    "08-01..08-31"
)


def _free_days(value: object, info: ValidationInfo) -> FreeDays:
    ends = [_free_day(text, info) for text in re.split(r"\s*(?:\.\.+|…)\s*", str(value).strip())]
    is_turned = len(ends[0]) == 3 and ends[0] > ends[-1]
    if len(ends) > 2 or len(ends[0]) != len(ends[-1]) or is_turned:
        raise ValueError(_(_EXPECTED_FREE))
    return FreeDays(ends[0], ends[-1])


def _free_day(text: str, info: ValidationInfo) -> tuple[int, ...]:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = dt.date.fromisoformat(text)
            return (day.year, day.month, day.day)
        return tuple(month_day(text, info))
    except ValueError as error:
        raise ValueError(_(_EXPECTED_FREE)) from error


_WEEKDAYS = (
    ("monday", "понедельник"),
    ("tuesday", "вторник"),
    ("wednesday", "среда"),
    ("thursday", "четверг"),
    ("friday", "пятница"),
    ("saturday", "суббота"),
    ("sunday", "воскресенье"),
)


def _weekday(value: object) -> object:
    for number, names in enumerate(_WEEKDAYS):
        if value == number or str(value).casefold() in names:
            return number
    raise ValueError(_("expected a day of the week, such as Saturday"))


_WEEKDAY_SCHEMA = {
    "enum": [way(one) for names in _WEEKDAYS for one in names for way in (str, str.capitalize)]
}
Weekday = Annotated[int, BeforeValidator(_weekday), WithJsonSchema(_WEEKDAY_SCHEMA)]
"""A day of the week; Monday is 0."""
_DAY_SCHEMA = r"(\d{4}-)?\d\d-\d\d"
Free = Annotated[
    FreeDays,
    PlainValidator(_free_days),
    WithJsonSchema(
        {"type": "string", "pattern": rf"^{_DAY_SCHEMA}(\s*(\.\.+|…)\s*{_DAY_SCHEMA})?$"}
    ),
]


def _not_all(days: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(days)) > 6:
        raise ValueError(_("at least one day of the week must be left to work"))
    return days


class WorkingDays(Model):
    """On which days she calls, where `contacts.capacity_per_day` levels the calls."""

    public_holidays: YesNo
    """No: she works on the public holidays of her country, too."""
    weekend: Annotated[
        tuple[Weekday, ...],
        AfterValidator(_not_all),
        WithJsonSchema({"anyOf": [_AS_THERE, {"type": "array", "items": _WEEKDAY_SCHEMA}]}),
    ]
    """The days of the week on which she doesn't call; country: as is usual there."""
    free_days: tuple[Free, ...]
    """Her own free days: 2026-12-30, 12-30 for every year, or from a day to a day: 08-01..08-31."""


Settings = TypeVar("Settings", bound=Model)
FILLED = "filled"
"""The block with the headings of the grey columns on Clients."""
Size = Annotated[int, Field(ge=1, le=1_000_000)]


class Limits(Model):
    """Sizes beyond which a file is taken for a mistake."""

    clients: Annotated[int, Field(ge=1, le=1_048_575)]
    """More clients than this are taken for a mistake."""
    file_mb: Size
    """A larger workbook isn't read."""
    part_mb: Size
    """A workbook with a larger part, unpacked, isn't read."""
    total_mb: Size
    """A workbook that is larger when unpacked isn't read."""
    texts_mb: Size
    """A workbook with more text in its cells isn't read."""
    parts: Size
    """A workbook with more parts isn't read."""
    ratio: Annotated[int, Field(ge=2, le=100_000)]
    """Parts that are packed more tightly may take up 256 MB together."""
    cells: Annotated[int, Field(ge=1, le=1_000_000_000)]
    """A sheet of clients with more cells isn't filled."""


class Backups(Model):
    """Which former versions of the workbook stay, and how many receipts of its runs."""

    newest: Annotated[int, Field(ge=1, le=10_000)]
    """So many of the newest versions stay."""
    monthly: YesNo
    """Does the last version of each month stay for good?"""
    receipts_mb: Annotated[int, Field(ge=1, le=10_000)]
    """At most so many MB of receipts of runs stay, and the newest always."""


class Config(Model):
    """All rules of a client base, as read from `config.yaml`: here what no room has alone.

    What is read is a `rules.config.assembly.config_type`, with the keys of all rooms.
    """

    based_on: Literal["en", "ru"]
    """Which shipped file fills in what this one leaves out: en or ru."""
    sheets: Sheets
    """The names of the sheets."""
    columns: Columns
    """Your headings: one, or a list of accepted ones."""
    rooms_on: tuple[Word, ...] = Field(alias="rooms")
    """Rooms without a sheet of their own that are on."""
    rooms_off: tuple[Word, ...]
    """Rooms that leave a sheet of their name alone."""
    lists: Lists
    """What drop-down lists offer, besides the kinds of contact under 'kinds'."""
    no_words: tuple[Word, ...]
    """A yes/no cell with one of these words counts as blank."""
    men_words: tuple[Word, ...]
    """Words in the column Gender that say that a client is a man."""
    total_words: tuple[Word, ...]
    """A row whose ID or name is one of these words, with or without a colon, is no client."""
    looks: YesNo
    """Do the filled columns of a workbook of yours get the colours of a new one, once?"""
    dates: Dates
    """How dates that were typed as text are read."""
    numbers: Numbers
    """How amounts that were typed as text are read."""
    year: Year
    """What 'in the year' means."""
    home_city: Text
    """Your city; gifts to clients in another city are posted; empty: nothing is posted."""
    country: Country
    """Your country in two letters, such as RU. Phone numbers without a country's code are numbers
    of it; its customs are meant wherever the word country stands."""
    working_days: WorkingDays
    """The days on which you call."""
    export: Export
    """What goes to the phone, the calendar and the mailing."""
    examples: tuple[Example, ...]
    """Clients, real ones or of facts alone, and the group or class that you expect; 'clientbase
    check' looks whether they come out so."""
    backups: Backups
    """Which former versions of the workbook stay."""
    nightly: Nightly
    """The run at night: its summary, and its mail."""
    limits: Limits
    """Sizes beyond which a file is taken for a mistake."""
    messages: SkipJsonSchema[YesNo] = Field(default=False, exclude=True)
    """Whether the file still has this block of earlier versions, which says nothing."""

    _kept: tuple[tuple[int, str], ...] = PrivateAttr(default=())

    rooms: ClassVar[Rooms]
    """The rooms whose keys stand beside these."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any: ...  # noqa: ANN401 — what a room adds

    def beside(self, kept: Iterable[tuple[int, str]]) -> Config:
        """The same, knowing which shipped entries stay beside those of hers where she may not
        expect it, each with the line of her list.
        """
        self._kept = tuple(kept)
        return self

    @property
    def kept(self) -> tuple[tuple[int, str], ...]:
        """Those entries."""
        return self._kept

    def rule(self, settings: type[Settings]) -> Settings:
        """The same, as the configuration of a room, whose *settings* are part of it."""
        assert isinstance(self, settings)  # noqa: S101 — `rules.config.assembly` sees to it
        return self

    def sheet(self, key: str) -> str:
        """The name of a sheet."""
        name: str = getattr(self.sheets, key)
        return name

    def headings(self, table: str) -> Mapping[str, Sequence[str]]:
        """The accepted headings of the columns of a table or sheet, by key; of *filled* those of
        the grey columns on Clients.

        A log's column for names gives way to any other of the same heading: where she keeps no IDs,
        the names stand in the column for these.
        """
        columns = dict(getattr(self.columns, table))
        declared = self.rooms.tables.get(table)
        if declared is not None and declared.named_by:
            names = columns.pop(declared.named_by)
            taken = {fold(heading) for headings in columns.values() for heading in headings}
            free = [heading for heading in names if fold(heading) not in taken]
            columns |= {declared.named_by: free} if free else {}
        return columns

    def heading(self, table: str, key: str) -> str:
        """The heading that a new column gets."""
        return self.headings(table)[key][0]

    def decided_words(self) -> dict[str, list[str]]:
        """The words that the decided columns may hold, by column, in their order."""
        return {
            key: list(column.words(self))
            for key, column in self.rooms.columns.items()
            if column.words is not None
        }
