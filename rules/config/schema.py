"""The JSON Schema of `config.yaml`, with which an editor completes, explains and checks the file.

`python -m rules.config.schema` prints it; `config.schema.json` is its output.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rules import house
from rules.config.assembly import config_type
from rules.config.basics import Model

Schema = dict[str, Any]


def schema_text() -> str:
    """The schema of `config.yaml` as JSON text, made from the types in `rules.config.settings` and
    of the rooms.

    Her file may leave out what `rules.config` takes from the shipped rules, so no key is required
    in a block of fixed keys; the entries of lists are taken whole, so theirs are.
    """
    whole = config_type(house.ROOMS)
    schema = _tidy(whole.model_json_schema(by_alias=True))
    for model in _completed(whole):
        block = schema if model is whole else schema["$defs"][model.__name__]
        block.pop("required", None)
    heading = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of a client base (config.yaml)",
    }
    return json.dumps(heading | schema, indent=2, ensure_ascii=False) + "\n"


def _completed(model: type[Model]) -> Iterator[type[Model]]:
    """The blocks of fixed keys that are completed key by key."""
    yield model
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Model):
            yield from _completed(field.annotation)


def _tidy(node: Any) -> Any:  # noqa: ANN401 — any part of a schema
    """*node* without the words that pydantic makes of key names, and without null: in the file
    an entry is left out, not empty.
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
        tidy = (kinds[0] if len(kinds) == 1 else {"anyOf": kinds}) | tidy
    return tidy


if __name__ == "__main__":
    print(schema_text(), end="")  # noqa: T201 — that is what this command is for
