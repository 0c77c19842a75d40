"""A small, strict reader of vCard and iCalendar, which knows the two standards and nothing else.

It refuses what a careless program would let pass: bare line feeds, long lines, letters torn apart
by a fold, escapes that the standard doesn't know, blocks that don't close.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_OCTETS = 75
_LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=[^;:\"]*)*):(?P<value>.*)")
_ESCAPES = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n"}


class Line(NamedTuple):
    """One property: name, parameters, and the value as it stands there."""

    name: str
    parameters: dict[str, str]
    value: str


class Block(NamedTuple):
    """What stands between BEGIN and END."""

    name: str
    lines: list[Line]
    blocks: list[Block]

    def values(self, name: str) -> list[str]:
        """The values of all properties of this name, as they stand there."""
        return [line.value for line in self.lines if line.name == name]

    def text(self, name: str) -> str:
        """The text of the one property of this name; '' without any."""
        found = self.values(name)
        assert len(found) <= 1, f"{name} stands {len(found)} times"
        return unescaped(found[0]) if found else ""


def blocks(content: bytes) -> list[Block]:
    """The outermost blocks of a file."""
    whole = Block("", [], [])
    open_ = [whole]
    for line in _lines(content):
        if line.name == "BEGIN":
            block = Block(line.value, [], [])
            open_[-1].blocks.append(block)
            open_.append(block)
        elif line.name == "END":
            assert open_.pop().name == line.value
        else:
            open_[-1].lines.append(line)
    assert open_ == [whole]
    assert not whole.lines
    return whole.blocks


def _lines(content: bytes) -> list[Line]:
    if not content:
        return []
    assert content.endswith(b"\r\n")
    physical = content[:-2].split(b"\r\n")
    logical: list[str] = []
    for octets in physical:
        assert b"\r" not in octets
        assert b"\n" not in octets
        assert len(octets) <= MOST_OCTETS, octets
        text = octets.decode("utf-8")  # raises where a fold tore a letter apart
        if text.startswith(" "):
            logical[-1] += text[1:]
        else:
            logical.append(text)
    return [_line(text) for text in logical]


def _line(text: str) -> Line:
    match = _LINE.fullmatch(text)
    assert match, text
    pairs = [pair.partition("=") for pair in match["parameters"].split(";")[1:]]
    return Line(match["name"], {name: value for name, _, value in pairs}, match["value"])


def unescaped(value: str) -> str:
    """A text without its escapes."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), f"a bare , or ; in {value}"
    return _plain(value)


def parts(value: str) -> list[str]:
    """The parts of a structured value, such as ADR."""
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    pieces = re.findall(r"\\.|[^\\]", value, re.DOTALL)
    assert "".join(pieces) == value, f"a lone \\ in {value}"
    return "".join(_ESCAPES[piece] if piece.startswith("\\") else piece for piece in pieces)
