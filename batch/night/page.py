"""The summary as one page of HTML: for a phone, by day and at night; it loads and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from html import escape

from batch.export.phones import UnknownCountryError, numbers
from batch.night.contacts import Contact
from batch.night.run import Section
from batch.night.summary import Summary, details, plain
from words import _

MARK = "<!doctype html>\n<!-- clientbase nightly -->"
"""Begins such a page, so that no other file is taken for one."""

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; margin: 0 auto;
  max-width: 44rem; padding: 1rem; background: #fff; color: #1c1c1e; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; padding-top: 1rem; border-top: 1px solid #d0d0d6; }
h3 { font-size: 1rem; margin: 1.1rem 0 .3rem; }
p { margin: .25rem 0; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: .5rem 0; border-top: 1px solid #e6e6ea; }
li:first-child { border-top: 0; }
a { color: #0a5bc4; }
.due { font-size: 1.15rem; font-weight: 600; }
.quiet { color: #63636b; font-size: .875rem; }
.bad { border-left: 4px solid #c62828; background: #fdecea; padding: .5rem .75rem; margin: .6rem 0;
  white-space: pre-line; }
.run { white-space: pre-wrap; font: .8125rem/1.45 ui-monospace, Consolas, Menlo, monospace; }
@media (prefers-color-scheme: dark) {
  body { background: #161618; color: #ececf0; }
  h2 { border-color: #3a3a40; }
  li { border-color: #2c2c31; }
  a { color: #7fb4ff; }
  .quiet { color: #a2a2ab; }
  .bad { background: #3a1d1d; border-color: #ef6c6c; }
}
""".strip()


def as_html(summary: Summary) -> str:
    """The summary as a page; everything from sheets is escaped."""
    title = escape(summary.title)
    return "\n".join(
        (
            MARK,
            f'<html lang="{summary.config.based_on}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            f"<h1>{title}</h1>",
            *_head(summary),
            *(line for section in summary.filled for line in _workbook(section, summary)),
            *_quiet(summary.left_alone()),
            "</body>",
            "</html>",
            "",
        )
    )


def _head(summary: Summary) -> Iterator[str]:
    yield f'<p class="due">{escape(summary.due)}</p>'
    if summary.filled:
        done = _("Workbooks recalculated: {count}").format(count=len(summary.filled))
        yield f"<p>{escape(done)}</p>"
    if summary.failed:
        failed = _("Workbooks that failed: {count}").format(count=len(summary.failed))
        yield _heading(failed)
    for section in summary.failed:
        error = "\n".join(map(plain, section.error.splitlines()))
        name, path = escape(plain(section.path.name)), escape(plain(str(section.path)))
        yield (
            f'<div class="bad"><b>{name}</b>\n{escape(error)}\n'
            f'<span class="quiet">{path}</span></div>'
        )
    yield from map(_bad, (*summary.troubles, *summary.notices))
    if summary.moved:
        yield _heading(_("Who changed"))
        yield from (f"<p>{escape(plain(line))}</p>" for line in summary.moved)


def _heading(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"


def _bad(text: str) -> str:
    return f'<div class="bad">{escape(plain(text))}</div>'


def _quiet(text: str) -> Iterator[str]:
    if text:
        yield f'<p class="quiet">{escape(plain(text))}</p>'


def _workbook(section: Section, summary: Summary) -> Iterator[str]:
    yield f"<h2>{escape(plain(section.path.name))}</h2>"
    if section.path.name != str(section.path):
        yield from _quiet(str(section.path))
    yield from map(_bad, section.remarks)
    listed, more = summary.listed(section)
    yield _heading(_("To contact") if section.contacts else _("Nobody is due today."))
    if listed:
        yield "<ul>"
        yield from (_contact(contact, section, summary) for contact in listed)
        yield "</ul>"
    yield from _quiet(more)
    if section.exported is not None:
        exported = _("Exported to {folder}").format(folder=section.exported)
        yield f"<p>{escape(exported)}</p>"
    lines = "\n".join(escape(line) for line in _tidy(details(section)))
    yield _heading(_("The recalculation")) + f'\n<div class="run">{lines}</div>'


def _tidy(lines: list[str]) -> Iterator[str]:
    """Lines without their common indent and without what isn't printable."""
    for line in lines:
        text = line.removeprefix("  ")
        yield "".join(sign if sign.isprintable() else "?" for sign in text)


def _contact(contact: Contact, section: Section, summary: Summary) -> str:
    name, date = escape(plain(contact.name)), escape(summary.shown(contact.due))
    what = ": ".join(plain(text) for text in (contact.channel, contact.reason) if text)
    is_today = contact.due == summary.today
    when = "" if is_today else f' <span class="quiet">{date}</span>'
    phone = _phone(contact.phone, section)
    return f"<li><b>{name}</b>{when}<br>{phone}{escape(what)}</li>"


def _phone(text: str, section: Section) -> str:
    """The phone cell, its first number to be tapped; '' where blank."""
    if not text:
        return ""
    shown = escape(plain(text))
    with suppress(UnknownCountryError):
        found = numbers(text, section.rules.config.country) if section.rules else []
        if found:
            shown = f'<a href="tel:{escape(found[0].e164)}">{shown}</a>'
    return f"{shown}<br>"
