"""The summary by mail, against servers on this computer."""

from __future__ import annotations

import json
import re
import socket
import ssl
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from batch.installation import log
from batch.making.example import make_example
from batch.night import mail as post
from batch.night import passwords, server
from batch.night.mail import NotMailedError
from rules.config.outgoing import Mail
from tests.bases import config, on
from tests.batch.night.servers import (
    PASSWORD,
    USER,
    Authority,
    Inbox,
    answering,
    free_port,
    serving,
    silent,
)
from tests.command_line import Run
from words import speak

DAY = ("--today", "2026-11-21")
# Some servers here want a login and know no encryption, so that the login alone is tried.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Keyring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The password of a user."""
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the password of a user."""
        self.secrets[service, username] = password


class NoKeyring(Keyring):
    """A computer without one, such as a server."""

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing."""
        raise NoKeyringError(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing."""
        raise NoKeyringError(service, username, len(password))


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyring]:
    """The keyring of these tests; no password is known in the environment."""
    for name in (passwords.VARIABLE, passwords.LOGIN):
        monkeypatch.delenv(name, raising=False)
    before, mine = keyring.get_keyring(), Keyring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def mail_to(port: int, security: str = "none", user: str = "", **more: object) -> Mail:
    facts = {
        "to": ["vera@example.com"], "from": "base@example.com", "server": "localhost",
        "port": port, "security": security, "user": user, "timeout_seconds": 5, **more,
    }  # fmt: skip
    return Mail.model_validate(facts)


def sent(mail: Mail, secret: str | None = None, context: ssl.SSLContext | None = None) -> str:
    """Why a mail isn't sent, '' if it is."""
    told = ""
    try:
        post.send(mail, post.message(mail, "Subject", "text", "<p>page</p>"), secret, context)
    except NotMailedError as error:
        told = str(error)
    assert PASSWORD not in told
    return told


def test_a_mail_has_a_text_a_page_and_nothing_from_outside() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        mail = mail_to(port, to=["vera@example.com", "nina@example.com"])
        assert sent(mail) == ""
    (got,) = inbox.mails
    assert inbox.recipients == ["vera@example.com", "nina@example.com"]
    assert got.get_content_type() == "multipart/alternative"
    text, page = got.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().strip() == "text"
    assert got["To"] == "vera@example.com, nina@example.com"
    assert got["Message-ID"].endswith("@example.com>")
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"]


def test_starttls_encrypts_before_the_login(authority: Authority) -> None:
    inbox = Inbox()
    with serving(inbox, starttls=authority.server(), login=True) as port:
        assert sent(mail_to(port, "starttls", USER), PASSWORD, authority.client()) == ""
    assert inbox.is_encrypted


def test_ssl_encrypts_from_the_first_word(authority: Authority) -> None:
    inbox = Inbox()
    with serving(inbox, implicit=authority.server()) as port:
        assert sent(mail_to(port, "ssl"), None, authority.client()) == ""
    assert len(inbox.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    authority: Authority, security: str
) -> None:
    inbox = Inbox()
    own = authority.server()
    kind = {"starttls": own} if security == "starttls" else {"implicit": own}
    with serving(inbox, **kind) as port:  # type: ignore[arg-type]
        why = sent(mail_to(port, security, USER), PASSWORD)
    assert why.startswith("localhost couldn't prove that it is localhost (")
    assert inbox.mails == []


def test_a_certificate_for_another_name_counts_for_nothing(authority: Authority) -> None:
    with serving(Inbox(), starttls=authority.server("mail.example.com")) as port:
        why = sent(mail_to(port, "starttls"), None, authority.client())
    assert why.startswith("localhost couldn't prove that it is localhost (Hostname mismatch")


@pytest.mark.parametrize(
    ("security", "words"),
    [("starttls", "STARTTLS extension not supported"), ("ssl", "WRONG_VERSION_NUMBER")],
)
def test_a_server_without_that_encryption_gets_nothing(security: str, words: str) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        why = sent(mail_to(port, security, USER), PASSWORD)
    assert "doesn't speak the encryption that nightly.mail.security asks for" in why
    assert words.lower() in why.lower()
    assert inbox.mails == []


def test_a_wrong_password_is_told_without_it(authority: Authority) -> None:
    with serving(Inbox(), starttls=authority.server(), login=True) as port:
        why = sent(mail_to(port, "starttls", USER), "falsch-0815", authority.client())
    assert why.startswith("localhost refuses the login of vera (535 ")
    assert "falsch-0815" not in why


def test_a_password_with_odd_letters_is_told_without_it(authority: Authority) -> None:
    with serving(Inbox(), starttls=authority.server(), login=True) as port:
        why = sent(mail_to(port, "starttls", USER), "пароль", authority.client())
    assert why.startswith("localhost refuses the login of vera (")
    assert "пароль" not in why


def test_a_server_that_wants_a_login_and_gets_none_is_told() -> None:
    with serving(Inbox(), login=True) as port:
        assert "530 5.7.0 Authentication required" in sent(mail_to(port))


def test_nobody_answers() -> None:
    port = free_port()
    why = sent(mail_to(port))
    assert re.match(rf"localhost, port {port}, can't be reached \(.+\)\. Check", why)


def test_a_server_name_that_is_none_is_told() -> None:
    why = sent(mail_to(25, server="no-such-server.invalid"))
    assert why.startswith("no-such-server.invalid, port 25, can't be reached (")


@pytest.mark.parametrize("security", ["none", "ssl"])
@pytest.mark.parametrize("server", ["пример..рф", ".example.com", "a" * 64 + ".com"])
def test_a_server_name_that_nobody_can_have_is_told_as_that(server: str, security: str) -> None:
    why = sent(mail_to(25, security, USER, server=server), PASSWORD)
    assert why.startswith(f"{server}, port 25, can't be reached (label ")
    assert why.endswith("Check server and port under nightly.mail, and the internet.")


@pytest.mark.parametrize(
    ("to", "sender", "foreign"),
    [
        ("вера@example.com", "base@example.com", "вера@example.com"),
        ("vera@пример..рф", "база@example.com", "база@example.com, vera@пример..рф"),
        ("vera@пример.рф", "vera@пример.рф", "vera@пример.рф"),
    ],
)
def test_addresses_in_other_letters_are_told_where_the_server_takes_none(
    to: str, sender: str, foreign: str
) -> None:
    inbox = Inbox()
    with serving(inbox, international=False) as port:
        why = sent(mail_to(port, to=to, **{"from": sender}))
    assert why == (
        f"localhost takes only addresses in Latin letters, not {foreign}. Check 'from' and 'to' "
        "under nightly.mail."
    )
    assert inbox.mails == []


def test_addresses_in_other_letters_reach_a_server_that_takes_them() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        assert sent(mail_to(port, to="вера@пример.рф")) == ""
    assert inbox.recipients == ["вера@пример.рф"]


@pytest.mark.parametrize("security", ["none", "ssl"])
def test_a_server_that_stays_silent_is_given_up(security: str) -> None:
    with silent() as port:
        why = sent(mail_to(port, security, timeout_seconds=1))
    assert why.startswith(f"localhost, port {port}, gave no answer for 1 seconds.")


def test_an_unknown_mailbox_is_told_and_the_others_get_their_mail() -> None:
    inbox = Inbox(refuse="old@example.com")
    words = "localhost takes no mail for old@example.com (550 no such mailbox). Check 'to'"
    with serving(inbox) as port:
        assert sent(mail_to(port, to=["old@example.com"])).startswith(words)
        assert inbox.mails == []
        assert sent(mail_to(port, to=["vera@example.com", "old@example.com"])).startswith(words)
    assert inbox.recipients == ["vera@example.com"]


def test_a_refused_mail_is_told_with_the_servers_words() -> None:
    with serving(Inbox(refuse="everything")) as port:
        why = sent(mail_to(port))
    assert why == "localhost doesn't take the mail: 554 5.7.1 looks like spam"


def test_the_password_comes_from_the_environment_else_from_the_keyring(
    monkeypatch: pytest.MonkeyPatch, secrets: Keyring
) -> None:
    mail = mail_to(25, "starttls", USER)
    assert passwords.known(mail) is None
    assert sent(mail, None).startswith("there is no password for vera.")
    assert passwords.keep(mail, "from the keyring")
    assert secrets.secrets == {("clientbase localhost:25", USER): "from the keyring"}
    assert passwords.known(mail) == "from the keyring"
    monkeypatch.setenv(passwords.VARIABLE, "from the environment")
    assert passwords.known(mail) == "from the environment"


def test_a_computer_without_a_keyring_has_no_password() -> None:
    keyring.set_keyring(NoKeyring())
    assert passwords.known(mail_to(25, user=USER)) is None
    assert not passwords.keep(mail_to(25, user=USER), PASSWORD)


class Broken(Keyring):
    """A keyring that is locked, or out of reach."""

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing."""
        raise AttributeError(f"No such interface: {service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing."""
        raise AttributeError(service, username, password)


@pytest.mark.parametrize("backend", ["broken", "not there"])
def test_whatever_is_wrong_with_the_keyring_is_told_with_what_to_do(
    run: Run, base: Path, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    if backend == "broken":
        keyring.set_keyring(Broken())
    else:
        monkeypatch.setitem(sys.modules, "keyring", None)
    rules_for(base, 25, f"    user: {USER}\n")
    done = run("nightly", "base.xlsx", *DAY)
    assert done.code == 1
    told = (
        r"  Not sent by mail: this computer's keyring doesn't answer \((.+)\)\. Unlock it; or put"
    )
    assert re.search(told, done.out)
    assert "vera@localhost:25 into CLIENTBASE_SMTP_LOGIN" in done.out
    assert not passwords.keep(mail_to(25, user=USER), PASSWORD)


def test_a_password_is_for_one_server_port_and_user_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = {"server": "smtp.example.com", "port": 587, "user": "vera"}
    others = [{**mine, "server": "evil.example.com"}, {**mine, "port": 25}, {**mine, "user": "eva"}]
    assert passwords.keep(mail_to(**mine), "kept")  # type: ignore[arg-type]
    assert passwords.known(mail_to(**mine)) == "kept"  # type: ignore[arg-type]
    assert [passwords.known(mail_to(**one)) for one in others] == [None] * 3  # type: ignore[arg-type]
    monkeypatch.setenv(passwords.VARIABLE, "given")
    assert passwords.known(mail_to(**mine)) == "kept"  # type: ignore[arg-type]
    monkeypatch.setenv(passwords.LOGIN, "vera@smtp.example.com:587")
    assert passwords.known(mail_to(**mine)) == "given"  # type: ignore[arg-type]
    assert [passwords.known(mail_to(**one)) for one in others] == [None] * 3  # type: ignore[arg-type]


CODED = b64encode(f"\0{USER}\0{PASSWORD}".encode())


@pytest.mark.parametrize(
    "answer",
    [
        b"535 you said " + CODED,
        b"535 " + b64encode(PASSWORD.encode()),
        b"535 " + PASSWORD.upper().encode() + b" is wrong",
        b"535-no\r\n535 " + b"x" * 185 + b" " + PASSWORD.encode(),
        b"235 ok",
    ],
)
def test_what_a_server_repeats_of_the_password_is_struck_out(answer: bytes) -> None:
    def serve(call: socket.socket, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"AUTH":
            call.sendall(answer + b"\r\n")
        elif word == b"MAIL":
            call.sendall(b"554 " + PASSWORD.encode() + b" " + CODED + b"\r\n")
        else:
            call.sendall(b"250-localhost\r\n250 AUTH PLAIN\r\n" if line else b"220 hi\r\n")

    with answering(serve) as port:
        why = sent(mail_to(port, user=USER), PASSWORD)
    assert "***" in why
    for form in (PASSWORD, CODED.decode(), b64encode(PASSWORD.encode()).decode()):
        for begin in range(len(form) - 7):
            assert form[begin : begin + 8].casefold() not in why.casefold()


@pytest.mark.parametrize(
    ("typed", "got"),
    [
        ("abcd\u00a0efgh\u00a0ijkl\u00a0mnop ", "abcdefghijklmnop"),
        ("abcd efgh ijkl mnop", "abcdefghijklmnop"),
        ("two\u00a0words", "two words"),
        ("пароль-1", "пароль-1"),
    ],
)
@pytest.mark.parametrize("way", [b"PLAIN", b"LOGIN"])
def test_a_password_is_understood_however_it_was_copied(typed: str, got: str, way: bytes) -> None:
    heard: list[bytes] = []

    def serve(call: socket.socket, line: bytes) -> None:
        heard.append(line)
        if line[:4].upper() == b"EHLO":
            call.sendall(b"250-localhost\r\n250 AUTH " + way + b"\r\n")
        elif line[:10].upper() == b"AUTH LOGIN":
            call.sendall(b"334 UGFzc3dvcmQ6\r\n")
        else:
            call.sendall(b"235 ok\r\n" if len(heard) > 2 else b"220 hi\r\n")

    with answering(serve) as port:
        sent(mail_to(port, user=USER), typed)
    codes = [line.split()[-1] for line in heard[2:4]]
    if way == b"PLAIN":
        assert b64decode(codes[0]).decode() == f"\0{USER}\0{got}"
    else:
        assert [b64decode(code).decode() for code in codes] == [USER, got]


@pytest.mark.parametrize("secret", ["ab\0c", "ab\x7fc", "ab\udcffc"])
def test_a_sign_that_no_server_takes_is_told_before_anything_is_sent(secret: str) -> None:
    why = sent(mail_to(free_port(), user=USER), secret)
    assert why.startswith("the password has a sign in place 3 that no mail server takes")


def test_a_server_without_a_way_for_the_password_is_told() -> None:
    def serve(call: socket.socket, line: bytes) -> None:
        call.sendall(b"250-localhost\r\n250 AUTH CRAM-MD5\r\n" if line else b"220 hi\r\n")

    with answering(serve) as port:
        why = sent(mail_to(port, user=USER), "пароль-1")
    assert f"localhost, port {port}, offers no login for this user and password (AUTH CRAM" in why


def test_a_challenge_that_is_none_is_told() -> None:
    def serve(call: socket.socket, line: bytes) -> None:
        is_login = line[:4].upper() == b"AUTH"
        hello = b"250-localhost\r\n250 AUTH LOGIN\r\n" if line else b"220 hi\r\n"
        call.sendall(b"334 a\r\n" if is_login else hello)

    with answering(serve) as port:
        assert "localhost doesn't take the mail: " in sent(mail_to(port, user=USER), PASSWORD)


@pytest.mark.parametrize("pause", [0.0, 0.2])
def test_a_server_that_never_ends_is_given_up(pause: float) -> None:
    said = 0

    def serve(call: socket.socket, _line: bytes) -> None:
        nonlocal said
        while True:
            said += call.send(b"220-welcome\r\n" * (1 if pause else 1000))
            time.sleep(pause)

    began = time.monotonic()
    with answering(serve) as port:
        why = sent(mail_to(port, timeout_seconds=1))
    assert why.startswith(f"localhost, port {port}, talks without end")
    assert time.monotonic() - began < server.TIMES + 2
    assert said < 20_000_000  # what the computers between them held is more than was read


def test_a_password_in_the_clear_is_warned_of(run: Run, base: Path) -> None:
    words = "The password of vera and the summary go to localhost unencrypted, because"
    with serving(Inbox(), login=True) as port:
        rules_for(base, port, f"    user: {USER}\n")
        assert words in run("nightly", "base.xlsx", *DAY).out
        rules_for(base, port)
        assert words not in run("nightly", "base.xlsx", *DAY).out


def test_it_is_told_in_the_language_spoken() -> None:
    speak("ru")
    assert sent(mail_to(25, "starttls", USER), None).startswith("нет пароля для vera.")


# The command ---------------------------------------------------------------------------------


def rules_for(folder: Path, port: int, more: str = "") -> None:
    (folder / "config.yaml").write_text(
        "nightly:\n  mail:\n    to: vera@example.com\n    from: base@example.com\n"
        f"    server: localhost\n    port: {port}\n    security: none\n    timeout_seconds: 2\n{more}",
        encoding="utf-8",
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    make_example(tmp_path / "base.xlsx", config(), on("2026-11-21"))
    return tmp_path


def test_the_night_is_mailed_with_what_is_due_in_its_subject(run: Run, base: Path) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        rules_for(base, port)
        done = run("nightly", "base.xlsx", "gone.xlsx", *DAY)
    assert done.code == 1
    assert "Sent by mail to vera@example.com." in done.out
    (got,) = inbox.mails
    assert got["Subject"] == "12 overdue, 7 due today, workbooks failed: 1"
    text, page = got.iter_parts()
    assert "+1 312-555-0117" in text.get_content()
    assert page.get_content().startswith("<!doctype html>")


def test_a_subject_is_one_line_whatever_it_is() -> None:
    made = post.message(mail_to(25), "12 overdue\r\n\n 7\t due\x1b[31m", "text")
    assert made["Subject"] == "12 overdue 7 due?[31m"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("oops"), "The program made a mistake."),
        (OSError(5, "Input/output error"), "The computer refused: Input/output error."),
    ],
)
def test_whatever_fails_while_mailing_the_summary_and_the_code_stay(
    run: Run, base: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def failing(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(post, "send", failing)
    monkeypatch.setattr(log, "FILE", base / "logs" / "clientbase.log")
    rules_for(base, 25)
    done = run("nightly", "base.xlsx", *DAY)
    assert done.code == 1
    assert f"\n  Not sent by mail: {words}" in done.out
    assert "Susan Frost" in done.out
    assert "Not sent by mail" in (base / "clientbase-nightly.txt").read_text("utf-8-sig")


def test_a_mail_that_cannot_be_sent_is_told_everywhere_and_the_workbook_is_filled(
    run: Run, base: Path
) -> None:
    rules_for(base, free_port())
    done = run("nightly", "base.xlsx", *DAY)
    assert done.code == 1
    assert "  Workbooks recalculated: 1\n  Not sent by mail: localhost, port" in done.out
    for name in ("clientbase-nightly.txt", "clientbase-nightly.html"):
        assert "Not sent by mail" in (base / name).read_text(encoding="utf-8-sig")
    told = json.loads(run("nightly", "base.xlsx", "--json", *DAY).out)
    assert told["troubles"][0].startswith("Not sent by mail")


def test_the_password_is_never_printed_or_written(
    run: Run, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(passwords.VARIABLE, PASSWORD)
    with serving(Inbox(), login=True) as port:
        rules_for(base, port, f"    user: {USER}-x\n")
        done = run("nightly", "base.xlsx", *DAY)
    assert done.code == 1
    assert "refuses the login of vera-x (535" in done.out
    assert PASSWORD not in done.out + done.err
    for path in base.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()


def test_a_password_in_the_rules_is_refused_with_where_it_belongs(run: Run, base: Path) -> None:
    rules_for(base, 25, f"    password: {PASSWORD}\n")
    done = run("recalc", "base.xlsx")
    assert done.code == 2
    assert (
        "line 9, column 5: nightly.mail.password: a password doesn't belong into this file"
        in done.err
    )
    assert PASSWORD not in done.err


def test_a_test_mail_fills_nothing(run: Run, base: Path) -> None:
    inbox, before = Inbox(), (base / "base.xlsx").read_bytes()
    with serving(inbox) as port:
        rules_for(base, port)
        done = run("nightly", "base.xlsx", "--test-mail")
    assert (done.code, done.out) == (0, "Sent by mail to vera@example.com.\n")
    assert inbox.mails[0]["Subject"].startswith("This is a test from your client base")
    assert (base / "base.xlsx").read_bytes() == before


def test_a_test_mail_without_a_set_up_or_a_server_says_what_to_do(run: Run, base: Path) -> None:
    done = run("nightly", "base.xlsx", "--test-mail")
    assert done.code == 2
    assert done.out == (
        "No mail is set up. Fill 'to', 'from' and 'server' under nightly.mail in your "
        "config.yaml.\n"
    )
    rules_for(base, free_port())
    done = run("nightly", "base.xlsx", "--test-mail")
    assert done.code == 2
    assert "can't be reached" in done.err


def test_a_test_mail_asks_for_the_password_and_keeps_it_once_it_worked(
    run: Run, base: Path, monkeypatch: pytest.MonkeyPatch, secrets: Keyring
) -> None:
    typed = iter(["wrong", PASSWORD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _question: next(typed))
    with serving(Inbox(), login=True) as port:
        rules_for(base, port, f"    user: {USER}\n")
        assert run("nightly", "base.xlsx", "--test-mail").code == 2
        assert secrets.secrets == {}
        done = run("nightly", "base.xlsx", "--test-mail")
        assert done.code == 0
        assert "The password of vera and the summary go to localhost unencrypted" in done.out
        assert secrets.secrets == {(f"clientbase localhost:{port}", USER): PASSWORD}
        assert run("nightly", "base.xlsx", *DAY).code == 0


def test_a_test_mail_says_so_where_the_password_is_kept_nowhere(
    run: Run, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(NoKeyring())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)
    with serving(Inbox(), login=True) as port:
        rules_for(base, port, f"    user: {USER}\n")
        done = run("nightly", "base.xlsx", "--test-mail")
    assert done.code == 1
    assert "This computer's keyring doesn't keep the password. Put it into the" in done.out
