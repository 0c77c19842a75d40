"""Dates and facts as she writes them."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.reading.dates import shown_date
from rules.rooms.facts import shown_fact
from tests.bases import bought, calculate, client

TODAY = dt.date(2026, 11, 21)


def test_dates_are_shown_as_she_writes_them() -> None:
    assert shown_date(TODAY, "dd.mm.yyyy") == "21.11.2026"
    assert shown_date(TODAY, "yyyy-mm-dd") == "2026-11-21"
    assert shown_date(None, "dd.mm.yyyy") == "–"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("turnover_in_year", "1 000 in the year"),
        ("last_purchase", "last purchase 01.11.2026"),
        ("longest_gap_days", "longest gap 20 days"),
        ("usual_interval_days", "usual interval – days"),
        ("bought", "ever bought: yes"),
        ("attended_class", "attended a class: –"),
    ],
)
def test_a_fact_that_is_unknown_is_a_dash(name: str, shown: str) -> None:
    result = calculate([client("A")], [bought("2026-11-01")], [], TODAY)
    assert shown_fact(result.known, name, 0) == shown
