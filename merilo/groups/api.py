"""The door of groups."""

from __future__ import annotations

from merilo.groups.models import (
    SCORING,
    Attendance,
    Function,
    Gathering,
    GatheringKind,
    Group,
    Material,
    Seat,
)

__all__ = [
    "SCORING",
    "Attendance",
    "Function",
    "Gathering",
    "GatheringKind",
    "Group",
    "Material",
    "Seat",
]
