"""`clientbase import`: a base made from whatever she has, or added to the one that stands there."""
