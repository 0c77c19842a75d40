"""Recalculates the client base in a workbook file: read, compute, patch, verify, replace."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from batch.book import ClosedBook, Place
from batch.configuration import Rules
from batch.edits import Change
from batch.errors import IsAFolder
from batch.history import receipts, versions
from batch.history.receipts import RECALCULATED, Cells, Receipt
from batch.history.versions import Keeper
from batch.installation.program import version
from batch.recalculation import firstsheet
from batch.recalculation.looks import give_looks, is_ours
from batch.recalculation.plan import Calculated, Plan, calculate, plan
from batch.recalculation.steps import READING, WRITING, Step
from batch.saving import inuse, ours
from batch.saving.proof import Proof, prove
from batch.saving.readback import check_headings, read_back
from batch.saving.replacement import save, told
from batch.xlsx.workbook import open_book
from rules.errors import ClientBaseError
from rules.model.problem import Problem
from rules.model.result import Result
from rules.moves import Move
from words import _, marked


class OutputError(ClientBaseError, ValueError):
    """The copy can't be written where it shall be."""

    path: Path
    found: str
    advice: str
    says = marked("--output '{path}' {found}. {advice}")


@dataclass(frozen=True)
class Outcome:
    """What a recalculation of a file did.

    plan: what was to be written; changes are the cells that differ from before, those with our
    functions, in whatever sheet, headed by the function, but not the lists and the figures on the
    first sheet and under the charts; moves are the clients who change group, stage or class by
    them; taken and bought count the contacts and purchases that were taken over from the list of
    the day; added are the headings of new columns; replaced says, on the first run, what stood in
    columns that were filled; written says whether a file was written; backup is where the version
    before it lies; proof is what was proven of it, if that was asked for; sha256 is the hash of the
    workbook as the run leaves it; fault is what the computer said against saving it, though it is
    saved.
    """

    path: Path
    plan: Plan
    replaced: tuple[str, ...]
    changes: list[Change]
    moves: list[Move]
    taken: int
    bought: int
    added: list[str]
    written: bool
    backup: Path | None
    proof: Proof | None
    sha256: str
    fault: OSError | None = None

    @property
    def rules(self) -> Rules:
        """By which rules it was recalculated."""
        return self.plan.rules

    @property
    def result(self) -> Result:
        """What the rules make of the base."""
        return self.plan.result

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Cells that can't be used or filled."""
        return self.plan.problems

    @property
    def notices(self) -> tuple[str, ...]:
        """What else she should know."""
        return (*told(self.fault), *self.plan.notices)

    def counts(self, column: str) -> dict[str, int]:
        """How many clients have each value of a text column, in the order of the configuration;
        '' counts the blanks.
        """
        found = Counter(self.result.filled[column][self.result.known.clients.usable].tolist())
        known = self.rules.config.decided_words()[column]
        counts = {value: found.pop(value, 0) for value in known}
        blanks = found.pop("", 0)
        return {**counts, **found, **({"": blanks} if blanks else {})}

    def once_more(self) -> Outcome:
        """What the same run would find now: nothing to change."""
        return replace(
            self,
            replaced=(),
            changes=[],
            moves=[],
            taken=0,
            bought=0,
            added=[],
            written=False,
            backup=None,
            proof=None,
            fault=None,
        )


def recalculate_file(
    path: Path,
    rules: Rules,
    today: dt.date,
    *,
    output: Path | None = None,
    dry_run: bool = False,
    verify: bool = False,
    detailed: bool = False,
    now: dt.datetime | None = None,
    step: Step = lambda _name: None,
) -> Outcome:
    """Fill the client base in the workbook *path* as of *today*.

    Writes only where cells change: in place, keeping the version before and a receipt, or to
    *output*, leaving *path* alone. *verify* proves before that, byte by byte and independently of
    what wrote, that nothing else changed. *detailed*: the base that was calculated has the columns
    that no rule decides by, too. Raises a ClientBaseError, and then nothing was written.
    """
    began = time.perf_counter()
    goal = _goal(path, output, is_written=not dry_run)
    moment = now or dt.datetime.now().astimezone()
    holding = nullcontext() if dry_run else inuse.held(goal, partial(receipts.settle, goal))
    with holding:
        step(READING)
        book = _opened(path, rules)
        planned = plan(book, rules, today, step, is_only_looked_at=dry_run, detailed=detailed)
        _show(book, planned, moment)
        given = give_looks(book, planned)
        is_first = not versions.versions(goal) and not is_ours(book)
        parts = {} if dry_run else book.parts()
        is_written = not dry_run and bool(parts or output is not None)
        run = _Run(planned, given, moment, began)
        keeper = Keeper(goal, rules.config.backups, moment, None if output else run.receipt)
        check = _Check(path, book, planned.filled_headings if verify else None)
        fault = None
        if is_written:
            step(WRITING)
            with run:
                fault = save(book.package, parts, goal, verify=check, keeping=keeper)
    return Outcome(
        output or path,
        planned,
        planned.replaced if is_first else (),
        list(chain.from_iterable(planned.changes.values())),
        planned.moves,
        planned.taken.count,
        planned.taken.bought,
        planned.columns.added,
        written=is_written,
        backup=keeper.backup,
        proof=check.proof,
        sha256=keeper.after or book.package.sha256,
        fault=fault,
    )


def _goal(path: Path, output: Path | None, *, is_written: bool) -> Path:
    """The file that is to be written, which nobody else uses. Raises a ClientBaseError."""
    _check_output(path, output)
    goal = inuse.real(output or path)
    if path.is_dir():
        raise IsAFolder(path)
    if is_written:
        inuse.check_free(goal)
        if goal.is_file():
            inuse.check_writable(goal)
    return goal


def _show(book: ClosedBook, planned: Plan, moment: dt.datetime) -> None:
    """Stage what the first sheet tells of the run; one that changes nothing leaves its sentence,
    too, else each would write the file.
    """
    planned.beside.add(book.stage(planned.start))
    planned.beside.add(firstsheet.show_problems(book, planned))
    effects = (planned.columns, planned.functions, planned.beside)
    has_news = planned.figures.changes and not firstsheet.is_told(book, planned)
    if has_news or any(one.changes for one in effects):
        planned.beside.add(firstsheet.show_result(book, planned, moment))


class _Run:
    """A run that writes a file, and its receipt, whose cells are put together beside: while the
    copy is packed, checked and read back, Python itself has little to do.
    """

    def __init__(
        self,
        planned: Plan,
        given: Mapping[str, list[str]],
        moment: dt.datetime,
        began: float,
    ) -> None:
        """given: the headings of the columns that got looks, by sheet."""
        self.plan = planned
        self.given = given
        self.moment = moment
        self.began = began
        self.side = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> None:
        changes, clients = self.plan.columns.changes, {self.plan.sheet: self.plan.clients}
        self.cells = self.side.submit(receipts.cells_of, changes, clients)

    def __exit__(self, *_error: object) -> None:
        self.side.shutdown()

    def _cells(self) -> Cells:
        """Handed out once: they are held no longer than they are needed."""
        cells = self.cells.result()
        del self.cells
        return cells

    def receipt(self, run: int) -> Receipt:
        """The receipt under the number *run*."""
        planned, rules = self.plan, self.plan.rules
        return Receipt(
            run=run,
            when=self.moment.isoformat(timespec="seconds"),
            what=RECALCULATED,
            today=planned.result.today.isoformat(),
            config=str(rules.path),
            config_sha256=rules.sha256,
            program=version(),
            seconds=round(time.perf_counter() - self.began, 3),
            cells=self._cells(),
            added=planned.columns.added,
            functions=receipts.cells_of(planned.functions.changes),
            figures=receipts.cells_of(planned.figures.changes),
            lists=receipts.cells_of(planned.beside.changes),
            taken=planned.taken.count,
            bought=planned.taken.bought,
            moves=tuple(planned.moves),
            looks=self.given,
        )


def calculate_file(path: Path, rules: Rules, today: dt.date) -> Calculated:
    """Read and calculate the client base in the workbook *path* as of *today*, in detail.

    It may be open in Excel; then what was saved last counts. Raises a ClientBaseError where the
    workbook can't be read.
    """
    if path.is_dir():
        raise IsAFolder(path)
    return calculate(_opened(path, rules), rules, today, detailed=True)


def _opened(path: Path, rules: Rules) -> ClosedBook:
    """The closed workbook; its tables are being read."""
    book = open_book(path, rules.config.limits)
    book.read_ahead(*map(rules.config.sheet, rules.config.rooms.tables))
    return book


class _Check:
    """Looks at the copy before it takes its place; proof is what was proven, None if not asked."""

    def __init__(
        self, path: Path, book: ClosedBook, headings: Mapping[str, Mapping[Place, str]] | None
    ) -> None:
        """headings: those of the columns that are filled, by sheet and place, if that is proven."""
        self.path = path
        self.book = book
        self.headings = headings
        self.proof: Proof | None = None

    def __call__(self, copy: Path) -> None:
        """Raises NotVerified naming the first cell that isn't as it should be."""
        book = self.book
        for one in book.written:
            read_back(
                copy,
                one.sheet,
                one.expected,
                date1904=book.date1904,
                before=self.path,
                area=one.area,
            )
            if self.headings and one.sheet in self.headings:
                check_headings(copy, one.sheet, self.headings[one.sheet], self.path, one.area)
        if self.headings is not None:
            cells = {one.sheet: {at[:2] for at in one.changes} for one in book.written}
            looked = {sheet: [one.area for one in ones] for sheet, ones in book.marked.items()}
            former = book.package.content
            self.proof = prove(self.path, former, ours.read(copy), cells, book.lengthened, looked)


def _check_output(path: Path, output: Path | None) -> None:
    """Raise OutputError for an --output under which no copy can be written."""
    if output is None:
        return
    if output.absolute() == path.absolute() or (output.exists() and output.samefile(path)):
        raise OutputError(output, _("is the workbook itself"), _("Leave --output away to fill it."))
    if output.is_dir():
        raise OutputError(output, _("is a folder"), _("Name the file in it, too."))
    if output.exists() and not output.is_file():
        raise OutputError(output, _("is no ordinary file"), _("Choose another name."))
    if not output.absolute().parent.is_dir():
        raise OutputError(
            output, _("lies in a folder that doesn't exist"), _("Make the folder first.")
        )
