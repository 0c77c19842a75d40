"""Whatever a Russian user is shown is Russian: helps, mistakes of usage, messages, errors."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

import batch
import rules
import udfs
from batch import cli, errors
from batch.commands.recalculation import NoSuchCommandError
from batch.configuration import ConfigMissingError
from batch.history.undo import ChangedSinceError
from batch.importing.plan import PlanError
from batch.importing.sheets import SourceError
from batch.importing.writing import NoRoom
from batch.installation import doctor
from batch.installation.errors import (
    ExcelHoldsFile,
    ExcelNeverStarted,
    RecordUnreadable,
    UnfitForSettings,
)
from batch.installation.starter import OddBaseNameError
from batch.making import example
from batch.making.new import MapError, TargetError, UnusedMapError
from batch.making.rooms import UnknownRoomError
from batch.making.sources import LacksColumnError
from batch.night.files import LeadsAwayError
from batch.night.mail import NotMailedError
from batch.night.passwords import KeyringRefusedError
from batch.recalculation.file import OutputError
from batch.saving.ours import NotOurs
from batch.writer.tables import TooManyColumnsError, TooManyRowsError
from rules.config.loading import ConfigError, load_config
from rules.config.schema import schema_text
from rules.errors import ClientBaseError
from tests.bases import shipped
from tests.batch import test_hostile as hostile
from tests.batch.handmade import CLIENTS, PURCHASES, STYLES
from tests.batch.simple_workbook import PURCHASES as PURCHASES_OF_BASE
from tests.batch.simple_workbook import write
from tests.batch.test_doctor import FAILURES, GOOD, Change, Check, sound
from tests.batch.xlsx.parts import zipped
from tests.batch.xlsx.test_corpus import by_name, files
from tests.command_line import Run
from tests.rules.config.test_hostile_yaml import REFUSED
from tests.rules.config.test_loading import MISTAKES
from tests.test_told import CASES
from udfs.snapshots import NotReadError
from words import speak, speaking

COMMANDS = list(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]
DAY = ("--today", "2026-11-21")

NAMES = re.findall(
    r"\w+",
    """
Excel Office Microsoft Store Windows Mac macOS Linux LibreOffice Calc Python xlwings pywin VBA PowerShell
YAML JSON HTML CSV XML ZIP SMS Telegram iCloud OneDrive SharePoint Dropbox OpenDocument SHA UTF Unicode BOM OLE OPC MIME
ABC XYZ VIP SPF ID GitHub systemd launchd cron crontab
nightly clientbase vCard iCalendar Word PDF DTD windows pip install py venv README Debug UDFs
PYTHONPATH udfs en ru col Google off looks on
""",
)
"""Names of programs, forms and units, and what she types for others."""

OTHERS = re.compile(
    r"""
    --?[a-z][\w-]*                      # options
    | \w[\w+-]*://\S+                   # addresses
    | [^\s«»'"(]*[\\/][^\s«»'"(,;]*     # paths
    | [\w~$%-]*\.[A-Za-z]\w*(\.\w+)*    # names of files, keys of the rules with their block
    | \becho\ '[^\n]*                  # a line to be typed
    | \w+_\w+                           # keys of the rules
    | \b[0-9a-f]{8}\b                    # hashes of rules
    | \bU\+[0-9A-F]{4,6}\b               # signs by their number
    | \b[A-Z]+\d+(:[A-Z]+\d+)?\b        # cells
    | \b[A-Z]{1,3}\b                   # columns, classes
    """,
    re.VERBOSE,
)


def latin(text: str, hers: str = "") -> list[str]:
    """The English words of *text*, apart from names and what stands in *hers*."""
    known = {*NAMES, *COMMANDS, *re.findall(r"[A-Za-z]+", hers)}
    words = re.findall(r"[A-Za-z]{2,}", OTHERS.sub(" ", text))
    return [word for word in words if word not in known]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Файл «base.xlsx» открыт в Excel: C:\\bases\\base.xlsx, /home/anna/x, --dry-run", []),
        ("gifts.list.can_be_posted и nightly.mail в config.yaml, лист Клиенты!C17", []),
        ("Файл is open", ["is", "open"]),
        ("[required]", ["required"]),
    ],
)
def test_english_is_told_from_names(text: str, found: list[str]) -> None:
    assert latin(text) == found


@pytest.fixture(autouse=True)
def russian(english: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """The computer of a Russian."""
    monkeypatch.setenv("LANGUAGE", "ru")
    speak("ru")


# Helps and mistakes of usage --------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_helps(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # no word is broken
    told = run(*command.split(), "--help")
    assert told.code == 0
    assert latin(told.out) == [], told.out


OF_BASE = """
Clients Purchases Contacts Anna Olga Rita Group Potential Client Waiting Stage New Lost Restored
Permanent Folder Turnover Last purchase Next contact Contact reason Channel Gift budget for date
call days after purchase regular contact to from server
"""
"""What the rules and the sheets of an English base say, and keys of the rules."""
USAGE = [
    "", "recal", "--nope", "--language de recalc base.xlsx", "--language",
    *(f"{command} --nope" for command in COMMANDS),
    *(f"{command} a b c d" for command in COMMANDS if command not in ("nightly", "schedule")),
    *(command for command in COMMANDS if command not in ("schedule", "setup", "doctor")),
    "recalc base.xlsx --config", "recalc base.xlsx --today tomorrow", "recalc base.xlsx --today",
    "recalc base.xlsx --wait -1", "recalc base.xlsx --wait soon", "recalc base.xlsx --dry-run=yes",
    "recalc none.xlsx", "recalc base.xlsx --config none.yaml", "recalc folder",
    "recalc base.xlsx --dry-run --output b.xlsx", "recalc base.xlsx --output none/b.xlsx",
    "recalc base.xlsx --output base.xlsx", "recalc base.xlsx --output b.txt",
    "check base.xlsx --today 2026-02-30", "rehearse base.xlsx", "rehearse base.xlsx --config none.yaml",
    "new base.xlsx", "new b.txt", "new none/b.xlsx", "new b.xlsx --clients none.csv",
    "new b.xlsx --clients text.csv", "new b.xlsx --map Name", "new b.xlsx --map Name=frogs",
    "new b.xlsx --map name=Name", "example base.xlsx", "example b.txt",
    "export base.xlsx", "export base.xlsx --to text.csv", "why base.xlsx Ъ", "why base.xlsx 1",
    "nightly none.xlsx", "nightly folder", "nightly base.xlsx --test-mail",
    "nightly base.xlsx --log none/log.txt", "nightly base.xlsx --summary text.csv",
    "schedule base.xlsx --at 25:99 --dry-run", "schedule base.xlsx --system sun --dry-run",
    "schedule none.xlsx --dry-run", "schedule --remove --dry-run", "schedule",
    "diff base.xlsx none.xlsx", "diff base.xlsx text.csv", "undo base.xlsx", "log base.xlsx",
    "doctor none.xlsx", "setup --remove --dry-run",
]  # fmt: skip


@pytest.mark.parametrize("line", USAGE)
def test_mistakes_of_usage(run: Run, tmp_path: Path, line: str) -> None:
    write(tmp_path / "base.xlsx")
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    told = run(*(() if "--language" in line else ("--language", "ru")), *line.split())
    text = told.out + told.err
    assert latin(text, f"{line} {OF_BASE}") == [], text


# What the commands tell -------------------------------------------------------------------------


@pytest.fixture
def base(run: Run) -> str:
    example._english.cache_clear()  # noqa: SLF001 — as in a run of its own
    told = run("example", "База.xlsx", *DAY)
    assert told.code == 0
    assert latin(told.out + told.err, "xlsx") == []
    return "База.xlsx"


RULES = """\
based_on: ru
groups:
  - name: VIP
    when: {turnover_in_year: {above: 1000}}
  - name: Потенциальный
    when: {purchase_days: {is: 0}}
  - name: Клиент
    when: {stage: {is: Постоянный}}
  - name: Ожидание
"""
TOLD = [
    "example Новая.xlsx", "example Новая.xlsm", "new Новая.xlsx", "new Новая.xlsm",
    "recalc {base}", "recalc {base} --dry-run", "recalc {base} --verify",
    "recalc {base} --output Копия.xlsx", "recalc {base} --config new.yaml",
    "recalc {base}; recalc {base}", "recalc {base}; recalc {base} --today 2027-03-08",
    "recalc {base}; log {base}; undo {base}; log {base}; undo {base}",
    "recalc {base} --output Копия.xlsx; diff {base} Копия.xlsx", "diff {base} {base}",
    "check {base}", "check {base} --config new.yaml", "rehearse {base} --config new.yaml",
    "rehearse {base} --today 2027-03-08", "rehearse {base} --config new.yaml --all",
    "why {base} 101", "why {base} Анна", "why {base} 111", "why {base} 132", "why {base} 140",
    "recalc {base}; why {base} 104", "export {base} --to телефон",
    "export {base} --to телефон; export {base} --to телефон",
    "nightly {base}", "nightly .", "nightly {base} bad.xlsx", "nightly bad.xlsx",
    "nightly {base}; nightly {base}", "schedule {base} --dry-run --system windows",
    "schedule {base} --dry-run --system systemd", "schedule {base} --dry-run --system launchd",
    "schedule {base} --dry-run --system cron", "setup --dry-run", "doctor", "doctor {base}",
    "recalc bad.xlsx", "check bad.xlsx", "recalc old.xls", "recalc short.xlsx", "recalc empty.xlsx",
]  # fmt: skip


@pytest.mark.parametrize("lines", TOLD)
def test_messages(run: Run, tmp_path: Path, base: str, lines: str) -> None:
    (tmp_path / "new.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "bad.xlsx").write_bytes(b"no workbook")
    (tmp_path / "old.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (tmp_path / "short.xlsx").write_bytes((tmp_path / base).read_bytes()[:-900])
    (tmp_path / "empty.xlsx").write_bytes(b"")
    for line in lines.format(base=base).split("; "):
        words = line.split()
        has_day = words[0] in ("log", "undo", "diff", "setup", "doctor", "new") or "--today" in line
        told = run(*words, *(() if has_day or words[0] == "schedule" else DAY))
        assert told.code != 70
        text = told.out + told.err
        if words[0] == "schedule":  # of what is shown of the system's files only she reads this
            text = re.sub(r"(?m)^ {4}(?!.*Description).*$|<[^>]*>|Description=", "", text)
        hers = f"{line} tmp pytest {KEYS if words[0] == 'why' else ''}"  # why names the rule's key
        assert latin(text, hers) == [], text
    written = {
        path.stem
        for path in tmp_path.rglob("*")
        if path.suffix not in (".xls", ".xlsx", ".xlsm", ".yaml")
    }
    assert [name for name in written if latin(name.replace("-", " "), "clientbase")] == []


@pytest.mark.parametrize("lines", ["nightly {base}", "nightly {base} bad.xlsx"])
def test_the_morning_summary(run: Run, tmp_path: Path, base: str, lines: str) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"no workbook")
    run(*lines.format(base=base).split(), *DAY)
    for name in ("clientbase-сводка.txt", "clientbase-сводка.html"):
        text = (tmp_path / name).read_text("utf-8-sig")
        text = re.sub(r"(?s)<style>.*</style>|<[^>]*>", " ", text)
        assert latin(text, "bad pytest tmp") == [], text


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_a_list_of_problems_that_was_named_in_another_language_goes(
    run: Run, tmp_path: Path
) -> None:
    bad = [[f"2026-99-{number}", "001", 5] for number in range(12)]
    write(tmp_path / "base.xlsx", {"Purchases": [*PURCHASES_OF_BASE, *bad]})
    run("--language", "en", "recalc", "base.xlsx", *DAY)
    assert names(tmp_path) == {"base.xlsx", "base-problems.txt"}
    run("--language", "ru", "recalc", "base.xlsx", "--today", "2026-11-22")
    assert names(tmp_path) == {"base.xlsx", "base-замечания.txt"}


def test_summary_and_export_that_were_named_in_another_language_go(
    run: Run, tmp_path: Path
) -> None:
    run("--language", "en", "example", "base.xlsx", *DAY)
    (tmp_path / "mailing.csv").write_text("hers", encoding="utf-8")
    for language in ("en", "ru"):
        for line in ("export base.xlsx --to phone", "nightly base.xlsx"):
            assert run("--language", language, *line.split(), *DAY).code == 0
    summary = {"clientbase-сводка.html", "clientbase-сводка.txt"}
    assert names(tmp_path) == {"base.xlsx", "mailing.csv", *summary}
    exported = {"контакты.vcf", "контакты-4.vcf", "календарь.ics", "рассылка.csv", "смс.csv"}
    assert names(tmp_path / "phone") == exported


# The configuration ------------------------------------------------------------------------------


def keys(node: object) -> Iterator[str]:
    """Everything in the schema that stands in a file of hers as it is: keys and choices."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("properties", "$defs", "patternProperties"):
                yield from value
            if key in ("enum", "const"):
                yield str(value)
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


KEYS = " ".join(keys(json.loads(schema_text())))


@pytest.mark.parametrize(
    "text",
    [*(case[0] for case in MISTAKES), *(case[1] for case in REFUSED)],
    ids=[*(str(case[0])[:60] for case in MISTAKES), *(case[0] for case in REFUSED)],
)
def test_mistakes_in_the_rules(text: str | bytes) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(text, shipped())
    hers = text if isinstance(text, str) else text.decode("utf-8", "replace")
    told = re.sub(r"«[^»]*»|\w+\.\.\.", "", str(caught.value))  # names, and long keys of hers
    assert latin(told, f"{hers} {KEYS} dd mm yyyy") == [], str(caught.value)


# Errors -----------------------------------------------------------------------------------------

HERE = Path("База.xlsx")
with speaking("ru"):
    ERRORS: list[ClientBaseError] = [
        ConfigMissingError(HERE, "нет"), errors.BinaryWorkbook(HERE), errors.Damaged(HERE, "нет"),
        errors.Damaged(HERE, "нет", "xl/workbook.xml"), errors.DoubleSheet(HERE, "Лист"),
        errors.DuplicateMembers(HERE, "а", "б"), errors.Encrypted(HERE),
        errors.ForbiddenXml(HERE, "xl/workbook.xml"), errors.HeadingsDisagree("Лист", ["A1"]),
        errors.IsAFolder(HERE),
        errors.NotAWorkbook(HERE, "нет"), errors.NotAZip(HERE, "нет"), errors.NotVerified(HERE, "нет"),
        errors.OldExcelFormat(HERE), errors.OpenDocument(HERE),
        errors.StrangeXml(HERE, "xl/workbook.xml", "нет"), errors.TooLarge(HERE, "число", 2, 1),
        errors.TooLarge(HERE, "число", 2, 1, "parts"), errors.UnsafeMember(HERE, "../а"),
        errors.WorkbookMissing(HERE), errors.WrongExtension(HERE, ".xlsm"),
        ExcelHoldsFile(HERE), ExcelNeverStarted(HERE), RecordUnreadable(HERE),
        UnfitForSettings("PYTHONPATH", "а", "б"), MapError("а", ["clients.name"]),
        UnknownRoomError("кухня", ["Каталоги"]), TargetError(HERE, "есть", "Возьмите другое."), UnusedMapError("name", "Имя", "Кто"),
        ChangedSinceError(HERE), NoRoom(HERE, "нет", "Проверьте."), PlanError(HERE, "нет"),
        SourceError(HERE, "нет", "Проверьте."), LacksColumnError(HERE, "нет", "Проверьте."), OutputError(HERE, "есть", "Проверьте."),
        KeyringRefusedError("вера@почта.рф:587", "нет"), TooManyColumnsError("Лист", 20_000), TooManyRowsError("Лист", 2_000_000), NotReadError("База"),
        *(NotOurs(HERE, why) for why in ("is a link", "is no ordinary file", "holds something else")),
        errors.NotRoots(HERE), LeadsAwayError(HERE), NoSuchCommandError("всё", HERE), OddBaseNameError("База", "U+000A"),
        NotOurs(HERE, "belongs to another user of this computer"),
    ]  # fmt: skip
ELSEWHERE = {
    ConfigError: "above, by each mistake in the rules",
    NotMailedError: "its sentences stand in tests/batch/night/test_mail.py",
    errors.WorkbookRefused: "only its children are raised",
    errors.OtherRefused: "only its children are raised",
}


def children(kind: type[ClientBaseError]) -> Iterator[type[ClientBaseError]]:
    for child in kind.__subclasses__():
        yield child
        yield from children(child)


def test_every_error_is_told_in_russian_somewhere() -> None:
    for package in (batch, rules, udfs):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    told = {type(error) for error in ERRORS} | {type(error) for error, _ in CASES}
    ours = {kind for kind in children(ClientBaseError) if not kind.__module__.startswith("tests")}
    assert ours - told - ELSEWHERE.keys() == set()


@pytest.mark.parametrize("error", range(len(ERRORS)), ids=lambda at: type(ERRORS[at]).__name__)
def test_errors(error: int) -> None:
    assert latin(str(ERRORS[error])) == [], str(ERRORS[error])


@pytest.mark.parametrize("path", files("bad"), ids=by_name)
def test_the_bad_files_of_others(run: Run, tmp_path: Path, path: Path) -> None:
    copy = tmp_path / f"bad{path.suffix}"
    shutil.copy(path, copy)
    told = run("--language", "ru", "recalc", copy.name, *DAY)
    sheets = re.findall(r"\(есть: [^)]*\)", told.err)
    assert latin(told.out + told.err, f"bad Clients {sheets}") == [], told.out + told.err


HOSTILE = {
    "cut off": zipped(hostile.BASE)[:-300],
    "a bomb": hostile.claimed(300 << 20),
    "overlapping": hostile.overlapping(),
    "quoted": hostile.quoted(),
    "entities": zipped({**hostile.BASE, hostile.RELS: hostile.LAUGHS.encode()}),
    **{
        f"no {part}": zipped({**hostile.BASE, part: b"<"})
        for part in (hostile.RELS, STYLES, CLIENTS, PURCHASES)
    },
    **{
        f"without {part}": zipped(
            {name: data for name, data in hostile.BASE.items() if name != part}
        )
        for part in hostile.BASE
        if not part.endswith("sharedStrings.xml")  # without it the cells that share texts are blank
    },
}


@pytest.mark.parametrize(
    "line", ["nightly нет.xlsx", "nightly .", "schedule", "recalc .", "log .", "doctor нет.xlsx"]
)
def test_rules_and_files_that_are_not_what_they_should_be(
    run: Run, tmp_path: Path, line: str
) -> None:
    (tmp_path / "config.yaml").write_text("groups: [\n", encoding="utf-8")
    told = run(*line.split())
    text = told.out + told.err
    assert latin(text, f"{line} {tmp_path}") == [], text
    assert "«»" not in text


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files(run: Run, tmp_path: Path, what: str) -> None:
    (tmp_path / "base.xlsx").write_bytes(HOSTILE[what])
    told = run("--language", "ru", "recalc", "base.xlsx", *DAY)
    assert latin(told.out + told.err, "Clients Purchases styles") == [], told.out + told.err


@pytest.mark.parametrize(
    "limit", ["parts: 5", "part_mb: 2", "total_mb: 3", "cells: 5", "clients: 1"]
)
def test_limits(run: Run, tmp_path: Path, limit: str) -> None:
    (tmp_path / "base.xlsx").write_bytes(hostile.bomb(3 << 20))
    (tmp_path / "config.yaml").write_text(f"limits: {{{limit}}}", encoding="utf-8")
    told = run("--language", "ru", "recalc", "base.xlsx", *DAY)
    assert (told.code, latin(told.err, "Clients Purchases")) == (2, []), told.err


# doctor -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "check", "change"),
    [*(case[:3] for case in FAILURES), *(case[:3] for case in GOOD)],
)
def test_what_doctor_finds(tmp_path: Path, platform: str, check: Check, change: Change) -> None:
    speak("ru", is_asked=True)  # the rules are English
    around = change(sound(platform, tmp_path))
    finding = check(around)
    told = f"{finding.title}. {finding.sentence} {finding.fix or ''}"
    hers = f"No such file Play Purchases Clients Contacts python {around.python.failure} {around.python.failures}"
    assert latin(told, hers) == [], told


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_what_doctor_says_where_all_is_well(tmp_path: Path, platform: str) -> None:
    speak("ru", is_asked=True)  # the rules are English
    around = sound(platform, tmp_path)
    told = doctor.report([check(around) for check in doctor.CHECKS], around)
    assert latin("\n".join(told)) == [], told
