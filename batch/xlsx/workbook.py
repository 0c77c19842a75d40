"""A workbook as its package describes it: sheets, tables, date system, shared texts."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from lxml import etree

from batch import errors
from batch.book import Bools, Columns, Ints, Sheet, Table
from batch.cells import LAST_COLUMN, LAST_ROW, CellRange, shown
from batch.xlsx import opc
from batch.xlsx.package import Limits, Package, check_tree_size, parse_xml
from batch.xlsx.sharedtexts import shared_texts
from batch.xlsx.sheetxml import SheetXml
from batch.xlsx.styles import Styles
from batch.xlsx.xmlbytes import UnusualXml, XmlError, decoded

_MORE_THAN_CELLS = ("mergeCells", "drawing", "legacyDrawing", "picture", "oleObjects", "controls")
"""What a sheet without a value may still show."""


class Workbook:
    """An opened workbook; ``package`` is its file. Nothing in it is ever changed in place.

    ``names``: what the defined names of the whole workbook stand for.
    """

    def __init__(self, package: Package) -> None:
        """Read the workbook part. Raises a kind of ``WorkbookRefused``."""
        self.package = package
        root = package.xml(package.main_part)
        if opc.local_name(root) != "workbook":
            raise errors.NotAWorkbook(package.path, f"its main part is '{opc.local_name(root)}'")
        self.date1904 = _is_date1904(root)
        self.names = _names(root)
        self._targets = package.relationships(package.main_part)
        self.sheets = self._find_sheets(root)
        self._parts: dict[str, bytes] = {}
        self._ahead: dict[str, Future[bytes]] = {}
        self._xml: dict[str, SheetXml] = {}
        self._has_brackets: dict[str, bool] = {}
        self._tables: dict[str, list[Table]] = {}

    @classmethod
    def open(cls, path: Path, limits: Limits | None = None) -> Self:
        """Read and check the file at *path*. Raises like ``Package.open``."""
        return cls(Package.open(path, limits))

    def with_parts(self, parts: Mapping[str, bytes]) -> Self:
        """This workbook as its sheets, tables and formats will be once these parts are saved.

        What was read of the other parts stays read. ``package`` stays the file as it is.
        """
        other = copy(self)
        other._parts = {**self._parts, **parts}  # noqa: SLF001 - of this very class
        other._tables = {}  # noqa: SLF001
        other._xml = {part: xml for part, xml in self._xml.items() if part not in parts}  # noqa: SLF001
        other._has_brackets = {  # noqa: SLF001
            part: has for part, has in self._has_brackets.items() if part not in parts
        }
        return other

    def data(self, sheet: Sheet) -> bytes:
        """The bytes of a sheet's part; it may be no XML that can be read."""
        read = self._xml.get(sheet.part)
        return self._read(sheet.part) if read is None else read.data

    def has_brackets(self, sheet: Sheet) -> bool:
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

    def forget(self, sheet: Sheet | str) -> None:
        """Free what was read of a sheet's part: of a full sheet hundreds of megabytes.

        It is read again when it is asked for.
        """
        found = self.sheet(sheet) if isinstance(sheet, str) else sheet
        self.has_brackets(found)
        self._xml.pop(found.part, None)

    def _read(self, part: str) -> bytes:
        instead = self._parts.get(self.package.member(part).name)
        if instead is not None:
            return instead
        ahead = self._ahead.pop(part, None)
        return self.package.read(part) if ahead is None else ahead.result()

    @property
    def path(self) -> Path:
        """The file."""
        return self.package.path

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name, in whatever case. Raises ``SheetNotFound``.

        Blanks around the name count only where sheets differ by nothing else.
        """
        for same in (str.casefold, lambda one: one.strip().casefold()):
            for sheet in self.sheets:
                if same(sheet.name) == same(name):
                    return sheet
        raise errors.SheetNotFound(self.path, name, [sheet.name for sheet in self.sheets])

    def xml(self, sheet: Sheet | str) -> SheetXml:
        """The bytes of a sheet's part, read once."""
        found = self.sheet(sheet) if isinstance(sheet, str) else sheet
        if found.part not in self._xml:
            data, limits = self._read(found.part), self.package.limits
            self._xml[found.part] = SheetXml(self.path, found.part, data, limits)
        return self._xml[found.part]

    def columns(
        self,
        sheet: Sheet | str,
        wanted: Sequence[int],
        first_row: int = 1,
        last_row: int = LAST_ROW,
    ) -> Columns:
        """Rows and values of the wanted columns (A is 1) between two rows, both inside."""
        return self.xml(sheet).columns(wanted, self.shared_strings, first_row, last_row)

    def top_rows(self, sheet: Sheet | str, count: int = 20) -> dict[int, dict[int, str]]:
        """Texts of the cells that aren't blank in the first *count* rows: row, column, text.

        Text cells as they are, numbers in their shortest form: enough to look for headings.
        """
        texts: dict[int, dict[int, str]] = {}
        for row, column, value in self.xml(sheet).cells(self.shared_strings, 1, count):
            texts.setdefault(row, {})[column] = shown(value)
        return texts

    def is_bare(self, sheet: Sheet) -> bool:
        """Whether nothing stands on a sheet, or is drawn there: neither a value nor a formula nor
        merged cells nor a picture; formats don't count.
        """
        xml = self.xml(sheet)
        if any(xml.element(one) is not None for one in _MORE_THAN_CELLS):
            return False
        read = self.columns(sheet, range(1, LAST_COLUMN + 1))
        return not len(read.rows) and not read.uncalculated

    def tables(self, sheet: Sheet | str) -> list[Table]:
        """The sheet's tables from top to bottom, then from left to right."""
        found = self.sheet(sheet) if isinstance(sheet, str) else sheet
        if found.part not in self._tables:
            parts = {
                self.package.member(pointer.target).name: None
                for pointer in self.package.relationships(found.part)
                if pointer.kind == "table" and not pointer.external
            }
            tables = [self._table(part) for part in parts]
            tables.sort(key=lambda table: (table.ref.first_row, table.ref.first_column))
            self._tables[found.part] = tables
        return self._tables[found.part]

    def merged(self, sheet: Sheet | str) -> list[CellRange]:
        """The sheet's merged ranges."""
        return self.xml(sheet).merged()

    def array_ranges(self, sheet: Sheet | str) -> list[CellRange]:
        """Cells of array formulas, spilled formulas and data tables."""
        return self.xml(sheet).array_ranges()

    @cached_property
    def shared_strings(self) -> list[str]:
        """The texts that cells share, by their numbers."""
        part = self.part_of("sharedStrings")
        return [] if part is None else shared_texts(self.path, part, self.package.texts(part))

    def styles(self) -> Styles:
        """The cell formats, read anew. Raises ``StrangeXml`` when there are none."""
        part = self.part_of("styles")
        if part is None:
            raise errors.StrangeXml(self.path, "styles", "no cell formats for dates")
        try:
            return Styles(self._read(part))
        except UnusualXml as error:
            raise errors.StrangeXml(self.path, part, str(error)) from None
        except XmlError as error:
            raise errors.Damaged(self.path, str(error), part) from None

    def shows_dates(self, styles: Ints) -> Bools:
        """Which cells, given by their *styles*, show a number as a date."""
        used = [style for style in np.unique(styles).tolist() if style >= 0]
        if not used or self.part_of("styles") is None:
            return np.zeros(len(styles), np.bool_)
        formats = self.styles()
        return np.isin(styles, [style for style in used if formats.is_date(style)])

    def part_of(self, kind: str) -> str | None:
        """Name of the part that the workbook part points to as *kind*, such as "styles"."""
        for pointer in self._targets:
            if pointer.kind == kind and not pointer.external:
                return pointer.target if pointer.target in self.package else None
        return None

    def _find_sheets(self, root: etree._Element) -> list[Sheet]:
        targets = {pointer.id: pointer for pointer in self._targets}
        names: set[str] = set()
        sheets: list[Sheet] = []
        for element in root.iter():
            if opc.local_name(element) != "sheet":
                continue
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
                raise errors.Damaged(self.path, "two of its sheets are one and the same", part)
            sheets.append(Sheet(name, part, state))
        if not sheets:
            raise errors.NotAWorkbook(self.path, "it has no worksheet")
        return sheets

    def _table(self, part: str) -> Table:
        data = self._read(part)
        check_tree_size(self.path, part, len(data))
        root = parse_xml(self.path, part, data)
        try:
            ref = CellRange.parse(root.get("ref", ""))
            header_rows = int(root.get("headerRowCount", "1"))
            totals_rows = int(root.get("totalsRowCount", "0"))
        except ValueError as error:
            raise errors.Damaged(self.path, str(error), part) from None
        names = [
            decoded(element.get("name", ""))
            for element in root.iter()
            if opc.local_name(element) == "tableColumn"
        ]
        return Table(
            part,
            root.get("displayName", root.get("name", "")),
            ref,
            header_rows,
            totals_rows,
            tuple(names),
            root.get("tableType", "worksheet"),
        )


def _names(root: etree._Element) -> dict[str, str]:
    """What the names of the whole workbook stand for, such as 'Start'!$B$6."""
    return {
        element.get("name", ""): element.text or ""
        for element in root.iter()
        if opc.local_name(element) == "definedName" and "localSheetId" not in element.attrib
    }


def _is_date1904(root: etree._Element) -> bool:
    for element in root:
        if opc.local_name(element) == "workbookPr":
            return element.get("date1904", "0") in ("1", "true")
    return False
