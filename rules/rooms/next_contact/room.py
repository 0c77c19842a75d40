"""The room of the next contact, and the rules that propose one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.config.checks import Finding, known_words
from rules.config.settings import Config
from rules.mentions import first_of
from rules.model.declarations import Column, ContactRule, Hint, Room
from rules.model.result import Result
from rules.rooms.groups.room import Settings as Groups
from rules.rooms.next_contact import rule, settings, why
from rules.rooms.next_contact.settings import (
    EVERYBODY,
    Agreed,
    MissedCall,
    Rhythm,
    Settings,
)
from rules.rooms.shown import Shown
from words import _, marked

SOURCES = "Danilov, Zelenkina, Pustylnik, Shumilin"


def _checks(config: Config) -> Iterator[Finding]:
    groups = config.rule(Groups).names()
    rules = config.rule(Settings).contacts.rules
    for number, one in enumerate(rules):
        if isinstance(one, Rhythm):
            path = ("contacts", "rules", number)
            by_group = [name for name in one.every if name != EVERYBODY]
            for key, names in (("every", by_group), ("months", list(one.months))):
                yield from known_words((*path, key), names, groups, "groups")
    first, *others = [at for at, one in enumerate(rules) if isinstance(one, Agreed)] or [0]
    for number in others:
        found = _(
            "a rule 'agreed' stands above already, and a client has one agreed date; delete one of "
            "them, or give one several 'channels'"
        )
        yield Finding(("contacts", "rules", number), found, ("contacts", "rules", first))


def _hints(result: Result) -> Iterator[Hint]:
    """Whose missed calls nobody answered yet."""
    rules = result.config.rule(Settings).contacts.rules
    waiting = {
        int(at)
        for proposal in result.known.of(rule.decided)[1]
        if isinstance(rules[proposal.rule], MissedCall)
        for at in np.flatnonzero(~np.isnat(proposal.due))
    }
    if waiting:
        shown = Shown(result)
        clients = first_of([shown.name(at) for at in sorted(waiting)])
        sentence = _("Clients whose missed call nobody answered yet: {count} ({clients}).")
        yield Hint(sentence.format(count=len(waiting), clients=clients))


def _asks(config: Config) -> Iterator[str]:
    if {one.rule for one in config.rule(Settings).contacts.rules} & {"birthday", "before_birthday"}:
        yield "birthday"


ROOM = Room(
    "next_contact",
    settings.settings,
    columns=(
        Column(
            "next_contact",
            "date",
            "when to contact her next; overdue dates stay",
            SOURCES,
            13,
            lambda known: known.of(rule.decided)[0].due,
            lambda one: one.of(why.contact)["next_contact"],
            inputs="the contact rules, over all logs",
            rule=("contacts", "rules"),
            role="due",
            function="NEXT_CONTACT",
            help=marked("When to contact a client next; an overdue date stays."),
        ),
        Column(
            "contact_reason",
            "text",
            "why then",
            SOURCES,
            38,
            lambda known: known.of(rule.decided)[0].reason,
            lambda one: one.of(why.contact)["contact_reason"],
            role="why",
            inputs="as next contact",
            rule=("contacts", "rules"),
            function="CONTACT_REASON",
            help=marked("Why a client should be contacted then."),
        ),
        Column(
            "channel",
            "text",
            "how: call, SMS or what was agreed",
            "Danilov, Zelenkina",
            10,
            lambda known: known.of(rule.decided)[0].channel,
            lambda one: one.of(why.contact)["channel"],
            role="how",
            inputs="as next contact",
            rule=("contacts", "rules"),
        ),
    ),
    contact_rules=(
        ContactRule("agreed", settings.Agreed, rule.agreed, is_fixed=True, cause=why.agreement),
        ContactRule(
            "missed_call",
            settings.MissedCall,
            rule.missed_call,
            is_owed=True,
            cause=why.missed_call,
        ),
        ContactRule(
            "birthday",
            settings.Birthday,
            rule.birthday,
            is_fixed=True,
            is_greeting=True,
            cause=why.own_birthday,
        ),
        ContactRule(
            "after_purchase",
            settings.AfterPurchase,
            rule.after_purchase,
            cause=why.last_purchase,
            entry=why.of_series,
        ),
        ContactRule(
            "class_ahead",
            settings.ClassAhead,
            rule.class_ahead,
            is_fixed=True,
            cause=why.class_date,
        ),
        ContactRule(
            "after_class",
            settings.AfterClass,
            rule.after_class,
            cause=why.class_date,
            entry=why.of_series,
        ),
        ContactRule(
            "reorder", settings.Reorder, rule.reorder, is_hushed=True, cause=why.last_purchase
        ),
        ContactRule(
            "holiday",
            settings.HolidayRule,
            rule.holiday,
            is_fixed=True,
            is_greeting=True,
            entry=why.of_holiday,
        ),
        ContactRule(
            "before_birthday",
            settings.BeforeBirthday,
            rule.before_birthday,
            is_hushed=True,
            cause=why.own_birthday,
        ),
        ContactRule(
            "rhythm",
            settings.Rhythm,
            rule.rhythm,
            is_hushed=True,
            cause=why.last_touch,
            entry=why.of_rhythm,
        ),
        ContactRule("first_contact", settings.FirstContact, rule.first_contact),
    ),
    checks=_checks,
    greetings=rule.greetings,
    hints=_hints,
    asks=_asks,
    rehearsed=(marked("Next contacts that would change: {count}"), "contacts"),
)
