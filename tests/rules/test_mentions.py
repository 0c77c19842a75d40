"""How clients, and lists of whatever, are named in a sentence."""

from __future__ import annotations

import pytest

from rules.mentions import called, first_of


@pytest.mark.parametrize(
    ("client", "name", "told"),
    [
        ("014", "Anna Petrova", "014 Anna Petrova"),
        ("014", "", "014"),
        ("", "Anna Petrova", "Anna Petrova"),
        ("Anna", "Anna", "Anna"),
        ("", "", ""),
    ],
)
def test_a_client_is_named_by_what_there_is_of_her_id_and_name(
    client: str, name: str, told: str
) -> None:
    assert called(client, name) == told


@pytest.mark.parametrize(
    ("names", "most", "told"),
    [
        ("", 2, ""),
        ("a", 2, "a"),
        ("ab", 2, "a, b"),
        ("abc", 2, "a, b and 1 more"),
        ("abcdefg", None, "a, b, c, d, e, f, g"),
    ],
)
def test_of_many_names_the_first_are_told_and_the_rest_is_counted(
    names: str, most: int | None, told: str
) -> None:
    assert first_of(list(names), most) == told


def test_five_names_are_told_unless_more_are_asked_for() -> None:
    assert first_of(list("abcde")) == "a, b, c, d, e"
    assert first_of(list("abcdef")) == "a, b, c, d, e and 1 more"
