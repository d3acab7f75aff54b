"""An organisation's own colours."""

from __future__ import annotations

from merilo.organisations.models import Organisation
from merilo.web.charts import Palette


def palette_for(organisation: Organisation) -> Palette:
    """An organisation's colours for paper."""
    accent = organisation.accent or {}
    return Palette(
        own=accent.get("accent", "#005868"),
        line=accent.get("line", "#91c8d6"),
        soft=accent.get("soft", "#e5f1f4"),
        ground="#ffffff",
    )
