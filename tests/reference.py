"""Reference implementation of the rules of the client base: slow, plain, one row at a time.

It carries out the specification sentence by sentence, with whole kopecks, fractions and calendar
dates and without any float arithmetic, so that a faster implementation can be compared with it.
Every function quotes the sentence it stands for.
"""

from __future__ import annotations

import math
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from tests.typed import age, typed_amount, typed_date

Row = Mapping[str, object]
Problem = tuple[str, int, str]

FILLED = (
    "Group",
    "ABC",
    "XYZ",
    "Stage",
    "Folder",
    "Turnover",
    "Last purchase",
    "Next contact",
    "Contact reason",
    "Channel",
    "Gift",
    "Gift budget",
    "Gift for",
    "Gift date",
)

TYPED = {
    "Clients": (
        "ID", "Name", "Birthday", "Phone", "Email", "City", "Address", "Class date", "Source",
        "Hostess", "Organisation", "Segment", "Referred by", "Consultant", "Spouse",
        "Spouse birthday", "Children", "Preferences", "Wishes", "Mailing", "Do not contact",
        "Gender", "Rhythm", "Notes",
    ),
    "Purchases": ("Date", "Client ID", "Product", "Quantity", "Amount", "Order", "Consultant"),
    "Contacts": (
        "Date", "Client ID", "Kind", "Consultant", "Note", "Result", "Next date", "Next kind",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One date of a series: so many months and days after the day that set it."""

    months: int
    days: int
    words: str


@dataclass(frozen=True)
class Holiday:
    """A day of the year with a name."""

    name: str
    month: int
    day: int
    whom: str = ""


@dataclass(frozen=True)
class Occasion:
    """An occasion for a gift; without month and day it is the client's birthday."""

    name: str
    month: int | None = None
    day: int | None = None
    whom: str = ""


@dataclass(frozen=True)
class GiftEntry:
    """An entry of the gift list with its optional conditions (empty: no condition)."""

    name: str
    price: Fraction
    can_be_posted: bool = True
    groups: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """Every number and word of the specification with its default."""

    # Conventions
    year_basis: str = "trailing"
    year_seminar_start: tuple[int, int] = (7, 1)
    men_words: tuple[str, ...] = ("m", "male", "man", "м", "муж", "мужской", "мужчина")
    total_words: tuple[str, ...] = ("total", "sum", "итого", "всего")
    no_words: tuple[str, ...] = ("no", "нет", "false", "0", "n/a", "?", "-")
    date_order: str = "dmy"
    earliest: date = date(1990, 1, 1)
    ages: tuple[int, int] = (14, 110)
    decimal_mark: str = ","
    currency_words: tuple[str, ...] = ("$", "usd", "us$", "dollars", "€", "₽", "руб.", "руб", "р.")

    # Group
    attendance_from: Fraction = Fraction(1, 2)
    vip: str = "VIP"
    potential: str = "Potential"
    client: str = "Client"
    waiting: str = "Waiting"
    vip_turnover_above: Fraction = Fraction(36000)
    vip_purchase_days_at_least: int = 2
    vip_gap_at_most: int = 62
    client_within_months: int = 5
    waiting_older_than_months: int = 6

    # ABC
    abc_line: str = "crossing"
    abc_bounds: tuple[Fraction, Fraction] = (Fraction(50), Fraction(80))

    # XYZ
    xyz_period_months: int = 3
    xyz_months: int = 12
    xyz_bounds: tuple[Fraction, Fraction] = (Fraction(10), Fraction(25))
    xyz_min_periods: int = 3
    xyz_deviation: str = "population"

    # Stage
    stage_period_months: int = 3

    # Kinds of contact and channels
    kinds: tuple[tuple[str, int], ...] = (
        ("missed call", 0),
        ("missed call out", 0),
        ("meeting", 3),
        ("gift", 3),
        ("call", 2),
        ("call in", 2),
        ("call out", 2),
        ("SMS", 1),
        ("message", 1),
        ("letter", 1),
        ("catalogue", 1),
    )
    unknown_kind_weight: int = 2
    touch_weight: int = 2
    call: str = "call"
    sms: str = "SMS"

    # Next contact
    agreed_reason: str = "agreed"
    agreed_max_days: int = 400
    agreed_done_weight_at_most: int = 2
    birthday_reason: str = "birthday"
    birthday_call_groups: tuple[str, ...] = ("VIP",)
    birthday_call_classes: tuple[str, ...] = ("A",)
    birthday_early_days: int = 1
    birthday_late_days: int = 7
    steps: tuple[Step, ...] = (
        Step(0, 2, "2 days"),
        Step(0, 14, "2 weeks"),
        Step(2, 0, "2 months"),
    )
    after_purchase_reason: str = "after purchase"
    class_ahead_days: int = 1
    class_ahead_reason: str = "confirm the class"
    after_class_reason: str = "after class"
    reorder_min_days: int = 7
    reorder_purchase_days_at_least: int = 3
    reorder_reason: str = "usual order is due"
    holidays: tuple[Holiday, ...] = (Holiday("New Year", 12, 31), Holiday("8 March", 3, 8))
    holiday_early_days: int = 3
    holiday_late_days: int = 2
    before_birthday_days: int = 14
    before_birthday_folders: tuple[str, ...] = ("Black",)
    before_birthday_reason: str = "catalogue before the birthday"
    rhythm: tuple[tuple[str, str], ...] = (
        ("VIP", "1 month"),
        ("Client", "2 months"),
        ("Potential", "3 months"),
        ("Waiting", "4 months"),
    )
    rhythm_reason: str = "regular contact"
    first_contact_reason: str = "first contact"
    missed_kinds: tuple[str, ...] = ("missed call",)
    grace_days: int = 3
    expires_days: int = 60

    # Gift
    gift_occasions: tuple[Occasion, ...] = (
        Occasion("Birthday"),
        Occasion("New Year", 12, 31),
        Occasion("8 March", 3, 8),
    )
    gift_horizon_days: int = 60
    gift_merge_days: int = 7
    gift_kind: str = "gift"
    gift_closed_days: int = 21
    gift_percent: Fraction = Fraction(1)
    gift_abc_multipliers: tuple[tuple[str, Fraction], ...] = (("A", Fraction(3, 2)),)
    gift_xyz_multipliers: tuple[tuple[str, Fraction], ...] = (("X", Fraction(6, 5)),)
    gift_card_only_after_months: int = 6
    gift_list: tuple[GiftEntry, ...] = (
        GiftEntry("Sachet", Fraction(150)),
        GiftEntry("Lip balm", Fraction(250)),
        GiftEntry("Hand cream", Fraction(400)),
        GiftEntry("Mascara", Fraction(800)),
        GiftEntry("Perfume", Fraction(2500), can_be_posted=False),
    )
    gift_token: str = "Booklet"
    gift_card: str = "card"
    home_city: str = ""
    gift_post_days: int = 10


DEFAULT = Settings()


# ---------------------------------------------------------------------------------------------
# Conventions: calendar arithmetic
# ---------------------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """Quote: "N months" is calendar arithmetic: two months after 31 December is the last day of
    February.
    """
    number = day.year * 12 + (day.month - 1) + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def at_most_months_ago(day: date, months: int, today: date) -> bool:
    """Quote: A date lies at most N months ago when it + N months ≥ today."""
    return add_months(day, months) >= today


def more_than_months_ago(day: date, months: int, today: date) -> bool:
    """Quote: more than N months ago when it + N months < today."""
    return add_months(day, months) < today


def whole_months_since(day: date, today: date) -> int:
    """Quote: Whole months since a date: the largest N with date + N months ≤ today."""
    months = 0
    while add_months(day, months + 1) <= today:
        months += 1
    return months


def is_in_year(day: date, today: date, settings: Settings) -> bool:
    """Quote: Year means the 12 months that end today: the days after today − 12 months, up to and
    with today, so the same day a year ago is outside; `calendar` (1 January to today) and
    `seminar` (from `year.seminar_start: 07-01`, the direct-sales year, to today) are the other
    choices.
    """
    if day > today:
        return False
    if settings.year_basis == "trailing":
        return day > add_months(today, -12)
    if settings.year_basis == "calendar":
        return day >= date(today.year, 1, 1)
    if settings.year_basis == "seminar":
        month, first = settings.year_seminar_start
        start = day_of_year(today.year, month, first)
        if start > today:
            start = day_of_year(today.year - 1, month, first)
        return day >= start
    raise ValueError(f"unknown year basis: {settings.year_basis}")


def day_of_year(year: int, month: int, day: int) -> date:
    """Quote: the birthday (29 February → 28 in common years)."""
    if (month, day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 2, 28)
    return date(year, month, day)


# ---------------------------------------------------------------------------------------------
# Conventions: reading of cells
# ---------------------------------------------------------------------------------------------


class UnreadableCellError(Exception):
    """The cell holds something that can't be read."""


def is_blank(cell: object) -> bool:
    """A cell with nothing but blanks in it is blank."""
    return cell is None or (isinstance(cell, str) and cell.strip() == "")


LARGEST_WHOLE = 2**53
LARGEST_AMOUNT = 10**12


def text_of(cell: object) -> str:
    """Quote: an ID is text. A number cell 7 is the ID "7", a whole number of up to 2^53 its digits;
    "007" is another.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= LARGEST_WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def folded(cell: object) -> str:
    """Quote: an ID is compared after trimming, folding inner blanks, dropping signs that nobody
    sees (zero width, soft hyphen), in Unicode form NFC and ignoring case.
    """
    seen = [sign for sign in text_of(cell) if unicodedata.category(sign) != "Cf"]
    composed = unicodedata.normalize("NFC", "".join(seen))
    return unicodedata.normalize("NFC", " ".join(composed.split()).casefold())


def folded_word(cell: object) -> str:
    """Quote: Names, cities, words and headings are compared so, too, and there ё is е."""
    return "".join("е" if sign == "ё" else sign for sign in folded(cell))


def folded_city(cell: object) -> str:
    """Quote: and "г." before a city is nothing."""
    city = folded_word(cell)
    return city[2:].strip() if city.startswith("г.") else city


def says_no(word: str) -> str:
    """Quote: any dash, with or without a full stop."""
    dashed = "".join(
        "-" if unicodedata.category(sign) == "Pd" or sign == "−" else sign for sign in word
    )
    return dashed[:-1].strip() if dashed.endswith(".") else dashed


def says_yes(cell: object, settings: Settings) -> bool:
    """Quote: A yes/no cell counts as blank when it says no (`no_words`: no, нет, false, 0, n/a, ?,
    any dash, with or without a full stop).
    """
    no_words = {says_no(folded_word(word)) for word in settings.no_words}
    return says_no(folded_word(cell)) not in {"", *no_words}


def date_of_serial(number: float) -> date:
    """Quote: a bare number in a date column is a serial date of the workbook's date system.

    The 1900 system: day 1 is 1 January 1900, day 60 is a 29 February that never was; the fraction
    is the time of day.
    """
    if not 1 <= number < 2958466:
        raise UnreadableCellError
    days = math.floor(number)
    if days == 60:
        raise UnreadableCellError
    return date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)


def read_date(
    cell: object, settings: Settings, today: date, is_birthday: bool = False
) -> date | None:
    """Quote: A serial date of the workbook's date system, its time cut off. One that isn't shown
    as a date and can't be meant (a birthday that makes her older than `oldest_age` or is a year
    such as 1975 or a day such as 12.05; a log's date before `dates.earliest`) is a problem.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        raise UnreadableCellError
    if isinstance(cell, int | float):
        day = date_of_serial(cell)
        too_old = age(day, today) > settings.ages[1] or cell <= 2100
        if too_old if is_birthday else day < settings.earliest:
            raise UnreadableCellError
        return day
    if isinstance(cell, str):
        ages = settings.ages if is_birthday else None
        found = typed_date(cell, settings.date_order, today, ages)
        if found is not None:
            return found
    raise UnreadableCellError


def kopecks_of_text(text: str, settings: Settings) -> int:
    """A text in kopecks, a half rounded away from zero."""
    amount = typed_amount(text, settings.decimal_mark, settings.currency_words)
    if amount is None:
        raise UnreadableCellError
    return kopecks_of_number(amount)


def kopecks_of_number(number: Fraction) -> int:
    """Quote: Money is exact: compute in whole minor units (kopecks, cents).

    A number finer than a kopeck is rounded to the nearest one, a half away from zero.
    """
    size = math.floor(abs(number) * 100 + Fraction(1, 2))
    return -size if number < 0 else size


def read_amount(cell: object, settings: Settings) -> int | None:
    """Quote: no amount, or one that can't be read. Money is exact up to 10^12."""
    if is_blank(cell):
        return None
    kopecks = kopecks_of(cell, settings)
    if abs(kopecks) > LARGEST_AMOUNT * 100:
        raise UnreadableCellError
    return kopecks


def kopecks_of(cell: object, settings: Settings) -> int:
    """Quote: An amount with more decimals is rounded half away from zero, by the 15 digits that
    Excel shows.
    """
    if isinstance(cell, bool):
        raise UnreadableCellError
    if isinstance(cell, int):
        return cell * 100
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise UnreadableCellError
        return kopecks_of_number(Fraction(f"{cell:.15g}"))
    if isinstance(cell, Decimal) and cell.is_finite():
        return kopecks_of_number(Fraction(cell))
    if isinstance(cell, str):
        return kopecks_of_text(cell, settings)
    raise UnreadableCellError


# ---------------------------------------------------------------------------------------------
# Conventions and Tables: reading of rows
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A usable row of Clients."""

    row: int
    key: str
    name: str
    birthday: tuple[int, int] | None
    class_day: date | None
    city: str
    do_not_contact: bool
    has_name: bool
    rhythm: tuple[int, str] | None
    man: bool


@dataclass(frozen=True)
class Line:
    """A usable row of Purchases."""

    key: str
    day: date
    kopecks: int


@dataclass(frozen=True)
class Contact:
    """A usable row of Contacts."""

    row: int
    key: str
    day: date
    kind: str
    next_day: date | None
    next_kind: str


@dataclass(frozen=True)
class Base:
    """The usable rows of the three tables, what was left out and why."""

    people: tuple[Person, ...]
    lines: tuple[Line, ...]
    contacts: tuple[Contact, ...]
    problems: tuple[Problem, ...]
    future_rows: dict[str, int]


def is_empty_row(table: str, row: Row) -> bool:
    """A row with nothing in any of the table's columns is no row (an Excel table often ends with
    some).
    """
    return all(is_blank(row.get(heading)) for heading in TYPED[table]) and not typed_name(row)


def typed_name(row: Row) -> str:
    """The name that a row of a log gives its client; what is no text is none."""
    name = row.get("Client")
    return folded_word(name) if type(name) is str else ""


def is_log_total(row: Row, settings: Settings) -> bool:
    """A total in a log, told by the ID, or by the name where there is no ID."""
    named = [row.get("Client")] if is_blank(row.get("Client ID")) and typed_name(row) else []
    return is_total([row.get("Client ID"), *named], settings)


def whose(
    table: str, index: int, row: Row, people: Sequence[Person], problems: list[Problem]
) -> str:
    """The key of the client whose row of a log it is, '' for nobody's: she types either the ID or
    the name. Quote: A name that several have is a problem; where both stand, the ID counts, and the
    name of another is a problem.
    """
    key, name = folded(row.get("Client ID")), typed_name(row)
    called = [person for person in people if name and person.name == name]
    if is_blank(row.get("Client ID")) and name:
        if len(called) == 1:
            return called[0].key
        problems.append((table, index, "Client"))
        return ""
    found = [person for person in people if person.key == key]
    if key == "" or not found:
        problems.append((table, index, "Client ID"))
        return ""
    if called and found[0] not in called:
        problems.append((table, index, "Client"))
    return key


def is_total(cells: Sequence[object], settings: Settings) -> bool:
    """Quote: Rows whose ID or name is a word of `total_words` (total, sum, итого, всего), with or
    without a colon, are no clients and reported once.
    """
    for cell in cells:
        word = folded_word(cell)
        if word.endswith(":"):
            word = word[:-1].strip()
        if word in {folded_word(one) for one in settings.total_words}:
            return True
    return False


def read_people(
    clients: Sequence[Row], today: date, settings: Settings, problems: list[Problem]
) -> list[Person]:
    """Quote: A row that can't be used (no client; of a duplicate ID every row after the first) is
    left out of the calculation. A cell that isn't required and can't be read (a birthday, a class
    date) counts as blank, its row stays. Of a birthday only day and month count here. One without a
    name is reported and gets no contact and no gift.
    """
    people: list[Person] = []
    seen: set[str] = set()
    for index, row in enumerate(clients):
        if is_empty_row("Clients", row) or is_total([row.get("ID"), row.get("Name")], settings):
            continue
        key = folded(row.get("ID"))
        if key == "" or key in seen:
            problems.append(("Clients", index, "ID"))
            continue
        seen.add(key)
        birthday: date | None = None
        class_day: date | None = None
        try:
            birthday = read_date(row.get("Birthday"), settings, today, is_birthday=True)
        except UnreadableCellError:
            problems.append(("Clients", index, "Birthday"))
        try:
            class_day = read_date(row.get("Class date"), settings, today)
        except UnreadableCellError:
            problems.append(("Clients", index, "Class date"))
        if has_lost_digits(row.get("Phone")):
            problems.append(("Clients", index, "Phone"))
        has_name = folded_word(row.get("Name")) != ""
        if text_of(row.get("Rhythm")) and read_interval(row.get("Rhythm")) is None:
            problems.append(("Clients", index, "Rhythm"))
        if not has_name:
            problems.append(("Clients", index, "Name"))
        people.append(
            Person(
                row=index,
                key=key,
                name=folded_word(row.get("Name")),
                birthday=None if birthday is None else (birthday.month, birthday.day),
                class_day=class_day,
                city=folded_city(row.get("City")),
                do_not_contact=says_yes(row.get("Do not contact"), settings) or not has_name,
                has_name=has_name,
                rhythm=read_interval(row.get("Rhythm")),
                man=folded_word(row.get("Gender")) in settings.men_words,
            )
        )
    return people


def has_lost_digits(cell: object) -> bool:
    """A phone like 8.9E+10, as text, or as the number 89000000000."""
    for word in text_of(cell).split():
        first, mark, power = word.upper().replace(",", ".").partition("E")
        if mark and re.fullmatch(r"[0-9](\.[0-9]+)?", first) and power.lstrip("+").isdecimal():
            return len(power.lstrip("+")) == 2
        kept = word.rstrip("0")
        if kept.isdecimal() and len(kept) <= 3 and len(word) - len(kept) >= 8:
            return True
    return False


def required_date(row: Row, settings: Settings, today: date) -> date | None:
    """Quote: no date, or one that can't be read. None stands for both."""
    try:
        return read_date(row.get("Date"), settings, today)
    except UnreadableCellError:
        return None


def required_amount(row: Row, settings: Settings) -> int | None:
    """Quote: no amount, or one that can't be read. None stands for both."""
    try:
        return read_amount(row.get("Amount"), settings)
    except UnreadableCellError:
        return None


def read_lines(
    purchases: Sequence[Row],
    people: Sequence[Person],
    today: date,
    settings: Settings,
    problems: list[Problem],
    future_rows: dict[str, int],
) -> list[Line]:
    """Quote: A row that can't be used (no date, client or amount, or one that can't be read;
    unknown client; dated after today) is left out of the calculation. Rows dated after today are
    counted once, not listed.
    """
    lines: list[Line] = []
    for index, row in enumerate(purchases):
        if is_empty_row("Purchases", row) or is_log_total(row, settings):
            continue
        day = required_date(row, settings, today)
        if day is not None and day > today:
            future_rows["Purchases"] += 1
            continue
        key = whose("Purchases", index, row, people, problems)
        kopecks = required_amount(row, settings)
        if day is None:
            problems.append(("Purchases", index, "Date"))
        if kopecks is None:
            problems.append(("Purchases", index, "Amount"))
        if day is not None and key and kopecks is not None:
            lines.append(Line(key, day, kopecks))
    return lines


def read_next_day(
    cell: object,
    day: date,
    index: int,
    today: date,
    settings: Settings,
    problems: list[Problem],
) -> date | None:
    """Quote: A cell that isn't required and can't be read (a Next date before its own contact)
    counts as blank, its row stays. A Next date more than `max_days` (400) after its contact is
    taken for a slip, reported, and counts as blank.
    """
    try:
        next_day = read_date(cell, settings, today)
    except UnreadableCellError:
        problems.append(("Contacts", index, "Next date"))
        return None
    if next_day is None:
        return None
    if next_day < day or (next_day - day).days > settings.agreed_max_days:
        problems.append(("Contacts", index, "Next date"))
        return None
    return next_day


def read_contacts(
    contacts: Sequence[Row],
    people: Sequence[Person],
    today: date,
    settings: Settings,
    problems: list[Problem],
    future_rows: dict[str, int],
) -> list[Contact]:
    """Quote: A row that can't be used (no date or client, or one that can't be read; unknown
    client; dated after today) is left out of the calculation.
    """
    found: list[Contact] = []
    for index, row in enumerate(contacts):
        if is_empty_row("Contacts", row) or is_log_total(row, settings):
            continue
        day = required_date(row, settings, today)
        if day is not None and day > today:
            future_rows["Contacts"] += 1
            continue
        key = whose("Contacts", index, row, people, problems)
        if day is None:
            problems.append(("Contacts", index, "Date"))
        if day is None or not key:
            continue
        found.append(
            Contact(
                row=index,
                key=key,
                day=day,
                kind=text_of(row.get("Kind")),
                next_day=read_next_day(row.get("Next date"), day, index, today, settings, problems),
                next_kind=text_of(row.get("Next kind")),
            )
        )
    return found


def read_base(
    clients: Sequence[Row],
    purchases: Sequence[Row],
    contacts: Sequence[Row],
    today: date,
    settings: Settings,
) -> Base:
    """Read the three tables; each row or cell left out is reported, none stops the run."""
    problems: list[Problem] = []
    future_rows = {"Purchases": 0, "Contacts": 0}
    people = read_people(clients, today, settings, problems)
    lines = read_lines(purchases, people, today, settings, problems, future_rows)
    found = read_contacts(contacts, people, today, settings, problems, future_rows)
    return Base(tuple(people), tuple(lines), tuple(found), tuple(problems), future_rows)


# ---------------------------------------------------------------------------------------------
# Facts per client
# ---------------------------------------------------------------------------------------------


def purchase_days(lines: Sequence[Line]) -> list[date]:
    """Quote: A purchase day is one client and one date whose lines sum to more than zero: several
    lines of one day are one purchase, and one taken back on the same day is none.
    """
    sums: dict[date, int] = {}
    for line in lines:
        sums[line.day] = sums.get(line.day, 0) + line.kopecks
    return sorted(day for day, total in sums.items() if total > 0)


def turnover_in_year(lines: Sequence[Line], today: date, settings: Settings) -> int:
    """Quote: turnover in the year. A line with a negative amount is a return, one with zero a
    present: both count in the turnover.
    """
    return sum(line.kopecks for line in lines if is_in_year(line.day, today, settings))


def longest_gap_in_year(days: Sequence[date], today: date, settings: Settings) -> int | None:
    """Quote: longest gap in days between neighbouring purchase days inside the year (the stretch
    from the last one to today counts as a gap; the stretch before the first doesn't).
    """
    inside = [day for day in days if is_in_year(day, today, settings)]
    if not inside:
        return None
    ends = [*inside[1:], today]
    return max((end - start).days for start, end in zip(inside, ends, strict=True))


def median(numbers: Sequence[int]) -> Fraction:
    """The middle number, or the mean of the two in the middle."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def usual_interval(days: Sequence[date]) -> int | None:
    """Quote: usual interval (median gap between purchase days ever, rounded up to whole days)."""
    gaps = [(days[i] - days[i - 1]).days for i in range(1, len(days))]
    return math.ceil(median(gaps)) if gaps else None


def has_attended(person: Person, today: date) -> bool:
    """Quote: attended a class (Class date filled and not after today; one after today is a plan
    and counts as attendance nowhere).
    """
    return person.class_day is not None and person.class_day <= today


@dataclass(frozen=True)
class Facts:
    """What is known of one client before any rule is tried."""

    person: Person
    lines: tuple[Line, ...]
    contacts: tuple[Contact, ...]
    days: tuple[date, ...]
    turnover: int
    days_in_year: int
    longest_gap: int | None
    interval: int | None
    attended: bool
    room_touches: tuple[date, ...] = ()

    @property
    def bought(self) -> bool:
        """Ever bought: at least one purchase day."""
        return bool(self.days)

    @property
    def first_purchase(self) -> date | None:
        """The first purchase day ever."""
        return self.days[0] if self.days else None

    @property
    def last_purchase(self) -> date | None:
        """The last purchase day ever."""
        return self.days[-1] if self.days else None


def facts_of(person: Person, base: Base, today: date, settings: Settings) -> Facts:
    """Quote: From Purchases up to today: turnover in the year, purchase days in the year and ever,
    first and last purchase day, longest gap, usual interval. From Clients: attended a class.
    """
    lines = tuple(line for line in base.lines if line.key == person.key)
    days = purchase_days(lines)
    return Facts(
        person=person,
        lines=lines,
        contacts=tuple(contact for contact in base.contacts if contact.key == person.key),
        days=tuple(days),
        turnover=turnover_in_year(lines, today, settings),
        days_in_year=sum(1 for day in days if is_in_year(day, today, settings)),
        longest_gap=longest_gap_in_year(days, today, settings),
        interval=usual_interval(days),
        attended=has_attended(person, today),
    )


# ---------------------------------------------------------------------------------------------
# Group
# ---------------------------------------------------------------------------------------------


def is_attendance_known(everybody: Sequence[Facts], settings: Settings) -> bool:
    """Quote: A client without Class date didn't attend where such dates are kept: where at least
    `attendance_from` (50) % of the clients who ever bought have one that isn't after today.
    Elsewhere it is unknown, not "no": a condition on it then holds for nobody without one.
    """
    buyers = [facts for facts in everybody if facts.bought]
    dated = [facts for facts in buyers if facts.attended]
    return len(dated) >= settings.attendance_from * len(buyers)


def is_vip(facts: Facts, settings: Settings) -> bool:
    """Quote: VIP: turnover above 36 000 in the year, and regular: at least 2 purchase days in the
    year and no gap above 62 days.
    """
    return (
        Fraction(facts.turnover, 100) > settings.vip_turnover_above
        and facts.days_in_year >= settings.vip_purchase_days_at_least
        and facts.longest_gap is not None
        and facts.longest_gap <= settings.vip_gap_at_most
    )


def is_potential_group(facts: Facts, attendance_known: bool) -> bool:
    """Quote: Potential: never bought, or bought but never was at a class."""
    return not facts.bought or (attendance_known and not facts.attended)


def group_of(facts: Facts, attendance_known: bool, today: date, settings: Settings) -> str:
    """Quote: Rules are tried from the top; the first that holds names the group. Client: last
    purchase at most 5 months ago. Waiting: last purchase more than 6 months ago. Otherwise
    Client.
    """
    if is_vip(facts, settings):
        return settings.vip
    if is_potential_group(facts, attendance_known):
        return settings.potential
    last = facts.last_purchase
    if last is not None and at_most_months_ago(last, settings.client_within_months, today):
        return settings.client
    if last is not None and more_than_months_ago(last, settings.waiting_older_than_months, today):
        return settings.waiting
    return settings.client


def turnover_cell(facts: Facts) -> Decimal | None:
    """Quote: Turnover is the turnover in the year: blank without any purchase line ever, 0 with
    lines but none in the year.
    """
    if not facts.lines:
        return None
    return Decimal(facts.turnover).scaleb(-2)


# ---------------------------------------------------------------------------------------------
# ABC
# ---------------------------------------------------------------------------------------------


def abc_of(facts: Facts, everybody: Sequence[Facts], settings: Settings) -> str | None:
    """Quote: Clients with positive turnover in the year, by turnover descending; the whole is the
    sum of these. The share accumulated before a client decides: below 50 % → A, below 80 % → B,
    else C. Equal turnovers get the same class: that of the first of them. Most published worked
    examples let the share including the client decide (at most 50 % → A). No turnover in the year
    → blank.
    """
    if facts.turnover <= 0:
        return None
    positive = [other.turnover for other in everybody if other.turnover > 0]
    whole = sum(positive)
    before = sum(turnover for turnover in positive if turnover > facts.turnover)
    bound_a, bound_b = settings.abc_bounds
    if settings.abc_line == "crossing":
        share = Fraction(100 * before, whole)
        if share < bound_a:
            return "A"
        return "B" if share < bound_b else "C"
    if settings.abc_line == "inclusive":
        share = Fraction(100 * (before + facts.turnover), whole)
        if share <= bound_a:
            return "A"
        return "B" if share <= bound_b else "C"
    raise ValueError(f"unknown line: {settings.abc_line}")


# ---------------------------------------------------------------------------------------------
# Stage
# ---------------------------------------------------------------------------------------------


def stage_of(facts: Facts, today: date, settings: Settings) -> str:
    """Quote: Potential: never bought. New: first purchase ever within the period. Lost: bought,
    but not within the period. Restored: bought within the period, and the first purchase in it
    came more than one period after the purchase before. Permanent: everyone else who bought.
    """
    period = settings.stage_period_months
    if not facts.days:
        return "Potential"
    if at_most_months_ago(facts.days[0], period, today):
        return "New"
    within = [day for day in facts.days if at_most_months_ago(day, period, today)]
    if not within:
        return "Lost"
    before = [day for day in facts.days if day < within[0]]
    if more_than_months_ago(before[-1], period, within[0]):
        return "Restored"
    return "Permanent"


# ---------------------------------------------------------------------------------------------
# XYZ
# ---------------------------------------------------------------------------------------------


def month_number(day: date) -> int:
    """Months counted through, so that neighbouring months differ by one."""
    return day.year * 12 + day.month - 1


def turnover_per_period(facts: Facts, today: date, settings: Settings) -> list[int]:
    """Quote: Periods are blocks of `xyz.period_months` (3) calendar months counted back from the
    month of today, which is left out, over `xyz.months` (12); only blocks that begin in or after
    the month of the client's first purchase ever. Blocks without a line count as zero, returns
    count.
    """
    first = facts.first_purchase
    if first is None:
        return []
    size = settings.xyz_period_months
    blocks: list[int] = []
    for number in range(1, settings.xyz_months // size + 1):
        begin = month_number(today) - number * size
        if begin < month_number(first):
            continue
        blocks.append(
            sum(
                line.kopecks
                for line in facts.lines
                if begin <= month_number(line.day) < begin + size
            )
        )
    return blocks


def squared_variation(numbers: Sequence[int], deviation: str) -> Fraction | None:
    """Quote: Coefficient of variation = population standard deviation ÷ mean. Published examples
    differ in the deviation: `population` (default) or `sample`.

    Squared, so that it stays a fraction; None where it has no meaning.
    """
    count = len(numbers)
    divisor = {"population": count, "sample": count - 1}[deviation]
    if count == 0 or divisor == 0 or sum(numbers) <= 0:
        return None
    mean = Fraction(sum(numbers), count)
    squares = sum(((number - mean) * (number - mean) for number in numbers), Fraction(0))
    return squares / divisor / (mean * mean)


def xyz_of(facts: Facts, stage: str, today: date, settings: Settings) -> str | None:
    """Quote: X to 10 %, Y to 25 %, Z above (a bound belongs to the better class). Fewer than
    `xyz.min_periods` (3) blocks, mean not positive, or Stage New or Potential → blank.
    """
    if stage in ("New", "Potential"):
        return None
    blocks = turnover_per_period(facts, today, settings)
    if len(blocks) < settings.xyz_min_periods:
        return None
    squared = squared_variation(blocks, settings.xyz_deviation)
    if squared is None:
        return None
    bound_x, bound_y = settings.xyz_bounds
    if squared <= bound_x / 100 * bound_x / 100:
        return "X"
    return "Y" if squared <= bound_y / 100 * bound_y / 100 else "Z"


# ---------------------------------------------------------------------------------------------
# Folder
# ---------------------------------------------------------------------------------------------


def folder_of(facts: Facts, today: date) -> str | None:
    """Quote: Ever bought, with a purchase this calendar year or last → Green. Ever bought, none in
    either → Black. Never bought → blank.
    """
    last = facts.last_purchase
    if last is None:
        return None
    return "Green" if last.year >= today.year - 1 else "Black"


# ---------------------------------------------------------------------------------------------
# Next contact
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """An open date that a rule proposes."""

    day: date
    reason: str
    channel: str


@dataclass(frozen=True)
class Agreed:
    """A date agreed with the client, and the day of the contact that agreed it."""

    day: date
    set_on: date
    next_kind: str


class Room(Protocol):
    """What a room adds to the contacts of one client."""

    def touches(self, key: str) -> Sequence[date]:
        """The days on which a row of the room is a touch."""
        ...

    def dues(self, view: View) -> Mapping[str, Sequence[Due]]:
        """What it proposes, by the rule before which it stands."""
        ...


@dataclass(frozen=True)
class View:
    """All that a rule of contacts may look at."""

    facts: Facts
    group: str
    abc: str | None
    folder: str | None
    today: date
    settings: Settings
    agreed: Agreed | None = None
    rooms: tuple[Room, ...] = ()

    @property
    def waits_for_agreed(self) -> bool:
        """Quote: While an agreed date that isn't done lies after today."""
        return self.agreed is not None and self.agreed.day > self.today


def weight_of(word: str, settings: Settings) -> int:
    """Quote: meeting and gift 3, call (in, out) 2, SMS, message, letter, catalogue 1 (`kinds:`
    maps her words, compared like IDs, to a weight; an unknown or blank kind weighs 2). Channels
    weigh the same way.
    """
    for kind, weight in settings.kinds:
        if folded_word(kind) == folded_word(word):
            return weight
    return settings.unknown_kind_weight


def days_that_count(facts: Facts, channel: str, settings: Settings) -> list[date]:
    """Quote: A contact counts for a rule only when it weighs at least as much as the rule's
    channel.
    """
    needed = weight_of(channel, settings)
    return [
        contact.day for contact in facts.contacts if weight_of(contact.kind, settings) >= needed
    ]


def agreed_date(facts: Facts, settings: Settings) -> Agreed | None:
    """Quote: Next date of the client's newest contact that has one (by date, then further down the
    sheet). Done: a contact that weighs as much as the channel or 2, whichever is less, or a
    purchase, on or after the agreed date and after the day of the contact that agreed it.
    """
    newest: Contact | None = None
    for contact in facts.contacts:
        if contact.next_day is None:
            continue
        if newest is None or (contact.day, contact.row) > (newest.day, newest.row):
            newest = contact
    if newest is None or newest.next_day is None:
        return None
    channel = newest.next_kind or settings.call
    needed = min(weight_of(channel, settings), settings.agreed_done_weight_at_most)
    answers = [
        contact.day for contact in facts.contacts if weight_of(contact.kind, settings) >= needed
    ]
    for day in [*answers, *facts.days]:
        if day >= newest.next_day and day > newest.day:
            return None
    return Agreed(newest.next_day, newest.day, newest.next_kind)


def agreed(view: View) -> list[Due]:
    """Quote: reason agreed: Next kind; without one: agreed. Channel: Next kind, else call. agreed
    never expires.
    """
    if view.agreed is None:
        return []
    reason, channel = view.settings.agreed_reason, view.settings.call
    if view.agreed.next_kind:
        reason, channel = f"{reason}: {view.agreed.next_kind}", view.agreed.next_kind
    return [Due(view.agreed.day, reason, channel)]


def missed_call(view: View) -> list[Due]:
    """Quote: a contact of a kind under `missed_kinds` (missed call; weight 0, which is no touch):
    due its own Date, "call back"; done by a contact that counts on that day further down, or
    later; expires. A rule that would propose several dates proposes the earliest due of them.
    """
    settings, dues = view.settings, []
    for one in view.facts.contacts:
        is_missed = folded_word(one.kind) in settings.missed_kinds
        is_done = any(
            (other.day, other.row) > (one.day, one.row)
            and weight_of(other.kind, settings) >= weight_of(settings.call, settings)
            for other in view.facts.contacts
        )
        if is_missed and not is_done and not is_expired(view, one.day):
            dues.append(Due(one.day, "call back", settings.call))
    return sorted(dues, key=lambda due: due.day)[:1]


def yearly(view: View, month: int, day: int, channel: str, early: int, late: int) -> date:
    """Quote: birthday and holiday: a contact that counts, from `early_days` before the day on. A
    birthday more than 7 back, a holiday more than 2 (`late_days`) is missed; of a birthday or
    holiday the first occurrence that is neither done nor missed stands.
    """
    year = view.today.year - 1
    while True:
        due = day_of_year(year, month, day)
        dropped = (view.today - due).days > late
        done = any(
            contact >= due - timedelta(days=early)
            for contact in days_that_count(view.facts, channel, view.settings)
        )
        if not dropped and not done:
            return due
        year += 1


def birthday(view: View) -> list[Due]:
    """Quote: the birthday; call for VIP or class A, else SMS."""
    born, settings = view.facts.person.birthday, view.settings
    if born is None:
        return []
    dear = view.group in settings.birthday_call_groups or view.abc in settings.birthday_call_classes
    channel = settings.call if dear else settings.sms
    due = yearly(view, *born, channel, settings.birthday_early_days, settings.birthday_late_days)
    return [Due(due, settings.birthday_reason, channel)]


def is_done_after(view: View, due: date, set_on: date | None, channel: str) -> bool:
    """Quote: after purchase, after class, reorder, before birthday: a contact that counts, later
    than the day that set it and not earlier than `grace_days` (3) before the date.
    """
    grace = timedelta(days=view.settings.grace_days)
    return any(
        contact >= due - grace and (set_on is None or contact > set_on)
        for contact in days_that_count(view.facts, channel, view.settings)
    )


def is_expired(view: View, due: date) -> bool:
    """Quote: One of after purchase, after class or reorder is dropped when it lies more than
    `expires_days` (60) back.
    """
    return (view.today - due).days > view.settings.expires_days


def series(view: View, set_on: date, words: str) -> list[Due]:
    """Quote: 2 days, 14 days, 2 months after. Of one series at most one open date lies on or
    before today, the latest.
    """
    channel = view.settings.call
    open_dates: list[Due] = []
    for step in view.settings.steps:
        due = add_months(set_on, step.months) + timedelta(days=step.days)
        if not is_done_after(view, due, set_on, channel):
            open_dates.append(Due(due, f"{step.words} {words}", channel))
    past = [due for due in open_dates if due.day <= view.today]
    ahead = [due for due in open_dates if due.day > view.today]
    latest = [max(past, key=lambda due: due.day)] if past else []
    return [due for due in [*latest, *ahead] if not is_expired(view, due.day)]


def is_silenced_by_agreed(view: View, set_on: date) -> bool:
    """Quote: and so are after purchase and after class unless their purchase or class is later
    than the contact that agreed it.
    """
    return view.waits_for_agreed and view.agreed is not None and not set_on > view.agreed.set_on


def after_purchase(view: View) -> list[Due]:
    """Quote: 2 days, 14 days, 2 months after the last purchase day; set by that purchase."""
    last = view.facts.last_purchase
    if last is None or is_silenced_by_agreed(view, last):
        return []
    return series(view, last, view.settings.after_purchase_reason)


def class_ahead(view: View) -> list[Due]:
    """Quote: the day before a Class date that lies after today. Done: a contact that counts on the
    day before the class.
    """
    planned, settings = view.facts.person.class_day, view.settings
    if planned is None or planned <= view.today:
        return []
    due = planned - timedelta(days=settings.class_ahead_days)
    if due in days_that_count(view.facts, settings.call, settings):
        return []
    return [Due(due, settings.class_ahead_reason, settings.call)]


def after_class(view: View) -> list[Due]:
    """Quote: the same three after Class date, for those who attended and have no purchase on or
    after it; set by the class.
    """
    attended = view.facts.person.class_day
    if attended is None or not view.facts.attended:
        return []
    if any(day >= attended for day in view.facts.days):
        return []
    if is_silenced_by_agreed(view, attended):
        return []
    return series(view, attended, view.settings.after_class_reason)


def reorder(view: View) -> list[Due]:
    """Quote: last purchase + usual interval (at least `min_days`, 7), with at least 3 purchase
    days ever; set by that purchase.
    """
    facts, settings = view.facts, view.settings
    last, interval = facts.last_purchase, facts.interval
    if view.waits_for_agreed or last is None or interval is None:
        return []
    if len(facts.days) < settings.reorder_purchase_days_at_least:
        return []
    due = last + timedelta(days=max(interval, settings.reorder_min_days))
    if is_done_after(view, due, last, settings.call) or is_expired(view, due):
        return []
    return [Due(due, settings.reorder_reason, settings.call)]


def was_ever_in_touch(facts: Facts) -> bool:
    """Quote: for clients ever in touch: a line in Purchases, a class attended or any contact."""
    weighty = [one for one in facts.contacts if weight_of(one.kind, DEFAULT) > 0]
    return bool(facts.lines) or facts.attended or bool(weighty) or bool(facts.room_touches)


def holiday(view: View) -> list[Due]:
    """Quote: each date under `holidays` (default 31 December "New Year", 8 March "8 March"); the
    holiday's name; SMS. A touch in a room alone opens none that lies before it.
    """
    settings, facts = view.settings, view.facts
    if not was_ever_in_touch(facts):
        return []
    early, late = settings.holiday_early_days, settings.holiday_late_days
    dues = []
    for one in settings.holidays:
        day = yearly(view, one.month, one.day, settings.sms, early, late)
        if not was_ever_in_touch(replace(facts, room_touches=())):
            while day < min(facts.room_touches):
                day = day_of_year(day.year + 1, one.month, one.day)
        if is_meant(one.whom, facts.person):
            dues.append(Due(day, one.name, settings.sms))
    return dues


def is_meant(whom: str, person: Person) -> bool:
    """Quote: in the Russian file 8 March is for all but men, 23 February for men."""
    if whom == "":
        return True
    return person.man if whom == "men" else not person.man


def before_birthday(view: View) -> list[Due]:
    """Quote: black folder: 14 days before the birthday, until the day before it."""
    born, settings = view.facts.person.birthday, view.settings
    if view.waits_for_agreed or born is None:
        return []
    if view.folder not in settings.before_birthday_folders:
        return []
    for year in range(view.today.year, view.today.year + 4):
        the_day = day_of_year(year, *born)
        if the_day <= view.today:
            continue
        due = the_day - timedelta(days=settings.before_birthday_days)
        if not is_done_after(view, due, None, settings.call):
            return [Due(due, settings.before_birthday_reason, settings.call)]
    return []


def last_touch(view: View) -> date | None:
    """Quote: last touch (the latest of last line in Purchases, class attended and last contact
    that weighs 2 or more).
    """
    facts, settings = view.facts, view.settings
    touches = [*facts.room_touches, *(line.day for line in facts.lines)]
    if facts.attended and facts.person.class_day is not None:
        touches.append(facts.person.class_day)
    touches += [
        contact.day
        for contact in facts.contacts
        if weight_of(contact.kind, settings) >= settings.touch_weight
    ]
    return max(touches) if touches else None


def rhythm(view: View) -> list[Due]:
    """Quote: last touch + 1, 2, 3 … intervals by group: VIP 1 month, Client 2, Potential 3,
    Waiting 4; an interval may also be so many weeks or days, and a client's own (column Rhythm)
    goes before. Of rhythm only the latest date on or before today stands, else the first after
    it.
    """
    settings = view.settings
    touch = last_touch(view)
    often = view.facts.person.rhythm or read_interval(dict(settings.rhythm).get(view.group))
    if view.waits_for_agreed or touch is None or often is None:
        return []
    number, unit = often
    times = 1
    while after(touch, (times + 1) * number, unit) <= view.today:
        times += 1
    return [Due(after(touch, times * number, unit), settings.rhythm_reason, settings.call)]


def after(day: date, number: int, unit: str) -> date:
    """So many days or months after a day."""
    return add_months(day, number) if unit == "month" else day + timedelta(days=number)


def read_interval(cell: object) -> tuple[int, str] | None:
    """Quote: an interval may also be so many weeks or days ("3 weeks", "10 дней", "2 мес").

    A number and whether it counts days or months; None where the cell says none.
    """
    number, _, unit = text_of(cell).strip().lower().rstrip(".").partition(" ")
    if not number.isdecimal() or int(number) == 0:
        return None
    if unit in {"day", "days", "день", "дня", "дней"}:
        return int(number), "day"
    if unit in {"week", "weeks", "неделя", "недели", "недель"}:
        return 7 * int(number), "day"
    if unit in {"month", "months", "мес", "месяц", "месяца", "месяцев"}:
        return int(number), "month"
    return None


def first_contact(view: View) -> list[Due]:
    """Quote: today, for a client with no line in Purchases, no Class date and no contact that
    weighs 2 or more.
    """
    facts, settings = view.facts, view.settings
    if view.waits_for_agreed or facts.lines or facts.person.class_day is not None:
        return []
    if last_touch(view) is not None:
        return []
    return [Due(view.today, settings.first_contact_reason, settings.call)]


RULES = (
    agreed,
    missed_call,
    birthday,
    after_purchase,
    class_ahead,
    after_class,
    reorder,
    holiday,
    before_birthday,
    rhythm,
    first_contact,
)


def open_dates_by_rule(view: View) -> list[Due]:
    """Quote: Every rule of `contacts:` proposes due dates, each with a reason and a channel; the
    order of the rules in the file is their priority.
    """
    found: list[Due] = []
    for rule in RULES:
        for room in view.rooms:
            found.extend(room.dues(view).get(rule.__name__, ()))
        found.extend(sorted(rule(view), key=lambda due: due.day))
    return found


def next_contact_cells(view: View) -> tuple[date | None, str | None, str | None]:
    """Quote: Next contact is the earliest open date. Contact reason joins with "; " the reasons of
    that date, or, where it isn't after today, of everything open up to today; ordered by rule,
    each text once. Channel is the weightiest of the channels of the reasons shown; among equals
    that of the first. A client with `Do not contact` gets none of the three cells.
    """
    everything = open_dates_by_rule(view)
    if view.facts.person.do_not_contact:  # Quote: silences all but complaint, debt and missed call
        everything = missed_call(view) if view.facts.person.has_name else []
    if not everything:
        return None, None, None
    earliest = min(due.day for due in everything)
    until = max(earliest, view.today)
    shown = [due for due in everything if due.day <= until]
    reasons: list[str] = []
    channel = shown[0].channel
    for due in shown:
        if due.reason not in reasons:
            reasons.append(due.reason)
        if weight_of(due.channel, view.settings) > weight_of(channel, view.settings):
            channel = due.channel
    return earliest, "; ".join(reasons), channel


# ---------------------------------------------------------------------------------------------
# Gift
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Feast:
    """An occasion on a day of a certain year, with its place in the list of occasions."""

    day: date
    place: int
    name: str


def feasts_of(person: Person, first_year: int, last_year: int, settings: Settings) -> list[Feast]:
    """Quote: birthday, New Year (31 December), 8 March (`gifts.occasions`); by date, then in the
    list's order.
    """
    feasts: list[Feast] = []
    for year in range(first_year, last_year + 1):
        for place, occasion in enumerate(settings.gift_occasions):
            if not is_meant(occasion.whom, person):
                continue
            if occasion.month is not None and occasion.day is not None:
                day = day_of_year(year, occasion.month, occasion.day)
            elif person.birthday is not None:
                day = day_of_year(year, *person.birthday)
            else:
                continue
            feasts.append(Feast(day, place, occasion.name))
    return sorted(feasts, key=lambda feast: (feast.day, feast.place))


def sharing(first: Feast, feasts: Sequence[Feast], settings: Settings) -> list[Feast]:
    """Quote: Occasions up to 7 days after the nearest (`gifts.merge_days`), beyond the horizon
    too, share its gift.
    """
    return [
        feast for feast in feasts if 0 <= (feast.day - first.day).days <= settings.gift_merge_days
    ]


def closed_feasts(facts: Facts, feasts: Sequence[Feast], settings: Settings) -> set[Feast]:
    """Quote: A contact of kind gift (`gifts.kind`) closes the first occasion on or after its day,
    if it lies at most 21 days ahead (`gifts.closed_days`), with those that share its gift, and no
    other.
    """
    closed: set[Feast] = set()
    for contact in facts.contacts:
        if folded_word(contact.kind) != folded_word(settings.gift_kind):
            continue
        ahead = [feast for feast in feasts if feast.day >= contact.day]
        if ahead and (ahead[0].day - contact.day).days <= settings.gift_closed_days:
            closed.update(sharing(ahead[0], feasts, settings))
    return closed


def feasts_for_gift(facts: Facts, today: date, settings: Settings) -> list[Feast]:
    """Quote: the nearest of birthday, New Year, 8 March from today to 60 days ahead
    (`gifts.horizon_days`); none → the four cells are blank. Then the next one stands.
    """
    first_year = min([today, *(contact.day for contact in facts.contacts)]).year
    feasts = feasts_of(facts.person, first_year, today.year + 2, settings)
    closed = closed_feasts(facts, feasts, settings)
    standing = [feast for feast in feasts if feast.day >= today and feast not in closed]
    if not standing or (standing[0].day - today).days > settings.gift_horizon_days:
        return []
    return sharing(standing[0], standing, settings)


def is_posted(person: Person, settings: Settings) -> bool:
    """Quote: where City is filled and isn't the home city (`home_city`, compared like IDs; blank
    switches posting off).
    """
    home = folded_city(settings.home_city)
    return home != "" and person.city not in ("", home)


def gift_budget(facts: Facts, abc: str | None, xyz: str | None, settings: Settings) -> int:
    """Quote: 1 % of the turnover in the year × multipliers (class A 1.5, class X 1.2, both apply),
    rounded down to whole roubles once at the end, never negative.
    """
    budget = Fraction(facts.turnover, 100) * settings.gift_percent / 100
    if abc is not None:
        budget *= dict(settings.gift_abc_multipliers).get(abc, 1)
    if xyz is not None:
        budget *= dict(settings.gift_xyz_multipliers).get(xyz, 1)
    return max(0, math.floor(budget))


def gift_name(
    budget: int, group: str, feasts: Sequence[Feast], posted: bool, settings: Settings
) -> str:
    """Quote: the dearest entry of the gift list that fits the budget (and its optional conditions:
    groups, occasions, can be posted); on equal price the first. Where none fits, the token. Then
    " + " and the card.
    """
    best: GiftEntry | None = None
    for entry in settings.gift_list:
        if entry.price > budget or (posted and not entry.can_be_posted):
            continue
        if entry.groups and group not in entry.groups:
            continue
        if entry.occasions and not any(feast.name in entry.occasions for feast in feasts):
            continue
        if best is None or entry.price > best.price:
            best = entry
    return f"{settings.gift_token if best is None else best.name} + {settings.gift_card}"


def gift_cells(
    facts: Facts,
    group: str,
    abc: str | None,
    xyz: str | None,
    today: date,
    settings: Settings,
) -> tuple[str | None, int | None, str | None, date | None]:
    """Quote: Clients who never bought and those with `Do not contact` → blank. Clients whose last
    purchase is more than 6 months ago get the card alone, and a blank budget. Gift for: the
    occasion's name; shared ones joined with " + ". Gift date: the nearest occasion's day; posted:
    occasion − 10 days (`gifts.post_days`), but not before today.
    """
    last = facts.last_purchase
    if last is None or facts.person.do_not_contact:
        return None, None, None, None
    feasts = feasts_for_gift(facts, today, settings)
    if not feasts:
        return None, None, None, None
    posted = is_posted(facts.person, settings)
    names = " + ".join(feast.name for feast in feasts)
    day = feasts[0].day
    if posted:
        day = max(today, day - timedelta(days=settings.gift_post_days))
    if more_than_months_ago(last, settings.gift_card_only_after_months, today):
        return settings.gift_card, None, names, day
    budget = gift_budget(facts, abc, xyz, settings)
    return gift_name(budget, group, feasts, posted, settings), budget, names, day


# ---------------------------------------------------------------------------------------------
# The whole
# ---------------------------------------------------------------------------------------------


def calculate(
    clients: list[dict[str, object]],
    purchases: list[dict[str, object]],
    contacts: list[dict[str, object]],
    today: date,
    settings: Settings = DEFAULT,
    rooms: Sequence[Callable[[Base], Room]] = (),
) -> list[dict[str, object]]:
    """Quote: Filled on Clients: Group, ABC, XYZ, Stage, Folder, Turnover, Last purchase, Next
    contact, Contact reason, Channel, Gift, Gift budget, Gift for, Gift date.

    One dict for each row of `clients`, in their order; a row that can't be used stays blank.
    """
    base = read_base(clients, purchases, contacts, today, settings)
    furnished = tuple(room(base) for room in rooms)
    everybody = [
        replace(
            facts_of(person, base, today, settings),
            room_touches=tuple(day for room in furnished for day in room.touches(person.key)),
        )
        for person in base.people
    ]
    known = is_attendance_known(everybody, settings)
    result: list[dict[str, object]] = [dict.fromkeys(FILLED) for _ in clients]
    for facts in everybody:
        group = group_of(facts, known, today, settings)
        abc = abc_of(facts, everybody, settings)
        stage = stage_of(facts, today, settings)
        xyz = xyz_of(facts, stage, today, settings)
        folder = folder_of(facts, today)
        agreed_on = agreed_date(facts, settings)
        view = View(facts, group, abc, folder, today, settings, agreed_on, furnished)
        contact_cells = next_contact_cells(view)
        gifts = gift_cells(facts, group, abc, xyz, today, settings)
        cells: tuple[object, ...] = (
            group,
            abc,
            xyz,
            stage,
            folder,
            turnover_cell(facts),
            facts.last_purchase,
            *contact_cells,
            *gifts,
        )
        result[facts.person.row] = dict(zip(FILLED, cells, strict=True))
    return result


def problems(
    clients: list[dict[str, object]],
    purchases: list[dict[str, object]],
    contacts: list[dict[str, object]],
    today: date,
    settings: Settings = DEFAULT,
) -> list[Problem]:
    """Quote: Each is counted and reported with sheet, cell address, what was found and what to do.

    (table, index of the row from 0, heading) of every row left out and every cell that counts as
    blank, in the order of the tables and rows; rows dated after today are not among them.
    """
    return list(read_base(clients, purchases, contacts, today, settings).problems)


def future_rows(
    clients: list[dict[str, object]],
    purchases: list[dict[str, object]],
    contacts: list[dict[str, object]],
    today: date,
    settings: Settings = DEFAULT,
) -> dict[str, int]:
    """Quote: Rows dated after today are counted once, not listed."""
    return read_base(clients, purchases, contacts, today, settings).future_rows


@dataclass(frozen=True)
class Remarks:
    """What the run says about the base as a whole."""

    attendance_known: bool
    buyers_made_potential: int
    median_interval: Fraction | None
    interval_exceeds_period: bool


def remarks(
    clients: list[dict[str, object]],
    purchases: list[dict[str, object]],
    contacts: list[dict[str, object]],
    today: date,
    settings: Settings = DEFAULT,
) -> Remarks:
    """Quote: how many buyers that makes Potential is said in the summary; attendance is unknown,
    and the run says so; when the median of the clients' usual intervals is longer than the period,
    the run says so.
    """
    base = read_base(clients, purchases, contacts, today, settings)
    everybody = [facts_of(person, base, today, settings) for person in base.people]
    known = is_attendance_known(everybody, settings)
    intervals = [facts.interval for facts in everybody if facts.interval is not None]
    middle = median(intervals) if intervals else None
    period = (today - add_months(today, -settings.stage_period_months)).days
    return Remarks(
        attendance_known=known,
        buyers_made_potential=sum(
            1
            for facts in everybody
            if facts.bought and group_of(facts, known, today, settings) == settings.potential
        ),
        median_interval=middle,
        interval_exceeds_period=middle is not None and middle > period,
    )
