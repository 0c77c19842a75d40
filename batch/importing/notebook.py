"""Notes, line by line: what is sure of them is taken, every other line is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from batch.importing import reading
from batch.importing.names import Name, displayed, is_first_name
from batch.importing.periods import years_in
from batch.importing.plan import says
from batch.importing.reading import Day
from batch.importing.records import Entry, Somebody
from batch.importing.rows import RowReader
from batch.importing.sheets import text_of
from batch.importing.years import with_years
from words import _

_DATED: Final = re.compile(
    r"^\s*(\d{1,2}\s?[./]\s?\d{1,2}(?:\s?[./]\s?\d{2,4})?|\d{1,2}\s+[^\W\d]{3,}\.?(?:\s+\d{4})?)[\s,:-]+(.+)$"
)
_MONEY: Final = re.compile(
    r"^(?P<before>.*?)(?:^|[\s-])(?P<amount>-?\d[\d ]*(?:[.,]\d{1,2})?)\s*"
    r"(?:р\.?|руб\.?|₽|\$|usd)?\s*(?P<after>\([^()]*\))?\s*$",
    re.IGNORECASE,
)
_PARTED: Final = re.compile(r"\s+[-–—]\s*|\s*[,:;]\s*")
_DIGITS: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"[^\W\d_][\w.'-]*")


class _Line(NamedTuple):
    day: Day
    who: str
    product: str
    minor: int


class NotebookReader(RowReader):
    """Reads a text of notes."""

    def read(self) -> None:
        """Add its sure lines to the records, and ask about the others."""
        lines = [text_of(row[0]) for row in self.sheet.rows]
        found = [self._line(line) for line in lines]
        sure = sum(one is not None for one in found)
        dates = with_years(
            [one.day if one else None for one in found], self.layout.year, self.today
        )
        for at, (text, one, date) in enumerate(zip(lines, found, dates, strict=True)):
            if one is not None and date is not None:
                self._add(at, one.who, one.product, one.minor, date)
            elif not self._is_title(text):
                self._ask(at, text)
        sentence = _(
            "Notes, and no list: {sure} lines say day, client and amount without doubt; the other "
            "{others} are asked."
        )
        self.tell(sentence.format(sure=sure, others=len(lines) - sure))

    def _is_title(self, text: str) -> bool:
        if years_in([text]) and not _DATED.match(text) and len(text.split()) < 5:
            self.leave("1", text, _("a line above the headings"))
            return True
        return False

    def _line(self, text: str) -> _Line | None:
        """What a line says, where it can say one thing only."""
        dated = _DATED.match(text)
        money = _MONEY.match(dated[2]) if dated else None
        if dated is None or money is None:
            return None
        day = reading.days(
            [re.sub(r"\s*([./])\s*", r"\1", dated[1]).rstrip(".")], self.config, self.today
        )[0]
        minor = reading.amounts([money["amount"].strip()], self.config)[0]
        who, product = _who(money["before"].strip(" -–—,:"))
        if day is None or minor is None or not who or _DIGITS.search(who + product):
            return None
        return _Line(day, who, " ".join(filter(None, [product, money["after"] or ""])), minor)

    def _add(self, at: int, who: str, product: str, minor: int, date: object) -> None:
        row = self.sheet.numbers[at]
        person = Somebody(self.title, row, Name(displayed([who])), is_listed=False)
        person.fields["name"] = person.name.written
        entry = Entry("purchases", self.title, row, f"{row}", person, date, minor=minor)  # type: ignore[arg-type]
        if product:
            entry.fields["product"] = product
        self.records.entries.append(entry)

    def _ask(self, at: int, text: str) -> None:
        row = self.sheet.numbers[at]
        answer = self.plan.answer("lines", text, "", f"{self.title}, {row}")
        if not answer or says(answer, "leave_out"):
            self.leave(f"{row}", text, _("a line of notes that isn't sure"))
            return
        parts = [one.strip() for one in answer.split(";")]
        if len(parts) != 4:
            raise self.plan.refuse("lines", text, answer)
        day = reading.days(parts[:1], self.config, self.today)[0]
        minor = reading.amounts(parts[3:], self.config)[0]
        if day is None or minor is None or not parts[1]:
            raise self.plan.refuse("lines", text, answer)
        date = with_years([day], self.layout.year, self.today)[0]
        self._add(at, parts[1], parts[2], minor, date)


def _who(text: str) -> tuple[str, str]:
    """The client of a line, and what she took: parted by a dash or comma, else the name is the
    words that look like one.
    """
    parts = _PARTED.split(text, maxsplit=1)
    if len(parts) == 2:
        return parts[0].strip(), parts[1].strip()
    return _by_words(text.split())


def _by_words(words: Sequence[str]) -> tuple[str, str]:
    count = 0
    for word in words[:3]:
        if not _WORD.fullmatch(word) or not word[0].isupper():
            break
        count += 1
    if count == 0 and words and is_first_name(words[0].casefold()):
        count = 1
    return " ".join(words[:count]), " ".join(words[count:])
