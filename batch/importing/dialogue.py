"""The questions of an import asked on a terminal, one at a time, each with its proposal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from batch.errors import printable
from batch.importing.plan import ImportPlan, PlanError, about, says
from batch.importing.run import Import
from words import _


def talk(run: Import) -> None:
    """Ask until nothing is open any more; what isn't understood is asked again."""
    while True:
        try:
            run.look()
        except PlanError as error:
            Console().print(escape(printable(str(error))))
            run.plan.take_back()
        if not ask(run.plan):
            return


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
    answer = Prompt.ask(_("Write it?"), default=_("yes"))
    return says(answer, "same")
