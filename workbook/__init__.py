"""The Excel workbook, built from text. It comes with the Recalculate button."""
