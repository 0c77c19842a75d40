"""What holds for every base, however its rows lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.config.settings import Config
from rules.model.raw import RawTable
from rules.recalculation import recalculate
from rules.rooms.classes.room import abc_class
from tests.bases import Row, calculate, config, filled, shipped, table

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Cells = Mapping[str, object]


@dataclass(frozen=True)
class Base:
    """The rows of the three sheets, and the day on which they are calculated."""

    clients: list[Row]
    purchases: list[Row]
    contacts: list[Row]
    today: dt.date

    def cells(self, rules: Config | None = None) -> dict[object, Cells]:
        """The filled cells of each client by ID."""
        result = calculate(self.clients, self.purchases, self.contacts, self.today, rules)
        return {row["ID"]: cells for row, cells in zip(self.clients, filled(result), strict=True)}

    def only(self, key: object) -> Base:
        """The same with one client and her rows."""
        return replace(
            self,
            clients=[row for row in self.clients if row["ID"] == key],
            purchases=[row for row in self.purchases if row["Client ID"] == key],
            contacts=[row for row in self.contacts if row["Client ID"] == key],
        )


# --- bases -----------------------------------------------------------------------------------

CITY = "Moscow"
TODAYS = ("2024-02-29", "2024-03-10", "2024-05-15", "2024-12-24", "2025-01-02", "2025-02-28")
NEAR_BOUNDS = (0, 1, 2, 3, 13, 14, 15, 30, 31, 59, 60, 61, 62, 63, 90, 91, 92, 151, 182, 365, 366)
DAYS_BACK = st.sampled_from(NEAR_BOUNDS) | st.integers(0, 800)
AMOUNTS = st.sampled_from([0, 100, 1_000, 12_000, 36_000]) | st.integers(-300_000, 4_000_000).map(
    lambda kopecks: kopecks / 100
)
KINDS = st.sampled_from(["call", "meeting", "SMS", "gift", "letter", "tea", None])


@st.composite
def bases(draw: st.DrawFn) -> Base:
    """Up to 6 clients with some 30 rows, most dates on or next to a threshold."""
    today = dt.date.fromisoformat(draw(st.sampled_from(TODAYS)))

    def days_ago(days: int) -> dt.date:
        return today - dt.timedelta(days=days)

    count = draw(st.integers(1, 6))
    keys = st.sampled_from([f"client {number}" for number in range(count)])
    past = DAYS_BACK.map(days_ago)
    clients: list[Row] = [
        {
            "ID": f"client {number}",
            "Name": "Anna",
            "Birthday": draw(st.none() | st.integers(-70, 400).map(days_ago)),
            "Class date": draw(st.none() | past | st.just(days_ago(-1))),
            "City": draw(st.sampled_from([None, CITY, "Tver"])),
            "Do not contact": draw(st.sampled_from([None, None, None, "yes"])),
        }
        for number in range(count)
    ]
    purchase = st.fixed_dictionaries({"Date": past, "Client ID": keys, "Amount": AMOUNTS})
    contact = st.fixed_dictionaries(
        {
            "Date": past,
            "Client ID": keys,
            "Kind": KINDS,
            "Next date": st.none() | st.integers(-60, 30).map(days_ago),
            "Next kind": KINDS,
        }
    )
    purchases: list[Row] = list(draw(st.lists(purchase, max_size=16)))
    contacts: list[Row] = list(draw(st.lists(contact, max_size=12)))
    return Base(clients, purchases, contacts, today)


RULES = config(f"home_city: {CITY}")
INDEPENDENT = config(
    shipped()["en"]
    .replace('home_city: ""', f"home_city: {CITY}")
    .replace("        - attended_class: {is: no}\n", "")
    .replace("              - abc: {is: A}\n", "")
    .replace("    - {when: {abc: {is: A}}, times: 1.5}\n", "")
)
"""The rules without those that look at other clients: ABC, and whether anybody was at a class."""


def test_the_independent_rules_ask_neither_for_abc_nor_for_attendance() -> None:
    conditions = str([INDEPENDENT.groups, INDEPENDENT.contacts, INDEPENDENT.gifts])
    assert "abc=TextTest" not in conditions
    assert "attended_class=YesNoTest" not in conditions
    assert "abc=TextTest" in str([RULES.groups, RULES.contacts, RULES.gifts])
    assert "attended_class=YesNoTest" in str(RULES.groups)


# --- names in place of IDs -------------------------------------------------------------------


@MANY
@given(bases(), st.integers())
def test_typing_names_instead_of_ids_gives_the_same_cells(base: Base, seed: int) -> None:
    rng = Random(seed)
    names: dict[object, str] = {row["ID"]: f"Name of {row['ID']}" for row in base.clients}

    def named(row: Row) -> Row:
        ways = ((None, names[row["Client ID"]].upper()), (row["Client ID"], None))
        key, name = rng.choice(ways)
        return {**row, "Client ID": key, "Client": name}

    told = replace(base, clients=[{**row, "Name": names[row["ID"]]} for row in base.clients])
    purchases, contacts = ([named(row) for row in rows] for rows in (base.purchases, base.contacts))
    typed = replace(told, purchases=purchases, contacts=contacts)
    assert typed.cells(RULES) == told.cells(RULES)


# --- the order of the rows -------------------------------------------------------------------


def shuffled(rows: Sequence[Row], seed: int) -> list[Row]:
    return Random(seed).sample(rows, len(rows))


def shuffled_contacts(rows: Sequence[Row], seed: int) -> list[Row]:
    """*rows* in another order; of one client and day, those with a next date keep theirs, as of
    these the one further down the sheet counts.
    """
    mixed = shuffled(rows, seed)

    def tied(row: Row) -> tuple[object, object] | None:
        return None if row["Next date"] is None else (row["Client ID"], row["Date"])

    in_order: dict[tuple[object, object], list[Row]] = {}
    for row in rows:
        key = tied(row)
        if key is not None:
            in_order.setdefault(key, []).append(row)
    return [row if (key := tied(row)) is None else in_order[key].pop(0) for row in mixed]


@MANY
@given(bases(), st.integers(0, 10**6))
def test_shuffling_the_rows_of_any_table_gives_each_client_the_same_cells(
    base: Base, seed: int
) -> None:
    expected = base.cells(RULES)
    mixed = Base(
        shuffled(base.clients, seed),
        shuffled(base.purchases, seed + 1),
        shuffled_contacts(base.contacts, seed + 2),
        base.today,
    )
    assert mixed.cells(RULES) == expected
    assert replace(base, clients=mixed.clients).cells(RULES) == expected
    assert replace(base, purchases=mixed.purchases).cells(RULES) == expected
    assert replace(base, contacts=mixed.contacts).cells(RULES) == expected


# --- the same said otherwise -----------------------------------------------------------------


@MANY
@given(bases(), st.data())
def test_splitting_a_line_into_two_of_the_same_day_changes_nothing(
    base: Base, data: st.DataObject
) -> None:
    if not base.purchases:
        return
    number = data.draw(st.integers(0, len(base.purchases) - 1))
    line = base.purchases[number]
    kopecks = round(100 * float(str(line["Amount"])))
    part = data.draw(st.integers(-5_000_000, 5_000_000))
    one: Row = {**line, "Amount": part / 100}
    other: Row = {**line, "Amount": (kopecks - part) / 100}
    split: list[Row] = [*base.purchases[:number], one, *base.purchases[number + 1 :], other]
    assert replace(base, purchases=split).cells(RULES) == base.cells(RULES)


@MANY
@given(bases())
def test_computing_again_changes_nothing(base: Base) -> None:
    assert base.cells(RULES) == base.cells(RULES)


@MANY
@given(bases(), st.sampled_from([0, 1, 5, 20]))
def test_an_empty_row_among_the_others_changes_nothing(base: Base, place: int) -> None:
    clients = [*base.clients, {"ID": None, "Name": ""}]
    purchases = [*base.purchases[:place], {"Date": None}, *base.purchases[place:]]
    contacts = [*base.contacts[:place], {"Kind": "  "}, *base.contacts[place:]]
    more = Base(clients, purchases, contacts, base.today).cells(RULES)
    assert set(more.pop(None).values()) == {None}
    assert more == base.cells(RULES)


# --- rows that don't count -------------------------------------------------------------------


def with_more_rows(base: Base, change: Callable[[Row], Row]) -> Base:
    """*base* with a changed copy of each of its log rows, in between."""
    return replace(
        base,
        purchases=[row for old in base.purchases for row in (change(old), old)],
        contacts=[row for old in base.contacts for row in (old, change(old))],
    )


@MANY
@given(bases(), st.integers(1, 500))
def test_rows_dated_after_today_change_no_cell(base: Base, days: int) -> None:
    tomorrow = {"Date": base.today + dt.timedelta(days=days)}
    more = with_more_rows(base, lambda row: {**row, **tomorrow})
    assert more.cells(RULES) == base.cells(RULES)


@MANY
@given(bases())
def test_rows_of_an_unknown_client_change_no_cell(base: Base) -> None:
    more = with_more_rows(base, lambda row: {**row, "Client ID": "nobody"})
    assert more.cells(RULES) == base.cells(RULES)


@MANY
@given(bases(), st.sampled_from(["CLIENT   0", " Client 0 ", "client 0"]))
def test_a_second_row_of_an_id_changes_no_cell_of_the_first(base: Base, key: str) -> None:
    second = {**base.clients[0], "ID": key, "Birthday": base.today, "Class date": base.today}
    rows = [*base.clients, second]
    result = filled(calculate(rows, base.purchases, base.contacts, base.today, RULES))
    assert result[:-1] == list(base.cells(RULES).values())
    assert set(result[-1].values()) == {None}


# --- classes ---------------------------------------------------------------------------------

TURNOVERS = st.lists(st.integers(-5, 30) | st.integers(-(10**9), 10**12), max_size=30)


@MANY
@given(TURNOVERS, st.sampled_from(["crossing", "inclusive"]))
def test_equal_turnovers_never_get_different_abc_classes(turnovers: list[int], line: str) -> None:
    classes = abc_class(np.array(turnovers, dtype=np.int64), config(f"abc: {{line: {line}}}").abc)
    by_turnover: dict[int, set[str]] = {}
    for amount, letter in zip(turnovers, classes.tolist(), strict=True):
        by_turnover.setdefault(amount, set()).add(letter)
    assert all(len(letters) == 1 for letters in by_turnover.values())


@MANY
@given(TURNOVERS, st.sampled_from(["crossing", "inclusive"]))
def test_who_buys_more_never_gets_the_lower_abc_class(turnovers: list[int], line: str) -> None:
    rules = config(f"abc: {{line: {line}}}").abc
    classes = abc_class(np.array(turnovers, dtype=np.int64), rules).tolist()
    buyers = sorted(
        (-amount, letter) for amount, letter in zip(turnovers, classes, strict=True) if letter
    )
    assert [letter for _, letter in buyers] == sorted(letter for _, letter in buyers)
    assert [letter == "" for letter in classes] == [amount <= 0 for amount in turnovers]


@MANY
@given(bases(), st.sampled_from([2, 3, 7, 10, 1000]))
def test_scaling_all_amounts_changes_no_abc_or_xyz_class(base: Base, factor: int) -> None:
    scaled: list[Row] = [
        {**row, "Amount": round(100 * float(str(row["Amount"]))) * factor / 100}
        for row in base.purchases
    ]
    expected = {key: (cells["abc"], cells["xyz"]) for key, cells in base.cells().items()}
    found = replace(base, purchases=scaled).cells()
    assert {key: (cells["abc"], cells["xyz"]) for key, cells in found.items()} == expected


# --- one client and many ---------------------------------------------------------------------

ROW_WISE = ("xyz", "stage", "folder", "turnover", "last_purchase")


@MANY
@given(bases())
def test_what_depends_on_no_other_client_is_the_same_for_her_alone(base: Base) -> None:
    for key, cells in base.cells(RULES).items():
        alone = base.only(key).cells(RULES)[key]
        assert {name: alone[name] for name in ROW_WISE} == {name: cells[name] for name in ROW_WISE}


@MANY
@given(bases())
def test_without_rules_on_others_every_column_but_abc_is_the_same_for_her_alone(
    base: Base,
) -> None:
    for key, cells in base.cells(INDEPENDENT).items():
        alone = base.only(key).cells(INDEPENDENT)[key]
        assert {**alone, "abc": None} == {**cells, "abc": None}


# --- the cells hold together -----------------------------------------------------------------


@MANY
@given(bases())
def test_cells_that_belong_together_are_filled_or_blank_together(base: Base) -> None:
    for cells in base.cells(RULES).values():
        contact = [cells[key] is None for key in ("next_contact", "contact_reason", "channel")]
        gift = [cells[key] is None for key in ("gift", "gift_for", "gift_date")]
        assert len(set(contact)) == 1
        assert len(set(gift)) == 1
        assert cells["gift_budget"] is None or cells["gift"] is not None
        assert (cells["folder"] is None) == (cells["last_purchase"] is None)
        assert (cells["stage"] == "Potential") == (cells["last_purchase"] is None)
        assert (cells["abc"] is None) == (float(str(cells["turnover"] or 0)) <= 0)


# --- inputs ----------------------------------------------------------------------------------


def copied(raw: RawTable) -> RawTable:
    """A deep copy of the columns."""
    return replace(
        raw,
        rows=raw.rows.copy(),
        cells={key: column.copy() for key, column in raw.cells.items()},
        letters=dict(raw.letters),
        own={key: column.copy() for key, column in raw.own.items()},
    )


def assert_same(one: RawTable, other: RawTable) -> None:
    np.testing.assert_array_equal(one.rows, other.rows)
    assert one.letters == other.letters
    for left, right in ((one.cells, other.cells), (one.own, other.own)):
        assert list(left) == list(right)
        for key, column in left.items():
            np.testing.assert_array_equal(column, right[key])
            assert column.dtype == right[key].dtype


@MANY
@given(bases())
def test_the_tables_that_were_handed_in_are_never_changed(base: Base) -> None:
    columns = RULES.columns
    tables = {
        "clients": table(base.clients, columns.clients, "Clients"),
        "purchases": table(base.purchases, columns.purchases, "Purchases"),
        "contacts": table(base.contacts, columns.contacts, "Contacts"),
    }
    before = [copied(raw) for raw in tables.values()]
    for raw in tables.values():
        for column in (raw.rows, *raw.cells.values(), *raw.own.values()):
            column.flags.writeable = False  # whoever writes into it fails at once
    recalculate(tables, RULES, base.today)
    for raw, copy in zip(tables.values(), before, strict=True):
        assert_same(raw, copy)
