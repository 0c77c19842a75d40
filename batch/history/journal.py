"""The runs that changed a workbook, as a list to be read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from batch.configuration import is_shipped
from batch.errors import IsAFolder, WorkbookMissing
from batch.history import receipts
from batch.history.receipts import IMPORTED, UNDONE, Receipt
from batch.saving import disk, inuse
from rules.config.settings import Config
from rules.reading.dates import shown_date
from words import _


def lines(path: Path, config: Config) -> Iterator[str]:
    """The runs of the workbook *path*, the newest first, each with its cells by heading and the
    version before it. Raises WorkbookMissing, or IsAFolder.
    """
    if not path.is_file():
        raise IsAFolder(path) if path.is_dir() else WorkbookMissing(path)
    known = receipts.receipts(inuse.real(path))
    if not known:
        yield _(
            "{file}: no run is known that changed it. If you moved or renamed it: the "
            "receipts lie in the folder {folder} beside its old place, under its old "
            "name."
        ).format(file=path.name, folder=disk.history_folder(path).name)
        return
    yield _("{file}: runs that changed it, the newest first: {count}").format(
        file=path.name, count=len(known)
    )
    for receipt in reversed(known):
        yield f"  {_head(receipt, config)}"
        for line in _body(receipt, config):
            yield f"     {line}"
    if known[0].run > 1:
        yield "  " + _(
            "Older runs are forgotten: at most {most} MB of receipts stay (backups.receipts_mb in "
            "config.yaml)."
        ).format(most=config.backups.receipts_mb)


def _body(receipt: Receipt, config: Config) -> Iterator[str]:
    """What a run did, line by line."""
    if receipt.changed:
        yield ", ".join(f"{one} {count}" for one, count in receipt.counts().items())
    if receipt.taken:
        told = _("Contacts taken over from the list of the day: {count}")
        yield told.format(count=receipt.taken)
    if receipt.bought:
        told = _("Purchases taken over from the list of the day: {count}")
        yield told.format(count=receipt.bought)
    if receipt.moves:
        yield _moves(receipt, config)
    if receipt.backup:
        yield _("The version before: {file}").format(file=receipt.backup)


def _head(receipt: Receipt, config: Config) -> str:
    """What a run was, in a line."""
    facts = {"run": receipt.run, "when": moment(receipt, config), "count": receipt.changed}
    if receipt.what == UNDONE:
        return _("{run}  {when}  run {undoes} undone").format(**facts, undoes=receipt.undoes)
    if receipt.has_made_it:
        return _("{run}  {when}  made by an import").format(**facts)
    if receipt.what == IMPORTED:
        return _("{run}  {when}  imported: {count} cells").format(**facts)
    sentence = _("{run}  {when}  for {today}: {count} cells in {seconds} s, rules: {config}")
    return sentence.format(
        **facts,
        today=_day(receipt, config),
        seconds=f"{receipt.seconds:.1f}",
        config=_rules(receipt),
    )


def _moves(receipt: Receipt, config: Config) -> str:
    """How many clients moved from where to where."""
    counts = Counter((move.column, move.old, move.new) for move in receipt.moves)
    headings = {key: heading[0] for key, heading in config.headings("filled").items()}
    sentence = _("{column} {old} → {new} {count}")
    moves = [
        sentence.format(
            column=headings.get(column, column), old=old, new=new or _("blank"), count=count
        )
        for (column, old, new), count in counts.items()
    ]
    return _("Moves: {moves}").format(moves=", ".join(moves))


def moment(receipt: Receipt, config: Config) -> str:
    """When a run was, as it is shown."""
    when = dt.datetime.fromisoformat(receipt.when)
    return f"{shown_date(when.date(), config.dates.written)} {when:%H:%M}"


def _day(receipt: Receipt, config: Config) -> str:
    try:
        day = dt.date.fromisoformat(receipt.today or "")
    except ValueError:
        return "?"
    return shown_date(day, config.dates.written)


def _rules(receipt: Receipt) -> str:
    path = Path(receipt.config)
    name = _("as shipped") if is_shipped(path) else path.name
    return f"{name} {receipt.config_sha256[:8]}"
