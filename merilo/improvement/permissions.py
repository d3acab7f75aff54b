"""Who may do what with a plan of improvement: one-line predicates that take the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.groups.api import SCORING, Function, seat_held
from merilo.improvement.models import Activity, Measure, Plan, PlanRevision, PlanState, RevisionState
from merilo.improvement.rules.states import LIVE
from merilo.organisations.api import Viewer


def is_own(viewer: Viewer, plan: Plan) -> bool:
    """The plan belongs to the acting organisation."""
    return plan.organisation_id == viewer.organisation_id


def require_own(viewer: Viewer, plan: Plan) -> None:
    """Errors: Refused."""
    if not is_own(viewer, plan):
        raise Refused(_("This plan belongs to another organisation."))


def reads_drafts(viewer: Viewer, plan: Plan) -> bool:
    """Who drafts, who approves, and the group; what is carried out everybody inside reads."""
    if not is_own(viewer, plan):
        return False
    if viewer.can("plan.edit") or viewer.can("plan.approve"):
        return True
    return seat_held(viewer, plan) is not None


def may_edit(viewer: Viewer, plan: Plan) -> bool:
    """Gather, bring together, decide and write measures, until the plan is closed."""
    return is_own(viewer, plan) and viewer.can("plan.edit") and plan.state != PlanState.CLOSED


def may_moderate(viewer: Viewer, plan: Plan) -> bool:
    """Enter what the group agrees on: the coordinator, the chair and the facilitator."""
    if may_edit(viewer, plan):
        return True
    seat = seat_held(viewer, plan) if is_own(viewer, plan) and plan.state != PlanState.CLOSED else None
    return seat is not None and seat.function in {Function.CHAIR, Function.FACILITATOR}


def may_score(viewer: Viewer, plan: Plan) -> bool:
    """Members of the group score alone until their scores are closed."""
    if not is_own(viewer, plan) or plan.scored_at is not None or plan.state == PlanState.CLOSED:
        return False
    seat = seat_held(viewer, plan)
    return seat is not None and seat.function in SCORING


def may_report(viewer: Viewer, measure: Measure) -> bool:
    """Say how a measure goes: its owner and deputy, and those who edit the plan, while it is carried out."""
    plan = measure.plan
    if not is_own(viewer, plan) or plan.state != PlanState.RUNNING:
        return False
    return viewer.membership.pk in {measure.owner_id, measure.deputy_id} or viewer.can("plan.edit")


def may_report_activity(viewer: Viewer, activity: Activity) -> bool:
    """Say how far an activity is: its own owner too, while the measure is worked on."""
    measure = activity.measure
    if measure.state not in LIVE or not is_own(viewer, measure.plan):
        return False
    own = measure.plan.state == PlanState.RUNNING and activity.owner_id == viewer.membership.pk
    return own or may_report(viewer, measure)


def may_offer(viewer: Viewer, plan: Plan) -> bool:
    """Offer a measure: whoever works on evidence, indicators or plans, or sits in the plan's group."""
    if not is_own(viewer, plan) or plan.state == PlanState.CLOSED:
        return False
    if any(viewer.can(one) for one in ("plan.edit", "plan.approve", "evidence.edit", "indicator.edit")):
        return True
    return seat_held(viewer, plan) is not None


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
