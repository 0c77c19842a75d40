# ruff: noqa: N818 - an error is named for what is wrong
"""What can be wrong with a workbook file, each told in a sentence for its owner.

Facts stay as attributes: *path* is the workbook, *part* a file inside its zip package.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rules.errors import ClientBaseError
from rules.mentions import first_of
from words import _, marked

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


def printable(text: str) -> str:
    """*text* without what a terminal could take for a command; sheets may hold anything."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def plain(text: str) -> str:
    """*text* in one line, without what could be taken for a command."""
    return printable(" ".join(text.split()))


def _list(words: list[str]) -> str:
    return first_of(list(map(plain, words)), _MANY)


def reason_of(error: OSError) -> str:
    """What the computer says, in the language spoken."""
    return _(error.strerror or str(error))


_DISK: Final[Mapping[int, str]] = {
    errno.ENOSPC: marked("the disk is full"),
    errno.EDQUOT: marked("the disk is full"),
    errno.EFBIG: marked("the disk is full"),
    errno.EIO: marked("the disk reports a fault"),
}
_REFUSED: Final = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))
_IN_THE_WAY: Final = frozenset((errno.ENOTDIR, errno.EEXIST))


def why_not_written(error: OSError, refused: str, in_the_way: str) -> str:
    """Why a file can't be written, in words; *refused* and *in_the_way* say it where the computer
    doesn't allow it, and where a file stands in place of a folder.
    """
    number = error.errno or 0
    if number in _REFUSED | _IN_THE_WAY:
        return _(refused if number in _REFUSED else in_the_way)
    return _(_DISK[number]) if number in _DISK else reason_of(error)


class Flaw(ValueError):
    """What is wrong with a part, as the end of a sentence; the *facts* stand in its braces."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format(**facts) if facts else sentence)


class WorkbookRefused(ClientBaseError, ValueError):
    """A file that isn't read, or not written; it stays as it was.

    Each kind says what was found, and advises, with its facts in braces; of the path these are its
    folder, stem and ending. *found* and *advice* are the sentences made of that.
    """

    path: Path
    says = ""
    advises = ""

    def __post_init__(self) -> None:
        facts = {**self.facts(), "folder": self.path.absolute().parent}
        self.found = plain(_(self.says).format(**facts))
        self.advice = _(self.advises).format(**facts)
        sentence = _("'{file}' {found}. {advice}")
        super().__init__(sentence.format(**self.facts()))


class OtherRefused(WorkbookRefused):
    """One of a kind that can be wrong in many ways: with both sentences, already translated."""

    found: str
    advice: str
    says = "{found}"
    advises = "{advice}"


class WorkbookMissing(WorkbookRefused, FileNotFoundError):
    """There is no file of that name."""

    says = marked("was not found in the folder {folder}")
    advises = marked("Check the name and the folder of the file.")


class IsAFolder(WorkbookRefused, IsADirectoryError):
    """A folder in place of a file."""

    says = marked("is a folder")
    advises = marked("Name the workbook in it.")


class NotAZip(WorkbookRefused):
    """The content isn't a zip package, whatever the file's name says."""

    kind: str
    says = marked("is not an Excel workbook: it holds {kind}")
    advises = _SAVE_AS


class OldExcelFormat(WorkbookRefused):
    """A workbook of Excel 97-2003."""

    says = marked("is a workbook of the old Excel 97-2003 format (.xls), which is not supported")
    advises = _SAVE_AS


class BinaryWorkbook(WorkbookRefused):
    """A binary workbook (.xlsb)."""

    says = marked("is a binary Excel workbook (.xlsb), which is not supported")
    advises = _SAVE_AS


class OpenDocument(WorkbookRefused):
    """A spreadsheet of LibreOffice or OpenOffice (.ods)."""

    says = marked("is an OpenDocument file (.ods), not an Excel workbook")
    advises = marked("Open it in Excel or LibreOffice and save it as .xlsx.")


class Encrypted(WorkbookRefused):
    """A workbook that opens only with a password."""

    says = marked("is protected by a password for opening")
    advises = marked(
        "Remove that password in Excel: File, Info, Protect Workbook, Encrypt with Password."
    )


class NotAWorkbook(WorkbookRefused):
    """A package of another kind: a Word document, a presentation, parts missing."""

    kind: str
    says = marked("is not an Excel workbook: {kind}")
    advises = _SAVE_AS


class WrongExtension(WorkbookRefused):
    """The name's ending and the content disagree, and Excel won't open such a file."""

    fitting: str
    says = marked("has the ending '{ending}', but its content is that of a {fitting} workbook")
    advises = marked("Rename it to '{stem}{fitting}'.")


class Damaged(WorkbookRefused):
    """The file can't be what Excel once wrote."""

    detail: str
    part: str | None = None
    says = marked("is damaged: {detail}")
    advises = _RESTORE

    def __post_init__(self) -> None:
        if self.part:
            self.says = marked("is damaged in its part '{part}': {detail}")
        super().__post_init__()


class DuplicateMembers(WorkbookRefused):
    """Two parts of the package have one name, so it is unknown which of them counts."""

    first: str
    second: str
    says = marked("holds the part '{first}' twice (again as '{second}')")
    advises = _RESTORE


class DoubleSheet(WorkbookRefused):
    """Two sheets have one name, upper and lower case being the same, which Excel doesn't allow."""

    sheet: str
    says = marked("has two sheets of the name '{sheet}', so it is unknown which of them counts")
    advises = marked(
        "Rename one of them in the program that made the file; Excel can't open it like this."
    )


class UnsafeMember(WorkbookRefused):
    """A part is named like a file outside the package."""

    member: str
    says = marked("holds a part with the unsafe name '{member:.80}'")
    advises = _UNSAFE


class TooLarge(WorkbookRefused):
    """The package unpacks to more than the limits allow: a mistake, or a zip bomb.

    *key* is the one under ``limits`` that raises the limit, None where none does.
    """

    what: str
    size: int
    limit: int
    key: str | None = None
    says = marked("is too large to be read safely: {what} is {size}, at most {limit} is read")
    advises = marked("If it really is your client base, delete unused rows and sheets in Excel.")

    def __post_init__(self) -> None:
        if self.key:
            self.advises = marked(
                "If it really is your client base, delete unused rows and sheets in Excel, or "
                "raise limits.{key} in config.yaml."
            )
        super().__post_init__()


class ForbiddenXml(WorkbookRefused):
    """A part declares a document type or entities: Excel never does, attackers do."""

    part: str
    says = marked("holds a document type declaration (DTD) in its part '{part}', which is unsafe")
    advises = _UNSAFE


class StrangeXml(WorkbookRefused):
    """A part is legal XML of a kind that can't be changed safely."""

    part: str
    what: str
    says = marked("holds {what} in its part '{part}', which Excel itself never writes")
    advises = marked("Open it in Excel and save it again: then it is in Excel's own form.")


class SheetNotFound(ClientBaseError, LookupError):
    """The workbook has no sheet of that name."""

    path: Path
    wanted: str
    found: list[str]

    def __post_init__(self) -> None:
        sentence = _(
            "'{file}' has no sheet '{wanted}' (found: {found}). Rename the sheet in Excel or set "
            "its name in config.yaml."
        )
        found = _list(self.found)
        super().__init__(sentence.format(file=self.path.name, wanted=self.wanted, found=found))


class CellsTaken(ClientBaseError, ValueError):
    """New columns don't fit: something stands where they would go."""

    sheet: str
    cells: list[str]
    found: str
    headings: list[str]

    def __post_init__(self) -> None:
        sentence = _(
            "Sheet '{sheet}': there is no room for the new columns {columns}: {found} ({cells}). "
            "Move or delete that in Excel, or add these headings to the table yourself; nothing "
            "was written."
        )
        cells, columns = _list(self.cells), _list(self.headings)
        facts = {"sheet": self.sheet, "found": _(self.found)}
        super().__init__(sentence.format(**facts, cells=cells, columns=columns))


class HeadingsDisagree(ClientBaseError, ValueError):
    """An Excel table and its heading cells say different things, and the cells won't do."""

    sheet: str
    cells: list[str]

    def __post_init__(self) -> None:
        sentence = _(
            "Sheet '{sheet}': the heading cells {cells} say other things than the table around "
            "them, so another program has changed this file, and nobody can tell which column is "
            "which. Open the workbook in Excel, let it repair the table, look at the headings, and "
            "save; nothing was written."
        )
        super().__init__(sentence.format(sheet=self.sheet, cells=_list(self.cells)))


class TableNotExtendable(ClientBaseError, ValueError):
    """The table belongs to a query or an XML map, which decides its columns."""

    sheet: str
    table: str
    kind: str
    headings: list[str]

    def __post_init__(self) -> None:
        sentence = _(
            "Sheet '{sheet}': table '{table}' is filled by {kind}, so columns can't be added to it "
            "here. Add these headings to it in Excel by hand: {columns}; nothing was written."
        )
        facts = {"sheet": self.sheet, "table": self.table, "kind": _(self.kind)}
        super().__init__(sentence.format(**facts, columns=_list(self.headings)))


class NotRoots(ClientBaseError, PermissionError):
    """Root is asked to work where somebody else may put what they like."""

    path: Path
    says = marked(
        "'{path}' belongs to another user, and you are root, who could be misled there into "
        "reading or changing other users' files. Start the program as that user, or add --as-root."
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

    path: Path
    detail: str
    says = marked(
        "'{file}' was not changed: reading the new file back showed that {detail}. This is a "
        "mistake of this program, not yours: please report it with this message."
    )
