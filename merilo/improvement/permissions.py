"""Who may do what with a plan of improvement: one-line predicates that take the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.groups.api import SCORING, Function, Seat
from merilo.improvement.models import Measure, Plan, PlanRevision, PlanState, RevisionState
from merilo.organisations.api import Viewer


def is_own(viewer: Viewer, plan: Plan) -> bool:
    """The plan belongs to the acting organisation."""
    return plan.organisation_id == viewer.organisation_id


def require_own(viewer: Viewer, plan: Plan) -> None:
    """Errors: Refused."""
    if not is_own(viewer, plan):
        raise Refused(_("This plan belongs to another organisation."))


def seat_of(viewer: Viewer, plan: Plan) -> Seat | None:
    """The seat the viewer holds in the plan's group, or None. One query, remembered on the plan."""
    seats: dict[object, Seat | None] = plan.__dict__.setdefault("_seats", {})
    key = viewer.membership.pk
    if key not in seats:
        seats[key] = Seat.objects.filter(group_id=plan.group_id, holder_id=key).first()
    return seats[key]


def reads_drafts(viewer: Viewer, plan: Plan) -> bool:
    """Who drafts, who approves, and the group; what is carried out everybody inside reads."""
    if not is_own(viewer, plan):
        return False
    if viewer.can("plan.edit") or viewer.can("plan.approve"):
        return True
    return seat_of(viewer, plan) is not None


def may_edit(viewer: Viewer, plan: Plan) -> bool:
    """Gather, bring together, decide and write measures, until the plan is closed."""
    return is_own(viewer, plan) and viewer.can("plan.edit") and plan.state != PlanState.CLOSED


def may_moderate(viewer: Viewer, plan: Plan) -> bool:
    """Enter what the group agrees on: the coordinator, the chair and the facilitator."""
    if may_edit(viewer, plan):
        return True
    seat = seat_of(viewer, plan) if is_own(viewer, plan) and plan.state != PlanState.CLOSED else None
    return seat is not None and seat.function in {Function.CHAIR, Function.FACILITATOR}


def may_score(viewer: Viewer, plan: Plan) -> bool:
    """Members of the group score alone until their scores are closed."""
    if not is_own(viewer, plan) or plan.scored_at is not None or plan.state == PlanState.CLOSED:
        return False
    seat = seat_of(viewer, plan)
    return seat is not None and seat.function in SCORING


def may_report(viewer: Viewer, measure: Measure) -> bool:
    """Say how a measure goes: its owner and deputy, and those who edit the plan, while it is carried out."""
    plan = measure.plan
    if not is_own(viewer, plan) or plan.state != PlanState.RUNNING:
        return False
    return viewer.membership.pk in {measure.owner_id, measure.deputy_id} or viewer.can("plan.edit")


def may_approve(viewer: Viewer, plan: Plan) -> bool:
    return is_own(viewer, plan) and viewer.can("plan.approve")


def may_record_approval(viewer: Viewer, plan: Plan) -> bool:
    """The coordinator records an approval given on paper."""
    return may_edit(viewer, plan)


def may_publish(viewer: Viewer, plan: Plan) -> bool:
    return is_own(viewer, plan) and viewer.can("plan.publish")


def may_read_revision(viewer: Viewer, revision: PlanRevision) -> bool:
    """What is approved is read by everybody inside, the rest by those who read drafts."""
    plan = revision.plan
    if not is_own(viewer, plan) or not viewer.can("plan.read"):
        return False
    return revision.state == RevisionState.APPROVED or reads_drafts(viewer, plan)
