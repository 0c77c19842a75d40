"""The command line, run as its user would."""

from __future__ import annotations

from collections.abc import Callable

Run = Callable[..., "Finished"]
"""Runs the program with these arguments, in the test's own folder."""


class Finished:
    """What a run printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
