"""What Excel may refuse while the program writes into the open workbook."""

from __future__ import annotations

from rules.errors import ClientBaseError
from words import _


class WriteRefusedError(ClientBaseError, RuntimeError):
    """Excel doesn't let the program write; the columns are as they were."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        super().__init__(
            _(
                "Excel doesn't let the program write on the sheet '{sheet}'; it is as it "
                "was. If the sheet is protected, switch that off (Review, Unprotect Sheet); "
                "if a cell is being edited, finish it; then click again."
            ).format(sheet=self.sheet)
        )


class HalfWrittenError(ClientBaseError, RuntimeError):
    """Excel stopped the program in the middle, and doesn't let it put the cells back."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        super().__init__(
            _(
                "Excel stopped the program while it wrote on the sheet '{sheet}', and some "
                "grey cells may be wrong now. Undo what hinders it (a protected sheet, a "
                "cell being edited) and click again: that writes them anew. Or close the "
                "workbook without saving."
            ).format(sheet=self.sheet)
        )


class HalfMovedError(ClientBaseError, RuntimeError):
    """Excel stopped the program while contacts were on their way to Contacts, for good."""

    def __init__(self, sheet: str, log: str) -> None:
        self.sheet, self.log = sheet, log
        super().__init__(
            _(
                "Excel stopped the program while it wrote on the sheet '{sheet}', and "
                "doesn't let it put the cells back. What you wrote on the list of the day "
                "may stand on the sheet '{log}' as well. Close the workbook without saving, "
                "or delete the double rows at the end of '{log}' before you click again."
            ).format(sheet=self.sheet, log=self.log)
        )
