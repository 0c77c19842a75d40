"""Colours of rows: their names, and what a legend above the list says of them."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from typing import Final

from batch.importing.dictionary import data, plain, words
from batch.importing.records import Somebody
from rules.config.settings import Config
from rules.reading.words import fold
from words import marked

_HUES: Final = (
    (15, marked("red")),
    (45, marked("orange")),
    (70, marked("yellow")),
    (165, marked("green")),
    (200, marked("sky blue")),
    (255, marked("blue")),
    (300, marked("violet")),
    (340, marked("pink")),
    (361, marked("red")),
)
_GREY: Final = marked("grey")
_PINK: Final = marked("pink")
_LEGEND: Final = re.compile(r"\s*[-–—=:]\s*")
_YES: Final = {"ru": "да", "en": "yes"}


def name_of(colour: str) -> str:
    """The name of a colour such as FFC0CB; '' for none, or one of the theme."""
    if not re.fullmatch("[0-9A-F]{6}", colour):
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, deep = colorsys.rgb_to_hls(red, green, blue)
    if deep < 0.12 or max(red, green, blue) - min(red, green, blue) < 0.08:
        return _GREY if light < 0.97 else ""
    name = next(name for most, name in _HUES if hue * 360 < most)
    return _PINK if name == "red" and light > 0.75 else name


def meaning(name: str, titles: Sequence[str], config: Config) -> str:
    """What a legend says of a colour, as "Heading: word"; '' where there is none."""
    starts = data("words.yaml")["colours"].get(name, ())
    for title in titles:
        for piece in re.split(r"[,;\n]", title):
            parts = _LEGEND.split(piece.strip(), maxsplit=1)
            said = plain(parts[0])
            if len(parts) == 2 and any(one in said for one in starts):
                return _as_column(parts[1].strip(), config)
    return ""


def _as_column(word: str, config: Config) -> str:
    if any(one in plain(word) for one in words("do_not_contact")):
        heading = config.heading("clients", "do_not_contact")
        return f"{heading}: {_YES[config.based_on]}"
    return f"{config.heading('clients', 'segment')}: {word}"


def put(person: Somebody, heading: str, word: str, config: Config) -> None:
    """Write a word into a column of hers, known or new."""
    known = {fold(name): key for key, names in config.headings("clients").items() for name in names}
    key = known.get(fold(heading))
    cells = person.fields if key else person.own
    before = str(cells.get(key or heading) or "")
    cells[key or heading] = "; ".join(filter(None, [before, word]))
