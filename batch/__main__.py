"""`python -m batch` is the command `clientbase`."""

from batch.cli import main

main()
