"""Checks of Excel, of the add-in, and of what keeps macros from running.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from batch.errors import reason_of
from batch.installation.finding import Finding, not_here, problem, warning, well
from batch.installation.machine import ADDIN, MACOS
from batch.installation.python_checks import RUN_SETUP, excel_bits, excel_path, is_from_store
from batch.installation.surroundings import (
    CLICK_TO_RUN,
    DISABLED,
    OPTIONS,
    POLICY,
    SECURITY,
    TRUSTED,
    Surroundings,
    expanded,
)
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
_INTERNET_ZONES: Final = {"3", "4"}


def excel_there(around: Surroundings) -> Finding:
    """Whether Excel is there, and not the edition of the Microsoft Store."""
    title = "Excel"
    machine = around.machine
    if machine.platform == MACOS:
        places = [Path("/") / MAC_EXCEL, machine.home / MAC_EXCEL]
        if any(place.exists() for place in places):
            return well(title, _("Installed."))
        return warning(title, _("Not found among the applications."), _("Install Excel for Mac."))
    if not around.on_windows:
        return not_here(title)
    local = machine.environment.get("LOCALAPPDATA", str(machine.home / "AppData" / "Local"))
    path = excel_path(around)
    installed = bool(around.registry.get(CLICK_TO_RUN))
    if is_from_store(path) or (not installed and (Path(local) / _STORE_FOLDER).is_dir()):
        return problem(
            title,
            _("This is the Microsoft Store's edition, which can't start Python."),
            _("Uninstall Office in the Windows settings and install it from www.office.com."),
        )
    if not path and not installed:
        return warning(title, _("Windows knows of no Excel."), _("Install Excel for Windows."))
    bits = excel_bits(around)
    return well(title, _("Installed, {bits} bit.").format(bits=bits) if bits else _("Installed."))


def addin_there(around: Surroundings) -> Finding:
    """Whether the add-in is where Excel loads it, and belongs to this xlwings."""
    title = _("Add-in")
    machine = around.machine
    if not machine.has_excel:
        return not_here(title)
    if not machine.addin.is_file():
        return problem(
            title,
            _("'{file}' isn't in {folder}.").format(file=ADDIN, folder=machine.addin.parent),
            _(RUN_SETUP),
        )
    try:
        addin = machine.addin.read_bytes()
    except OSError as error:
        sentence = _("{file} can't be read: {reason}.").format(
            file=machine.addin, reason=reason_of(error)
        )
        return warning(title, sentence, _("Close Excel, then run: clientbase doctor"))
    if addin != machine.copies()[machine.addin].read_bytes():
        sentence = _("It is of another version than xlwings ({version}).").format(
            version=machine.xlwings_version
        )
        return problem(title, sentence, _("Close Excel, then run: clientbase setup"))
    found = around.python.xlwings
    if found and found != machine.xlwings_version:
        sentence = _("It is of xlwings {version}, Excel's Python has {found}.").format(
            version=machine.xlwings_version, found=found
        )
        return problem(title, sentence, _(RUN_SETUP))
    return well(
        title,
        _("Version {version}, in {folder}.").format(
            version=machine.xlwings_version, folder=machine.addin.parent
        ),
    )


def second_addin(around: Surroundings) -> Finding:
    """Whether Excel loads another copy of the add-in from elsewhere."""
    title = _("One add-in")
    if not around.on_windows:
        return not_here(title)
    for name, value in around.registry.get(OPTIONS, {}).items():
        if name.startswith("open") and ADDIN in str(value).casefold():
            return problem(
                title,
                _("Excel loads another copy, too: {value}.").format(value=value),
                _("In Excel: File, Options, Add-ins, Manage Excel Add-ins, Go, untick xlwings."),
            )
    return well(title, _("Excel loads no other copy."))


def addin_disabled(around: Surroundings) -> Finding:
    """Whether Excel has switched off the add-in, or the workbook, after a crash."""
    title = _("Disabled items")
    if not around.on_windows:
        return not_here(title)
    names = [ADDIN, *([around.workbook.name.casefold()] if around.workbook else [])]
    for value in around.registry.get(DISABLED, {}).values():
        text = value.decode("utf-16-le", "ignore").casefold() if isinstance(value, bytes) else ""
        for name in names:
            if name in text:
                return problem(
                    title,
                    _("After a crash Excel has disabled '{name}'.").format(name=name),
                    _("In Excel: File, Options, Add-ins, Manage Disabled Items, Go, Enable."),
                )
    return well(title, _("Excel has disabled nothing of this."))


def applescript(around: Surroundings) -> Finding:
    """Whether the script is there by which Excel starts Python on macOS."""
    title = _("Script that starts Python")
    script = around.machine.applescript
    if script is None:
        return not_here(title)
    if not script.is_file():
        return problem(
            title,
            _("'{file}' isn't in {folder}.").format(file=script.name, folder=script.parent),
            _(RUN_SETUP),
        )
    return well(title, f"In {script.parent}.")


def blocked_addin(around: Surroundings) -> Finding:
    """Whether Windows holds the add-in for a download."""
    title = _("Add-in not blocked")
    if not around.on_windows or not around.machine.addin.is_file():
        return not_here(title)
    if _is_blocked(around.machine.addin):
        return problem(
            title,
            _("Windows blocks {file} as a download.").format(file=around.machine.addin),
            _(_UNBLOCK),
        )
    return well(title, _("Windows doesn't treat it as a download."))


def blocked_workbook(around: Surroundings) -> Finding:
    """Whether Windows holds the workbook for a download."""
    title = _("Workbook not blocked")
    if not around.on_windows or around.workbook is None:
        return not_here(title)
    if not _is_blocked(around.workbook) or _trusted_location(around):
        return well(title, _("Windows doesn't treat it as a download."))
    sentence = _("The file comes from the Internet, so Excel keeps its macros from running.")
    return problem(title, sentence, _(_UNBLOCK))


def macro_policy(around: Surroundings) -> Finding:
    """Whether Excel's settings, or those of the organisation, let macros run."""
    title = _("Macros allowed")
    if not around.on_windows:
        return not_here(title)
    policy = around.registry.get(POLICY, {}).get("vbawarnings")
    level = policy or around.registry.get(SECURITY, {}).get("vbawarnings")
    if level not in {3, 4} or (around.workbook and _trusted_location(around)):
        return well(title, _("Excel asks once for each workbook; answer 'Enable Content'."))
    sentence = _("Excel is set to disable macros without asking.")
    return problem(title, sentence, _(_ASK_ADMIN) if policy else _(_MACRO_SETTINGS))


def network_folder(around: Surroundings) -> Finding:
    """Whether the workbook is on the network, which Excel trusts less."""
    title = _("Folder of the workbook")
    if not around.on_windows or around.workbook is None:
        return not_here(title)
    if trusted := _trusted_location(around):
        return well(title, _("In a trusted location of Excel: {trusted}.").format(trusted=trusted))
    if str(around.workbook).startswith(("\\\\", "//")):
        sentence = _("It lies on the network, where Excel may keep its macros from running.")
        return warning(title, sentence, _("Move the workbook to a folder on this computer."))
    return well(title, _("On this computer."))


def cloud_folder(around: Surroundings) -> Finding:
    """Whether the workbook is on OneDrive or SharePoint, where Excel gives it a web address."""
    title = _("Cloud")
    if not around.machine.has_excel or around.workbook is None:
        return not_here(title)
    path = _plain(str(around.workbook.absolute()))
    environment = around.machine.environment
    names = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
    folders = [_plain(environment[name]) for name in names if environment.get(name)]
    if not any(_is_inside(path, folder) for folder in folders) and not any(
        part.startswith(("onedrive", "sharepoint")) for part in path.split("/")
    ):
        return well(title, _("The workbook is in no folder of OneDrive or SharePoint."))
    return warning(
        title,
        _(
            "The workbook is on OneDrive or SharePoint, so Excel may not tell where it lies, and "
            "the "
            "rules beside it may not be found."
        ),
        _("Move the workbook to a folder outside OneDrive, such as C:\\ClientBase."),
    )


CHECKS: Final[tuple[Callable[[Surroundings], Finding], ...]] = (
    excel_there,
    addin_there,
    second_addin,
    addin_disabled,
    applescript,
    blocked_addin,
    macro_policy,
    blocked_workbook,
    network_folder,
    cloud_folder,
)


def _is_blocked(path: Path) -> bool:
    """Whether the file has the mark of the web: a stream of its own on NTFS."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    lines = (line.partition("=") for line in mark.splitlines())
    return any(
        key.strip().casefold() == "zoneid" and zone.strip() in _INTERNET_ZONES
        for key, _, zone in lines
    )


def _trusted_location(around: Surroundings) -> str:
    """The trusted location that holds the workbook, '' when none does."""
    if around.workbook is None or around.registry.get(TRUSTED, {}).get("alllocationsdisabled"):
        return ""
    folder = _plain(str(around.workbook.absolute().parent))
    for key, values in around.registry.items():
        if not key.startswith(f"{TRUSTED}\\") or not values.get("path"):
            continue
        path = expanded(str(values["path"]), around.machine)
        below = bool(values.get("allowsubfolders"))
        if folder == _plain(path) or (below and _is_inside(folder, _plain(path))):
            return path
    return ""


def _plain(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").casefold()


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")
