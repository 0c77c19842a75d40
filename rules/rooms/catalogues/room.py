"""The room of the catalogues: its sheet, its report, and whom to ask for an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.config.checks import Finding, same_words
from rules.config.settings import Config
from rules.model.declarations import Column, ContactRule, Field, Room, Table
from rules.model.known import Known
from rules.reading.dates import NAT, Days, newest_rows, no_days
from rules.rooms.catalogues.outcomes import outcomes
from rules.rooms.catalogues.report import SHEET
from rules.rooms.catalogues.settings import Catalogue, Settings
from rules.rooms.next_contact.rule import Open, Situation, Texts

_SOURCE = "Pustylnik"


def follow_up(rule: Catalogue, situation: Situation, channel: Texts) -> Open:
    """The newest catalogue of each client: some days after it while it may still work, or when it
    can't any more and she wasn't reached.

    Of one day the row further down is the newest. Done by a contact that counts: of an open one
    later than it was handed out, of a missed one from `grace_days` before the date on; a missed one
    also by a purchase, and it expires. Source: Pustylnik.
    """
    known, rows = situation.known, situation.known.tables["catalogues"]
    found, names = known.of(outcomes), known.rule(Settings).catalogues.names
    newest = newest_rows(rows.client, rows.date, len(situation))
    has_one, last = newest >= 0, situation.last_counting(channel)

    def of_newest(column: Days) -> Days:
        days = no_days(len(situation))
        days[has_one] = column[newest[has_one]]
        return days

    def is_called(name: str) -> NDArray[np.bool_]:
        called = np.zeros(len(situation), dtype=bool)
        called[has_one] = found.outcome[newest[has_one]] == name
        return called

    handed, one_day = of_newest(rows.date), np.timedelta64(1, "D")
    open_ = is_called(names.open) & ~(last > handed)
    due = handed + np.timedelta64(rule.follow_up_days, "D")
    yield np.where(open_, due, NAT), _named(rule.reason, found.name, newest), channel

    due = of_newest(found.last) + one_day
    done = last >= due - np.timedelta64(rule.grace_days, "D")
    done |= situation.facts.last_purchase > handed
    done |= due < situation.today - np.timedelta64(rule.expires_days, "D")
    missed = is_called(names.missed) & ~done
    yield np.where(missed, due, NAT), _named(rule.missed, found.name, newest), channel


def _named(reason: str, names: NDArray[np.object_], newest: NDArray[np.intp]) -> Texts:
    """The reason with the name of each client's catalogue."""
    texts = np.full(len(newest), "", dtype=object)
    at = np.flatnonzero(newest >= 0)
    texts[at] = [reason.replace("{name}", names[one]) for one in newest[at].tolist()]
    return texts


def _handed(known: Known) -> tuple[NDArray[np.intp], Days]:
    rows = known.tables["catalogues"]
    return rows.client, rows.date


def _results(config: Config) -> Sequence[str]:
    """The words for Result, of each kind the first."""
    words = config.rule(Settings).catalogues.results
    return [words.ordered[0], words.no_order[0], words.missed[0]]


def _colours(config: Config) -> Mapping[str, str]:
    names = config.rule(Settings).catalogues.names
    return {
        names.ordered: "green",
        names.no_order: "grey",
        names.missed: "pink",
        names.open: "yellow",
    }


def _checks(config: Config) -> Iterator[Finding]:
    results = config.rule(Settings).catalogues.results
    every = [*results.ordered, *results.no_order, *results.missed]
    yield from same_words(("catalogues", "results"), every)


ROOM = Room(
    "catalogues",
    Settings,
    tables=(
        Table(
            "catalogues",
            "the sheet with the catalogues that you handed out",
            (
                Field("date", "date", "the day on which she got it", required=True),
                Field("client_id", "client", "who got it", required=True, as_typed=True),
                Field(
                    "name",
                    "client_name",
                    "the client's name, in place of her ID or beside it",
                    width=24,
                ),
                Field("catalogue", "issue", "which one", required=True, width=18, as_typed=True),
                Field(
                    "result",
                    "text",
                    "what came of it, if you know better than the purchases: ordered, no order or "
                    "missed; any other text is a note",
                    width=24,
                    offers=_results,
                ),
            ),
            filled=(
                Column(
                    "outcome",
                    "text",
                    "what became of it: ordered, no order, missed or still open",
                    _SOURCE,
                    12,
                    lambda known: known.of(outcomes).outcome,
                    words=lambda config: [*_colours(config)],
                    colours=_colours,
                ),
                Column(
                    "ordered_on",
                    "date",
                    "the first purchase day in its time",
                    _SOURCE,
                    13,
                    lambda known: known.of(outcomes).ordered_on,
                ),
                Column(
                    "amount",
                    "number",
                    "what she bought in its time",
                    _SOURCE,
                    11,
                    lambda known: known.of(outcomes).amount,
                    is_money=True,
                ),
            ),
        ),
    ),
    sheets=(SHEET,),
    contact_rules=(ContactRule("catalogue", Catalogue, follow_up, waits=True, is_hushed=True),),
    checks=_checks,
    touches=_handed,
    is_extra=True,
)
