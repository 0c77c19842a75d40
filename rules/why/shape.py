"""What an explanation is made of. Whoever shows it knows the files, sheets and lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.config.yaml_text import Path

Value = str | int | float | bool | dt.date | None
Kind = Literal["fact", "decided", "next", "silent", "distance", "blank"]
"""fact: what the rule looked at; decided: what it made of it; next: a runner-up; silent: what an
agreed date keeps back; distance: what she lacks for the next better; blank: why there is nothing.
"""


@dataclass(frozen=True)
class SourceRows:
    """Rows of a table, as positions in it as it was read."""

    table: str
    at: tuple[int, ...]


@dataclass(frozen=True)
class Evidence:
    """One thing that a cell was decided by.

    text: in the words of the configuration; rule: the entry of the configuration behind it, ()
    for none; rows: where it stands; facts: the same as text, in figures.
    """

    kind: Kind
    text: str
    rule: Path = ()
    rows: tuple[SourceRows, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """Why the filled column *key* is what it is, by the entry *rule* of the configuration."""

    key: str
    rule: Path
    evidence: tuple[Evidence, ...]
