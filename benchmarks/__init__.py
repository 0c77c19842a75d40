"""Measurements, each run by hand and printed; the README shows their figures."""
