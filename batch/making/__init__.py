"""New client bases: an empty one, one from lists of hers, the example."""
