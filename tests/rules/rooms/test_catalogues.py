"""The room of the catalogues, sentence by sentence of what it promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from rules.model.result import Result, as_cells
from rules.rooms.catalogues.report import SHEET
from tests.bases import Row, bought, calculate, client, config, filled, on, only, touched

TODAY = on("2026-03-31")


def handed(day: str, catalogue: object = "Spring", result: object = None, who: str = "A") -> Row:
    """A row of Catalogues."""
    return {"Date": on(day), "Client ID": who, "Catalogue": catalogue, "Result": result}


def base(
    rows: Sequence[Row],
    purchases: Sequence[Row] = (),
    contacts: Sequence[Row] = (),
    today: dt.date = TODAY,
    clients: str = "ABC",
    text: str = "",
) -> Result:
    """A base with catalogues, of which no other contact rule wants anything."""
    rules = only("catalogue", rules=config(text))
    people = [client(one) for one in clients]
    return calculate(people, purchases, contacts, today, rules, catalogues=rows)


def outcome(result: Result, row: int = 0) -> tuple[object, ...]:
    """The three grey cells of a row of Catalogues."""
    return tuple(as_cells(column)[row] for column in result.beside["catalogues"].values())


def due(result: Result, row: int = 0) -> tuple[object, object]:
    """Next contact and its reason."""
    cells = filled(result)[row]
    return cells["next_contact"], cells["contact_reason"]


def report(result: Result) -> list[dict[str, object]]:
    """The rows of Catalogue results, without what is blank."""
    made = SHEET.rows(result, lambda _day: True)
    rows = [
        dict(zip(made.columns, row, strict=True))
        for row in zip(*made.columns.values(), strict=True)
    ]
    return [{key: cell for key, cell in row.items() if cell is not None} for row in rows]


# The window -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-01", ("no order", None, None)),
        ("2026-03-02", ("ordered", on("2026-03-02"), 1000)),
        ("2026-03-22", ("ordered", on("2026-03-22"), 1000)),
        ("2026-03-23", ("no order", None, None)),
    ],
)
def test_the_window_runs_from_the_day_after_to_21_days_after(
    day: str, expected: tuple[object, ...]
) -> None:
    assert outcome(base([handed("2026-03-01")], [bought(day)])) == expected


def test_an_order_of_the_day_itself_belongs_to_the_catalogue_before() -> None:
    rows = [handed("2026-03-01", "First"), handed("2026-03-10", "Second")]
    result = base(rows, [bought("2026-03-10", 300)])
    assert outcome(result, 0) == ("ordered", on("2026-03-10"), 300)
    assert outcome(result, 1) == ("open", None, None)


def test_the_next_row_with_a_later_date_ends_the_window_not_one_of_the_same_day() -> None:
    rows = [handed("2026-03-01", "First"), handed("2026-03-01", "Second"), handed("2026-03-09")]
    result = base(rows, [bought("2026-03-10")], today=on("2026-03-12"))
    assert [outcome(result, row)[0] for row in range(3)] == ["no order", "no order", "ordered"]


def test_the_next_catalogue_of_another_client_ends_nothing() -> None:
    rows = [handed("2026-03-01"), handed("2026-03-05", who="B")]
    assert outcome(base(rows, [bought("2026-03-08")]))[0] == "ordered"


def test_the_days_are_those_of_the_configuration() -> None:
    text = "catalogues: {from_days: 3, days: 4}"
    for day, expected in (
        ("03", "no order"),
        ("04", "ordered"),
        ("05", "ordered"),
        ("06", "no order"),
    ):
        result = base([handed("2026-03-01")], [bought(f"2026-03-{day}")], text=text)
        assert outcome(result)[0] == expected


# Outcome, Ordered on, Amount --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("+", "ordered"),
        ("YES", "ordered"),
        ("-", "no order"),
        ("—", "no order"),
        ("−", "no order"),
        ("no", "no order"),
        ("missed", "missed"),
        (0, "missed"),
        ("0", "missed"),
        ("liked the lipstick", "open"),
        (None, "open"),
    ],
)
def test_result_decides_where_it_is_one_of_the_words(said: object, expected: str) -> None:
    assert outcome(base([handed("2026-03-30", result=said)]))[0] == expected


def test_ordered_on_and_amount_are_those_of_the_window_whatever_the_result() -> None:
    lines = [bought("2026-03-05", 500), bought("2026-03-08", 300), bought("2026-03-08", -100)]
    found = outcome(base([handed("2026-03-01", result="missed")], lines))
    assert found == ("missed", on("2026-03-05"), 700)


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-03-22", "open"), ("2026-03-23", "no order")],
)
def test_it_is_open_while_today_isnt_after_the_window(today: str, expected: str) -> None:
    assert outcome(base([handed("2026-03-01")], today=on(today)))[0] == expected


def test_a_purchase_after_today_isnt_one_yet() -> None:
    found = outcome(base([handed("2026-03-30")], [bought("2026-04-02")]))
    assert found == ("open", None, None)


def test_a_return_alone_is_no_order_and_an_amount() -> None:
    assert outcome(base([handed("2026-03-20")], [bought("2026-03-25", -50)])) == ("open", None, -50)


def test_a_row_that_cant_be_used_stays_blank() -> None:
    result = base([handed("2026-03-01", who="?"), handed("2026-03-01")])
    assert outcome(result, 0) == (None, None, None)
    assert outcome(result, 1)[0] == "no order"
    assert [one.cell for one in result.problems] == ["B2"]


def test_rows_dated_after_today_are_left_out_and_counted_once() -> None:
    result = base([handed("2026-04-01"), handed("2026-04-02"), handed("2026-03-30")])
    assert outcome(result)[0] is None
    told = [notice for notice in result.notices if "Catalogues" in notice]
    assert told == ["Rows of Catalogues dated after today: 2. They don't count yet."]


# Catalogues -------------------------------------------------------------------------------------


def test_a_name_is_compared_like_an_id_and_shown_as_first_typed() -> None:
    rows = [handed("2026-03-01", " Spring "), handed("2026-03-02", "SPRING", who="B")]
    (found, _all) = report(base(rows))
    assert (found["catalogue"], found["handed"]) == ("Spring", 2)


def test_a_name_that_comes_back_in_another_year_is_another_one_with_its_year() -> None:
    rows = [handed("2025-03-01"), handed("2026-03-01", who="B"), handed("2026-03-02", "May")]
    names = [row["catalogue"] for row in report(base(rows))]
    assert names == ["May", "Spring 2026", "Spring 2025", "All"]


def test_a_date_is_shown_as_its_month() -> None:
    (found, _all) = report(base([handed("2026-03-01", on("2026-03-01"))]))
    assert found["catalogue"] == "03/2026"


# Catalogue results ------------------------------------------------------------------------------


def test_the_report_counts_each_catalogue_the_one_with_the_latest_first_date_on_top() -> None:
    rows = [
        handed("2026-02-01", "Old"),
        handed("2026-03-27", "New", "missed", "B"),
        handed("2026-02-02", "Old", "-", "B"),
        handed("2026-03-28", "New", None, "C"),
        handed("2026-03-05", "Old", "missed", "C"),
    ]
    made = report(base(rows, [bought("2026-02-05", 700)]))
    assert made == [
        {
            "catalogue": "New", "first": on("2026-03-27"), "handed": 2, "ordered": 0, "no_order": 0,
            "missed": 1, "open": 1, "works": 0, "amount": 0, "missed_clients": "Name of B",
            "not_handed": 1,
        },
        {
            "catalogue": "Old", "first": on("2026-02-01"), "handed": 3, "ordered": 1, "no_order": 1,
            "missed": 1, "open": 0, "works": 33, "amount": 700, "missed_clients": "Name of C",
        },
        {
            "catalogue": "All", "handed": 5, "ordered": 1, "no_order": 1, "missed": 2, "open": 1,
            "works": 25, "amount": 700,
        },
    ]  # fmt: skip


def test_works_is_rounded_half_up_and_blank_where_nothing_is_decided() -> None:
    said = ["+"] * 5 + ["-"] * 3
    rows = [
        handed("2026-03-20", result=one, who=who) for one, who in zip(said, "ABCDEFGH", strict=True)
    ]
    assert report(base(rows, clients="ABCDEFGH"))[0]["works"] == 63
    assert "works" not in report(base([handed("2026-03-30")]))[0]


def test_not_handed_counts_the_green_folder_for_the_newest_alone() -> None:
    rows = [handed("2026-01-10", "Old"), handed("2026-03-20", "New")]
    lines = [
        bought("2026-01-01"),
        bought("2025-05-01", client="B"),
        bought("2024-12-31", client="C"),
    ]
    newest, old, _all = report(base(rows, lines))
    assert newest["not_handed"] == 1
    assert "not_handed" not in old


def test_in_the_row_for_all_a_purchase_counts_once() -> None:
    rows = [handed("2026-03-01", "One"), handed("2026-03-01", "Two"), handed("2026-03-01", who="B")]
    made = report(base(rows, [bought("2026-03-05", 400), bought("2026-03-06", 50, "B")]))
    assert [row["amount"] for row in made] == [400, 400, 50, 450]


def test_an_empty_sheet_makes_an_empty_report() -> None:
    assert report(base([])) == []


# The rule ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([], on("2026-03-25")),
        ([touched("2026-03-20")], on("2026-03-25")),
        ([touched("2026-03-21")], None),
        ([touched("2026-03-21", "SMS")], on("2026-03-25")),
    ],
)
def test_an_open_one_is_followed_up_5_days_after_it_until_a_contact_that_counts(
    contacts: list[Row], expected: dt.date | None
) -> None:
    found = due(base([handed("2026-03-20")], contacts=contacts))
    assert found == (expected, expected and "catalogue Spring")


def test_an_order_ends_the_follow_up() -> None:
    assert due(base([handed("2026-03-20")], [bought("2026-03-21")])) == (None, None)


@pytest.mark.parametrize(
    ("day", "is_done"), [("2026-03-19", False), ("2026-03-20", True), ("2026-03-23", True)]
)
def test_a_missed_one_is_due_the_day_after_its_window_less_the_grace(
    day: str, *, is_done: bool
) -> None:
    found = due(base([handed("2026-03-01", result="missed")], contacts=[touched(day)]))
    expected = (None, None) if is_done else (on("2026-03-23"), "missed: catalogue Spring")
    assert found == expected


def test_a_missed_one_is_done_by_a_later_purchase() -> None:
    rows = [handed("2026-03-01", result="missed")]
    assert due(base(rows, [bought("2026-03-01")]))[0] == on("2026-03-23")
    assert due(base(rows, [bought("2026-03-02")])) == (None, None)


@pytest.mark.parametrize(("today", "is_due"), [("2026-05-22", True), ("2026-05-23", False)])
def test_a_missed_one_expires(today: str, *, is_due: bool) -> None:
    found = due(base([handed("2026-03-01", result="missed")], today=on(today)))
    assert found[0] == (on("2026-03-23") if is_due else None)


def test_the_newest_row_of_a_client_counts_of_one_day_the_one_further_down() -> None:
    rows = [
        handed("2026-03-20", "Late"),
        handed("2026-03-01", "Early"),
        handed("2026-03-20", "Last"),
    ]
    assert due(base(rows))[1] == "catalogue Last"


def test_an_agreed_date_ahead_and_do_not_contact_silence_it() -> None:
    rows, rules = [handed("2026-03-20")], only("agreed", "catalogue")
    agreed = [touched("2026-03-20", next_date="2026-05-01")]
    people = [client("A"), client("B", Do_not_contact="yes")]
    two = [*rows, handed("2026-03-20", who="B")]
    result = calculate(people, [], agreed, TODAY, rules, catalogues=two)
    assert [due(result, row)[1] for row in (0, 1)] == ["agreed", None]


# A touch, and nothing else ----------------------------------------------------------------------


def test_a_row_is_a_touch_for_rhythm_first_contact_and_holidays() -> None:
    rules = only("rhythm", "first_contact", "holiday")
    without = calculate([client()], [], [], TODAY, rules)
    assert due(without)[1] == "first contact"
    with_one = calculate([client()], [], [], TODAY, rules, catalogues=[handed("2026-03-20")])
    assert due(with_one) == (on("2026-06-20"), "regular contact")
    alone = calculate([client()], [], [], TODAY, only("holiday"), catalogues=[handed("2026-03-20")])
    assert due(alone) == (on("2026-12-31"), "New Year")


def test_without_its_sheet_or_named_as_off_nothing_of_it_shows() -> None:
    rows = [handed("2026-03-20")]
    off = config("rooms_off: [catalogues]")
    result = calculate([client()], [], [], TODAY, only("catalogue", rules=off), catalogues=rows)
    assert due(result) == (None, None)
    assert "catalogues" not in result.beside
