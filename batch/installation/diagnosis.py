"""What a check of `clientbase doctor` is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from typing import Final

from batch.installation.surroundings import Surroundings
from batch.installation.typed import command
from words import _


class Level(StrEnum):
    """How much a finding matters; NOT_HERE: there is nothing to check in these surroundings."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    NOT_HERE = "not here"


@dataclass(frozen=True)
class Diagnosis:
    """What one check says: a sentence, where something is amiss the one fix, and its title."""

    level: Level
    sentence: str = ""
    fix: str = ""
    title: str = ""


NOT_HERE: Final = Diagnosis(Level.NOT_HERE)
Check = Callable[[Surroundings], Diagnosis]


class Checks(list[Check]):
    """The checks of one subject, in the order in which they are told."""

    def add(
        self, title: str, applies: Callable[[Surroundings], bool] = lambda _: True
    ) -> Callable[[Check], Check]:
        """Declare a check by its title, and in which surroundings there is something to check."""

        def declared(check: Check) -> Check:
            @wraps(check)
            def titled(around: Surroundings) -> Diagnosis:
                found = check(around) if applies(around) else NOT_HERE
                return replace(found, title=_(title))

            self.append(titled)
            return titled

        return declared

    def on_windows(self, title: str) -> Callable[[Check], Check]:
        """Declare a check for Windows."""
        return self.add(title, lambda around: around.on_windows)

    def with_excel(self, title: str) -> Callable[[Check], Check]:
        """Declare a check for systems that have Excel."""
        return self.add(title, lambda around: around.machine.has_excel)


def run_setup() -> str:
    """The fix for what a set-up mends."""
    return _("Run: {command}").format(command=command("setup"))


def well(sentence: str) -> Diagnosis:
    """All is as it should be."""
    return Diagnosis(Level.OK, sentence)


def warning(sentence: str, fix: str) -> Diagnosis:
    """Something that fails in some cases, or only makes Excel slow."""
    return Diagnosis(Level.WARNING, sentence, fix)


def problem(sentence: str, fix: str) -> Diagnosis:
    """Something that keeps the button or the functions from working."""
    return Diagnosis(Level.PROBLEM, sentence, fix)
