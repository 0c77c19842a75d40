"""Words that the user typed, compared as she means them."""

from __future__ import annotations

import pandas as pd


def fold(word: str) -> str:
    """*word* as it is compared: trimmed, inner blanks folded to one, case ignored."""
    return " ".join(word.split()).casefold()


def fold_all(words: pd.Series) -> pd.Series:
    """`fold` for a whole column."""
    return words.str.replace(r"\s+", " ", regex=True).str.strip().str.casefold()
