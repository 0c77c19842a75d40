"""Formulas taken apart: which of certain functions is called, and with what.

openpyxl takes formulas apart. It is imported only when a formula is met, because that takes
longer than reading a small workbook.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Argument: TypeAlias = str | float | None

_LONGEST: Final = 8192
"""Characters of the longest formula that Excel knows."""

# Types of tokens, in the words of openpyxl.
_OPENING: Final = ("FUNC", "OPEN")
_CLOSING: Final = ("FUNC", "CLOSE")
_BLANK: Final = "WHITE-SPACE"

_PREFIXES: Final = ("_xludf.", "[0]!")
"""Excel may put these before the name of a function of the same workbook."""


@dataclass(frozen=True, slots=True)
class Call:
    """A formula that is nothing but a call of one function, its name in capitals.

    ``kind``: "nothing" for a call without an argument, "value" for text or a number written in
    the formula, "reference" for the text of a reference.
    """

    function: str
    kind: Literal["nothing", "value", "reference"]
    argument: Argument = None

    def shifted(self, rows: int, columns: int) -> "Call | None":
        """The call as a cell so many rows below and columns to the right shares it.

        None where its reference would lie outside of the sheet.
        """
        from openpyxl.formula.translate import Translator, TranslatorError  # noqa: PLC0415

        if self.kind != "reference" or "[" in str(self.argument):
            return self
        try:
            argument = Translator.translate_range(str(self.argument), rows, columns)
        except TranslatorError:
            return None
        return Call(self.function, self.kind, argument)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a formula has to do with the functions: whether it uses any, and whether it is
    nothing but a call of one.
    """

    uses: bool
    call: Call | None = None


def taken_apart(formula: str, functions: Collection[str]) -> Taken:
    """What *formula*, without its equals sign, has to do with the *functions*, in capitals.

    One that can't be taken apart is said to use them.
    """
    from openpyxl.formula.tokenizer import Tokenizer, TokenizerError  # noqa: PLC0415

    if len(formula) > _LONGEST:
        return Taken(uses=True)
    try:
        tokens = Tokenizer(f"={formula}").items
    except (TokenizerError, IndexError):  # IndexError: a bracket that closes none
        return Taken(uses=True)
    opening = [one for one in tokens if (one.type, one.subtype) == _OPENING]
    if not any(_bare(one.value.rpartition("!")[2]) in functions for one in opening):
        return Taken(uses=False)
    code = [one for one in tokens if one.type != _BLANK]
    is_whole = code[0] is opening[0] and (code[-1].type, code[-1].subtype) == _CLOSING
    function = _bare(code[0].value)
    if not is_whole or len(code) > 3 or function not in functions:
        return Taken(uses=True)
    return Taken(uses=True, call=_call(function, [(one.value, one.subtype) for one in code[1:-1]]))


def _call(function: str, inner: Sequence[tuple[str, str]]) -> Call | None:
    """The call with what stands between its brackets, as the texts of tokens and their kinds;
    None for what isn't a plain argument.
    """
    if not inner:
        return Call(function, "nothing")
    ((value, kind),) = inner
    if kind == "RANGE":
        return Call(function, "reference", value)
    if kind == "TEXT":
        return Call(function, "value", value[1:-1].replace('""', '"'))
    return Call(function, "value", float(value)) if kind == "NUMBER" else None


def _bare(opening: str) -> str:
    """The name of the function that a token such as ``[0]!ABC(`` opens, in capitals."""
    name = opening.removesuffix("(")
    for prefix in _PREFIXES:
        if name.lower().startswith(prefix):
            name = name[len(prefix) :]
    return name.upper()
