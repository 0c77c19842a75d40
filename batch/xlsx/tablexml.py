"""A table's part, widened by columns or lengthened by rows: what that changes, nothing else."""

from collections.abc import Sequence
from dataclasses import replace

from batch.cells import CellRange
from batch.xlsx.xmlbytes import (
    Element,
    Splice,
    XmlError,
    coded,
    edited,
    escaped,
    root_tag,
    siblings,
    whole_number,
)
from words import _


def widened(data: bytes, headings: Sequence[str]) -> bytes:
    """The table part with the headings as further columns at its right end.

    Changed are the table's ``ref``, that of its own ``autoFilter``, the count of columns, and
    the columns are appended with fresh ids. Raises XmlError when the part isn't a table's.
    """
    root = root_tag(data)
    elements = {one.local: one for one in siblings(data, root.opened, root.closing)}
    columns = elements.get("tableColumns")
    if root.local != "table" or columns is None or columns.is_empty:
        raise XmlError(_("it describes no table"))
    known = list(columns.children())
    edits = [_wider(root, len(headings))]
    if "autoFilter" in elements and "ref" in elements["autoFilter"].places:
        edits.append(_wider(elements["autoFilter"], len(headings)))
    if "count" in columns.places:
        edits.append(Splice(*columns.places["count"], b"%d" % (len(known) + len(headings))))
    name = known[0].name if known else columns.name.removesuffix(b"s")
    first = max((_identity(one) for one in known), default=0) + 1
    new = b"".join(
        b'<%b id="%d" name="%b"/>' % (name, identity, escaped(column_name(heading)))
        for identity, heading in enumerate(headings, first)
    )
    edits.append(Splice(columns.closing, columns.closing, new))
    return edited(data, edits)


def lengthened(data: bytes, last_row: int) -> bytes:
    """The table part with a range that ends with the row *last_row*, as does its filter's.

    Raises XmlError when the part isn't a table's.
    """
    root = root_tag(data)
    elements = {one.local: one for one in siblings(data, root.opened, root.closing)}
    if root.local != "table":
        raise XmlError(_("it describes no table"))
    edits = [_moved(root, last_row=last_row)]
    if "autoFilter" in elements and "ref" in elements["autoFilter"].places:
        edits.append(_moved(elements["autoFilter"], last_row=last_row))
    return edited(data, edits)


def calculated(data: bytes) -> dict[int, bytes]:
    """The formulas of a table's calculated columns, as they are written, by the place of the column
    (from 0); those of array formulas are left out.

    Raises XmlError when the part isn't a table's.
    """
    root = root_tag(data)
    elements = {one.local: one for one in siblings(data, root.opened, root.closing)}
    columns = elements.get("tableColumns")
    if root.local != "table" or columns is None:
        raise XmlError(_("it describes no table"))
    found = {}
    for place, column in enumerate(columns.children()):
        for one in column.children():
            if one.local == "calculatedColumnFormula" and one.get("array") is None:
                found[place] = data[one.opened : one.closing]
    return found


def column_name(heading: str) -> str:
    """A heading as the table part writes it: line feeds and literal codes escaped."""
    return coded(heading).replace("\n", "_x000a_").replace("\t", "_x0009_")


def _wider(element: Element, columns: int) -> Splice:
    """The edit that widens an element's ``ref`` to the right."""
    return _moved(element, last_column=_range(element).last_column + columns)


def _moved(element: Element, **corner: int) -> Splice:
    """The edit that moves the last corner of an element's ``ref``."""
    return Splice(*element.places["ref"], str(replace(_range(element), **corner)).encode())


def _range(element: Element) -> CellRange:
    try:
        return CellRange.parse(element.get("ref") or "")
    except ValueError as error:
        raise XmlError(str(error)) from None


def _identity(element: Element) -> int:
    return whole_number(element.get("id") or "0") or 0
