"""A workbook's file replaced by its filled copy, or left exactly as it was."""
