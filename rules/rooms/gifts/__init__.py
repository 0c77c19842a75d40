"""Gifts: for which occasion, how dear, which, and when to have them ready."""
