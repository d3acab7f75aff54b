"""Recording trainings, meetings and briefings of staff: when, who took part, with which materials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, Refused
from merilo.core.models import StoredFile
from merilo.groups import permissions
from merilo.groups.models import Attendance, Gathering, Group, Material
from merilo.organisations.api import Membership, Unit, Viewer, record


@dataclass(frozen=True, slots=True)
class GatheringFacts:
    """What is recorded about a gathering, its last day not before its first."""

    kind: str
    title: str
    from_date: date
    until_date: date
    place: str = ""
    lecturer: str = ""
    way: str = ""
    unit: Unit | None = None
    notes: str = ""


def record_gathering(*, viewer: Viewer, group: Group, facts: GatheringFacts, at: datetime) -> Gathering:
    """Add a training, meeting or briefing of the group. Errors: Refused, MeriloError (the end lies first)."""
    if not permissions.may_manage(viewer, group):
        raise _refused()
    _check(facts)
    with transaction.atomic():
        gathering = Gathering.objects.create(
            organisation_id=group.organisation_id, group=group, **_fields(facts)
        )
        _record("gathering.recorded", viewer, gathering, at)
    return gathering


def change_gathering(*, viewer: Viewer, gathering: Gathering, facts: GatheringFacts, at: datetime) -> None:
    """Correct the record. Errors: Refused, MeriloError (the end lies first)."""
    _require(viewer, gathering)
    _check(facts)
    with transaction.atomic():
        for name, value in _fields(facts).items():
            setattr(gathering, name, value)
        gathering.save(update_fields=list(_fields(facts)))
        _record("gathering.changed", viewer, gathering, at)


def remove_gathering(*, viewer: Viewer, gathering: Gathering, at: datetime) -> None:
    """Remove a record made by mistake, with its list and materials. Errors: Refused."""
    _require(viewer, gathering)
    with transaction.atomic():
        _record("gathering.removed", viewer, gathering, at)
        gathering.delete()


def set_attendance(
    *, viewer: Viewer, gathering: Gathering, members: Iterable[Membership], names: Iterable[str], at: datetime
) -> None:
    """Replace the list of who took part: the organisation's own people and names from a list, each once.

    Two members of one name are two; a name from the list that is a chosen member's is that member.
    """
    _require(viewer, gathering)
    own = {member.pk: member for member in members}
    chosen = {member.name for member in own.values()}
    rows = [Attendance(gathering=gathering, member=member, name=member.name) for member in own.values()]
    rows += [
        Attendance(gathering=gathering, name=name) for name in dict.fromkeys(names) if name not in chosen
    ]
    with transaction.atomic():
        Attendance.objects.filter(gathering=gathering).delete()
        Attendance.objects.bulk_create(rows)
        _record("gathering.attendance_set", viewer, gathering, at, people=len(rows))


def add_material(
    *, viewer: Viewer, gathering: Gathering, title: str, file: StoredFile, at: datetime
) -> Material:
    """Add a file: programme, slides, the signed attendance list. Errors: Refused."""
    _require(viewer, gathering)
    with transaction.atomic():
        material = Material.objects.create(gathering=gathering, title=title or file.name, file=file)
        _record("gathering.material_added", viewer, gathering, at, sha256=file.sha256)
    return material


def remove_material(*, viewer: Viewer, material: Material, at: datetime) -> None:
    """Take a file off the gathering; the bytes stay until retention. Errors: Refused."""
    _require(viewer, material.gathering)
    with transaction.atomic():
        _record("gathering.material_removed", viewer, material.gathering, at, sha256=material.file.sha256)
        material.delete()


def _fields(facts: GatheringFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def _check(facts: GatheringFacts) -> None:
    if facts.until_date < facts.from_date:
        raise MeriloError(_("The end is before the beginning."), field="until_date")


def _require(viewer: Viewer, gathering: Gathering) -> None:
    if not permissions.may_record(viewer, gathering):
        raise _refused()


def _refused() -> Refused:
    return Refused(_("Only the coordinator and the deputy keep the record of meetings and trainings."))


def _record(verb: str, viewer: Viewer, gathering: Gathering, at: datetime, **more: object) -> None:
    payload = {"kind": gathering.kind, "from": gathering.from_date, "until": gathering.until_date, **more}
    record(
        viewer,
        verb,
        gathering,
        payload=payload,
        at=at,
    )
