"""Pages of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Pagination(Component):
    """`page` is Django's Page; `query` the other parameters, encoded ("q=x"). Nothing for a single page."""

    page: Any
    query: str = ""
    label: str = ""

    @property
    def numbers(self) -> list[int | str]:
        """Page numbers with gaps."""
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1))

    @property
    def prefix(self) -> str:
        """What stands before the page number in an address."""
        return f"?{self.query}&page=" if self.query else "?page="
