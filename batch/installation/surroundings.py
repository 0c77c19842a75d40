"""What the checks of `clientbase doctor` look at, gathered once."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from batch import configuration
from batch.book import ClosedBook
from batch.configuration import Rules
from batch.errors import reason_of
from batch.installation import settings_file
from batch.installation.machine import SETTINGS, WINDOWS, Machine
from batch.installation.setup import settings_text
from batch.xlsx.workbook import open_book
from rules.errors import ClientBaseError
from words import _

MODULES: Final = ("xlwings", "udfs", "batch", "rules")
OFFICE: Final = r"Software\Microsoft\Office\16.0\Excel"
CLICK_TO_RUN: Final = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
EXCEL_PATH: Final = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
OPTIONS: Final = rf"HKCU\{OFFICE}\Options"
SECURITY: Final = rf"HKCU\{OFFICE}\Security"
POLICY: Final = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
TRUSTED: Final = rf"{SECURITY}\Trusted Locations"
DISABLED: Final = rf"HKCU\{OFFICE}\Resiliency\DisabledItems"
_EXCEL_PATHS: Final = (EXCEL_PATH, EXCEL_PATH.replace("HKLM", "HKCU"))
_KEYS: Final = (CLICK_TO_RUN, *_EXCEL_PATHS, OPTIONS, SECURITY, POLICY, TRUSTED, DISABLED)
_PROBE_SECONDS: Final = 120
_MOST_SETTINGS: Final = 200

Registry = Mapping[str, Mapping[str, object]]
"""Keys of the Windows registry: their values, by name in small letters. Missing keys are absent."""


@dataclass(frozen=True)
class Answer:
    """What the Python that Excel will start says of itself.

    failure tells why it didn't start, and then the rest is empty; files are those of the modules
    that it can import, failures the reasons for the others.
    """

    version: tuple[int, ...] = ()
    bits: int = 0
    xlwings: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""


@dataclass(frozen=True)
class Surroundings:
    """All that the checks look at.

    settings by level, the strongest first: those of the workbook's sheet, of its folder, of the
    user; interpreter is the Python that Excel will start (without Excel: this one), None when none
    is set; workbook is the file that was named, book what came of reading it.
    """

    machine: Machine
    settings: Mapping[str, Mapping[str, str]]
    interpreter: str | None
    python: Answer
    registry: Registry
    workbook: Path | None
    book: ClosedBook | ClientBaseError | OSError | None
    rules: Rules | ClientBaseError
    today: dt.date

    def setting(self, key: str, default: str = "") -> str:
        """The value that counts, with its environment variables put in."""
        for level in self.settings.values():
            if key in level:
                return expanded(level[key], self.machine)
        return default

    @property
    def on_windows(self) -> bool:
        """Whether this is Windows."""
        return self.machine.platform == WINDOWS

    @property
    def excel_path(self) -> str:
        """Where Windows starts Excel from, '' when it doesn't know."""
        for key in _EXCEL_PATHS:
            if path := self.registry.get(key, {}).get(""):
                return str(path).strip('"')
        return ""

    @property
    def excel_release(self) -> int | None:
        """The number of its release, such as 16, by its folder; None where that doesn't tell."""
        found = re.search(r"[\\/]office(\d+)[\\/]", self.excel_path, re.IGNORECASE)
        return int(found[1]) if found else None

    @property
    def excel_bits(self) -> int | None:
        """32 or 64, None when the registry doesn't tell."""
        platform = self.registry.get(CLICK_TO_RUN, {}).get("platform")
        if platform in {"x86", "x64"}:
            return 32 if platform == "x86" else 64
        return 32 if "program files (x86)" in self.excel_path.casefold() else None


def gather(workbook: Path | None, asked: Path | None) -> Surroundings:
    """The surroundings on this computer, of a workbook or none; *asked* is --config."""
    machine = Machine.here()
    book = _open(workbook) if workbook else None
    levels = settings_levels(machine, workbook, book)
    registry = read_registry() if machine.platform == WINDOWS else {}
    rules = _rules(workbook, asked)
    today = dt.datetime.now().astimezone().date()
    bare = Surroundings(machine, levels, None, Answer(), registry, workbook, book, rules, today)
    return replace(bare, interpreter=set_interpreter(bare), python=ask_python(bare))


def set_interpreter(around: Surroundings) -> str | None:
    """The Python that the settings name; where there is no Excel, the one that runs."""
    if not around.machine.has_excel:
        return around.machine.interpreter
    return around.setting(around.machine.interpreter_key) or around.setting("INTERPRETER") or None


def ask_python(around: Surroundings) -> Answer:
    """What the Python that Excel will start, or else the running one, can import there."""
    machine = around.machine
    folders = around.setting("PYTHONPATH").split(";")
    if not machine.has_excel and machine.modules is not None:
        folders = [str(machine.modules)]
    windows = ("win32com.client",) if around.on_windows else ()
    interpreter = set_interpreter(around) or machine.interpreter
    return ask(interpreter, [folder for folder in folders if folder], (*MODULES, *windows))


def ask(interpreter: str, folders: Sequence[str], modules: Sequence[str]) -> Answer:
    """What *interpreter* says of itself when it is started as Excel starts it: not from this
    folder, and without the search path of this terminal.
    """
    probe = (Path(__file__).parent / "probe.py").read_text(encoding="utf-8")
    command = [interpreter, "-B", "-c", probe, *folders, "|", *modules]
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
    try:
        run = subprocess.run(  # noqa: S603 — the user's own Python, named in her settings
            command,
            cwd=Path(interpreter).parent,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_SECONDS,
            check=False,
        )
        return _answer(run)
    except subprocess.TimeoutExpired:
        return Answer(
            failure=_("it didn't answer within {count} seconds").format(count=_PROBE_SECONDS)
        )
    except OSError as error:
        return Answer(failure=reason_of(error))


def _answer(run: subprocess.CompletedProcess[str]) -> Answer:
    try:
        told = json.loads(run.stdout.splitlines()[-1])
        version = tuple(told["version"])
        return Answer(version, told["bits"], told["xlwings"], told["files"], told["failures"])
    except (ValueError, LookupError, TypeError):
        said = (run.stderr or run.stdout).strip().splitlines()
        return Answer(
            failure=said[-1] if said else _("it ended with code {code}").format(code=run.returncode)
        )


def settings_levels(
    machine: Machine,
    workbook: Path | None,
    book: ClosedBook | ClientBaseError | OSError | None,
) -> dict[str, dict[str, str]]:
    """The settings by level, the strongest first."""
    levels = {"sheet": {} if book is None or isinstance(book, Exception) else _sheet_settings(book)}
    if workbook is not None:
        beside = workbook.absolute().parent / SETTINGS
        levels["folder"] = settings_file.values(settings_text(beside, machine.encoding))
    levels["user"] = settings_file.values(settings_text(machine.settings, machine.encoding))
    return levels


def _sheet_settings(book: ClosedBook) -> dict[str, str]:
    names = {sheet.name.casefold() for sheet in book.sheets}
    if SETTINGS not in names:
        return {}
    rows = book.top_rows(book.sheet(SETTINGS), _MOST_SETTINGS)
    return {cells[1].strip().upper(): cells.get(2, "") for cells in rows.values() if 1 in cells}


def expanded(value: str, machine: Machine) -> str:
    """A setting with its environment variables put in, as the add-in does it."""
    if machine.platform != WINDOWS:
        return re.sub(r"^\$HOME(?=/|$)", str(machine.home), value)
    known = {name.casefold(): text for name, text in machine.environment.items()}
    return re.sub(r"%([^%]+)%", lambda name: known.get(name[1].casefold(), name[0]), value)


def plain_path(path: str) -> str:
    """A path as paths are compared."""
    return path.replace("\\", "/").rstrip("/").casefold()


def is_from_store(path: str) -> bool:
    """Whether a program lies in the folder of the Microsoft Store."""
    return any(
        part == "windowsapps" or part.startswith("pythonsoftwarefoundation.python")
        for part in plain_path(path).split("/")
    )


def read_registry() -> Registry:
    """The keys of the Windows registry that matter here, with those right below them."""
    winreg: Any = importlib.import_module("winreg")
    found: dict[str, Mapping[str, object]] = {}
    for key in _KEYS:
        values, below = _read_key(winreg, key)
        found[key] = values
        for name in below:
            found[f"{key}\\{name}"] = _read_key(winreg, f"{key}\\{name}")[0]
    return found


def _read_key(winreg: Any, key: str) -> tuple[dict[str, object], list[str]]:  # noqa: ANN401
    """Values of a key and the names of the keys below it; nothing for one that can't be read."""
    root, path = key.split("\\", 1)
    hive = winreg.HKEY_CURRENT_USER if root == "HKCU" else winreg.HKEY_LOCAL_MACHINE
    try:
        with winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            below, count, _ = winreg.QueryInfoKey(opened)
            values = [winreg.EnumValue(opened, at)[:2] for at in range(count)]
            names = [str(winreg.EnumKey(opened, at)) for at in range(below)]
    except OSError:
        return {}, []
    return {str(name).casefold(): value for name, value in values}, names


def _open(path: Path) -> ClosedBook | ClientBaseError | OSError:
    try:
        return open_book(path)
    except (ClientBaseError, OSError) as error:
        return error


def _rules(workbook: Path | None, asked: Path | None) -> Rules | ClientBaseError:
    try:
        return configuration.read_for(workbook, asked)
    except ClientBaseError as error:
        return error
