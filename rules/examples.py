"""Whether the examples in the configuration come out as the consultant expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rules.conditions import parts
from rules.config.conditions import Ago, Example, ExampleFacts
from rules.config.settings import Config
from rules.model.known import CleanTable, Known
from rules.model.result import Result
from rules.reading.cells import Cells, read_key
from rules.reading.dates import NAT, Days, add_months, months_since
from rules.reading.words import fold
from rules.rooms.facts import Facts, days_between
from rules.rooms.facts import facts as facts_of_clients
from rules.rooms.groups.room import Groups, group
from rules.rooms.groups.room import Settings as GroupSettings
from rules.rooms.stages import Settings as StageSettings
from rules.rooms.stages import Stage, folder_of, stage_of
from rules.why.client import explain
from words import _

UNKNOWN = np.full(1, np.nan)


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
    groups = known.of(group)
    for column, expected in example.expect.given().items():
        found = known.columns[column][0]
        if fold(found) != fold(expected):
            if column == "group":
                why = _why_group(expected, groups, known)
            elif found:
                why = _("that is what its dates say")
            else:
                why = _("these facts alone don't decide it")
            yield Failure(number, column, expected, found, why)


def _why_group(expected: str, groups: Groups, known: Known) -> str:
    """Which rule took her, and what she lacks for the rules above it that give the *expected*."""
    every, taken = known.rule(GroupSettings).groups, int(groups.rule[0])
    if taken >= 0:
        found = [_("group rule {rule} takes her").format(rule=taken + 1)]
    else:
        found, taken = [_("no group rule takes her")], len(every)
    for number, rule in enumerate(every[:taken], 1):
        if fold(rule.name) == fold(expected):
            lacking = [name for name, fits in parts(rule.when, known).items() if not fits[0]]
            fails = _("rule {rule} fails on {facts}")
            found.append(fails.format(rule=number, facts=", ".join(lacking)))
    return "; ".join(found)


def known_of(facts: ExampleFacts, config: Config, today: np.datetime64) -> Known:
    """One client of these facts alone; what follows from them is derived, the rest is unknown."""
    bought, rule = facts.has_bought, config.rule(StageSettings)
    first, last = (_day(ago, today) for ago in (facts.first_purchase, facts.last_purchase))
    found = Facts(
        has_lines=np.array([facts.turnover_in_year is not None]),
        bought=np.array([bool(bought)]),
        turnover_in_year=np.array(
            [int((facts.turnover_in_year or 0) * 10**config.numbers.minor_units)]
        ),
        purchase_days_in_year=_number(facts.purchase_days_in_year),
        purchase_days=_number(facts.purchase_days),
        first_purchase=first,
        last_purchase=last,
        last_line=last,
        days_since_last_purchase=days_between(last, today),
        months_since_last_purchase=months_since(last, today),
        longest_gap_days=_number(facts.longest_gap_days),
        usual_interval_days=_number(facts.usual_interval_days),
        attended_class=np.array([bool(facts.attended_class)]),
        attendance_known=facts.attended_class is not None,
        bought_known=bought is not None,
    )
    own = {fold(name): _cell(word) for name, word in (facts.columns or {}).items()}
    one, nobody = np.zeros(1, np.intp), np.array([""], dtype=object)
    client = CleanTable("clients", one, np.ones(1, dtype=bool), one, nobody, {}, own)
    decided = {
        "abc": _cell(facts.abc),
        "xyz": _cell(facts.xyz),
        "stage": _cell(facts.stage or _stage(facts, first, last, today, rule.stage)),
        "folder": _cell(facts.folder or folder_of(last, today, rule.folder)[0]),
    }
    day = today.astype("datetime64[D]").item()
    return Known(day, config, {"clients": client}, decided, {facts_of_clients: found})


def _day(ago: Ago | None, today: np.datetime64) -> Days:
    """The day that lies so long before *today*: the earliest that is at most `months_ago` ago, so
    that an example on a rule's limit stays on it on every day, and `days_ago` before that.
    """
    if ago is None:
        return np.array([NAT])
    months = ago.months_ago or 0
    day = add_months(np.array([today]), -months)
    if add_months(day, months)[0] < today:  # clamped to the end of a shorter month
        day += np.timedelta64(1, "D")
    return np.asarray(day - np.timedelta64(ago.days_ago or 0, "D"))


def _number(count: int | None) -> Any:  # noqa: ANN401 — counts are whole numbers, or unknown
    return UNKNOWN if count is None else np.array([float(count)])


def _cell(word: str | None) -> Cells:
    return np.array([word or ""], dtype=object)


def _stage(facts: ExampleFacts, first: Days, last: Days, today: np.datetime64, rule: Stage) -> str:
    """The stage, where first and last purchase alone decide it; '' elsewhere."""
    if facts.has_bought is False:
        return rule.names.potential
    if facts.first_purchase is None or facts.last_purchase is None:
        return ""
    none = np.array([NAT])
    found = str(stage_of(first, last, none, none, today, rule)[0])
    return found if found in {rule.names.new, rule.names.lost} else ""
