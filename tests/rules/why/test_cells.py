"""Every cell of whatever base is explained, and what is told agrees with what is filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from rules.config.settings import Config
from rules.config.yaml_text import Path
from rules.why.client import explain
from rules.why.shape import Evidence
from tests.bases import FILLED, calculate, client, filled
from tests.random_bases import TODAYS, random_base

KEYS = [column.key for column in FILLED]


def test_a_row_that_is_left_out_says_so_in_every_cell() -> None:
    result = calculate([client("A"), client("A")], [], [], dt.date(2026, 11, 21))
    found = explain(result, 1)
    assert [one.key for one in found] == KEYS
    for one in found:
        (evidence,) = one.evidence
        assert evidence.text.startswith("Left out:")
        assert evidence.rows[0].at == (1,)


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_cell_of_a_nasty_base_is_explained_and_blanks_say_so(today: dt.date) -> None:
    result = calculate(*random_base(today.toordinal(), today), today)
    for position, row in enumerate(filled(result)):
        found = explain(result, position)
        assert [one.key for one in found] == KEYS
        for one in found:
            assert one.evidence
            assert (one.evidence[0].kind == "blank") == (row[one.key] is None) or (
                one.key == "gift" and "card" in one.evidence[0].text
            )
            assert all(exists(result.config, entry.rule) for entry in one.evidence)
            assert exists(result.config, one.rule)
        by_key = {one.key: one.evidence for one in found}
        contacts = [one for one in by_key["next_contact"] if one.kind == "decided"]
        assert {one.facts["due"] for one in contacts} == ({row["next_contact"]} - {None})
        assert_joined(by_key["contact_reason"], row["contact_reason"], "; ")
        assert_joined(by_key["gift_for"], row["gift_for"], " + ")


def assert_joined(evidence: tuple[Evidence, ...], cell: object, joiner: str) -> None:
    """The evidence names what stands in the cell, in its order."""
    if cell is not None:
        is_reason = "order of the rules" in evidence[0].text
        told = [str(one.text) for one in evidence if is_reason and one.kind == "fact"]
        told += [
            str(one.facts["occasion"])
            for one in evidence
            if not is_reason and one.kind == "decided"
        ]
        assert joiner.join(told) == cell


def exists(config: Config, path: Path) -> bool:
    """Whether the configuration has an entry at *path*."""
    node: object = config
    for step in path:
        if isinstance(step, int):
            assert isinstance(node, tuple)
            node = node[step]
        elif isinstance(node, Mapping):
            node = node[step]
        else:
            node = getattr(node, step)
    return node is not None
