"""The summary as one page of HTML: for a phone, by day and at night; it loads and runs nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from batch.export.phones import UnknownCountryError, numbers
from batch.night.run import Section
from batch.night.summary import Summary, details, plain
from words import _

MARK = "<!doctype html>\n<!-- clientbase nightly -->"
"""Begins such a page, so that no other file is taken for one."""


def as_html(summary: Summary) -> str:
    """The summary as a page; everything from sheets is escaped."""
    return _PAGES.get_template("page.html").render(night=summary)


def _tidy(section: Section) -> list[str]:
    """What the run said, without its common indent and without what isn't printable."""
    lines = (line.removeprefix("  ") for line in details(section))
    return ["".join(sign if sign.isprintable() else "?" for sign in line) for line in lines]


def _dialled(phone: str, section: Section) -> str:
    """The first number of a phone cell, as it is dialled; '' where there is none."""
    with suppress(UnknownCountryError):
        found = numbers(phone, section.rules.config.country) if section.rules else []
        return found[0].e164 if found else ""
    return ""


_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)
_PAGES.globals |= {"_": _, "dialled": _dialled, "tidy": _tidy}
_PAGES.filters["plain"] = plain
