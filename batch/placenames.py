"""The names of cells that the workbook and the button agree on."""

RESULT = "cb_result"
"""Where the sentence of the last recalculation stands, on the first sheet."""
PROBLEMS = "cb_problems"
"""The first cell below the headings of the problem list: where, found, what to do."""
