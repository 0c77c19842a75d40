"""`clientbase schedule`: shown first, asked, set up, taken away."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batch.schedule.computer import Computer
from batch.schedule.job import next_time
from batch.schedule.systems import all_of, choose
from tests.batch.schedule.computers import Programs, computer
from tests.batch.simple_workbook import write
from tests.command_line import Run

NO_SYSTEMD = ("systemctl",)
Use = Callable[..., Programs]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Use:
    """Let the command run on another computer, and hand over its programs."""

    def change(platform: str = "linux", **facts: object) -> Programs:
        programs = Programs(**facts)  # type: ignore[arg-type]
        made = computer(tmp_path / "home", platform, programs)
        monkeypatch.setattr(Computer, "here", lambda: made)
        return programs

    write(tmp_path / "base.xlsx")
    return change


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: answer)


def test_it_shows_the_definition_and_sets_nothing_up_where_nobody_can_answer(
    run: Run, use: Use
) -> None:
    programs = use(failing=NO_SYSTEMD)
    done = run("schedule", "base.xlsx", "--at", "2:30")
    assert done.code == 0
    assert done.out.startswith("Every day at 02:30, by cron:\n\n    30 2 * * * cd ")
    assert done.out.endswith("Nothing was set up. Add --yes to set it up without a question.\n")
    assert programs.crontab is None


@pytest.mark.parametrize(
    ("answer", "is_set_up"), [("y", True), ("Да ", True), ("yes", True), ("n", False), ("", False)]
)
def test_it_asks_and_does_as_she_says(
    run: Run, use: Use, monkeypatch: pytest.MonkeyPatch, answer: str, is_set_up: bool
) -> None:
    programs = use(failing=NO_SYSTEMD)
    answering(monkeypatch, answer)
    done = run("schedule", "base.xlsx")
    assert (programs.crontab is not None) is is_set_up
    assert done.out.splitlines()[-1].startswith("Set up: every day" if is_set_up else "Nothing was")


def test_a_dry_run_asks_and_does_nothing(run: Run, use: Use) -> None:
    programs = use(failing=NO_SYSTEMD)
    assert run("schedule", "base.xlsx", "--dry-run", "--yes").code == 0
    assert programs.crontab is None


def test_what_runs_at_night_has_whole_paths_and_all_options(
    run: Run, use: Use, tmp_path: Path
) -> None:
    programs = use(failing=NO_SYSTEMD)
    (tmp_path / "more").mkdir()
    (tmp_path / "my.yaml").write_text("{}")
    run(
        "schedule", "base.xlsx", "more", "--yes", "--config", "my.yaml", "--recursive", "--verify",
        "--wait", "60", "--summary", "morning",
    )  # fmt: skip
    assert str(programs.crontab).partition(" nightly ")[2] == (
        f"--log {tmp_path}/morning/clientbase-nightly.log --config {tmp_path}/my.yaml "
        f"--summary {tmp_path}/morning --recursive --verify --wait 60 {tmp_path}/base.xlsx "
        f"{tmp_path}/more # clientbase-nightly\n"
    )


def test_the_log_is_named_as_the_summary_in_the_language_of_the_rules(
    run: Run, use: Use, tmp_path: Path
) -> None:
    programs = use(failing=NO_SYSTEMD)
    (tmp_path / "config.yaml").write_text("based_on: ru\n")
    run("schedule", "base.xlsx", "--yes")
    assert f" --log '{tmp_path}/clientbase-сводка.log' " in str(programs.crontab)


def test_the_scheduled_command_runs_and_fills_the_workbook(
    run: Run, use: Use, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shlex  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    here = Computer.here()
    programs = use(failing=NO_SYSTEMD)
    real = computer(tmp_path, "linux", programs).__dict__ | {
        "interpreter": sys.executable,
        "folder": here.folder,
    }
    monkeypatch.setattr(Computer, "here", lambda: Computer(**real))
    (tmp_path / "Мои базы & 100%").mkdir()
    write(tmp_path / "Мои базы & 100%" / "it's.xlsx")
    run("schedule", "Мои базы & 100%", "--yes")
    line = str(programs.crontab).split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", line], check=False, capture_output=True, cwd="/")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), shlex.split(line)
    folder = tmp_path / "Мои базы & 100%"
    assert (folder / "clientbase-nightly.html").exists()
    assert "it's.xlsx" in (folder / "clientbase-nightly.log").read_text(encoding="utf-8")


def test_setting_up_another_says_that_it_replaces_the_first(run: Run, use: Use) -> None:
    programs = use(failing=NO_SYSTEMD)
    run("schedule", "base.xlsx", "--yes")
    done = run("schedule", "base.xlsx", "--at", "3:05", "--yes")
    assert "It replaces the schedule that is set up now." in done.out
    assert str(programs.crontab).startswith("5 3 * * *")
    assert str(programs.crontab).count("\n") == 1


def test_without_a_file_it_shows_what_is_set_up(run: Run, use: Use) -> None:
    use(failing=NO_SYSTEMD)
    assert run("schedule").out.startswith("Nothing is set up. Name your workbook or its folder")
    run("schedule", "base.xlsx", "--yes")
    assert run("schedule").out.startswith("Set up now, by cron:\n\n    0 2 * * * ")


def test_removing_takes_it_away_from_every_system_of_the_computer(run: Run, use: Use) -> None:
    programs = use()
    run("schedule", "base.xlsx", "--yes", "--system", "cron")
    run("schedule", "base.xlsx", "--yes", "--system", "systemd")
    assert run("schedule", "--remove", "--dry-run").out.count("Would be taken away, from") == 2
    assert run("schedule", "--remove").out == (
        "Taken away: a systemd user timer no longer starts the program.\n"
        "Taken away: cron no longer starts the program.\n"
    )
    assert programs.crontab is None
    done = run("schedule", "--remove")
    assert (done.code, done.out) == (0, "There was no schedule to take away.\n")


def test_removing_from_one_system_leaves_the_other(run: Run, use: Use) -> None:
    programs = use()
    run("schedule", "base.xlsx", "--yes", "--system", "cron")
    run("schedule", "base.xlsx", "--yes", "--system", "systemd")
    run("schedule", "--remove", "--system", "systemd")
    assert programs.crontab is not None
    assert run("schedule").out.startswith("Set up now, by cron:")


@pytest.mark.parametrize(
    ("platform", "failing", "key"),
    [
        ("win32", (), "windows"),
        ("darwin", (), "launchd"),
        ("linux", (), "systemd"),
        ("linux", NO_SYSTEMD, "cron"),
    ],
)
def test_each_computer_has_its_system(
    tmp_path: Path, platform: str, failing: tuple[str, ...], key: str
) -> None:
    made = computer(tmp_path, platform, Programs(failing=failing))
    assert choose(made, None).key == key
    assert key in {system.key for system in all_of(made, None)}


@pytest.mark.parametrize("key", ["windows", "systemd", "launchd", "cron"])
def test_any_systems_definition_can_be_looked_at_anywhere(run: Run, use: Use, key: str) -> None:
    use()
    done = run("schedule", "base.xlsx", "--system", key, "--dry-run")
    assert done.code == 0
    assert "nightly" in done.out
    assert "?" not in done.out.replace("<?xml", "").replace("?>", "")
    assert "If the" in done.out


@pytest.mark.parametrize("at", ["24:00", "12:60", "2", "02:5", "noon", "", "-1:00"])
def test_a_time_that_is_none_is_told(run: Run, use: Use, at: str) -> None:
    use()
    done = run("schedule", "base.xlsx", f"--at={at}")
    assert done.code == 2
    assert done.err == f"--at '{at}' is no time; write hours:minutes, such as 02:00.\n"


@pytest.mark.parametrize("arguments", [["gone.xlsx"], ["base.xlsx", "--config", "gone.xlsx"]])
def test_what_is_not_there_is_told_before_the_night(
    run: Run, use: Use, arguments: list[str]
) -> None:
    use()
    done = run("schedule", *arguments, "--yes")
    assert done.code == 2
    assert "gone.xlsx" in done.err


def test_a_system_that_refuses_is_told(run: Run, use: Use) -> None:
    use(failing=("enable",))
    done = run("schedule", "base.xlsx", "--yes")
    assert done.code == 2
    assert done.err == ("Nothing was done: a systemd user timer refused (Access is denied.).\n")


def test_it_speaks_russian_by_russian_rules(run: Run, use: Use, tmp_path: Path) -> None:
    use(failing=NO_SYSTEMD)
    (tmp_path / "config.yaml").write_text(
        "based_on: ru\nsheets: {clients: Clients}", encoding="utf-8"
    )
    done = run("schedule", "base.xlsx", "--yes")
    assert done.out.startswith("Каждый день в 02:00, запускает cron:")
    assert "cron ничего не навёрстывает" in done.out
    assert run("schedule").out.startswith("Сейчас настроено, запускает cron:")
    assert run("schedule", "--remove").out.startswith("Убрано: cron больше не запускает")


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-21 01:59:59", "2026-11-21 02:00"),
        ("2026-11-21 02:00:00", "2026-11-22 02:00"),
        ("2026-12-31 13:00:00", "2027-01-01 02:00"),
    ],
)
def test_it_runs_for_the_first_time_when_it_is_next_that_late(now: str, first: str) -> None:
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    assert next_time(moment, 2, 0) == dt.datetime.fromisoformat(first)


def test_this_computer_is_known() -> None:
    here = Computer.here()
    assert here.interpreter == sys.executable or here.interpreter.endswith("pythonw.exe")
    assert (here.folder / "batch" / "__main__.py").is_file()
    assert here.run([sys.executable, "-c", "print(input())"], "да").out.strip() == "да"
    assert here.run([sys.executable, "-c", "raise SystemExit(3)"], "").code == 3
    assert here.run(["no-such-program-here"], "").code == -1
    assert not here.has("no-such-program-here")
