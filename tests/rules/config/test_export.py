"""What may stand under 'export' in the configuration."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.config.loading import ConfigError, load_config
from tests.bases import config, shipped


@pytest.mark.parametrize(
    ("typed", "alarm"),
    [
        ("09:00", dt.time(9)),
        ("'9:30'", dt.time(9, 30)),
        ("00:00", dt.time(0)),
        ("23:59", dt.time(23, 59)),
        ("off", None),
        ("no", None),
        ("нет", None),
    ],
)
def test_an_alarm_is_a_time_or_off(typed: str, alarm: dt.time | None) -> None:
    assert config(f"export: {{alarm: {typed}}}").export.alarm == alarm


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("export: {alarm: 24:00}", 1, "export.alarm: expected a time such as 09:00, or off; found '24:00'"),
        ("export: {alarm: 9}", 1, "export.alarm: expected a time such as 09:00, or off; found '9'"),
        ("export: {alarm: '09:60'}", 1, "export.alarm: expected a time such as 09:00, or off"),
        ("export:\n  contacts_as: tasks", 2, "export.contacts_as: found 'tasks'; allowed: 'events', 'todos'"),
        ("export:\n  mailing:\n    kinds: []", 3, "export.mailing.kinds: expected at least 1 entry"),
        ("export:\n  sms:\n    other: 'Dear {nme}'", 3, "export.sms.other: unknown word in braces {nme}; allowed here: {first_name}, {name}, {occasion}"),
        ("export:\n  sms:\n    templates:\n      New Year: '{name'", 4, "export.sms.templates.New Year: a brace { or } stands alone; they come in pairs"),
        ("export:\n  sms:\n    templates:\n      New Year: '{name!r}'", 4, "export.sms.templates.New Year: unknown word in braces {name!r}"),
        ("export:\n  sms:\n    templates:\n      New Year: ' '", 4, "export.sms.templates.New Year: this can't be empty"),
        ("export: {days_ahead: -1}", 1, "export.days_ahead: must be at least 0"),
        ("dates: {youngest_age: 151}", 1, "dates.youngest_age: must be at most 150"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(text, shipped())
    (problem,) = caught.value.problems
    assert problem.line == line
    assert problem.message.startswith(message)
