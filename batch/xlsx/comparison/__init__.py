"""What differs between two workbook files."""
