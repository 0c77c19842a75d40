"""Checks of Excel, of the add-in, and of what keeps macros from running.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from batch.errors import reason_of
from batch.installation.diagnosis import (
    NOT_HERE,
    Checks,
    Diagnosis,
    problem,
    run_setup,
    warning,
    well,
)
from batch.installation.machine import ADDIN, MACOS
from batch.installation.surroundings import (
    CLICK_TO_RUN,
    DISABLED,
    OPTIONS,
    POLICY,
    SECURITY,
    TRUSTED,
    Surroundings,
    expanded,
    is_from_store,
    plain_path,
)
from batch.installation.typed import command
from words import _, marked

MAC_EXCEL: Final = "Applications/Microsoft Excel.app"
_STORE_FOLDER: Final = "Packages/Microsoft.Office.Desktop_8wekyb3d8bbwe"
_MACRO_SETTINGS: Final = marked(
    "In Excel: File, Options, Trust Center, Trust Center Settings, Macro Settings, "
    "'Disable VBA macros with notification'."
)
_UNBLOCK: Final = marked(
    "Close it, right-click the file in File Explorer, Properties, tick Unblock, OK."
)
_ASK_ADMIN: Final = marked("Ask whoever looks after this computer to allow macros for you.")
_FROM_INTERNET: Final = re.compile(r"^\s*ZoneId\s*=\s*[34]\s*$", re.IGNORECASE | re.MULTILINE)


_OLDEST: Final = 14
"""The release of Excel 2010."""


CHECKS: Final = Checks()


@CHECKS.with_excel("Excel")
def excel_there(around: Surroundings) -> Diagnosis:
    """Whether Excel is there, and not the edition of the Microsoft Store."""
    machine = around.machine
    if machine.platform == MACOS:
        if any((folder / MAC_EXCEL).exists() for folder in (Path("/"), machine.home)):
            return well(_("Installed."))
        return warning(_("Not found among the applications."), _("Install Excel for Mac."))
    local = machine.environment.get("LOCALAPPDATA", str(machine.home / "AppData" / "Local"))
    path = around.excel_path
    installed = bool(around.registry.get(CLICK_TO_RUN))
    if is_from_store(path) or (not installed and (Path(local) / _STORE_FOLDER).is_dir()):
        return problem(
            _("This is the Microsoft Store's edition, which can't start Python."),
            _("Uninstall Office in the Windows settings and install it from www.office.com."),
        )
    if not path and not installed:
        return warning(_("Windows knows of no Excel."), _("Install Excel for Windows."))
    if around.excel_release and around.excel_release < _OLDEST:
        return problem(
            _("This Excel is older than 2010, and can't do what the program needs."),
            _("Install a newer Excel; those that can work are named below."),
        )
    bits = around.excel_bits
    return well(_("Installed, {bits} bit.").format(bits=bits) if bits else _("Installed."))


@CHECKS.with_excel(marked("Add-in"))
def addin_there(around: Surroundings) -> Diagnosis:
    """Whether the add-in is where Excel loads it, and belongs to this xlwings."""
    machine, file, version = around.machine, around.machine.addin, around.machine.xlwings_version
    if not file.is_file():
        return _missing(file)
    try:
        addin = file.read_bytes()
    except OSError as error:
        sentence = _("{file} can't be read: {reason}.").format(file=file, reason=reason_of(error))
        return warning(sentence, _close_and_run("doctor"))
    if addin != machine.copies()[file].read_bytes():
        sentence = _("It is of another version than xlwings ({version}).").format(version=version)
        return problem(sentence, _close_and_run("setup"))
    found = around.python.xlwings
    if found and found != version:
        sentence = _("It is of xlwings {version}, Excel's Python has {found}.")
        return problem(sentence.format(version=version, found=found), run_setup())
    return well(_("Version {version}, in {folder}.").format(version=version, folder=file.parent))


@CHECKS.on_windows(marked("One add-in"))
def second_addin(around: Surroundings) -> Diagnosis:
    """Whether Excel loads another copy of the add-in from elsewhere."""
    for name, value in around.registry.get(OPTIONS, {}).items():
        if name.startswith("open") and ADDIN in str(value).casefold():
            return problem(
                _("Excel loads another copy, too: {value}.").format(value=value),
                _("In Excel: File, Options, Add-ins, Manage Excel Add-ins, Go, untick xlwings."),
            )
    return well(_("Excel loads no other copy."))


@CHECKS.on_windows(marked("Disabled items"))
def addin_disabled(around: Surroundings) -> Diagnosis:
    """Whether Excel has switched off the add-in, or the workbook, after a crash."""
    names = [ADDIN, *([around.workbook.name.casefold()] if around.workbook else [])]
    for value in around.registry.get(DISABLED, {}).values():
        text = value.decode("utf-16-le", "ignore").casefold() if isinstance(value, bytes) else ""
        for name in names:
            if name in text:
                return problem(
                    _("After a crash Excel has disabled '{name}'.").format(name=name),
                    _("In Excel: File, Options, Add-ins, Manage Disabled Items, Go, Enable."),
                )
    return well(_("Excel has disabled nothing of this."))


@CHECKS.add(marked("Script that starts Python"))
def applescript(around: Surroundings) -> Diagnosis:
    """Whether the script is there by which Excel starts Python on macOS."""
    script = around.machine.applescript
    if script is None:
        return NOT_HERE
    if not script.is_file():
        return _missing(script)
    return well(_("In {folder}.").format(folder=script.parent))


@CHECKS.on_windows(marked("Add-in not blocked"))
def blocked_addin(around: Surroundings) -> Diagnosis:
    """Whether Windows holds the add-in for a download."""
    if not around.machine.addin.is_file():
        return NOT_HERE
    if not _is_blocked(around.machine.addin):
        return well(_("Windows doesn't treat it as a download."))
    sentence = _("Windows blocks {file} as a download.").format(file=around.machine.addin)
    return problem(sentence, _(_UNBLOCK))


@CHECKS.on_windows(marked("Macros allowed"))
def macro_policy(around: Surroundings) -> Diagnosis:
    """Whether Excel's settings, or those of the organisation, let macros run."""
    policy = around.registry.get(POLICY, {}).get("vbawarnings")
    level = policy or around.registry.get(SECURITY, {}).get("vbawarnings")
    if level not in {3, 4} or _trusted_location(around):
        return well(_("Excel asks once for each workbook; answer 'Enable Content'."))
    sentence = _("Excel is set to disable macros without asking.")
    return problem(sentence, _(_ASK_ADMIN) if policy else _(_MACRO_SETTINGS))


@CHECKS.on_windows(marked("Workbook not blocked"))
def blocked_workbook(around: Surroundings) -> Diagnosis:
    """Whether Windows holds the workbook for a download."""
    if around.workbook is None:
        return NOT_HERE
    if not _is_blocked(around.workbook) or _trusted_location(around):
        return well(_("Windows doesn't treat it as a download."))
    sentence = _("The file comes from the Internet, so Excel keeps its macros from running.")
    return problem(sentence, _(_UNBLOCK))


@CHECKS.on_windows(marked("Folder of the workbook"))
def network_folder(around: Surroundings) -> Diagnosis:
    """Whether the workbook is on the network, which Excel trusts less."""
    if around.workbook is None:
        return NOT_HERE
    if trusted := _trusted_location(around):
        return well(_("In a trusted location of Excel: {trusted}.").format(trusted=trusted))
    if str(around.workbook).startswith(("\\\\", "//")):
        sentence = _("It lies on the network, where Excel may keep its macros from running.")
        return warning(sentence, _("Move the workbook to a folder on this computer."))
    return well(_("On this computer."))


@CHECKS.with_excel(marked("Cloud"))
def cloud_folder(around: Surroundings) -> Diagnosis:
    """Whether the workbook is on OneDrive or SharePoint, where Excel gives it a web address."""
    if around.workbook is None:
        return NOT_HERE
    path = plain_path(str(around.workbook.absolute()))
    environment = around.machine.environment
    names = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
    folders = [plain_path(environment[name]) for name in names if environment.get(name)]
    if not any(_is_inside(path, folder) for folder in folders) and not any(
        part.startswith(("onedrive", "sharepoint")) for part in path.split("/")
    ):
        return well(_("The workbook is in no folder of OneDrive or SharePoint."))
    return warning(
        _(
            "The workbook is on OneDrive or SharePoint, so Excel may not tell where it lies, and "
            "the rules beside it may not be found."
        ),
        _("Move the workbook to a folder outside OneDrive, such as C:\\ClientBase."),
    )


def _close_and_run(name: str) -> str:
    return _("Close Excel, then run: {command}").format(command=command(name))


def _missing(file: Path) -> Diagnosis:
    sentence = _("'{file}' isn't in {folder}.").format(file=file.name, folder=file.parent)
    return problem(sentence, run_setup())


def _is_blocked(path: Path) -> bool:
    """Whether the file has the mark of the web: a stream of its own on NTFS."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return _FROM_INTERNET.search(mark) is not None


def _trusted_location(around: Surroundings) -> str:
    """The trusted location that holds the workbook, '' when none does."""
    if around.workbook is None or around.registry.get(TRUSTED, {}).get("alllocationsdisabled"):
        return ""
    folder = plain_path(str(around.workbook.absolute().parent))
    for key, values in around.registry.items():
        if not key.startswith(f"{TRUSTED}\\") or not values.get("path"):
            continue
        path = expanded(str(values["path"]), around.machine)
        below = bool(values.get("allowsubfolders"))
        if folder == plain_path(path) or (below and _is_inside(folder, plain_path(path))):
            return path
    return ""


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")
