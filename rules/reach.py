"""Which group rules can never be reached, because a rule above takes all their clients.

A condition is opened into alternatives, each a set of ranges: one range of values for each fact.
A later alternative is out of reach when it is empty, or lies inside one earlier alternative.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.settings import Model, When
from rules.words import fold

MAX_ALTERNATIVES = 200


@dataclass(frozen=True)
class Range:
    """Values between two ends (an open end excludes its value), or one of a set of words."""

    low: Decimal = Decimal("-Infinity")
    low_open: bool = False
    high: Decimal = Decimal("Infinity")
    high_open: bool = False
    words: frozenset[str] | None = None

    def meet(self, other: Range) -> Range:
        """The values in both ranges."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        words = other.words if self.words is None else self.words
        if self.words is not None and other.words is not None:
            words = self.words & other.words
        return Range(low, low_open, high, not high_closed, words)

    @property
    def empty(self) -> bool:
        """Whether no value can lie in this range."""
        if self.words is not None and not self.words:
            return True
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def inside(self, other: Range) -> bool:
        """Whether every value of this range lies in *other*."""
        return self.meet(other) == self


Alternative = dict[str, Range]


def unreachable(
    conditions: Sequence[When | None], names: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """The numbers (from 0) of the rules that no client can reach, each with the reason."""
    earlier: list[tuple[int, Alternative]] = []
    for number, when in enumerate(conditions):
        alternatives = [a for a in _alternatives(when) if not any(r.empty for r in a.values())]
        if not alternatives:
            yield number, f"the rule for '{names[number]}' contradicts itself: no client can fit"
            continue
        takers = [
            next((n for n, taken in earlier if _within(alternative, taken)), None)
            for alternative in alternatives
        ]
        if None not in takers:
            taker = max(n for n in takers if n is not None)
            reason = f"rule {taker + 1} ('{names[taker]}') above it takes all its clients"
            yield number, f"the rule for '{names[number]}' can never be reached: {reason}"
        earlier += [(number, alternative) for alternative in alternatives]


def _within(inner: Alternative, outer: Alternative) -> bool:
    return all(fact in inner and inner[fact].inside(range_) for fact, range_ in outer.items())


def _alternatives(when: When | None) -> list[Alternative]:
    """The condition as alternatives; one without any range fits everybody."""
    if when is None:
        return [{}]
    own: Alternative = {}
    for name in type(when).model_fields:
        test = getattr(when, name)
        if isinstance(test, Model):
            own[name] = _range(test)
    for heading, test in (when.columns or {}).items():
        own[f"column {fold(heading)}"] = _range(test)
        if test.filled is not None:
            own[f"column {fold(heading)} filled"] = _one_of([str(test.filled)])
    branches = [b for inner in when.any_ or () for b in _alternatives(inner)]
    if not branches:
        return [own]
    return [
        _joined(own, branch) for branch, _ in zip(branches, range(MAX_ALTERNATIVES), strict=False)
    ]


def _joined(first: Alternative, second: Alternative) -> Alternative:
    joined = dict(first)
    for fact, range_ in second.items():
        joined[fact] = joined[fact].meet(range_) if fact in joined else range_
    return joined


def _range(test: Model) -> Range:
    """The values that pass *test*; months count how long ago a date lies."""
    given = {name: value for name, value in dict(test).items() if value is not None}
    range_ = Range()
    for name, value in given.items():
        if name in {"at_least", "above", "older_than_months"}:
            range_ = range_.meet(Range(low=Decimal(value), low_open=name != "at_least"))
        elif name in {"at_most", "below", "within_months"}:
            range_ = range_.meet(Range(high=Decimal(value), high_open=name == "below"))
        elif name != "filled":
            values = value if isinstance(value, tuple) else (value,)
            range_ = range_.meet(_one_of(values))
    return range_


def _one_of(values: Sequence[object]) -> Range:
    if all(isinstance(value, Decimal) for value in values) and len(values) == 1:
        return Range(low=Decimal(str(values[0])), high=Decimal(str(values[0])))
    if all(isinstance(value, Decimal) for value in values):
        numbers = [Decimal(str(value)) for value in values]
        return Range(low=min(numbers), high=max(numbers), words=frozenset(map(str, values)))
    return Range(words=frozenset(fold(str(value)) for value in values))
