"""The door of improvement: what the rooms above may ask."""

from __future__ import annotations

from merilo.improvement.reporting.revisions import published as published_plans

__all__ = ["published_plans"]
