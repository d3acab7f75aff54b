"""Codes and ids of this room, as the record of actions shows them to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from merilo.groups.models import Function, GatheringKind, Seat
from merilo.organisations.api import Viewer


def codes(key: str, code: str) -> str:
    """Functions in the group and kinds of gatherings."""
    words: dict[str, Mapping[str, object]] = {
        "function": dict(Function.choices),
        "kind": dict(GatheringKind.choices),
    }
    return str(words.get(key, {}).get(code, ""))


def names(viewer: Viewer) -> dict[str, str]:
    """Who sits on each seat of the organisation's groups, by the seat's id."""
    found = Seat.objects.filter(group__organisation=viewer.organisation).order_by("pk")
    return {str(pk): name for pk, name in found.values_list("pk", "holder__name")}
