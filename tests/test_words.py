"""What the program says is there in every language, and with the same words in braces."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.surroundings import ROOT
from words import ENGLISH, FOLDER, LANGUAGES, _, catalogues, n_, speak, speaking, spoken

OTHERS = [one for one in LANGUAGES if one != ENGLISH]
each_language = pytest.mark.parametrize("language", OTHERS)


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
