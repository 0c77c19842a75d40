"""Whether the examples in the configuration come out as the consultant expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from rules.config.conditions import Example, ExampleFacts
from rules.config.settings import Config
from rules.model.known import CleanTable, Known
from rules.model.result import Result
from rules.reading.cells import Cells, read_key
from rules.reading.words import fold
from rules.rooms.facts import facts as facts_of_clients
from rules.rooms.facts import facts_of_example
from rules.why.client import explain
from words import _


class Failure(NamedTuple):
    """An example that came out differently.

    number: its place in the list, from 0; column: what was expected, or 'client' where the client
    isn't there; found is '' where nothing came out; why: a sentence.
    """

    number: int
    column: str
    expected: str
    found: str
    why: str


def failures(config: Config, today: np.datetime64, result: Result | None = None) -> list[Failure]:
    """The examples of *config* that come out differently on the day *today*.

    *result* is a recalculation of the workbook whose clients the examples name; without one only
    examples of facts alone are looked at.
    """
    found: list[Failure] = []
    for number, example in enumerate(config.examples):
        if example.facts is not None:
            found += _of_facts(number, example, example.facts, config, today)
        elif result is not None:
            found += _of_client(number, example, result)
    return found


def _of_client(number: int, example: Example, result: Result) -> Iterator[Failure]:
    by_name = result.base[result.config.rooms.clients.key].is_keyed_by_name
    key, clients = read_key(example.client, are_names=by_name), result.known.clients
    at = np.flatnonzero(clients.usable & (clients.keys == key))
    if not len(at):
        yield Failure(number, "client", str(example.client), "", "")
        return
    position = int(at[0])
    for column, expected in example.expect.given().items():
        found = result.filled[column][position]
        if fold(found) != fold(expected):
            yield Failure(number, column, expected, found, _why(column, result, position))


def _why(column: str, result: Result, position: int) -> str:
    """Why a cell is what it is, by what decided it."""
    (explanation,) = (one for one in explain(result, position) if one.key == column)
    kinds = {"fact", "decided", "blank"}
    return "; ".join(one.text.rstrip(".") for one in explanation.evidence if one.kind in kinds)


def _of_facts(
    number: int, example: Example, facts: ExampleFacts, config: Config, today: np.datetime64
) -> Iterator[Failure]:
    known = known_of(facts, config, today)
    for column, expected in example.expect.given().items():
        found, amiss = known.columns[column][0], config.rooms.columns[column].amiss
        if fold(found) != fold(expected):
            if amiss is not None:
                why = amiss(known, expected)
            elif found:
                why = _("that is what its dates say")
            else:
                why = _("these facts alone don't decide it")
            yield Failure(number, column, expected, found, why)


def known_of(facts: ExampleFacts, config: Config, today: np.datetime64) -> Known:
    """One client of these facts alone; what follows from them is derived, the rest is unknown."""
    own = {fold(name): _cell(word) for name, word in (facts.columns or {}).items()}
    one, nobody = np.zeros(1, np.intp), np.array([""], dtype=object)
    tables = {"clients": CleanTable("clients", one, one == 0, one, nobody, {}, own)}
    made: dict[Callable[[Known], object], object] = {
        facts_of_clients: facts_of_example(facts, config, today)
    }
    day = today.astype("datetime64[D]").item()
    bare = Known(day, config, tables, made=made)
    decided = {
        key: column.of_facts(bare)
        for key, column in config.rooms.columns.items()
        if column.of_facts is not None
    }
    given = {key: getattr(facts, key, None) for key in config.decided_words()}
    decided |= {key: _cell(word) for key, word in given.items() if word is not None}
    return Known(day, config, tables, decided, made)


def _cell(word: str) -> Cells:
    return np.array([word], dtype=object)
