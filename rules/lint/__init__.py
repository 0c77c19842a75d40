"""What looks odd about the rules and the clients of a base, though nothing of it is wrong."""
