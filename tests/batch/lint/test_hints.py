"""Hints about the clients, and all that `clientbase check` says."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from batch.configuration import Rules
from batch.lint.checked import blank_or_unreadable, hints
from batch.lint.duplicates import alike_ids, likely_duplicates, same_phones
from batch.lint.people import People
from batch.lint.swapped import swapped_dates
from batch.making.example import make_example
from batch.recalculation import plan
from batch.recalculation.file import calculate_file
from batch.recalculation.plan import Calculated
from rules.model.result import Result
from rules.recalculation import recalculate
from tests.bases import alone, config
from tests.batch.simple_workbook import TODAY, Table, write
from tests.command_line import Run
from words import _

DAY = ("--today", "2026-11-21")
HEADINGS = ["ID", "Name", "Birthday", "Phone", "Email", "City", "Do not contact", "Spouse birthday"]


def base(
    folder: Path, *rows: list[object], headings: list[str] | None = None, text: str = ""
) -> Calculated:
    path = write(folder / "base.xlsx", {"Clients": [headings or HEADINGS, *rows]})
    return calculate_file(path, Rules(config(text), Path("config.yaml")), TODAY)


def one(key: object, name: str, birthday: object = None, phone: object = None, email: object = None,
        city: object = None, silent: object = None, spouse: object = None) -> list[object]:  # fmt: skip
    return [key, name, birthday, phone, email, city, silent, spouse]


def told(found: object) -> list[str]:
    return [hint.text for hint in found]  # type: ignore[attr-defined]


def test_clients_without_birthday_or_phone_are_counted_and_the_first_named(tmp_path: Path) -> None:
    rows = [one(n, f"Client {n}") for n in range(1, 8)]
    rows += [one(8, "Whole", "01.02.1980", "8 903 123-45-67"), one(9, "Silent", silent="yes")]
    names = "1 Client 1, 2 Client 2, 3 Client 3, 4 Client 4, 5 Client 5 and 2 more"
    assert told(blank_or_unreadable(People(base(tmp_path, *rows)))) == [
        f"Clients without birthday: 7 ({names}).",
        f"Clients without phone: 7 ({names}).",
    ]


def test_what_cannot_be_dialled_or_read_is_shown(tmp_path: Path) -> None:
    rows = [
        one(1, "Anna", "01.02.1980", "123-45", spouse="in May"),
        one(2, "Vera", "in May", 89031234567.0, spouse="01.02"),
    ]
    assert told(blank_or_unreadable(People(base(tmp_path, *rows)))) == [
        "Phones that nobody can dial: 1 (D2 1 Anna: '123-45').",
        "Spouses' birthdays that can't be read: 1 (H2 1 Anna: 'in May').",
    ]


def test_mail_addresses_that_cannot_be_are_told_with_their_cells(tmp_path: Path) -> None:
    typed = ["\u0430nna@x.ru", "vera.x.ru", "olga @x.ru", "no", "nina@x.ru", "зоя@почта.рф"]
    rows = [one(n, f"C{n}", "01.02.1980", "8 903 123-45-67", text) for n, text in enumerate(typed)]
    (told_of,) = told(blank_or_unreadable(People(base(tmp_path, *rows))))
    assert told_of.startswith(
        "E-mail addresses that can't be, so they aren't exported: 3 (E2 0 C0: '\u0430nna@x.ru', "
        "E3 1 C1: 'vera.x.ru', E4 2 C2: 'olga @x.ru'). Look whether the @ is missing,"
    )


def test_a_phone_that_a_program_rounded_is_told_once(tmp_path: Path) -> None:
    calculated = base(tmp_path, one(1, "Anna", "01.02.1980", "8.9E+10"))
    assert told(blank_or_unreadable(People(calculated))) == []
    assert "D2" in [problem.cell for problem in calculated.result.problems]


def test_years_and_days_typed_as_numbers_into_birthdays_are_told(tmp_path: Path) -> None:
    typed = [1975, 12.05, dt.date(1980, 2, 1), dt.date(1900, 5, 12)]
    rows = [one(n, f"C{n}", day, "8 903 123-45-67") for n, day in enumerate(typed)]
    path = write(tmp_path / "base.xlsx", {"Clients": [HEADINGS, *rows]})
    book = openpyxl.load_workbook(path)
    for row in range(2, 6):
        book["Clients"].cell(row, 3).number_format = "dd.mm.yyyy"
    book.save(path)
    calculated = calculate_file(path, Rules(config(), Path("config.yaml")), TODAY)
    (told_of,) = told(blank_or_unreadable(People(calculated)))
    assert told_of == (
        "Birthdays that Excel shows as dates, though a year or a day was typed as a number, it "
        "seems: 2 (C2 0 C0: '1975', C3 1 C1: '12.05')."
    )


@pytest.mark.parametrize(
    ("language", "days", "cells"),
    [
        ("en", ["11/12/2026", "13/11/2026", "11/11/2026", "11/20/2026"], "1 (A2)"),
        ("ru", ["12.11.2026", "11.13.2026", "11.11.2026", "20.11.2026"], "1 (A2)"),
        ("en", ["11/12/2026", "11/11/2026", "11/20/2026"], None),
        ("ru", ["20.11.2026", "11.13.2026"], None),
    ],
)
def test_where_some_dates_are_swapped_those_that_could_be_are_told(
    tmp_path: Path, language: str, days: list[str], cells: str | None
) -> None:
    log: Table = [["Date", "Client ID", "Amount"], *[[day, "001", 5] for day in days]]
    path = write(tmp_path / "base.xlsx", {"Purchases": log})
    rules = config("country: US" if language == "en" else "")
    found = told(swapped_dates(calculate_file(path, Rules(rules, Path("config.yaml")), TODAY)))
    assert len(found) == (cells is not None)
    assert cells is None or found[0].endswith(f"that could be either: {cells}.")


def test_words_that_stand_in_no_list_are_told_with_their_cells(tmp_path: Path) -> None:
    rows = [one(n, f"C{n}", silent=word) for n, word in enumerate(["no!", "yes", "НЕТ", "No!"], 1)]
    clients, contacts = config().rooms.rooms[0], config().rooms.rooms[2]
    assert clients.hints is not None
    assert contacts.hints is not None
    assert told(clients.hints(base(tmp_path, *rows).result)) == [
        "Words under Do not contact that stand in no list and are taken for a yes: no! (G2, G5)."
    ]
    log: Table = [
        ["Date", "Client ID", "Kind"],
        ["20.11.2026", 1, "WhatsApp"],
        ["20.11.2026", 1, "SMS"],
    ]
    path = write(tmp_path / "kinds.xlsx", {"Contacts": log})
    calculated = calculate_file(path, Rules(config(), Path("config.yaml")), TODAY)
    assert told(contacts.hints(calculated.result)) == [
        "Kinds of contact that stand in no list and weigh 2: WhatsApp (C2)."
    ]


def test_ids_that_only_look_the_same_are_told(tmp_path: Path) -> None:
    rows = [one("А101", "Anna"), one("A101", "Vera"), one("001", "Nina"), one("1", "Zoya")]
    assert told(alike_ids(People(base(tmp_path, *rows)))) == [
        "IDs that look the same and aren't: 2 (А101 Anna = A101 Vera, 001 Nina = 1 Zoya)."
    ]


def test_columns_that_the_base_does_not_have_give_no_hints(tmp_path: Path) -> None:
    calculated = base(tmp_path, [1, "Anna"], [2, "Vera"], headings=["ID", "Name"])
    people = People(calculated)
    assert (
        told([*blank_or_unreadable(people), *same_phones(people), *likely_duplicates(people)]) == []
    )


def test_a_phone_in_any_form_is_the_same_phone(tmp_path: Path) -> None:
    rows = [
        one(1, "Anna", phone="8 903 123-45-67"),
        one(2, "Vera", phone="8 916 765-43-21, +7 (903) 1234567"),
        one(3, "Olga", phone=9031234567.0),
        one(4, "Rita", phone="8 903 123-45-68"),
    ]
    assert told(same_phones(People(base(tmp_path, *rows)))) == [
        "The same phone at several clients: 1 (+7 903 123-45-67: 1 Anna = 2 Vera = 3 Olga)."
    ]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (one(1, "Петрова Анна"), one(2, " анна  ПЕТРОВА "), "same name"),
        (one(1, "Алёна Петрова"), one(2, "Петрова, Алена"), "same name"),
        (one(1, "Анна Петрова", "01.02.1980"), one(2, "Анна Петрова", "01.02"), "same name"),
        (one(1, "Анна Петрова", "01.02.1980"), one(2, "Анна Петрова", "02.02.1980"), None),
        (one(1, "Анна"), one(2, "Анна"), None),
        (one(1, "Анна", email="A@x.ru"), one(2, "Ольга", email="b@x.ru; a@X.RU"), "same e-mail"),
        (one(1, "Анна", email="a@x.ru"), one(2, "Ольга", email="b@x.ru"), None),
        (one(1, "Анна", email="mailto:a@x.ru."), one(2, "Ольга", email="a@x.ru"), "same e-mail"),
        (one(1, "Анна", email="a@b"), one(2, "Ольга", email="a@b"), None),
        (one(1, "Анна Петрова", "01.02"), one(2, "Анна Петрава", "01.02"), "nearly the same name, same birthday"),
        (one(1, "Анна Петрова", "01.02"), one(2, "Ольга Серова", "01.02"), None),
        (one(1, "Анна Петрова", phone="89031234567"), one(2, "Анна Петрва", phone="9031234567"), "nearly the same name, same phone"),
        (one(1, "Анна Петрова", city="Орёл"), one(2, "Анна Петрава", city="орел "), "nearly the same name, same city"),
        (one(1, "Анна Петрова", city="Орёл", phone="89031234567"), one(2, "Инна Петрова", city="Орёл", phone="89031234568"), None),
        (one(1, "Анна Петрова", city="Орёл"), one(2, "Анна Петрава", city="Омск"), None),
        (one(1, "123"), one(2, "123"), None),
    ],
)  # fmt: skip
def test_who_may_be_the_same_client_twice(
    tmp_path: Path, first: list[object], second: list[object], reason: str | None
) -> None:
    found = told(likely_duplicates(People(base(tmp_path, first, second))))
    pair = f"1 {first[1]} = 2 {str(second[1]).strip()}, {reason}"
    assert found == ([] if reason is None else [f"Perhaps the same client twice: 1 ({pair})."])


def test_the_likeliest_pairs_come_first(tmp_path: Path) -> None:
    rows = [
        one(1, "Анна Петрова", phone="89031234567"),
        one(2, "Анна Петрова", phone="89031234568"),
        one(3, "Ольга Серова", city="Омск"),
        one(4, "Ольга Серова", city="Омск"),
    ]
    (found,) = told(likely_duplicates(People(base(tmp_path, *rows))))
    assert found.index("3 Ольга Серова = 4") < found.index("1 Анна Петрова = 2")


def test_ten_thousand_clients_of_one_city_are_compared_in_seconds(tmp_path: Path) -> None:
    first = ["Анна", "Ольга", "Вера", "Нина", "Инна", "Яна", "Мария", "Дарья", "Елена", "Ирина"]
    rows = [
        one(n, f"{first[n % 10]} Фамилия{'абвгдежзик'[n % 7]}{'лмнопрстуф'[n // 10 % 10]}{'хцчшщэюяжз'[n // 100 % 10]}", city="Омск")
        for n in range(10_000)
    ]  # fmt: skip
    people = People(base(tmp_path, *rows))
    began = time.process_time()
    assert told(likely_duplicates(people))
    assert time.process_time() - began < 20


@pytest.mark.parametrize(("clients", "is_told"), [(50, True), (51, False)])
def test_a_birthday_that_stands_for_none_makes_nobody_alike(
    tmp_path: Path, clients: int, is_told: bool
) -> None:
    others = [f"{first}{second} Серова" for first in "абвгдежз" for second in "лмнопрст"]
    names = ["Анна Петрова", "Анна Петрава", *others]
    rows = [one(n, names[n], "01.01") for n in range(clients)]
    (found,) = told(likely_duplicates(People(base(tmp_path, *rows)))) or [""]
    assert ("Анна Петрава, nearly the same name, same birthday" in found) is is_told


@pytest.mark.parametrize(("clients", "is_told"), [(3600, True), (3564, False)])
def test_of_very_many_clients_more_may_share_a_birthday(
    tmp_path: Path, clients: int, is_told: bool
) -> None:
    names = ["Анна Петрова", "Анна Петрава"]
    rows = [one(n, names[n], "01.02") for n in range(2)]
    rows += [one(n, f"{n}", "01.02") for n in range(2, 100)]  # no names to be compared
    rows += [one(n, f"{n}") for n in range(100, clients)]
    (found,) = told(likely_duplicates(People(base(tmp_path, *rows)))) or [""]
    assert ("nearly the same name, same birthday" in found) is is_told


def test_ten_thousand_placeholders_take_no_time(tmp_path: Path) -> None:
    letters = "абвгдежзик"
    rows = [
        one(n, f"Клиент {''.join(letters[int(digit)] * 3 for digit in f'{n:04}')}", "01.01", "8 900 000-00-00", city="Омск")
        for n in range(10_000)
    ]  # fmt: skip
    people = People(base(tmp_path, *rows))
    assert len(people.phones) + len(people.birthdays) == 20_000
    began = time.process_time()
    assert told(likely_duplicates(people)) == []
    assert time.process_time() - began < 3


def test_an_unknown_country_is_told_in_her_words(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "base.xlsx", {"Clients": [HEADINGS, one(1, "Anna", phone="8 903 1234567")]})
    (tmp_path / "config.yaml").write_text("country: UK\n", "utf-8")
    done = run("check", "base.xlsx", *DAY)
    assert (done.code, done.err.strip()) == (
        2,
        "config.yaml: there is no country 'UK'. Set country to the two letters of yours, such as RU, KZ, DE or GB.",
    )


def test_hints_about_the_rules_name_their_line(tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    raw = b"groups:\n  - off: yes\n  - {name: VIP, when: {turnover_in_year: {above: 99999}}}\n  - {name: Client}\ncontacts: {rules: []}\n"
    calculated = calculate_file(
        tmp_path / "base.xlsx", Rules(config(raw.decode()), Path("config.yaml"), "", raw), TODAY
    )
    assert (
        hints(calculated)[0]
        == "Line 3 of the rules: Group rule 1 (VIP) takes nobody: no client meets its conditions."
    )


def test_of_many_rules_for_nobody_the_first_are_told(tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    groups = "".join(
        f"  - {{name: G{n}, when: {{turnover_in_year: {{is: {90000 + n}}}}}}}\n" for n in range(9)
    )
    rules = alone(
        f"groups:\n{groups}  - {{name: X}}\ncontacts: {{rules: []}}\ngifts: {{multipliers: []}}\n"
    )
    found = hints(calculate_file(tmp_path / "base.xlsx", Rules(rules, Path("config.yaml")), TODAY))
    assert [line for line in found if "takes nobody" in line][-1].startswith("Group rule 5 (G4)")
    assert found[5] == "… and 4 more"


# the command ----------------------------------------------------------------------------------


EXAMPLES = """\
examples:
  - client: "001"
    expect: {group: Client}
  - client: 3
    expect: {group: VIP, stage: Lost}
  - client: 99
    expect: {group: VIP}
  - facts: {bought: no}
    expect: {group: Waiting}
"""


def test_failed_examples_are_told_with_their_line_and_end_in_code_1(
    tmp_path: Path, run: Run
) -> None:
    before = write(tmp_path / "base.xlsx").read_bytes()
    (tmp_path / "config.yaml").write_text(f"{EXAMPLES}attendance_from: 0\n", "utf-8")
    done = run("check", "base.xlsx", *DAY)
    lines = done.out.splitlines()
    assert done.code == 1
    assert "Examples of the rules that come out as expected: 1" in lines
    failed = [line for line in lines if "Example " in line and line.startswith("Line ")]
    assert failed[0].startswith(
        "Line 4 of the rules: Example 2: Group should be VIP, but is Potential: "
    )
    assert failed[1:] == [
        "Line 6 of the rules: Example 3: there is no client 99 in the workbook. Correct the ID, or delete the example.",
        "Line 8 of the rules: Example 4: Group should be Waiting, but is Potential: group rule 2 takes her.",
    ]
    assert "No problems found." not in lines
    assert (tmp_path / "base.xlsx").read_bytes() == before


def test_a_check_reads_and_calculates_the_base_once(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_example(tmp_path / "base.xlsx", config(), TODAY)
    calls = []

    def counted(*given: Any) -> Result:  # noqa: ANN401 — passed on
        calls.append(given)
        return recalculate(*given)

    monkeypatch.setattr(plan, "recalculate", counted)
    assert run("check", "base.xlsx", *DAY).code in {0, 1}
    assert len(calls) == 1


def test_hints_stand_under_a_heading_of_their_own_and_leave_the_code_0(
    tmp_path: Path, run: Run
) -> None:
    write(tmp_path / "base.xlsx")
    done = run("check", "base.xlsx", *DAY)
    said, hinted = done.out.split("\nHints, which may be right as they are: ")
    assert (done.code, "No problems found." in said) == (0, True)
    assert "\n  Clients without birthday: 1 (002 Olga).\n" in hinted
    assert "Group rule 1 (VIP) takes nobody" in hinted


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_examples_shipped_come_out_on_the_example_base(
    tmp_path: Path, run: Run, language: str
) -> None:
    make_example(tmp_path / "base.xlsx", config(f"based_on: {language}"), TODAY)
    done = run("check", "base.xlsx", *DAY)
    config(f"based_on: {language}")
    sentence = _("Examples of the rules that come out as expected: {count}").format(count=10)
    assert sentence in done.out.splitlines()


def test_the_hints_are_told_in_russian_too(tmp_path: Path, run: Run) -> None:
    make_example(tmp_path / "base.xlsx", config("based_on: ru"), dt.date(2026, 3, 8))
    done = run("check", "base.xlsx", "--today", "2031-03-08")
    assert "\nСтоит взглянуть (может быть, так и надо): " in done.out
    assert "не берёт никого" in done.out
