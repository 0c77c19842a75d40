"""Why next contact, contact reason and channel are what they are, and who would be next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from rules.conditions import holds
from rules.config.yaml_text import Path
from rules.reading.dates import NAT
from rules.reading.words import fold
from rules.rooms.next_contact.rule import Proposal, Situation, next_contact
from rules.rooms.next_contact.settings import Agreed, Rhythm, RuleSettings
from rules.why.client import OneClient
from rules.why.shape import Evidence, Explanation, Kind, SourceRows, Value
from words import _


class Open(NamedTuple):
    """An open date: number of its rule, the entry that it comes from, and what it says."""

    number: int
    entry: Path
    due: np.datetime64
    reason: str
    channel: str


class Cause(NamedTuple):
    """The day that an open date is counted from (NaT for none), and where it stands."""

    day: np.datetime64
    rows: tuple[SourceRows, ...]
    is_agreement: bool = False


def contact(one: OneClient) -> Mapping[str, Explanation]:
    """The three cells by key: what is open by which rule, by date, and what is silenced."""
    keys = ("next_contact", "contact_reason", "channel")
    reader = _Contacts(one)
    if not reader.open and one.silence:
        return {key: Explanation(key, (), (one.silence,)) for key in keys}
    if not reader.open:
        blank = Evidence("blank", _("no contact rule proposes a date"))
        return {key: Explanation(key, ("contacts", "rules"), (blank,)) for key in keys}
    found = (reader.dates(), reader.reasons(), reader.channels())
    return dict(zip(keys, found, strict=True))


class _Contacts:
    """The open dates of one client, in the order of the rules."""

    def __init__(self, one: OneClient) -> None:
        self.one = one
        self.situation = Situation(one.known)
        self.rules = self.situation.rules
        self.declared = one.config.rooms.contact_rules
        self.proposals = next_contact(self.situation)[1]
        self.open = list(self._open(self.proposals))

    def _open(self, proposals: list[Proposal]) -> Iterator[Open]:
        """Those of the *proposals* that are open; every rule proposes its dates in one order."""
        seen: Counter[int] = Counter()
        for proposal in proposals:
            part, due = seen[proposal.rule], proposal.due[0]
            seen[proposal.rule] += 1
            if not np.isnat(due):
                entry = self._entry(proposal.rule, part)
                yield Open(proposal.rule, entry, due, proposal.reason[0], proposal.channel[0])

    def _entry(self, number: int, part: int) -> Path:
        """The entry of the configuration that proposes the date number *part* of a rule."""
        rule, path = self.rules[number], ("contacts", "rules", number)
        entry = self.declared[rule.rule].entry
        return path if entry is None else entry(self.one, rule, path, part)

    # Next contact -----------------------------------------------------------------------

    def dates(self) -> Explanation:
        """All open dates, the earliest first."""
        ordered = sorted(self.open, key=lambda open_: open_.due)
        evidence = [
            self._shown("decided" if open_.due == ordered[0].due else "next", open_)
            for open_ in ordered
        ]
        return Explanation("next_contact", ordered[0].entry, (*evidence, *self.silenced()))

    def _shown(self, kind: Kind, open_: Open) -> Evidence:
        one = self.one
        messages = {
            "next": _("then {due} {reason} ({channel})"),
            "silent": _("silent because of the agreed date: {due} {reason} ({channel})"),
        }
        due, reason, channel = open_.due, open_.reason, open_.channel
        text = messages.get(kind, _("{due} {reason} ({channel})")).format(
            due=one.shown(due), reason=reason, channel=channel
        )
        cause = self._cause(open_.number)
        facts: dict[str, Value] = {"due": due.item(), "reason": reason, "channel": channel}
        if not np.isnat(cause.day):
            agreed = cause.is_agreement
            message = _("{open}, noted on {date}") if agreed else _("{open}, counted from {date}")
            text = message.format(open=text, date=one.shown(cause.day))
            facts["agreed_on" if agreed else "counted_from"] = cause.day.item()
        return Evidence(kind, text, open_.entry, cause.rows, facts)

    def _cause(self, number: int) -> Cause:
        """What a rule counts its dates from."""
        cause = self.declared[self.rules[number].rule].cause
        return Cause(NAT, ()) if cause is None else cause(self.one, self.situation)

    def silenced(self) -> Iterator[Evidence]:
        """What would be open, were no date agreed on that lies ahead ("call me in May")."""
        if not self.situation.waiting_for_agreed[0]:
            return
        contacts = self.one.contacts.blanked("next_date")
        free = next_contact(Situation(self.one.known.with_tables(contacts=contacts)))[1]
        silent = [
            without._replace(due=np.where(without.due == as_it_is.due, NAT, without.due))
            for without, as_it_is in zip(free, self.proposals, strict=True)
        ]
        for open_ in sorted(self._open(silent), key=lambda one: one.due):
            yield self._shown("silent", open_)

    # Reason and channel -----------------------------------------------------------------

    def _joined(self) -> list[Open]:
        """The open dates whose reasons stand in the cell."""
        last = max(min(open_.due for open_ in self.open), self.one.today)
        return [open_ for open_ in self.open if open_.due <= last]

    def reasons(self) -> Explanation:
        """The reasons that stand in the cell, in the order of the rules."""
        one, joined = self.one, self._joined()
        first = min(open_.due for open_ in self.open)
        message = (
            _("everything open on {date}, in the order of the rules")
            if first > one.today
            else _("everything open up to {date}, in the order of the rules")
        )
        text = message.format(date=one.shown(max(first, one.today)))
        evidence = [Evidence("decided", text)]
        evidence += [
            Evidence("fact", open_.reason, open_.entry, (), {"due": open_.due.item()})
            for open_ in {open_.reason: open_ for open_ in reversed(joined)}.values()
        ][::-1]
        return Explanation("contact_reason", joined[0].entry, tuple(evidence))

    def channels(self) -> Explanation:
        """The channels of these reasons, and how personal each is; the first weightiest stands."""
        joined = self._joined()
        weightiest = max(joined, key=lambda open_: self.situation.weighing.one(open_.channel))
        evidence = []
        for open_ in joined:
            weight = self.situation.weighing.one(open_.channel)
            text = _("{channel} weighs {weight}: {reason}").format(
                channel=open_.channel, weight=weight, reason=open_.reason
            )
            kind: Kind = "decided" if open_ is weightiest else "fact"
            facts: dict[str, Value] = {"channel": open_.channel, "weight": weight}
            evidence.append(Evidence(kind, text, self._channel_entry(open_), (), facts))
        return Explanation("channel", self._channel_entry(weightiest), tuple(evidence))

    def _channel_entry(self, open_: Open) -> Path:
        """Where the channel of a rule stands: the first special one that fits, else its own; what
        was agreed on stands in no configuration.
        """
        path: Path = ("contacts", "rules", open_.number)
        rule = self.rules[open_.number]
        if isinstance(rule, Agreed) and self.situation.agreement.kind[0]:
            return path
        for number, special in enumerate(rule.channels):
            if holds(special.when, self.one.known)[0]:
                return (*path, "channels", number)
        return (*path, "channel")


# What dates are counted from --------------------------------------------------------------------


def agreement(one: OneClient, _situation: Situation) -> Cause:
    """The contact that agreed the date: the newest, of one day the one further down."""
    contacts = one.contacts
    dated = np.flatnonzero(~np.isnat(contacts.next_date))
    newest = dated[np.argsort(contacts.date[dated], kind="stable")][-1]
    here = np.arange(len(contacts.date)) == newest
    return Cause(contacts.date[newest], one.touches(here), is_agreement=True)


def missed_call(one: OneClient, situation: Situation) -> Cause:
    """The calls that she missed; the date is that of the first that is open."""
    is_missed = situation.weighing.is_missed(one.contacts.kind)
    return Cause(NAT, one.touches(is_missed))


def last_purchase(one: OneClient, _situation: Situation) -> Cause:
    """The last purchase day."""
    last = one.facts.last_purchase[0]
    return Cause(last, one.lines_on(np.array([last])))


def own_birthday(one: OneClient, _situation: Situation) -> Cause:
    """Her birthday, from which nothing is counted."""
    return Cause(NAT, one.own_row)


def class_date(one: OneClient, _situation: Situation) -> Cause:
    """The day of her class."""
    return Cause(one.clients.class_date[0], one.own_row)


def last_touch(one: OneClient, situation: Situation) -> Cause:
    """The latest of purchase line, class attended and personal contact."""
    contacts, day = one.contacts, situation.last_touch[0]
    is_personal = situation.contact_weight >= situation.weighing.personal
    rows = one.lines_on(np.array([day]))
    rows += one.touches((contacts.date == day) & is_personal)
    if situation.class_attended[0] == day:
        rows += one.own_row
    return Cause(day, rows)


# Where a date stands in the configuration ---------------------------------------------------------


def of_holiday(_one: OneClient, _rule: RuleSettings, _path: Path, part: int) -> Path:
    """The holiday."""
    return ("holidays", part)


def of_series(_one: OneClient, _rule: RuleSettings, path: Path, part: int) -> Path:
    """The date of the series."""
    return (*path, "dates", part)


def of_rhythm(one: OneClient, rule: Rhythm, path: Path, _part: int) -> Path:
    """The interval of her group; the rule where she has one of her own."""
    if one.clients.rhythm_months[0] + one.clients.rhythm_days[0] > 0:
        return path
    group = fold(str(one.cell("group")))
    for key, names in (("months", rule.months), ("every", rule.every)):
        for name in names:
            if fold(name) == group:
                return (*path, key, name)
    return (*path, "every")
