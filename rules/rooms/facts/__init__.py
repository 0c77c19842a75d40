"""What is known of each client from her purchases: the facts that the rules compare."""
