"""Many other assessments of other organisations, made in bulk: filling, and never shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from merilo.assessment.models import (
    Agreement,
    Assessment,
    Contribution,
    FrameworkEdition,
    Judgement,
    LineKind,
    Report,
    Sheet,
    State,
    Statement,
    StepPlan,
)
from merilo.groups.models import Function, Group, Seat
from merilo.organisations.models import CommunicationPlan, Membership, Organisation

PER_ORGANISATION = 10
SEATS = 3
WORDS = "Редът е описан, прилага се във всички звена и се преглежда веднъж в годината."
BATCH = 2000


@transaction.atomic
def add(number: int, edition: FrameworkEdition, codes: list[str]) -> int:
    """Add so many assessments of others with sheets, judgements and agreements; answers the judgements."""
    now = timezone.now()
    organisations = Organisation.objects.bulk_create(
        Organisation(slug=f"other-{place}", name=f"Община {place}", kind="municipality", founded_at=now)
        for place in range(-(-number // PER_ORGANISATION))
    )
    members = Membership.objects.bulk_create(
        Membership(organisation=own, name=f"Оценител {seat}", roles=["assessor"], joined_at=now)
        for own in organisations
        for seat in range(SEATS)
    )
    assessments = list(_assessments(number, organisations, edition))
    sheets = _sheets(assessments, members)
    StepPlan.objects.bulk_create(
        (StepPlan(assessment=a, number=n) for a in assessments for n in range(1, 11)), batch_size=BATCH
    )
    Report.objects.bulk_create((Report(assessment=a) for a in assessments), batch_size=BATCH)
    Judgement.objects.bulk_create(_judgements(sheets, codes), batch_size=BATCH)
    Agreement.objects.bulk_create(
        (Agreement(assessment=a, code=code) for a in assessments for code in codes), batch_size=BATCH
    )
    Contribution.objects.bulk_create(
        (Contribution(**line) for line in _lines(assessments, codes)), batch_size=BATCH
    )
    Statement.objects.bulk_create(
        (Statement(**line) for line in _lines(assessments, codes)), batch_size=BATCH
    )
    return len(sheets) * len(codes)


def _assessments(
    number: int, organisations: list[Organisation], edition: FrameworkEdition
) -> Iterator[Assessment]:
    now = timezone.now()
    owners = [organisations[place // PER_ORGANISATION] for place in range(number)]
    groups = Group.objects.bulk_create(Group(organisation=own, name="Група") for own in owners)
    plans = CommunicationPlan.objects.bulk_create(CommunicationPlan(organisation=own) for own in owners)
    yield from Assessment.objects.bulk_create(
        Assessment(
            organisation=own,
            title="Самооценка",
            edition=edition,
            method="classical",
            period_from=date(2024, 1, 1),
            period_until=date(2025, 12, 31),
            state=State.AGREEING,
            group=group,
            communication=plan,
            created_at=now,
        )
        for own, group, plan in zip(owners, groups, plans, strict=True)
    )


def _sheets(assessments: list[Assessment], members: list[Membership]) -> list[Sheet]:
    by_owner: dict[object, list[Membership]] = {}
    for member in members:
        by_owner.setdefault(member.organisation_id, []).append(member)
    seats = Seat.objects.bulk_create(
        Seat(group=assessment.group, function=Function.MEMBER, holder=holder, position=place)
        for assessment in assessments
        for place, holder in enumerate(by_owner[assessment.organisation_id])
    )
    owner = {assessment.group_id: assessment for assessment in assessments}
    return Sheet.objects.bulk_create(
        [Sheet(assessment=owner[seat.group_id], seat=seat) for seat in seats], batch_size=BATCH
    )


def _judgements(sheets: list[Sheet], codes: list[str]) -> Iterator[Judgement]:
    now = timezone.now()
    for sheet in sheets:
        for code in codes:
            lines = {"strength": [{"id": "a", "text": WORDS, "named": False}]}
            yield Judgement(
                sheet=sheet, code=code, values={"score": 45}, lines=lines, ready=True, saved_at=now
            )


def _lines(assessments: list[Assessment], codes: list[str]) -> Iterator[dict[str, Any]]:
    """One remark or statement for each item of each assessment."""
    for assessment in assessments:
        for place, code in enumerate(codes):
            kind = LineKind.AREA if place % 2 else LineKind.STRENGTH
            yield {"assessment": assessment, "code": code, "kind": kind, "text": WORDS}
