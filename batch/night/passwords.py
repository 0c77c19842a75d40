"""The password for a mail server: where it is kept, whom it is for, and that nobody else sees it.

It stands in no file and in no message. What is kept is bound to server, port and user: rules that
name another server get nothing.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

from batch.errors import plain
from rules.config.outgoing import Mail
from rules.errors import ClientBaseError
from words import _, marked

VARIABLE: Final = "CLIENTBASE_SMTP_PASSWORD"
LOGIN: Final = "CLIENTBASE_SMTP_LOGIN"
"""Says whom the password in the other variable is for."""
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Servers on this computer, to which the variable needs no other beside it."""
_BLANKS: Final = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_FOR_APPS: Final = re.compile(r"[a-z]{4}(?: [a-z]{4}){3}")
"""How a provider shows a password for programs; the blanks are only to be read by."""
_LEAST_CODE: Final = 4
_CODE: Final = "[a-z0-9+/]*{}[a-z0-9+/]*=*"
_STRUCK: Final = "***"
_MOST_OF_REASON: Final = 200


class KeyringRefusedError(ClientBaseError, OSError):
    """This computer's keyring can't be asked: locked, not installed, out of reach."""

    login: str
    reason: str
    says = marked(
        "this computer's keyring doesn't answer ({reason}). Unlock it; or put the password "
        "into the environment variable CLIENTBASE_SMTP_PASSWORD, and {login} into "
        "CLIENTBASE_SMTP_LOGIN."
    )


def login(mail: Mail) -> str:
    """Whom a password is for, as the environment says it: user@server:port."""
    return f"{mail.user}@{mail.server.casefold()}:{mail.port}"


def known(mail: Mail) -> str | None:
    """The password for the server: from the environment, else from this computer's keyring; None
    where neither has one for this user of it. Raises KeyringRefusedError.
    """
    if VARIABLE in os.environ and _is_for(mail):
        return os.environ[VARIABLE]
    try:
        import keyring  # noqa: PLC0415 — only with mail
        from keyring.errors import NoKeyringError  # noqa: PLC0415
    except Exception as error:  # noqa: BLE001 — it looks for its backends
        raise _refused(mail, error) from None
    try:
        return keyring.get_password(_service(mail), mail.user)
    except NoKeyringError:
        return None
    except Exception as error:  # noqa: BLE001 — they have errors of their own
        raise _refused(mail, error) from None


def _refused(mail: Mail, error: Exception) -> KeyringRefusedError:
    reason = plain(str(error))[:_MOST_OF_REASON] or type(error).__name__
    return KeyringRefusedError(login(mail), reason)


def keep(mail: Mail, secret: str) -> bool:
    """Put the password into this computer's keyring; False where that doesn't take it."""
    try:
        import keyring  # noqa: PLC0415

        keyring.set_password(_service(mail), mail.user, secret)
    except Exception:  # noqa: BLE001
        return False
    return True


def in_the_clear(mail: Mail) -> list[str]:
    """A warning where the password can be read on its way."""
    if not (mail.is_on and mail.user and mail.security == "none"):
        return []
    sentence = _(
        "The password of {user} and the summary go to {server} unencrypted, because "
        "nightly.mail.security is none: whoever sits on the way can read them. Set it to starttls "
        "or ssl."
    )
    return [sentence.format(user=mail.user, server=mail.server)]


def _is_for(mail: Mail) -> bool:
    """Whether the password in the environment is for this server, port and user."""
    named = os.environ.get(LOGIN)
    return mail.server.casefold() in _HERE if named is None else named == login(mail)


def _service(mail: Mail) -> str:
    """Under this name the keyring holds the password."""
    return f"clientbase {mail.server.casefold()}:{mail.port}"


def as_sent(secret: str) -> str:
    """A password without what comes along when it is copied from a page."""
    text = secret.translate(_BLANKS).strip()
    return text.replace(" ", "") if _FOR_APPS.fullmatch(text) else text


def struck(text: str, secret: str) -> str:
    """*text* without the password, however it is put: as it was given or sent, or as base64."""
    sent = as_sent(secret)
    patterns = [*map(re.escape, (secret, sent)), *map(_CODE.format, map(re.escape, _coded(sent)))]
    for pattern in filter(None, patterns):
        text = re.sub(pattern, _STRUCK, text, flags=re.IGNORECASE)
    return text


def _coded(secret: str) -> Iterator[str]:
    """The signs of base64 that a password alone decides, wherever in a longer text it begins."""
    raw = secret.encode("utf-8", "surrogateescape")
    for before, shared in enumerate((0, 2, 3)):
        whole = (before + len(raw)) * 8 // 6
        code = b64encode(bytes(before) + raw).decode()[shared:whole]
        if len(code) >= _LEAST_CODE:
            yield code
