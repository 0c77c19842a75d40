"""Stage and folder: where a client stands on her way."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.config.basics import Label, Model, Months
from rules.config.checks import Finding, undecided
from rules.config.conditions import ExampleFacts
from rules.config.settings import Config
from rules.model.declarations import Column, Room
from rules.model.known import CleanTable, Known
from rules.reading.cells import Mask
from rules.reading.dates import Days, add_months, no_days, within_months
from rules.rooms.facts import facts, purchase_days
from rules.why.shape import Evidence, Explanation
from words import _, marked

if TYPE_CHECKING:
    from rules.why.client import OneClient


class StageNames(Model):
    """The words for the five stages."""

    potential: Label
    """Never bought."""
    new: Label
    """Bought for the first time within the period."""
    lost: Label
    """Bought, but not within the period."""
    restored: Label
    """Came back within the period after a longer pause."""
    permanent: Label
    """All others who bought."""


class Stage(Model):
    """Client stages."""

    period_months: Months
    """The period in months; it should fit how often clients buy."""
    names: StageNames
    """The words for the five stages."""


class FolderNames(Model):
    """The words for the two folders."""

    green: Label
    """A purchase this calendar year or in the years_back years before."""
    black: Label
    """Bought, but longer ago."""


class Folder(Model):
    """The two folders of the card file."""

    years_back: Annotated[int, Field(ge=0, le=50)]
    """1: a purchase this calendar year or last keeps her in the green folder."""
    names: FolderNames
    """The words for the two folders."""


class Settings(Model):
    """Where clients stand."""

    stage: Stage
    """Client stages."""
    folder: Folder
    """The two folders of the card file."""


def stages(known: Known) -> NDArray[np.object_]:
    """The stage of each usable client, '' for the others. Source: CRM article."""
    rule, found, today = known.rule(Settings).stage, known.of(facts), known.today
    period = first_in_period(known.tables["purchases"], len(known), today, rule.period_months)
    names = stage_of(found.first_purchase, found.last_purchase, *period, today, rule)
    return np.where(known.clients.usable, names, "")


def _stages_of_facts(known: Known) -> NDArray[np.object_]:
    """The stage where first and last purchase alone decide it; '' elsewhere."""
    rule, found, unknown = known.rule(Settings).stage, known.of(facts), no_days(len(known))
    first, last = found.first_purchase, found.last_purchase
    names = stage_of(first, last, unknown, unknown, known.today, rule)
    never = found.bought_known & ~found.bought
    decided = ~np.isnat(first) & ~np.isnat(last) & np.isin(names, [rule.names.new, rule.names.lost])
    return np.select([never, decided], [rule.names.potential, names], "").astype(object)


def is_unsettled(known: Known) -> Mask:
    """Who is in stage New or Potential."""
    names = known.rule(Settings).stage.names
    return np.isin(known.columns["stage"], [names.new, names.potential])


def folders(known: Known) -> NDArray[np.object_]:
    """The folder of each client. Source: Pustylnik."""
    last = known.of(facts).last_purchase
    return folder_of(last, known.today, known.rule(Settings).folder)


def first_in_period(
    purchases: CleanTable, count: int, today: np.datetime64, months: int
) -> tuple[Days, Days]:
    """Each client's first purchase day within the last *months* months, and the one before it.

    NaT where there is none.
    """
    client, date = purchase_days(purchases)
    inside = within_months(date, months, today)
    first, before = no_days(count), no_days(count)
    first[client[inside][::-1]] = date[inside][::-1]
    before[client[~inside]] = date[~inside]
    return first, before


def stage_of(
    first_purchase: Days,
    last_purchase: Days,
    first_in_period: Days,
    purchase_before: Days,
    today: np.datetime64,
    rule: Stage,
) -> NDArray[np.object_]:
    """The stage of each client.

    Never bought: Potential. First purchase ever within the period: New. Nothing within the
    period: Lost. Back within it, more than one period after the purchase before: Restored.
    Everyone else who bought: Permanent. Source: CRM article.
    """
    names, months = rule.names, rule.period_months
    returned = add_months(purchase_before, months) < first_in_period
    return np.select(
        [
            np.isnat(last_purchase),
            within_months(first_purchase, months, today),
            ~within_months(last_purchase, months, today),
            returned,
        ],
        [names.potential, names.new, names.lost, names.restored],
        names.permanent,
    ).astype(object)


def folder_of(last_purchase: Days, today: np.datetime64, rule: Folder) -> NDArray[np.object_]:
    """Green with a purchase in this calendar year or last, Black when the last is older.

    '' for those who never bought. Source: Pustylnik.
    """
    year = last_purchase.astype("datetime64[Y]")
    recent = year >= today.astype("datetime64[Y]") - rule.years_back
    return np.select(
        [np.isnat(last_purchase), recent], ["", rule.names.green], rule.names.black
    ).astype(object)


def _notices(known: Known) -> Iterator[str]:
    """Whether the period is too short for how often clients buy."""
    every = known.of(facts).usual_interval_days
    usual, months = every[~np.isnan(every)], known.rule(Settings).stage.period_months
    period = known.today - add_months(np.array([known.today]), -months)[0]
    if len(usual) and np.median(usual) > period.astype(np.int64):
        yield _(
            "The clients' usual interval is {days} days, longer than the stage period of "
            "{months} months: regular buyers will flip between Lost and Restored. Raise "
            "stage.period_months."
        ).format(days=ceil(np.median(usual)), months=months)


def _why_stage(one: OneClient) -> Explanation:
    """The purchases that the period parts, and the period."""
    if not one.bought:
        never = Evidence("decided", _("she never bought"))
        return Explanation("stage", ("stage", "names", "potential"), (never,))
    months = one.config.rule(Settings).stage.period_months
    text = _("the period is {months} months").format(months=months)
    period = Evidence("decided", text, facts={"months": months})
    evidence = [period, one.fact("first_purchase"), one.fact("last_purchase")]
    first, before = (days[0] for days in first_in_period(one.purchases, 1, one.today, months))
    if not np.isnat(first) and not np.isnat(before):
        text = _("first purchase within the period {first}, the one before it {before}").format(
            first=one.shown(first), before=one.shown(before)
        )
        rows = one.lines_on(np.array([before, first]))
        facts = {"first_in_period": first.item(), "before": before.item()}
        evidence.append(Evidence("fact", text, (), rows, facts))
    return Explanation("stage", ("stage", "period_months"), tuple(evidence))


def _why_folder(one: OneClient) -> Explanation:
    """Her last purchase, and the first year that keeps her in the green folder."""
    if not one.bought:
        return Explanation("folder", ("folder",), (one.never_bought,))
    rule = one.config.rule(Settings).folder
    year = one.known.date.year - rule.years_back
    text = _("{name} takes a purchase in {year} or later").format(name=rule.names.green, year=year)
    decided = Evidence("decided", text, facts={"year": year})
    return Explanation("folder", ("folder", "years_back"), (one.fact("last_purchase"), decided))


def _checks(config: Config) -> Iterator[Finding]:
    """Complains about examples whose facts leave stage or folder open."""
    dates = _("a stage takes first_purchase and last_purchase, or bought: no, under 'facts'")
    yield from undecided(config, "stage", _tells_stage, dates)
    last = _("a folder takes last_purchase under 'facts'")
    yield from undecided(config, "folder", lambda known: known.last_purchase is not None, last)


def _tells_stage(known: ExampleFacts) -> bool:
    both = known.first_purchase is not None and known.last_purchase is not None
    return both or known.has_bought is False


ROOM = Room(
    "stages",
    Settings,
    columns=(
        Column(
            "stage",
            "text",
            "new, permanent, lost, restored or potential",
            "CRM article",
            12,
            stages,
            _why_stage,
            inputs="purchase days",
            rule=("stage",),
            words=lambda config: list(dict(config.rule(Settings).stage.names).values()),
            moves=3,
            counted="stages",
            of_facts=_stages_of_facts,
            role="state",
            function="CLIENT_STAGE",
            help=marked("Stage of a client: new, permanent, restored, lost or potential."),
        ),
        Column(
            "folder",
            "text",
            "in which folder of the card file she belongs",
            "Pustylnik",
            9,
            folders,
            _why_folder,
            inputs="last purchase",
            rule=("folder",),
            words=lambda config: list(dict(config.rule(Settings).folder.names).values()),
            function="CLIENT_FOLDER",
            help=marked("Folder of the card file in which a client belongs."),
        ),
    ),
    checks=_checks,
    notices=_notices,
)
