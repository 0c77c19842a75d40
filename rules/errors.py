"""The root of every error that this project raises on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # --help, which imports this, shall not wait for pydantic
    from rules.config.messages import Messages


class ClientBaseError(Exception):
    """Something that the user can mend; the message says where, what and how.

    Children also inherit the built-in error that fits (ValueError, OSError …), take facts in
    their constructor, keep them as attributes and write the sentence themselves: `str` gives
    it in English.
    """

    def told(self, say: Messages) -> str:
        """The sentence in the words of *say*; in English where these have none for it."""
        del say
        return str(self)
