"""External feedback of the tests: one in each state, with an evaluator who leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from merilo.assessment.models import Assessment, Evidence
from merilo.core import files
from merilo.core.frozen import canonical, checksum
from merilo.feedback import schemes
from merilo.feedback.models import Actor, Feedback, Joint, Label, Mark
from merilo.feedback.queries.feedbacks import scheme_of
from merilo.feedback.reporting.content import collect
from merilo.feedback.rules.lifecycle import State
from merilo.improvement.models import Plan
from merilo.organisations.models import Membership

if TYPE_CHECKING:
    from tests.world import Town

SCHEME = "caf-effective-user"


def a_feedback(assessment: Assessment, plan: Plan | None = None, **more: Any) -> Feedback:
    values: dict[str, Any] = {"released": ["report", "plan", "evidence"], "created_at": timezone.now()}
    return Feedback.objects.create(
        organisation=assessment.organisation,
        assessment=assessment,
        plan=plan,
        scheme=schemes.document(SCHEME),
        **(values | more),
    )


def an_actor(feedback: Feedback, member: Membership, **more: Any) -> Actor:
    values: dict[str, Any] = {
        "is_lead": True,
        "until": timezone.localdate() + timedelta(days=60),
        "invited_at": timezone.now(),
    }
    return Actor.objects.create(feedback=feedback, membership=member, **(values | more))


def all_marked(feedback: Feedback, actor: Actor | None = None, *, points: int = 4, remark: str = "") -> None:
    """Points for every question, alone or agreed; of maturity at most the level of initiation."""
    scheme = scheme_of(feedback)
    for pillar, item in scheme.items():
        given = points if pillar.scale == "fulfilment" else 1
        for question in item.questions:
            told = {"code": question.code, "points": given, "remark": remark}
            if actor is None:
                Joint.objects.create(feedback=feedback, **told)
            else:
                Mark.objects.create(actor=actor, **told)


def reported(feedback: Feedback, texts: dict[str, str] | None = None) -> None:
    """Freeze the report as it stands."""
    feedback.texts = texts or {"summary": "Добра работа."}
    feedback.state = State.REPORTED.value
    feedback.report = canonical(collect(feedback, language="bg", on=timezone.localdate()))
    feedback.checksum, feedback.reported_at = checksum(feedback.report), timezone.now()
    feedback.save()


def decided(feedback: Feedback, **more: Any) -> Label:
    """Grant the label."""
    feedback.state, feedback.award = State.DECIDED.value, "effective-user"
    feedback.decided_on = timezone.localdate()
    feedback.save()
    values: dict[str, Any] = {
        "number": "ECU-1",
        "granted_on": timezone.localdate(),
        "valid_until": timezone.localdate() + timedelta(days=730),
        "remind_on": timezone.localdate() + timedelta(days=550),
    }
    return Label.objects.create(feedback=feedback, **(values | more))


# --- the world of the walk ------------------------------------------------------------------------
@dataclass
class Given:
    """One feedback with something at every place of it; each name is the name of a part of an address."""

    feedback: Feedback
    actor: Actor
    evidence: Evidence


PARTS = tuple(field.name for field in fields(Given))
STATES = (State.PREPARING, State.APPLIED, State.AGREEING, State.REPORTED, State.DECIDED)


@dataclass(frozen=True)
class Says:
    """How the words of a place are made: those inside, those told by a label, those of an evaluator alone."""

    inside: Callable[[str], str]
    alone: Callable[[str], str]


def the_feedbacks(town: Town) -> dict[str, Given]:
    """A feedback in each state, with words of the town's own, about its published cycle."""
    words = town.words
    cycle = town.cycles["published"]
    says = Says(words.inside, lambda place: words.own("външен", place))
    people = (town.people["guest"], town.spare)
    return _given(cycle.assessment, town.plans["running"].plan, people, says)


def parts(
    assessment: Assessment, plan: Plan, guest: Membership, another: Membership
) -> dict[str, dict[str, str]]:
    """The same for an organisation that wants no words of its own: parts of addresses by state."""
    made = _given(assessment, plan, (guest, another), Says(str.capitalize, str.capitalize))
    return {state: {part: str(getattr(one, part).pk) for part in PARTS} for state, one in made.items()}


def _given(
    assessment: Assessment, plan: Plan, people: tuple[Membership, Membership], says: Says
) -> dict[str, Given]:
    evidence = _evidence(assessment, says)
    return {
        state.value: Given(feedback, actor, evidence)
        for state in STATES
        for feedback, actor in [_one(a_feedback(assessment, plan), people, says, state)]
    }


def _one(
    feedback: Feedback, people: tuple[Membership, Membership], says: Says, state: State
) -> tuple[Feedback, Actor]:
    def say(place: str) -> str:
        return says.inside(f"{place}{state.value}")

    feedback.state = state.value
    feedback.note, feedback.agenda = say("бележка"), say("програма")
    feedback.visit_on = date(2026, 9, 10)
    feedback.applied_on = None if state == State.PREPARING else date(2026, 9, 1)
    feedback.save()
    actor = an_actor(feedback, people[0])
    an_actor(feedback, people[1], is_lead=False, ended_at=timezone.now())
    if state == State.APPLIED:
        Mark.objects.create(actor=actor, code="1.1", points=3, remark=says.alone("видяно"))
    elif state != State.PREPARING:
        all_marked(feedback, remark=say("съгласувано"))
    if state in {State.REPORTED, State.DECIDED}:
        reported(feedback, {"summary": say("обобщение"), "strengths-process": say("сила")})
    if state == State.DECIDED:
        feedback.reasons, feedback.response = say("мотиви"), say("отговор")
        decided(feedback, shown=True)
    return feedback, actor


def _evidence(assessment: Assessment, says: Says) -> Evidence:
    stored = files.keep(
        says.inside("приложение").encode(),
        name="plan.txt",
        content_type="text/plain",
        organisation=assessment.organisation_id,
        by="",
    )
    return Evidence.objects.create(
        assessment=assessment,
        kind="document",
        title=says.inside("доказателство"),
        file=stored,
        added_at=timezone.now(),
    )
