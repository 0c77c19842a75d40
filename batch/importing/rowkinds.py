"""Which rows of a sheet are none: blank, headings once more, letters, sections, totals, footers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from batch.importing.dictionary import NAMES, plain, words
from batch.importing.layout import SourceLayout, heading_texts
from batch.importing.names import looks_like_name
from batch.importing.sheets import Cell, is_blank, text_of
from rules.reading.words import fold

RowKind = Literal["data", "heading", "letter", "section", "total", "footer"]
_WIDE: Final = 3
_SAME: Final = 0.7


def row_kinds(layout: SourceLayout) -> dict[int, RowKind]:
    """What each row below the headings is, by its position."""
    headings = heading_texts(layout.sheet, layout.headings)
    kinds = {at: _kind(layout, at, headings) for at in layout.data}
    last = max((at for at, kind in kinds.items() if kind in {"data", "total"}), default=-1)
    return {at: "footer" if kind == "section" and at > last else kind for at, kind in kinds.items()}


def _kind(layout: SourceLayout, at: int, headings: Sequence[str]) -> RowKind:
    row = layout.sheet.rows[at]
    filled = [cell for cell in row if not is_blank(cell)]
    same = sum(
        isinstance(cell, str) and fold(cell) == fold(head)
        for cell, head in zip(row, headings, strict=False)
        if isinstance(cell, str) and cell[:1].casefold() == head[:1].casefold()
    )
    if len(filled) > 1 and same >= len(filled) * _SAME:
        return "heading"
    first = next((one for one in filled if isinstance(one, str)), None)
    if first is not None and is_total(first):
        return "total"
    names = [layout.sheet.cell(at, one.at) for one in layout.columns if one.role in NAMES]
    if any(isinstance(one, str) and is_total(one) for one in names):
        return "total"
    if len(filled) == 1 and len(layout.columns) >= _WIDE:
        return _of_one_cell(layout, at, filled[0], names)
    return "data"


def _of_one_cell(layout: SourceLayout, at: int, cell: Cell, names: Sequence[Cell]) -> RowKind:
    text, number = text_of(cell), layout.sheet.numbers[at]
    if len(text.strip(" .-–—")) == 1 and text.strip(" .-–—").isalpha():
        return "letter"
    is_merged = any(one.first_row == number and one.columns >= _WIDE for one in layout.sheet.merged)
    is_a_name = cell in names and looks_like_name(text) and not is_merged
    return "data" if is_a_name else "section"


@lru_cache(maxsize=50_000)
def is_total(text: str) -> bool:
    """Whether a text begins with a word for totals."""
    key = plain(text)
    return any(key == one or key.startswith(f"{one} ") for one in words("totals"))
