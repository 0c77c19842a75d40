"""Measurements, each run by hand and printed; docs/en/speed.md shows their figures."""
