"""From the text of `config.yaml` to a frozen `Config`, or to one report of all that is wrong.

Whoever calls reads the file; here is only text. A file needs to hold just what differs: keys that
it leaves out are taken from one of the shipped files (`based_on: en` or `ru`), block by block,
while lists and tables of her own words (`kinds`, `holidays` …) are taken whole.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules import yaml_text
from rules.config_checks import check
from rules.errors import ClientBaseError
from rules.settings import Config, Model
from rules.yaml_text import Block, Items, Mark, Node, Path

__all__ = ["Config", "ConfigError", "ConfigProblem", "load_config"]


class ConfigProblem(NamedTuple):
    """One thing wrong with a configuration file, and where (counted from 1)."""

    line: int
    column: int
    message: str


class ConfigError(ClientBaseError, ValueError):
    """The configuration can't be used; `problems` lists everything that is wrong with it."""

    def __init__(self, source: str, problems: Iterable[ConfigProblem]) -> None:
        self.source = source
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        lines = [f"{source} has {count} {'problem' if count == 1 else 'problems'}:"]
        lines += [f"  line {at.line}, column {at.column}: {at.message}" for at in self.problems]
        super().__init__("\n".join(lines))


def load_config(
    text: str | bytes, shipped: Mapping[str, str], source: str = "config.yaml"
) -> Config:
    """The configuration in *text*, completed from the *shipped* texts ("en" and "ru").

    *text* may be the raw bytes of the file, in UTF-8 or UTF-16, with or without a byte-order
    mark. *source* is the file's name for messages. Raises ConfigError with every problem found.
    """
    if isinstance(text, bytes):
        raw = text
        try:
            text = yaml_text.decode(raw)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            advice = "this isn't UTF-8 text; in Notepad choose File > Save as > Encoding: UTF-8"
            raise ConfigError(source, [ConfigProblem(line, 1, advice)]) from error
    tree, mistakes = yaml_text.read(text)
    problems = [ConfigProblem(*mistake.mark, mistake.message) for mistake in mistakes]
    if problems and not tree:
        raise ConfigError(source, problems)
    base = tree.get("based_on", "en")
    base_text = shipped.get(base if isinstance(base, str) else "en", shipped["en"])
    whole = _merge(Config, yaml_text.read(base_text)[0], tree)
    blocks: dict[int, type[Model]] = {}
    try:
        config = Config.model_validate(whole, context=blocks)
    except ValidationError as error:
        for detail in error.errors():
            path, message = _sentence(detail, whole, blocks)
            problems.append(_placed(tree, path, message))
        raise ConfigError(source, problems) from error
    problems += [_placed(tree, path, message) for path, message in check(config)]
    if problems:
        raise ConfigError(source, problems)
    return config


def _merge(model: type[Model], base: Block, own: Block) -> Block:
    """*own*, with the keys it leaves out taken from *base*, down through blocks of fixed keys."""
    merged = Block(own.mark)
    merged.update(base)
    for key, value in own.items():
        inner = next(
            (f.annotation for n, f in model.model_fields.items() if (f.alias or n) == key), None
        )
        below = base.get(key)
        if (
            isinstance(inner, type)
            and issubclass(inner, Model)
            and isinstance(value, Block)
            and isinstance(below, Block)
        ):
            merged[key] = _merge(inner, below, value)
        elif key == "messages" and isinstance(value, Block) and isinstance(below, Block):
            merged[key] = {**below, **value}  # type: ignore[assignment]
        else:
            merged[key] = value
    return merged


def _placed(tree: Block, path: Path, message: str) -> ConfigProblem:
    mark = yaml_text.locate(tree, path)
    if mark is None:
        mark = Mark(1, 1)
        message += " (from the shipped rules: copy this entry into your file and change it there)"
    where = ".".join(str(step) for step in path if isinstance(step, str))
    return ConfigProblem(*mark, f"{where}: {message}" if where else message)


def near(word: str, allowed: Iterable[str]) -> str:
    """' (did you mean …?)' when one of *allowed* is spelt nearly like *word*, else ''."""
    by_fold = {name.casefold(): name for name in allowed}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f" (did you mean '{by_fold[close[0]]}'?)" if close else ""


def _sentence(
    detail: ErrorDetails,
    whole: Block,
    blocks: Mapping[int, type[Model]],
) -> tuple[Path, str]:
    """Where pydantic's error *detail* lies in the file, and the same in plain words."""
    kind, context = detail["type"], detail.get("ctx", {})
    path, block = _real_path(whole, detail["loc"], keep_last=kind in {"missing", "extra_forbidden"})
    found = _shown(detail["input"])
    if kind == "extra_forbidden":
        allowed = blocks[id(block)].allowed_keys() if id(block) in blocks else []
        key = str(path[-1])
        return path, f"unknown key{near(key, allowed)}; allowed here: {', '.join(allowed)}"
    if kind == "missing":
        return path, "this key is missing"
    if kind == "literal_error":
        expected = str(context["expected"])
        words = expected.replace("'", "").replace(" or ", ", ").split(", ")
        return (
            path,
            f"found {found}{near(str(detail['input']), words)}; allowed: {', '.join(words)}",
        )
    if kind == "union_tag_invalid":
        words = str(context["expected_tags"]).replace("'", "").split(", ")
        tag = str(context["tag"])
        return path, f"unknown rule '{tag}'{near(tag, words)}; allowed: {', '.join(words)}"
    if kind == "union_tag_not_found":
        return path, "the key 'rule' is missing"
    plain = {
        "int_parsing": "expected a whole number",
        "int_type": "expected a whole number",
        "decimal_type": "expected a number",
        "string_type": "expected a text",
        "string_too_short": "this can't be empty",
        "string_pattern_mismatch": "must contain {kind}",
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "greater_than": f"must be above {context.get('gt')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "less_than": f"must be below {context.get('lt')}",
        "dict_type": "expected lines of the form 'key: value' here",
        "model_type": "expected lines of the form 'key: value' here",
        "model_attributes_type": "expected lines of the form 'key: value' here",
        "tuple_type": "expected a list here ([a, b], or lines that begin with '-')",
        "too_short": f"expected at least {context.get('min_length')} entries",
        "too_long": f"expected at most {context.get('max_length')} entries",
    }.get(kind, str(detail["msg"]))
    return path, f"{plain}; found {found}"


def _real_path(whole: Node, loc: Iterable[Any], *, keep_last: bool) -> tuple[Path, Node]:
    """The steps of pydantic's *loc* that are keys of the file, and the innermost block on the way
    (pydantic adds steps of its own, such as the name of a rule's type).
    """
    steps = list(loc)
    path: list[str | int] = []
    node: Node = whole
    parent: Node = whole
    for number, step in enumerate(steps):
        below = _child(node, step)
        if below is not None:
            parent, node = node, below[0]
            path.append(step)
        elif keep_last and number == len(steps) - 1:
            path.append(step)
            parent = node
    return tuple(path), parent


def _child(node: Node, step: str | int) -> tuple[Node] | None:
    """What stands under *step*, in a tuple; None when nothing does."""
    if isinstance(node, dict) and isinstance(step, str) and step in node:
        return (node[step],)
    if isinstance(node, Items) and isinstance(step, int) and step < len(node):
        return (node[step],)
    return None


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = str(value)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"
