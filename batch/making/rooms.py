"""The rooms that she names for a new base, or to add to one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.config.checks import listed, near
from rules.config.settings import Config
from rules.errors import ClientBaseError
from rules.reading.words import fold
from words import _

ALL = ("all", "все")


class UnknownRoomError(ClientBaseError, ValueError):
    """A room that there isn't."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, tuple(known)
        sentence = _("There is no room '{name}'{hint}. Known: {known}.")
        super().__init__(sentence.format(name=name, hint=near(name, known), known=listed(known)))


def rooms_named(texts: Sequence[str], config: Config) -> list[str]:
    """The keys of the rooms in *texts*, each of which names one or several, with commas between
    them: by its key or its first sheet; all of them for *all*. In the order of the house. Raises
    UnknownRoomError.
    """
    extra = config.rooms.extra
    shown = {
        key: config.sheet(one.tables[0].key) if one.tables else key for key, one in extra.items()
    }
    names = {fold(key): key for key in extra} | {fold(name): key for key, name in shown.items()}
    asked = set[str]()
    for name in re.split(r"[,;]", ",".join(texts)):
        if fold(name) in ALL:
            asked |= extra.keys()
        elif fold(name) in names:
            asked.add(names[fold(name)])
        elif name.strip():
            raise UnknownRoomError(name.strip(), [*shown.values(), _("all")])
    return [key for key in extra if key in asked]
