"""Clients are found by ID, by name, and by what is like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch import configuration
from batch.asking.clientsearch import (
    SeveralClientsError,
    UnknownClientError,
    find_client,
    shown_client,
)
from batch.recalculation.file import calculate_file
from batch.recalculation.plan import Calculated
from tests.batch.simple_workbook import CONTACTS, PURCHASES, TODAY, Table, write

CLIENTS: Table = [
    ["ID", "Name"],
    ["007", "Anna Petrova"],
    [12, "Anna  Petrova-Lee"],
    ["C 3", "Семён Ёлкин"],
    ["C4", "Мария Иванова"],
    ["12", "Zoe Twice"],
    [None, "Rita Nobody"],
    ["anna", "Olga"],
    ["C8", ""],
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Calculated:
    path = tmp_path_factory.mktemp("base") / "base.xlsx"
    write(path, {"Clients": CLIENTS, "Purchases": PURCHASES[:1], "Contacts": CONTACTS})
    return calculate_file(path, configuration.read(configuration.shipped_path()), TODAY)


def found(base: Calculated, asked: str) -> int:
    return find_client(base.base, base.result, asked)


@pytest.mark.parametrize(
    ("asked", "position"),
    [
        ("007", 0),
        (" c  3", 2),
        ("12", 1),
        ("ANNA", 6),  # an ID comes before a name
        ("anna petrova", 0),  # a whole name before a part
        ("petrova-lee", 1),
        ("Lee Anna", 1),
        ("елкин", 2),
        ("семен ёлкин", 2),
        ("Иван", 3),
        ("Twice", 4),  # left out, and yet found by name
        ("nobody", 5),
    ],
)
def test_a_client_is_found(base: Calculated, asked: str, position: int) -> None:
    assert found(base, asked) == position


def test_several_that_fit_are_listed_with_their_ids(base: Calculated) -> None:
    with pytest.raises(SeveralClientsError) as raised:
        found(base, "Petrov")
    assert str(raised.value) == (
        "Several clients fit 'Petrov': 007 Anna Petrova, 12 Anna  Petrova-Lee. Give her ID."
    )


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("7", ["007 Anna Petrova"]),
        ("C3", ["C 3 Семён Ёлкин"]),
        ("Ивановна", ["C4 Мария Иванова"]),
        ("Xyzzy", []),
        ("", []),
        ("   ", []),
    ],
)
def test_an_unknown_client_is_told_with_the_nearest(
    base: Calculated, asked: str, near: list[str]
) -> None:
    with pytest.raises(UnknownClientError) as raised:
        found(base, asked)
    assert raised.value.near == near
    assert str(raised.value) == (
        f"No client fits '{asked}'"
        + (f". Nearest: {', '.join(near)}. " if near else ", and none comes near. ")
        + "Give her ID, or her name or a part of it."
    )


def test_a_long_list_is_cut_with_a_count() -> None:
    error = SeveralClientsError("a", [f"C{number}" for number in range(12)])
    assert str(error).endswith("C8, C9 and 2 more. Give her ID.")


def test_a_client_whose_name_is_the_id_is_named_once(base: Calculated) -> None:
    assert shown_client(base.base, 7) == "C8"
    assert shown_client(base.base, 5) == "Rita Nobody"


def test_an_id_with_yo_is_found_by_it_and_is_another_than_that_with_ye(tmp_path: Path) -> None:
    clients: Table = [["ID", "Name"], ["Ёлка", "Anna"], ["Елка", "Vera"]]
    path = write(tmp_path / "base.xlsx", {"Clients": clients, "Purchases": PURCHASES[:1]})
    calculated = calculate_file(path, configuration.read(configuration.shipped_path()), TODAY)
    assert [found(calculated, asked) for asked in ("ёлка", "елка")] == [0, 1]
