"""What she should know in the morning, first what needs her; as text, and as JSON."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from batch.errors import plain
from batch.night.files import copies_left_alone, others_left_alone
from batch.night.passwords import in_the_clear
from batch.night.run import Contact, Section
from rules.config.settings import Config
from rules.reading.dates import shown_date
from words import _

MARK = "clientbase: "
"""Begins a summary, so that no other file is taken for one."""


@dataclass
class Summary:
    """One night. config: the rules that it as a whole goes by; left: workbooks in the folders that
    are no client base; copies: of workbooks beside them; told: what else she should know;
    troubles: what went wrong besides the workbooks; most: so many of those that failed, and of
    those with a page of their own, are listed.
    """

    today: dt.date
    config: Config
    sections: list[Section] = field(default_factory=list)
    left: Sequence[Path] = ()
    copies: Sequence[Path] = ()
    told: Sequence[str] = ()
    troubles: list[str] = field(default_factory=list)
    most: int = sys.maxsize

    @property
    def failed(self) -> list[Section]:
        """Those that aren't filled."""
        return [section for section in self.sections if section.error]

    @property
    def filled(self) -> list[Section]:
        """Those that are filled."""
        return [section for section in self.sections if not section.error]

    @property
    def whole(self) -> list[Section]:
        """Those of the filled that are told of here."""
        return [section for section in self.filled if not section.brief]

    @property
    def apart(self) -> list[Section]:
        """Those of the filled that have pages of their own."""
        return [section for section in self.filled if section.brief]

    @property
    def moved(self) -> list[str]:
        """Who changed group, class or stage; of several workbooks, each line names its own."""
        is_one = len(self.filled) == 1
        return [
            line if is_one else f"{section.path.name}: {line}"
            for section in self.filled
            for line in section.moved
        ]

    @property
    def notices(self) -> list[str]:
        """What else she should know, though nothing failed."""
        warned = in_the_clear(self.config.nightly.mail)
        return [*self.told, *warned, *copies_left_alone(self.copies)]

    @property
    def title(self) -> str:
        """Its heading."""
        return _("Client base on {date}").format(date=self.shown(self.today))

    @property
    def due(self) -> str:
        """How many contacts are due in all workbooks; without one that is filled nobody knows."""
        if not self.filled:
            return _("Nothing could be recalculated, so what is due isn't known.")
        return _due(self.total("overdue"), self.total("due_today"))

    @property
    def subject(self) -> str:
        """The same for the subject of a mail, with the workbooks that failed."""
        if not self.failed:
            return self.due
        if not self.filled:
            return _("workbooks failed: {failed}").format(failed=len(self.failed))
        return _("{due}, workbooks failed: {failed}").format(due=self.due, failed=len(self.failed))

    def total(self, fact: str) -> int:
        """A number that the runs said, of all workbooks together."""
        return sum(section.count(fact) for section in self.sections)

    def shown(self, date: dt.date) -> str:
        """A date as she writes it."""
        return shown_date(date, self.config.dates.written)

    def listed(self, section: Section) -> tuple[Sequence[Contact], str]:
        """The contacts of a workbook that are listed, and how many more there are ('' if none)."""
        most = self.config.nightly.most_contacts
        more = len(section.contacts) - most
        sentence = _("… and {count} more in the workbook").format(count=more) if more > 0 else ""
        return section.contacts[:most], sentence

    def more(self, sections: Sequence[Section]) -> str:
        """How many more there are than are listed; '' if none."""
        sentence = _("… and {count} more; each has a page of its own")
        return sentence.format(count=len(sections) - self.most) if len(sections) > self.most else ""

    def left_alone(self) -> str:
        """Which workbooks in the folders are no client base; '' if none."""
        return others_left_alone(self.left)


def _due(overdue: int, today: int) -> str:
    return _("{overdue} overdue, {today} due today").format(overdue=overdue, today=today)


def brief(section: Section) -> str:
    """A workbook in a line."""
    due = _due(section.count("overdue"), section.count("due_today"))
    moves = section.said.facts.get("moves") if section.said else None
    if not isinstance(moves, list) or not moves:
        return due
    return _("{due}; who changed: {count}").format(due=due, count=len(moves))


def details(section: Section) -> list[str]:
    """What the run said, without its first line (which names the file) and who moved."""
    lines = section.said.lines if section.said else []
    moved = set(section.moved)
    return [line for line in lines[1:] if line.strip() not in moved]


def as_text(summary: Summary) -> str:
    """The summary as lines."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Summary) -> Iterator[str]:
    yield MARK + summary.title
    yield f"  {summary.due}"
    if summary.filled:
        yield "  " + _("Workbooks recalculated: {count}").format(count=len(summary.filled))
    if summary.failed:
        yield "  " + _("Workbooks that failed: {count}").format(count=len(summary.failed))
    for section in summary.failed[: summary.most]:
        yield f"    {section.path}"
        yield from (f"      {line}" for line in section.error.splitlines())
        if section.page:
            yield f"      {section.page}"
    if more := summary.more(summary.failed):
        yield f"    {more}"
    for trouble in (*summary.troubles, *summary.notices):
        yield f"  {plain(trouble)}"
    if summary.moved:
        yield "  " + _("Who changed")
        yield from (f"    {plain(line)}" for line in summary.moved)
    for section in summary.whole:
        yield ""
        yield from _of_workbook(section, summary)
    yield from _apart(summary)
    if summary.left:
        yield ""
        yield summary.left_alone()


def _apart(summary: Summary) -> Iterator[str]:
    if summary.apart:
        yield ""
    for section in summary.apart[: summary.most]:
        yield f"{section.path}: {section.brief}"
        yield from (f"  {plain(remark)}" for remark in section.remarks)
        if section.page:
            yield f"  {section.page}"
    if more := summary.more(summary.apart):
        yield more


def _of_workbook(section: Section, summary: Summary) -> Iterator[str]:
    yield section.said.lines[0] if section.said and section.said.lines else section.path.name
    if section.path.name != str(section.path):
        yield f"  {section.path}"
    for remark in section.remarks:
        yield f"  {plain(remark)}"
    listed, more = summary.listed(section)
    yield "  " + (_("To contact") if section.contacts else _("Nobody is due today."))
    yield from (f"    {_contact(contact, summary)}" for contact in listed)
    if more:
        yield f"    {more}"
    if section.exported is not None:
        yield "  " + _("Exported to {folder}").format(folder=section.exported)
    yield "  " + _("The recalculation")
    yield from (f"  {line}" for line in details(section))


def _contact(contact: Contact, summary: Summary) -> str:
    who = ", ".join(plain(text) for text in (contact.name, contact.phone) if text)
    what = ": ".join(plain(text) for text in (contact.channel, contact.reason) if text)
    return f"{summary.shown(contact.due)}  {who}  –  {what}"


def as_json(summary: Summary) -> dict[str, object]:
    """The summary as an object; dates as yyyy-mm-dd."""
    return {
        "today": summary.today.isoformat(),
        "filled": len(summary.filled),
        "failed": len(summary.failed),
        "overdue": summary.total("overdue"),
        "due_today": summary.total("due_today"),
        "troubles": summary.troubles,
        "notices": summary.notices,
        "workbooks": [section.object or as_object(section) for section in summary.sections],
        "left": [str(path) for path in summary.left],
        "copies": [str(path) for path in summary.copies],
    }


def as_object(section: Section) -> dict[str, object]:
    """A workbook in it."""
    return {
        "file": str(section.path),
        "filled": not section.error,
        "error": section.error or None,
        "in_use": section.is_in_use,
        "remarks": section.remarks,
        "exported": str(section.exported) if section.exported else None,
        "contacts": [
            asdict(contact) | {"due": contact.due.isoformat()} for contact in section.contacts
        ],
        "run": section.said.facts if section.said else None,
    }
