"""The turnover that is lacking for a better class is exact to the kopeck."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.rooms.classes.room import Abc, abc_class
from rules.rooms.classes.why import better_class
from tests.bases import config

CROSSING = config().abc
INCLUSIVE = config("abc: {line: inclusive}").abc
WIDE = config("abc: {bounds: [70, 95]}").abc


def class_with(amounts: list[int], position: int, own: int, abc: Abc) -> str:
    changed = np.array(amounts, np.int64)
    changed[position] = own
    return str(abc_class(changed, abc)[position])


@pytest.mark.parametrize(
    ("amounts", "abc", "expected"),
    [
        # B below 80 %: 90 / (100 + more) < 80 % from 13 on (90 / 113 = 79.6 %)
        ([10, 60, 30], CROSSING, ("B", 13)),
        # A below 50 %: with 70 nobody buys more; with 61 the one with 60 comes after her
        ([30, 60, 10], CROSSING, ("A", 21)),
        ([60, 30, 10], CROSSING, None),
        ([100], CROSSING, None),
        ([0, 60], CROSSING, None),
        ([-5, 60], CROSSING, None),
        # with her own share: 60 + 30 of 120 is 75 %, at most 80 %
        ([10, 60, 30], INCLUSIVE, ("B", 20)),
        ([10, 90], INCLUSIVE, ("A", 80)),  # 90 of 180 is 50 %
        ([90, 10], INCLUSIVE, None),  # 90 % and more, whatever she buys
        ([100], INCLUSIVE, None),
    ],
)
def test_what_is_lacking_for_the_next_better_class(
    amounts: list[int], abc: Abc, expected: tuple[str, int] | None
) -> None:
    assert better_class(np.array(amounts, np.int64), 0, abc) == expected


@given(
    st.lists(st.integers(-5, 60), min_size=1, max_size=12),
    st.sampled_from([CROSSING, INCLUSIVE, WIDE]),
)
@settings(max_examples=150, deadline=None)
def test_exactly_that_much_more_changes_the_class_and_nothing_less_does(
    amounts: list[int], abc: Abc
) -> None:
    turnover = np.array(amounts, np.int64)
    now = class_with(amounts, 0, amounts[0], abc)
    found = better_class(turnover, 0, abc)
    better = abc.names[: abc.names.index(now)] if now else ()
    if found is None:
        totals = range(max(amounts[0], 1), 300) if now else ()
        assert not any(class_with(amounts, 0, own, abc) in better for own in totals)
        return
    name, lacking = found
    assert name in better
    assert class_with(amounts, 0, amounts[0] + lacking, abc) == name
    between = range(amounts[0], amounts[0] + lacking)
    assert not any(class_with(amounts, 0, own, abc) in better for own in between)


def test_large_bases_are_counted_exactly() -> None:
    amounts = np.full(10_000, 10**13, np.int64)
    amounts[0] = 1
    name, lacking = better_class(amounts, 0, CROSSING) or ("", 0)
    assert (class_with(amounts.tolist(), 0, 1 + lacking, CROSSING), name) == ("A", "A")
    assert class_with(amounts.tolist(), 0, lacking, CROSSING) == "C"
