"""Looks that cells have by what they hold: of the grey columns, in whatever workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from types import MappingProxyType

from batch.cells import CellRange, column_letters
from batch.edits import CellMark, Marked
from batch.formulas.figures import text_literal
from rules.config.settings import Config
from rules.model.declarations import Column, Sheet
from words import _

GREY, LIGHT_GREY = "#D9D9D9", "#F2F2F2"
RED, AMBER, BLACK = "#C00000", "#FFD966", "#000000"

HERS, QUIET = "#FFF8E1", "#6B6B6B"
_LISTED = MappingProxyType(
    {
        "late": CellMark("", "", GREY, RED, is_bold=True),
        "hers": CellMark("", HERS, GREY),
        "pale": CellMark("", "", GREY, QUIET),
        "lit": CellMark("", AMBER, GREY),
        "total": CellMark("", "", GREY, BLACK, is_bold=True),
    }
)
"""How the looks that sheets with lists declare are drawn in a workbook of hers."""
_LIST_ROWS = 5000
_FILTER_ROOM = 3

_STICKERS = MappingProxyType(
    {
        ("yellow", "жёлтый"): "#FFE699",
        ("orange", "оранжевый"): "#F8CBAD",
        ("red", "красный"): "#F4A6A6",
        ("pink", "розовый"): "#F9C9DE",
        ("violet", "фиолетовый"): "#D9C7EC",
        ("blue", "голубой"): "#BDD7EE",
        ("green", "зелёный"): "#C6E0B4",
        ("brown", "коричневый"): "#E0C8AC",
        ("grey", "серый"): "#D0D0D0",
    }
)
STICKERS = MappingProxyType({word: code for words, code in _STICKERS.items() for word in words})
"""The colours of stickers, pale enough for black letters on them."""


def colours(column: Column, config: Config) -> dict[str, str]:
    """The colour of each word of a grey column that has one."""
    found = {} if column.colours is None else column.colours(config)
    return {word: STICKERS[sticker] for word, sticker in found.items()}


def marked_list(
    declared: Sheet, numbers: Mapping[str, int], header_row: int, config: Config
) -> Iterator[Marked]:
    """The looks of a list in a workbook of hers; numbers: its columns by key."""
    cells = {key: f"${column_letters(number)}{header_row + 1}" for key, number in numbers.items()}
    above = {
        f"above_{key}": f"${column_letters(number)}{header_row}" for key, number in numbers.items()
    }
    row = f'{next(iter(cells.values()))}&{next(reversed(cells.values()))}<>""'
    for column in declared.columns:
        if column.key not in numbers:
            continue
        number, marks = numbers[column.key], []
        shades = colours(config.rooms.columns[column.like], config) if column.like else {}
        for word, colour in shades.items():
            marks.append(CellMark(f"{cells[column.key]}={text_literal(word)}", colour, GREY))
        for look in declared.looks:
            needed = {name for _text, name, *_rest in Formatter().parse(look.formula) if name}
            is_there = needed - {"text"} <= cells.keys() | above.keys()
            is_there &= {look.first, look.last} <= cells.keys() and look.style in _LISTED
            if is_there and numbers[look.first] <= number <= numbers[look.last]:
                text = text_literal(_(look.text)) if look.text else ""
                formula = look.formula.format(**cells, **above, text=text)
                marks.append(_LISTED[look.style]._replace(formula=formula))
        marks.append(CellMark(row, "", GREY))
        heading = f'${column_letters(number)}${header_row}<>""'
        grey = CellMark(heading, "" if column.is_hers else GREY, GREY, BLACK, is_bold=True)
        yield Marked(CellRange(header_row, number, header_row, number), (grey,))
        yield Marked(
            CellRange(header_row + 1, number, header_row + _LIST_ROWS, number), tuple(marks)
        )


def fitting_width(column: Column, heading: str, config: Config) -> float:
    """The width of a grey column that a workbook of hers gets: its heading shows, with the arrow of
    a filter, and so does each of the words that it may hold.
    """
    words = () if column.words is None else column.words(config)
    return max(column.width, len(heading) + _FILTER_ROOM, *(len(word) + 1 for word in words), 0)


def marked_column(
    column: Column, number: int, area: tuple[int, int, int], beside: int, config: Config
) -> Iterator[Marked]:
    """The looks of a grey column in a workbook of hers: its heading, and its cells where anything
    stands in the column *beside*.

    area: the rows of the heading, of the first and of the last cell.
    """
    header_row, first, last = area
    letters = column_letters(number)
    heading = CellMark(f'${letters}${header_row}<>""', GREY, GREY, BLACK, is_bold=True)
    yield Marked(CellRange(header_row, number, header_row, number), (heading,))
    cell = f"${letters}{first}"
    marks = [
        CellMark(f"{cell}={text_literal(word)}", colour, GREY)
        for word, colour in colours(column, config).items()
    ]
    if column.role == "due":
        due = "AND(ISNUMBER({cell}),{cell}{sign}TODAY())"
        marks.append(CellMark(due.format(cell=cell, sign="<"), LIGHT_GREY, GREY, RED, is_bold=True))
        marks.append(CellMark(due.format(cell=cell, sign="="), AMBER, GREY, is_bold=True))
    marks.append(CellMark(f'${column_letters(beside)}{first}<>""', LIGHT_GREY, GREY))
    yield Marked(CellRange(first, number, last, number), tuple(marks))
