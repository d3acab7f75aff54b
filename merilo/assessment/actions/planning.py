"""Starting and planning a self-assessment: its facts, its ten steps, its opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from merilo.assessment import mails, permissions
from merilo.assessment.actions import moves, steps
from merilo.assessment.actions.frameworks import pinned
from merilo.assessment.models import Assessment, Report, Sheet, State, StepPlan
from merilo.assessment.queries.frameworks import Choice
from merilo.assessment.rules import schedule
from merilo.assessment.rules.lifecycle import AGREED, Move
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.periods import Period
from merilo.framework.catalogue import Framework, UnknownCode
from merilo.groups.api import found_group, scoring_seats
from merilo.organisations.api import CommunicationPlan, Membership, Viewer, record

GROUP_NAME = gettext_noop("Self-assessment group")


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is decided about a self-assessment; `report_due` is the day the report must be ready."""

    title: str
    method: str
    period: Period
    scope: str = ""
    report_due: date | None = None
    previous: Assessment | None = None


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Who answers for a step, until when; `done` says it is finished outside, None leaves that alone."""

    owner: Membership | None
    due: date | None
    done: bool | None = None


def start_assessment(*, viewer: Viewer, choice: Choice, facts: PlanFacts, at: datetime) -> Assessment:
    """Begin a self-assessment: pin the framework, found the group, plan the steps backwards.

    Errors: Refused, MeriloError (an unknown method, a previous cycle that is foreign, unfinished or later).
    """
    viewer.require("assessment.plan")
    _check(viewer, choice.framework, facts)
    _check_previous(facts)
    with transaction.atomic():
        assessment = Assessment.objects.create(
            organisation=viewer.organisation,
            edition=pinned(choice, at=at),
            group=found_group(viewer=viewer, name=_in_their_language(viewer, GROUP_NAME)),
            communication=CommunicationPlan.objects.create(organisation=viewer.organisation),
            created_at=at,
            **_columns(facts),
        )
        Report.objects.create(assessment=assessment)
        _plan_steps(assessment, choice.framework, viewer.membership, at)
        steps.mark_begun(assessment, 1, at=at)
        record(viewer, "assessment.started", assessment, _told(facts), at=at)
    return assessment


def change_plan(
    *,
    viewer: Viewer,
    assessment: Assessment,
    framework: Framework,
    facts: PlanFacts,
    version: int,
    replan: bool,
    at: datetime,
) -> None:
    """Change the plan; method and period only while it is being planned. `replan` moves the open steps.

    Errors: Refused, Conflict (somebody changed it meanwhile), MeriloError.
    """
    require_plan(viewer, assessment)
    _check(viewer, framework, facts)
    _check_fixed(assessment, facts)
    if facts.previous is None or facts.previous.pk != assessment.previous_id:
        _check_previous(facts)
    with transaction.atomic():
        own = Assessment.objects.filter(pk=assessment.pk, version=version)
        if not own.update(version=version + 1, **_columns(facts)):
            raise Conflict(_("Somebody else has changed the plan in the meantime."))
        assessment.report_due = facts.report_due
        if replan:
            _move_open_steps(assessment, framework, at)
        record(viewer, "assessment.plan_changed", assessment, _told(facts), at=at)


def plan_steps(
    *, viewer: Viewer, assessment: Assessment, rows: Mapping[int, StepFacts], at: datetime
) -> None:
    """Set owner and due date of steps, and that they were done outside. Errors: Refused."""
    require_records(viewer, assessment)
    changed: dict[int, dict[str, Any]] = {}
    with transaction.atomic():
        for step in StepPlan.objects.filter(assessment=assessment, number__in=rows):
            if _apply(step, rows[step.number], at):
                changed[step.number] = {
                    "owner": step.owner_id,
                    "due": step.due,
                    "done": step.done_at is not None,
                }
                step.save(update_fields=["owner", "due", "begun_at", "done_at"])
        record(viewer, "assessment.steps_planned", assessment, {"steps": changed}, at=at)


def open_assessment(*, viewer: Viewer, assessment: Assessment, lock_at: datetime, at: datetime) -> None:
    """Give every scoring seat its sheet and let the assessors begin; `lock_at` is when scores are locked.

    Errors: Refused, MeriloError (already open, nobody to score, a lock that is over).
    """
    require_plan(viewer, assessment)
    if lock_at <= at:
        raise MeriloError(_("The lock must lie in the future."), field="lock_date")
    with transaction.atomic():
        held = Assessment.objects.select_for_update().only("state").get(pk=assessment.pk)
        if held.state != State.PLANNING:
            raise MeriloError(_("This self-assessment is already open."))
        seats = list(scoring_seats(assessment.group))
        if not seats:
            raise MeriloError(_("The group has nobody who scores yet. Add its chair and members first."))
        for seat in seats:
            Sheet.objects.get_or_create(seat=seat, defaults={"assessment": assessment})
        for number in (1, 3):
            steps.mark_done(assessment, number, at=at)
        steps.mark_begun(assessment, 5, at=at)
        moves.turn(assessment, Move.OPEN, lock_at=lock_at)
        record(viewer, "assessment.opened", assessment, {"sheets": len(seats), "lock_at": lock_at}, at=at)
        mails.assessors_may_score(viewer, assessment, "assessment.opened", at=at)


def require_plan(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer plans this self-assessment and it is not approved yet."""
    require_records(viewer, assessment)
    if not permissions.may_compose(viewer, assessment):
        raise Refused(_("The report is approved; plan and group are kept as they are."))


def require_records(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer keeps the records of the cycle: they go on after the approval."""
    if not permissions.may_plan(viewer, assessment):
        raise Refused(_("Only the coordinator and the deputy plan a self-assessment."))


# --- parts ----------------------------------------------------------------------------------------
def _in_their_language(viewer: Viewer, msgid: str) -> str:
    with translation.override((viewer.organisation.languages or ["bg"])[0]):
        return _(msgid)


def _columns(facts: PlanFacts) -> dict[str, Any]:
    return {
        "title": facts.title,
        "method": facts.method,
        "period_from": facts.period.first,
        "period_until": facts.period.last,
        "scope": facts.scope,
        "report_due": facts.report_due,
        "previous": facts.previous,
    }


def _told(facts: PlanFacts) -> dict[str, Any]:
    told = _columns(facts)
    return told | {"previous": facts.previous.pk if facts.previous else None}


def _check(viewer: Viewer, framework: Framework, facts: PlanFacts) -> None:
    try:
        framework.method(facts.method)
    except UnknownCode as error:
        raise MeriloError(_("Choose one of the framework's scoring methods."), field="method") from error
    if facts.previous is not None and facts.previous.organisation_id != viewer.organisation_id:
        raise MeriloError(_("Choose a self-assessment of your organisation."), field="previous")


def _check_previous(facts: PlanFacts) -> None:
    """A cycle continues a finished one of an earlier period, so that cycles never go in a circle."""
    previous = facts.previous
    if previous is None:
        return
    if previous.state not in AGREED or (previous.is_entered and previous.state == State.REPORTING):
        raise MeriloError(_("Choose a self-assessment whose scores are agreed already."), field="previous")
    if previous.period_until >= facts.period.last:
        raise MeriloError(
            _("The previous cycle must end before this one: choose another, or correct the period."),
            field="previous",
        )


def _check_fixed(assessment: Assessment, facts: PlanFacts) -> None:
    if assessment.state == State.PLANNING:
        return
    period = Period(assessment.period_from, assessment.period_until)
    if (assessment.method, period) != (facts.method, facts.period):
        raise MeriloError(_("Method and period are fixed since the individual assessment was opened."))


def _dues(assessment: Assessment, framework: Framework, at: datetime) -> dict[int, date]:
    if assessment.report_due is None:
        return {}
    lengths = schedule.lengths_for([step.number for step in framework.steps])
    planned = schedule.plan_backwards(assessment.report_due, lengths, earliest=at.date())
    return {step.number: step.ends for step in planned.steps}


def _plan_steps(assessment: Assessment, framework: Framework, owner: Membership, at: datetime) -> None:
    dues = _dues(assessment, framework, at)
    StepPlan.objects.bulk_create(
        StepPlan(assessment=assessment, number=step.number, owner=owner, due=dues.get(step.number))
        for step in framework.steps
    )


def _move_open_steps(assessment: Assessment, framework: Framework, at: datetime) -> None:
    dues = _dues(assessment, framework, at)
    for step in StepPlan.objects.filter(assessment=assessment, done_at=None):
        step.due = dues.get(step.number)
        step.save(update_fields=["due"])


def _apply(step: StepPlan, facts: StepFacts, at: datetime) -> bool:
    before = (step.owner_id, step.due, step.done_at)
    step.owner, step.due = facts.owner, facts.due
    if facts.done is True and step.done_at is None:
        step.begun_at, step.done_at = step.begun_at or at, at
    elif facts.done is False:
        step.done_at = None
    return before != (step.owner_id, step.due, step.done_at)
