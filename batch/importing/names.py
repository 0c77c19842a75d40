"""Names of people as they are written: in whatever order, short, with initials, with a slip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from typing import Final

from nicknames import NickNamer
from rapidfuzz.distance import Levenshtein

from batch.importing.dictionary import data
from rules.reading.words import fold

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?|\d+")
_PATRONYMIC: Final = re.compile(r".{2,}(?:ович|евич|ич|овна|евна|ична|инична|кызы|оглы)$")
_SURNAME: Final = re.compile(
    r".{2,}(?:ов|ова|ев|ева|ин|ина|ын|ына|ский|ская|цкий|цкая|ко|ук|юк|ян|швили|дзе|ых|их|ман|берг)$"
)
_INITIAL: Final = re.compile(r"(?<!\w)[A-ZА-ЯЁ](?:\.|(?!\w))")
_SHORTEST_SLIP: Final = 5


class Fit(IntEnum):
    """How well two words of names fit: the better, the more."""

    NONE = 0
    INITIAL = 1
    BEGINNING = 2
    SLIP = 3
    SHORT = 4
    SAME = 5


@dataclass(frozen=True)
class Name:
    """A name: as written, and its words as they are compared, without what stands in brackets."""

    written: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, those in brackets left out."""
        return _words(_BRACKETS.sub(" ", self.written)) or _words(self.written)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Its words without full stops, in the order of the alphabet."""
        return tuple(sorted(word.rstrip(".") for word in self.words))

    @property
    def has_brackets(self) -> bool:
        """Whether something stands in brackets."""
        return bool(_BRACKETS.search(self.written))


@lru_cache(maxsize=100_000)
def _words(text: str) -> tuple[str, ...]:
    apart = re.sub(r"(?<=[^\W\d_])\.(?=[^\W\d_])", ". ", fold(text))
    return tuple(_WORD.findall(apart))


@cache
def _short_forms() -> Mapping[str, frozenset[str]]:
    """The whole names that a name, short or whole, may stand for."""
    found: dict[str, set[str]] = {}
    for whole, shorts in data("shortnames.ru.yaml").items():
        for one in (whole, *shorts):
            found.setdefault(fold(one), set()).add(fold(whole))
    return {name: frozenset(wholes) for name, wholes in found.items()}


@cache
def _english() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=20_000)
def wholes(word: str) -> frozenset[str]:
    """The whole first names for which a word may stand; none for a word that is no first name."""
    russian = _short_forms().get(word)
    if russian is not None:
        return russian
    if not word.isascii():
        return frozenset()
    english = _english()
    found = set(english.canonicals_of(word))
    return frozenset(found | {word}) if found or english.nicknames_of(word) else frozenset()


def is_first_name(word: str) -> bool:
    """Whether a word is a first name that is known, whole or short."""
    return bool(wholes(word))


def is_patronymic(word: str) -> bool:
    """Whether a word looks like a patronymic."""
    return bool(_PATRONYMIC.match(word)) and not is_first_name(word)


def looks_like_name(text: str) -> bool:
    """Whether a text may be the name of a person rather than a heading of a section."""
    words = Name(text).words
    if not 0 < len(words) <= 4 or any(word.isdigit() for word in words):
        return False
    known = any(
        is_first_name(w.rstrip(".")) or _SURNAME.match(w) or is_patronymic(w) for w in words
    )
    return known or (len(words) > 1 and bool(_INITIAL.search(text)))


def may_be_name(text: str) -> bool:
    """Whether a text in a column of names may be one that nobody knows: all its words are written
    with capitals.
    """
    return looks_like_name(text) or all(
        word[0].isupper() for word in _BRACKETS.sub(" ", text).split()
    )


@lru_cache(maxsize=200_000)
def fit(one: str, other: str) -> Fit:
    """How well a word of a name fits one of another name."""
    first, second = one.rstrip("."), other.rstrip(".")
    if first == second:
        return Fit.SAME
    if wholes(first) & wholes(second):
        return Fit.SHORT
    short, long = sorted((first, second), key=len)
    if len(short) == 1 and long.startswith(short):
        return Fit.INITIAL
    if "." in {one[-1], other[-1]} and len(short) < 5 and long.startswith(short):
        return Fit.BEGINNING
    is_slip = (
        len(short) >= _SHORTEST_SLIP
        and not (is_first_name(first) and is_first_name(second))
        and Levenshtein.distance(first, second, score_cutoff=1) <= 1
    )
    return Fit.SLIP if is_slip and not _is_other_sex(first, second) else Fit.NONE


def _is_other_sex(one: str, other: str) -> bool:
    """Whether two surnames are those of a man and a woman: Данилов, Данилова."""
    short, long = sorted((one, other), key=len)
    return long == f"{short}а"


@dataclass(frozen=True)
class Likeness:
    """How alike two names are: the fits of their words, the best first.

    is_whole: no word of either stands alone.
    """

    fits: tuple[Fit, ...]
    is_whole: bool

    @property
    def rank(self) -> tuple[int, ...]:
        """What to sort by."""
        return tuple(self.fits)


def likeness(mentioned: Name, known: Name) -> Likeness | None:
    """How alike a name that is mentioned is to a known one; None where they are two people's.

    Each word of the shorter name must fit another word of the longer one, one of them in more than
    an initial.
    """
    few, many = sorted((mentioned.words, known.words), key=len)
    fits, left = [], list(many)
    for word in sorted(few, key=len, reverse=True):
        best = max(((fit(word, one), one) for one in left), default=(Fit.NONE, ""))
        if best[0] is Fit.NONE:
            return None
        fits.append(best[0])
        left.remove(best[1])
    if not fits or max(fits) <= Fit.INITIAL:
        return None
    return Likeness(tuple(sorted(fits, reverse=True)), not left)


def displayed(parts: Iterable[str]) -> str:
    """The parts of a name as one, each once; shouted ones as names are written."""
    whole = " ".join(" ".join(filter(None, parts)).split())
    letters = [sign for sign in whole if sign.isalpha()]
    if len(letters) > 3 and all(sign.isupper() for sign in letters):
        return whole.title()
    return whole
