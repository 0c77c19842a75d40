"""The catalogues: whom one was handed to, whether it worked, and whom she missed."""
