"""What an import tells: what it understood of each sheet, what it leaves out, and what comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from batch.importing.dictionary import NAMES
from batch.importing.layout import MONTH, SourceLayout
from batch.importing.outcome import Brought
from batch.importing.plan import ImportPlan, about
from batch.importing.reading import shown_day
from batch.importing.records import LeftOut, Records
from batch.importing.sheets import Cell, text_of
from rules.config.settings import Config
from rules.reading.cells import shown_money
from words import _, marked, n_

KINDS: Final = {
    "clients": marked("a list of clients"),
    "months": marked("a list of clients with columns of months"),
    "purchases": marked("a list of purchases"),
    "contacts": marked("a list of contacts"),
    "notebook": marked("notes line by line"),
    "other": marked("nothing that an import knows"),
    "skip": marked("left out by the plan"),
}
_FIRST: Final = 3
_MOST_LEFT: Final = 200


def understood(layout: SourceLayout, records: Records, config: Config) -> Iterator[str]:
    """What was understood of a sheet."""
    sheet = layout.sheet
    if not sheet.rows:
        yield _("{sheet}: nothing stands there.").format(sheet=sheet.title)
        return
    numbers = "-".join(str(sheet.numbers[at]) for at in layout.headings)
    kind, count = _(KINDS[layout.kind]), len(layout.data)
    if numbers:
        head = n_(
            "{sheet}: {kind}; headings in row {rows}, below them rows: {count}.",
            "{sheet}: {kind}; headings in rows {rows}, below them rows: {count}.",
            len(layout.headings),
        )
    else:
        head = _("{sheet}: {kind}; no headings, rows: {count}.")
    yield head.format(sheet=sheet.title, kind=kind, rows=numbers, count=count)
    if sheet.is_hidden:
        yield "  " + _("The sheet is hidden.")
    if layout.columns and layout.kind not in {"other", "skip"}:
        yield "  " + _("Columns: {columns}").format(columns="; ".join(_columns(layout, config)))
    for one in (*sheet.told, *records.told.get(sheet.title, ())):
        yield f"  {one}"
    if sheet.uncalculated:
        yield "  " + _("Formulas that nobody calculated, read as blank: {count}.").format(
            count=len(sheet.uncalculated)
        )


def _columns(layout: SourceLayout, config: Config) -> Iterator[str]:
    """Each column with what it is taken for; the months together."""
    months = layout.months
    for one in layout.columns:
        if one.role == MONTH:
            if one is months[0]:
                role = _("purchases by month")
                yield f"{one.shown} … {months[-1].shown} → {role}"
            continue
        yield f"{one.shown} → {role_name(one.role, config, layout.kind)}"


def role_name(role: str, config: Config, kind: str) -> str:
    """What a column is, in her words."""
    if role in NAMES and kind in {"purchases", "contacts"}:
        return _("the client")
    if role in NAMES:
        return config.heading("clients", "name")
    tables = (kind if kind in {"purchases", "contacts"} else "clients", "clients", "purchases")
    for table in tables:
        headings = config.headings(table)
        if role in headings:
            return headings[role][0]
    return _ROLES[role] and _(_ROLES[role]) if role in _ROLES else _("kept under this heading")


_ROLES: Final = {
    "number": marked("numbers of rows, left out"),
    "total": marked("totals, compared"),
    "aside": marked("left out"),
    "street": marked("address"),
    "region": marked("address"),
    "postcode": marked("address"),
    "country": marked("address"),
    "status": marked("status"),
}


def first_rows(found: Brought, config: Config) -> Iterator[str]:
    """The first rows as they would come in."""
    for table in ("clients", "purchases", "contacts"):
        rows = found.rows(table)
        if not rows:
            continue
        yield _("{sheet}, the first rows as they would come in:").format(sheet=config.sheet(table))
        for row in rows[:_FIRST]:
            cells = {**row.fields, **row.own}
            yield "  " + " | ".join(filter(None, (_shown(one, config) for one in cells.values())))


def _shown(cell: Cell, config: Config) -> str:
    is_day = isinstance(cell, dt.date) and not isinstance(cell, dt.datetime)
    return shown_day(cell, config) if is_day else text_of(cell)  # type: ignore[arg-type]


def left(ones: Sequence[LeftOut]) -> Iterator[str]:
    """All that isn't carried over, by why."""
    by_why: dict[str, list[LeftOut]] = {}
    for one in ones:
        by_why.setdefault(one.why, []).append(one)
    if by_why:
        yield _("Not carried over:")
    for why, these in by_why.items():
        yield f"  {why}: {len(these)}"
        for one in these[:_MOST_LEFT]:
            yield f"    {one.where}: {one.what}"
        if len(these) > _MOST_LEFT:
            yield "    " + _("… and {count} more").format(count=len(these) - _MOST_LEFT)


def totals(records: Records, config: Config) -> Iterator[str]:
    """Totals that stood there, against what was brought in."""
    same = sum(one.stood == one.came for one in records.totals)
    if records.totals:
        count = len(records.totals)
        yield _("Totals that stood there: {count}, of which {same} agree.").format(
            count=count, same=same
        )
    for one in records.totals:
        if one.stood != one.came:
            sentence = _("{where}: the total says {stood}, what it sums came to {came}")
            where = f"{one.where}, {one.cell}"
            stood, came = shown_money(one.stood, config), shown_money(one.came, config)
            yield "  " + sentence.format(where=where, stood=stood, came=came)


def coming(found: Brought, config: Config) -> Iterator[str]:
    """How much comes in."""
    clients = n_("{count} client", "{count} clients", len(found.clients))
    purchases = n_("{count} purchase line", "{count} purchase lines", len(found.purchases))
    contacts = n_("{count} contact", "{count} contacts", len(found.contacts))
    yield _("Comes in: {clients}, {purchases}, {contacts}.").format(
        clients=clients.format(count=len(found.clients)),
        purchases=purchases.format(count=len(found.purchases)),
        contacts=contacts.format(count=len(found.contacts)),
    )
    if found.years:
        sums = ", ".join(
            f"{year}: {shown_money(minor, config)}" for year, minor in sorted(found.years.items())
        )
        yield "  " + _("Sums by year: {sums}").format(sums=sums)
    if found.known or found.known_clients:
        yield "  " + _("In the base already: clients {clients}, lines {lines}.").format(
            clients=found.known_clients, lines=found.known
        )
    if found.differs:
        yield "  " + _("Differs from the base, which stays as it is:")
        yield from (f"    {one}" for one in found.differs)


def questions(plan: ImportPlan) -> Iterator[str]:
    """The questions without an answer, with what is proposed."""
    sections: dict[str, list[str]] = {}
    for section, key, question in plan.open():
        proposal = question.proposal or _("nothing")
        what = f"{key} ({question.seen})" if question.seen else key
        line = _("{what}: proposed {proposal}").format(what=what, proposal=proposal)
        sections.setdefault(section, []).append(line)
    for section, lines in sections.items():
        yield about(section)
        yield from (f"  {one}" for one in lines)
