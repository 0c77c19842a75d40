"""The report Catalogue results: how well each catalogue worked. Source: Pustylnik."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rules.model.declarations import Cell, IsWorkingDay, Look, Sheet, SheetColumn, SheetRows
from rules.model.result import Result
from rules.reading.cells import Mask
from rules.reading.dates import date_or_none
from rules.rooms.catalogues.outcomes import bought_in_all, outcomes
from rules.rooms.catalogues.settings import Settings
from rules.rooms.shown import Shown, listed
from rules.rooms.stages import Settings as StageSettings
from words import marked

COLUMNS = (
    SheetColumn("catalogue", "text", "the catalogue", 24, required=True),
    SheetColumn("first", "date", "the day on which the first one was handed out", 12),
    SheetColumn("handed", "number", "how many were handed out", 10, required=True),
    SheetColumn("ordered", "number", "how many clients ordered from it", 10),
    SheetColumn("no_order", "number", "how many didn't", 10),
    SheetColumn("missed", "number", "how many weren't reached", 10),
    SheetColumn("open", "number", "how many may still order", 10),
    SheetColumn(
        "works",
        "number",
        "the share that ordered, of those that are decided; six to eight of ten is usual",
        10,
        required=True,
        is_percent=True,
    ),
    SheetColumn("amount", "number", "what was ordered from it", 12),
    SheetColumn("missed_clients", "text", "who wasn't reached", 66),
    SheetColumn(
        "not_handed",
        "number",
        "of the newest catalogue: how many clients of the green folder didn't get it",
        12,
    ),
)


def catalogue_results(result: Result, _works: IsWorkingDay) -> SheetRows:
    """How well each catalogue worked, the one that was handed out last on top; then all together,
    where a purchase counts once. Unit of amounts: money; of shares: percent.
    """
    rows = [*_Results(result).rows()]
    return SheetRows({one.key: [row.get(one.key) for row in rows] for one in COLUMNS})


class _Results:
    """The work of one call of `catalogue_results`."""

    def __init__(self, result: Result) -> None:
        self.result, self.table = result, result.known.tables["catalogues"]
        self.found = result.known.of(outcomes)
        self.rule = result.config.rule(Settings).catalogues
        self.shown = Shown(result)

    def rows(self) -> Iterator[dict[str, Cell]]:
        """A row for each catalogue, and one for all."""
        edition, date = self.found.edition, self.table.date
        order = np.lexsort((np.arange(len(edition)), date))
        first: dict[int, np.datetime64] = {}
        for number, day in zip(edition[order].tolist(), date[order], strict=True):
            first.setdefault(number, day)
        newest_first = sorted(sorted(first), key=lambda number: first[number], reverse=True)
        for place, number in enumerate(newest_first):
            here = edition == number
            yield self._counts(here) | {
                "catalogue": str(self.found.name[here][0]),
                "first": date_or_none(first[number]),
                "amount": _total(self.found.amount[here]),
                "missed_clients": self._missed(here) or None,
                "not_handed": self._not_handed(here) if place == 0 else None,
            }
        if first:
            amount = bought_in_all(self.result.known, self.found)
            everything = np.ones(len(edition), dtype=bool)
            yield self._counts(everything) | {"catalogue": self.rule.all, "amount": amount or 0.0}

    def _counts(self, here: Mask) -> dict[str, Cell]:
        names, outcome = self.rule.names, self.found.outcome[here]
        counts = {
            key: float(np.sum(outcome == name))
            for key, name in dict(names).items()
        }  # fmt: skip
        decided = len(outcome) - counts["open"]
        works = percent(counts["ordered"], decided)
        return {**counts, "handed": float(len(outcome)), "works": works}

    def _missed(self, here: Mask) -> str:
        """The names of those who weren't reached, each once."""
        missed = here & (self.found.outcome == self.rule.names.missed)
        clients = dict.fromkeys(self.table.client[missed].tolist())
        return listed([*dict.fromkeys(self.shown.name(one) for one in clients)])

    def _not_handed(self, here: Mask) -> float:
        green = self.result.config.rule(StageSettings).folder.names.green
        without = self.result.known.columns["folder"] == green
        without[self.table.client[here]] = False
        return float(without.sum())


def percent(part: float, whole: float) -> float | None:
    """*part* of *whole* in whole percent, halves rounded up; None of nothing."""
    return float((200 * part + whole) // (2 * whole)) if whole else None


def _total(amounts: NDArray[np.float64]) -> float:
    return float(np.nansum(amounts))


SHEET = Sheet(
    "catalogue_results",
    "the sheet with what became of each catalogue",
    "Pustylnik",
    COLUMNS,
    catalogue_results,
    title=marked("Catalogue results"),
    looks=(Look("catalogue", "not_handed", 'AND({catalogue}<>"",{first}="")', "total"),),
)
