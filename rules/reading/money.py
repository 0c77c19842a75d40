"""Money and other numbers as the user writes them."""

from __future__ import annotations

from rules.config.settings import Config


def shown_money(minor: int, config: Config) -> str:
    """Money in minor units, such as 41 200 or 1 200,50."""
    places = config.numbers.minor_units
    whole, part = divmod(abs(minor), 10**places)
    text = shown_whole(whole)
    if part:
        text += config.numbers.decimal + f"{part:0{places}}"
    return f"-{text}" if minor < 0 else text


def shown_whole(number: int) -> str:
    """Whole units of money, or a count, as Russians and most others read them: 200 000."""
    return f"{number:,}".replace(",", " ")


def shown_decimal(number: str, config: Config) -> str:
    """A *number* with a decimal point, without needless zeros, such as 1,5."""
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.replace(".", config.numbers.decimal)
