"""The sheet Rules: the settings that are changed most, which she may set in cells.

A line below is a setting on that sheet: add one, and it stands in new workbooks and is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Literal, NamedTuple

from rules.config.basics import plain_digits
from rules.config.settings import Numbers
from rules.config.yaml_text import Block, Items, Mark, Node, Path, Step
from rules.reading.cells import CellError, shown
from rules.reading.intervals import read_interval
from rules.reading.typed_amounts import AmountReader
from rules.reading.words import fold
from words import _, in_every_language, marked


class Kind(NamedTuple):
    """What may stand in a cell: how it is *read*, in which *unit*, told as *allowed*; the *choices*
    by what the configuration calls them.
    """

    read: Literal["money", "number", "percent", "text", "choice"]
    unit: str
    allowed: str
    choices: Mapping[str, str] = MappingProxyType({})


class Asked(NamedTuple):
    """A setting: where it stands in the English rules, what is said of it, what it takes."""

    setting: str
    sentence: str
    kind: Kind


_MONEY = Kind("money", marked("in your money"), marked("an amount, such as 50 000"))
_TIMES = Kind("number", marked("days"), marked("a whole number, such as 2"))
_DAYS = Kind("number", marked("days"), marked("a whole number of days, such as 62"))
_MONTHS = Kind("number", marked("months"), marked("a whole number of months, such as 5"))
_CALLS = Kind("number", marked("calls a day"), marked("a number from 1 to 1000, or: off"))
_PERCENT = Kind("percent", marked("percent"), marked("percent, such as 2 or 1.5"))
_INTERVAL = Kind(
    "text", marked("such as 3 weeks"), marked("days, weeks or months: 10 days, 3 weeks, 2 months")
)
_CITY = Kind("text", "", marked("the name of a city"))
_YEAR = Kind(
    "choice",
    marked("from the list"),
    marked("one of the words in the drop-down list"),
    MappingProxyType(
        {
            "trailing": marked("the last 12 months"),
            "calendar": marked("since 1 January"),
            "seminar": marked("the direct-sales year"),
        }
    ),
)

PARTS: Mapping[str, Sequence[Asked]] = MappingProxyType(
    {
        marked("You and your work"): (
            Asked("home_city", marked("Your city: gifts for other cities are posted"), _CITY),
            Asked("year.basis", marked("What counts as the year"), _YEAR),
            Asked("contacts.capacity_per_day", marked("So many calls you manage in a day"), _CALLS),
        ),
        marked("Groups"): (
            Asked(
                "groups.VIP.when.turnover_in_year.above",
                marked("VIP: she bought in the year for more than"),
                _MONEY,
            ),
            Asked(
                "groups.VIP.when.purchase_days_in_year.at_least",
                marked("VIP: and on at least so many days"),
                _TIMES,
            ),
            Asked(
                "groups.VIP.when.longest_gap_days.at_most",
                marked("VIP: and with no pause longer than"),
                _DAYS,
            ),
            Asked(
                "groups.Client.when.last_purchase.within_months",
                marked("Client: her last purchase is at most so long ago"),
                _MONTHS,
            ),
            Asked(
                "groups.Waiting.when.last_purchase.older_than_months",
                marked("Waiting: her last purchase is longer ago than"),
                _MONTHS,
            ),
            Asked(
                "stage.period_months",
                marked("Stage: whoever didn't buy for so long is Lost"),
                _MONTHS,
            ),
        ),
        marked("Regular contact, so long after the last one"): (
            Asked("contacts.rules.rhythm.every.VIP", marked("with VIP clients"), _INTERVAL),
            Asked("contacts.rules.rhythm.every.Client", marked("with the group Client"), _INTERVAL),
            Asked(
                "contacts.rules.rhythm.every.Potential", marked("with Potential ones"), _INTERVAL
            ),
            Asked("contacts.rules.rhythm.every.Waiting", marked("with Waiting ones"), _INTERVAL),
        ),
        marked("Gifts"): (
            Asked(
                "gifts.percent",
                marked("A gift costs so much of what she bought in the year"),
                _PERCENT,
            ),
            Asked(
                "gifts.card_only_after_months",
                marked("A card alone, when her last purchase is longer ago than"),
                _MONTHS,
            ),
        ),
    }
)
"""All settings of the sheet by its parts, in their order."""

ASKED: Mapping[str, Asked] = MappingProxyType(
    {one.setting: one for part in PARTS.values() for one in part}
)
"""All of them by their setting."""


# In a configuration --------------------------------------------------------------------------


def named(setting: str, english: Block, tree: Block) -> list[str]:
    """The steps to a *setting* of the *english* shipped rules in the shipped *tree* of a language,
    whose entries have other names in the same order.
    """
    steps: list[str] = []
    here: Node = english
    there: Node = tree
    for step in setting.split("."):
        at = _position(here, step)
        assert at is not None  # noqa: S101 — a test holds that all settings stand in the rules
        name, there = _nth(there, _same(step, at, there))
        _english, here = _nth(here, at)
        steps.append(name)
    return steps


def _same(step: str, at: int, there: Node) -> int:
    """Where the step that is the *at*-th in English stands: keys have one name in any language."""
    found = _position(there, step) if isinstance(there, Block) else None
    return at if found is None else found


def _position(node: Node, step: str) -> int | None:
    """Which entry of a block or list is called *step*; the first of several."""
    names = list(node) if isinstance(node, Block) else []
    if isinstance(node, Items):
        names = [_name(one) for one in node]
    return next((at for at, name in enumerate(names) if fold(name) == fold(step)), None)


def _name(node: Node) -> str:
    """What an entry of a list is known by."""
    found = (node.get("name") or node.get("rule")) if isinstance(node, Block) else None
    return found if isinstance(found, str) else ""


def _nth(node: Node, at: int) -> tuple[str, Node]:
    """Name and content of an entry."""
    if isinstance(node, Block):
        return list(node.items())[at]
    return (_name(node[at]), node[at]) if isinstance(node, Items) else ("", None)


def found_in(tree: Block, steps: Sequence[str]) -> Iterator[tuple[Path, Mark, Node]]:
    """The entries on the way along the named *steps* that stand in *tree*: path, place, content."""
    node: Node = tree
    path: Path = ()
    for name in steps:
        at = _position(node, name)
        if at is None:
            return
        step: Step = at
        if isinstance(node, Block):
            step = list(node)[at]
            mark, node = node.keys_at[step], node[step]
        elif isinstance(node, Items):
            mark, node = node.values_at[at], node[at]
        path = (*path, step)
        yield path, mark, node


# As she reads and types it -------------------------------------------------------------------


def shown_value(asked: Asked, text: str) -> str | int:
    """A value of the configuration as the sheet shows it."""
    kind = asked.kind
    if kind.read == "choice":
        return _(kind.choices[text])
    return int(text) if kind.read in {"money", "number"} and text.isdecimal() else text or "–"


def written(cell: object, asked: Asked, numbers: Numbers, *, is_percent: bool = False) -> str:
    """What a *cell* that isn't blank says, as it would stand in the configuration, which decides
    whether it can. *is_percent*: whether the cell shows its number as percents.

    Raises ValueError with a sentence for what can't be meant.
    """
    kind = asked.kind
    if isinstance(cell, (CellError, bool, dt.date, dt.time)):
        raise ValueError(_not_allowed(shown(cell), kind))  # noqa: TRY004 — of her cell
    if isinstance(cell, float):
        return _number(Decimal(repr(cell)), kind, is_percent=is_percent)
    text = str(cell).strip()
    match kind.read:
        case "choice":
            return _chosen(text, kind)
        case "text":
            return text
        case "percent":
            text = text.removesuffix("%").rstrip()
    reader = AmountReader(numbers.decimal, numbers.currency if kind.read == "money" else ())
    number = reader.read(text)
    if number is not None and number.is_finite():
        return _plain(number)
    interval = read_interval(text)
    count = 0
    if interval is not None and kind.unit in {_DAYS.unit, _MONTHS.unit}:
        count = interval.months if kind.unit == _MONTHS.unit else interval.days
    return str(count) if count else text


def _number(number: Decimal, kind: Kind, *, is_percent: bool) -> str:
    if not is_percent:
        return _plain(number)
    hundredfold = _plain(number * 100)
    return hundredfold if kind.read == "percent" else f"{hundredfold} %"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _chosen(text: str, kind: Kind) -> str:
    for value, words in kind.choices.items():
        if fold(text) in {fold(value), *map(fold, in_every_language(words))}:
            return value
    words = ", ".join(f"'{_(one)}'" for one in kind.choices.values())
    raise ValueError(_("found '{found}'; allowed: {words}").format(found=text, words=words))


def _not_allowed(found: str, kind: Kind) -> str:
    return _("found {found}; expected {allowed}").format(found=found, allowed=_(kind.allowed))


def is_same(one: str, other: str) -> bool:
    """Whether two values mean the same: 60000 and 60 000, 1 month and month."""
    numbers = [_as_number(text) for text in (one, other)]
    if None not in numbers:
        return numbers[0] == numbers[1]
    intervals = [read_interval(text) for text in (one, other)]
    if None not in intervals:
        return intervals[0] == intervals[1]
    return fold(one) == fold(other)


def _as_number(text: str) -> Decimal | None:
    try:
        return Decimal(plain_digits(text.removesuffix("%")))
    except (InvalidOperation, ValueError):
        return None
