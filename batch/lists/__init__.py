"""The sheets with lists in a workbook: found, read before a calculation, written after it."""
