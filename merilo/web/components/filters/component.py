"""Filter bar above a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Filters(Component):
    """A GET form around fields; with JavaScript the list with id `target` is refreshed on every change."""

    target: str = ""
    submit: str = ""
    label: str = ""

    body: ClassVar[Body] = "required"
