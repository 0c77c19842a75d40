"""The lists in whole workbooks: sound for Excel, all or nothing, and right for any base."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

from batch.making.example import make_example
from rules.config.settings import Config
from rules.rooms.today.room import todays_list
from tests import reference
from tests.bases import config
from tests.batch.lists.made import (
    RULES,
    columns,
    edit,
    entries,
    heading_row,
    listed,
    new_contacts,
    note,
    page,
    plain_base,
    recalc,
)
from tests.batch.simple_workbook import TODAY
from tests.random_bases import TODAYS, Base, random_base
from tests.rules.rooms.made import calculated, every_day, rows_of


def noted_example(path: Path, rules: Config) -> Path:
    """The example base with entries for two clients."""
    make_example(path, rules, TODAY)
    recalc(path, rules=rules)
    done = rules.columns.today.done[0]

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, rules.sheets.today)
        at, row = columns(sheet, done)[done], heading_row(sheet, done) + 1
        sheet.cell(row, at).value = "x"
        sheet.cell(row + 1, at + 1).value = "said =1+1"

    edit(path, change)
    return path


def errors(path: Path) -> set[str]:
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(path))
    return {
        f"{error.part_uri} {error.description}"
        for error in result.errors
        if error.severity is ValidationSeverity.ERROR
    }


@pytest.mark.parametrize("language", ["en", "ru"])
def test_microsofts_validator_finds_nothing_new(tmp_path: Path, language: str) -> None:
    rules = config(f"based_on: {language}")
    path = noted_example(tmp_path / "base.xlsx", rules)
    before = errors(path)
    assert recalc(path, rules=rules).taken == 2
    assert errors(path) <= before
    sheet = page(openpyxl.load_workbook(path), rules.sheets.contacts)
    (table,) = sheet.tables.values()
    assert table.ref == table.autoFilter.ref
    assert table.ref.endswith(str(sheet.max_row))


def test_the_list_reads_the_same_on_another_day_of_the_month_and_back(tmp_path: Path) -> None:
    """What stands on the lists follows from the tables and the day alone."""
    path = plain_base(tmp_path / "base.xlsx")
    first = {name: listed(path, name, heading) for name, heading in
             (("Today", "ID"), ("Birthdays", "Month"), ("Gifts", "Occasion"))}  # fmt: skip
    recalc(path, dt.date(2027, 3, 7))
    assert listed(path, "Birthdays", "Month") != first["Birthdays"]
    recalc(path)
    for name, heading in (("Today", "ID"), ("Birthdays", "Month"), ("Gifts", "Occasion")):
        assert listed(path, name, heading) == first[name]


MOVING = frozenset(("rename", "replace", "unlink"))


def test_a_run_killed_at_any_step_has_moved_the_entries_wholly_or_not_at_all(
    tmp_path: Path,
) -> None:
    pytest.importorskip("resource", reason="Windows can't fork")
    from tests.batch.saving import faults  # noqa: PLC0415

    path = plain_base(tmp_path / "base.xlsx")
    note(path, {"001": ("x", "ordered"), "7": ("meeting", None)})
    before = path.read_bytes()
    states = set()
    for at in count(1):
        ended = faults.run(partial(recalc, path), at=at, fault=faults.kill, steps=MOVING)
        moved = path.read_bytes() != before
        states.add((ended.is_killed, moved))
        if moved:
            assert len(new_contacts(path)) == 2
            assert entries(path) == {}
            recalc(path)
            assert len(new_contacts(path)) == 2
        else:
            assert new_contacts(path) == []
            assert len(entries(path)) == 2
        path.write_bytes(before)
        if not ended.is_reached:
            break
    assert states >= {(True, False), (False, True)}


# Any base ---------------------------------------------------------------------------------------

SETTINGS = reference.DEFAULT


def simple_list(base: Base, today: dt.date) -> dict[str, tuple[dt.date, object, object]]:
    """Who is on the list, by folded ID: due date, reason and channel, from the reference."""
    found: dict[str, tuple[dt.date, object, object]] = {}
    cells = reference.calculate(*base, today, SETTINGS)
    for row, filled in zip(base[0], cells, strict=True):
        due = filled["Next contact"]
        if isinstance(due, dt.date) and due <= today + dt.timedelta(days=7):
            key = str(row["ID"]).casefold()
            found[" ".join(key.split())] = (due, filled["Contact reason"], filled["Channel"])
    return found


def rank(reason: str) -> int:
    """The place of the first of its rules, read off the words of the reason."""
    words = (
        r"agreed", r"call back", r"birthday$", r".* after purchase", r"confirm the class", r".* after class",
        r"usual order is due", r"New Year|8 March", r"catalogue before", r"regular contact",
        r"first contact",
    )  # fmt: skip
    first = reason.split("; ", 1)[0]
    return next(at for at, one in enumerate(words) if re.match(one, first))


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_the_list_of_any_base_is_the_one_of_a_simple_implementation(today: dt.date) -> None:
    for seed in range(3):
        base = random_base(Random(seed * 1000 + today.toordinal()).randint(0, 10**6), today)
        result = calculated(*base, today=today)
        rows = rows_of(todays_list(result, every_day))
        expected = simple_list(base, today)
        found = {
            " ".join(str(row["client_id"]).casefold().split()): (
                row["due"],
                row["reason"],
                row["channel"],
            )
            for row in rows
        }
        assert len(found) == len(rows), "nobody stands there twice"
        assert {key.removesuffix(".0"): value for key, value in expected.items()} == found
        order = [(row["day"], rank(str(row["reason"])), row["due"]) for row in rows]
        assert order == sorted(order)
        assert all(row["day"] == max(today, row["due"]) for row in rows)


WRITTEN = st.sampled_from(
    [None, "x", "yes", True, 1, "-", "meeting", "SMS", "said so", 500, dt.date(2026, 11, 20),
     dt.date(2027, 5, 5), "11/19/2026", "  "]
)  # fmt: skip
KEYS = st.sampled_from(["001", "002", 7, "7", "004", None, "nobody", " 001 "])
ENTRIES = st.lists(st.tuples(KEYS, WRITTEN, WRITTEN), max_size=8)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return plain_base(tmp_path_factory.mktemp("fresh") / "base.xlsx").read_bytes()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ENTRIES)
def test_whatever_she_writes_no_entry_is_lost_or_comes_twice(
    tmp_path: Path, fresh: bytes, written: list[tuple[object, object, object]]
) -> None:
    path = tmp_path / "base.xlsx"
    path.write_bytes(fresh)

    def change(book: openpyxl.Workbook) -> None:
        sheet = page(book, "Today")
        at, row = columns(sheet), sheet.max_row + 1
        for number, (key, done, result) in enumerate(written, row):
            sheet.cell(number, at["ID"]).value = key
            sheet.cell(number, at["Done"]).value = done
            sheet.cell(number, at["Result"]).value = result

    edit(path, change)

    def is_entry(one: Mapping[str, object] | tuple[object, ...]) -> bool:
        values = one.values() if isinstance(one, Mapping) else one
        return any(value is not None and str(value).strip() for value in values)

    entered = sum(is_entry(one[1:]) for one in written)
    mere_no = sum(one[1] == "-" and not is_entry(one[2:]) for one in written)

    def left() -> int:
        return sum(is_entry({key: row[key] for key in ("Done", "Result")}) for row in listed(path))

    def after(run: Callable[[], object]) -> tuple[int, int]:
        run()
        return len(new_contacts(path)), left()

    contacts, staying = after(partial(recalc, path))
    assert entered - mere_no <= contacts + staying <= entered
    for days in (0, 1, 40):
        assert after(partial(recalc, path, TODAY + dt.timedelta(days=days)))[0] == contacts
    assert RULES.config is config()
