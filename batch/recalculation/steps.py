"""The steps of a recalculation, as a progress bar names them."""

from __future__ import annotations

from collections.abc import Callable

from words import marked

READING = marked("Reading")
CALCULATING = marked("Calculating")
COMPARING = marked("Comparing")
WRITING = marked("Writing and checking")
STEPS = (READING, CALCULATING, COMPARING, WRITING)

Step = Callable[[str], None]
"""Told each of the STEPS as it begins."""
