"""Makes the example base: clients, purchases and contacts from `examples/`, dated around today.

The lists hold days counted from the day on which the example is made (`today-12`, `month-3/15`,
`birthday+9/1985`), so that it never ages; `examples/README.md` explains them.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path

from batch import configuration
from batch.making.new import Made, check_target, write_tables
from batch.making.sources import Source, read_source
from rules.config.settings import Config
from rules.model.declarations import Field, Table
from rules.reading.advice import without_year
from rules.reading.words import fold
from words import speaking

_KINDS = {"kind", "next_kind"}
_DAY = re.compile(
    r"today(?P<today>[+-]\d+)?"
    r"|month-(?P<month>\d+)/(?P<day>\d+)"
    r"|birthday(?P<birthday>[+-]\d+)(?:/(?P<born>\d{4}))?"
)


def make_example(path: Path, config: Config, today: dt.date, rooms: Collection[str] = ()) -> Made:
    """Write the example base as of *today* to *path* (.xlsx or .xlsm), with the further *rooms* of
    these keys.

    Headings and the words that the rules look at are those of *config*; names, products and notes
    are in its language. Raises TargetError; then nothing was written.
    """
    check_target(path)
    return write_tables(path, config, example_tables(config, today), today=today, rooms=rooms)


def example_tables(config: Config, today: dt.date) -> dict[str, Source]:
    """The three lists with the days that they have as of *today*, each log in the order of its
    dates, in the words of *config*.
    """
    return dated_tables(read_lists(config.based_on), config, today)


def lists_folder() -> Path:
    """The folder of the lists: beside this package once installed, above it in a checkout."""
    beside = Path(__file__).parents[1] / "examples"
    return beside if beside.is_dir() else Path(__file__).parents[2] / "examples"


def read_lists(language: str = "en") -> dict[str, Source]:
    """The lists as they stand in their files, which have the headings of the English rules; texts
    that `examples/ru.csv` translates are in *language*, kinds of contact in English.
    """
    english, words, lists = _english(), _words(language), {}
    for name, table in english.rooms.tables.items():
        path = lists_folder() / f"{name}.csv"
        if path.is_file():
            keyed = _keyed(path, english, table)
            lists[name] = Source({key: _worded(cells, words) for key, cells in keyed.items()}, [])
    return lists


def _keyed(path: Path, english: Config, table: Table) -> Mapping[str, list[object]]:
    """The columns of one of the lists."""
    needed, headings = table.required_keys, english.headings(table.key)
    return read_source(path, headings, needed, {}, english.limits).keyed


def _words(language: str) -> dict[str, str]:
    """The texts of the lists in *language*, by the English ones."""
    if language == "en":
        return {}
    with (lists_folder() / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return dict(csv.reader(file))


def dated_tables(lists: Mapping[str, Source], config: Config, today: dt.date) -> dict[str, Source]:
    """The *lists* with days in place of `today-12` and the like, and the words of *config*."""
    year_unknown = without_year(config.dates.written)
    kinds = _kinds(config)
    keys = _client_keys(lists["clients"], config)

    def say(field: Field, cells: list[object]) -> list[object]:
        key = field.key
        if field.is_date:
            return _each(cells, lambda text: resolve(text, today, year_unknown))
        return _worded(cells, kinds if key in _KINDS else keys if key == "client_id" else {})

    dated = {}
    for name, source in lists.items():
        table = config.rooms.tables[name]
        columns = {key: say(table.by_key[key], cells) for key, cells in source.keyed.items()}
        if table.named_by in columns:
            _name_clients(columns, table, lists["clients"], are_ids=bool(keys))
        dated[name] = Source(_by_date(columns) if table.is_log else columns, [])
    return dated


def _name_clients(
    columns: dict[str, list[object]], table: Table, clients: Source, *, are_ids: bool
) -> None:
    """Put the name of each client beside her ID; where the names *are_ids*, they stand there alone.
    In a few rows she has typed the name alone, and the ID is blank until the first recalculation.
    """
    ids, names = columns[table.identity], columns[table.named_by]
    if are_ids:
        pairs = zip(ids, columns.pop(table.named_by), strict=True)
        columns[table.identity] = [key or name for key, name in pairs]
        return
    known = dict(zip(clients.keyed["id"], clients.keyed["name"], strict=True))
    pairs = zip(ids, names, strict=True)
    columns[table.named_by] = [name or known.get(key) for key, name in pairs]


def resolve(text: str, today: dt.date, year_unknown: str) -> object:
    """The day that *text* means as of *today*; text that means none stays as it is.

    A birthday whose year nobody knows becomes text in the form *year_unknown*, such as dd.mm.
    """
    found = _DAY.fullmatch(text)
    if not found:
        return text
    if found["month"]:
        month = today.year * 12 + today.month - 1 - int(found["month"])
        return dt.date(month // 12, month % 12 + 1, int(found["day"]))
    if not found["birthday"]:
        return today + dt.timedelta(int(found["today"] or 0))
    returns = today + dt.timedelta(int(found["birthday"]))
    if found["born"]:
        return _born(int(found["born"]), returns)
    return year_unknown.replace("dd", f"{returns:%d}").replace("mm", f"{returns:%m}")


def _born(year: int, returns: dt.date) -> dt.date:
    """The birthday in *year* that returns on the day *returns*; 29 February takes the leap year
    before, so that it returns on that very day.
    """
    while (returns.month, returns.day) == (2, 29) and not calendar.isleap(year):
        year -= 1
    return returns.replace(year=year)


def _worded(cells: list[object], words: Mapping[str, str]) -> list[object]:
    return _each(cells, lambda text: words.get(text, text))


def _each(cells: list[object], change: Callable[[str], object]) -> list[object]:
    """The *cells*, each different text changed once."""
    changed = {text: change(text) for text in {cell for cell in cells if isinstance(cell, str)}}
    return [changed[cell] if isinstance(cell, str) else cell for cell in cells]


@cache
def _english() -> Config:
    """The rules in whose headings and words the lists are written."""
    with speaking("en"):  # reading rules changes the language that is spoken
        return configuration.read(configuration.shipped_path("en")).config


def _kinds(config: Config) -> dict[str, str]:
    """The kinds of contact of the lists in the words of *config*.

    A word that it knows stays; "gift" becomes its word for gifts; any other becomes the word of
    the same weight in the same place (the second of those that weigh 2, and so on), or the last.
    """
    shipped = _english()
    known = {fold(word) for word in config.kinds}
    words: dict[str, str] = {}
    for weight in set(shipped.kinds.values()):
        own = _of_weight(weight, config)
        for place, word in enumerate(_of_weight(weight, shipped)):
            if fold(word) not in known and own:
                words[word] = own[min(place, len(own) - 1)]
    words[shipped.gifts.kind] = config.gifts.kind
    return words


def _of_weight(weight: int, config: Config) -> list[str]:
    """The kinds of contact that weigh so much, but for gifts."""
    gift = fold(config.gifts.kind)
    return [word for word, its in config.kinds.items() if its == weight and fold(word) != gift]


def _client_keys(clients: Source, config: Config) -> dict[str, str]:
    """What the logs call each client where *config* keeps no IDs but takes the name as the key."""
    if fold(config.heading("clients", "id")) != fold(config.heading("clients", "name")):
        return {}
    pairs = zip(clients.keyed["id"], clients.keyed["name"], strict=True)
    return {str(key): str(name) for key, name in pairs}


def _by_date(columns: Mapping[str, list[object]]) -> dict[str, list[object]]:
    """The rows of a log by date, those of one day in the order of the list."""
    dates = columns["date"]
    order = sorted(range(len(dates)), key=lambda row: str(dates[row]))
    return {key: [cells[row] for row in order] for key, cells in columns.items()}
