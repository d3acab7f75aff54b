"""Table with caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Table(Component):
    """Body is thead and tbody; `dense` for many rows.

    `fold` stacks each row on a phone (cells with data-l="Label: " say what they are); otherwise the table
    scrolls inside a focusable region. `wide`: it may have to scroll even where it does not stack.
    """

    caption: str
    dense: bool = False
    fold: bool = False
    caption_hidden: bool = False
    narrow: bool = False
    wide: bool = False

    body: ClassVar[Body] = "required"
