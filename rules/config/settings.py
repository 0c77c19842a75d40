"""All rules of a client base, as one frozen `Config`.

Every number and word comes from the file; nothing here has a default of its own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from rules.config.basics import Model, Phrase, Table, Text, Weight, Word, YesNo
from rules.config.classes import Abc, Folder, GroupRule, Stage, Xyz
from rules.config.contacts import Contacts, Holiday, Weights
from rules.config.examples import Example
from rules.config.export import Export
from rules.config.gifts import Gifts
from rules.config.lists import Birthdays, Today, WorkingDays
from rules.config.night import Nightly
from rules.config.workbook import Columns, Country, Dates, Lists, Numbers, Sheets, Year

Size = Annotated[int, Field(ge=1, le=1_000_000)]


class Limits(Model):
    """Sizes beyond which a file is taken for a mistake."""

    clients: Annotated[int, Field(ge=1, le=1_048_575)] = Field(
        description="more clients than this are taken for a mistake"
    )
    file_mb: Size = Field(description="a larger workbook isn't read")
    part_mb: Size = Field(description="a workbook with a larger part, unpacked, isn't read")
    total_mb: Size = Field(description="a workbook that is larger when unpacked isn't read")
    texts_mb: Size = Field(description="a workbook with more text in its cells isn't read")
    parts: Size = Field(description="a workbook with more parts isn't read")
    ratio: Annotated[int, Field(ge=2, le=100_000)] = Field(
        description="a part that is packed more tightly is taken for an attack"
    )
    cells: Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(
        description="a sheet of clients with more cells isn't filled"
    )


class Backups(Model):
    """Which former versions of the workbook stay."""

    newest: Annotated[int, Field(ge=1, le=10_000)] = Field(
        description="so many of the newest versions stay"
    )
    monthly: YesNo = Field(description="does the last version of each month stay for good?")


class Config(Model):
    """All rules of a client base, as read from `config.yaml`."""

    based_on: Literal["en", "ru"] = Field(
        description="which shipped file fills in what this one leaves out: en or ru"
    )
    sheets: Sheets = Field(description="the names of the sheets")
    columns: Columns = Field(description="your headings: one, or a list of accepted ones")
    lists: Lists = Field(
        description="what drop-down lists offer, besides the kinds of contact under 'kinds'"
    )
    no_words: tuple[Word, ...] = Field(
        description="a yes/no cell with one of these words counts as blank"
    )
    dates: Dates = Field(description="how dates that were typed as text are read")
    numbers: Numbers = Field(description="how amounts that were typed as text are read")
    year: Year = Field(description="what 'in the year' means")
    home_city: Text = Field(
        description="your city; gifts to clients in another city are posted; "
        "empty: nothing is posted"
    )
    country: Country = Field(
        description="your country in two letters, such as RU; phone numbers without a country's "
        "code are numbers of it"
    )
    groups: Annotated[tuple[GroupRule, ...], Field(min_length=1)] = Field(
        description="the group rules, tried from the top; the first that fits names the group"
    )
    abc: Abc = Field(description="ABC classes by turnover in the year")
    xyz: Xyz = Field(description="XYZ classes by how evenly she buys")
    stage: Stage = Field(description="client stages")
    folder: Folder = Field(description="the two folders of the card file")
    kinds: Table[Weight] = Field(
        description="how personal each kind of contact is: a word and a weight from 0 to 100"
    )
    weights: Weights = Field(description="weights of contacts that 'kinds' doesn't settle")
    contacts: Contacts = Field(description="the rules that propose the next contact")
    holidays: tuple[Holiday, ...] = Field(description="days on which clients are greeted")
    reason_joiner: Phrase = Field(description="stands between several reasons in one cell")
    gifts: Gifts = Field(description="what gifts are for, how dear, which, and when")
    today: Today = Field(description="the sheet Today")
    working_days: WorkingDays = Field(description="the days on which you call")
    birthdays: Birthdays = Field(description="the sheet Birthdays")
    export: Export = Field(description="what goes to the phone, the calendar and the mailing")
    examples: tuple[Example, ...] = Field(
        description="clients, real ones or of facts alone, and the group or class that you expect; "
        "'clientbase check' looks whether they come out so"
    )
    backups: Backups = Field(description="which former versions of the workbook stay")
    nightly: Nightly = Field(description="the run at night: its summary, and its mail")
    limits: Limits = Field(description="sizes beyond which a file is taken for a mistake")
    messages: SkipJsonSchema[YesNo] = Field(
        default=False,
        exclude=True,
        description="whether the file still has this block of earlier versions, which says nothing",
    )

    def decided_words(self) -> dict[str, list[str]]:
        """The words that the decided columns may hold, by column, in their order."""
        return {
            "group": self.group_names(),
            "abc": list(self.abc.names),
            "xyz": list(self.xyz.names),
            "stage": list(dict(self.stage.names).values()),
            "folder": list(dict(self.folder.names).values()),
        }

    def group_names(self) -> list[str]:
        """The groups in the order of their first rule, each once."""
        return list(dict.fromkeys(rule.name for rule in self.groups))
