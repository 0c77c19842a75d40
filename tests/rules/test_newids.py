"""The next ID for a client who has none yet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rules.reading.newids import give_ids
from tests.bases import Row, calculate, config, on, table

TODAY = on("2026-11-21")


def rows_of(ids: Sequence[object], *names: object) -> list[Row]:
    """Clients of these *ids*, then some who have a name alone."""
    known = [{"ID": key, "Name": f"Client {number}"} for number, key in enumerate(ids)]
    return [*known, *({"ID": None, "Name": name} for name in names)]


def given(
    rows: Sequence[Row], logged: Sequence[object] = (), fixed: Sequence[int] = ()
) -> list[object]:
    """The IDs after giving, where *logged* are those in Purchases."""
    rules = config()
    lines = [{"Date": TODAY, "Client ID": key, "Amount": 1} for key in logged]
    base = {
        "clients": table(rows, rules.columns.clients, "Clients"),
        "purchases": table(lines, rules.columns.purchases, "Purchases"),
    }
    whole = give_ids(base, rules, fixed)
    after = whole.tables["clients"].column("id").tolist()
    assert all(rows[at]["ID"] in {None, "", " "} for one in whole.filled for at in one.at.tolist())
    return [None if one != one else one for one in after]  # noqa: PLR0124 — NaN is blank


@pytest.mark.parametrize(
    ("ids", "following"),
    [
        (["C-0016"], ["C-0017", "C-0018"]),
        (["C-0016", "c-0003"], ["C-0017", "C-0018"]),
        (["C-0099"], ["C-0100", "C-0101"]),
        (["C-9999"], ["C-10000", "C-10001"]),
        (["C-0001", "C-12345"], ["C-12346", "C-12347"]),
        (["2026-007"], ["2026-008", "2026-009"]),
        ([17.0, 3.0], [18.0, 19.0]),
        (["17", "3"], ["18", "19"]),
        ([3.0, "17"], ["18", "19"]),
        ([17.0, "3"], [18.0, 19.0]),
        (["0", "9"], ["10", "11"]),
        (["007", "100"], ["101", "102"]),
        (["123456789"], ["123456790", "123456791"]),
        (["К 7"], ["К 8", "К 9"]),
        ([], ["1", "2"]),
        (["A1", "Total", "итого:"], ["A2", "A3"]),
    ],
)
def test_the_next_numbers_in_the_form_of_the_others(
    ids: Sequence[object], following: list[object]
) -> None:
    assert given(rows_of(ids, "Rita", "Eva"))[len(ids) :] == following


@pytest.mark.parametrize(
    "ids",
    [
        ["C-1", "D-2"],
        ["C-1", 2.0],
        ["Anna"],
        ["1", "Anna"],
        ["007", "07"],
        ["07", "007"],
        ["007", "1"],
        ["1", "007"],
        ["1234567890"],
        ["+79161234567"],
        [1.5],
        ["anna@example.com"],
    ],
)
def test_without_one_form_nothing_is_guessed(ids: Sequence[object]) -> None:
    assert given(rows_of(ids, "Rita"))[-1] is None


def test_ids_in_a_log_are_passed_over_and_need_no_form() -> None:
    rows = rows_of(["C-1"], "Rita", "Eva")
    assert given(rows, ["c-2 ", "C-4", "whatever"])[1:] == ["C-3", "C-5"]
    assert given(rows_of([1.0], "Rita"), ["2"])[1:] == [3.0]


@pytest.mark.parametrize("name", [None, "", "  ", "А", "Итого:", "total"])
def test_who_has_no_name_gets_none(name: object) -> None:
    assert given(rows_of([1.0], name, "Eva")) == [1.0, None, 2.0]


def test_a_cell_that_cant_be_written_gets_none() -> None:
    assert given(rows_of([1.0], "Rita", "Eva"), fixed=[1]) == [1.0, None, 2.0]


@pytest.mark.parametrize("blank", [None, "", " "])
def test_only_blank_cells_are_filled(blank: object) -> None:
    rows: list[Row] = [
        {"ID": "A1", "Name": "Anna"},
        {"ID": blank, "Name": "Rita"},
        {"ID": "a1", "Name": "Eva"},
    ]
    assert given(rows) == ["A1", "A2", "a1"]


def test_where_the_others_follow_no_form_the_problem_says_so() -> None:
    def told(*ids: object) -> str:
        result = calculate(rows_of(ids, "Rita"), [], [], TODAY)
        [advice] = [one.advice for one in result.problems if one.found == ""]
        return advice

    plain = "No ID (name: Rita). Type one, so that the row can be filled."
    assert told("C-1") == plain
    assert told("C-{1", "D-2") == (
        f"{plain} The next one can't be told, because IDs such as C-{{1 (row 2), D-2 (row 3) "
        "follow no one form."
    )
    assert "IDs such as Anna (row 2) follow" in told("Anna")
