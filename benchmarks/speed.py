"""Times and memory of whole processes, side by side: `python -m benchmarks.speed`, `--large`.

Every round starts each process once, one after the other, so that a busy moment of the machine
meets all of them. What is read and filled are fresh copies of a base that is made once. Needs
`pip install -c constraints.txt ".[bench]"`, and Linux or macOS, which tell a process's memory.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.sizes import LARGE, TODAY, USUAL, Size

ROUNDS = 5
_DAY = TODAY.isoformat()
_NEXT_DAY = TODAY.replace(day=TODAY.day + 1).isoformat()
_PACKAGES = ("fastexcel", "openpyxl", "pandas", "pyarrow", "numpy", "lxml")
_MEGABYTE = 1_000_000

_FASTEXCEL = """
import logging, sys, fastexcel
logging.disable()  # it tells of each blank column
book = fastexcel.read_excel(sys.argv[1])
for sheet in sys.argv[2:]:
    {read}
"""
_PANDAS = _FASTEXCEL.format(read="book.load_sheet(sheet).to_pandas()")
_ARROW = _FASTEXCEL.format(read="book.load_sheet(sheet).__arrow_c_array__()")
"""The second reads into bare columns, without a library of data frames."""
_OPENPYXL = """
import sys, openpyxl
openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])
"""
_CLIENTBASE = "import sys; from batch.cli import main; sys.argv[0] = 'clientbase'; main()"


class Run(NamedTuple):
    """What one process took: seconds from its start to its end, and its peak memory in bytes."""

    seconds: float
    memory: int


class Process(NamedTuple):
    """A process to be measured: its name in the table, its program and the program's arguments.

    is_slow: whether a large base isn't given to it, which would take many minutes and gigabytes.
    """

    name: str
    program: str
    arguments: Sequence[str]
    is_slow: bool = False


class ProcessFailedError(RuntimeError):
    """A measured process ended with an error, so its time means nothing."""

    def __init__(self, name: str, code: int) -> None:
        self.name, self.code = name, code
        super().__init__(
            f"'{name}' ended with the exit code {code}; its message stands above. Nothing was "
            "measured. Install what is missing with: pip install -c constraints.txt '.[bench]'"
        )


READING, COLUMNS = (f"fastexcel, both sheets into {what}" for what in ("pandas", "bare columns"))
OPENPYXL = "openpyxl, load and save"
FIRST, NEXT, SAME = (
    f"clientbase recalc, {what}" for what in ("first fill", "the next day", "nothing to change")
)
HELP = "clientbase --help"


def processes(original: Path, copy: Path) -> list[Process]:
    """What is measured, in the order of a round.

    original: the base as it was made. copy: where a fresh copy of it stands for each round.
    """
    recalc = ("recalc", str(copy), "--today")
    return [
        Process(READING, _PANDAS, (str(original), "Clients", "Purchases")),
        Process(COLUMNS, _ARROW, (str(original), "Clients", "Purchases")),
        Process(
            OPENPYXL, _OPENPYXL, (str(original), str(copy.with_name("saved.xlsx"))), is_slow=True
        ),
        Process(FIRST, _CLIENTBASE, (*recalc, _DAY)),
        Process(NEXT, _CLIENTBASE, (*recalc, _NEXT_DAY)),
        Process(SAME, _CLIENTBASE, (*recalc, _NEXT_DAY)),
        Process(HELP, _CLIENTBASE, ("--help",)),
    ]


def measured(original: Path, *, is_large: bool) -> dict[str, list[Run]]:
    """The runs of each process by its name. Raises ProcessFailedError."""
    runs: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as compiled:
        environment = _environment(compiled)
        for number in range(1 + ROUNDS):  # the first compiles what is imported
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "base.xlsx"
                shutil.copy(original, copy)
                for one in processes(original, copy):
                    if one.is_slow and (number == 0 or is_large):
                        continue
                    run = _run(one, environment)
                    if number:
                        runs.setdefault(one.name, []).append(run)
    return runs


def _environment(compiled: str) -> dict[str, str]:
    """The surroundings of the processes: compiled modules are kept, as in an installation."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": compiled}


def _run(process: Process, environment: Mapping[str, str]) -> Run:
    command = [sys.executable, "-c", process.program, *process.arguments]
    silent = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    number = os.posix_spawn(
        command[0], command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1)]
    )
    _, status, used = os.wait4(number, 0)
    seconds = time.perf_counter() - start
    os.close(silent)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise ProcessFailedError(process.name, code)
    is_mac = sys.platform == "darwin"  # which counts bytes, where Linux counts kilobytes
    return Run(seconds, used.ru_maxrss * (1 if is_mac else 1024))


# The table ----------------------------------------------------------------------------------


def table(runs: Mapping[str, list[Run]], size: Size, usual: float | None) -> Iterator[str]:
    """The results as a table for the manual, with what is promised beside it.

    usual: the seconds of a first fill of the base of usual size, which that of a large one is
    compared with.
    """
    reading = seconds(runs, READING)
    yield (
        f"{size.clients:,} clients × 30 columns, {size.purchases:,} purchases, "
        f"{size.contacts:,} contacts; median of {ROUNDS}:"
    )
    yield ""
    yield "| process | time | × reading | memory | promised |"
    yield "|---|--:|--:|--:|---|"
    for name, found in runs.items():
        middle, peak = seconds(runs, name), max(run.memory for run in found)
        yield (
            f"| {name} | {middle:.2f} s | {middle / reading:.1f} "
            f"| {peak / _MEGABYTE:.0f} MB | {_promise(name, runs, usual)} |"
        )


def seconds(runs: Mapping[str, list[Run]], name: str) -> float:
    """The median of a process's times."""
    return statistics.median(run.seconds for run in runs[name])


def _promise(name: str, runs: Mapping[str, list[Run]], usual: float | None) -> str:
    """What is promised of a process, and whether this run kept it."""
    took, memory = seconds(runs, name), max(run.memory for run in runs[name])
    if name == HELP:
        return _kept([("under 0.3 s", took < 0.3)])
    if name not in {FIRST, NEXT, SAME}:
        return ""
    if usual is not None:
        times = took / usual
        return _kept(
            [
                (f"at most 5.5 × the usual base (here {times:.1f})", times <= 5.5),
                ("1,500 MB", memory <= 1500 * _MEGABYTE),
            ]
        )
    faster = seconds(runs, OPENPYXL) / took
    return _kept(
        [
            ("at most 3 × reading", took <= 3 * seconds(runs, READING)),
            (f"12 times faster than openpyxl (here {faster:.0f})", faster >= 12),
            ("450 MB", memory <= 450 * _MEGABYTE),
        ]
    )


def _kept(promises: Sequence[tuple[str, bool]]) -> str:
    return ", ".join(text if is_kept else f"{text}: **missed**" for text, is_kept in promises)


def machine() -> str:
    """What was measured on: processor, cores, system, Python and libraries."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
        + "."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def made(folder: Path, size: Size) -> Path:
    """The base of that *size* in *folder*. Raises ProcessFailedError.

    It is made by another process: the memory of this one would count for all that it starts.
    """
    path = folder / size.file_name
    if not path.exists():
        numbers = map(str, (size.clients, size.purchases, size.contacts))
        program = "import runpy; runpy.run_module('benchmarks.bases', run_name='__main__')"
        making = Process("making the base", program, (str(folder), *numbers))
        _run(making, os.environ)
    return path


def main() -> None:
    """Make the bases, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--large", action="store_true", help="also a million purchases")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "clientbase-benchmarks",
        help="where the made bases are kept (default: %(default)s)",
    )
    asked = parser.parse_args()
    usual: float | None = None
    say(machine())
    for size in (USUAL, LARGE) if asked.large else (USUAL,):
        runs = measured(made(asked.folder, size), is_large=size == LARGE)
        say("")
        for line in table(runs, size, usual):
            say(line)
        usual = seconds(runs, FIRST)


def say(line: str) -> None:
    """Print a line."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
