"""Clients who may be one and the same: a phone, an e-mail or a name that several have.

Only clients who share something are compared, so ten thousand take a second or two.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations
from typing import TypeVar

import numpy as np
from rapidfuzz import fuzz, process

from batch.lint.people import People
from rules.mentions import FIRST, first_of
from rules.model.declarations import Hint
from rules.reading.alike import look
from words import _

K = TypeVar("K", bound=Hashable)

NEAR = 86
"""How much alike, of 100, nearly the same names are: about one slip in seven letters."""
FEW = 50
"""What more clients share (an office's phone) tells nothing about two of them."""
ON_A_DAY = 36
"""One of so many clients may share a birthday (usually one of 365 does) or a phone. What more share
was typed for want of the true one, such as 01.01."""
IN_A_CITY = 5
"""One of so many clients may share her city and a word of her name; what more share is no name."""


def same_phones(people: People) -> Iterator[Hint]:
    """Numbers that several clients have."""
    shared = [
        _("{phone}: {clients}").format(
            phone=phone.shown, clients=" = ".join(people.called[at] for at in places[:FIRST])
        )
        for phone, places in _together(people.phones).items()
        if len(places) > 1
    ]
    if shared:
        sentence = _("The same phone at several clients: {count} ({pairs}).")
        yield Hint(sentence.format(count=len(shared), pairs=first_of(shared)))


def alike_ids(people: People) -> Iterator[Hint]:
    """IDs of several clients that look the same: letters of another alphabet, zeros in front."""
    keys = people.calculated.result.known.clients.keys[people.at].tolist()
    shared = [
        " = ".join(people.called[at] for at in places[:FIRST])
        for places in _together([[look(key)] for key in keys]).values()
        if len(places) > 1
    ]
    if shared:
        sentence = _("IDs that look the same and aren't: {count} ({pairs}).")
        yield Hint(sentence.format(count=len(shared), pairs=first_of(shared)))


def likely_duplicates(people: People) -> Iterator[Hint]:
    """Pairs of clients who may be one: the same name in another order, case or spelling of ё, the
    same e-mail, or nearly the same name with the same birthday, phone or city.

    Two with different birthdays are two, unless they share an e-mail; of a whole city (an Anna and
    an Inna) also two with different phones.
    """
    reasons: dict[tuple[int, int], str] = {}
    for pairs, reason in (
        (_same_names(people), _("same name")),
        (_pairs(people.emails), _("same e-mail")),
        (
            _near(people, [[day] for day in people.birthdays], ON_A_DAY),
            _("nearly the same name, same birthday"),
        ),
        (_near(people, people.phones, ON_A_DAY), _("nearly the same name, same phone")),
        (_neighbours(people), _("nearly the same name, same city")),
    ):
        for pair in pairs:
            reasons.setdefault(pair, reason)
    if reasons:
        likeliest_first = sorted(reasons, key=lambda pair: -_agreeing(people, *pair))
        shown = [
            _("{first} = {second}, {reason}").format(
                first=people.called[one], second=people.called[other], reason=reasons[one, other]
            )
            for one, other in likeliest_first
        ]
        sentence = _("Perhaps the same client twice: {count} ({pairs}).")
        yield Hint(sentence.format(count=len(shown), pairs=first_of(shown)))


def _agreeing(people: People, one: int, other: int) -> int:
    """How much else of two clients agrees; below zero where their phones are different."""
    lists = (people.phones, people.emails)
    agreeing = sum(bool(set(each[one]) & set(each[other])) for each in lists)
    words = (people.birthdays, people.cities)
    agreeing += sum(bool(each[one]) and each[one] == each[other] for each in words)
    return agreeing - 2 * _differ_in_phones(people, one, other)


def _differ_in_phones(people: People, one: int, other: int) -> bool:
    first, second = people.phones[one], people.phones[other]
    return bool(first and second) and set(first).isdisjoint(second)


def _together(keys: Iterable[Iterable[K]]) -> dict[K, list[int]]:
    """Who has each key."""
    found: dict[K, list[int]] = {}
    for place, own in enumerate(keys):
        for key in own:
            if key:
                found.setdefault(key, []).append(place)
    return found


def _pairs(keys: Iterable[Iterable[Hashable]]) -> Iterator[tuple[int, int]]:
    """All two who share a key that only few have."""
    for places in _together(keys).values():
        if len(places) <= FEW:
            yield from combinations(places, 2)


def _same_names(people: People) -> Iterator[tuple[int, int]]:
    """Those whose names have the same two words or more, unless birthdays tell them apart."""
    for pair in _pairs([[words] if len(words) > 1 else [] for words in people.words]):
        if _may_be_one(people, *pair):
            yield pair


def _may_be_one(people: People, one: int, other: int) -> bool:
    first, second = people.birthdays[one], people.birthdays[other]
    return not first or not second or first == second


def _near(
    people: People, keys: Iterable[Iterable[Hashable]], one_of: int
) -> Iterator[tuple[int, int]]:
    """Those who share a key and nearly the same name; not what more share than one of so many
    clients, and more than few: it tells nothing, and to compare them all would take too long.
    """
    names = [" ".join(words) for words in people.words]
    most = max(FEW, len(people) // one_of)
    for places in _together(keys).values():
        if 1 < len(places) <= most:
            texts = [names[at] for at in places]
            alike = process.cdist(
                texts, texts, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8
            )
            for one, other in np.argwhere(np.triu(alike, 1) > 0).tolist():
                pair = places[one], places[other]
                if names[pair[0]] and _may_be_one(people, *pair):
                    yield pair


def _neighbours(people: People) -> Iterator[tuple[int, int]]:
    """Those of one city with nearly the same name, of which one word agrees; not where their phones
    tell them apart.
    """
    keys = [
        [(city, word) for word in words if city and len(words) > 1]
        for city, words in zip(people.cities, people.words, strict=True)
    ]
    for one, other in _near(people, keys, IN_A_CITY):
        if not _differ_in_phones(people, one, other):
            yield one, other
