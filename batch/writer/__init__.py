"""Writes a new workbook, ready to be typed into and recalculated."""
