"""The names of sheets, the stickers of groups and the drop-down lists in the configuration."""

from __future__ import annotations

import pytest

from rules.config.loading import ConfigError
from tests.bases import alone, config


@pytest.mark.parametrize(
    "name", ["x" * 32, "a/b", "a:b", '"[1]"', "'a*'", "'what?'", "a\\b", '"\'Anna"']
)
def test_a_name_that_excel_refuses_for_a_sheet_is_told(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(f"sheets: {{clients: {name}}}")
    assert "line 1, column 10: sheets.clients: Excel takes at most 31 characters here, none of [ ] : * ? / \\, and no apostrophe at either end; found" in str(caught.value)  # fmt: skip


def test_the_longest_name_of_a_sheet_is_taken() -> None:
    assert config(f"sheets: {{charts: {'x' * 31}}}").sheets.charts == "x" * 31


@pytest.mark.parametrize("name", ["History", "HISTORY", "clientbase", "ClientBase"])
def test_a_name_that_excel_or_the_program_keeps_for_itself_is_told(name: str) -> None:
    with pytest.raises(ConfigError, match=r"sheets\.start: this name is taken; choose another"):
        config(f"sheets: {{start: {name}}}")


def test_two_sheets_of_one_name_are_told() -> None:
    with pytest.raises(
        ConfigError, match="the sheet 'charts' is given to both 'clients' and 'charts'"
    ):
        config("sheets: {clients: Charts, charts: charts}")


def test_a_colour_that_no_sticker_has_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"groups\.colour: found 'yelow' \(did you mean 'yellow'"):
        config("groups: [{name: VIP, colour: yelow}]")


def test_a_group_needs_no_colour() -> None:
    rules = alone(
        "groups: [{name: All}]\ncontacts: {rules: []}\ngifts: {multipliers: [], list: []}"
    )
    assert rules.groups[0].colour is None


def test_no_list_offers_nothing_by_itself() -> None:
    assert config().lists.consultants == ()
    assert config("lists: {mailing: []}").lists.mailing == ()
