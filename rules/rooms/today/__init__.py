"""The list of the day, and what she writes on it."""
