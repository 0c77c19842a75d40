"""What is asked of a client base without filling it: why a cell is what it is, what if."""
