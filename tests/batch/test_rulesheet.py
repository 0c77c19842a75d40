"""The sheet Rules: what she types there counts, by whatever door, and what can't is told."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.configuration import read
from batch.lists.workdays import working_days
from rules.config import yaml_text
from rules.config.loading import ConfigError, load_config
from rules.config.settings import Config
from rules.rulesheet import ASKED, found_in, is_same, named
from tests.bases import calculate, filled, on, shipped
from tests.batch.ruled import Shown, ruled, shipped_rules, typed
from words import speaking

TODAY = on("2026-11-21")
LANGUAGES = ("en", "ru")
in_both = pytest.mark.parametrize("language", LANGUAGES)

VIP = "groups.VIP.when."
VIP_ABOVE = f"{VIP}turnover_in_year.above"
EVERY = "contacts.rules.rhythm.every."


# Each of them, on both sides of what she types ----------------------------------------------------


class Case(NamedTuple):
    """A setting; what she may type without and with effect on the client A; what moves.

    client, bought, called: her cells, days and amounts of her purchases, day of a call.
    """

    setting: str
    stays: object
    moves: object
    column: str
    before: object
    after: object
    client: Mapping[str, object] = {}
    bought: Sequence[tuple[str, int]] = ()
    called: str = ""


BIRTHDAY = {"birthday": dt.date(1980, 12, 10)}
CLASS = {"class_date": on("2025-01-15")}
MONTHLY = (("2026-09-22", 10000), ("2026-10-22", 10000), ("2026-11-21", 20000))
NEW_YEAR, SOONER = on("2026-12-31"), on("2026-12-27")

CASES = [
    Case("home_city", "Perm", "Omsk", "gift_date", on("2026-12-10"), on("2026-11-30"),
         {**BIRTHDAY, "city": "Perm"}, [("2026-10-01", 1000)]),
    Case("year.basis", "trailing", "calendar", "turnover", 1000, 0, {}, [("2025-12-15", 1000)]),
    Case(VIP_ABOVE, 39999, 40000, "group", "VIP", "Client", CLASS, MONTHLY),
    Case(f"{VIP}purchase_days_in_year.at_least", 3, 4, "group", "VIP", "Client", CLASS, MONTHLY),
    Case(f"{VIP}longest_gap_days.at_most", 30, 29, "group", "VIP", "Client", CLASS, MONTHLY),
    Case("groups.Client.when.last_purchase.within_months", 7, 8, "group", "Waiting", "Client",
         CLASS, [("2026-04-01", 500)]),
    Case("groups.Waiting.when.last_purchase.older_than_months", 6, 5, "group", "Client", "Waiting",
         CLASS, [("2026-06-01", 500)]),
    Case("stage.period_months", 3, 4, "stage", "Lost", "New", {}, [("2026-08-01", 500)]),
    Case(f"{EVERY}VIP", "1 month", "3 weeks", "next_contact", on("2026-12-15"), on("2026-12-06"),
         CLASS, [("2026-10-01", 20000), ("2026-11-01", 20000)], "2026-11-15"),
    Case(f"{EVERY}Client", "7 weeks", "6 weeks", "next_contact", NEW_YEAR, SOONER,
         CLASS, [("2026-08-15", 500)], "2026-11-15"),
    Case(f"{EVERY}Potential", "7 weeks", "42 days", "next_contact", NEW_YEAR, SOONER,
         {}, [], "2026-11-15"),
    Case(f"{EVERY}Waiting", "2 months", "6 weeks", "next_contact", NEW_YEAR, SOONER,
         CLASS, [("2025-12-01", 500)], "2026-11-15"),
    Case("gifts.percent", "1 %", "2 %", "gift_budget", 150, 300, BIRTHDAY, [("2026-08-15", 10000)]),
    Case("gifts.card_only_after_months", 6, 5, "gift_budget", 150, None, BIRTHDAY,
         [("2026-06-01", 10000)]),
]  # fmt: skip
CALLS = "contacts.capacity_per_day"
IN_RUSSIAN = {"Client": "Клиент", "Waiting": "Ожидание", "Lost": "Потерянный", "New": "Новый"}


def decided(config: Config, case: Case) -> object:
    """What the rules decide for the client of a case."""

    def headed(table: str, cells: Mapping[str, object]) -> dict[str, object]:
        return {config.heading(table, key): cell for key, cell in cells.items()}

    kind = "call" if config.based_on == "en" else "звонок"
    bought = [
        headed("purchases", {"date": on(day), "client_id": "A", "amount": amount})
        for day, amount in case.bought
    ]
    called = [{"date": on(case.called), "client_id": "A", "kind": kind}] if case.called else []
    clients = [headed("clients", {"id": "A", "name": "Anna", **case.client})]
    contacts = [headed("contacts", one) for one in called]
    (found,) = filled(calculate(clients, bought, contacts, TODAY, config))
    return found[case.column]


def test_each_setting_has_a_case() -> None:
    assert {*ASKED} == {CALLS, *(one.setting for one in CASES)}
    assert len(ASKED) == 15


@in_both
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.setting)
def test_what_she_types_moves_whom_it_should_and_nobody_else(
    tmp_path: Path, case: Case, language: str
) -> None:
    def said(found: object) -> object:
        return IN_RUSSIAN.get(str(found), found) if language == "ru" else found

    for cell, expected in (
        (None, case.before),
        (case.stays, case.before),
        (case.moves, case.after),
    ):
        rules = typed(tmp_path, {case.setting: cell}, language)
        assert rules.problems == ()
        assert decided(rules.config, case) == said(expected)


@in_both
def test_the_calls_of_a_day_are_hers(tmp_path: Path, language: str) -> None:
    for cell, today in ((None, 3), (3, 3), (2, 2), ("off", 3), ("нет", 3)):
        config = typed(tmp_path, {CALLS: cell}, language).config
        assert calls_today(config) == today


def calls_today(config: Config) -> int:
    """How many of three clients, who were never called, stand on today's list."""
    heading = {key: config.heading("clients", key) for key in ("id", "name")}
    clients = [{heading["id"]: one, heading["name"]: f"N{one}"} for one in "ABC"]
    result = calculate(clients, [], [], on("2026-11-20"), config)
    noted = config.rooms.noted
    assert noted.plan is not None
    planned, _later = noted.plan(result, result.today, working_days(config, result.today))
    return len(planned)


# How it is read ------------------------------------------------------------------------------------

GAP, PERCENT = f"{VIP}longest_gap_days.at_most", "gifts.percent"


@in_both
@pytest.mark.parametrize(
    ("setting", "cell", "text"),
    [
        (VIP_ABOVE, 50000, "50000"),
        (VIP_ABOVE, "50 000", "50000"),
        (VIP_ABOVE, "50\u00a0000", "50000"),
        (VIP_ABOVE, "50 000 руб", "50000"),
        (VIP_ABOVE, "50000,50", "50000.5"),
        (VIP_ABOVE, Shown(50000, "#,##0"), "50000"),
        (PERCENT, 2, "2"),
        (PERCENT, "2", "2"),
        (PERCENT, "2 %", "2"),
        (PERCENT, "2%", "2"),
        (PERCENT, "1,5 %", "1.5"),
        (PERCENT, Shown(0.02, "0%"), "2"),
        (PERCENT, Shown(0.015, "0.00%"), "1.5"),
        (PERCENT, Shown(0.07, '0.0" "%'), "7"),
        (PERCENT, Shown(2, '0.0" %"'), "2"),
        (GAP, 62.0, "62"),
        (GAP, "62 дня", "62"),
        (GAP, "9 weeks", "63"),
        ("stage.period_months", "6 мес.", "6"),
        ("stage.period_months", "1 year", "12"),
        (f"{EVERY}VIP", "каждые 3 недели", "каждые 3 недели"),
        ("year.basis", "since 1 January", "calendar"),
        ("year.basis", "С 1 января", "calendar"),
        ("year.basis", "seminar", "seminar"),
        ("home_city", " Perm ", "Perm"),
        ("home_city", 42, "42"),
    ],
)
def test_cells_are_read_as_she_means_them(
    tmp_path: Path, setting: str, cell: object, text: str, language: str
) -> None:
    rules = typed(tmp_path, {setting: cell}, language)
    assert [one.text for one in rules.typed] == [text]
    assert rules.problems == ()


@pytest.mark.parametrize(
    ("language", "cell", "text"),
    [("ru", "50 000 р", "50000"), ("ru", "50 000,5", "50000.5"), ("ru", "1,500", "1.5"),
     ("en", "$50,000", "50000"), ("en", "50,000.50", "50000.5"), ("en", "1,500", "1500")],
)  # fmt: skip
def test_amounts_are_read_by_the_customs_of_her_country(
    tmp_path: Path, language: str, cell: object, text: str
) -> None:
    rules = typed(tmp_path, {VIP_ABOVE: cell}, language)
    assert [one.text for one in rules.typed] == [text]


@pytest.mark.parametrize(
    ("setting", "cell", "words"),
    [
        (VIP_ABOVE, "a lot", "Expected a number such as 36000 or 1.5; found 'a lot'."),
        (VIP_ABOVE, dt.date(2026, 5, 1), "expected an amount, such as 50 000"),
        (VIP_ABOVE, True, "Found TRUE; expected an amount, such as 50 000"),
        (VIP_ABOVE, "#REF!", "Found #REF!; expected an amount"),
        (VIP_ABOVE, "=1+", "A formula without a result; type the value"),
        (PERCENT, -1, "Must be at least 0; found '-1'."),
        (GAP, Shown(0.5, "0%"), "Expected a number such as 36000 or 1.5; found '50 %'."),
        ("stage.period_months", 0, "Must be at least 1; found '0'."),
        ("stage.period_months", 2.5, "Expected a whole number; found '2.5'."),
        ("stage.period_months", "3 weeks", "Expected a whole number; found '3 weeks'."),
        (f"{EVERY}VIP", "often", "Expected an interval such as 10 days, 3 weeks or 2 months"),
        (f"{EVERY}VIP", 3, "Expected an interval such as 10 days, 3 weeks or 2 months; found '3'."),
        (CALLS, 0, "Expected off, or a number from 1 to 1000; found '0'."),
        ("year.basis", "leap", "allowed: 'the last 12 months', 'since 1 January', 'the direct"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_at_its_cell_and_the_shipped_value_counts(
    tmp_path: Path, setting: str, cell: object, words: str
) -> None:
    rules = typed(tmp_path, {"home_city": "Perm", setting: cell})
    (problem,) = rules.problems
    assert (problem.sheet, problem.cell) == ("Rules", "C3")
    assert words in problem.advice
    assert problem.advice.endswith("As long as that stands here, the cell counts as empty.")
    assert rules.config == typed(tmp_path, {"home_city": "Perm"}).config


def test_in_russian_that_is_told_in_russian(tmp_path: Path) -> None:
    with speaking("ru"):
        rules = typed(tmp_path, {"stage.period_months": 0, "year.basis": "год"}, "ru")
    by_cell = {one.cell: one.advice for one in rules.problems}
    assert by_cell["C2"].endswith("Пока это здесь стоит, ячейка считается пустой.")
    assert "'последние 12 месяцев', 'с 1 января'" in by_cell["C3"]


def test_blank_cells_say_nothing(tmp_path: Path) -> None:
    rules = shipped_rules("en")
    assert typed(tmp_path, dict.fromkeys(ASKED)) is not None
    for blank in ("  ", "-", "–", " — "):
        found = typed(tmp_path, dict.fromkeys(ASKED, blank))
        assert found.config is rules.config
        assert found.problems == ()


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "twice.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Rules"
    for row in (("Mine", "Setting"), (50000, VIP_ABOVE), (60000, VIP_ABOVE), (1, "new.rule")):
        sheet.append(row)
    book.save(path)
    rules = ruled(path, shipped_rules("en"))
    assert [(one.cell, one.advice.split(".")[0]) for one in rules.problems] == [
        ("A3", "This rule stands in row 2 already; that one counts"),
        ("A4", "This program has no such rule; delete what stands here"),
    ]
    assert str(rules.config.groups[0].when.turnover_in_year.above) == "50000"


# As in config.yaml, and beside it -------------------------------------------------------------------


def as_yaml(steps: Sequence[str], text: str) -> str:
    """The same in a file of hers."""
    said = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    for at in range(len(steps) - 1, -1, -1):
        above = steps[at - 1] if at else ""
        known_by = {"groups": "name", "rules": "rule"}.get(above)
        said = (
            f"[{{{known_by}: {steps[at]}, {said[1:]}]" if known_by else f"{{{steps[at]}: {said}}}"
        )
    return said[1:-1]


def steps_of(setting: str, language: str) -> list[str]:
    """The steps to a setting in a language."""
    english, tree = (yaml_text.read(shipped()[one])[0] for one in ("en", language))
    return named(setting, english, tree)


NUMBERS = st.integers(-1, 2000) | st.decimals(0, 100000, places=2).map(float)
INTERVALS = st.tuples(
    st.integers(0, 40), st.sampled_from(["days", "weeks", "months", "years", "недели", "лет", ""])
).map(lambda pair: f"{pair[0]} {pair[1]}".strip())
CELLS = {
    "money": NUMBERS,
    "number": NUMBERS,
    "percent": NUMBERS,
    "text": INTERVALS
    | st.text("абвxyz -'\"#:[]{}\\", min_size=1, max_size=8).filter(
        lambda text: text.strip() not in {"", "-"}
    ),
    "choice": st.sampled_from(["trailing", "calendar", "seminar"]),
}


@given(st.sampled_from([*ASKED.values()]), st.sampled_from(LANGUAGES), st.data())
@settings(max_examples=60, deadline=None)
def test_a_cell_is_as_good_as_a_line_of_her_file(
    asked: object, language: str, data: st.DataObject
) -> None:
    assert isinstance(asked, tuple)
    setting, kind = asked[0], asked[2]
    cell = data.draw(CELLS[kind.read])
    text = str(cell).strip().removesuffix(".0")
    own = f"based_on: {language}\n{as_yaml(steps_of(setting, language), text)}\n"
    with tempfile.TemporaryDirectory() as folder:
        rules = typed(Path(folder), {setting: cell}, language)
    try:
        expected = load_config(own, shipped())
    except ConfigError:
        assert [one.cell for one in rules.problems] == ["C2"]
        expected = shipped_rules(language).config
    else:
        assert rules.problems == ()
    assert without_examples(rules.config) == without_examples(expected)


def without_examples(config: Config) -> dict[str, object]:
    """All rules; the shipped examples fit the shipped rules alone."""
    return {key: block for key, block in dict(config).items() if key != "examples"}


@in_both
def test_her_file_goes_before_the_sheet_and_is_told_where_they_differ(
    tmp_path: Path, language: str
) -> None:
    waiting = steps_of(f"{EVERY}Waiting", language)[-1]
    own = tmp_path / "config.yaml"
    own.write_text(
        f"based_on: {language}\n"
        "groups:\n"
        "  - name: VIP\n"
        "    when: {turnover_in_year: {above: 60 000}}\n"
        f"  - {{name: {waiting}, off: yes}}\n"
        "contacts: {rules: [{rule: rhythm, every: 3 weeks}]}\n"
        "gifts: {percent: 2}\n",
        encoding="utf-8",
    )
    mine = {
        VIP_ABOVE: 50000,
        "groups.Waiting.when.last_purchase.older_than_months": 7,
        f"{EVERY}VIP": "2 weeks",
        PERCENT: "2 %",
        GAP: 50,
    }
    rules = typed(tmp_path, mine, language, read(own))
    when = rules.config.groups[0].when
    assert (str(when.turnover_in_year.above), str(when.longest_gap_days.at_most)) == ("60000", "50")
    if language == "en":
        otherwise = "says otherwise, and counts."
        assert rules.told == (
            f"On the sheet Rules, cell C2 says 50000; config.yaml, line 4, {otherwise}",
            f"On the sheet Rules, cell C3 says 7; config.yaml, line 5, {otherwise}",
            f"On the sheet Rules, cell C4 says '2 weeks'; config.yaml, line 6, {otherwise}",
        )
    else:
        assert rules.told[0] == (
            "На листе «Правила» в ячейке C2 стоит 50000; в файле config.yaml, в строке 4, – другое, "
            "и действует файл."
        )
    assert len(rules.told) == 3
    assert set(rules.told) <= set(rules.notices)
    assert rules.problems == ()


def test_what_does_not_go_with_her_file_is_told_at_the_cell(tmp_path: Path) -> None:
    own = tmp_path / "config.yaml"
    own.write_text(
        "groups: [{name: Big, before: VIP, when: {turnover_in_year: {above: 100000}}}]\n"
        "xyz: {months: 12}\n",
        encoding="utf-8",
    )
    mine = {PERCENT: 3, VIP_ABOVE: 100000, GAP: 40}
    rules = typed(tmp_path, mine, "en", read(own))
    (problem,) = rules.problems
    assert (problem.cell, problem.found) == ("C3", "100000")
    assert problem.advice.startswith("The rule for 'VIP' can never be reached")
    assert str(rules.config.gifts.percent) == "3"
    assert str(rules.config.groups[1].when.turnover_in_year.above) == "36000"
    assert str(rules.config.groups[1].when.longest_gap_days.at_most) == "40"


# A sheet of hers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (("Rule", "Mine"), ("gifts.percent", 5)),
        (("Our house rules",), ("Be kind",), (None, 7)),
        (("Setting", "Value"), ("gifts.percent", 5)),
    ],
)
def test_a_sheet_of_hers_that_is_called_rules_does_no_harm(
    tmp_path: Path, rows: Sequence[Sequence[object]]
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Rules"
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "hers.xlsx")
    rules = shipped_rules("en")
    assert ruled(tmp_path / "hers.xlsx", rules) is rules


def test_a_sheet_of_ours_without_its_hidden_column_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Rules"
    book.worksheets[0].append(("Rule", "As shipped", "Mine"))
    book.save(tmp_path / "cut.xlsx")
    rules = ruled(tmp_path / "cut.xlsx", shipped_rules("en"))
    assert rules.problems[0].advice.startswith("This sheet lacks its hidden column 'Setting'")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("60000", "60 000", True), ("2", "2 %", True), ("2", "2,5", False), ("month", "1 month", True),
     ("Perm", "perm", True), ("3 weeks", "21 days", True), ("3", "3 weeks", False)],
)  # fmt: skip
def test_one_value_in_two_ways_is_no_difference(one: str, other: str, *, same: bool) -> None:
    assert is_same(one, other) == same


@in_both
def test_every_setting_stands_in_the_shipped_rules(language: str) -> None:
    tree = yaml_text.read(shipped()[language])[0]
    for setting in ASKED:
        steps = steps_of(setting, language)
        assert len([*found_in(tree, steps)]) == len(steps) == setting.count(".") + 1
