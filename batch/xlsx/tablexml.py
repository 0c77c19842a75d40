"""A table's part, widened by columns: references, counts and new columns, nothing else."""

from collections.abc import Sequence
from dataclasses import replace

from batch.xlsx.refs import CellRange
from batch.xlsx.xmlbytes import (
    Edit,
    Element,
    XmlError,
    coded,
    edited,
    escaped,
    root_tag,
    siblings,
    whole_number,
)


def widened(data: bytes, headings: Sequence[str]) -> bytes:
    """The table part with the headings as further columns at its right end.

    Changed are the table's ``ref``, that of its own ``autoFilter``, the count of columns, and
    the columns are appended with fresh ids. Raises XmlError when the part isn't a table's.
    """
    root = root_tag(data)
    elements = {one.local: one for one in siblings(data, root.opened, root.closing)}
    columns = elements.get("tableColumns")
    if root.local != "table" or columns is None or columns.is_empty:
        raise XmlError("it describes no table")
    known = list(columns.children())
    edits = [_wider(root, len(headings))]
    if "autoFilter" in elements and "ref" in elements["autoFilter"].places:
        edits.append(_wider(elements["autoFilter"], len(headings)))
    if "count" in columns.places:
        edits.append(Edit(*columns.places["count"], b"%d" % (len(known) + len(headings))))
    name = known[0].name if known else columns.name.removesuffix(b"s")
    first = max((_identity(one) for one in known), default=0) + 1
    new = b"".join(
        b'<%b id="%d" name="%b"/>' % (name, identity, escaped(column_name(heading)))
        for identity, heading in enumerate(headings, first)
    )
    edits.append(Edit(columns.closing, columns.closing, new))
    return edited(data, edits)


def column_name(heading: str) -> str:
    """A heading as the table part writes it: line feeds and literal codes escaped."""
    return coded(heading).replace("\n", "_x000a_").replace("\t", "_x0009_")


def _wider(element: Element, columns: int) -> Edit:
    """The edit that widens an element's ``ref`` to the right."""
    try:
        ref = CellRange.parse(element.get("ref") or "")
    except ValueError as error:
        raise XmlError(str(error)) from None
    wider = replace(ref, last_column=ref.last_column + columns)
    return Edit(*element.places["ref"], str(wider).encode())


def _identity(element: Element) -> int:
    return whole_number(element.get("id") or "0") or 0
