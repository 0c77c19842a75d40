"""The one entry point: what it fills, what it says about the run, and bases with hardly anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from rules.config.settings import Config
from rules.model.result import Result
from rules.recalculation import recalculate
from rules.rooms.next_contact.rule import decided
from tests.bases import (
    FILLED,
    Row,
    alone,
    bought,
    calculate,
    client,
    config,
    filled,
    on,
    only,
    table,
    touched,
)
from words import speak

TODAY = on("2024-05-15")
COMPLETE = client(Birthday="20.05", Class_date="2020-01-01")
"""A client of a base in which nothing is missing."""
ATTENDANCE = (
    "Fewer than 50 % of your buyers have a class date, so it is unknown whether the others attended; "
    "rules that ask for it fit none of these."
)
NO_BIRTHDAY = "There is no column Birthday on the sheet Clients; rules that ask for it fit nobody."
NO_CONTACTS = "There is no sheet Contacts; the rules see no contacts."


def without_contacts(clients: list[Row], purchases: list[Row], rules: Config) -> Result:
    """The result for a workbook without a sheet for contacts."""
    columns = rules.columns
    base = {
        "clients": table(clients, columns.clients, "Clients"),
        "purchases": table(purchases, columns.purchases, "Purchases"),
    }
    return recalculate(base, rules, TODAY)


# --- the filled columns ----------------------------------------------------------------------


def test_the_filled_columns_are_those_of_the_table_of_columns_in_its_order() -> None:
    result = calculate([COMPLETE], [], [], TODAY)
    assert list(result.columns) == [column.key for column in FILLED]
    assert len(result.columns) == 1


def test_a_whole_row_is_filled() -> None:
    """Bought first on 1 May for 15 000; her birthday is near."""
    result = calculate([COMPLETE], [bought("2024-05-01", 15_000)], [touched("2024-05-04")], TODAY)
    assert filled(result) == [
        {
            "group": "Client",
            "abc": "A",
            "xyz": None,  # she is new
            "stage": "New",
            "folder": "Green",
            "turnover": 15_000,
            "last_purchase": on("2024-05-01"),
            "next_contact": on("2024-05-15"),
            "contact_reason": "2 weeks after purchase",
            "channel": "call",
            "gift": "Sachet + card",
            "gift_budget": 15_000 / 100 * 1.5,
            "gift_for": "Birthday",
            "gift_date": on("2024-05-20"),
        }
    ]
    assert result.problems == ()
    assert result.notices == ()


def test_the_result_keeps_the_day_and_the_rules_that_it_was_made_with() -> None:
    rules = config("year: {basis: calendar}")
    result = calculate([COMPLETE], [], [], TODAY, rules)
    assert (result.today, result.config) == (TODAY, rules)


# --- hardly anything -------------------------------------------------------------------------


def test_a_base_without_clients_gives_no_rows() -> None:
    result = calculate([], [], [], TODAY)
    assert len(result.columns) == 0
    assert list(result.columns) == [column.key for column in FILLED]


def test_purchases_without_any_client_are_problems() -> None:
    result = calculate([], [bought("2024-05-01")], [touched("2024-05-01")], TODAY)
    assert [(problem.sheet, problem.cell) for problem in result.problems] == [
        ("Purchases", "B2"),
        ("Contacts", "B2"),
    ]


def test_one_client_with_empty_logs_is_potential_and_to_be_contacted_today() -> None:
    assert filled(calculate([client()], [], [], TODAY)) == [
        {
            **dict.fromkeys(column.key for column in FILLED),
            "group": "Potential",
            "stage": "Potential",
            "next_contact": TODAY,
            "contact_reason": "first contact",
            "channel": "call",
        }
    ]


EMPTY_CELLS: Row = {
    "ID": None, "Name": None, "Birthday": None, "City": None, "Class date": None,
    "Do not contact": None, "Notes": None,
}  # fmt: skip


def test_rows_with_nothing_in_them_have_nothing_filled_and_are_no_problem() -> None:
    purchases: Row = {"Date": None, "Client ID": None, "Amount": None}
    contacts: Row = {"Date": None, "Client ID": None, "Kind": None, "Next date": None}
    result = calculate([EMPTY_CELLS] * 3, [purchases] * 2, [contacts] * 2, TODAY)
    assert [set(row.values()) for row in filled(result)] == [{None}] * 3
    assert result.problems == ()


def test_an_id_alone_is_enough() -> None:
    row = {**EMPTY_CELLS, "ID": 7}
    found = filled(calculate([row], [bought("2024-05-01", 100, "7")], [], TODAY))[0]
    assert (found["stage"], found["turnover"]) == ("New", 100)


def test_without_a_sheet_for_contacts_the_rules_see_none() -> None:
    lines = [bought("2024-05-01", 15_000)]
    result = without_contacts([COMPLETE], lines, config())
    assert result.notices == (NO_CONTACTS,)
    assert filled(result) == filled(calculate([COMPLETE], lines, [], TODAY))
    renamed = without_contacts([COMPLETE], lines, config("sheets: {contacts: Контакты}"))
    assert renamed.notices == ("There is no sheet Контакты; the rules see no contacts.",)


def test_the_workbooks_date_system_is_that_of_its_tables() -> None:
    rules = config()
    line = {"Date": 43830, "Client ID": "A", "Amount": 1}
    base = {
        "clients": table([client()], rules.columns.clients, "Clients"),
        "purchases": table([line], rules.columns.purchases, "Purchases"),
    }
    counted_from_1904 = {key: replace(raw, epoch_1904=True) for key, raw in base.items()}
    result = recalculate(counted_from_1904, rules, TODAY)
    assert filled(result)[0]["last_purchase"] == on("2024-01-01")


# --- notices about the run -------------------------------------------------------------------


def test_a_complete_base_gives_no_notice() -> None:
    assert calculate([COMPLETE], [bought("2024-05-01")], [], TODAY).notices == ()


@pytest.mark.parametrize(
    ("class_date", "known"), [("2024-05-15", True), ("2024-05-16", False), (None, False)]
)
def test_the_run_says_when_class_dates_are_not_kept(class_date: str | None, known: bool) -> None:
    rows = [client(Birthday="20.05", Class_date=class_date)]
    notices = calculate(rows, [bought("2024-05-01")], [], TODAY).notices
    assert notices == (() if known else (ATTENDANCE,))


def test_the_run_says_when_there_is_no_column_for_birthdays() -> None:
    assert NO_BIRTHDAY in calculate([client(Class_date="2020-01-01")], [], [], TODAY).notices
    renamed = config("columns: {clients: {birthday: [День рождения, Birthday]}}")
    notices = calculate([client(Class_date="2020-01-01")], [], [], TODAY, renamed).notices
    assert notices == (NO_BIRTHDAY.replace("Birthday", "День рождения"),)


def test_the_run_names_each_missing_column_that_a_rule_anywhere_asks_for_once() -> None:
    rules = alone(
        """
        groups:
          - {name: Dry, when: {any: [{columns: {Skin type: {is: dry}}}]}}
          - {name: Client}
        contacts: {rules: []}
        holidays:
          - {day: 12-31, name: New Year, when: {columns: {Faith: {filled: yes}}}}
        gifts:
          multipliers:
            - {when: {columns: {Skin type: {is: dry}}}, times: 2}
            - {when: {columns: {Level: {at_least: 3}}}, times: 2}
        """
    )
    result = calculate([{**COMPLETE, "level": 1}], [], [], TODAY, rules)
    assert result.notices == tuple(
        f"There is no column {heading} on the sheet Clients; rules that ask for it fit nobody."
        for heading in ("Faith", "Skin type")
    )


BUYERS: list[tuple[str, list[Row], list[Row], int | None]] = [
    # clients besides three who were at a class, purchases, how many buyers are Potential
    ("nobody", [client("B")], [], None),
    ("a buyer who attended", [client("B", Class_date="2024-05-01")], [bought("2024-05-01", 1, "B")], None),
    ("a buyer without a class", [client("B"), client("C")], [bought("2024-05-01", 1, "B")], 1),
    ("a buyer before a class", [client("B", Class_date="2024-06-01")], [bought("2024-05-01", 1, "B")], 1),
    ("two of three", [client("B"), client("C"), client("D")], [bought("2024-05-01", 1, "B"), bought("2020-05-01", 1, "D")], 2),
    ("a VIP", [client("B")], [bought("2024-05-01", 20_000, "B"), bought("2024-05-02", 20_000, "B")], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("clients", "purchases", "count"),
    [case[1:] for case in BUYERS],
    ids=[case[0] for case in BUYERS],
)
def test_the_run_says_how_many_buyers_the_lack_of_a_class_makes_potential(
    clients: list[Row], purchases: list[Row], count: int | None
) -> None:
    kept = [client(f"K{at}", Birthday="20.05", Class_date="2020-01-01") for at in range(3)]
    lines = [*purchases, *[bought("2024-05-01", 1, f"K{at}") for at in range(3)]]
    notices = calculate([*kept, *clients], lines, [], TODAY).notices
    said = (
        f"Clients who bought but are Potential: {count}. They have no class date; "
        "fill it in, or change the group rules."
    )
    assert notices == (() if count is None else (said,))


def test_where_attendance_is_unknown_no_buyer_is_called_potential() -> None:
    notices = calculate([client(Birthday="20.05")], [bought("2024-05-01")], [], TODAY).notices
    assert notices == (ATTENDANCE,)


SHORT = [
    # the clients' usual intervals; 3 months back from 15 May are 15 + 31 + 29 + 15 = 90 days
    ([90], None),
    ([91], 91),
    ([10, 90, 400], None),
    ([10, 91, 400], 91),
    ([88, 92], None),  # the median is 90
    ([80, 104], 92),
    ([], None),
]


@pytest.mark.parametrize(("intervals", "days"), SHORT)
def test_the_run_says_when_the_usual_interval_is_longer_than_the_stage_period(
    intervals: list[int], days: int | None
) -> None:
    lines = []
    for number, interval in enumerate(intervals):
        lines += [
            bought("2024-05-01", 1, f"B{number}"),
            bought(str(on("2024-05-01") - dt.timedelta(days=interval)), 1, f"B{number}"),
        ]
    rows = [COMPLETE, *[client(f"B{n}", Class_date="2020-01-01") for n in range(len(intervals))]]
    said = (
        f"The clients' usual interval is {days} days, longer than the stage period of 3 months: "
        "regular buyers will flip between Lost and Restored. Raise stage.period_months."
    )
    assert calculate(rows, lines, [], TODAY).notices == (() if days is None else (said,))
    longer = config("stage: {period_months: 4}")
    assert calculate(rows, lines, [], TODAY, longer).notices == ()


def test_notices_are_told_in_the_language_spoken() -> None:
    rows, lines, rules = [client(Birthday="20.05")], [bought("2024-05-01")], config()
    (told,) = calculate(rows, lines, [], TODAY, rules).notices
    assert told.startswith("Fewer than 50 % of your buyers have a class date")
    speak("ru")
    (told,) = calculate(rows, lines, [], TODAY, rules).notices
    assert told.startswith("Дата класса есть меньше чем у 50 % купивших")


@pytest.mark.parametrize("block", ["{no_id: Without}", "{anything: [1, 2]}", "7", "~"])
def test_a_block_of_messages_of_earlier_versions_is_told_once_and_does_no_harm(block: str) -> None:
    rows = [client(Birthday="20.05")]
    plain = calculate(rows, [], [], TODAY)
    old = calculate(rows, [], [], TODAY, config(f"messages: {block}"))
    assert old.columns.equals(plain.columns)
    (told,) = set(old.notices) - set(plain.notices)
    assert told == (
        "The block 'messages' in your config.yaml says nothing any more: the sentences belong to the "
        "program now. You can delete it."
    )


# --- what the cells were decided from --------------------------------------------------------


def test_the_proposals_are_the_open_dates_of_every_rule() -> None:
    rules = only("birthday", "after_purchase")
    result = calculate([COMPLETE], [bought("2024-05-15")], [], TODAY, rules)
    found = [
        (proposal.rule, str(proposal.reason[0]), str(proposal.due[0]))
        for proposal in result.known.of(decided)[1]
        if not np.isnat(proposal.due[0])
    ]
    assert found == [
        (0, "birthday", "2024-05-20"),
        (1, "2 days after purchase", "2024-05-17"),
        (1, "2 weeks after purchase", "2024-05-29"),
        (1, "2 months after purchase", "2024-07-15"),
    ]
