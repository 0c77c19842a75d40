"""What all sheets say, by what each of them is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from batch.importing.layout import SourceLayout
from batch.importing.lists import ListReader
from batch.importing.logs import LogReader
from batch.importing.notebook import NotebookReader
from batch.importing.plan import ImportPlan
from batch.importing.records import Records
from rules.config.settings import Config

_READERS = {
    "clients": ListReader,
    "months": ListReader,
    "purchases": LogReader,
    "contacts": LogReader,
    "notebook": NotebookReader,
}


def extract(
    layouts: Sequence[SourceLayout], config: Config, plan: ImportPlan, today: dt.date
) -> Records:
    """What the sheets say; those of another kind say nothing. Raises PlanError."""
    records = Records()
    for layout in layouts:
        reader = _READERS.get(layout.kind)
        if reader is not None:
            reader(layout, config, plan, records, today).read()
    return records
