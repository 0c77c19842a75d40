"""How clients, and lists of whatever, are named in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from words import _

FIRST = 5
"""So many of a list are named; the rest is counted."""


def called(client: str, name: str) -> str:
    """A client as she is named to the user, such as "014 Anna Petrova": ID and name, or what there
    is of them; once where they are the same.
    """
    return " ".join(text for text in dict.fromkeys((client, name)) if text)


def first_of(names: Sequence[str], most: int | None = FIRST) -> str:
    """*names* with commas between them; of more than *most* the first, and how many more there
    are. None: all of them.
    """
    shown = names[:most]
    listed, more = ", ".join(shown), len(names) - len(shown)
    return _("{shown} and {count} more").format(shown=listed, count=more) if more else listed
