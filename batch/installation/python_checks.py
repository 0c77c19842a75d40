"""Checks of the Python that Excel will start, and of the settings that name it.

Each takes the surroundings and gives one finding.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from batch.installation.diagnosis import (
    NOT_HERE,
    Checks,
    Diagnosis,
    problem,
    run_setup,
    warning,
    well,
)
from batch.installation.machine import MACOS, SETTINGS
from batch.installation.setup import unfit_letters
from batch.installation.surroundings import (
    MODULES,
    Surroundings,
    is_from_store,
    plain_path,
)
from batch.installation.typed import command
from words import _, marked

OLDEST: Final = (3, 11)
PYTHON_ORG: Final = marked(
    "Install Python from www.python.org, install this program with it, then run: clientbase setup"
)
_COMMAND_LINE_SIGNS: Final = "&%^;!"
_OURS: Final = {
    "INTERPRETER", "INTERPRETER_WIN", "INTERPRETER_MAC", "PYTHONPATH", "DEBUG UDFS",
    "CONDA PATH", "CONDA ENV",
}  # fmt: skip


CHECKS: Final = Checks()


def _python_answers(around: Surroundings) -> bool:
    return not around.python.failure


@CHECKS.with_excel(marked("Python of Excel"))
def interpreter(around: Surroundings) -> Diagnosis:
    """Whether a Python is set, exists, and is the one that runs here."""
    named, own = around.interpreter, around.machine.interpreter
    if named is None:
        return problem(_("Excel hasn't been told which Python to start."), run_setup())
    if not Path(named).is_file():
        sentence = _("{interpreter} doesn't exist any more.").format(interpreter=named)
        return problem(sentence, run_setup())
    if plain_path(named) == plain_path(own):
        return well(f"{named}.")
    sentence = _("Excel starts {interpreter}; clientbase runs here with {own}.")
    return warning(
        sentence.format(interpreter=named, own=own),
        _("If Excel should start the latter, run here: {command}").format(command=command("setup")),
    )


@CHECKS.add(marked("Python version"))
def python_starts(around: Surroundings) -> Diagnosis:
    """Whether it starts, and is new enough."""
    python = around.python
    if python.failure:
        sentence = _("Python can't be started: {failure}.").format(failure=python.failure)
        return problem(sentence, _(PYTHON_ORG))
    version, oldest = (".".join(map(str, one)) for one in (python.version, OLDEST))
    if python.version < OLDEST:
        sentence = _("Python {version} is too old; {oldest} is needed.")
        return problem(sentence.format(version=version, oldest=oldest), _(PYTHON_ORG))
    return well(_("Python {version}, {bits} bit.").format(version=version, bits=python.bits))


@CHECKS.add(marked("This program"), _python_answers)
def modules(around: Surroundings) -> Diagnosis:
    """Whether it can import this program, all of it from one place."""
    for name in MODULES:
        if reason := around.python.failures.get(name):
            sentence = _("That Python can't load '{name}' ({reason}).")
            return problem(sentence.format(name=name, reason=reason), _setup(around))
    folders = {str(Path(around.python.files[name]).parent.parent) for name in MODULES[1:]}
    shown = ", ".join(sorted(folders))
    if len(folders) > 1:
        return problem(
            _("Its parts are found in different folders: {folders}.").format(folders=shown),
            _("Rename or move the files that don't belong to this program."),
        )
    return well(_("Found in {folder}.").format(folder=shown))


@CHECKS.add("pywin32", lambda around: around.on_windows and _python_answers(around))
def windows_bridge(around: Surroundings) -> Diagnosis:
    """Whether pywin32 is there, over which Python speaks to Excel on Windows."""
    if reason := around.python.failures.get("win32com.client"):
        sentence = _("Python can't speak to Excel ({reason}).").format(reason=reason)
        return problem(sentence, _install_again(around, "pywin32"))
    return well(_("Python can speak to Excel."))


@CHECKS.on_windows(marked("32 or 64 bit"))
def helper_library(around: Surroundings) -> Diagnosis:
    """Whether xlwings' library for this Excel, 32 or 64 bit, is where the add-in looks for it."""
    if around.interpreter is None or not around.python.xlwings:
        return NOT_HERE
    excel = around.excel_bits
    folder = Path(around.interpreter).parent
    for bits in (excel,) if excel else (32, 64):
        name = f"xlwings{bits}-{around.python.xlwings}.dll"
        if not any((place / name).is_file() for place in (folder, folder.parent)):
            sentence = _("'{name}', which Excel needs, is neither in {folder} nor in {outer}.")
            return problem(
                sentence.format(name=name, folder=folder, outer=folder.parent),
                _install_xlwings(around, folder),
            )
    known = _("{bits} bit").format(bits=excel) if excel else _("of unknown width")
    sentence = _("Excel is {known}, Python {bits} bit; they fit together.")
    return well(sentence.format(known=known, bits=around.python.bits))


@CHECKS.on_windows(marked("Source of Python"))
def store_python(around: Surroundings) -> Diagnosis:
    """Whether it is Python from the Microsoft Store, whose files Excel can't reach."""
    if is_from_store(around.interpreter or around.machine.interpreter):
        return problem(_("This Python is from the Microsoft Store."), _(PYTHON_ORG))
    return well(_("Not from the Microsoft Store."))


@CHECKS.with_excel(marked("Signs in paths"))
def letters_of_paths(around: Surroundings) -> Diagnosis:
    """Whether the paths have signs that don't reach Python as they stand."""
    if around.interpreter is None:
        return NOT_HERE
    fix = _("Install this program in a folder such as {folder}, then run: clientbase setup")
    # On macOS an AppleScript puts the interpreter on a command line without quotation marks.
    odd = re.findall(r"[^\w/.@+-]", around.interpreter)
    if odd and around.machine.platform == MACOS:
        sentence = _("{interpreter} has {signs} in it, so macOS can't start it.")
        sentence = sentence.format(interpreter=around.interpreter, signs=_shown(odd))
        return problem(sentence, fix.format(folder="~/clientbase"))
    fix = fix.format(folder="C:\\clientbase")
    for path in (around.interpreter, *filter(None, around.setting("PYTHONPATH").split(";"))):
        if unfit := unfit_letters(path, around.machine.encoding):
            sentence = _("{path} has characters that Excel can't read here: {signs}.")
            return problem(sentence.format(path=path, signs=unfit), fix)
        odd = [sign for sign in path if sign in _COMMAND_LINE_SIGNS]
        if around.on_windows and odd:
            sentence = _("{path} has {signs} in it, which Windows may take for a command.")
            return warning(sentence.format(path=path, signs=_shown(odd)), fix)
    return well(_("None that gets in the way."))


@CHECKS.with_excel(marked("Settings"))
def settings_overridden(around: Surroundings) -> Diagnosis:
    """Whether the workbook or its folder says otherwise than the user's settings."""
    user, file = around.settings["user"], around.machine.settings
    if not user:
        return problem(_("{file} is missing or empty.").format(file=file), run_setup())
    places = {
        "sheet": _("The sheet '{sheet}' of the workbook").format(sheet=SETTINGS),
        "folder": _("The file '{file}' beside the workbook").format(file=SETTINGS),
    }
    for level, place in places.items():
        for key, value in around.settings.get(level, {}).items():
            if key in _OURS and value.casefold() != user.get(key, "").casefold():
                sentence = _("{place} sets {key} to '{value}', and that is what counts.")
                return warning(
                    sentence.format(place=place, key=key, value=value),
                    _("Delete the line {key} there.").format(key=key),
                )
    return well(f"{file}.")


@CHECKS.on_windows(marked("Debug UDFs"))
def debug_server(around: Surroundings) -> Diagnosis:
    """Whether Excel waits for a Python that a programmer starts by hand."""
    if around.setting("DEBUG UDFS").casefold() == "true":
        sentence = _("It is on: Excel waits for a Python that nobody starts.")
        return problem(sentence, _("In Excel, on the tab xlwings, untick Debug UDFs."))
    return well(_("Off, as it should be."))


def _setup(around: Surroundings) -> str:
    if around.machine.has_excel:
        return run_setup()
    return _("In the folder of this program, run: python -m pip install .")


def _install_xlwings(around: Surroundings, folder: Path) -> str:
    """`pip install --user` puts xlwings' library where the add-in never looks."""
    environment = folder.parent if folder.name.casefold() == "scripts" else folder
    package = plain_path(around.python.files.get("xlwings", ""))
    if not package.startswith(f"{plain_path(str(environment))}/"):
        return _("Install this program in an environment of its own (py -m venv), see the README.")
    return _install_again(around, f"xlwings=={around.python.xlwings}")


def _install_again(around: Surroundings, package: str) -> str:
    python = around.interpreter or around.machine.interpreter
    fix = _('Run: "{python}" -m pip install --force-reinstall --no-deps {package}')
    return fix.format(python=python, package=package)


def _shown(signs: list[str]) -> str:
    return ", ".join(_("a blank") if sign == " " else f"'{sign}'" for sign in dict.fromkeys(signs))
