"""What a starter runs: `python -m batch.installation.started STARTER [FILE ...]`.

It recalculates the files that were dropped on it, by default its base, and keeps the window open
until she has read what happened.
"""

from __future__ import annotations

import sys
from pathlib import Path

from batch import cli
from batch.commands.language import of_computer
from batch.commands.terminal import fail
from batch.errors import reason_of
from batch.installation import starter
from rules.errors import ClientBaseError
from words import _, speak


def main() -> None:
    """Recalculate, and wait for Enter."""
    speak(of_computer())
    try:
        started, *dropped = sys.argv[1:]
        files = dropped or [str(starter.base_of(Path(started)))]
        sys.argv = ["clientbase", "recalc", *files]
        cli.main()
    except ClientBaseError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {reason_of(error)}.")
    finally:
        if sys.stdin is not None and sys.stdin.isatty():
            input(_("Press Enter to close this window."))


if __name__ == "__main__":
    main()
