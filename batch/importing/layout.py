"""Where the headings of a sheet stand, and what its columns are."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from batch.importing.dictionary import (
    NAMES,
    ONLY_IN_LISTS,
    ROLES,
    ROLES_OF_CLIENTS,
    SEVERAL,
    KnownHeadings,
    plain,
)
from batch.importing.names import looks_like_name
from batch.importing.periods import Period, period, years_in
from batch.importing.sheets import Cell, SourceSheet, is_blank, text_of

_TOP: Final = 40
_PHONE: Final = re.compile(r"^\+?[\d\s()\-.]{7,20}$")
_EMAIL: Final = re.compile(r"^\S+@\S+\.\w+$")
_ORDER: Final = re.compile(r"^#?[A-ZА-Я]{0,4}[-#]?\d{3,}$")
_NAME: Final = re.compile(r"^[A-ZА-ЯЁ][\w.'-]+(?:\s+[\w.'()-]+){0,4}$")
_DAY: Final = re.compile(r"^\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?(?:\s.*)?$")
_AMOUNT: Final = re.compile(r"^[-+(]?\W?\s?\d[\d\s.,]*\D{0,5}\)?$")
_SAMPLE: Final = 300
_MOST: Final = 0.6
_NEARLY: Final = 0.9
MONTH: Final = "month"


@dataclass
class SourceColumn:
    """A column: its place (A is 0), heading, and role: a key of the synonyms, MONTH, or '' for one
    that nobody knows, which is kept under its heading. period: that of a month across.
    """

    at: int
    heading: str
    role: str = ""
    period: Period | None = None

    @property
    def shown(self) -> str:
        """Its heading; of a column without one its place."""
        return self.heading or f"col{self.at + 1}"


@dataclass
class SourceLayout:
    """What was understood of a sheet.

    headings: the positions of the rows with the headings; columns: those in which anything stands.
    kind: clients, purchases, contacts, months (clients with columns of months), notebook or other.
    year: where days lack theirs, and whence it is.
    """

    sheet: SourceSheet
    headings: Sequence[int]
    columns: list[SourceColumn]
    kind: str = "other"
    year: int = 0
    titles: Sequence[str] = ()
    empty: list[str] = field(default_factory=list)

    def of(self, role: str) -> list[SourceColumn]:
        """The columns of a role."""
        return [one for one in self.columns if one.role == role]

    def has(self, *roles: str) -> bool:
        """Whether it has a column of one of the roles."""
        return any(one.role in roles for one in self.columns)

    @property
    def months(self) -> list[SourceColumn]:
        """The columns of months."""
        return [one for one in self.columns if one.role == MONTH]

    @property
    def data(self) -> range:
        """The positions of the rows below the headings."""
        first = max(self.headings) + 1 if self.headings else 0
        return range(first, len(self.sheet.rows))


def look(
    sheet: SourceSheet, headings: KnownHeadings, today: dt.date, rows: Sequence[int] | None = None
) -> SourceLayout:
    """What a sheet is; *rows*: the numbers of the rows with its headings, where she told them."""
    if sheet.is_text:
        year = max(years_in([sheet.path.stem, *_texts(sheet, 0, 3)]), default=today.year)
        return SourceLayout(sheet, (), [], "notebook", year)
    if rows is None:
        at = _headings(sheet, headings, today.year)
    else:
        at = [sheet.numbers.index(number) for number in rows if number in sheet.numbers]
    first = min(at, default=0)
    titles = [*_texts(sheet, 0, first)]
    years = [
        one
        for one in years_in([*titles, sheet.name, sheet.path.stem])
        if 1990 < one <= today.year + 1
    ]
    layout = SourceLayout(sheet, at, [], year=max(years, default=0), titles=titles)
    layout.columns = _columns(layout, headings, layout.year or today.year)
    layout.kind = _kind(layout)
    _settle(layout, headings)
    return layout


def _texts(sheet: SourceSheet, first: int, last: int) -> Iterator[str]:
    for row in sheet.rows[first:last]:
        yield " ".join(text_of(cell) for cell in row if not is_blank(cell))


# Headings ---------------------------------------------------------------------------------------


def _headings(sheet: SourceSheet, headings: KnownHeadings, year: int) -> list[int]:
    """The positions of the one or two rows with the headings; none where it has no headings."""
    best, score = list[int](), 0.0
    for at in range(min(len(sheet.rows), _TOP)):
        for rows in ([at], [at, at + 1]):
            if rows[-1] >= len(sheet.rows) or (len(rows) == 2 and not _may_go_on(sheet, at)):
                continue
            found = _score(sheet, rows, headings, year)
            if found > score:
                best, score = rows, found
    wide = sum(not is_blank(cell) for row in sheet.rows[:_TOP] for cell in row) > 3 * len(
        sheet.rows[:_TOP]
    )
    return best if score >= (2 if wide else 1) else []


def _may_go_on(sheet: SourceSheet, at: int) -> bool:
    """Whether the headings in a row may go on in the next one: cells are merged there, or both
    hold texts alone and the first leaves blanks.
    """
    number = sheet.numbers[at]
    if any(one.first_row == number and (one.rows > 1 or one.columns > 1) for one in sheet.merged):
        return sheet.numbers[at + 1] == number + 1
    upper, lower = sheet.rows[at], sheet.rows[at + 1]
    texts = all(isinstance(cell, str) for cell in lower if not is_blank(cell))
    return texts and sum(map(is_blank, upper)) * 3 > len(upper)


def _score(sheet: SourceSheet, rows: Sequence[int], headings: KnownHeadings, year: int) -> float:
    """How many different columns these rows would head, less what looks like a row of data."""
    names = heading_texts(sheet, rows)
    roles = {headings.role(name) or _lower(name, headings) for name in names if name} - {""}
    found = [one for one in (_period(name, year) for name in names) if one is not None]
    lines = {name for name in names if name and len(name) > 60}
    data = sum(
        isinstance(cell, (float, dt.date)) and period(cell, year) is None
        for at in rows
        for cell in sheet.rows[at]
    )
    return len(roles) + min(len(found), 4) - data - len(lines) - 0.1 * (len(rows) - 1)


def _period(name: str, year: int) -> Period | None:
    """The period that a heading names; of two lines the upper one may say the year."""
    upper, mark, lower = name.partition(" / ")
    if not mark:
        return period(_single(name), year)
    years = years_in([upper])
    found = period(_single(lower), years[0] if years else year)
    return found._replace(has_year=found.has_year or bool(years)) if found else None


def _single(name: str) -> Cell:
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return name


def _lower(name: str, headings: KnownHeadings) -> str:
    """The role of a heading of two lines, by the lower one alone, else by the upper one."""
    upper, mark, lower = name.partition(" / ")
    if not mark:
        return ""
    return headings.role(f"{upper} {lower}") or headings.role(lower) or headings.role(upper)


def heading_texts(sheet: SourceSheet, rows: Sequence[int]) -> list[str]:
    """The heading of each column: of two rows both, with a slash between."""
    spread = [_spread(sheet, at) for at in rows]
    names = []
    for column in range(sheet.width):
        parts = [row[column] for row in spread if column < len(row)]
        names.append(" / ".join(dict.fromkeys(filter(None, parts))))
    if len(rows) == 2:
        lower = sheet.rows[rows[1]]
        for column, name in enumerate(names):
            is_alone = column < len(lower) and is_blank(lower[column])
            names[column] = spread[0][column] if is_alone and column < len(spread[0]) else name
    return names


def _spread(sheet: SourceSheet, at: int) -> list[str]:
    """The texts of a row, those of merged cells in each of them."""
    texts = [text_of(cell) for cell in sheet.rows[at]] + [""] * (sheet.width - len(sheet.rows[at]))
    number = sheet.numbers[at]
    for one in sheet.merged:
        if one.first_row <= number <= one.last_row:
            whole = sheet.numbers.index(one.first_row) if one.first_row in sheet.numbers else at
            text = text_of(sheet.cell(whole, one.first_column - 1))
            for column in range(one.first_column - 1, min(one.last_column, sheet.width)):
                texts[column] = texts[column] or (text if one.first_row == number else "")
    return texts


# Columns ----------------------------------------------------------------------------------------


def _columns(layout: SourceLayout, headings: KnownHeadings, year: int) -> list[SourceColumn]:
    sheet = layout.sheet
    names = heading_texts(sheet, layout.headings) if layout.headings else [""] * sheet.width
    found, seen = [], Counter[str]()
    for at, name in enumerate(names):
        sample = [one for one in (sheet.cell(row, at) for row in layout.data) if not is_blank(one)]
        if not sample:
            if name:
                layout.empty.append(name)
            continue
        own = _period(name, year)
        role = MONTH if own else headings.role(name) or _lower(name, headings)
        seen[name] += 1
        shown = f"{name} {seen[name]}" if name and seen[name] > 1 else name
        found.append(SourceColumn(at, shown, role, own))
    return found


def _kind(layout: SourceLayout) -> str:
    """What a sheet holds, by its columns."""
    _by_content(layout)
    roles = {one.role for one in layout.columns}
    has_who = bool(roles & {*NAMES, "id", "phone", "email"}) or _has_names_beside(layout)
    if len(layout.months) > 1 and has_who:
        return "months"
    has_money = bool(roles & {"amount", "subtotal", "total"}) or {"price", "quantity"} <= roles
    if has_money and has_who and roles & {"date", "order", "product", "catalogue"}:
        return "purchases"
    if roles & {"date"} and has_who and roles & {"kind", "result", "note", "next_date", "notes"}:
        return "contacts"
    if layout.sheet.is_address_book or (roles & set(NAMES) and roles & ROLES_OF_CLIENTS):
        return "clients"
    is_short = len(layout.columns) <= 3 and _are_people(layout)
    return "clients" if roles & set(NAMES) and is_short else "other"


def _are_people(layout: SourceLayout) -> bool:
    """Whether most of the names of a sheet look like those of people."""
    names = [
        text_of(cell)
        for one in layout.columns
        if one.role in NAMES
        for cell in _sample(layout, one)
    ]
    return sum(map(looks_like_name, names)) * 2 >= len(names)


def _has_names_beside(layout: SourceLayout) -> bool:
    """Whether the client of a sheet is its own name, or stands above her lines."""
    above = [
        text_of(cells[0])
        for cells in (
            [one for one in layout.sheet.rows[at] if not is_blank(one)] for at in layout.data
        )
        if len(cells) == 1
    ]
    return looks_like_name(layout.sheet.name) or sum(map(looks_like_name, above)) > 1


def _by_content(layout: SourceLayout) -> None:
    """Find what columns are by what stands in them, where their headings don't tell."""
    for one in layout.columns:
        cells = _sample(layout, one)
        if (one.role == "name" and _part(cells, _ORDER) > _MOST) or (
            one.role == "product" and not layout.has("order") and _part(cells, _ORDER) > _MOST
        ):
            one.role = "order"
        elif one.role == "phone" and _part(cells, _EMAIL) > _MOST:
            one.role = "email"
    for one in layout.of("id"):
        if not layout.has("date", "amount") and not _tell_apart(layout, one, _MOST):
            one.role = ""
    for one in layout.of("number"):
        if not layout.has("date", "id") and _tell_apart(layout, one) and not _count(layout, one):
            one.role = "id"
    missing = [one for one in layout.columns if not one.heading]
    for one in missing:
        role = _guess(layout, _sample(layout, one))
        if role and not layout.has(role):
            one.role = role


def _tell_apart(layout: SourceLayout, column: SourceColumn, part: float = _NEARLY) -> bool:
    """Whether a column tells the rows apart: so many are filled, each with something else."""
    cells = [text_of(layout.sheet.cell(at, column.at)) for at in layout.data]
    names = next((one for one in layout.columns if one.role in NAMES), None)
    if names is not None:
        pairs = zip(layout.data, cells, strict=True)
        cells = [cell for at, cell in pairs if not is_blank(layout.sheet.cell(at, names.at))]
    filled = [cell for cell in cells if cell]
    return len(filled) >= len(cells) * part and len(set(filled)) >= len(filled) * _NEARLY


def _count(layout: SourceLayout, column: SourceColumn) -> bool:
    """Whether a column counts the rows."""
    cells = [text_of(cell) for cell in _sample(layout, column)]
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True


def _guess(layout: SourceLayout, cells: Sequence[Cell]) -> str:
    """What a column without a heading holds, by its cells."""
    kinds: Counter[str] = Counter()
    for cell in cells:
        text = text_of(cell)
        if isinstance(cell, dt.date):
            kinds["date"] += 1
        elif _EMAIL.match(text):
            kinds["email"] += 1
        elif _PHONE.match(text) and sum(map(str.isdigit, text)) in range(10, 13):
            kinds["phone"] += 1
        elif _DAY.match(text):
            kinds["date"] += 1
        elif isinstance(cell, float) or _AMOUNT.match(text):
            kinds["amount"] += 1
        elif _NAME.match(text):
            kinds["name"] += 1
    role, often = kinds.most_common(1)[0] if kinds else ("", 0)
    is_headed = bool(layout.headings)
    return role if often > len(cells) * _MOST and not is_headed else ""


def _sample(layout: SourceLayout, column: SourceColumn) -> list[Cell]:
    cells: list[Cell] = []
    for row in layout.data:
        cell = layout.sheet.cell(row, column.at)
        if not is_blank(cell):
            cells.append(cell)
        if len(cells) == _SAMPLE:
            break
    return cells


def _part(cells: Iterable[Cell], pattern: re.Pattern[str]) -> float:
    matches = [bool(pattern.match(text_of(cell))) for cell in cells]
    return sum(matches) / len(matches) if matches else 0.0


def _has_discount(layout: SourceLayout) -> bool:
    """Whether a column says what goes off the sum, so that the total is what was paid."""
    return any(plain(one.heading).startswith(("скидк", "discount")) for one in layout.columns)


def _allowed(kind: str) -> frozenset[str]:
    """What the columns of a sheet of this kind may be."""
    if kind == "months":
        return ROLES["clients"] | {*NAMES, "total"}
    if kind in {"purchases", "contacts"}:
        return ROLES[kind] | (ROLES_OF_CLIENTS - ONLY_IN_LISTS) | set(NAMES)
    return ROLES["clients"] | set(NAMES)


def _meanings(layout: SourceLayout) -> dict[str, str]:
    """What some roles mean on a sheet of this kind, beside the others that it has."""
    roles = {one.role for one in layout.columns}
    found = {"name": "first_name"} if "surname" in roles and "first_name" not in roles else {}
    if layout.kind == "months":
        found["amount"] = "total"
    elif layout.kind == "contacts":
        found["notes"] = "note"
    elif layout.kind == "clients":
        found["date"] = "" if layout.headings else "birthday"
    elif layout.kind == "purchases":
        found["notes"] = ""
        if "amount" not in roles:
            found |= {role: "amount" for role in ("subtotal", "total") if role in roles}
        elif "total" in roles and _has_discount(layout):
            found |= {"total": "amount", "amount": ""}
    return found


def _settle(layout: SourceLayout, headings: KnownHeadings) -> None:
    """Give each role to one column, and such as depend on the others their meaning."""
    changes = _meanings(layout)
    best: dict[str, SourceColumn] = {}
    allowed = _allowed(layout.kind)
    for one in layout.columns:
        one.role = changes.get(one.role, one.role)
        one.role = one.role if one.role in allowed else ""
        other = best.get(one.role)
        if other is None or one.role in {"", *SEVERAL, MONTH}:
            best[one.role] = one
        elif headings.rank(one.heading) < headings.rank(other.heading):
            best[one.role], other.role = one, ""
        else:
            one.role = ""
