"""What the macros of a workbook say, and the help of its functions (fx in the formula bar)."""

from __future__ import annotations

from words import marked

CATEGORY = marked("Client base")
TEXTS = {
    "vba_working": marked("Client base: recalculating …"),
    "vba_no_addin": marked(
        "The xlwings add-in isn't loaded in Excel. Close Excel, open a terminal "
        "in the program's folder, type .venv\\Scripts\\clientbase setup (on a Mac "
        ".venv/bin/clientbase setup), and open this workbook again."
    ),
    "vba_no_answer": marked(
        "Python was called but didn't answer. Open a terminal in the program's "
        "folder and type .venv\\Scripts\\clientbase doctor (on a Mac "
        ".venv/bin/clientbase doctor): it names the cause and what to do."
    ),
    "vba_no_python": marked("Python isn't reachable; click Recalculate to read what to do"),
    "vba_category": CATEGORY,
    "vba_client_class": marked(
        "ABC and XYZ class of a client, such as AX: how much and how evenly she buys."
    ),
    "vba_client_group": marked("Telephone group of a client, such as VIP."),
    "vba_client_stage": marked("Stage of a client: new, permanent, restored, lost or potential."),
    "vba_client_folder": marked("Folder of the card file in which a client belongs."),
    "vba_client_turnover": marked("What a client bought for in the year, returns taken off."),
    "vba_next_contact": marked("When to contact a client next; an overdue date stays."),
    "vba_contact_reason": marked("Why a client should be contacted then."),
    "vba_gift": marked("What to give a client on the nearest occasion."),
    "vba_gift_budget": marked("What the gift for a client may cost."),
    "vba_client_why": marked(
        "Why a client is in her group, and what she lacks for the group above."
    ),
    "vba_abc": marked("ABC class of each amount in a column or block, by its share in the whole."),
    "vba_xyz": marked(
        "XYZ class of each row of turnovers by month, the newest at the right: how even they are."
    ),
    "vba_argument_client": marked(
        "ID of the client, or a column of IDs; left out: the client of this row"
    ),
    "vba_argument_amounts": marked("turnovers, one for each client; blanks stay blank"),
    "vba_argument_months": marked(
        "turnovers: one row for each client, one column for each month, the "
        "newest at the right; blank before her first purchase"
    ),
}
"""By the key under which a macro asks for it."""
