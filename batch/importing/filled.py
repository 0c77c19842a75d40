"""Bases that the program filled, among what she has: what it wrote there is nothing of hers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from batch.importing.dictionary import plain
from batch.importing.layout import SourceLayout
from batch.importing.sheets import SourceSheet, text_of
from rules.config.settings import FILLED, Config

_TECHNICAL: Final = "clientbase"
"""The hidden sheet of a new workbook."""


class FilledBases:
    """The files of which the sheet of clients has most of the grey columns."""

    def __init__(self, sheets: Iterable[SourceSheet], config: Config) -> None:
        tables = config.rooms.tables
        others = [key for key in type(config.sheets).model_fields if key not in tables]
        self._clients = config.sheet(config.rooms.clients.key)
        self._written = {_TECHNICAL, *map(config.sheet, others)}
        grey = config.headings(FILLED)
        self._grey = {plain(name) for names in grey.values() for name in names}
        self._files: set[Path] = set()
        for sheet in sheets:
            first = sheet.rows[0] if sheet.rows else []
            found = sum(plain(text_of(cell)) in self._grey for cell in first)
            if sheet.name == self._clients and 2 * found > len(grey):
                self._files.add(sheet.path)

    def leave_out(self, layout: SourceLayout) -> None:
        """Take nothing of what the program wrote: a report, or the grey columns of Clients."""
        sheet = layout.sheet
        if sheet.path not in self._files:
            return
        if sheet.name in self._written:
            layout.kind = "skip"
        elif sheet.name == self._clients:
            for one in layout.columns:
                if plain(one.heading) in self._grey:
                    one.role = "aside"
