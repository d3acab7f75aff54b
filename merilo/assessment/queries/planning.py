"""The plan of a self-assessment as its pages show it: steps with their state, documents, group, readiness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Sheet, State, StepPlan
from merilo.assessment.queries.assessments import assessments_of
from merilo.assessment.rules import schedule
from merilo.assessment.rules.lifecycle import AGREED
from merilo.assessment.rules.progress import too_few_scores
from merilo.framework.catalogue import Framework
from merilo.framework.catalogue import Step as ModelStep
from merilo.groups.api import (
    SCORING,
    Gathering,
    GatheringKind,
    Seat,
    coming_gatherings,
    gatherings_of,
    scoring_seats,
    seats_of,
)
from merilo.organisations.api import (
    CommunicationItem,
    Membership,
    Notice,
    OfficialDocument,
    Viewer,
    has_deputy,
    members,
)

PLACES = ("order", "centre_agreement", "report_sending")
SOON = timedelta(days=14)
MAIN_STEP = 5  # the assessment itself; what comes before runs side by side
KNOWN_STEPS = {5, 6}  # the assessment and the report happen here


class NotHere(LookupError):
    """The object does not belong to this self-assessment, or the viewer may not see it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the cycle in one assessment; `state` is idle, progress, done or late."""

    model: ModelStep
    owner: Membership | None
    due: date | None
    state: str
    plan: StepPlan | None = None

    @property
    def number(self) -> int:
        return self.model.number

    @property
    def name(self) -> str:
        """Its short name in the reader's language."""
        return self.model.short.in_language(get_language() or "en")

    @property
    def by_hand(self) -> bool:
        """Whether a person says that it is done; of the others the platform knows itself."""
        return self.number not in KNOWN_STEPS


def steps_of(assessment: Assessment, *, on: date) -> list[Step]:
    """The steps of the cycle with owner, due date and state. One query."""
    return steps_with(assessment, assessment.steps.select_related("owner"), on=on)


def steps_with(assessment: Assessment, rows: Iterable[StepPlan], *, on: date) -> list[Step]:
    """The same from plans that were read before, with their owners. No query."""
    plans = {plan.number: plan for plan in rows}
    return [_step(model, plans.get(model.number), on) for model in framework_of(assessment).steps]


def _step(model: ModelStep, plan: StepPlan | None, on: date) -> Step:
    if plan is None:
        return Step(model, None, None, "idle")
    return Step(model, plan.owner, plan.due, step_state(plan, on=on), plan)


def step_state(plan: StepPlan, *, on: date) -> str:
    """done, late (its day is over), progress (begun) or idle."""
    if plan.done_at is not None:
        return "done"
    if plan.due is not None and plan.due < on:
        return "late"
    return "progress" if plan.begun_at is not None else "idle"


def current_step(steps: Sequence[Step]) -> Step | None:
    """The step being worked on, None when all are done.

    Preparing steps run side by side: the first one not done counts. From the assessment itself on, the
    last one begun does, and after it the next one, whatever was left open before.
    """
    passed = max((step.number for step in steps if step.state == "done" and not step.by_hand), default=0)
    left = [step for step in steps if step.state != "done" and (step.number > passed or passed < MAIN_STEP)]
    begun = [step for step in left if step.plan and step.plan.begun_at]
    main = [step for step in begun if step.number >= MAIN_STEP]
    return next(iter([*main[::-1], *begun, *left]), None)


def too_little_time(framework: Framework, report_due: date, *, on: date) -> Mapping[str, object] | None:
    """Working days needed and available, when there are not enough before the report is due; else None."""
    lengths = schedule.lengths_for([step.number for step in framework.steps])
    findings = schedule.plan_backwards(report_due, lengths, earliest=on).findings
    return findings[0].params if findings else None


# --- lists ----------------------------------------------------------------------------------------
def listed(viewer: Viewer, *, on: date) -> QuerySet[Assessment]:
    """The self-assessments of the list page, each with its edition and the number of scoring seats."""
    scoring = Count("group__seats", filter=Q(group__seats__function__in=SCORING), distinct=True)
    return (
        assessments_of(viewer, on=on)
        .select_related("edition", "entered")
        .annotate(scorers=scoring)
        .order_by("-period_until", "-created_at")
        .distinct()
    )


def possible_previous(
    viewer: Viewer, framework: Framework, *, on: date, besides: Assessment | None = None
) -> QuerySet[Assessment]:
    """Finished cycles of the same framework that a self-assessment may continue, the latest first.

    Of one that exists (`besides`) the cycle it continues already stays in the list.
    """
    finished = Q(state__in=AGREED) & ~Q(is_entered=True, state=State.REPORTING)
    if besides is not None:
        finished = (finished & ~Q(pk=besides.pk)) | Q(pk=besides.previous_id)
    return assessments_of(viewer, on=on).filter(finished, edition__code=framework.code)


# --- documents, communication -----------------------------------------------------------------------
def documents_of(assessment: Assessment) -> dict[str, OfficialDocument | None]:
    """The three official documents by place, with their files. One query."""
    ids = {place: getattr(assessment, f"{place}_id") for place in PLACES}
    rows = OfficialDocument.objects.select_related("file").in_bulk([pk for pk in ids.values() if pk])
    return {place: rows.get(pk) for place, pk in ids.items()}


def document_of(assessment: Assessment, pk: UUID) -> OfficialDocument:
    """One of the three documents by its id. Errors: NotHere."""
    for document in documents_of(assessment).values():
        if document is not None and document.pk == pk:
            return document
    raise NotHere


def items_of(assessment: Assessment) -> QuerySet[CommunicationItem]:
    """Rows of the communication plan by date."""
    return CommunicationItem.objects.filter(plan_id=assessment.communication_id).order_by("date", "id")


def item_of(assessment: Assessment, pk: UUID) -> CommunicationItem:
    """One row of the communication plan. Errors: NotHere."""
    found = items_of(assessment).filter(pk=pk).first()
    if found is None:
        raise NotHere
    return found


def notices_of(viewer: Viewer, assessment: Assessment) -> QuerySet[Notice]:
    """Shared notices for every member; drafts only for those who plan."""
    rows = Notice.objects.filter(plan_id=assessment.communication_id).order_by("-shared_at", "title", "id")
    return rows if viewer.can("assessment.plan") else rows.exclude(shared_at=None)


def notice_of(viewer: Viewer, assessment: Assessment, pk: UUID) -> Notice:
    """One notice the viewer may read. Errors: NotHere."""
    found = notices_of(viewer, assessment).filter(pk=pk).first()
    if found is None:
        raise NotHere
    return found


# --- group ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of who scores what: a seat and the codes assigned to it (None: all)."""

    seat: Seat
    assigned: frozenset[str] | None

    def has(self, code: str) -> bool:
        return self.assigned is None or code in self.assigned


def assignment(assessment: Assessment) -> list[Row]:
    """Who scores what, one row per scoring seat. Two queries."""
    sheets = dict(Sheet.objects.filter(assessment=assessment).values_list("seat_id", "assigned"))
    return [_row(seat, sheets.get(seat.pk)) for seat in scoring_seats(assessment.group)]


def _row(seat: Seat, assigned: Sequence[str] | None) -> Row:
    return Row(seat, None if assigned is None else frozenset(assigned))


def thin_items(framework: Framework, rows: Iterable[Row]) -> list[str]:
    """Codes of the items that fewer than three would score, in the framework's order."""
    rows = list(rows)
    counts = {item.code: sum(row.has(item.code) for row in rows) for item in framework.items}
    return [finding.subject for finding in too_few_scores(counts)]


def candidates(viewer: Viewer) -> QuerySet[Membership]:
    """Own people who may get a seat or stand in for somebody; guests have pages of their own."""
    return members(viewer).filter(valid_until=None)


# --- opening --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Opening:
    """What the confirmation page before the individual assessment tells."""

    seats: Sequence[Seat]
    thin: Sequence[str]
    has_order: bool
    trainings: int
    chair: bool

    @property
    def enough(self) -> bool:
        """Whether at least three people score."""
        return len(self.seats) >= 3


def opening(assessment: Assessment) -> Opening:
    """What stands ready before the assessors begin; everything but an empty group is a notice only."""
    rows = assignment(assessment)
    seats = [row.seat for row in rows]
    thin = thin_items(framework_of(assessment), rows)
    return Opening(
        seats=seats,
        thin=() if len(seats) < 3 else thin,
        has_order=assessment.order_id is not None,
        trainings=gatherings_of(assessment.group, GatheringKind.TRAINING).count(),
        chair=any(seat.function == "chair" for seat in seats),
    )


def holds_work(seat: Seat) -> bool:
    """Whether the seat's sheet is handed in or something is written on it."""
    work = Q(handed_in_at__isnull=False) | Q(judgements__isnull=False)
    return Sheet.objects.filter(work, seat=seat).exists()


# --- overview -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview page shows of one assessment."""

    steps: Sequence[Step]
    current: Step | None
    documents: Mapping[str, OfficialDocument | None]
    seats: Sequence[Seat]
    coming: Sequence[Gathering]
    deputy: bool


def overview(viewer: Viewer, assessment: Assessment, *, on: date) -> Overview:
    """The ten steps, the documents, the group and what comes next. Five queries."""
    steps = steps_of(assessment, on=on)
    return Overview(
        steps=steps,
        current=current_step(steps),
        documents=documents_of(assessment),
        seats=list(seats_of(assessment.group)),
        coming=list(coming_gatherings(viewer, assessment.group, on=on)[:4]),
        deputy=has_deputy(viewer),
    )


# --- my work --------------------------------------------------------------------------------------
def running(viewer: Viewer, *, on: date) -> QuerySet[Assessment]:
    """Own assessments whose report is not approved yet."""
    over = (State.APPROVED, State.PUBLISHED)
    own = assessments_of(viewer, on=on).filter(is_entered=False)
    return own.select_related("edition").exclude(state__in=over)


def steps_waiting(viewer: Viewer, *, on: date) -> QuerySet[StepPlan]:
    """Steps not done that wait for the viewer: own ones begun or due within two weeks.

    Whoever plans sees the late ones of others too.
    """
    mine = Q(owner=viewer.membership) & (Q(due__lte=on + SOON) | Q(begun_at__isnull=False))
    if viewer.can("assessment.plan"):
        mine |= Q(due__lt=on)
    return (
        StepPlan.objects.filter(mine, done_at=None, assessment__organisation=viewer.organisation)
        .select_related("assessment__edition", "owner")
        .order_by("due", "number", "id")
    )
