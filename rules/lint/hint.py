"""A hint: what looks odd, though it needn't be wrong."""

from __future__ import annotations

from typing import NamedTuple

from rules.config.yaml_text import Path


class Hint(NamedTuple):
    """A sentence, and the entry of the configuration that it is about, if any."""

    text: str
    path: Path = ()
