"""The table that belongs to a chart."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.charts import Drawing
from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Figures(Component):
    """The same numbers as the drawing, as a dense table."""

    drawing: Drawing
