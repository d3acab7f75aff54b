"""All mistakes of a form on top of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.component import Component
from merilo.web.items import Link


@dataclass(frozen=True, slots=True)
class ErrorSummary(Component):
    """Links to the fields, in the words beside them; takes the focus. Nothing when there are none."""

    errors: Sequence[Link]
    title: str = ""
