"""Open Packaging Conventions: which parts a package holds, of what type, and who points where."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lxml import etree

MAIN_TYPES: Final[Mapping[str, str]] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": ".xlam",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": ".xlsb",
}
"""Content type of the main part of each kind of workbook, and the file name's ending for it."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A pointer from one part to another; *kind* is the last word of its type."""

    id: str
    kind: str
    target: str
    """Name of the part inside the package, or an address when *external*."""
    external: bool


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def relationships_part(source: str) -> str:
    """Name of the part that holds the relationships of *source* ('' is the package)."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relationships(root: etree._Element, source: str) -> list[Relationship]:
    """The relationships of part *source*, targets made absolute, without a leading slash."""
    found = []
    for element in root:
        if local_name(element) != "Relationship":
            continue
        external = element.get("TargetMode", "").lower() == "external"
        target = element.get("Target", "")
        found.append(
            Relationship(
                element.get("Id", ""),
                element.get("Type", "").rpartition("/")[2],
                target if external else resolved(source, target),
                external,
            )
        )
    return found


def resolved(source: str, target: str) -> str:
    """Name of the part that *target* means when it is written in part *source*."""
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    joined = path if path.startswith("/") else posixpath.join("/", posixpath.dirname(source), path)
    return posixpath.normpath(joined).lstrip("/")


def content_type(root: etree._Element, part: str) -> str:
    """The type that [Content_Types].xml gives a part: its own, else its extension's, else ''."""
    by_extension = ""
    extension = part.rpartition(".")[2].lower()
    for element in root:
        name = local_name(element)
        if name == "Override" and element.get("PartName", "").lstrip("/").lower() == part.lower():
            return element.get("ContentType", "")
        if name == "Default" and element.get("Extension", "").lower() == extension:
            by_extension = element.get("ContentType", "")
    return by_extension
