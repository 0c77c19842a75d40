"""The worksheet functions: each shapes its input, asks once, and shapes the answer.

The first line of a docstring is what Excel shows as help.
"""

from __future__ import annotations

from typing import Any

import xlwings as xw

from udfs.registry import Argument, worksheet_function
from udfs.snapshots import about_clients, about_figures, read_anew

_CLIENT = Argument(
    "client",
    "ID of the client, or a column of IDs; left out: the client of this row",
    optional=True,
)
_HERE = Argument("here", vba="Here(client)")
_BASE = Argument("base", vba="ThisWorkbook.FullName")
_AMOUNTS = Argument("amounts", "turnovers, one for each client; blanks stay blank")
_MONTHS = Argument(
    "months",
    "turnovers: one row for each client, one column for each month, the newest at the right; "
    "blank before her first purchase",
)
_about_client = worksheet_function(_CLIENT, _HERE, _BASE)


@_about_client
def CLIENT_CLASS(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """ABC and XYZ class of a client, such as AX: how much and how evenly she buys."""
    return about_clients("CLIENT_CLASS", client, here, base)


@_about_client
def CLIENT_GROUP(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """Telephone group of a client, such as VIP."""
    return about_clients("CLIENT_GROUP", client, here, base)


@_about_client
def CLIENT_STAGE(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """Stage of a client: new, permanent, restored, lost or potential."""
    return about_clients("CLIENT_STAGE", client, here, base)


@_about_client
def CLIENT_FOLDER(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """Folder of the card file in which a client belongs."""
    return about_clients("CLIENT_FOLDER", client, here, base)


@_about_client
def CLIENT_TURNOVER(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """What a client bought for in the year, returns taken off."""
    return about_clients("CLIENT_TURNOVER", client, here, base)


@_about_client
def NEXT_CONTACT(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """When to contact a client next; an overdue date stays."""
    return about_clients("NEXT_CONTACT", client, here, base)


@_about_client
def CONTACT_REASON(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """Why a client should be contacted then."""
    return about_clients("CONTACT_REASON", client, here, base)


@_about_client
def GIFT(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """What to give a client on the nearest occasion."""
    return about_clients("GIFT", client, here, base)


@_about_client
def GIFT_BUDGET(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """What the gift for a client may cost."""
    return about_clients("GIFT_BUDGET", client, here, base)


@_about_client
def CLIENT_WHY(client: Any = None, here: Any = None, base: Any = None) -> Any:
    """Why a client is in her group, and what she lacks for the group above."""
    return about_clients("CLIENT_WHY", client, here, base)


@worksheet_function(_AMOUNTS, _BASE)
def ABC(amounts: Any, base: Any = None) -> Any:
    """ABC class of each amount in a column or block, by its share in the whole."""
    return about_figures("ABC", amounts, base)


@worksheet_function(_MONTHS, _BASE)
def XYZ(months: Any, base: Any = None) -> Any:
    """XYZ class of each row of turnovers by month, the newest at the right: how even they are."""
    return about_figures("XYZ", months, base)


@xw.func
def renew(base: Any) -> Any:
    """Read the tables of the calling workbook anew; VBA calls this before it asks for cells."""
    return read_anew(str(base))
