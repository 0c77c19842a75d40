"""The pure core: what the client base knows and decides. Tables in, columns out."""
