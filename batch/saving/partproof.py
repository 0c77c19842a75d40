"""What a run may change in the small parts of a workbook: its tables, its cell formats, and what
declares the first ones. It is a part of the proof (`batch.saving.proof`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from batch.cells import CellRange
from batch.saving.elements import Cut, FoundElement, children, elements, first_difference
from batch.saving.sheetproof import DiffersError
from words import _

_STYLES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_DATE_FORMAT: Final = (
    b'<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
)
_FIRST: Final = {
    "fonts": b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    b"</fonts>",
    "fills": b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>',
    "borders": b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
    b"</borders>",
    "cellStyleXfs": b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    b"</cellStyleXfs>",
    "cellXfs": b'<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + _DATE_FORMAT
    + b"</cellXfs>",
    "cellStyles": b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    b"</cellStyles>",
}
"""The lists with the first cell formats, in their order: the plain one and a short date."""
_LOOK: Final = re.compile(
    rb"""<(?P<p>(?:[\w.-]+:)?)dxf>
    (?:<(?P=p)font>(?:<(?P=p)b/>)?(?:<(?P=p)color\ rgb="FF[0-9A-F]{6}"/>)?</(?P=p)font>)?
    (?:<(?P=p)fill><(?P=p)patternFill>
    <(?P=p)bgColor\ rgb="FF[0-9A-F]{6}"/>
    </(?P=p)patternFill></(?P=p)fill>)?
    <(?P=p)border>
    (?:<(?P=p)(?P<side>left|right|top|bottom)\ style="hair">
    <(?P=p)color\ rgb="FF[0-9A-F]{6}"/>
    </(?P=p)(?P=side)>){4}
    </(?P=p)border></(?P=p)dxf>""",
    re.VERBOSE,
)
"""A look of the kind that runs add."""
_BEHIND: Final = ("dxfs", "tableStyles", "colors", "extLst")
_ORDER: Final = ("numFmts", *_FIRST, *_BEHIND)


def added_columns(old: bytes, new: bytes, last_row: int) -> int:
    """How many columns a table has more than before. It must reach down to *last_row*, or as far
    as before where that is further down.

    Raises DiffersError for all else.
    """
    was, now = elements(old), elements(new)
    added = _added(was, now, "tableColumns")
    for one in added:
        if one.attributes.keys() != {"id", "name"} or not one.is_bare([]):
            raise DiffersError(
                _("the new column '{name}' is more than a name"), name=one.attributes.get("name")
            )
    identities = [one.attributes.get("id") for one in now if one.name == "tableColumn"]
    if len(set(identities)) < len(identities):
        raise DiffersError(_("two columns have one number"))
    ranges = [[one for one in version if _has_range(one)] for version in (was, now)]
    for before, after in zip(*ranges, strict=False):
        _check_range(before.attributes["ref"], after.attributes["ref"], len(added), last_row)
    cuts = [_cuts(version, "tableColumns", more) for version, more in ((was, []), (now, added))]
    for cut, found in zip(cuts, ranges, strict=True):
        cut += [place for one in found for place in one.value("ref")]
    _check_rest(old, new, *cuts)
    return len(added)


def _has_range(element: FoundElement) -> bool:
    """Whether it says where the table, or its filter, stands."""
    is_filter = element.depth == 1 and element.name == "autoFilter"
    return (is_filter or element.depth == 0) and "ref" in element.attributes


def _check_range(old: str, new: str, columns: int, last_row: int) -> None:
    """Raise DiffersError unless a table's range reaches further to the right by its columns, and
    down to *last_row*, or as before where that is further down.
    """
    before = CellRange.parse(old)
    last_row = max(last_row, before.last_row)
    expected = replace(before, last_column=before.last_column + columns, last_row=last_row)
    if new != str(expected):
        raise DiffersError(
            _("the range is {new} in place of {expected}"), new=new, expected=expected
        )


def added_formats(old: bytes, new: bytes, *, with_looks: bool = False) -> int:
    """How many cell formats there are more than before. Raises DiffersError for all else.

    *with_looks*: there may also be more looks of conditional formats, of the kind that runs add.
    """
    was, now = elements(old), elements(new)
    if not _inside(was, "cellXfs"):
        return _first_formats(old, new)
    added = _added(was, now, "cellXfs")
    cuts = _cuts(was, "cellXfs", []), _cuts(now, "cellXfs", added)
    if with_looks:
        for its, more in zip(cuts, _looks(was, now), strict=True):
            its.extend(more)
    _check_rest(old, new, *cuts)
    return len(added)


def count_looks(styles: bytes) -> int:
    """How many looks of conditional formats there are."""
    return len(_inside(elements(styles), "dxfs"))


def _looks(was: Sequence[FoundElement], now: Sequence[FoundElement]) -> tuple[list[Cut], list[Cut]]:
    """What may differ in the list of the looks of conditional formats: its count, and what was
    added; all of it where it was missing or empty. Raises DiffersError.
    """
    stood = _inside(was, "dxfs")
    added = _inside(now, "dxfs")[len(stood) :]
    order = [_ORDER.index(one.name) for one in now if one.depth == 1 and one.name in _ORDER]
    if not added or order != sorted(order):
        return [], []
    for one in added:
        if not _LOOK.fullmatch(one.data, *one.whole):
            raise DiffersError(_("a look was added that is none of this program's"))
    if stood:
        _added(was, now, "dxfs")
        return _cuts(was, "dxfs", []), _cuts(now, "dxfs", added)
    lists = [
        [one.whole for one in found if (one.depth, one.name) == (1, "dxfs")] for found in (was, now)
    ]
    if _list(now, "dxfs").attributes != {"count": str(len(added))}:
        raise DiffersError(_("the list of looks counts wrongly"))
    return lists[0], lists[1]


def _first_formats(old: bytes, new: bytes) -> int:
    """How many cell formats a part has that had none: the lists that it needs for them are those
    that it had, or the first ones. Raises DiffersError for all else.
    """
    root = elements(old)[0]
    if root.opened == root.stop:
        opened = old[: root.opened].removesuffix(b"/>").rstrip()
        old = b"%b></%bstyleSheet>%b" % (opened, _prefix(root), old[root.opened :])
    was, now = elements(old), elements(new)
    cuts: tuple[list[Cut], list[Cut]] = [], []
    for name, plain in _FIRST.items():
        after = _list(now, name)
        if _inside(was, name):
            continue
        cuts[0].extend(one.whole for one in was if (one.depth, one.name) == (1, name))
        if new[slice(*after.whole)] == re.sub(rb"<(/?)", rb"<\1" + _prefix(root), plain):
            cuts[1].append(after.whole)
    order = [_ORDER.index(one.name) for one in now if one.depth == 1 and one.name in _ORDER]
    _check_rest(old, new, *(cuts if order == sorted(order) else ([], [])))
    return len(list(children(now, _list(now, "cellXfs"))))


def _prefix(element: FoundElement) -> bytes:
    """What stands before an element's name, with its colon."""
    return element.data[element.start + 1 : element.opened].partition(element.name.encode())[0]


# The part with the first cell formats -------------------------------------------------------


def check_new_formats(workbook: bytes, new: bytes) -> None:
    """Raise DiffersError unless a new part holds the first cell formats and nothing else.

    workbook: the part of the workbook, whose namespace it has.
    """
    root = elements(workbook)[0]
    prefix = _prefix(root).decode().removesuffix(":")
    namespace = root.attributes["xmlns:" + prefix if prefix else "xmlns"]
    expected = b"".join(
        (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            b'<styleSheet xmlns="%b">' % namespace.encode(),
            *_FIRST.values(),
            b"</styleSheet>",
        )
    )
    _check_rest(expected, new, [], [])


def check_type(old: bytes, new: bytes, name: str) -> None:
    """Raise DiffersError unless the types of the parts are those of before and that of the part
    *name*, of which none was told.
    """
    known = {one.attributes.get("PartName", "").casefold() for one in elements(old)}
    wanted = {"PartName": name, "ContentType": _STYLES}
    _check_one_more(old, new, "Override", {} if name.casefold() in known else wanted)


def check_pointer(old: bytes, new: bytes, target: str) -> None:
    """Raise DiffersError unless the workbook points to what it did, and to the part *target*."""
    was, now = elements(old), elements(new)
    kinds = {one.attributes.get("Type", "").rpartition("/") for one in was}
    kind = next(f"{start}/styles" for start, _, name in kinds if name == "worksheet")
    identity = list(children(now, now[0]))[-1].attributes.get("Id", "")
    wanted = {"Id": identity, "Type": kind, "Target": target}
    is_free = identity not in {one.attributes.get("Id") for one in was}
    _check_one_more(old, new, "Relationship", wanted if is_free else {})


def _check_one_more(old: bytes, new: bytes, name: str, attributes: dict[str, str]) -> None:
    """Raise DiffersError unless one element with these attributes stands behind all others."""
    now = elements(new)
    last = list(children(now, now[0]))[-1]
    is_wanted = (last.name, last.attributes, last.opened) == (name, attributes, last.stop)
    is_wanted &= _prefix(last) == _prefix(now[0])
    _check_rest(old, new, [], [last.whole] if is_wanted else [])


# Lists --------------------------------------------------------------------------------------


def _inside(found: Sequence[FoundElement], name: str) -> list[FoundElement]:
    """What stands in a list; nothing where there is none."""
    return [
        child
        for one in found
        if (one.depth, one.name) == (1, name)
        for child in children(found, one)
    ]


def _list(found: Sequence[FoundElement], name: str) -> FoundElement:
    """The element that lists columns or formats. Raises DiffersError."""
    for one in found:
        if one.depth == 1 and one.name == name:
            return one
    raise DiffersError(_("the element '{name}' is missing"), name=name)


def _added(
    was: Sequence[FoundElement], now: Sequence[FoundElement], name: str
) -> list[FoundElement]:
    """What a list has at its end beyond what it had. Raises DiffersError for a wrong count."""
    before, after = (list(children(found, _list(found, name))) for found in (was, now))
    count = _list(now, name).attributes.get("count")
    if count is not None and count != str(len(after)):
        raise DiffersError(
            _("the list '{name}' counts {count} entries in place of {found}"),
            name=name,
            count=count,
            found=len(after),
        )
    return after[len(before) :]


def _cuts(found: Sequence[FoundElement], name: str, added: Sequence[FoundElement]) -> list[Cut]:
    """What may differ in a list: its count, and what was added."""
    return [*_list(found, name).value("count"), *(one.whole for one in added)]


def _check_rest(old: bytes, new: bytes, old_cuts: Sequence[Cut], new_cuts: Sequence[Cut]) -> None:
    at = first_difference(old, new, old_cuts, new_cuts)
    if at >= 0:
        near = new[max(at - 30, 0) : at + 30].decode("utf-8", "replace")
        raise DiffersError(_("something was changed that should not be, near '{near}'"), near=near)
