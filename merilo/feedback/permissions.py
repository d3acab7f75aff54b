"""Who may do what with an external feedback: one-line predicates that take the viewer."""

from __future__ import annotations

from datetime import date

from merilo.feedback.models import Actor, Feedback
from merilo.feedback.rules.lifecycle import OVER, SHOWN, State
from merilo.organisations.api import Viewer


def is_own(viewer: Viewer, feedback: Feedback) -> bool:
    """The feedback is about the acting organisation."""
    return feedback.organisation_id == viewer.organisation_id


def actor_of(viewer: Viewer, feedback: Feedback, *, on: date) -> Actor | None:
    """The viewer as evaluator whose access holds on a day, or None."""
    actor = feedback.access_of(viewer.membership)
    return None if actor is None or actor.until < on or not is_own(viewer, feedback) else actor


def leads(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """The evaluator who leads the others."""
    actor = actor_of(viewer, feedback, on=on)
    return actor is not None and actor.is_lead


def may_read(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Members of the organisation, and evaluators once the application is in their hands."""
    if is_own(viewer, feedback) and viewer.can("feedback.read"):
        return True
    is_open = feedback.state not in {State.PREPARING, State.WITHDRAWN}
    return is_open and actor_of(viewer, feedback, on=on) is not None


def may_manage(viewer: Viewer, feedback: Feedback) -> bool:
    """The coordinator, whatever the state."""
    return is_own(viewer, feedback) and viewer.can("feedback.edit")


def may_prepare(viewer: Viewer, feedback: Feedback) -> bool:
    """Say what is released, when the visit is and who is invited, until it is decided."""
    return may_manage(viewer, feedback) and feedback.state not in OVER


def may_see_material(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Evaluators read what is released to them; the coordinator sees it as they do."""
    if may_manage(viewer, feedback):
        return True
    return may_read(viewer, feedback, on=on) and actor_of(viewer, feedback, on=on) is not None


def may_score(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Evaluators give points alone until these are closed."""
    return feedback.state == State.APPLIED and actor_of(viewer, feedback, on=on) is not None


def may_see_joint(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Once all have closed, evaluators see each other's points; the organisation sees the report."""
    is_closed = feedback.state in {State.AGREEING, *SHOWN}
    return is_closed and actor_of(viewer, feedback, on=on) is not None


def may_agree(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Who leads the evaluators enters what they agree on and writes the report."""
    return feedback.state == State.AGREEING and leads(viewer, feedback, on=on)


def may_read_report(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Everybody who reads the feedback, once the report is handed over."""
    return feedback.state in SHOWN and may_read(viewer, feedback, on=on)


def may_decide(viewer: Viewer, feedback: Feedback, *, on: date) -> bool:
    """Who leads the evaluators decides here; the coordinator records a decision that came on paper."""
    is_due = feedback.state == State.REPORTED
    return is_due and (leads(viewer, feedback, on=on) or may_manage(viewer, feedback))


def may_respond(viewer: Viewer, feedback: Feedback) -> bool:
    """The organisation says what it thinks of the report."""
    return feedback.state in SHOWN and may_manage(viewer, feedback)


def may_keep_label(viewer: Viewer, feedback: Feedback) -> bool:
    """Number, days and the public page of a label that was given."""
    return feedback.state == State.DECIDED and bool(feedback.award) and may_manage(viewer, feedback)
