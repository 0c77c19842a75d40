"""`clientbase doctor`: every check on a sound computer, and on one with the failure it looks for."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
import xlsxwriter

from batch import cli, configuration
from batch.installation import (
    doctor,
    excel_checks,
    probe,
    python_checks,
    surroundings,
    workbook_checks,
)
from batch.installation.diagnosis import Diagnosis, Level
from batch.installation.machine import Machine
from batch.installation.surroundings import (
    CLICK_TO_RUN,
    DISABLED,
    EXCEL_PATH,
    OPTIONS,
    POLICY,
    SECURITY,
    TRUSTED,
    Answer,
    Surroundings,
)
from batch.xlsx.workbook import Workbook
from rules.config.loading import ConfigError, ConfigProblem
from rules.errors import ClientBaseError
from tests.batch.simple_workbook import PURCHASES, TODAY, write
from tests.surroundings import ROOT

Check = Callable[[Surroundings], Diagnosis]
Change = Callable[[Surroundings], Surroundings]
EXE = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
SETUP = "Run: clientbase setup"


def sound(platform: str, folder: Path) -> Surroundings:
    """A computer on which everything is as it should be; the folder is empty before."""
    home = folder / "home"
    package = folder / "xlwings"
    (package / "addin").mkdir(parents=True)
    (package / "addin" / "xlwings.xlam").write_bytes(b"add-in")
    (package / "xlwings-0.99.0.applescript").write_bytes(b"script")
    python = folder / "venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    for file in (python, folder / "venv" / "xlwings64-0.99.0.dll"):
        file.touch()
    machine = Machine(
        platform,
        home,
        {"APPDATA": str(home / "Roaming"), "LOCALAPPDATA": str(home / "Local")},
        "cp1252",
        str(python),
        None,
        package,
        "0.99.0",
    )
    for target, source in machine.copies().items():
        target.parent.mkdir(parents=True)
        target.write_bytes(source.read_bytes())
    (home / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
    book = macro_book(home / "ClientBase.xlsm")
    user = {
        machine.interpreter_key: str(python),
    }
    registry = {EXCEL_PATH: {"": EXE}, CLICK_TO_RUN: {"platform": "x64"}}
    return Surroundings(
        machine,
        {"sheet": {}, "folder": {}, "user": user},
        str(python),
        Answer(
            (3, 12, 1),
            64,
            "0.99.0",
            {
                name: str(folder / "venv" / "site" / name / "__init__.py")
                for name in surroundings.MODULES
            },
        ),
        registry if platform == "win32" else {},
        book,
        Workbook.open(book),
        configuration.read(configuration.shipped_path()),
        TODAY,
    )


def macro_book(path: Path) -> Path:
    """An empty base with macros; what they do is of no interest here."""
    vba = path.with_suffix(".bin")
    vba.touch()
    with xlsxwriter.Workbook(path) as book:
        book.add_vba_project(str(vba))
        book.add_worksheet("Clients").write_row(0, 0, ["ID", "Name"])
        book.add_worksheet("Purchases").write_row(0, 0, ["Date", "Client ID", "Amount"])
    return path


@pytest.fixture(params=["win32", "darwin", "linux"])
def around(request: pytest.FixtureRequest, tmp_path: Path) -> Surroundings:
    return sound(request.param, tmp_path)


def with_settings(around: Surroundings, level: str = "user", **changed: str) -> Surroundings:
    new = {key.replace("__", " "): value for key, value in changed.items()}
    return replace(around, settings={**around.settings, level: {**around.settings[level], **new}})


def with_registry(around: Surroundings, key: str, **values: object) -> Surroundings:
    return replace(around, registry={**around.registry, key: values})


def with_python(around: Surroundings, **changed: object) -> Surroundings:
    return replace(around, python=replace(around.python, **changed))  # type: ignore[arg-type]


def without(around: Surroundings, path: Path) -> Surroundings:
    path.unlink()
    return around


def written(around: Surroundings, path: Path, text: str = "") -> Surroundings:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return around


def marked(around: Surroundings, path: Path) -> Surroundings:
    """The file with the mark that Windows gives to a download."""
    return written(around, Path(f"{path}:Zone.Identifier"), "[ZoneTransfer]\r\nZoneId=3\r\n")


def book_of(around: Surroundings) -> Path:
    assert around.workbook is not None
    return around.workbook


def reading(around: Surroundings, path: Path) -> Surroundings:
    try:
        return replace(around, workbook=path, book=Workbook.open(path))
    except ClientBaseError as error:
        return replace(around, workbook=path, book=error)


def trusted(around: Surroundings, *, below: int = 0, up: int = 0) -> Surroundings:
    folder = str(book_of(around).parents[up]).replace("/", "\\") + "\\"
    return with_registry(around, rf"{TRUSTED}\Location9", path=folder, allowsubfolders=below)


def crashed(name: str) -> bytes:
    return b"\x01\x00\x00\x00" + f"C:\\Somewhere\\{name}\0".encode("utf-16-le")


FAILURES: list[tuple[str, Check, Change, Level, str, str]] = [
    # platform, check, what is changed on the sound computer, level, in the sentence, in the fix
    ("win32", excel_checks.excel_there,
     lambda s: with_registry(s, EXCEL_PATH, **{"": r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16\EXCEL.EXE"}),
     Level.PROBLEM, "Microsoft Store's edition, which can't start Python", "install it from www.office.com"),
    ("win32", excel_checks.excel_there,
     lambda s: replace(written(s, s.machine.home / "Local/Packages/Microsoft.Office.Desktop_8wekyb3d8bbwe/x"), registry={}),
     Level.PROBLEM, "Microsoft Store's edition", "Uninstall Office"),
    ("win32", excel_checks.excel_there, lambda s: replace(s, registry={}),
     Level.WARNING, "Windows knows of no Excel.", "Install Excel for Windows."),
    ("darwin", excel_checks.excel_there,
     lambda s: replace(s, machine=replace(s.machine, home=s.machine.home / "other")),
     Level.WARNING, "Not found among the applications.", "Install Excel for Mac."),
    ("win32", excel_checks.addin_there, lambda s: without(s, s.machine.addin),
     Level.PROBLEM, "'xlwings.xlam' isn't in ", SETUP),
    ("darwin", excel_checks.addin_there, lambda s: written(s, s.machine.addin, "older"),
     Level.PROBLEM, "It is of another version than xlwings (0.99.0).", "Close Excel, then run: clientbase setup"),
    ("win32", excel_checks.addin_there, lambda s: with_python(s, xlwings="0.98.0"),
     Level.PROBLEM, "It is of xlwings 0.99.0, Excel's Python has 0.98.0.", SETUP),
    ("win32", excel_checks.second_addin,
     lambda s: with_registry(s, OPTIONS, open='/R "C:\\Old\\XLWINGS.XLAM"'),
     Level.PROBLEM, "Excel loads another copy, too: /R", "untick xlwings"),
    ("win32", excel_checks.addin_disabled,
     lambda s: with_registry(s, DISABLED, item=crashed("xlwings.xlam")),
     Level.PROBLEM, "After a crash Excel has disabled 'xlwings.xlam'.", "Disabled Items"),
    ("win32", excel_checks.addin_disabled,
     lambda s: with_registry(s, DISABLED, item=crashed("ClientBase.xlsm")),
     Level.PROBLEM, "After a crash Excel has disabled 'clientbase.xlsm'.", "Disabled Items"),
    ("darwin", excel_checks.applescript,
     lambda s: without(s, s.machine.applescript or Path()),
     Level.PROBLEM, "'xlwings-0.99.0.applescript' isn't in ", SETUP),
    ("win32", excel_checks.blocked_addin, lambda s: marked(s, s.machine.addin),
     Level.PROBLEM, "as a download.", "tick Unblock"),
    ("win32", excel_checks.macro_policy, lambda s: with_registry(s, SECURITY, vbawarnings=4),
     Level.PROBLEM, "Excel is set to disable macros without asking.", "Macro Settings"),
    ("win32", excel_checks.macro_policy, lambda s: with_registry(s, POLICY, vbawarnings=3),
     Level.PROBLEM, "Excel is set to disable macros without asking.", "Ask whoever looks after"),
    ("win32", excel_checks.blocked_workbook, lambda s: marked(s, book_of(s)),
     Level.PROBLEM, "The file comes from the Internet, so Excel keeps its macros", "tick Unblock"),
    ("win32", excel_checks.network_folder,
     lambda s: replace(s, workbook=Path("//server/share/ClientBase.xlsm")),
     Level.WARNING, "It lies on the network", "a folder on this computer"),
    ("win32", excel_checks.cloud_folder,
     lambda s: replace(s, machine=replace(s.machine, environment={"OneDriveConsumer": str(s.machine.home)})),
     Level.WARNING, "The workbook is on OneDrive or SharePoint", "outside OneDrive"),
    ("darwin", excel_checks.cloud_folder,
     lambda s: replace(s, workbook=Path("/Users/anna/Library/CloudStorage/OneDrive-Personal/Base.xlsm")),
     Level.WARNING, "The workbook is on OneDrive or SharePoint", "outside OneDrive"),
    ("win32", python_checks.interpreter, lambda s: replace(s, interpreter=None),
     Level.PROBLEM, "Excel hasn't been told which Python to start.", SETUP),
    ("darwin", python_checks.interpreter, lambda s: replace(s, interpreter="/gone/python"),
     Level.PROBLEM, "/gone/python doesn't exist any more.", SETUP),
    ("win32", python_checks.interpreter,
     lambda s: replace(s, machine=replace(s.machine, interpreter="/another/python")),
     Level.WARNING, "clientbase runs here with /another/python.", "run here: clientbase setup"),
    ("linux", python_checks.python_starts, lambda s: with_python(s, version=(3, 10, 9)),
     Level.PROBLEM, "Python 3.10.9 is too old; 3.11 is needed.", "Install Python from www.python.org"),
    ("win32", python_checks.python_starts, lambda s: with_python(s, failure="no such file"),
     Level.PROBLEM, "Python can't be started: no such file.", "Install Python from www.python.org"),
    ("win32", python_checks.modules,
     lambda s: with_python(s, failures={"udfs": "ModuleNotFoundError: No module named 'udfs'"}),
     Level.PROBLEM, "That Python can't load 'udfs' (ModuleNotFoundError: No module named 'udfs').", SETUP),
    ("linux", python_checks.modules, lambda s: with_python(s, failures={"rules": "why"}),
     Level.PROBLEM, "That Python can't load 'rules' (why).", "In the folder of this program, run: python -m pip install ."),
    ("win32", python_checks.modules,
     lambda s: with_python(s, files={**s.python.files, "udfs": "/other/udfs/__init__.py"}),
     Level.PROBLEM, "Its parts are found in different folders: /", "Rename or move the files"),
    ("win32", python_checks.windows_bridge,
     lambda s: with_python(s, failures={"win32com.client": "ImportError: DLL load failed"}),
     Level.PROBLEM, "Python can't speak to Excel (ImportError: DLL load failed).", "-m pip install --force-reinstall --no-deps pywin32"),
    ("win32", python_checks.windows_bridge,
     lambda s: replace(with_python(s, failures={"win32com.client": "why"}), interpreter=None),
     Level.PROBLEM, "Python can't speak to Excel (why).", 'python.exe" -m pip install'),
    ("win32", python_checks.helper_library,
     lambda s: with_registry(s, CLICK_TO_RUN, platform="x86"),
     Level.PROBLEM, "'xlwings32-0.99.0.dll', which Excel needs, is neither in ", "--force-reinstall --no-deps xlwings==0.99.0"),
    ("win32", python_checks.helper_library,
     lambda s: with_python(with_registry(s, CLICK_TO_RUN, platform="x86"), files={"xlwings": str(s.machine.home / "Roaming/Python/xlwings/__init__.py")}),
     Level.PROBLEM, "'xlwings32-0.99.0.dll', which Excel needs, is neither in ", "in an environment of its own (py -m venv)"),
    ("win32", python_checks.helper_library,
     lambda s: replace(s, interpreter=str(s.machine.home / "python.exe"), python=replace(s.python, files={"xlwings": str(s.machine.home / "Lib/xlwings/__init__.py")})),
     Level.PROBLEM, "'xlwings64-0.99.0.dll', which Excel needs, is neither in ", "--force-reinstall --no-deps xlwings==0.99.0"),
    ("win32", python_checks.helper_library, lambda s: replace(s, registry={}),
     Level.PROBLEM, "'xlwings32-0.99.0.dll', which Excel needs, is neither in ", "--force-reinstall --no-deps xlwings==0.99.0"),
    ("win32", python_checks.store_python,
     lambda s: replace(s, interpreter=r"C:\Users\Anna\AppData\Local\Microsoft\WindowsApps\python.exe"),
     Level.PROBLEM, "This Python is from the Microsoft Store.", "Install Python from www.python.org"),
    ("win32", python_checks.letters_of_paths,
     lambda s: replace(s, interpreter=r"C:\Users\Анна\python.exe"),
     Level.PROBLEM, "has characters that Excel can't read here: Ана.", r"such as C:\clientbase"),
    ("win32", python_checks.letters_of_paths,
     lambda s: with_settings(s, PYTHONPATH=r"C:\Work & Play;C:\More"),
     Level.WARNING, r"C:\Work & Play has '&' in it, which Windows may take for a command.", r"such as C:\clientbase"),
    ("darwin", python_checks.letters_of_paths,
     lambda s: replace(s, interpreter="/Users/anna/My Python (1)/bin/python"),
     Level.PROBLEM, "has a blank, '(', ')' in it, so macOS can't start it.", "such as ~/clientbase"),
    ("win32", python_checks.settings_overridden,
     lambda s: replace(s, settings={**s.settings, "user": {}}),
     Level.PROBLEM, "xlwings.conf is missing or empty.", SETUP),
    ("win32", python_checks.settings_overridden,
     lambda s: with_settings(s, "sheet", INTERPRETER_WIN="python"),
     Level.WARNING, "The sheet 'xlwings.conf' of the workbook sets INTERPRETER_WIN to 'python'", "Delete the line INTERPRETER_WIN there."),
    ("darwin", python_checks.settings_overridden,
     lambda s: with_settings(s, "folder", PYTHONPATH="/old"),
     Level.WARNING, "The file 'xlwings.conf' beside the workbook sets PYTHONPATH to '/old'", "Delete the line PYTHONPATH there."),
    ("win32", python_checks.debug_server, lambda s: with_settings(s, DEBUG__UDFS="True"),
     Level.PROBLEM, "Excel waits for a Python that nobody starts.", "untick Debug UDFs"),
    ("linux", workbook_checks.rules_readable,
     lambda s: replace(s, rules=ConfigError("config.yaml", [ConfigProblem(1, 1, "a"), ConfigProblem(2, 1, "b")])),
     Level.PROBLEM, "'config.yaml' has 2 problems.", "They are listed by: clientbase check"),
    ("linux", workbook_checks.rules_readable,
     lambda s: replace(s, rules=configuration.ConfigMissingError(Path("mine.yaml"), "No such file")),
     Level.PROBLEM, "The configuration 'mine.yaml' can't be read: No such file.", "Check its name."),
    ("linux", workbook_checks.workbook_sound,
     lambda s: reading(s, s.machine.home / "None.xlsm"),
     Level.PROBLEM, "'None.xlsm' was not found in the folder", "Check the name and the folder"),
    ("win32", workbook_checks.workbook_sound,
     lambda s: replace(s, book=PermissionError(13, "Permission denied")),
     Level.PROBLEM, "Permission denied.", "Check the file's name and rights."),
    ("win32", workbook_checks.workbook_macros,
     lambda s: reading(s, write(s.machine.home / "Plain.xlsx")),
     Level.WARNING, "has neither the button nor the functions", "ClientBase.xlsm"),
    ("win32", excel_checks.excel_there,
     lambda s: with_registry(s, EXCEL_PATH, **{"": r"C:\Program Files\Microsoft Office\Office12\EXCEL.EXE"}),
     Level.PROBLEM, "This Excel is older than 2010", "Install a newer Excel"),
    ("linux", workbook_checks.workbook_tables,
     lambda s: reading(s, write(s.machine.home / "Plain.xlsx", {"Purchases": []})),
     Level.PROBLEM, "'Plain.xlsx' has no sheet 'Purchases' (found: Clients, Contacts).", "Rename the sheet"),
    ("linux", workbook_checks.workbook_data,
     lambda s: reading(s, write(s.machine.home / "Plain 2.xlsx", {"Purchases": [*PURCHASES, *[[f"2026-99-{day}", "001", 5] for day in range(9)]]})),
     Level.WARNING, "9 cells need a look.\n      Purchases!A5: '2026-99-0' can't be read as a date.", "All are listed by: clientbase check '"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "check", "change", "level", "sentence", "fix"),
    FAILURES,
    ids=[f"{case[1].__name__}-{case[0]}-{at}" for at, case in enumerate(FAILURES)],
)
def test_a_failure_is_told_with_its_fix(
    tmp_path: Path,
    platform: str,
    check: Check,
    change: Change,
    level: Level,
    sentence: str,
    fix: str,
) -> None:
    around = sound(platform, tmp_path)
    assert check(around).level is Level.OK
    finding = check(change(around))
    assert finding.level is level
    assert sentence in finding.sentence
    assert fix in finding.fix


GOOD: list[tuple[str, Check, Change, str]] = [
    # Things that look like a failure and are none.
    ("win32", excel_checks.excel_there, lambda s: replace(s, registry={EXCEL_PATH: {"": r"C:\Program Files (x86)\Office\EXCEL.EXE"}}), "Installed, 32 bit."),
    ("win32", excel_checks.second_addin, lambda s: with_registry(s, OPTIONS, open="C:\\Other.xlam", other="xlwings.xlam"), "Excel loads no other copy."),
    ("win32", excel_checks.addin_disabled, lambda s: with_registry(s, DISABLED, item=crashed("Other.xlsm"), number=1), "Excel has disabled nothing of this."),
    ("win32", excel_checks.macro_policy, lambda s: with_registry(s, SECURITY, vbawarnings=2), "Excel asks once for each workbook"),
    ("win32", excel_checks.macro_policy, lambda s: trusted(with_registry(s, SECURITY, vbawarnings=4)), "Excel asks once for each workbook"),
    ("win32", excel_checks.blocked_workbook, lambda s: trusted(marked(s, book_of(s))), "Windows doesn't treat it"),
    ("win32", excel_checks.blocked_workbook, lambda s: written(s, Path(f"{book_of(s)}:Zone.Identifier"), "[ZoneTransfer]\nZoneId=0"), "Windows doesn't treat it"),
    ("win32", excel_checks.network_folder, lambda s: trusted(s, up=1, below=1), "In a trusted location of Excel: "),
    ("win32", excel_checks.cloud_folder, lambda s: replace(s, machine=replace(s.machine, environment={"OneDrive": "/elsewhere"})), "in no folder of OneDrive"),
    ("win32", python_checks.letters_of_paths, lambda s: replace(s, interpreter=r"C:\Program Files (x86)\Python\python.exe"), "None that gets in the way."),
    ("win32", python_checks.helper_library, lambda s: written(with_registry(s, CLICK_TO_RUN, platform="x86"), Path(s.machine.interpreter).parent / "xlwings32-0.99.0.dll"), "Excel is 32 bit, Python 64 bit; they fit together."),
    ("win32", python_checks.settings_overridden, lambda s: with_settings(s, "sheet", USE__UDF__SERVER="TRUE", ADD_WORKBOOK_TO_PYTHONPATH="True"), "xlwings.conf."),
    ("linux", workbook_checks.workbook_tables, lambda s: reading(s, write(s.machine.home / "Plain.xlsx")), "All there; clients: 3."),
    ("linux", workbook_checks.workbook_data, lambda s: reading(s, write(s.machine.home / "Plain.xlsx")), "Every cell can be used."),
    ("linux", workbook_checks.workbook_tables, lambda s: s, "All there, still without clients."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "check", "change", "sentence"),
    GOOD,
    ids=[f"{case[1].__name__}-{at}" for at, case in enumerate(GOOD)],
)
def test_what_only_looks_like_a_failure_is_none(
    tmp_path: Path, platform: str, check: Check, change: Change, sentence: str
) -> None:
    finding = check(change(sound(platform, tmp_path)))
    assert finding.level is Level.OK
    assert sentence in finding.sentence


@pytest.mark.parametrize(("below", "disabled"), [(0, 0), (1, 1)])
def test_a_trusted_location_counts_only_as_excel_counts_it(
    tmp_path: Path, below: int, disabled: int
) -> None:
    around = trusted(marked(s := sound("win32", tmp_path), book_of(s)), up=1, below=below)
    around = with_registry(around, TRUSTED, alllocationsdisabled=disabled)
    assert excel_checks.blocked_workbook(around).level is Level.PROBLEM


def test_every_check_is_run_and_has_a_failing_case() -> None:
    written_checks = {
        function
        for module in (excel_checks, python_checks, workbook_checks)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and function.__annotations__.get("return") == "Diagnosis"
    }
    assert len(written_checks) > 20
    assert set(doctor.CHECKS) == written_checks
    assert len(doctor.CHECKS) == len(written_checks)
    assert {case[1] for case in FAILURES} == written_checks


def test_a_sound_computer_has_no_problems(around: Surroundings) -> None:
    findings = doctor.examine(around)
    assert {finding.level for finding in findings} <= {Level.OK, Level.NOT_HERE}
    assert not doctor.has_problem(findings)
    assert doctor.report(findings, around)[-1] == "No problems found."


def test_without_a_workbook_only_the_computer_is_checked(around: Surroundings) -> None:
    bare = replace(around, workbook=None, book=None)
    lines = doctor.report(doctor.examine(bare), bare)
    assert lines[-2:] == [
        "  Name your workbook to have it checked, too: clientbase doctor YourBase.xlsm",
        "No problems found.",
    ]


def test_without_excel_only_what_applies_is_told(tmp_path: Path) -> None:
    around = sound("linux", tmp_path)
    titles = [finding.title for finding in doctor.examine(around) if finding.level is Level.OK]
    assert titles == ["Python version", "This program", "Rules", "Workbook", "Tables", "Data"]
    lines = doctor.report(doctor.examine(around), around)
    assert "  There is no Excel for this system; what concerns Excel is left out." in lines


def test_the_report_has_one_line_a_finding_and_its_fix_below(tmp_path: Path) -> None:
    found = [
        Diagnosis(Level.OK, "Installed.", title="Excel"),
        Diagnosis(Level.WARNING, "On OneDrive.", "Move it.", "Cloud"),
        Diagnosis(Level.PROBLEM, "Missing.", "Run: clientbase setup", "Add-in"),
        Diagnosis(Level.NOT_HERE, title="pywin32"),
    ]
    assert doctor.report(found, sound("win32", tmp_path)) == [
        "✓ Excel: Installed.",
        "! Cloud: On OneDrive.",
        "    Move it.",
        "✗ Add-in: Missing.",
        "    Run: clientbase setup",
        f"  {doctor.VERSIONS}",
        "Problems: 1, warnings: 1. What to do stands below each.",
    ]
    assert doctor.has_problem(found)
    assert not doctor.has_problem(found[:2])


def test_the_sheet_counts_before_the_folder_and_the_folder_before_the_user(
    tmp_path: Path,
) -> None:
    around = sound("win32", tmp_path)
    around = with_settings(around, "folder", PYTHONPATH="folder", LOG="folder")
    around = with_settings(around, "sheet", PYTHONPATH="%appdata%\\sheet;%UNKNOWN%")
    assert around.setting("PYTHONPATH") == f"{tmp_path}/home/Roaming\\sheet;%UNKNOWN%"
    assert around.setting("LOG") == "folder"
    assert around.setting("INTERPRETER_WIN") == around.machine.interpreter
    assert around.setting("OTHER", "default") == "default"


def test_settings_are_read_from_the_sheet_the_folder_and_the_home(tmp_path: Path) -> None:
    machine = sound("win32", tmp_path / "pc").machine
    path = write(tmp_path / "Base.xlsx", {"Xlwings.conf": [["a", 1], ["B", "sheet"]]})
    (tmp_path / "xlwings.conf").write_text('"B","folder"\n', encoding="cp1252")
    machine.settings.parent.mkdir()
    machine.settings.write_text('"B","user"\n', encoding="cp1252")
    assert surroundings.settings_levels(machine, path, Workbook.open(path)) == {
        "sheet": {"A": "1", "B": "sheet"},
        "folder": {"B": "folder"},
        "user": {"B": "user"},
    }
    assert surroundings.settings_levels(machine, None, None) == {"sheet": {}, "user": {"B": "user"}}


def test_home_is_put_into_settings_on_a_mac(tmp_path: Path) -> None:
    around = with_settings(sound("darwin", tmp_path), PYTHONPATH="$HOME/clientbase")
    assert around.setting("PYTHONPATH") == f"{tmp_path}/home/clientbase"


def test_python_is_asked_what_it_can_import(tmp_path: Path) -> None:
    for name, text in (("fine", "x = 1"), ("broken", "print('noise'); raise RuntimeError('why')")):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    answer = surroundings.ask(sys.executable, [str(tmp_path)], ("fine", "broken", "absent"))
    assert answer.version == sys.version_info[:3]
    assert answer.bits in {32, 64}
    assert answer.files == {"fine": str(tmp_path / "fine.py")}
    assert answer.failures == {
        "broken": "RuntimeError: why",
        "absent": "ModuleNotFoundError: No module named 'absent'",
    }
    assert not answer.failure


def test_the_search_path_of_the_terminal_is_not_that_of_excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert "only_here" in surroundings.ask(sys.executable, [], ("only_here",)).failures


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        ("#!/bin/sh\necho 'it is broken' >&2; exit 3\n", "it is broken"),
        ("#!/bin/sh\nexit 3\n", "it ended with code 3"),
        ("#!/bin/sh\necho '[]'\n", "[]"),
    ],
)
def test_a_python_that_does_not_answer_is_told(tmp_path: Path, script: str, failure: str) -> None:
    path = tmp_path / "python"
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    assert surroundings.ask(str(path), [], ()).failure == failure


def test_a_python_that_is_gone_is_told(tmp_path: Path) -> None:
    answer = surroundings.ask(str(tmp_path / "gone"), [], ())
    assert answer.failure == "No such file or directory"


def test_excel_has_its_python_asked_with_the_folders_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(surroundings, "ask", lambda *what: asked.append(what))
    around = sound("win32", tmp_path)
    around = replace(around, machine=replace(around.machine, modules=Path("/here")))
    with_folders = with_settings(around, PYTHONPATH="/a;;/b", INTERPRETER_WIN="/set/python")
    surroundings.ask_python(with_folders)
    modules = ("xlwings", "udfs", "batch", "rules")
    assert asked == [
        ("/set/python", ["/a", "/b"], (*modules, "win32com.client")),
    ]
    asked.clear()
    linux = replace(
        sound("linux", tmp_path / "l"), settings={"user": {"INTERPRETER": "/set/python"}}
    )
    linux = replace(linux, machine=replace(linux.machine, modules=Path("/here")))
    surroundings.ask_python(linux)
    assert asked == [(linux.machine.interpreter, ["/here"], modules)]


class FakeRegistry(types.ModuleType):
    """As much of winreg as is used, over plain tables."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "HKCU", "HKLM"
    KEY_READ, KEY_WOW64_64KEY = 1, 2

    def __init__(self, keys: Mapping[str, Mapping[str, object]]) -> None:
        super().__init__("winreg")
        self.keys = keys

    def OpenKey(self, hive: str, path: str, _zero: int, access: int) -> FakeKey:  # noqa: N802
        """The key, if there is one."""
        assert access == 3
        if f"{hive}\\{path}" not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return FakeKey(f"{hive}\\{path}")

    def QueryInfoKey(self, key: FakeKey) -> tuple[int, int, int]:  # noqa: N802
        """How many keys and values it has."""
        return len(self._below(key)), len(self.keys[key.path]), 0

    def EnumValue(self, key: FakeKey, at: int) -> tuple[str, object, int]:  # noqa: N802
        """One of its values."""
        return (*list(self.keys[key.path].items())[at], 1)

    def EnumKey(self, key: FakeKey, at: int) -> str:  # noqa: N802
        """The name of one of the keys below."""
        return self._below(key)[at]

    def _below(self, key: FakeKey) -> list[str]:
        return [
            path.removeprefix(f"{key.path}\\")
            for path in self.keys
            if path.startswith(f"{key.path}\\")
        ]


class FakeKey:
    """An opened key."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


def test_the_registry_is_read_with_the_keys_below(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: dict[str, dict[str, object]] = {
        SECURITY: {"VBAWarnings": 2},
        TRUSTED: {},
        rf"{TRUSTED}\Location0": {"Path": "C:\\Base\\", "AllowSubFolders": 1},
    }
    monkeypatch.setitem(sys.modules, "winreg", FakeRegistry(keys))
    read = surroundings.read_registry()
    assert read[SECURITY] == {"vbawarnings": 2}
    assert read[rf"{TRUSTED}\Location0"] == {"path": "C:\\Base\\", "allowsubfolders": 1}
    assert read[CLICK_TO_RUN] == {}


def test_the_probe_runs_on_any_python_3() -> None:
    answer = probe.answer(["/folder", "|", "json"])  # type: ignore[no-untyped-call]
    assert sys.path.pop(0) == "/folder"
    assert list(answer["files"]) == ["json"]
    assert "->" not in inspect.getsource(probe)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_after_setup_the_command_finds_no_problem_in_what_setup_makes(
    platform: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = Machine.here()
    machine = replace(
        here, platform=platform, home=tmp_path, environment={}, modules=ROOT, encoding="utf-8"
    )
    if machine.container is not None:
        machine.container.mkdir(parents=True)
    monkeypatch.setattr(Machine, "here", lambda: machine)
    monkeypatch.setattr(surroundings, "read_registry", dict)
    assert run_command(monkeypatch, "doctor") == 1
    assert "✗ Add-in: 'xlwings.xlam' isn't in" in capsys.readouterr().out
    assert run_command(monkeypatch, "setup") == 0
    capsys.readouterr()
    run_command(monkeypatch, "doctor", str(macro_book(tmp_path / "Base.xlsm")))
    told = capsys.readouterr().out
    for line in (
        f"✓ Add-in: Version {here.xlwings_version}",
        f"✓ Python of Excel: {sys.executable}.",
        f"✓ This program: Found in {ROOT}.",
        f"✓ Settings: {machine.settings}.",
        "✓ Tables: All there, still without clients.",
    ):
        assert line in told


def run_command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["clientbase", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.skipif(sys.platform != "linux", reason="what is found depends on the computer")
def test_on_linux_the_command_checks_what_works_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "Base.xlsx")
    assert run_command(monkeypatch, "doctor", str(path)) == 0
    assert "✓ Tables: All there; clients: 3.\n" in capsys.readouterr().out
    (tmp_path / "config.yaml").write_text("gifts: {persent: 2}\n", encoding="utf-8")
    assert run_command(monkeypatch, "doctor", str(path)) == 1
    told = capsys.readouterr().out
    assert "✗ Rules: 'config.yaml' has 1 problem.\n" in told
    assert f"    They are listed by: clientbase check {path}\n" in told
    assert "Problems: 1, warnings: 0. What to do stands below each.\n" in told


def test_a_missing_workbook_is_a_finding_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(monkeypatch, "doctor", str(tmp_path / "None.xlsm")) == 1
    assert "✗ Workbook: 'None.xlsm' was not found in the folder" in capsys.readouterr().out
