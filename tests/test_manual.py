"""What README and manual show is what the program says; what they name is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main
import yaml

from batch import cli
from batch.configuration import shipped_path
from rules.config.settings import Config
from tests import manual
from tests.bases import config
from tests.manual import DOCS, LANGUAGES, PAGES, README, ROOT
from tests.surroundings import IN_CI
from udfs.functions import REGISTERED

TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
LINK = re.compile(r"\]\((?!https?:)([^)\s]*)\)")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
MOST_LINES_OF_THE_DOOR = 250

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_page
def test_every_shown_output_is_the_programs_own(page: Path) -> None:
    shared = ROOT.parent / "shared"
    assert shared.is_dir() or not IN_CI
    assert manual.renewed(page, shared if shared.is_dir() else None) == TEXTS[page]


def test_the_readme_is_a_door_and_no_house() -> None:
    assert len(TEXTS[README].splitlines()) <= MOST_LINES_OF_THE_DOOR


def test_every_page_is_there_in_every_language() -> None:
    names = {
        language: {page.name for page in (DOCS / language).glob("*.md")} for language in LANGUAGES
    }
    assert names["ru"] - {"README.md"} == names["en"]


@each_language
def test_every_page_can_be_reached_from_the_door(language: str) -> None:
    door = README if language == "en" else DOCS / "ru" / "README.md"
    linked = {
        (door.parent / target.split("#")[0]).resolve() for target in LINK.findall(TEXTS[door])
    }
    assert {page for page in PAGES if page.parent == DOCS / language} - {door} <= linked


@pytest.mark.parametrize("page", PAGES[1:], ids=str)
def test_every_page_leads_back_to_the_door_and_over_to_the_other_language(page: Path) -> None:
    first = TEXTS[page].splitlines()[0]
    other = "ru" if page.parent.name == "en" else "en"
    over = "../../README.md" if page.name == "README.md" else f"../{other}/{page.name}"
    assert f"]({over})" in first
    assert "README.md)" in first


@each_page
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for target in LINK.findall(TEXTS[page]):
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def anchors(page: Path) -> Iterator[str]:
    """The names by which GitHub lets a link jump to the headings of *page*."""
    for title in re.findall(
        r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE
    ):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_every_picture_is_shown_in_its_language() -> None:
    for picture in (DOCS / "pictures").rglob("*.*"):
        language = picture.parent.name
        pages = [page for page in PAGES if manual.language_of(page) == language]
        assert any(f"pictures/{language}/{picture.name})" in TEXTS[page] for page in pages), picture


@each_page
def test_a_page_shows_pictures_of_its_own_language(page: Path) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(\S*pictures/(\w+)/", TEXTS[page])
    assert set(shown) <= {manual.language_of(page)}


def test_what_a_russian_page_shows_is_russian() -> None:
    for page in (DOCS / "ru").glob("*.md"):
        for shown in re.findall(
            r"^```(?:console|text)\n(.*?)^```", TEXTS[page], re.DOTALL | re.MULTILINE
        ):
            told = re.sub(r"^\$ .*|clientbase \w+", "", shown, flags=re.MULTILINE)
            assert re.findall(r"\b[a-z]{2,} [a-z]{2,}\b", told) == [], page.name


@each_language
def test_every_column_stands_in_the_manual(language: str) -> None:
    text = TEXTS[DOCS / language / "columns.md"]
    for table, headings in shipped(language)["columns"].items():
        for accepted in headings.values():
            first = accepted[0] if isinstance(accepted, list) else accepted
            assert f"| **{first}** |" in text, (table, first)


@each_language
def test_every_sheet_rule_and_block_stands_in_the_page_of_the_rooms(language: str) -> None:
    text, rules = TEXTS[DOCS / language / "rooms.md"], shipped(language)
    rooms = {"start", "charts"} ^ set(rules["sheets"])
    assert all(rules["sheets"][key] in text for key in rooms)
    assert all(f"`{rule['rule']}`" in text for rule in rules["contacts"]["rules"])
    assert [key for key in rules if f"`{key}`" not in text] == []


def shipped(language: str) -> dict[str, Any]:
    """The shipped rules as they are written."""
    loaded: dict[str, Any] = yaml.safe_load(shipped_path(language).read_text(encoding="utf-8"))
    return loaded


@each_language
def test_every_function_stands_in_the_manual(language: str) -> None:
    text = TEXTS[DOCS / language / "functions.md"]
    assert all(f"`={name}(" in text for name in REGISTERED)


@each_language
def test_every_command_and_option_stands_in_the_manual(language: str) -> None:
    helper, full = (TEXTS[DOCS / language / name] for name in ("helper.md", "commands.md"))
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert f"`clientbase {name}" in helper, name
        for option in command.params:
            flags = [flag for flag in option.opts if flag.startswith("--")]
            assert all(flag in full for flag in flags), option.name


@each_language
def test_every_setting_stands_in_the_manual(language: str) -> None:
    text = TEXTS[DOCS / language / "settings.md"]
    schema = json.loads((ROOT / "config.schema.json").read_text(encoding="utf-8"))
    for block in (schema, *schema["$defs"].values()):
        for key in block.get("properties", ()):
            assert re.search(rf"(?<!\w){key}(?!\w)", text), key


@pytest.mark.parametrize("name", sorted(Config.allowed_keys()))
def test_every_key_of_the_configuration_is_commented_in_it(name: str) -> None:
    lines = (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}:"))
    above = [line for line in lines[max(0, at - 12) : at] if line]
    assert any(line.startswith("#") for line in above), f"{name} has no comment"


NO_RULES = {"misspelt.yaml", "answers.yaml", "ответы.yaml"}
"""A configuration with a mistake, and the plans of an import."""


@each_page
def test_every_configuration_that_a_page_shows_but_the_misspelt_one_loads(page: Path) -> None:
    for name, text in manual.FILES.findall(TEXTS[page]):
        if name.endswith(".yaml") and name not in NO_RULES:
            assert config(text)


@each_page
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    for target in re.findall(r"`(tests/[\w/]+(?:\.py)?)`", TEXTS[page]):
        assert (ROOT / target).exists(), target


@each_page
def test_every_test_function_that_a_page_names_is_there(page: Path) -> None:
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {*re.findall(r"`(test_\w+)`", TEXTS[page])} <= known


@pytest.mark.parametrize("name", ["proven.md", "safety.md"])
def test_both_languages_name_the_same_proofs(name: str) -> None:
    english, russian = (
        re.findall(r"`(test(?:s/|_)[\w/.]+)`", TEXTS[DOCS / language / name])
        for language in LANGUAGES
    )
    assert english == russian


@each_language
def test_every_package_that_the_project_needs_is_explained(language: str) -> None:
    text = TEXTS[DOCS / language / "developers.md"].lower()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for kind in ("dependencies", "test", "bench"):
        block = re.search(rf"^{kind} = \[(.*?)\]", project, re.DOTALL | re.MULTILINE)
        assert block is not None
        for package in re.findall(r'"([A-Za-z-]+)[>=]', block[1]):
            assert package.lower() in text, package


def test_the_tests_run_by_ci_are_the_readmes_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert (ROOT / "constraints.txt").exists()
    command = re.search(r"<!-- tests -->\n```sh\n(.*?)\n```", TEXTS[README])
    assert command is not None
    assert command[1].endswith("-m pytest")
