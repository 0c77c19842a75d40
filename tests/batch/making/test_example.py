from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from batch.making.example import (
    dated_tables,
    example_tables,
    lists_folder,
    make_example,
    read_lists,
    resolve,
)
from batch.making.new import TargetError
from batch.making.sources import Source
from rules.config.settings import Config
from rules.model.raw import RawTable
from rules.model.result import Result
from rules.reading.dates import day
from rules.recalculation import recalculate
from tests.bases import cells, config

LISTS = read_lists()
READ = {
    "clients": ("id", "name", "birthday", "class_date", "city", "do_not_contact"),
    "purchases": ("date", "client_id", "name", "amount"),
    "contacts": ("date", "client_id", "name", "kind", "next_date", "next_kind"),
}
REASONS = {
    "agreed",
    "birthday",
    "2 days after purchase",
    "2 weeks after purchase",
    "2 months after purchase",
    "confirm the class",
    "2 days after class",
    "2 weeks after class",
    "2 months after class",
    "usual order is due",
    "catalogue before the birthday",
    "regular contact",
    "first contact",
}
GIFTS = {
    "",
    "card",
    "Booklet + card",
    "Sachet + card",
    "Lip balm + card",
    "Hand cream + card",
    "Mascara + card",
    "Perfume + card",
}
DAYS = [dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(365)]
DAYS += [dt.date(2027, 1, 1) + dt.timedelta(n) for n in range(0, 365, 9)]
DAYS += [dt.date(2028, 2, 28), dt.date(2028, 2, 29), dt.date(2028, 3, 1), dt.date(2028, 3, 31)]
DAYS += [dt.date(year, 12, 31) for year in (2028, 2029, 2030)]
DAYS += [dt.date(year, 1, 1) for year in (2028, 2029, 2031)]


def as_read(table: str, source: Source) -> RawTable:
    """A list as a workbook gives it back: days as serial numbers, amounts as numbers."""
    columns = {}
    for key in READ[table]:
        values: list[object] = []
        for cell in source.keyed[key]:
            if isinstance(cell, dt.date):
                values.append((cell - dt.date(1899, 12, 30)).days)
            elif key == "amount" and isinstance(cell, str) and cell.lstrip("-").isdigit():
                values.append(int(cell))
            else:
                values.append(cell)
        columns[key] = cells(values)
    letters = {key: chr(ord("A") + number) for number, key in enumerate(columns)}
    rows = np.arange(len(columns[READ[table][0]]), dtype=np.int64) + 2
    return RawTable(table.capitalize(), rows, columns, letters)


def recalculated(today: dt.date, rules: Config | None = None) -> Result:
    rules = rules or config()
    tables = dated_tables(LISTS, rules, today)
    base = {table: as_read(table, tables[table]) for table in READ}
    return recalculate(base, rules, today)


def reasons(result: Result) -> set[str]:
    joined = "; ".join(result.columns["contact_reason"]).split("; ")
    return {reason.split(":")[0] for reason in joined} - {""}


def test_the_example_shows_everything_on_every_day() -> None:
    """Whatever day it is made: all groups, nine pairs, stages, folders, reasons and gifts."""
    for today in DAYS:
        result = recalculated(today)
        filled = result.columns
        groups = Counter(filled["group"])
        assert set(groups) == {"VIP", "Potential", "Client", "Waiting"}, today
        assert min(groups.values()) >= 3, today
        pairs = set(filled["abc"] + filled["xyz"])
        assert pairs >= {abc + xyz for abc in "ABC" for xyz in "XYZ"}, today
        assert set(filled["stage"]) == {"Potential", "New", "Lost", "Restored", "Permanent"}, today
        assert set(filled["folder"]) == {"Green", "Black", ""}, today
        assert reasons(result) >= REASONS, (today, REASONS - reasons(result))
        assert set(filled["channel"]) == {"call", "SMS", "meeting", ""}, today
        assert set(filled["gift"]) == GIFTS, today
        due = filled["next_contact"].to_numpy().astype("datetime64[D]")
        overdue, due_today, ahead = (
            np.count_nonzero(where)
            for where in (due < day(today), due == day(today), due > day(today))
        )
        assert overdue >= 8, (today, overdue)
        assert due_today >= 3, (today, due_today)
        assert ahead >= 8, (today, ahead)
        found = [(problem.sheet, problem.found) for problem in result.problems]
        assert found == [("Clients", "'in May'"), *found[1:]], today
        assert sorted(found[1:]) == [("Purchases", ""), ("Purchases", "'2 × 390'")], today
        (notice,) = result.notices
        assert notice.startswith("Clients who bought but are Potential: 5."), today


def test_occasions_that_lie_close_share_a_gift() -> None:
    shared = set(recalculated(dt.date(2026, 12, 1)).columns["gift_for"])
    assert {"Birthday", "New Year", "Birthday + New Year", "New Year + Birthday"} <= shared


@pytest.mark.parametrize(
    "today", [dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2027, 10, 31)]
)
def test_nothing_is_dated_after_today_but_plans(today: dt.date) -> None:
    tables = dated_tables(LISTS, config(), today)
    for table in ("purchases", "contacts"):
        dates = tables[table].keyed["date"]
        assert all(isinstance(date, dt.date) and date <= today for date in dates)
        assert dates == sorted(dates, key=str)
    assert any(isinstance(d, dt.date) and d > today for d in tables["clients"].keyed["class_date"])
    assert any(isinstance(d, dt.date) and d > today for d in tables["contacts"].keyed["next_date"])


def test_no_relative_day_stays_behind() -> None:
    tables = dated_tables(LISTS, config(), dt.date(2026, 5, 17))
    texts = [
        str(cell)
        for source in tables.values()
        for cells_ in source.keyed.values()
        for cell in cells_
    ]
    assert not [text for text in texts if text.startswith(("today", "month-", "birthday"))]


@pytest.mark.parametrize(
    ("text", "today", "means"),
    [
        ("today", dt.date(2026, 1, 31), dt.date(2026, 1, 31)),
        ("today-31", dt.date(2026, 1, 31), dt.date(2025, 12, 31)),
        ("today+1", dt.date(2027, 12, 31), dt.date(2028, 1, 1)),
        ("month-1/15", dt.date(2026, 1, 31), dt.date(2025, 12, 15)),
        ("month-13/28", dt.date(2026, 3, 1), dt.date(2025, 2, 28)),
        ("birthday+9/1985", dt.date(2026, 12, 30), dt.date(1985, 1, 8)),
        ("birthday-3/1985", dt.date(2026, 1, 2), dt.date(1985, 12, 30)),
        ("birthday+1/1985", dt.date(2028, 2, 28), dt.date(1984, 2, 29)),
        ("birthday+1/1985", dt.date(2026, 2, 27), dt.date(1985, 2, 28)),
        ("birthday+9", dt.date(2026, 12, 30), "08.01"),
        ("in May", dt.date(2026, 12, 30), "in May"),
        ("today-", dt.date(2026, 12, 30), "today-"),
    ],
)
def test_days_are_counted_from_the_day_of_making(text: str, today: dt.date, means: object) -> None:
    assert resolve(text, today, "dd.mm") == means


@cache
def own_words() -> Config:
    """Rules in other words: kinds, headings and the sheets' names."""
    return config(
        "sheets: {clients: Клиенты, purchases: Покупки, contacts: Контакты}\n"
        "columns: {clients: {id: Номер, name: Имя}, purchases: {client_id: Клиент}}\n"
        "kinds: {встреча: 3, подарок: 3, звонок: 2, входящий: 2, исходящий: 2, SMS: 1, письмо: 1,\n"
        "  meeting: off, gift: off, call: off, call in: off, call out: off, message: off,\n"
        "  letter: off, catalogue: off}\n"
        "gifts: {kind: подарок}\n"
    )


def test_kinds_of_contact_come_in_the_words_of_the_configuration() -> None:
    """By weight and place among those of that weight; gifts by the word for gifts."""
    contacts = dated_tables(LISTS, own_words(), dt.date(2026, 5, 17))["contacts"].keyed
    every_kind = set(config().kinds) - {"call", "missed call", "missed call out"}
    assert set(LISTS["contacts"].keyed["kind"]) == every_kind
    assert set(contacts["kind"]) == {"встреча", "подарок", "входящий", "исходящий", "SMS", "письмо"}
    assert set(contacts["next_kind"]) == {None, "встреча", "звонок"}


def test_own_words_change_no_result() -> None:
    today = dt.date(2026, 11, 21)
    english, own = recalculated(today), recalculated(today, own_words())
    same = ["group", "abc", "xyz", "stage", "turnover", "next_contact", "gift", "gift_date"]
    assert own.columns[same].equals(english.columns[same])


def test_yes_and_no_come_in_the_language_of_the_configuration() -> None:
    russian = config("based_on: ru")
    clients = example_tables(russian, dt.date(2026, 5, 17))["clients"].keyed
    assert set(clients["mailing"]) == {"да", "нет"}
    assert set(clients["do_not_contact"]) == {"да", None}


def test_the_russian_example_is_russian_but_for_addresses_of_mail() -> None:
    tables = example_tables(config("based_on: ru"), dt.date(2026, 5, 17))
    texts = {
        cell
        for source in tables.values()
        for key, cells_ in source.keyed.items()
        for cell in cells_
        if key != "email" and isinstance(cell, str)
    }
    assert {text for text in texts if re.search("[A-Za-z]", text)} == {
        "SMS", "Солнцезащитный крем SPF 50", "Сыворотка с витамином C", "понравилась с витамином C"
    }  # fmt: skip
    assert {"Анна Соколова", "Москва", "Подтягивающая сыворотка", "в мае"} <= texts


def test_both_examples_have_the_same_days_and_figures() -> None:
    """A text of one is one text of the other; all else is the same."""
    today = dt.date(2026, 11, 21)
    english, russian = (
        example_tables(config(f"based_on: {language}"), today) for language in ("en", "ru")
    )
    for table, source in english.items():
        for key, cells_ in source.keyed.items():
            pairs = list(zip(cells_, russian[table].keyed[key], strict=True))
            assert all(
                one == other or (isinstance(one, str) and isinstance(other, str))
                for one, other in pairs
            )
            assert len(set(pairs)) == len({one for one, _ in pairs})
    for table, key in [("clients", "id"), ("purchases", "client_id"), ("purchases", "amount")]:
        assert english[table].keyed[key] == russian[table].keyed[key]


def test_every_russian_word_is_one_of_the_lists() -> None:
    with (lists_folder() / "ru.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.reader(file))[1:]
    texts = {
        cell for source in LISTS.values() for cells_ in source.keyed.values() for cell in cells_
    }
    assert [english for english, _ in pairs if english not in texts] == []
    assert len(dict(pairs)) == len(pairs)


def test_where_the_name_is_the_key_the_logs_name_the_client() -> None:
    by_name = config(
        "columns: {clients: {id: Name, name: Name}, purchases: {client_id: Name}, contacts: {client_id: Name}}"
    )
    purchases = dated_tables(LISTS, by_name, dt.date(2026, 5, 17))["purchases"].keyed
    names = set(LISTS["clients"].keyed["name"])
    assert set(purchases["client_id"]) - {None} <= names


def test_the_file_holds_real_dates_numbers_and_ids_as_text(tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    made = make_example(path, config(), dt.date(2026, 11, 21))
    assert (made.clients, made.clients_from_logs) == (len(LISTS["clients"].keyed["id"]), 0)
    assert 400 <= made.purchases <= 600
    assert 60 <= made.contacts <= 100
    book = openpyxl.load_workbook(path)
    tables = ["Clients", "Purchases", "Contacts"]
    lists = ["Birthdays", "Gifts"]
    assert book.sheetnames == ["Start", "Today", *tables, *lists, "Charts", "Rules", "clientbase"]

    def column(sheet: str, heading: str) -> list[object]:
        headings = [cell.value for cell in book[sheet][1]]
        at = headings.index(heading) + 1
        return [row[0] for row in book[sheet].iter_rows(2, None, at, at, values_only=True)]

    ids = column("Clients", "ID")
    assert ids[:2] == ["101", "102"]
    assert all(isinstance(key, str) for key in ids)
    assert set(column("Purchases", "Client ID")) - {None} <= set(ids)
    assert all(isinstance(date, dt.datetime) for date in column("Purchases", "Date"))
    assert all(isinstance(date, dt.datetime) for date in column("Contacts", "Date"))
    assert column("Clients", "Birthday")[0] == dt.datetime(1984, 12, 3)  # noqa: DTZ001
    texts = [cell for cell in column("Clients", "Birthday") if isinstance(cell, str)]
    assert sorted(texts) == ["08.06", "11.12", "in May"]
    amounts = column("Purchases", "Amount")
    assert [amount for amount in amounts if not isinstance(amount, int)] == ["2 × 390"]
    assert any(isinstance(amount, int) and amount < 0 for amount in amounts)
    assert 0 in amounts
    assert set(column("Clients", "Do not contact")) == {None, "yes"}


def test_an_existing_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "base.xlsx"
    path.write_bytes(b"hers")
    with pytest.raises(TargetError, match=r"'base\.xlsx' exists already and stays as it is"):
        make_example(path, config(), dt.date(2026, 11, 21))
    assert path.read_bytes() == b"hers"


def test_the_guide_explains_every_form_of_day_that_the_lists_use() -> None:
    guide = (lists_folder() / "README.md").read_text(encoding="utf-8")
    for form in ("today-", "today+", "month-", "birthday+", "birthday-"):
        assert f"`{form}" in guide
