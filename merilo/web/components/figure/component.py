"""Chart or picture with caption and table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from django.utils.safestring import SafeString, mark_safe

from merilo.web.charts import Drawing
from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Figure(Component):
    """A drawing of `merilo.web.charts` (narrow and wide SVG and its table); the body is for other pictures.

    `table`: "below", "folded" in a disclosure, or "none" when the numbers stand elsewhere on the page.
    """

    title: str = ""
    drawing: Drawing | None = None
    caption: str = ""
    table: Literal["folded", "below", "none"] = "folded"
    level: Literal[2, 3] = 2

    body: ClassVar[Body] = "optional"

    @property
    def narrow(self) -> SafeString:
        """The drawing for a phone."""
        return mark_safe(self.drawing.narrow if self.drawing else "")

    @property
    def wide(self) -> SafeString:
        """The drawing for a desktop."""
        return mark_safe(self.drawing.wide if self.drawing else "")
