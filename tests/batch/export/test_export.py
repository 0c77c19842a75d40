"""`clientbase export`, run as its user would."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest
import vobject

from batch.making.example import make_example
from batch.saving import disk
from tests.bases import config
from tests.batch.export.lines import blocks
from tests.batch.export.made import base
from tests.batch.simple_workbook import write
from tests.command_line import Run

TODAY = dt.date(2026, 11, 21)
FILES = {"contacts.vcf", "contacts-4.vcf", "calendar.ics", "mailing.csv", "sms.csv"}
DAY = ("--today", "2026-11-21")
not_as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere"
)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example base."""
    path = tmp_path / "base.xlsx"
    make_example(path, config(), TODAY)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """All files in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_writes_five_files_and_tells_what_stands_in_them(run: Run, example: Path) -> None:
    before = example.read_bytes()
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "base.xlsx on 11/21/2026. Clients: 44. Written to phone:\n"
        "  contacts.vcf (for every phone) and contacts-4.vcf (vCard 4): clients: 44\n"
        "  calendar.ics: next contacts: 42 (overdue: 12), birthdays: 41\n"
        "  mailing.csv: clients who get a letter now: 13\n"
        "    agreed to letters, but have no e-mail: 28\n"
        "  sms.csv: greetings by SMS due: 1\n"
        "  Nothing was sent.\n"
    )
    written = contents(example.parent / "phone")
    assert set(written) == FILES
    assert len(blocks(written["contacts.vcf"])) == len(blocks(written["contacts-4.vcf"])) == 44
    events = vobject.readOne(written["calendar.ics"].decode()).vevent_list
    assert len(events) == 42 + 41
    assert len(written["mailing.csv"].splitlines()) == 1 + 13
    assert example.read_bytes() == before


def test_it_tells_it_in_russian(run: Run, tmp_path: Path) -> None:
    make_example(tmp_path / "База.xlsx", config("based_on: ru"), TODAY)
    done = run("export", "База.xlsx", "--to", "телефон", *DAY)
    assert done.out == (
        "База.xlsx на 21.11.2026. Клиентов: 44. Записано в папку телефон:\n"
        "  контакты.vcf (для любого телефона) и контакты-4.vcf (vCard 4): клиентов – 44\n"
        "  календарь.ics: следующих контактов – 42 (просрочено – 12), дней рождения – 41\n"
        "  рассылка.csv: кому пора отправить письмо – 13\n"
        "    согласны на письма, но нет эл. почты: 28\n"
        "  смс.csv: кого пора поздравить по SMS – 1\n"
        "  Ничего не отправлено.\n"
    )
    header = (tmp_path / "телефон" / "рассылка.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header == "Код;ФИО;Эл. почта;Группа;Последнее письмо;Город"


def test_it_tells_the_same_as_json(run: Run, example: Path) -> None:
    done = run("export", "base.xlsx", "--to", "phone", "--json", *DAY)
    said = json.loads(done.out)
    assert (said["file"], said["today"], said["folder"]) == ("base.xlsx", "2026-11-21", "phone")
    assert set(said["files"]) == FILES
    assert said["files"]["calendar.ics"] == {
        "contacts": 42, "overdue": 12, "birthdays": 41, "cancelled": 0,
    }  # fmt: skip
    assert said["files"]["mailing.csv"] == {"clients": 13, "without_email": 28}
    del example


def test_a_second_export_on_the_same_day_gives_the_same_bytes(run: Run, example: Path) -> None:
    folder = example.parent / "phone"
    run("export", "base.xlsx", "--to", "phone", *DAY)
    first = contents(folder)
    run("export", "base.xlsx", "--to", "phone", *DAY)
    assert contents(folder) == first


def test_a_later_export_tells_what_it_cancelled(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"ID": "A", "Birthday": dt.date(1984, 5, 12)}]
    base(tmp_path, rows)
    run("export", "base.xlsx", "--to", "phone", *DAY)
    base(tmp_path, [{**rows[0], "Do not contact": "yes"}])
    done = run("export", "base.xlsx", "--to", "phone", "--today", "2026-11-22")
    assert "    no longer due since the last export, and cancelled: 2\n" in done.out


def test_the_folder_of_the_rules_is_seen_from_that_of_the_workbook(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "bases").mkdir()
    write(tmp_path / "bases" / "base.xlsx")
    rules = "export: {folder: ../for my phone/new}"
    (tmp_path / "bases" / "config.yaml").write_text(rules, encoding="utf-8")
    assert run("export", "bases/base.xlsx", *DAY).code == 0
    assert set(contents(tmp_path / "for my phone" / "new")) == FILES
    assert run("export", "bases/base.xlsx", "--to", "elsewhere", *DAY).code == 0
    assert set(contents(tmp_path / "elsewhere")) == FILES


def test_the_home_of_somebody_unknown_is_a_folder_like_any_other(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    assert run("export", "base.xlsx", "--to", "~nobody-here/phone", *DAY).code == 0
    assert set(contents(tmp_path / "~nobody-here" / "phone")) == FILES


def test_without_a_folder_it_says_how_to_give_one(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx")
    done = run("export", "base.xlsx", *DAY)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Say in which folder the files are to be written: add --to phone, for example, or set "
        "export.folder in config.yaml.\n"
    )


def test_a_base_without_the_columns_for_it_gives_empty_files_and_says_why(
    run: Run, tmp_path: Path
) -> None:
    write(
        tmp_path / "base.xlsx",
        {"Clients": [["ID", "Name"], ["1", "Anna"]], "Contacts": []},
    )
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert done.code == 0
    assert done.out == (
        "base.xlsx on 11/21/2026. Clients: 1. Written to phone:\n"
        "  contacts.vcf (for every phone) and contacts-4.vcf (vCard 4): clients: 0\n"
        "    left out, since they have neither phone nor e-mail: 1\n"
        "  calendar.ics: next contacts: 1 (overdue: 0), birthdays: 0\n"
        "  mailing.csv: clients who get a letter now: 0\n"
        "    The sheet Clients has no column Mailing, so nobody has agreed to letters.\n"
        "  sms.csv: greetings by SMS due: 0\n"
        "  Nothing was sent.\n"
    )
    assert (tmp_path / "phone" / "contacts.vcf").read_bytes() == b""


def test_a_greeting_without_a_number_is_told(run: Run, tmp_path: Path) -> None:
    base(tmp_path, [{"Birthday": dt.date(1984, 11, 21)}])
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert "    left out, since there is no mobile number: 1\n" in done.out


def test_it_works_while_the_workbook_is_open_in_excel(run: Run, example: Path) -> None:
    (example.parent / "~$base.xlsx").write_bytes(b"\x05Maria".ljust(165, b"\0"))
    assert run("export", "base.xlsx", "--to", "phone", *DAY).code == 0


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_of_somebody_else_stays_and_nothing_is_written(
    run: Run, example: Path, name: str
) -> None:
    folder = example.parent / "phone"
    folder.mkdir()
    (folder / name).write_text("BEGIN:VCARD\nFN:My mother\nEND:VCARD\n", encoding="utf-8")
    before = contents(folder)
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert done.code == 2
    assert done.err == (
        f"There is a file '{name}' in 'phone' already that this program didn't write. Move or "
        "rename it, or choose another folder; nothing was written.\n"
    )
    assert contents(folder) == before


def test_a_folder_under_the_name_of_a_file_is_somebody_else_s(run: Run, example: Path) -> None:
    (example.parent / "phone" / "sms.csv").mkdir(parents=True)
    assert "'sms.csv' in 'phone' already" in run("export", "base.xlsx", "--to", "phone", *DAY).err


def test_an_empty_file_and_a_list_that_excel_saved_anew_are_replaced(
    run: Run, example: Path
) -> None:
    folder = example.parent / "phone"
    run("export", "base.xlsx", "--to", "phone", *DAY)
    first = contents(folder)
    (folder / "contacts.vcf").write_bytes(b"")
    (folder / "sms.csv").write_text("ID,Name,Phone,Occasion,Text\nhers", encoding="utf-8")
    assert run("export", "base.xlsx", "--to", "phone", *DAY).code == 0
    assert contents(folder) == first


def test_what_else_lies_in_the_folder_stays(run: Run, example: Path) -> None:
    folder = example.parent / "phone"
    folder.mkdir()
    (folder / "letter.docx").write_bytes(b"hers")
    run("export", "base.xlsx", "--to", "phone", *DAY)
    assert set(contents(folder)) == {*FILES, "letter.docx"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_she_may_read_the_files_and_a_folder_that_is_made(run: Run, example: Path) -> None:
    hers = example.parent / "hers"
    hers.mkdir(0o755)
    for name in ("hers", "new/phone"):
        run("export", "base.xlsx", "--to", name, *DAY)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (example.parent / name).iterdir()}
        assert modes == {0o600}
    assert stat.S_IMODE((example.parent / "new" / "phone").stat().st_mode) == 0o700
    assert stat.S_IMODE(hers.stat().st_mode) == 0o755


def test_a_file_where_the_folder_should_be_is_told(run: Run, example: Path) -> None:
    (example.parent / "phone").write_bytes(b"hers")
    for folder in ("phone", "phone/below"):
        done = run("export", "base.xlsx", "--to", folder, *DAY)
        assert done.code == 2
        assert "a file stands where its folder should be. Mend that, and export again" in done.err
    assert (example.parent / "phone").read_bytes() == b"hers"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "it, or its folder, is write-protected or open in another program"),
        (errno.EIO, "the disk reports a fault"),
    ],
)
def test_what_the_computer_refuses_is_told_and_leaves_no_half_file(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    folder = example.parent / "phone"
    run("export", "base.xlsx", "--to", "phone", *DAY)
    before = contents(folder)

    def refuse(_new: Path, _path: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(disk, "replace", refuse)
    done = run("export", "base.xlsx", "--to", "phone", "--today", "2026-11-22")
    path = Path("phone") / "contacts.vcf"
    assert done.code == 2
    assert done.err == (
        f"'{path}' can't be written: {reason}. Mend that, and export again; your workbook isn't "
        "touched.\n"
    )
    assert contents(folder) == before


@not_as_root
def test_a_write_protected_folder_is_told(run: Run, example: Path) -> None:
    (example.parent / "phone").mkdir(0o500)
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert done.code == 2
    assert "write-protected" in done.err


def test_a_country_that_doesn_t_exist_is_told(run: Run, example: Path) -> None:
    (example.parent / "config.yaml").write_text("country: XX", encoding="utf-8")
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert done.code == 2
    assert "there is no country 'XX'" in done.err
    assert not (example.parent / "phone").exists()


def test_a_workbook_that_isn_t_there_is_told_and_nothing_is_written(
    run: Run, tmp_path: Path
) -> None:
    done = run("export", "none.xlsx", "--to", "phone", *DAY)
    assert done.code == 2
    assert "none.xlsx" in done.err
    assert list(tmp_path.iterdir()) == []


def test_ten_thousand_clients_take_seconds(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "Phone": f"+7 903 {at // 10000:03}-{at // 100 % 100:02}-{at % 100:02}",
            "Email": f"c{at}@example.com",
            "Birthday": dt.date(1950, 1, 1) + dt.timedelta(at),
            "Mailing": "yes",
        }
        for at in range(10_000)
    ]
    base(tmp_path, rows)
    start = time.process_time()
    done = run("export", "base.xlsx", "--to", "phone", *DAY)
    assert done.code == 0, done.err
    assert time.process_time() - start < 60
    assert "clients: 10000" in done.out
