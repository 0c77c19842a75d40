"""Makes a new client base, empty or from lists that come from elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from batch.cells import column_letters
from batch.errors import OtherRefused
from batch.importing.dictionary import NAMES, KnownHeadings
from batch.importing.names import displayed, looks_like_name
from batch.importing.persons import name_order
from batch.making.sources import LacksColumnError, Source, read_source
from batch.writer.base import WITH_MACROS, WITHOUT_MACROS, write_base
from batch.writer.tables import SheetContent, heading_text
from rules.config.assembly import furnished
from rules.config.settings import FILLED, Config
from rules.errors import ClientBaseError
from rules.mentions import called, first_of
from rules.model.declarations import Field
from rules.model.raw import RawTable
from rules.reading.cells import read_dates, read_keys, read_numbers, read_text, shown
from rules.reading.newids import give_ids
from rules.reading.words import fold
from words import _, marked

_OWN: Final = 0.5
"""Where more than this part of them are different, a column holds IDs."""
_STRANGERS: Final = 5


class TargetError(OtherRefused):
    """The new base can't be made under this name."""


class MapError(ClientBaseError, ValueError):
    """A --map that names no column."""

    def __init__(self, given: str, known: Sequence[str]) -> None:
        self.given, self.known = given, tuple(known)
        sentence = _(
            "--map '{given}' isn't understood. Write --map \"Client ID=col2\"; known columns: "
            "{columns}."
        )
        super().__init__(sentence.format(given=given, columns=", ".join(known)))


class UnusedMapError(ClientBaseError, ValueError):
    """A --map whose column is in none of the lists."""

    key: str
    heading: str
    column: str
    says = marked(
        "--map '{heading}={column}': none of the lists has a column '{column}'. Write its "
        "heading as it stands in the list, or col1, col2 … by position."
    )


@dataclass(frozen=True)
class Made:
    """How many clients and rows of logs the new base has.

    clients_from_logs: how many clients came from the logs alone, strangers: the first of their IDs.
    told: what was assumed in reading the lists, and what of them isn't taken or can't be read.
    """

    path: Path
    clients: int
    purchases: int
    contacts: int
    clients_from_logs: int
    strangers: Sequence[str] = ()
    told: Sequence[str] = ()


def make_base(
    path: Path,
    config: Config,
    sources: Mapping[str, Path | None],
    mapped: Sequence[str] = (),
    rooms: Collection[str] = (),
) -> Made:
    """Write a new base to *path* (.xlsx or .xlsm), filled from *sources* (by clients, purchases,
    contacts), with the further *rooms* of these keys.

    mapped: entries such as 'Client ID=col2'. Clients that appear only in the logs get a row.
    Raises TargetError, MapError, SourceError; then nothing was written.
    """
    check_target(path)
    maps = _read_maps(mapped, config)
    tables = {
        table: _read(table, source, config, maps) if (source := sources.get(table)) else None
        for table in config.rooms.tables
    }
    for key, column in maps.items():
        if not any(source and key in source.mapped for source in tables.values()):
            raise UnusedMapError(key, _first_heading(key, config), column)
    lists = [source for source in sources.values() if source is not None]
    return write_tables(path, config, tables, lists, rooms=rooms)


def check_target(path: Path) -> None:
    """Raise TargetError unless a new base can be written to *path*."""
    if path.suffix.lower() not in {WITH_MACROS, WITHOUT_MACROS}:
        raise TargetError(
            path,
            _("has another ending than .xlsx or .xlsm"),
            _("Name the new base … .xlsm to have the button, … .xlsx without."),
        )
    if path.exists():
        found = _("exists already and stays as it is")
        raise TargetError(path, found, _("Choose another name, or move it away."))
    if not path.absolute().parent.is_dir():
        found = _("can't be made: no folder {folder}").format(folder=path.parent)
        raise TargetError(path, found, _("Make the folder first."))


def write_tables(
    path: Path,
    config: Config,
    tables: Mapping[str, Source | None],
    lists: Collection[Path] = (),
    today: dt.date | None = None,
    rooms: Collection[str] = (),
) -> Made:
    """Write the tables, with those of these *rooms*, which come from these *lists*, with texts read
    as they are meant on the day *today*, by default this one; clients that appear only in the logs
    get a row after the others.
    """
    day = today or dt.datetime.now().astimezone().date()
    told = [line for source in tables.values() if source is not None for line in source.told]
    config = furnished(config, rooms)
    contents = {
        table: _content(table, tables.get(table), config, day) for table in config.rooms.tables
    }
    told += [line for key, one in contents.items() for line in _unread(key, one, config, day)]
    clients = contents["clients"]
    known = read_keys(_cells(clients.columns.get("id", [])))
    logs = [contents[key] for key, one in config.rooms.tables.items() if one.is_of_clients]
    from_logs = _unlisted(known, *logs)
    _append_clients(clients, from_logs)
    told += _give_ids(contents, config)
    write_base(path, config, contents, sources=lists, rooms=rooms)
    everybody = set(read_keys(_cells(clients.columns.get("id", []))).tolist()) - {""}
    return Made(
        path,
        len(everybody),
        contents["purchases"].count,
        contents["contacts"].count,
        len(from_logs),
        from_logs[:_STRANGERS],
        told,
    )


def _read_maps(mapped: Sequence[str], config: Config) -> dict[str, str]:
    """Headings or positions by key; a key may be named as in `columns`, or by its heading."""
    known: dict[str, str] = {}
    for table in config.rooms.tables:
        for key, headings in config.headings(table).items():
            for name in (key, key.replace("_", " "), *headings):
                known.setdefault(fold(name), key)
    maps = {}
    for given in mapped:
        name, sign, column = given.partition("=")
        key = known.get(fold(name), "")
        if not sign or not key or not column.strip():
            tables = [config.headings(table).values() for table in config.rooms.tables]
            columns = dict.fromkeys(headings[0] for table in tables for headings in table)
            raise MapError(given, list(columns))
        maps[key] = column.strip()
    return maps


def _first_heading(key: str, config: Config) -> str:
    """How a column is called in the first table that has it."""
    tables = (config.headings(table) for table in config.rooms.tables)
    return str(next(headings[key][0] for headings in tables if key in headings))


def _read(table: str, path: Path, config: Config, maps: Mapping[str, str]) -> Source:
    accepted, declared = config.headings(table), config.rooms.tables[table]
    mapped = {key: column for key, column in maps.items() if key in accepted}
    needed = [one.key for one in declared.fields if one.required and not one.may_be_blank]
    try:
        source = read_source(path, accepted, needed, mapped, config.limits)
    except LacksColumnError as error:
        if declared is not config.rooms.clients:
            raise
        source = _with_names(read_source(path, accepted, (), mapped, config.limits), config)
        if "name" not in source.keyed:
            raise error from None
    return _with_ids(source) if declared is config.rooms.clients else source


def _with_names(source: Source, config: Config) -> Source:
    """A list of clients with their names, where these stand in several columns."""
    headings = KnownHeadings(config)
    parts = {headings.role(heading): cells for heading, cells in source.others}
    roles = name_order([role for role in NAMES if role in parts], config)
    if "name" in source.keyed or not roles:
        return source
    rows = zip(*(parts[role] for role in roles), strict=True)
    names: list[object] = [displayed(str(one or "") for one in row) for row in rows]
    told = [*source.told, _("The names are put together from several columns.")]
    return replace(source, keyed={**source.keyed, "name": names}, told=told)


def _with_ids(source: Source) -> Source:
    """A list of clients, with the numbers 1, 2 … as IDs where it has none, or one that most of its
    rows share with others.
    """
    count = max(map(len, source.keyed.values()), default=0)
    ids = source.keyed.get("id")
    told = list(source.told)
    if ids is not None:
        known = [key for key in read_keys(_cells(ids)).tolist() if key]
        if len(set(known)) > len(known) * _OWN:
            return source
        if known:
            told.append(_("The column for IDs holds the same for several clients, so it is none."))
    told.append(_("The list has no IDs: the clients get the numbers 1, 2 and so on."))
    numbers: list[object] = [str(number) for number in range(1, count + 1)]
    return replace(source, keyed={**source.keyed, "id": numbers}, told=told)


def _unread(table: str, content: SheetContent, config: Config, today: dt.date) -> Iterator[str]:
    """How many cells of each column can't be read as what they should be."""
    fields = config.rooms.tables[table].by_key
    for key, cells in content.columns.items():
        field = fields[key]
        if not (field.is_date or field.kind == "amount"):
            continue
        bad = [
            cell
            for cell in cells
            if (isinstance(cell, str) and cell.strip())
            or (field.is_date and isinstance(cell, (float, bool)))
        ]
        if field.kind == "birthday":
            day = np.datetime64(today, "D")
            days = read_dates(_cells(bad), config.dates, day, is_birthday=True)
            bad = [cell for cell, none in zip(bad, days.unreadable, strict=True) if none]
        if bad:
            sentence = _("{sheet}, {heading}: cells that can't be read: {count}, such as {first}.")
            names = {"sheet": config.sheet(table), "heading": config.heading(table, key)}
            yield sentence.format(**names, count=len(bad), first=shown(bad[0]))


def _content(table: str, source: Source | None, config: Config, today: dt.date) -> SheetContent:
    """The table's columns as they are written: dates as dates, amounts as numbers, IDs as text;
    what can't be read stays the text that it was.
    """
    if source is None:
        return SheetContent()
    fields = config.rooms.tables[table].by_key
    columns = {
        key: _typed(fields[key], cells, config, today) for key, cells in source.keyed.items()
    }
    taken = {fold(name) for headings in config.headings(table).values() for name in headings}
    if table == config.rooms.clients.key:
        taken |= {fold(n) for names in config.headings(FILLED).values() for n in names}
    others = {}
    for heading, cells in source.others:
        name = unique_heading(heading_text(heading), taken)
        taken.add(fold(name))
        others[name] = cells
    count = max((len(cells) for cells in columns.values()), default=0)
    return SheetContent(columns, others, count)


def unique_heading(heading: str, taken: Collection[str]) -> str:
    """*heading*, with a number behind it where a column of that name is there already."""
    name, number = heading, 1
    while fold(name) in taken:
        number += 1
        name = f"{heading} {number}"
    return name


def _cells(values: Sequence[object]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _typed(field: Field, values: list[object], config: Config, today: dt.date) -> list[object]:
    cells = _cells(values)
    if field.kind in {"id", "client"}:
        return [text or None for text in read_text(cells)]
    if field.is_date:
        is_birthday = field.kind == "birthday"
        read = read_dates(cells, config.dates, np.datetime64(today), is_birthday=is_birthday)
        keep = np.isnat(read.dates) | read.unreadable | read.yearless
        typed = read.dates.tolist()
    elif field.kind in {"amount", "number"}:
        numbers = read_numbers(cells, config.numbers)
        typed, keep = numbers.tolist(), np.isnan(numbers)
    else:
        return values
    return [old if kept else new for old, new, kept in zip(values, typed, keep, strict=True)]


def _unlisted(known: np.ndarray, *logs: SheetContent) -> list[str]:
    """The IDs in the logs that no client has, as first typed, in the order of their appearance."""
    seen = set(known.tolist())
    new = []
    for log in logs:
        ids = log.columns.get("client_id", [])
        for typed, key in zip(ids, read_keys(_cells(ids)).tolist(), strict=True):
            if key and key not in seen:
                seen.add(key)
                new.append(str(typed))
    return new


def _give_ids(contents: Mapping[str, SheetContent], config: Config) -> Iterator[str]:
    """Give the clients who have a name alone the next IDs, as a recalculation would; says whom."""
    tables = {
        key: RawTable(
            config.sheet(key),
            np.arange(2, one.count + 2),
            {name: _cells(cells) for name, cells in one.columns.items()},
            {name: column_letters(at) for at, name in enumerate(one.columns, 1)},
        )
        for key, one in contents.items()
    }
    found = give_ids(tables, config)
    for filled in found.filled:
        table = found.tables[filled.table]
        contents[filled.table].columns[filled.key] = table.cells[filled.key].tolist()
        ids, names = (table.texts(one, filled.at).tolist() for one in ("id", "name"))
        sentence = _("New clients who got an ID: {count} ({clients}).")
        clients = first_of(list(map(called, ids, names)))
        yield sentence.format(count=len(ids), clients=clients)


def _append_clients(clients: SheetContent, ids: Sequence[str]) -> None:
    """More clients of these IDs, each that is a name with it as her name, too."""
    for columns in (clients.columns, clients.others):
        for cells in columns.values():
            cells.extend([None] * len(ids))
    if ids:
        own = clients.columns.setdefault("id", [None] * (clients.count + len(ids)))
        own[clients.count :] = ids
        names = clients.columns.setdefault("name", [None] * len(own))
        names[clients.count :] = [one if looks_like_name(one) else None for one in ids]
        clients.count += len(ids)
