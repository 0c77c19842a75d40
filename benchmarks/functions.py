"""How long Python takes for functions in thousands of cells: `python -m benchmarks.functions`.

Each cell is one call through xlwings' own code for functions, with what Excel sends, as on
Windows; Excel and its COM are not in the figures. The reading of the tables is shown by itself.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from rules.answers import Answers, about_clients
from rules.config.settings import Config
from rules.model.raw import RawTable
from rules.recalculation import recalculate
from tests.bases import config
from tests.engines.com_stubs import workbook, xlwings_on_windows
from udfs import snapshots

CLIENTS, LINES, REPEATS = 10_000, 200_000, 5
TODAY = dt.datetime.now().astimezone().date()
BASE = "ClientBase.xlsm"


def answers(rules: Config) -> Answers:
    """The answers for a base of random clients and purchases, calculated from its tables."""
    random = np.random.default_rng(1)
    ids = np.arange(CLIENTS).astype(str).astype(object)
    start = np.datetime64(TODAY) - 3 * 365
    clients = RawTable(
        rules.sheets.clients,
        np.arange(CLIENTS) + 2,
        {"id": ids, "name": ids, "class_date": np.full(CLIENTS, "2020-01-01", dtype=object)},
        {"id": "A", "name": "B", "class_date": "C"},
    )
    days = start + random.integers(0, 3 * 365, LINES)
    purchases = RawTable(
        rules.sheets.purchases,
        np.arange(LINES) + 2,
        {
            "date": np.array(days.astype(object)),
            "client_id": random.choice(ids, LINES),
            "amount": random.integers(100, 5000, LINES).astype(float),
        },
        {"date": "A", "client_id": "B", "amount": "C"},
    )
    result = recalculate({"clients": clients, "purchases": purchases}, rules, TODAY)
    return Answers(result)


def seconds(work: Callable[[], object]) -> float:
    """How long *work* takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print, for each function, the seconds for one cell a client, and for one column of all."""
    rules = config()
    vars(snapshots)["calculate"] = lambda *_: _Calculated(rules)
    with xlwings_on_windows() as windows, windows.real_udf_module("udfs.functions") as module:
        name = module.__name__
        reading = seconds(lambda: windows.call(name, "renew", (BASE,), workbook(BASE)))
        say(f"{CLIENTS:,} clients, {LINES:,} purchase lines; Python {sys.version.split()[0]}")
        say(f"calculating the tables once: {reading:.2f} s")
        say(f"{'function':16} {CLIENTS:,} cells  one column of {CLIENTS:,}")
        column = tuple((str(number),) for number in range(CLIENTS))
        for function in about_clients(rules.rooms):

            def ask_cells(function: str = function) -> None:
                for number in range(CLIENTS):
                    windows.call(name, function, (str(number), None, BASE))

            def ask_column(function: str = function) -> None:
                windows.call(name, function, (column, None, BASE))

            cells, whole = (
                statistics.median(seconds(work) for _ in range(REPEATS))
                for work in (ask_cells, ask_column)
            )
            say(f"{function:16} {cells:10.2f} s  {whole:17.2f} s")


class _Calculated:
    """Stands for an open workbook that was read."""

    def __init__(self, rules: Config) -> None:
        self.rules = rules

    def answers(self) -> Answers:
        """Calculated anew, as after a reading."""
        return answers(self.rules)


def say(line: str) -> None:
    """Print a line."""
    print(line)  # noqa: T201


if __name__ == "__main__":
    main()
