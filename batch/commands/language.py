"""In which language a run of the command line speaks, before the rules tell theirs."""

from __future__ import annotations

import locale
import os
import sys

from words import ENGLISH, LANGUAGES, speak

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
