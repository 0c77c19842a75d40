"""`clientbase setup`: the add-in and its settings on made-up Windows and Mac computers."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from batch import cli
from batch.installation import settings_file
from batch.installation.errors import (
    ExcelHoldsFile,
    ExcelNeverStarted,
    RecordUnreadable,
    UnfitForSettings,
)
from batch.installation.machine import Machine
from batch.installation.setup import remove, set_up

ADDIN = b"the add-in of the package"
SCRIPT = b"the script of the package"


@pytest.fixture(params=["win32", "darwin"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    return made_up(request.param, tmp_path)


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    return made_up("win32", tmp_path)


@pytest.fixture
def mac(tmp_path: Path) -> Machine:
    return made_up("darwin", tmp_path)


def made_up(platform: str, folder: Path) -> Machine:
    package = folder / "site-packages" / "xlwings"
    (package / "addin").mkdir(parents=True)
    (package / "addin" / "xlwings.xlam").write_bytes(ADDIN)
    (package / "xlwings-0.99.0.applescript").write_bytes(SCRIPT)
    home = folder / "home"
    home.mkdir()
    machine = Machine(
        platform,
        home,
        {"USERPROFILE": str(home), "APPDATA": str(home / "AppData" / "Roaming")},
        "cp1251" if platform == "win32" else "utf-8",
        "/venv/bin/python",
        Path("/programs/clientbase"),
        package,
        "0.99.0",
    )
    if machine.container is not None:
        machine.container.mkdir(parents=True)
    return machine


def everything(machine: Machine) -> Mapping[str, bytes | None]:
    """Every file and folder of the home folder."""
    return {
        str(path.relative_to(machine.home)): path.read_bytes() if path.is_file() else None
        for path in machine.home.rglob("*")
    }


def write_settings(machine: Machine, text: str) -> None:
    machine.settings.parent.mkdir(parents=True, exist_ok=True)
    machine.settings.write_bytes(text.encode(machine.encoding))


def settings(machine: Machine) -> str:
    return machine.settings.read_bytes().decode(machine.encoding)


def test_on_windows_the_files_go_where_excel_and_its_add_in_look(windows: Machine) -> None:
    set_up(windows)
    home = windows.home
    addin = home / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "xlwings.xlam"
    assert addin.read_bytes() == ADDIN
    assert (home / ".xlwings" / "xlwings.conf").read_bytes().decode("cp1251") == (
        '"INTERPRETER_WIN","/venv/bin/python"\r\n"PYTHONPATH","/programs/clientbase"\r\n'
    )


def test_on_a_mac_the_files_go_where_excel_and_its_add_in_look(mac: Machine) -> None:
    set_up(mac)
    library = mac.home / "Library"
    start = library / "Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized"
    assert (start / "Excel" / "xlwings.xlam").read_bytes() == ADDIN
    script = library / "Application Scripts/com.microsoft.Excel/xlwings-0.99.0.applescript"
    assert script.read_bytes() == SCRIPT
    conf = library / "Containers" / "com.microsoft.Excel" / "Data" / "xlwings.conf"
    assert conf.read_text(encoding="utf-8") == (
        '"INTERPRETER_MAC","/venv/bin/python"\n"PYTHONPATH","/programs/clientbase"\n'
    )


def test_it_tells_line_by_line_what_it_did(windows: Machine) -> None:
    assert set_up(windows) == [
        f"Add-in: written: {windows.addin}",
        f"Settings: written: {windows.settings}",
        "  INTERPRETER_WIN = /venv/bin/python",
        "  PYTHONPATH = /programs/clientbase",
        "Close Excel if it runs, start it again and open your workbook.",
        "If something doesn't work there: clientbase doctor YourBase.xlsm",
    ]


def test_a_second_time_changes_nothing_and_says_so(machine: Machine) -> None:
    write_settings(machine, '"LICENSE_KEY","mine"\n"SHOW CONSOLE","True"')
    set_up(machine)
    before = everything(machine)
    told = set_up(machine)
    assert everything(machine) == before
    assert told[0] == f"Add-in: in place already: {machine.addin}"
    assert f"Settings: in place already: {machine.settings}" in told


def test_a_dry_run_only_tells(machine: Machine) -> None:
    before = everything(machine)
    told = set_up(machine, dry_run=True)
    assert everything(machine) == before
    assert told[0] == f"Add-in: would be written: {machine.addin}"
    set_up(machine)
    before = everything(machine)
    assert f"Add-in: would be removed: {machine.addin}" in remove(machine, dry_run=True)
    assert everything(machine) == before


def test_other_settings_stay_to_the_letter(windows: Machine) -> None:
    write_settings(windows, 'license_key,"Ключ"\r\n\r\n"pythonpath",""\r\nno setting\r\n')
    set_up(windows)
    assert settings(windows).startswith(
        'license_key,"Ключ"\r\n\r\n"pythonpath","/programs/clientbase"\r\nno setting\r\n'
        '"INTERPRETER_WIN"'
    )


def test_bytes_that_are_no_letters_of_the_code_page_stay(windows: Machine) -> None:
    windows.settings.parent.mkdir()
    windows.settings.write_bytes(b'"OTHER","\x98"\r\n')
    set_up(windows)
    assert windows.settings.read_bytes().startswith(b'"OTHER","\x98"\r\n"INTERPRETER_WIN"')


def test_her_other_module_folders_stay_in_the_search_path(machine: Machine) -> None:
    write_settings(machine, '"PYTHONPATH","/mine;/also mine"\n')
    set_up(machine)
    assert '"PYTHONPATH","/programs/clientbase;/mine;/also mine"' in settings(machine)


def test_a_module_folder_that_is_in_the_search_path_is_not_put_there_twice(
    machine: Machine,
) -> None:
    write_settings(machine, '"PYTHONPATH","/mine;/Programs/ClientBase"\n')
    set_up(machine)
    assert '"PYTHONPATH","/mine;/Programs/ClientBase"' in settings(machine)


def test_an_installed_program_needs_no_module_folder(machine: Machine) -> None:
    set_up(replace(machine, modules=None))
    assert "PYTHONPATH" not in settings_file.values(settings(machine))


def test_a_set_up_from_another_python_replaces_the_former(machine: Machine) -> None:
    before = everything(machine)
    set_up(machine)
    set_up(replace(machine, interpreter="/other/python", modules=None))
    standing = settings_file.values(settings(machine))
    assert standing[machine.interpreter_key] == "/other/python"
    assert "PYTHONPATH" not in standing
    remove(machine)
    assert everything(machine) == before


@pytest.mark.parametrize("text", ['"SHOW CONSOLE","True"\n"X","1"', '"PYTHONPATH","/mine"\r\n', ""])
def test_remove_puts_everything_back(machine: Machine, text: str) -> None:
    write_settings(machine, text)
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(b"an older add-in")
    before = everything(machine)
    told = set_up(machine)
    assert machine.addin.read_bytes() == ADDIN
    assert f"What stood there before is kept: {machine.kept}" in told
    assert f"Add-in: put back: {machine.addin}" in remove(machine)
    assert everything(machine) == before


def test_remove_takes_away_files_and_folders_that_set_up_made(machine: Machine) -> None:
    before = everything(machine)
    set_up(machine)
    told = remove(machine)
    assert f"Add-in: removed: {machine.addin}" in told
    assert f"Settings: removed: {machine.settings}" in told
    assert everything(machine) == before


def test_remove_leaves_what_was_changed_since(machine: Machine) -> None:
    set_up(machine)
    machine.addin.write_bytes(b"a newer add-in")
    changed = settings_file.with_values(
        settings(machine), {machine.interpreter_key: "/mine/python", "LICENSE_KEY": "mine"}, "\n"
    )
    write_settings(machine, changed)
    told = remove(machine)
    assert f"Left alone, because it was changed or removed since: {machine.addin}" in told
    assert machine.addin.read_bytes() == b"a newer add-in"
    assert settings_file.values(settings(machine)) == {
        machine.interpreter_key: "/mine/python",
        "LICENSE_KEY": "mine",
    }


@pytest.mark.parametrize("text", ["", '"LICENSE_KEY","mine"\n'])
def test_remove_brings_no_settings_back_that_she_deleted(machine: Machine, text: str) -> None:
    write_settings(machine, text)
    set_up(machine)
    machine.settings.unlink()
    remove(machine)
    assert not machine.settings.exists()
    write_settings(machine, '"LICENSE_KEY","mine"\n')
    set_up(machine)
    own = settings_file.with_values(settings(machine), {"LICENSE_KEY": None}, "\n")
    write_settings(machine, own)
    remove(machine)
    assert settings(machine) == ""


def test_what_stood_there_alike_is_hers_and_stays(machine: Machine) -> None:
    write_settings(machine, f'"{machine.interpreter_key}","/venv/bin/python"\n')
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(ADDIN)
    before = everything(machine)
    set_up(machine)
    remove(machine)
    assert everything(machine) == before


def test_an_update_of_xlwings_renews_the_add_in_and_remove_still_takes_all_back(
    machine: Machine,
) -> None:
    before = everything(machine)
    set_up(machine)
    (machine.xlwings / "addin" / "xlwings.xlam").write_bytes(b"the next add-in")
    (machine.xlwings / "xlwings-1.0.0.applescript").write_bytes(b"the next script")
    newer = replace(machine, xlwings_version="1.0.0")
    set_up(newer)
    assert machine.addin.read_bytes() == b"the next add-in"
    remove(newer)
    assert everything(machine) == before


def test_remove_without_a_set_up_says_so(machine: Machine) -> None:
    assert remove(machine) == ["Nothing to take back: clientbase setup hasn't been run here."]


def hold(monkeypatch: pytest.MonkeyPatch, held: Path) -> None:
    """Refuse to open a file for writing, as Windows does while another program has it open."""
    opened = Path.open

    def refusing(path: Path, mode: str = "r", *rest: object, **named: object) -> object:
        if path == held and "+" in mode:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, mode, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)


def test_an_add_in_that_excel_holds_is_told_and_nothing_is_changed(
    windows: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    windows.addin.parent.mkdir(parents=True)
    windows.addin.write_bytes(b"an older add-in")
    before = everything(windows)
    hold(monkeypatch, windows.addin)
    with pytest.raises(ExcelHoldsFile):
        set_up(windows)
    monkeypatch.setattr(Machine, "here", lambda: windows)
    monkeypatch.setattr(sys, "argv", ["clientbase", "setup"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert capsys.readouterr().err == (
        "'xlwings.xlam' is loaded in Excel. Close Excel, all its windows, and try again; "
        "nothing was changed.\n"
    )
    assert everything(windows) == before


def test_another_file_that_refuses_is_not_blamed_on_excel(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_settings(machine, "")
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(b"an older add-in")
    before = everything(machine)
    hold(monkeypatch, machine.settings if machine.platform == "win32" else machine.addin)
    with pytest.raises(PermissionError) as refused:
        set_up(machine)
    assert not isinstance(refused.value, ExcelHoldsFile)
    assert everything(machine) == before


def test_a_failed_write_leaves_no_half_file_in_the_folder_that_excel_loads(
    windows: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_path: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    windows.addin.parent.mkdir(parents=True)
    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="No space left"):
        set_up(windows)
    assert [path for path in windows.home.rglob("*") if path.is_file()] == []


def test_a_path_that_excel_cannot_read_is_refused_before_anything_is_written(
    windows: Machine,
) -> None:
    before = everything(windows)
    western = replace(windows, encoding="cp1252", interpreter="/home/Яна/python")
    with pytest.raises(UnfitForSettings) as refused:
        set_up(western)
    assert str(refused.value) == (
        "Excel on this computer can't read the characters 'Яна' in the path /home/Яна/python (its "
        "setting INTERPRETER_WIN). Install this program in a folder with Latin letters only, such "
        "as C:\\clientbase, and try again; nothing was changed."
    )
    assert everything(windows) == before


def test_on_a_mac_excel_has_to_be_started_once_before(mac: Machine) -> None:
    assert mac.container is not None
    mac.container.rmdir()
    with pytest.raises(ExcelNeverStarted, match="Start Excel once, quit it, and try again"):
        set_up(mac)
    assert not mac.container.exists()


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"settings": {"A": 1}}'])
def test_a_damaged_record_is_told(machine: Machine, broken: str) -> None:
    set_up(machine)
    (machine.kept / "record.json").write_text(broken, encoding="utf-8")
    before = everything(machine)
    for action in (set_up, remove):
        with pytest.raises(RecordUnreadable, match="The record of the earlier set-up can't be rea"):
            action(machine)
    assert everything(machine) == before


def test_the_record_names_what_was_there_and_what_was_written(windows: Machine) -> None:
    write_settings(windows, '"INTERPRETER_WIN","/old"\r\n"SHOW CONSOLE","True"\r\n')
    set_up(windows)
    record = json.loads((windows.kept / "record.json").read_text(encoding="utf-8"))
    ours = "/venv/bin/python"
    assert record["settings"]["INTERPRETER_WIN"] == {"before": "/old", "ours": ours}
    assert "SHOW CONSOLE" not in record["settings"]
    assert list(record["files"]) == [str(windows.addin)]


def test_without_excel_it_says_what_works_instead(windows: Machine) -> None:
    linux = replace(windows, platform="linux")
    for action in (set_up, remove):
        (told,) = action(linux)
        assert told == (
            "There is no Excel for this system, so there is nothing to set up. The commands work "
            "here: clientbase recalc fills your workbook while it is closed."
        )
    assert everything(linux) == {}


def test_this_computer_has_the_files_that_set_up_copies() -> None:
    here = Machine.here()
    for platform in ("win32", "darwin"):
        for source in replace(here, platform=platform).copies().values():
            assert source.is_file(), source


def test_the_first_line_of_a_setting_counts_in_whatever_case() -> None:
    text = '"A","1"\r\na,2\r\n "B" , "with, comma" \r\nnothing\r\n'
    assert settings_file.values(text) == {"A": "1", "B": "with, comma"}


@pytest.mark.parametrize("option", [[], ["--dry-run"], ["--remove"]])
def test_the_command_prints_what_was_done(
    option: list[str],
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "--remove" in option:
        set_up(machine)
    monkeypatch.setattr(Machine, "here", lambda: machine)
    monkeypatch.setattr(sys, "argv", ["clientbase", "setup", *option])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    done = {"": "written", "--dry-run": "would be written", "--remove": "removed"}["".join(option)]
    assert f"Add-in: {done}: {machine.addin}\n" in capsys.readouterr().out
    assert machine.addin.exists() is (not option)
