"""The bytes of new cells."""

from collections.abc import Iterable, Sequence

from batch.book import NO_STYLE
from batch.cells import StoredValue, address, column_letters
from batch.xlsx.xmlbytes import coded, escaped


def written_cells(
    prefix: bytes,
    column: int,
    rows: Iterable[int],
    styles: Iterable[int],
    values: Sequence[StoredValue],
) -> list[bytes]:
    """The cells of one column; nothing for one that is blank and has no style.

    All that follows a cell's reference is made once for each value and style.
    """
    start = b'<%bc r="%b' % (prefix, column_letters(column).encode())
    ends: dict[tuple[int, StoredValue], bytes] = {(NO_STYLE, None): b""}
    cells = []
    for row, style, value in zip(rows, styles, values, strict=True):
        end = ends.get((style, value))
        if end is None:
            end = ends[style, value] = _end(prefix, style, value)
        cells.append(b"%b%d%b" % (start, row, end) if end else b"")
    return cells


def blank_cell(prefix: bytes, row: int, column: int) -> bytes:
    """A cell that has neither a value nor a style."""
    return b'<%bc r="%b"/>' % (prefix, address(row, column).encode())


def formula_cell(prefix: bytes, row: int, column: int, style: int, formula: bytes) -> bytes:
    """A cell with a *formula*, as it is written in a part, and no result yet."""
    p, look = prefix, b"" if style == NO_STYLE else b' s="%d"' % style
    where = address(row, column).encode()
    return b'<%bc r="%b"%b><%bf>%b</%bf></%bc>' % (p, where, look, p, formula, p, p)


def _end(p: bytes, style: int, value: StoredValue) -> bytes:
    """A cell's bytes from the end of its reference on."""
    start = b'"' if style == NO_STYLE else b'" s="%d"' % style
    if value is None:
        return start + b"/>"
    if not isinstance(value, str):
        return b"%b><%bv>%b</%bv></%bc>" % (start, p, decimals(value), p, p)
    space = b' xml:space="preserve"' if keeps_space(value) else b""
    inner = b"<%bis><%bt%b>%b</%bt></%bis>" % (p, p, space, escaped(coded(value)), p, p)
    return b'%b t="inlineStr">%b</%bc>' % (start, inner, p)


def decimals(value: float) -> bytes:
    """The shortest decimal that is read as the same number: 3.0 gives 3."""
    if float(value).is_integer() and abs(value) < 1e15:
        return b"%d" % int(value)
    return repr(float(value)).encode()


def keeps_space(text: str) -> bool:
    """Whether XML must be told to keep the blanks of a text."""
    return text != text.strip() or "\n" in text or "\t" in text or "  " in text
