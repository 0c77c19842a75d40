"""The configuration: from the text of `config.yaml` to a frozen, checked `Config`."""
