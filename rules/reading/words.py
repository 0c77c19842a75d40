"""Words that the user typed, compared as she means them."""

from __future__ import annotations


def fold(word: str) -> str:
    """*word* as it is compared: trimmed, inner blanks folded to one, case ignored."""
    return " ".join(word.split()).casefold()
