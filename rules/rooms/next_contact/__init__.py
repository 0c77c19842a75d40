"""When to contact each client next, why and how: what the contact rules propose, put together."""
