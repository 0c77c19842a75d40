"""Hostile configurations: each is read as a `Config` or refused with a list of problems, in bounded
time and memory.
"""

from __future__ import annotations

import itertools
import random
import tracemalloc

import pytest

from rules.config.loading import ConfigError, load_config
from rules.config.settings import Config
from rules.config.yaml_text import MAX_CHARACTERS
from tests.bases import shipped

ROUNDS = 400
MANY = MAX_CHARACTERS - 100
ANCHORS = "anchors and aliases (& and *) are not allowed"
TAGS = "tags are not allowed; a text that begins with '!' needs quotes"
DEEP = "nested deeper than 20 levels"


def laughs(count: int = 9) -> str:
    lines = ["a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    names = "abcdefghijklmnop"[: count + 1]
    for before, name in itertools.pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


def refusal(text: str | bytes) -> str:
    """What is said of a configuration that can't be used."""
    with pytest.raises(ConfigError) as caught:
        load_config(text, shipped())
    assert str(caught.value).startswith("config.yaml has ")
    assert len(caught.value.problems) <= 100
    assert all(len(problem.message) < 3000 for problem in caught.value.problems)
    return str(caught.value)


REFUSED = [
    ("aliases that explode", laughs(), ANCHORS),
    ("an anchor that holds itself", "gifts: &g {list: [*g]}", ANCHORS),
    ("an alias without an anchor", "year: *nothing", ANCHORS),
    ("a merge key", "year:\n  <<: {basis: calendar}\n", "unknown key"),
    ("a merge key with an alias", "year: &y {basis: calendar}\nabc:\n  <<: *y\n", ANCHORS),
    ("10,000 brackets", "gifts: " + "[" * 10_000, DEEP),
    ("10,000 brackets that are closed", "gifts: " + "[" * 10_000 + "]" * 10_000, DEEP),
    ("10,000 braces", "gifts: " + "{a: " * 10_000, DEEP),
    ("10,000 dashes", "gifts:\n  " + "- " * 10_000 + "a", DEEP),
    ("10,000 indents", "".join(" " * n + "a:\n" for n in range(700)), DEEP),
    ("100,000 question marks", "? " * 100_000, DEEP),
    ("a tag that calls a program", "home_city: !!python/object/apply:os.system ['echo']", TAGS),
    ("a tag that makes an object", "home_city: !!python/name:os.system x", TAGS),
    ("a binary tag", "home_city: !!binary aGVsbG8=", TAGS),
    ("an unknown tag", "home_city: !secret x", TAGS),
    ("a tag of another language", "home_city: !<tag:yaml.org,2002:js/function> x", TAGS),
    ("a tag directive", "%TAG ! tag:x,2000:\n---\nhome_city: !y x", "tags are not allowed"),
    ("a megabyte of text", "home_city: " + "x" * (1 << 20), "at most 262,144 are allowed"),
    ("a megabyte of keys", "".join(f"k{n}: 1\n" for n in range(150_000)), "at most 262,144 are allowed"),
    ("as many keys as are read", "".join(f"k{n:05}: 1\n" for n in range(MANY // 10)), "has more than 100 problems"),
    ("one key many times", "a: 1\n" * 5000, "the key 'a' stands here again"),
    ("many groups", "groups:\n" + "  - {name: x}\n" * 2000 + "  - {nam: x}", "did you mean 'name'?"),
    ("many empty groups", "groups: [" + "{}, " * 5000 + "]", "has more than 100 problems"),
    ("a key of a quarter of a megabyte", "k" * MANY + ": 1", "a colon stands where none can"),
    ("a long key in quotes", '? "' + "k" * MANY + '"\n: 1', "unknown key"),
    ("quotes that are never closed", "a: '" * 50_000, ""),
    ("many quotes", "home_city: " + "'" * (MANY // 2 * 2 + 1), "a quote opens here"),
    ("a text with many line ends", 'home_city: "' + "\\\n" * (MANY // 2), "a quote opens here"),
    ("a folded text of nothing", "home_city: >\n" + " \n" * (MANY // 2) + "\tx", ""),
    ("a NUL byte", b"home_city: x\0y", "expected lines of the form 'key: value'"),
    ("NUL bytes only", b"\0" * 1000, "a character that isn't text (U+0000)"),
    ("control characters", "home_city: \x1b[2J", "a character that isn't text (U+001B)"),
    ("many control characters", "\x07" * MANY, "a character that isn't text (U+0007)"),
    ("marks that turn the text around", "home_city: x\ufeffy", "a character that isn't text (U+FEFF)"),
    ("half a character", "home_city: x".encode("utf-16") + b"\x00", "this isn't UTF-8 text"),
    ("another encoding", "home_city: Пермь".encode("cp1251"), "this isn't UTF-8 text"),
    ("half a UTF-8 character", b"home_city: \xd0", "this isn't UTF-8 text"),
    ("a long whole number", "gifts: {horizon_days: 1" + "0" * 10_000 + "}", "gifts.horizon_days"),
    ("a long whole number for a limit", "limits: {clients: " + "9" * 10_000 + "}", "limits.clients"),
    ("a long decimal number", "gifts: {percent: 1" + "0" * 10_000 + "}", "too large, or has too many decimals"),
    ("a long fraction", "gifts: {percent: 0." + "0" * 10_000 + "1}", "too large, or has too many decimals"),
    ("a number of a million digits", "gifts: {percent: 1e999999}", "too large, or has too many decimals"),
    ("the smallest number", "gifts: {percent: 1e-999999}", "too large, or has too many decimals"),
    ("a number beyond all numbers", "gifts: {percent: 1e99999999999999999999}", "expected a number"),
    ("no number", "gifts: {percent: .nan}", "expected a number"),
    ("infinity", "gifts: {percent: .inf}", "expected a number"),
    ("Arabic digits", "gifts: {horizon_days: ١٢٣٤٥٦٧٨٩}", ""),
    ("a day of no month", "year: {basis: seminar, seminar_start: 99-99}", "expected month-day"),
    ("a date beyond the calendar", "year: {basis: seminar, seminar_start: 9999-99-99}", "expected month-day"),
    ("a day that never is", "holidays: [{day: 02-30, name: x}]", "expected month-day"),
    ("a format that looks like a pattern", "dates: {text_formats: ['(a+)+$']}", "dates.text_formats"),
    ("a format that is a long pattern", "dates: {text_formats: ['" + "(.*)*" * 5000 + "']}", "dates.text_formats"),
    ("a date format of many parts", "dates: {text_formats: [" + "dd.mm.yyyy " * 5000 + "]}", "dates.text_formats"),
    ("words in braces that reach into the program", "export: {sms: {other: '{name.__class__.__mro__}'}}", "export.sms.other"),
    ("a message that is padded to a gigabyte", "export: {sms: {other: '{name:>1000000000}'}}", "export.sms.other"),
    ("a message with half a brace", "export: {sms: {other: '{name'}}", "export.sms.other"),
    ("many documents", "---\na: 1\n" * 1000, "a second document"),
    ("only brackets", "[" * MANY, DEEP),
    ("only colons", ":" * MANY, ""),
    ("only dashes", "- " * (MANY // 2), DEEP),
    ("only tabs", "a:\n" + "\t\n" * 1000 + "\tb: 1", "a tab stands before the text"),
    ("many tabs", "a:\n" + "\tb: 1\n" * 5000, "a tab stands before the text"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_hostile_configuration_is_refused_with_its_problems(
    text: str | bytes, words: str
) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize("text", [laughs(), "a: " + "[" * MANY, "x" * (1 << 20), "a: 1\n" * 20_000])
def test_memory_is_bounded(text: str) -> None:
    tracemalloc.start()
    refusal(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 << 20


HARMLESS = [
    ("UTF-16", "home_city: Пермь".encode("utf-16")),
    ("UTF-16 without a mark", "home_city: Perm".encode("utf-16-le")),
    ("a long list", "no_words: [" + "x, " * 20_000 + "]"),
    ("a pattern as a word", "no_words: ['(a+)+$', '.*', '[']"),
    ("a date as a text", "home_city: 9999-99-99"),
    ("a number as a text", "home_city: 1e999999"),
    ("a long number as a text", "home_city: 1" + "0" * 10_000),
    ("a text that is nearly all of the file", "home_city: " + "x" * MANY),
    ("a tag within quotes", "home_city: '!!python/object:x'"),
    ("an alias within quotes", "home_city: '*a'"),
    ("many comments", "# x\n" * (MANY // 4)),
    ("many blank lines", "\n" * MANY),
]  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in HARMLESS], ids=[case[0] for case in HARMLESS])
def test_what_only_looks_hostile_is_read(text: str | bytes) -> None:
    assert isinstance(load_config(text, shipped()), Config)


PIECES = [
    "&a ", "*a", "!!int ", "!x ", "[", "]", "{", "}", ": ", "- ", "? ", "| ", "> ", "'", '"', "#", "%", "@", "`",
    "\t", "\n", "  ", "---\n", "...\n", "<<: ", "~", "null", "\0", "\x1b", "\ufeff", "\u2028", "\ud7ff", "😀",
    "0x1F", "1_000", "1e999", "-1", "99999999999999999999", ".inf", "2026-02-30", "12:30:45", "yes", "no",
    "{found}", "{0}", "{found!r:>9}", "dd.mm.yyyy", "'''", "\\x", "''", "x" * 300,
]  # fmt: skip


def is_read(text: str | bytes) -> bool:
    """Whether a configuration is one; anything but a list of problems is raised."""
    try:
        load_config(text, shipped())
    except ConfigError as error:
        return not error.problems
    return True


def mutated(chance: random.Random, text: str) -> str:
    """A configuration with one to five things wrong."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        lines = text.splitlines(keepends=True)
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        place = chance.randrange(len(text))
        match chance.randrange(8):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = " " * chance.randrange(9) + lines[at].lstrip()
            case 4:
                key, colon, _ = lines[at].partition(":")
                lines[at] = f"{key}{colon} {chance.choice(PIECES)}\n"
            case 5:
                lines = [text[:place], chance.choice(PIECES), text[place:]]
            case 6:
                lines = [text[:place], text[place + chance.choice((1, 5, 100)) :]]
            case _:
                lines[at : at + chance.randrange(20)] = []
        text = "".join(lines) or "\n"
    return text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_mutated_configuration_is_read_or_refused_with_its_problems(language: str) -> None:
    chance = random.Random(f"{language} 1")
    whole = f"based_on: {language}\n" + shipped()[language].replace(f"based_on: {language}\n", "")
    sound = 0
    for _ in range(ROUNDS // 2):
        sound += is_read(mutated(chance, whole))
    assert 0 < sound < ROUNDS // 2


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_configuration_of_mutated_bytes_is_read_or_refused(language: str) -> None:
    chance = random.Random(f"{language} 2")
    whole = shipped()[language].encode(chance.choice(("utf-8", "utf-16")))
    read = 0
    for _ in range(ROUNDS // 8):
        raw = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        cut = chance.choice((len(raw), chance.randrange(len(raw))))
        read += is_read(bytes(raw[:cut]))
    assert 0 < read < ROUNDS // 8
