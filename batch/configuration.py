"""Which configuration file counts, and reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rules.config import ConfigError, ConfigProblem, load_config
from rules.config.settings import Config
from rules.errors import ClientBaseError

FILE_NAME = "config.yaml"
_SHIPPED = {"en": "config.yaml", "ru": "config.ru.yaml"}
_MOST_BYTES = 4 * 1024 * 1024


class ConfigMissingError(ClientBaseError, FileNotFoundError):
    """The configuration file that was asked for can't be read."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"The configuration '{path}' can't be read: {reason}. Check its name.")


@dataclass(frozen=True)
class Rules:
    """A configuration, and the file that it came from."""

    config: Config
    path: Path

    @property
    def is_shipped(self) -> bool:
        """Whether these are the rules that come with the program."""
        return self.path in {shipped_path(language) for language in _SHIPPED}


def shipped_path(language: str = "en") -> Path:
    """The shipped configuration: beside this package once installed, above it in a checkout."""
    name = _SHIPPED[language]
    beside = Path(__file__).parent / name
    return beside if beside.exists() else Path(__file__).parents[1] / name


def find(workbook: Path | None, asked: Path | None) -> Path:
    """The configuration file that counts: the one *asked* for, else `config.yaml` beside the
    workbook, else the shipped one.
    """
    if asked is not None:
        return asked
    if workbook is not None and (beside := workbook.parent / FILE_NAME).is_file():
        return beside
    return shipped_path()


def read(path: Path) -> Rules:
    """The configuration in the file *path*. Raises ConfigMissingError, or ConfigError with all
    that is wrong with it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ConfigMissingError(path, error.strerror or str(error)) from error
    if len(raw) > _MOST_BYTES:
        too_large = ConfigProblem(1, 1, "the file is far too large for a configuration")
        raise ConfigError(path.name, [too_large])
    texts = {language: shipped_path(language).read_text(encoding="utf-8") for language in _SHIPPED}
    return Rules(load_config(raw, texts, path.name), path)
