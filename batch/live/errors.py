"""What Excel may refuse while the program writes into the open workbook."""

from __future__ import annotations

from rules.errors import ClientBaseError
from words import marked


class WriteRefusedError(ClientBaseError, RuntimeError):
    """Excel doesn't let the program write; the columns are as they were."""

    sheet: str
    says = marked(
        "Excel doesn't let the program write on the sheet '{sheet}'; it is as it "
        "was. If the sheet is protected, switch that off (Review, Unprotect Sheet); "
        "if a cell is being edited, finish it; then click again."
    )


class CloudFolderError(ClientBaseError, LookupError):
    """A workbook on OneDrive whose folder on this computer can't be told, nor the rules in it."""

    address: str
    says = marked(
        "This workbook lies on OneDrive or SharePoint ({address}), and its folder on this computer "
        "can't be found, so it isn't known whether rules of yours (config.yaml) lie beside it; "
        "nothing was written. Let OneDrive keep that folder on this computer, or move the workbook "
        "to a folder outside OneDrive, such as C:\\ClientBase."
    )


class HalfWrittenError(ClientBaseError, RuntimeError):
    """Excel stopped the program in the middle, and doesn't let it put the cells back."""

    sheet: str
    says = marked(
        "Excel stopped the program while it wrote on the sheet '{sheet}', and some "
        "grey cells may be wrong now. Undo what hinders it (a protected sheet, a "
        "cell being edited) and click again: that writes them anew. Or close the "
        "workbook without saving."
    )


class HalfMovedError(ClientBaseError, RuntimeError):
    """Excel stopped the program while entries were on their way to the logs, for good."""

    sheet: str
    log: str
    says = marked(
        "Excel stopped the program while it wrote on the sheet '{sheet}', and "
        "doesn't let it put the cells back. What you wrote on the list of the day "
        "may stand on the sheet '{log}' as well. Close the workbook without saving, "
        "or delete the double rows at the end of '{log}' before you click again."
    )
