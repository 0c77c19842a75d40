"""A talk with a mail server, which may be slow or endless: it is bounded in time and size."""

from __future__ import annotations

import contextlib
import io
import smtplib
import time
from base64 import b64encode
from typing import Any, Final

MOST_BYTES: Final = 100_000
"""All that a server may say; a usual one says less than a hundredth of it."""
TIMES: Final = 4
"""So many times the silence that is borne may the whole talk take."""
_PIECE: Final = 16_384
_SHORTEST: Final = 0.001
_GO_ON, _DONE = 334, 235


class Endless(OSError):  # noqa: N818 — what the server is
    """A server that goes on and on."""


class _Heard(io.RawIOBase):
    """What a server says."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self.talk = talk

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 — typed since Python 3.12
        """Read what comes next. Raises Endless."""
        talk = self.talk
        if talk.left <= 0:
            raise Endless
        talk.hurry()
        assert talk.sock is not None  # noqa: S101 — whoever listens has called
        try:
            count = talk.sock.recv_into(buffer)
        except TimeoutError:
            raise Endless if talk.left <= 0 else TimeoutError from None
        talk.heard += count
        if talk.heard > MOST_BYTES:
            raise Endless
        return count


class Talk(smtplib.SMTP):
    """A talk with a server, in the clear at first."""

    def __init__(self, host: str, port: int, own_name: str, seconds: float, **more: Any) -> None:  # noqa: ANN401 — passed on
        self.heard = 0
        self.end = time.monotonic() + TIMES * seconds
        super().__init__(host, port, own_name, timeout=seconds, **more)

    @property
    def left(self) -> float:
        """Seconds until it has to be over."""
        return self.end - time.monotonic()

    def hurry(self) -> None:
        """Wait no longer than until then."""
        if self.sock is not None:
            with contextlib.suppress(OSError):  # hung up: whoever goes on will tell
                self.sock.settimeout(max(_SHORTEST, min(self.timeout, self.left)))

    def getreply(self) -> tuple[int, bytes]:
        """The next answer."""
        if self.file is None:
            self.file = io.BufferedReader(_Heard(self))
        return super().getreply()

    def __exit__(self, *_error: object) -> None:
        """Take leave; whatever the server says to that, it has the mail or hasn't."""
        with contextlib.suppress(OSError):
            self.docmd("QUIT")
        self.close()

    def send(self, s: Any) -> None:  # noqa: ANN401 — bytes or text
        """Say something, piece by piece."""
        for at in range(0, len(s), _PIECE):
            self.hurry()
            super().send(s[at : at + _PIECE])

    def log_in(self, user: str, secret: str) -> None:
        """Log in; the library can do so only with ASCII, the standard (RFC 4616) has UTF-8.

        Raises SMTPException.
        """
        if f"{user}{secret}".isascii():
            self.login(user, secret)
            return
        self.ehlo_or_helo_if_needed()
        ways = self.esmtp_features.get("auth", "").split()
        if "PLAIN" in ways:
            code, answer = self.docmd("AUTH", "PLAIN " + _coded(f"\0{user}\0{secret}"))
        elif "LOGIN" in ways:
            code, answer = self.docmd("AUTH", f"LOGIN {_coded(user)}")
            if code == _GO_ON:
                code, answer = self.docmd(_coded(secret))
        else:
            raise smtplib.SMTPNotSupportedError(" ".join(["AUTH", *ways]))
        if code != _DONE:
            raise smtplib.SMTPAuthenticationError(code, answer)


class EncryptedTalk(Talk, smtplib.SMTP_SSL):
    """A talk that is encrypted from the first word."""


def _coded(text: str) -> str:
    return b64encode(text.encode()).decode()
