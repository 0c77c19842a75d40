"""Which group rules can never be reached, because a rule above takes all their clients.

A condition is opened into alternatives, each a set of ranges: one range of values for each fact.
A later alternative is out of reach when it is empty, or lies inside one earlier alternative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.config.basics import Model
from rules.config.conditions import When
from rules.reading.words import fold
from words import _

MAX_ALTERNATIVES = 500
"""With more alternatives in all the rules together the comparison would take too long."""


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
    opened = [_alternatives(when) for when in conditions]
    if sum(map(len, opened)) > MAX_ALTERNATIVES:
        return
    earlier: list[tuple[int, Alternative]] = []
    for number, alternatives in enumerate(opened):
        possible = [a for a in alternatives if not any(r.empty for r in a.values())]
        takers = [
            next((n for n, taken in earlier if _within(alternative, taken)), None)
            for alternative in possible
        ]
        if not possible:
            found = _(
                "no client can fit the rule for '{name}': its conditions contradict each other"
            )
            yield number, found.format(name=names[number])
        elif None not in takers:
            rule = _("rule {number} ('{name}')")
            above = _(" and ").join(
                rule.format(number=n + 1, name=names[n])
                for n in sorted({n for n in takers if n is not None})
            )
            found = _(
                "the rule for '{name}' can never be reached: all its clients go to {rules} above "
                "it; move it up ('before: NAME'), or delete it"
            )
            yield number, found.format(name=names[number], rules=above)
        earlier += [(number, alternative) for alternative in possible]


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
            own[name] = _range(_given(test))
    for heading, test in (when.columns or {}).items():
        for reading, names in _READINGS.items():
            given = {name: value for name, value in _given(test).items() if name in names}
            if given:
                own[f"column {fold(heading)} as {reading}"] = _range(given)
    if when.any_ is None:
        return [own]
    return [_joined(own, branch) for inner in when.any_ for branch in _alternatives(inner)]


_READINGS = {
    "number": {"at_least", "at_most", "above", "below"},
    "date": {"within_months", "older_than_months"},
    "word": {"is_", "in_"},
    "filled": {"filled"},
}
"""A cell of her own columns is read as the comparison asks, so these never meet."""


def _given(test: Model) -> dict[str, object]:
    return {name: value for name, value in dict(test).items() if value is not None}


def _joined(first: Alternative, second: Alternative) -> Alternative:
    joined = dict(first)
    for fact, range_ in second.items():
        joined[fact] = joined[fact].meet(range_) if fact in joined else range_
    return joined


def _range(given: Mapping[str, object]) -> Range:
    """The values that pass all the comparisons; months count how long ago a date lies."""
    range_ = Range()
    for name, value in given.items():
        if name in {"at_least", "above", "older_than_months"}:
            low = Decimal(str(value))
            range_ = range_.meet(Range(low=low, low_open=name != "at_least"))
        elif name in {"at_most", "below", "within_months"}:
            range_ = range_.meet(Range(high=Decimal(str(value)), high_open=name == "below"))
        else:
            range_ = range_.meet(_one_of(value if isinstance(value, tuple) else (value,)))
    return range_


def _one_of(values: Sequence[object]) -> Range:
    numbers = [value.normalize() for value in values if isinstance(value, Decimal)]
    if numbers:
        return Range(low=min(numbers), high=max(numbers), words=frozenset(map(str, numbers)))
    return Range(words=frozenset(fold(str(value)) for value in values))
