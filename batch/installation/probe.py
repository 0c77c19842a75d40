"""Run by the Python that Excel will start, whichever it is: tells what that one can import.

Its arguments are folders for the search path, a bar, and names of modules. It has to run on any
Python 3, also one that is too old for the program.
"""

import importlib
import json
import struct
import sys


def answer(arguments):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Version, bits, and by module its file, or why it can't be imported."""
    bar = arguments.index("|")
    sys.path[0:0] = arguments[:bar]
    files, failures = {}, {}
    for name in arguments[bar + 1 :]:
        try:
            files[name] = getattr(importlib.import_module(name), "__file__", None) or ""
        except Exception as error:  # noqa: BLE001 — whatever a module does, it is told
            failures[name] = f"{type(error).__name__}: {error}"
    xlwings = sys.modules.get("xlwings")
    return {
        "version": list(sys.version_info[:3]),
        "bits": struct.calcsize("P") * 8,
        "files": files,
        "failures": failures,
        "xlwings": getattr(xlwings, "__version__", ""),
    }


if __name__ == "__main__":
    print(json.dumps(answer(sys.argv[1:])))  # type: ignore[no-untyped-call] # noqa: T201
