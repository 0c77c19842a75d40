"""The nightly run, started by the computer itself: one module for each system that can do so."""
