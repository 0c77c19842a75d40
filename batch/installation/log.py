"""What failed inside the program, written down for whoever helps her."""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = Path.home() / ".clientbase" / "clientbase.log"
_MOST_BYTES = 1_000_000


def write(what: str, error: BaseException) -> Path:
    """Add *what* failed and the traceback of *error* to the log; gives the log's file.

    Never raises: where the file can't be written, the traceback is lost.
    """
    with suppress(OSError):
        FILE.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(FILE, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        logger = logging.getLogger(__name__)
        logger.addHandler(handler)
        try:
            logger.error(what, exc_info=error)
        finally:
            logger.removeHandler(handler)
            handler.close()
    return FILE
