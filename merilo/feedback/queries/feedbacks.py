"""External feedback as a viewer may see it, and the labels that everybody may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from merilo.assessment.api import Assessment, approved_on, settled_assessments
from merilo.core.periods import Period
from merilo.feedback.models import Actor, Feedback, Label
from merilo.feedback.rules.lifecycle import OVER, State
from merilo.feedback.rules.readiness import Moment, moment_of, window_of
from merilo.feedback.rules.scheme import Scheme, build
from merilo.improvement.api import Plan, carried_out_plans
from merilo.organisations.api import Membership, Viewer


def feedbacks_of(viewer: Viewer, *, on: date) -> QuerySet[Feedback]:
    """Those of the acting organisation; of an evaluator the ones they give, once they are handed in."""
    own = Feedback.objects.filter(organisation=viewer.organisation).select_related("label")
    if viewer.can("feedback.read"):
        return own
    seats = Actor.objects.filter(
        feedback=OuterRef("pk"), membership=viewer.membership, ended_at=None, until__gte=on
    )
    shut = [State.PREPARING.value, State.WITHDRAWN.value]
    return own.filter(Exists(seats)).exclude(state__in=shut)


def listed(viewer: Viewer, *, on: date) -> QuerySet[Feedback]:
    """The same with what the list tells. One query."""
    return feedbacks_of(viewer, on=on).select_related("assessment", "label").defer("report")


def in_progress(viewer: Viewer) -> QuerySet[Feedback]:
    """Those of the acting organisation that are not over, for who looks after its people. One query."""
    own = Feedback.objects.filter(organisation=viewer.organisation).exclude(state__in=[*OVER])
    return own.select_related("assessment").defer("report", "scheme")


def feedback(viewer: Viewer, pk: UUID, *, on: date) -> Feedback:
    """One feedback with what its pages tell. Errors: Feedback.DoesNotExist. One query."""
    rows = feedbacks_of(viewer, on=on).select_related(
        "organisation", "assessment__edition", "assessment__organisation", "assessment__group"
    )
    rows = rows.select_related("assessment__order", "assessment__report_sending", "plan", "decided_by")
    return rows.select_related("decision__file").defer("assessment__edition__content").get(pk=pk)


def gives_feedback(viewer: Viewer, *, on: date) -> bool:
    """Whether an evaluator has anything to read here. One query."""
    return feedbacks_of(viewer, on=on).exists()


def scheme_of(feedback: Feedback) -> Scheme:
    """The scheme as it was when the feedback began."""
    return build(feedback.scheme)


# --- people -----------------------------------------------------------------------------------
def actors_of(feedback: Feedback) -> list[Actor]:
    """The evaluators, who leads first, also those whose access was ended. One query."""
    return list(feedback.actors.select_related("membership__person", "membership__organisation"))


def actor(feedback: Feedback, pk: UUID) -> Actor:
    """One evaluator. Errors: Actor.DoesNotExist."""
    return feedback.actors.select_related("membership").get(pk=pk)


def present_actors(feedback: Feedback, *, on: date) -> list[Membership]:
    """The evaluators whose access holds on a day. One query."""
    rows = feedback.actors.filter(ended_at=None, until__gte=on)
    return [row.membership for row in rows.select_related("membership__person", "membership__organisation")]


# --- where one begins -------------------------------------------------------------------------
def possible_assessments(viewer: Viewer, *, on: date) -> list[Assessment]:
    """Approved self-assessments, the latest first. One query."""
    return settled_assessments(viewer, on=on)


def possible_plans(viewer: Viewer) -> list[Plan]:
    """Plans that are carried out or closed. One query."""
    return carried_out_plans(viewer)


def window(feedback: Feedback) -> Period | None:
    """The days on which one may apply; None without a window or an approved report. Two queries."""
    return window_for(scheme_of(feedback), feedback.assessment)


def window_for(scheme: Scheme, assessment: Assessment) -> Period | None:
    """The same for a self-assessment about which nothing has begun."""
    approved = approved_on(assessment)
    if scheme.window is None or approved is None:
        return None
    return window_of(scheme.window, approved)


@dataclass(frozen=True, slots=True)
class Chance:
    """A self-assessment about which one may apply, or soon may, and no feedback has begun."""

    assessment: Assessment
    window: Period
    moment: Moment


def chance(viewer: Viewer, scheme: Scheme, *, on: date) -> Chance | None:
    """The latest self-assessment, unless a feedback on it has begun or its window is over. Four queries."""
    latest = next(iter(settled_assessments(viewer, on=on)), None)
    if latest is None or Feedback.objects.filter(assessment=latest).exists():
        return None
    found = window_for(scheme, latest)
    if found is None or (moment := moment_of(found, on)) == Moment.OVER:
        return None
    return Chance(latest, found, moment)


# --- what everybody may read ------------------------------------------------------------------
def published_labels(*, on: date) -> QuerySet[Label]:
    """The labels that organisations show and that hold on a day, the latest first. One query."""
    shown = Q(shown=True, valid_until__gte=on, feedback__state=State.DECIDED.value)
    rows = Label.objects.filter(shown, feedback__organisation__closed_at=None)
    rows = rows.select_related("feedback__organisation__logo", "feedback__assessment").defer(
        "feedback__report"
    )
    return rows.order_by("-granted_on", "feedback")


def published_label(slug: str, *, on: date) -> list[Label]:
    """The labels of one organisation that everybody may see. One query."""
    return list(published_labels(on=on).filter(feedback__organisation__slug=slug))
