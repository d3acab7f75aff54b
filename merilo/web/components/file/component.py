"""A file to download."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class File(Component):
    """Name as a link, kind and size in words, the checksum to compare with."""

    name: str
    url: str
    size: int = 0
    kind: str = ""
    meta: str = ""
    digest: str = ""
