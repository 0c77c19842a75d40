"""The clients: one row each, and what she types about them."""

from __future__ import annotations

from rules.model.declarations import Field, Room, Table
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
        Field(
            "email", "text", "the e-mail address; kept, not used by the rules", use="row", width=30
        ),
        Field("city", "word", "the city; gifts to another city than home_city are posted"),
        Field("address", "text", "the address; kept, not used by the rules", use="shown", width=26),
        Field("class_date", "date", "when she was, or will be, at a class"),
        Field(
            "source", "text", "where the client came from; kept, not used by the rules", use="kept"
        ),
        Field(
            "hostess",
            "text",
            "at whose class she was; kept, not used by the rules",
            use="kept",
            width=18,
        ),
        Field(
            "organisation",
            "text",
            "where she works; kept, not used by the rules",
            use="kept",
            width=18,
        ),
        Field("segment", "text", "your own segment; kept, not used by the rules", use="kept"),
        Field(
            "referred_by", "text", "who recommended her; kept, not used by the rules", use="kept"
        ),
        Field(
            "consultant",
            "text",
            "who serves her; kept, not used by the rules",
            use="shown",
            offers=lambda config: config.lists.consultants,
        ),
        Field("spouse", "text", "the spouse's name; kept, not used by the rules", use="shown"),
        Field(
            "spouse_birthday",
            "birthday",
            "the spouse's birthday; kept, not used by the rules",
            use="shown",
        ),
        Field("children", "text", "the children; kept, not used by the rules", use="kept"),
        Field(
            "preferences",
            "text",
            "what she likes; kept, not used by the rules",
            use="kept",
            width=26,
        ),
        Field(
            "wishes",
            "text",
            "what she would like to have; kept, not used by the rules",
            use="shown",
            width=30,
        ),
        Field(
            "mailing",
            "text",
            "which mailings she gets; kept, not used by the rules",
            use="shown",
            offers=lambda config: config.lists.mailing,
        ),
        Field(
            "do_not_contact",
            "flag",
            "anything but a word of no_words: she gets no reminders and no gift",
            offers=lambda config: config.lists.do_not_contact,
        ),
        Field("notes", "text", "notes; kept, not used by the rules", use="shown", width=40),
    ),
    is_log=False,
    required=True,
)

ROOM = Room("clients", tables=(CLIENTS,))
