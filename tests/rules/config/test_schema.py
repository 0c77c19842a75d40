from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from rules.config.loading import ConfigError, load_config
from rules.config.schema import schema_text
from tests.bases import ROOT, shipped

SCHEMA = json.loads(schema_text())
CHECK = jsonschema.Draft202012Validator(SCHEMA)
FILES = [ROOT / "config.yaml", ROOT / "config.ru.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]


class EditorLoader(yaml.SafeLoader):
    """Reads plain words as an editor does, by YAML 1.2: `no` and 12-31 are words."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 — as in PyYAML


for kind, pattern, first in [
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
]:
    EditorLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{pattern})$"), first
    )


def complaints(text: str) -> list[str]:
    """What an editor would mark in *text*."""
    tree = yaml.load(text, Loader=EditorLoader) or {}  # noqa: S506 — a safe loader
    return [error.message for error in CHECK.iter_errors(tree)]


def test_the_editor_of_these_tests_reads_plain_words_as_yaml_1_2() -> None:
    text = "[no, yes, 12-31, 07-01, 0, 1.5, 1e3, true, ~, 2024-01-01, 36_000, 0o7]"
    read = yaml.load(text, Loader=EditorLoader)  # noqa: S506 — a safe loader
    assert read == [
        "no", "yes", "12-31", "07-01", 0, 1.5, 1000.0, True, None, "2024-01-01", "36_000", "0o7",
    ]  # fmt: skip


def test_the_schema_file_is_current() -> None:
    current = (ROOT / "config.schema.json").read_text(encoding="utf-8")
    assert current == schema_text(), "run: python -m rules.config.schema > config.schema.json"


def test_the_command_prints_the_schema() -> None:
    command = [sys.executable, "-X", "utf8", "-m", "rules.config.schema"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.decode("utf-8").replace("\r\n", "\n") == schema_text()


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"]
    assert SCHEMA["description"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_shipped_files_and_the_examples_fit_the_schema(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_name_the_schema_for_the_editor(path: Path) -> None:
    first_line = path.read_text(encoding="utf-8").partition("\n")[0]
    name = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first_line)
    assert name
    assert (path.parent / name[1]).resolve() == ROOT / "config.schema.json"


ACCEPTED = [
    "",
    "home_city: Perm",
    "home_city:",
    "stage: {period_months: 4}",
    "stage: {names: {lost: Gone}}",
    "contacts: {}",
    "no_words: [no, 0, false]",
    "columns: {clients: {notes: 2024, city: [City, Town]}}",
    "year: {seminar_start: 02-29}",
    "gifts: {percent: .5, list: [{name: Soap, price: 1e3, can_be_posted: no}]}",
    "gifts: {list: [{name: Soap, price: 1, can_be_posted: Нет}]}",
    "contacts: {rules: []}\ngroups: [{name: VIP, when: {bought: {is: yes}}}, {name: Client}]",
    "gifts: {multipliers: [{when: {columns: {Hair: {filled: True}}}, times: 2}]}",
    "holidays: [{day: 05-01, name: May Day, when: {any: [{abc: {in: [A, B]}}]}}]",
    "contacts: {rules: [{rule: first_contact, channel: call, reason: hello}]}",
    "contacts: {rules: [{rule: birthday, channel: call}, {rule: reorder, before: birthday}]}",
    "groups: [{name: VIP, when: {turnover_in_year: {above: 50 000}}}]",
    "groups: [{off: yes}, {name: VIP}]\ncontacts: {rules: []}\ngifts: {multipliers: []}",
    "holidays: [{name: New Year, off: yes}]",
    "gifts: {percent: '1,5 %'}\nlimits: {clients: 100 000}",
    "kinds: {catalogue: off}",
    "contacts: {rules: [{rule: rhythm, every: 3 weeks}]}",
    "contacts: {rules: [{rule: rhythm, every: {VIP: 10 days, Waiting: off}}]}",
    "groups: [{name: VIP, when: {longest_gap_days: off}}]",
    "contacts: {rules: [{rule: before_birthday, when: off}]}",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_the_program_reads_the_editor_accepts(text: str) -> None:
    load_config(text, shipped())
    assert complaints(text) == []


REFUSED = [
    "holydays: []",
    "stage: {perod_months: 3}",
    "stage: {period_months: three}",
    "stage: {period_months: 1.5}",
    "stage: {period_months: }",
    "stage:",
    "sheets: [Clients]",
    "sheets: {clients: ''}",
    "columns: {clients: {phone: []}}",
    "columns: {clients: {phone: {a: b}}}",
    "based_on: de",
    "year: {basis: yes}",
    "year: {seminar_start: 02-31}",
    "year: {seminar_start: 1-7}",
    "holidays: [{day: birthday, name: x}]",
    "gifts: {percent: -1}",
    "gifts: {percent: 1 00}",
    "gifts: {percent: .inf}",
    "gifts: {list: [{name: Soap, price: 1, can_be_posted: maybe}]}",
    "gifts: {occasions: [{day: easter, name: x}]}",
    "abc: {bounds: [50]}",
    "abc: {bounds: [0, 50]}",
    "abc: {names: [A, B]}",
    "groups: []",
    "groups: VIP",
    "groups: [{when: {bought: {is: yes}}}]",
    "groups: [{name: VIP, when: {bought: {is: maybe}}}]",
    "groups: [{name: VIP, when: {bought: {at_least: 3}}}]",
    "groups: [{name: VIP, when: {turnover: {above: 3}}}]",
    "groups: [{name: VIP, when: {bought: }}]",
    "groups: [{name: VIP, when: {any: []}}]",
    "contacts: {rules: [{rule: birtday, channel: call}]}",
    "contacts: {rules: [{rule: first_contact, channel: call, reason: x, late_day: 3}]}",
    "kinds: {call: two}",
    "numbers: {decimal: comma}",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_editor_marks_the_program_refuses(text: str) -> None:
    with pytest.raises(ConfigError):
        load_config(text, shipped())
    assert complaints(text)


def properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 — any part of a schema
    """Every key that the schema knows, with what it says about it."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name == "properties":
                yield from ((f"{path}.{key}", what) for key, what in inner.items())
            yield from properties(inner, f"{path}.{name}")
    elif isinstance(node, list):
        for inner in node:
            yield from properties(inner, path)


def test_every_key_is_explained_where_the_editor_hovers_over_it() -> None:
    found = dict(properties(SCHEMA))
    assert len(found) > 200
    assert [path for path, what in found.items() if not what.get("description")] == []


def test_every_block_refuses_unknown_keys() -> None:
    for name, block in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        assert block["additionalProperties"] is False, name
        assert block["description"], name


def test_only_entries_of_lists_require_keys() -> None:
    required = {
        name
        for name, block in SCHEMA["$defs"].items()
        if "required" in block or any("required" in way for way in block.get("anyOf", ()))
    }
    assert "required" not in SCHEMA
    assert {"GroupRule", "GiftItem", "Holiday", "Birthday", "SeriesDate"} <= required
    assert not required & {"Abc", "Gifts", "Contacts", "StageNames", "ClientColumns", "Limits"}
