"""The vectorised rules and a plain, independent reading of the specification agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from rules.config.settings import Config
from tests import reference
from tests.bases import FILLED, Row, calculate, config, filled, shipped
from tests.random_bases import HOME_CITY, TODAYS, random_base, with_names

ROUNDS = 6
Base = tuple[Sequence[Row], Sequence[Row], Sequence[Row]]
Rows = list[dict[str, object]]
DEFAULT = replace(reference.DEFAULT, home_city=HOME_CITY)


def _rows(base: Base) -> tuple[Rows, Rows, Rows]:
    clients, purchases, contacts = ([dict(row) for row in table] for table in base)
    return clients, purchases, contacts


def differences(
    base: Base,
    today: dt.date,
    rules: Config,
    settings: reference.Settings,
) -> list[str]:
    """Every cell in which the two disagree, as a readable line."""
    expected = reference.calculate(*_rows(base), today, settings)
    found = filled(calculate(*base, today, rules))
    lines = []
    for number, (wanted, got) in enumerate(zip(expected, found, strict=True)):
        for column in FILLED:
            heading = getattr(config().columns.filled, column.key)[0]
            left, right = wanted[heading], got[column.key]
            if isinstance(right, float) and left is not None:
                left = float(str(left))
            if left != right:
                lines.append(f"client {number}, {heading}: expected {left!r}, found {right!r}")
    return lines


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_cell_of_a_nasty_base_is_as_the_specification_says(
    today: dt.date, round_: int
) -> None:
    base = random_base(1000 * round_ + today.toordinal(), today)
    rules = config(f"home_city: {HOME_CITY}")
    assert differences(base, today, rules, DEFAULT) == []


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_cell_of_a_base_that_names_its_clients_is_as_the_specification_says(
    today: dt.date, round_: int
) -> None:
    seed = 1100 * round_ + today.toordinal()
    base = with_names(seed, random_base(seed, today))
    rules = config(f"home_city: {HOME_CITY}")
    assert differences(base, today, rules, DEFAULT) == []


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_the_same_cells_are_reported_as_problems(today: dt.date, *, named: bool) -> None:
    for round_ in range(ROUNDS):
        seed = 7000 * round_ + today.toordinal()
        base = random_base(seed, today)
        if named:
            base = with_names(seed, base)
        expected = sorted(
            (table, row + 2, heading)
            for table, row, heading in set(reference.problems(*_rows(base), today, DEFAULT))
        )
        result = calculate(*base, today, config(f"home_city: {HOME_CITY}"))
        headings = {
            (table, number): heading
            for table, part in zip(("Clients", "Purchases", "Contacts"), base, strict=True)
            for number, heading in enumerate(_known_headings(table, part))
        }
        found = sorted(
            (p.sheet, int(p.cell[1:]), headings[p.sheet, ord(p.cell[0]) - ord("A")])
            for p in result.problems
        )
        assert found == expected


def _known_headings(table: str, rows: Sequence[Row]) -> list[str]:
    columns = getattr(config().columns, table.lower())
    known = {heading for names in dict(columns).values() for heading in names}
    return [h for h in dict.fromkeys(h for row in rows for h in row) if h in known]


def _eighth_of_march(whom: str) -> dict[str, object]:
    """The settings in which that day is for *whom*, as a holiday and for gifts."""
    return {
        key: tuple(
            replace(day, whom=whom) if day.name == "8 March" else day
            for day in getattr(reference.DEFAULT, key)
        )
        for key in ("holidays", "gift_occasions")
    }


OTHER_RULES: list[tuple[str, str, dict[str, object]]] = [
    ("basis: trailing", "basis: calendar", {"year_basis": "calendar"}),
    ("basis: trailing", "basis: seminar", {"year_basis": "seminar"}),
    ("line: crossing", "line: inclusive", {"abc_line": "inclusive"}),
    ("deviation: population", "deviation: sample", {"xyz_deviation": "sample"}),
    (
        "  period_months: 3\n  months: 12",
        "  period_months: 2\n  months: 18",
        {"xyz_period_months": 2, "xyz_months": 18},
    ),
    ("stage:\n  period_months: 3", "stage:\n  period_months: 7", {"stage_period_months": 7}),
    ("max_days: 400", "max_days: 30", {"agreed_max_days": 30}),
    ("late_days: 7", "late_days: 40", {"birthday_late_days": 40}),
    ("early_days: 1\n", "early_days: 20\n", {"birthday_early_days": 20}),
    ("early_days: 1\n", "early_days: 800\n", {"birthday_early_days": 800}),
    ("early_days: 3\n", "early_days: 500\n", {"holiday_early_days": 500}),
    ("grace_days: 3", "grace_days: 0", {"grace_days": 0}),
    ("grace_days: 3", "grace_days: 700", {"grace_days": 700}),
    ("expires_days: 60", "expires_days: 13", {"expires_days": 13}),
    ("min_purchase_days: 3", "min_purchase_days: 2", {"reorder_purchase_days_at_least": 2}),
    ("min_days: 7", "min_days: 45", {"reorder_min_days": 45}),
    ("unknown: 2", "unknown: 1", {"unknown_kind_weight": 1}),
    ("unknown: 2", "unknown: 3", {"unknown_kind_weight": 3}),
    ("personal: 2", "personal: 3", {"touch_weight": 3, "agreed_done_weight_at_most": 3}),
    ("horizon_days: 60", "horizon_days: 250", {"gift_horizon_days": 250}),
    ("merge_days: 7", "merge_days: 80", {"gift_merge_days": 80}),
    ("closed_days: 21", "closed_days: 90", {"gift_closed_days": 90}),
    ("percent: 1\n", "percent: 12.5\n", {"gift_percent": Fraction(25, 2)}),
    ("card_only_after_months: 6", "card_only_after_months: 1", {"gift_card_only_after_months": 1}),
    ("post_days: 10", "post_days: 0", {"gift_post_days": 0}),
    (
        "{VIP: 1 month, Client: 2 months,",
        "{VIP: 3 weeks, Client: 10 days,",
        {"rhythm": (("VIP", "3 weeks"), ("Client", "10 days"), *reference.DEFAULT.rhythm[2:])},
    ),
    ("name: 8 March}", "name: 8 March, for: men}", _eighth_of_march("men")),
    ("name: 8 March}", "name: 8 March, for: all_but_men}", _eighth_of_march("all_but_men")),
]


@pytest.mark.parametrize(
    ("written", "instead", "changed"), OTHER_RULES, ids=[case[1] for case in OTHER_RULES]
)
def test_every_other_number_in_the_configuration_means_what_the_specification_says(
    written: str, instead: str, changed: dict[str, object]
) -> None:
    shipped_text = shipped()["en"]
    assert written in shipped_text
    text = shipped_text.replace(written, instead).replace(
        'home_city: ""', f"home_city: {HOME_CITY}"
    )
    rules = config(text)
    american = replace(DEFAULT, date_order="mdy", decimal_mark=".")  # as the shipped file is
    settings = replace(american, **changed)  # type: ignore[arg-type]
    for today in TODAYS:
        base = random_base(today.toordinal() + 31 * len(instead), today)
        assert differences(base, today, rules, settings) == []
