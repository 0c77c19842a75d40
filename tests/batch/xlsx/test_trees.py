"""The quick way of reading shared texts gives what the tree of the part gives, or gives way."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.errors import Damaged, WorkbookRefused
from batch.xlsx import trees
from batch.xlsx.trees import shared_texts

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PATH = Path("base.xlsx")


def part(items: str, head: str = HEAD, end: str = "</sst>") -> bytes:
    return f'{head}<sst xmlns="{NAMESPACE}" count="9" uniqueCount="9">{items}{end}'.encode()


def item(text: str, more: str = "") -> str:
    return f"<si><t{more}>{text}</t></si>"


PLAIN = [
    "",
    item("ID") + item("Анна") + item(""),
    item(" a \n b ", ' xml:space="preserve"')
    + "\n  "
    + item("Smith &amp; &lt;Co&gt; &quot;&apos;"),
    item("a\r\nb\rc") + item("_x0041__x005F_x0042_") + item("😀\t"),
]
OTHER = [
    item("&#1072;"),
    "<si><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r><rPh sb='0' eb='1'><t>c</t></rPh></si>",
    "<si/><si></si>",
    "<si><t/></si>",
    item("a") + "<!-- a comment -->" + item("b"),
    "<si><t xml:space='preserve'>a</t></si>",
    "<si> <t>a</t></si>",
]
BROKEN = [
    item("a & b"),
    item("a\x01b"),
    item("a]]>b"),
    "<si><t>a</si>",
    item("a") + "</sst><sst>",
    item("&unknown;"),
]


@pytest.mark.parametrize("items", PLAIN)
def test_plain_texts_are_read_quickly_and_like_the_tree(
    items: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = part(items)
    with monkeypatch.context() as slow:
        slow.setattr(trees, "_plain_texts", lambda _data: None)
        expected = shared_texts(PATH, "xl/sharedStrings.xml", data)
    monkeypatch.setattr(trees, "parse_xml", None)
    assert shared_texts(PATH, "xl/sharedStrings.xml", data) == expected


@pytest.mark.parametrize("items", OTHER)
def test_whatever_isnt_plain_is_left_to_the_tree(items: str) -> None:
    assert trees._plain_texts(part(items)) is None  # noqa: SLF001 — which way was taken
    assert shared_texts(PATH, "xl/sharedStrings.xml", part(items)) is not None


@pytest.mark.parametrize("items", BROKEN)
def test_broken_texts_are_refused(items: str) -> None:
    with pytest.raises(Damaged, match="no well-formed XML"):
        shared_texts(PATH, "xl/sharedStrings.xml", part(items))


@pytest.mark.parametrize(
    "data",
    [
        part(item("a"), head=HEAD + '<!DOCTYPE sst [<!ENTITY b "c">]>'),
        part(item("a"), head='<?xml version="1.0" encoding="UTF-16"?>'),
        part(item("a")).replace(b"a</t>", b"\xff</t>"),
        part(item("a"), end=""),
        b"",
    ],
)
def test_other_encodings_entities_and_halves_are_refused(data: bytes) -> None:
    with pytest.raises(WorkbookRefused):
        shared_texts(PATH, "xl/sharedStrings.xml", data)
