"""A whole new workbook: its sheets in order, and the macros where the ending asks for them."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook

from batch.book import TableRows
from batch.formulas.figures import ShownTable
from batch.saving import disk
from batch.writer.charts import write_charts
from batch.writer.hidden import SETTINGS_SHEET, client_names, write_add_in_settings, write_texts
from batch.writer.lists import write_list_sheet
from batch.writer.look import Page
from batch.writer.rules import write_rules
from batch.writer.start import BUTTON_CELL, write_start
from batch.writer.tables import SheetContent, check_size, write_table
from batch.xlsx.newrows import with_rows
from rules.config.assembly import furnished
from rules.config.settings import TEXTS_SHEET, Config
from words import _, speaking

WITH_MACROS, WITHOUT_MACROS = ".xlsm", ".xlsx"
MACRO = "Recalculate"
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write_base(
    path: Path,
    config: Config,
    contents: Mapping[str, SheetContent],
    created: dt.datetime | None = None,
    sources: Iterable[Path] = (),
    rooms: Collection[str] = (),
) -> None:
    """Write the workbook *path* with the tables *contents* (by key), made from lists in *sources*,
    which nobody may read in it who may not read them there. *rooms*: keys of those that it has
    beside those of every base.

    Around them stand the first sheet, the lists, the charts, the sheet with rules that she may
    change, and a hidden sheet; an .xlsm has the
    macros and the button, too. The columns that the program fills stand at the right of Clients, in
    grey. Text stays text, whatever it begins with. *created*: the moment that the file's properties
    name, by default now. The file appears whole or not at all. Raises TooManyRowsError,
    TooManyColumnsError, OSError.
    """
    config = furnished(config, rooms)
    check_size(contents, config)
    moment = created or dt.datetime.now().astimezone().replace(tzinfo=None)
    with speaking(config.based_on), tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        if path.suffix.lower() == WITH_MACROS:
            rows = _write_with_macros(made, config, contents, moment)
        else:
            rows = _write_plain(made, config, contents, moment, path.name)
        content = with_rows(made, rows)
    disk.write_whole(path, content, disk.temporary(path), None, sources)


def _write_with_macros(
    path: Path, config: Config, contents: Mapping[str, SheetContent], moment: dt.datetime
) -> dict[str, TableRows]:
    # half a second that plain workbooks needn't wait
    from batch.making.macros import Button, add_macros, shipped_modules  # noqa: PLC0415

    button = Button(*BUTTON_CELL, _("Recalculate"), MACRO)
    plain = path.with_suffix(WITHOUT_MACROS)
    rows = _write_plain(plain, config, contents, moment, None)
    add_macros(plain, path, button, shipped_modules())
    return rows


def _write_plain(
    path: Path,
    config: Config,
    contents: Mapping[str, SheetContent],
    moment: dt.datetime,
    command_for: str | None,
) -> dict[str, TableRows]:
    """Write all sheets to *path*, without the rows of the tables, which it gives by sheet;
    *command_for* as in `write_start`.
    """
    try:
        with xlsxwriter.Workbook(str(path), _OPTIONS) as workbook:
            workbook.set_properties({"created": moment})
            return _write_sheets(workbook, config, contents, moment.date(), command_for)
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from error


def _write_sheets(
    workbook: Workbook,
    config: Config,
    contents: Mapping[str, SheetContent],
    today: dt.date,
    command_for: str | None,
) -> dict[str, TableRows]:
    reports = config.rooms.sheets.values()
    first = [one.key for one in reports if one.is_first]
    others = [one.key for one in reports if not one.is_first]
    order = ["start", *first, *config.rooms.tables, *others, "charts", "rules"]
    sheets = {key: workbook.add_worksheet(config.sheet(key)) for key in order}
    texts = workbook.add_worksheet(TEXTS_SHEET)
    if command_for is None:
        workbook.set_vba_name("ThisWorkbook")
        settings = workbook.add_worksheet(SETTINGS_SHEET)
        write_add_in_settings(settings)
        for key, sheet in (*sheets.items(), ("texts", texts), ("settings", settings)):
            sheet.set_vba_name(f"{key.capitalize()}Sheet")
    choices = {**write_texts(texts, config), **client_names(workbook, config)}
    pages = {key: Page(workbook, sheet, config, choices) for key, sheet in sheets.items()}
    clients = contents.get(config.rooms.clients.key, SheetContent())
    ids = clients.columns.get("id", [])
    shown = ShownTable.unfilled(config, today, sum(cell is not None for cell in ids))
    write_start(pages["start"], shown, command_for)
    rows: dict[str, TableRows] = {
        config.sheet(key): write_table(pages[key], table, contents.get(key, SheetContent()))
        for key, table in config.rooms.tables.items()
    }
    for key, declared in config.rooms.sheets.items():
        write_list_sheet(pages[key], declared)
    write_charts(pages["charts"], shown)
    write_rules(pages["rules"])
    sheets["start"].activate()
    return rows
