"""The lists for mailing programs, read back with Python's csv and with pandas."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest

from batch.export.people import people
from batch.export.tables import (
    TableFile,
    begins_as,
    greetings,
    harmless,
    is_table,
    mailing,
    mailing_headings,
)
from batch.recalculation.plan import Calculated
from rules.config.settings import Config
from tests.bases import config
from tests.batch.export.made import HOSTILE, READ_AS, Row, base

POINT = 'numbers: {decimal: "."}\n'
BORN_TODAY = dt.date(1984, 11, 21)


def letters(folder: Path, *clients: Row, rules: Config | None = None) -> TableFile:
    """mailing.csv of clients who all agreed."""
    rows = [
        {"Mailing": "yes", "Email": f"c{at}@example.com", **row}
        for at, row in enumerate(clients, 1)
    ]
    found = base(folder, rows, rules=rules)
    return mailing(found, people(found))


def texts(folder: Path, *clients: Row, rules: Config | None = None) -> TableFile:
    """sms.csv of clients whose birthday is today."""
    rows = [{"Birthday": BORN_TODAY, "Phone": "+7 903 123-45-67", **row} for row in clients]
    found: Calculated = base(folder, rows, rules=rules)
    return greetings(found, people(found))


def rows(table: TableFile, delimiter: str = ";") -> list[list[str]]:
    """The lines of a list, headings first."""
    assert table.content.startswith(b"\xef\xbb\xbf")
    text = table.content.decode("utf-8-sig")
    assert text.endswith("\r\n")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    assert len(read) == table.rows + 1
    assert {len(line) for line in read} == {len(read[0])}
    return read


def test_a_letter_goes_to_name_and_address_with_group_last_letter_and_city(tmp_path: Path) -> None:
    found = base(
        tmp_path,
        [
            {
                "ID": "001",
                "Name": "Anna",
                "Email": "a@x.ru, b@x.ru",
                "City": "Moscow",
                "Mailing": "yes",
            },
            {"ID": "002", "Name": "Olga", "Email": "o@x.ru", "City": None, "Mailing": "yes"},
            {"ID": "003", "Name": "Rita", "Email": "r@x.ru", "City": None, "Mailing": "no"},
        ],
        contacts=[(dt.date(2026, 11, 7), "001", "letter", None, None)],
    )
    assert rows(mailing(found, people(found))) == [
        ["ID", "Name", "Email", "Group", "Last letter", "City"],
        ["001", "Anna", "a@x.ru", "Potential", "07.11.2026", "Moscow"],
        ["002", "Olga", "o@x.ru", "Potential", "", ""],
    ]


def test_who_agreed_and_has_no_address_is_counted(tmp_path: Path) -> None:
    table = letters(
        tmp_path, {}, {"Email": None}, {"Email": "at work"}, {"Email": None, "Mailing": "no"}
    )
    assert (table.rows, table.left_out) == (1, 2)


def test_a_greeting_goes_to_a_mobile_number_with_its_text(tmp_path: Path) -> None:
    table = texts(
        tmp_path, {"ID": "001", "Name": "Anna", "Phone": "8 495 123-45-67, 8 903 123-45-67"}
    )
    assert rows(table) == [
        ["ID", "Name", "Phone", "Occasion", "Text"],
        [
            "001", "Anna", "+79031234567", "birthday",
            "Anna, happy birthday! I wish you health, joy and beauty every day.",
        ],
    ]  # fmt: skip


def test_who_has_no_mobile_number_is_left_out_and_counted(tmp_path: Path) -> None:
    table = texts(
        tmp_path, {}, {"Phone": None}, {"Phone": "8 495 123-45-67"}, {"Phone": "12-34-56"}
    )
    assert (table.rows, table.left_out) == (1, 3)


def test_a_country_where_numbers_don_t_tell_mobiles_apart_gets_its_sms(tmp_path: Path) -> None:
    table = texts(tmp_path, {"Phone": "(650) 253-0000"}, rules=config("country: US"))
    assert rows(table, ",")[1][2] == "+16502530000"


@pytest.mark.parametrize(("rules", "delimiter"), [("", ";"), (POINT, ",")])
def test_excel_with_a_decimal_comma_gets_semicolons(
    tmp_path: Path, rules: str, delimiter: str
) -> None:
    name = 'Petrova, Anna; the "first"'
    table = letters(tmp_path, {"Name": name}, rules=config(rules))
    assert rows(table, delimiter)[1][1] == name
    frame = pd.read_csv(io.BytesIO(table.content), sep=delimiter, encoding="utf-8-sig", dtype=str)
    assert frame["Name"].tolist() == [name]


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_the_name_holds_it_stays_in_its_cell_and_calculates_nothing(
    tmp_path: Path, kind: str
) -> None:
    expected = READ_AS.get(kind, HOSTILE[kind])
    expected = f"'{expected}" if kind == "formula" else expected
    assert rows(letters(tmp_path, {"Name": HOSTILE[kind]}))[1][1] == expected
    line = rows(texts(tmp_path, {"Name": HOSTILE[kind]}))[1]
    assert line[1] == expected
    assert line[4].startswith(expected)


@pytest.mark.parametrize("start", ["+", "-", "@"])
def test_a_formula_gets_an_apostrophe_in_every_column_but_the_phone_number(
    tmp_path: Path, start: str
) -> None:
    cell = f"{start}1+1"
    rules = config(
        f"holidays: [{{off: yes}}, {{day: 11-21, name: '{start}1+1'}}]\nexport: {{sms: {{other: '{start}{{occasion}}'}}}}"
    )
    line = rows(letters(tmp_path, {"ID": cell, "Name": cell, "City": cell}))[1]
    assert [line[0], line[1], line[5]] == [f"'{cell}"] * 3
    found = base(
        tmp_path,
        [{"ID": cell, "Name": cell, "Phone": "+7 903 123-45-67"}],
        [(dt.date(2026, 1, 10), cell, 0)],
        rules=rules,
    )
    line = rows(greetings(found, people(found)))[1]
    assert line == [f"'{cell}", f"'{cell}", "+79031234567", f"'{cell}", f"'{start}{cell}"]


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20\ufe62")
@pytest.mark.parametrize(
    "before",
    [
        "", "Anna,", "Anna;", "Anna\t", "Anna|", "Anna\n", "Anna\r", "Anna\u2028", "Anna, ", 'Anna,"',
        'Anna;""', " ", "\u200b", "\ufeff", "\u00ad", "\u2060", "\x00", "\u00a0", "\u3164", "\u034f",
        "Anna,\u200b\u00a0", "Anna,\U000e0001", "'Anna',",
    ],
)  # fmt: skip
def test_no_formula_begins_behind_a_separator_or_signs_that_nobody_sees(
    before: str, sign: str
) -> None:
    assert harmless(f"{before}{sign}cmd|'/C calc'!A0") == f"{before}'{sign}cmd|'/C calc'!A0"


@pytest.mark.parametrize(
    "cell", ["+79031234567", "a=b", "Anna-Maria", "Anna - Maria", "1+1", "a@example.com", "(-5)"]
)
def test_a_sign_within_a_word_and_a_phone_number_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_list_split_at_another_sign_than_its_own_calculates_nothing(tmp_path: Path) -> None:
    table = letters(tmp_path, {"Name": "Anna,=cmd|'/C calc'!A0", "City": "\u200b,\uff1d1+1"})
    (line,) = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))[1:]
    assert line[:2] == ["C1;Anna", "'=cmd|'/C calc'!A0;c1@example.com;Potential;;\u200b"]
    assert line[2:] == ["'\uff1d1+1"]


def test_a_list_with_a_heading_like_a_formula_is_still_known_as_ours(tmp_path: Path) -> None:
    rules = config("columns: {clients: {city: '=City'}}")
    table = letters(tmp_path, {"=City": "Moscow"}, rules=rules)
    assert rows(table)[0][5] == "'=City"
    assert is_table(table.content.decode("utf-8-sig"), mailing_headings, rules)


def test_a_text_may_have_several_lines(tmp_path: Path) -> None:
    rules = config('export: {sms: {templates: {birthday: "{name}!\\nYours, Vera"}}}')
    assert rows(texts(tmp_path, {"Name": "Anna"}, rules=rules))[1][4] == "Anna!\nYours, Vera"


def test_nobody_to_write_to_leaves_the_headings_alone(tmp_path: Path) -> None:
    assert rows(letters(tmp_path, {"Mailing": "no"})) == [
        ["ID", "Name", "Email", "Group", "Last letter", "City"]
    ]


@pytest.mark.parametrize(
    ("content", "is_ours"),
    [
        ("ID;Name\r\n1;Anna", True),
        ("ID,Name\n", True),
        ("ID\tName\n", True),
        ('"ID";"Name"\r\n', True),
        ("Name;ID\n", False),
        ("ID;Name;Amount\n", False),
        ('"ID', False),
        ("\0", False),
        ("", False),
    ],
)
def test_a_list_is_known_by_its_headings_however_excel_has_saved_it(
    content: str, is_ours: bool
) -> None:
    assert begins_as(content, ["ID", "Name"]) is is_ours
