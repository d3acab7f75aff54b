"""When reports on measures are due, who is to be reminded of what, and what a link of a mail opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from merilo.core.periods import Period
from merilo.core.secret import digest_of
from merilo.improvement.models import (
    Activity,
    CheckIn,
    CheckInLink,
    Measure,
    MeasureState,
    Plan,
    PlanRevision,
    PlanState,
    RevisionState,
)
from merilo.improvement.queries.board import answering
from merilo.improvement.rules import reporting as rules
from merilo.improvement.rules.reporting import Standing
from merilo.organisations.api import Membership, Viewer

PURPOSE = "improvement.check_in"  # of the digests of links
WHOLE = 100
LIVE = (MeasureState.NOT_STARTED, MeasureState.UNDER_WAY)
REPORT, LATE, STEP_LATE = "measure.report_due", "measure.late", "activity.late"


def with_moments(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """Measures with when somebody last reported (`said_at`) and their plan was first approved."""
    said = CheckIn.objects.filter(measure=OuterRef("pk"), activity=None, about="").order_by("-at")
    approved = PlanRevision.objects.filter(plan=OuterRef("plan"), state=RevisionState.APPROVED)
    return rows.annotate(
        said_at=Subquery(said.values("at")[:1]),
        approved_at=Subquery(approved.order_by("decided_at").values("decided_at")[:1]),
    )


def due_of(measure: Measure) -> date | None:
    """When the next report is due, of a measure with its moments; None where none is expected."""
    if measure.state not in LIVE:
        return None
    zone = measure.plan.organisation.zone
    moments: list[datetime | None] = [measure.said_at, measure.approved_at]  # type: ignore[attr-defined]
    heard = max((timezone.localdate(one, zone) for one in moments if one), default=None)
    return rules.report_due(Period(measure.first, measure.last), heard, measure.plan.check_in_months)


# --- who is reminded ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody to be reminded of a measure, or of one activity of it, on an occasion."""

    to: Membership
    kind: str
    measure: Measure
    occasion: date
    activity: Activity | None = None

    @property
    def about(self) -> UUID:
        """Of what somebody is reminded."""
        return self.activity.pk if self.activity else self.measure.pk


def plans_to_look_at(*, on: date) -> QuerySet[Plan]:
    """Plans that are carried out and were not looked through on this day or a later one."""
    running = Plan.objects.filter(state=PlanState.RUNNING, organisation__closed_at=None)
    return running.filter(Q(looked_on=None) | Q(looked_on__lt=on)).select_related("organisation")


def reminders(plans: list[Plan], *, on: date) -> Iterator[Reminder]:
    """Everybody to be reminded on a day, of whatever plan. Two queries."""
    rows = Measure.objects.filter(plan__in=plans, state__in=LIVE)
    people = ("plan__organisation", "owner__organisation", "owner__person", "deputy__organisation")
    for measure in with_moments(rows.select_related(*people, "deputy__person")).order_by("plan", "number"):
        yield from _of_measure(measure, on)
    late = Activity.objects.filter(
        measure__in=rows, last__lt=on, percent__lt=WHOLE, owner__left_at=None
    ).exclude(owner=None)
    steps = late.select_related("measure__plan__organisation", "owner__organisation", "owner__person")
    for one in steps.order_by("measure__plan", "measure__number", "first", "id"):
        found = rules.occasion(one.last, on)
        if found and one.owner:
            yield Reminder(one.owner, STEP_LATE, one.measure, found, one)


def _of_measure(measure: Measure, on: date) -> Iterator[Reminder]:
    """A late measure is told as late; that a report is due goes without saying then."""
    to, due = answering(measure), due_of(measure)
    is_late = measure.last < on
    found = rules.occasion(measure.last if is_late else due or on, on)
    if to is not None and found:
        yield Reminder(to, LATE if is_late else REPORT, measure, found)


def still_due(kind: str, about: str, person: UUID) -> bool:
    """Whether a reminder has still a reason: the same person, nothing reported or finished since."""
    if kind == STEP_LATE:
        own = Activity.objects.filter(pk=about, owner__person=person, percent__lt=WHOLE)
        return own.filter(measure__state__in=LIVE, measure__plan__state=PlanState.RUNNING).exists()
    found = _measure(about)
    to = answering(found) if found else None
    if found is None or to is None or to.person_id != person or found.state not in LIVE:
        return False
    today = timezone.localdate(timezone=found.plan.organisation.zone)
    due = due_of(found)
    return found.last < today if kind == LATE else due is not None and due <= today


def _measure(pk: str) -> Measure | None:
    rows = Measure.objects.filter(pk=pk, plan__state=PlanState.RUNNING)
    return with_moments(rows.select_related("plan__organisation", "owner", "deputy")).first()


# --- links ----------------------------------------------------------------------------------------
def by_token(token: str) -> CheckInLink | None:
    """The link that a mail holds, whatever has become of it. None for a guess, and once all is closed."""
    own = CheckInLink.objects.filter(
        digest=digest_of(PURPOSE, token), measure__plan__organisation__closed_at=None
    )
    people = ("holder__person", "holder__organisation", "measure__owner", "measure__deputy")
    found = own.select_related("measure__plan__organisation", "measure__proposal", *people)
    return found.prefetch_related("measure__activities__owner").first()


def standing_of(link: CheckInLink, *, at: datetime) -> Standing:
    """What a link is worth at a moment."""
    measure, holder = link.measure, link.holder
    here = holder.is_here(timezone.localdate(at, measure.plan.organisation.zone))
    active = holder.person is not None and holder.person.is_active
    reports = holder.pk in {measure.owner_id, measure.deputy_id} and measure.plan.state == PlanState.RUNNING
    return rules.standing(
        is_used=link.used_at is not None, is_late=at > link.until, is_theirs=here and active and reports
    )


# --- activities -----------------------------------------------------------------------------------
def my_activities(viewer: Viewer) -> QuerySet[Activity]:
    """Open activities of running plans that are the viewer's, by last day. One query, for members only."""
    if not viewer.can("plan.read"):
        return Activity.objects.none()
    own = Activity.objects.filter(
        owner=viewer.membership,
        percent__lt=WHOLE,
        measure__state__in=LIVE,
        measure__plan__state=PlanState.RUNNING,
        measure__plan__organisation=viewer.organisation,
    )
    return own.select_related("measure__plan").order_by("last", "measure__number", "id")


# --- what was said ------------------------------------------------------------------------------
def last_said(measure: Measure, activity: Activity | None = None) -> str:
    """The latest report on a measure as a whole, or on one of its activities, with who made it. One query."""
    found = measure.check_ins.filter(activity=activity).select_related("by").first()
    if found is None or not found.text:
        return ""
    return f"{found.text} ({found.by.on_record})" if found.by else found.text
