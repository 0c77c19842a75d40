"""Words of hers that stand in no list: they are taken as they are, and told by `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.mentions import first_of
from rules.model.declarations import Hint
from rules.model.result import Result
from rules.reading.cells import read_text
from rules.reading.words import fold_flag

_PLACES = 3


def odd_words(
    result: Result, table: str, key: str, known: Iterable[str], sentence: str
) -> Iterator[Hint]:
    """The words in a column that are none of the *known* ones, with their cells, as a hint."""
    raw = result.base[table]
    said = {fold_flag(word) for word in known} | {""}
    spelt: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for at, word in enumerate(read_text(raw.shown(key)).tolist()):
        folded = fold_flag(word)
        if folded not in said:
            found.setdefault(spelt.setdefault(folded, word), []).append(raw.address(key, at))
    words = [f"{word} ({first_of(places, _PLACES)})" for word, places in found.items()]
    if words:
        column = result.config.heading(table, key)
        yield Hint(sentence.format(column=column, words=first_of(words)))
