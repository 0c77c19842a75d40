"""What the program says is there in every language, and with the same words in braces."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from rules.config.schema import schema_text
from tests.surroundings import ROOT
from words import ENGLISH, FOLDER, LANGUAGES, _, catalogues, n_, speak, speaking, spoken

OTHERS = [one for one in LANGUAGES if one != ENGLISH]
each_language = pytest.mark.parametrize("language", OTHERS)


@cache
def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def braces(sentence: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", sentence))


@each_language
def test_the_catalogue_is_that_of_the_code(language: str) -> None:
    text, compiled = catalogues.updated(language)
    assert text == (FOLDER / f"{language}.po").read_bytes(), "run: python -m words.catalogues"
    assert compiled == (FOLDER / f"{language}.mo").read_bytes(), "run: python -m words.catalogues"


@each_language
def test_every_sentence_is_translated_into_every_form(language: str) -> None:
    found = catalogue(language)
    for message in found:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            assert all(forms), message.id
            assert not message.fuzzy, message.id
            assert len(forms) == (found.num_plurals if message.pluralizable else 1), message.id


@each_language
def test_translations_use_the_same_words_in_braces(language: str) -> None:
    for message in catalogue(language):
        said = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
        forms = message.string if isinstance(message.string, tuple) else (str(message.string),)
        if said:
            assert all(braces(form) == braces(said) for form in forms), said


def test_no_sentence_stands_where_it_can_not_be_found() -> None:
    """Within the braces of an f-string nothing is extracted."""
    for package in catalogues.PACKAGES:
        for path in (ROOT / package).glob("**/*.py"):
            assert not re.search(r"\{[^{}\n]*\b[_n]_?\(['\"]", path.read_text(encoding="utf-8")), (
                path
            )


MARKS = {"_", "n_", "marked"}
ENGLISH_WORDS = re.compile(r"[A-Za-z][a-z']+ [a-z']{2,}|\b[A-Z][a-z]+ \{\}")
"""Two words, or one with a fact behind it."""
NOBODY_IS_TOLD = {
    "batch/cells.py": "ValueErrors of whoever calls it wrongly",
    "batch/installation/starter.py": "the text of a file for the terminal of Windows",
    "batch/edits.py": "ValueErrors again; and why a cell was kept, which is told in other words",
    "rules/config/customs_table.py": "words for money",
    "batch/history/receipts.py": "a damaged receipt, which is passed over",
    "batch/installation/diagnosis.py": "the level of a finding",
    "batch/installation/surroundings.py": "a folder of Windows",
    "batch/live/button.py": "the log of failures",
    "batch/live/clicked.py": "the same",
    "batch/live/write.py": "an error that is told as one of batch.live.errors",
    "batch/night/files.py": "how clouds call a copy",
    "batch/night/writing.py": "the mark of a page",
    "batch/schedule/cron.py": "what crontab answers",
    "batch/schedule/windows.py": "a definition for Windows",
    "batch/xlsx/sheetedits.py": "ValueErrors of whoever calls it wrongly",
    "batch/xlsx/tables.py": "the same",
    "batch/xlsx/trees.py": "a pattern; and what lxml says, to the English alone",
    "batch/xlsx/xmlbytes.py": "ValueErrors of whoever calls it wrongly",
    "rules/config/assembly.py": "parts of sentences of the schema, which is English",
    "rules/reading/coming_days.py": "words for days",
    "rules/config/yaml_text.py": "what PyYAML says, to recognise it",
    "udfs/snapshots.py": "the log of failures",
    "workbook/build.py": "a module of VBA",
}
"""Modules with English that isn't marked, and what it is."""


def unmarked(node: ast.AST) -> Iterator[str]:
    """The texts within *node* that aren't marked; docstrings aren't any. Facts are {}."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for inner in ast.iter_child_nodes(node):
            yield from unmarked(inner)


@cache
def known() -> tuple[set[str], str]:
    """What is translated, and the schema, which is English."""
    return {str(message.id) for message in catalogue("ru")}, schema_text().casefold()


def english_in(path: Path) -> list[str]:
    texts = unmarked(ast.parse(path.read_text(encoding="utf-8")))
    found = [one for one in texts if ENGLISH_WORDS.search(one)]
    return [one for one in found if one not in known()[0] and one.casefold() not in known()[1]]


PATHS = [path for package in catalogues.PACKAGES for path in (ROOT / package).glob("**/*.py")]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_sentence_reaches_her_unmarked(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    assert bool(english_in(path)) == (name in NOBODY_IS_TOLD), english_in(path)


def test_one_language_is_spoken_at_a_time() -> None:
    assert (spoken(), _("yes")) == ("en", "yes")
    speak("ru")
    assert _("yes") == "да"
    with speaking("en"):
        assert _("yes") == "yes"
    assert _("yes") == "да"


def test_what_she_asked_for_stays() -> None:
    speak("en", is_asked=True)
    speak("ru")
    assert spoken() == "en"


def test_what_is_written_into_cells_is_not_what_she_asked_to_be_told() -> None:
    speak("en", is_asked=True)
    with speaking("ru"):
        assert _("yes") == "да"
    speak("ru")
    assert _("yes") == "yes"


def test_a_sentence_that_nobody_knows_stays_as_it_is() -> None:
    speak("ru")
    assert _("no such sentence") == "no such sentence"
    assert n_("{count} such thing", "{count} such things", 2) == "{count} such things"
