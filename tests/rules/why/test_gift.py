"""The four gift cells: the choice, the arithmetic, the occasions, the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from rules.config.yaml_text import Path
from rules.model.result import Result
from tests.bases import Row, alone, bought, calculate, client, touched
from tests.rules.why.told import of, told

TODAY = dt.date(2026, 11, 21)
BIRTHDAY = dt.date(1985, 12, 1)
KEYS = ("gift", "gift_budget", "gift_for", "gift_date")
LOG = [bought("2026-10-01", 30000), bought("2026-11-01", 10000.99)]


def base(
    log: Sequence[Row] = LOG, contacts: Sequence[Row] = (), rules: str = "", **typed: object
) -> Result:
    big = bought("2026-10-01", 90000, client="B")  # so that A isn't of class A
    clients = [client("A", **{"Birthday": BIRTHDAY, **typed}), client("B")]
    return calculate(clients, [*log, big], contacts, TODAY, alone(rules))


def test_the_choice_names_its_entry_and_what_the_next_dearer_lacks() -> None:
    result = base()
    assert of(result, "gift").rule == ("gifts", "list", 2)
    # 1 % of 80 000 is 800
    assert told(result, "gift") == [
        "decided: Hand cream for 400 fits the budget of 400",
        (
            "distance: Mascara for 800: 400 more in the budget needed, that is 39 999,01 more "
            "turnover at the same multipliers"
        ),
    ]
    assert of(result, "gift").evidence[1].rule == ("gifts", "list", 3)


@pytest.mark.parametrize(("kopecks", "gift"), [(0, "Mascara + card"), (1, "Hand cream + card")])
def test_exactly_that_much_more_turnover_gives_it(kopecks: int, gift: str) -> None:
    more = bought("2026-11-02", (3999901 - kopecks) / 100)
    assert base([*LOG, more], rules="gifts: {multipliers: []}").filled["gift"][0] == gift


def test_the_token_names_its_entry_and_what_the_cheapest_gift_lacks() -> None:
    result = base([bought("2026-11-01", 1000)])
    assert of(result, "gift").rule == ("gifts", "token")
    assert told(result, "gift") == [
        "decided: nothing on the gift list fits the budget of 10",
        (
            "distance: Sachet for 150: 140 more in the budget needed, that is 14 000 more "
            "turnover at the same multipliers"
        ),
    ]


LIST = """
home_city: Moscow
gifts:
  percent: 0
  list:
    - {name: Soap, price: 0}
    - {name: Vase, price: 20.5, can_be_posted: no}
    - {name: Book, price: 20.5, groups: [Waiting]}
    - {name: Pen, price: 1200.5}
"""


def test_what_she_may_not_get_is_no_next_gift_and_without_a_percentage_no_turnover_helps() -> None:
    result = base(rules=LIST, City="Tver")
    assert told(result, "gift") == [
        "decided: Soap for 0 fits the budget of 0",
        "distance: Pen for 1 200,50: 1 201 more in the budget needed",
    ]


def test_the_dearest_gift_has_no_next() -> None:
    result = base([bought("2026-11-01", 250000)])
    assert len(told(result, "gift")) == 1


def test_the_budget_shows_its_arithmetic_and_the_multipliers_that_applied() -> None:
    result = base([bought("2026-11-01", 100000.5)])
    assert of(result, "gift_budget").rule == ("gifts", "percent")
    assert told(result, "gift_budget") == [
        "decided: 1 % of 100 000,50 × 1,5 = 1 500, rounded down purchases 0",
        "fact: × 1,5 for ABC: A",
    ]
    assert of(result, "gift_budget").evidence[1].rule == ("gifts", "multipliers", 0)


def test_a_negative_turnover_is_a_budget_of_nothing() -> None:
    result = base([bought("2026-11-01", 5), bought("2026-11-02", -9)])
    assert told(result, "gift_budget")[0].startswith("decided: 1 % of 0 = 0, rounded down")
    assert told(result, "gift")[1].endswith("that is 15 004 more turnover at the same multipliers")


def test_whose_last_purchase_is_long_ago_gets_the_card_alone() -> None:
    result = base([bought("2026-05-20")])
    line = "the last purchase is more than 6 months ago: the card alone purchases 0"
    for key in ("gift", "gift_budget"):
        assert of(result, key).rule == ("gifts", "card_only_after_months")
        assert told(result, key) == [f"blank: {line}"]
    assert told(result, "gift_for")[0] == "decided: Birthday on 01.12.2026 clients 0"


def test_occasions_that_share_the_gift_and_the_later_ones_are_told_by_date() -> None:
    result = base(Birthday=dt.date(1985, 12, 27))
    assert of(result, "gift_for").rule == ("gifts", "occasions", 0)
    assert told(result, "gift_for") == [
        "decided: Birthday on 27.12.2026 clients 0",
        "decided: New Year on 31.12.2026",
        "next: then 8 March on 08.03.2027",
    ]
    assert told(result, "gift_date") == ["decided: Birthday on 27.12.2026 clients 0"]


def test_a_gift_that_was_given_names_its_contact_and_the_next_occasion_stands() -> None:
    contacts = [touched("2026-11-01", "call"), touched("2026-11-15", "gift")]
    result = base(contacts=contacts)
    assert told(result, "gift_for") == [
        "decided: New Year on 31.12.2026",
        "next: then 8 March on 08.03.2027",
        "next: then Birthday on 01.12.2027 clients 0",
        "silent: Birthday on 01.12.2026 has its gift, given on 15.11.2026 contacts 1",
    ]
    assert of(result, "gift_for").evidence[3].rule == ("gifts", "closed_days")


@pytest.mark.parametrize(
    ("birthday", "line"),
    [
        (dt.date(1985, 12, 2), "decided: posted 10 days before 02.12.2026 clients 0"),
        (dt.date(1985, 12, 1), "decided: posted 10 days before 01.12.2026 clients 0"),
        (
            dt.date(1985, 11, 30),
            "decided: to be posted 10 days before 30.11.2026, so today clients 0",
        ),
    ],
)
def test_a_gift_for_another_city_is_posted(birthday: dt.date, line: str) -> None:
    result = base(rules="home_city: Moscow", City="Tver", Birthday=birthday)
    assert of(result, "gift_date").rule == ("gifts", "post_days")
    assert told(result, "gift_date") == [line]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("log", "typed", "rule", "line"),
    [
        ([], {}, (), "blank: she never bought"),
        (LOG, {"Do_not_contact": "yes"}, (), "blank: she doesn't want to be contacted clients 0"),
    ],
)
def test_a_blank_cell_says_why(
    key: str, log: list[Row], typed: dict[str, Any], rule: Path, line: str
) -> None:
    result = base(log, **typed)
    assert (of(result, key).rule, told(result, key)) == (rule, [line])


def test_without_an_occasion_near_the_later_ones_are_told() -> None:
    result = base(rules="gifts: {horizon_days: 5}")
    assert of(result, "gift").rule == ("gifts", "horizon_days")
    assert told(result, "gift") == [
        "blank: no occasion without a gift in the next 5 days",
        "next: then Birthday on 01.12.2026 clients 0",
        "next: then New Year on 31.12.2026",
        "next: then 8 March on 08.03.2027",
    ]
    none = base(rules="gifts: {occasions: []}")
    assert told(none, "gift") == ["blank: no occasion without a gift in the next 60 days"]
    assert told(none, "gift_date") == ["blank: no occasion without a gift in the next 60 days"]
