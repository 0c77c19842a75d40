"""The room of the list of the day."""

from __future__ import annotations

from rules.model.declarations import Look, Room, Sheet
from rules.rooms.today.entries import read_entries
from rules.rooms.today.list import COLUMNS, todays_list
from rules.rooms.today.plan import plan
from rules.rooms.today.settings import Settings
from words import marked

ROOM = Room(
    "today",
    Settings,
    sheets=(
        Sheet(
            "today",
            "the sheet with the list of the day; filled where the workbook has it",
            "Shumilin, Danilov",
            COLUMNS,
            todays_list,
            title=marked("Whom to contact"),
            is_first=True,
            into="contacts",
            entries=read_entries,
            plan=plan,
            pages_wide=2,
            frozen=3,
            looks=(
                Look("due", "due", "AND(ISNUMBER({due}),{due}<$A$1)", "late"),
                Look("done", "result", '{client_id}<>""', "hers"),
                Look(
                    "day",
                    "client_id",
                    "AND(ISNUMBER({day}),{day}>$A$1,{above_day}<=$A$1)",
                    "section",
                ),
                Look("day", "client_id", "AND(ISNUMBER({day}),{day}>$A$1)", "pale"),
            ),
        ),
    ),
)
