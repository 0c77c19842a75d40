"""Four old bases, imported with the answers of a careful human: every client once, every sum."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
import yaml

from tests.command_line import Run

DAY = ("--today", "2026-11-21")
A, B = "A_Клиентки.xlsx", "B_Faberlic.xlsx"
C = ("C_contacts.csv", "C_продажи.csv", "C_тетрадь.txt")

SUMS: Mapping[str, Mapping[str, float]] = {
    "A": {
        "Абрамова Ольга Петровна": 1200 + 1200 + 3500 + 2300 + 1850,
        "Агапова Нина": 0,
        "Алексеева Марина (соседка)": 850 + 850 + 490,
        "Аникина Т.В.": 0,
        "Баранова Лидия": 2500,
        "Белова Кристина": 2190,
        "Быкова Е": 11 * 500,
        "Васильева Ольга": 1890,
        "Волкова Анна": 0,
        "Воронина Стелла": -600 + 2500 + 1200,
        "Горбунова Нина Ивановна": 0,
        "Григорьева Алиса": 0,
        "Данилова Оксана": 1500 + 2300 + 1800 + 2400 + 3100 + 1990,
        "Данилов Роман (муж Оксаны)": 4 * 590,
        "Козлова Женя": 4500 + 3200 + 5100,
        "Кузнецова Ирина": 40700 + 700,  # two of them
        "Петрова Маша": 69300,
        "Полякова (Света, маникюр)": 1200,
        "Соколова Анна": 130300.5,
        "Стёпина Марина": 0,
    },
    "B": {
        "Иванова Мария": 399 + 498 + 199,
        "Петрова Наталья": 1299,
        "Сидорова Елена Викторовна": 1599 + 3 * 299 + 1599 + 299,
        "Смирнова Оля": 850 + 798,
        "Ахметова Гульнара": 2490,
        "Кузнецов Андрей": 495,
        "Иванова Марина": 549,
        "Ковалёва Тамара": -399,
        "Жукова Настя": 0,
    },
    "C": {
        "Клиентка Лена": 1200 + 890,
        "Степанова Марина": 850 + 990 - 990,
        "Таня МК": 4500 + 650,
        "Абрамова Ольга Петровна": 2350,
        "Ксюша (класс у Марины)": 0,
    },
    "D": {
        "Соколова Анна Игоревна": 12500 + 9870 + 15000,
        "Петрова Мария": 7100,
        "Козлова Евгения": 5100,
        "Баранова Лидия": 0,
    },
}
FILES = {"A": (A,), "B": (B,), "C": C, "D": ("D_Online.xlsx",)}
ANSWERS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "A": {},
    "B": {"people": {"Иванова М.": "Иванова Марина", "Новенькая с работы": "не брать"}},
    "C": {},
    "D": {"statuses": {"В обработке": "не брать"}},
}
LEFT = {
    "A": ("МОИ КЛИЕНТКИ", "жёлтые - VIP", "итоги 1", "буквы алфавита 8", "№, Итого"),
    "B": ("Я (себе)", "Новенькая с работы", "итоги 2"),
    "C": ("Сантехник Юра", "Такси Максим", "noreply@shop.ru", "сентябрь: Ксюша пробник", "тоналка"),
    "D": ("W-100400", "W-100778", "Сформировано", "Период", "№ п/п", "Тимофеева"),
}


def answered(plan: Path, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Write a careful human's answers into a plan."""
    content = yaml.safe_load(plan.read_text(encoding="utf-8"))
    for section, ones in answers.items():
        for key, answer in ones.items():
            content[section][key]["answer"] = answer
    plan.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def imported(run: Run, shared: Path, which: str, to: str = "База.xlsx") -> str:
    """Import one of the four as it would be: looked at, answered, written; what was told."""
    names = FILES[which]
    for name in names:
        shutil.copy(shared / "bases" / name, name)
    plan = Path(f"{which}.yaml")
    if not plan.exists():
        run("--language", "ru", "import", *names, "--plan", str(plan), *DAY)
        answered(plan, ANSWERS[which])
    told = run("--language", "ru", "import", *names, "--to", to, "--plan", str(plan), "--yes", *DAY)
    assert told.code == 0, told.err
    return told.out


def table(base: str, sheet: str) -> list[dict[str, object]]:
    rows = list(openpyxl.load_workbook(base)[sheet].iter_rows(values_only=True))
    found = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    return [one for one in found if any(cell is not None for cell in one.values())]


def sums(base: str) -> dict[str, float]:
    """What each client bought in all, by name."""
    names = {one["Код"]: str(one["ФИО"]) for one in table(base, "Клиенты")}
    found = dict.fromkeys(names.values(), 0.0)
    for one in table(base, "Покупки"):
        found[names[one["Код клиента"]]] += float(str(one["Сумма"]))
    return found


@pytest.mark.parametrize("which", "ABCD")
def test_every_client_is_there_once_with_her_sum_and_nobody_else(
    run: Run, shared: Path, which: str
) -> None:
    imported(run, shared, which)
    assert sums("База.xlsx") == SUMS[which]
    ids = [one["Код"] for one in table("База.xlsx", "Клиенты")]
    assert len(ids) == len(set(ids)) == {"A": 21, "B": 9, "C": 5, "D": 4}[which]


@pytest.mark.parametrize("which", "ABCD")
def test_each_thing_left_out_is_named(run: Run, shared: Path, which: str) -> None:
    told = imported(run, shared, which)
    assert [one for one in LEFT[which] if one not in told] == []


@pytest.mark.parametrize("which", "ABCD")
def test_a_second_import_adds_nothing_and_undo_takes_the_first_away(
    run: Run, shared: Path, which: str
) -> None:
    imported(run, shared, which)
    before = Path("База.xlsx").read_bytes()
    again = imported(run, shared, which)
    assert "Записывать нечего" in again
    assert "Отличается" not in again
    assert Path("База.xlsx").read_bytes() == before
    assert run("undo", "База.xlsx").code == 0
    assert not Path("База.xlsx").exists()


def test_birthdays_phones_and_colours_come_as_a_careful_human_would_write_them(
    run: Run, shared: Path
) -> None:
    imported(run, shared, "A")
    by_name = {str(one["ФИО"]): one for one in table("База.xlsx", "Клиенты")}
    birthdays = {name: str(one["День рождения"]).split()[0] for name, one in by_name.items()}
    assert birthdays["Абрамова Ольга Петровна"] == "12.05"
    assert birthdays["Алексеева Марина (соседка)"] == "08.03"  # the cell shows no year
    assert birthdays["Баранова Лидия"] == "03.03"
    assert birthdays["Белова Кристина"] == "1993-12-14"
    assert birthdays["Быкова Е"] == "25.12"
    assert birthdays["Васильева Ольга"] == "1995-04-28"
    assert birthdays["Горбунова Нина Ивановна"] == "1961-12-09"
    assert birthdays["Григорьева Алиса"] == birthdays["Волкова Анна"] == "None"
    assert "в мае" in str(by_name["Григорьева Алиса"]["Примечания"])
    assert by_name["Баранова Лидия"]["Телефон"] == "+7 926 555-12-12, дом. +7 495 123-45-67"
    assert by_name["Аникина Т.В."]["Телефон"] is None
    kept = {name for name, one in by_name.items() if one["Не беспокоить"]}
    assert kept == {"Аникина Т.В.", "Белова Кристина"}
    assert [one["Сегмент"] for one in table("База.xlsx", "Клиенты")].count("VIP") == 7
    assert str(by_name["Васильева Ольга"]["Дата класса"]).startswith("2025-03-12")


def test_a_report_of_orders_is_added_to_the_base_made_of_the_list(run: Run, shared: Path) -> None:
    imported(run, shared, "A")
    told = imported(run, shared, "D")
    assert len(table("База.xlsx", "Клиенты")) == 21
    expected = dict(SUMS["A"])
    expected["Соколова Анна"] += 12500 + 9870 + 15000
    expected["Петрова Маша"] += 7100
    expected["Козлова Женя"] += 5100
    assert sums("База.xlsx") == expected
    assert "Добавлено" in told
    before = Path("База.xlsx").read_bytes()
    assert "Записывать нечего" in imported(run, shared, "D")
    assert run("undo", "База.xlsx").code == 0
    assert sums("База.xlsx") == SUMS["A"]
    assert Path("База.xlsx").read_bytes() != before


def test_the_old_format_of_excel_says_the_same(run: Run, shared: Path) -> None:
    for name in ("D_Online.xls", "D_Online.xlsx"):
        shutil.copy(shared / "bases" / name, name)
    for name in ("D_Online.xls", "D_Online.xlsx"):
        told = run("import", name, "--to", f"{name}.xlsx", "--yes", *DAY)
        assert told.code == 0, told.err
    assert sums("D_Online.xls.xlsx") == sums("D_Online.xlsx.xlsx")
