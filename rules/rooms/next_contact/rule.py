"""Next contact: every rule proposes dates, the earliest open one stands.

Each rule is one function: what is known of all clients in, proposals out. A proposal is a column
of due dates (NaT where nothing is open) with a reason and a channel; `next_contact` chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.conditions import holds
from rules.model.declarations import Room
from rules.model.entries import Greeting
from rules.model.known import Known
from rules.reading.cells import Mask
from rules.reading.dates import (
    NAT,
    Days,
    add_months,
    every_year,
    in_calendar,
    latest,
    months_since,
    next_anniversary,
    no_days,
)
from rules.reading.intervals import Interval
from rules.rooms.clients import meant
from rules.rooms.contacts import Weighing
from rules.rooms.facts import facts
from rules.rooms.next_contact.settings import (
    AfterClass,
    AfterPurchase,
    Agreed,
    BeforeBirthday,
    Birthday,
    ClassAhead,
    FirstContact,
    HolidayRule,
    MissedCall,
    Reorder,
    Rhythm,
    RuleSettings,
    Settings,
)

ONE_DAY = np.timedelta64(1, "D")
Texts = NDArray[np.object_]


def _days(count: int) -> np.timedelta64:
    return np.timedelta64(count, "D")


class Proposal(NamedTuple):
    """Due dates of one rule (NaT: nothing open), the reason, and the channel, for each client."""

    rule: int
    due: Days
    reason: Texts
    channel: Texts


class NextContact(NamedTuple):
    """The three cells: date (NaT), reason and channel ('') of each client."""

    due: Days
    reason: Texts
    channel: Texts


@dataclass(frozen=True)
class Agreement:
    """The agreed date of each client's newest contact that has one, and that contact."""

    due: Days
    set_on: Days
    kind: Texts


class Situation:
    """What the contact rules look at besides facts and columns, on one day."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.today = known.today
        self.clients = known.clients
        self.contacts = known.tables["contacts"]
        self.facts = known.of(facts)
        self.weighing = known.of(Weighing)
        self._last_by_weight: dict[int, Days] = {}

    def __len__(self) -> int:
        return len(self.clients)

    @property
    def rules(self) -> tuple[RuleSettings, ...]:
        """The rules of the configuration, in their order."""
        return self.known.rule(Settings).contacts.rules

    @cached_property
    def contact_weight(self) -> NDArray[np.int64]:
        """How personal each contact was."""
        return self.weighing.of(self.contacts.kind)

    def last_contact(self, weight: int) -> Days:
        """The last contact of each client that weighs at least *weight*."""
        if weight not in self._last_by_weight:
            counts = self.contact_weight >= weight
            self._last_by_weight[weight] = latest(
                self.contacts.client[counts], self.contacts.date[counts], len(self)
            )
        return self._last_by_weight[weight]

    def last_counting(self, channel: Texts) -> Days:
        """The last contact of each client that counts for her *channel*."""
        weight = self.weighing.of(channel)
        last = no_days(len(self))
        for level in np.unique(weight):
            last = np.where(weight == level, self.last_contact(int(level)), last)
        return last

    @cached_property
    def last_personal(self) -> Days:
        """The last contact of each client that is a personal touch."""
        return self.last_contact(self.weighing.personal)

    @cached_property
    def class_attended(self) -> Days:
        """The class date of those who attended; NaT for the others."""
        return np.where(self.facts.attended_class, self.clients.class_date, NAT)

    @cached_property
    def last_in_rooms(self) -> Days:
        """The last day on which something in a room counts as being in touch."""
        last = no_days(len(self))
        for client, date in self._touches:
            last = np.fmax(last, latest(client, date, len(self)))
        return last

    @cached_property
    def first_in_rooms(self) -> Days:
        """The first such day."""
        first = no_days(len(self))
        for client, date in self._touches:
            np.fmin.at(first, client, date)
        return first

    @cached_property
    def _touches(self) -> list[tuple[NDArray[np.intp], Days]]:
        return [room.touches(self.known) for room in self._rooms if room.touches is not None]

    @cached_property
    def last_touch(self) -> Days:
        """The latest of last purchase line, class attended, last personal contact, and what rooms
        count as one.
        """
        touch = np.fmax(np.fmax(self.facts.last_line, self.class_attended), self.last_personal)
        return np.fmax(touch, self.last_in_rooms)

    @cached_property
    def hushed(self) -> Mask:
        """Who has other worries than offers and greetings."""
        hushed = np.zeros(len(self), dtype=bool)
        for room in self._rooms:
            if room.hushes is not None:
                hushed |= room.hushes(self.known)
        return hushed

    @cached_property
    def _rooms(self) -> list[Room]:
        return list(self.known.config.rooms.on(self.known.on, self.known.config))

    @cached_property
    def open_to(self) -> Mapping[str, Mask]:
        """By contact rule of the rooms that the base has for whom its dates count."""
        reachable = self.clients.usable & ~self.clients.nameless
        return {
            rule.key: (reachable if rule.is_owed else reachable & ~self.clients.silent)
            & ~(self.waiting_for_agreed & rule.waits)
            & ~(self.hushed & rule.is_hushed)
            for room in self._rooms
            for rule in room.contact_rules
        }

    @cached_property
    def agreement(self) -> Agreement:
        """The newest contact that has a next date; of one day, the one further down the sheet."""
        dated = np.flatnonzero(~np.isnat(self.contacts.next_date))
        order = dated[np.argsort(self.contacts.date[dated], kind="stable")]
        who = self.contacts.client[order]
        due, set_on = no_days(len(self)), no_days(len(self))
        kind = _all("", len(self))
        due[who] = self.contacts.next_date[order]
        set_on[who] = self.contacts.date[order]
        kind[who] = self.contacts.next_kind[order]
        return Agreement(due, set_on, kind)

    @cached_property
    def waiting_for_agreed(self) -> Mask:
        """Who asked to be contacted on a day that is still ahead ("call me in May"), as far as a
        rule minds agreed dates.
        """
        minded = np.zeros(len(self), dtype=bool)
        for rule in self.rules:
            if isinstance(rule, Agreed):
                minded |= holds(rule.when, self.known)
        return np.asarray(minded & (self.agreement.due > self.today))


def next_contact(situation: Situation) -> tuple[NextContact, list[Proposal]]:
    """Next contact, its reason and channel for every client, and all open proposals.

    The earliest open date stands, also when it is overdue. The reasons are those of that date,
    or, where it isn't after today, of everything open up to today, each once, in the order of the
    rules; the channel is the weightiest of theirs, among equals the first. Clients who don't want
    contact get none. Sources: Shumilin, Zelenkina, Danilov, Pustylnik.
    """
    proposals = list(_proposals(situation))
    count, today = len(situation), situation.today
    earliest = no_days(count)
    for proposal in proposals:
        earliest = np.fmin(earliest, proposal.due)
    last = np.where(earliest <= today, today, earliest)
    shown = [(np.asarray(one.due <= last), one) for one in proposals]
    joiner = situation.known.rule(Settings).reason_joiner
    reason, channel = _all("", count), _all("", count)
    weight = np.full(count, -1, dtype=np.int64)
    for number, (is_shown, proposal) in enumerate(shown):
        is_new = is_shown.copy()
        for was_shown, other in shown[:number]:
            is_new &= ~(was_shown & (other.reason == proposal.reason).astype(bool))
        between = np.where(reason[is_new] == "", "", joiner).astype(object)
        reason[is_new] += between + proposal.reason[is_new]
        own_weight = situation.weighing.of(proposal.channel)
        better = is_shown & (own_weight > weight)
        channel[better] = proposal.channel[better]
        weight[better] = own_weight[better]
    return NextContact(earliest, reason, channel), proposals


def _proposals(situation: Situation) -> Iterator[Proposal]:
    """The open dates of every rule, in the order of the rules."""
    declared = situation.known.config.rooms.contact_rules
    for number, rule in enumerate(situation.rules):
        if rule.rule not in situation.open_to:
            continue
        allowed = situation.open_to[rule.rule] & holds(rule.when, situation.known)
        channel = _channel(rule, situation)
        for due, reason, own_channel in declared[rule.rule].propose(rule, situation, channel):
            one = np.array(reason, dtype=object)  # of one text for all, all share it
            reasons = np.broadcast_to(one, len(situation))
            possible = np.where(allowed, in_calendar(due), NAT)
            yield Proposal(number, possible, reasons, own_channel)


Open = Iterator[tuple[Days, str | Texts, Texts]]
"""What a rule yields: due dates (NaT: not open), reason, channel."""


def _all(text: str, count: int) -> Texts:
    return np.full(count, text, dtype=object)


def _channel(rule: RuleSettings, situation: Situation) -> Texts:
    """The channel of *rule* for each client: the first special one that fits, else its own."""
    channel = _all(rule.channel, len(situation))
    for special in reversed(rule.channels):
        channel[holds(special.when, situation.known)] = special.channel
    return channel


def agreed(rule: Agreed, situation: Situation, channel: Texts) -> Open:
    """The date that was agreed on, however long ago, until it is kept.

    Done by a contact that weighs as much as the channel or as a personal touch, whichever is
    less, or by a purchase, on or after the agreed date and after the day of the agreement.
    Source: Shumilin.
    """
    agreement = situation.agreement
    named = agreement.kind != ""
    reason = _all(rule.reason, len(situation))
    before, after = rule.reason_with_kind.split("{kind}", 1)
    reason[named] = before + agreement.kind[named] + after
    channel = np.where(named, agreement.kind, channel).astype(object)
    enough = np.minimum(situation.weighing.of(channel), situation.weighing.personal)
    kept = situation.facts.last_purchase
    for weight in np.unique(enough):
        contact = np.where(enough == weight, situation.last_contact(int(weight)), NAT)
        kept = np.fmax(kept, contact)
    done = (kept >= agreement.due) & (kept > agreement.set_on)
    yield np.where(done, NAT, agreement.due), reason, channel


def missed_call(rule: MissedCall, situation: Situation, channel: Texts) -> Open:
    """The day of the first call that she missed and that nobody answered since.

    Done by a contact that counts, on that day further down the sheet, or later. Source: Danilov.
    """
    contacts, client = situation.contacts, situation.contacts.client
    order = np.argsort(contacts.date, kind="stable")
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    counts = situation.contact_weight >= situation.weighing.of(channel)[client]
    last = np.full(len(situation), -1, np.intp)
    np.maximum.at(last, client[counts], place[counts])
    open_ = situation.weighing.is_missed(contacts.kind) & (place > last[client])
    open_ &= ~_expired(contacts.date, rule.expires_days, situation)
    due = no_days(len(situation))
    np.fmin.at(due, client[open_], contacts.date[open_])
    yield due, rule.reason, channel


def birthday(rule: Birthday, situation: Situation, channel: Texts) -> Open:
    """The first birthday that is neither missed, being over for longer than `late_days`, nor done.

    Done by a contact that counts, from `early_days` before the day on. Sources: Zelenkina, Danilov.
    """
    origin = situation.clients.birthday
    due = _open_anniversary(origin, rule.early_days, rule.late_days, situation, channel)
    yield due, rule.reason, channel


def holiday(rule: HolidayRule, situation: Situation, channel: Texts) -> Open:
    """Each date under `holidays`, for clients ever in touch: a purchase line, a class attended, any
    contact that weighs something, or a touch in a room up to that date. Done and given up like a
    birthday. Sources: Zelenkina, Danilov.
    """
    facts = situation.facts
    in_touch = facts.has_lines | facts.attended_class | ~np.isnat(situation.last_contact(1))
    by_room = np.where(in_touch, NAT, situation.first_in_rooms)
    in_touch |= ~np.isnat(by_room)
    for day in situation.known.rule(Settings).holidays:
        origin = every_year(day.day, len(situation))
        due = _open_anniversary(origin, rule.early_days, rule.late_days, situation, channel)
        due = np.where(due < by_room, next_anniversary(origin, by_room), due)
        greeted = in_touch & holds(day.when, situation.known)
        greeted &= meant(situation.clients, day.for_)
        yield np.where(greeted, due, NAT), day.name, channel


def _open_anniversary(
    origin: Days, early_days: int, late_days: int, situation: Situation, channel: Texts
) -> Days:
    not_done_from = situation.last_counting(channel) + _days(early_days + 1)
    return next_anniversary(origin, np.fmax(situation.today - _days(late_days), not_done_from))


def after_purchase(rule: AfterPurchase, situation: Situation, channel: Texts) -> Open:
    """A series of dates after the last purchase day. Sources: Zelenkina (2+2+2), Danilov."""
    return _series(rule, situation.facts.last_purchase, situation, channel)


def after_class(rule: AfterClass, situation: Situation, channel: Texts) -> Open:
    """A series of dates after the class, for those with no purchase on or after it.

    Source: Zelenkina.
    """
    attended = situation.class_attended
    bought = situation.facts.last_purchase >= attended
    return _series(rule, np.where(bought, NAT, attended), situation, channel)


def _series(
    rule: AfterPurchase | AfterClass, start: Days, situation: Situation, channel: Texts
) -> Open:
    """The open dates of a series that *start* set; of those up to today only the latest.

    Silent while an agreed date lies ahead, unless *start* is later than the agreement.
    """
    silent = situation.waiting_for_agreed & ~(start > situation.agreement.set_on)
    start = np.where(silent, NAT, start)
    dues = [
        start + _days(date.days or 0) if date.months is None else add_months(start, date.months)
        for date in rule.dates
    ]
    opens = [_open(due, start, rule.grace_days, situation, channel) for due in dues]
    latest_missed = no_days(len(situation))
    for due in opens:
        latest_missed = np.fmax(latest_missed, np.where(due <= situation.today, due, NAT))
    for due, date in zip(opens, rule.dates, strict=True):
        missed = (due < latest_missed) | _expired(due, rule.expires_days, situation)
        yield np.where(missed, NAT, due), date.reason, channel


def _open(due: Days, set_on: Days, grace_days: int, situation: Situation, channel: Texts) -> Days:
    """*due* where no contact that counts came after *set_on* and at most *grace_days* early."""
    last = situation.last_counting(channel)
    done = (last > set_on) & (last >= due - _days(grace_days))
    return np.where(done, NAT, due)


def _expired(due: Days, days: int, situation: Situation) -> Mask:
    return np.asarray(due < situation.today - _days(days))


def class_ahead(rule: ClassAhead, situation: Situation, channel: Texts) -> Open:
    """The day before a class that lies after today, until a contact that counts on that day.

    Source: Zelenkina.
    """
    planned = situation.clients.class_date
    due = np.where(planned > situation.today, planned - _days(rule.days_before), NAT)
    done = situation.last_counting(channel) >= due
    yield np.where(done, NAT, due), rule.reason, channel


def reorder(rule: Reorder, situation: Situation, channel: Texts) -> Open:
    """The last purchase plus her usual interval. Source: Danilov (watch the rhythm of orders)."""
    facts = situation.facts
    regular = (facts.purchase_days >= rule.min_purchase_days) & ~situation.waiting_for_agreed
    interval = np.fmax(np.nan_to_num(facts.usual_interval_days), rule.min_days)
    start = np.where(regular, facts.last_purchase, NAT)
    due = start + interval.astype(np.int64).astype("timedelta64[D]")
    due = _open(due, start, rule.grace_days, situation, channel)
    expired = _expired(due, rule.expires_days, situation)
    yield np.where(expired, NAT, due), rule.reason, channel


def before_birthday(rule: BeforeBirthday, situation: Situation, channel: Texts) -> Open:
    """Some days before the birthday, until the day before it. Source: Pustylnik."""
    origin = situation.clients.birthday
    lead = _days(rule.days_before)
    not_done_from = situation.last_counting(channel) + lead + _days(rule.grace_days + 1)
    due = next_anniversary(origin, np.fmax(situation.today + ONE_DAY, not_done_from)) - lead
    yield np.where(situation.waiting_for_agreed, NAT, due), rule.reason, channel


def rhythm(rule: Rhythm, situation: Situation, channel: Texts) -> Open:
    """Regular contact: the last touch plus 1, 2, 3 … intervals: her own, else those of her group.

    The latest such date up to today stands, else the first after it. Groups that `every` doesn't
    name have no rhythm. Sources: Danilov, Pustylnik.
    """
    touch, clients = situation.last_touch, situation.clients
    groups, codes = np.unique(situation.known.columns["group"].astype(str), return_inverse=True)
    none = Interval(0, 0)
    by_group = np.array([rule.interval(name) or none for name in groups.tolist()]).reshape(-1, 2)
    own = clients.rhythm_months + clients.rhythm_days > 0
    months = np.where(own, clients.rhythm_months, by_group[codes, 0])
    days = np.where(own, clients.rhythm_days, by_group[codes, 1])
    open_ = (months + days > 0) & ~np.isnat(touch) & ~situation.waiting_for_agreed
    passed = np.nan_to_num(months_since(touch, situation.today)).astype(np.int64)
    by_months = add_months(touch, np.maximum(passed // np.maximum(months, 1), 1) * months)
    passed = np.where(open_, (situation.today - touch).astype(np.int64), 0)
    by_days = touch + (np.maximum(passed // np.maximum(days, 1), 1) * days).astype(ONE_DAY.dtype)
    due = np.where(months > 0, by_months, by_days)
    yield np.where(open_, due, NAT), rule.reason, channel


def first_contact(rule: FirstContact, situation: Situation, channel: Texts) -> Open:
    """Today, for those with no purchase line, no class date, no personal contact and no touch in a
    room.

    Source: Zelenkina (those she plans to invite).
    """
    facts = situation.facts
    untouched = (
        ~facts.has_lines
        & np.isnat(situation.clients.class_date)
        & np.isnat(situation.last_personal)
        & np.isnat(situation.last_in_rooms)
        & ~situation.waiting_for_agreed
    )
    yield np.where(untouched, situation.today, NAT), rule.reason, channel


def greetings(known: Known) -> Iterator[Greeting]:
    """The greetings for a birthday or holiday that are open today and go by SMS, or by what weighs
    as much.

    One that was missed stays until the rule's `late_days`. Sources: Zelenkina, Danilov.
    """
    how, rules = known.of(Weighing), known.rule(Settings).contacts.rules
    weight = how.one(known.config.export.sms.channel)
    for proposal in known.of(decided)[1]:
        if known.config.rooms.contact_rules[rules[proposal.rule].rule].is_greeting:
            due = (proposal.due <= known.today) & (how.of(proposal.channel) == weight)
            yield from (Greeting(at, proposal.reason[at]) for at in np.flatnonzero(due).tolist())


def decided(known: Known) -> tuple[NextContact, list[Proposal]]:
    """Next contact of every client, and all open proposals."""
    return next_contact(Situation(known))
