"""In which language a run of the command line speaks before the rules tell theirs, and what it says
of itself then: its helps and its refusals.

typer has them in English alone. Titles and helps are translated where they are printed; a refusal
is recognised by its English sentence, and one that isn't known stays as it is.
"""

from __future__ import annotations

import locale
import os
import re
import sys
from typing import Any

import typer
from typer._click import HelpFormatter
from typer._click.exceptions import UsageError
from typer.exceptions import TyperException

from words import ENGLISH, LANGUAGES, _, marked, speak, spoken

OPTION = "--language"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def speak_as_asked(arguments: list[str]) -> list[str]:
    """Speak the language after `--language`, else that of the computer; the other *arguments*."""
    rest, asked = [], None
    words = iter(arguments)
    for word in words:
        name, _equals, value = word.partition("=")
        if name == OPTION:
            asked = value or next(words, "")
        else:
            rest.append(word)
    if asked in LANGUAGES:
        speak(asked, is_asked=True)
        return rest
    speak(of_computer())
    return arguments


def of_computer() -> str:
    """The language of this computer's programs; English where it is none that we speak."""
    if sys.platform == "win32":
        import ctypes

        code = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        name = locale.windows_locale.get(code, "")
    else:
        name = next((os.environ[one] for one in _VARIABLES if os.environ.get(one)), "")
    return next((one for one in LANGUAGES if name.startswith(one)), ENGLISH)


_USAGE = marked("Usage: ")
_TITLES = {
    "ARGUMENTS_PANEL_TITLE": marked("Arguments"),
    "OPTIONS_PANEL_TITLE": marked("Options"),
    "COMMANDS_PANEL_TITLE": marked("Commands"),
    "ERRORS_PANEL_TITLE": marked("Error"),
    "ABORTED_TEXT": marked("Aborted."),
    "DEFAULT_STRING": marked("[default: {}]"),
    "REQUIRED_LONG_STRING": marked("[required]"),
    "RICH_HELP": marked("Try [blue]'{command_path} {help_option}'[/] for help."),
}
"""What stands around helps and refusals, by the names that typer has for it."""
_REFUSALS = (
    marked("Missing argument {name}."),
    marked("No such command {name}. Did you mean {others}?"),
    marked("No such command {name}."),
    marked("No such option: {name} (Possible options: {others})"),
    marked("No such option: {name}"),
    marked("Option {name} requires an argument."),
    marked("Option {name} does not take a value."),
    marked("Got unexpected extra argument(s) ({names})"),
    marked("Invalid value for {name}: {reason}"),
    marked("Input should be a valid number, unable to parse string as a number"),
    marked("Input should be greater than or equal to {least}"),
    marked("Value error, {value} is not one of {others}."),
)
"""The refusals of typer, and the reasons of pydantic in them; the more exact ones first."""
_HELP = marked("Show this message and exit.")
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")
"""Where a line of the code ends, and no paragraph."""
_METAVARS = (marked("[OPTIONS]"), marked("COMMAND [ARGS]..."))


class _Formatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _(_USAGE) if prefix is None else prefix)


class _Context(typer.Context):
    formatter_class = _Formatter

    def get_help(self) -> str:
        option = self.command.get_help_option(self)
        if option is not None:
            option.help = _(_HELP)
            _without_python_type(option)
        _translate_titles()
        return super().get_help()


def translate(command: Any) -> None:  # noqa: ANN401 — typer keeps its classes to itself
    """Put the helps of a command, of its options, and of the commands under it into the language
    spoken.
    """
    command.context_class = _Context
    command.options_metavar = _(command.options_metavar)
    for one in (command, *command.params):
        if one.help:
            one.help = _WRAPPED.sub(" ", _(one.help))
    for parameter in command.params:
        if parameter.metavar:
            parameter.metavar = _(parameter.metavar)
        _without_python_type(parameter)
    for inner in getattr(command, "commands", {}).values():
        command.subcommand_metavar = _(command.subcommand_metavar)
        translate(inner)


def _without_python_type(parameter: Any) -> None:  # noqa: ANN401
    """Leave out the names of Python's types, such as <bool>: there is no Russian for them."""
    if spoken() != ENGLISH and not parameter.type_descriptor.is_choice:
        shown = "" if parameter.param_type_name == "argument" else parameter.metavar or ""
        parameter.display_type_rich = lambda ctx: shown  # noqa: ARG005


def refuse(error: TyperException) -> None:
    """Tell why typer doesn't take the command line."""
    from typer import rich_utils

    _translate_titles()
    message = error.format_message()
    if message:  # there is none when the help was asked for by no arguments at all
        rich_utils.rich_format_error(
            UsageError(_in_our_words(message), getattr(error, "ctx", None))
        )


def abort() -> None:
    """Tell that she broke it off."""
    from typer import rich_utils

    _translate_titles()
    rich_utils.rich_abort_error()


def _translate_titles() -> None:
    from typer import rich_utils

    for name, title in _TITLES.items():
        setattr(rich_utils, name, _(title))


def _in_our_words(message: str) -> str:
    for sentence in _REFUSALS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(sentence))
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            facts = {name: _in_our_words(fact) for name, fact in found.groupdict().items()}
            return _(sentence).format(**facts)
    return message
