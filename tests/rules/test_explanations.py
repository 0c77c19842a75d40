"""Why each cell is what it is, in sentences that hold up."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.columns import FILLED
from rules.dates import shown_date
from rules.explanations import explain, shown_money
from tests.bases import Row, calculate, config, filled
from tests.random_bases import TODAYS, random_base

TODAY = dt.date(2026, 11, 21)
ANNA: Row = {
    "ID": "1",
    "Name": "Anna",
    "Class date": dt.date(2025, 3, 1),
    "Birthday": dt.date(1985, 12, 1),
}
BOUGHT: list[Row] = [
    {"Date": dt.date(2026, 2, 10), "Client ID": "1", "Amount": 1000},
    {"Date": dt.date(2026, 5, 10), "Client ID": "1", "Amount": 1200},
    {"Date": dt.date(2026, 8, 10), "Client ID": "1", "Amount": 900.5},
]
OLGA: Row = {"ID": "2", "Name": "Olga"}
RITA: Row = {"ID": "3", "Name": "Rita", "Do not contact": "yes"}


def why(client: Row, key: str, purchases: list[Row] | None = None) -> str:
    others: list[Row] = [{"Date": dt.date(2026, 10, 1), "Client ID": "9", "Amount": 3100.5}]
    clients = [client, {"ID": "9", "Name": "Someone", "Class date": dt.date(2025, 1, 1)}]
    log = [*(BOUGHT if purchases is None else purchases), *others]
    return explain(calculate(clients, log, [], TODAY), 0)[key]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("group", "Client, by group rule 3: last purchase 10.08.2026."),
        ("abc", "A: clients who buy more make 0.0 % of the turnover, with her 50.0 %."),
        ("xyz", "Y: her turnover per period varies by 12.1 % of its mean (1 000, 1 200, 900,50)."),
        ("stage", "Lost: first purchase 10.02.2026, last 10.08.2026; the period is 3 months."),
        ("folder", "Green: last purchase 10.08.2026."),
        ("turnover", "3 100,50 since 22.11.2025."),
        ("last_purchase", "10.08.2026: the last day on which her lines sum to more than zero."),
        ("gift", "Booklet + card within the budget of 46, for Birthday, by 01.12.2026."),
    ],
)
def test_a_filled_cell_names_the_rule_and_the_figures(key: str, sentence: str) -> None:
    assert why(ANNA, key) == sentence


def test_the_next_contact_names_everything_that_is_open() -> None:
    assert why(ANNA, "next_contact") == (
        "10.10.2026. Open: 10.10.2026 2 months after purchase (call); "
        "10.10.2026 regular contact (call); 09.11.2026 usual order is due (call); "
        "01.12.2026 birthday (call); 31.12.2026 New Year (SMS); 08.03.2027 8 March (SMS)."
    )


@pytest.mark.parametrize(
    ("client", "key", "sentence"),
    [
        (OLGA, "group", "Potential, by group rule 2: ever bought: no, attended a class: no."),
        (OLGA, "abc", "Blank: no turnover in the year."),
        (OLGA, "xyz", "Blank: stage Potential."),
        (OLGA, "stage", "Potential: she never bought."),
        (OLGA, "folder", "Blank: she never bought."),
        (OLGA, "turnover", "Blank: no purchase line ever."),
        (OLGA, "gift", "Blank: she never bought."),
        (RITA, "channel", "Blank: she doesn't want to be contacted."),
        (
            {"ID": "", "Name": "Nobody"},
            "group",
            "Left out: the row has no ID, or its ID stands further up already.",
        ),
    ],
)
def test_a_blank_cell_says_why(client: Row, key: str, sentence: str) -> None:
    assert why(client, key, []) == sentence


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ([dt.date(2026, 6, 1)], "Blank: 1 whole periods since her first purchase, 3 are needed."),
        (
            [dt.date(2025, 11, 1), dt.date(2025, 1, 1)],
            "Z: her turnover per period varies by 173.2 % of its mean (500, 0, 0, 0).",
        ),
        ([dt.date(2025, 1, 1)], "Blank: the turnover of the periods isn't above zero."),
    ],
)
def test_xyz_says_what_it_lacks(dates: list[dt.date], sentence: str) -> None:
    log: list[Row] = [{"Date": day, "Client ID": "1", "Amount": 500} for day in dates]
    assert why(ANNA, "xyz", log) == sentence


def test_a_gift_of_the_card_alone_says_why() -> None:
    log: list[Row] = [{"Date": dt.date(2026, 5, 20), "Client ID": "1", "Amount": 500}]
    assert (
        why(ANNA, "gift", log)
        == "card for Birthday, by 01.12.2026: the last purchase is more than 6 months ago."
    )


def test_no_gift_says_how_far_was_looked() -> None:
    result = calculate(
        [OLGA],
        [{"Date": dt.date(2026, 6, 1), "Client ID": "2", "Amount": 5}],
        [],
        dt.date(2026, 6, 2),
    )
    assert explain(result, 0)["gift"] == "Blank: no occasion without a gift in the next 60 days."


def test_a_group_that_no_rule_gives_shows_all_facts_that_were_asked() -> None:
    rules = config(
        "groups: [{name: VIP, when: {turnover_in_year: {above: 9}}}]\ncontacts: {rules: []}\ngifts: {multipliers: []}"
    )
    result = calculate([OLGA], [], [], TODAY, rules)
    assert explain(result, 0)["group"] == "Blank: no group rule fits: – in the year."


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_cell_of_a_nasty_base_has_a_sentence_and_blanks_say_so(today: dt.date) -> None:
    result = calculate(*random_base(today.toordinal(), today), today)
    for position, row in enumerate(filled(result)):
        sentences = explain(result, position)
        assert list(sentences) == [column.key for column in FILLED]
        for key, sentence in sentences.items():
            assert sentence.endswith(".")
            if key not in {"contact_reason", "channel", "gift_budget"}:
                assert sentence.startswith(("Blank", "Left out")) == (row[key] is None), (
                    key,
                    sentence,
                )


def test_money_and_dates_are_shown_as_she_writes_them() -> None:
    american = config('numbers: {decimal: "."}\ndates: {text_formats: [yyyy-mm-dd]}')
    assert shown_money(-120050, config()) == "-1 200,50"
    assert shown_money(4120000, american) == "41 200"
    assert shown_money(5, american) == "0.05"
    assert shown_date(TODAY, "dd.mm.yyyy") == "21.11.2026"
    assert shown_date(TODAY, "yyyy-mm-dd") == "2026-11-21"
    assert shown_date(None, "dd.mm.yyyy") == "–"
