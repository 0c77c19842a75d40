"""The runs that changed a workbook, as a list to be read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from batch.configuration import is_shipped
from batch.errors import WorkbookMissing
from batch.history import receipts
from batch.history.receipts import UNDONE, Receipt
from batch.saving import disk, inuse
from rules.config.messages import Messages
from rules.config.settings import Config
from rules.dates import shown_date


def lines(path: Path, config: Config) -> Iterator[str]:
    """The runs of the workbook *path*, the newest first, each with its cells by heading and the
    version before it. Raises WorkbookMissing.
    """
    say = config.messages
    if not path.is_file():
        raise WorkbookMissing(path)
    known = receipts.receipts(inuse.real(path))
    if not known:
        yield say.log_none.format(file=path.name, folder=disk.history_folder(path).name)
        return
    yield say.log_title.format(file=path.name, count=len(known))
    for receipt in reversed(known):
        facts = {"run": receipt.run, "when": moment(receipt, config), "count": receipt.changed}
        if receipt.what == UNDONE:
            yield "  " + say.log_undo.format(**facts, undoes=receipt.undoes)
        else:
            yield "  " + say.log_run.format(
                **facts,
                today=_day(receipt, config),
                seconds=f"{receipt.seconds:.1f}",
                config=_rules(receipt, say),
            )
        if receipt.changed:
            yield "     " + ", ".join(f"{one} {count}" for one, count in receipt.counts().items())
        if receipt.taken:
            yield "     " + say.log_taken.format(count=receipt.taken)
        if receipt.moves:
            yield "     " + _moves(receipt, config)
        if receipt.backup:
            yield "     " + say.summary_backup.format(file=receipt.backup)


def _moves(receipt: Receipt, config: Config) -> str:
    """How many clients moved from where to where."""
    say = config.messages
    counts = Counter((move.column, move.old, move.new) for move in receipt.moves)
    headings = {key: heading[0] for key, heading in dict(config.columns.filled).items()}
    moves = ", ".join(
        say.moves_log_one.format(
            column=headings.get(column, column),
            old=old,
            new=new or say.summary_blank,
            count=count,
        )
        for (column, old, new), count in counts.items()
    )
    return say.moves_log.format(moves=moves)


def moment(receipt: Receipt, config: Config) -> str:
    """When a run was, as it is shown."""
    when = dt.datetime.fromisoformat(receipt.when)
    return f"{shown_date(when.date(), config.dates.text_formats[0])} {when:%H:%M}"


def _day(receipt: Receipt, config: Config) -> str:
    try:
        day = dt.date.fromisoformat(receipt.today or "")
    except ValueError:
        return "?"
    return shown_date(day, config.dates.text_formats[0])


def _rules(receipt: Receipt, say: Messages) -> str:
    path = Path(receipt.config)
    name = say.summary_shipped if is_shipped(path) else path.name
    return f"{name} {receipt.config_sha256[:8]}"
