"""An organisation with its shield."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Organisation(Component):
    """Shield, name and one line below."""

    name: str
    note: str = ""
    url: str = ""
    logo: str = ""
