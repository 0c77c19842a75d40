"""Who moved, as the first sheet tells it: so many lines, the last one counting what is left out."""

from __future__ import annotations

import datetime as dt

import pytest

from batch.recalculation.firstsheet import CHANGES_ROWS, change_lines
from rules.moves import Move
from tests.bases import config

TODAY = dt.date(2026, 11, 21)
SENTENCES = [f"1 client left 0{number} (Group): Anna" for number in range(9)]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (1, SENTENCES[:1]),
        (4, SENTENCES[:4]),
        (5, SENTENCES[:5]),
        (6, [*SENTENCES[:4], "… and 2 more kinds of move"]),
        (9, [*SENTENCES[:4], "… and 5 more kinds of move"]),
    ],
)
def test_the_day_and_at_most_five_sentences_fill_the_lines(kinds: int, expected: list[str]) -> None:
    found = [Move("1", "Anna", "group", f"{number:02}", "", None) for number in range(kinds)]
    lines = change_lines(found, config(), TODAY)
    assert lines[0] == "On 21.11.2026:"
    assert lines[1 : 1 + len(expected)] == expected
    assert lines[1 + len(expected) :] == [""] * (CHANGES_ROWS - 1 - len(expected))
