"""All hints about the rules and the clients of a base."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from batch.configuration import Rules
from batch.lint.cells import blank_or_unreadable
from batch.lint.duplicates import likely_duplicates, same_phones
from batch.lint.people import People
from batch.recalculation.plan import Calculated
from rules.config.settings import FILLED
from rules.config.yaml_text import Block, Path, decode, locate, read
from rules.examples import Failure
from rules.model.declarations import Hint
from words import _


def hints(calculated: Calculated) -> list[str]:
    """The hints, in the words of the configuration; those about its entries with their line."""
    return [_sentence(hint, calculated.rules) for hint in _hints(calculated)]


def _hints(calculated: Calculated) -> Iterator[Hint]:
    result, people = calculated.result, People(calculated)
    for room in result.config.rooms:
        if room.hints is not None and room.is_on(result.base):
            yield from room.hints(result)
    yield from blank_or_unreadable(people)
    yield from same_phones(people)
    yield from likely_duplicates(people)


def failed_example(failure: Failure, rules: Rules) -> str:
    """One sentence about an example that came out differently."""
    number = failure.number + 1
    if failure.column == "client":
        text = _(
            "Example {number}: there is no client {client} in the workbook. Correct the "
            "ID, or delete the example."
        ).format(number=number, client=failure.expected)
    else:
        text = _("Example {number}: {column} should be {expected}, but is {found}: {why}.").format(
            number=number,
            column=rules.config.heading(FILLED, failure.column),
            expected=failure.expected,
            found=failure.found or _("nothing"),
            why=failure.why.rstrip("."),
        )
    return _sentence(Hint(text, ("examples", failure.number)), rules)


def _sentence(hint: Hint, rules: Rules) -> str:
    line = _line(hint.path, rules.raw)
    if line is None:
        return hint.text
    return _("Line {line} of the rules: {hint}").format(line=line, hint=hint.text)


def _line(path: Path, raw: bytes) -> int | None:
    """The line of an entry in the file of the rules; None where it doesn't stand there."""
    mark, steps = locate(_tree(raw), path)
    return mark.line if path and mark is not None and steps == len(path) else None


@lru_cache(maxsize=2)
def _tree(raw: bytes) -> Block:
    return read(decode(raw))[0]
