"""The journal of birthdays: twelve months from today on, clients and spouses."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.rooms.birthdays import birthday_journal
from tests.bases import Row, alone, bought, client, config, on, only, touched
from tests.rules.rooms.made import TODAY, calculated, every_day, journal_rows

GIFT = ("gift", "budget", "post_by")


def days(*clients: Row, today: dt.date = TODAY) -> list[tuple[object, object]]:
    return [(row["day"], row["client_id"]) for row in journal_rows(clients, today=today)]


def gift_of(row: Row, *purchases: Row, contacts: tuple[Row, ...] = (), **options: object) -> tuple[object, ...]:  # fmt: skip
    rows = journal_rows([row], purchases, contacts, **options)  # type: ignore[arg-type]
    assert len(rows) == 1
    return tuple(rows[0][key] for key in GIFT)


def test_it_begins_today_and_ends_before_today_comes_again() -> None:
    born = ["1980-11-01", "1980-11-20", "1980-11-21", "1980-12-01", "1980-01-31", "1980-10-31"]
    clients = [client(str(at), Birthday=on(day)) for at, day in enumerate(born)]
    assert days(*clients) == [
        (on("2026-11-21"), "2"),
        (on("2026-12-01"), "3"),
        (on("2027-01-31"), "4"),
        (on("2027-10-31"), "5"),
        (on("2027-11-01"), "0"),
        (on("2027-11-20"), "1"),
    ]


def test_the_months_have_their_names_and_years_and_december_precedes_january() -> None:
    clients = [
        client("j", Birthday="05.01"),
        client("d", Birthday="31.12"),
        client("n", Birthday="25.11"),
    ]
    rows = journal_rows(clients)
    assert [row["month"] for row in rows] == ["November 2026", "December 2026", "January 2027"]
    russian = journal_rows(
        clients, rules=config("based_on: ru").model_copy(update={"columns": config().columns})
    )
    assert [row["month"] for row in russian] == ["Ноябрь 2026", "Декабрь 2026", "Январь 2027"]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        ("2026-02-01", "2026-02-28"),
        ("2026-02-28", "2026-02-28"),
        ("2026-03-01", "2027-02-28"),
        ("2027-03-01", "2028-02-29"),
        ("2028-02-29", "2028-02-29"),
        ("2028-02-01", "2028-02-29"),
        ("2028-03-01", "2029-02-28"),
    ],
)
def test_who_was_born_on_29_february_has_her_day_in_every_year(today: str, day: str) -> None:
    assert days(client("A", Birthday=on("1960-02-29")), today=on(today)) == [(on(day), "A")]
    assert days(client("A", Birthday="29.02"), today=on(today)) == [(on(day), "A")]


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (on("1959-11-22"), 67),
        (on("1959-11-21"), 67),
        (on("1959-11-20"), 68),
        (on("1959-12-31"), 67),
        (on("1959-01-01"), 68),
        ("22.11.1959", 67),
        ("22.11", None),
        (on("1900-11-22"), None),
        (on("2026-11-22"), None),
        (on("2026-01-22"), None),
        (on("2025-11-22"), None),
    ],
)
def test_the_age_is_that_of_the_day_and_blank_where_the_year_is_not_known(
    born: object, age: object
) -> None:
    (row,) = journal_rows([client(Birthday=born)])
    assert row["age"] == age


def test_spouses_stand_in_it_with_the_client_s_name_phone_and_group_and_without_a_gift() -> None:
    clients = [
        client(
            "A", Spouse="Oleg", Spouse_birthday=on("1975-12-05"), Phone="+7 916", Birthday="05.12"
        ),
        client("B", Spouse_birthday="06.12"),
        client("C", Spouse="Ivan", Spouse_birthday="soon"),
        client("D", Spouse="Pyotr"),
    ]
    rows = journal_rows(clients, [bought("2026-11-01", 50_000)])
    assert [(row["name"], row["age"], row["phone"], row["gift"]) for row in rows] == [
        ("Name of A", None, "+7 916", "Hand cream + card"),
        ("Oleg (spouse of Name of A)", 51, "+7 916", None),
        ("spouse of Name of B", None, None, None),
    ]
    assert rows[1]["group"] == rows[0]["group"] != ""
    assert [row["client_id"] for row in rows] == ["A", "A", "B"]


def test_on_one_day_the_order_is_that_of_the_clients_and_the_spouse_comes_after_her() -> None:
    clients = [
        client("z", Birthday="05.12", Spouse_birthday="05.12"),
        client("a", Birthday="05.12"),
    ]
    rows = journal_rows(clients)
    assert [row["client_id"] for row in rows] == ["z", "z", "a"]
    assert rows[1]["name"] == "spouse of Name of z"


def test_who_has_no_id_that_counts_is_not_in_it_and_who_wants_no_contact_gets_no_gift() -> None:
    clients = [
        client(None, Birthday="05.12"),
        client("A", Birthday="05.12", Do_not_contact="yes"),
        client(" a", Birthday="06.12"),
        client("B", Birthday="32.12"),
        client("C"),
    ]
    rows = journal_rows(clients, [bought("2026-11-01", 50_000)])
    assert [(row["client_id"], *(row[key] for key in GIFT)) for row in rows] == [
        ("A", None, None, None)
    ]
    assert journal_rows([client("A")]) == []


# Gifts ------------------------------------------------------------------------------------------


def test_who_never_bought_gets_none() -> None:
    assert gift_of(client(Birthday="05.12")) == (None, None, None)


def test_todays_birthday_shows_its_gift_and_yesterdays_that_of_the_next_one() -> None:
    line = bought("2026-11-01", 20_000)
    for birthday in ("20.11", "21.11"):
        assert gift_of(client(Birthday=birthday), line) == ("Lip balm + card", 300, None)


def test_a_birthday_beyond_the_horizon_has_the_gift_of_today_already() -> None:
    assert gift_of(client(Birthday="20.05"), bought("2026-11-01", 20_000)) == (
        "Lip balm + card", 300, None,
    )  # fmt: skip


def test_a_client_of_long_ago_gets_the_card_alone_and_no_budget() -> None:
    assert gift_of(client(Birthday="05.12"), bought("2026-05-20", 20_000)) == ("card", None, None)
    assert gift_of(client(Birthday="05.12"), bought("2026-05-21", 20_000)) != ("card", None, None)


def test_the_gift_that_was_given_is_told() -> None:
    given = (touched("2026-11-20", "gift"),)
    found = gift_of(client(Birthday="05.12"), bought("2026-11-01", 20_000), contacts=given)
    assert found == ("given", None, None)


@pytest.mark.parametrize(
    ("city", "born", "post_by"),
    [
        (None, "15.12", None),
        ("moscow ", "15.12", None),
        ("Tver", "15.12", "2026-12-05"),
        ("Tver", "01.12", "2026-11-21"),
        ("Tver", "30.11", "2026-11-21"),
        ("Tver", "02.12", "2026-11-22"),
        ("Tver", "20.05", "2027-05-10"),
    ],
)
def test_what_goes_by_post_says_by_when(city: object, born: str, post_by: str | None) -> None:
    row = client(Birthday=born, City=city)
    found = gift_of(row, bought("2026-11-01", 400_000), rules=config("home_city: Moscow"))
    perfume = city != "Tver"
    assert found[0] == ("Perfume + card" if perfume else "Mascara + card")
    assert found[2] == (None if post_by is None else on(post_by))


@pytest.mark.parametrize("born", ["25.12", "31.12", "03.01", "07.01"])
def test_a_gift_that_a_birthday_shares_is_that_of_the_filled_columns(born: str) -> None:
    """One parcel for both, so posted for the first of the two."""
    rules = config("home_city: Moscow")
    row = client(Birthday=born, City="Tver")
    result = calculated([row], [bought("2026-11-01", 20_000)], rules=rules)
    found = gift_of(row, bought("2026-11-01", 20_000), rules=rules)
    cells = [result.cells(key)[0] for key in ("gift", "gift_budget", "gift_date")]
    assert list(found) == cells
    assert "New Year" in str(result.cells("gift_for")[0])


def test_a_birthday_after_another_occasion_has_a_gift_of_its_own() -> None:
    row = client(Birthday="20.01", City="Tver")
    rules = config("home_city: Moscow")
    found = gift_of(row, bought("2026-11-01", 20_000), rules=rules)
    assert found == ("Lip balm + card", 300, on("2027-01-10"))


def test_without_the_birthday_among_the_occasions_there_are_no_gifts() -> None:
    rules = alone("gifts: {occasions: [{day: 12-31, name: New Year}]}")
    assert gift_of(client(Birthday="05.12"), bought("2026-11-01", 20_000), rules=rules) == (None, None, None)  # fmt: skip
    none = alone("gifts: {occasions: []}")
    assert gift_of(client(Birthday="05.12"), bought("2026-11-01", 20_000), rules=none) == (None, None, None)  # fmt: skip


@pytest.mark.parametrize(
    ("born", "count"), [("20.11", 0), ("21.11", 1), ("21.12", 1), ("22.12", 0)]
)
def test_the_line_above_counts_the_birthdays_of_the_next_30_days(born: str, count: int) -> None:
    clients = [client(Birthday=born, Spouse_birthday=born)]
    made = birthday_journal(calculated(clients, rules=only("birthday")), every_day)
    assert made.lines == (f"Birthdays of the next 30 days: {2 * count}.",)
