"""What the program says, in the language of whoever reads it.

English sentences stand in the code, marked for translation; other languages have a catalogue here,
named by the language: `ru.po` is edited, `python -m words.catalogues` brings it up to date with the
code and compiles it to `ru.mo`, which is read.

One run speaks one language at a time. Whoever opens a door (a command, the button, a function of
the sheet) says which: that of the rules, once they are known.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ru")
FOLDER = Path(__file__).parent


class _Speech:
    """The language that is spoken now; is_asked: she asked for it, so nothing else changes it."""

    language = ENGLISH
    is_asked = False


def _(sentence: str) -> str:
    """*sentence*, English with words in braces still to be filled in, in the language spoken."""
    return _catalogue(_Speech.language).gettext(sentence)


def n_(one: str, many: str, count: int) -> str:
    """The form of a sentence that fits *count* things, in the language spoken."""
    return _catalogue(_Speech.language).ngettext(one, many, count)


def marked(sentence: str) -> str:
    """*sentence* as it is: translated not here but where it is shown, by `_`."""
    return sentence


def parted(number: int) -> str:
    """A whole number with its thousands parted as in the language spoken: 262,144 or 262 144."""
    shown = f"{number:,}"
    return shown if spoken() == ENGLISH else shown.replace(",", " ")


def in_every_language(sentence: str) -> list[str]:
    """*sentence* as each language says it: names of files that another run may have given."""
    return [_catalogue(language).gettext(sentence) for language in LANGUAGES]


def spoken() -> str:
    """The language spoken now."""
    return _Speech.language


def speak(language: str, *, is_asked: bool = False) -> None:
    """Speak *language* from now on; one that she asked for stays."""
    if is_asked or not _Speech.is_asked:
        _Speech.language, _Speech.is_asked = language, is_asked


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak *language* within, even where she asked for another: what is written into cells is in
    the language of the rules.
    """
    before = _Speech.language, _Speech.is_asked
    _Speech.language, _Speech.is_asked = language, False
    try:
        yield
    finally:
        _Speech.language, _Speech.is_asked = before


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    with (FOLDER / f"{language}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
