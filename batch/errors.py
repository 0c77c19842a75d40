# ruff: noqa: N818 - an error is named for what is wrong
"""What can be wrong with a workbook file, each told in a sentence for its owner.

Facts stay as attributes: *path* is the workbook, *part* a file inside its zip package.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rules.errors import ClientBaseError
from rules.mentions import first_of
from words import _, marked, parted

_RESTORE: Final = marked(
    "Open it in Excel and save it again as .xlsx, or go back to an earlier copy of the file."
)
_SAVE_AS: Final = marked("Open it in Excel and save it as 'Excel Workbook (.xlsx)'.")
_UNSAFE: Final = marked("Excel writes no such file: don't use it unless you know who made it.")
_MANY: Final = 6
COMPUTER_SAYS: Final = (
    marked("Connection refused"),
    marked("Connection timed out"),
    marked("Device or resource busy"),
    marked("File exists"),
    marked("File name too long"),
    marked("Input/output error"),
    marked("Invalid argument"),
    marked("Is a directory"),
    marked("Name or service not known"),
    marked("Network is unreachable"),
    marked("No such file or directory"),
    marked("No space left on device"),
    marked("Not a directory"),
    marked("Operation not permitted"),
    marked("Permission denied"),
    marked("Read-only file system"),
    marked("Too many levels of symbolic links"),
    marked("timed out"),
)
"""What the computer says when it refuses a file or a connection, as far as it can be translated."""


def _list(words: list[str]) -> str:
    return first_of(list(map(_printable, words)), _MANY)


def _printable(text: str) -> str:
    """*text* on one line; what a terminal could take for a command stands as a question mark."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))


def reason_of(error: OSError) -> str:
    """What the computer says, in the language spoken."""
    return _(error.strerror or str(error))


class Flaw(ValueError):
    """What is wrong with a part, as the end of a sentence; the *facts* stand in its braces."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format(**facts) if facts else sentence)


class WorkbookRefused(ClientBaseError, ValueError):
    """A file that isn't read, or not written; it stays as it was."""

    def __init__(self, path: Path, found: str, advice: str) -> None:
        self.path = path
        self.found = _printable(found)
        self.advice = advice
        super().__init__(
            _("'{file}' {found}. {advice}").format(file=path.name, found=self.found, advice=advice)
        )


class WorkbookMissing(WorkbookRefused, FileNotFoundError):
    """There is no file of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("was not found in the folder {folder}").format(folder=path.absolute().parent),
            _("Check the name and the folder of the file."),
        )


class IsAFolder(WorkbookRefused, IsADirectoryError):
    """A folder in place of a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _("is a folder"), _("Name the workbook in it."))


class NotAZip(WorkbookRefused):
    """The content isn't a zip package, whatever the file's name says."""

    def __init__(self, path: Path, kind: str) -> None:
        self.kind = kind
        found = _("is not an Excel workbook: it holds {kind}").format(kind=kind)
        super().__init__(path, found, _(_SAVE_AS))


class OldExcelFormat(WorkbookRefused):
    """A workbook of Excel 97-2003."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("is a workbook of the old Excel 97-2003 format (.xls), which is not supported"),
            _(_SAVE_AS),
        )


class BinaryWorkbook(WorkbookRefused):
    """A binary workbook (.xlsb)."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, _("is a binary Excel workbook (.xlsb), which is not supported"), _(_SAVE_AS)
        )


class OpenDocument(WorkbookRefused):
    """A spreadsheet of LibreOffice or OpenOffice (.ods)."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("is an OpenDocument file (.ods), not an Excel workbook"),
            _("Open it in Excel or LibreOffice and save it as .xlsx."),
        )


class Encrypted(WorkbookRefused):
    """A workbook that opens only with a password."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("is protected by a password for opening"),
            _(
                "Remove that password in Excel: File, Info, Protect Workbook, Encrypt with "
                "Password."
            ),
        )


class NotAWorkbook(WorkbookRefused):
    """A package of another kind: a Word document, a presentation, parts missing."""

    def __init__(self, path: Path, kind: str) -> None:
        self.kind = kind
        found = _("is not an Excel workbook: {kind}").format(kind=kind)
        super().__init__(path, found, _(_SAVE_AS))


class WrongExtension(WorkbookRefused):
    """The name's ending and the content disagree, and Excel won't open such a file."""

    def __init__(self, path: Path, fitting: str) -> None:
        self.fitting = fitting
        super().__init__(
            path,
            _("has the ending '{ending}', but its content is that of a {fitting} workbook").format(
                ending=path.suffix, fitting=fitting
            ),
            _("Rename it to '{name}'.").format(name=f"{path.stem}{fitting}"),
        )


class Damaged(WorkbookRefused):
    """The file can't be what Excel once wrote."""

    def __init__(self, path: Path, detail: str, part: str | None = None) -> None:
        self.part = part
        self.detail = detail
        found = (
            _("is damaged in its part '{part}': {detail}") if part else _("is damaged: {detail}")
        )
        super().__init__(path, found.format(part=part, detail=detail), _(_RESTORE))


class DuplicateMembers(WorkbookRefused):
    """Two parts of the package have one name, so it is unknown which of them counts."""

    def __init__(self, path: Path, first: str, second: str) -> None:
        self.members = (first, second)
        found = _("holds the part '{first}' twice (again as '{second}')")
        super().__init__(path, found.format(first=first, second=second), _(_RESTORE))


class DoubleSheet(WorkbookRefused):
    """Two sheets have one name, upper and lower case being the same, which Excel doesn't allow."""

    def __init__(self, path: Path, sheet: str) -> None:
        self.sheet = sheet
        super().__init__(
            path,
            _("has two sheets of the name '{sheet}', so it is unknown which of them counts").format(
                sheet=sheet
            ),
            _(
                "Rename one of them in the program that made the file; Excel can't open it like "
                "this."
            ),
        )


class UnsafeMember(WorkbookRefused):
    """A part is named like a file outside the package."""

    def __init__(self, path: Path, member: str) -> None:
        self.member = member
        super().__init__(
            path,
            _("holds a part with the unsafe name '{name}'").format(name=member[:80]),
            _(_UNSAFE),
        )


class TooLarge(WorkbookRefused):
    """The package unpacks to more than the limits allow: a mistake, or a zip bomb.

    *key* is the one under ``limits`` that raises the limit, None where none does.
    """

    def __init__(
        self, path: Path, what: str, found: int, limit: int, key: str | None = None
    ) -> None:
        self.what = what
        self.limit = limit
        self.key = key
        advice = _("If it really is your client base, delete unused rows and sheets in Excel.")
        if key:
            advice = _(
                "If it really is your client base, delete unused rows and sheets in Excel, or "
                "raise limits.{key} in config.yaml."
            ).format(key=key)
        super().__init__(
            path,
            _("is too large to be read safely: {what} is {found}, at most {limit} is read").format(
                what=what, found=parted(found), limit=parted(limit)
            ),
            advice,
        )


class ForbiddenXml(WorkbookRefused):
    """A part declares a document type or entities: Excel never does, attackers do."""

    def __init__(self, path: Path, part: str) -> None:
        self.part = part
        super().__init__(
            path,
            _(
                "holds a document type declaration (DTD) in its part '{part}', which is unsafe"
            ).format(part=part),
            _(_UNSAFE),
        )


class StrangeXml(WorkbookRefused):
    """A part is legal XML of a kind that can't be changed safely."""

    def __init__(self, path: Path, part: str, found: str) -> None:
        self.part = part
        super().__init__(
            path,
            _("holds {found} in its part '{part}', which Excel itself never writes").format(
                found=found, part=part
            ),
            _("Open it in Excel and save it again: then it is in Excel's own form."),
        )


class SheetNotFound(ClientBaseError, LookupError):
    """The workbook has no sheet of that name."""

    def __init__(self, path: Path, wanted: str, found: list[str]) -> None:
        self.path = path
        self.wanted = wanted
        self.found = found
        super().__init__(
            _(
                "'{file}' has no sheet '{wanted}' (found: {found}). Rename the sheet in "
                "Excel or set its name in config.yaml."
            ).format(file=path.name, wanted=wanted, found=_list(found))
        )


class CellsTaken(ClientBaseError, ValueError):
    """New columns don't fit: something stands where they would go."""

    def __init__(self, sheet: str, cells: list[str], found: str, headings: list[str]) -> None:
        self.sheet = sheet
        self.cells = cells
        self.found = found
        self.headings = headings
        super().__init__(
            _(
                "Sheet '{sheet}': there is no room for the new columns {columns}: {found} "
                "({cells}). Move or delete that in Excel, or add these headings to the table "
                "yourself; nothing was written."
            ).format(
                sheet=self.sheet,
                columns=_list(headings),
                found=_(found),
                cells=_list(cells),
            )
        )


class HeadingsDisagree(ClientBaseError, ValueError):
    """An Excel table and its heading cells say different things, and the cells won't do."""

    def __init__(self, sheet: str, cells: list[str]) -> None:
        self.sheet = sheet
        self.cells = cells
        super().__init__(
            _(
                "Sheet '{sheet}': the heading cells {cells} say other things than the table "
                "around them, so another program has changed this file, and nobody can tell which "
                "column is which. Open the workbook in Excel, let it repair the table, look at the "
                "headings, and save; nothing was written."
            ).format(sheet=sheet, cells=_list(cells))
        )


class TableNotExtendable(ClientBaseError, ValueError):
    """The table belongs to a query or an XML map, which decides its columns."""

    def __init__(self, sheet: str, table: str, kind: str, headings: list[str]) -> None:
        self.sheet = sheet
        self.table = table
        self.kind = kind
        self.headings = headings
        super().__init__(
            _(
                "Sheet '{sheet}': table '{table}' is filled by {kind}, so columns can't be "
                "added to it here. Add these headings to it in Excel by hand: {columns}; "
                "nothing was written."
            ).format(
                sheet=self.sheet,
                table=self.table,
                kind=_(kind),
                columns=_list(headings),
            )
        )


class FileInUse(ClientBaseError, OSError):
    """Somebody has the workbook open, or changed it while it was being calculated."""

    def __init__(
        self, path: Path, found: str, owner: str | None = None, lock: Path | None = None
    ) -> None:
        self.path = path
        self.found = found
        self.owner = owner
        self.lock = lock
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """In what way it is in use, and what to do."""
        sentence = _(
            "'{file}' {found}. Close it in the other program and try again; nothing was written."
        ).format(file=self.path.name, found=self.state())
        if self.lock:
            sentence += " " + _("If nobody has it open, delete '{lock}' beside it.").format(
                lock=self.lock.name
            )
        return sentence

    def state(self) -> str:
        """In what way it is in use, to follow its name."""
        found = _(self.found)
        if not self.owner:
            return found
        return _("{found} by {owner}").format(found=found, owner=self.owner)


class NotVerified(ClientBaseError, RuntimeError):
    """The new file, read back, isn't what it should be; it was thrown away."""

    def __init__(self, path: Path, detail: str) -> None:
        self.path = path
        self.detail = detail
        super().__init__(
            _(
                "'{file}' was not changed: reading the new file back showed that {detail}. This is "
                "a mistake of this program, not yours: please report it with this message."
            ).format(file=path.name, detail=detail)
        )
