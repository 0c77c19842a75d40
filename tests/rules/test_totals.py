"""Rows with a total are no clients; rows without a name are nobody to call."""

from __future__ import annotations

import pytest

from rules.model.result import Result
from rules.outgoing import reachable
from rules.why.client import explain
from tests.bases import bought, calculate, client, config, filled, on, touched

TODAY = on("2024-05-15")
ANNA = client("A", Birthday=on("1980-05-20"))
LINES = [bought("2024-05-01", 1000), bought("2024-04-01", 500)]
WORDS = ["Total", "total:", " ИТОГО ", "Итого:", "всего :", "Sum"]


def told(result: Result) -> list[str]:
    return [notice for notice in result.notices if "total" in notice]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("key", ["ID", "Name"])
@pytest.mark.parametrize("other", [None, 7])
def test_a_row_with_a_total_is_no_client_and_told_once(word: str, key: str, other: object) -> None:
    row = {**client(other, Birthday="soon", Class_date="x"), "Name": other, key: word}
    result = calculate([row, ANNA, row], LINES, [], TODAY)
    total, anna, again = filled(result)
    assert set(total.values()) == set(again.values()) == {None}
    assert anna == filled(calculate([ANNA], LINES, [], TODAY))[0]
    assert result.problems == ()
    letter = "A" if key == "ID" else "B"
    assert told(result) == [
        f"Rows of Clients with a total, which is no client's: 2 ({letter}2, {letter}4)."
    ]


@pytest.mark.parametrize("word", WORDS)
def test_lines_and_contacts_with_a_total_are_left_out_and_told_once(word: str) -> None:
    lines = [*LINES, bought("2024-05-02", "?", word), bought("2024-06-02", 1500, word)]
    result = calculate([ANNA], lines, [touched("2024-05-03", client=word)], TODAY)
    assert filled(result) == filled(calculate([ANNA], LINES, [], TODAY))
    assert result.problems == ()
    assert told(result) == [
        "Rows of Purchases with a total, which is no client's: 2 (B4, B5).",
        "Rows of Contacts with a total, which is no client's: 1 (B2).",
    ]


@pytest.mark.parametrize("word", ["Totals", "Total 2024", "Summer", "в итоге", ""])
def test_other_words_are_names(word: str) -> None:
    result = calculate([client(word or "x")], [], [], TODAY)
    assert told(result) == []
    assert filled(result)[0]["group"] == "Potential"


def test_the_words_are_hers() -> None:
    rules = config("total_words: [Gesamt]")
    result = calculate([client("Gesamt:"), client("Total")], [], [], TODAY, rules)
    assert [row["group"] for row in filled(result)] == [None, "Potential"]


@pytest.mark.parametrize("name", [None, "", "  ", "\u00a0", "\u200b"])
def test_a_client_without_a_name_is_told_and_gets_no_contact_and_no_gift(name: object) -> None:
    lines = [bought("2024-05-01", 40_000), bought("2024-04-01", 500)]
    result = calculate([{**ANNA, "Name": name}], lines, [], TODAY)
    with_name = filled(calculate([ANNA], lines, [], TODAY))[0]
    silent = {"next_contact", "contact_reason", "channel", "gift", "gift_budget", "gift_for", "gift_date"}  # fmt: skip
    assert all(with_name[key] is not None for key in silent)
    assert filled(result)[0] == {**with_name, **dict.fromkeys(silent)}
    assert [(problem.cell, problem.advice) for problem in result.problems] == [
        ("B2", "No name. Type it; until then she gets no contact and no gift.")
    ]
    assert not reachable(result).any()
    reasons = {one.key: one.evidence[0].text for one in explain(result, 0) if one.key in silent}
    assert reasons == dict.fromkeys(silent, "she has no name")
