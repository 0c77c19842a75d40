"""The configuration: from the text of `config.yaml` to a frozen, checked `Config`."""

from rules.config.loading import ConfigError, ConfigProblem, load_config
from rules.config.settings import Config

__all__ = ["Config", "ConfigError", "ConfigProblem", "load_config"]
