"""A workbook file: read, patched and saved without harming anything else in it."""
