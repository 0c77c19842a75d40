"""What an import brings in: clients with their IDs, lines of the logs, and what it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from batch.importing.dictionary import plain, words
from batch.importing.people import Client, WhoIsWho
from batch.importing.plan import ImportPlan, says
from batch.importing.reading import shown_day, units
from batch.importing.records import Entry, LeftOut, Records, Somebody
from batch.importing.sheets import Cell, text_of
from batch.importing.standing import StandingBase
from rules.config.settings import Config
from rules.reading.cells import shown_money
from rules.reading.words import fold
from words import _

_FIRST: Final = 5


@dataclass
class Row:
    """A row that is to be written: cells by key of its table, and by her own headings."""

    fields: dict[str, Cell]
    own: dict[str, Cell] = field(default_factory=dict)


@dataclass
class Brought:
    """What is to be written, what is there already, and what differs.

    clients, purchases, contacts: new rows. known: how many lines stand in the base already.
    differs: what the base says otherwise. left: what isn't carried over. years: the money of the
    new purchases by year.
    """

    clients: list[Row] = field(default_factory=list)
    purchases: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    known: int = 0
    known_clients: int = 0
    differs: list[str] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    years: dict[int, int] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """The new rows of a table."""
        found: list[Row] = getattr(self, table)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be written."""
        return not (self.clients or self.purchases or self.contacts)


def outcome(
    records: Records, config: Config, plan: ImportPlan, standing: StandingBase | None
) -> Brought:
    """What the *records* bring to a base, new or *standing*. Raises PlanError."""
    people = WhoIsWho(plan, config.country, standing.clients if standing else ())
    people.listed([one for one in records.people if one.is_listed])
    mentions = [one for one in records.people if not one.is_listed]
    people.whose([*(one.who for one in records.entries), *mentions])
    found = Brought(left=list(records.left))
    ids = _Ids(people.clients, standing)
    entries = list(_once(records.entries, people, plan, found, config))
    entries = _without_sums(entries, people, plan, found, config)
    for client in _in_order(people.clients, records):
        if client.is_client and not client.standing:
            found.clients.append(_client(client, ids.of(client)))
        elif client.standing and client.rows:
            found.known_clients += 1
            found.differs += standing.differences(client, config) if standing else ()
        elif not client.is_client:
            why = _("nothing says that this contact is a client")
            found.left += [
                LeftOut(f"{one.where}, {one.row}", client.label, why) for one in client.rows
            ]
    _add_entries(entries, people, ids, found, config, standing)
    return found


def _in_order(clients: Iterable[Client], records: Records) -> list[Client]:
    """The clients as the lists and logs name them first."""
    everybody = [*records.people, *(one.who for one in records.entries)]
    sheets = {where: at for at, where in enumerate(dict.fromkeys(one.where for one in everybody))}
    everybody.sort(key=lambda one: (not one.is_listed, sheets[one.where], one.row))
    first: dict[tuple[object, ...], int] = {}
    for number, one in enumerate(everybody):
        first.setdefault(one.key, number)
    last = len(everybody)
    return sorted(
        clients,
        key=lambda client: min((first.get(one.key, last) for one in client.rows), default=0),
    )


def _called(person: Somebody) -> str:
    return person.name.written or person.id or ", ".join(sorted(person.phones | person.emails))


class _Ids:
    """The IDs of the clients: hers where she keeps any, else the next free number."""

    def __init__(self, clients: Iterable[Client], standing: StandingBase | None) -> None:
        self._ids: dict[int, str] = {}
        taken = {one.standing or one.id for one in clients} - {""}
        numbers = [int(one) for one in taken if one.isdecimal() and len(one) < 12]
        self._next = max(numbers, default=0) + 1
        self._are_names = standing is not None and standing.are_names

    def of(self, client: Client) -> str:
        """The ID of a client."""
        if client.standing or id(client) in self._ids:
            return client.standing or self._ids[id(client)]
        found = client.name.written if self._are_names else client.id
        if not found:
            found = str(self._next)
            self._next += 1
        self._ids[id(client)] = found
        return found


def _client(client: Client, key: str) -> Row:
    """The row of a new client: the fullest of her rows, and what others add or say otherwise."""
    rows = sorted(client.rows, key=lambda one: (not one.is_listed, -len(one.fields) - len(one.own)))
    first, *others = rows
    fields, own, notes = dict(first.fields), dict(first.own), list[str]()
    for other in others:
        for key_, cell in other.fields.items():
            if key_ == "name" and not other.is_listed:
                continue
            if key_ not in fields:
                fields[key_] = cell
            elif key_ == "notes" or fold(text_of(fields[key_])) != fold(text_of(cell)):
                notes.append(text_of(cell))
        for heading, cell in other.own.items():
            if heading in own and own[heading] != cell:
                notes.append(f"{heading}: {text_of(cell)}")
            own.setdefault(heading, cell)
    if notes:
        before = text_of(fields.get("notes"))
        fields["notes"] = "; ".join(filter(None, [before, *dict.fromkeys(notes)]))
    return Row({"id": key, **fields}, own)


def _once(
    entries: Sequence[Entry], people: WhoIsWho, plan: ImportPlan, found: Brought, config: Config
) -> Iterator[Entry]:
    """The lines, without those that stand in two lists; of people who are left out none."""
    seen: dict[tuple[object, ...], Counter[str]] = {}
    lines: dict[tuple[str, str], list[Entry]] = {}
    kept: list[Entry] = []
    for one in entries:
        client = people.of(one.who)
        if client is None:
            found.left.append(
                LeftOut(f"{one.where}, {one.cell}", _shown(one, config), people.why(one.who))
            )
            continue
        key = (id(client), one.table, one.date, one.minor)
        before = seen.setdefault(key, Counter())
        before[one.where] += 1
        other = next(
            (
                where
                for where, count in before.items()
                if where != one.where and count >= before[one.where]
            ),
            None,
        )
        if other is None or one.table != "purchases":
            kept.append(one)
        else:
            lines.setdefault((other, one.where), []).append(one)
    yield from kept
    for (other, where), ones in lines.items():
        key_ = f"{where} = {other}"
        seen_ = ", ".join(_shown(one, config) for one in ones[:_FIRST])
        answer = plan.answer("twice", key_, _("once"), f"{len(ones)}: {seen_}")
        if plain(answer) in words("both"):
            yield from ones
        elif plain(answer) in words("once") or says(answer, "same"):
            why = _("stands in {where}, too").format(where=other)
            found.left += [
                LeftOut(f"{one.where}, {one.cell}", _shown(one, config), why) for one in ones
            ]
        else:
            raise plan.refuse("twice", key_, answer)


def _without_sums(
    entries: Sequence[Entry], people: WhoIsWho, plan: ImportPlan, found: Brought, config: Config
) -> list[Entry]:
    """The lines, without sums of months whose single purchases stand in another list, where she
    says that they are the same.
    """
    single: dict[tuple[object, ...], str] = {}
    for one in entries:
        if one.date is not None and not one.is_of_period:
            single.setdefault((id(people.of(one.who)), one.date.year, one.date.month), one.where)
    sums: dict[tuple[str, str], list[Entry]] = {}
    for one in entries:
        if one.date is not None and one.is_of_period:
            where = single.get((id(people.of(one.who)), one.date.year, one.date.month))
            if where is not None:
                sums.setdefault((one.where, where), []).append(one)
    left: set[int] = set()
    for (where, other), ones in sums.items():
        key = f"{where} + {other}"
        seen = ", ".join(_shown(one, config) for one in ones[:_FIRST])
        answer = plan.answer("twice", key, _("both"), f"{len(ones)}: {seen}")
        if plain(answer) in words("once"):
            why = _("the sum of a month whose purchases stand in {where}").format(where=other)
            found.left += [
                LeftOut(f"{where}, {one.cell}", _shown(one, config), why) for one in ones
            ]
            left |= {id(one) for one in ones}
        elif plain(answer) not in words("both"):
            raise plan.refuse("twice", key, answer)
    return [one for one in entries if id(one) not in left]


def _shown(entry: Entry, config: Config) -> str:
    """A line in short."""
    day = shown_day(entry.date, config)
    money = "" if entry.minor is None else shown_money(entry.minor, config)
    what = text_of(entry.fields.get("product") or entry.fields.get("note"))
    return " ".join(filter(None, [day, _called(entry.who), what, money]))


def _add_entries(
    entries: Iterable[Entry],
    people: WhoIsWho,
    ids: _Ids,
    found: Brought,
    config: Config,
    standing: StandingBase | None,
) -> None:
    """Add the lines that the base doesn't have."""
    new: list[tuple[Entry, str]] = []
    for one in entries:
        client = people.of(one.who)
        if client is None:
            continue
        key = ids.of(client)
        if standing is not None and standing.takes(one, key):
            found.known += 1
        else:
            new.append((one, key))
    for one, key in new:
        other = standing.other(one, key, config) if standing is not None else ""
        if other:
            found.differs.append(f"{one.where}, {one.cell}: {_shown(one, config)}; {other}")
            continue
        fields: dict[str, Cell] = {"date": one.date, "client_id": key, **one.fields}
        if one.minor is not None and one.date is not None:
            fields["amount"] = units(one.minor, config)
            found.years[one.date.year] = found.years.get(one.date.year, 0) + one.minor
        found.rows(one.table).append(Row(fields, dict(one.own)))
