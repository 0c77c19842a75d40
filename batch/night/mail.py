"""The summary by mail, through the server that the rules name."""

from __future__ import annotations

import smtplib
import ssl
import unicodedata
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Final

from batch.errors import plain, reason_of
from batch.installation.typed import command
from batch.night.passwords import as_sent, login, struck
from batch.night.server import EncryptedTalk, Endless, Talk
from rules.config.outgoing import Mail
from rules.errors import ClientBaseError
from words import _, marked

_OWN_NAME: Final = "[127.0.0.1]"
"""How this computer introduces itself: its real name is nobody's business, and takes time."""
_MOST_OF_ANSWER: Final = 200
_NO_PASSWORD: Final = marked(
    "there is no password for {user}. In a terminal, '{command}' asks "
    "for it and keeps it for {server}, port {port}; or put it into the environment variable "
    "CLIENTBASE_SMTP_PASSWORD, and {login} into CLIENTBASE_SMTP_LOGIN."
)
_ODD_PASSWORD: Final = marked(
    "the password has a sign in place {place} that no mail server takes, so nothing was sent. Give "
    "it once more, in CLIENTBASE_SMTP_PASSWORD or with '{command}'."
)
_NO_LOGIN: Final = marked(
    "{server}, port {port}, offers no login for this user and password ({reason}). Check server, "
    "port, security and user under nightly.mail; a password of plain Latin letters may do, too."
)
_LOGIN_REFUSED: Final = marked(
    "{server} refuses the login of {user} ({reason}). Many providers want a password made for "
    "programs; give it with '{command}', or in CLIENTBASE_SMTP_PASSWORD."
)
_UNREACHABLE: Final = marked(
    "{server}, port {port}, can't be reached ({reason}). Check server and port under "
    "nightly.mail, and the internet."
)
_SILENT: Final = marked(
    "{server}, port {port}, gave no answer for {seconds} seconds. Check server, port and security "
    "under nightly.mail, and the internet."
)
_ENDLESS: Final = marked(
    "{server}, port {port}, talks without end, which no mail server does, so it was given up. "
    "Check server and port under nightly.mail."
)
_NO_ENCRYPTION: Final = marked(
    "{server}, port {port}, doesn't speak the encryption that nightly.mail.security asks for "
    "({reason}). Try ssl with port 465, or starttls with port 587."
)
_UNPROVEN: Final = marked(
    "{server} couldn't prove that it is {server} ({reason}), so nothing was told to it. Check the "
    "server's name under nightly.mail."
)
_ONLY_LATIN: Final = marked(
    "{server} takes only addresses in Latin letters, not {addresses}. Check 'from' and 'to' under "
    "nightly.mail."
)
_MAIL_REFUSED: Final = marked("{server} doesn't take the mail: {reason}")
_RECIPIENTS_REFUSED: Final = marked(
    "{server} takes no mail for {to} ({reason}). Check 'to' under nightly.mail."
)


class NotMailedError(ClientBaseError, OSError):
    """The mail wasn't sent; the sentence says why, and what to do."""


def message(mail: Mail, subject: str, text: str, page: str = "") -> EmailMessage:
    """A mail with the text and, beside it, the page; it refers to nothing outside. The subject
    stands on one line, whatever it is.
    """
    made = EmailMessage()
    made["Subject"] = plain(subject)
    made["From"] = mail.from_
    made["To"] = ", ".join(mail.to)
    made["Date"] = localtime()
    made["Message-ID"] = make_msgid(domain=mail.from_.rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(_sendable(text))
    if page:
        made.add_alternative(_sendable(page), subtype="html")
    return made


def _sendable(text: str) -> str:
    """Half of a pair of signs, as a damaged sheet may hold, goes into no mail."""
    return text.encode("utf-8", "replace").decode("utf-8")


def send(
    mail: Mail,
    made: EmailMessage,
    secret: str | None,
    context: ssl.SSLContext | None = None,
) -> None:
    """Send a mail. *context*: which certificates count, those of this computer if left out.

    Raises NotMailedError, whatever the server does; some may have got the mail when it refuses
    only a few of those who shall.
    """
    if not mail.user:
        secret = None
    elif not secret:
        raise _not_mailed(mail, _NO_PASSWORD, login=login(mail))
    try:
        _send(mail, made, secret, context or ssl.create_default_context())
    except NotMailedError as error:
        raise NotMailedError(struck(str(error), secret or "")) from None


def _send(mail: Mail, made: EmailMessage, secret: str | None, context: ssl.SSLContext) -> None:
    """Raises NotMailedError, in which the server may repeat what was told to it."""
    given = as_sent(secret or "")
    for place, sign in enumerate(given, 1):
        if unicodedata.category(sign) in {"Cc", "Cs"}:
            raise _not_mailed(mail, _ODD_PASSWORD, place=place)
    try:
        with _connection(mail, context) as server:
            if mail.security == "starttls":
                server.starttls(context=context)
            if given:
                _log_in(server, mail, given)
            refused = _hand_over(server, mail, made)
    except NotMailedError:
        raise
    except OSError as error:  # smtplib's own errors are its children, too
        raise _failed(mail, error, given) from error
    except ValueError as error:  # such as a challenge that is no base64
        raise _not_mailed(mail, _MAIL_REFUSED, error) from error
    if refused:
        raise _recipients(mail, refused, given)


def _connection(mail: Mail, context: ssl.SSLContext) -> Talk:
    where = (mail.server, mail.port, _OWN_NAME, mail.timeout_seconds)
    try:
        if mail.security == "ssl":
            return EncryptedTalk(*where, context=context)
        return Talk(*where)
    except UnicodeError as error:  # a name that no server can have, such as a..b
        raise _not_mailed(mail, _UNREACHABLE, error.__cause__ or error) from error


def _log_in(server: Talk, mail: Mail, secret: str) -> None:
    try:
        server.log_in(mail.user, secret)
    except smtplib.SMTPNotSupportedError as error:
        raise _not_mailed(mail, _NO_LOGIN, error) from error


def _hand_over(server: Talk, mail: Mail, made: EmailMessage) -> Mapping[str, tuple[int, bytes]]:
    """Give the mail to the server, which answers for whom it takes none."""
    try:
        return server.send_message(made)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        # Text and subject can be written for any server; addresses in other letters can't.
        foreign = [one for one in (mail.from_, *mail.to) if not one.isascii()]
        raise _not_mailed(mail, _ONLY_LATIN, addresses=", ".join(dict.fromkeys(foreign))) from error


def _failed(mail: Mail, error: OSError, secret: str) -> NotMailedError:
    """What keeps the mail from being sent, by what the server or the computer says."""
    sentence, reason = _UNREACHABLE, reason_of(error)
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _recipients(mail, error.recipients, secret)
        case ssl.SSLCertVerificationError():
            sentence, reason = _UNPROVEN, error.verify_message
        case ssl.SSLError():
            sentence, reason = _NO_ENCRYPTION, error.reason or str(error)
        case smtplib.SMTPAuthenticationError():
            sentence, reason = _LOGIN_REFUSED, _answer(error.smtp_code, error.smtp_error, secret)
        case smtplib.SMTPResponseException():
            sentence, reason = _MAIL_REFUSED, _answer(error.smtp_code, error.smtp_error, secret)
        case OSError(__context__=Endless()):
            sentence = _ENDLESS
        case TimeoutError() | OSError(__context__=TimeoutError()):
            sentence = _SILENT
        case smtplib.SMTPNotSupportedError():
            sentence, reason = _NO_ENCRYPTION, str(error)
    return _not_mailed(mail, sentence, reason)


def _recipients(
    mail: Mail, refused: Mapping[str, tuple[int, bytes]], secret: str
) -> NotMailedError:
    reason = _answer(*next(iter(refused.values())), secret)
    return _not_mailed(mail, _RECIPIENTS_REFUSED, reason, to=", ".join(refused))


def _not_mailed(mail: Mail, sentence: str, reason: object = "", **facts: object) -> NotMailedError:
    """The error that says *sentence* of the server of *mail*."""
    facts["command"] = command("nightly", _("FILE"), "--test-mail")
    facts |= {"server": mail.server, "port": mail.port, "user": mail.user, "reason": reason}
    return NotMailedError(_(sentence).format(**facts, seconds=mail.timeout_seconds))


def _answer(code: int, words: bytes | str, secret: str) -> str:
    """What a server answered, in one line; struck before it is cut, which could leave a half."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return plain(struck(f"{code} {text}", secret))[:_MOST_OF_ANSWER]
