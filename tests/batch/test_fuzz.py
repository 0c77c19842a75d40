"""Mutated workbooks: a recalculation ends well or with a sentence, and harms nothing.

For longer, by hand: ``FUZZ_ROUNDS=20000 FUZZ_SEED=7 pytest tests/batch/test_fuzz.py``.
"""

from __future__ import annotations

import faulthandler
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from batch.cells import address
from batch.configuration import Rules
from batch.errors import NotVerified
from batch.making.example import make_example
from batch.recalculation.file import Outcome, recalculate_file
from batch.xlsx.sheetxml import StandingCells
from batch.xlsx.trees import MAIN_TYPES
from batch.xlsx.workbook import Workbook
from rules.answers import about_clients, about_figures
from rules.errors import ClientBaseError
from tests.bases import HOUSE, config
from tests.batch import handmade, rich_workbook
from tests.batch.mutations import Members, members_of, mutated
from tests.batch.simple_workbook import TODAY, write
from tests.batch.xlsx import parts as made

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "600"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
HANGS_AFTER_SECONDS = 300
SMALL = 60_000
RULES = Rules(config(), Path("config.yaml"))
MAY_DIFFER = re.compile(
    r"xl/(worksheets|tables)/|.*/?styles\d*\.xml$|.*/sheet\d*\.xml$", re.IGNORECASE
)

SHEETS: Mapping[str, Sequence[handmade.Row]] = {
    "Clients": [["ID", "Name", "Group"], [1, "Anna", None], ["2"]],
    "Purchases": [["Date", "Client ID", "Amount"], [46100, 1, 990.5], ["12.05.2026", 2, 20]],
    "Contacts": [["Date", "Client ID", "Kind"], [46200, 2, "call"]],
}
Base = tuple[str, Members]
"""The ending of a workbook's name, and its parts."""


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> list[Base]:
    """Sound client bases: our own, and real workbooks with our three sheets among theirs."""
    folder = tmp_path_factory.mktemp("bases")
    own = [
        write(folder / "plain.xlsx"),
        write(folder / "filled.xlsx"),
        make_example(folder / "example.xlsx", RULES.config, TODAY).path,
        make_example(folder / "example.xlsm", RULES.config, TODAY).path,
        rich_workbook.make(folder / "rich.xlsm"),
    ]
    recalculate_file(folder / "filled.xlsx", RULES, TODAY)
    found = [(path.suffix, members_of(path.read_bytes())) for path in own]
    found.append((".xlsx", crowded()))
    grafts = [graft(path) for path in sorted((shared / "corpus").iterdir()) if usable(path)]
    assert len(grafts) > 20
    return found + grafts


def usable(path: Path) -> bool:
    return path.suffix in MAIN_TYPES.values() and path.stat().st_size < SMALL


def crowded() -> Members:
    """A base with whatever else there may be: a table with a totals row, hidden rows, styled rows,
    merged cells, protection, shared and array formulas with functions of ours, the 1904 system.
    """
    names = ["ID", "Name", "Birthday", "Class date", "Group", "Next contact"]
    rows = (
        '<row r="2" spans="1:6">'
        + "".join(handmade.cell(2, at, one) for at, one in enumerate(names, 1))
        + "</row>"
    )
    for row in range(3, 7):
        shared = f'ref="F3:F6" si="0">NEXT_CONTACT(A{row})' if row == 3 else 'si="0">'
        rows += (
            f'<row r="{row}" spans="1:6" s="1" customFormat="1" hidden="{int(row == 4)}">'
            f'{handmade.cell(row, 1, f"00{row}")}<c r="B{row}" t="s"><v>0</v></c>'
            f'<c r="C{row}" s="1"><v>{30000 + row}</v></c>'
            f'<c r="E{row}" t="str"><f>CLIENT_GROUP(A{row})</f><v>VIP</v></c>'
            f'<c r="F{row}"><f t="shared" {shared}</f></c></row>'
        )
    rows += '<row r="7"><c r="A7" t="str"><f>SUBTOTAL(103,T[ID])</f><v>4</v></c></row>'
    rows += '<row r="9"><c r="Z9" t="str" cm="1"><f t="array" ref="Z9:Z12">CLIENT_CLASS(A3:A6)</f></c></row>'
    table = made.table("A2:F7", names, extra='totalsRowCount="1"')
    parts = handmade.base(
        rows,
        before='<dimension ref="A2:AA12"/>',
        after='<sheetProtection sheet="1"/><mergeCells count="1"><mergeCell ref="Z1:AA2"/></mergeCells>'
        '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
        table_xml=table.replace('<autoFilter ref="A2:F7"/>', '<autoFilter ref="A2:F6"/>'),
        date1904=True,
    )
    return list(parts.items())


def graft(path: Path) -> Base:
    """A real workbook with the three sheets of a client base behind its own."""
    parts = dict(members_of(path.read_bytes()))
    return path.suffix, list(handmade.with_sheets(parts, SHEETS).items())


def test_a_mutated_workbook_is_filled_rightly_or_refused_with_a_sentence(
    bases: list[Base], tmp_path: Path
) -> None:
    chance = Random(SEED)
    filled = 0
    for number in range(ROUNDS):
        suffix, members = chance.choice(bases[: chance.choice((6, len(bases)))])
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / f"base{suffix}"
        path.write_bytes(mutated(chance, members))
        with no_hang():
            filled += check(path)
    assert ROUNDS * 0.2 < filled < ROUNDS


@contextmanager
def no_hang() -> Iterator[None]:
    """End the whole run, with what every thread was doing, when the block doesn't end."""
    assert sys.__stderr__
    faulthandler.dump_traceback_later(HANGS_AFTER_SECONDS, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def check(path: Path) -> bool:
    """Recalculate the only file of a folder; whether it was filled."""
    before = path.read_bytes()
    try:
        outcome = recalculate_file(path, RULES, TODAY)
    except NotVerified:
        raise
    except (ClientBaseError, OSError) as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert refusal.endswith(".")
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]
        return False
    old = path.parent / f"old{path.suffix}"
    old.write_bytes(before)
    check_only_cells_changed(Workbook.open(old), Workbook.open(path), outcome)
    if not any(
        change.heading in (*about_clients(HOUSE), *about_figures(HOUSE))
        for change in outcome.changes
    ):
        # a function of ours may stand in a column that is read, and then feed the next run
        after = path.read_bytes()
        assert not recalculate_file(path, RULES, TODAY).changes
        assert path.read_bytes() == after
    return True


def check_only_cells_changed(old: Workbook, new: Workbook, outcome: Outcome) -> None:
    assert new.package.names == old.package.names
    for name in old.package.names:
        a, b = old.package.member(name), new.package.member(name)
        if new.package.content[b.start : b.stop] != old.package.content[a.start : a.stop]:
            assert MAY_DIFFER.match(name), name
    changed = {change.cell for change in outcome.changes}
    was, now = (cells(one) for one in (old, new))
    assert {place: raw for place, raw in was.items() if place not in changed} == {
        place: raw for place, raw in now.items() if place not in changed
    }


def cells(workbook: Workbook) -> dict[str, bytes]:
    """Each cell of the clients' sheet as it is written."""
    standing = StandingCells(workbook, workbook.sheet("Clients"))
    layout = standing.layout
    places = zip(layout.cell_rows.tolist(), layout.cell_columns.tolist(), strict=True)
    return {address(*place): standing.bytes_of(index) for index, place in enumerate(places)}
