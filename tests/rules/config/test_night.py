"""The block `nightly` of the configuration."""

from __future__ import annotations

import pytest

from rules.config.loading import ConfigError
from tests.bases import config


def nightly(text: str) -> str:
    """What is wrong with these entries of nightly.mail, '' if nothing."""
    try:
        config(f"nightly:\n  mail: {text}\n")
    except ConfigError as error:
        return str(error)
    return ""


def test_no_mail_is_sent_as_shipped() -> None:
    for rules in (config(), config("based_on: ru")):
        assert not rules.nightly.mail.is_on
        assert rules.nightly.most_contacts == 20


@pytest.mark.parametrize(
    ("to", "read"),
    [
        ("vera@example.com", ("vera@example.com",)),
        ("[vera@example.com, nina.p+x@пример.рф]", ("vera@example.com", "nina.p+x@пример.рф")),
        ("''", ()),
        ("[]", ()),
    ],
)
def test_one_address_or_several_get_it(to: str, read: tuple[str, ...]) -> None:
    mail = config(f"nightly: {{mail: {{to: {to}, from: a@b.ru, server: s}}}}").nightly.mail
    assert mail.to == read


@pytest.mark.parametrize(
    "address",
    ["vera", "'@example.com'", "vera@", "'a@b.ru, c@d.ru'", '"a@b.ru\\nBcc: x@y.ru"', "'V <a@b.ru>'", "5"],
)  # fmt: skip
def test_what_is_no_address_is_told(address: str) -> None:
    told = nightly(f"{{from: {address}}}")
    assert "nightly.mail.from: expected an e-mail address, such as vera@example.com" in told


@pytest.mark.parametrize("key", ["password", "Password", "passwd", "пароль"])
@pytest.mark.parametrize("value", ["geheim", "''", ""])
def test_a_password_is_refused_unseen_with_where_it_belongs(key: str, value: str) -> None:
    told = nightly(f"{{{key}: {value}}}")
    assert (
        f"line 2, column 10: nightly.mail.{key}: a password doesn't belong into this file" in told
    )
    assert "CLIENTBASE_SMTP_PASSWORD" in told
    assert "geheim" not in told


def test_a_misspelt_key_is_offered_no_password() -> None:
    told = nightly("{pord: 25}")
    assert "(did you mean 'port'?); allowed here: to, from, server, port, security" in told
    assert "password" not in told


@pytest.mark.parametrize(
    ("mail", "missing"),
    [
        ("{to: a@b.ru}", ["from", "server"]),
        ("{to: a@b.ru, server: s}", ["from"]),
        ("{to: a@b.ru, from: a@b.ru}", ["server"]),
        ("{from: a@b.ru}", []),
    ],
)
def test_mail_needs_to_know_from_whom_and_through_whom(mail: str, missing: list[str]) -> None:
    told = nightly(mail)
    for key in ("from", "server"):
        assert (f"'{key}' is needed for mail, and mail is wanted" in told) is (key in missing)


@pytest.mark.parametrize(
    ("mail", "is_refused"),
    [
        ("{user: v, security: none, server: mail.example.com}", True),
        ("{user: v, security: none, server: localhost}", False),
        ("{user: '', security: none, server: mail.example.com}", False),
        ("{user: v, security: ssl, server: mail.example.com}", False),
    ],
)
def test_no_password_goes_through_the_internet_unencrypted(mail: str, is_refused: bool) -> None:
    told = nightly(mail)
    assert ("the password would be readable for everyone on its way" in told) is is_refused
    assert is_refused or told == ""


@pytest.mark.parametrize(("port", "fits"), [(0, False), (1, True), (65535, True), (65536, False)])
def test_ports_have_limits(port: int, fits: bool) -> None:
    assert (nightly(f"{{port: {port}}}") == "") is fits
