"""The last run taken back: filled cells as they were before it, and what she typed since kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from batch.base import read_base
from batch.book import ClosedBook
from batch.configuration import Rules
from batch.errors import IsAFolder, NotVerified
from batch.formulas.figures import renew_standing_figures
from batch.history import journal, receipts
from batch.history.receipts import UNDONE, Cells, Receipt
from batch.history.versions import Keeper, keep
from batch.history.whereabouts import find, rows_of
from batch.installation.program import version
from batch.installation.typed import command
from batch.recalculation.looks import take_looks
from batch.saving import disk, inuse, ours
from batch.saving.readback import read_back
from batch.saving.replacement import replace_file, save, told
from batch.xlsx.workbook import open_book
from rules.config.settings import Config
from rules.errors import ClientBaseError
from words import _, marked


class NothingToUndoError(ClientBaseError, LookupError):
    """No run on this workbook is known that wasn't taken back yet."""

    def __init__(self, path: Path, *, has_runs: bool) -> None:
        """has_runs: whether there are runs, all of them taken back already."""
        self.path, self.has_runs = path, has_runs
        if has_runs:
            sentence = _("'{file}': all its runs are undone already. To list them: {command}")
        else:
            sentence = _(
                "'{file}': no run is known that could be undone. The receipts lie in the "
                "folder {folder} beside the workbook, under its name; if you moved or "
                "renamed the workbook, put it back there first."
            )
        folder = disk.history_folder(path).name
        super().__init__(
            sentence.format(file=path.name, folder=folder, command=command("log", path))
        )


class ChangedSinceError(ClientBaseError, ValueError):
    """A workbook that an import made, and that was changed since."""

    path: Path
    says = marked(
        "'{path}' was made by an import and has been changed since, so it stays. If you don't want "
        "it any more, delete it."
    )


@dataclass(frozen=True)
class Undoing:
    """What an undo did.

    run: the receipt of the run that was taken back. restored, kept and gone count its cells:
    brought back, changed by her since and therefore left alone, no longer there. is_whole:
    nothing was changed since, and the file is the one before the run again, to the byte.
    backup: the version before the undo, None where nothing was written. fault: what the computer
    said against saving it, though it is saved.
    """

    path: Path
    run: Receipt
    restored: int
    kept: int
    gone: int
    is_whole: bool
    backup: Path | None
    fault: OSError | None = None


def undo(path: Path, rules: Rules, *, now: dt.datetime | None = None) -> Undoing:
    """Take back the last run on the workbook *path* that wasn't taken back yet.

    Raises NothingToUndoError, or another ClientBaseError, and then nothing was written.
    """
    began = time.perf_counter()
    moment = now or dt.datetime.now().astimezone()
    path = inuse.real(path)
    if path.is_dir():
        raise IsAFolder(path)
    inuse.check_free(path)
    if path.is_file():
        inuse.check_writable(path)
    with inuse.held(path, partial(receipts.settle, path)):
        book = open_book(path, rules.config.limits)
        known = receipts.receipts(path)
        at = _last(path, known, book.package.sha256)
        return _Undo(book, rules, known[at], known[at + 1 :], moment, began).done()


def _last(path: Path, known: Sequence[Receipt], now: str) -> int:
    """Where the receipt of the last run stands that changed filled cells, or took contacts over,
    and wasn't taken back.

    now: the workbook's hash. What an earlier run made of it, or found, tells that a version was put
    back by hand: then the runs since are undone, too. Raises NothingToUndoError.
    """
    at = _reached(known, now)
    while at:
        receipt = known[at - 1]
        if receipt.what == UNDONE:
            at = _before(known[: at - 1], receipt.undoes)
        elif receipt.changed or receipt.taken or receipt.looks or receipt.has_made_it:
            return at - 1
        else:
            at -= 1
    raise NothingToUndoError(path, has_runs=bool(known))


def _before(known: Sequence[Receipt], run: int | None) -> int:
    """How many of the receipts the workbook had behind it before that run."""
    for at, receipt in enumerate(known):
        if receipt.run == run:
            return _reached(known[:at], receipt.before)
    return len(known)


def _reached(known: Sequence[Receipt], now: str) -> int:
    """How many of the receipts a workbook of the hash *now* has behind it; all where it is none of
    their files, because something was typed.
    """
    for at in range(len(known) - 1, -1, -1):
        if known[at].after == now:
            return at + 1
        if known[at].before == now:
            return at
    return len(known)


@dataclass(frozen=True)
class _Undo:
    """The work of one call of `undo`; later are the receipts since the run."""

    book: ClosedBook
    rules: Rules
    run: Receipt
    later: Sequence[Receipt]
    now: dt.datetime
    began: float

    @property
    def path(self) -> Path:
        return self.book.package.path

    def done(self) -> Undoing:
        if self.run.has_made_it:
            return self._taken_away()
        former = self._version_before()
        return self._cell_by_cell() if former is None else self._whole(former)

    def _taken_away(self) -> Undoing:
        """The workbook that the run made goes, and is kept among the former versions. Raises
        ChangedSinceError where it isn't what the run made any more.
        """
        package = self.book.package
        if package.sha256 != self.run.after:
            raise ChangedSinceError(self.path)
        owner = self.path.stat()
        backup = keep(self.path, package.content, self.now, owner)
        receipt = self._receipt({})(receipts.number_after(self.path))
        whole = receipt._replace(before=package.sha256, backup=backup.name)
        receipts.append(self.path, whole, owner)
        ours.remove(self.path, owner)
        counts = (0, 0, 0)
        return Undoing(self.path, self.run, *counts, is_whole=True, backup=backup)

    def _version_before(self) -> bytes | None:
        """The file before the run, where nothing was changed since; None elsewhere."""
        if not self._is_unchanged_since():
            return None
        try:
            backup = disk.history_folder(self.path) / Path(self.run.backup).name
            content = ours.read(backup, self.path.stat())
        except (FileNotFoundError, ours.NotOurs):
            return None
        return content if hashlib.sha256(content).hexdigest() == self.run.before else None

    def _is_unchanged_since(self) -> bool:
        """Whether the file is what the run made of it, but for figures that later runs renewed."""
        state = self.run.after
        for later in self.later:
            if later.changed or later.taken or later.looks or later.before != state:
                break
            state = later.after
        return self.book.package.sha256 in {self.run.after, state}

    def _whole(self, former: bytes) -> Undoing:
        def verify(copy: Path) -> None:
            if ours.read(copy) != former:
                raise NotVerified(self.path, _("it is not the version before the run"))

        keeper = self._keeper({})
        package = self.book.package
        fault = replace_file(
            self.path, former, read=package, sources=(), verify=verify, keeping=keeper
        )
        changed, backup = self.run.changed, keeper.backup
        return Undoing(
            self.path, self.run, changed, 0, 0, is_whole=True, backup=backup, fault=fault
        )

    def _cell_by_cell(self) -> Undoing:
        book = self.book
        base = read_base(book, self.rules.config, as_typed=True)
        found = find(self.run, book, base)
        effect = book.stage(found.edits)
        has_lost_looks = take_looks(book, base, self.rules.config, self.run.looks)
        kept = found.kept + len(effect.kept)
        renew_standing_figures(book, base, self.rules.config, self.now.date())
        clients = {row: key for key, row in rows_of(base).items()}
        keeper = self._keeper(receipts.cells_of(effect.changes, {base.region.sheet: clients}))
        if effect.changes or has_lost_looks:
            read = partial(read_back, date1904=book.date1904, before=self.path)

            def verify(copy: Path) -> None:
                for one in book.written:
                    read(copy, one.sheet, one.expected, area=one.area)

            fault = save(book.package, book.parts(), verify=verify, keeping=keeper)
        else:
            fault = None
            keeper.write_receipt(self.book.package.content, self.book.package.content)
        restored, gone = sum(map(len, effect.changes.values())), found.gone
        counts, backup = (restored, kept, gone), keeper.backup
        return Undoing(self.path, self.run, *counts, is_whole=False, backup=backup, fault=fault)

    def _keeper(self, cells: Cells) -> Keeper:
        return Keeper(self.path, self.rules.config.backups, self.now, self._receipt(cells))

    def _receipt(self, cells: Cells) -> Callable[[int], Receipt]:
        """Makes the receipt of its number."""

        def receipt(run: int) -> Receipt:
            return Receipt(
                run=run,
                when=self.now.isoformat(timespec="seconds"),
                what=UNDONE,
                today=None,
                config=str(self.rules.path),
                config_sha256=self.rules.sha256,
                program=version(),
                seconds=round(time.perf_counter() - self.began, 3),
                cells=cells,
                undoes=self.run.run,
            )

        return receipt


def lines(done: Undoing, config: Config) -> Iterator[str]:
    """What an undo tells its user, in the words of *config*."""
    if done.run.has_made_it:
        sentence = _("'{file}', which run {run} of {when} made, is gone; it is kept below.")
    elif done.is_whole:
        sentence = _(
            "'{file}' is again as it was before run {run} of {when}, to the byte (cells: {count})."
        )
    elif done.backup is None:
        sentence = _("'{file}': nothing of run {run} of {when} is left to be undone.")
    else:
        sentence = _("'{file}': cells brought back to before run {run} of {when}: {count}.")
    when = journal.moment(done.run, config)
    yield sentence.format(file=done.path.name, run=done.run.run, when=when, count=done.restored)
    if done.kept:
        yield "  " + _(
            "Left alone, because they hold something else by now, or held what can't be "
            "brought back: {count}."
        ).format(count=done.kept)
    if not done.is_whole:
        yield from _what_stays(done.run)
    if done.gone:
        sentence = _("Not found again, because their row, ID or column is gone: {count}.")
        yield f"  {sentence.format(count=done.gone)}"
    for line in told(done.fault):
        yield f"  {line}"
    if done.backup is not None:
        yield "  " + _("The version before: {file}").format(file=done.backup)


def _what_stays(run: Receipt) -> Iterator[str]:
    """What an undo of single cells leaves of a *run*."""
    if run.taken:
        yield "  " + _(
            "Contacts that the run took over from the list of the day stay on their sheet: {count}."
        ).format(count=run.taken)
    if run.bought:
        yield "  " + _(
            "Purchases that the run took over from the list of the day stay on their sheet: "
            "{count}."
        ).format(count=run.bought)
    if run.added:
        yield "  " + _(
            "The columns that the run added stay, without its entries: {columns}. Delete "
            "them in Excel if you don't want them."
        ).format(columns=", ".join(run.added))
