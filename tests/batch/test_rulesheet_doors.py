"""The sheet Rules of a new workbook, by every door: file, button, night, functions, commands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from batch.configuration import read
from batch.importing.run import Import
from batch.live import button
from batch.live.opened import calculate_open
from batch.recalculation import rulesheet
from batch.recalculation.file import calculate_file, recalculate_file
from batch.writer import rules as writer
from rules.config import yaml_text
from rules.rulesheet import ASKED, PARTS, Asked, found_in, named, shown_value
from tests.bases import FILLED, ROOT, shipped
from tests.batch.ruled import MINE, NAMES, Shown, example, rows_of, ruled, shipped_rules, type_into
from tests.batch.simple_workbook import TODAY
from tests.command_line import Run
from tests.engines import in_memory
from tests.engines.in_memory import Excel
from words import _, speaking
from workbook.build import WORKBOOKS

in_both = pytest.mark.parametrize("language", ["en", "ru"])
DAY = ("--today", "2026-11-21")
VIP_ABOVE = "groups.VIP.when.turnover_in_year.above"
HERS = {
    VIP_ABOVE: "9 000",
    "gifts.percent": Shown(0.03, "0%"),
    "contacts.rules.rhythm.every.Client": "5 weeks",
    "contacts.capacity_per_day": 4,
}
YAML = """based_on: {language}
groups: [{{name: VIP, when: {{turnover_in_year: {{above: 9000}}}}}}]
gifts: {{percent: 3}}
contacts: {{capacity_per_day: 4, rules: [{{rule: rhythm, every: {{{client}: 5 weeks}}}}]}}
"""


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example in both languages, with rules of hers."""
    folder = tmp_path_factory.mktemp("ruled")
    found = {}
    for language in NAMES:
        path = example(folder / f"{language}.xlsx", language)
        with speaking("en"):
            found[language] = type_into(path, HERS)
    return found


@pytest.fixture
def base(bases: dict[str, Path], tmp_path: Path, language: str) -> Path:
    return Path(shutil.copy(bases[language], tmp_path / "base.xlsx"))


def written_rules(folder: Path, language: str) -> Path:
    """The same rules as a file."""
    path = folder / "same.yaml"
    client = {"en": "Client", "ru": "Клиент"}[language]
    path.write_text(YAML.format(language=language, client=client), encoding="utf-8")
    return path


def cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


# The sheet ---------------------------------------------------------------------------------------


@in_both
def test_new_workbooks_show_what_is_shipped(tmp_path: Path, language: str) -> None:
    texts = [yaml_text.read(shipped()[one])[0] for one in ("en", language)]
    for path in (WORKBOOKS[language], example(tmp_path / "new.xlsx", language)):
        sheet = openpyxl.load_workbook(path)[NAMES[language]]
        rows = {row[5].value: row for row in sheet.iter_rows(min_row=7) if row[5].value}
        assert list(rows) == list(ASKED)
        with speaking(language):
            for setting, row in rows.items():
                asked = ASKED[setting]
                *_before, (_path, _mark, value) = found_in(texts[1], named(setting, *texts))
                assert isinstance(value, str)
                assert row[1].value == _(asked.sentence)
                assert row[2].value == shown_value(asked, value)
                assert row[3].value is None
        assert sheet.column_dimensions["F"].hidden
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


@in_both
def test_each_cell_of_hers_says_what_it_takes(tmp_path: Path, language: str) -> None:
    path = example(tmp_path / "new.xlsx", language)
    sheet = openpyxl.load_workbook(path)[NAMES[language]]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    rows = rows_of(path)
    with speaking(language):
        for setting, asked in ASKED.items():
            one = rules[f"{MINE}{rows[setting]}"]
            assert _(asked.kind.allowed) in one.prompt
            assert one.showInputMessage
            assert asked.kind.read == "text" or one.errorStyle == "information"
        choices = rules[f"{MINE}{rows['year.basis']}"]
        assert choices.type == "list"
        assert _("since 1 January") in choices.formula1
    assert sum(map(len, PARTS.values())) == len(ASKED)


def test_one_more_rule_is_one_more_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    months = ASKED["stage.period_months"].kind
    more = Asked("gifts.post_days", "A gift is posted so many days ahead", months)
    every = {**ASKED, more.setting: more}
    monkeypatch.setattr(rulesheet, "ASKED", every)
    monkeypatch.setattr(writer, "PARTS", {"All": tuple(every.values())})
    path = type_into(example(tmp_path / "new.xlsx"), {more.setting: 21})
    assert len(rows_of(path)) == 16 + 1  # with the title of the part
    rules = ruled(path, shipped_rules("en"))
    assert rules.config.gifts.post_days == 21


# The doors ---------------------------------------------------------------------------------------


@in_both
def test_file_and_button_fill_every_cell_as_with_a_file_of_hers(
    base: Path, tmp_path: Path, language: str
) -> None:
    rules, clients = shipped_rules(language), shipped_rules(language).config.sheet("clients")
    plain, same = tmp_path / "plain.xlsx", tmp_path / "same.xlsx"
    filled = tmp_path / "filled.xlsx"
    example(plain, language)
    recalculate_file(base, rules, TODAY, output=filled)
    recalculate_file(plain, read(written_rules(tmp_path, language)), TODAY, output=same)
    recalculate_file(plain, rules, TODAY)
    assert cells(filled, clients) == cells(same, clients) != cells(plain, clients)
    today = rules.config.sheet("today")
    assert cells(filled, today)[2:] == cells(same, today)[2:] != cells(plain, today)[2:]
    excel = Excel.open(base)
    with in_memory.called_from(excel) as book:
        button.recalculate(book, TODAY)
        clicked = book.sheets[clients].used_range.options(ndim=2).value
        assert (
            clicked
            == in_memory.book_of(Excel.open(filled))
            .sheets[clients]
            .used_range.options(ndim=2)
            .value
        )
        assert excel.dialogs == []


@in_both
def test_functions_in_cells_answer_by_them(base: Path, language: str) -> None:
    excel = Excel.open(base)
    with in_memory.called_from(excel) as book:
        found = calculate_open(book, TODAY)
    closed = calculate_file(base, shipped_rules(language), TODAY)
    assert str(found.rules.config.gifts.percent) == "3"
    for column in FILLED:
        assert found.result.cells(column.key) == closed.result.cells(column.key)
    assert found.answers().block("CLIENT_GROUP", [[["101"]]]) == closed.answers().block(
        "CLIENT_GROUP", [[["101"]]]
    )


@in_both
def test_a_wrong_cell_is_told_by_every_door(run: Run, base: Path, language: str) -> None:
    type_into(base, {"stage.period_months": "often"})
    row = rows_of(base)["stage.period_months"]
    cell = f"{NAMES[language]}!{MINE}{row}: "
    said = json.loads(run("recalc", str(base), "--json", "--dry-run", *DAY).out)
    assert f"{MINE}{row}" in [one["cell"] for one in said["problems"]]
    assert said["cells_changed"] > 0
    checked = run("check", str(base), *DAY)
    assert checked.code == 1
    assert cell in checked.out
    assert cell in run("recalc", str(base), *DAY).out
    night = json.loads(run("nightly", str(base), "--json", *DAY).out)
    assert cell.split("!")[1][:-2] in json.dumps(night, ensure_ascii=False)
    excel = Excel.open(base)
    with in_memory.called_from(excel) as book:
        button.recalculate(book, TODAY)
        first = book.names["cb_problems"].refers_to_range
        assert str(first.formula).endswith(f'"{cell[:-2]}")')


def test_where_a_value_comes_from_is_told(run: Run, tmp_path: Path) -> None:
    base = type_into(example(tmp_path / "base.xlsx"), HERS)
    rows = rows_of(base)
    assert "Rules: as shipped, and the sheet Rules" in run("recalc", str(base), *DAY).out
    why = run("why", str(base), "101", *DAY).out
    assert "Rules: as shipped, and the sheet Rules" in why
    assert f"sheet Rules cell {MINE}{rows['gifts.percent']}" in why
    assert f", sheet Rules cell {MINE}{rows[VIP_ABOVE]}: groups.VIP)" in why
    told = json.loads(run("why", str(base), "101", "--json", *DAY).out)
    rules = [cell["rule"] for cell in told["cells"]]
    assert {
        "entry": ["gifts", "percent"],
        "file": str(base),
        "sheet": "Rules",
        "cell": f"{MINE}{rows['gifts.percent']}",
    } in rules
    type_into(base, {VIP_ABOVE: 9000000})
    hints = run("check", str(base), *DAY).out
    assert f"Sheet Rules cell {MINE}{rows[VIP_ABOVE]}: " in hints


def test_her_file_that_differs_is_told_by_every_door(run: Run, tmp_path: Path) -> None:
    base = type_into(example(tmp_path / "base.xlsx"), {"gifts.percent": "3 %"})
    (tmp_path / "config.yaml").write_text("gifts: {percent: 2}\n", encoding="utf-8")
    row = rows_of(base)["gifts.percent"]
    told = (
        f"On the sheet Rules, cell {MINE}{row} says '3 %'; config.yaml, line 1, says otherwise, and "
        "counts."
    )
    assert told in (ROOT / "docs" / "en" / "rules.md").read_text(encoding="utf-8")
    for command in ("check", "recalc"):
        assert told in run(command, str(base), *DAY).out
    assert told in run("nightly", str(base), *DAY).out
    excel = Excel.open(base)
    with in_memory.called_from(excel) as book:
        button.recalculate(book, TODAY)
        lines = book.names["cb_problems"].refers_to_range.resize(20, 3).value
        assert told in [line[2] for line in lines]


def test_a_rehearsal_goes_by_the_sheet_too(run: Run, tmp_path: Path) -> None:
    base = type_into(example(tmp_path / "base.xlsx"), {VIP_ABOVE: 9000})
    (tmp_path / "new.yaml").write_text("gifts: {percent: 5}\n", encoding="utf-8")
    done = run("rehearse", str(base), "--config", "new.yaml", *DAY).out
    assert "  Now:       as shipped, and the sheet Rules, as of 11/21/2026" in done
    assert "  Rehearsed: new.yaml, and the sheet Rules, as of 11/21/2026" in done
    assert "Nobody would move: Group, ABC, XYZ, Stage, Folder" in done
    (tmp_path / "new.yaml").write_text(
        "groups: [{name: VIP, when: {turnover_in_year: {above: 900000}}}]\n", encoding="utf-8"
    )
    assert "VIP → " in run("rehearse", str(base), "--config", "new.yaml", *DAY).out


def test_shipped_examples_rest_while_a_cell_of_hers_counts(run: Run, tmp_path: Path) -> None:
    base = example(tmp_path / "base.xlsx")
    passed = "Examples of the rules that come out as expected: 10"
    assert passed in run("check", str(base), *DAY).out
    type_into(base, {VIP_ABOVE: "50 000"})
    assert "Example" not in run("check", str(base), *DAY).out
    hers = tmp_path / "config.yaml"
    hers.write_text("examples: [{client: 101, expect: {group: VIP}}]\n", encoding="utf-8")
    assert passed[:-2] + "1" in run("check", str(base), *DAY).out


def test_in_russian_her_file_that_differs_is_told_in_russian(run: Run, tmp_path: Path) -> None:
    base = type_into(example(tmp_path / "base.xlsx", "ru"), {"gifts.percent": "3 %"})
    (tmp_path / "config.yaml").write_text("gifts: {percent: 2}\n", encoding="utf-8")
    page = (ROOT / "docs" / "ru" / "rules.md").read_text(encoding="utf-8")
    (told,) = [line for line in page.splitlines() if line.startswith("На листе «Правила» в ячейке")]
    assert told in run("recalc", str(base), *DAY).out


def days(calendar: Path) -> list[str]:
    """What stands on which day."""
    lines = calendar.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("DTSTART", "SUMMARY", "DESCRIPTION"))]


def test_export_and_import_go_by_the_sheet(run: Run, tmp_path: Path) -> None:
    base = type_into(example(tmp_path / "base.xlsx"), HERS)
    (tmp_path / "other").mkdir()
    same = example(tmp_path / "other" / "base.xlsx")
    with_file = ("--config", str(written_rules(tmp_path, "en")))
    for path, to, config in ((base, "one", ()), (same, "two", with_file)):
        assert run("export", str(path), "--to", str(tmp_path / to), *config, *DAY).code == 0
    assert run("export", str(same), "--to", str(tmp_path / "three"), *DAY).code == 0
    hers, same_rules, plain = (
        days(tmp_path / one / "calendar.ics") for one in ("one", "two", "three")
    )
    assert hers == same_rules != plain
    (tmp_path / "new.csv").write_text("Name,Phone\nVera New,+7 900 111-22-33\n", "utf-8")
    begun = Import.begun([tmp_path / "new.csv"], base, None, None, TODAY)
    assert str(begun.rules.config.gifts.percent) == "3"


def test_what_was_typed_after_a_run_counts_in_the_next(run: Run, tmp_path: Path) -> None:
    base = example(tmp_path / "base.xlsx")
    run("recalc", str(base), *DAY)
    assert "Nothing to change" in run("recalc", str(base), *DAY).out
    type_into(base, {VIP_ABOVE: 9000})
    moved = run("recalc", str(base), *DAY).out
    assert "→ VIP" in moved or "VIP" in moved.split("Cells changed")[1]
    assert "Nothing to change" in run("recalc", str(base), *DAY).out
