"""What somebody has in the self-assessments of the viewer's organisation, to be handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q

from merilo.assessment.models import Assessment, EvidenceRequest, Sheet, State, StepPlan
from merilo.assessment.rules.requests import SETTLED
from merilo.groups.api import Gathering, Seat
from merilo.organisations.api import Membership, Viewer

CLOSED = (State.APPROVED, State.PUBLISHED)


def open_steps(viewer: Viewer, member: Membership) -> list[StepPlan]:
    """Steps that the member answers for and that are not done, by self-assessment. One query."""
    mine = StepPlan.objects.filter(owner=member, done_at=None, assessment__organisation=viewer.organisation)
    return list(mine.select_related("assessment__edition").order_by("assessment_id", "number"))


def seats_of(viewer: Viewer, member: Membership) -> Iterator[tuple[Assessment, Seat]]:
    """Seats that the member holds or stands in for, while the group can change. Two queries."""
    running = Assessment.objects.filter(organisation=viewer.organisation).exclude(state__in=CLOSED)
    groups = {row.group_id: row for row in running.select_related("group").order_by("created_at", "pk")}
    mine = Seat.objects.filter(Q(holder=member) | Q(substitute=member), group__in=groups)
    for seat in mine.select_related("group", "holder", "substitute").order_by("group_id", "position", "pk"):
        yield groups[seat.group_id], seat


def is_in_group(assessment: Assessment, member: Membership, *, besides: Seat) -> bool:
    """Whether the member has another seat in the group or stands in for one."""
    mine = Seat.objects.filter(Q(holder=member) | Q(substitute=member), group_id=assessment.group_id)
    return mine.exclude(pk=besides.pk).exists() or besides.holder_id == member.pk


def is_handed_in(seat: Seat) -> bool:
    """Whether the sheet of the seat is handed in."""
    return Sheet.objects.filter(seat=seat, handed_in_at__isnull=False).exists()


def led_gatherings(viewer: Viewer, member: Membership, *, on: date) -> list[tuple[Assessment, Gathering]]:
    """Trainings and meetings that are not over and name the member as their lecturer. One query."""
    coming = Gathering.objects.filter(organisation=viewer.organisation, until_date__gte=on)
    named = coming.filter(lecturer__contains=member.name, group__assessment__isnull=False)
    rows = named.select_related("group__assessment", "unit").order_by("from_date", "pk")
    return [(row.group.assessment, row) for row in rows if row.group]


def open_requests(viewer: Viewer, member: Membership) -> list[EvidenceRequest]:
    """What the member asked of colleagues and nobody has settled, while evidence is taken. One query."""
    mine = EvidenceRequest.objects.filter(asked_by=member, assessment__organisation=viewer.organisation)
    rows = mine.exclude(Q(state__in=SETTLED) | Q(assessment__state__in=CLOSED))
    return list(rows.select_related("assessment").order_by("due", "asked_at", "pk"))


def reports_in_progress(viewer: Viewer) -> list[tuple[Assessment, int]]:
    """Self-assessments whose report is being written, with the number of texts written. One query."""
    written = Count("report__sections", filter=~Q(report__sections__text=""))
    rows = Assessment.objects.filter(organisation=viewer.organisation, state=State.REPORTING)
    return [(row, row.written) for row in rows.annotate(written=written).order_by("created_at", "pk")]
