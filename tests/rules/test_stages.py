"""Stage and folder: where a client stands on her way."""

from __future__ import annotations

import pytest

from tests.bases import Row, bought, calculate, client, config, filled, on

TODAY = "2024-05-15"  # the period of 3 months begins on 2024-02-15


def cells(lines: list[Row], today: str = TODAY, rules: str = "") -> dict[str, object]:
    """The filled cells of the only client."""
    return filled(calculate([client()], lines, [], on(today), config(rules)))[0]


# --- Stage -----------------------------------------------------------------------------------

STAGES = [
    # today, purchase days, stage
    (TODAY, [], "Potential"),
    (TODAY, ["2024-05-16"], "Potential"),  # tomorrow doesn't count yet
    # New: first purchase ever within the period
    (TODAY, ["2024-05-15"], "New"),
    (TODAY, ["2024-02-15"], "New"),
    (TODAY, ["2024-02-15", "2024-05-10"], "New"),
    # Lost: bought, but not within the period
    (TODAY, ["2024-02-14"], "Lost"),
    (TODAY, ["2020-01-01", "2024-02-14"], "Lost"),
    # Restored: the first purchase in it came more than 3 months after the one before
    (TODAY, ["2023-11-14", "2024-02-15"], "Restored"),  # 14 November + 3 months: 14 February
    (TODAY, ["2023-11-15", "2024-02-15"], "Permanent"),  # 15 February: not more than 3 months
    (TODAY, ["2024-02-14", "2024-05-14"], "Permanent"),
    (TODAY, ["2024-02-14", "2024-05-15"], "Restored"),
    (TODAY, ["2023-11-01", "2024-02-20", "2024-05-10"], "Restored"),  # the first in it decides
    (TODAY, ["2020-01-01", "2024-02-10", "2024-02-20"], "Permanent"),  # the one before decides
    (TODAY, ["2024-01-01", "2024-02-15"], "Permanent"),
    # month ends: 30 November + 3 months is 29 February
    ("2024-02-29", ["2023-11-30"], "New"),
    ("2024-03-01", ["2023-11-30"], "Lost"),
    ("2024-03-01", ["2023-12-01"], "New"),
    (TODAY, ["2023-11-30", "2024-02-29"], "Permanent"),
    (TODAY, ["2023-11-30", "2024-03-01"], "Restored"),
    (TODAY, ["2023-11-29", "2024-02-29"], "Permanent"),
    (TODAY, ["2023-11-28", "2024-02-29"], "Restored"),
    # in a common year 28, 29 and 30 November reach 28 February
    ("2025-02-28", ["2024-11-28"], "New"),
    ("2025-02-28", ["2024-11-27"], "Lost"),
    ("2025-02-28", ["2024-11-30"], "New"),
    ("2025-03-01", ["2024-11-30"], "Lost"),
]


@pytest.mark.parametrize(("today", "days", "stage"), STAGES)
def test_the_stage_follows_from_the_purchase_days(today: str, days: list[str], stage: str) -> None:
    assert cells([bought(day) for day in days], today)["stage"] == stage


NO_PURCHASE_DAYS: list[tuple[str, list[Row]]] = [
    ("a present", [bought("2024-05-01", 0)]),
    ("a return", [bought("2024-05-01", -100)]),
    ("taken back on the same day", [bought("2024-05-01", 100), bought("2024-05-01", -100)]),
]


@pytest.mark.parametrize(
    "lines", [case[1] for case in NO_PURCHASE_DAYS], ids=[case[0] for case in NO_PURCHASE_DAYS]
)
def test_lines_that_are_no_purchase_change_neither_stage_nor_folder(lines: list[Row]) -> None:
    assert (cells(lines)["stage"], cells(lines)["folder"]) == ("Potential", None)
    old = bought("2020-01-01")
    assert (cells([old, *lines])["stage"], cells([old, *lines])["folder"]) == ("Lost", "Black")
    assert cells([old, *lines])["last_purchase"] == on("2020-01-01")


def test_a_row_without_an_id_has_no_stage() -> None:
    result = calculate([{"ID": None, "Name": "Bella"}], [], [], on(TODAY))
    assert filled(result)[0]["stage"] is None


def test_period_and_names_of_the_stages_come_from_the_configuration() -> None:
    rules = "stage: {period_months: 1, names: {new: Fresh}}"
    assert cells([bought("2024-04-15")], rules=rules)["stage"] == "Fresh"
    assert cells([bought("2024-04-14")], rules=rules)["stage"] == "Lost"


# --- Folder ----------------------------------------------------------------------------------

FOLDERS = [
    # today, purchase days, folder
    ("2024-05-15", [], None),
    ("2024-05-15", ["2024-05-15"], "Green"),
    ("2024-05-15", ["2023-01-01"], "Green"),  # last calendar year
    ("2024-05-15", ["2022-12-31"], "Black"),
    ("2024-12-31", ["2023-01-01"], "Green"),
    ("2025-01-01", ["2023-12-31"], "Black"),
    ("2024-01-01", ["2022-12-31"], "Black"),
    ("2024-02-29", ["2022-12-31", "2023-01-01"], "Green"),
    ("2024-05-15", ["2022-12-31", "2024-05-16"], "Black"),  # tomorrow doesn't count yet
]


@pytest.mark.parametrize(("today", "days", "folder"), FOLDERS)
def test_the_folder_is_green_with_a_purchase_this_calendar_year_or_last(
    today: str, days: list[str], folder: str | None
) -> None:
    assert cells([bought(day) for day in days], today)["folder"] == folder


@pytest.mark.parametrize(
    ("years_back", "day", "folder"),
    [
        (0, "2024-01-01", "Green"),
        (0, "2023-12-31", "Black"),
        (2, "2022-01-01", "Green"),
        (2, "2021-12-31", "Black"),
    ],
)
def test_how_many_years_stay_green_comes_from_the_configuration(
    years_back: int, day: str, folder: str
) -> None:
    rules = f"folder: {{years_back: {years_back}}}"
    assert cells([bought(day)], "2024-05-15", rules)["folder"] == folder


# --- Last purchase ---------------------------------------------------------------------------

LAST_PURCHASES: list[tuple[list[Row], str | None]] = [
    ([], None),
    ([bought("2024-05-01"), bought("2024-04-01")], "2024-05-01"),
    ([bought("2024-04-01"), bought("2024-05-01", 0)], "2024-04-01"),
    ([bought("2024-04-01"), bought("2024-05-01", -500)], "2024-04-01"),
    ([bought("2024-04-01"), bought("2024-05-16")], "2024-04-01"),
]


@pytest.mark.parametrize(("lines", "day"), LAST_PURCHASES)
def test_last_purchase_is_the_last_day_whose_lines_sum_to_more_than_zero(
    lines: list[Row], day: str | None
) -> None:
    assert cells(lines)["last_purchase"] == (None if day is None else on(day))
