"""Fills one workbook after the other; what goes wrong with one is told, and ends nothing."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from batch import configuration
from batch.configuration import Rules
from batch.errors import FileInUse, reason_of
from batch.export import files, phones
from batch.history import lastrun
from batch.history.lastrun import Said
from batch.installation import log
from batch.lists.workdays import working_days
from batch.night.exports import Exports
from batch.night.files import FoundBases, LeadsAwayError, NoClientBaseError, is_folder
from batch.recalculation import telling
from batch.recalculation.file import calculate_file
from batch.recalculation.plan import Calculated
from batch.saving import inuse
from rules.errors import ClientBaseError
from rules.moves import Move, sentences
from rules.reading.words import fold
from words import _, speak, spoken

_MOST_OF_BRIEF: Final = 300


@dataclass(frozen=True)
class Night:
    """How the workbooks are filled. wait: seconds for a file in use."""

    today: dt.date
    config: Path | None = None
    verify: bool = False
    wait: float = 0


@dataclass(frozen=True)
class Contact:
    """A client to be contacted; texts as on her sheet, '' where blank; without a name, her ID."""

    name: str
    phone: str
    due: dt.date
    reason: str
    channel: str


@dataclass
class Section:
    """What became of one workbook or folder.

    error: why it isn't filled, '' where it is; remarks: what else went wrong (then it is filled,
    but something is missing); rules: None where they can't be read; object: all of it for JSON,
    where that is wanted. Of a workbook with a page of its own, brief is the line that stands for
    it, and page leads there from the folder of the summary, '' where it couldn't be written.
    """

    path: Path
    rules: Rules | None = None
    said: Said | None = None
    contacts: list[Contact] = field(default_factory=list)
    exported: Path | None = None
    error: str = ""
    is_in_use: bool = False
    remarks: list[str] = field(default_factory=list)
    object: dict[str, object] | None = None
    brief: str = ""
    page: str = ""

    def shorten(self, brief: str) -> None:
        """Keep only what counts once it has a page of its own, for which *brief* stands."""
        self.brief = brief
        self.rules, self.contacts = None, []
        counts: dict[str, object] = {key: self.count(key) for key in ("overdue", "due_today")}
        self.said = Said([], counts)
        self.error = _cut(self.error.partition("\n")[0])
        self.remarks = [_cut(remark) for remark in self.remarks]

    def count(self, fact: str) -> int:
        """A number that the run said, 0 where it said none."""
        number = self.said.facts.get(fact) if self.said else None
        return number if isinstance(number, int) else 0

    @property
    def moved(self) -> list[str]:
        """Who changed group, class or stage, one sentence for each word that clients moved to."""
        told = self.said.facts.get("moves") if self.said else None
        if self.rules is None or not isinstance(told, list):
            return []
        return sentences([Move(**move) for move in told], self.rules.config)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_OF_BRIEF else f"{text[:_MOST_OF_BRIEF]}…"


def fill_all(
    found: FoundBases, night: Night, exports: Exports, began: Callable[[Path], None]
) -> Iterator[Section]:
    """A section for each workbook as it is filled, and for each folder without one. *began* is told
    each path.
    """
    for path in found:
        began(path)
        section = Section(path)
        _read_rules(section, night)
        if section.rules is not None:
            _fill(section, section.rules, night, exports)
        yield section
        phones.forget()
        gc.collect()  # a calculated base refers to itself, and would lie about for long
        gc.freeze()  # what is left now stays for the night, and needn't be looked at any more
    gc.unfreeze()
    for one, why in not_searched(found):
        yield Section(one, error=why)


def not_searched(found: FoundBases) -> Iterator[tuple[Path, str]]:
    """The folders that gave no workbook, and the links that lead out of them, each with why."""
    for one in found.empty:
        yield one, str(NoClientBaseError(one))
    for one, why in found.shut.items():
        yield one, sentence(why, one)
    for one in found.away:
        yield one, str(LeadsAwayError(one))


def _read_rules(section: Section, night: Night) -> None:
    try:
        section.rules = configuration.read_for(section.path, night.config)
    except Exception as error:  # noqa: BLE001 — the next workbook has its turn, whatever it is
        section.error = sentence(error, section.path)


def _fill(section: Section, rules: Rules, night: Night, exports: Exports) -> None:
    path = section.path
    is_exported = bool(rules.config.export.folder.strip())
    speak(rules.config.based_on)
    try:
        run = partial(_run, section, rules, night, detailed=is_exported)
        base = inuse.patiently(run, night.wait)
    except Exception as error:  # noqa: BLE001
        section.error = sentence(error, path)
        section.is_in_use = isinstance(error, FileInUse)
        return
    try:
        base = base or calculate_file(path, rules, night.today)
        section.contacts = _due_contacts(base)
    except Exception as error:  # noqa: BLE001
        remark = _("The workbook is filled, but its contacts can't be listed here: {reason}")
        section.remarks.append(remark.format(reason=sentence(error, path)))
        return
    if not is_exported:
        return
    try:
        _export(section, base, exports)
    except Exception as error:  # noqa: BLE001
        remark = _("Filled, but not exported: {reason}")
        section.remarks.append(remark.format(reason=sentence(error, path)))


def _run(section: Section, rules: Rules, night: Night, *, detailed: bool) -> Calculated | None:
    """Fill a workbook. Gives what was calculated; None where the last run did the same."""
    if not night.verify:
        section.said = lastrun.as_last_run(section.path, rules, night.today)
        if section.said is not None:
            return None
    filled = telling.recalculate_and_tell(
        section.path, rules, night.today, verify=night.verify, detailed=detailed
    )
    section.said = filled.said
    if filled.not_listed:
        remark = _("The list of problems can't be written: {reason}.")
        section.remarks.append(remark.format(reason=filled.not_listed))
    return filled.calculated


def _export(section: Section, base: Calculated, exports: Exports) -> None:
    folder = exports.folder(section.path)
    files.write(base, folder)
    clients = base.result.known.clients
    ids = base.base.clients.texts("id")[clients.usable].tolist()
    keys = clients.keys[clients.usable].tolist()
    exports.note(
        fold(base.rules.config.export.base), section.path, dict(zip(keys, ids, strict=True))
    )
    section.exported = folder


def _due_contacts(base: Calculated) -> list[Contact]:
    """The clients to be contacted today, as the sheet Today lists them: the most urgent first, and
    with a limit of calls only those that fit into the day.
    """
    result = base.result
    noted, clients = result.config.rooms.noted, base.base.clients
    assert noted.plan is not None  # noqa: S101 — the list of the day is planned
    planned, _later = noted.plan(result, result.today, working_days(result.config, result.today))
    names, ids, phones = (clients.texts(key) for key in ("name", "id", "phone"))
    return [
        Contact(
            names[one.position] or ids[one.position],
            phones[one.position],
            one.due,
            result.of_role("why")[one.position],
            result.of_role("how")[one.position],
        )
        for one in planned
    ]


def sentence(error: Exception, path: Path) -> str:
    """What went wrong, for her; a mistake of the program is written down, too."""
    if isinstance(error, ClientBaseError):
        return str(error)
    if isinstance(error, OSError):
        return _("The computer refused: {reason}.").format(reason=reason_of(error))
    if isinstance(error, MemoryError):
        return _("The computer has too little memory for this file; it is as it was.")
    return _(
        "The program made a mistake. The file is whole, as it was or filled "
        "('clientbase log' tells). Please report it, with the details in {log}"
    ).format(log=log.write(f"nightly: {path}", error))


def settings(given: Iterable[Path], found: FoundBases) -> Rules:
    """The rules that the night as a whole goes by, and so its mail: those asked for, else those of
    the first file or folder *given* that can be read, else the shipped ones. Nobody who may only
    put a file somewhere into a folder decides by it for the others.

    Raises ConfigError and ConfigMissingError for rules that were asked for.
    """
    if found.config is not None:
        return configuration.read_for(next(iter(found), None), found.config)
    for one in given:
        with suppress(ClientBaseError, OSError):
            if not is_folder(one):
                return configuration.read_for(one, None)
            sheets = configuration.sheet_names(next(iter(found), one))
            language = configuration.shipped_language(sheets) if sheets else spoken()
            return configuration.read(configuration.find_beside(one / "*", language), language)
    return configuration.read(configuration.shipped_path(spoken()))


def whose(rules: Rules, others: Collection[str]) -> list[str]:
    """Whose rules those of the night as a whole are, where any of the workbooks has *others*, by
    their hashes.
    """
    if not set(others) - {rules.sha256}:
        return []
    sentence = _(
        "The workbooks don't all have the same rules. Where this summary goes, by mail too, is "
        "decided by {file}."
    )
    return [sentence.format(file=_("the shipped rules") if rules.is_shipped else rules.path)]
