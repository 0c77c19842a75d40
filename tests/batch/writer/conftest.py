from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.writer.made import filled_example


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example base after a recalculation; only to be read."""
    return filled_example(tmp_path_factory.mktemp("example"))
