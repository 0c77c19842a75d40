"""`clientbase recalc`, also without its name: `clientbase FILE`."""

from __future__ import annotations

import datetime as dt
import difflib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from batch.commands.terminal import (
    BAD_INPUT,
    AsJson,
    AsRoot,
    ConfigOption,
    Recursive,
    Today,
    Verify,
    Wait,
    WorkbookFiles,
    aside,
    check_root,
    code_of,
    day_of,
    fail,
    patiently,
    progress,
    rules_for,
    tell,
    tell_json,
)
from batch.installation.typed import command
from rules.errors import ClientBaseError
from words import _, marked

if TYPE_CHECKING:
    from batch.history.lastrun import Said
    from batch.night.files import FoundBases


def recalc(
    files: WorkbookFiles,
    config: ConfigOption = None,
    today: Today = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="Write the filled copy here and leave FILE alone."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would change; write nothing.")
    ] = False,
    recursive: Recursive = False,
    verify: Verify = False,
    wait: Wait = 0,
    as_root: AsRoot = False,
    as_json: AsJson = False,
) -> None:
    """Fill the grey columns of every workbook FILE.

    Only cells that change are written; everything else in a file stays as it is, to the byte.
    The version before is kept in the folder .clientbase beside the file; 'undo' goes back.
    In a folder, the workbooks with a sheet of clients are filled. One that fails doesn't stop the
    others. 'clientbase FILE' does the same.
    """
    how = _How(config, day_of(today), output, dry_run=dry_run, verify=verify, wait=wait)
    check_root((*files, output), as_root=as_root)
    if len(files) > 1 or files[0].is_dir():
        _each(files, how, recursive=recursive, as_root=as_root, as_json=as_json)
        return
    said = how.recalculated(files[0])
    if as_json:
        tell_json(said.facts)
    else:
        tell(*said.lines)


@dataclass(frozen=True)
class _How:
    """What was asked for, for all workbooks alike."""

    config: Path | None
    day: dt.date
    output: Path | None
    dry_run: bool
    verify: bool
    wait: float

    def recalculated(self, file: Path) -> Said:
        """What the run on one workbook says."""
        from batch.history import lastrun

        rules = rules_for(file, self.config)

        def done() -> Said:
            if not (self.output or self.dry_run or self.verify):
                known = lastrun.as_last_run(file, rules, self.day)
                if known is not None:
                    return known
            from batch.recalculation import telling

            with progress() as step:
                filled = telling.recalculate_and_tell(
                    file,
                    rules,
                    self.day,
                    self.output,
                    dry_run=self.dry_run,
                    verify=self.verify,
                    step=step,
                )
            if filled.not_listed:
                reason = filled.not_listed
                aside(_("The list of problems can't be written: {reason}.").format(reason=reason))
            return filled.said

        return patiently(done, self.wait)


def _each(files: list[Path], how: _How, *, recursive: bool, as_root: bool, as_json: bool) -> None:
    """Recalculate several workbooks, one after the other; the worst of their exit codes counts."""
    from batch.night.files import FoundBases

    if how.output is not None:
        fail(_("--output is for one workbook; leave it out for several, or for a folder."))
    found = FoundBases(files, how.config, recursive=recursive)
    check_root(found.unopened(), as_root=as_root)
    runs = []
    for run in _runs(found, how):
        runs.append(run)
        if run.said is None:
            aside(f"{run.file}: {run.error}")
        elif not as_json:
            tell(*run.said.lines)
    if as_json:
        tell_json({"workbooks": [run.facts() for run in runs]})
    codes = {run.code for run in runs if run.said is None}
    if codes:
        raise typer.Exit(BAD_INPUT if BAD_INPUT in codes else max(codes))


@dataclass(frozen=True)
class _Done:
    """What became of one workbook, or of what was named in its place; code: its exit code."""

    file: Path
    said: Said | None = None
    error: str = ""
    code: int = BAD_INPUT

    def facts(self) -> dict[str, object]:
        """The same as an object."""
        run = self.said.facts if self.said else None
        return {"file": str(self.file), "error": self.error or None, "run": run}


def _runs(found: FoundBases, how: _How) -> Iterator[_Done]:
    from batch.night.files import copies_left_alone, others_left_alone
    from batch.night.run import not_searched, sentence

    for path in found:
        try:
            yield _Done(path, how.recalculated(path))
        except Exception as error:  # noqa: BLE001 — the next workbook has its turn, whatever it is
            code = code_of(error) if isinstance(error, ClientBaseError) else BAD_INPUT
            yield _Done(path, None, sentence(error, path), code)
    for line in filter(None, (*copies_left_alone(found.copies), others_left_alone(found.left))):
        aside(line)
    for path, why in not_searched(found):
        yield _Done(path, None, why)


class NoSuchCommandError(ClientBaseError, ValueError):
    """The first word is no command, nor like one, and no workbook or folder."""

    word: str
    folder: Path
    says = marked(
        "There is no command '{word}', and no workbook or folder of that name in {folder}. "
        "The commands are listed by: {command}"
    )

    def facts(self) -> dict[str, object]:
        """The command, too."""
        return {**super().facts(), "command": command("--help")}


def with_command(arguments: list[str], commands: Collection[str]) -> list[str]:
    """The *arguments* with 'recalc' before them where they begin with a workbook or a folder
    instead of one of the *commands*. What is spelt nearly as a command is left to the refusal.

    Raises NoSuchCommandError.
    """
    first = next(iter(arguments), "-")
    if first in commands or first.startswith("-"):
        return arguments
    if _is_file_or_folder(first):
        return [recalc.__name__, *arguments]
    if difflib.get_close_matches(first, commands):
        return arguments
    raise NoSuchCommandError(first, Path.cwd())


def _is_file_or_folder(word: str) -> bool:
    """Whether that is there, or is called as a workbook or a path: whoever opens it tells."""
    path = Path(word)
    is_named_so = path.suffix.lower() in {".xlsx", ".xlsm"} or path.name != word
    return is_named_so or os.path.lexists(word)
