"""The address book, read back with vobject and with the strict reader of these tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.export.cards import CardVersion, cards, with_card
from batch.export.people import Person, clean, people
from batch.recalculation.plan import Calculated
from tests.bases import config
from tests.batch.export.lines import Block, blocks, parts
from tests.batch.export.made import HOSTILE, READ_AS, Row, base

BOTH: tuple[CardVersion, ...] = ("3.0", "4.0")


def written(folder: Path, version: CardVersion, *clients: Row, rules: str = "") -> bytes:
    """The cards of a base with these clients."""
    found = base(folder, clients, rules=config(rules))
    return cards(found, with_card(people(found)), version)


def card(folder: Path, version: CardVersion, rules: str = "", **typed: object) -> Block:
    """The card of one client, by the strict reader."""
    row = {"Phone": "+7 903 123-45-67"} | {
        key.replace("_", " "): cell for key, cell in typed.items()
    }
    content = written(folder, version, row, rules=rules)
    (block,) = blocks(content)
    assert block.name == "VCARD"
    assert block.lines[0] == ("VERSION", {}, version)
    return block


ANNA = {
    "ID": "A1",
    "Name": "Anna Petrova",
    "Birthday": dt.date(1984, 5, 12),
    "Phone": "8 903 123-45-67, 8 495 123-45-67",
    "Email": "anna@example.com; a.petrova@example.org",
    "City": "Moscow",
    "Address": "Lesnaya 14, 32",
}  # fmt: skip


def test_a_card_in_3_0_holds_name_numbers_addresses_birthday_and_group(tmp_path: Path) -> None:
    content = written(tmp_path, "3.0", ANNA)
    assert content.decode() == (
        "BEGIN:VCARD\r\n"
        "VERSION:3.0\r\n"
        "PRODID:-//clientbase//clientbase//EN\r\n"
        "UID:df97f7da-5407-516d-9e9f-ed3fae951be9\r\n"
        "FN:Anna Petrova\r\n"
        "N:Anna Petrova;;;;\r\n"
        "TEL;TYPE=CELL:+79031234567\r\n"
        "TEL;TYPE=VOICE:+74951234567\r\n"
        "EMAIL;TYPE=INTERNET:anna@example.com\r\n"
        "EMAIL;TYPE=INTERNET:a.petrova@example.org\r\n"
        "BDAY:1984-05-12\r\n"
        "ADR;TYPE=HOME:;;Lesnaya 14\\, 32;Moscow;;;\r\n"
        "CATEGORIES:Potential\r\n"
        "END:VCARD\r\n"
    )


def test_a_card_in_4_0_holds_the_same(tmp_path: Path) -> None:
    content = written(tmp_path, "4.0", ANNA)
    assert content.decode() == (
        "BEGIN:VCARD\r\n"
        "VERSION:4.0\r\n"
        "PRODID:-//clientbase//clientbase//EN\r\n"
        "UID:urn:uuid:df97f7da-5407-516d-9e9f-ed3fae951be9\r\n"
        "FN:Anna Petrova\r\n"
        "N:Anna Petrova;;;;\r\n"
        "TEL;TYPE=cell;VALUE=uri:tel:+79031234567\r\n"
        "TEL;TYPE=voice;VALUE=uri:tel:+74951234567\r\n"
        "EMAIL:anna@example.com\r\n"
        "EMAIL:a.petrova@example.org\r\n"
        "BDAY:19840512\r\n"
        "ADR;TYPE=home:;;Lesnaya 14\\, 32;Moscow;;;\r\n"
        "CATEGORIES:Potential\r\n"
        "END:VCARD\r\n"
    )


@pytest.mark.parametrize("version", BOTH)
def test_vobject_reads_back_what_was_written(tmp_path: Path, version: CardVersion) -> None:
    (read,) = vobject.readComponents(written(tmp_path, version, ANNA).decode())
    assert read.fn.value == "Anna Petrova"
    assert read.n.value.family == "Anna Petrova"
    numbers = [tel.value.removeprefix("tel:") for tel in read.tel_list]
    assert numbers == ["+79031234567", "+74951234567"]
    assert [mail.value for mail in read.email_list] == ["anna@example.com", "a.petrova@example.org"]
    assert (read.adr.value.street, read.adr.value.city) == ("Lesnaya 14, 32", "Moscow")
    assert read.bday.value.replace("-", "") == "19840512"
    assert read.categories.value == ["Potential"]


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_the_name_holds_the_card_is_whole(
    tmp_path: Path, version: CardVersion, kind: str
) -> None:
    name = HOSTILE[kind]
    expected = READ_AS.get(kind, name)
    typed = {"Name": name, "Address": name, "Phone": "+7 903 123-45-67"}
    content = written(tmp_path, version, typed, {"Phone": "+7 903 123-45-68"})
    first, second = blocks(content)
    assert first.text("FN") == expected
    assert parts(first.values("N")[0]) == [expected, "", "", "", ""]
    assert parts(first.values("ADR")[0]) == ["", "", expected, "", "", "", ""]
    assert len(first.values("TEL")) == 1
    assert second.text("FN") == "Client 2"
    (read, _) = vobject.readComponents(content.decode())
    assert read.fn.value == expected
    assert read.n.value.family == expected


@pytest.fixture(scope="module")
def one_client(tmp_path_factory: pytest.TempPathFactory) -> Calculated:
    """A base with a client of whom nothing but her ID is known."""
    return base(tmp_path_factory.mktemp("base"), [{}])


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_back_as_it_was_cleaned(one_client: Calculated, text: str) -> None:
    person = Person(0, "a", "A", clean(text), (), (), clean(text), "", clean(text), "")
    (block,) = blocks(cards(one_client, [person], "3.0"))
    assert block.text("FN") == person.name
    (read,) = vobject.readComponents(cards(one_client, [person], "4.0").decode())
    assert read.fn.value == person.name
    if person.address:
        assert read.adr.value.street == person.address


def test_a_backslash_becomes_a_slash_since_phones_read_it_as_they_like(tmp_path: Path) -> None:
    assert card(tmp_path, "3.0", Name=r"Anna \News\ Petrova").text("FN") == "Anna /News/ Petrova"


@pytest.mark.parametrize(
    ("birthday", "in_3", "in_4"),
    [
        (dt.date(1984, 5, 12), "1984-05-12", "19840512"),
        (dt.date(2000, 5, 12), "2000-05-12", "20000512"),
        ("12.05.1984", "1984-05-12", "19840512"),
        # the year isn't known: nothing is made up
        ("12.05", "", "--0512"),
        ("29.02", "", "--0229"),
        (dt.date(2026, 5, 12), "", "--0512"),
        (None, "", ""),
        ("in May", "", ""),
    ],
)
def test_a_birthday_without_its_year_stands_in_4_0_alone(
    tmp_path: Path, birthday: object, in_3: str, in_4: str
) -> None:
    assert card(tmp_path, "3.0", Birthday=birthday).text("BDAY") == in_3
    assert card(tmp_path, "4.0", Birthday=birthday).text("BDAY") == in_4


@pytest.mark.parametrize(
    ("typed", "in_3", "in_4"),
    [
        ("8 495 123-45-67 доб. 12", [r"+74951234567\,12"], ["tel:+74951234567;ext=12"]),
        (79031234567, ["+79031234567"], ["tel:+79031234567"]),
        ("+49 30 901820", ["+4930901820"], ["tel:+4930901820"]),
        ("12-34-56", ["12-34-56"], ["12-34-56"]),
    ],
)  # fmt: skip
def test_numbers_are_written_for_machines_and_what_can_t_be_told_as_it_was_typed(
    tmp_path: Path, typed: object, in_3: list[str], in_4: list[str]
) -> None:
    assert card(tmp_path, "3.0", Phone=typed).values("TEL") == in_3
    assert card(tmp_path, "4.0", Phone=typed).values("TEL") == in_4


def test_numbers_without_a_code_are_of_the_country_of_the_rules(tmp_path: Path) -> None:
    found = card(tmp_path, "3.0", "country: DE", Phone="030 901820").values("TEL")
    assert found == ["+4930901820"]


def test_who_has_neither_number_nor_e_mail_has_no_card(tmp_path: Path) -> None:
    found = base(
        tmp_path,
        [
            {"Name": "Nobody"},
            {"Name": "Dash", "Phone": "–", "Email": "none"},
            {"Name": "Mail", "Email": "a@b.ru"},
            {"Name": "Silent", "Phone": "+7 903 123-45-67", "Do not contact": "yes"},
        ],
    )
    assert [person.name for person in with_card(people(found))] == ["Mail", "Silent"]


def test_a_client_without_a_name_is_called_by_her_id(tmp_path: Path) -> None:
    assert card(tmp_path, "3.0", ID="A-7", Name=None).text("FN") == "A-7"


def test_private_columns_stay_at_home(tmp_path: Path) -> None:
    private = {"Notes": "owes me 500", "Preferences": "secret", "Wishes": "hidden"}
    for version in BOTH:
        content = written(tmp_path, version, {"Phone": "+7 903 123-45-67", **private})
        assert not any(text.encode() in content for text in private.values())


def test_a_card_is_the_same_client_under_another_name_file_and_spelling_of_her_id(
    tmp_path: Path,
) -> None:
    def uid(name: str, key: object) -> str:
        found = base(tmp_path, [{"ID": key, "Phone": "+7 903 123-45-67"}], name=name)
        (one,) = blocks(cards(found, people(found), "3.0"))
        return one.text("UID")

    assert uid("a.xlsx", "a 1") == uid("b.xlsx", " A  1 ")
    assert uid("a.xlsx", "a 1") != uid("a.xlsx", "a 2")


def test_clients_of_two_bases_with_names_are_two_under_one_id(tmp_path: Path) -> None:
    def uid(name: str, version: CardVersion) -> str:
        rules = config(f"export: {{base: {name}}}")
        found = base(tmp_path, [{"ID": 1, "Phone": "+7 903 123-45-67"}], rules=rules)
        (one,) = blocks(cards(found, people(found), version))
        return one.text("UID")

    for version in BOTH:
        assert len({uid(name, version) for name in ("''", "Avon", "Mary")}) == 3
        assert uid("Avon", version) == uid("' avon'", version)
