"""ABC and XYZ: how much a client buys, and how evenly."""
