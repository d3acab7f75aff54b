"""Title block of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component
from merilo.web.items import Link


@dataclass(frozen=True, slots=True)
class PageTitle(Component):
    """Where am I, what is mine to do, until when: crumbs, one h1, a lead; slot "actions" at the side."""

    title: str
    lead: str = ""
    meta: str = ""
    crumbs: Sequence[Link] = ()

    body: ClassVar[Body] = "optional"
    slots: ClassVar[frozenset[str]] = frozenset({"actions"})
