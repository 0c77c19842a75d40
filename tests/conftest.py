"""What the tests share: data that lies beside a checkout, and LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engines.libreoffice import Office, libreoffice
from tests.surroundings import ROOT, missing

Convert = Callable[[Path, str], Path]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real input beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        missing("the folder ../shared")
    return folder


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
