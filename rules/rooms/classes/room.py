"""ABC and XYZ: how much a client buys, and how evenly.

All comparisons are exact: money is whole minor units, bounds are fractions, so no class depends
on the rounding of a floating-point number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from types import ModuleType
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from rules.config.basics import Label, Model, Months, Percent
from rules.config.checks import Finding, undecided
from rules.config.settings import Config
from rules.model.declarations import Cell, Column, Function, Room
from rules.model.known import Known
from rules.reading.cells import Mask, read_amounts
from rules.rooms.facts import facts, sum_by_client
from rules.rooms.stages import is_unsettled
from words import _, marked

# Settings ---------------------------------------------------------------------------------------


def _ascending(bounds: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    if bounds[0] >= bounds[1]:
        found = _("the first bound must be below the second; found {first} and {second}")
        raise ValueError(found.format(first=bounds[0], second=bounds[1]))
    return bounds


Bounds = Annotated[
    tuple[Percent, Percent],
    AfterValidator(_ascending),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "number", "exclusiveMinimum": 0},
            "minItems": 2,
            "maxItems": 2,
        }
    ),
]
ThreeNames = tuple[Label, Label, Label]


class Abc(Model):
    """ABC classes by turnover in the year."""

    line: Literal["crossing", "inclusive"]
    """Crossing: the client on the line gets the higher class; inclusive: the share with the client
    decides."""
    bounds: Bounds
    """Percent of the whole turnover that end the first and the second class."""
    names: ThreeNames
    """The names of the three classes, the best first."""


class Xyz(Model):
    """XYZ classes by how evenly she buys."""

    period_months: Annotated[int, Field(ge=1, le=12)]
    """Months in a period."""
    months: Months
    """Months looked back over, without the month of today."""
    bounds: Bounds
    """Percent of deviation that end the first and the second class."""
    min_periods: Annotated[int, Field(ge=2, le=600)]
    """With fewer periods since the first purchase the class stays blank."""
    deviation: Literal["population", "sample"]
    """Population or sample standard deviation."""
    names: ThreeNames
    """The names of the three classes, the steadiest first."""

    @model_validator(mode="after")
    def _periods_fit(self) -> Self:
        count, rest = divmod(self.months, self.period_months)
        wrong = ""
        if rest:
            wrong = _(
                "'months' ({months}) can't be divided into periods of 'period_months' ({period})"
            )
        elif count < self.min_periods:
            wrong = _(
                "{months} months hold only {count} periods of {period} months, but "
                "'min_periods' asks for {least}"
            )
        if wrong:
            months, period, least = self.months, self.period_months, self.min_periods
            raise ValueError(wrong.format(months=months, period=period, count=count, least=least))
        return self


class Settings(Model):
    """How clients are put into classes."""

    abc: Abc
    """ABC classes by turnover in the year."""
    xyz: Xyz
    """XYZ classes by how evenly she buys."""


# The classes ------------------------------------------------------------------------------------


def abc(known: Known) -> NDArray[np.object_]:
    """ABC class of each client by her turnover in the year. Source: CRM article."""
    return abc_class(known.of(facts).turnover_in_year, known.rule(Settings).abc)


def xyz(known: Known) -> NDArray[np.object_]:
    """XYZ class of each client by her turnover per period; none for stage New or Potential.

    Source: CRM article.
    """
    by_period, periods = known.of(turnover_of_periods), known.of(periods_of_clients)
    excluded = known.of(is_unsettled)
    return xyz_class(by_period, periods, excluded, known.rule(Settings).xyz)


def turnover_of_periods(known: Known) -> NDArray[np.int64]:
    """Turnover in minor units of each client (rows) in each period (columns, newest first).

    Periods are blocks of `xyz.period_months` calendar months counted back from the month of
    today, which is left out, over `xyz.months`.
    """
    rule, purchases = known.rule(Settings).xyz, known.tables["purchases"]
    periods, month = rule.months // rule.period_months, purchases.date.astype("datetime64[M]")
    months_back = (known.today.astype("datetime64[M]") - month).astype(np.int64) - 1
    inside = (months_back >= 0) & (months_back < rule.months)
    block = purchases.client[inside] * periods + months_back[inside] // rule.period_months
    sums = sum_by_client(block, purchases.amount[inside], len(known) * periods)
    return sums.reshape(len(known), periods)


def periods_of_clients(known: Known) -> NDArray[np.int64]:
    """How many of the periods begin in or after the month of each client's first purchase."""
    rule = known.rule(Settings).xyz
    periods = np.arange(1, rule.months // rule.period_months + 1)
    begins = known.today.astype("datetime64[M]") - periods * rule.period_months
    first = known.of(facts).first_purchase.astype("datetime64[M]")
    return np.asarray((begins[None, :] >= first[:, None]).sum(axis=1))


def abc_class(turnover_minor: NDArray[np.int64], abc: Abc) -> NDArray[np.object_]:
    """ABC class of each client by her turnover in the year, in minor units.

    Clients with positive turnover, dearest first: the share of the whole accumulated *before* a
    client decides (line: crossing), or the share including her (inclusive). Equal turnovers get
    the class of the first of them. '' without positive turnover. Source: CRM article.
    """
    classes = np.full(len(turnover_minor), "", dtype=object)
    buyers = np.flatnonzero(turnover_minor > 0)
    if not len(buyers):
        return classes
    dearest_first = buyers[np.argsort(-turnover_minor[buyers], kind="stable")]
    amounts = turnover_minor[dearest_first]
    including = np.cumsum(amounts)
    first_of_equals = np.searchsorted(-amounts, -amounts, side="left")
    limits = [Fraction(bound) * int(including[-1]) / 100 for bound in abc.bounds]
    if abc.line == "crossing":
        before = (including - amounts)[first_of_equals]
        within = [before < ceil(limit) for limit in limits]
    else:
        within = [including[first_of_equals] <= floor(limit) for limit in limits]
    classes[dearest_first] = np.select(within, abc.names[:2], abc.names[2]).astype(object)
    return classes


def xyz_class(
    turnover_by_period: NDArray[np.int64],
    periods: NDArray[np.int64],
    excluded: Mask,
    xyz: Xyz,
) -> NDArray[np.object_]:
    """XYZ class by the coefficient of variation of the turnover per period.

    turnover_by_period: clients × periods, newest first, of which the first *periods* count;
    excluded: clients who get none (stage New or Potential). '' for those, for fewer than
    `min_periods`, and for a mean that isn't positive. A bound belongs to the better class.
    Source: CRM article.
    """
    counts = np.arange(turnover_by_period.shape[1])[None, :] < periods[:, None]
    amounts = np.where(counts, turnover_by_period, 0).astype(object)  # exact, however large
    n = periods.astype(object)
    total = amounts.sum(axis=1)
    usable = ~excluded & (periods >= xyz.min_periods) & (total > 0).astype(bool)
    # variation² = variance ÷ mean², with variance = spread ÷ (n · n) or ÷ (n · (n − 1))
    spread = n * (amounts * amounts).sum(axis=1) - total * total
    over = n if xyz.deviation == "population" else n - 1
    within = []
    for bound in xyz.bounds:
        part = Fraction(bound) / 100
        left = spread * n * part.denominator**2
        right = total * total * over * part.numerator**2
        within.append((left <= right).astype(bool))
    classes = np.select(within, xyz.names[:2], xyz.names[2]).astype(object)
    return np.where(usable, classes, "")


# Of any figures, for worksheet functions --------------------------------------------------------


def abc_of_block(amounts: Sequence[Sequence[object]], config: Config) -> list[list[Cell]]:
    """The ABC class of each amount of a block, one client each, over the whole block.

    None for a blank, unreadable or not positive amount. Source: CRM article.
    """
    minor, _ = _money(amounts, config)
    classes = abc_class(minor.ravel(), config.rule(Settings).abc).reshape(minor.shape)
    return [[name or None for name in row] for row in classes.tolist()]


def xyz_of_block(months: Sequence[Sequence[object]], config: Config) -> list[list[Cell]]:
    """The XYZ class of each row of turnovers by month, the newest at the right: one column.

    A single column of months is one client, too. Of more than `xyz.months` the newest count; a
    client's periods begin with her first month that isn't blank, later blanks are zero. None for
    too few periods and a mean that isn't positive. Source: CRM article.
    """
    if len(months) > 1 and len(months[0]) == 1:
        months = [[row[0] for row in months]]
    rule = config.rule(Settings).xyz
    minor, blank = _money(months, config)
    size = rule.period_months
    periods = min(minor.shape[1], rule.months) // size
    newest_first = minor[:, ::-1][:, : periods * size]
    by_period = newest_first.reshape(len(minor), periods, size).sum(axis=2)
    months_known = np.where(blank.all(axis=1), 0, minor.shape[1] - blank.argmin(axis=1))
    known = np.minimum(months_known // size, periods)
    classes = xyz_class(by_period, known, np.zeros(len(minor), dtype=bool), rule)
    return [[name or None] for name in classes.tolist()]


def _money(
    block: Sequence[Sequence[object]], config: Config
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A block of amounts in minor units, and which cells hold none."""
    cells = np.array([[*row] for row in block], dtype=object)
    read = read_amounts(cells.ravel(), config.numbers)
    minor = np.where(read.unreadable, 0, read.minor)
    return minor.reshape(cells.shape), (read.blank | read.unreadable).reshape(cells.shape)


# The room ---------------------------------------------------------------------------------------


def _why() -> ModuleType:
    """The explanations, which are loaded when somebody asks for one."""
    from rules.rooms.classes import why  # noqa: PLC0415

    return why


def _unknown(known: Known) -> NDArray[np.object_]:
    """No class: facts of one client alone don't decide it."""
    return np.full(len(known), "", dtype=object)


def _checks(config: Config) -> Iterator[Finding]:
    found = _("facts alone don't decide a class: name a client of the workbook under 'client'")
    for column in ("abc", "xyz"):
        yield from undecided(config, column, lambda _facts: False, found)


def _both(known: Known, position: int) -> Cell:
    """ABC and XYZ class of a client, such as AX."""
    return known.columns["abc"][position] + known.columns["xyz"][position] or None


ROOM = Room(
    "classes",
    Settings,
    columns=(
        Column(
            "abc",
            "text",
            "how much of the year's turnover she makes",
            "CRM article",
            6,
            abc,
            lambda one: _why().abc(one),
            role="size",
            inputs="turnover in the year of all clients",
            rule=("abc",),
            words=lambda config: config.rule(Settings).abc.names,
            moves=2,
            counted="abc",
            of_facts=_unknown,
        ),
        Column(
            "xyz",
            "text",
            "how evenly she buys",
            "CRM article",
            6,
            xyz,
            lambda one: _why().xyz(one),
            role="evenness",
            inputs="turnover per quarter, stage",
            rule=("xyz",),
            words=lambda config: config.rule(Settings).xyz.names,
            moves=1,
            counted="xyz",
            of_facts=_unknown,
        ),
    ),
    checks=_checks,
    functions=(
        Function(
            "CLIENT_CLASS",
            marked("ABC and XYZ class of a client, such as AX: how much and how evenly she buys."),
            of_client=_both,
        ),
        Function(
            "ABC",
            marked("ABC class of each amount in a column or block, by its share in the whole."),
            {"amounts": marked("turnovers, one for each client; blanks stay blank")},
            of_figures=abc_of_block,
        ),
        Function(
            "XYZ",
            marked(
                "XYZ class of each row of turnovers by month, the newest at the right: "
                "how even they are."
            ),
            {
                "months": marked(
                    "turnovers: one row for each client, one column for each month, the "
                    "newest at the right; blank before her first purchase"
                )
            },
            of_figures=xyz_of_block,
        ),
    ),
)
