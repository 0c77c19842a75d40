"""Money and other numbers as she writes them."""

from __future__ import annotations

import pytest

from rules.reading.cells import shown_decimal, shown_money, shown_whole
from tests.bases import config


@pytest.mark.parametrize(
    ("minor", "rules", "shown"),
    [
        (4120000, "", "41 200"),
        (-120050, "", "-1 200,50"),
        (-99, "", "-0,99"),
        (0, "", "0"),
        (5, 'numbers: {decimal: "."}', "0.05"),
        (123456, "numbers: {minor_units: 0}", "123 456"),
        (1234567, "numbers: {minor_units: 3}", "1 234,567"),
    ],
)
def test_money_is_shown_in_units_with_its_parts_where_there_are_any(
    minor: int, rules: str, shown: str
) -> None:
    assert shown_money(minor, config(rules)) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (999, "999"), (1000, "1 000"), (-1234567, "-1 234 567")]
)
def test_a_whole_number_is_shown_in_groups_of_three_digits(number: int, shown: str) -> None:
    assert shown_whole(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("52.10", "52,1"), ("50.0", "50"), ("100", "100"), ("0.5", "0,5")]
)
def test_a_number_loses_its_needless_zeros_and_takes_her_decimal_sign(
    number: str, shown: str
) -> None:
    assert shown_decimal(number, config()) == shown
