"""What the first sheet tells of a recalculation, in a workbook that has places for it; another one
needs none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from batch.book import Book, ClosedBook, Place, Worksheet
from batch.edits import Edit, Effect, Region
from rules.config.settings import Config
from rules.mentions import first_of
from rules.model.problem import Problem
from rules.moves import Move, sentences
from rules.reading.dates import shown_date
from words import _, speaking

if TYPE_CHECKING:
    from batch.recalculation.plan import Plan

RESULT = "cb_result"
"""The name of the cell with the sentence of the last recalculation."""
CHANGES = "cb_changes"
"""The name of the first of the cells that tell who moved class, group or stage."""
CHANGES_ROWS = 6
"""So many cells, one below the other."""
PROBLEMS = "cb_problems"
"""The name of the first cell below the headings of the problem list: where, found, what to do."""
MOST_SHOWN = 200
"""So many problems at most are listed on the sheet."""
_FOUND, _ADVICE = 1, 2
"""How far the columns of the problem list stand to the right of its first one."""


# Who moved ----------------------------------------------------------------------------------


def change_lines(moves: Sequence[Move], config: Config, today: dt.date) -> list[str]:
    """The lines that tell the *moves* of a run for *today*, as many as there is room for."""
    day = shown_date(today, config.dates.written)
    with speaking(config.based_on):
        told = sentences(moves, config, CHANGES_ROWS - 1)
        lines = [_("On {date}:").format(date=day), *told]
    return [*lines, *[""] * (CHANGES_ROWS - len(lines))]


def moves_edits(book: Book, moves: Sequence[Move], config: Config, today: dt.date) -> list[Edit]:
    """The cells of the first sheet that tell who moved; none where nobody did, or the workbook has
    no place of that name. What an earlier run told stays until somebody moves again.
    """
    place = book.named(CHANGES) if moves else None
    if place is None:
        return []
    sheet, row, column = place
    region = Region(sheet.name, row, range(row, row + CHANGES_ROWS))
    return [Edit(region, "", column, "text", change_lines(moves, config, today))]


# What a run found ---------------------------------------------------------------------------


class ProblemLine(NamedTuple):
    """A line of the problem list. link: a formula that shows a cell's address and leads there, ''
    for a line without one; where: what it shows.
    """

    link: str
    where: str
    found: str
    advice: str


def result_sentence(planned: Plan, problems: int, moment: dt.datetime) -> str:
    """What a run at that *moment* changed and found, as one sentence."""
    config = planned.rules.config
    overdue, today = planned.result.due()
    return _(
        "{date}, {time}: {changed} cells changed. Contacts: {overdue} overdue, "
        "{today} due today. Problems: {problems}."
    ).format(
        date=shown_date(planned.result.today, config.dates.written),
        time=moment.strftime("%H:%M"),
        changed=sum(map(len, planned.changes.values())),
        overdue=overdue,
        today=today,
        problems=problems,
    )


def notices(planned: Plan) -> Iterator[str]:
    """What else she should know of a run."""
    yield from planned.taken.told(planned.rules.config)
    yield from given(planned)
    yield from planned.notices


def given(planned: Plan) -> Iterator[str]:
    """Whom the run has given an ID."""
    clients = planned.given
    if clients:
        sentence = _("New clients who got an ID: {count} ({clients}).")
        yield sentence.format(count=len(clients), clients=first_of(clients))


def problem_lines(problems: Sequence[Problem], told: Sequence[str]) -> list[ProblemLine]:
    """The *problems*, as far as there is room for them, and the notices *told* below them."""
    shown = problems[:MOST_SHOWN]
    lines = [ProblemLine(_link(one), _where(one), one.found, one.advice) for one in shown]
    left = len(problems) - len(shown)
    if left:
        more = _("… and {count} more; clientbase check lists all of them").format(count=left)
        lines.append(ProblemLine("", "", "", more))
    return [*lines, *(ProblemLine("", "", "", notice) for notice in told)]


def _where(problem: Problem) -> str:
    return f"{problem.sheet}!{problem.cell}"


def _link(problem: Problem) -> str:
    sheet = problem.sheet.replace("'", "''")
    place = f"#'{sheet}'!{problem.cell}".replace('"', '""')
    text = _where(problem).replace('"', '""')
    return f'HYPERLINK("{place}","{text}")'


# In a closed file ---------------------------------------------------------------------------


def show_problems(book: ClosedBook, planned: Plan) -> Effect:
    """Stage the problem list of the first sheet, if there is one, over that of an earlier run."""
    place = book.named(PROBLEMS)
    if place is None:
        return Effect()
    sheet, top, left = place
    with speaking(planned.rules.config.based_on):
        lines = problem_lines(planned.problems, list(notices(planned)))
    last = max(_last_row(book, sheet, top, left), top + len(lines) - 1)
    region = Region(sheet.name, top - 1, range(top, last + 1))
    blank = [""] * (len(region.rows) - len(lines))
    effect = book.stage(
        [
            Edit(region, "", left + _FOUND, "text", [*(one.found for one in lines), *blank]),
            Edit(region, "", left + _ADVICE, "text", [*(one.advice for one in lines), *blank]),
        ]
    )
    links: dict[Place, tuple[str, str]] = {(row, left): ("", "") for row in region.rows}
    links |= {(row, left): (one.link, one.where) for row, one in enumerate(lines, top)}
    changed = book.link(sheet, links)
    effect.add(Effect({sheet.name: changed} if changed else {}))
    return effect


def _last_row(book: Book, sheet: Worksheet, top: int, left: int) -> int:
    """The last row of the problem list as an earlier run left it."""
    read = book.columns(sheet, [left, left + _FOUND, left + _ADVICE], top)
    return max((*read.rows.tolist(), *(row for row, _column in read.uncalculated)), default=top)


def is_told(book: Book, planned: Plan) -> bool:
    """Whether the sentence that stands there tells of a run for the same day."""
    place = book.named(RESULT)
    if place is None:
        return False
    sheet, row, column = place
    standing = book.columns(sheet, [column], row, row).by_row(column).get(row)
    day = shown_date(planned.result.today, planned.rules.config.dates.written)
    return isinstance(standing, str) and standing.startswith(f"{day}, ")


def show_result(book: ClosedBook, planned: Plan, moment: dt.datetime) -> Effect:
    """Stage the sentence of the last recalculation, where the first sheet has a place for it."""
    place = book.named(RESULT)
    if place is None:
        return Effect()
    sheet, row, column = place
    with speaking(planned.rules.config.based_on):
        sentence = result_sentence(planned, len(planned.problems), moment)
    return book.stage([Edit(Region(sheet.name, row, [row]), "", column, "text", [sentence])])
