"""The clients: one row each, and what she types about them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.config.basics import Whom
from rules.model.declarations import Field, Hint, Room, Table, kept
from rules.model.known import CleanTable
from rules.model.result import Result
from rules.oddwords import odd_words
from rules.reading.cells import Mask, read_text, read_words
from rules.reading.clean import Rows
from rules.reading.intervals import read_interval
from rules.reading.words import fold, without_rounded
from words import _, marked


def _rounded_phones(rows: Rows) -> None:
    """Phone numbers whose last digits are lost are nobody's."""
    texts = read_text(rows.raw.column("phone")).tolist()
    is_lost = [without_rounded(text) != text for text in texts]
    rows.tell(
        "phone",
        np.array(is_lost, dtype=bool),
        _(
            "{found} is no phone number any more: a program took it for a quantity and kept its "
            "first digits alone, so it isn't exported. Format the cell as text and type it again."
        ),
    )


def _refine(rows: Rows) -> None:
    """Who isn't to be contacted: who doesn't want it, and who has no name."""
    _rounded_phones(rows)
    nameless = np.zeros(len(rows.usable), dtype=bool)
    if "name" in rows.raw.cells:
        nameless = read_words(rows.raw.column("name")) == ""
    rows.tell("name", nameless, _("No name. Type it; until then she gets no contact and no gift."))
    rows.add("nameless", nameless)
    rows.add("silent", rows["do_not_contact"] | nameless)
    men = {fold(word) for word in rows.config.men_words}
    rows.add("man", np.array([word in men for word in rows["gender"].tolist()], dtype=bool))
    _own_rhythms(rows)


def _own_rhythms(rows: Rows) -> None:
    """How often she is to be contacted, in months or days; 0 where nothing says it."""
    read = {text: read_interval(text) for text in set(rows["rhythm"].tolist())}
    intervals = [read[text] for text in rows["rhythm"].tolist()]
    rows.tell(
        "rhythm",
        np.array([one is None for one in intervals], dtype=bool) & (rows["rhythm"] != ""),
        _("{found} says no interval and counts as blank. Type 3 weeks, 10 days or 2 months."),
    )
    for part, key in enumerate(("rhythm_months", "rhythm_days")):
        rows.add(key, np.array([one[part] if one else 0 for one in intervals], dtype=np.int64))


def meant(clients: CleanTable, whom: Whom | None) -> Mask:
    """For which clients a day is that is for *whom*; who has no gender told is no man."""
    if whom is None:
        return np.ones(len(clients), dtype=bool)
    man: Mask = clients.man
    return man if whom == "men" else ~man


CLIENTS = Table(
    "clients",
    "the sheet with one row a client",
    (
        Field(
            "id",
            "id",
            "what tells a client from all others",
            required=True,
            as_typed=True,
        ),
        Field(
            "name",
            "text",
            "the client's name",
            required=True,
            use="row",
            may_be_blank=True,
            width=24,
        ),
        Field(
            "birthday",
            "birthday",
            "day and month count; the year gives her age in Birthdays",
            bad=marked(
                "{found} can't be read as a birthday and counts as blank. Type a date, "
                "or text like {formats}."
            ),
        ),
        Field(
            "phone",
            "text",
            "for the lists and the phone",
            use="row",
            width=18,
            as_typed=True,
        ),
        kept("email", "for the phone and the mailing", "row", width=30),
        Field("city", "city", "gifts to another city than your `home_city` are posted"),
        kept("address", "for the phone", "shown", width=26),
        Field("class_date", "date", "when she was, or will be, at a class"),
        kept("source", "where she came from"),
        kept("hostess", "at whose class she was", width=18),
        kept("organisation", "where she works", width=18),
        kept("segment", "your own segment"),
        kept("referred_by", "who recommended her"),
        kept(
            "consultant", "who serves her", "shown", offers=lambda config: config.lists.consultants
        ),
        kept("spouse", "the spouse's name, for Birthdays", "shown"),
        Field(
            "spouse_birthday",
            "birthday",
            "the spouse's birthday, for Birthdays",
            use="shown",
        ),
        kept("children", "the children"),
        kept("preferences", "what she likes", width=26),
        kept("wishes", "what she would like to have, for Today", "shown", width=30),
        kept(
            "mailing",
            "yes: she gets the mailing",
            "shown",
            offers=lambda config: config.lists.mailing,
        ),
        Field(
            "do_not_contact",
            "flag",
            "anything but a no: she gets no reminders and no gift",
            offers=lambda config: config.lists.do_not_contact,
        ),
        Field(
            "gender",
            "word",
            "m or f: some days are for men, or for all but men",
            on_demand=True,
        ),
        Field(
            "rhythm",
            "text",
            "how often to contact her, if otherwise than her group: 3 weeks, 10 days, 2 months",
            on_demand=True,
        ),
        kept("notes", "whatever you like", "shown", width=40),
    ),
    is_log=False,
    required=True,
    refine=_refine,
    folded_after="phone",
)


def _hints(result: Result) -> Iterator[Hint]:
    """Words in the yes/no columns that say neither yes nor no in so many words."""
    config, lists = result.config, result.config.lists
    sentence = _("Words under {column} that stand in no list and are taken for a yes: {words}.")
    for key, known in (("do_not_contact", lists.do_not_contact), ("mailing", lists.mailing)):
        yield from odd_words(result, "clients", key, (*known, "true", *config.no_words), sentence)


ROOM = Room("clients", tables=(CLIENTS,), hints=_hints)
