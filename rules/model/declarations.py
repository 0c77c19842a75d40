"""What a room declares: its tables, grey columns, sheets, contact rules and settings.

Readers, writers, the configuration, `why` and the reference pages walk these declarations; none of
them names a room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.config.basics import Model
from rules.config.yaml_text import Path

if TYPE_CHECKING:  # they are built of declarations themselves
    from rules.config.checks import Finding
    from rules.config.settings import Config
    from rules.model.entries import Entries, Greeting, Planned
    from rules.model.known import Known
    from rules.model.raw import RawTable
    from rules.model.result import Result
    from rules.reading.cells import Mask
    from rules.reading.clean import Rows
    from rules.reading.dates import Days
    from rules.why.client import OneClient
    from rules.why.shape import Explanation

Cell = str | float | dt.date | None
"""What a cell of a column or sheet holds, None where blank."""
FieldKind = Literal[
    "id",
    "client",
    "client_name",
    "word",
    "city",
    "text",
    "issue",
    "date",
    "birthday",
    "amount",
    "number",
    "flag",
]
CellKind = Literal["text", "number", "date"]
Role = Literal["", "sticker", "state", "size", "evenness", "money", "due", "why", "how", "present"]
"""What a grey column is to charts, lists and exports, whatever room it comes from: the sticker on
her card, the state that nobody lacks, how much and how evenly she buys and for what money, when to
contact her, why and how, and when a present is due.
"""
IsWorkingDay = Callable[[dt.date], bool]
"""Tells whether she works on a day."""


@dataclass(frozen=True)
class Field:
    """A column that she types.

    kind: how its cells are read: "id" and "client" as IDs (of her own table's rows, of a client),
    "client_name" as the name of a client, beside her ID or in its place, "word" as text that is
    compared, "issue" as text in which a date is its month, "birthday" as a date that may lack its
    year. about: what it
    holds. use: "rule": rules look at it; "row": it is read so that a row with nothing else counts
    as one; "shown": only lists, exports and explanations read it; "kept": never read. offers: the
    words that its drop-down offers. bad: what to do about a cell that can't be read, blank:
    what about a blank one of a required column, marked for translation; may_be_blank: a
    row without it can be used all the same. width: in characters. as_typed: 007 and +7916… stay
    what was typed. on_demand: a new workbook has it only where there are cells for it.
    lies_ahead: its days are still to come when they are typed.
    """

    key: str
    kind: FieldKind
    about: str
    required: bool = False
    use: Literal["rule", "row", "shown", "kept"] = "rule"
    width: int = 12
    offers: Callable[[Config], Sequence[str]] | None = None
    bad: str = ""
    blank: str = ""
    as_typed: bool = False
    may_be_blank: bool = False
    on_demand: bool = False
    lies_ahead: bool = False

    @property
    def is_date(self) -> bool:
        """Whether its cells hold dates."""
        return self.kind in {"date", "birthday"}


def kept(
    key: str,
    about: str,
    use: Literal["row", "shown", "kept"] = "kept",
    width: int = 12,
    offers: Callable[[Config], Sequence[str]] | None = None,
) -> Field:
    """A column of texts by which no rule decides."""
    return Field(key, "text", about, use=use, width=width, offers=offers)


@dataclass(frozen=True)
class Column:
    """A grey column that the program fills, on Clients or on the table that declares it.

    decide: its cells, one for each row of the clean table: text ('' where blank), numbers (NaN) or
    dates (NaT). explain: why the cell of one client is what it is; without it the value, the entry
    *rule* of the configuration and *inputs* are told. words: what its cells may hold, in their
    order, where that is known. moves: how weighty it is that a client moves between these words, 0:
    not told; decider: the number of the rule that put each there, from 0.
    counted: the name under which a run counts these words, '' where it doesn't. of_facts: its cells
    where facts are all that is known, as in an example, if *decide* asks for more; amiss: why the
    only client there isn't what an example expects. is_money: it counts money. role: what charts,
    lists and exports take it for. function: the worksheet function that gives it, help: its help in
    Excel, marked for translation.
    """

    key: str
    kind: CellKind
    about: str
    source: str
    width: int
    decide: Callable[[Known], NDArray[Any]]
    explain: Callable[[OneClient], Explanation] | None = None
    inputs: str = ""
    rule: Path = ()
    words: Callable[[Config], Sequence[str]] | None = None
    colours: Callable[[Config], Mapping[str, str]] | None = None
    moves: int = 0
    decider: Callable[[Known], NDArray[Any]] | None = None
    counted: str = ""
    of_facts: Callable[[Known], NDArray[Any]] | None = None
    amiss: Callable[[Known, str], str] | None = None
    is_money: bool = False
    role: Role = ""
    function: str = ""
    help: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet that she types.

    is_log: its rows are dated, and those after today are left out. refine: more that may be wrong
    with its rows. looked_at: the columns of which one must hold something in a row of a log; by
    default the required ones. filled: grey columns of its own. missing: what to tell where a
    workbook lacks it, marked for translation; required: no workbook may. folded_after: the column
    behind which a new workbook folds the others that she types away, so that the grey ones show.
    """

    key: str
    about: str
    fields: tuple[Field, ...]
    is_log: bool = True
    required: bool = False
    filled: tuple[Column, ...] = ()
    refine: Callable[[Rows], None] | None = None
    looked_at: tuple[str, ...] = ()
    missing: str = ""
    folded_after: str = ""

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """Its columns by key."""
        return MappingProxyType({one.key: one for one in self.fields})

    @property
    def required_keys(self) -> tuple[str, ...]:
        """The columns without which it can't be used."""
        return tuple(one.key for one in self.fields if one.required)

    @property
    def identity(self) -> str:
        """The column that says whose a row is: "id" or "client" in kind; '' where none does."""
        kinds = {one.kind: one.key for one in self.fields}
        return kinds.get("id") or kinds.get("client") or ""

    @property
    def named_by(self) -> str:
        """The column in which a row may name its client, in place of her ID; '' for none."""
        return next((one.key for one in self.fields if one.kind == "client_name"), "")

    @property
    def is_of_clients(self) -> bool:
        """Whether its rows belong to clients."""
        return any(one.kind == "client" for one in self.fields)


class SheetColumn(NamedTuple):
    """A column of a sheet that the program writes.

    is_hers: what stands there is hers, and the program only moves it. like: the grey column whose
    words it shows. offers: as of a field. is_percent: its numbers are shown with a percent sign.
    """

    key: str
    kind: CellKind
    about: str
    width: int
    required: bool = False
    is_hers: bool = False
    like: str = ""
    offers: Callable[[Config], Sequence[str]] | None = None
    as_typed: bool = False
    is_percent: bool = False


class Look(NamedTuple):
    """How cells from the column *first* to *last* look in rows where a formula holds.

    formula: with {key} for the cell of a column in that row, {above_key} for the one above it, and
    {text} for the *text*, translated; $A$1 holds the day.
    """

    first: str
    last: str
    formula: str
    style: Literal["late", "hers", "section", "new_section", "pale", "lit", "total"]
    text: str = ""


@dataclass(frozen=True)
class SheetRows:
    """What a sheet shows: columns of equal length by key, and lines above them."""

    columns: Mapping[str, Sequence[Cell]]
    lines: tuple[str, ...] = ()

    def __len__(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)


@dataclass(frozen=True)
class Sheet:
    """A report that the program writes whole, where the workbook has its sheet.

    rows: what it shows of a result, given the days on which she works. title: of a new sheet,
    marked for translation. The rest is how a new one looks: its place before the tables, rows two
    lines high, the last column that is printed ('' for all), columns that stay, and looks. into:
    the tables that her entries on it belong into, entries: how they are read, from the columns
    *reads*; keep: the rows with what she wrote beside those that stand there, None for none. plan:
    who is planned there up to a day.
    """

    key: str
    about: str
    source: str
    columns: tuple[SheetColumn, ...]
    rows: Callable[[Result, IsWorkingDay], SheetRows]
    title: str = ""
    is_first: bool = False
    is_tall: bool = True
    printed: str = ""
    frozen: int = 0
    has_parts: Callable[[Config], bool] | None = None
    looks: tuple[Look, ...] = ()
    into: tuple[str, ...] = ()
    entries: Callable[..., Entries] | None = None
    reads: tuple[str, ...] = ()
    keep: Callable[[SheetRows, RawTable | None, Config], SheetRows] | None = None
    plan: Callable[[Result, dt.date, IsWorkingDay], tuple[list[Planned], int]] | None = None

    @property
    def required_keys(self) -> frozenset[str]:
        """The columns by which a sheet is known to hold it."""
        return frozenset(one.key for one in self.columns if one.required)


@dataclass(frozen=True)
class ContactRule:
    """What may propose a next contact.

    key: as in `rule:` of the configuration, settings: its entry there. propose: what it proposes;
    see `rules.rooms.next_contact`. is_fixed: its contacts make sense on their day only.
    is_greeting: it may be done by a message with a text of its own. waits: it is silent while an
    agreed date lies ahead; is_hushed: and while something is amiss that matters more (see
    `Room.hushes`); is_owed: it stands also for those who don't want contact. cause and entry: what
    one date of it is counted from, and which entry of the configuration proposes it, for `why`.
    """

    key: str
    settings: type[Model]
    propose: Callable[..., Iterator[Any]]
    is_fixed: bool = False
    is_greeting: bool = False
    waits: bool = False
    is_hushed: bool = False
    is_owed: bool = False
    cause: Callable[..., Any] | None = None
    entry: Callable[..., Path] | None = None


class Hint(NamedTuple):
    """What looks odd, though it needn't be wrong: a sentence, and the entry that it is about."""

    text: str
    path: Path = ()


class Function(NamedTuple):
    """A worksheet function that is more than one grey column.

    help: in Excel, arguments: help for each that she types, marked for translation; one that is
    asked for a client has none of its own. of_client: its answer for the client in a row of
    Clients. of_figures: its answers for a block of cells that isn't about clients.
    """

    name: str
    help: str
    arguments: Mapping[str, str] = MappingProxyType({})
    of_client: Callable[[Known, int], Cell] | None = None
    of_figures: Callable[[Sequence[Sequence[object]], Config], list[list[Cell]]] | None = None


@dataclass(frozen=True, eq=False)
class Room:
    """A subject of the business, with everything that it has.

    settings: the keys that it adds to the configuration; a function where they depend on what other
    rooms declare. checks: what contradicts itself in them. notices: what she should know about a
    run as a whole. greetings: who is to be greeted today. touches: clients and days of what counts
    as being in touch with them; hushes: who has other worries than offers and greetings. hints:
    what looks odd in a base and its rules. asks: the columns of Clients that its rules look at, so
    that a base without them is told. rehearsed: how a rehearsal heads the clients whose columns
    would differ, marked for translation, and its name for them. is_extra: she may add it; its words
    stand in its own block of the configuration, its sheets in no new workbook that wasn't asked for
    them. is_named: it has no sheet that could switch it on, and is on where `rooms` names it.
    """

    key: str
    settings: type[Model] | Callable[[Rooms], type[Model]] | None = None
    tables: tuple[Table, ...] = ()
    columns: tuple[Column, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    contact_rules: tuple[ContactRule, ...] = ()
    checks: Callable[[Config], Iterator[Finding]] | None = None
    notices: Callable[[Known], Iterator[str]] | None = None
    greetings: Callable[[Known], Iterator[Greeting]] | None = None
    touches: Callable[[Known], tuple[NDArray[np.intp], Days]] | None = None
    hushes: Callable[[Known], Mask] | None = None
    hints: Callable[[Result], Iterator[Hint]] | None = None
    functions: tuple[Function, ...] = ()
    asks: Callable[[Config], Iterable[str]] | None = None
    rehearsed: tuple[str, str] = ("", "")
    is_extra: bool = False
    is_named: bool = False

    def is_on(self, tables: Mapping[str, object], config: Config) -> bool:
        """Whether a base with these *tables* has the room: with the first of its own, if any."""
        if self.key in config.rooms_off or (self.is_named and self.key not in config.rooms_on):
            return False
        first = next(iter(self.tables), None)
        return self.is_named or first is None or first.required or first.key in tables


@dataclass(frozen=True)
class Rooms:
    """All rooms, in their order, and what they declare."""

    rooms: tuple[Room, ...]

    def __iter__(self) -> Iterator[Room]:
        return iter(self.rooms)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables by key."""
        return {one.key: one for room in self for one in room.tables}

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The grey columns of Clients by key, in the order of new ones."""
        return {one.key: one for room in self for one in room.columns}

    @cached_property
    def roles(self) -> Mapping[str, str]:
        """The key of the grey column that has a role."""
        return {one.role: key for key, one in self.columns.items() if one.role}

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """The sheets that the program writes, by key."""
        return {one.key: one for room in self for one in room.sheets}

    @cached_property
    def contact_rules(self) -> Mapping[str, ContactRule]:
        """What may propose a next contact, by key."""
        return {one.key: one for room in self for one in room.contact_rules}

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """The worksheet functions that are more than one grey column, by name."""
        return {one.name: one for room in self for one in room.functions}

    def is_on(self, sheet: str, tables: Mapping[str, object], config: Config) -> bool:
        """Whether a base with these *tables* has the room of a sheet."""
        room = next(room for room in self if any(one.key == sheet for one in room.sheets))
        return room.is_on(tables, config)

    @cached_property
    def extra(self) -> Mapping[str, Room]:
        """The rooms that she may add, by key."""
        return {room.key: room for room in self if room.is_extra}

    def on(self, tables: Mapping[str, object], config: Config) -> Iterator[Room]:
        """The rooms that a base with these *tables* has."""
        return (room for room in self if room.is_on(tables, config))

    def furnished(self, extra: Collection[str]) -> Rooms:
        """The rooms of every base, with those of these keys that she may add."""
        return Rooms(tuple(room for room in self if not room.is_extra or room.key in extra))

    @property
    def noted(self) -> Sheet:
        """The sheet on which she notes what she did."""
        return next(one for one in self.sheets.values() if one.entries is not None)

    @property
    def clients(self) -> Table:
        """The table whose rows are the clients."""
        return next(one for one in self.tables.values() if one.fields[0].kind == "id")
