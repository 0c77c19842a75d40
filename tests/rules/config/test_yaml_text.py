from __future__ import annotations

import pytest

from rules.config import yaml_text
from rules.config.yaml_text import MAX_CHARACTERS, MAX_DEPTH, Block, Items, Mark, Mistake


def only_mistake(text: str) -> tuple[int, int, str]:
    """The one mistake in *text*."""
    _, mistakes = yaml_text.read(text)
    assert len(mistakes) == 1, mistakes
    (line, column), message = mistakes[0]
    return line, column, message


QUOTES = "a text that begins with '*' or '&' needs quotes"
NEIGHBOURS = "this doesn't fit its neighbours: look at the blanks before it, and whether a quote, a '-' or a ':' is missing here or in the line above"
COLON = "a colon stands where none can: put a text with a colon into quotes, leave a blank after '-', or look whether the line above misses its colon"
ANCHORS = "anchors and aliases (& and *) are not allowed; put the text into quotes"

MISTAKES = [
    # tabs
    ("a:\n\tb: 1", 2, 1, "a tab stands before the text; indent with blanks instead"),
    ("a:\n  b: 1\n  \tc: 2", 3, 3, "a tab stands before the text; indent with blanks instead"),
    ("a: [1,\n\t2]", 2, 1, "a tab stands before the text; indent with blanks instead"),
    ("a:\n  b: 1\n\t\t\tc: 2", 3, 1, "a tab stands before the text; indent with blanks instead"),
    # what makes YAML files explode
    ("a: &x 1", 1, 4, ANCHORS),
    ("a: *x", 1, 4, ANCHORS),
    ("a: *", 1, 5, QUOTES),
    ("a: &", 1, 5, QUOTES),
    ("a: !!int 1", 1, 4, "tags are not allowed; a text that begins with '!' needs quotes"),
    ("a: !!python/object/apply:os.system [x]", 1, 4, "tags are not allowed; a text that begins with '!' needs quotes"),
    ("a: !x!y 1", 1, 4, "a text that begins with '!' needs quotes"),
    ("a: 1\n---\nb: 2", 2, 1, "a second document ('---') begins; one is allowed"),
    ("---\n---\nb: 2", 2, 1, "a second document ('---') begins; one is allowed"),
    ("a: " + "[" * 5000, 1, 3 + MAX_DEPTH, f"nested deeper than {MAX_DEPTH} levels"),
    ("a: " + "{b: " * 50 + "1" + "}" * 50, 1, 4 + 4 * (MAX_DEPTH - 1), f"nested deeper than {MAX_DEPTH} levels"),
    ("# " + "x" * 1024 * 1024, 1, 1, "the file has 1,048,578 characters, at most 262,144 are allowed"),
    # keys
    ("a: 1\nb: 2\na: 3", 3, 1, "the key 'a' stands here again (first: line 1); keep one of them"),
    ("a: {b: 1, b: 1}", 1, 11, "the key 'b' stands here again (first: line 1); keep one of them"),
    ("? [a]\n: b", 1, 3, "the word before the colon is missing, or isn't a word"),
    ("'': b", 1, 1, "the word before the colon is missing, or isn't a word"),
    ("~: b", 1, 1, "the word before the colon is missing, or isn't a word"),
    # not a file of keys
    ("# list\n- a\n- b", 2, 1, "expected lines of the form 'key: value'"),
    ("hello", 1, 1, "expected lines of the form 'key: value'"),
    ("key:value", 1, 1, "expected lines of the form 'key: value'"),
    # what the parser can't read
    ("a: b: c", 1, 5, COLON),
    ("a\nb: c", 2, 2, COLON),
    ("a: 1\nb 2\nc: 3", 2, 1, "this line has no colon; write 'key: value', with a blank after the colon"),
    ("a: - b", 1, 4, "a '-' may only begin a line of its own"),
    ("a:\n  b: 1\n c: 2", 3, 2, NEIGHBOURS),
    ("a:\n  - b\n  c: d", 3, 3, NEIGHBOURS),
    ("a: 'b' c", 1, 8, NEIGHBOURS),
    ("x: 1\na: 'it's'", 2, 8, NEIGHBOURS),
    ("a: 1\nb: 'never closed\nc: 2\n", 2, 4, "a quote opens here and is never closed"),
    ('a: "\n---\n"', 1, 4, "a quote opens here and is never closed"),
    ('a: "C:\\Users"', 1, 9, "in double quotes a backslash needs another one before it; or use single quotes"),
    ('a: "\\q"', 1, 5, "in double quotes a backslash needs another one before it; or use single quotes"),
    ("a: [1, 2\nb: 3", 2, 2, "a comma, ']' or '}' is missing before this; the bracket opens in line 1"),
    ("x: 1\na: {b: 1 c: 2}", 2, 11, "a comma, ']' or '}' is missing before this; the bracket opens in line 2"),
    ("a: ]", 1, 4, "a text that begins with this needs quotes, or a bracket above isn't closed"),
    ("a: @home", 1, 4, "a text that begins with this character needs quotes"),
    ("a: 100\nb: %", 2, 4, "a text that begins with this character needs quotes"),
    ("a: |x", 1, 5, "a text that begins with '|' or '>' needs quotes"),
    ("a: 1\n...\nb: 2", 3, 1, "the file ends before this; look for a stray bracket, brace or '...' above"),
    ("%YAML 3.0\n---\na: 1", 1, 1, "a line can't begin with '%'"),
    # no text at all
    ("a: b\x00", 1, 5, "a character that isn't text (U+0000); delete it"),
    ("a: 1\nb: \ud800", 2, 4, "a character that isn't text (U+D800); delete it"),
    ("a: 1\nb: x\ufeff", 2, 5, "a character that isn't text (U+FEFF); delete it"),
    ("a: \x1b[0m", 1, 4, "a character that isn't text (U+001B); delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message"), MISTAKES)
def test_each_mistake_is_named_at_its_line_and_column(
    text: str, line: int, column: int, message: str
) -> None:
    assert only_mistake(text) == (line, column, message)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(line_end: str) -> None:
    text = "a: 1\nb: x\u2028y\x85z\nc: 2\nc: 3\n".replace("\n", line_end)
    assert only_mistake(text)[:2] == (4, 1)


def test_columns_count_characters_not_bytes() -> None:
    assert only_mistake("ключ: {😀: 1, 😀: 2}")[:2] == (1, 14)


def test_an_alias_bomb_is_refused_without_being_unfolded() -> None:
    text = "a: &a [x]\n" + "".join(
        f"k{n}: &k{n} [{', '.join(['*' + ('a' if n == 0 else f'k{n - 1}')] * 9)}]\n"
        for n in range(30)
    )
    _, mistakes = yaml_text.read(text)
    assert len(mistakes) == 1 + 30 * 10
    assert {mistake.message for mistake in mistakes} == {ANCHORS}


def test_behind_other_mistakes_an_unreadable_text_is_not_complained_about() -> None:
    assert only_mistake("a: 1\n\tb: 1\nc: 2\n")[:2] == (2, 1)


def test_mistakes_that_can_be_read_past_are_all_collected() -> None:
    _, mistakes = yaml_text.read("a: *x\nb: !!int 2\na: 3\n")
    assert [mistake.mark.line for mistake in mistakes] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    ["a:\t1", "a: 1\n\t\nb: 2", "a: 1\n\t# words\n", "a: 'x\ty'", "a: 1 # \t words"],
)
def test_a_tab_that_indents_nothing_is_harmless(text: str) -> None:
    assert yaml_text.read(text)[1] == []


def test_the_largest_text_that_is_allowed_is_read() -> None:
    text = "a: " + "x" * (MAX_CHARACTERS - 3)
    assert yaml_text.read(text)[1] == []
    assert yaml_text.read(text + "x")[1] == [
        Mistake(Mark(1, 1), "the file has 262,145 characters, at most 262,144 are allowed")
    ]


def test_every_value_stays_the_text_that_was_typed() -> None:
    text = "a: no\nb: 07-01\nc: 0\nd: 'yes'\ne: 1e3\nf: 2024-01-01\ng: 0x10\nh: .inf\ni: null\nj: 'null'\nk: ~\nl:\nm: ''\nn: true"
    tree, mistakes = yaml_text.read(text)
    assert mistakes == []
    assert tree == {
        "a": "no", "b": "07-01", "c": "0", "d": "yes", "e": "1e3", "f": "2024-01-01", "g": "0x10",
        "h": ".inf", "i": None, "j": "null", "k": None, "l": None, "m": "", "n": "true",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n", "# words", "---", "\ufeff", "~"])
def test_nothing_gives_an_empty_tree_and_no_mistake(text: str) -> None:
    assert yaml_text.read(text) == ({}, [])


def test_blocks_and_lists_remember_where_they_stand() -> None:
    tree, _ = yaml_text.read("a: 1\nb:\n  - x\n  - {c: 2}\n")
    items = tree["b"]
    assert isinstance(items, Items)
    assert items.values_at == [Mark(3, 5), Mark(4, 5)]
    inner = items[1]
    assert isinstance(inner, Block)
    assert inner.keys_at == {"c": Mark(4, 6)}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("b", 1, "c"), (Mark(4, 6), 3)),
        (("b", 1, "d"), (Mark(4, 5), 2)),
        (("b", 7), (Mark(2, 1), 1)),
        (("b", "c"), (Mark(2, 1), 1)),
        (("z", "c"), (None, 0)),
        ((), (None, 0)),
    ],
)
def test_a_path_is_followed_as_far_as_the_text_goes(
    path: yaml_text.Path, found: tuple[Mark | None, int]
) -> None:
    tree, _ = yaml_text.read("a: 1\nb:\n  - x\n  - {c: 2}\n")
    assert yaml_text.locate(tree, path) == found


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("groups", 0), "groups.VIP"),
        (("groups", 1), "groups 2"),
        (("groups", 5), "groups 6"),
        (("groups", 1, "when"), "groups 2, when"),
        (("abc", "bounds"), "abc.bounds"),
        (("contacts", "rules", 0, "dates", 1), "contacts.rules.after_class.dates 2"),
        (("contacts", "rules", 0, "months", "VIP"), "contacts.rules.after_class.months.VIP"),
    ],
)
def test_an_entry_is_shown_as_it_is_looked_up(path: yaml_text.Path, shown: str) -> None:
    tree, _ = yaml_text.read(
        "groups: [{name: VIP}, {when: 1}]\ncontacts: {rules: [{rule: after_class, dates: [1, 2]}]}"
    )
    assert yaml_text.shown_entry(tree, path) == shown


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"a", "a"),
        ("ё: 1".encode(), "ё: 1"),
        (b"\xef\xbb\xbfa: 1", "a: 1"),
        (b"\xff\xfea\0", "a"),
        (b"\xfe\xff\0a", "a"),
        ("ё: 1".encode("utf-16-le"), "ё: 1"),
        ("ё: 1".encode("utf-16-be"), "ё: 1"),
    ],
)
def test_unicode_files_are_decoded(raw: bytes, text: str) -> None:
    assert yaml_text.decode(raw) == text


@pytest.mark.parametrize("raw", ["Пермь".encode("cp1251"), b"\xff\xfea", b"\0"])
def test_other_files_are_not_decoded(raw: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        yaml_text.decode(raw)


def test_long_texts_are_cut_in_messages() -> None:
    assert yaml_text.brief("a\n b") == "a b"
    assert yaml_text.brief("x" * 61) == "x" * 57 + "..."
