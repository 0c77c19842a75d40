"""Who goes where when the base is exported: calendar, mailing list, greetings by SMS.

Only decisions stand here; how a name or a number is written is for whoever writes the files.
"""

from __future__ import annotations

import re

import numpy as np

from rules.config.outgoing import GreetingRule
from rules.model.entries import Greeting
from rules.model.result import Result
from rules.reading.cells import Mask, read_flags
from rules.reading.dates import Days, day, latest, next_anniversary
from rules.reading.words import fold

_ADDRESS = re.compile(
    r"(?<![\w.!#$%&*+/=?^`{|}~-])"
    r"[^\W_][\w.!#$%&'*+/=?^`{|}~-]*@[^\W_](?:[\w.-]*[^\W_])?\.[^\W\d_]{2,}"
)
"""An e-mail address among other text; none begins with a sign that starts a formula."""
_CYRILLIC, _LATIN = re.compile("[а-яё]", re.IGNORECASE), re.compile("[a-z]", re.IGNORECASE)
_MOST_LETTERS = 1000
"""A longer cell holds notes; addresses behind that many letters aren't looked for."""


def reachable(result: Result) -> Mask:
    """Which rows are clients who want contact and have a name."""
    clients = result.known.clients
    return np.asarray(clients.usable & ~clients.silent)


def birthdays_this_year(result: Result) -> Days:
    """The birthday in the calendar year of today of all clients who can be contacted; else NaT.

    29 February is the 28th in common years, as for the contact rules.
    """
    new_year = day(result.today.replace(month=1, day=1))
    birthday = next_anniversary(result.known.clients.birthday, new_year)
    return np.where(reachable(result), birthday, np.datetime64("NaT", "D"))


def last_letter(result: Result) -> Days:
    """The last contact of each client that counts as a letter of the mailing; NaT for none."""
    contacts = result.known.tables["contacts"]
    kinds = [fold(kind) for kind in result.config.export.mailing.kinds]
    letter = np.isin(contacts.kind, kinds)
    return latest(contacts.client[letter], contacts.date[letter], len(result.known.clients))


def letter_due(result: Result) -> Mask:
    """Who gets the next letter: who agreed under Mailing and wants contact, and whose last letter
    is at least `every_days` old, or who never had one. Source: Zelenkina (every two weeks).
    """
    last = last_letter(result)
    every = np.timedelta64(result.config.export.mailing.every_days, "D")
    due = np.isnat(last) | (last + every <= day(result.today))
    return np.asarray(agreed_to_mailing(result) & due)


def agreed_to_mailing(result: Result) -> Mask:
    """Who agreed to letters: anything under Mailing but blank and a word of `no_words`."""
    mailing = result.base["clients"].shown("mailing")
    return reachable(result) & read_flags(mailing, result.config.no_words)


def greetings_due(result: Result) -> list[Greeting]:
    """The greetings that are due today, in the order of the clients, each once."""
    asked = [room.greetings for room in result.config.rooms if room.greetings is not None]
    found = dict.fromkeys(one for greetings in asked for one in greetings(result.known))
    return sorted(found, key=lambda greeting: greeting.client)


def greeting(name: str, occasion: str, rule: GreetingRule) -> str:
    """The text that greets *name* on the *occasion*."""
    templates = {fold(key): text for key, text in rule.templates.items()}
    text = templates.get(fold(occasion), rule.other)
    return text.format(name=name, first_name=first_name(name, rule), occasion=occasion)


def first_name(name: str, rule: GreetingRule) -> str:
    """The word of *name* that is the first name; all of it where that isn't known or missing."""
    words = name.split()
    known = 0 < rule.first_name_word <= len(words)
    return words[rule.first_name_word - 1] if known else name


def addresses(text: str) -> list[str]:
    """The e-mail addresses in a cell, in their order, each once; none where it holds none.

    One that mixes Cyrillic and Latin letters as none does is left out.
    """
    found: dict[str, str] = {}
    for address in _possible(text):
        found.setdefault(address.casefold(), address)
    return list(found.values())


def has_bad_address(text: str) -> bool:
    """Whether something stands in a cell for e-mail that is no address."""
    good = len(_possible(text))
    return bool(text.strip()) and (not good or text[:_MOST_LETTERS].count("@") > good)


def _possible(text: str) -> list[str]:
    found = (match.group() for match in _ADDRESS.finditer(text[:_MOST_LETTERS]))
    return [address for address in found if not _is_mixed(address)]


def _is_mixed(address: str) -> bool:
    """Whether an e-mail address holds a letter of the other alphabet, which looks the same: a
    domain is Cyrillic or Latin, and only before a Cyrillic one may stand a Cyrillic name.
    """
    name, _at, domain = address.partition("@")
    either = [bool(alphabet.search(domain)) for alphabet in (_CYRILLIC, _LATIN)]
    if not _CYRILLIC.search(name):
        return all(either)
    return all(either) or not either[0] or bool(_LATIN.search(name))
