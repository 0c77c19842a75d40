"""The rules that propose the next contact, and the days on which clients are greeted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Union

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from rules.config.basics import (
    DayOfYear,
    Days,
    Label,
    Model,
    Months,
    NamedEntry,
    Phrase,
    Whom,
    Words,
)
from rules.config.conditions import When
from rules.model.declarations import Rooms
from rules.reading.intervals import Interval, read_interval
from rules.reading.words import fold
from words import _


def _capacity(value: object) -> object:
    if value is None or str(value).casefold() in {"off", "no", "нет"}:
        return None
    if str(value).isdecimal() and 1 <= int(str(value)) <= 1000:
        return int(str(value))
    raise ValueError(_("expected off, or a number from 1 to 1000"))


Capacity = Annotated[
    int | None,
    BeforeValidator(_capacity),
    WithJsonSchema({"anyOf": [{"enum": ["off", False]}, {"type": "integer", "minimum": 1}]}),
]
"""How many calls a day, or None for as many as are due."""


class ChannelRule(Model):
    """A channel for clients who meet the condition."""

    channel: Label
    """A kind of contact, such as call."""
    when: When
    """For which clients."""

    def called(self) -> str:
        """Its channel."""
        return self.channel


class SeriesDate(Model):
    """One date of a series: so many days or months after its start."""

    days: Days | None = None
    """So many days after the start."""
    months: Months | None = None
    """So many months after the start."""
    reason: Label
    """What stands in the cell as the reason."""

    @model_validator(mode="after")
    def _one_distance(self) -> Self:
        if (self.days is None) == (self.months is None):
            raise ValueError(_("expected one of 'days' and 'months'"))
        return self


Dates = Annotated[tuple[SeriesDate, ...], Field(min_length=1)]
LateDays = Annotated[
    int,
    Field(
        ge=0, le=180, description="So many days after it is too late, and the next year's stands."
    ),
]


class RuleSettings(NamedEntry):
    """What every contact rule has; *rule* is the key of what proposes by it."""

    known_by = "rule"

    if TYPE_CHECKING:
        rule: str
    when: When | None = None
    """Only for clients who meet this condition."""
    channel: Label
    """A kind of contact, such as call; only a contact that weighs as much counts."""
    channels: tuple[ChannelRule, ...] = ()
    """Other channels for some clients; the first that fits counts."""

    def called(self) -> str:
        """The reason that it gives, the first of several."""
        dates = getattr(self, "dates", ())
        reason = getattr(dates[0] if dates else self, "reason", self.rule)
        return _("contact '{reason}'").format(reason=reason)


class Agreed(RuleSettings):
    """The date agreed on in the newest contact that has one."""

    rule: Literal["agreed"]
    """The date agreed on in the newest contact that has one."""
    reason: Label
    """What stands in the cell as the reason."""
    reason_with_kind: Annotated[Label, Field(pattern=r"\{kind\}")]
    """The reason where a kind was agreed on too; {kind} stands for it."""
    max_days: Days
    """A date more than so many days after its contact is taken for a slip."""


class MissedCall(RuleSettings):
    """She called and wasn't answered."""

    rule: Literal["missed_call"]
    """A call of hers that was missed."""
    reason: Label
    """What stands in the cell as the reason."""
    expires_days: Days
    """So many days after the call it is dropped."""


class Birthday(RuleSettings):
    """Her birthday."""

    rule: Literal["birthday"]
    """The client's birthday."""
    reason: Label
    """What stands in the cell as the reason."""
    early_days: Days
    """A contact from so many days before counts."""
    late_days: LateDays


class AfterPurchase(RuleSettings):
    """A series of dates after the last purchase."""

    rule: Literal["after_purchase"]
    """Dates after the last purchase."""
    dates: Dates
    """The dates after the purchase, each with its reason."""
    grace_days: Days
    """A contact up to so many days before the date counts."""
    expires_days: Days
    """So many days after the date it is dropped."""


class ClassAhead(RuleSettings):
    """Before a class that she is going to attend."""

    rule: Literal["class_ahead"]
    """Before a class that lies ahead."""
    reason: Label
    """What stands in the cell as the reason."""
    days_before: Annotated[int, Field(ge=1, le=60)]
    """So many days before the class."""


class AfterClass(RuleSettings):
    """A series of dates after a class, while she hasn't bought since."""

    rule: Literal["after_class"]
    """Dates after a class, while she hasn't bought since."""
    dates: Dates
    """The dates after the class, each with its reason."""
    grace_days: Days
    """A contact up to so many days before the date counts."""
    expires_days: Days
    """So many days after the date it is dropped."""


class Reorder(RuleSettings):
    """When by her own rhythm the next order is due."""

    rule: Literal["reorder"]
    """The usual pause between her purchases is over."""
    reason: Label
    """What stands in the cell as the reason."""
    min_days: Annotated[int, Field(ge=1, le=3660)]
    """The pause is taken as at least so many days."""
    min_purchase_days: Annotated[int, Field(ge=2, le=1000)]
    """Only for clients who bought on so many days."""
    grace_days: Days
    """A contact up to so many days before the date counts."""
    expires_days: Days
    """So many days after the date it is dropped."""


class HolidayRule(RuleSettings):
    """Greetings on the dates under `holidays`."""

    rule: Literal["holiday"]
    """The days under 'holidays'."""
    early_days: Days
    """A contact from so many days before counts."""
    late_days: LateDays


class BeforeBirthday(RuleSettings):
    """Some days before the birthday, until the day before it."""

    rule: Literal["before_birthday"]
    """Some time before the birthday."""
    reason: Label
    """What stands in the cell as the reason."""
    days_before: Annotated[int, Field(ge=1, le=180)]
    """So many days before the birthday."""
    grace_days: Days
    """A contact up to so many days before the date counts."""


EVERYBODY = "*"
"""Under which an interval for all groups stands."""


def _interval(value: object) -> Interval:
    interval = read_interval(value) if isinstance(value, str) else None
    if interval is None:
        raise ValueError(_("expected an interval such as 10 days, 3 weeks or 2 months"))
    return interval


def _for_everybody(value: object) -> object:
    return {EVERYBODY: value} if isinstance(value, str) else value


_OFF: dict[str, object] = {"enum": ["off", False]}
_INTERVAL_SCHEMA: dict[str, object] = {
    "type": "string",
    "pattern": r"[^\W\d]",
    "examples": ["3 weeks", "2 months"],
}
Every = Annotated[
    Words[Annotated[Interval, PlainValidator(_interval), WithJsonSchema(_INTERVAL_SCHEMA)]],
    BeforeValidator(_for_everybody),
    WithJsonSchema(
        {
            "anyOf": [
                _INTERVAL_SCHEMA,
                {"type": "object", "additionalProperties": {"anyOf": [_INTERVAL_SCHEMA, _OFF]}},
            ]
        }
    ),
]
"""An interval for everybody, or one for each group."""


class Rhythm(RuleSettings):
    """Regular contact, by group."""

    rule: Literal["rhythm"]
    """Regular contact after the last touch."""
    reason: Label
    """What stands in the cell as the reason."""
    every: Every = Field(default_factory=dict)
    """How long between contacts, such as 3 weeks: for everybody, or for each group; a group that
    isn't named gets none."""
    months: SkipJsonSchema[Words[Months]] = Field(default_factory=dict, exclude=True)
    """The same in months, as files of earlier versions have it; it goes before."""

    @model_validator(mode="after")
    def _says_how_often(self) -> Self:
        if not self.every and not self.months:
            raise ValueError(_("say how often: every: 3 weeks, or for each group"))
        return self

    def interval(self, group: str) -> Interval | None:
        """How long between contacts with a client of a group."""
        for name, months in self.months.items():
            if fold(name) == fold(group):
                return Interval(months, 0)
        hers = (interval for name, interval in self.every.items() if fold(name) == fold(group))
        return next(hers, self.every.get(EVERYBODY))


class FirstContact(RuleSettings):
    """For those who were never in touch."""

    rule: Literal["first_contact"]
    """Clients with whom there was no contact yet."""
    reason: Label
    """What stands in the cell as the reason."""


class Holiday(NamedEntry):
    """A day of every year on which clients are greeted."""

    day: DayOfYear
    """Month-day, such as 12-31 for 31 December."""
    name: Label
    """What stands in the cell as the reason."""
    for_: Whom | None = Field(None, alias="for")
    """For men or all_but_men alone, by the column Gender."""
    when: When | None = None
    """Only for clients who meet this condition."""

    def called(self) -> str:
        """Its name."""
        return _("greeting '{name}'").format(name=self.name)


class Contacts(Model):
    """The rules that propose the next contact; their order is their priority."""

    capacity_per_day: Capacity
    """At most so many calls a day; the others move on to the next working days. off: as many as are
    due."""
    rules: tuple[RuleSettings, ...]
    """The rules; their order is their priority."""


class Settings(Model):
    """When clients are contacted."""

    contacts: Contacts
    """The rules that propose the next contact."""
    holidays: tuple[Holiday, ...]
    """Days on which clients are greeted."""
    reason_joiner: Phrase
    """Stands between several reasons in one cell."""


def settings(rooms: Rooms) -> type[Settings]:
    """The same, with the rules that all *rooms* declare."""
    kinds: Any = Union[tuple(one.settings for one in rooms.contact_rules.values())]  # noqa: UP007
    rules: Any = tuple[Annotated[kinds, Field(discriminator="rule")], ...]
    described = Contacts.model_fields["rules"]
    contacts = create_model(
        "Contacts", __base__=Contacts, __doc__=Contacts.__doc__, rules=(rules, described)
    )
    described = Settings.model_fields["contacts"]
    whole: type[Settings] = create_model(
        "Settings", __base__=Settings, __doc__=Settings.__doc__, contacts=(contacts, described)
    )
    return whole
