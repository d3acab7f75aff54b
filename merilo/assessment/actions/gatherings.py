"""Recording the trainings, meetings and briefings of a self-assessment, and the steps they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from merilo.assessment.actions import steps
from merilo.assessment.actions.planning import require_records
from merilo.assessment.models import Assessment
from merilo.core import files
from merilo.groups import api as groups
from merilo.groups.api import Gathering, GatheringFacts, GatheringKind, Material
from merilo.organisations.api import Membership, Viewer

STEP_OF = {GatheringKind.TRAINING: 4, GatheringKind.BRIEFING: 2}


def record_gathering(
    *, viewer: Viewer, assessment: Assessment, facts: GatheringFacts, at: datetime
) -> Gathering:
    """Add a training, a meeting or a briefing; the step it belongs to has begun.

    Errors: Refused, MeriloError.
    """
    require_records(viewer, assessment)
    with transaction.atomic():
        made = groups.record_gathering(viewer=viewer, group=assessment.group, facts=facts, at=at)
        step = STEP_OF.get(GatheringKind(facts.kind))
        if step is not None:
            steps.mark_begun(assessment, step, at=at)
    return made


def change_gathering(
    *, viewer: Viewer, assessment: Assessment, gathering: Gathering, facts: GatheringFacts, at: datetime
) -> None:
    """Correct the record. Errors: Refused, MeriloError."""
    require_records(viewer, assessment)
    groups.change_gathering(viewer=viewer, gathering=gathering, facts=facts, at=at)


def remove_gathering(*, viewer: Viewer, assessment: Assessment, gathering: Gathering, at: datetime) -> None:
    """Remove a record made by mistake. Errors: Refused."""
    require_records(viewer, assessment)
    groups.remove_gathering(viewer=viewer, gathering=gathering, at=at)


def set_attendance(
    *,
    viewer: Viewer,
    assessment: Assessment,
    gathering: Gathering,
    members: Iterable[Membership],
    names: Iterable[str],
    at: datetime,
) -> None:
    """Replace the list of who took part. Errors: Refused."""
    require_records(viewer, assessment)
    groups.set_attendance(viewer=viewer, gathering=gathering, members=members, names=names, at=at)


def add_material(
    *,
    viewer: Viewer,
    assessment: Assessment,
    gathering: Gathering,
    title: str,
    upload: files.Upload,
    at: datetime,
) -> Material:
    """Check and keep a file of a gathering. Errors: Refused, BadFile."""
    require_records(viewer, assessment)
    with transaction.atomic():
        file = files.receive(upload, organisation=viewer.organisation_id, by=viewer.person_id, at=at)
        return groups.add_material(viewer=viewer, gathering=gathering, title=title, file=file, at=at)


def remove_material(*, viewer: Viewer, assessment: Assessment, material: Material, at: datetime) -> None:
    """Take a file off a gathering. Errors: Refused."""
    require_records(viewer, assessment)
    groups.remove_material(viewer=viewer, material=material, at=at)
