"""The run at night: every client base filled, and one summary for the morning."""
