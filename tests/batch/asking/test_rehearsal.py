"""`clientbase rehearse`: who would move, told and never written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batch.making.example import make_example
from tests.bases import config
from tests.batch.simple_workbook import CLIENTS, TODAY, write
from tests.command_line import Run

DAY = ("--today", "2026-11-21")
NEW = "groups:\n  - off: yes\n  - {name: Potential, when: {purchase_days: {at_most: 1}}}\n  - {name: Client}\ngifts: {multipliers: []}\ncontacts: {rules: []}\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "new.yaml").write_text(NEW, "utf-8")
    return write(tmp_path / "base.xlsx")


def test_counts_and_names_are_told_from_where_to_where(run: Run, base: Path) -> None:
    before = base.read_bytes()
    done = run("rehearse", "base.xlsx", "--config", "new.yaml", *DAY)
    assert done.code == 0
    assert done.out.splitlines()[:9] == [
        "base.xlsx: a rehearsal. Clients: 3",
        "  Now:       as shipped, as of 11/21/2026",
        "  Rehearsed: new.yaml, as of 11/21/2026",
        "Group: clients who would move: 3",
        "  Waiting → Potential 2: 002 Olga, 3 Rita",
        "  Client → Potential 1: 001 Anna",
        "Nobody would move: ABC, XYZ, Stage, Folder",
        "Next contacts that would change: 3",
        "  001 Anna: 11/21/2026, 2 days after purchase, call → blank",
    ]
    assert done.out.splitlines()[-1] == "This was a rehearsal: nothing was written."
    assert base.read_bytes() == before
    assert sorted(path.name for path in base.parent.iterdir()) == ["base.xlsx", "new.yaml"]


def test_the_rules_beside_the_workbook_are_what_counts_now(run: Run, base: Path) -> None:
    (base.parent / "config.yaml").write_text(NEW, "utf-8")
    done = run("rehearse", "base.xlsx", "--config", "new.yaml", *DAY)
    assert (
        "Nothing would change: every client keeps group, classes, next contact and gift."
        in done.out
    )
    assert "  Now:       config.yaml, as of 11/21/2026" in done.out
    assert done.out.endswith("This was a rehearsal: nothing was written.\n")


@pytest.mark.usefixtures("base")
def test_without_other_rules_another_day_is_rehearsed(run: Run) -> None:
    assert (
        "  Rehearsed: as shipped, as of 01/01/2031"
        in run("rehearse", "base.xlsx", "--today", "2031-01-01").out
    )


@pytest.mark.usefixtures("base")
def test_with_neither_rules_nor_day_it_says_what_to_give(run: Run) -> None:
    done = run("rehearse", "base.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Nothing to rehearse: give the changed rules with --config NEW.yaml, or another day with --today YYYY-MM-DD.\n"
    )


def test_it_works_while_the_workbook_is_open_in_excel(run: Run, base: Path) -> None:
    (base.parent / "~$base.xlsx").write_bytes(b"\x04Vera".ljust(165))
    assert run("rehearse", "base.xlsx", "--config", "new.yaml", *DAY).code == 0


def test_the_first_clients_are_named_all_of_them_with_all(run: Run, tmp_path: Path) -> None:
    rows = [CLIENTS[0], *([f"N{number}", f"Name {number}", None, None] for number in range(8))]
    write(tmp_path / "base.xlsx", {"Clients": rows, "Purchases": [["Date", "Client ID", "Amount"]]})
    (tmp_path / "new.yaml").write_text(NEW.replace("name: Potential", "name: New"), "utf-8")
    command = ("rehearse", "base.xlsx", "--config", "new.yaml", *DAY)
    short, whole = run(*command).out, run(*command, "--all").out
    assert (
        "Potential → New 8: N0 Name 0, N1 Name 1, N2 Name 2, N3 Name 3, N4 Name 4 and 3 more\n"
        in short
    )
    assert "  … and 3 more (--all lists them)\n" in short
    assert "N7 Name 7" in whole
    assert "more" not in whole


@pytest.mark.usefixtures("base")
def test_json_holds_everybody(run: Run) -> None:
    found = json.loads(run("rehearse", "base.xlsx", "--config", "new.yaml", "--json", *DAY).out)
    assert found["moves"] == [
        {"column": "group", "old": "Waiting", "new": "Potential", "count": 2, "people": [{"client": "002", "name": "Olga"}, {"client": "3", "name": "Rita"}]},
        {"column": "group", "old": "Client", "new": "Potential", "count": 1, "people": [{"client": "001", "name": "Anna"}]},
    ]  # fmt: skip
    assert (found["clients"], found["written"], len(found["contacts"])) == (3, False, 3)
    assert found["rehearsed"] == {"config": "new.yaml", "today": "2026-11-21"}


def test_it_speaks_the_language_of_the_rules_that_count_now(run: Run, tmp_path: Path) -> None:
    make_example(tmp_path / "База.xlsx", config("based_on: ru"), TODAY)
    (tmp_path / "new.yaml").write_text("based_on: ru\nstage: {period_months: 6}\n", "utf-8")
    out = run("rehearse", "База.xlsx", "--config", "new.yaml", *DAY).out
    assert "Стадия: перешло бы клиентов: " in out
    assert "Никто бы не перешёл: Группа, ABC" in out
    assert out.endswith("Это была проба: ничего не записано.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("base.xlsx", "--config", "none.yaml"), "The configuration 'none.yaml' can't be read"),
        (("base.xlsx", "--config", "bad.yaml"), "bad.yaml has 1 problem"),
        (("none.xlsx", "--config", "new.yaml"), "none.xlsx"),
        (("base.xlsx", "--today", "tomorrow"), "--today 'tomorrow' is no day"),
    ],
)
def test_what_keeps_it_from_rehearsing_is_one_sentence(
    run: Run, base: Path, arguments: tuple[str, ...], words: str
) -> None:
    (base.parent / "bad.yaml").write_text("gruops: []\n", "utf-8")
    done = run("rehearse", *arguments)
    assert done.code == 2
    assert words in done.err
