"""In which file and line each entry of the configuration stands."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from batch.configuration import Rules, shipped_path
from rules.config import yaml_text
from rules.config.loading import origin
from rules.config.yaml_text import Block
from rules.config.yaml_text import Path as Entry


class RulePlace(NamedTuple):
    """An entry of the configuration: its file, its line, and whether that is a shipped file which
    fills in what her own leaves out.
    """

    file: Path
    line: int
    is_filled_in: bool


class RulePlaces:
    """The places of the entries of *rules*, as the file was when it was read."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def of(self, entry: Entry) -> RulePlace:
        """Where an entry stands that these rules go by."""
        found = origin(type(self.rules.config), self._own, self._shipped, entry)
        file = self.rules.path if found.is_own else self._shipped_path
        return RulePlace(file, found.line, not found.is_own)

    @property
    def _shipped_path(self) -> Path:
        return shipped_path(self.rules.config.based_on)

    @cached_property
    def _own(self) -> Block:
        return yaml_text.read(yaml_text.decode(self.rules.raw))[0]

    @cached_property
    def _shipped(self) -> Block:
        return yaml_text.read(self._shipped_path.read_text(encoding="utf-8"))[0]
