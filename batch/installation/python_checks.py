"""Checks of the Python that Excel will start, and of the settings that name it.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from batch.installation.finding import Finding, not_here, problem, warning, well
from batch.installation.machine import MACOS, SETTINGS
from batch.installation.setup import unfit_letters
from batch.installation.surroundings import CLICK_TO_RUN, EXCEL_PATH, MODULES, Surroundings
from words import _, marked

OLDEST: Final = (3, 11)
RUN_SETUP: Final = marked("Run: clientbase setup")
PYTHON_ORG: Final = marked(
    "Install Python from www.python.org, install this program with it, then run: clientbase setup"
)
_COMMAND_LINE_SIGNS: Final = "&%^;!"
_OURS: Final = {
    "INTERPRETER", "INTERPRETER_WIN", "INTERPRETER_MAC", "PYTHONPATH", "DEBUG UDFS",
    "CONDA PATH", "CONDA ENV",
}  # fmt: skip


def interpreter(around: Surroundings) -> Finding:
    """Whether a Python is set, exists, and is the one that runs here."""
    title = _("Python of Excel")
    if not around.machine.has_excel:
        return not_here(title)
    if around.interpreter is None:
        return problem(title, _("Excel hasn't been told which Python to start."), _(RUN_SETUP))
    if not Path(around.interpreter).is_file():
        return problem(
            title,
            _("{interpreter} doesn't exist any more.").format(interpreter=around.interpreter),
            _(RUN_SETUP),
        )
    if _same_path(around.interpreter, around.machine.interpreter):
        return well(title, f"{around.interpreter}.")
    return warning(
        title,
        _("Excel starts {interpreter}; clientbase runs here with {own}.").format(
            interpreter=around.interpreter, own=around.machine.interpreter
        ),
        _("If Excel should start the latter, run here: clientbase setup"),
    )


def python_starts(around: Surroundings) -> Finding:
    """Whether it starts, and is new enough."""
    title = _("Python version")
    if around.python.failure:
        return problem(
            title,
            _("Python can't be started: {failure}.").format(failure=around.python.failure),
            _(PYTHON_ORG),
        )
    version = ".".join(map(str, around.python.version))
    if around.python.version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return problem(
            title,
            _("Python {version} is too old; {oldest} is needed.").format(
                version=version, oldest=oldest
            ),
            _(PYTHON_ORG),
        )
    return well(
        title, _("Python {version}, {bits} bit.").format(version=version, bits=around.python.bits)
    )


def modules(around: Surroundings) -> Finding:
    """Whether it can import this program, all of it from one place."""
    title = _("This program")
    if around.python.failure:
        return not_here(title)
    for name in MODULES:
        if name in around.python.failures:
            reason = around.python.failures[name]
            return problem(
                title,
                _("That Python can't load '{name}' ({reason}).").format(name=name, reason=reason),
                _setup(around),
            )
    folders = {_folder(around.python.files[name]) for name in MODULES[1:]}
    if len(folders) > 1:
        return problem(
            title,
            _("Its parts are found in different folders: {folders}.").format(
                folders=", ".join(sorted(folders))
            ),
            _("Rename or move the files that don't belong to this program."),
        )
    return well(title, _("Found in {folder}.").format(folder=folders.pop()))


def windows_bridge(around: Surroundings) -> Finding:
    """Whether pywin32 is there, over which Python speaks to Excel on Windows."""
    title = "pywin32"
    if not around.on_windows or around.python.failure:
        return not_here(title)
    if reason := around.python.failures.get("win32com.client"):
        sentence = _("Python can't speak to Excel ({reason}).").format(reason=reason)
        return problem(title, sentence, _install_again(around, "pywin32"))
    return well(title, _("Python can speak to Excel."))


def helper_library(around: Surroundings) -> Finding:
    """Whether xlwings' library for this Excel, 32 or 64 bit, is where the add-in looks for it."""
    title = _("32 or 64 bit")
    if not around.on_windows or around.interpreter is None or not around.python.xlwings:
        return not_here(title)
    excel = excel_bits(around)
    folder = Path(around.interpreter).parent
    for bits in (excel,) if excel else (32, 64):
        name = f"xlwings{bits}-{around.python.xlwings}.dll"
        if not any((place / name).is_file() for place in (folder, folder.parent)):
            sentence = _(
                "'{name}', which Excel needs, is neither in {folder} nor in {outer}."
            ).format(name=name, folder=folder, outer=folder.parent)
            return problem(title, sentence, _install_xlwings(around, folder))
    known = _("{bits} bit").format(bits=excel) if excel else _("of unknown width")
    return well(
        title,
        _("Excel is {known}, Python {bits} bit; they fit together.").format(
            known=known, bits=around.python.bits
        ),
    )


def store_python(around: Surroundings) -> Finding:
    """Whether it is Python from the Microsoft Store, whose files Excel can't reach."""
    title = _("Source of Python")
    if not around.on_windows:
        return not_here(title)
    if is_from_store(around.interpreter or around.machine.interpreter):
        return problem(title, _("This Python is from the Microsoft Store."), _(PYTHON_ORG))
    return well(title, _("Not from the Microsoft Store."))


def letters_of_paths(around: Surroundings) -> Finding:
    """Whether the paths have signs that don't reach Python as they stand."""
    title = _("Signs in paths")
    if not around.machine.has_excel or around.interpreter is None:
        return not_here(title)
    paths = [around.interpreter, *filter(None, around.setting("PYTHONPATH").split(";"))]
    fix = _("Install this program in a folder such as {folder}, then run: clientbase setup")
    if around.machine.platform == MACOS:
        # The AppleScript puts the interpreter on a command line without quotation marks.
        odd = re.findall(r"[^\w/.@+-]", around.interpreter)
        if odd:
            sentence = _("{interpreter} has {signs} in it, so macOS can't start it.").format(
                interpreter=around.interpreter, signs=_shown(odd)
            )
            return problem(title, sentence, fix.format(folder="~/clientbase"))
    for path in paths:
        if unfit := unfit_letters(path, around.machine.encoding):
            sentence = _("{path} has characters that Excel can't read here: {signs}.").format(
                path=path, signs=unfit
            )
            return problem(title, sentence, fix.format(folder="C:\\clientbase"))
        odd = [sign for sign in path if sign in _COMMAND_LINE_SIGNS]
        if around.on_windows and odd:
            sentence = _("{path} has {signs} in it, which Windows may take for a command.").format(
                path=path, signs=_shown(odd)
            )
            return warning(title, sentence, fix.format(folder="C:\\clientbase"))
    return well(title, _("None that gets in the way."))


def settings_overridden(around: Surroundings) -> Finding:
    """Whether the workbook or its folder says otherwise than the user's settings."""
    title = _("Settings")
    if not around.machine.has_excel:
        return not_here(title)
    user = around.settings["user"]
    if not user:
        return problem(
            title,
            _("{file} is missing or empty.").format(file=around.machine.settings),
            _(RUN_SETUP),
        )
    places = {
        "sheet": _("The sheet '{sheet}' of the workbook").format(sheet=SETTINGS),
        "folder": _("The file '{file}' beside the workbook").format(file=SETTINGS),
    }
    for level, place in places.items():
        for key, value in around.settings.get(level, {}).items():
            if key in _OURS and value.casefold() != user.get(key, "").casefold():
                sentence = _("{place} sets {key} to '{value}', and that is what counts.").format(
                    place=place, key=key, value=value
                )
                return warning(title, sentence, _("Delete the line {key} there.").format(key=key))
    return well(title, f"{around.machine.settings}.")


def debug_server(around: Surroundings) -> Finding:
    """Whether Excel waits for a Python that a programmer starts by hand."""
    title = _("Debug UDFs")
    if not around.on_windows:
        return not_here(title)
    if _is_true(around.setting("DEBUG UDFS")):
        sentence = _("It is on: Excel waits for a Python that nobody starts.")
        return problem(title, sentence, _("In Excel, on the tab xlwings, untick Debug UDFs."))
    return well(title, _("Off, as it should be."))


CHECKS: Final[tuple[Callable[[Surroundings], Finding], ...]] = (
    interpreter,
    python_starts,
    modules,
    windows_bridge,
    helper_library,
    store_python,
    letters_of_paths,
    settings_overridden,
    debug_server,
)


def excel_bits(around: Surroundings) -> int | None:
    """32 or 64, None when the registry doesn't tell."""
    platform = around.registry.get(CLICK_TO_RUN, {}).get("platform")
    if platform in {"x86", "x64"}:
        return 32 if platform == "x86" else 64
    return 32 if "program files (x86)" in excel_path(around).casefold() else None


def excel_path(around: Surroundings) -> str:
    """Where Windows starts Excel from, '' when it doesn't know."""
    for key in (EXCEL_PATH, EXCEL_PATH.replace("HKLM", "HKCU")):
        if path := around.registry.get(key, {}).get(""):
            return str(path).strip('"')
    return ""


def is_from_store(path: str) -> bool:
    """Whether a program lies in the folder of the Microsoft Store."""
    parts = re.split(r"[\\/]", path.casefold())
    return "windowsapps" in parts or any(
        part.startswith("pythonsoftwarefoundation.python") for part in parts
    )


def _is_true(setting: str) -> bool:
    return setting.casefold() == "true"


def _same_path(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(path: str) -> str:
    return path.replace("\\", "/").casefold()


def _folder(file: str) -> str:
    return str(Path(file).parent.parent)


def _setup(around: Surroundings) -> str:
    if around.machine.has_excel:
        return _(RUN_SETUP)
    return _("In the folder of this program, run: python -m pip install .")


def _install_xlwings(around: Surroundings, folder: Path) -> str:
    """`pip install --user` puts xlwings' library where the add-in never looks."""
    environment = folder.parent if folder.name.casefold() == "scripts" else folder
    package = around.python.files.get("xlwings", "")
    if not _plain(package).startswith(f"{_plain(str(environment))}/"):
        return _("Install this program in an environment of its own (py -m venv), see the README.")
    return _install_again(around, f"xlwings=={around.python.xlwings}")


def _install_again(around: Surroundings, package: str) -> str:
    python = around.interpreter or around.machine.interpreter
    return _('Run: "{python}" -m pip install --force-reinstall --no-deps {package}').format(
        python=python, package=package
    )


def _shown(signs: list[str]) -> str:
    return ", ".join(_("a blank") if sign == " " else f"'{sign}'" for sign in dict.fromkeys(signs))
