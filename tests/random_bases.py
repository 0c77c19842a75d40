"""Small nasty client bases, made from a seed, with most values on or next to a boundary.

A base is three lists of rows (Clients, Purchases, Contacts) by the English headings. The cells
hold what a consultant types: dates, serial numbers and texts, padded and mixed-case IDs, words for
kinds of contact that nobody listed, nonsense.
"""

from __future__ import annotations

import unicodedata
from calendar import isleap, monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

Row = dict[str, object]
Base = tuple[list[Row], list[Row], list[Row]]

HOME_CITY = "Nizhny Novgorod"

TODAYS = (
    date(2023, 3, 8),
    date(2023, 12, 10),
    date(2024, 1, 1),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2024, 3, 10),
    date(2024, 3, 11),
    date(2024, 5, 31),
    date(2024, 6, 15),
    date(2024, 7, 1),
    date(2024, 8, 29),
    date(2024, 8, 31),
    date(2024, 12, 24),
    date(2024, 12, 31),
    date(2025, 1, 2),
    date(2025, 1, 3),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2025, 4, 30),
    date(2025, 6, 30),
    date(2025, 11, 21),
    date(2026, 1, 31),
)

ID_STEMS = (
    7,
    "007",
    "Anna",
    "Мария П",
    "A-12",
    "b 3 c",
    12,
    "0",
    "Lee Ann",
    "ёлка",
    "x1",
    "X2",
)

KINDS = (
    "call",
    "Call in",
    " CALL  out ",
    "sms",
    "SMS",
    "message",
    "letter",
    "Catalogue",
    "meeting",
    " Meeting\u00a0",
    "gift",
    "GIFT ",
    "missed call",
    " Missed  call",
    "missed call out",
    "coffee",
    "???",
    "",
    None,
    "   ",
)

NEXT_KINDS = (None, "", " ", "call", "SMS", "sms ", "Meeting", "letter", "coffee", "call  in", "?")

BAD_DATES = (
    "soon",
    "32.01.2024",
    "29.02.2023",
    "2024-13-01",
    "01/02/2024",
    "12 мая",
    "45000",
    "#N/A",
    True,
    -5,
    0,
    0.5,
    1e9,
)

BAD_AMOUNTS = (
    "twelve",
    "много",
    "1,2,3",
    "--5",
    "1 200 or 1 300",
    "12 00",
    "₽",
    "#VALUE!",
    "10%",
    True,
    date(2024, 1, 1),
)

SHARES = (
    (50, 30, 20),
    (50, 50),
    (60, 40),
    (40, 40, 20),
    (25, 25, 30, 10, 10),
    (30, 30, 20, 10, 10),
    (20, 20, 20, 20, 20),
    (45, 5, 30, 20),
    (49, 31, 20),
    (80, 20),
    (100,),
    (35, 15, 15, 15, 20),
    (30, 20, 20, 10, 10, 10),
)

# Kopecks of each block whose coefficient of variation is exactly 10 %, 25 % or 0.
POPULATION_BLOCKS = (
    (90000, 90000, 110000, 110000),
    (75000, 75000, 125000, 125000),
    (100000, 100000, 100000, 100000),
)
SAMPLE_BLOCKS = (
    (90000, 100000, 110000),
    (75000, 100000, 125000),
    (100000, 100000, 100000),
)


@dataclass
class _Person:
    """What the generator decided about one client before it writes the cells."""

    stem: str | int
    born: tuple[int, int] | None = None
    class_day: date | None = None
    lines: list[tuple[date, int]] = field(default_factory=list)
    anchors: list[date] = field(default_factory=list)


def add_months(day: date, months: int) -> date:
    """Calendar arithmetic; a day that the month lacks becomes its last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def shifted(day: date, days: int) -> date:
    """The day so many days later."""
    return day + timedelta(days=days)


def in_year(year: int, born: tuple[int, int]) -> date:
    """A day of the year; 29 February is the 28th in common years."""
    if born == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return date(year, *born)


def past_days(today: date) -> list[date]:
    """Days up to today on which a rule changes its mind, and their neighbours."""
    days: list[date] = []
    for months in (1, 2, 2, 3, 3, 4, 5, 5, 6, 6, 8, 9, 12, 12, 13, 24):
        border = add_months(today, -months)
        days += [shifted(border, step) for step in (-1, 0, 1)]
        month_end = date(border.year, border.month, monthrange(border.year, border.month)[1])
        days += [month_end, shifted(month_end, 1)]
    for back in (0, 0, 1, 2, 3, 4, 7, 11, 13, 14, 15, 16, 17, 30, 31, 57, 59, 60, 61, 62, 63, 64):
        days.append(shifted(today, -back))
    for back in (73, 74, 75, 119, 120, 121, 122, 123, 364, 365, 366, 367, 400, 800):
        days.append(shifted(today, -back))
    for year in (today.year, today.year - 1, today.year - 2):
        days += [date(year, 1, 1), date(year - 1, 12, 31), date(year, 7, 1), date(year, 6, 30)]
        days += [in_year(year, (2, 29)), date(year, 3, 1)]
    return [day for day in days if day <= today]


def future_days(today: date) -> list[date]:
    """Days after today, near ones first of all."""
    days = [shifted(today, step) for step in (1, 1, 2, 3, 13, 14, 30, 59, 60, 61, 399, 400, 401)]
    return [*days, add_months(today, 1), add_months(today, 2)]


def birthdays(today: date) -> list[tuple[int, int]]:
    """Birthdays around today, around the holidays and on 29 February."""
    found = [(2, 29), (2, 29), (2, 28), (3, 1), (12, 31), (1, 1), (3, 8), (12, 24), (12, 23)]
    found += [(12, 25), (12, 30), (1, 2), (1, 7), (1, 8), (2, 27), (3, 7), (3, 9), (3, 15), (3, 16)]
    near = (-9, -8, -7, -6, -2, -1, 0, 0, 1, 2, 3, 10, 11, 13, 14, 15, 16, 17, 18, 20, 21, 22)
    for step in (*near, 53, 54, 59, 60, 61, 62, 67, 68, 180):
        day = shifted(today, step)
        found.append((day.month, day.day))
    return found


# ---------------------------------------------------------------------------------------------
# Cells
# ---------------------------------------------------------------------------------------------


def id_cell(rng: Random, stem: str | int) -> object:
    """The same ID as somebody else would type it."""
    if isinstance(stem, int):
        return rng.choice([stem, stem, float(stem), str(stem), f" {stem} "])
    words = [stem, stem, stem.upper(), stem.lower(), f"  {stem}\u00a0", stem.title()]
    words += [unicodedata.normalize("NFD", stem), f"{stem[0]}\u200b{stem[1:]}"]
    words.append(stem.replace(" ", "  "))
    words.append(stem.replace(" ", "\u00a0"))
    return rng.choice(words)


def date_cell(rng: Random, day: date) -> object:
    """A date as a date, a date with a time, a serial number or a text."""
    serial = (day - date(1899, 12, 30)).days
    return rng.choice(
        [
            day,
            day,
            day,
            datetime.combine(day, time(0, 0)),
            datetime.combine(day, time(23, 59, 59)),
            serial,
            float(serial),
            serial + 0.75,
            typed_day(rng, day),
            typed_day(rng, day),
        ]
    )


MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
RUSSIAN_MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def typed_day(rng: Random, day: date) -> str:
    """A date as text that means the same day in every country."""
    name = MONTH_NAMES[day.month - 1]
    name = rng.choice([name, name[:3], name[:4], name.upper(), f"{name[:3]}."])
    texts = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.isoformat()} {rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
        f"{day.isoformat()}T10:00:00Z",
        f"{day.day} {name} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{day.day}-{name}-{day.year}",
        f"{day.day} {RUSSIAN_MONTHS[day.month - 1]} {day.year} г.",
    ]
    if 1980 < day.year < 2060:
        texts.append(f"{day.day} {name} {day.year % 100:02d}")
    return rng.choice(["", "", "  "]) + rng.choice(texts) + rng.choice(["", "", " "])


def birthday_cell(rng: Random, born: tuple[int, int]) -> object:
    """A birthday with its year, or without it where she doesn't know it."""
    if rng.random() < 0.4:
        month, day = born
        name = rng.choice([MONTH_NAMES[month - 1], RUSSIAN_MONTHS[month - 1]])
        texts = [f"--{month:02d}-{day:02d}", f"{day} {name}", f"{name[:3]} {day}"]
        return rng.choice(texts)
    year = rng.choice([1952, 1960, 1976, 1984, 1988, 2000, 2004])
    return date_cell(rng, date(year, *born))


def grouped(roubles: int, blank: str) -> str:
    """1200 as "1 200"."""
    return f"{roubles:,}".replace(",", blank)


def amount_cell(rng: Random, kopecks: int) -> object:
    """An amount as a number or as a text that is a number without doubt."""
    sign = "-" if kopecks < 0 else ""
    roubles, rest = divmod(abs(kopecks), 100)
    blank = rng.choice([" ", "\u00a0", "\u2009", "\u202f"])
    texts = [
        f"{sign}{roubles},{rest:02d}",
        f"{sign}{roubles}.{rest:02d}",
        f"{sign}{grouped(roubles, blank)},{rest:02d}",
        f"{sign}{grouped(roubles, blank)},{rest:02d} руб.",
        f"{sign}${roubles:,}.{rest:02d}",
        f"{roubles:,}.{rest:02d}{sign}",
        f" {sign}{roubles},{rest:02d}{blank}",
        f"{sign}{roubles}.{rest:02d}+0.00=",
    ]
    if sign:
        texts.append(f"({roubles}.{rest:02d})")
    if rest == 0:
        texts += [f"{sign}{roubles}", f"{sign}{grouped(roubles, blank)}{blank}$"]
    if rng.random() < 0.25:
        return rng.choice(texts)
    if rest == 0 and rng.random() < 0.7:
        return kopecks // 100
    return kopecks / 100


# ---------------------------------------------------------------------------------------------
# Purchases of one client
# ---------------------------------------------------------------------------------------------


def some_kopecks(rng: Random) -> int:
    """An amount: round, odd, tiny or on a boundary of the gift list."""
    return rng.choice(
        [
            1,
            99,
            100,
            50000,
            100000,
            120050,
            333333,
            833333,
            1000000,
            1250000,
            1500000,
            1666667,
            2500000,
            4000000,
            16666667,
            25000000,
        ]
    )


def scattered(rng: Random, today: date) -> list[tuple[date, int]]:
    """A few purchases on boundaries, with returns and presents among them."""
    lines: list[tuple[date, int]] = []
    for _ in range(rng.randint(1, 6)):
        day, kopecks = rng.choice(past_days(today)), some_kopecks(rng)
        lines.append((day, kopecks))
        luck = rng.random()
        if luck < 0.12:
            lines.append((day, -kopecks))
        elif luck < 0.2:
            lines.append((day, 1 - kopecks))
        elif luck < 0.26:
            lines.append((day, -kopecks - 1))
        elif luck < 0.34:
            lines.append((day, some_kopecks(rng)))
        elif luck < 0.4:
            lines.append((rng.choice(past_days(today)), -kopecks))
        elif luck < 0.46:
            lines.append((rng.choice(past_days(today)), 0))
    return lines


def single(rng: Random, today: date) -> list[tuple[date, int]]:
    """One purchase, on a boundary."""
    return [(rng.choice(past_days(today)), some_kopecks(rng))]


def steady(rng: Random, today: date) -> list[tuple[date, int]]:
    """Purchases a fixed number of days apart."""
    day, lines = rng.choice(past_days(today)), []
    step, other = rng.choice([3, 7, 8, 30, 31, 61, 62, 63, 92]), rng.choice([0, 0, 1, 2])
    for number in range(rng.randint(2, 7)):
        lines.append((day, some_kopecks(rng)))
        day = shifted(day, -step - (other if number % 2 else 0))
    return lines


def monthly(rng: Random, today: date) -> list[tuple[date, int]]:
    """Purchases a whole number of months apart, counted back from today or a neighbour."""
    start = shifted(today, rng.choice([0, 0, -1]))
    step = rng.choice([1, 2, 3, 5, 6])
    skip = rng.choice([0, 1, 2, 3])
    return [
        (add_months(start, -step * number - skip), some_kopecks(rng))
        for number in range(rng.randint(2, 6))
    ]


def nearly_vip(rng: Random, today: date) -> list[tuple[date, int]]:
    """36 000 in the year, a kopeck more or a kopeck less; gaps of 61 to 63 days."""
    whole = 3600000 + rng.choice([0, 1, 1, 1, -1, 100000])
    day = shifted(today, -rng.choice([0, 1, 31, 61, 62, 63]))
    days = [day]
    for _ in range(rng.choice([0, 1, 1, 2, 4, 5])):
        day = shifted(day, -rng.choice([61, 62, 62, 62, 63]))
        days.append(day)
    lines = [(one, 100000) for one in days[1:]]
    lines.append((days[0], whole - 100000 * len(lines)))
    outside = add_months(today, -12)
    if rng.random() < 0.3:
        lines.append((rng.choice([outside, shifted(outside, -1)]), 500000))
    if rng.random() < 0.2:
        lines.append((shifted(outside, 1), rng.choice([1, -1, 0])))
    return lines


def in_blocks(rng: Random, today: date) -> list[tuple[date, int]]:
    """A turnover per quarter whose variation lies exactly on a bound, or a kopeck beside it."""
    blocks = list(rng.choice(rng.choice([POPULATION_BLOCKS, SAMPLE_BLOCKS])))
    rng.shuffle(blocks)
    if rng.random() < 0.3:
        blocks[rng.randrange(len(blocks))] += rng.choice([-1, 1])
    if rng.random() < 0.15:
        blocks[rng.randrange(len(blocks))] = rng.choice([0, -1000])
    month = date(today.year, today.month, 1)
    lines: list[tuple[date, int]] = []
    for number, whole in enumerate(blocks, start=1):
        first = add_months(month, -3 * number)
        last = shifted(add_months(first, 3), -1)
        day = rng.choice([first, last, shifted(first, 40)])
        if number == len(blocks):
            day = rng.choice([first, first, shifted(first, 1), shifted(first, 35)])
        if whole == 0 and rng.random() < 0.5:
            continue
        part = rng.choice([0, 0, 0, 0, 500])
        if part:
            lines.append((rng.choice([first, last]) if number < len(blocks) else day, part))
        lines.append((day, whole - part))
    if rng.random() < 0.3:
        lines.append((month, some_kopecks(rng)))
    if rng.random() < 0.1:
        lines.append((shifted(month, -800), rng.choice([0, -100, 100])))
    return lines


def came_back(rng: Random, today: date) -> list[tuple[date, int]]:
    """A pause of three months, a day more or a day less, before a purchase in the period."""
    back = shifted(add_months(today, -3), rng.choice([0, 0, 1, 5, -1, 60]))
    before = shifted(add_months(back, -3), rng.choice([-2, -1, 0, 1, 2]))
    lines = [(back, some_kopecks(rng)), (before, some_kopecks(rng))]
    if rng.random() < 0.4:
        lines.append((shifted(back, 10), some_kopecks(rng)))
    if rng.random() < 0.3:
        lines.append((shifted(before, -200), some_kopecks(rng)))
    return lines


def long_ago(rng: Random, today: date) -> list[tuple[date, int]]:
    """Nothing this calendar year or last, or only just."""
    edge = date(today.year - 2, 12, 31)
    days = [edge, shifted(edge, 1), shifted(edge, -30), shifted(edge, -400)]
    return [(rng.choice(days), some_kopecks(rng)) for _ in range(rng.randint(1, 2))]


def taken_back(rng: Random, today: date) -> list[tuple[date, int]]:
    """Lines, but no purchase day: presents, returns, or all taken back on the same day."""
    day, kopecks = rng.choice(past_days(today)), some_kopecks(rng)
    return rng.choice([[(day, 0)], [(day, -kopecks)], [(day, kopecks), (day, -kopecks)]])


def nothing(_rng: Random, _today: date) -> list[tuple[date, int]]:
    """No line at all."""
    return []


SCENARIOS = (
    nothing,
    nothing,
    single,
    single,
    single,
    scattered,
    scattered,
    scattered,
    steady,
    steady,
    monthly,
    monthly,
    nearly_vip,
    nearly_vip,
    in_blocks,
    in_blocks,
    came_back,
    long_ago,
    taken_back,
)


def share_the_turnover(rng: Random, today: date, people: list[_Person]) -> None:
    """Give the clients turnovers whose cumulative share lies exactly on 50 % or 80 %, or a kopeck
    beside it; some of them in several lines, some with something outside the year.
    """
    shares = rng.choice(SHARES)
    unit = rng.choice([1, 7, 100, 3333, 72000])
    edge = add_months(today, -12)
    for person in people:
        person.lines = []
    for person, share in zip(rng.sample(people, len(people)), shares, strict=False):
        whole = share * unit
        if rng.random() < 0.1:
            whole += rng.choice([-1, 1])
        days = [today, shifted(edge, 1), shifted(edge, 2), add_months(today, -2)]
        if whole > 1 and rng.random() < 0.4:
            part = rng.randint(1, whole - 1)
            person.lines.append((rng.choice(days), part))
            whole -= part
        person.lines.append((rng.choice(days), whole))
        if rng.random() < 0.3:
            person.lines.append((edge, some_kopecks(rng)))


# ---------------------------------------------------------------------------------------------
# Contacts of one client
# ---------------------------------------------------------------------------------------------


def find_anchors(person: _Person, today: date) -> None:
    """Days near which a contact of this client closes something, or just fails to."""
    bought = [day for day, kopecks in person.lines if kopecks > 0]
    setters = [max(bought)] if bought else []
    if person.class_day is not None:
        setters.append(person.class_day)
        person.anchors += [shifted(person.class_day, -1), shifted(person.class_day, -2)]
    for day in setters:
        person.anchors += [day, shifted(day, 1), shifted(day, 2), shifted(day, -1)]
        for due in (shifted(day, 14), add_months(day, 2), shifted(day, 30), shifted(day, 62)):
            person.anchors += [shifted(due, -4), shifted(due, -3), shifted(due, -2), due]
    feasts = [(12, 31), (3, 8)]
    if person.born is not None:
        feasts += [person.born, person.born]
    for feast in feasts:
        for year in (today.year - 1, today.year, today.year + 1):
            day = in_year(year, feast)
            steps = (-22, -21, -20, -18, -17, -16, -8, -7, -4, -3, -2, -1, 0, 1, 2)
            person.anchors += [shifted(day, step) for step in steps]
    recent = shifted(today, -120)
    person.anchors = [day for day in person.anchors if recent <= day <= today]


def next_date_cell(rng: Random, today: date, day: date) -> object:
    """A Next date before, on or after its contact or today, too far ahead, blank or unreadable."""
    luck = rng.random()
    if luck < 0.5:
        return rng.choice([None, None, "", "  "])
    if luck < 0.55:
        return rng.choice(BAD_DATES)
    steps = (-1, -30, 0, 0, 1, 2, 14, 60, 399, 400, 400, 401, 500)
    near = [shifted(day, step) for step in steps]
    around = [shifted(today, step) for step in (-30, -2, -1, 0, 0, 1, 1, 2, 30, 200)]
    return date_cell(rng, rng.choice([*near, *around, *around]))


def contact_rows(rng: Random, today: date, person: _Person) -> list[Row]:
    """The contacts of one client, near the days that matter for this client."""
    rows: list[Row] = []
    find_anchors(person, today)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 5])):
        pool = person.anchors if person.anchors and rng.random() < 0.6 else past_days(today)
        day = rng.choice(pool)
        rows.append(
            {
                "Date": date_cell(rng, day),
                "Client ID": id_cell(rng, person.stem),
                "Kind": rng.choice(["gift", *KINDS]),
                "Next date": next_date_cell(rng, today, day),
                "Next kind": rng.choice(NEXT_KINDS),
            }
        )
    return rows


# ---------------------------------------------------------------------------------------------
# Rows and tables
# ---------------------------------------------------------------------------------------------


def class_cell(rng: Random, person: _Person) -> object:
    """The class date of the client, or now and then nonsense in its place."""
    if person.class_day is not None:
        return date_cell(rng, person.class_day)
    return rng.choice(BAD_DATES) if rng.random() < 0.08 else rng.choice([None, None, "", " "])


def client_row(rng: Random, person: _Person) -> Row:
    """A row of Clients with the columns that the rules read, and one that is hers."""
    blank = rng.choice([None, "", " "])
    if person.born is not None:
        born = birthday_cell(rng, person.born)
    else:
        born = rng.choice(["31.02", "30.02.1980", *BAD_DATES]) if rng.random() < 0.3 else blank
    home = [HOME_CITY, HOME_CITY.upper(), "  nizhny   novgorod ", "Nizhny\u00a0Novgorod"]
    home += [f"г. {HOME_CITY}", f"Г.{HOME_CITY}", "Nizhny Nov\u00adgorod"]
    return {
        "ID": id_cell(rng, person.stem),
        "Name": f"Client {person.stem}",
        "Birthday": born,
        "City": rng.choice([None, "", " ", "Tver", "Nizhny", *home]),
        "Class date": class_cell(rng, person),
        "Do not contact": rng.choice(
            [None] * 12
            + ["", " ", "no", "No ", "НЕТ", "нет", "false", False, 0, 0.0, "0", "-", " - "]
            + ["—", "–", "n/a", "N/A.", "?", "нет.", "no ."]
            + ["yes", "да", True, 1, "no!", "нет..", "--"]
        ),
        "Her own": rng.choice([None, 5, "note"]),
    }


def spoil_clients(rng: Random, rows: list[Row]) -> None:
    """Add rows without an ID or a name, rows that repeat one, and rows with a total."""
    for word in rng.choice([(), (), ("Total",), ("ИТОГО:", "sum :"), ("Sums", "всё")]):
        key, name = rng.choice([(word, None), (None, word), (777, word), (word, "Anna")])
        rows.insert(rng.randrange(len(rows) + 1), {**rng.choice(rows), "ID": key, "Name": name})
    for row in rng.sample(rows, k=min(len(rows), rng.choice([0, 0, 1, 2]))):
        row["Name"] = rng.choice([None, "", " ", "\u00a0"])
    if rng.random() < 0.4:
        rows.insert(
            rng.randrange(len(rows) + 1),
            {**rng.choice(rows), "ID": rng.choice([None, "", "  ", "\u00a0"]), "Name": "Nobody"},
        )
    if rng.random() < 0.4:
        twin = dict(rng.choice(rows))
        cell = twin["ID"]
        if isinstance(cell, str):
            twin["ID"] = rng.choice([f" {cell} ", cell.upper(), cell.lower()])
        twin["City"] = rng.choice([None, "Tver"])
        twin["Birthday"] = rng.choice([None, "01.01", "soon"])
        twin["Name"] = "Twin"
        rows.insert(rng.randrange(len(rows) + 1), twin)


def spoil_purchases(rng: Random, today: date, people: list[_Person], rows: list[Row]) -> None:
    """Add rows that can't be used and rows dated after today."""
    for _ in range(rng.choice([0, 1, 2, 4])):
        good: Row = {
            "Date": date_cell(rng, rng.choice(past_days(today))),
            "Client ID": id_cell(rng, rng.choice(people).stem),
            "Product": "Cream",
            "Amount": amount_cell(rng, some_kopecks(rng)),
        }
        faults: list[Row] = [
            {"Date": rng.choice([None, "", *BAD_DATES, "05.03"])},
            {"Client ID": rng.choice([None, "", " ", "stranger", 999, "07", "Всего", "total:"])},
            {"Amount": rng.choice([None, "", " "])},
            {"Amount": rng.choice(BAD_AMOUNTS)},
            {"Date": date_cell(rng, rng.choice(future_days(today)))},
        ]
        rows.append({**good, **rng.choice(faults)})


def spoil_contacts(rng: Random, today: date, people: list[_Person], rows: list[Row]) -> None:
    """Add rows that can't be used and rows dated after today."""
    for _ in range(rng.choice([0, 1, 2, 3])):
        day = rng.choice(past_days(today))
        good: Row = {
            "Date": date_cell(rng, day),
            "Client ID": id_cell(rng, rng.choice(people).stem),
            "Kind": rng.choice(KINDS),
            "Next date": rng.choice([None, shifted(day, 3)]),
            "Next kind": rng.choice(NEXT_KINDS),
        }
        faults: list[Row] = [
            {"Date": rng.choice([None, "", *BAD_DATES, "05.03"])},
            {"Client ID": rng.choice([None, "", " ", "stranger", 999, "07"])},
            {"Date": date_cell(rng, rng.choice(future_days(today)))},
        ]
        rows.append({**good, **rng.choice(faults)})


def drop_columns(rng: Random, rows: list[Row], headings: tuple[str, ...]) -> None:
    """Take a column away from a base now and then."""
    for heading in headings:
        if rng.random() < 0.05:
            for row in rows:
                row.pop(heading, None)


def make_people(rng: Random, today: date, count: int) -> list[_Person]:
    """Clients with birthdays, class dates and purchases, most of them on a boundary."""
    stems: list[str | int] = list(ID_STEMS)
    stems += [100 + number for number in range(max(0, count - len(stems)))]
    rng.shuffle(stems)
    classes_kept = rng.random() < 0.8
    people: list[_Person] = []
    for stem in stems[:count]:
        person = _Person(stem)
        if rng.random() < 0.75:
            person.born = rng.choice(birthdays(today))
        luck = rng.random()
        if classes_kept and luck < 0.55:
            person.class_day = rng.choice([*past_days(today), today, today])
        elif luck > 0.85:
            person.class_day = rng.choice(future_days(today))
        person.lines = rng.choice(SCENARIOS)(rng, today)
        bought = [day for day, kopecks in person.lines if kopecks > 0]
        if classes_kept and bought and rng.random() < 0.2:
            person.class_day = min(today, shifted(max(bought), rng.choice([-1, 0, 1])))
        people.append(person)
    if rng.random() < 0.25:
        share_the_turnover(rng, today, people)
    elif rng.random() < 0.3 and len(people) > 1:
        first, second = rng.sample(people, 2)
        second.lines = list(first.lines)
    return people


RHYTHMS = ("3 weeks", "10 дней", "2 мес", "1 Month", "1 day", "5 недель", "21 день.", "2 мес.", "0 days", "soon", 3, "7")  # fmt: skip
"""How often somebody is to be contacted, and what says nothing of it."""

PHONES = (
    None, "+7 903 123-45-67", 89031234567.0, "8.9E+10", "7,90312E+10", 8.9e10, "89000000000", "+79000000000", "8903E+10",
)  # fmt: skip
"""Phone numbers, and what is left of some."""


def random_base(seed: int, today: date, clients: int = 12) -> Base:
    """Clients, Purchases and Contacts as a consultant might have typed them; the same seed, day
    and number of clients make the same base.
    """
    rng = Random(f"{seed} {today.isoformat()} {clients}")
    people = make_people(rng, today, clients)
    client_rows = [client_row(rng, person) for person in people]
    purchases: list[Row] = []
    contacts: list[Row] = []
    for person in people:
        for day, kopecks in person.lines:
            purchases.append(
                {
                    "Date": date_cell(rng, day),
                    "Client ID": id_cell(rng, person.stem),
                    "Product": rng.choice(["Cream", "Mascara", None]),
                    "Amount": amount_cell(rng, kopecks),
                }
            )
        contacts += contact_rows(rng, today, person)
    if people:
        spoil_clients(rng, client_rows)
        spoil_purchases(rng, today, people, purchases)
        spoil_contacts(rng, today, people, contacts)
    rng.shuffle(purchases)
    rng.shuffle(contacts)
    for row in client_rows:
        row["Gender"] = rng.choice(["m", "M ", "Муж", "мужчина", "f", "ж", None, "mm", 1])
        row["Rhythm"] = rng.choice([None, *RHYTHMS]) if rng.random() < 0.4 else None
    drop_columns(
        rng, client_rows, ("Birthday", "City", "Class date", "Do not contact", "Gender", "Rhythm")
    )
    drop_columns(rng, purchases, ("Product",))
    drop_columns(rng, contacts, ("Kind", "Next date", "Next kind"))
    for row in client_rows[:: rng.choice([2, 3, 50])]:
        row["Phone"] = rng.choice(PHONES)
    return client_rows, purchases, contacts


def with_names(seed: int, base: Base) -> Base:
    """The *base* with the names of clients in its logs: in place of their IDs, beside them, wrong,
    nobody's, and some that several clients have.
    """
    rng = Random(seed)
    clients, purchases, contacts = ([dict(row) for row in rows] for rows in base)
    if len(clients) > 3 and rng.random() < 0.5:
        one, other = rng.sample(clients, 2)
        one["Name"] = other["Name"]
    names = [row["Name"] for row in clients if isinstance(row["Name"], str)]
    by_id = {str(row["ID"]).strip().casefold(): row["Name"] for row in clients}
    for row in (*purchases, *contacts):
        own = by_id.get(str(row["Client ID"]).strip().casefold())
        name, chance = own if isinstance(own, str) else "Nobody's", rng.random()
        row["Client"] = None
        if chance < 0.5:
            row["Client"] = rng.choice([name, f" {name.upper()}\u00a0", name.replace(" ", "  ")])
        elif chance < 0.6:
            row["Client"] = rng.choice([*names, "", " ", 0, 7.5, "Всего", "total:", "client 7 "])
        if chance < 0.3 or rng.random() < 0.05:
            row["Client ID"] = rng.choice([None, "", " ", "\u00a0"])
    return clients, purchases, contacts
