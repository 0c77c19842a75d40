"""The gifts to order, compared with a plain count of the filled columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from random import Random
from typing import Any

import pytest

from rules.config.settings import Config
from rules.model.declarations import SheetRows
from rules.model.result import Result
from rules.rooms.shopping import shopping_list, with_ticks
from tests.bases import alone, bought, client, config, on, table
from tests.random_bases import TODAYS, random_base
from tests.rules.rooms.made import calculated, every_day, gift_rows, rows_of

JULY, DECEMBER = on("2026-07-10"), on("2026-11-21")


def shown(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in rows]


def test_it_names_each_thing_with_count_price_cost_and_clients_and_sums_them() -> None:
    clients = [
        client(key, Birthday=f"0{day}.12") for key, day in zip("ABCDE", range(1, 6), strict=True)
    ]
    spent = {"A": 15_000, "B": 25_000, "C": 15_500, "D": 100, "E": 0}
    purchases = [bought("2026-11-01", amount, key) for key, amount in spent.items()]
    rows = gift_rows(clients, purchases, rules=config("gifts: {multipliers: []}"))
    assert shown(rows) == [
        ("Birthday", on("2026-12-01"), "Sachet", 2, 150, 300, "Name of A, Name of C"),
        ("Birthday", on("2026-12-01"), "card", 4, None, None, "Name of A, Name of B, Name of C, Name of D"),
        ("Birthday", on("2026-12-02"), "Lip balm", 1, 250, 250, "Name of B"),
        ("Birthday", on("2026-12-04"), "Booklet", 1, None, None, "Name of D"),
        ("Birthday", on("2026-12-01"), "Together", 4, None, 550, None),
    ]  # fmt: skip


def test_the_line_above_counts_gifts_and_what_all_cost() -> None:
    clients = [client("A", Birthday="01.12"), client("B")]
    purchases = [bought("2026-11-01", 15_000, key) for key in "AB"]
    made = shopping_list(
        calculated(clients, purchases, rules=config("gifts: {multipliers: []}")), every_day
    )
    assert [row["occasion"] for row in rows_of(made)] == ["Birthday"] * 3 + ["New Year"] * 3
    assert made.lines == ("Gifts to have ready: 2, together 300.",)


def test_without_any_gift_it_is_empty() -> None:
    made = shopping_list(calculated([client()], today=JULY), every_day)
    assert len(made) == 0
    assert made.lines == ("Gifts to have ready: 0, together 0.",)


@pytest.mark.parametrize("joiner", [" + ", ", ", "+", " und "])
@pytest.mark.parametrize("name", ["Tea", "Tea + jam", "card", "Tea + card", "Together"])
def test_a_thing_is_found_whatever_its_name_and_the_word_between(name: str, joiner: str) -> None:
    rules = alone(
        f"gifts: {{multipliers: [], joiner: '{joiner}', list: [{{name: '{name}', price: 100.25}}]}}"
    )
    rows = gift_rows([client(Birthday="01.12")], [bought("2026-11-01", 20_000)], rules=rules)
    gifts = [(row["item"], row["count"], row["cost"]) for row in rows[:-1]]
    assert gifts == [(name, 1, 100.25), ("card", 1, None)]
    assert rows[-1]["item"] == "Together"
    assert rows[-1]["count"] == 1


AT_TWO_PRICES = (
    "gifts: {multipliers: [], list: [{name: Set, price: 100}, {name: Tea, price: 200},"
    " {name: Set, price: 300}]}"
)


@pytest.mark.parametrize(
    ("budgets", "expected"),
    [
        ((100, 199), [("Set", 2, 100, 200, "Name of 0, Name of 1")]),
        ((299, 199), [("Tea", 1, 200, 200, "Name of 0"), ("Set", 1, 100, 100, "Name of 1")]),
        (
            (300, 150, 5000),
            [("Set", 2, 300, 600, "Name of 0, Name of 2"), ("Set", 1, 100, 100, "Name of 1")],
        ),
    ],
)
def test_of_one_name_at_two_prices_each_client_gets_her_own(
    budgets: tuple[int, ...], expected: list[tuple[object, ...]]
) -> None:
    clients = [client(str(number), Birthday="01.12") for number in range(len(budgets))]
    purchases = [bought("2026-11-01", 100 * one, str(at)) for at, one in enumerate(budgets)]
    rows = shown(gift_rows(clients, purchases, rules=alone(AT_TWO_PRICES)))
    assert [row[2:] for row in rows[:-2]] == expected
    cost = sum(int(str(row[3])) for row in expected)
    assert rows[-1][2:] == ("Together", len(budgets), None, cost, None)


@pytest.mark.parametrize("second", [", groups: [VIP]", ", occasions: [8 March]"])
def test_a_dearer_one_of_the_name_that_she_can_not_get_is_not_counted(second: str) -> None:
    clients, purchases = [client("A", Birthday="01.12")], [bought("2026-11-01", 30_000)]
    rules = alone(
        "gifts: {multipliers: [], list: [{name: Set, price: 100},"
        f" {{name: Set, price: 300{second}}}]}}"
    )
    rows = gift_rows(clients, purchases, rules=rules)
    assert (rows[0]["item"], rows[0]["price"], rows[0]["cost"]) == ("Set", 100, 100)


def test_a_token_of_the_name_of_a_gift_has_its_own_price() -> None:
    rules = alone(
        "gifts: {multipliers: [], token: Tea, token_price: 20, list: [{name: Tea, price: 100}]}"
    )
    clients = [client(key, Birthday="01.12") for key in "AB"]
    purchases = [bought("2026-11-01", amount, key) for key, amount in (("A", 10_000), ("B", 100))]
    rows = gift_rows(clients, purchases, rules=rules)
    assert [(row["item"], row["count"], row["price"]) for row in rows[:2]] == [
        ("Tea", 1, 100),
        ("Tea", 1, 20),
    ]


def test_a_thing_that_is_called_like_the_sum_is_not_summed_twice() -> None:
    rules = alone("gifts: {multipliers: [], list: [{name: Together, price: 100}]}")
    made = shopping_list(
        calculated([client(Birthday="01.12")], [bought("2026-11-01", 20_000)], rules=rules),
        every_day,
    )
    assert made.lines == ("Gifts to have ready: 1, together 100.",)


def test_token_and_card_have_prices_too_and_kopecks_add_up() -> None:
    rules = alone(
        "gifts: {multipliers: [], token_price: 10.10, card_price: 0.35, list: [{name: Tea, price: 99.95}]}"
    )
    clients = [client(str(number), Birthday="01.12") for number in range(4)]
    amounts = (10_000, 10_000, 10_000, 100)
    purchases = [bought("2026-11-01", amount, str(at)) for at, amount in enumerate(amounts)]
    rows = gift_rows(clients, purchases, rules=rules)
    assert [(row["item"], row["count"], row["price"], row["cost"]) for row in rows] == [
        ("Tea", 3, 99.95, 299.85),
        ("Booklet", 1, 10.1, 10.1),
        ("card", 4, 0.35, 1.4),
        ("Together", 4, None, 311.35),
    ]


def test_the_card_alone_is_no_other_thing() -> None:
    rows = gift_rows([client(Birthday="01.12")], [bought("2026-01-01", 20_000)])
    assert [(row["item"], row["count"]) for row in rows] == [("card", 1), ("Together", 1)]


def test_a_client_without_a_name_gets_no_gift() -> None:
    assert not gift_rows(
        [{"ID": 7, "Name": None, "Birthday": "01.12"}], [bought("2026-11-01", client=7)]
    )


def test_more_names_than_a_cell_holds_are_counted() -> None:
    clients = [
        {"ID": str(number), "Name": f"{number} " + "n" * 3000, "Birthday": "01.12"}
        for number in range(20)
    ]
    purchases = [bought("2026-11-01", 100, str(number)) for number in range(20)]
    rows = gift_rows(clients, purchases)
    for row in rows[:-1]:
        text = str(row["clients"])
        assert len(text) <= 32_767
        listed, more = text.split(" … +")
        assert listed.count("n, ") + 1 + int(more) == 20


Needed = dict[frozenset[str], dict[str, int]]


def occasions(text: object) -> frozenset[str]:
    return frozenset(str(text).split(" + "))


def naive(result: Result, rules: Config) -> Needed:
    """How many of each thing each set of occasions needs, read off the filled columns."""
    found: Needed = defaultdict(lambda: defaultdict(int))
    for gift, occasion in zip(result.cells("gift"), result.cells("gift_for"), strict=True):
        if gift is not None:
            things = str(gift).split(" + ")
            assert things[-1] == rules.gifts.card
            for thing in things:
                found[occasions(occasion)][thing] += 1
    return {occasion: dict(things) for occasion, things in found.items()}


@pytest.mark.parametrize("today", TODAYS[::3], ids=str)
def test_every_count_and_cost_is_that_of_the_filled_columns(today: dt.date) -> None:
    rules = config("home_city: Nizhny Novgorod")
    prices = {one.name: float(one.price) for one in rules.gifts.list}
    for seed in range(4):
        base = random_base(Random(seed).randint(0, 10**6), today)
        result = calculated(*base, today=today, rules=rules)
        rows = rows_of(shopping_list(result, every_day))
        counted: Needed = defaultdict(dict)
        for row in rows:
            if row["item"] != "Together":
                counted[occasions(row["occasion"])][str(row["item"])] = int(
                    str(row["count"]).split(".")[0]
                )
                cost = prices.get(str(row["item"]), 0) * float(str(row["count"]))
                assert (row["cost"] or 0) == cost
        assert dict(counted) == naive(result, rules)
        days = result.cells("gift_date")
        firsts = [row["needed"] for row in rows if row["item"] == "Together"]
        assert firsts == sorted(firsts, key=str)
        assert set(firsts) <= set(days)
        blocks = [occasions(row["occasion"]) for row in rows if row["item"] == "Together"]
        assert len(set(blocks)) == len(blocks)
        for block in blocks:
            needed = [row["needed"] for row in rows if occasions(row["occasion"]) == block]
            assert needed[:-1] == sorted(needed[:-1], key=str)
            assert needed[-1] == needed[0]


def test_the_same_occasions_are_one_whichever_comes_first() -> None:
    clients = [client("A", Birthday="28.12"), client("B", Birthday="03.01")]
    purchases = [bought("2026-11-01", 100, key) for key in "AB"]
    rows = gift_rows(clients, purchases, today=on("2026-12-20"))
    assert [(row["occasion"], row["item"], row["clients"]) for row in rows] == [
        ("Birthday + New Year", "Booklet", "Name of A, Name of B"),
        ("Birthday + New Year", "card", "Name of A, Name of B"),
        ("Birthday + New Year", "Together", None),
    ]


# What she ticked --------------------------------------------------------------------------------


def made(*rows: tuple[str, str, float | None, str]) -> SheetRows:
    """A list of occasion, thing, price and clients."""
    keys = ("occasion", "item", "price", "clients")
    columns: dict[str, list[Any]] = {key: [] for key in keys}
    for row in rows:
        for key, cell in zip(keys, row, strict=True):
            columns[key].append(cell)
    columns["count"] = [float(len(row[3].split(", "))) for row in rows]
    columns["needed"] = columns["cost"] = [None] * len(rows)
    return SheetRows(columns, ("head",))


def ticked(now: SheetRows, before: SheetRows, *ticks: object) -> list[tuple[object, object]]:
    """The things and what stands under Bought of a list, after it was ticked as it was *before*."""
    rules = config()
    names = {key: accepted[0] for key, accepted in dict(rules.columns.gifts).items()}
    rows = [
        {names[key]: cells[at] for key, cells in before.columns.items()} | {"Bought": tick}
        for at, tick in enumerate(ticks)
    ]
    listed = table(rows, rules.columns.gifts, "Gifts")
    kept = with_ticks(now, listed, rules)
    assert len({len(cells) for cells in kept.columns.values()}) == 1
    return list(zip(kept.columns["item"], kept.columns["bought"], strict=True))


BEFORE = made(
    ("Birthday", "Tea", 200, "Anna, Olga"),
    ("Birthday", "card", None, "Anna, Olga"),
    ("New Year + Birthday", "Tea", 200, "Vera, Rita, Nina … +37"),
)


@pytest.mark.parametrize("tick", ["x", "✓", "yes", "ordered, comes on Friday", "1"])
def test_what_she_ticked_stays_with_its_thing(tick: str) -> None:
    assert ticked(BEFORE, BEFORE, tick, None, "x") == [("Tea", tick), ("card", None), ("Tea", "x")]
    now = made(
        ("Birthday + New Year", "tea", 200, "Vera, Rita, Nina … +37"),
        ("8 March", "Tea", 200, "Anna"),
        ("Birthday", "Tea", 200, "Olga"),
        ("Birthday", "Tea", 250, "Anna"),
    )
    assert ticked(now, BEFORE, tick, None, "v") == [
        ("tea", "v"), ("Tea", None), ("Tea", tick), ("Tea", None),
    ]  # fmt: skip


def test_once_others_need_the_thing_the_tick_says_for_whom_it_was() -> None:
    now = made(
        ("Birthday", "Tea", 200, "Olga, Vera"),
        ("New Year + Birthday", "Tea", 200, "Vera, Rita, Nina … +38"),
    )
    assert ticked(now, BEFORE, "x", None, "+") == [
        ("Tea", "x: Anna, Olga"), ("Tea", "+: Vera, Rita, Nina … +37"),
    ]  # fmt: skip
    assert ticked(now, BEFORE, "two of three", None, None)[0] == ("Tea", "two of three")


def test_a_tick_goes_with_its_row_and_a_note_stays_below_the_list() -> None:
    now = made(("Birthday", "card", None, "Olga"))
    assert ticked(now, BEFORE, "x", None, "x: Vera") == [("card", None)]
    assert ticked(now, BEFORE, "in the cupboard", "x", None) == [
        ("card", "x"), ("Tea", "in the cupboard"),
    ]  # fmt: skip


def test_a_new_list_has_no_ticks() -> None:
    assert with_ticks(BEFORE, None, config()).columns["bought"] == [None] * 3
