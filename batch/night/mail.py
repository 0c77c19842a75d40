"""The summary by mail, through the server that the rules name."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Final

from batch.errors import reason_of
from batch.night.summary import plain
from rules.config.outgoing import Mail
from rules.errors import ClientBaseError
from words import _

VARIABLE: Final = "CLIENTBASE_SMTP_PASSWORD"
SERVICE: Final = "clientbase"
"""Under this name the keyring holds the password."""
_OWN_NAME: Final = "[127.0.0.1]"
"""How this computer introduces itself: its real name is nobody's business, and takes time."""
_MOST_OF_ANSWER: Final = 200


class NotMailedError(ClientBaseError, OSError):
    """The mail wasn't sent; the sentence says why, and what to do."""

    def __str__(self) -> str:
        return str(self.args[0])


def password(mail: Mail) -> str | None:
    """The password for the server: from the environment, else from this computer's keyring; None
    where neither has one. It stands in no file and in no message.
    """
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    import keyring  # noqa: PLC0415 — only with mail
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(SERVICE, mail.user)
    except (KeyringError, OSError, RuntimeError):
        return None


def keep_password(mail: Mail, secret: str) -> bool:
    """Put the password into this computer's keyring; False where it has none."""
    import keyring  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, mail.user, secret)
    except (KeyringError, OSError, RuntimeError):
        return False
    return True


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
    if mail.user and secret is None:
        raise NotMailedError(
            _(
                "there is no password for {user}. In a terminal, 'clientbase nightly "
                "FILE --test-mail' asks for it and keeps it; or put it into the "
                "environment variable CLIENTBASE_SMTP_PASSWORD."
            ).format(user=mail.user)
        )
    context = context or ssl.create_default_context()
    try:
        with _connection(mail, context) as server:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user and secret is not None:
                _log_in(server, mail, secret)
            refused = _hand_over(server, mail, made)
    except NotMailedError:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        raise _recipients(mail, error.recipients) from error
    except ssl.SSLError as error:
        raise _unsafe(mail, error) from error
    except smtplib.SMTPResponseException as error:
        raise _answered(mail, error) from error
    except OSError as error:  # smtplib's own errors are its children, too
        raise _unreachable(mail, error) from error
    if refused:
        raise _recipients(mail, refused)


def _connection(mail: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    seconds = mail.timeout_seconds
    try:
        if mail.security == "ssl":
            return smtplib.SMTP_SSL(
                mail.server, mail.port, local_hostname=_OWN_NAME, timeout=seconds, context=context
            )
        return smtplib.SMTP(mail.server, mail.port, local_hostname=_OWN_NAME, timeout=seconds)
    except UnicodeError as error:  # a name that no server can have, such as a..b
        reason = error.__cause__ or error
        raise NotMailedError(
            _(
                "{server}, port {port}, can't be reached ({reason}). Check server and "
                "port under nightly.mail, and the internet."
            ).format(server=mail.server, port=mail.port, reason=reason)
        ) from error


def _log_in(server: smtplib.SMTP, mail: Mail, secret: str) -> None:
    try:
        server.login(mail.user, secret)
    except UnicodeError as error:  # it names the place in user or password, but never the text
        raise NotMailedError(
            _(
                "{server} refuses the login of {user} ({reason}). Many providers want a "
                "password made for programs; give it with 'clientbase nightly FILE "
                "--test-mail', or in CLIENTBASE_SMTP_PASSWORD."
            ).format(server=mail.server, user=mail.user, reason=error)
        ) from error


def _hand_over(
    server: smtplib.SMTP, mail: Mail, made: EmailMessage
) -> Mapping[str, tuple[int, bytes]]:
    """Give the mail to the server, which answers for whom it takes none."""
    try:
        return server.send_message(made)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        # Text and subject can be written for any server; addresses in other letters can't.
        foreign = [one for one in (mail.from_, *mail.to) if not one.isascii()]
        addresses = ", ".join(dict.fromkeys(foreign))
        raise NotMailedError(
            _(
                "{server} takes only addresses in Latin letters, not {addresses}. Check "
                "'from' and 'to' under nightly.mail."
            ).format(server=mail.server, addresses=addresses)
        ) from error


def _unsafe(mail: Mail, error: ssl.SSLError) -> NotMailedError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotMailedError(
            _(
                "{server} couldn't prove that it is {server} ({reason}), so nothing was "
                "told to it. Check the server's name under nightly.mail."
            ).format(server=mail.server, reason=error.verify_message)
        )
    reason = error.reason or str(error)
    return NotMailedError(
        _(
            "{server}, port {port}, doesn't speak the encryption that "
            "nightly.mail.security asks for ({reason}). Try ssl with port 465, or "
            "starttls with port 587."
        ).format(server=mail.server, port=mail.port, reason=reason)
    )


def _answered(mail: Mail, error: smtplib.SMTPResponseException) -> NotMailedError:
    reason = _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NotMailedError(
            _(
                "{server} refuses the login of {user} ({reason}). Many providers want a "
                "password made for programs; give it with 'clientbase nightly FILE "
                "--test-mail', or in CLIENTBASE_SMTP_PASSWORD."
            ).format(server=mail.server, user=mail.user, reason=reason)
        )
    return NotMailedError(
        _("{server} doesn't take the mail: {reason}").format(server=mail.server, reason=reason)
    )


def _unreachable(mail: Mail, error: OSError) -> NotMailedError:
    where = {"server": mail.server, "port": mail.port}
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return NotMailedError(
            _(
                "{server}, port {port}, gave no answer for {seconds} seconds. Check "
                "server, port and security under nightly.mail, and the internet."
            ).format(**where, seconds=mail.timeout_seconds)
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotMailedError(
            _(
                "{server}, port {port}, doesn't speak the encryption that "
                "nightly.mail.security asks for ({reason}). Try ssl with port 465, or "
                "starttls with port 587."
            ).format(**where, reason=error)
        )
    reason = reason_of(error)
    return NotMailedError(
        _(
            "{server}, port {port}, can't be reached ({reason}). Check server and "
            "port under nightly.mail, and the internet."
        ).format(**where, reason=reason)
    )


def _recipients(mail: Mail, refused: Mapping[str, tuple[int, bytes]]) -> NotMailedError:
    reason = _answer(*next(iter(refused.values())))
    return NotMailedError(
        _("{server} takes no mail for {to} ({reason}). Check 'to' under nightly.mail.").format(
            server=mail.server, to=", ".join(refused), reason=reason
        )
    )


def _answer(code: int, words: bytes | str) -> str:
    """What a server answered, in one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    line = " ".join(f"{code} {text}".split())[:_MOST_OF_ANSWER]
    return "".join(sign if sign.isprintable() else "?" for sign in line)
