"""The root of every error that this project raises on purpose."""

from __future__ import annotations


class ClientBaseError(Exception):
    """Something that the user can mend; the message says where, what and how.

    Children also inherit the built-in error that fits (ValueError, OSError …), take facts in
    their constructor, keep them as attributes and write the sentence themselves, in the language
    spoken then.
    """
