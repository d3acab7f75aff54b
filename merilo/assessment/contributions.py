"""What this room puts on pages above it: its menu entry, the tasks of the plan, the verbs of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from merilo.assessment import words
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import StepPlan
from merilo.assessment.queries import planning
from merilo.assessment.queries.assessments import assessments_of
from merilo.core.navigation import WorkItem
from merilo.organisations.api import Viewer, address

PLANNING_VERBS = {
    "assessment.started": gettext_lazy("started a self-assessment"),
    "assessment.plan_changed": gettext_lazy("changed the plan"),
    "assessment.steps_planned": gettext_lazy("changed the schedule"),
    "assessment.opened": gettext_lazy("opened the individual assessment"),
    "assessment.archived": gettext_lazy("made an archive of the self-assessment"),
    "assessment.taken_over": gettext_lazy("took a self-assessment over from an archive"),
    "assessment.document_recorded": gettext_lazy("recorded an official document"),
    "assessment.items_assigned": gettext_lazy("decided who scores what"),
    "communication.item_added": gettext_lazy("added a row to the communication plan"),
    "communication.item_changed": gettext_lazy("changed a row of the communication plan"),
    "communication.item_marked": gettext_lazy("marked a row of the communication plan"),
    "communication.item_removed": gettext_lazy("removed a row of the communication plan"),
    "communication.suggested": gettext_lazy("added the usual rows to the communication plan"),
    "notice.written": gettext_lazy("wrote a notice"),
    "notice.changed": gettext_lazy("changed a notice"),
    "notice.shared": gettext_lazy("shared a notice"),
    "notice.withdrawn": gettext_lazy("made a notice a draft again"),
    "notice.removed": gettext_lazy("removed the draft of a notice"),
    "cycle.entered": gettext_lazy("began to enter an earlier cycle"),
    "cycle.changed": gettext_lazy("changed the facts of an entered cycle"),
    "cycle.scores_entered": gettext_lazy("entered agreed scores of an earlier cycle"),
    "cycle.finished": gettext_lazy("finished the entry of an earlier cycle"),
    "cycle.discarded": gettext_lazy("removed the entry of an earlier cycle"),
    "framework.added": gettext_lazy("added a framework"),
    "framework.withdrawn": gettext_lazy("withdrew a framework"),
    "framework.adapted": gettext_lazy("adapted explanations and examples of a framework"),
    "framework.original_taken": gettext_lazy("took the model's own explanation and examples back"),
    "guest.invited": gettext_lazy("invited an external consultant"),
    "guest.kept": gettext_lazy("changed until when a guest is invited"),
}


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """The self-assessments: every member has them, a guest the one they are invited to."""
    yield 20, "assessment", _("Self-assessment"), address(viewer, "assessment:list")


def setup(viewer: Viewer) -> Iterator[WorkItem]:
    """The first self-assessment, or how many there are. One query, none for who does not plan."""
    if not viewer.can("assessment.plan"):
        return
    count = assessments_of(viewer, on=timezone.localdate()).count()
    if count:
        words = ngettext("%(count)s self-assessment", "%(count)s self-assessments", count)
        yield WorkItem(
            title=_("Self-assessments"),
            url=address(viewer, "assessment:list"),
            status="done",
            status_text=words % {"count": count},
        )
    else:
        yield WorkItem(
            title=_("Start a self-assessment"),
            url=address(viewer, "assessment:new"),
            help=_("Period, scope, scoring method, and when the report must be ready. 5 minutes"),
        )


def planning_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Steps that wait for their owner, and late ones for who plans. One query."""
    today = timezone.localdate()
    for plan in planning.steps_waiting(viewer, on=today):
        yield _step(viewer, plan)


def _step(viewer: Viewer, plan: StepPlan) -> WorkItem:
    assessment = plan.assessment
    model = framework_of(assessment).step(plan.number)
    step = planning.Step(
        model, plan.owner, plan.due, planning.step_state(plan, on=timezone.localdate()), plan
    )
    tag = words.step_tag(step)
    return WorkItem(
        title=_("Step %(number)s: %(name)s") % {"number": step.number, "name": step.name},
        url=words.step_address(viewer, assessment, step),
        help=_help(viewer, step, assessment.title),
        due=_end_of(plan),
        status="problem" if step.state == "late" else step.state,
        status_text=tag["text"],
        order=40,
    )


def _help(viewer: Viewer, step: planning.Step, title: str) -> str:
    if step.owner is None:
        return _("%(title)s, nobody answers for it yet") % {"title": title}
    if step.owner.pk == viewer.membership.pk:
        return title
    return _("%(title)s, %(owner)s answers for it") % {"title": title, "owner": step.owner.name}


def _end_of(plan: StepPlan) -> datetime | None:
    """The last moment of the due day, in the zone that is active."""
    return timezone.make_aware(datetime.combine(plan.due, time.max)) if plan.due else None
