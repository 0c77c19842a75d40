"""The client base as a file: read, recalculated, and written back without harming anything else."""
