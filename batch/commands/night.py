"""`clientbase nightly`: many workbooks at once, and one summary for the morning."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from batch.commands.terminal import (
    BAD_INPUT,
    IN_USE,
    PROBLEMS_FOUND,
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
    tell,
    tell_json,
)
from batch.errors import reason_of
from rules.errors import ClientBaseError
from words import _, speak

if TYPE_CHECKING:
    from batch.night.run import Section
    from batch.night.summary import Summary
    from batch.night.writing import Pages
    from rules.config.outgoing import Mail

SummaryFolder = Annotated[
    Path | None,
    typer.Option(
        "--summary",
        metavar="FOLDER",
        help="Put the summary here, not beside the first workbook.",
    ),
]
Log = Annotated[
    Path | None,
    typer.Option(metavar="PATH", help="Add what is printed to this file, and print nothing."),
]
TestMail = Annotated[bool, typer.Option("--test-mail", help="Only send a test mail; fill nothing.")]


def nightly(
    files: WorkbookFiles,
    config: ConfigOption = None,
    today: Today = None,
    recursive: Recursive = False,
    verify: Verify = False,
    wait: Wait = 0,
    summary_folder: SummaryFolder = None,
    log: Log = None,
    test_mail: TestMail = False,
    as_root: AsRoot = False,
    as_json: AsJson = False,
) -> None:
    """Fill every workbook FILE, and write one summary for the morning.

    In a folder, the workbooks with a sheet of clients are filled. One that fails doesn't stop the
    others. The summary, clientbase-nightly.html and .txt, goes beside the first workbook, and by
    mail where nightly.mail is set up.
    Exit code 0: all done; 1: something failed, the summary tells what; 2: nothing could be filled;
    3: all that failed is files in use.
    """
    day = day_of(today)
    check_root((*files, summary_folder, log), as_root=as_root)
    from batch.night import files as workbooks
    from batch.night import run

    with _printed_to(log):
        found = workbooks.FoundBases(files, config, recursive=recursive)
        check_root(found.unopened(), as_root=as_root)
        rules = run.settings(files, found)
        if test_mail:
            _test(rules.config.nightly.mail)
            return
        from batch.night.exports import Exports
        from batch.night.summary import Summary, as_text
        from batch.night.summary import as_json as facts
        from batch.night.writing import Pages, folder_of

        speak(rules.config.based_on)
        summary = Summary(day, rules.config)
        folder = folder_of(files[0], summary_folder, rules.config.nightly.summary_folder)
        pages, exports = Pages(summary, folder, with_objects=as_json), Exports(found)
        others: set[str] = set()
        options = run.Night(day, config, verify=verify, wait=wait)
        for section in run.fill_all(found, options, exports, _began):
            others |= {section.rules.sha256} if section.rules else set()
            speak(rules.config.based_on)
            pages.add(section)
        summary.left, summary.copies = found.left, found.copies
        summary.told = [*run.whose(rules, others), *exports.mixed_up()]
        notes = _delivered(summary, pages, folder)
        if as_json:
            tell_json(facts(summary))
        else:
            tell(as_text(summary).rstrip("\n"), *notes)
        code = _code(summary.sections, has_trouble=bool(summary.troubles))
        if code:
            raise typer.Exit(code)


@contextlib.contextmanager
def _printed_to(log: Path | None) -> Iterator[None]:
    """What is printed meanwhile goes to the file *log*, where there is one, and so does why the
    run ends early. Nobody is there at night, on Windows not even a terminal.
    """
    stream = _opened(log) if log is not None else None
    if stream is None:
        yield
        return
    from batch.night import logfile

    with stream, contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        tell(logfile.began(f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"))
        try:
            yield
        except ClientBaseError as error:
            fail(str(error), code_of(error))


def _opened(log: Path) -> TextIO | None:
    """The log, to be continued; None where it can't be written: that is no reason to leave the
    workbooks as they are.
    """
    from batch.night import logfile

    try:
        return logfile.opened(log)
    except OSError as error:
        aside(f"{log}: {reason_of(error)}")
        return None


def _began(path: Path) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        aside(f"{path} …")


def _delivered(summary: Summary, pages: Pages, folder: Path) -> list[str]:
    """Write the summary and mail it; gives what came of that, troubles go into the summary.

    Whatever fails, the workbooks are filled and the summary is still to be printed.
    """
    notes = _written(summary, pages, folder)
    mail = summary.config.nightly.mail
    if not mail.is_on:
        return notes
    try:
        _mailed(summary, mail)
    except Exception as error:  # noqa: BLE001
        from batch.night.run import sentence

        reason = sentence(error, folder)
        summary.troubles.append(_("Not sent by mail: {reason}").format(reason=reason))
        return _written(summary, pages, folder)
    return [*notes, _("Sent by mail to {to}.").format(to=", ".join(mail.to))]


def _mailed(summary: Summary, mail: Mail) -> None:
    from batch.night import mail as post
    from batch.night import passwords
    from batch.night.summary import as_text
    from batch.night.writing import as_html

    made = post.message(mail, summary.subject, as_text(summary), as_html(summary))
    post.send(mail, made, passwords.known(mail) if mail.user else None)


def _written(summary: Summary, pages: Pages, folder: Path) -> list[str]:
    from batch.night import writing
    from batch.night.run import sentence

    try:
        paths = writing.write(summary, folder)
        pages.clear()
    except OSError as error:
        reason = reason_of(error)
    except Exception as error:  # noqa: BLE001
        reason = sentence(error, folder)
    else:
        return [_("Summary: {file}").format(file=paths[0])]
    trouble = _(
        "The summary can't be written: {reason}. Mend that, or set another nightly.summary_folder."
    ).format(reason=reason)
    if trouble not in summary.troubles:
        summary.troubles.append(trouble)
    return []


def _code(sections: list[Section], *, has_trouble: bool) -> int:
    """The exit code of a night."""
    is_more = has_trouble or any(section.remarks for section in sections)
    failed = [section for section in sections if section.error]
    if not failed:
        return PROBLEMS_FOUND if is_more else 0
    if not is_more and all(section.is_in_use for section in failed):
        return IN_USE
    return BAD_INPUT if len(failed) == len(sections) else PROBLEMS_FOUND


def _test(mail: Mail) -> None:
    """Send a test mail; where no password is known, ask for it and keep it."""
    from batch.night import mail as post
    from batch.night import passwords

    if not mail.is_on:
        sentence = _(
            "No mail is set up. Fill 'to', 'from' and 'server' under nightly.mail in your "
            "config.yaml."
        )
        tell(sentence)
        raise typer.Exit(BAD_INPUT)
    secret = passwords.known(mail) if mail.user else None
    is_asked = bool(mail.user) and secret is None and sys.stdin.isatty()
    if is_asked:
        from getpass import getpass

        secret = getpass(
            _("Password of {user} at {server}, to be kept in this computer's keyring: ").format(
                user=mail.user, server=mail.server
            )
        )
    text = _("This is a test from your client base: mail works.")
    post.send(mail, post.message(mail, text, text), secret)
    tell(_("Sent by mail to {to}.").format(to=", ".join(mail.to)))
    tell(*passwords.in_the_clear(mail))
    if is_asked and secret and not passwords.keep(mail, secret):
        sentence = _(
            "This computer's keyring doesn't keep the password. Put it into the environment "
            "variable CLIENTBASE_SMTP_PASSWORD, and {login} into CLIENTBASE_SMTP_LOGIN."
        )
        tell(sentence.format(login=passwords.login(mail)))
        raise typer.Exit(PROBLEMS_FOUND)
