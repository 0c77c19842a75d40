"""What the tests share: data that lies beside a checkout, and LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI") == "true"
Convert = Callable[[Path, str], Path]


def missing(what: str) -> None:
    """Skip the test because *what* isn't on this machine; in CI that is a failure."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and in CI it must not be")
    pytest.skip(f"{what} is missing")


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
