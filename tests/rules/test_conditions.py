"""Conditions: every comparison, over facts, decided columns and her own columns."""

from __future__ import annotations

import pytest

from tests.bases import Row, alone, bought, calculate, client, filled, on

TODAY = on("2024-05-15")
PROBE = (
    "contacts: {{rules: [{{rule: birthday, reason: fits, channel: call, early_days: 0, "
    "late_days: 0, when: {when}}}]}}"
)
"""Her birthday becomes Next contact where the condition holds, else the cell stays blank."""


def fits(
    when: str,
    lines: list[Row] | None = None,
    others: list[Row] | None = None,
    **typed: object,
) -> bool:
    """Whether *when* holds for a client with these purchases and cells beside *others*."""
    rows = [client(Birthday="01.01", **typed), *(others or [])]
    result = calculate(rows, lines or [], [], TODAY, alone(PROBE.format(when=when)))
    return filled(result)[0]["next_contact"] is not None


def test_without_a_condition_a_rule_holds_for_everybody() -> None:
    rules = alone(PROBE.replace(", when: {when}", "").format())
    rows = [client(key, Birthday="01.01") for key in "AB"]
    found = filled(calculate(rows, [], [], TODAY, rules))
    assert [cells["contact_reason"] for cells in found] == ["fits", "fits"]


# --- facts that are numbers ------------------------------------------------------------------

BUYER = [
    bought("2022-05-10", 500),  # before the year
    bought("2024-03-01", 1000),
    bought("2024-03-21", 2000),
    bought("2024-05-05", 3000.50),
]
"""In the year 6 000.50 on 3 days; gaps of 20, 45 (10 + 30 + 5) and 10 days; ever 4 days, usually
every 45 days; 10 days and 0 months since the last."""

NUMBERS = [
    ("turnover_in_year: {at_least: 6000.50}", True),
    ("turnover_in_year: {at_least: 6000.51}", False),
    ("turnover_in_year: {at_most: 6000.50}", True),
    ("turnover_in_year: {at_most: 6000.49}", False),
    ("turnover_in_year: {above: 6000.49}", True),
    ("turnover_in_year: {above: 6000.50}", False),
    ("turnover_in_year: {below: 6000.51}", True),
    ("turnover_in_year: {below: 6000.50}", False),
    ("turnover_in_year: {is: 6000.50}", True),
    ("turnover_in_year: {is: 6000.5}", True),
    ("turnover_in_year: {is: 6000}", False),
    ("turnover_in_year: {in: [1, 6000.50]}", True),
    ("turnover_in_year: {in: [1, 6000]}", False),
    # limits finer than a kopeck
    ("turnover_in_year: {at_least: 6000.501}", False),
    ("turnover_in_year: {at_most: 6000.499}", False),
    ("turnover_in_year: {above: 6000.499}", True),
    ("turnover_in_year: {below: 6000.501}", True),
    # several comparisons all hold
    ("turnover_in_year: {above: 6000, below: 6001}", True),
    ("turnover_in_year: {above: 6000, below: 6000.25}", False),
    ("purchase_days_in_year: {is: 3}", True),
    ("purchase_days_in_year: {at_least: 4}", False),
    ("purchase_days: {at_least: 4}", True),
    ("purchase_days: {above: 4}", False),
    ("days_since_last_purchase: {at_most: 10}", True),
    ("days_since_last_purchase: {below: 10}", False),
    ("months_since_last_purchase: {is: 0}", True),
    ("months_since_last_purchase: {at_least: 1}", False),
    ("longest_gap_days: {at_most: 45}", True),
    ("longest_gap_days: {at_most: 44}", False),
    ("usual_interval_days: {is: 45}", True),
    ("usual_interval_days: {above: 45}", False),
    ("usual_interval_days: {above: 44.5}", True),
]


@pytest.mark.parametrize(("when", "expected"), NUMBERS)
def test_a_number_is_compared_exactly(when: str, expected: bool) -> None:
    assert fits(f"{{{when}}}", BUYER) is expected


NEVER_BOUGHT = [
    ("turnover_in_year: {at_least: 0}", False),
    ("turnover_in_year: {at_most: 0}", False),
    ("turnover_in_year: {is: 0}", False),
    ("days_since_last_purchase: {at_least: 0}", False),
    ("days_since_last_purchase: {at_most: 9999}", False),
    ("months_since_last_purchase: {at_least: 0}", False),
    ("longest_gap_days: {at_most: 62}", False),
    ("longest_gap_days: {at_least: 0}", False),
    ("usual_interval_days: {at_least: 0}", False),
    ("usual_interval_days: {in: [0, 1]}", False),
    ("first_purchase: {within_months: 600}", False),
    ("first_purchase: {older_than_months: 0}", False),
    ("last_purchase: {within_months: 600}", False),
    ("last_purchase: {older_than_months: 0}", False),
    ("folder: {in: [Green, Black]}", False),
    ("abc: {in: [A, B, C]}", False),
    # how many purchases there were is known
    ("purchase_days: {is: 0}", True),
    ("purchase_days_in_year: {below: 1}", True),
    ("bought: {is: no}", True),
    ("bought: {is: yes}", False),
    ("stage: {is: Potential}", True),
]


@pytest.mark.parametrize(("when", "expected"), NEVER_BOUGHT)
def test_a_comparison_with_something_unknown_holds_for_nobody(when: str, expected: bool) -> None:
    assert fits(f"{{{when}}}") is expected


def test_a_turnover_of_0_is_known_where_there_are_lines_out_of_the_year() -> None:
    assert fits("{turnover_in_year: {is: 0}}", [bought("2020-01-01")])


# --- facts that are dates, yes or no, or words ------------------------------------------------

DATES = [
    # last purchase, first purchase, condition, expected (today is 2024-05-15)
    ("2023-12-15", "last_purchase: {within_months: 5}", True),
    ("2023-12-14", "last_purchase: {within_months: 5}", False),
    ("2023-11-15", "last_purchase: {older_than_months: 6}", False),
    ("2023-11-14", "last_purchase: {older_than_months: 6}", True),
    ("2024-05-15", "last_purchase: {within_months: 0}", True),
    ("2024-05-14", "last_purchase: {within_months: 0}", False),
    ("2024-05-14", "last_purchase: {older_than_months: 0}", True),
    ("2023-11-15", "last_purchase: {older_than_months: 5, within_months: 6}", True),
    ("2023-12-15", "last_purchase: {older_than_months: 5, within_months: 6}", False),
    ("2023-11-14", "last_purchase: {older_than_months: 5, within_months: 6}", False),
    ("2023-05-15", "first_purchase: {within_months: 12}", True),
    ("2023-05-14", "first_purchase: {within_months: 12}", False),
]


@pytest.mark.parametrize(("day", "when", "expected"), DATES)
def test_a_date_is_compared_with_today_by_calendar_months(
    day: str, when: str, expected: bool
) -> None:
    assert fits(f"{{{when}}}", [bought(day)]) is expected


def test_first_and_last_purchase_are_told_apart() -> None:
    lines = [bought("2020-01-01"), bought("2024-05-01")]
    assert fits("{first_purchase: {older_than_months: 12}}", lines)
    assert not fits("{last_purchase: {older_than_months: 12}}", lines)


ATTENDANCE = [
    # her class date, somebody else's, attended_class is yes, is no
    ("2024-05-15", None, True, False),  # a class that she attended is known all the same
    ("2024-05-16", None, False, False),  # a plan: attendance is unknown
    (None, None, False, False),
    (None, "2024-05-15", False, True),
    ("2024-05-16", "2024-05-15", False, True),
    (None, "2024-05-16", False, False),
]


@pytest.mark.parametrize(("own", "other", "yes", "no"), ATTENDANCE)
def test_where_no_class_dates_are_kept_a_condition_on_them_holds_for_nobody_without(
    own: str | None, other: str | None, yes: bool, no: bool
) -> None:
    """The other one is the only buyer."""
    others, lines = [client("Z", Class_date=other)], [bought("2024-05-01", 1, "Z")]
    assert fits("{attended_class: {is: yes}}", lines, others, Class_date=own) is yes
    assert fits("{attended_class: {is: no}}", lines, others, Class_date=own) is no


WORDS = [
    # the only buyer, on 2024-03-01, 03-21 and 05-05 and two years ago
    ("group: {is: Client}", True),
    ("group: {is: ' cLIENT '}", True),
    ("group: {is: VIP}", False),
    ("group: {in: [VIP, client]}", True),
    ("group: {in: [VIP, Potential]}", False),
    ("abc: {is: A}", True),
    ("abc: {is: a}", True),
    ("abc: {in: [B, C]}", False),
    ("stage: {is: Restored}", True),  # 2022-05-10 lies more than 3 months before 2024-03-01
    ("stage: {is: New}", False),
    ("folder: {is: Green}", True),
    ("folder: {is: Black}", False),
    ("xyz: {is: Z}", True),  # 6 000.50 - 3 000.50 in one period, nothing in the three before
    ("xyz: {is: X}", False),
]


@pytest.mark.parametrize(("when", "expected"), WORDS)
def test_a_decided_column_is_compared_whatever_the_case_and_the_blanks(
    when: str, expected: bool
) -> None:
    assert fits(f"{{{when}}}", BUYER) is expected


# --- several conditions, and alternatives ----------------------------------------------------

TRUE, FALSE = "purchase_days: {is: 4}", "bought: {is: no}"
TRUE_TOO, FALSE_TOO = "abc: {is: A}", "folder: {is: Black}"
COMBINED = [
    (f"{{{TRUE}, {TRUE_TOO}}}", True),
    (f"{{{TRUE}, {FALSE}}}", False),
    (f"{{any: [{{{FALSE}}}, {{{TRUE}}}]}}", True),
    (f"{{any: [{{{FALSE}}}, {{{FALSE_TOO}}}]}}", False),
    (f"{{any: [{{{TRUE}, {FALSE}}}, {{{FALSE_TOO}}}]}}", False),
    (f"{{any: [{{{TRUE}, {TRUE_TOO}}}]}}", True),
    (f"{{{TRUE_TOO}, any: [{{{FALSE}}}, {{{TRUE}}}]}}", True),
    (f"{{{FALSE_TOO}, any: [{{{TRUE}}}]}}", False),
    (f"{{any: [{{{FALSE}}}, {{any: [{{{FALSE_TOO}}}, {{{TRUE}}}]}}]}}", True),
    (f"{{any: [{{{FALSE}}}, {{any: [{{{FALSE_TOO}}}, {{{TRUE}}}], {FALSE}}}]}}", False),
]


@pytest.mark.parametrize(("when", "expected"), COMBINED)
def test_several_conditions_all_hold_and_any_gives_alternatives(when: str, expected: bool) -> None:
    assert fits(when, BUYER) is expected


# --- her own columns -------------------------------------------------------------------------

OWN: list[tuple[str, object, bool]] = [
    # comparison, cell, holds
    # numbers, also typed as text
    ("at_least: 10", 10, True),
    ("at_least: 10", 9.99, False),
    ("at_most: 10", 10, True),
    ("at_most: 10", 10.01, False),
    ("above: 10", 10, False),
    ("above: 10", 10.01, True),
    ("below: 10", 10, False),
    ("below: 10", 9.99, True),
    ("above: 10, below: 12", 11, True),
    ("above: 10, below: 12", 12, False),
    ("at_least: 1200.5", "1 200,50", True),
    ("above: 1200.5", "1 200,50", False),
    ("at_least: 1200", "1 200 ₽", True),
    ("below: 1", -3, True),
    ("at_least: 0", None, False),
    ("at_most: 0", "", False),
    ("at_least: 0", "many", False),
    ("at_most: 9999", "many", False),
    # words
    ("is: dry", "dry", True),
    ("is: dry", " DRY ", True),
    ("is: dry", "oily", False),
    ("is: dry", "very dry", False),
    ("is: dry", None, False),
    ("is: very dry", "Very   dry", True),
    ("is: 7", 7, True),
    ("is: 7", "7", True),
    ("is: '007'", 7, False),
    ("is: 5.0", 5, True),
    ("is: 5.0", "5", True),
    ("is: 5.0", "5.0", True),
    ("is: 5.0", 5.5, False),
    ("is: 5.50", 5.5, True),
    ("is: 5.0", "005", False),
    ("in: [4, 5.0]", 5, True),
    ("in: [4, 5.0]", "oily", False),
    ("is: сухая", "Сухая", True),
    ("in: [dry, oily]", "Oily", True),
    ("in: [dry, oily]", "mixed", False),
    ("in: [dry, oily]", None, False),
    # dates, also typed as text or as serial numbers (today is 2024-05-15)
    ("within_months: 5", on("2023-12-15"), True),
    ("within_months: 5", on("2023-12-14"), False),
    ("within_months: 5", "15.12.2023", True),
    ("within_months: 5", "14.12.2023", False),
    ("within_months: 5", "2023-12-15", True),
    ("within_months: 4", 45292, False),  # 1 January 2024
    ("within_months: 5", 45292, True),
    ("older_than_months: 6", "15.11.2023", False),
    ("older_than_months: 6", "14.11.2023", True),
    ("older_than_months: 6", "long ago", False),
    ("older_than_months: 6", None, False),
    ("within_months: 600", "15.12", False),  # a date without its year is none
    # filled
    ("filled: yes", "anything", True),
    ("filled: yes", 7, True),
    ("filled: yes", None, False),
    ("filled: yes", "  ", False),
    ("filled: yes", "no", False),
    ("filled: yes", "Нет", False),
    ("filled: yes", "-", False),
    ("filled: yes", 0, False),
    ("filled: yes", False, False),
    ("filled: no", "anything", False),
    ("filled: no", None, True),
    ("filled: no", "no", True),
    # several comparisons all hold
    ("is: dry, filled: yes", "dry", True),
    ("filled: yes, in: [oily]", "dry", False),
]


@pytest.mark.parametrize(("test", "cell", "expected"), OWN)
def test_her_own_column_is_read_as_the_comparison_asks(
    test: str, cell: object, expected: bool
) -> None:
    when = f"{{columns: {{Skin type: {{{test}}}}}}}"
    assert fits(when, Skin_type=cell) is expected
    # the same in a column of all sorts of cells
    others: list[Row] = [{**client("Z"), "Skin type": "text"}, {**client("Y"), "Skin type": True}]
    assert fits(when, others=others, Skin_type=cell) is expected


def test_the_heading_of_her_own_column_is_found_whatever_the_case_and_the_blanks() -> None:
    row = {**client(Birthday="01.01"), " skin   TYPE ": "dry"}
    rules = alone(PROBE.format(when="{columns: {Skin type: {is: dry}}}"))
    assert filled(calculate([row], [], [], TODAY, rules))[0]["contact_reason"] == "fits"


def test_conditions_on_several_of_her_columns_all_hold() -> None:
    when = "{columns: {Skin type: {is: dry}, Points: {above: 10}}}"
    assert fits(when, Skin_type="dry", Points=11)
    assert not fits(when, Skin_type="dry", Points=10)
    assert not fits(when, Skin_type="oily", Points=11)


@pytest.mark.parametrize(
    "test",
    ["is: dry", "in: [dry]", "at_most: 5", "at_least: 0", "within_months: 600",
     "older_than_months: 0", "filled: yes", "filled: no"],
)  # fmt: skip
def test_a_column_that_she_lacks_fits_nobody_and_the_run_says_so(test: str) -> None:
    when = f"{{columns: {{Skin type: {{{test}}}}}}}"
    assert not fits(when)
    result = calculate([client()], [], [], TODAY, alone(PROBE.format(when=when)))
    assert (
        "There is no column Skin type on the sheet Clients; rules that ask for it fit nobody."
        in result.notices
    )


def test_a_group_rule_on_a_column_that_she_lacks_leaves_the_client_to_the_next_rule() -> None:
    rules = alone(
        """
        groups:
          - {name: Dry, when: {columns: {Skin type: {is: dry}}}}
          - {name: Client}
        contacts: {rules: []}
        """
    )
    assert filled(calculate([client()], [], [], TODAY, rules))[0]["group"] == "Client"
    row = client(Skin_type="dry")
    assert filled(calculate([row], [], [], TODAY, rules))[0]["group"] == "Dry"
