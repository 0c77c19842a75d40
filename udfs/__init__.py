"""Worksheet functions: thin adapters over `rules`. They come with the Excel workbook."""
