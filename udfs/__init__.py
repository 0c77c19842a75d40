"""The worksheet functions: thin adapters between cells and `rules.answers`."""
