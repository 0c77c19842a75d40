"""Times and memory of whole processes, side by side: `python -m benchmarks.speed`, `--large`.

The yardstick is fastexcel reading Clients and Purchases into bare columns. Every round starts each
process once, one after the other, so that a busy moment of the machine meets all of them; what is
promised is judged by the time that the processor worked for a process, which others hardly change.
What is read and filled are fresh copies of a base that is made once. Needs
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
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.sizes import LARGE, TODAY, USUAL, Size

ROUNDS, LARGE_ROUNDS = 5, 3
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
    """What one process took: seconds from its start to its end, those that the processor worked for
    it, all cores together, and its peak memory in bytes.
    """

    seconds: float
    work: float
    memory: int


class Process(NamedTuple):
    """A process to be measured: its name in the table, its program and the program's arguments.

    is_slow: whether it runs once. is_for_large: whether a large base is given to it, too.
    """

    name: str
    program: str
    arguments: Sequence[str]
    is_slow: bool = False
    is_for_large: bool = True


class ProcessFailedError(RuntimeError):
    """A measured process ended with an error, so its time means nothing."""

    def __init__(self, name: str, code: int) -> None:
        self.name, self.code = name, code
        super().__init__(
            f"'{name}' ended with the exit code {code}; its message stands above. Nothing was "
            "measured. Install what is missing with: pip install -c constraints.txt '.[bench]'"
        )


PANDAS, READING = (f"fastexcel, both sheets into {what}" for what in ("pandas", "bare columns"))
OPENPYXL = "openpyxl, load and save (once)"
FIRST, NEXT, FIRST_LISTS, NEXT_LISTS, SAME = (
    f"clientbase recalc, {what}"
    for what in (
        "first fill",
        "the next day",
        "first fill with lists",
        "the next day with lists",
        "nothing to change",
    )
)
HELP = "clientbase --help"
PROMISED = {FIRST: 3.0, NEXT: 2.5, FIRST_LISTS: 3.5, NEXT_LISTS: 2.5, SAME: 0.6}
"""How many times the reading into bare columns each may take."""
_MOST_MEMORY, _MOST_LARGE = 320 * _MEGABYTE, 1000 * _MEGABYTE
_LARGE_TIMES = 5.0


def processes(bare: Path, copies: Sequence[Path]) -> list[Process]:
    """What is measured, in the order of a round.

    bare: the base without lists, as it was made. copies: where fresh copies of it and of the one
    with lists stand for each round.
    """
    plain, listed = ("recalc", str(copies[0]), "--today"), ("recalc", str(copies[1]), "--today")
    saved = copies[0].with_name("saved.xlsx")
    return [
        Process(PANDAS, _PANDAS, (str(bare), "Clients", "Purchases")),
        Process(READING, _ARROW, (str(bare), "Clients", "Purchases")),
        Process(OPENPYXL, _OPENPYXL, (str(bare), str(saved)), is_slow=True, is_for_large=False),
        Process(FIRST, _CLIENTBASE, (*plain, _DAY)),
        Process(NEXT, _CLIENTBASE, (*plain, _NEXT_DAY), is_for_large=False),
        Process(FIRST_LISTS, _CLIENTBASE, (*listed, _DAY)),
        Process(NEXT_LISTS, _CLIENTBASE, (*listed, _NEXT_DAY), is_for_large=False),
        Process(SAME, _CLIENTBASE, (*listed, _NEXT_DAY), is_for_large=False),
        Process(HELP, _CLIENTBASE, ("--help",), is_for_large=False),
    ]


def measured(bare: Path, listed: Path, *, is_large: bool) -> dict[str, list[Run]]:
    """The runs of each process by its name. Raises ProcessFailedError."""
    runs: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as compiled:
        environment = _environment(compiled)
        for number in range(
            1 + (LARGE_ROUNDS if is_large else ROUNDS)
        ):  # the first compiles what is imported
            with tempfile.TemporaryDirectory() as folder:
                copies = [Path(folder) / "bare.xlsx", Path(folder) / "listed.xlsx"]
                for original, copy in zip((bare, listed), copies, strict=True):
                    shutil.copy(original, copy)
                for one in processes(bare, copies):
                    if (one.is_slow and number != 1) or (is_large and not one.is_for_large):
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
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if is_mac else 1024))


# The table ----------------------------------------------------------------------------------


def table(runs: Mapping[str, list[Run]], size: Size, usual: float | None) -> Iterator[str]:
    """The results as a table for the manual, with what is promised beside it.

    usual: what the processor worked for a first fill of the base of usual size, in seconds, which
    that of a large one is compared with.
    """
    reading, reading_work = seconds(runs, READING), work(runs, READING)
    yield (
        f"{size.clients:,} clients × 30 columns, {size.purchases:,} purchases, "
        f"{size.contacts:,} contacts; median of {len(runs[READING])}:"
    )
    yield ""
    yield "| process | time | × reading | processor | × reading | memory | promised |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for name, found in runs.items():
        middle, worked, peak = seconds(runs, name), work(runs, name), _peak(found)
        yield (
            f"| {name} | {middle:.2f} s | {middle / reading:.1f} | {worked:.2f} s "
            f"| {worked / reading_work:.1f} | {peak / _MEGABYTE:.0f} MB "
            f"| {_promise(name, runs, usual)} |"
        )


def seconds(runs: Mapping[str, list[Run]], name: str) -> float:
    """The median of a process's times."""
    return statistics.median(run.seconds for run in runs[name])


def work(runs: Mapping[str, list[Run]], name: str) -> float:
    """The median of what the processor worked for a process, in seconds."""
    return statistics.median(run.work for run in runs[name])


def _peak(found: Sequence[Run]) -> int:
    return max(run.memory for run in found)


def _promise(name: str, runs: Mapping[str, list[Run]], usual: float | None) -> str:
    """What is promised of a process, and whether this run kept it."""
    if name == HELP:
        return _kept([("under 0.3 s", seconds(runs, name) < 0.3)])
    if name not in PROMISED:
        return ""
    worked, memory = work(runs, name), _peak(runs[name])
    if usual is None:
        most = PROMISED[name]
        is_quick = worked <= most * work(runs, READING)
        return _kept([(f"{most:g} × reading", is_quick), ("320 MB", memory <= _MOST_MEMORY)])
    if name != FIRST:
        return ""
    times = worked / usual
    told = f"{_LARGE_TIMES:g} × the usual base (here {times:.1f})"
    return _kept([(told, times <= _LARGE_TIMES), ("1,000 MB", memory <= _MOST_LARGE)])


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
        lists = () if size.has_lists else ("bare",)
        program = "import runpy; runpy.run_module('benchmarks.bases', run_name='__main__')"
        making = Process("making the base", program, (str(folder), *numbers, *lists))
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
        bare = made(asked.folder, replace(size, has_lists=False))
        runs = measured(bare, made(asked.folder, size), is_large=size == LARGE)
        say("")
        for line in table(runs, size, usual):
            say(line)
        usual = work(runs, FIRST)


def say(line: str) -> None:
    """Print a line."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
