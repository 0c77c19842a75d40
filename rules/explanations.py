"""Facts of a client in words, for whatever explains them.

The sentences stand in `messages` of the configuration; here are only the facts that fill them.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from rules.dates import date_or_none, shown_date
from rules.money import shown_money
from rules.recalculation import Result


def shown_fact(result: Result, name: str, position: int) -> str:
    """A fact of one client in words, such as "longest gap 40 days"; "–" where it is unknown."""
    facts, say = result.facts, result.config.messages
    value: Any = getattr(facts, name)[position]
    if name == "turnover_in_year":
        known = bool(facts.has_lines[position])
        shown = shown_money(int(value), result.config) if known else "–"
    elif name in {"bought", "attended_class"}:
        known = name == "bought" or facts.attendance_known
        shown = (say.word_yes if value else say.word_no) if known else "–"
    elif isinstance(value, np.datetime64):
        shown = shown_date(date_or_none(value), result.config.dates.text_formats[0])
    else:
        shown = "–" if np.isnan(value) else f"{value:.0f}"
    sentence: str = getattr(say, f"fact_{name}")
    return sentence.format(value=shown)


def facts_of_group(result: Result, position: int) -> str:
    """The facts that gave a client her group: those that its rule compares, else those of all."""
    asked, number = result.groups.asked, int(result.groups.rule[position])
    names = asked[number] if number >= 0 else ()
    names = names or list(dict.fromkeys(chain.from_iterable(asked)))
    return ", ".join(shown_fact(result, name, position) for name in names)
