"""Why each filled cell of a client is what it is, in one sentence a cell.

The sentences stand in `messages` of the configuration; here are only the facts that fill them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from math import sqrt
from typing import Any

import numpy as np

from rules.columns import FILLED
from rules.config.settings import Config
from rules.dates import date_or_none, shown_date, year_start
from rules.recalculation import Result


def explain(result: Result, position: int) -> dict[str, str]:
    """A sentence for each filled column of the client at *position* (a row of Clients, from 0)."""
    return _Explanation(result, position).sentences()


def shown_money(minor: int, config: Config) -> str:
    """Money in minor units as the user writes it, such as 41 200 or 1 200,50."""
    places = config.numbers.minor_units
    whole, part = divmod(abs(minor), 10**places)
    text = f"{whole:,}".replace(",", " ")
    if part:
        text += config.numbers.decimal + f"{part:0{places}}"
    return f"-{text}" if minor < 0 else text


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


class _Explanation:
    """One client's sentences; each method is a column, or the columns that share a reason."""

    def __init__(self, result: Result, position: int) -> None:
        self.result = result
        self.position = position
        self.config = result.config
        self.facts = result.facts
        self.never_bought = not bool(result.facts.bought[position])

    def sentences(self) -> dict[str, str]:
        keys = [column.key for column in FILLED]
        if not self.result.base.clients.usable[self.position]:
            return dict.fromkeys(keys, self._say("why_left_out"))
        contact = self._contact()
        gift = self._gift()
        found = {
            "group": self._group(),
            "abc": self._abc(),
            "xyz": self._xyz(),
            "stage": self._stage(),
            "folder": self._folder(),
            "turnover": self._turnover(),
            "last_purchase": self._last_purchase(),
        }
        found |= dict.fromkeys(("next_contact", "contact_reason", "channel"), contact)
        found |= dict.fromkeys(("gift", "gift_budget", "gift_for", "gift_date"), gift)
        return {key: found[key] for key in keys}

    def _say(self, message: str, **words: object) -> str:
        sentence: str = getattr(self.config.messages, message)
        return sentence.format(**words)

    def _shown(self, date: dt.date | None) -> str:
        return shown_date(date, self.config.dates.text_formats[0])

    def _cell(self, key: str) -> Any:  # noqa: ANN401 — text, number or date, by column
        return self.result.filled[key][self.position]

    def _date(self, key: str) -> str:
        cell = np.datetime64(self._cell(key), "D")
        return self._shown(date_or_none(cell))

    def _fact_date(self, name: str) -> str:
        return self._shown(date_or_none(getattr(self.facts, name)[self.position]))

    def _group(self) -> str:
        number = int(self.result.groups.rule[self.position])
        facts = facts_of_group(self.result, self.position)
        if number < 0:
            return self._say("why_group_none", facts=facts)
        name = self.config.groups[number].name
        return self._say("why_group", name=name, rule=number + 1, facts=facts)

    def _has_lines(self) -> bool:
        return bool(self.facts.has_lines[self.position])

    def _abc(self) -> str:
        amounts = self.facts.turnover_in_year
        own = int(amounts[self.position])
        if own <= 0:
            return self._say("why_abc_none")
        whole = int(amounts[amounts > 0].sum())
        before = int(amounts[amounts > own].sum())
        shares = {"before": before, "including": before + own}
        percent = {name: f"{100 * share / whole:.1f}" for name, share in shares.items()}
        return self._say("why_abc", name=self._cell("abc"), **percent)

    def _xyz(self) -> str:
        name, stage = self._cell("xyz"), self._cell("stage")
        rule, names = self.config.xyz, self.config.stage.names
        periods = int(self.result.periods[self.position])
        amounts = [int(v) for v in self.result.period_turnover[self.position][:periods]]
        if stage in {names.new, names.potential}:
            return self._say("why_xyz_stage", stage=stage)
        if periods < rule.min_periods:
            return self._say("why_xyz_few", periods=periods, needed=rule.min_periods)
        if not name:
            return self._say("why_xyz_mean")
        mean = Fraction(sum(amounts), periods)
        over = periods if rule.deviation == "population" else periods - 1
        variance = sum((amount - mean) ** 2 for amount in amounts) / over
        variation = f"{100 * sqrt(variance / mean**2):.1f}"
        shown = ", ".join(shown_money(amount, self.config) for amount in reversed(amounts))
        return self._say("why_xyz", name=name, variation=variation, amounts=shown)

    def _stage(self) -> str:
        name = self._cell("stage")
        if self.never_bought:
            return self._say("why_stage_never", name=name)
        dates = {"first": self._fact_date("first_purchase"), "last": self._date("last_purchase")}
        return self._say("why_stage", name=name, months=self.config.stage.period_months, **dates)

    def _folder(self) -> str:
        if self.never_bought:
            return self._say("why_never_bought")
        return self._say("why_folder", name=self._cell("folder"), last=self._date("last_purchase"))

    def _turnover(self) -> str:
        if not self._has_lines():
            return self._say("why_turnover_none")
        start = date_or_none(year_start(self.result.today, self.config.year))
        amount = shown_money(int(self.facts.turnover_in_year[self.position]), self.config)
        return self._say("why_turnover", amount=amount, start=self._shown(start))

    def _last_purchase(self) -> str:
        if self.never_bought:
            return self._say("why_never_bought")
        return self._say("why_last_purchase", last=self._date("last_purchase"))

    def _contact(self) -> str:
        if self.result.base.clients.do_not_contact[self.position]:
            return self._say("why_do_not_contact")
        found = sorted(self._open(), key=lambda proposal: proposal[0])
        if not found:
            return self._say("why_contact_none")
        shown = "; ".join(
            f"{self._shown(due)} {reason} ({channel})" for due, reason, channel in found
        )
        return self._say("why_contact", date=self._date("next_contact"), open=shown)

    def _open(self) -> Iterator[tuple[dt.date, str, str]]:
        """The open dates that the rules propose, with reason and channel."""
        for proposal in self.result.proposals:
            due = date_or_none(proposal.due[self.position])
            if due is not None:
                yield due, proposal.reason[self.position], proposal.channel[self.position]

    def _gift(self) -> str:
        rule = self.config.gifts
        if self.never_bought:
            return self._say("why_never_bought")
        if self.result.base.clients.do_not_contact[self.position]:
            return self._say("why_do_not_contact")
        if not self._cell("gift"):
            return self._say("why_gift_none", days=rule.horizon_days)
        words = {"gift": self._cell("gift"), "occasion": self._cell("gift_for")}
        words["date"] = self._date("gift_date")
        budget = self._cell("gift_budget")
        if np.isnan(budget):
            return self._say("why_gift_card", months=rule.card_only_after_months, **words)
        return self._say("why_gift", budget=f"{budget:,.0f}".replace(",", " "), **words)
