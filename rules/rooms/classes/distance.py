"""How much more turnover gives a better class. The rule itself is asked, so that both agree."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from rules.rooms.classes.rule import abc_class
from rules.rooms.classes.settings import Abc


def better_class(
    turnover_minor: NDArray[np.int64], position: int, abc: Abc
) -> tuple[str, int] | None:
    """The better ABC class of one client that takes the least more turnover, and how much that is,
    in minor units; what others buy stays, while her own purchases raise the whole.

    None in the best class, without a class, and where turnover can't do it (line: inclusive leaves
    the best class empty in many bases). Source: CRM article.
    """
    own = int(turnover_minor[position])
    rank = _rank(turnover_minor, position, own, abc)
    if own <= 0 or rank == 0:
        return None
    if abc.line == "crossing":
        needed = _crossing(turnover_minor, position, rank, abc)
    else:
        found = _inclusive(turnover_minor, position, rank, abc)
        if found is None:
            return None
        needed = found
    return abc.names[_rank(turnover_minor, position, needed, abc)], needed - own


def _rank(turnover_minor: NDArray[np.int64], position: int, own: int, abc: Abc) -> int:
    """Her class with the turnover *own*, 0 for the best."""
    changed = turnover_minor.copy()
    changed[position] = own
    name = abc_class(changed, abc)[position]
    return abc.names.index(name) if name else len(abc.names)


def _crossing(turnover_minor: NDArray[np.int64], position: int, rank: int, abc: Abc) -> int:
    """The least turnover that gives a better class: more turnover is never worse, and as much as
    the best client's is always the best class.
    """
    low, high = int(turnover_minor[position]), int(turnover_minor.max())
    while high - low > 1:
        middle = (low + high) // 2
        if _rank(turnover_minor, position, middle, abc) < rank:
            high = middle
        else:
            low = middle
    return high


def _inclusive(turnover_minor: NDArray[np.int64], position: int, rank: int, abc: Abc) -> int | None:
    """The least turnover that gives a better class; None where there is none.

    Her own share counts here, so that more turnover helps only where it reaches another client's.
    """
    others = np.delete(turnover_minor, position)
    amounts, counts = np.unique(others[others > 0], return_counts=True)
    sums = amounts.astype(object) * counts
    whole, bound = int(sums.sum()), Fraction(abc.bounds[rank - 1]) / 100
    above = (whole - np.cumsum(sums)).tolist()
    for amount, before in zip(amounts.tolist(), above, strict=True):
        is_more = amount > turnover_minor[position]
        if is_more and before + amount <= floor(bound * (whole + amount)):
            return int(amount)
    return None
