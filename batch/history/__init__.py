"""What became of a workbook, run by run: its former versions, receipts, and the way back."""
