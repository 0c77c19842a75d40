"""Where the tests run: the checkout, and whether this is CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip the test because *what* isn't on this machine; in CI that is a failure."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and in CI it must not be")
    pytest.skip(f"{what} is missing")
