"""`clientbase why`: every filled cell with its rule's line, its rows, and what would be next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from batch import configuration
from batch.asking.why import Why
from batch.making.example import make_example
from batch.recalculation.file import calculate_file, recalculate_file
from tests.bases import FILLED
from tests.batch.simple_workbook import CLIENTS, CONTACTS, PURCHASES, TODAY, Table, write
from tests.command_line import Run
from tests.surroundings import ROOT

DAY = ("--today", "2026-11-21")
OWN = """\
# What I do differently.
based_on: {language}

gifts:
  percent: 2

  multipliers:
    - when:
        abc: {{is: A}}
      times: 2
abc:
  bounds: [40,
           70]
holidays:
  - day: 12-24
    name: {new_year}
"""


NEW_YEAR = {"en": "New Year", "ru": "Новый год"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bool], Path]:
    """The example base in a language, recalculated by the shipped rules or by her own."""
    done: dict[tuple[str, bool], Path] = {}

    def make(language: str, is_own: bool) -> Path:
        if (language, is_own) not in done:
            folder = tmp_path_factory.mktemp("example")
            rules = configuration.shipped_path(language)
            if is_own:
                rules = folder / "config.yaml"
                rules.write_text(
                    OWN.format(language=language, new_year=NEW_YEAR[language]), encoding="utf-8"
                )
            read = configuration.read(rules)
            make_example(folder / "base.xlsx", read.config, TODAY)
            recalculate_file(folder / "base.xlsx", read, TODAY)
            done[language, is_own] = folder / "base.xlsx"
        return done[language, is_own]

    return make


@cache
def everybody(path: Path) -> list[dict[str, Any]]:
    """What is told about each client of a base."""
    rules = configuration.read_for(path, None)
    calculated = calculate_file(path, rules, TODAY)
    ids = calculated.base.clients.texts("id").tolist()
    found = [Why(calculated, one).as_json() for one in ids]
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def evidence(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in told["cells"]:
        yield from cell["evidence"]


@cache
def composed(file: Path) -> yaml.Node | None:
    return yaml.compose(
        file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )


def line_by_pyyaml(file: Path, entry: list[str | int]) -> int:
    """The line of an entry, by another reader of the file."""
    node = composed(file)
    line = 0
    for step in entry:
        if isinstance(step, int):
            assert isinstance(node, yaml.SequenceNode)
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            assert isinstance(node, yaml.MappingNode)
            key, node = next(pair for pair in node.value if pair[0].value == step)
            line = key.start_mark.line + 1
    return line


@pytest.mark.parametrize("is_own", [False, True], ids=["shipped", "her own"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_rule_stands_in_the_named_line_of_the_named_file(
    made: Callable[[str, bool], Path], language: str, is_own: bool
) -> None:
    path = made(language, is_own)
    places = {
        (tuple(one["rule"]["entry"]), one["rule"]["file"], one["rule"]["line"])
        for told in everybody(path)
        for one in [*evidence(told), *told["cells"]]
        if one["rule"]
    }
    assert len(places) > 30
    shipped, own = configuration.shipped_path(language), path.with_name("config.yaml")
    hers = {
        ("gifts", "percent"),
        ("gifts", "multipliers", 0),
        ("abc",),
        ("abc", "bounds"),
        ("holidays", 0),
    }
    for entry, file, line in places:
        assert line_by_pyyaml(Path(file), list(entry)) == line, entry
        assert Path(file) == (own if is_own and entry in hers else shipped), entry
    assert hers <= {entry for entry, _, _ in places}


@pytest.mark.parametrize("is_own", [False, True], ids=["shipped", "her own"])
def test_the_rows_hold_what_is_told_of_them(
    made: Callable[[str, bool], Path], is_own: bool
) -> None:
    path = made("en", is_own)
    book = openpyxl.load_workbook(path)
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for sheet in ("Clients", "Purchases", "Contacts"):
        headings = [cell.value for cell in book[sheet][1]]
        rows[sheet] = {
            number: dict(zip(headings, [cell.value for cell in row], strict=True))
            for number, row in enumerate(book[sheet].iter_rows(min_row=2), 2)
        }
    kinds_of_fact = set()
    for told in everybody(path):
        identity = told["client"]["id"]
        for one in evidence(told):
            found = [rows[at["sheet"]][row] for at in one["rows"] for row in at["rows"]]
            for row in found:
                assert str(row.get("Client ID", row.get("ID"))) == identity
            facts = one["facts"]
            kinds_of_fact.add(facts.get("fact"))
            days = sorted({f"{row['Date']:%Y-%m-%d}" for row in found if "Amount" in row})
            match facts.get("fact"):
                case "turnover_in_year" if found:
                    assert sum(row["Amount"] for row in found) == pytest.approx(facts["value"])
                    in_year = [
                        number
                        for number, row in rows["Purchases"].items()
                        if str(row["Client ID"]) == identity
                        and dt.date(2025, 11, 22) <= row["Date"].date() <= TODAY
                        and not isinstance(row["Amount"], str)  # row 480: "2 × 390"
                    ]
                    assert one["rows"][0]["rows"] == in_year
                case "purchase_days_in_year":
                    assert len(days) == facts["value"]
                case "last_purchase" | "first_purchase" if found:
                    assert days == [facts["value"]]
            if "agreed_on" in facts:
                (contact,) = found
                assert f"{contact['Date']:%Y-%m-%d}" == facts["agreed_on"]
                assert f"{contact['Next date']:%Y-%m-%d}" == facts["due"]
                assert one["note"] == contact["Note"]
            if one["text"].find("birthday (") > 0:
                assert found[0]["Birthday"]
    assert {"turnover_in_year", "longest_gap_days", "last_purchase", "bought"} <= kinds_of_fact


def test_what_is_told_is_what_stands_in_the_recalculated_workbook(
    made: Callable[[str, bool], Path],
) -> None:
    path = made("en", False)
    sheet = openpyxl.load_workbook(path)["Clients"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for told in everybody(path):
        assert [cell["column"] for cell in told["cells"]] == [column.key for column in FILLED]
        for cell in told["cells"]:
            value = sheet.cell(told["client"]["row"], headings[cell["heading"]]).value
            shown = f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else value
            assert cell["value"] == shown
            assert (cell["differs"], cell["has_column"], cell["found"]) == (False, True, shown)
            assert cell["evidence"]


def test_the_lines_for_her_are_readable(made: Callable[[str, bool], Path], run: Run) -> None:
    path = made("en", False)
    before = path.read_bytes()
    done = run("why", str(path), "sullivan", *DAY)
    assert (done.code, done.err) == (0, "")
    assert path.read_bytes() == before
    lines = done.out.splitlines()
    assert lines[:2] == ["101 Anna Sullivan (Clients row 2), on 11/21/2026", "Rules: as shipped"]
    number = line_by_pyyaml(ROOT / "config.yaml", ["groups", 0])
    assert f"Group: VIP                        (config.yaml line {number}: groups.VIP)" in lines
    assert "    longest gap 32 days, from 10/20/2026 to 11/21/2026: Purchases rows 481–482" in lines
    assert (
        "    11/27/2026 agreed: meeting (meeting), noted on 11/17/2026: Contacts row 73 "
        "(note: asked for the price of bulk masks)" in lines
    )
    number = line_by_pyyaml(ROOT / "config.yaml", ["contacts", "rules", 2])
    assert (
        f"    then 12/03/2026 birthday (call): Clients row 2   (config.yaml line {number})" in lines
    )
    heads = [line.split(":")[0] for line in lines[2:] if line and not line.startswith(" ")]
    assert heads == [
        "Group", "ABC", "XYZ", "Stage", "Folder", "Turnover", "Last purchase", "Next contact",
        "Contact reason", "Channel", "Gift", "Gift budget", "Gift for", "Gift date",
    ]  # fmt: skip


def test_it_is_told_in_the_language_of_the_rules(
    made: Callable[[str, bool], Path], run: Run
) -> None:
    path = made("ru", False)
    done = run("why", str(path), "101", *DAY)
    assert "101 Анна Соколова («Клиенты», строка 2) на 21.11.2026" in done.out
    assert "Следующий контакт: 27.11.2026" in done.out
    assert "config.ru.yaml, строка" in done.out
    assert "«Покупки», строки" in done.out


def test_what_her_file_leaves_out_is_told_as_shipped(
    made: Callable[[str, bool], Path], run: Run
) -> None:
    path = made("en", True)
    done = run("why", str(path), "101", *DAY)
    assert f"Rules: {path.with_name('config.yaml')}" in done.out
    assert "(config.yaml line 12: abc.bounds)" in done.out
    number = line_by_pyyaml(ROOT / "config.yaml", ["groups", 0])
    assert f"(shipped config.yaml line {number}: groups.VIP)" in done.out
    assert "12/24/2026 New Year (SMS)   (config.yaml line 15)" in done.out


def test_long_lists_of_rows_are_shortened_on_the_screen_and_whole_in_json(
    made: Callable[[str, bool], Path], run: Run
) -> None:
    path = made("en", False)
    assert "213–214, 229–231, 245 and 23 more" in run("why", str(path), "101", *DAY).out
    told = json.loads(run("why", str(path), "101", *DAY, "--json").out)
    (rows,) = told["cells"][0]["evidence"][0]["rows"]
    assert len(rows["rows"]) == 36
    assert told["client"] == {"id": "101", "name": "Anna Sullivan", "sheet": "Clients", "row": 2}
    assert told["today"] == "2026-11-21"


HEADINGS = ["ID", "Name", "Birthday", "Class date", "Group", "Next contact", "Turnover", "ABC"]


def test_a_cell_that_is_not_recalculated_yet_says_what_the_workbook_shows(
    run: Run, tmp_path: Path
) -> None:
    row = ["001", "Anna", None, dt.date(2025, 5, 5), "VIP", dt.date(2026, 11, 1), None, '="A"']
    write(tmp_path / "base.xlsx", {"Clients": [HEADINGS, row]})
    done = run("why", "base.xlsx", "001", *DAY)
    blocks = {block.split(":")[0]: block for block in done.out.split("\n\n")}
    assert "  ! the workbook shows VIP; recalculate to bring it up to date" in blocks["Group"]
    assert "  ! the workbook shows 11/01/2026; recalculate" in blocks["Next contact"]
    assert "  ! the workbook shows blank; recalculate" in blocks["Turnover"]
    assert "  ! the workbook keeps what stands there: a formula" in blocks["ABC"]
    assert "!" not in blocks["Stage"]
    assert (
        "Not in the workbook until you recalculate: XYZ, Stage, Folder, Last purchase" in done.out
    )
    told = json.loads(run("why", "base.xlsx", "001", *DAY, "--json").out)
    cells = {cell["column"]: cell for cell in told["cells"]}
    assert (cells["group"]["value"], cells["group"]["found"]) == ("Client", "VIP")
    assert cells["next_contact"]["found"] == "2026-11-01"
    assert (cells["abc"]["is_kept"], cells["abc"]["found"]) == (True, None)
    assert (cells["stage"]["has_column"], cells["stage"]["found"]) == (False, None)


def test_rows_that_do_not_count_are_named(run: Run, tmp_path: Path) -> None:
    purchases = [
        *PURCHASES,
        ["2026-12-01", " 001", 5],  # ahead
        ["2026-01-01", "001", "five"],
        ["2026-01-01", "002", "five"],
    ]
    contacts = [*CONTACTS, ["soon", "001", "call", None, None]]
    write(tmp_path / "base.xlsx", {"Purchases": purchases, "Contacts": contacts})
    done = run("why", "base.xlsx", "001", *DAY)
    assert "('clientbase check' tells): Purchases rows 5–6, Contacts row 2." in done.out
    told = json.loads(run("why", "base.xlsx", "001", *DAY, "--json").out)
    assert told["not_counted"] == [
        {"sheet": "Purchases", "rows": [5, 6]},
        {"sheet": "Contacts", "rows": [2]},
    ]
    assert "check" not in run("why", "base.xlsx", "3", *DAY).out


def test_a_base_of_the_required_columns_without_contacts_is_explained(
    run: Run, tmp_path: Path
) -> None:
    clients = [["Name"], ["Anna"]]
    purchases: Table = [["Date", "Name", "Amount"], [dt.date(2026, 11, 19), "Anna", 7]]
    write(tmp_path / "base.xlsx", {"Clients": clients, "Purchases": purchases, "Contacts": []})
    (tmp_path / "config.yaml").write_text(
        "columns: {clients: {id: Name}, purchases: {client_id: Name}, contacts: {client_id: Name}}",
        encoding="utf-8",
    )
    done = run("why", "base.xlsx", "anna", *DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Anna (Clients row 2), on 11/21/2026\n")
    assert "attended a class: –: Clients row 2" not in done.out
    assert "11/21/2026 2 days after purchase (call), counted from 11/19/2026: Purchases row 2" in (
        done.out
    )


def test_the_rows_are_those_of_the_sheet_wherever_the_table_begins(
    run: Run, tmp_path: Path
) -> None:
    write(tmp_path / "base.xlsx", {"Clients": CLIENTS}, top=4)
    done = run("why", "base.xlsx", "002", *DAY)
    assert "002 Olga (Clients row 6)" in done.out
    assert "last purchase 01/10/2026: Purchases row 6" in done.out


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("C014", "No client fits 'C014', and none comes near."),
        ("Ana", "No client fits 'Ana'. Nearest: 001 Anna"),
        ("a", "Several clients fit 'a': 001 Anna, 002 Olga, 3 Rita. Give her ID."),
    ],
)
def test_a_client_that_is_not_found_ends_the_run_with_code_2(
    run: Run, tmp_path: Path, asked: str, words: str
) -> None:
    write(tmp_path / "base.xlsx")
    done = run("why", "base.xlsx", asked, *DAY)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_file_that_is_not_there_ends_the_run_with_code_2(run: Run) -> None:
    done = run("why", "base.xlsx", "1")
    assert done.code == 2
    assert "base.xlsx" in done.err


def test_what_the_sheets_hold_cannot_command_the_terminal(run: Run, tmp_path: Path) -> None:
    contact = [dt.date(2026, 11, 1), "001", "call", dt.date(2026, 12, 1), None, "a\tb\x7fc"]
    write(tmp_path / "base.xlsx", {"Contacts": [[*CONTACTS[0], "Note"], contact]})
    done = run("why", "base.xlsx", "001", *DAY)
    assert "(note: a b?c)" in done.out
