"""The whole configuration: what all rooms share, and the blocks, headings and sheets of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import Field, create_model

from rules.config.basics import Headings, Model
from rules.config.settings import FILLED, Columns, Config, SheetName, Sheets
from rules.model.declarations import Room, Rooms, Sheet, Table


@cache
def config_type(rooms: tuple[Room, ...]) -> type[Config]:
    """The configuration of a client base with these *rooms*."""
    every = Rooms(rooms)
    settings = [
        room.settings if isinstance(room.settings, type) else room.settings(every)
        for room in every
        if room.settings is not None
    ]
    sheets = _model("Sheets", Sheets, _sheet_names(every))
    columns = _model("Columns", Columns, _headings(every))
    described = Config.model_fields
    whole: type[Config] = create_model(
        "Config",
        __base__=(*reversed(settings), Config),
        __doc__=Config.__doc__,
        sheets=(sheets, described["sheets"]),
        columns=(columns, described["columns"]),
    )
    whole.rooms = every
    return whole


def furnished(config: Config, extra: Collection[str]) -> Config:
    """The same of a base that has, of the rooms that may be added, those of these keys alone."""
    kind = config_type(config.rooms.furnished(extra).rooms)
    return kind.model_construct(**dict(config))


def _model(name: str, base: type[Model], fields: Mapping[str, Any]) -> type[Model]:
    return create_model(name, __base__=base, __doc__=base.__doc__, **fields)


def _sheet_names(rooms: Rooms) -> dict[str, Any]:
    every: Iterable[Table | Sheet] = (*rooms.tables.values(), *rooms.sheets.values())
    about = {
        "start": "the first sheet of a new workbook: the button, the day's counts, the problems",
        **{one.key: one.about for one in every},
        "charts": "the sheet with the charts of a new workbook",
        "rules": "the sheet of a new workbook on which you may change the most important rules",
    }
    return {key: (SheetName, _told(text)) for key, text in about.items()}


def _headings(rooms: Rooms) -> dict[str, Any]:
    """A block of headings for each table, for the grey columns on Clients, and for each sheet."""
    blocks: dict[str, Any] = {}
    for table in rooms.tables.values():
        every = (*table.fields, *table.filled)
        blocks[table.key] = _block(table.key, every, f"the columns of {table.about}")
    about = "the columns that the program fills on the clients' sheet"
    blocks[FILLED] = _block(FILLED, rooms.columns.values(), about)
    for sheet in rooms.sheets.values():
        about = f"the columns of the sheet {sheet.key.replace('_', ' ').capitalize()}"
        blocks[sheet.key] = _block(sheet.key, sheet.columns, about)
    return blocks


def _block(key: str, columns: Iterable[Any], about: str) -> Any:  # noqa: ANN401 — as create_model
    fields: dict[str, Any] = {}
    for one in columns:
        needed = "; required" if getattr(one, "required", False) else ""
        fields[one.key] = (Headings, _told(f"{one.about}{needed}"))
    name = f"{key.replace('_', ' ').title().replace(' ', '')}Columns"
    return _model(name, Model, fields), _told(about)


def _told(text: str) -> Any:  # noqa: ANN401 — as pydantic has it
    """A field of which the schema says this *text* as a sentence."""
    return Field(description=f"{text[0].upper()}{text[1:]}.")
