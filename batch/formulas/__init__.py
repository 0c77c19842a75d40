"""Formulas of a closed file whose results nobody works out but this program: they are renewed."""
