"""What this room keeps of a person by name."""

from __future__ import annotations

from merilo.groups.models import Attendance
from merilo.organisations.api import Erased


def forget(erased: Erased) -> None:
    """Lists of participants tell of a former member."""
    Attendance.objects.filter(member=erased.member).update(name=erased.instead)
