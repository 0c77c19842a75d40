"""All rules of a client base, as one frozen `Config`.

Every number and word comes from the file; nothing here has a default of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from rules.config.basics import Model, Text, Word, YesNo
from rules.config.examples import Example
from rules.config.export import Export
from rules.config.night import Nightly
from rules.config.workbook import Columns, Country, Dates, Lists, Numbers, Sheets, Year
from rules.config.workdays import WorkingDays

if TYPE_CHECKING:
    from rules.model.declarations import Rooms

Settings = TypeVar("Settings", bound=Model)
FILLED = "filled"
"""The block with the headings of the grey columns on Clients."""
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
    """All rules of a client base, as read from `config.yaml`: here what no room has alone.

    What is read is a `rules.config.assembly.config_type`, with the keys of all rooms.
    """

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
    working_days: WorkingDays = Field(description="the days on which you call")
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

    rooms: ClassVar[Rooms]
    """The rooms whose keys stand beside these."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any: ...  # noqa: ANN401 — what a room adds

    def rule(self, settings: type[Settings]) -> Settings:
        """The same, as the configuration of a room, whose *settings* are part of it."""
        assert isinstance(self, settings)  # noqa: S101 — `rules.config.assembly` sees to it
        return self

    def sheet(self, key: str) -> str:
        """The name of a sheet."""
        name: str = getattr(self.sheets, key)
        return name

    def headings(self, table: str) -> Mapping[str, Sequence[str]]:
        """The accepted headings of the columns of a table or sheet, by key; of *filled* those of
        the grey columns on Clients.
        """
        return dict(getattr(self.columns, table))

    def heading(self, table: str, key: str) -> str:
        """The heading that a new column gets."""
        return self.headings(table)[key][0]

    def decided_words(self) -> dict[str, list[str]]:
        """The words that the decided columns may hold, by column, in their order."""
        return {
            key: list(column.words(self))
            for key, column in self.rooms.columns.items()
            if column.words is not None
        }
