"""Who would move under other rules: from where to where, with next contacts and gifts."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model.result import Result
from rules.rehearsal import Changed, NamedClient, Rehearsal, Shift, rehearse
from tests.bases import Row, alone, bought, calculate, client, on

AT_CLASS = on("2024-01-10")
CLIENTS = [
    client(key, Class_date=AT_CLASS, Birthday=on("1980-12-05")) for key in ("A", "B", "C", "A")
]
PURCHASES = [
    bought("2026-11-01", 40000, "A"),
    bought("2026-10-01", 40000, "A"),
    bought("2026-06-25", 1000, "B"),
]
TODAY = "2026-11-21"
A, B, C = (NamedClient(key, f"Name of {key}") for key in "ABC")


def result(rules: str = "", today: str = TODAY, clients: Sequence[Row] = CLIENTS) -> Result:
    return calculate(clients, PURCHASES, [], on(today), alone(rules))


def rehearsed(would: Result) -> Rehearsal:
    return rehearse(result(), would)


def test_the_same_rules_on_the_same_day_change_nothing() -> None:
    found = rehearsed(result())
    assert found == Rehearsal(3, [], {"next_contact": [], "gifts": []}, [])
    assert found.is_same


def test_clients_who_would_move_are_named_by_from_and_to() -> None:
    groups = "groups: [{name: Client, when: {bought: {is: yes}}}, {name: Waiting}]\n"
    found = rehearsed(result(groups + "contacts: {rules: []}\ngifts: {multipliers: []}\n"))
    assert found.shifts == [
        Shift("group", "Potential", "Waiting", [C]),
        Shift("group", "VIP", "Client", [A]),
    ]
    assert [change.person for change in found.changed["next_contact"]] == [A, B, C]
    assert {change.new for change in found.changed["next_contact"]} == {""}
    assert [change.person for change in found.changed["gifts"]] == [A]


def test_another_day_changes_groups_contacts_and_gifts() -> None:
    found = rehearsed(result(today="2026-12-26"))
    assert Shift("stage", "New", "Permanent", [A]) not in found.shifts
    assert Shift("group", "VIP", "Client", [A]) not in found.shifts
    later = rehearsed(result(today="2027-02-01"))
    assert Shift("group", "VIP", "Client", [A]) in later.shifts
    assert Shift("group", "Client", "Waiting", [B]) in later.shifts


def test_the_largest_shift_of_a_column_comes_first() -> None:
    rules = "groups: [{name: X}]\ncontacts: {rules: []}\ngifts: {multipliers: []}\n"
    clients = [*CLIENTS, client("D")]
    found = rehearse(
        result(clients=clients),
        result(rules, clients=clients),
    )
    groups = [(shift.old, len(shift.people)) for shift in found.shifts if shift.column == "group"]
    assert groups == [("Potential", 2), ("Client", 1), ("VIP", 1)]


def test_contacts_and_gifts_are_shown_in_one_text() -> None:
    found = rehearsed(result("contacts: {rules: []}\ngifts: {percent: 2}\n"))
    assert found.changed["next_contact"][1] == Changed(B, "25.10.2026, regular contact, call", "")
    # 80 000 × 1 % × 1.5 for class A, and twice that
    assert found.changed["gifts"][0] == Changed(
        A,
        "Mascara + card, 1 200, Birthday, 05.12.2026",
        "Mascara + card, 2 400, Birthday, 05.12.2026",
    )


def test_only_clients_who_are_in_both_are_compared_by_their_id() -> None:
    found = rehearsed(result(clients=[client("c"), client("A", Class_date=AT_CLASS)]))
    assert found.clients == 2
    assert {change.person for change in found.changed["next_contact"]} <= {A, C}


def test_what_the_other_rules_would_say_besides_is_told() -> None:
    found = rehearsed(
        result(
            "groups: [{name: X, when: {columns: {Skin: {is: dry}}}}, {name: Y}]\ncontacts: {rules: []}\ngifts: {multipliers: []}\n"
        )
    )
    assert found.notices == [
        "There is no column Skin on the sheet Clients; rules that ask for it fit nobody."
    ]


def test_a_base_in_which_nobody_is_found_again_changes_nothing() -> None:
    found = rehearsed(result(clients=[client("Z")]))
    assert (found.clients, found.is_same) == (0, True)
