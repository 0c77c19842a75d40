"""Which program this is."""

import hashlib
from functools import cache
from pathlib import Path

_CODE = ("batch", "rules")
_ENDINGS = {".py", ".yaml"}


@cache
def version() -> str:
    """The version that is installed; "unknown" where that can't be read."""
    from importlib import metadata  # noqa: PLC0415 — takes a while, and isn't always needed

    try:
        return metadata.version("clientbase")
    except metadata.PackageNotFoundError:
        return "unknown"


@cache
def fingerprint() -> str:
    """A hash of the code that calculates and of the shipped rules: another may decide otherwise."""
    root = Path(__file__).parents[2]
    files = [
        file
        for folder in _CODE
        for file in sorted((root / folder).rglob("*"))
        if file.suffix in _ENDINGS
    ]
    files += sorted(root.glob("config*.yaml"))
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()
