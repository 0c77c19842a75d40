"""The three tables: headings found, rows left out, cells counted as blank, each reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest

from rules.errors import ClientBaseError
from rules.model.problem import Problem
from rules.reading.cells import CellError
from rules.reading.words import DoubleHeadingError, MissingHeadingError, match_headings
from tests.bases import HOUSE, Row, bought, calculate, client, config, filled, on, touched

TODAY = on("2024-05-15")


# --- headings --------------------------------------------------------------------------------


def matched(
    headings: Sequence[str], table: str = "purchases", rules: str = "", sheet: str = "Purchases"
) -> dict[str, str]:
    """Which of *headings* holds what."""
    numbered = dict(enumerate(headings, start=1))
    required = HOUSE.tables[table].required_keys
    found = match_headings(sheet, table, numbered, config(rules).headings(table), required)
    return {key: numbered[number] for key, number in found.items()}


def test_headings_are_found_in_any_order_whatever_the_case_and_the_blanks() -> None:
    assert matched(["amount", "Mood", "  CLIENT   id ", "Date"]) == {
        "date": "Date",
        "client_id": "  CLIENT   id ",
        "amount": "amount",
    }


def test_columns_that_nobody_named_are_hers_and_are_not_matched() -> None:
    assert set(matched(["ID", "Name", "Skin type", "City"], "clients")) == {"id", "name", "city"}


def test_a_heading_may_be_one_of_several_accepted_ones() -> None:
    rules = "columns: {purchases: {amount: [Sum, Сумма]}}"
    assert matched(["Date", "Client ID", "сумма"], rules=rules)["amount"] == "сумма"


def test_the_name_may_be_the_key_where_she_keeps_no_ids() -> None:
    rules = "columns: {clients: {id: Имя, name: Имя}}"
    assert matched(["Имя"], "clients", rules) == {"id": "Имя", "name": "Имя"}


def test_a_missing_required_heading_is_named_with_what_was_found_and_what_to_do() -> None:
    with pytest.raises(MissingHeadingError) as caught:
        matched(["Date", "Client ID", "Sum"])
    assert str(caught.value) == (
        "Sheet 'Purchases' has no column 'Amount' (headings found: Date, Client ID, Sum). "
        "Rename the heading in the workbook, or set columns.purchases.amount in config.yaml."
    )
    assert isinstance(caught.value, ClientBaseError)
    assert isinstance(caught.value, ValueError)


def test_a_missing_heading_names_every_accepted_one_and_says_when_there_is_no_heading() -> None:
    with pytest.raises(MissingHeadingError) as caught:
        matched([], rules="columns: {purchases: {date: [Date, Day]}}")
    assert "has no column 'Date / Day' (headings found: none)" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "required"),
    [
        ("clients", ["ID", "Name"]),
        ("purchases", ["Date", "Client ID", "Amount"]),
        ("contacts", ["Date", "Client ID"]),
    ],
)
def test_only_few_columns_are_required(table: str, required: list[str]) -> None:
    assert list(matched(required, table).values()) == required
    for heading in required:
        with pytest.raises(MissingHeadingError, match=f"has no column '{heading}'"):
            matched([other for other in required if other != heading], table)


def test_two_headings_for_one_column_are_refused() -> None:
    with pytest.raises(DoubleHeadingError) as caught:
        matched(["Date", "Client ID", "Amount", "AMOUNT "])
    assert str(caught.value) == (
        "Sheet 'Purchases' has two headings for one column: 'Amount' and 'AMOUNT ' "
        "(columns.purchases.amount). Rename one of them, or name the right one in config.yaml."
    )


def test_two_accepted_headings_side_by_side_are_refused_too() -> None:
    with pytest.raises(DoubleHeadingError, match="'Сумма' and 'Sum'"):
        matched(
            ["Date", "Client ID", "Сумма", "Sum"],
            rules="columns: {purchases: {amount: [Sum, Сумма]}}",
        )


# --- problems --------------------------------------------------------------------------------

A_DATE = "Type a date, or text like dd.mm.yyyy, yyyy-mm-dd."
LEFT_OUT, BLANK = "The row is left out until then.", "Until then it counts as blank."
_NO_ID = (
    "No ID (name: Bella). Type one, so that the row can be filled. The next one can't be told, "
    "because IDs such as A (row 2) follow no one form."
)
CLIENT_CASES: list[tuple[Row, str, str, str]] = [
    # row 3 of Clients (row 2 is client "A"), cell, found, advice
    (
        {"ID": None, "Name": "Bella"},
        "A3", "", _NO_ID,
    ),
    (
        {"ID": "   ", "Name": "Bella"},
        "A3", "'   '", _NO_ID,
    ),
    (
        {"ID": " a ", "Name": "Bella"},
        "A3", "' a '", "The ID ' a ' stands already in row 2. Give each client her own; this row is left out.",
    ),
    (
        {"ID": "B", "Name": "Bella", "Birthday": "in May"},
        "C3", "'in May'", f"'in May' can't be read as a birthday and counts as blank. {A_DATE}",
    ),
    (
        {"ID": "B", "Name": "Bella", "Birthday": "31.02"},
        "C3", "'31.02'", f"'31.02' can't be read as a birthday and counts as blank. {A_DATE}",
    ),
    (
        {"ID": "B", "Name": "Bella", "Birthday": "05/31"},
        "C3", "'05/31'", f"In your order of day and month '05/31' is no date; in the other order it is 31.05. Type that if you mean it. {BLANK}",
    ),
    (
        {"ID": "B", "Name": "Bella", "Birthday": 1975},
        "C3", "1975", f"1975 isn't shown as a date; as one it would be 28.05.1905. Type the date that you mean. {BLANK}",
    ),
    (
        {"ID": "B", "Name": "Bella", "Class date": -7},
        "D3", "-7", f"-7 can't be read as a date. {A_DATE} {BLANK}",
    ),
    (
        {"ID": "B", "Name": "Bella", "Class date": CellError("#REF!")},
        "D3", "#REF!", f"#REF! can't be read as a date. {A_DATE} {BLANK}",
    ),
]  # fmt: skip
PURCHASE_CASES: list[tuple[Row, str, str, str]] = [
    # row 2 of Purchases, cell, found, advice
    (
        {"Date": None, "Client ID": "A", "Amount": 100},
        "A2", "", "No date. Type one; the row is left out until then.",
    ),
    (
        {"Date": "5 May", "Client ID": "A", "Amount": 100},
        "A2", "'5 May'", f"'5 May' has no year. Type it with one, such as 05.05.2024. {LEFT_OUT}",
    ),
    (
        {"Date": "05/15/2024", "Client ID": "A", "Amount": 100},
        "A2", "'05/15/2024'", f"In your order of day and month '05/15/2024' is no date; in the other order it is 15.05.2024. Type that if you mean it. {LEFT_OUT}",
    ),
    (
        {"Date": 12.05, "Client ID": "A", "Amount": 100},
        "A2", "12.05", f"12.05 isn't shown as a date; as one it would be 12.01.1900. Type the date that you mean. {LEFT_OUT}",
    ),
    (
        {"Date": "soon", "Client ID": "A", "Amount": 100},
        "A2", "'soon'", f"'soon' can't be read as a date. {A_DATE} {LEFT_OUT}",
    ),
    (
        {"Date": "15.05", "Client ID": "A", "Amount": 100},
        "A2", "'15.05'", f"'15.05' has no year. Type it with one, such as 15.05.2024. {LEFT_OUT}",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": " ", "Amount": 100},
        "B2", "' '", "No client. Type her ID; the row is left out until then.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "Bela", "Amount": 100},
        "B2", "'Bela'", "No client 'Bela' on the sheet Clients. Correct the ID or add the client; the row is left out.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": 7, "Amount": 100},
        "B2", "7", "No client 7 on the sheet Clients. Correct the ID or add the client; the row is left out.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": CellError("#N/A"), "Amount": 100},
        "B2", "#N/A", "No client #N/A on the sheet Clients. Correct the ID or add the client; the row is left out.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Amount": None},
        "C2", "", "No amount. Type one (0 for a present); the row is left out until then.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Amount": "return of 600"},
        "C2", "'return of 600'", f"'return of 600' can't be read as an amount. Type the number alone: 600, or -600 for a return. {LEFT_OUT}",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Amount": 2e12},
        "C2", "2000000000000", f"2000000000000 is more than any amount can be. Correct it. {LEFT_OUT}",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Amount": on("2024-05-12")},
        "C2", "2024-05-12", f"Excel shows 2024-05-12 here: a date or a time, and no amount. Type the amount again, and choose a number as the format of the cell. {LEFT_OUT}",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Amount": "12 00"},
        "C2", "'12 00'", f"'12 00' can't be read as an amount. Type a number. {LEFT_OUT}",
    ),
]  # fmt: skip
CONTACT_CASES: list[tuple[Row, str, str, str]] = [
    # row 2 of Contacts, cell, found, advice
    (
        {"Date": None, "Client ID": "A", "Kind": "call"},
        "A2", "", "No date. Type one; the row is left out until then.",
    ),
    (
        {"Date": "1st of May", "Client ID": "A", "Kind": "call"},
        "A2", "'1st of May'", f"'1st of May' can't be read as a date. {A_DATE} {LEFT_OUT}",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": None, "Kind": "call"},
        "B2", "", "No client. Type her ID; the row is left out until then.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "C", "Kind": "call"},
        "B2", "'C'", "No client 'C' on the sheet Clients. Correct the ID or add the client; the row is left out.",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Next date": "in May"},
        "C2", "'in May'", f"'in May' can't be read as a date. {A_DATE} {BLANK}",
    ),
    (
        {"Date": on("2024-05-01"), "Client ID": "A", "Next date": on("2024-04-30")},
        "C2", "2024-04-30", "The next date 30.04.2024 lies before its own contact and counts as blank. Correct one of them.",
    ),
    (
        # 2024-05-01 + 365 days = 2025-05-01, + 36 days more = 2025-06-06: 401 days
        {"Date": on("2024-05-01"), "Client ID": "A", "Next date": on("2025-06-06")},
        "C2", "2025-06-06", "The next date 06.06.2025 lies more than 400 days after its contact and counts as blank. Correct it.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "cell", "found", "advice"), CLIENT_CASES)
def test_a_client_cell_that_cannot_be_used_is_reported(
    row: Row, cell: str, found: str, advice: str
) -> None:
    first = {"ID": "A", "Name": "Anna", "Birthday": None, "Class date": None}
    result = calculate([first, row], [], [], TODAY)
    assert result.problems == (Problem("Clients", cell, found, advice),)


@pytest.mark.parametrize(("row", "cell", "found", "advice"), PURCHASE_CASES)
def test_a_purchase_row_that_cannot_be_used_is_reported_and_left_out(
    row: Row, cell: str, found: str, advice: str
) -> None:
    result = calculate([client()], [row], [], TODAY)
    assert result.problems == (Problem("Purchases", cell, found, advice),)
    assert len(result.known.tables["purchases"].client) == 0


@pytest.mark.parametrize(("row", "cell", "found", "advice"), CONTACT_CASES)
def test_a_contact_cell_that_cannot_be_used_is_reported(
    row: Row, cell: str, found: str, advice: str
) -> None:
    result = calculate([client()], [], [row], TODAY)
    assert result.problems == (Problem("Contacts", cell, found, advice),)


def test_an_unreadable_next_date_counts_as_blank_and_its_contact_stays() -> None:
    rows = [row for row, *_ in CONTACT_CASES if row.get("Next date") is not None]
    result = calculate([client()], [], rows, TODAY)
    assert result.known.tables["contacts"].client.tolist() == [0, 0, 0]
    assert result.known.tables["contacts"].next_date.astype(str).tolist() == ["NaT", "NaT", "NaT"]


@pytest.mark.parametrize("ahead", ["2024-05-01", "2025-06-05"])  # the day itself, 400 days later
def test_a_next_date_from_its_contact_to_400_days_later_is_no_problem(ahead: str) -> None:
    result = calculate([client()], [], [touched("2024-05-01", next_date=ahead)], TODAY)
    assert result.problems == ()
    assert result.known.tables["contacts"].next_date.astype(str).tolist() == [ahead]


def test_every_unusable_cell_of_a_row_is_reported_by_sheet_and_row_and_column() -> None:
    result = calculate(
        [client("A", Birthday="?", Class_date="?"), client("A")],
        [{"Amount": "?", "Date": "?", "Client ID": "?"}, bought("2024-05-01", "?")],
        [{"Date": "?", "Client ID": "?", "Next date": "?"}],
        TODAY,
    )
    assert [(problem.sheet, problem.cell) for problem in result.problems] == [
        ("Clients", "C2"),
        ("Clients", "D2"),
        ("Clients", "A3"),
        ("Purchases", "A2"),
        ("Purchases", "B2"),
        ("Purchases", "C2"),
        ("Purchases", "A3"),
        ("Contacts", "A2"),
        ("Contacts", "B2"),
    ]


# --- rows without use ------------------------------------------------------------------------


def test_a_client_without_an_id_has_no_cell_filled() -> None:
    result = calculate([client(), {"ID": "", "Name": "Bella"}], [bought("2024-05-01")], [], TODAY)
    assert set(filled(result)[1].values()) == {None}


def test_of_a_duplicate_id_the_first_row_has_all_and_the_others_nothing() -> None:
    rows = [client("Anna"), client("Bella"), client(" ANNA "), client("anna")]
    result = calculate(rows, [bought("2024-05-01", 500, "aNNa")], [], TODAY)
    cells = filled(result)
    assert cells[0]["turnover"] == 500
    assert cells[1]["stage"] == "Potential"
    assert set(cells[2].values()) == {None}
    assert set(cells[3].values()) == {None}
    assert [(p.cell, p.advice[:41]) for p in result.problems] == [
        ("A4", "The ID ' ANNA ' stands already in row 2. "),
        ("A5", "The ID 'anna' stands already in row 2. Gi"),
    ]


def test_a_birthday_of_a_row_that_is_left_out_is_not_reported_too() -> None:
    result = calculate([client("A"), client("A", Birthday="?")], [], [], TODAY)
    assert [problem.cell for problem in result.problems] == ["A3"]


@pytest.mark.parametrize("phone", ["8.9E+10", "8,90312E+10", 89000000000.0, "home 8.9e10"])
def test_a_phone_whose_last_digits_are_lost_is_told(phone: object) -> None:
    result = calculate([client(Phone=phone), client("B", Phone=89031234567.0)], [], [], TODAY)
    (problem,) = result.problems
    assert (problem.sheet, problem.cell) == ("Clients", problem.cell)
    assert "is no phone number any more" in problem.advice
    assert "so it isn't exported" in problem.advice


def test_the_id_7_is_the_number_7_and_007_is_another() -> None:
    lines = [
        bought("2024-05-01", 100, "7"),
        bought("2024-05-01", 20, 7),
        bought("2024-05-01", 3, "007"),
    ]
    result = calculate([client(7), client("007")], lines, [], TODAY)
    assert [cells["turnover"] for cells in filled(result)] == [100 + 20, 3]


EMPTY_ROWS: list[tuple[str, Mapping[str, object]]] = [
    ("clients", {"ID": None, "Name": "  ", "City": None}),
    ("purchases", {"Date": None, "Client ID": "", "Amount": None, "Product": None}),
    ("contacts", {"Date": None, "Client ID": None, "Kind": " ", "Next date": None}),
]


@pytest.mark.parametrize(("table", "row"), EMPTY_ROWS)
def test_an_empty_row_is_no_row_and_no_problem(table: str, row: Row) -> None:
    rows: dict[str, list[Row]] = {"clients": [client()], "purchases": [], "contacts": []}
    rows[table].append(row)
    assert calculate(rows["clients"], rows["purchases"], rows["contacts"], TODAY).problems == ()


# --- rows dated after today ------------------------------------------------------------------


def test_rows_dated_after_today_are_counted_once_and_not_listed() -> None:
    lines = [
        bought("2024-05-15", 100),
        bought("2024-05-16", 20),
        bought("2030-01-01", "?", "nobody"),
    ]
    calls = [touched("2024-05-16", next_date="2024-05-20")]
    result = calculate([client()], lines, calls, TODAY)
    assert filled(result)[0]["turnover"] == 100
    assert result.problems == ()
    assert "Rows of Purchases dated after today: 2. They don't count yet." in result.notices
    assert "Rows of Contacts dated after today: 1. They don't count yet." in result.notices
    assert len(result.known.tables["contacts"].client) == 0


def test_a_row_dated_today_is_not_after_today_even_with_a_time_of_day() -> None:
    row = {**bought("2024-05-15", 100), "Date": dt.datetime.fromisoformat("2024-05-15T23:59")}
    result = calculate([client()], [row], [], TODAY)
    assert filled(result)[0]["turnover"] == 100
    assert not any("dated after today" in notice for notice in result.notices)


# --- cells as they are typed -----------------------------------------------------------------


def test_dates_and_amounts_typed_as_text_or_as_numbers_are_read() -> None:
    lines: list[Row] = [
        {"Date": "01.05.2024", "Client ID": "A", "Amount": "1 200,50"},
        {"Date": "2024-05-02", "Client ID": "A", "Amount": "300 ₽"},
        {"Date": 45292 + 31 + 29 + 31 + 30, "Client ID": "A", "Amount": -0.5},  # 1 May 2024
    ]
    cells = filled(calculate([client()], lines, [], TODAY))[0]
    assert cells["turnover"] == 1200.50 + 300 - 0.50
    assert cells["last_purchase"] == on("2024-05-02")


def test_a_problem_names_the_formats_of_the_configuration() -> None:
    rules = config(
        """
        dates: {text_formats: [yyyy.mm.dd]}
        """
    )
    result = calculate([client()], [{**bought("2024-05-01"), "Date": "May 2024"}], [], TODAY, rules)
    assert result.problems[0].advice == (
        "'May 2024' can't be read as a date. Type a date, or text like yyyy.mm.dd, yyyy-mm-dd. The "
        "row is left out until then."
    )


def test_forms_of_dates_are_shown_in_her_letters() -> None:
    rules = config("based_on: ru")
    rows: list[Row] = [{"Код": "1", "ФИО": "Анна", "День рождения": "в мае"}]
    (problem,) = calculate(rows, [], [], on("2026-11-21"), rules).problems
    assert "дд.мм.гггг, гггг-мм-дд." in problem.advice
