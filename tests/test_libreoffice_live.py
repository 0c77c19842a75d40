"""The workbook open in LibreOffice, a spreadsheet program of its own: its button and functions work
there on the cells that are on the screen, with the same figures as the batch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlwings as xw

from batch.configuration import read, shipped_path
from batch.live import button
from batch.making.example import make_example
from batch.making.new import make_base
from batch.recalculation.file import recalculate_file
from rules.answers import about_clients, by_client
from tests.bases import FILLED, HOUSE
from tests.engines.libreoffice import Office, load_add_in, python_server, run_macro
from tests.surroundings import ROOT
from udfs import functions, snapshots
from workbook.build import WORKBOOKS

COLUMNS, BY_CLIENT = by_client(HOUSE), about_clients(HOUSE)

pytestmark = pytest.mark.libreoffice
SERIAL_ZERO = dt.date(1899, 12, 30)


def today() -> dt.date:
    return dt.datetime.now().astimezone().date()


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example base as macro workbook, not filled yet."""
    path = tmp_path / "ClientBase.xlsm"
    make_example(path, read(shipped_path()).config, today())
    return path


@contextmanager
def opened(office: Office, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[xw.Book]:
    """A workbook in LibreOffice, with what the xlwings add-in offers."""
    with python_server(office, call_function), office.opened(path) as book:
        monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
        monkeypatch.setattr(snapshots, "_snapshots", {})
        load_add_in(book)
        yield book


def call_function(module: str, name: str, values: tuple[Any, ...]) -> object:
    """A function of ours, with its first argument as xlwings shapes it."""
    assert module == functions.__name__
    if name == "renew":
        return functions.renew(*values)
    first, *hidden = values
    return getattr(functions, name)(block(first), *hidden)


def block(value: object) -> object:
    if not isinstance(value, tuple):
        return [[value]]
    return [list(row) if isinstance(row, tuple) else [row] for row in value]


def blank(cell: object) -> object:
    """A cell's value; None where it is blank or shows nothing."""
    return None if cell == "" else cell


def cells(book: xw.Book, sheet: str = "Clients") -> list[list[Any]]:
    found: list[list[Any]] = book.sheets[sheet].used_range.options(ndim=2).value
    return found


def filled(book: xw.Book, config: Path) -> dict[str, Sequence[object]]:
    """The filled columns of the open workbook by key."""
    rules = read(config).config
    headings, *rows = cells(book, rules.sheets.clients)
    rows = [row for row in rows if row[0] is not None]
    places = {one.key: headings.index(getattr(rules.columns.filled, one.key)[0]) for one in FILLED}
    return {key: [row[at] for row in rows] for key, at in places.items()}


def from_batch(path: Path, config: Path, day: dt.date) -> dict[str, Sequence[object]]:
    """The same as the batch decides them."""
    columns = recalculate_file(path, read(config), day, dry_run=True).result.columns
    found: dict[str, Sequence[object]] = {}
    for one in FILLED:
        series = columns[one.key]
        if one.kind == "date":
            dates = series.to_numpy().astype("datetime64[D]").tolist()
            found[one.key] = [date and dt.datetime.combine(date, dt.time()) for date in dates]
        else:
            found[one.key] = [None if pd.isna(cell) else blank(cell) for cell in series]
    return found


def test_the_button_fills_the_example_base_as_the_batch_does(
    office: Office, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = from_batch(example, shipped_path(), today())
    with opened(office, example, monkeypatch) as book:
        run_macro(book, "ClientBase.Recalculate")
        assert book.app.impl.alerts == []
        assert "cells changed" in str(book.app.status_bar)
        assert filled(book, shipped_path()) == expected
        assert book.names["cb_result"].refers_to_range.value == book.app.status_bar
        assert book.names["cb_problems"].refers_to_range.value == "Clients!C33"


def listed(book: xw.Book, sheet: str) -> list[list[Any]]:
    """The cells of a sheet down to the last that holds anything."""
    rows = [[blank(cell) for cell in row] for row in cells(book, sheet)]
    while not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return rows


@pytest.mark.parametrize("language", WORKBOOKS)
def test_the_button_fills_the_lists_as_the_batch_does(
    office: Office, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = read(shipped_path(language))
    path, by_batch = tmp_path / "base.xlsx", tmp_path / "filled.xlsx"
    make_example(path, rules.config, today())
    recalculate_file(path, rules, today(), output=by_batch)
    sheets = rules.config.sheets
    names = (sheets.contacts, sheets.today, sheets.birthdays, sheets.gifts)
    with office.opened(by_batch) as book:
        expected = {name: listed(book, name) for name in names}
    with office.opened(path) as book:
        monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
        button.recalculate(book, today())
        assert book.app.impl.alerts == []
        assert {name: listed(book, name) for name in names} == expected


def test_what_she_notes_on_the_list_moves_into_contacts_once(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = read(shipped_path())
    path = tmp_path / "base.xlsx"
    make_example(path, rules.config, today())
    recalculate_file(path, rules, today())
    with office.opened(path) as book:
        monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
        list_, before = book.sheets["Today"], len(listed(book, "Contacts"))
        headings = listed(book, "Today")[3]
        done, result, client = (headings.index(heading) + 1 for heading in ("Done", "Result", "ID"))
        ids = [list_.range((row, client)).value for row in (5, 6)]
        list_.range((5, done)).value = "'x"
        list_.range((6, result)).value = "'1-2 creams"
        for _ in range(2):
            button.recalculate(book, today())
            assert book.app.impl.alerts == []
        rows = listed(book, "Contacts")
        at = rows[0].index("Result")
        assert [(row[1], row[at]) for row in rows[before:]] == [
            (ids[0], None),
            (ids[1], "1-2 creams"),
        ]
        assert [row[0].date() for row in rows[before:]] == [today()] * 2
        (table,) = book.sheets["Contacts"].tables
        assert table.range.shape[0] == before + 2
        assert not any(row[done - 1] or row[result - 1] for row in listed(book, "Today")[4:])


def test_what_is_typed_counts_before_it_is_saved(
    office: Office, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(office, example, monkeypatch) as book:
        run_macro(book, "ClientBase.Recalculate")
        place = cells(book)[0].index("Do not contact") + 1
        book.sheets["Clients"].range((2, place)).value = "yes"
        run_macro(book, "ClientBase.Recalculate")
        assert filled(book, shipped_path())["next_contact"][0] is None


def test_dates_and_formulas_keep_their_looks(
    office: Office, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(office, example, monkeypatch) as book:
        clients = book.sheets["Clients"]
        run_macro(book, "ClientBase.Recalculate")
        headings = cells(book)[0]
        date = clients.range((2, headings.index("Next contact") + 1))
        grey, white = (
            clients.range((2, headings.index("Group") + 1)).color,
            clients.range("B2").color,
        )
        assert "D" in str(date.number_format).upper()
        assert grey is not None
        assert white is None
        formula = clients.range((2, headings.index("Turnover") + 1))
        formula.formula = "=1+1"
        run_macro(book, "ClientBase.Recalculate")
        assert formula.formula == "=1+1"


def test_the_button_fills_cdnow_as_the_batch_does(
    office: Office, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, day = ROOT / "examples" / "cdnow.yaml", dt.date(1998, 7, 1)
    (tmp_path / "config.yaml").write_bytes(rules.read_bytes())
    path = tmp_path / "cdnow.xlsx"
    make_base(path, read(rules).config, {"purchases": shared / "data" / "cdnow.txt"})
    expected = from_batch(path, rules, day)
    with office.opened(path) as book:
        monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
        button.recalculate(today=day)
        assert book.app.impl.alerts == []
        assert filled(book, rules) == expected
        assert "134356 cells changed" in str(book.app.status_bar)


def test_functions_in_cells_give_the_filled_cells(
    office: Office, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(office, example, monkeypatch) as book:
        run_macro(book, "ClientBase.Recalculate")
        expected = filled(book, shipped_path())
        clients, count = book.sheets["Clients"], len(expected["group"])
        area = clients.range((2, 41), (count + 1, 40 + len(BY_CLIENT)))
        area.formula = [
            [f"={function}(A{row})" for function in BY_CLIENT] for row in range(2, count + 2)
        ]
        book.api.calculateAll()
        found = dict(zip(BY_CLIENT, zip(*area.value, strict=True), strict=True))
        for function, key in COLUMNS.items():
            wanted = expected[key]
            if key == "next_contact":
                wanted = [one and (one.date() - SERIAL_ZERO).days for one in wanted]  # type: ignore[attr-defined]
            assert [blank(one) for one in found[function]] == wanted
        assert str(found["CLIENT_WHY"][0]).startswith(f"{expected['group'][0]}: ")


@pytest.mark.parametrize("language", WORKBOOKS)
def test_the_shipped_workbook_opens_with_tables_names_and_macros(
    office: Office, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = read(shipped_path(language)).config
    with opened(office, WORKBOOKS[language], monkeypatch) as book:
        sheets = config.sheets
        assert [sheet.name for sheet in book.sheets][1:5] == [
            sheets.today, sheets.clients, sheets.purchases, sheets.contacts,
        ]  # fmt: skip
        assert [table.name for table in book.sheets[sheets.clients].tables] == ["Clients"]
        run_macro(book, "ClientBase.Recalculate")
        (alert,) = book.app.impl.alerts
        assert ("has no clients yet", "ещё нет клиентов")[language == "ru"] in str(alert)
