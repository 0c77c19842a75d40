"""Builds what is shipped: `python -m workbook.build` writes the wrappers of the functions in cells,
`ClientBase.xlsm` and, from the Russian rules, `ClientBase.ru.xlsm`.

The same text gives the same bytes, so that a test can tell whether the files are current.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import MappingProxyType

from batch.configuration import read, shipped_path
from batch.writer.base import write_base
from workbook.wrappers import module_text

_HERE = Path(__file__).parent
WORKBOOKS = MappingProxyType(
    {"en": _HERE / "ClientBase.xlsm", "ru": _HERE / "ClientBase.ru.xlsm"},
)
"""The shipped workbooks by the language of their rules."""
FUNCTIONS = _HERE / "vba" / "Functions.bas"
"""The wrappers of the worksheet functions."""
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 — any fixed moment


def build(path: Path, language: str = "en") -> None:
    """Write the empty base of the shipped rules in *language* (en or ru) to *path* (.xlsm)."""
    config = read(shipped_path(language)).config
    write_base(path, config, {}, created=_CREATED)


if __name__ == "__main__":
    FUNCTIONS.write_text(module_text(), encoding="ascii", newline="\n")
    for language, path in WORKBOOKS.items():
        build(path, language)
