"""Into which folders a night exports, and whom a phone would mix up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from batch.night.exports import export_folders
from rules.config.settings import Config
from tests.bases import config
from tests.batch.simple_workbook import write
from tests.command_line import Run

DAY = ("--today", "2026-11-21")


def to(folder: str | Path) -> Config:
    return config(f"export: {{folder: {json.dumps(str(folder))}}}")


def base(path: Path, *clients: tuple[object, str], rules: str = "") -> Path:
    """A workbook with clients who have a phone, and the rules beside it."""
    path.parent.mkdir(exist_ok=True)
    rows = [[number, name, "8 903 123-45-67"] for number, name in clients]
    write(path, {"Clients": [["ID", "Name", "Phone"], *rows]})
    if rules:
        (path.parent / "config.yaml").write_text(rules, encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    lines = (folder / "contacts.vcf").read_text("utf-8").splitlines()
    return [line.removeprefix("FN:") for line in lines if line.startswith("FN:")]


@pytest.mark.parametrize(
    ("workbooks", "folders"),
    [
        ({"a.xlsx": "p"}, {"a.xlsx": "p"}),
        ({"a.xlsx": ""}, {}),
        ({"a.xlsx": "p", "b.xlsx": "q"}, {"a.xlsx": "p", "b.xlsx": "q"}),
        ({"a.xlsx": "p", "b.xlsx": "p"}, {"a.xlsx": "p", "b.xlsx": "p/b"}),
        ({"a.xlsx": "p", "b.xlsx": "./p/../P"}, {"a.xlsx": "p", "b.xlsx": "P/b"}),
        ({"a.xlsx": "", "b.xlsx": "p"}, {"b.xlsx": "p"}),
        ({"a.xlsx": "p", "a.xlsm": "p", "A.XLSX": "p"}, {"a.xlsx": "p", "a.xlsm": "p/a", "A.XLSX": "p/A-2"}),
        ({"a.xlsx": "p", "b.xlsx": "p", "c.xlsx": "p/b"}, {"a.xlsx": "p", "b.xlsx": "p/b-2", "c.xlsx": "p/b"}),
    ],
)  # fmt: skip
def test_every_workbook_has_a_folder_of_its_own_and_the_first_keeps_that_of_the_rules(
    tmp_path: Path, workbooks: dict[str, str], folders: dict[str, str]
) -> None:
    found = export_folders((tmp_path / name, to(folder)) for name, folder in workbooks.items())
    expected = {tmp_path / name: (tmp_path / folder).resolve() for name, folder in folders.items()}
    assert {path: folder.resolve() for path, folder in found.items()} == expected


def test_a_folder_that_nobody_can_make_hinders_no_other(tmp_path: Path) -> None:
    found = export_folders(
        [(tmp_path / "a.xlsx", to("a" * 5000)), (tmp_path / "b.xlsx", to("~nobody-here/b"))]
    )
    assert found[tmp_path / "b.xlsx"] == tmp_path / "~nobody-here" / "b"


def test_a_third_workbook_takes_nobody_s_place_however_alike_the_names(
    run: Run, tmp_path: Path
) -> None:
    for name in "xyz":
        base(tmp_path / name / "base.xlsx", (ord(name), f"Client of {name}"))
    (tmp_path / "c.yaml").write_text(f"export: {{folder: {json.dumps(str(tmp_path / 'phone'))}}}")
    files = [f"{name}/base.xlsx" for name in "xyz"]
    for _ in range(2):
        assert run("nightly", *files, "--config", "c.yaml", *DAY).code == 0
        for folder, name in (("", "x"), ("base", "y"), ("base-2", "z")):
            assert names(tmp_path / "phone" / folder) == [f"Client of {name}"]
            calendar = (tmp_path / "phone" / folder / "calendar.ics").read_text("utf-8")
            assert "CANCELLED" not in calendar


@pytest.mark.parametrize(
    ("damage", "rules"),
    [("junk", "export: {folder: ../phone}"), ("whole", "abc: 7"), ("gone", "")],
)
def test_where_one_fails_the_other_doesn_t_take_its_place(
    run: Run, tmp_path: Path, damage: str, rules: str
) -> None:
    anna = base(tmp_path / "a" / "anna.xlsx", (1, "Anna"), rules="export: {folder: ../phone}")
    base(tmp_path / "b" / "brand.xlsx", (2, "Brand"), rules="export: {folder: ../phone}")
    files = ("a/anna.xlsx", "b/brand.xlsx")
    run("nightly", *files, *DAY)
    former = (tmp_path / "phone" / "calendar.ics").read_bytes()
    if damage == "junk":
        anna.write_text("junk")
    elif damage == "gone":
        shutil.rmtree(tmp_path / "a" / ".clientbase")
        anna.unlink()
    if rules:
        (tmp_path / "a" / "config.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "b" / "brand.xlsx").unlink()
    base(tmp_path / "b" / "brand.xlsx", (2, "Brand"), (3, "New"))
    assert run("nightly", *files, *DAY).code == 1
    assert names(tmp_path / "phone") == ["Anna"]
    assert (tmp_path / "phone" / "calendar.ics").read_bytes() == former
    assert names(tmp_path / "phone" / "brand") == ["Brand", "New"]


def test_clients_of_two_bases_under_one_id_are_told_with_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    base(tmp_path / "a" / "a.xlsx", ("A7", "Anna"), (1, "One"), rules="export: {folder: phone}")
    base(tmp_path / "b" / "b.xlsx", ("a7", "Vera"), (2, "Two"), rules="export: {folder: phone}")
    base(tmp_path / "c" / "c.xlsx", (3, "Olga"), rules="export: {folder: phone}")
    files = [f"{name}/{name}.xlsx" for name in "abc"]
    done = run("nightly", *files, *DAY)
    told = (
        f"{Path('a/a.xlsx')}, {Path('b/b.xlsx')} have clients under the same ID (1, such as A7). A "
        "phone that gets more than one of these exports takes them for one client."
    )
    assert done.code == 0
    assert f"\n  {told}" in done.out.partition("\n\n")[0]
    for name in ("clientbase-nightly.html", "clientbase-nightly.txt"):
        assert told in (tmp_path / "a" / name).read_text("utf-8-sig")
    (notice,) = json.loads(run("nightly", *files, "--json", *DAY).out)["notices"]
    assert notice.startswith(told)


def test_bases_with_names_of_their_own_have_nothing_to_be_told(run: Run, tmp_path: Path) -> None:
    for name in "ab":
        rules = f"export: {{folder: phone, base: {name}}}"
        base(tmp_path / name / "base.xlsx", (1, name), rules=rules)
    done = run("nightly", "a/base.xlsx", "b/base.xlsx", *DAY)
    assert "under the same ID" not in done.out
    cards = [(tmp_path / name / "phone" / "contacts.vcf").read_text("utf-8") for name in "ab"]
    uids = {line for card in cards for line in card.splitlines() if line.startswith("UID:")}
    assert len(uids) == 2
    assert "under the same ID" not in run("nightly", "a/base.xlsx", *DAY).out
