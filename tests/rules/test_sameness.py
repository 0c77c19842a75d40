"""What counts as the same ID, name, city and word; and what is told of what only looks the same."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from rules.reading.cells import read_flags, read_keys
from rules.reading.words import fold, fold_city, fold_id
from tests.bases import bought, calculate, cells, client, config, on


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A103\u200b", "a103"),
        ("\ufeffA\u00ad103", "A103"),
        ("Й1", "И\u03061"),
        ("  lee \u00a0 ann", "Lee Ann"),
        ("é", "E\u0301"),
        ("ǰ", unicodedata.normalize("NFD", "ǰ")),
    ],
)
def test_the_same_id(one: str, other: str) -> None:
    assert fold_id(one) == fold_id(other)


@pytest.mark.parametrize(("one", "other"), [("А101", "A101"), ("001", "1"), ("Ёлка", "Елка")])
def test_another_id(one: str, other: str) -> None:
    assert fold_id(one) != fold_id(other)


def test_in_names_words_and_headings_yo_is_ye() -> None:
    assert fold("Алёна") == fold("АЛЕНА") == fold("Але\u0308на")


@pytest.mark.parametrize("city", ["Королёв", "г. Королев", "Г.КОРОЛЁВ", " г.  Королёв "])
def test_the_same_city(city: str) -> None:
    assert fold_city(city) == "королев"


def test_a_city_that_only_begins_with_that_letter_is_another() -> None:
    assert fold_city("Гатчина") == "гатчина"


@pytest.mark.parametrize("word", ["—", "–", "−", "-", "-.", "n/a", "N/A.", "?", "нет.", "No.", "0"])
def test_no_in_so_many_words(word: str) -> None:
    assert not read_flags(cells([word]), config().no_words).any()


@pytest.mark.parametrize("word", ["no!", "--", "нет..", "maybe", "да"])
def test_whatever_else_is_a_yes(word: str) -> None:
    assert read_flags(cells([word]), config().no_words).all()


def advice(client_id: object, typed: object) -> str:
    """What is told of a purchase of somebody *typed* when there is one client."""
    bought_then = [bought("2026-11-01", client=typed)]
    result = calculate([client(client_id)], bought_then, [], on("2026-11-21"))
    (problem,) = result.problems
    return problem.advice.partition("left out.")[2]


@pytest.mark.parametrize(
    ("client_id", "typed", "told"),
    [
        ("А101", "A101", " Row 2 there looks the same: it has a Cyrillic letter 'А', here stands the Latin one."),
        ("A101", "А101", " Row 2 there looks the same: it has a Latin letter 'A', here stands the Cyrillic one."),
        ("001", "1", " Row 2 there has '001': zeros in front make another ID."),
        (7.0, "0007", " Row 2 there holds the number 7 and may only show it so; type that number."),
        (5.0, "K-005", " Row 2 there holds the number 5 and may only show it so; type that number."),
        ("A", "B", ""),
    ],
)  # fmt: skip
def test_a_stranger_who_looks_like_a_client(client_id: object, typed: object, told: str) -> None:
    assert advice(client_id, typed) == told


def test_where_names_are_the_ids_they_are_compared_as_names() -> None:
    typed = cells(["Петрова Алёна"])
    assert read_keys(typed, are_names=True).tolist() == ["петрова алена"]
    assert read_keys(typed).tolist() == ["петрова алёна"]
    assert np.array_equal(read_keys(cells([7.0]), are_names=True), read_keys(cells([7.0])))
