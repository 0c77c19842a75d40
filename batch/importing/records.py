"""What the rows of a sheet say: people, purchases, contacts; and what isn't carried over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from batch.importing.names import Name
from batch.importing.sheets import Cell


@dataclass
class Somebody:
    """Somebody as a row names her.

    where: sheet and row. fields: by key of Clients; own: by her heading. is_listed: a row of a list
    of clients, not a mere mention in a log; is_client: not one of an address book without a label
    of clients. client: the ID of a standing client, '' for others.
    """

    where: str
    row: int
    name: Name
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    id: str = ""
    fields: dict[str, Cell] = field(default_factory=dict)
    own: dict[str, Cell] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    is_listed: bool = True
    is_client: bool = True
    client: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells mentions of one and the same apart from others'."""
        return (self.id, self.name.key, self.name.written.casefold(), self.phones, self.emails)


@dataclass
class Entry:
    """A line of a log: a purchase or a contact.

    table: purchases or contacts. where, row, cell: the sheet, the row, and the cell that it is
    about. who: whom it names. fields: by key of the table; own: by her heading. minor: its money.
    """

    table: str
    where: str
    row: int
    cell: str
    who: Somebody
    date: dt.date | None
    fields: dict[str, Cell] = field(default_factory=dict)
    own: dict[str, Cell] = field(default_factory=dict)
    minor: int | None = None
    status: str = ""
    is_of_period: bool = False


@dataclass
class LeftOut:
    """Something that isn't carried over: where it stands, what it is, and why."""

    where: str
    what: str
    why: str


@dataclass
class Records:
    """All that some sheets say.

    left: what isn't carried over. told: what was done with the rows, in sentences, by sheet.
    totals: sums that stood there, with what the rows above them came to.
    """

    people: list[Somebody] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)

    def tell(self, where: str, sentence: str) -> None:
        """Add what is to be told of a sheet."""
        self.told.setdefault(where, []).append(sentence)


@dataclass(frozen=True)
class Total:
    """A total that stood in a list, and what was brought in of what it adds up."""

    where: str
    cell: str
    stood: int
    came: int


Fields = Mapping[str, Cell]
