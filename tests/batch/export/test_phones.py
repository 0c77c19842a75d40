from __future__ import annotations

import pytest

from batch.export.people import phones
from batch.export.phones import Phone, UnknownCountryError, numbers

ANNA = Phone("+79031234567", "+7 903 123-45-67")
VERA = Phone("+79167654321", "+7 916 765-43-21")


@pytest.mark.parametrize(
    "typed",
    [
        "8 903 123-45-67",
        "+7 903 123 45 67",
        "9031234567",
        "79031234567",
        "8(903)1234567",
        "8\u00a0903\u2009123–45–67",
        "8-903-123-45-67 (мама)",
        "моб. 8 903 123 45 67 Anna",
        "007 903 1234567",
    ],
)
def test_one_number_is_the_same_in_every_form(typed: str) -> None:
    assert numbers(typed, "RU") == [ANNA]


@pytest.mark.parametrize(
    "typed",
    [
        "8 903 123-45-67, 8 916 765-43-21",
        "89031234567/89167654321",
        "8 903 1234567\n+7 916 7654321",
        "9031234567; 9167654321",
        "8 903 1234567 8 916 7654321",
        "8 903 123-45-67 и 8 916 765-43-21, снова 8 903 123-45-67",
    ],
)
def test_several_numbers_in_a_cell_are_all_found_each_once(typed: str) -> None:
    assert numbers(typed, "RU") == [ANNA, VERA]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "–", "none", "123-45-67", "8 999 123 45 6", "12.05.1980", "7.9E+10", "+", "00"],
)
def test_what_nobody_can_dial_is_no_number(typed: str) -> None:
    assert numbers(typed, "RU") == []


@pytest.mark.parametrize("typed", ["+49 30 123456", "0049 30 123456", "00 49 30 123456"])
def test_a_number_of_another_country_keeps_its_code(typed: str) -> None:
    assert [phone.e164 for phone in numbers(typed, "RU")] == ["+4930123456"]


def test_a_number_without_a_code_is_of_the_configured_country() -> None:
    assert [phone.e164 for phone in numbers("030 123456", "DE")] == ["+4930123456"]


def test_an_extension_is_kept_and_shown() -> None:
    found = numbers("8 495 123-45-67 доб. 12", "RU")
    assert found == [Phone("+74951234567", "+7 495 123-45-67 ext. 12", "12")]


@pytest.mark.parametrize(
    "typed", ["8.9E+10", "7,90312E+10", "7.9e10", "8,9Е+10", "89000000000", " 8.9 E+10 "]
)
def test_a_number_whose_last_digits_are_lost_is_nobodys(typed: str) -> None:
    assert phones(typed, "RU") == ()
    assert [one.e164 for one in phones(f"{typed}; 8 903 123-45-67", "RU")] == ["+79031234567"]


@pytest.mark.parametrize(
    "typed", ["89031234567", "8 800 200 00 00", "+7 900 000 00 00", "12-34-56"]
)
def test_a_number_that_ends_with_noughts_is_one(typed: str) -> None:
    assert len(phones(typed, "RU")) == 1


def test_a_cell_full_of_notes_is_read_at_once() -> None:
    assert numbers("8 903 1234567 " + "1 2 3 ( " * 5000, "RU")[:1] == [ANNA]


def test_a_country_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownCountryError, match=r"there is no country 'UK'.*GB"):
        numbers("8 903 123-45-67", "UK")
