"""What looks odd in the group rules: rules that mean nobody, and holes between two of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from rules.conditions import holds
from rules.config.basics import Model
from rules.config.conditions import ColumnTest, DateTest, NumberTest, When, conditions_in
from rules.config.settings import Config
from rules.config.yaml_text import Path
from rules.mentions import FIRST, first_of
from rules.model.declarations import Hint
from rules.model.result import Result
from rules.reading.words import fold
from rules.rooms.facts import SENTENCES
from rules.rooms.groups.room import Settings, group
from words import _, marked, n_

Test = NumberTest | DateTest | ColumnTest
_FACTS = SENTENCES | {"turnover_in_year": marked("turnover in the year {value}")}
"""A fact in words, with the values that a rule asks for."""
_LIMITS = {
    "at_least": marked("{limit} or more"),
    "above": marked("more than {limit}"),
    "at_most": marked("{limit} or less"),
    "below": marked("less than {limit}"),
}
"""What a limit of a condition asks for."""
WHOLE_UNITS = "_days"
"""Ends the names of facts that count whole days; between 1 and 2 there is none."""


def first_hints(result: Result) -> Iterator[Hint]:
    """The first hints of each kind, and how many more there are."""
    for kind in (list(rules_for_nobody(result)), list(holes(result))):
        yield from kind[:FIRST]
        if len(kind) > FIRST:
            yield Hint(_("… and {count} more").format(count=len(kind) - FIRST))


def rules_for_nobody(result: Result) -> Iterator[Hint]:
    """Group rules that take nobody, each by itself, and all other conditions that hold for nobody
    together.
    """
    config, usable = result.config, result.known.clients.usable
    taken = set(result.known.of(group).rule[usable].tolist())
    for number, rule in enumerate(config.rule(Settings).groups):
        if number not in taken:
            fitting = int(np.sum(holds(rule.when, result.known) & usable))
            sentence = (
                _(
                    "Group rule {rule} ({name}) takes nobody: all who meet its conditions "
                    "({count}) go to rules above it."
                )
                if fitting
                else _("Group rule {rule} ({name}) takes nobody: no client meets its conditions.")
            )
            text = sentence.format(rule=number + 1, name=rule.name, count=fitting)
            yield Hint(text, ("groups", number))
    unmet = [
        path
        for path, when in conditions_in(config)
        if path[0] != "groups"
        and "any" not in path
        and not np.any(holds(when, result.known) & usable)
    ]
    if unmet:
        text = _("Nobody meets the conditions of: {rules}.")
        yield Hint(text.format(rules=first_of([_called(config, path) for path in unmet])), unmet[0])


def _called(config: Config, path: Path) -> str:
    """Whose condition stands at *path*, from the outer entry to the inner one."""
    node: Any = config
    names: list[str] = []
    for step in path:
        node = node[step] if isinstance(step, int) else _under(node, step)
        names += [node.called()] if isinstance(node, Model) else []
    return ", ".join(filter(None, names)) or " ".join(key for key in path if isinstance(key, str))


def _under(block: Model, key: str) -> Any:  # noqa: ANN401 — whatever stands there
    names = {field.alias or name: name for name, field in type(block).model_fields.items()}
    return getattr(block, names[key])


@dataclass(frozen=True)
class Span:
    """Values that a rule asks for; an open end excludes its value."""

    low: Decimal
    low_open: bool
    high: Decimal
    high_open: bool
    rule: int


@dataclass(frozen=True)
class Hole:
    """Values of *fact* (a name, or the heading of her own column) between two rules."""

    fact: str
    is_date: bool
    is_own: bool
    below: Span
    above: Span

    def limits(self) -> dict[str, Decimal]:
        """What a condition would ask for that holds in the hole alone."""
        low, high = self.below, self.above
        if self.is_date:
            return {"older_than_months": low.high, "within_months": high.low}
        return {
            "at_least" if low.high_open else "above": low.high,
            "at_most" if high.low_open else "below": high.low,
        }

    def condition(self) -> When:
        """That condition."""
        limits = self.limits()
        return When.model_validate(
            {"columns": {self.fact: limits}} if self.is_own else {self.fact: limits}
        )

    def shown(self) -> str:
        """It in words, such as "longest gap above 40, below 50 days"."""
        limits = self.limits()
        shown = [_limit(name, limit) for name, limit in limits.items()]
        is_one = len(set(limits.values())) == 1
        sentence = f"{self.fact}: {{value}}" if self.is_own else _(_FACTS[self.fact])
        return sentence.format(value=next(iter(limits.values())) if is_one else ", ".join(shown))


def _limit(name: str, limit: Decimal) -> str:
    if name == "older_than_months":
        sentence = n_("more than {limit} month ago", "more than {limit} months ago", int(limit))
    elif name == "within_months":
        sentence = n_("at most {limit} month ago", "at most {limit} months ago", int(limit))
    else:
        sentence = _(_LIMITS[name])
    return sentence.format(limit=limit)


def holes(result: Result) -> Iterator[Hint]:
    """The holes that nobody closed on purpose, with how many clients are in each and which rules
    catch them; whom a rule above both takes anyway isn't counted.

    One that a last rule without condition gives to the group on either side is closed on purpose,
    as the shipped rules do it with the sixth month.
    """
    config, usable = result.config, result.known.clients.usable
    deciding = result.known.of(group).rule
    for hole in _holes(config):
        inside = usable & holds(hole.condition(), result.known)
        first = min(hole.below.rule, hole.above.rule)
        taken_above = (deciding >= 0) & (deciding < first)
        caught = Counter(deciding[inside & ~taken_above].tolist())
        if _is_closed(hole, set(caught), config):
            continue
        rules = [
            _("Rule {rule} ({name}) takes {count} of them.").format(
                rule=rule + 1, name=config.rule(Settings).groups[rule].name, count=count
            )
            if rule >= 0
            else _("{count} of them have no group.").format(count=count)
            for rule, count in sorted(caught.items())
        ]
        text = _(
            "Between group rules {below} and {above} there is a hole that no rule asks "
            "for: {hole}. Clients in it: {count}."
        ).format(
            hole=hole.shown(),
            below=_numbered(config, hole.below.rule),
            above=_numbered(config, hole.above.rule),
            count=caught.total(),
        )
        yield Hint(" ".join([text, *rules]), ("groups", hole.above.rule))


def _numbered(config: Config, rule: int) -> str:
    """A group rule as it is named in sentences: its number and the group."""
    return f"{rule + 1} ({config.rule(Settings).groups[rule].name})"


def _is_closed(hole: Hole, catching: set[int], config: Config) -> bool:
    """Whether the hole's clients all go, by a rule without condition, to a group beside it."""
    groups = config.rule(Settings).groups
    last = len(groups) - 1
    if groups[last].when is not None:
        return False
    beside = {fold(groups[span.rule].name) for span in (hole.below, hole.above)}
    return catching <= {last} and fold(groups[last].name) in beside


def _holes(config: Config) -> Iterator[Hole]:
    for (fact, is_date, is_own), spans in _spans(config).items():
        ordered = sorted(spans, key=lambda span: (span.low, span.low_open))
        reached = ordered[0]
        for span in ordered[1:]:
            if _is_gap(reached, span, whole=fact.endswith(WHOLE_UNITS) and not is_own):
                yield Hole(fact, is_date, is_own, reached, span)
            reached = max(reached, span, key=lambda one: (one.high, not one.high_open))


def _is_gap(below: Span, above: Span, *, whole: bool) -> bool:
    low, high = below.high, above.low
    if whole:
        first = low if below.high_open else low + 1
        return first <= (high if above.low_open else high - 1)
    return low < high or (low == high and below.high_open and above.low_open)


def _spans(config: Config) -> dict[tuple[str, bool, bool], list[Span]]:
    """What the group rules ask for, by fact (is it a date? a column of hers?)."""
    found: dict[tuple[str, bool, bool], list[Span]] = {}
    for number, rule in enumerate(config.rule(Settings).groups):
        for _path, when in conditions_in(rule):
            tests = [(name, False, getattr(when, name)) for name in type(when).model_fields]
            tests += [(name, True, test) for name, test in (when.columns or {}).items()]
            for name, is_own, test in tests:
                if isinstance(test, Test):
                    for is_date, span in _of_test(test, number):
                        found.setdefault((name, is_date, is_own), []).append(span)
    return found


def _of_test(test: Test, rule: int) -> Iterator[tuple[bool, Span]]:
    """The values that a comparison asks for, if it sets any limit; months count into the past."""
    given = {name: value for name, value in dict(test).items() if value is not None}
    if given.keys() & {"older_than_months", "within_months"}:
        low = Decimal(given.get("older_than_months", "-Infinity"))
        high = Decimal(given.get("within_months", "Infinity"))
        yield True, Span(low, low.is_finite(), high, high_open=False, rule=rule)
    lows = [(given[name], name == "above") for name in ("at_least", "above") if name in given]
    highs = [(given[name], name == "at_most") for name in ("at_most", "below") if name in given]
    if lows or highs:
        low_end, low_open = max(lows, default=(Decimal("-Infinity"), False))
        high_end, closed = min(highs, default=(Decimal("Infinity"), True))
        yield False, Span(low_end, low_open, high_end, not closed, rule)
    if isinstance(test, NumberTest):
        for value in test.in_ or ([] if test.is_ is None else [test.is_]):
            yield False, Span(value, low_open=False, high=value, high_open=False, rule=rule)
