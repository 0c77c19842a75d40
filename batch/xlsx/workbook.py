"""A workbook as its package describes it: sheets, tables, date system, shared texts."""

import re
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from lxml import etree

from batch import errors
from batch.book import (
    Bools,
    ExcelTable,
    Formulas,
    Ints,
    Place,
    ReadColumns,
    Worksheet,
    WrittenCells,
)
from batch.cells import LAST_COLUMN, LAST_ROW, CellRange, CellValue, parse_address, shown
from batch.edits import Change, Edit, Effect, Marked
from batch.xlsx import firstformats
from batch.xlsx.formulas import FormulaFinder
from batch.xlsx.package import USUAL_LIMITS, FileLimits, Package
from batch.xlsx.sheetedits import SheetEdits
from batch.xlsx.sheetxml import SheetXml
from batch.xlsx.styles import Styles
from batch.xlsx.trees import refused, shared_texts
from batch.xlsx.xmlbytes import XmlError, decoded
from words import _

if TYPE_CHECKING:
    from rules.config import settings

_PLACE = re.compile(r"('(?:[^']|'')+'|[^'!]+)!(\$?[A-Z]{1,3}\$?[0-9]{1,7})")
_MACROS = "vbaProject"
_MORE_THAN_CELLS = ("mergeCells", "drawing", "legacyDrawing", "picture", "oleObjects", "controls")
"""What a sheet without a value may still show."""


class Workbook:
    """An opened workbook; ``package`` is its file. Nothing in it is ever changed in place.

    ``names``: what the defined names of the whole workbook stand for, such as 'Start'!$B$6.
    """

    def __init__(self, package: Package) -> None:
        """Read the workbook part. Raises a kind of ``WorkbookRefused``."""
        self.package = package
        root = package.xml(package.main_part)
        name = etree.QName(root).localname
        self._namespace = etree.QName(root).namespace or ""
        if name != "workbook":
            found = _("its main part is '{name}'").format(name=name)
            raise errors.NotAWorkbook(package.path, found)
        properties = root.find("{*}workbookPr")
        self.date1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.names = {
            one.get("name", ""): one.text or ""
            for one in root.iter("{*}definedName")
            if "localSheetId" not in one.attrib
        }
        self._targets = package.relationships(package.main_part)
        self.sheets = self._find_sheets(root)
        self._edits: dict[str, SheetEdits] = {}
        self._changed: dict[str, SheetEdits] = {}
        self._done: tuple[list[WrittenCells], dict[str, int]] = [], {}
        self._ahead: dict[str, Future[bytes]] = {}
        self._xml: dict[str, SheetXml] = {}
        self._has_brackets: dict[str, bool] = {}
        self._tables: dict[str, list[ExcelTable]] = {}
        self.marked: dict[str, list[Marked]] = {}
        """The looks that were given, by the sheet's name."""

    @classmethod
    def open(cls, path: Path, limits: FileLimits = USUAL_LIMITS) -> Self:
        """Read and check the file at *path*. Raises like ``Package.open``."""
        return cls(Package.open(path, limits))

    def data(self, sheet: Worksheet) -> bytes:
        """The bytes of a sheet's part; it may be no XML that can be read."""
        read = self._xml.get(sheet.part)
        return self._read(sheet.part) if read is None else read.data

    def has_brackets(self, sheet: Worksheet) -> bool:
        """Whether a bracket stands in a sheet's part; without one no formula calls a function."""
        if sheet.part not in self._has_brackets:
            self._has_brackets[sheet.part] = b"(" in self.data(sheet)
        return self._has_brackets[sheet.part]

    def read_ahead(self, *names: str) -> None:
        """Begin to unpack the parts of these sheets, which goes on while others are read."""
        wanted = {name.strip().casefold() for name in names}
        pool = ThreadPoolExecutor()
        for sheet in self.sheets:
            if sheet.name.strip().casefold() in wanted:
                self._ahead[sheet.part] = pool.submit(self.package.read, sheet.part)
        pool.shutdown(wait=False)

    def forget(self, sheet: Worksheet) -> None:
        """Free what was read of a sheet's part: of a full sheet hundreds of megabytes.

        It is read again when it is asked for.
        """
        self.has_brackets(sheet)
        self._xml.pop(sheet.part, None)

    def _read(self, part: str) -> bytes:
        ahead = self._ahead.pop(part, None)
        return self.package.read(part) if ahead is None else ahead.result()

    @property
    def has_macros(self) -> bool:
        """Whether it has macros."""
        return any(pointer.kind == _MACROS for pointer in self._targets)

    @property
    def path(self) -> Path:
        """The file."""
        return self.package.path

    def sheet(self, name: str) -> Worksheet:
        """The worksheet of that name, in whatever case. Raises ``SheetNotFound``.

        Blanks around the name count only where sheets differ by nothing else.
        """
        for same in (str.casefold, lambda one: one.strip().casefold()):
            for sheet in self.sheets:
                if same(sheet.name) == same(name):
                    return sheet
        raise errors.SheetNotFound(self.path, name, [sheet.name for sheet in self.sheets])

    def xml(self, sheet: Worksheet) -> SheetXml:
        """The bytes of a sheet's part, read once."""
        if sheet.part not in self._xml:
            data, limits = self._read(sheet.part), self.package.limits
            self._xml[sheet.part] = SheetXml(self.path, sheet.part, data, limits)
        return self._xml[sheet.part]

    def columns(
        self, sheet: Worksheet, wanted: Sequence[int], first_row: int = 1, last_row: int = LAST_ROW
    ) -> ReadColumns:
        """Rows and values of the wanted columns (A is 1) between two rows, both inside."""
        read = self.xml(sheet).columns(wanted, self.shared_strings, first_row, last_row)
        edits = self._edits.get(sheet.part)
        return read if edits is None else edits.over(read, first_row, last_row)

    def top_rows(self, sheet: Worksheet, count: int = 20) -> dict[int, dict[int, str]]:
        """Texts of the cells that aren't blank in the first *count* rows: row, column, text.

        Text cells as they are, numbers in their shortest form: enough to look for headings.
        """
        texts: dict[int, dict[int, str]] = {}
        for row, column, value in self.xml(sheet).cells(self.shared_strings, 1, count):
            texts.setdefault(row, {})[column] = shown(value)
        return texts

    def is_bare(self, sheet: Worksheet) -> bool:
        """Whether nothing stands on a sheet, or is drawn there: neither a value nor a formula nor
        merged cells nor a picture; formats don't count.
        """
        xml = self.xml(sheet)
        if any(xml.element(one) is not None for one in _MORE_THAN_CELLS):
            return False
        read = self.columns(sheet, range(1, LAST_COLUMN + 1))
        return not len(read.rows) and not read.uncalculated

    def tables(self, sheet: Worksheet) -> list[ExcelTable]:
        """The sheet's tables from top to bottom, then from left to right."""
        if sheet.part in self._edits:
            return self._edits[sheet.part].tables
        if sheet.part not in self._tables:
            parts = {
                self.package.member(pointer.target).name: None
                for pointer in self.package.relationships(sheet.part)
                if pointer.kind == "table" and not pointer.external
            }
            tables = [self._table(part) for part in parts]
            tables.sort(key=lambda table: (table.ref.first_row, table.ref.first_column))
            self._tables[sheet.part] = tables
        return self._tables[sheet.part]

    @cached_property
    def shared_strings(self) -> list[str]:
        """The texts that cells share, by their numbers."""
        part = self.part_of("sharedStrings")
        return [] if part is None else shared_texts(self.path, part, self.package.texts(part))

    @cached_property
    def styles(self) -> Styles:
        """The cell formats, with those for edits.

        Raises ``StrangeXml`` where there are none and cells have some nevertheless.
        """
        part, namespace = self._styles_part, self._namespace
        is_there = part in self.package
        with refused(self.path, part):
            data = self.package.read(part) if is_there else firstformats.new_part(namespace)
            styles = Styles(data)
        if styles.are_first:
            for sheet in self.sheets:
                if firstformats.names_formats(self.data(sheet)):
                    found = _("cells with formats that the workbook doesn't have")
                    raise errors.StrangeXml(self.path, sheet.part, found)
        return styles

    @cached_property
    def _styles_part(self) -> str:
        """The name of the part with the cell formats, which may be missing.

        Raises ``StrangeXml`` where it is missing though something says that it is there, or where
        it is there and nothing points to it.
        """
        part = self.part_of("styles")
        if part is not None:
            return part
        is_pointed_to = any(pointer.kind == "styles" for pointer in self._targets)
        free = None if is_pointed_to else firstformats.free_name(self.package)
        if free is None:
            raise errors.StrangeXml(self.path, "styles", _("no cell formats for dates"))
        return free

    def shows_dates(self, styles: Ints) -> Bools:
        """Which cells, given by their *styles*, show a number as a date."""
        return self._of_styles(styles, Styles.is_date)

    def shows_moments(self, styles: Ints) -> Bools:
        """Which cells, given by their *styles*, show a number as a date or a time."""
        return self._of_styles(styles, Styles.is_moment)

    def shows_percent(self, sheet: Worksheet, row: int, column: int) -> bool:
        """Whether a cell shows its number as percents."""
        styles = self.columns(sheet, [column], row, row).styles[column]
        return bool(self._of_styles(styles, Styles.is_percent).any())

    def _of_styles(self, styles: Ints, fits: Callable[[Styles, int], bool]) -> Bools:
        is_one = len(styles) and (styles == styles[0]).all()  # and needs no sorting
        different = styles[:1] if is_one else np.unique(styles)
        used = [style for style in different.tolist() if style >= 0]
        if not used or self.part_of("styles") is None:
            return np.zeros(len(styles), np.bool_)
        return np.isin(styles, [one for one in used if fits(self.styles, one)])

    def named(self, name: str) -> tuple[Worksheet, int, int] | None:
        """Sheet, row and column of the cell that the workbook calls *name*; None for another."""
        found = _PLACE.fullmatch(self.names.get(name, ""))
        if found is None:
            return None
        wanted = found[1].strip("'").replace("''", "'")
        try:
            return self.sheet(wanted), *parse_address(found[2].replace("$", ""))
        except errors.SheetNotFound:
            return None

    def last_row(self, sheet: Worksheet) -> int:
        """The last row of a sheet that is in use, 0 for none."""
        if sheet.part in self._edits:
            return self._edits[sheet.part].last_row
        return self.xml(sheet).last_row

    # Edits ------------------------------------------------------------------------------

    def compare(self, edits: Sequence[Edit]) -> Effect:
        """What the edits of existing columns would do; nothing is staged."""
        return self._effect(edits, staged=False)

    def stage(self, edits: Sequence[Edit]) -> Effect:
        """Have the edits written with the workbook's new parts.

        Raises ``SheetNotFound``, ``CellsTaken`` or ``TableNotExtendable`` when the columns can't be
        put there, ``Damaged`` or ``StrangeXml`` when the sheet can't be read for certain.
        """
        return self._effect(edits, staged=True)

    def _effect(self, edits: Sequence[Edit], *, staged: bool) -> Effect:
        effect = Effect()
        for name, ones in groupby(edits, lambda edit: edit.region.sheet):
            sheet = self.sheet(name)
            found = self._sheet_edits(sheet).effect(list(ones), staged=staged)
            if staged and (found.changes or found.added):
                self._changed[sheet.part] = self._edits[sheet.part]
            effect.add(found)
        return effect

    def formulas(self, sheet: Worksheet, functions: Collection[str]) -> Formulas:
        """The cells of a sheet whose formulas may use the functions, named in capitals."""
        finder = FormulaFinder(functions)
        edits = self._edits.get(sheet.part)
        made = edits.formulas if edits else {}
        is_there = self.has_brackets(sheet) and finder.is_in(self.data(sheet))
        if not is_there and not made:
            return Formulas()
        try:
            return Formulas(finder.formulas(self._sheet_edits(sheet).cells, made))
        except (errors.WorkbookRefused, XmlError):
            return Formulas(unread=finder.count(self.data(sheet)))

    def renew(
        self, sheet: Worksheet, results: Mapping[Place, CellValue], headings: Mapping[Place, str]
    ) -> list[Change]:
        """Have these results of formulas written; those that differ, under their *headings*."""
        changes = self._sheet_edits(sheet).renew(results, headings)
        if changes:
            self._changed[sheet.part] = self._edits[sheet.part]
        return changes

    def link(self, sheet: Worksheet, links: Mapping[Place, tuple[str, str]]) -> list[Change]:
        """Have cells of ours written, each with a formula that leads somewhere and the text that it
        shows, or nothing for two empty texts; those that differ.
        """
        changes = self._sheet_edits(sheet).link(links)
        if changes:
            self._changed[sheet.part] = self._edits[sheet.part]
        return changes

    def mark(self, sheet: Worksheet, marked: Sequence[Marked]) -> list[Marked]:
        """Give columns their looks, beside the conditional formats that stand there: the columns
        that have none of them so far, which it gives. Once for a sheet.
        """
        if self.part_of("styles") is None or self.styles.are_first:
            return []
        edits = self._sheet_edits(sheet)
        new = edits.mark(marked)
        if new:
            self._changed[sheet.part] = edits
            self.marked.setdefault(sheet.name, []).extend(new)
        return new

    def unmark(self, sheet: Worksheet, marked: Sequence[Marked]) -> bool:
        """Take away looks that stand as they were given; whether there are any."""
        edits = self._sheet_edits(sheet)
        is_marked = edits.unmark(marked)
        if is_marked:
            self._changed[sheet.part] = edits
        return is_marked

    def _sheet_edits(self, sheet: Worksheet) -> SheetEdits:
        if sheet.part not in self._edits:
            self._edits[sheet.part] = SheetEdits(self, sheet)
        return self._edits[sheet.part]

    def parts(self) -> dict[str, bytes]:
        """New bytes of the parts that differ by what was staged. With that it is done: what was
        read for it is forgotten, since of a large base it takes up hundreds of megabytes.
        """
        parts: dict[str, bytes] = {}
        self._done = self.written, self.lengthened
        changed = list(self._changed.values())
        self._edits, self._changed, self._xml = {}, {}, {}
        vars(self).pop("shared_strings", None)
        while changed:
            parts |= changed.pop().parts()
        if "styles" in vars(self) and self.styles.has_additions:
            part = self._styles_part
            parts[part] = self.styles.data
            if part not in self.package:
                parts |= firstformats.declared(self.package, part)
        return parts

    @property
    def written(self) -> list[WrittenCells]:
        """The cells that were staged and differ, a sheet each."""
        changed = self._changed.values()
        staged = [WrittenCells(one.sheet.name, one.changes, one.area) for one in changed]
        return self._done[0] + staged

    @property
    def lengthened(self) -> dict[str, int]:
        """The last row of each table that gets rows, by its part."""
        staged = (edits.last_rows for edits in self._changed.values())
        return dict(ChainMap(*staged, self._done[1]))

    # Parts ------------------------------------------------------------------------------

    def part_of(self, kind: str) -> str | None:
        """Name of the part that the workbook part points to as *kind*, such as "styles"."""
        for pointer in self._targets:
            if pointer.kind == kind and not pointer.external:
                return pointer.target if pointer.target in self.package else None
        return None

    def _find_sheets(self, root: etree._Element) -> list[Worksheet]:
        targets = {pointer.id: pointer for pointer in self._targets}
        names: set[str] = set()
        sheets: list[Worksheet] = []
        for element in root.iter("{*}sheet"):
            name = element.get("name", "")
            if name.casefold() in names:
                raise errors.DoubleSheet(self.path, name)
            names.add(name.casefold())
            identity = next(
                (value for name, value in element.attrib.items() if str(name).endswith("}id")), ""
            )
            pointer = targets.get(str(identity))
            if pointer is None or pointer.external or pointer.kind != "worksheet":
                continue
            state = element.get("state", "visible")
            part = self.package.member(pointer.target).name
            if any(one.part == part for one in sheets):
                found = _("two of its sheets are one and the same ({part})").format(part=part)
                raise errors.Damaged(self.path, found, self.package.main_part)
            sheets.append(Worksheet(name, part, state))
        if not sheets:
            raise errors.NotAWorkbook(self.path, _("it has no worksheet"))
        return sheets

    def _table(self, part: str) -> ExcelTable:
        root = self.package.xml(part)
        try:
            ref = CellRange.parse(root.get("ref", ""))
            header_rows = int(root.get("headerRowCount", "1"))
            totals_rows = int(root.get("totalsRowCount", "0"))
        except ValueError as error:
            raise errors.Damaged(self.path, str(error), part) from None
        names = [decoded(one.get("name", "")) for one in root.iter("{*}tableColumn")]
        return ExcelTable(
            part,
            root.get("displayName", root.get("name", "")),
            ref,
            header_rows,
            totals_rows,
            tuple(names),
            root.get("tableType", "worksheet"),
        )


def open_book(path: Path, limits: "settings.Limits | None" = None) -> Workbook:
    """The closed book in the file *path*, by default with the usual limits.

    Raises a kind of ``WorkbookRefused`` for what is no sound workbook, and ``FileInUse``.
    """
    return Workbook.open(path, FileLimits.of(limits))
