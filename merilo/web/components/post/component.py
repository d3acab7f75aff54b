"""A button that does one thing by POST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Post(Component):
    """A form with nothing but a button and hidden `fields` (the one-time key among them)."""

    action: str
    text: str
    kind: Literal["main", "quiet", "plain"] = "quiet"
    small: bool = False
    hidden_text: str = ""
    fields: Mapping[str, str] | None = None
