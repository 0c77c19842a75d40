"""What the worksheet functions answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from rules.answers import Answers, about_clients, about_figures, by_client
from rules.reading.cells import CellError, read_key, read_keys
from rules.rooms.classes.room import abc_of_block as abc
from rules.rooms.classes.room import xyz_of_block as xyz
from tests.bases import (
    FILLED,
    HOUSE,
    Row,
    bought,
    calculate,
    cells,
    client,
    config,
    filled,
    touched,
)

COLUMNS = by_client(HOUSE)
BY_CLIENT, BY_FIGURES = about_clients(HOUSE), about_figures(HOUSE)

TODAY = dt.date(2026, 11, 21)
CLIENTS = [
    client("007", Class_date=dt.date(2025, 1, 1), Birthday=dt.date(1985, 12, 1)),
    client(" Anna  B "),
    client("007"),
    client(None),
    client(12.0),
]
BOUGHT = [
    bought("2026-02-10", 1000, "007"),
    bought("2026-05-10", 1200, "007"),
    bought("2026-08-10", 900.5, "007"),
    bought("2026-08-11", 100, 12),
    bought("2026-08-12", 100, "nobody"),
    bought("2026-08-12", 100, None),
]


def answers(clients: Sequence[Row] = CLIENTS, purchases: Sequence[Row] = BOUGHT) -> Answers:
    contacts = [touched("2026-08-13", client="Anna B")]
    return Answers(calculate(clients, purchases, contacts, TODAY))


def test_every_filled_column_has_a_function_or_is_part_of_one() -> None:
    without = {"abc", "xyz", "last_purchase", "channel", "gift_for", "gift_date"}
    assert {column.key for column in FILLED} == set(COLUMNS.values()) | without


@pytest.mark.parametrize(("function", "key"), COLUMNS.items())
def test_a_function_gives_the_filled_cell(function: str, key: str) -> None:
    found = answers()
    cell = filled(found.result)[0][key]
    assert cell is not None
    assert found.of(function, "007") == cell


def test_the_class_joins_abc_and_xyz() -> None:
    found = answers()
    assert found.of("CLIENT_CLASS", "007") == "AY"
    assert found.of("CLIENT_CLASS", 12) == "C"
    assert found.of("CLIENT_CLASS", "Anna B") is None


def test_dates_come_as_dates_and_money_as_numbers() -> None:
    assert answers().of("NEXT_CONTACT", "007") == dt.date(2026, 10, 10)
    assert answers().of("CLIENT_TURNOVER", "007") == 3100.5
    assert answers().of("GIFT_BUDGET", "12") == 1


@pytest.mark.parametrize("typed", ["anna b", "ANNA B", "  Anna\u00a0 b"])
def test_ids_are_compared_as_everywhere(typed: str) -> None:
    assert answers().of("CLIENT_GROUP", typed) == "Potential"


@pytest.mark.parametrize("blank", [None, "", "  ", float("nan"), CellError("#N/A")])
def test_a_blank_id_gives_a_blank(blank: object) -> None:
    assert answers().of("CLIENT_GROUP", blank) is None


@pytest.mark.parametrize(
    ("typed", "shown"), [("7", "no client '7'"), (7.0, "no client 7"), (True, "no client TRUE")]
)
def test_an_unknown_id_is_told(typed: object, shown: str) -> None:
    assert answers().of("CLIENT_GROUP", typed) == shown


def test_a_row_of_clients_means_its_client() -> None:
    found = answers()
    assert found.in_row("CLIENT_TURNOVER", "Clients", 2) == 3100.5
    assert found.in_row("CLIENT_TURNOVER", "Clients", 4) is None  # the ID stands further up
    assert found.in_row("CLIENT_TURNOVER", "Clients", 5) is None  # no ID
    assert found.in_row("CLIENT_TURNOVER", "Clients", 6) == 100


def test_a_row_of_a_log_means_its_client() -> None:
    found = answers()
    assert found.in_row("CLIENT_TURNOVER", "Purchases", 3) == 3100.5
    assert found.in_row("CLIENT_GROUP", "Contacts", 2) == "Potential"
    assert found.in_row("CLIENT_GROUP", "Purchases", 6) == "no client 'nobody'"
    assert found.in_row("CLIENT_GROUP", "Purchases", 7) is None


@pytest.mark.parametrize(("sheet", "row"), [("Clients", 1), ("Clients", 99), ("Today", 2)])
def test_a_row_outside_the_tables_means_nobody(sheet: str, row: int) -> None:
    assert answers().in_row("CLIENT_GROUP", sheet, row) == "no client in this row"


def test_why_is_a_sentence() -> None:
    assert answers().of("CLIENT_WHY", "007").startswith("Client: last purchase 10.08.2026; ")  # type: ignore[union-attr]


def test_the_functions_are_listed_once() -> None:
    assert len({*BY_CLIENT, *BY_FIGURES}) == len(BY_CLIENT) + len(BY_FIGURES)


@pytest.mark.parametrize(
    "cell",
    ["A 1", " x\u2007Y ", "", None, 7.0, -3.0, 0.5, 1e15, 7, True, float("nan"), float("inf"),
     dt.date(2026, 1, 2), CellError("#N/A"), "ẞ"],
)  # fmt: skip
def test_one_key_is_read_as_a_column_of_them(cell: object) -> None:
    assert read_key(cell) == read_keys(cells([cell, "text"]))[0]


def test_abc_takes_a_block_and_keeps_its_shape() -> None:
    block: list[list[object]] = [[50.0, None], ["30", 15.0], [5.0, -1.0], ["x", 0.0]]
    assert abc(block, config()) == [["A", None], ["B", "C"], ["C", None], [None, None]]


def test_abc_judges_money_exactly() -> None:
    assert abc([[0.1], [0.1], [0.1], [0.1]], config("abc: {line: inclusive}")) == [["A"]] * 4
    assert abc([[10.0], [9.0], [1.0]], config()) == [["A"], ["B"], ["C"]]


STEADY = [100.0] * 12


@pytest.mark.parametrize(
    ("months", "found"),
    [
        (STEADY, "X"),
        ([*STEADY, *STEADY], "X"),
        ([0.0] * 11 + [100.0], "Z"),
        ([None] * 3 + [100.0] * 9, "X"),
        ([None] * 4 + [100.0] * 8, None),  # two whole periods since the first month
        ([None] * 3 + [100.0, None, None] * 3, "X"),  # later blanks are zero
        ([None] * 12, None),
        ([-100.0] * 12, None),
        (STEADY[:8], None),
        (STEADY[:9], "X"),
        ([90.0] * 3 + [110.0] * 3 + [90.0] * 3 + [110.0] * 3, "X"),  # deviation 10 of 100
        ([89.0] * 3 + [111.0] * 3 + [89.0] * 3 + [111.0] * 3, "Y"),
        ([74.0] * 3 + [126.0] * 3 + [74.0] * 3 + [126.0] * 3, "Z"),
    ],
)
def test_xyz_takes_a_row_of_months_for_each_client(months: list[object], found: str | None) -> None:
    assert xyz([months], config()) == [[found]]
    assert xyz([[month] for month in months], config()) == [[found]]
    assert xyz([months, [5.0] * len(months)], config())[0] == [found]


def test_xyz_agrees_with_the_filled_column() -> None:
    days = ["2025-11-05", "2026-02-10", "2026-05-10", "2026-08-10", "2026-10-31"]
    amounts = [700, 1000, 1200, 900.5, 40]
    log = [bought(day, amount, "007") for day, amount in zip(days, amounts, strict=True)]
    months: list[object] = [None] * 12
    for day, amount in zip(days, amounts, strict=True):
        months[(int(day[5:7]) - 11) % 12] = amount
    result = calculate([CLIENTS[0]], log, [], TODAY)
    assert xyz([months], config()) == [[filled(result)[0]["xyz"]]]
