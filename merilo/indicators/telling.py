"""Codes and ids of this room, as the record of actions shows them to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from merilo.indicators.models import Direction, Indicator, Status
from merilo.organisations.api import Viewer


def codes(key: str, code: str) -> str:
    """Directions of indicators, states of values."""
    words: dict[str, Mapping[str, object]] = {
        "direction": dict(Direction.choices),
        "status": dict(Status.choices),
    }
    return str(words.get(key, {}).get(code, ""))


def names(viewer: Viewer) -> Mapping[str, str]:
    """Code and name of the organisation's indicators, by their ids."""
    found = Indicator.objects.filter(organisation=viewer.organisation).order_by("pk")
    return {str(one.pk): str(one) for one in found.only("pk", "code", "name")}
