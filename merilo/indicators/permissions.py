"""Who may do what with an indicator: one-line predicates that take the viewer."""

from __future__ import annotations

from merilo.indicators.models import Indicator
from merilo.organisations.api import Viewer


def may_edit(viewer: Viewer, indicator: Indicator) -> bool:
    """Change the indicator and enter values."""
    return indicator.organisation_id == viewer.organisation_id and viewer.can("indicator.edit")
