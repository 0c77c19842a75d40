"""The clients: one row each, and what she types about them."""

from __future__ import annotations

from rules.model.declarations import Field, Room, Table, kept
from words import marked

CLIENTS = Table(
    "clients",
    "the sheet with one row a client",
    (
        Field(
            "id",
            "id",
            "what tells a client from all others; required",
            required=True,
            as_typed=True,
        ),
        Field(
            "name",
            "text",
            "the client's name; required",
            required=True,
            use="row",
            may_be_blank=True,
            width=24,
        ),
        Field(
            "birthday",
            "birthday",
            "the birthday; only day and month count",
            bad=marked(
                "{found} can't be read as a birthday and counts as blank. Type a date, "
                "or text like {formats}."
            ),
        ),
        Field(
            "phone",
            "text",
            "the phone number; kept, not used by the rules",
            use="row",
            width=18,
            as_typed=True,
        ),
        kept("email", "the e-mail address", "row", width=30),
        Field("city", "word", "the city; gifts to another city than home_city are posted"),
        kept("address", "the address", "shown", width=26),
        Field("class_date", "date", "when she was, or will be, at a class"),
        kept("source", "where the client came from"),
        kept("hostess", "at whose class she was", width=18),
        kept("organisation", "where she works", width=18),
        kept("segment", "your own segment"),
        kept("referred_by", "who recommended her"),
        kept(
            "consultant", "who serves her", "shown", offers=lambda config: config.lists.consultants
        ),
        kept("spouse", "the spouse's name", "shown"),
        Field(
            "spouse_birthday",
            "birthday",
            "the spouse's birthday; kept, not used by the rules",
            use="shown",
        ),
        kept("children", "the children"),
        kept("preferences", "what she likes", width=26),
        kept("wishes", "what she would like to have", "shown", width=30),
        kept(
            "mailing",
            "which mailings she gets",
            "shown",
            offers=lambda config: config.lists.mailing,
        ),
        Field(
            "do_not_contact",
            "flag",
            "anything but a word of no_words: she gets no reminders and no gift",
            offers=lambda config: config.lists.do_not_contact,
        ),
        kept("notes", "notes", "shown", width=40),
    ),
    is_log=False,
    required=True,
)

ROOM = Room("clients", tables=(CLIENTS,))
