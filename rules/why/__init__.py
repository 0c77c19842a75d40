"""Why each filled cell of one client is what it is: rules, facts, rows, runners-up, distances."""
