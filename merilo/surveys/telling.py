"""Ids of this room, as the record of actions shows them to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from merilo.organisations.api import Viewer
from merilo.surveys.models import Survey


def names(viewer: Viewer) -> Mapping[str, str]:
    """Titles of the organisation's surveys, by their ids."""
    found = Survey.objects.filter(organisation=viewer.organisation).order_by("pk")
    return {str(one.pk): one.named for one in found.only("title", "titles")}
