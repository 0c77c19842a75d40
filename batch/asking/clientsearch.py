"""The client that someone means: by ID, by name, or by a part of the name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np

from batch.base import ClientBase
from rules.errors import ClientBaseError
from rules.mentions import called, first_of
from rules.model.result import Result
from rules.reading.cells import read_key
from rules.reading.words import fold
from words import _

MOST_SHOWN = 10
MOST_NEAR = 5


class UnknownClientError(ClientBaseError, LookupError):
    """No client has this ID or name; *near* are those whose ID or name comes near."""

    def __init__(self, asked: str, near: Sequence[str]) -> None:
        self.asked, self.near = asked, near
        sentence = _(
            "No client fits '{asked}', and none comes near. Give her ID, or her name or a part of "
            "it."
        )
        if near:
            sentence = _(
                "No client fits '{asked}'. Nearest: {near}. Give her ID, or her name or a part of "
                "it."
            )
        super().__init__(sentence.format(asked=asked, near=", ".join(near)))


class SeveralClientsError(ClientBaseError, LookupError):
    """Several clients have this name, or this part of it."""

    def __init__(self, asked: str, found: Sequence[str]) -> None:
        self.asked, self.found = asked, found
        sentence = _("Several clients fit '{asked}': {found}. Give her ID.")
        super().__init__(sentence.format(asked=asked, found=first_of(found, MOST_SHOWN)))


def find_client(base: ClientBase, result: Result, asked: str) -> int:
    """The position on Clients of the client who is *asked* for: by ID, else by the whole name, else
    by a part of it that no other name has. Case, blanks and ё for е don't matter; of a name's words
    the order doesn't either.

    A row that is left out (without an ID, or with one that stands further up) is found by a name
    that no other client has. Raises UnknownClientError and SeveralClientsError.
    """
    key, usable = fold(asked), result.known.clients.usable
    as_id = read_key(asked, are_names=base.clients.is_keyed_by_name)
    by_id = np.flatnonzero(usable & (result.known.clients.keys == as_id))
    if len(by_id):
        return int(by_id[0])
    names = [fold(name) for name in base.clients.texts("name").tolist()]
    for rows in (usable, ~usable):
        found = _by_name(names, key, np.flatnonzero(rows).tolist())
        if len(found) > 1:
            raise SeveralClientsError(asked, [shown_client(base, at) for at in found])
        if found:
            return found[0]
    raise UnknownClientError(asked, _near(base, names, key))


def shown_client(base: ClientBase, position: int) -> str:
    """The client in a row, from 0, as she is named to the user."""
    client, name = (str(base.clients.texts(key)[position]) for key in ("id", "name"))
    return called(client, name)


def _by_name(names: Sequence[str], asked: str, rows: Sequence[int]) -> list[int]:
    """The *rows* with this name, else those with this part, else those with all of its words."""
    if not asked:
        return []
    words = asked.split()
    for fits in (
        lambda name: name == asked,
        lambda name: asked in name,
        lambda name: all(word in name for word in words),
    ):
        found = [at for at in rows if fits(names[at])]
        if found:
            return found
    return []


def _near(base: ClientBase, names: Sequence[str], asked: str) -> list[str]:
    """The clients whose ID, name or a word of the name comes nearest; 7 is near to 007."""
    at: dict[str, list[int]] = {}
    for position, key in enumerate(base.clients.texts("id").tolist()):
        for text in dict.fromkeys([fold(key), names[position], *names[position].split()]):
            at.setdefault(text, []).append(position)
    at.pop("", None)
    without_zeros = asked.lstrip("0")
    texts = [text for text in at if without_zeros and text.lstrip("0") == without_zeros]
    texts += difflib.get_close_matches(asked, at, n=MOST_NEAR, cutoff=0.6)
    positions = dict.fromkeys(position for text in texts for position in at[text])
    return [shown_client(base, position) for position in list(positions)[:MOST_NEAR]]
