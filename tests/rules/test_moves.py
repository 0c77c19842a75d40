"""Who moved class, group or stage, by which rule, and the sentences about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from rules.config.settings import Config
from rules.moves import FIRST_SENTENCES, Move, moves, sentences
from tests.bases import bought, calculate, client, config, on

TODAY = on("2026-11-21")
AT_CLASS = on("2024-01-10")
CLIENTS = [
    client("A", Class_date=AT_CLASS),
    client("B", Class_date=AT_CLASS),
    client("C", Class_date=AT_CLASS),
    client("A"),
]
PURCHASES = [
    bought("2026-11-01", client="A"),
    bought("2026-06-01", client="B"),
    bought("2026-01-01", client="C"),
]


def found(
    changed: Mapping[str, Sequence[tuple[int, object]]], rules: Config | None = None
) -> list[Move]:
    return moves(calculate(CLIENTS, PURCHASES, [], TODAY, rules), changed)


def test_a_move_tells_client_column_from_to_and_the_rule() -> None:
    assert found({"group": [(0, "Waiting"), (1, "VIP"), (2, "Client")]}) == [
        Move("A", "Name of A", "group", "Waiting", "Client", 3),
        Move("B", "Name of B", "group", "VIP", "Client", 5),
        Move("C", "Name of C", "group", "Client", "Waiting", 4),
    ]


def test_classes_and_stages_have_no_number_of_a_rule_and_come_after_the_groups() -> None:
    told = found(
        {"xyz": [(0, "X")], "abc": [(0, "C")], "stage": [(2, "Permanent")], "group": [(2, "VIP")]}
    )
    assert [(move.column, move.old, move.new, move.rule) for move in told] == [
        ("group", "VIP", "Waiting", 4),
        ("stage", "Permanent", "Lost", None),
        ("abc", "C", "A", None),
        ("xyz", "X", "", None),
    ]


@pytest.mark.parametrize("old", [None, "", " ", np.nan, "client", " CLIENT "])
def test_a_first_fill_and_another_spelling_are_no_moves(old: object) -> None:
    assert found({"group": [(0, old)]}) == []


def test_what_was_no_word_before_is_shown_as_it_stood() -> None:
    assert [move.old for move in found({"group": [(0, 7.0), (1, on("2026-05-12"))]})] == [
        "7",
        "2026-05-12",
    ]


def test_rows_that_cannot_be_used_do_not_move() -> None:
    assert found({"group": [(3, "VIP")]}) == []


def test_other_columns_are_no_moves() -> None:
    assert found({"folder": [(0, "Black")], "turnover": [(0, 3.0)]}) == []


def test_nobody_moves_where_nothing_changed() -> None:
    assert found({}) == []
    assert sentences([], config()) == []


def move(
    name: str,
    new: str = "Waiting",
    old: str = "Client",
    column: str = "group",
    rule: int | None = 4,
) -> Move:
    return Move(name.upper(), name, column, old, new, rule)


@pytest.mark.parametrize(
    ("moved", "english", "russian"),
    [
        ([move("Anna")], "1 client became Waiting (Group, rule 4): Anna", "Теперь «Waiting» (Группа, правило 4), 1 клиент: Anna"),
        (
            [move(name) for name in ("Anna", "Olga", "Rita")],
            "3 clients became Waiting (Group, rule 4): Anna, Olga, Rita",
            "Теперь «Waiting» (Группа, правило 4), 3 клиента: Anna, Olga, Rita",
        ),
        (
            [move(name) for name in "abcdef"],
            "6 clients became Waiting (Group, rule 4): a, b, c, d, e and 1 more",
            "Теперь «Waiting» (Группа, правило 4), 6 клиентов: a, b, c, d, e и ещё 1",
        ),
        (
            [move("a", "Client", "VIP", rule=5), move("b", "Client", "VIP", rule=3)],
            "2 clients became Client (Group, rule 3, 5): a, b",
            "Теперь «Client» (Группа, правило 3, 5), 2 клиента: a, b",
        ),
        ([move("a", "", "X", "xyz", None)], "1 client left X (XYZ): a", "Больше не «X» (XYZ), 1 клиент: a"),
        (
            [move("a", "", "X", "xyz", None), move("b", "", "X", "xyz", None)],
            "2 clients left X (XYZ): a, b",
            "Больше не «X» (XYZ), 2 клиента: a, b",
        ),
        ([move("")._replace(client="17")], "1 client became Waiting (Group, rule 4): 17", "Теперь «Waiting» (Группа, правило 4), 1 клиент: 17"),
    ],
)  # fmt: skip
def test_a_sentence_names_the_first_and_counts_the_rest(
    moved: list[Move], english: str, russian: str
) -> None:
    assert sentences(moved, config()) == [english]
    assert sentences(moved, config("based_on: ru")) == [russian]


def test_groups_come_first_then_stages_each_in_the_order_of_the_rules() -> None:
    told = sentences(
        [
            move("a", "A", "B", "abc", None),
            move("b", "Lost", "New", "stage", None),
            move("c"),
            move("d", "VIP", rule=1),
            move("e", "", "VIP", rule=None),
        ],
        config(),
    )
    assert [line.split(":")[0] for line in told] == [
        "1 client became VIP (Group, rule 1)",
        "1 client became Waiting (Group, rule 4)",
        "1 client left VIP (Group)",
        "1 client became Lost (Stage)",
        "1 client became A (ABC)",
    ]


def test_many_kinds_of_move_are_counted() -> None:
    told = sentences(
        [move("a", "", f"old {n:02}", rule=None) for n in range(FIRST_SENTENCES + 3)], config()
    )
    assert len(told) == FIRST_SENTENCES + 1
    assert told[-1] == "… and 3 more kinds of move"


@pytest.mark.parametrize(
    ("kinds", "most", "expected"),
    [
        (4, 5, ["0", "1", "2", "3"]),
        (5, 5, ["0", "1", "2", "3", "4"]),
        (6, 5, ["0", "1", "2", "3", "… and 2 more kinds of move"]),
        (40, 5, ["0", "1", "2", "3", "… and 36 more kinds of move"]),
        (2, 1, ["… and 2 more kinds of move"]),
        (1, 1, ["0"]),
        (0, 5, []),
    ],
)
def test_of_too_many_the_last_sentence_tells_how_many_are_left_out(
    kinds: int, most: int, expected: list[str]
) -> None:
    moved = [move("a", "", f"{number:02}", rule=None) for number in range(kinds)]
    told = sentences(moved, config(), most)
    words = [f"1 client left 0{one} (Group): a" if len(one) == 1 else one for one in expected]
    assert told == words
