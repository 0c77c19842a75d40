"""The measure of the house: a room declared here, in some sixty lines, is everywhere at once, and
vanishes without a trace when its line in the house goes.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Literal

import numpy as np
import openpyxl
import pytest
from numpy.typing import NDArray

from batch.asking.why import Why
from batch.configuration import Rules, read
from batch.history.undo import undo
from batch.live import button
from batch.recalculation.file import calculate_file, recalculate_file
from batch.writer.base import write_base
from rules import house
from rules.answers import Answers
from rules.config.basics import Days, Label, Model
from rules.config.schema import schema_text
from rules.model.declarations import (
    Column,
    ContactRule,
    Field,
    IsWorkingDay,
    Room,
    Sheet,
    SheetColumn,
    SheetRows,
    Table,
)
from rules.model.known import Known
from rules.model.result import Result
from rules.reading.dates import latest
from rules.rooms.next_contact.rule import Open, Situation, Texts
from rules.rooms.next_contact.settings import RuleSettings
from tests import manual
from tests.engines import in_memory

# The room ---------------------------------------------------------------------------------------


class Tastings(Model):
    """How sweets count."""

    worth: int
    """Points for each sweet."""


class Settings(Model):
    """The room's block of the configuration."""

    tastings: Tastings
    """How sweets count."""


class Sweets(RuleSettings):
    """Bring sweets again."""

    rule: Literal["sweets"]
    """Some days after the last tasting."""
    reason: Label
    """What stands in the cell as the reason."""
    days: Days
    """So many days after it."""


def points(known: Known) -> NDArray[np.float64]:
    """What each client's sweets are worth; NaN for none."""
    eaten, worth = known.tables["tastings"], known.rule(Settings).tastings.worth
    found = np.bincount(eaten.client, eaten.sweets * worth, minlength=len(known))
    return np.where(found > 0, found, np.nan)


def sweetness(known: Known) -> NDArray[np.object_]:
    """What each tasting was."""
    return np.where(known.tables["tastings"].sweets > 1, "sweet", "")


def best(result: Result, _works: IsWorkingDay) -> SheetRows:
    """The clients with points, the most first."""
    every, names = result.filled["points"], result.base["clients"].texts("name")
    at = [one for one in np.argsort(-np.nan_to_num(every)).tolist() if every[one] > 0]
    return SheetRows({"name": names[at].tolist(), "points": every[at].tolist()}, ("Best first.",))


def again(rule: Sweets, situation: Situation, channel: Texts) -> Open:
    """Some days after the last tasting."""
    eaten = situation.known.tables["tastings"]
    last = latest(eaten.client, eaten.date, len(situation))
    yield last + np.timedelta64(rule.days, "D"), rule.reason, channel


PROBE = Room(
    "tastings",
    Settings,
    tables=(
        Table(
            "tastings",
            "the sheet with the tastings",
            (
                Field("date", "date", "the day", required=True),
                Field("client_id", "client", "who tasted", required=True),
                Field("sweets", "number", "how many sweets", required=True, width=16),
            ),
            filled=(Column("how", "text", "what it was", "a test", 9, sweetness),),
        ),
    ),
    columns=(Column("points", "number", "what her sweets are worth", "a test", 9, points),),
    sheets=(
        Sheet(
            "best",
            "the sheet with the best",
            "a test",
            (
                SheetColumn("name", "text", "who", 20, required=True),
                SheetColumn("points", "number", "how many points", 9, required=True),
            ),
            best,
            title="Best",
        ),
    ),
    contact_rules=(ContactRule("sweets", Sweets, again),),
)

# Its share of the configuration, and a base -----------------------------------------------------

TODAY = dt.date(2026, 11, 21)
EDITIONS = {
    "en": """based_on: en
sheets: {tastings: Tastings, best: Best}
columns:
  tastings: {date: Date, client_id: Client ID, sweets: Sweets, how: How}
  filled: {points: Sweet points}
  best: {name: Client, points: Points}
tastings: {worth: 3}
contacts: {rules: [{off: yes}, {rule: sweets, reason: bring sweets, days: 5, channel: call}]}
""",
    "ru": """based_on: ru
sheets: {tastings: Дегустации, best: Лучшие}
columns:
  tastings: {date: Дата, client_id: Клиент, sweets: Сладости, how: Какая}
  filled: {points: Баллы}
  best: {name: Клиент, points: Баллы}
tastings: {worth: 3}
contacts: {rules: [{off: yes}, {rule: sweets, reason: принести сладости, days: 5, channel: звонок}]}
""",
}
EATEN = [
    ("2026-11-10", "A", 2), ("2026-11-16", "A", 4), ("2026-11-19", "B", 1), ("2026-11-20", "?", 5),
]  # fmt: skip


@pytest.fixture
def furnished(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house with one line more."""
    monkeypatch.setattr(house, "ROOMS", (*house.ROOMS, PROBE))


def rules_of(language: str, folder: Path) -> Rules:
    (folder / "config.yaml").write_text(EDITIONS[language], encoding="utf-8")
    return read(folder / "config.yaml")


@pytest.fixture(params=["en", "ru"])
def rules(request: pytest.FixtureRequest, tmp_path: Path, furnished: None) -> Rules:  # noqa: ARG001
    return rules_of(request.param, tmp_path)


@pytest.fixture
def base(rules: Rules, tmp_path: Path) -> Path:
    """A new workbook of these rules with three clients and their tastings."""
    path, config = tmp_path / "base.xlsx", rules.config
    write_base(path, config, {})
    book = openpyxl.load_workbook(path)
    for row, key in enumerate("ABC", 2):
        book[config.sheet("clients")].cell(row, 1, key)
        book[config.sheet("clients")].cell(row, 2, f"Name {key}")
    for row, (day, key, count) in enumerate(EATEN, 2):
        cells = (dt.date.fromisoformat(day), key, count)
        for number, cell in enumerate(cells, 1):
            book[config.sheet("tastings")].cell(row, number, cell)
    book[config.sheet("clients")].tables["Clients"].ref = "A1:AK4"
    book[config.sheet("tastings")].tables["Tastings"].ref = "A1:D5"
    book.save(path)
    return path


def below(path: Path, sheet: str, heading: str) -> list[object]:
    """The cells below a heading."""
    rows = list(openpyxl.load_workbook(path)[sheet].values)
    at = next(number for number, row in enumerate(rows) if heading in row)
    return [row[rows[at].index(heading)] for row in rows[at + 1 :]]


# Everywhere at once -----------------------------------------------------------------------------


def test_a_new_workbook_has_its_sheet_its_grey_column_and_its_report(
    rules: Rules, base: Path
) -> None:
    config, book = rules.config, openpyxl.load_workbook(base)
    names = book.sheetnames
    assert names.index(config.sheet("contacts")) + 1 == names.index(config.sheet("tastings"))
    assert config.sheet("best") in names
    headings = next(book[config.sheet("clients")].values)
    assert headings[-1] == config.heading("filled", "points")
    assert [one[0] for one in config.headings("tastings").values()] == list(
        next(book[config.sheet("tastings")].values)
    )


def day(number: int) -> dt.datetime:
    """A day of November as openpyxl gives it."""
    return dt.datetime(2026, 11, number)  # noqa: DTZ001


def check_filled(path: Path, rules: Rules) -> None:
    """The column, the report, the next contact and the list of the day hold what they should."""
    config = rules.config
    clients = config.sheet("clients")
    reason = config.contacts.rules[0].reason
    assert below(path, clients, config.heading("filled", "points"))[:3] == [18, 3, None]
    how = below(path, config.sheet("tastings"), config.heading("tastings", "how"))
    assert how == ["sweet", "sweet", None, None]
    dues = below(path, clients, config.heading("filled", "next_contact"))[:3]
    assert dues == [day(21), day(24), None]
    assert below(path, config.sheet("best"), config.heading("best", "name")) == ["Name A", "Name B"]
    assert below(path, config.sheet("best"), config.heading("best", "points")) == [18, 3]
    listed = below(path, config.sheet("today"), config.heading("today", "reason"))
    assert listed == [reason, reason]


def test_the_closed_file_is_filled(rules: Rules, base: Path) -> None:
    outcome = recalculate_file(base, rules, TODAY)
    assert [one.cell for one in outcome.problems] == ["B5"]
    check_filled(base, rules)
    assert not recalculate_file(base, rules, TODAY).changes


def test_the_button_fills_the_open_workbook_alike(rules: Rules, base: Path) -> None:
    excel = in_memory.Excel.open(base)
    with in_memory.called_from(excel) as book:
        button.recalculate(book, TODAY)
        config = rules.config
        rows = book.sheets[config.sheet("clients")].used_range.options(ndim=2).value
        at = rows[0].index(config.heading("filled", "points"))
        assert [row[at] for row in rows[1:4]] == [18.0, 3.0, None]
        rows = book.sheets[config.sheet("tastings")].used_range.options(ndim=2).value
        assert [row[3] for row in rows[1:5]] == ["sweet", "sweet", None, None]
        shown = book.sheets[config.sheet("best")].used_range.options(ndim=2).value
        assert [row[:2] for row in shown[4:]] == [["Name A", 18.0], ["Name B", 3.0]]


def test_why_explains_its_column_and_its_contact_reason(rules: Rules, base: Path) -> None:
    lines = "\n".join(Why(calculate_file(base, rules, TODAY), "A").lines())
    assert f"{rules.config.heading('filled', 'points')}: 18" in lines
    assert "what her sweets are worth" in lines
    assert rules.config.contacts.rules[0].reason in lines


def test_the_function_of_any_column_gives_it(rules: Rules, base: Path) -> None:
    answers = Answers(calculate_file(base, rules, TODAY).result)
    assert answers.value("A", rules.config.heading("filled", "points")) == 18
    assert answers.value("C", rules.config.heading("filled", "points")) is None


@pytest.mark.usefixtures("furnished")
def test_the_schema_tells_of_it() -> None:
    for told in ('"tastings"', "Points for each sweet.", "What her sweets are worth.", '"best"'):
        assert told in schema_text()


def test_the_manual_tells_of_it(
    rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manual, "shipped_path", lambda _language: tmp_path / "config.yaml")
    config = rules.config
    for table, told, heading in (
        (manual.columns, "what her sweets are worth", config.heading("filled", "points")),
        (manual.tables, "how many sweets; ", config.heading("tastings", "sweets")),
        (manual.tables, "what it was", config.heading("tastings", "how")),
        (manual.reports, "how many points", config.heading("best", "points")),
    ):
        assert f"| **{heading}** | {told}" in table(config.based_on)


def without_its_sheet(base: Path, rules: Rules) -> None:
    book = openpyxl.load_workbook(base)
    del book[rules.config.sheet("tastings")]
    book.save(base)


def test_without_its_sheet_nothing_of_it_shows(rules: Rules, base: Path) -> None:
    without_its_sheet(base, rules)
    result = calculate_file(base, rules, TODAY).result
    assert "points" not in result.filled
    assert "points" not in str(result.notices)


def test_its_grey_column_on_clients_is_emptied_when_its_sheet_goes(
    rules: Rules, base: Path
) -> None:
    heading = rules.config.heading("filled", "points")
    recalculate_file(base, rules, TODAY)
    without_its_sheet(base, rules)
    recalculate_file(base, rules, TODAY)
    assert below(base, rules.config.sheet("clients"), heading)[:3] == [None] * 3


def test_a_column_of_hers_with_that_heading_is_left_alone(rules: Rules, base: Path) -> None:
    heading = rules.config.heading("filled", "points")
    without_its_sheet(base, rules)
    book = openpyxl.load_workbook(base)
    sheet = book[rules.config.sheet("clients")]
    at = next(cell.column for cell in sheet[1] if cell.value == heading)
    sheet.cell(2, at, 77)
    book.save(base)
    recalculate_file(base, rules, TODAY)
    assert below(base, rules.config.sheet("clients"), heading)[:3] == [77, None, None]


def test_undo_takes_back_what_stands_on_its_own_sheet(rules: Rules, base: Path) -> None:
    recalculate_file(base, rules, TODAY)
    book = openpyxl.load_workbook(base)
    book[rules.config.sheet("tastings")]["D3"] = "hers"
    book.save(base)
    done = undo(base, rules)
    assert (done.kept, done.gone) == (1, 0)
    how = below(base, rules.config.sheet("tastings"), rules.config.heading("tastings", "how"))
    assert how == [None, "hers", None, None]


# And without a trace ----------------------------------------------------------------------------


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_vanishes_when_its_line_goes(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime(2026, 1, 1)  # noqa: DTZ001 — any fixed moment
    (tmp_path / "plain.yaml").write_text(f"based_on: {language}\n", encoding="utf-8")
    plain, schema = read(tmp_path / "plain.yaml").config, schema_text()
    before, after = (tmp_path / name / "base.xlsx" for name in ("before", "after"))
    for path in (before, after):
        path.parent.mkdir()
    write_base(before, plain, {}, created=moment)
    with monkeypatch.context() as patched:
        patched.setattr(house, "ROOMS", (*house.ROOMS, PROBE))
        rules_of(language, tmp_path)
        assert schema_text() != schema
    assert schema_text() == schema
    write_base(after, read(tmp_path / "plain.yaml").config, {}, created=moment)
    assert parts(before) == parts(after)
