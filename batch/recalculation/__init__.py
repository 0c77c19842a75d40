"""A client base read, recalculated and filled: one plan, for closed files and open workbooks."""
