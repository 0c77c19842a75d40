"""Gifts: the occasion, the budget, the gift and its day, on both sides of every threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from tests.bases import Row, alone, bought, calculate, client, filled, on, touched


class Cells(NamedTuple):
    """The four gift cells, dates as text."""

    gift: str | None
    budget: float | None
    occasion: str | None
    date: str | None


NOTHING = Cells(None, None, None, None)
PLAIN = "gifts: {multipliers: []}"
"""1 % of the turnover and no more."""


def gift(
    today: str,
    turnover: float = 15_000,
    rules: str = PLAIN,
    contacts: Sequence[Row] = (),
    purchases: Sequence[Row] | None = None,
    **typed: object,
) -> Cells:
    """The gift cells of one client, who bought for *turnover* today unless *purchases* say more."""
    lines = [bought(today, turnover)] if purchases is None else purchases
    result = calculate([client(**typed)], lines, contacts, on(today), alone(rules))
    cells = filled(result)[0]
    values = (cells[key] for key in ("gift", "gift_budget", "gift_for", "gift_date"))
    gift_, budget, occasion, date = values
    return Cells(
        None if gift_ is None else str(gift_),
        None if budget is None else float(str(budget)),
        None if occasion is None else str(occasion),
        None if date is None else str(date),
    )


# --- the occasion ----------------------------------------------------------------------------

OCCASIONS = [
    # birthday, today, occasion, day
    ("14.07", "2024-05-15", "Birthday", "2024-07-14"),  # 16 + 30 + 14 = 60 days ahead
    ("15.07", "2024-05-15", None, None),  # 61
    ("15.05", "2024-05-15", "Birthday", "2024-05-15"),  # today
    ("14.05", "2024-05-15", None, None),  # yesterday
    (None, "2024-05-15", None, None),
    (None, "2024-11-01", "New Year", "2024-12-31"),  # 29 + 31 = 60 days ahead
    (None, "2024-10-31", None, None),
    (None, "2024-12-31", "New Year", "2024-12-31"),
    (None, "2025-01-07", "8 March", "2025-03-08"),  # 24 + 28 + 8 = 60
    (None, "2025-01-06", None, None),
    (None, "2024-01-08", "8 March", "2024-03-08"),  # 23 + 29 + 8 = 60
    (None, "2024-01-07", None, None),
    (None, "2024-03-08", "8 March", "2024-03-08"),
    (None, "2024-03-09", None, None),
    # the nearest of several
    ("01.03", "2024-02-01", "Birthday + 8 March", "2024-03-01"),  # 7 days apart: one gift
    ("29.02", "2024-02-01", "Birthday", "2024-02-29"),  # 8 days apart
    ("29.02", "2025-02-01", "Birthday", "2025-02-28"),  # 8 days apart in a common year too
    ("09.03", "2024-02-01", "8 March + Birthday", "2024-03-08"),
    ("15.03", "2024-02-01", "8 March + Birthday", "2024-03-08"),
    ("16.03", "2024-02-01", "8 March", "2024-03-08"),
    ("24.12", "2024-12-01", "Birthday + New Year", "2024-12-24"),
    ("23.12", "2024-12-01", "Birthday", "2024-12-23"),
    ("07.01", "2024-12-01", "New Year + Birthday", "2024-12-31"),
    ("08.01", "2024-12-01", "New Year", "2024-12-31"),
    # one day: in the list's order
    ("31.12", "2024-12-01", "Birthday + New Year", "2024-12-31"),
    ("08.03", "2024-02-01", "Birthday + 8 March", "2024-03-08"),
    # what shares the gift may lie beyond the horizon
    ("07.01", "2024-11-01", "New Year + Birthday", "2024-12-31"),
    # what lies before today shares nothing
    ("30.12", "2024-12-31", "New Year", "2024-12-31"),
]


@pytest.mark.parametrize(("birthday", "today", "occasion", "date"), OCCASIONS)
def test_a_gift_is_for_the_nearest_occasion_within_60_days_and_those_up_to_7_days_after_it(
    birthday: str | None, today: str, occasion: str | None, date: str | None
) -> None:
    found = gift(today, Birthday=birthday)
    assert (found.occasion, found.date) == (occasion, date)
    assert (found == NOTHING) is (occasion is None)


def test_three_occasions_may_share_a_gift() -> None:
    rules = """
        gifts:
          multipliers: []
          occasions:
            - {day: 03-08, name: 8 March}
            - {day: birthday, name: Birthday}
            - {day: 03-01, name: Spring}
        """
    assert (
        gift("2024-02-15", rules=rules, Birthday="01.03").occasion == "Birthday + Spring + 8 March"
    )


# --- occasions that a gift has closed --------------------------------------------------------

CLOSED: list[tuple[str, str | None, str, str, str | None]] = [
    # a gift of …, birthday, today, what was given, what stands
    ("2024-12-10", None, "2024-12-15", "gift", None),  # 21 days ahead
    ("2024-12-09", None, "2024-12-15", "gift", "New Year"),  # 22 days
    ("2024-12-31", None, "2024-12-31", "gift", None),  # on its day
    ("2024-12-15", None, "2024-12-15", " GIFT ", None),
    ("2024-12-15", None, "2024-12-15", "call", "New Year"),
    ("2024-12-15", None, "2024-12-15", "meeting", "New Year"),
    ("2024-12-16", None, "2024-12-15", "gift", "New Year"),  # of tomorrow
    ("2023-12-31", None, "2024-12-15", "gift", "New Year"),  # for the one of last year
    # then the next one stands
    ("2024-12-31", None, "2025-01-07", "gift", "8 March"),
    ("2024-05-15", "20.05", "2024-05-15", "gift", None),
    ("2024-12-15", "10.02", "2024-12-20", "gift", "Birthday"),
    # with those that share its gift …
    ("2024-12-20", "07.01", "2025-01-02", "gift", None),
    ("2024-12-20", "07.01", "2024-12-21", "gift", None),
    ("2024-12-20", "24.12", "2024-12-28", "gift", None),
    # … and no other
    ("2024-12-20", "08.01", "2024-12-21", "gift", "Birthday"),
    ("2024-12-20", "23.12", "2024-12-21", "gift", "New Year"),
    # only the first occasion on or after its day
    ("2024-12-24", "23.12", "2024-12-24", "gift", None),
    ("2024-12-01", "22.12", "2024-12-01", "gift", "New Year"),
    ("2024-12-01", "23.12", "2024-12-01", "gift", "Birthday"),  # 22 days ahead
]


@pytest.mark.parametrize(("day", "birthday", "today", "kind", "occasion"), CLOSED)
def test_a_gift_closes_the_first_occasion_up_to_21_days_ahead_with_those_that_share_it(
    day: str, birthday: str | None, today: str, kind: str, occasion: str | None
) -> None:
    found = gift(today, contacts=[touched(day, kind)], Birthday=birthday)
    assert found.occasion == occasion


# --- for whom --------------------------------------------------------------------------------

WHO: list[tuple[str, list[Row], str, bool]] = [
    ("a buyer", [bought("2024-05-01")], "", True),
    ("never bought", [], "", False),
    ("presents only", [bought("2024-05-01", 0)], "", False),
    ("taken back on the same day", [bought("2024-05-01"), bought("2024-05-01", -1000)], "", False),
    ("do not contact", [bought("2024-05-01")], "yes", False),
    ("do not contact: no", [bought("2024-05-01")], "no", True),
]


@pytest.mark.parametrize(
    ("purchases", "do_not_contact", "given"),
    [case[1:] for case in WHO],
    ids=[case[0] for case in WHO],
)
def test_gifts_are_for_those_who_bought_and_want_contact(
    purchases: list[Row], do_not_contact: str, given: bool
) -> None:
    found = gift("2024-05-15", purchases=purchases, Birthday="20.05", Do_not_contact=do_not_contact)
    assert (found != NOTHING) is given


CARD_ONLY = [
    # last purchase, today, birthday, the card alone?
    ("2023-11-15", "2024-05-15", "20.05", False),  # 6 months ago
    ("2023-11-14", "2024-05-15", "20.05", True),
    ("2023-08-31", "2024-02-29", "05.03", False),  # 31 August + 6 months is 29 February
    ("2023-08-31", "2024-03-01", "05.03", True),
    ("2024-08-28", "2025-02-28", "05.03", False),
    ("2024-08-27", "2025-02-28", "05.03", True),
]


@pytest.mark.parametrize(("day", "today", "birthday", "card_only"), CARD_ONLY)
def test_who_bought_more_than_6_months_ago_gets_the_card_alone_and_a_blank_budget(
    day: str, today: str, birthday: str, card_only: bool
) -> None:
    found = gift(today, purchases=[bought(day, 15_000)], Birthday=birthday)
    expected = ("card", None) if card_only else ("Sachet + card", 150)
    assert (found.gift, found.budget) == expected
    assert found.occasion is not None


# --- the budget ------------------------------------------------------------------------------

BUDGETS = [
    # turnover, budget
    (15_000, 150),
    (14_999.99, 149),
    (15_099.99, 150),
    (15_100, 151),
    (99.99, 0),
    (100, 1),
]


@pytest.mark.parametrize(("turnover", "budget"), BUDGETS)
def test_the_budget_is_1_percent_of_the_turnover_rounded_down(turnover: float, budget: int) -> None:
    assert gift("2024-05-15", turnover, Birthday="20.05").budget == budget


def test_the_budget_follows_the_turnover_in_the_year_less_returns() -> None:
    lines = [
        bought("2023-05-15", 9_000),
        *[bought("2024-05-01", 14_500)] * 3,
        bought("2024-05-02", -2_900),
    ]
    found = gift("2024-05-15", purchases=lines, Birthday="20.05")
    assert found.budget == (3 * 14_500 - 2_900) / 100


def test_a_negative_turnover_gives_a_budget_of_0_and_the_token() -> None:
    lines = [bought("2024-05-01", 1_000), bought("2024-05-02", -3_000)]
    found = gift("2024-05-15", purchases=lines, Birthday="20.05")
    assert found == ("Booklet + card", 0, "Birthday", "2024-05-20")


QUARTERS = ("2023-06-10", "2023-09-10", "2023-12-10", "2024-03-10")
BIG_OTHER = bought("2024-05-01", 1_000_000, "Z")

MULTIPLIED = [
    # amount in each quarter, does somebody buy much more?, budget
    (2_500, True, 4 * 25 * 1.2),  # class X alone
    (2_500, False, 4 * 25 * 1.5 * 1.2),  # classes A and X
    # 4 * 2 499.75 = 9 999; 99.99 * 1.8 = 179.982, while in steps 99 * 1.5 = 148, * 1.2 = 177
    (2_499.75, False, 179),
    (2_499.75, True, 119),  # 99.99 * 1.2 = 119.988, while 99 * 1.2 = 118
]


@pytest.mark.parametrize(("amount", "others", "budget"), MULTIPLIED)
def test_all_multipliers_apply_and_the_budget_is_rounded_down_once_at_the_end(
    amount: float, others: bool, budget: float
) -> None:
    lines = [bought(day, amount) for day in QUARTERS]
    rows = [client(Birthday="20.05"), client("Z")]
    found = filled(calculate(rows, lines + [BIG_OTHER] * others, [], on("2024-05-15")))[0]
    assert (found["abc"], found["xyz"]) == ("C" if others else "A", "X")
    assert found["gift_budget"] == budget


def test_class_a_alone_gives_half_as_much_again() -> None:
    lines = [bought("2024-05-01", 9_999)]
    found = gift("2024-05-15", rules="", purchases=lines, Birthday="20.05")
    assert found.budget == 149  # 99.99 * 1.5 = 149.985


def test_a_percentage_is_exact_to_the_last_digit() -> None:
    """8.7 % of 1 000 is 87, while in binary numbers 1000 * 8.7 / 100 is a little less."""
    rules = "gifts: {percent: 8.7, multipliers: []}"
    assert gift("2024-05-15", 1_000, rules, Birthday="20.05").budget == 87


# --- the gift --------------------------------------------------------------------------------

CHOSEN = [
    # budget, gift
    (0, "Booklet + card"),
    (149, "Booklet + card"),
    (150, "Sachet + card"),
    (249, "Sachet + card"),
    (250, "Lip balm + card"),
    (399, "Lip balm + card"),
    (400, "Hand cream + card"),
    (799, "Hand cream + card"),
    (800, "Mascara + card"),
    (2499, "Mascara + card"),
    (2500, "Perfume + card"),
    (99_999, "Perfume + card"),
]


@pytest.mark.parametrize(("budget", "expected"), CHOSEN)
def test_the_gift_is_the_dearest_that_fits_the_budget_else_the_token(
    budget: int, expected: str
) -> None:
    turnover = 100 * budget or 1
    assert gift("2024-05-15", turnover, Birthday="20.05") == (
        expected,
        budget,
        "Birthday",
        "2024-05-20",
    )


def rules_with_list(*entries: str) -> str:
    listed = ", ".join(f"{{{entry}}}" for entry in entries)
    return f"gifts: {{multipliers: [], list: [{listed}]}}"


LISTS: list[tuple[str, tuple[str, ...], str]] = [
    ("of equal prices the first", ("name: Soap, price: 100", "name: Tea, price: 100"), "Soap"),
    ("the dearest wherever it stands", ("name: Tea, price: 140", "name: Soap, price: 100"), "Tea"),
    ("free of charge", ("name: Sample, price: 0",), "Sample"),
    ("too dear by a kopeck", ("name: Tea, price: 150.01",), "Booklet"),
    ("her group", ("name: Soap, price: 100", "name: Tea, price: 140, groups: [client]"), "Tea"),
    ("another group", ("name: Soap, price: 100", "name: Tea, price: 140, groups: [VIP]"), "Soap"),
    ("one of the groups", ("name: Tea, price: 140, groups: [VIP, Client]",), "Tea"),
    ("this occasion", ("name: Tea, price: 140, occasions: [birthday]",), "Tea"),
    ("another occasion", ("name: Tea, price: 140, occasions: [New Year]",), "Booklet"),
    ("groups and occasions", ("name: Tea, price: 140, groups: [VIP], occasions: [Birthday]",), "Booklet"),
    ("an equal price that doesn't fit", ("name: Soap, price: 100, groups: [VIP]", "name: Tea, price: 100"), "Tea"),
    ("an empty list", (), "Booklet"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "expected"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS]
)
def test_an_entry_of_the_list_may_be_limited_and_of_equal_prices_the_first_is_given(
    entries: tuple[str, ...], expected: str
) -> None:
    found = gift("2024-05-15", 15_000, rules_with_list(*entries), Birthday="20.05")
    assert found.gift == f"{expected} + card"


@pytest.mark.parametrize(
    ("birthday", "expected"),
    [("24.12", "Tree"), ("07.01", "Tree"), ("23.12", "Booklet")],  # shared, shared, alone
)
def test_an_entry_for_an_occasion_fits_a_gift_that_this_occasion_shares(
    birthday: str, expected: str
) -> None:
    rules = rules_with_list("name: Tree, price: 100, occasions: [New Year]")
    assert gift("2024-12-01", 15_000, rules, Birthday=birthday).gift == f"{expected} + card"


# --- by post ---------------------------------------------------------------------------------

POSTED = [
    # home city, City, birthday, gift day on 2024-05-15
    ("Moscow", "Tver", "20.06", "2024-06-10"),  # 10 days before
    ("Moscow", "Tver", "26.05", "2024-05-16"),
    ("Moscow", "Tver", "25.05", "2024-05-15"),
    ("Moscow", "Tver", "24.05", "2024-05-15"),  # not before today
    ("Moscow", "Tver", "15.05", "2024-05-15"),
    ("Moscow", "Moscow", "20.06", "2024-06-20"),
    ("Moscow", "  mOSCOW ", "20.06", "2024-06-20"),
    ("Nizhny Novgorod", "nizhny   novgorod", "20.06", "2024-06-20"),
    ("Moscow", "", "20.06", "2024-06-20"),
    ("Moscow", "  ", "20.06", "2024-06-20"),
    ("Moscow", None, "20.06", "2024-06-20"),
    ('""', "Tver", "20.06", "2024-06-20"),  # no home city: nothing is posted
]


@pytest.mark.parametrize(("home", "city", "birthday", "date"), POSTED)
def test_a_gift_for_another_city_is_due_10_days_earlier_but_not_before_today(
    home: str, city: str | None, birthday: str, date: str
) -> None:
    found = gift("2024-05-15", rules=f"home_city: {home}", City=city, Birthday=birthday)
    assert found.date == date


@pytest.mark.parametrize(
    ("city", "expected"), [("Tver", "Mascara + card"), ("Moscow", "Perfume + card")]
)
def test_what_can_not_be_posted_is_given_at_home_only(city: str, expected: str) -> None:
    found = gift("2024-05-15", 400_000, "home_city: Moscow", City=city, Birthday="20.06")
    assert found.gift == expected


def test_a_card_alone_is_posted_too() -> None:
    lines = [bought("2023-01-01", 15_000)]
    found = gift(
        "2024-05-15", rules="home_city: Moscow", purchases=lines, City="Tver", Birthday="20.06"
    )
    assert found == ("card", None, "Birthday", "2024-06-10")


def test_the_nearest_occasion_is_sought_from_today_also_when_the_gift_is_posted() -> None:
    """The birthday in 5 days is nearer than its 10 days of post."""
    found = gift("2024-05-15", rules="home_city: Moscow", City="Tver", Birthday="20.05")
    assert (found.occasion, found.date) == ("Birthday", "2024-05-15")


# --- other words and numbers -----------------------------------------------------------------


def test_words_and_days_come_from_the_configuration() -> None:
    rules = """
        home_city: Moscow
        gifts:
          multipliers: []
          token: Kind words
          card: postcard
          joiner: " and "
          occasion_joiner: "/"
          horizon_days: 20
          merge_days: 0
          post_days: 3
          occasions:
            - {day: birthday, name: Her day}
            - {day: 06-04, name: Tuesday}
        """
    found = gift("2024-05-15", 100, rules, City="Tver", Birthday="04.06")  # 20 days ahead
    assert found == Cells("Kind words and postcard", 1, "Her day/Tuesday", "2024-06-01")
    assert gift("2024-05-14", 100, rules, City="Tver", Birthday="04.06") == NOTHING


def test_without_any_occasion_nothing_is_given() -> None:
    assert gift("2024-12-31", rules="gifts: {occasions: []}", Birthday="31.12") == NOTHING
