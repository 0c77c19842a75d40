"""Amounts as people type them: "1 200р", "$1,234.50", "(300)", "850+490", "1.234,56".

What can mean one thing only is read. Source: domain, "Reading what she typed".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from unicodedata import category

_BLANKS = re.compile("[\u00a0\u2007\u2009\u202f]")
"""No-break, figure, thin and narrow no-break blank, which part groups of digits as a plain one."""
_MINUS = "-−–"
_SIGNS = f"+{_MINUS}"
_MOST_DIGITS = 40
"""A number of more digits is none that anybody could mean."""
_WHOLE = r"[0-9]+|[0-9]{1,3}(?:[ ][0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+"
_PLAIN = re.compile(rf"(?P<whole>{_WHOLE})(?:(?P<sign>[.,])(?P<part>[0-9]+))?")
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<group>[.,])[0-9]{3})(?:(?P=group)[0-9]{3})*)"
    r"(?:(?!(?P=group))[.,](?P<part>[0-9]+))?"
)
_A_NUMBER = re.compile(r"[-+−–]?[0-9](?:[0-9 .,']*[0-9])?")


class AmountReader:
    """Reads amounts with a country's *decimal* sign and *currency* words."""

    def __init__(self, decimal: str, currency: Iterable[str]) -> None:
        self._decimal = decimal
        words = {_tidied(word).casefold() for word in currency}
        self._currency = sorted(words - {""}, key=len, reverse=True)

    def read(self, text: str) -> Decimal | None:
        """The amount that a text is; None where it is none without doubt."""
        text = _tidied(text).casefold()
        if text.startswith("="):
            text = text[1:].strip()
        elif text.endswith("="):
            text = text[:-1].strip()
        one = self._one(text)
        if one is not None or "+" not in text[1:]:
            return one
        first, *others = text[1:].split("+")
        terms = [self._one(term.strip()) for term in (text[0] + first, *others)]
        return None if None in terms else sum(filter(None, terms), Decimal(0))

    def within(self, text: str) -> Decimal | None:
        """The only amount in a text of words and numbers, such as "возврат 600"; else None."""
        found = _A_NUMBER.findall(_tidied(text)) if len(text) < 1000 else []
        return self._number(found[0].lstrip(_SIGNS)) if len(found) == 1 else None

    def _one(self, text: str) -> Decimal | None:
        """One amount: a number with at most one sign or pair of brackets, and one currency."""
        sign, has_currency = "", False
        while True:
            word = "" if has_currency else self._word(text)
            if not sign and text[:1] == "(" and text[-1:] == ")":
                sign, text = "-", text[1:-1]
            elif not sign and text[:1] and text[0] in _SIGNS:
                sign, text = text[0], text[1:]
            elif not sign and text[:1] and text[-1] in _SIGNS:
                sign, text = text[-1], text[:-1]
            elif word and text.startswith(word):
                has_currency, text = True, text[len(word) :]
            elif word:
                has_currency, text = True, text[: -len(word)]
            else:
                break
            text = text.strip()
        number = self._number(text)
        return -number if number is not None and sign and sign in _MINUS else number

    def _word(self, text: str) -> str:
        """The currency word at either end; '' for none."""
        at_ends = (one for one in self._currency if text.startswith(one) or text.endswith(one))
        return next(at_ends, "")

    def _number(self, text: str) -> Decimal | None:
        """Digits, whole or in groups of three, and decimals. A sign before exactly three digits is
        a decimal sign only where it is the country's.
        """
        if len(text) > _MOST_DIGITS * 2:
            return Decimal("Infinity") if text.isdecimal() else None
        plain = _PLAIN.fullmatch(text)
        if plain and (len(plain["part"] or "") != 3 or plain["sign"] == self._decimal):
            return _number(plain)
        grouped = _GROUPED.fullmatch(text)
        return _number(grouped) if grouped else None


def _number(found: re.Match[str]) -> Decimal:
    whole = re.sub("[^0-9]", "", found["whole"])
    return Decimal(f"{whole}.{(found['part'] or '')[:_MOST_DIGITS]}")


def _tidied(text: str) -> str:
    """A text without signs that nobody sees, with plain blanks and apostrophes."""
    if not text.isascii():
        text = "".join(sign for sign in text if category(sign) != "Cf")
        text = _BLANKS.sub(" ", text).replace("’", "'")
    return text.strip()
