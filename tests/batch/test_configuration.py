"""Which rules count for a workbook, and what they are based on."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.importing.run import Import
from batch.making.example import make_example
from tests.bases import config
from tests.batch.simple_workbook import TODAY
from tests.command_line import Run

MORE = "holidays: [{name: %s, day: 02-23}]\n"


@pytest.mark.parametrize(("language", "kept"), [("en", "New Year, 8 March"), ("ru", "Новый год, 8 Марта, 23 Февраля")])  # fmt: skip
@pytest.mark.parametrize("asked", [False, True])
def test_a_file_that_forgets_based_on_is_in_the_language_of_the_sheets(
    run: Run, tmp_path: Path, language: str, kept: str, *, asked: bool
) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(f"based_on: {language}"), TODAY)
    rules = tmp_path / ("mine.yaml" if asked else "config.yaml")
    rules.write_text(MORE % "X", encoding="utf-8")
    for command in ("recalc", "check"):
        done = run(command, str(path), *(["--config", str(rules)] if asked else []))
        assert f": {kept}. " in done.out
    assert run("rehearse", str(path), "--config", str(rules)).code == 0


def test_an_import_goes_by_the_sheets_of_the_base_that_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config("based_on: ru"), TODAY)
    (tmp_path / "config.yaml").write_text("gifts: {percent: 2}\n", encoding="utf-8")
    (tmp_path / "new.csv").write_text("ФИО;Телефон\nНовая Вера;+7 900 111-22-33\n", "utf-8")
    rules = Import.begun([tmp_path / "new.csv"], path, None, None, TODAY).rules.config
    assert (rules.sheets.clients, rules.gifts.percent) == ("Клиенты", 2)


@pytest.mark.parametrize(
    "name",
    [
        "Config.yaml",
        "CONFIG.YAML",
        "config.yml",
        "config.yaml.txt",
        "Config.yml.TXT",
        "config.yaml.yaml",
    ],
)
def test_a_file_that_was_meant_to_be_config_yaml_is_found_and_told(
    run: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    (tmp_path / name).write_text("stage: {period_months: 6}\n", encoding="utf-8")
    told = f"Your rules were read from {name}; call the file config.yaml."
    done = run("recalc", str(path))
    assert told in done.out
    assert f"Rules: {tmp_path / name}" in done.out or f"Rules: {name}" in done.out
    (tmp_path / "config.yaml").write_text("stage: {period_months: 6}\n", encoding="utf-8")
    both = run("recalc", str(path)).out
    assert told not in both
    assert f"Of the files with your rules only config.yaml counts; not read: {name}." in both


@pytest.mark.parametrize("name", ["config.txt", "my config.yaml", "config.yaml.bak"])
def test_other_names_are_no_rules(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    (tmp_path / name).write_text("stage: {period_months: 6}\n", encoding="utf-8")
    assert "Rules: as shipped" in run("recalc", str(path)).out


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
@pytest.mark.parametrize("name", ["config.yaml", "config.yaml.txt"])
def test_a_file_in_a_wrong_encoding_is_found_and_told(
    run: Run, tmp_path: Path, name: str, encoding: str
) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    (tmp_path / name).write_bytes("home_city: Пермь\n".encode(encoding))
    done = run("recalc", str(path))
    assert done.code == 2
    assert name in done.err
    assert "this isn't UTF-8 text; in Notepad choose File > Save as > Encoding: UTF-8" in done.err


def test_what_the_file_says_counts_more_than_the_sheets(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config("based_on: ru"), TODAY)
    (tmp_path / "config.yaml").write_text("based_on: en\n", encoding="utf-8")
    done = run("recalc", str(path))
    assert done.code == 2
    assert "Clients" in done.err


def test_a_failed_example_is_shown_with_its_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    text = "examples: [{name: Never bought, expect: {group: VIP}}]\n"
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert "Example 1 (Never bought): Group should be VIP, but is Potential" in done.out


LIKE = [
    "config (1).yaml",
    "Config(2).yml",
    "config - Copy.yaml",
    "config – копия (2).yaml",
    "Копия config.yaml",
    "config.yaml.rtf",
    "config.yaml.docx",
    "config.txt",
    "config.rtf",
]


@pytest.mark.parametrize("name", LIKE)
def test_a_file_that_only_looks_like_rules_is_told_and_not_read(
    run: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    run("recalc", str(path))
    (tmp_path / name).write_text("{\\rtf1 stage", encoding="utf-8")
    told = (
        f"Not read, though the name looks as if your rules stood there: {name}. What is to count,"
    )
    done = run("recalc", str(path))
    assert (done.code, done.err) == (0, "")
    assert told in done.out
    assert "Rules: as shipped" in done.out
    (tmp_path / "config.yaml").write_text("stage: {period_months: 6}\n", encoding="utf-8")
    for command in ("recalc", "check"):
        assert told in run(command, str(path)).out


@pytest.mark.parametrize("name", ["my config.yaml", "config.yaml.bak", "configuration.txt"])
def test_other_names_are_not_told(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    (tmp_path / name).write_text("stage: {period_months: 6}\n", encoding="utf-8")
    assert name not in run("recalc", str(path)).out
