"""The questions of an import on a terminal: `batch.importing.dialogue`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.prompt import Prompt

from batch.importing import dialogue
from batch.importing.run import Import


@pytest.fixture
def lists(tmp_path: Path) -> list[Path]:
    clients, sales = tmp_path / "clients.csv", tmp_path / "sales.csv"
    clients.write_text("Name;Phone\nMary Smith;1\nMartha Smith;2\n")
    sales.write_text("Date;Client;Amount\n10/01/2026;M. Smith;1\n10/02/2026;myself;return 5\n")
    return [clients, sales]


def typed(monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[str]]) -> list[str]:
    """Answer the prompts that begin like these; what was asked."""
    asked: list[str] = []
    left: dict[str, Iterator[str]] = {key: iter(ones) for key, ones in answers.items()}

    def ask(prompt: str, *, default: str, **_others: object) -> str:
        asked.append(prompt.strip())
        ones = next((one for key, one in left.items() if prompt.strip().startswith(key)), iter(()))
        return next(ones, default)

    monkeypatch.setattr(Prompt, "ask", ask)
    return asked


def test_each_open_question_is_asked_once_with_its_proposal(
    lists: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = typed(monkeypatch, {"M. Smith": ["Martha Smith"]})
    run = Import.begun(lists, None, None, None, dt.date(2026, 11, 21))
    dialogue.talk(run)
    assert [one.split(" (")[0] for one in asked] == ["return 5", "M. Smith", "myself"]
    (sale,) = run.found.purchases
    assert sale.fields["client_id"] == "2"


def test_an_answer_that_is_not_understood_is_asked_again(
    lists: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = typed(monkeypatch, {"M. Smith": ["perhaps Mary", "Mary Smith"]})
    run = Import.begun(lists, None, None, None, dt.date(2026, 11, 21))
    dialogue.talk(run)
    assert sum(one.startswith("M. Smith") for one in asked) == 2
    assert "perhaps Mary" in capsys.readouterr().out
    (sale,) = run.found.purchases
    assert sale.fields["client_id"] == "1"
