"""Names of people as old bases write them: `batch.importing.names`."""

from __future__ import annotations

import pytest

from batch.importing.names import Fit, Name, likeness, looks_like_name


@pytest.mark.parametrize(
    ("mentioned", "known"),
    [
        ("Иванова Маша", "Иванова Мария"),
        ("Гуля Ахметова", "Ахметова Гульнара"),
        ("Сидорова Лена", "Сидорова Елена Викторовна"),
        ("Ковалева Т", "Ковалёва Тамара"),
        ("Кузнецов А.", "Кузнецов Андрей"),
        ("Абрамова О.П.", "Ольга Петровна Абрамова"),
        ("Марина Ст.", "Марина Степанова"),
        ("Liz Smith", "Elizabeth Smith"),
        ("J. Smith", "John Smith"),
        ("Смирнова Оля", "Оля СМИРНОВА"),
        ("Петровa Анна", "Петрова Анна"),
    ],
)
def test_these_may_be_one_person(mentioned: str, known: str) -> None:
    assert likeness(Name(mentioned), Name(known)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Данилов Роман (муж Оксаны)", "Данилова Оксана"),
        ("Иванова Маша", "Иванова Марина"),
        ("Смирнова Алла", "Смирнова Анна"),
        ("Данилов Роман", "Данилова Рома"),
        ("М.", "Мария"),
    ],
)
def test_these_are_two_people(one: str, other: str) -> None:
    assert likeness(Name(one), Name(other)) is None


def test_a_short_form_is_more_than_a_letter_off_and_that_more_than_an_initial() -> None:
    assert Fit.INITIAL < Fit.SLIP < Fit.SHORT < Fit.SAME


@pytest.mark.parametrize("name", ["Жукова Настя", "Стёпина Марина", "Быкова Е", "Новикова"])
def test_a_line_of_one_name_is_a_client(name: str) -> None:
    assert looks_like_name(name)


@pytest.mark.parametrize("heading", ["Постоянные", "Химки", "VIP", "Каталог 13", "А"])
def test_a_line_of_one_other_word_is_a_section(heading: str) -> None:
    assert not looks_like_name(heading)
