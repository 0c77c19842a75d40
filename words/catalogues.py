"""Brings the catalogues up to date with the code: `python -m words.catalogues`.

What is said stands in `_`, `n_` and `marked`; the helps of the commands are read from the command
line itself, and what is told of columns from the rooms. New sentences come without a translation,
gone ones go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

from batch.cli import app
from rules.house import ROOMS
from rules.model.declarations import Rooms
from words import ENGLISH, FOLDER, LANGUAGES

ROOT = FOLDER.parent
PACKAGES = ("batch", "rules", "udfs", "workbook")
_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_KEYWORDS = {"_": None, "n_": (1, 2), "marked": None}
_HELP = "batch/commands"
_ROOMS = "rules/rooms"
"""Where the helps of the commands, and what is told of columns, are said to come from."""


def said() -> Catalog:
    """All sentences of the program, without translations."""
    catalog = Catalog(domain="clientbase", fuzzy=False)
    for package in PACKAGES:
        found = extract_from_dir(ROOT / package, _METHODS, keywords=_KEYWORDS)
        for path, _line, sentence, _comments, _context in found:
            catalog.add(sentence, locations=[(f"{package}/{path}", 0)])
    for text in helps(get_command(app)):
        catalog.add(text, locations=[(_HELP, 0)])
    for text in declared(Rooms(ROOMS)):
        catalog.add(text, locations=[(_ROOMS, 0)])
    return catalog


def declared(rooms: Rooms) -> Iterator[str]:
    """What the rooms say of their columns."""
    tables = rooms.tables.values()
    yield from (one.about for table in tables for one in table.fields)
    yield from (one.about for sheet in rooms.sheets.values() for one in sheet.columns)
    for one in (*rooms.columns.values(), *(one for table in tables for one in table.filled)):
        yield from filter(None, (one.about, one.inputs, one.source))


def helps(command: Any) -> Iterator[str]:  # noqa: ANN401 — typer keeps its classes to itself
    """The helps of a command, of its options with what stands for their values, and of the commands
    under it.
    """
    if command.help:
        yield command.help
    for parameter in command.params:
        yield from filter(None, (parameter.help, parameter.metavar))
    for inner in getattr(command, "commands", {}).values():
        yield from helps(inner)


def updated(language: str) -> tuple[bytes, bytes]:
    """The catalogue of a language, brought up to date: to be edited, and compiled."""
    path = FOLDER / f"{language}.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.update(said(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.revision_date = catalog.creation_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalog, width=100, include_lineno=False, sort_output=True)
    write_mo(compiled, catalog)
    return text.getvalue(), compiled.getvalue()


def main() -> None:
    """Write all catalogues anew."""
    for language in LANGUAGES:
        if language != ENGLISH:
            for suffix, content in zip((".po", ".mo"), updated(language), strict=True):
                Path(FOLDER / f"{language}{suffix}").write_bytes(content)


if __name__ == "__main__":
    main()
