"""Worked examples that others published, reproduced through the configuration alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest

from tests.bases import calculate, config, filled

TODAY = dt.date(2026, 11, 21)


def sold(month_back: int, client: str, amount: float) -> dict[str, object]:
    """A purchase on the 15th, so many months before this month."""
    months = TODAY.year * 12 + TODAY.month - 1 - month_back
    day = dt.date(months // 12, months % 12 + 1, 15)
    return {"Date": day, "Client ID": client, "Amount": amount}


COSMETICS = {
    "fade cream": 27000,
    "powders": 24000,
    "shadows": 18000,
    "mascara": 16000,
    "lipstick": 6000,
    "concealer": 5000,
    "sculptors": 4000,
}


def test_abc_of_the_cosmetics_table_of_the_package_abc_classification() -> None:
    """Source: the readme of abc-classification 0.0.7 on PyPI, its table of sums by class.

    Classes up to 70 % and 90 % of the whole, the share including the product. (The readme's table
    of products puts lipstick, at 91 %, into B, its sums put it into C; the sums are right.)
    """
    rules = config("abc: {line: inclusive, bounds: [70, 90]}")
    clients = [{"ID": name, "Name": name} for name in COSMETICS]
    purchases = [sold(1, name, amount) for name, amount in COSMETICS.items()]
    sums: dict[object, int] = defaultdict(int)
    for name, row in zip(
        COSMETICS, filled(calculate(clients, purchases, [], TODAY, rules)), strict=True
    ):
        sums[row["abc"]] += COSMETICS[name]
    assert sums == {"A": 27000 + 24000 + 18000, "B": 16000, "C": 6000 + 5000 + 4000}


MONTHS = [70, 60, 60, 90, 80, 80, 95, 40, 40]


@pytest.mark.parametrize(
    ("period_months", "published_percent", "published_class"), [(1, 29, "Z"), (3, 19, "Y")]
)
def test_xyz_of_the_same_sales_by_months_and_by_quarters(
    period_months: int, published_percent: int, published_class: str
) -> None:
    """Source: olegon.ru, thread 22257, page 2: nine months of sales, 29 % by months, 19 % by
    quarters (190, 250, 175), both with the sample deviation, against the bounds 10 and 25.
    """
    shape = f"months: 9, period_months: {period_months}, deviation: sample"
    clients = [{"ID": "1", "Name": "Item"}]
    purchases = [sold(9 - number, "1", amount) for number, amount in enumerate(MONTHS)]

    def xyz(bounds: str) -> object:
        rules = config(f"xyz: {{{shape}, bounds: {bounds}}}\nstage: {{period_months: 1}}")
        return filled(calculate(clients, purchases, [], TODAY, rules))[0]["xyz"]

    assert xyz("[10, 25]") == published_class
    assert xyz(f"[{published_percent - 0.5}, {published_percent + 0.5}]") == "Y"


def test_xyz_of_the_chocolate_of_a_students_exercise() -> None:
    """Source: author24referat.ru, "Выполните XYZ-анализ": 900, 800, 700 have the mean 800 and the
    population deviation 81.65, 10.21 %, hence class Y.
    """
    purchases = [sold(3 - number, "1", amount) for number, amount in enumerate([900, 800, 700])]

    def xyz(bounds: str) -> object:
        text = (
            f"xyz: {{months: 3, period_months: 1, bounds: {bounds}}}\nstage: {{period_months: 1}}"
        )
        rows = calculate([{"ID": "1", "Name": "Chocolate"}], purchases, [], TODAY, config(text))
        return filled(rows)[0]["xyz"]

    assert xyz("[10, 25]") == "Y"
    assert xyz("[10.205, 10.215]") == "Y"
