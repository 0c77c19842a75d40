"""The morning's summary as text and as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from batch.configuration import Rules
from batch.history.lastrun import Said
from batch.night import summary, writing
from batch.night.run import Contact, Section
from batch.night.summary import Summary
from rules.config.settings import Config
from tests.bases import config, on

HOSTILE = "<script>alert(1)</script>\n\x1b[31m\u202e& \"quoted\" 'too' {brace}"
TODAY = on("2026-11-21")


def night(
    *contacts: Contact,
    rules: Config | None = None,
    said: Said | None = None,
    **more: object,
) -> Summary:
    rules = rules or config()
    facts: dict[str, object] = {"overdue": 1, "due_today": 2, "moves": []}
    section = Section(
        Path("/bases/Base.xlsx"),
        Rules(rules, Path("config.yaml")),
        said or Said(["Base.xlsx on 21.11.2026. Clients: 2", "  Problems: none"], facts),
        list(contacts),
    )
    for key, value in more.items():
        setattr(section, key, value)
    return Summary(TODAY, rules, [section])


class Tags(HTMLParser):
    """Reads a page: its tags with attributes, and whether all are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Called at the end of each."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Called for each text."""
        self.text += data


HOSTILE_NIGHTS = {
    "a client": night(Contact(HOSTILE, HOSTILE, TODAY, HOSTILE, HOSTILE)),
    "a run": night(said=Said(["title", f"  {HOSTILE}"], {})),
    "a move": night(said=Said(["t"], {"moves": [{"client": "1", "name": HOSTILE, "column": "group", "old": "VIP", "new": HOSTILE, "rule": 1}]})),
    "an error": night(error=HOSTILE),
    "a remark": night(remarks=[HOSTILE]),
    "a path": night(path=Path(f"/x/{HOSTILE.replace('/', '')}.xlsx")),
}  # fmt: skip


@pytest.mark.parametrize("where", HOSTILE_NIGHTS)
def test_nothing_from_a_sheet_becomes_part_of_the_page(where: str) -> None:
    text = writing.as_html(HOSTILE_NIGHTS[where])
    read = Tags(text)
    assert {tag for tag, _ in read.tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li",
        "div", "span", "b", "br", "a",
    }  # fmt: skip
    assert "alert(1)" in read.text
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("where", sorted(HOSTILE_NIGHTS.keys() - {"a run", "an error", "a path"}))
def test_a_line_of_the_text_stays_a_line(where: str) -> None:
    text = summary.as_text(HOSTILE_NIGHTS[where])
    assert "\x1b" not in text
    assert not any(line.startswith("?[31m") for line in text.splitlines())


def test_the_page_loads_and_runs_nothing() -> None:
    text = writing.as_html(night(Contact("Anna", "8 903 123-45-67", TODAY, "birthday", "call")))
    assert not re.search(r"https?:|src=|url\(|@import|<script|\bon\w+=", text)
    assert [attributes["href"] for tag, attributes in Tags(text).tags if tag == "a"] == [
        "tel:+79031234567"
    ]


def test_the_page_is_made_for_phones_by_day_and_at_night() -> None:
    text = writing.as_html(night())
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
    assert "color-scheme: light dark" in text
    assert "prefers-color-scheme: dark" in text
    assert '<html lang="en">' in text


@pytest.mark.parametrize("phone", ["", "ask Maria", "12"])
def test_a_phone_that_cannot_be_dialled_is_no_link(phone: str) -> None:
    text = writing.as_html(night(Contact("Anna", phone, TODAY, "birthday", "call")))
    assert "href" not in text
    assert phone in text


def test_a_contact_of_today_shows_no_date_an_overdue_one_does() -> None:
    text = writing.as_html(
        night(
            Contact("Anna", "", TODAY, "birthday", "call"),
            Contact("Vera", "", on("2026-11-18"), "agreed", "call"),
        )
    )
    assert "<b>Anna</b><br>call: birthday" in text
    assert '<b>Vera</b> <span class="quiet">18.11.2026</span><br>call: agreed' in text


def test_what_needs_her_comes_first() -> None:
    failed = night(error="It is open in Excel.", said=None).sections
    both = Summary(
        TODAY,
        config(),
        [*night(Contact("Anna", "", TODAY, "birthday", "call")).sections, *failed],
        troubles=["Not sent by mail: no."],
    )
    for text in (summary.as_text(both), writing.as_html(both)):
        places = [text.index(one) for one in ("It is open in Excel.", "Not sent by mail", "Anna")]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("errors", "subject"),
    [
        (["", ""], "2 overdue, 4 due today"),
        (["", "no"], "2 overdue, 4 due today, workbooks failed: 1"),
        (["no", "no"], "workbooks failed: 2"),
    ],
)
def test_the_subject_tells_what_is_due_and_what_failed(errors: list[str], subject: str) -> None:
    sections = [night(error=error).sections[0] for error in errors]
    assert Summary(TODAY, config(), sections).subject == subject


def test_the_summary_speaks_russian_by_russian_rules() -> None:
    text = summary.as_text(night(rules=config("based_on: ru")))
    assert text.startswith(
        "clientbase: База клиентов на 21.11.2026\n  просрочено: 1, на сегодня: 2"
    )
    assert "  Сегодня ни с кем связываться не нужно." in text
    assert '<html lang="ru">' in writing.as_html(night(rules=config("based_on: ru")))


def test_many_other_workbooks_are_counted_not_listed() -> None:
    made = night()
    made.left = [Path(f"{number}.xlsx") for number in range(12)]
    assert made.left_alone().endswith("8.xlsx, 9.xlsx and 2 more")


def test_only_their_owner_may_read_the_files_and_a_new_summary_replaces_the_old(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        paths = writing.write(night(), tmp_path / "new")
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600, 0o600]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "clientbase-nightly.html",
        "clientbase-nightly.txt",
    ]
