"""The plan of an import: what was understood of each sheet, and the questions with their answers.

A file in YAML that she may change; it answers the same questions the same way next time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic import Field as PlanField

from batch.errors import reason_of
from batch.importing.dictionary import data, plain, words
from rules.errors import ClientBaseError
from words import _, marked

Kind = Literal["clients", "months", "purchases", "contacts", "notebook", "other", "skip"]
SECTIONS: Final = (
    "days",
    "statuses",
    "labels",
    "sections",
    "colours",
    "people",
    "merge",
    "cells",
    "classes",
    "lines",
    "twice",
)
_ABOUT: Final = {
    "days": marked(
        "Which day the purchases of a column of months get: last, first, or its number."
    ),
    "statuses": marked("Which statuses of orders count: counts, or leave out."),
    "labels": marked("Whose label in the address book says that she is a client: client, or no."),
    "sections": marked(
        "Headings of sections in a list of clients: the column in which they should stand, such as "
        "City; client, where they are clients themselves; or leave out."
    ),
    "colours": marked('What the colour of a row means: "Heading: word", or leave out.'),
    "people": marked(
        "Who is who. same: the client proposed; or her name, ID or phone; new: a client of this "
        "name; leave out: nothing of hers is brought in."
    ),
    "merge": marked("Rows that may be one client: same (they become one), or two."),
    "cells": marked("Cells that can't be read: what should stand there, or leave out."),
    "classes": marked("Dates of classes found among words: the date, or leave out."),
    "lines": marked(
        'Lines of notes: "date; client; product; amount" as it should be, or leave out.'
    ),
    "twice": marked("Purchases that stand in two lists: once, or both."),
}
_HEAD: Final = marked(
    "A plan of clientbase import. Under 'sheets' stands what was understood, to be corrected; "
    "below stand the questions. Write your answer after 'answer:'; where it stays empty, the "
    "proposal holds with --yes, and what has no proposal is left out. Then give the plan back: "
    "{command}"
)
_SHEETS: Final = marked(
    "kind: clients, months (clients with columns of months), purchases, contacts, notebook, or "
    "skip. headings: the numbers of their rows. columns: what each one is, by a word of these or a "
    "heading of the base, such as Phone; '-' leaves it out, any other word keeps it under its own "
    "heading."
)


class PlanError(ClientBaseError, ValueError):
    """A plan that can't be read, or an answer that isn't understood."""

    path: Path
    found: str
    says = marked("The plan '{path}': {found}. Correct the plan, or delete it to be asked anew.")


def _text(value: object) -> object:
    """An answer as text, whatever YAML made of it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


Answer = Annotated[str, BeforeValidator(_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Question(_Strict):
    """A question: what it is about, what is proposed, and her answer, '' where there is none."""

    seen: Answer = ""
    like: list[Answer] = PlanField(default_factory=list)
    proposal: Answer = ""
    answer: Answer = ""


class SheetPlan(_Strict):
    """What a sheet is taken for."""

    kind: Kind = "other"
    headings: list[int] = PlanField(default_factory=list)
    year: int | None = None
    columns: dict[str, Answer] = PlanField(default_factory=dict)


class _File(_Strict):
    sheets: dict[str, SheetPlan] = PlanField(default_factory=dict)
    days: dict[Answer, Question] = PlanField(default_factory=dict)
    statuses: dict[Answer, Question] = PlanField(default_factory=dict)
    labels: dict[Answer, Question] = PlanField(default_factory=dict)
    sections: dict[Answer, Question] = PlanField(default_factory=dict)
    colours: dict[Answer, Question] = PlanField(default_factory=dict)
    people: dict[Answer, Question] = PlanField(default_factory=dict)
    merge: dict[Answer, Question] = PlanField(default_factory=dict)
    cells: dict[Answer, Question] = PlanField(default_factory=dict)
    classes: dict[Answer, Question] = PlanField(default_factory=dict)
    lines: dict[Answer, Question] = PlanField(default_factory=dict)
    twice: dict[Answer, Question] = PlanField(default_factory=dict)


class ImportPlan:
    """The questions and answers of an import.

    asked: those of this run, by section and key; known: all of the file, earlier ones' too.
    """

    def __init__(self, file: _File | None = None, path: Path | None = None) -> None:
        self.path = path
        self.known = file or _File()
        self.asked: dict[tuple[str, str], Question] = {}
        self._refused: Question | None = None

    def sheet(self, title: str, headings: Sequence[str]) -> SheetPlan | None:
        """What she says of a sheet: of this one, else of one with the same headings."""
        found = self.known.sheets.get(title)
        if found is not None:
            return found
        wanted = set(headings)
        return next(
            (one for one in self.known.sheets.values() if wanted and set(one.columns) == wanted),
            None,
        )

    def answer(
        self,
        section: str,
        key: str,
        proposal: str = "",
        seen: str = "",
        like: Sequence[str] = (),
    ) -> str:
        """Her answer to a question, else the proposal, '' for neither."""
        asked = self.asked.get((section, key))
        if asked is None:
            questions: dict[str, Question] = getattr(self.known, section)
            old = questions.get(key)
            asked = Question(
                seen=seen, like=list(like), proposal=proposal, answer=old.answer if old else ""
            )
            questions[key] = asked
            self.asked[section, key] = asked
        return asked.answer.strip() or asked.proposal

    def take_back(self) -> None:
        """Forget the answer that wasn't understood."""
        if self._refused is not None:
            self._refused.answer = ""

    def said(self, section: str, key: str) -> str:
        """What she answered to a question, '' for nothing."""
        found = getattr(self.known, section).get(key)
        return found.answer.strip() if found else ""

    def open(self) -> Iterator[tuple[str, str, Question]]:
        """The questions of this run without an answer."""
        for (section, key), question in self.asked.items():
            if not question.answer.strip():
                yield section, key, question

    def again(self) -> ImportPlan:
        """The plan for another run with the same answers."""
        return ImportPlan(self.known, self.path)

    def refuse(self, section: str, key: str, answer: str) -> PlanError:
        """An answer that isn't understood."""
        self._refused = self.asked.get((section, key))
        found = _("under '{section}', '{key}', the answer '{answer}' isn't understood ({about})")
        about = _(_ABOUT[section]).rstrip(".")
        facts = {"section": section, "key": key, "answer": answer, "about": about}
        return PlanError(self.path or Path("PLAN.yaml"), found.format(**facts))


def about(section: str) -> str:
    """What a section asks, and how it may be answered."""
    return _(_ABOUT[section])


def read(path: Path) -> ImportPlan:
    """The plan in the file *path*; an empty one where there is no such file. Raises PlanError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ImportPlan(path=path)
    except UnicodeDecodeError as error:
        raise PlanError(path, _("it is no text in UTF-8")) from error
    except OSError as error:
        raise PlanError(path, reason_of(error)) from error
    try:
        file = _File.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        found = _(
            "line {line} can't be read; an answer stands after 'answer:' in place of the '', and "
            "in quotes where it has a colon"
        )
        raise PlanError(path, found.format(line=line)) from error
    except ValidationError as error:
        raise PlanError(path, _not_understood(error)) from error
    return ImportPlan(file, path)


def _not_understood(error: ValidationError) -> str:
    """The first place of a plan that isn't understood; of a kind of sheet also which there are."""
    first = error.errors()[0]
    place = " / ".join(map(str, first["loc"]))
    if first["type"] != "literal_error":
        return _("'{place}' isn't understood").format(place=place)
    kinds = ", ".join(one for one in get_args(Kind) if one != "other")
    found = _("'{place}' is '{found}', which isn't understood; it may be {kinds}")
    return found.format(place=place, found=first["input"], kinds=kinds)


def write(path: Path, plan: ImportPlan, command: str) -> None:
    """Write the plan, with what each part of it means above it."""
    pieces = [_comment(_(_HEAD).format(command=command)), ""]
    whole = plan.known.model_dump(exclude_none=True)
    if whole["sheets"]:
        pieces += [_comment(_(_SHEETS)), _dumped({"sheets": whole["sheets"]})]
    for section in SECTIONS:
        if whole[section]:
            questions = {
                key: {name: value for name, value in one.items() if value or name == "answer"}
                for key, one in whole[section].items()
            }
            pieces += [_comment(about(section)), _dumped({section: questions})]
    path.write_text("\n".join(pieces), encoding="utf-8")


def _comment(text: str) -> str:
    lines, line = [], "#"
    for word in text.split():
        if len(line) + len(word) > 96:
            lines.append(line)
            line = "#"
        line += f" {word}"
    return "\n".join([*lines, line])


def _dumped(block: dict[str, object]) -> str:
    return yaml.safe_dump(block, allow_unicode=True, sort_keys=False, width=100)


def says(answer: str, key: str) -> bool:
    """Whether an answer is one of the words for *key* (same, new, leave_out)."""
    word = plain(answer)
    return (bool(word) and word in words(key)) or answer.strip() in data("words.yaml")[key]
