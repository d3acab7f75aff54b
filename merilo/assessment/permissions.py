"""Who may do what with a self-assessment: one-line predicates that take the viewer."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from merilo.assessment.models import (
    Assessment,
    EvidenceRequest,
    ReportRevision,
    RevisionState,
    Sheet,
    State,
)
from merilo.core.errors import Refused
from merilo.groups.api import SCORING, Function, Seat, seat_held
from merilo.organisations.api import Viewer

AFTER_LOCK = {State.AGREEING, State.REPORTING, State.APPROVED, State.PUBLISHED}
SETTLED = {State.APPROVED, State.PUBLISHED}


def is_own(viewer: Viewer, assessment: Assessment) -> bool:
    """The assessment belongs to the acting organisation."""
    return assessment.organisation_id == viewer.organisation_id


def require_own(viewer: Viewer, assessment: Assessment) -> None:
    """Errors: Refused."""
    if not is_own(viewer, assessment):
        raise Refused(_("This self-assessment belongs to another organisation."))


def seat_of(viewer: Viewer, assessment: Assessment, *, on: date | None = None) -> Seat | None:
    """The seat the viewer holds in the group now, or None."""
    seat = seat_held(viewer, assessment)
    return None if seat is None or (on and seat.until and seat.until < on) else seat


def may_plan(viewer: Viewer, assessment: Assessment) -> bool:
    return is_own(viewer, assessment) and viewer.can("assessment.plan")


def may_compose(viewer: Viewer, assessment: Assessment) -> bool:
    """Change plan and group: until the approval, for the report says what they were."""
    open_ = assessment.state not in {State.APPROVED, State.PUBLISHED}
    return may_plan(viewer, assessment) and open_ and not assessment.is_entered


def may_enter(viewer: Viewer, assessment: Assessment) -> bool:
    """Write what a cycle done elsewhere agreed on, and correct it."""
    return may_plan(viewer, assessment) and assessment.is_entered


def may_follow(viewer: Viewer, assessment: Assessment) -> bool:
    return is_own(viewer, assessment) and viewer.can("assessment.follow")


def may_write_sheet(viewer: Viewer, sheet: Sheet) -> bool:
    """Only the seat's holder writes, before the lock and before handing in."""
    return (
        sheet.seat.holder_id == viewer.membership.pk
        and sheet.handed_in_at is None
        and sheet.assessment.state == State.ASSESSING
    )


def may_see_scores(viewer: Viewer, assessment: Assessment, *, on: date) -> bool:
    """After the lock the group, the coordinator and the sponsor see all scores, without names."""
    if assessment.state not in AFTER_LOCK or not is_own(viewer, assessment):
        return False
    return viewer.can("assessment.follow") or seat_of(viewer, assessment, on=on) is not None


def may_moderate(viewer: Viewer, assessment: Assessment) -> bool:
    """The coordinator, the chair and the facilitator lead the agreement; one done elsewhere nobody."""
    if not is_own(viewer, assessment) or assessment.is_entered:
        return False
    if viewer.can("assessment.moderate"):
        return True
    seat = seat_of(viewer, assessment)
    return seat is not None and seat.function in {Function.CHAIR, Function.FACILITATOR}


def may_calibrate(viewer: Viewer, assessment: Assessment) -> bool:
    """Who leads the agreement also leads the practice before it, until the sheets are locked."""
    return assessment.state in {State.PLANNING, State.ASSESSING} and may_moderate(viewer, assessment)


def may_see_calibration(viewer: Viewer, assessment: Assessment, *, on: date) -> bool:
    """The group and whoever follows the work or leads it; what a member gave is seen by no other."""
    if not is_own(viewer, assessment):
        return False
    return viewer.can("assessment.follow") or seat_of(viewer, assessment, on=on) is not None


def may_dissent(viewer: Viewer, assessment: Assessment) -> bool:
    """Whoever gave scores may differ from what was agreed; who leads writes down what others say."""
    if may_moderate(viewer, assessment):
        return True
    seat = seat_of(viewer, assessment) if is_own(viewer, assessment) else None
    return seat is not None and seat.function in SCORING


def takes_evidence(assessment: Assessment) -> bool:
    """Until the approval; requests to colleagues close with the shelf."""
    return assessment.state not in {State.APPROVED, State.PUBLISHED} and not assessment.is_entered


def may_use_shelf(viewer: Viewer, assessment: Assessment) -> bool:
    """Add and change evidence while the assessment is not approved."""
    return is_own(viewer, assessment) and viewer.can("evidence.edit") and takes_evidence(assessment)


def may_edit_report(viewer: Viewer, assessment: Assessment) -> bool:
    """The report of a cycle done elsewhere is the signed one."""
    return is_own(viewer, assessment) and viewer.can("report.edit") and not assessment.is_entered


def may_read_report(viewer: Viewer, assessment: Assessment) -> bool:
    """Everybody inside reads what is approved; drafts are for writers, the sponsor and the group."""
    return is_own(viewer, assessment) and (
        assessment.state in {State.APPROVED, State.PUBLISHED} or _reads_drafts(viewer, assessment)
    )


def may_read_revision(viewer: Viewer, assessment: Assessment, revision: ReportRevision) -> bool:
    """The same for one revision: what is approved is read by everybody inside."""
    return is_own(viewer, assessment) and (
        revision.state == RevisionState.APPROVED or _reads_drafts(viewer, assessment)
    )


def _reads_drafts(viewer: Viewer, assessment: Assessment) -> bool:
    if any(viewer.can(one) for one in ("report.edit", "report.approve", "assessment.follow")):
        return True
    return seat_of(viewer, assessment) is not None


def may_approve(viewer: Viewer, assessment: Assessment) -> bool:
    return is_own(viewer, assessment) and viewer.can("report.approve")


def may_record_approval(viewer: Viewer, assessment: Assessment) -> bool:
    """The coordinator records an approval given on paper."""
    return is_own(viewer, assessment) and viewer.can("assessment.plan")


def may_publish(viewer: Viewer, assessment: Assessment) -> bool:
    return is_own(viewer, assessment) and viewer.can("report.publish")


def may_see_shelf(viewer: Viewer, assessment: Assessment, *, on: date) -> bool:
    """The group, whoever follows the work and whoever writes the report see the shared shelf."""
    if not is_own(viewer, assessment):
        return False
    if any(viewer.can(one) for one in ("evidence.edit", "assessment.follow", "report.edit")):
        return True
    return seat_of(viewer, assessment, on=on) is not None


def may_see_requests(viewer: Viewer, assessment: Assessment) -> bool:
    """Whoever fills the shelf knows what was asked of whom, so that nothing is asked twice."""
    return is_own(viewer, assessment) and viewer.can("evidence.edit") and not assessment.is_entered


def may_request(viewer: Viewer, assessment: Assessment) -> bool:
    """The coordinator, and whoever leads the agreement and may add evidence."""
    return may_use_shelf(viewer, assessment) and may_moderate(viewer, assessment)


def may_see_received(viewer: Viewer, request: EvidenceRequest) -> bool:
    """What a colleague sent, and their address: the asker and the coordinator."""
    is_askers = request.asked_by_id == viewer.membership.pk
    return may_see_requests(viewer, request.assessment) and (is_askers or viewer.can("assessment.plan"))


def may_settle(viewer: Viewer, request: EvidenceRequest) -> bool:
    """Remind, accept, return, withdraw: the same people, while the shelf may be changed."""
    return may_see_received(viewer, request) and may_use_shelf(viewer, request.assessment)


def may_call_in(viewer: Viewer, assessment: Assessment) -> bool:
    """Remind assessors of their sheets and send back what is handed in, until the lock."""
    return may_plan(viewer, assessment) and assessment.state == State.ASSESSING
