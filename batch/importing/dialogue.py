"""The questions of an import asked on a terminal, one at a time, each with its proposal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt

from batch.errors import printable
from batch.importing.plan import ImportPlan, about
from words import _


def ask(plan: ImportPlan) -> bool:
    """Ask all that is open; whether anything was asked."""
    console, section_before = Console(), ""
    questions = list(plan.open())
    for section, key, question in questions:
        if section != section_before:
            console.print(f"\n[bold]{escape(about(section))}[/bold]")
            section_before = section
        shown = escape(printable(f"{key} ({question.seen})" if question.seen else key))
        for one in question.like:
            console.print(f"    {escape(printable(one))}")
        proposal = question.proposal or _("leave out")
        question.answer = Prompt.ask(f"  {shown}", console=console, default=proposal)
    return bool(questions)


def agrees() -> bool:
    """Whether she wants it written."""
    return Confirm.ask(_("Write it?"), default=True)
