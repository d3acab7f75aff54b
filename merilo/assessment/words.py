"""What the pages of the plan say about an assessment: its state, its steps, what comes next, its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Source, State
from merilo.assessment.queries.planning import Overview, Step
from merilo.framework.catalogue import Framework
from merilo.groups.api import SCORING
from merilo.organisations.api import Viewer, address
from merilo.web.items import CycleStep

STATE_STATUS = {
    State.PLANNING: "idle",
    State.ASSESSING: "progress",
    State.AGREEING: "progress",
    State.REPORTING: "progress",
    State.APPROVED: "done",
    State.PUBLISHED: "done",
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row of a task list."""

    text: str
    url: str
    status: str
    help: str = ""
    status_text: str = ""


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def day(value: date | datetime) -> str:
    """A day as people read it."""
    return date_format(
        timezone.localtime(value) if isinstance(value, datetime) else value, "SHORT_DATE_FORMAT"
    )


def moment(value: datetime) -> str:
    """Day and time in the organisation's zone."""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


def period(assessment: Assessment) -> str:
    """The period under review: years where it is made of whole years, else days."""
    first, last = assessment.period_from, assessment.period_until
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        if first.year == last.year:
            return pgettext("one year", "%(year)s") % {"year": first.year}
        return pgettext("years", "%(first)s–%(last)s") % {"first": first.year, "last": last.year}
    return f"{day(first)} – {day(last)}"


def entered_mark() -> str:
    """What stands with a cycle that was done elsewhere, wherever it is shown."""
    return _("Entered afterwards")


def titled(assessment: Assessment) -> str:
    """The title, with the mark of a cycle that was entered afterwards."""
    if not assessment.is_entered:
        return assessment.title
    return _("%(title)s (entered afterwards)") % {"title": assessment.title}


def model_of(assessment: Assessment) -> str:
    """The model it was done by, also where it is kept under another."""
    if assessment.is_entered and assessment.entered.source == Source.CAF_2013:
        return "CAF 2013"
    return framework_of(assessment).edition.in_language(language())


# --- lists and facts ------------------------------------------------------------------------------
def described(assessment: Assessment) -> dict[str, Any]:
    """One row of the list of self-assessments."""
    framework = framework_of(assessment)
    return {
        "assessment": assessment,
        "entered": entered_mark() if assessment.is_entered else "",
        "being_entered": assessment.is_entered and assessment.state == State.REPORTING,
        "framework": model_of(assessment),
        "method": framework.method(assessment.method).title.in_language(language()),
        "period": period(assessment),
        "status": STATE_STATUS[State(assessment.state)],
        "state": State(assessment.state).label,
    }


def facts(assessment: Assessment) -> list[tuple[str, str]]:
    """Term and value of what is decided."""
    framework = framework_of(assessment)
    due = day(assessment.report_due) if assessment.report_due else ""
    found = [
        (_("Framework"), framework.title.in_language(language())),
        (_("Scoring method"), framework.method(assessment.method).title.in_language(language())),
        (_("Period under review"), period(assessment)),
        (_("Scope"), assessment.scope),
        (_("Report ready by"), due),
    ]
    if assessment.lock_at:
        found.append((_("Scores are locked on"), moment(assessment.locked_at or assessment.lock_at)))
    return found


def methods(framework: Framework) -> dict[str, Any]:
    """The framework's title and its ways of scoring with their descriptions."""
    return {
        "framework_title": framework.title.in_language(language()),
        "methods": [
            (method.title.in_language(language()), method.description.in_language(language()))
            for method in framework.methods
        ],
    }


def item_names(framework: Framework) -> dict[str, str]:
    """Short name of each item by its code."""
    return {item.code: item.short.in_language(language()) for item in framework.items}


def too_little_time(params: Mapping[str, object]) -> str:
    """That the report cannot be ready with even the shortest steps."""
    return _(
        "There is too little time: the steps up to the report need at least %(needed)s working days, "
        "and there are %(available)s. Choose a later day or change the schedule."
    ) % {"needed": params["needed"], "available": params["available"]}


# --- steps ----------------------------------------------------------------------------------------
def phase_names() -> dict[str, str]:
    """Names of the three phases of the cycle."""
    return {
        "preparation": _("Preparation"),
        "assessment": pgettext("phase", "Self-assessment"),
        "improvement": _("Improvement"),
    }


def cycle(
    viewer: Viewer, assessment: Assessment, steps: Sequence[Step], current: Step | None
) -> list[CycleStep]:
    """The steps as marks on the rule."""
    found, before = [], ""
    for step in steps:
        state = "now" if step is current else "past" if step.state == "done" else "next"
        phase = phase_names().get(step.model.phase, step.model.phase) if step.model.phase != before else ""
        before = step.model.phase
        found.append(
            CycleStep(
                number=step.number,
                label=step.model.short.in_language(language()),
                state=state,  # type: ignore[arg-type]  # one of the three
                url=step_address(viewer, assessment, step),
                phase=phase,
            )
        )
    return found


def step_address(viewer: Viewer, assessment: Assessment, step: Step) -> str:
    """The page on which the step's work is done."""
    names = {1: "documents", 2: "communication", 3: "group", 4: "training", 6: "report"}
    name = _assessing_page(viewer, assessment) if step.number == 5 else names.get(step.number, "schedule")
    return address(viewer, f"assessment:{name}", pk=assessment.pk)


def _assessing_page(viewer: Viewer, assessment: Assessment) -> str:
    if assessment.state == State.PLANNING:
        return "open" if viewer.can("assessment.plan") else "group"
    if assessment.state != State.ASSESSING:
        return "agree" if permissions.may_see_scores(viewer, assessment, on=timezone.localdate()) else "group"
    seat = permissions.seat_of(viewer, assessment)
    if seat is not None and seat.function in SCORING:
        return "my"
    return "progress" if permissions.may_follow(viewer, assessment) else "group"


def step_tag(step: Step) -> dict[str, str]:
    """Status and words of a step."""
    if step.state == "done":
        done = step.plan.done_at if step.plan else None
        return {"status": "done", "text": _("done on %(date)s") % {"date": day(done)} if done else ""}
    if step.due is None:
        return {"status": step.state, "text": ""}
    if step.state == "late":
        return {"status": "late", "text": _("late, was due on %(date)s") % {"date": day(step.due)}}
    return {"status": step.state, "text": _("by %(date)s") % {"date": day(step.due)}}


def step_task(viewer: Viewer, assessment: Assessment, step: Step) -> TaskRow:
    """A step as a row of the task list: number and name, owner, state."""
    tag = step_tag(step)
    return TaskRow(
        text=_("%(number)s. %(name)s")
        % {"number": step.number, "name": step.model.short.in_language(language())},
        url=step_address(viewer, assessment, step),
        status=tag["status"],
        help=step.owner.name if step.owner else _("nobody answers for it yet"),
        status_text=tag["text"],
    )


# --- the whole ------------------------------------------------------------------------------------
def state_sentence(assessment: Assessment, current: Step | None) -> str:
    """Where the self-assessment stands, in one or two sentences."""
    state = _state_words(assessment)
    if current is None or assessment.state in {State.APPROVED, State.PUBLISHED}:
        return state
    place = _("Step %(number)s of %(total)s: %(name)s.") % {
        "number": current.number,
        "total": len(framework_of(assessment).steps),
        "name": current.model.short.in_language(language()),
    }
    return f"{place} {state}"


def _state_words(assessment: Assessment) -> str:
    if assessment.state == State.ASSESSING and assessment.lock_at:
        return _("The assessors write their own assessments. The scores are locked on %(moment)s.") % {
            "moment": moment(assessment.lock_at)
        }
    return {
        State.PLANNING: _("The self-assessment is being planned."),
        State.ASSESSING: _("The assessors write their own assessments."),
        State.AGREEING: _("The scores are locked and the group agrees on each of them."),
        State.REPORTING: _("The scores are agreed and the report is being written."),
        State.APPROVED: _("The report is approved."),
        State.PUBLISHED: _("The report is approved and published."),
    }[State(assessment.state)]


def next_actions(viewer: Viewer, assessment: Assessment, overview: Overview) -> list[TaskRow]:
    """What this viewer can do next, most urgent first."""
    find = {
        State.PLANNING: _while_planning,
        State.ASSESSING: _while_assessing,
        State.AGREEING: _while_agreeing,
        State.REPORTING: _while_reporting,
        State.APPROVED: _when_approved,
        State.PUBLISHED: _when_approved,
    }[State(assessment.state)]
    return list(find(viewer, assessment, overview))


def _row(
    viewer: Viewer,
    assessment: Assessment,
    name: str,
    text: str,
    help_: str = "",
    *,
    step: Step | None = None,
) -> TaskRow:
    """A task; with a step its state and due date stand beside it."""
    url = address(viewer, f"assessment:{name}", pk=assessment.pk)
    tag = step_tag(step) if step else {"status": "idle", "text": ""}
    return TaskRow(text, url, tag["status"], help_, tag["text"])


def _while_planning(viewer: Viewer, assessment: Assessment, overview: Overview) -> Iterator[TaskRow]:
    if not viewer.can("assessment.plan"):
        return
    steps = {step.number: step for step in overview.steps}
    begun = {step.number for step in overview.steps if step.plan and step.plan.begun_at}
    if assessment.order_id is None:
        help_ = _("The draft is ready to download; number, date and the signed file are kept here.")
        yield _row(viewer, assessment, "documents", _("Record the order"), help_, step=steps.get(1))
    if 2 not in begun:
        help_ = _("Who learns what, how and when")
        yield _row(viewer, assessment, "communication", _("Plan the communication"), help_, step=steps.get(2))
    scorers = sum(seat.function in SCORING for seat in overview.seats)
    if scorers < 3:
        help_ = _("Chair, members, facilitator, substitutes")
        yield _row(viewer, assessment, "group", _("Compose the group"), help_, step=steps.get(3))
    if 4 not in begun:
        help_ = _("Dates, lecturer, participants, materials")
        yield _row(viewer, assessment, "training", _("Record the training"), help_, step=steps.get(4))
    if scorers:
        help_ = _("From then on the assessors can write")
        yield _row(viewer, assessment, "open", _("Open the individual assessment"), help_, step=steps.get(5))


def _while_assessing(viewer: Viewer, assessment: Assessment, overview: Overview) -> Iterator[TaskRow]:
    seat, step = permissions.seat_of(viewer, assessment), _until_lock(assessment, overview)
    if seat is not None and seat.function in SCORING:
        yield _row(viewer, assessment, "my", _("Write your own assessment"), step=step)
    if permissions.may_see_shelf(viewer, assessment, on=timezone.localdate()):
        help_ = _("Documents, links, notes and indicators for everybody in the group")
        may_change = permissions.may_use_shelf(viewer, assessment)
        title = _("Look after the evidence") if may_change else _("See the evidence")
        yield _row(viewer, assessment, "evidence", title, help_, step=_planned(overview, 5))
    if permissions.may_follow(viewer, assessment):
        yield _row(viewer, assessment, "progress", _("See how far everybody has come"), step=step)
    if permissions.may_moderate(viewer, assessment):
        help_ = _("Then the group sees all scores without names and agrees")
        yield _row(viewer, assessment, "lock", _("Lock the individual scores"), help_, step=step)


def _until_lock(assessment: Assessment, overview: Overview) -> Step | None:
    """The assessing step, due when the scores are locked: the agreement follows within the same step."""
    step = _planned(overview, 5)
    if step is None or assessment.lock_at is None:
        return step
    due = timezone.localdate(assessment.lock_at)
    return replace(step, due=due, state="late" if due < timezone.localdate() else "progress")


def _while_agreeing(viewer: Viewer, assessment: Assessment, overview: Overview) -> Iterator[TaskRow]:
    if permissions.may_see_scores(viewer, assessment, on=timezone.localdate()):
        help_ = _("Where the opinions differ most comes first")
        yield _row(
            viewer, assessment, "agree", _("Work through the agreement"), help_, step=_planned(overview, 5)
        )


def _while_reporting(viewer: Viewer, assessment: Assessment, overview: Overview) -> Iterator[TaskRow]:
    if permissions.may_edit_report(viewer, assessment):
        yield _row(viewer, assessment, "report", _("Write the report"), step=_planned(overview, 6))
    elif permissions.may_approve(viewer, assessment):
        yield _row(viewer, assessment, "report", _("Read the report and decide"), step=_planned(overview, 6))


def _when_approved(viewer: Viewer, assessment: Assessment, overview: Overview) -> Iterator[TaskRow]:
    yield _row(viewer, assessment, "report", _("Read the report"), step=_planned(overview, 6))
    if viewer.can("assessment.plan") and assessment.report_sending_id is None:
        help_ = _("Outgoing number, date and way of sending")
        yield _row(viewer, assessment, "documents", _("Record the sending of the report"), help_)


def _planned(overview: Overview, number: int) -> Step | None:
    return next((step for step in overview.steps if step.number == number), None)
