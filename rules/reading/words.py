"""Words and headings that she typed, compared as she means them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from unicodedata import category, normalize

from rules.errors import ClientBaseError
from words import _


def fold_id(text: str) -> str:
    """An ID as it is compared: trimmed, inner blanks folded to one, case and signs that nobody sees
    ignored, letters with their marks in one piece (Unicode's NFC).
    """
    if text.isascii():
        return " ".join(text.split()).casefold()
    seen = "".join(sign for sign in text if category(sign) != "Cf")
    return normalize("NFC", " ".join(normalize("NFC", seen).split()).casefold())


def fold(word: str) -> str:
    """A name, word or heading as it is compared: as an ID, and ё is е."""
    return fold_id(word).replace("ё", "е")


def fold_city(city: str) -> str:
    """A city as it is compared: "г." before it is nothing."""
    return fold(city).removeprefix("г.").strip()


def fold_flag(word: str) -> str:
    """A word of a yes/no cell as it is compared: any dash is one, and a full stop is nothing."""
    dashed = ("-" if category(sign) == "Pd" or sign == "−" else sign for sign in fold(word))
    return "".join(dashed).removesuffix(".").rstrip()


def fold_total(word: str) -> str:
    """A word of a row with a total as it is compared: a colon behind it is nothing."""
    return fold(word).removesuffix(":").rstrip()


_ROUNDED = re.compile(
    r"(?<![\w.,+])(?:[0-9](?:[.,][0-9]+)?\s?[eEеЕ]\+?[0-9]{2}|[0-9]{1,3}0{8,})(?![\w.,])"
)
"""What Excel makes of a long number that it takes for a quantity: 8.9E+10, or 89000000000."""


def without_rounded(text: str) -> str:
    """*text* without numbers whose last digits are lost, such as a phone that is 8.9E+10 now."""
    return _ROUNDED.sub("", text)


class MissingHeadingError(ClientBaseError, ValueError):
    """A sheet lacks the heading of a required column."""

    def __init__(self, sheet: str, key: str, accepted: Sequence[str], found: Sequence[str]) -> None:
        self.sheet, self.key, self.accepted, self.found = sheet, key, accepted, found
        sentence = _(
            "Sheet '{sheet}' has no column '{accepted}' (headings found: {found}). "
            "Rename the heading in the workbook, or set columns.{key} in config.yaml."
        )
        listed = ", ".join(found[:30]) or _("none")
        super().__init__(
            sentence.format(sheet=sheet, accepted=" / ".join(accepted), found=listed, key=key)
        )


class DoubleHeadingError(ClientBaseError, ValueError):
    """Two headings of a sheet mean the same column."""

    def __init__(self, sheet: str, key: str, headings: Sequence[str]) -> None:
        self.sheet, self.key, self.headings = sheet, key, headings
        first, second = headings[:2]
        sentence = _(
            "Sheet '{sheet}' has two headings for one column: '{first}' and '{second}' "
            "(columns.{key}). Rename one of them, or name the right one in config.yaml."
        )
        super().__init__(sentence.format(sheet=sheet, first=first, second=second, key=key))


def match_headings(
    sheet: str,
    table: str,
    headings: Mapping[int, str],
    columns: Mapping[str, Sequence[str]],
    required: Collection[str] = (),
) -> dict[str, int]:
    """Which column of the sheet holds what.

    *headings* by column number; *columns*: the accepted ones by key, of which those *required* must
    be there. The result gives the column number by key. Raises MissingHeadingError and
    DoubleHeadingError.
    """
    folded: dict[str, list[int]] = {}
    for number, heading in headings.items():
        folded.setdefault(fold(heading), []).append(number)
    found: dict[str, int] = {}
    for key, accepted in columns.items():
        at = [
            number for name in dict.fromkeys(map(fold, accepted)) for number in folded.get(name, ())
        ]
        if len(at) > 1:
            raise DoubleHeadingError(sheet, f"{table}.{key}", [headings[n] for n in sorted(at)])
        if at:
            found[key] = at[0]
        elif key in required:
            raise MissingHeadingError(sheet, f"{table}.{key}", accepted, list(headings.values()))
    return found
