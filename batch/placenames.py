"""The names of cells that the workbook and the button agree on."""

RESULT = "cb_result"
"""Where the sentence of the last recalculation stands, on the first sheet."""
CHANGES = "cb_changes"
"""The first of the cells that tell who moved class, group or stage."""
CHANGES_ROWS = 6
"""So many cells, one below the other."""
PROBLEMS = "cb_problems"
"""The first cell below the headings of the problem list: where, found, what to do."""
