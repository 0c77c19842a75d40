"""The root of every error that this project raises on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, dataclass_transform

from words import _, parted


@dataclass_transform(eq_default=False)
class ClientBaseError(Exception):
    """Something that the user can mend; the message says where, what and how.

    A child also inherits the built-in error that fits (ValueError, OSError …), declares its facts
    as fields, and what it *says* with them in braces, marked for translation: whole numbers are
    parted, and a *path* is also there as file, folder, stem and ending. One whose sentence takes
    more writes it itself, in the language spoken then.
    """

    says = ""

    def __init_subclass__(cls, **given: Any) -> None:  # noqa: ANN401 — as of any class
        super().__init_subclass__(**given)
        if "__init__" not in vars(cls) and {"says", "__annotations__"} & vars(cls).keys():
            dataclass(eq=False, repr=False)(cls)

    def __post_init__(self) -> None:
        super().__init__(_(self.says).format(**self.facts()))

    def facts(self) -> dict[str, object]:
        """Its facts as sentences show them."""
        shown = {key: parted(x) if isinstance(x, int) else x for key, x in vars(self).items()}
        path: Any = shown.get("path")
        if hasattr(path, "stem"):
            shown |= {"file": path.name or path, "folder": path.parent}
            shown |= {"stem": path.stem, "ending": path.suffix}
        return shown
