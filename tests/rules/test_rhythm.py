"""How often: the interval of her group, or her own, in days, weeks or months."""

from __future__ import annotations

import pytest

from rules.reading.intervals import Interval, read_interval
from rules.why.client import explain
from tests.bases import Row, bought, calculate, client, config, filled, on, only

SEEN = client("A", Class_date="2024-01-15")
"""A Client: she bought on 10 April."""
LINES = [bought("2024-04-10")]


def due(today: str, who: Row = SEEN, rules: str = "") -> object:
    result = calculate([who], LINES, [], on(today), only("rhythm", rules=config(rules)))
    return filled(result)[0]["next_contact"]


def every(interval: str) -> str:
    return f"contacts: {{rules: [{{rule: rhythm, every: {interval}}}]}}"


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("3 weeks", (0, 21)),
        ("3 WEEKS", (0, 21)),
        ("1 week", (0, 7)),
        ("a week", None),
        ("10 дней", (0, 10)),
        ("1 день", (0, 1)),
        ("21 день.", (0, 21)),
        ("10 дн.", (0, 10)),
        ("2 мес", (2, 0)),
        ("2 месяца", (2, 0)),
        ("2\u00a0мес.", (2, 0)),
        ("5 недель", (0, 35)),
        ("3 нед.", (0, 21)),
        ("month", (1, 0)),
        ("раз в месяц", (1, 0)),
        ("every 3 weeks", (0, 21)),
        ("каждые 2 недели", (0, 14)),
        ("1 year", (12, 0)),
        ("10 лет", (120, 0)),
        ("11 лет", None),
        ("0 days", None),
        ("9999 days", None),
        ("-3 days", None),
        ("3", None),
        ("soon", None),
        ("3 weeks or so", None),
        ("", None),
    ],
)
def test_an_interval_is_read_in_both_languages(text: str, interval: object) -> None:
    assert read_interval(text) == (None if interval is None else Interval(*interval))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("interval", "today", "day"),
    [
        ("3 weeks", "2024-04-11", "2024-05-01"),
        ("3 weeks", "2024-05-01", "2024-05-01"),
        ("3 weeks", "2024-05-21", "2024-05-01"),
        ("3 weeks", "2024-05-22", "2024-05-22"),
        ("10 days", "2024-05-09", "2024-04-30"),
        ("1 month", "2024-05-09", "2024-05-10"),
        ("{Client: 2 weeks}", "2024-05-09", "2024-05-08"),
        ("{VIP: 2 weeks}", "2024-05-09", "2024-06-10"),
    ],
)
def test_the_last_date_up_to_today_stands_else_the_first(
    interval: str, today: str, day: str
) -> None:
    assert due(today, rules=every(interval)) == on(day)


@pytest.mark.parametrize("own", ["3 weeks", "21 дней"])
def test_her_own_goes_before_that_of_her_group(own: str) -> None:
    hers = {**SEEN, "Rhythm": own}
    assert due("2024-04-11", hers) == on("2024-05-01")
    assert due("2024-04-11", hers, every("1 week")) == on("2024-05-01")
    assert due("2024-04-11", hers, every("{Client: off}")) == on("2024-05-01")


@pytest.mark.parametrize("cell", ["soon", 3, "0 days"])
def test_what_says_no_interval_is_told_and_counts_as_blank(cell: object) -> None:
    hers = {**SEEN, "Rhythm": cell}
    result = calculate([hers], LINES, [], on("2024-04-11"), only("rhythm"))
    assert filled(result)[0]["next_contact"] == on("2024-06-10")
    (problem,) = result.problems
    assert (problem.cell, problem.advice) == (
        "D2",
        f"{cell!r} says no interval and counts as blank. Type 3 weeks, 10 days or 2 months.",
    )


def test_months_of_an_earlier_file_go_before() -> None:
    rules = "contacts: {rules: [{rule: rhythm, months: {client: 3}}]}"
    assert due("2024-04-11", rules=rules) == on("2024-07-10")


@pytest.mark.parametrize(
    ("rules", "own", "entry"),
    [
        ("", None, ("every", "Client")),
        (every("3 weeks"), None, ("every",)),
        (every("3 weeks"), "2 weeks", ()),
        ("contacts: {rules: [{rule: rhythm, months: {client: 3}}]}", None, ("months", "client")),
    ],
)
def test_why_names_the_interval_that_counts(
    rules: str, own: object, entry: tuple[str, ...]
) -> None:
    result = calculate([{**SEEN, "Rhythm": own}], LINES, [], on("2024-04-11"), only("rhythm", rules=config(rules)))  # fmt: skip
    told = next(one for one in explain(result, 0) if one.key == "next_contact")
    assert told.evidence[0].rule == ("contacts", "rules", 0, *entry)
