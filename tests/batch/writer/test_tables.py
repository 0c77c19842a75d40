"""The three tables: hers white, the program's grey, with lists, colours and page set-up."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from itertools import chain
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation

from batch.configuration import Rules
from batch.formulas.marks import STICKERS
from batch.recalculation.file import recalculate_file
from batch.writer import tables
from batch.writer.base import write_base
from batch.writer.tables import SheetContent
from rules.config.settings import Config
from rules.rooms.groups.room import Sticker
from tests.bases import FILLED, config
from tests.batch.writer.made import TODAY, empty, made, part, sheet

TABLES = ("Clients", "Purchases", "Contacts")
FIRST_TABLE = 3
"""The number of the sheet Clients."""


def headings(path: Path, name: str) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet(path, name)[1]}


def validations(path: Path, name: str) -> list[DataValidation]:
    found: list[DataValidation] = sheet(path, name).data_validations.dataValidation
    return found


def lists(path: Path, name: str) -> dict[str, list[str]]:
    """What each drop-down list offers, by heading."""
    book = openpyxl.load_workbook(path)
    columns = {column: heading for heading, column in headings(path, name).items()}
    offered = {}
    for rule in validations(path, name):
        if rule.type == "list" and rule.formula1 != "ClientNames":
            where, cells = rule.formula1.rsplit("!", 1)
            words = [cell.value for (cell,) in book[where][cells.replace("$", "")]]
            left, *_ = range_boundaries(str(rule.sqref))
            offered[columns[left]] = words
    return offered


def test_kinds_of_contact_mailing_and_no_contact_are_offered(tmp_path: Path) -> None:
    path = made(tmp_path)
    kinds = list(config().kinds)
    assert lists(path, "Contacts") == {"Kind": kinds, "Next kind": kinds}
    assert lists(path, "Clients") == {"Mailing": ["yes", "no"], "Do not contact": ["yes"]}
    assert lists(path, "Purchases") == {}


@pytest.mark.parametrize(
    ("name", "told"), [("Name", "Name"), ("It's [her] #1", "It''s '[her'] '#1")]
)
def test_both_logs_offer_the_names_of_the_clients_however_many_there_are(
    tmp_path: Path, name: str, told: str
) -> None:
    rules = config(f"columns: {{clients: {{name: {name!r}}}}}")
    path = made(tmp_path, rules)
    defined = openpyxl.load_workbook(path).defined_names["ClientNames"]
    assert defined.attr_text == f"Clients[{told}]"
    for log in ("Purchases", "Contacts"):
        [rule] = [one for one in validations(path, log) if one.formula1 == "ClientNames"]
        assert (rule.type, rule.showErrorMessage) == ("list", False)
        left, top, _right, bottom = range_boundaries(str(rule.sqref))
        assert {column: heading for heading, column in headings(path, log).items()}[
            left
        ] == "Client"
        assert (top, bottom > 20_000) == (2, True)


def test_where_the_names_are_the_ids_the_logs_need_no_column_beside(tmp_path: Path) -> None:
    rules = config("columns: {clients: {id: Name, name: Name}, purchases: {client_id: Buyer}}")
    assert list(headings(made(tmp_path, rules), "Purchases"))[:3] == ["Date", "Buyer", "Product"]


def test_consultants_are_offered_on_all_three_sheets(tmp_path: Path) -> None:
    rules = config('lists: {consultants: [Vera, "Nina, her sister"], mailing: []}')
    path = made(tmp_path, rules)
    for name in TABLES:
        assert lists(path, name)["Consultant"] == ["Vera", "Nina, her sister"]
    assert "Mailing" not in lists(path, "Clients")


def test_lists_longer_than_excel_takes_as_text_are_offered_whole(tmp_path: Path) -> None:
    words = [f"consultant number {number}" for number in range(60)]
    path = made(tmp_path, config(f"lists: {{consultants: {words}}}"))
    assert lists(path, "Clients")["Consultant"] == words
    for rule in validations(path, "Clients"):
        assert len(rule.formula1 or "") <= 255


def test_a_list_refuses_nothing(tmp_path: Path) -> None:
    offered = [
        rule for name in TABLES for rule in validations(made(tmp_path), name) if rule.type == "list"
    ]
    assert len(offered) == 6
    assert [rule.showErrorMessage for rule in offered] == [False] * 6
    assert [rule.showDropDown for rule in offered] == [False] * 6, "True hides the arrow"


def test_lists_and_colours_cover_rows_to_come(example: Path) -> None:
    """44 clients in rows 2 to 45, and 20 000 more."""
    ranges = [str(rule.sqref) for rule in validations(example, "Clients") if rule.type == "list"]
    ranges += [str(found.sqref) for found in sheet(example, "Clients").conditional_formatting]
    assert len(ranges) == 4
    for found in ranges:
        assert re.fullmatch(r"([A-Z]+)2:\1(\d+)", found)
        assert range_boundaries(found)[3] == 20045


def test_every_filled_column_is_grey_and_says_what_it_is(tmp_path: Path) -> None:
    path = made(tmp_path)
    clients, columns = sheet(path, "Clients"), headings(path, "Clients")
    filled = [getattr(config().columns.filled, column.key)[0] for column in FILLED]
    colours = {heading: clients.cell(1, at).fill.fgColor.rgb for heading, at in columns.items()}
    grey = [heading for heading, colour in colours.items() if colour == "FFD9D9D9"]
    assert grey == filled
    notes = [rule for rule in validations(path, "Clients") if rule.type != "list"]
    at = set(chain.from_iterable(str(rule.sqref).split() for rule in notes))
    assert at == {clients.cell(1, columns[heading]).coordinate for heading in filled}
    assert {rule.promptTitle for rule in notes} == {"Filled by the program"}
    assert {rule.prompt for rule in notes} == {
        "This column is filled when you recalculate; what you type here is replaced."
    }


def test_a_note_is_cut_to_what_excel_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_", lambda _sentence: "t" * 300)
    note = next(r for r in validations(made(tmp_path), "Clients") if r.type != "list")
    assert (len(str(note.promptTitle)), len(str(note.prompt))) == (32, 255)


SCREEN, BESIDE = 1366, 46
"""The pixels of a small screen across, and those that the rows' numbers and the bar take."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_clients_opens_on_the_results(tmp_path: Path, language: str) -> None:
    """What she types behind the phone is folded away; the sign that unfolds it is on the group."""
    rules = config(f"based_on: {language}")
    page = sheet(made(tmp_path, rules), rules.sheet("clients"))
    headings = [str(cell.value) for cell in page[1]]
    phone = headings.index(rules.columns.clients.phone[0]) + 1
    group = headings.index(rules.columns.filled.group[0]) + 1
    looks = {
        at: one
        for one in page.column_dimensions.values()
        for at in range(one.min, (one.max or one.min) + 1)
    }
    folded = [at for at, one in looks.items() if one.hidden]
    assert folded == [at for at, one in looks.items() if one.outlineLevel]
    assert folded == list(range(phone + 1, group))
    assert [at for at, one in looks.items() if one.collapsed] == [group]
    assert page.freeze_panes == "C2"
    next_contact = headings.index(rules.columns.filled.next_contact[0]) + 1
    shown = [at for at in range(1, next_contact + 1) if at not in folded]
    assert sum(int(looks[at].width * 7) for at in shown) <= SCREEN - BESIDE


def test_nothing_is_folded_away_on_the_other_tables(tmp_path: Path) -> None:
    path = made(tmp_path)
    for name in ("Purchases", "Contacts"):
        looks = sheet(path, name).column_dimensions.values()
        assert not any(one.hidden or one.outlineLevel or one.collapsed for one in looks)


def test_her_own_columns_are_white(tmp_path: Path) -> None:
    path = made(tmp_path)
    for name in TABLES:
        page = sheet(path, name)
        (table,) = page.tables.values()
        assert table.tableStyleInfo.showRowStripes is False
        own = [at for heading, at in headings(path, name).items() if heading not in FILLED_HEADINGS]
        for at in own:
            assert page.cell(1, at).fill.fill_type is None
            assert page.cell(2, at).fill.fill_type is None


FILLED_HEADINGS = {names[0] for names in dict(config().columns.filled).values()}


def colours_of_groups(path: Path) -> dict[str, str]:
    clients = sheet(path, "Clients")
    at = headings(path, "Clients")["Group"]
    found = {}
    for area in clients.conditional_formatting:
        letters = re.match(r"[A-Z]+", str(area.sqref))
        assert letters
        for rule in area.rules:
            if column_index_from_string(letters[0]) == at:
                assert (rule.type, rule.operator) == ("cellIs", "equal")
                found[rule.formula[0]] = rule.dxf.fill.bgColor.rgb
    return found


def test_groups_wear_their_stickers(tmp_path: Path) -> None:
    assert colours_of_groups(made(tmp_path)) == {
        '"VIP"': "FFFFE699",
        '"Potential"': "FFBDD7EE",
        '"Client"': "FFC6E0B4",
        '"Waiting"': "FFF9C9DE",
    }


NO_OTHER_RULES = "contacts: {rules: []}\ngifts: {multipliers: [], list: []}\n"


def test_of_two_rules_for_a_group_the_first_names_the_colour(tmp_path: Path) -> None:
    rules = config(
        NO_OTHER_RULES + "groups: [{off: yes}, {name: Big, colour: red, when: {abc: {is: A}}},"
        " {name: 'The \"rest\"', when: {abc: {is: B}}}, {name: Big, colour: blue}]"
    )
    assert colours_of_groups(made(tmp_path, rules)) == {'"Big"': "FFF4A6A6"}


def test_a_name_with_quotes_is_compared_whole(tmp_path: Path) -> None:
    rules = config(NO_OTHER_RULES + "groups: [{off: yes}, {name: 'The \"rest\"', colour: grey}]")
    assert colours_of_groups(made(tmp_path, rules)) == {'"The ""rest"""': "FFD0D0D0"}


def test_every_sticker_has_a_colour() -> None:
    assert set(STICKERS) == set(get_args(Sticker))
    assert {len(colour) for colour in STICKERS.values()} == {len("#FFE699")}


def test_an_overdue_contact_is_red_and_todays_is_lit(tmp_path: Path) -> None:
    path = made(tmp_path)
    at = headings(path, "Clients")["Next contact"]
    letter = sheet(path, "Clients").cell(1, at).column_letter
    rules = {
        rule.formula[0]: rule.dxf
        for area in sheet(path, "Clients").conditional_formatting
        if str(area.sqref).startswith(f"{letter}2:")
        for rule in area.rules
    }
    overdue = rules[f"AND(ISNUMBER(${letter}2),${letter}2<TODAY())"]
    today = rules[f"AND(ISNUMBER(${letter}2),${letter}2=TODAY())"]
    assert overdue.font.color.rgb == "FFC00000"
    assert today.fill.bgColor.rgb == "FFFFD966"


@pytest.mark.parametrize("name", TABLES)
def test_headings_stay_in_sight_on_the_screen_and_on_paper(tmp_path: Path, name: str) -> None:
    page = sheet(made(tmp_path), name)
    assert page.freeze_panes == ("C2" if name == "Clients" else "A2")
    assert page.print_title_rows == "$1:$1"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    wide = 3 if name == "Clients" else 1
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (wide, 0)
    assert page.print_title_cols == ("$A:$B" if name == "Clients" else None)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_heading_has_room(tmp_path: Path, language: str) -> None:
    """For its letters, on two lines at most, and for the arrow of the filter."""
    rules: Config = config(f"based_on: {language}")
    path = made(tmp_path, rules)
    for table in ("clients", "purchases", "contacts"):
        page, widths = sheet(path, getattr(rules.sheets, table)), column_widths(path, table)
        assert page.row_dimensions[1].height == 33.75
        for cell in page[1]:
            lines = textwrap.wrap(str(cell.value), int(widths[cell.column]) - 4)
            assert len(lines) <= 2
            assert max(map(len, lines)) + 4 <= widths[cell.column]
            assert cell.alignment.wrap_text


def test_table_names_are_no_defined_names(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(made(tmp_path, config("based_on: ru")))
    tables = [table for page in book.worksheets for table in page.tables]
    assert tables == ["Clients", "Purchases", "Contacts"]
    assert not {name.casefold() for name in book.defined_names} & {t.casefold() for t in tables}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_decided_word_has_room(tmp_path: Path, language: str) -> None:
    """For its letters and the indent, in whatever words the rules say it."""
    long = "one of those who come twice a year"
    rules = config(f"based_on: {language}\nstage: {{names: {{restored: {long}}}}}")
    path = made(tmp_path, rules)
    widths = column_widths(path, "clients")
    for key, words in rules.decided_words().items():
        at = headings(path, rules.sheets.clients)[getattr(rules.columns.filled, key)[0]]
        assert widths[at] >= max(map(len, words)) + 3
    assert long in rules.decided_words()["stage"]


def column_widths(path: Path, table: str) -> dict[int, float]:
    number = FIRST_TABLE + ("clients", "purchases", "contacts").index(table)
    xml = part(path, f"xl/worksheets/sheet{number}.xml")
    widths: dict[int, float] = {}
    for low, high, width in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml):
        widths |= dict.fromkeys(range(int(low), int(high) + 1), float(width))
    return widths


TYPED_AS_TEXT = {"Clients": ["ID", "Phone"], "Purchases": ["Client ID"], "Contacts": ["Client ID"]}


@pytest.mark.parametrize("name", TABLES)
def test_a_typed_id_or_phone_number_stays_as_it_was_typed(tmp_path: Path, name: str) -> None:
    """In cells of the text format neither 007 nor +7916 becomes a number, also in rows to come."""
    path = made(tmp_path)
    page, columns = sheet(path, name), headings(path, name)
    letters = [page.cell(1, columns[heading]).column_letter for heading in TYPED_AS_TEXT[name]]
    texts = [letter for letter, column in page.column_dimensions.items() if column.number_format == "@"]  # fmt: skip
    assert texts == letters
    (ignored,) = re.findall(
        r'<ignoredError sqref="([^"]+)" numberStoredAsText="1"/>',
        part(path, f"xl/worksheets/sheet{FIRST_TABLE + TABLES.index(name)}.xml"),
    )
    assert ignored.split() == [f"{letter}2:{letter}20002" for letter in letters]


def test_numbers_and_dates_among_ids_are_written_as_the_texts_they_are_read_for(
    tmp_path: Path,
) -> None:
    ids: list[object] = [7, 12.5, dt.date(2026, 12, 5), "007", None]
    contents = empty()
    contents["clients"] = SheetContent({"id": list(ids), "phone": [79160001122]}, {}, 5)
    contents["purchases"] = SheetContent(
        {"client_id": list(ids), "date": [TODAY] * 5, "amount": [100] * 5}, {}, 5
    )
    path = tmp_path / "base.xlsx"
    write_base(path, config(), contents)
    texts = ["7", "12.5", "2026-12-05", "007", None]
    assert [sheet(path, "Clients").cell(row, 1).value for row in range(2, 7)] == texts
    at = headings(path, "Clients")["Phone"]
    assert sheet(path, "Clients").cell(2, at).value == "79160001122"
    turnover = recalculate_file(path, Rules(config(), path), TODAY).result.columns["turnover"]
    assert turnover.tolist()[:4] == [100] * 4


@pytest.mark.parametrize("cells", [[], ["3 weeks"]])
def test_a_column_on_demand_stands_where_there_are_cells_for_it(
    tmp_path: Path, cells: list[object]
) -> None:
    contents = empty()
    columns: dict[str, list[object]] = {"id": ["7"], "name": ["Anna"]}
    columns |= {"rhythm": cells} if cells else {}
    contents["clients"] = SheetContent(columns, {}, 1)
    write_base(tmp_path / "base.xlsx", config(), contents)
    assert ("Rhythm" in headings(tmp_path / "base.xlsx", "Clients")) is bool(cells)


def test_a_number_typed_as_number_is_still_the_same_id(tmp_path: Path) -> None:
    contents = empty()
    contents["clients"] = SheetContent({"id": ["7"], "name": ["Anna"]}, {}, 1)
    contents["purchases"] = SheetContent(
        {"client_id": ["7"], "date": [TODAY], "amount": [100]}, {}, 1
    )
    path = tmp_path / "base.xlsx"
    write_base(path, config(), contents)
    book = openpyxl.load_workbook(path)
    purchases = book["Purchases"]
    purchases.cell(2, headings(path, "Purchases")["Client ID"]).value = 7
    book.save(path)
    outcome = recalculate_file(path, Rules(config(), path), TODAY)
    assert outcome.problems == ()
    assert outcome.result.columns["turnover"].tolist() == [100]
