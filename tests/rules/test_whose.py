"""Whose a row of a log is, where she types a client's ID, her name, or both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rules.model.result import Result
from rules.reading import alike
from rules.reading.whose import complete
from tests.bases import Row, calculate, client, config, on, table

TODAY = on("2026-11-21")
CLIENTS = [
    client("C-1", Name="Anna Petrova"),
    client(2.0, Name="Алёна"),
    client("C-3", Name="Olga"),
    client("C-4", Name=" olga "),
    client("C-5", Name=None),
    {"ID": "Total", "Name": "Vera"},
    {"ID": None, "Name": "Rita"},
    client("C-1", Name="Twin"),
]


def line(key: object, name: object, day: str = "2026-11-01", amount: object = 100) -> Row:
    return {"Date": on(day), "Client ID": key, "Client": name, "Amount": amount}


def run(*lines: Row, clients: Sequence[Row] = CLIENTS) -> Result:
    return calculate(clients, lines, [], TODAY)


def whose(*lines: Row) -> list[int]:
    """The positions of the clients of the rows that count."""
    return list(run(*lines).known.tables["purchases"].client)


def told(*lines: Row, clients: Sequence[Row] = CLIENTS) -> list[tuple[str, str]]:
    """What is told of the rows, by cell."""
    found = run(*lines, clients=clients).problems
    return [(one.cell, one.advice) for one in found if one.sheet == "Purchases"]


@pytest.mark.parametrize("name", ["Anna Petrova", " anna \u00a0 PETROVA\u200b", "Anna\tPetrova"])
def test_a_name_alone_is_the_clients(name: str) -> None:
    assert whose(line(None, name), line("  ", name)) == [0, 0]
    assert told(line(None, name)) == []


def test_in_a_name_yo_is_ye() -> None:
    assert whose(line(None, "алена"), line(2.0, None)) == [1, 1]


def test_the_id_counts_and_the_name_of_another_is_told_with_both_rows() -> None:
    assert whose(line("C-1", "Алена")) == [0]
    assert told(line("C-1", "Алена")) == [
        (
            "C2",
            (
                "The ID here is C-1 (row 2) on the sheet Clients, but 'Алена' is 2 (row 3). The ID "
                "counts; correct the name, or the ID."
            ),
        )
    ]


@pytest.mark.parametrize("name", ["Anna Petrova", "Anya", "", None, 7.0, "Vera"])
def test_beside_an_id_a_name_that_no_other_client_has_is_fine(name: object) -> None:
    assert whose(line("C-1", name)) == [0]
    assert told(line("C-1", name)) == []


@pytest.mark.parametrize(("key", "position"), [("C-3", 2), ("C-4", 3)])
def test_beside_an_id_a_name_that_others_have_too_is_fine(key: str, position: int) -> None:
    assert whose(line(key, "Olga")) == [position]
    assert told(line(key, "Olga")) == []


def test_a_name_that_several_have_lists_them_with_their_ids() -> None:
    assert whose(line(None, "OLGA")) == []
    assert told(line(None, "OLGA")) == [
        (
            "C2",
            (
                "Several clients are called 'OLGA': C-3 (row 4), C-4 (row 5). Type the ID of the right "
                "one; the row is left out until then."
            ),
        )
    ]


def test_of_very_many_namesakes_the_first_five_are_listed() -> None:
    namesakes = [client(f"C-{number}", Name="Eva") for number in range(7)]
    [(_, advice)] = told(line(None, "Eva"), clients=namesakes)
    assert "C-4 (row 6) and 2 more. Type" in advice


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Petrova Anna", " Nearly so: C-1 Anna Petrova."),
        ("Ana Petrova", " Nearly so: C-1 Anna Petrova."),
        ("Anna", ""),
        ("Zoe", ""),
        ("Twin", ""),
        ("Rita", ""),
        ("Olgo", " Nearly so: C-3 Olga, C-4 olga."),
    ],
)
def test_a_name_that_nobody_has_makes_no_client_and_is_told_with_the_nearest(
    name: str, hint: str
) -> None:
    assert whose(line(None, name)) == []
    assert told(line(None, name)) == [
        (
            "C2",
            (
                f"No client is called '{name}' on the sheet Clients. Correct the name, or add the "
                f"client; the row is left out.{hint}"
            ),
        )
    ]


def test_near_names_are_looked_for_as_long_as_somebody_reads_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alike, "_MOST_HINTED", 1)
    first, second = told(line(None, "Olgo"), line(None, "Anna Petrovo"))
    assert "Nearly so" in first[1]
    assert "Nearly so" not in second[1]


def test_an_id_that_nobody_has_is_told_with_the_client_whose_name_stands_beside() -> None:
    assert whose(line("C-9", "Алёна")) == []
    [(cell, advice)] = told(line("C-9", "Алёна"))
    assert cell == "B2"
    assert advice.endswith("left out. The name beside it is that of 2 in row 3 there.")
    [(_, advice)] = told(line("C-9", "Zoe"))
    assert advice.endswith("left out.")


def test_neither_an_id_nor_a_name() -> None:
    assert told(line(None, None), line(None, "Olga", "2027-01-01")) == [
        ("B2", "No client. Type her ID or her name; the row is left out until then.")
    ]


def test_a_row_in_which_only_a_name_stands_isnt_ready() -> None:
    empty = {"Date": None, "Client ID": None, "Client": None, "Amount": None}
    assert [cell for cell, _ in told(empty, {**empty, "Client": "Olga"})] == ["A3", "C3", "D3"]
    assert told({**empty, "Client": 0.0}) == []


def test_a_total_in_the_column_of_names_is_told_once() -> None:
    result = run(line(None, "Всего:"), line("C-1", "Total"))
    assert [one for one in result.problems if one.sheet == "Purchases"] == []
    assert "Rows of Purchases with a total, which is no client's: 1 (C2)." in result.notices
    assert list(result.known.tables["purchases"].client) == [0]


def test_a_log_without_a_column_of_ids() -> None:
    lines = [{"Date": on("2026-11-01"), "Client": name, "Amount": 5} for name in ("Алёна", "Olga")]
    result = run(*lines)
    assert list(result.known.tables["purchases"].client) == [1]
    assert [one.cell for one in result.problems if one.sheet == "Purchases"] == ["B3"]


def test_where_the_names_are_the_ids_a_log_with_names_alone_will_do() -> None:
    rules = config("columns: {clients: {id: Name, name: Name}}")
    people = table([{"Name": "Анна"}, {"Name": "Ёлка"}], rules.columns.clients, "Clients")
    names = people.cells["name"]
    both = people.with_cells({"id": names, "name": names}, {"id": "A", "name": "A"})
    lines = [{"Date": on("2026-11-01"), "Client": "елка", "Amount": 5}]
    log = table(lines, rules.columns.purchases, "Purchases")
    found = complete({"clients": both, "purchases": log}, rules).tables["purchases"]
    assert list(found.column("client_id")) == ["Ёлка"]


# What is filled ------------------------------------------------------------------------------


def test_what_is_blank_is_filled_as_it_stands_on_clients_and_nothing_else() -> None:
    lines = [
        line("C-1", None),
        line("2", ""),
        line(None, "алена"),
        line("C-5", None),
        line("C-9", None),
        line(None, "Olga"),
        line("C-1", "Anya"),
        line(None, None),
        line(None, "Anna Petrova", "2027-01-01"),
        {**line(None, "Anna Petrova"), "Date": None},
    ]
    rules = config()
    base = {
        "clients": table(CLIENTS, rules.columns.clients, "Clients"),
        "purchases": table(lines, rules.columns.purchases, "Purchases"),
    }
    whole = complete(base, rules)
    log = whole.tables["purchases"]
    assert list(log.column("name")) == [
        "Anna Petrova", "Алёна", "алена", None, None, "Olga", "Anya", None, "Anna Petrova",
        "Anna Petrova",
    ]  # fmt: skip
    assert list(log.column("client_id")) == [
        "C-1", "2", 2.0, "C-5", "C-9", None, "C-1", None, "C-1", "C-1",
    ]  # fmt: skip
    places = {(one.table, one.key): one.at.tolist() for one in whole.filled}
    assert places == {("purchases", "client_id"): [2, 8, 9], ("purchases", "name"): [0, 1]}
    assert complete(whole.tables, rules).filled == ()


def test_a_base_without_a_column_of_names_is_as_it_is() -> None:
    rules = config()
    lines = table([{"Date": on("2026-11-01"), "Client ID": None}], rules.columns.purchases, "P")
    base = {"clients": table(CLIENTS, rules.columns.clients, "Clients"), "purchases": lines}
    assert complete(base, rules).tables is base


@pytest.mark.parametrize("clients", [[], [{"ID": None, "Name": None}]])
def test_without_any_client_nothing_follows(clients: list[Row]) -> None:
    rules = config()
    lines = table([line("C-1", None), line(None, "Olga")], rules.columns.purchases, "Purchases")
    base = {"clients": table(clients, rules.columns.clients, "Clients"), "purchases": lines}
    assert complete(base, rules).filled == ()


def test_a_column_of_hers_with_the_heading_for_names_gives_way() -> None:
    rules = config("columns: {purchases: {client_id: Client}}")
    assert rules.headings("purchases")["name"] == ["Client name"]
    rules = config("columns: {purchases: {client_id: [Client, Client name]}}")
    assert "name" not in rules.headings("purchases")
    assert np.all([key in rules.headings("contacts") for key in ("client_id", "name")])
