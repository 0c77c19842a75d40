"""Why gift, gift budget, gift for and gift date are what they are, and what is lacking for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from rules.conditions import holds
from rules.config.yaml_text import Path
from rules.model.known import only
from rules.reading.cells import shown_decimal, shown_whole
from rules.reading.dates import Days
from rules.reading.words import fold
from rules.rooms.gifts.room import chosen_entry, coming_occasions, is_posted
from rules.rooms.gifts.settings import GiftItem, Multiplier, Settings
from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation, Kind, Value
from words import _

KEYS = ("gift", "gift_budget", "gift_for", "gift_date")


def gift(one: OneClient) -> Mapping[str, Explanation]:
    """The four cells: occasions, the budget's arithmetic, the choice and the next dearer gift."""
    reader = _Gift(one)
    if not one.bought:
        return _blank((), one.never_bought)
    if one.silence:
        return _blank((), one.silence)
    if not one.cell("gift"):
        text = _("no occasion without a gift in the next {days} days").format(
            days=one.config.rule(Settings).gifts.horizon_days
        )
        return _blank(("gifts", "horizon_days"), Evidence("blank", text), *reader.occasions())
    found = (reader.choice(), reader.budget(), reader.occasion(), reader.date())
    return dict(zip(KEYS, found, strict=True))


def _blank(rule: Path, blank: Evidence, *more: Evidence) -> Mapping[str, Explanation]:
    """Four blank cells; the first says more."""
    first, *others = KEYS
    found = {first: Explanation(first, rule, (blank, *more))}
    return found | {key: Explanation(key, rule, (blank,)) for key in others}


class _Gift:
    """The gift of one client."""

    def __init__(self, one: OneClient) -> None:
        self.one = one
        self.rule = one.config.rule(Settings).gifts
        self.coming = coming_occasions(one.known)
        self.multipliers = [
            (number, multiplier)
            for number, multiplier in enumerate(self.rule.multipliers)
            if holds(multiplier.when, one.known)[0]
        ]

    @property
    def is_card_only(self) -> bool:
        """Whether she gets the card alone, without a budget."""
        return bool(np.isnan(self.one.cell("gift_budget")))

    # The gift ---------------------------------------------------------------------------

    def choice(self) -> Explanation:
        """The entry of the gift list that was chosen, and the next dearer one."""
        one = self.one
        if self.is_card_only:
            return Explanation("gift", ("gifts", "card_only_after_months"), (self._card_only(),))
        budget = int(one.cell("gift_budget"))
        number = self._chosen(budget)
        rule: Path = ("gifts", "token") if number is None else ("gifts", "list", number)
        words = {"budget": shown_whole(budget)}
        if number is None:
            text = _("nothing on the gift list fits the budget of {budget}").format(**words)
        else:
            item = self.rule.list[number]
            text = _("{name} for {price} fits the budget of {budget}").format(
                name=item.name, price=self._price(item), **words
            )
        chosen = Evidence("decided", text, rule, (), {"budget": budget})
        return Explanation("gift", rule, (chosen, *self._dearer(budget, number)))

    def _card_only(self) -> Evidence:
        months = self.rule.card_only_after_months
        text = _("the last purchase is more than {months} months ago: the card alone").format(
            months=months
        )
        return replace(self.one.fact("last_purchase"), kind="blank", text=text)

    def _chosen(self, budget: int) -> int | None:
        """The number of the entry that the rule chooses for a budget; None for the token."""
        amount = np.array([budget], dtype=object)
        number = int(chosen_entry(self.one.known, self.coming.shared, amount)[0])
        return number if number >= 0 else None

    def _dearer(self, budget: int, number: int | None) -> Iterator[Evidence]:
        """The next dearer entry that she may get, and what is lacking for it."""
        for needed in sorted({ceil(item.price) for item in self.rule.list}):
            dearer = self._chosen(needed) if needed > budget else number
            if dearer is None or dearer == number:
                continue
            item = self.rule.list[dearer]
            facts: dict[str, Value] = {"gift": item.name, "budget": needed - budget}
            words = {"name": item.name, "price": self._price(item)}
            text = _("{name} for {price}: {short} more in the budget needed").format(
                **words, short=shown_whole(needed - budget)
            )
            turnover = self._turnover_for(needed)
            if turnover is not None:
                more = turnover - self.one.turnover()
                facts["turnover"] = self.one.units(more)
                text = _("{dearer}, that is {amount} more turnover at the same multipliers").format(
                    dearer=text, amount=self.one.money(more)
                )
            yield Evidence("distance", text, ("gifts", "list", dearer), (), facts)
            return

    def _factor(self) -> Fraction:
        """The budget for each minor unit of turnover."""
        whole = 100 * 10**self.one.config.numbers.minor_units
        factor: Fraction = Fraction(self.rule.percent) / whole
        for _number, multiplier in self.multipliers:
            factor *= Fraction(multiplier.times)
        return factor

    def _turnover_for(self, budget: int) -> int | None:
        """The least turnover in minor units that gives a budget, by the same multipliers."""
        factor = self._factor()
        return ceil(budget / factor) if factor > 0 else None

    # The budget -------------------------------------------------------------------------

    def budget(self) -> Explanation:
        """Percent, turnover and multipliers, and what they make."""
        one = self.one
        if self.is_card_only:
            rule = ("gifts", "card_only_after_months")
            return Explanation("gift_budget", rule, (self._card_only(),))
        budget, percent = int(one.cell("gift_budget")), self.rule.percent
        times = "".join(f" × {self._times(multiplier)}" for _number, multiplier in self.multipliers)
        text = _("{percent} % of {amount}{times} = {budget}, rounded down").format(
            percent=shown_decimal(f"{percent:f}", one.config),
            amount=one.money(max(one.turnover(), 0)),
            times=times,
            budget=shown_whole(budget),
        )
        facts: dict[str, Value] = {"percent": float(percent), "budget": budget}
        decided = Evidence("decided", text, (), one.fact("turnover_in_year").rows, facts)
        applied = [self._applied(*numbered) for numbered in self.multipliers]
        return Explanation("gift_budget", ("gifts", "percent"), (decided, *applied))

    def _applied(self, number: int, multiplier: Multiplier) -> Evidence:
        met = self.one.compared(multiplier.when)
        facts: dict[str, Value] = {"times": float(multiplier.times)}
        text = _("× {times} for {facts}").format(
            times=self._times(multiplier), facts=", ".join(fact.text for fact in met)
        )
        return Evidence("fact", text, ("gifts", "multipliers", number), (), facts)

    def _times(self, multiplier: Multiplier) -> str:
        return shown_decimal(f"{multiplier.times:f}", self.one.config)

    def _price(self, item: GiftItem) -> str:
        return self.one.money(round(item.price * 10**self.one.config.numbers.minor_units))

    # Occasion and date ------------------------------------------------------------------

    def occasion(self) -> Explanation:
        """The occasions that share the gift, the later ones, and those that have theirs."""
        order = np.argsort(self.coming.dates[0], kind="stable")
        first = next(int(at) for at in order if self.coming.shared[0, at])
        return Explanation("gift_for", ("gifts", "occasions", first), tuple(self.occasions()))

    def occasions(self) -> Iterator[Evidence]:
        """Every occasion in order of date."""
        dates, shared = self.coming.dates[0], self.coming.shared[0]
        for at in np.argsort(dates, kind="stable").tolist():
            if not np.isnat(dates[at]):
                kind: Kind = "decided" if shared[at] else "next"
                yield self._occasion(kind, at, dates[at])
        yield from self._given()

    def _occasion(self, kind: Kind, at: int, day: np.datetime64) -> Evidence:
        occasion, one = self.rule.occasions[at], self.one
        message = _("{name} on {date}") if kind == "decided" else _("then {name} on {date}")
        rows = one.own_row if occasion.day == "birthday" else ()
        text = message.format(name=occasion.name, date=one.shown(day))
        facts: dict[str, Value] = {"occasion": occasion.name, "date": day.item()}
        return Evidence(kind, text, ("gifts", "occasions", at), rows, facts)

    def _given(self) -> Iterator[Evidence]:
        """The coming occasions whose gift was given already, and the contact that says so."""
        one, contacts = self.one, self.one.contacts
        coming = self._dates(np.array([], np.intp))
        for at in np.flatnonzero(contacts.kind == fold(self.rule.kind)).tolist():
            closed = (self._dates(np.array([at], np.intp)) != coming) & ~np.isnat(coming)
            for number in np.flatnonzero(closed).tolist():
                name, day = self.rule.occasions[number].name, coming[number]
                text = _("{name} on {date} has its gift, given on {given}").format(
                    name=name, date=one.shown(day), given=one.shown(contacts.date[at])
                )
                rows = one.touches(np.arange(len(contacts.date)) == at)
                facts: dict[str, Value] = {"occasion": name, "date": day.item()}
                yield Evidence("silent", text, ("gifts", "closed_days"), rows, facts)

    def _dates(self, contacts: NDArray[np.intp]) -> Days:
        """The next open day of each occasion, had there been no *contacts* but these."""
        kept = only(self.one.contacts, contacts)
        dates: Days = coming_occasions(self.one.known.with_tables(contacts=kept)).dates[0]
        return dates

    def date(self) -> Explanation:
        """The occasion's day, or the day by which the gift must be posted."""
        one, day = self.one, self.coming.nearest[0]
        if not is_posted(one.known)[0]:
            shown = self.occasion()
            return replace(shown, key="gift_date", evidence=shown.evidence[:1])
        days = self.rule.post_days
        is_late = day - np.timedelta64(days, "D") < one.today
        message = (
            _("to be posted {days} days before {date}, so today")
            if is_late
            else _("posted {days} days before {date}")
        )
        text = message.format(days=days, date=one.shown(day))
        facts: dict[str, Value] = {"occasion": day.item(), "days": days}
        posted = Evidence("decided", text, (), one.own_row, facts)
        return Explanation("gift_date", ("gifts", "post_days"), (posted,))
