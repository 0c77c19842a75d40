"""Mail servers on this computer, of every kind that can disappoint."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "vera", "geheim-4711"


class Inbox:
    """What the server got, and what it answers."""

    def __init__(self, refuse: str = "") -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.is_encrypted = False
        self.refuse = refuse

    async def handle_RCPT(  # noqa: N802 — aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or refuse him."""
        if address == self.refuse:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or refuse it."""
        if self.refuse == "everything":
            return "554 5.7.1 looks like spam"
        assert isinstance(envelope.content, bytes)
        self.mails.append(BytesParser(policy=policy.default).parsebytes(envelope.content))
        self.recipients = list(envelope.rcpt_tos)
        self.is_encrypted = session.ssl is not None
        return "250 OK"


class Authority:
    """Who signs the certificates of these servers."""

    def __init__(self) -> None:
        self.ca = trustme.CA()

    def server(self, name: str = "localhost") -> ssl.SSLContext:
        """The secrets of a server of that name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name).configure_cert(context)
        return context

    def client(self) -> ssl.SSLContext:
        """What a computer checks that trusts this authority."""
        context = ssl.create_default_context()
        self.ca.configure_trust(context)
        return context


def _login(
    _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: object
) -> AuthResult:
    assert isinstance(given, LoginPassword)
    is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=is_right)


@contextlib.contextmanager
def serving(
    inbox: Inbox,
    *,
    starttls: ssl.SSLContext | None = None,
    implicit: ssl.SSLContext | None = None,
    login: bool = False,
    international: bool = True,
) -> Iterator[int]:
    """A server for mail; gives its port. international: it takes addresses in all letters."""
    controller = Controller(
        inbox,
        hostname="localhost",
        port=free_port(),
        ssl_context=implicit,
        tls_context=starttls,
        require_starttls=starttls is not None,
        auth_required=login,
        auth_require_tls=starttls is not None,
        authenticator=_login if login else None,
        enable_SMTPUTF8=international,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A server that takes calls and never says a word."""
    with socket.create_server(("localhost", 0)) as server:
        calls: list[socket.socket] = []

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    calls.append(server.accept()[0])

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1]
        for call in calls:
            call.close()


@contextlib.contextmanager
def answering(answer: Callable[[socket.socket, bytes], None]) -> Iterator[int]:
    """A server made by hand: *answer* is handed each call, at first with b"", then with each line
    that was said; gives its port.
    """
    with socket.create_server(("localhost", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    call = server.accept()[0]
                    with contextlib.suppress(OSError), call, call.makefile("rb") as said:
                        answer(call, b"")
                        for line in said:
                            answer(call, line)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def free_port() -> int:
    """A port on which nobody answers."""
    with socket.create_server(("localhost", 0)) as server:
        port: int = server.getsockname()[1]
    return port
