"""What the platform knows of a self-assessment and its plan, as facts of a scheme."""

from __future__ import annotations

from collections.abc import Iterator

from merilo.assessment.api import knowledge_of
from merilo.feedback.models import Feedback
from merilo.feedback.rules.readiness import Fact
from merilo.improvement.api import plan_knowledge_of
from merilo.organisations.api import Viewer


def facts_of(viewer: Viewer, feedback: Feedback) -> dict[str, Fact]:
    """All facts by their codes; without a plan those of a plan are left out. Eighteen queries at most."""
    found = [*_of_assessment(viewer, feedback), *_of_plan(viewer, feedback)]
    return {fact.code: fact for fact in found}


def _of_assessment(viewer: Viewer, feedback: Feedback) -> Iterator[Fact]:
    known = knowledge_of(viewer, feedback.assessment)
    yield Fact("order", int(known.order_on is not None), on=known.order_on)
    yield Fact("schedule", *known.planned_steps)
    yield Fact("told", *known.messages)
    yield Fact("group", known.members, known.members)
    yield Fact("training", known.trainings, known.trainings)
    yield Fact("alone", *known.sheets)
    yield Fact("evidence", *known.with_evidence)
    yield Fact("agreed", *known.agreed)
    yield Fact("report", int(known.approved_on is not None), on=known.approved_on)
    yield Fact("sent", int(known.sent_on is not None), on=known.sent_on)


def _of_plan(viewer: Viewer, feedback: Feedback) -> Iterator[Fact]:
    if feedback.plan is None:
        return
    known = plan_knowledge_of(viewer, feedback.plan)
    yield Fact("gathered", *known.gathered)
    yield Fact("prioritised", *known.prioritised)
    yield Fact("plan", int(known.approved_on is not None), on=known.approved_on)
    yield Fact("indicators", *known.with_indicator)
    yield Fact("goals", *known.with_goals)
    yield Fact("plan_told", *known.messages)
    yield Fact("owners", *known.with_owner)
    yield Fact("started", *known.started)
    yield Fact("followed", *known.reported)
