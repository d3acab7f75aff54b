"""Switch between views of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.component import Component
from merilo.web.items import Link


@dataclass(frozen=True, slots=True)
class Views(Component):
    """Links that look like tabs; each view is a page of its own, the current one is marked.

    `small` for those within one of other tabs.
    """

    items: Sequence[Link]
    label: str
    small: bool = False
