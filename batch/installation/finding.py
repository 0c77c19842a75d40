"""What a check of `clientbase doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters; NOT_HERE: there is nothing to check in these surroundings."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    NOT_HERE = "not here"


@dataclass(frozen=True)
class Finding:
    """What one check says: a title, a sentence, and where something is amiss the one fix."""

    level: Level
    title: str
    sentence: str = ""
    fix: str = ""


def well(title: str, sentence: str) -> Finding:
    """All is as it should be."""
    return Finding(Level.OK, title, sentence)


def warning(title: str, sentence: str, fix: str) -> Finding:
    """Something that fails in some cases, or only makes Excel slow."""
    return Finding(Level.WARNING, title, sentence, fix)


def problem(title: str, sentence: str, fix: str) -> Finding:
    """Something that keeps the button or the functions from working."""
    return Finding(Level.PROBLEM, title, sentence, fix)


def not_here(title: str) -> Finding:
    """Nothing to check."""
    return Finding(Level.NOT_HERE, title)
