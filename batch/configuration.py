"""Which configuration file counts, and reading it."""

from __future__ import annotations

import filecmp
import hashlib
import os
import re
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from html import unescape
from pathlib import Path

from batch.cells import address
from batch.errors import reason_of
from rules.config import yaml_text
from rules.config.loading import ConfigError, ConfigProblem, load_config, whole_tree, with_typed
from rules.config.settings import Config
from rules.config.yaml_text import Block, Typed, cells_at
from rules.config.yaml_text import Path as Entry
from rules.errors import ClientBaseError
from rules.model.problem import Problem
from rules.reading.words import fold
from words import _, marked, n_, speak, spoken

FILE_NAME = "config.yaml"
_MEANT = (FILE_NAME, "config.yml", f"{FILE_NAME}.txt", "config.yml.txt", f"{FILE_NAME}.yaml")
"""Names, in any case, that stand for it where the first isn't there: Notepad adds .txt unseen."""
_LIKE = re.compile(
    r"""(?:copy\ of\ |копия\ )?  config
        (?:\ ?\(\d+\) | \ (?:[-–—]\ )?(?:copy|копия)(?:\ ?\(?\d+\)?)?)?
        (?: \.ya?ml (?:\.(?:txt|rtf|docx?|odt|ya?ml))? | \.(?:txt|rtf|docx?|odt) )""",
    re.VERBOSE,
)
"""Names that look as if rules were meant by them: copies, and what a word processor saves."""
_SHIPPED = {"en": "config.yaml", "ru": "config.ru.yaml"}
CLIENTS_SHEETS = {"en": "Clients", "ru": "Клиенты"}
"""How the clients' sheet is called in each shipped configuration."""
_SHEET_NAME = re.compile(rb'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
_BASED_ON = re.compile(
    rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?based_on:\s*[\"']?(en|ru)\b", re.MULTILINE
)
_MOST_BYTES = 4 * 1024 * 1024


class ConfigMissingError(ClientBaseError, FileNotFoundError):
    """The configuration file that was asked for can't be read."""

    path: Path
    reason: str
    says = marked("The configuration '{path}' can't be read: {reason}. Check its name.")


@dataclass(frozen=True)
class Rules:
    """A configuration, the file that it came from, that file's bytes and their hash.

    typed: cells of the sheet Rules that go before the shipped rules, and sheet: its name; problems
    are those of its cells, and told is which of them don't count; unread: files beside the
    workbook that are called nearly as those with rules.
    """

    config: Config
    path: Path
    sha256: str = ""
    raw: bytes = field(default=b"", repr=False)
    typed: tuple[Typed, ...] = ()
    sheet: str = ""
    problems: tuple[Problem, ...] = ()
    told: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_shipped(self) -> bool:
        """Whether these are the rules that come with the program."""
        return is_shipped(self.path)

    @property
    def named(self) -> str:
        """Where they stand, for her."""
        file = _("as shipped") if self.is_shipped else str(self.path)
        if not self.typed:
            return file
        return _("{file}, and the sheet {sheet}").format(file=file, sheet=self.sheet)

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """What is amiss with the name of her file, and which files beside it, or cells, don't
        count.
        """
        told = list(self.told)
        if self.unread:
            sentence = _(
                "Not read, though the name looks as if your rules stood there: {files}. What is to "
                "count, save as plain text (UTF-8) in a file called {name}."
            )
            told.append(sentence.format(files=", ".join(self.unread), name=FILE_NAME))
        if self.is_shipped or self.path.name.casefold() not in _MEANT:
            return tuple(told)
        if self.path.name != FILE_NAME:
            sentence = _("Your rules were read from {file}; call the file {name}.")
            told.append(sentence.format(file=self.path.name, name=FILE_NAME))
        others = [one.name for one in _meant_in(self.path.parent) if one.name != self.path.name]
        if others:
            sentence = _("Of the files with your rules only {file} counts; not read: {others}.")
            told.append(sentence.format(file=self.path.name, others=", ".join(others)))
        return tuple(told)

    @cached_property
    def tree(self) -> Block:
        """The entries of the file, as it was when it was read, and of what fills it in, with their
        places.
        """
        shipped = shipped_text(self.config.based_on)
        return whole_tree(type(self.config), with_typed(shipped, self.typed), self.own).tree

    @cached_property
    def own(self) -> Block:
        """The entries of the file alone; with cells of the sheet Rules none of a shipped one, which
        they go before.
        """
        return yaml_text.read(yaml_text.decode(self._raw_beside(self.typed)))[0]

    def _raw_beside(self, typed: Sequence[Typed]) -> bytes:
        """What of the file goes before these cells of the sheet Rules."""
        return b"" if typed and self.is_shipped else self.raw

    def cells_at(self, path: Entry) -> str:
        """The cells of the sheet Rules that stand in an entry or below it, for her; '' for none."""
        marks = cells_at(self.tree, path) if self.typed else []
        if not marks:
            return ""
        one_or_more = n_("sheet {sheet} cell {cells}", "sheet {sheet} cells {cells}", len(marks))
        return one_or_more.format(sheet=self.sheet, cells=", ".join(address(*at) for at in marks))

    def with_cells(self, sheet: str, typed: Sequence[Typed]) -> Rules:
        """These, with cells of the *sheet* Rules in place of shipped rules. Raises ConfigError
        where they don't go together.
        """
        language, cells = self.config.based_on, tuple(typed)
        config = _loaded(self._raw_beside(cells), self.path.name, language, cells)
        return replace(self, config=config, typed=cells, sheet=sheet)


def is_shipped(path: Path) -> bool:
    """Whether this file holds rules that come with the program."""
    return path in {shipped_path(language) for language in _SHIPPED}


def shipped_path(language: str = "en") -> Path:
    """The shipped configuration: beside this package once installed, above it in a checkout."""
    name = _SHIPPED[language]
    beside = Path(__file__).parent / name
    return beside if beside.exists() else Path(__file__).parents[1] / name


def shipped_text(language: str) -> str:
    """What stands in it."""
    return shipped_path(language).read_text(encoding="utf-8")


def find(workbook: Path | None, asked: Path | None) -> Path:
    """The configuration file that counts for the closed file *workbook*: the one *asked* for, else
    `config.yaml` beside the workbook, else the shipped one in the language of its sheets, which is
    the language spoken from then on; of a workbook that isn't there yet, in the language spoken.
    """
    names = [] if workbook is None else sheet_names(workbook)
    if names:
        speak(shipped_language(names))
    if asked is not None:
        return asked
    language = shipped_language(names) if names else spoken()
    return shipped_path(language) if workbook is None else find_beside(workbook, language)


def read_for(workbook: Path | None, asked: Path | None) -> Rules:
    """The rules that count for the closed file *workbook*, as `find` finds them. Where they don't
    say what they are based on, the workbook's sheets do.
    """
    path = find(workbook, asked)
    if workbook is None:
        return read(path)
    rules = read(path, language_of(workbook))
    return rules if asked is not None else with_unread(rules, workbook)


def language_of(workbook: Path) -> str:
    """The language whose shipped rules fill in those of a closed file, where they don't say it."""
    return shipped_language(sheet_names(workbook))


def find_beside(workbook: Path, language: str) -> Path:
    """`config.yaml` beside the workbook, else the shipped one in the *language* of its sheets.

    The shipped English file itself, in a checkout for example, is nobody's choice for a workbook
    with Russian sheets. Raises ConfigMissingError for a link to a file of somebody else's, whose
    words would stand in what is told of its mistakes.
    """
    shipped = shipped_path(language)
    beside = next(iter(_meant_in(workbook.parent)), None)
    if beside is None:
        return shipped
    if beside.stat().st_uid != beside.lstat().st_uid:
        raise ConfigMissingError(beside, _("it is a link to a file of somebody else's"))
    english = shipped_path()
    is_choice = shipped == english or not filecmp.cmp(beside, english, shallow=False)
    return beside if is_choice else shipped


def with_unread(rules: Rules, workbook: Path) -> Rules:
    """The *rules* that count for a workbook, with the files beside it that only look like some."""
    folder = workbook.parent
    try:
        names = sorted(one.name for one in os.scandir(folder) if _LIKE.fullmatch(one.name.lower()))
    except OSError:
        return rules
    others = [one for one in names if one.casefold() not in _MEANT and (folder / one).is_file()]
    return replace(rules, unread=tuple(others))


def _meant_in(folder: Path) -> list[Path]:
    """The files of a folder that may hold her rules, the likeliest first."""
    exact = folder / FILE_NAME
    try:
        names = [one.name for one in os.scandir(folder) if one.name.casefold() in _MEANT]
    except OSError:
        names = []
    names.sort(key=lambda name: (name != FILE_NAME, _MEANT.index(name.casefold()), name))
    found = [folder / name for name in names]
    found += [] if exact in found else [exact]
    return [path for path in found if path.is_file()]


def shipped_language(sheet_names: Collection[str]) -> str:
    """The language whose shipped configuration knows the sheets; English where none does."""
    folded = {fold(name) for name in sheet_names}
    known = (language for language, name in CLIENTS_SHEETS.items() if fold(name) in folded)
    return next(known, "en")


def sheet_names(workbook: Path) -> list[str]:
    """The names of a file's sheets; none where it can't be read, which is told when it is."""
    if not workbook.is_file():
        return []  # a pipe would be waited for
    try:
        with zipfile.ZipFile(workbook) as package:
            names = {name.replace("\\", "/"): name for name in package.namelist()}
            with package.open(names["xl/workbook.xml"]) as part:
                found = _SHEET_NAME.findall(part.read(_MOST_BYTES))
    except Exception:  # noqa: BLE001 — whatever is wrong with it, whoever reads it tells
        return []
    return [unescape(name.decode("utf-8", "replace")) for name in found]


def read(path: Path, language: str = "en") -> Rules:
    """The configuration in the file *path*, whose language is spoken from then on; where it doesn't
    say what it is based on, that is the shipped one in *language*. Raises ConfigMissingError, or
    ConfigError with all that is wrong with it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ConfigMissingError(path, reason_of(error)) from error
    based_on = _BASED_ON.search(raw.replace(b"\0", b""))  # UTF-16 has one beside each letter
    if based_on:
        speak(based_on[1].decode())
    if len(raw) > _MOST_BYTES:
        too_large = ConfigProblem(1, 1, _("the file is far too large for a configuration"))
        raise ConfigError(path.name, [too_large])
    return Rules(_loaded(raw, path.name, language), path, hashlib.sha256(raw).hexdigest(), raw)


@lru_cache(maxsize=4)
def _loaded(raw: bytes, name: str, language: str, typed: tuple[Typed, ...] = ()) -> Config:
    """The rules that stand in a file; of many workbooks one after the other most go by the same."""
    texts = {one: shipped_text(one) for one in _SHIPPED}
    return load_config(raw, texts, name, language=language, typed=typed)
