"""The JSON Schema of `config.yaml`, with which an editor completes, explains and checks the file.

`python -m rules.config.schema` prints it; `config.schema.json` is its output.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from rules import house
from rules.config.assembly import config_type
from rules.config.basics import BEFORE, INTEGER_SCHEMA, OFF, Model, NamedEntry
from rules.config.blocks import RULES, SHARED
from rules.config.settings import FILLED
from rules.model.declarations import Room
from rules.reading.words import fold

Schema = dict[str, Any]


def schema_text() -> str:
    """The schema of `config.yaml` as JSON text, made from the types in `rules.config.settings` and
    of the rooms.

    Her file may leave out what `rules.config` takes from the shipped rules, so no key is required
    in a block of fixed keys, and of an entry that is known by its name only that; other entries are
    taken whole, so their keys are required.
    """
    whole = config_type(house.ROOMS)
    schema = _tidy(whole.model_json_schema(by_alias=True, schema_generator=_Described))
    for model in _completed(whole):
        block = schema if model is whole else schema["$defs"][model.__name__]
        block.pop("required", None)
    for room in whole.rooms.extra.values():
        _fold(schema["$defs"], room)
    heading = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of a client base (config.yaml)",
    }
    return json.dumps(heading | schema, indent=2, ensure_ascii=False) + "\n"


_TAKEN_OUT: Schema = {"enum": [OFF, False]}
_PLACES: Schema = {
    OFF: {"type": ["string", "boolean"], "description": "Yes: this entry is taken out."},
    BEFORE: {"type": "string", "description": "The name of the entry before which this one goes."},
}


def _fold(parts: Mapping[str, Schema], room: Room) -> None:
    """Have the block of a *room* hold its sheets, headings and contact rules, as it does in the
    file.
    """
    (block,) = (part for name, part in parts.items() if fold(name) == fold(room.key))
    shared = {key: parts[key.capitalize()]["properties"] for key in SHARED}
    own = [*(one.key for one in room.tables), *(one.key for one in room.sheets)]
    grey = parts["FilledColumns"]["properties"]
    columns = {key: shared["columns"].pop(key) for key in own}
    if room.columns:
        columns[FILLED] = _object({one.key: grey.pop(one.key) for one in room.columns})
    rules = [{"$ref": f"#/$defs/{one.settings.__name__}"} for one in room.contact_rules]
    folded = {
        "sheets": _object({key: shared["sheets"].pop(key) for key in own}),
        "columns": _object(columns),
        RULES: {"type": "array", "items": {"oneOf": rules}},
    }
    told = ("The names of its sheets.", "Its headings.", "Its contact rules.")
    for text, (key, part) in zip(told, folded.items(), strict=True):
        block["properties"][key] = part | {"description": text}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


class _Described(GenerateJsonSchema):
    """Tells of each key what the line below it in the code says."""

    def model_schema(self, schema: Any) -> Schema:  # noqa: ANN401 — pydantic's own kind of dict
        found = super().model_schema(schema)
        if issubclass(schema["cls"], NamedEntry):
            found["properties"] |= _PLACES
            known_by, needed = schema["cls"].known_by, found.pop("required")
            ways = [[known_by], [OFF]] if known_by in needed else [[known_by], [OFF], needed]
            found["anyOf"] = [{"required": keys} for keys in ways]
        for name, field in schema["cls"].model_fields.items():
            texts = (_documented(one).get(name) for one in schema["cls"].__mro__)
            told, text = found["properties"].get(field.alias or name), next(filter(None, texts), "")
            if text and told is not None:
                told.setdefault("description", text)
        return found

    def dict_schema(self, schema: Any) -> Schema:  # noqa: ANN401 — pydantic's own kind of dict
        found = super().dict_schema(schema)
        words = found.get("patternProperties", {})
        return found | {
            "patternProperties": {
                word: {"anyOf": [_TAKEN_OUT, value]} for word, value in words.items()
            }
        }

    def int_schema(self, schema: Any) -> Schema:  # noqa: ANN401 — pydantic's own kind of dict
        return super().int_schema(schema) | INTEGER_SCHEMA


@cache
def _documented(model: type) -> Mapping[str, str]:
    """What stands below the fields of a class in its code, by their names."""
    body: list[ast.stmt] = []
    with suppress(OSError, TypeError):  # a class that isn't written anywhere
        (written,) = ast.parse(dedent(inspect.getsource(model))).body
        body = written.body if isinstance(written, ast.ClassDef) else []
    return {
        field.target.id: " ".join(below.value.value.split())
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _completed(model: type[Model]) -> Iterator[type[Model]]:
    """The blocks of fixed keys that are completed key by key."""
    yield model
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Model):
            yield from _completed(field.annotation)


def _tidy(node: Any) -> Any:  # noqa: ANN401 — any part of a schema
    """*node* without the words that pydantic makes of key names, and without null: in the file
    an entry is left out, not empty, and a shipped one taken out.
    """
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: _tidy(value)
        for key, value in node.items()
        if key not in {"title", "discriminator"} and not (key == "default" and value is None)
    }
    if {"type": "null"} in tidy.get("anyOf", ()):
        kinds = [kind for kind in tidy.pop("anyOf") if kind != {"type": "null"}]
        if any("$ref" in kind or kind.get("type") == "array" for kind in kinds):
            kinds.append(_TAKEN_OUT)
        tidy = (kinds[0] if len(kinds) == 1 else {"anyOf": kinds}) | tidy
    return tidy


if __name__ == "__main__":
    print(schema_text(), end="")  # noqa: T201 — that is what this command is for
