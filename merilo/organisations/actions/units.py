"""Units: directorates, departments, and the order in which they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.organisations.models import Unit
from merilo.organisations.recording import record
from merilo.organisations.viewers import Viewer


class BadUnit(MeriloError):
    """A unit that cannot be stored so, with the reason."""


def add_unit(*, viewer: Viewer, name: str, parent: Unit | None, at: datetime) -> Unit:
    """Add a unit at the end of its siblings; raises BadUnit when the name is taken."""
    viewer.require("organisation.edit")
    with transaction.atomic():
        unit = Unit(organisation=viewer.organisation, name=name, parent=parent)
        unit.position = _siblings(unit).count()
        _store(unit)
        record(viewer, "unit.added", unit, {"name": name, "parent": parent and str(parent.pk)}, at=at)
    return unit


def change_unit(*, viewer: Viewer, unit: Unit, name: str, parent: Unit | None, at: datetime) -> None:
    """Rename a unit or put it under another; raises BadUnit for a taken name or a circle."""
    viewer.require("organisation.edit")
    if parent is not None and _is_below(parent, unit):
        raise BadUnit(_("A unit cannot be part of itself or of a unit below it."))
    with transaction.atomic():
        current = Unit.objects.select_for_update().get(pk=unit.pk, organisation=viewer.organisation)
        before = {"name": current.name, "parent": current.parent_id and str(current.parent_id)}
        after = {"name": name, "parent": parent and str(parent.pk)}
        if before == after:
            return
        current.name, current.parent = name, parent
        if before["parent"] != after["parent"]:
            current.position = _siblings(current).count()
        _store(current)
        record(viewer, "unit.changed", current, {"before": before, "after": after}, at=at)


def move_unit(*, viewer: Viewer, unit: Unit, up: bool, at: datetime) -> None:
    """Change places with the sibling before (or after); nothing happens at the end of the row."""
    viewer.require("organisation.edit")
    with transaction.atomic():
        row = list(_siblings(unit).select_for_update())
        place = next((number for number, sibling in enumerate(row) if sibling.pk == unit.pk), None)
        if place is None:  # put elsewhere or removed by somebody else in this moment
            return
        other = place - 1 if up else place + 1
        if not 0 <= other < len(row):
            return
        row[place], row[other] = row[other], row[place]
        for number, sibling in enumerate(row):
            sibling.position = number
        Unit.objects.bulk_update(row, ["position"])
        record(viewer, "unit.moved", unit, {"position": other}, at=at)


def remove_unit(*, viewer: Viewer, unit: Unit, at: datetime) -> None:
    """Remove a unit: its members stay in the organisation, the units below move up to its parent."""
    viewer.require("organisation.edit")
    with transaction.atomic():
        moved = Unit.objects.filter(parent=unit).update(parent=unit.parent_id)
        members = list(unit.members.values_list("pk", flat=True))
        record(viewer, "unit.removed", unit, {"name": unit.name, "members": members, "units": moved}, at=at)
        unit.delete()


def _siblings(unit: Unit) -> Any:
    return Unit.objects.filter(organisation=unit.organisation_id, parent=unit.parent_id).order_by(
        "position", "name", "pk"
    )


def _is_below(unit: Unit | None, other: Unit) -> bool:
    """Whether `unit` is `other` or stands somewhere below it."""
    seen = set()
    while unit is not None and unit.pk not in seen:
        if unit.pk == other.pk:
            return True
        seen.add(unit.pk)
        unit = unit.parent
    return False


def _store(unit: Unit) -> None:
    # Compared here too, because SQLite folds the case of Latin letters only.
    others = Unit.objects.filter(organisation=unit.organisation_id).exclude(pk=unit.pk)
    taken = {name.casefold() for name in others.values_list("name", flat=True)}
    if unit.name.casefold() in taken:
        raise BadUnit(_("There is a unit of this name."))
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise BadUnit(_("There is a unit of this name.")) from error
