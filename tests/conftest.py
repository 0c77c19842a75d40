"""What the tests share: the command line, data that lies beside a checkout, LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from batch import cli
from batch.installation import typed
from tests.command_line import Finished, Run
from tests.engines.libreoffice import Office, libreoffice
from tests.surroundings import ROOT, missing
from words import speaking

Convert = Callable[[Path, str], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that needs LibreOffice is for one worker: two that start at once can hinder each other."""
    for item in items:
        if item.get_closest_marker("libreoffice"):
            item.add_marker(pytest.mark.xdist_group("libreoffice"))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins in English, whatever the computer and the test before spoke, and finds the
    program by its name.
    """
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(typed, "program", lambda: typed.NAME)
    with speaking("en"):
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real input beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        missing("the folder ../shared")
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["clientbase", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Finished(int(ended.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert a workbook with LibreOffice, under a profile of its own."""
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice")
    home = tmp_path_factory.mktemp("libreoffice")

    def run(workbook: Path, target: str) -> Path:
        folder = tmp_path_factory.mktemp("converted")
        command = [
            str(program),
            f"-env:UserInstallation={home.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            str(workbook),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        (found,) = folder.iterdir()
        return found

    return run


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One running LibreOffice for all tests that work in it."""
    with libreoffice(tmp_path_factory.mktemp("office")) as running:
        yield running
