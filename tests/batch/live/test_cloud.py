"""The folder behind the web address that Excel tells of a workbook on OneDrive."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.live.cloud import is_address, local_file

PERSONAL = "https://d.docs.live.net/1a2b3c4d5e6f7a8b/"
BUSINESS = "https://firm-my.sharepoint.com/personal/anna_firm_com/Documents/"
TEAM = "https://firm.sharepoint.com/sites/Sales/Shared Documents/"


def base(folder: Path) -> Path:
    """A workbook in *folder*, which is made."""
    folder.mkdir(parents=True)
    (folder / "Base 1.xlsm").write_bytes(b"x")
    return folder / "Base 1.xlsm"


@pytest.mark.parametrize(
    ("address", "variable", "folder"),
    [
        (f"{PERSONAL}Work/Base 1.xlsm", "OneDriveConsumer", "any"),
        (f"{PERSONAL}Work/Base%201.xlsm", "OneDriveConsumer", "any"),
        (f"{PERSONAL}Work/Base 1.xlsm", "OneDrive", "any"),
        (f"{PERSONAL}Work/Base 1.xlsm", "", "home/OneDrive"),
        (f"{PERSONAL}Work/Base 1.xlsm", "", "home/Library/CloudStorage/OneDrive-Personal"),
        (f"{BUSINESS}Work/Base 1.xlsm", "OneDriveCommercial", "any"),
        (f"{BUSINESS}Work/Base%201.xlsm", "OneDrive", "any"),
        (f"{BUSINESS}Work/Base 1.xlsm", "", "home/OneDrive - Firm"),
        (f"{BUSINESS}Work/Base 1.xlsm", "", "home/Library/CloudStorage/OneDrive-Firm"),
    ],
)
def test_onedrives_own_folder_is_known_from_the_environment_or_by_its_name(
    tmp_path: Path, address: str, variable: str, folder: str
) -> None:
    file = base(tmp_path / folder / "Work")
    environment = {variable: str(tmp_path / folder)} if variable else {}
    assert local_file(address, {}, environment, tmp_path / "home") == file


@pytest.mark.parametrize(
    ("address", "start", "inside"),
    [
        (f"{TEAM}Work/Base 1.xlsm", TEAM, "Work"),
        (f"{TEAM}Work/Base%201.xlsm", TEAM.replace(" ", "%20"), "Work"),
        (f"{TEAM}Work/Base 1.xlsm", f"{TEAM}Work", "."),
        (f"{PERSONAL}Work/Base 1.xlsm", PERSONAL.upper(), "Work"),
    ],
)
def test_a_folder_that_is_kept_alike_is_known_by_its_address(
    tmp_path: Path, address: str, start: str, inside: str
) -> None:
    file = base(tmp_path / "kept" / inside)
    mounts = {start: str(tmp_path / "kept"), "https://other.example/": str(tmp_path)}
    assert local_file(address, mounts, {}, tmp_path / "home") == file


def test_a_file_that_isnt_there_or_could_be_one_of_two_is_not_guessed(tmp_path: Path) -> None:
    address = f"{PERSONAL}Work/Base 1.xlsm"
    assert local_file(address, {}, {"OneDrive": str(tmp_path)}, tmp_path / "home") is None
    base(tmp_path / "one" / "Work")
    base(tmp_path / "two" / "Work")
    both = {"OneDrive": str(tmp_path / "one"), "OneDriveConsumer": str(tmp_path / "two")}
    assert local_file(address, {}, both, tmp_path / "home") is None
    assert local_file("https://example.com/Base 1.xlsm", {}, both, tmp_path / "home") is None


def test_an_address_leads_to_no_folder_above(tmp_path: Path) -> None:
    base(tmp_path / "above")
    (tmp_path / "drive").mkdir()
    address = f"{PERSONAL}../above/Base 1.xlsm"
    environment = {"OneDrive": str(tmp_path / "drive")}
    assert local_file(address, {}, environment, tmp_path / "home") is None


@pytest.mark.parametrize("name", ["C:\\Base.xlsm", "/home/anna/Base.xlsm", "Base.xlsm", ""])
def test_a_path_is_no_address(name: str) -> None:
    assert not is_address(name)
