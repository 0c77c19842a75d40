"""What the README shows is what the program says; what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from batch import cli
from rules.columns import FILLED
from rules.config.settings import Config
from tests import readme
from tests.bases import config
from tests.surroundings import IN_CI, ROOT
from udfs.registry import REGISTERED

TEXT = readme.README.read_text(encoding="utf-8")


def test_every_shown_output_is_the_programs_own() -> None:
    shared = ROOT.parent / "shared"
    assert shared.is_dir() or not IN_CI
    assert readme.renewed(TEXT, shared if shared.is_dir() else None) == TEXT


def test_the_page_of_the_commands_is_current() -> None:
    assert readme.COMMANDS.read_text(encoding="utf-8") == readme.command_page()


def test_every_filled_column_stands_in_the_readme() -> None:
    assert all(f"**{column.key.replace('_', ' ')}**" in TEXT.lower() for column in FILLED)


def test_every_function_stands_in_the_readme() -> None:
    for name, function in REGISTERED.items():
        assert f"`={name}(" in TEXT
        assert function.help in TEXT


def test_every_command_and_option_stands_in_the_readme() -> None:
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert f"clientbase {name}" in TEXT
        for option in command.params:
            flags = [flag for flag in option.opts if flag.startswith("--")]
            assert all(flag in readme.command_page() for flag in flags), option.name


@pytest.mark.parametrize("name", sorted(Config.model_fields))
def test_every_key_of_the_configuration_is_commented_in_it(name: str) -> None:
    lines = (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}:"))
    above = [line for line in lines[max(0, at - 12) : at] if line]
    assert any(line.startswith("#") for line in above), f"{name} has no comment"


def test_every_configuration_that_the_readme_shows_but_the_misspelt_one_loads() -> None:
    for name, text in readme.FILES.findall(TEXT):
        if name != "misspelt.yaml":
            assert config(text)


def test_every_file_that_the_readme_links_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target


def test_every_test_that_the_readme_names_is_there() -> None:
    for target in re.findall(r"`(tests/[\w/]+(?:\.py)?)`", TEXT):
        assert (ROOT / target).exists(), target


def test_every_package_that_the_project_needs_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)\]", project, re.DOTALL | re.MULTILINE)
    assert block is not None
    for package in re.findall(r'"([A-Za-z-]+)[>=]', block[1]):
        assert package.lower() in TEXT.lower(), package


def test_the_tests_run_by_ci_are_the_readmes_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert Path(ROOT / "constraints.txt").exists()
