"""What failed inside the program, written down for whoever helps her."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = Path.home() / ".clientbase" / "clientbase.log"
_MOST_BYTES = 1_000_000


class _Handler(RotatingFileHandler):
    """Follows no link, and makes a file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)

        return open(self.baseFilename, "a", encoding="utf-8", opener=opener)


def write(what: str, error: BaseException) -> Path:
    """Add *what* failed and the traceback of *error* to the log; gives the log's file.

    Never raises: where the file can't be written, the traceback is lost.
    """
    with suppress(OSError):
        FILE.parent.mkdir(parents=True, exist_ok=True)
        handler = _Handler(FILE, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        logger = logging.getLogger(__name__)
        logger.addHandler(handler)
        try:
            logger.error(what, exc_info=error)
        finally:
            logger.removeHandler(handler)
            handler.close()
    return FILE
