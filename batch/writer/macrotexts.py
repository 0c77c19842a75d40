"""What the macros of a workbook say, and the help of its functions (fx in the formula bar)."""

from __future__ import annotations

from rules.answers import helps
from rules.model.declarations import Rooms
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
    "vba_argument_whom": marked("ID of the client, or a column of IDs"),
    "vba_argument_column": marked("heading of a grey column, such as Group"),
    "vba_argument_client": marked(
        "ID of the client, or a column of IDs; left out: the client of this row"
    ),
}
"""By the key under which a macro asks for it; the help of functions comes from the rooms."""


def texts(rooms: Rooms) -> dict[str, str]:
    """What the macros of a workbook with these *rooms* say, by key, marked for translation."""
    functions = {f"vba_{name.lower()}": text for name, text in helps(rooms).items()}
    arguments = {
        f"vba_argument_{name}": text
        for one in rooms.functions.values()
        for name, text in one.arguments.items()
    }
    return {**TEXTS, **functions, **arguments}
