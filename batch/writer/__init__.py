"""Writes a new workbook, ready to be typed into and recalculated."""

from batch.writer.base import WITH_MACROS, WITHOUT_MACROS, write_base
from batch.writer.tables import SheetContent, TooManyColumnsError, TooManyRowsError, heading_text

__all__ = [
    "WITHOUT_MACROS",
    "WITH_MACROS",
    "SheetContent",
    "TooManyColumnsError",
    "TooManyRowsError",
    "heading_text",
    "write_base",
]
